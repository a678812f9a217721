/* test_driven.c: what commands do where a host offers them a screen, beside a run that goes on, and with a store of runs. */
#include "file/record.h"
#include "ui/estimates.h"
#include "util/xmalloc.h"
#include "view/probe_view.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct driven {
	int swaps, panes, shown, tiled, strips, stats, inside, explained, probed, plots;
	bool refuses;
};

static void
drive_swap(void *arg)
{
	((struct driven *)arg)->swaps++;
}

static int
drive_pane(void *arg, const char *name, struct err *e)
{
	struct driven *d = arg;

	d->panes++;
	return d->refuses ? (fail)(e, "no pane %s", name) : 0;
}

static bool
drive_shown(void *arg, const struct sheet_request *r, const struct sheet *sheet)
{
	struct driven *d = arg;

	d->shown++;
	return !d->refuses;
}

static void
drive_tiled(void *arg, struct ui_tiles *t, struct ui_strips *strips)
{
	struct driven *d = arg;

	d->tiled += t != NULL;
	d->strips += strips != NULL;
	if (strips != NULL)
		ui_strips_clear(strips);
}

static void
drive_stats(void *arg, const struct stats *x)
{
	((struct driven *)arg)->stats++;
}

static void
drive_inside(void *arg, int layer, const struct image *im)
{
	((struct driven *)arg)->inside++;
}

static void
drive_explained(void *arg, const struct explain_unit *at, const struct image *im)
{
	((struct driven *)arg)->explained++;
}

static void
drive_probed(void *arg, struct ui_estimates *t)
{
	((struct driven *)arg)->probed++;
}

static void
drive_plot(void *arg, const char *pane, const struct ui_plot_view *view)
{
	((struct driven *)arg)->plots++;
}

/* A probe that was interrupted says so in its pane and its picture; a whole one does not. */
static void
drive_cut_probe(void)
{
	struct ui_estimates whole = {0}, cut = {0};

	ck_assert_int_eq(C.s->runs.results.looked.readings.asked, C.s->runs.results.looked.readings.n);
	probe_view(C.s, &whole);
	ck_assert_str_eq(whole.brief, "all");
	C.s->runs.results.looked.readings.n = 1;
	probe_view(C.s, &cut);
	ck_has(cut.brief, "all, cut at 1 of ");
	ck_has(cut.title, "tells of all, cut at 1 of ");
	ck_assert_int_eq(ui_estimates_rows(&cut), 1);
	ui_estimates_clear(&whole);
	ui_estimates_clear(&cut);
}

START_TEST(driven__by_a_host)
{
	static const struct user_host screen = {.is_screen = true, .swap = drive_swap, .layout = drive_pane,
	    .focus = drive_pane, .show = drive_pane, .shown = drive_shown, .tiled = drive_tiled, .stats = drive_stats,
	    .inside = drive_inside, .explained = drive_explained, .probed = drive_probed, .plot = drive_plot};
	static const struct user_host bare = {.swap = drive_swap}, none = {0};
	struct driven d = {0};

	C.s->user.host_arg = &d;
	C.s->user.host = &screen;
	RUN_LINES({"tui on", 0, NULL}, {"tui off", 0, NULL}, {"tui", 0, NULL}, {"draw", 0, NULL}, {"layout log", 0, NULL},
	    {"focus runs", 0, NULL},
	    {"train all epochs=1 batch=8", 0, "Test accuracy"}, {"plot acc", 0, "the curves are on the screen: `focus accuracy`"},
	    {"plot loss r1", 0, "of r1 alone: `focus loss`"},
	    {"plot loss r1 r1", 0, "the curves are on the screen, of r1 r1: `focus loss`"}, {"show n=2", 0, "2 "}, {"filters conv2d", 0, "conv2d"},
	    {"activations conv2d test:1", 0, "conv2d"},
	    {"stats", 0, "weights: "}, {"explain dense[0]", 0, "dense[0]"}, {"probe all head", 0, "share of the 20 test images"},
	    {"saliency", 0, "saliency"}, {"diff", 0, "conv2d"});
	drive_cut_probe();
	ck_assert_int_eq(d.swaps, 2); /* it is on already */
	ck_assert_int_eq(d.panes, 6);
	ck_assert_int_eq(d.plots, 3);
	ck_assert_int_eq(d.shown, 1);
	ck_assert_int_eq(d.inside, 2);
	ck_assert_int_eq(d.tiled, 3);
	ck_assert_int_eq(d.strips, 1);
	ck_assert_int_eq(d.stats + d.explained + d.probed, 3);
	d.refuses = true;
	RUN_LINES({"layout log", 1, "no pane log"}, {"focus runs", 1, "no pane runs"}, {"draw", 1, "no pane draw"},
	    {"plot acc", 0, "accuracy"},
	    {"show n=2", 0, "2 "}, {"mode json; stats; explain dense[0]; mode table", 0, "stats"});
	C.s->user.host = &bare;
	RUN_LINES({"tui off", 0, NULL}, {"draw", 1, "`tui on` opens it, then `draw`"}, {"layout log", 1, "`tui on` opens it"},
	    {"focus runs", 1, "`tui on` opens it"}, {"plot loss", 0, "loss"}, {"filters conv2d", 0, "conv2d"},
	    {"saliency", 0, "saliency"}, {"diff", 0, "conv2d"},
	    {"stats", 0, "conv2d"}, {"show n=2", 0, "2 "}, {"explain dense[0]", 0, "dense[0]"}, {"probe all head", 0, "linear"});
	C.s->user.host = &none;
	RUN_LINES({"tui", 1, "start thaw on a terminal"}, {"draw", 1, "start thaw on a terminal"},
	    {"focus runs", 1, "start thaw on a terminal"});
	C.s->user.host = NULL;
	RUN_LINES({"draw", 1, "start thaw on a terminal"}, {"set color always; filters conv2d", 0, "\x1b["},
	    {"set color never; filters conv2d", 0, "conv2d"},
	    {"build \"conv2d 2 3, relu, max_pooling2d 2, flatten | dense 10, softmax\"; activations max_pooling2d", 0, "max_pooling2d"});
}
END_TEST

