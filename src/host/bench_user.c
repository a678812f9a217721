/* bench_user.c: what commands and settings ask of the workbench: its panes, its layouts, its screen. */
#include "host/bench_int.h"

#include "host/host.h"
#include "language/source.h"
#include "script/say.h"
#include "session/point.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/feed.h"

#include <stdlib.h>
#include <string.h>

void
bench_welcome(struct bench *b)
{
	struct out *o = b->s->out;

	if (b->s->runs.n > 0)
		return;
	out_styled(o, OUT_BOLD, "thaw: what a network keeps when it learns something new");
	/* whole also at 80x24, where the log has two lines; the header names the keys */
	out_text(o, "train gte5, then freeze features, then train lt5; help lists the commands.");
}

void
bench_play(struct bench *b, const struct host_source *source, int n, uint64_t welcome)
{
	struct queue *q = &b->s->queue;
	struct err e = {0};

	b->played = welcome;
	for (int i = 0; i < n; i++) {
		bool command = source[i].kind == HOST_COMMAND;
		struct source *from = source_new(command ? "-c" : source[i].text, command ? SOURCE_SHOWN :
		    source_may_show(b->s, source[i].text));

		if (command)
			queue_add(q, source[i].text, from, source[i].number);
		else if (queue_append(q, from, &e) < 0)
			say_error(b->s, 2, NULL, 0, "%s", e.text);
		source_free(from);
	}
}

int
bench_waits(const struct bench *b, bool scripts)
{
	int n = 0;

	for (const struct pending *p = b->s->queue.first; p != NULL; p = p->next)
		n += !scripts || p->source != NULL || p->leave;
	return n;
}

/* A script is over that has only answered: where there is no log, that is told. */
void
bench_played(struct bench *b)
{
	if (b->plays && b->moved <= b->played && !ui_shows(b->ui, "log"))
		ui_told(b->ui, b->played);
}

static void
bench_hold(void *arg, bool again)
{
	struct bench *b = arg;

	ui_wait(b->ui, "-- Space or Enter goes on; or type a command; Ctrl-C ends it -- ");
	if (again)
		return;
	ui_told(b->ui, b->played > b->moved ? b->played : b->moved);
	b->asked = 0;
	b->paused = true;
}

static void
bench_goes_on(void *arg, const char *text)
{
	struct bench *b = arg;
	struct ui_model *m = ui_model_of(b->ui);

	ui_log_go_on(&m->log, text);
	m->version++;
}

/* What the one before it has said is an answer; all that is said while no key is pressed is one. */
static void
bench_begins(void *arg)
{
	struct bench *b = arg;

	if (b->asked == 0)
		b->asked = bench_lines(b);
	else
		ui_answer(b->ui, b->asked);
	answer_made(&b->answer, b->s, NULL, 0);
	bench_task_drop(b);
}

static void
bench_swap(void *arg)
{
	struct bench *b = arg;

	b->lines = true;
}

static int
bench_layout(void *arg, const char *name, struct err *e)
{
	struct bench *b = arg;

	if (name == NULL) {
		struct str all = {0};

		for (int i = 0; ui_layout_names[i] != NULL; i++)
			str_add(&all, " %s", ui_layout_names[i]);
		out_text(b->s->out, "layout %s, of%s; `layout default` brings all panes of the first back",
		    ui_layout_now(b->ui), all.s);
		free(all.s);
	} else
		ui_set_layout(b->ui, name); /* the command knows the names */
	return 0;
}

static int
bench_focus(void *arg, const char *pane, struct err *e)
{
	struct bench *b = arg;

	bench_stale_drop(b); /* now: at the next look the pane that is asked for here would leave */
	ui_set_focus(b->ui, pane);
	return 0;
}

static int
bench_show(void *arg, const char *pane, struct err *e)
{
	struct bench *b = arg;

	bench_stale_drop(b);
	ui_show_panel(b->ui, pane);
	return 0;
}

static void
bench_plot(void *arg, const char *pane, const struct ui_plot_view *view)
{
	struct bench *b = arg;

	ui_set_plot(b->ui, pane, view);
}

static bool
bench_shown(void *arg, const struct sheet_request *r, const struct sheet *sheet)
{
	struct bench *b = arg;

	if (!r->predicted || !b->clicked)
		feed_show(b->feed, r, sheet);
	ui_show_panel(b->ui, "digits");
	return true;
}

/* What stands still while the model learns on is of this moment; whole: to the batch. */
static void
bench_when(const struct bench *b, bool whole, char when[64])
{
	const struct run *last = runs_last(&b->s->runs);
	const struct job_view *v = job_view(&b->s->worker);
	char *now;

	if (v != NULL && v->run != NULL && v->epoch > 0) {
		int n = snprintf(when, 64, "in r%d epoch %d", v->run->number, v->epoch);

		if (whole)
			snprintf(when + n, 64 - (size_t)n, " batch %u", v->step);
		return;
	}
	if (v != NULL) { /* the net is the worker's */
		snprintf(when, 64, last == NULL ? "before r1" : v->run != NULL ? "in r%d" : "after r%d",
		    v->run != NULL ? v->run->number : last != NULL ? last->number : 0);
		return;
	}
	now = point_now(b->s);
	snprintf(when, 64, "%s%s", now[0] == 'r' ? "after " : "", now);
	free(now);
}

/* The maps and the probe of a model that is no more leave. */
void
bench_stale_drop(struct bench *b)
{
	struct ui_model *m = ui_model_of(b->ui);

	if ((m->maps.n > 0 || m->strips.n > 0) && b->mapped != b->s->model.made) {
		ui_tiles_clear(&m->maps);
		ui_strips_clear(&m->strips);
		m->version++;
		ui_hide_panel(b->ui, "maps");
	}
	if (m->probe.n > 0 && b->probed != b->s->model.made) {
		ui_estimates_clear(&m->probe);
		m->version++;
		ui_hide_panel(b->ui, "probe");
	}
}

void
bench_follow(struct bench *b)
{
	const struct runs *runs = &b->s->runs;
	int newest = runs->n > 0 ? runs_last(runs)->number : 0;

	if (newest > b->newest)
		ui_all_plots(b->ui);
	b->newest = newest;
}

/* Panes that are not in view cost nothing. */
void
bench_sees(struct bench *b)
{
	static const struct {
		const char *pane;
		unsigned sees;
	} all[] = {{"filters", FEED_FILTERS}, {"activations", FEED_ACTIVATIONS}, {"stats", FEED_STATS},
		{"explain", FEED_EXPLAIN}};
	unsigned sees = 0;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		sees |= ui_shows(b->ui, all[i].pane) ? all[i].sees : 0;
	feed_sees(b->feed, sees);
}

static void
bench_tiled(void *arg, struct ui_tiles *t, struct ui_strips *strips)
{
	struct bench *b = arg;
	struct ui_model *m = ui_model_of(b->ui);
	char when[64], *note, **said;
	bool digits = ui_shows(b->ui, "digits");

	ui_tiles_clear(&m->maps);
	ui_strips_clear(&m->strips);
	bench_when(b, false, when);
	if (strips != NULL) {
		m->strips = *strips;
		*strips = (struct ui_strips){0};
		said = &m->strips.note;
		ui_string(&m->strips.brief, when);
	} else {
		m->maps = *t;
		*t = (struct ui_tiles){0};
		said = &m->maps.note;
		ui_string(&m->maps.brief, when);
	}
	bench_when(b, true, when);
	note = *said != NULL && **said != '\0' ? xasprintf("%s, %s", when, *said) : xstrdup(when);
	free(*said);
	*said = note;
	b->mapped = b->s->model.made;
	m->version++;
	ui_show_panel(b->ui, "maps");
	if (digits && !ui_shows(b->ui, "digits") && !b->hinted) {
		b->hinted = true;
		out_note(b->s->out, "the maps are in the place of other panes; `layout %s` brings those back",
		    ui_layout_now(b->ui));
	}
}

/* What was asked for is in its pane at once: the command behind it may keep the net for long. */
static void
bench_answered(struct bench *b, const char *pane)
{
	ui_show_panel(b->ui, pane);
	bench_sees(b);
	if (b->s->worker.job == NULL)
		feed_at_once(b->feed, ui_model_of(b->ui));
}

static void
bench_explained(void *arg, const struct explain_unit *at, const struct image *im)
{
	struct bench *b = arg;

	feed_explain_ask(b->feed, at, im);
	bench_answered(b, "explain");
}

static void
bench_probed(void *arg, struct ui_estimates *t)
{
	struct bench *b = arg;
	struct ui_model *m = ui_model_of(b->ui);
	char when[64];

	ui_estimates_clear(&m->probe);
	m->probe = *t;
	*t = (struct ui_estimates){0};
	bench_when(b, false, when);
	ui_string(&m->probe.when, when);
	b->probed = b->s->model.made;
	m->version++;
	ui_show_panel(b->ui, "probe");
}

void
bench_task_drop(struct bench *b)
{
	if (b->task.say != NULL)
		b->task.release(b->task.arg);
	b->task = (struct user_answer){0};
}

/* It is kept where it is all that a typed line brings. */
static void
bench_answer(void *arg, const struct user_answer *a)
{
	struct bench *b = arg;
	bool alone = b->asked == bench_lines(b) && b->s->queue.first == NULL && b->s->out->lead == NULL;

	a->say(b->s, a->arg);
	bench_task_drop(b);
	if (alone && b->asked != 0)
		b->task = *a;
	else
		a->release(a->arg);
}

static void
bench_inside(void *arg, int layer, const struct image *im)
{
	struct bench *b = arg;

	feed_ask(b->feed, layer, im);
}

static void
bench_stats(void *arg, const struct stats *x)
{
	struct bench *b = arg;

	feed_stats_ask(b->feed, x);
	bench_answered(b, "stats");
}

/* The line that needs them is seen while they are read. */
static struct dataset *
bench_data(void *arg)
{
	struct bench *b = arg;

	if (b->s->worker.job == NULL)
		ui_show_now(b->ui);
	return feed_data(b->feed);
}

static const struct ui_canvas *
bench_screen(void *arg, struct ui_canvas *to, int *colours)
{
	struct bench *b = arg;

	if (to != NULL) /* which may have room for more panes; the next tick says again which are in view */
		feed_sees(b->feed, FEED_FILTERS | FEED_ACTIVATIONS | FEED_STATS | FEED_EXPLAIN);
	feed_at_once(b->feed, ui_model_of(b->ui)); /* a run may just have ended */
	*colours = ui_screen_colours(b->ui);
	return ui_screen(b->ui, to);
}

const struct user_host bench_user_host = {
	.is_screen = true,
	.hold = bench_hold,
	.goes_on = bench_goes_on,
	.begins = bench_begins,
	.swap = bench_swap,
	.layout = bench_layout,
	.focus = bench_focus,
	.show = bench_show,
	.plot = bench_plot,
	.shown = bench_shown,
	.tiled = bench_tiled,
	.answer = bench_answer,
	.screen = bench_screen,
	.data = bench_data,
	.inside = bench_inside,
	.stats = bench_stats,
	.explained = bench_explained,
	.probed = bench_probed,
};