START_TEST(driven__beside_a_run)
{
	capture_person(&C);
	ck_assert_msg(capture_run(&C, "train all epochs=100000 batch=8 verbose=0") == 0, "%s", C.errors);
	ck_assert(capture_busy(&C));
	RUN_LINES({"set", 0, "share of values"}, {"set batch", 0, "128"}, {"set nosuch 1", 1, "unknown setting"},
	    {"set lr 0.5", 0, "lr 0.5"}, {"lr 0.25", 0, "lr 0.25"}, {"lr *2", 0, "lr 0.5"}, {"lr head 0.5", 0, "lr 0.5 of head"},
	    {"lr head *2", 0, "lr of head *2"},
	    {"lr nosuch 1", 0, "no layer matches"}, {"freeze nosuch", 0, "no layer matches"}, {"set batch 64", 0, "queued: set batch 64"},
	    {"freeze head", 0, "queued: freeze head"},
	    {"now freeze features", 0, "frozen: conv2d"}, {"now freeze nosuch", 0, "no layer matches"}, {"data", 0, "data small"},
	    {"data info", 0, "images of 8x8"},
	    {"show n=2", 0, "#6 6"}, {"show wrong", 1, "nothing says what is wrong until it has ended"},
	    {"show all n=100", 0, "#19 9"}, {"filters conv2d", 0, "conv2d"}, {"explain dense[0]", 0, "dense[0]"},
	    {"occlude", 0, "occlude"}, {"runs", 0, "r1"}, {"history", 0, "r1"}, {"plot", 1, "there is no curve to draw yet"},
	    {"nosuch", 0, "unknown command"},
	    {"# nothing", 0, NULL}, {" ; ", 0, NULL}, {"model; freeze head; print 1", 0, "queued"},
	    {"continue again", 1, "`again` is for a script"},
	    {"lr 0.25; print lr; lr *2", 0, "0.25"}, {"lr 0.25; plot; lr 0.125", 1, "no curve"}, {"print 1; freeze head", 0, "queued"},
	    {"pause", 0, "pausing behind this batch"}, {"step 2", 0, NULL}, {"continue", 0, NULL},
	    {"mode json; lr; lr 0.1; mode table", 0, "VALUE is missing"}, {"compare r1", 0, "it takes two runs"},
	    {"freeze nosuch", 0, "queued"}, {"build lenet5; freeze conv2d_9", 0, "queued: build lenet5; freeze conv2d_9"},
	    {"freeze conv2d_9", 0, "queued"}, {"train lt5 stop=nosuch", 0, "stop"}, {"save a.nosuch", 0, "a.nosuch"},
	    {"resume", 0, "queued"}, {"stop", 0, NULL});
	capture_wait(&C);
	ck_assert(!capture_busy(&C));
}
END_TEST

START_TEST(driven__beside_a_task)
{
	capture_person(&C);
	ck_assert_msg(capture_run(&C, "sweep lr=0.1 seeds=1 -- train all epochs=100000 batch=8") == 0, "%s", C.errors);
	ck_assert(capture_busy(&C));
	RUN_LINES({"set theme light", 0, "theme light"}, {"set glyphs=ascii", 0, "glyphs ascii"},
	    {"set pictures cells", 0, "pictures cells"}, {"set color never", 0, "color never"}, {"set mouse off", 0, "mouse off"},
	    {"set width 60", 0, "width 60"}, {"set theme", 0, "light"}, {"set batch", 0, "128"}, {"set nosuch 1", 1, "unknown setting"},
	    {"set theme blue", 1, "theme is auto, dark or light"}, {"help set", 0, "theme"},
	    {"set lr 0.5", 0, "queued: set lr 0.5"}, {"set seed 7", 0, "queued: set seed 7"}, {"set timing off", 0, "queued"},
	    {"set dropout.rate 0.5", 0, "queued"}, {"set", 0, "queued: set"});
	ck_assert(capture_busy(&C));
	ck_assert_str_eq(C.s->set.theme, "light");
	ck_assert_int_eq(C.s->out->width, 60);
	session_queue_drop(C.s, "not wanted");
	job_halt(&C.s->worker);
	capture_wait(&C);
}
END_TEST

START_TEST(driven__with_a_store)
{
	char *note = xasprintf("runs r1 note \"%2100s\"", "x");

	store_choose(&C.s->store, "store");
	C.s->store.asked = true;
	C.s->ran = record_keep;
	RUN_LINES({"runs", 1, "no run yet; `train gte5` makes r1"}, {"runs epochs>0", 1, "no run is like that; `runs` lists them"},
	    {"train all epochs=1 batch=8", 0, "Test accuracy"}, {"freeze features; train lt5 epochs=2 batch=8", 0, "Test accuracy"},
	    {"runs", 0, "features"}, {"runs frozen=features", 0, "lt5"}, {"runs frozen=head", 1, "no run is like that"},
	    {"runs split=l*", 0, "lt5"},
	    {"runs epochs>1", 0, "lt5"}, {"runs epochs<2 order=-epochs n=1", 0, "all"},
	    {"runs order=nosuch", 1, "no key \"nosuch\" to order by"},
	    {"runs epohcs>1", 1, "did you mean \"epochs\""},
	    {"runs qqqqqq>1", 1, "unknown key \"qqqqqq\"; `help runs` lists the keys"},
	    {"runs epochs>x", 1, "epochs is a number, not \"x\"; write epochs>0.5, say"},
	    {"runs epochs=x", 1, "write epochs=0.5, say"},
	    {"runs r9", 1, "no run r9"}, {"runs delete", 1, "say which runs, as in `runs r1 delete`"},
	    {"runs tag good", 1, "say which runs, as in `runs r1 tag good`"},
	    {"runs r1 delete good", 1, "the runs come first"}, {"runs r1 tag", 1, "tag takes a text, as in `runs r1 tag good`"},
	    {"runs r1 tag \"a b\"", 1, "a tag is one word of at most"}, {"runs r1 tag -", 1, "a tag is one word"},
	    {"runs r1 tag \"\"", 1, "a tag is one word"}, {"runs r1 tag a*", 1, "without * and ?"},
	    {"runs tag \"two words\"", 1, "a tag is one word of at most 40 characters without * and ?, as in `runs r1 tag "
	    "good` (-good takes it away); a note takes more: `runs r1 note \"two words\"`"},
	    {"runs r1 note two words", 0, "marked 1 run"}, {"runs note=\"two words\"", 0, "two words"},
	    {"runs note \"two \\\"words\\\"\"", 1, "`runs r1 note \"two \\\"words\\\"\"`, or `runs epochs>0 note \"two "},
	    {"runs note \"\"", 1, "`runs r1 note \"\"`"},
	    {"runs r1 tag żółćżółćżółćżółćżółćżółćżółćżółćżółćżółć", 0, "marked"},
	    {"runs r1 tag -żółćżółćżółćżółćżółćżółćżółćżółćżółćżółć", 0, "marked"},
	    {"runs r1 tag żółćżółćżółćżółćżółćżółćżółćżółćżółćżółćż", 1, "`runs r1 note \"a sentence\"`"},
	    {"runs r1 tag good", 0, "marked 1 run\n"}, {"runs r1 tag good", 0, "marked 1 run\n"}, {"runs r1 tag fine", 0, "marked"},
	    {"runs tags=fine", 0, "good"},
	    {"runs r1 tag -good", 0, "marked"}, {"runs r1 tag -nosuch", 0, "marked"},
	    {"runs r1 note \"a word\"", 0, "marked 1 run\n"},
	    {"runs epochs>99 delete", 1, "no run of the store is like that"},
	    {"mode json; runs r1 tag x; mode table", 0, "\"did\":\"tag\""},
	    {"runs r1 delete", 0, "deleted 1 run\n"}, {"runs epochs>0 delete", 0, "deleted 1 run\n"}, {"runs r1", 0, "all"},
	    {"runs r1 delete", 1, "none of these runs is in the store"});
	captured_refused(note, "at most 1000 characters");
	free(note);
	store_choose(&C.s->store, NULL);
	C.s->ran = NULL;
	RUN_LINES({"runs r1 delete", 1, "delete is of runs in a store, and this session has none"}, {"runs r2 epochs>1", 0, "lt5"},
	    {"runs", 0, "lt5"});
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("driven");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, captured_small, captured_teardown);
	tcase_add_test(t, driven__by_a_host);
	tcase_add_test(t, driven__beside_a_run);
	tcase_add_test(t, driven__beside_a_task);
	tcase_add_test(t, driven__with_a_store);
	suite_add_tcase(s, t);
	return run_suite(s);
}
