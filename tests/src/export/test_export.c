/* test_export.c: what looks into a session and what draws it where work is cut short, memory is missing or the data have
 * gone: a sentence, and no file.
 */
#include "util/xmalloc.h"
#include "tests/src/told.h"
#include "tests/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODEL "timing off; set threads 2; data small; build \"conv2d 2 3, relu, max_pooling2d 4, dropout .25, flatten | " \
	"dense 4, relu, dense 10, softmax\"; "
#define TRAINED MODEL "train all epochs=1 batch=8 verbose=0; "
#define FIGURE " new.png size=200x150"

static void
setup(void)
{
	captured_setup();
	scratch_digits("small", false);
}

/* Lines that evaluate the model, and what each needs: how much of it has to fail for want of memory at least. */
static const struct look {
	const char *line;
	int memory;
} looks[] = {
	{"activations test:1", 2},
	{"confused all", 3},
	{"confusion all", 3},
	{"confusion all init r1", 2},
	{"explain dense[1] test:1", 2},
	{"explain conv2d[1] 2,2 test:1", 2},
	{"gradcam test:1", 3},
	{"occlude test:1", 3},
	{"predict test:3", 0},
	{"saliency test:1", 1},
	{"show all n=3", 0},
	{"stats activations", 4},
	{"stats grad", 1},
	{"toplosses all n=3", 1},
	{"export png activations test:1" FIGURE, 3},
	{"export png confusion all" FIGURE, 4},
	{"export png digits all n=4" FIGURE, 1},
	{"export png digits test:1 test:2" FIGURE, 1},
	{"export png explain dense[1] test:1" FIGURE, 3},
	{"export png gradcam test:1" FIGURE, 4},
	{"export png occlude test:1" FIGURE, 4},
	{"export png saliency test:1" FIGURE, 2},
	{"export png stats activations" FIGURE, 5},
	{"export png toplosses all" FIGURE, 2},
};

#define LOOKS (sizeof looks / sizeof *looks)

START_TEST(export__memory__is_an_error_of_the_command)
{
	static const struct look others[] = {
	    {"diff init r1", 2},
	    {"filters conv2d", 1},
	    {"probe all", 2},
	    {"export csv new.csv", 0},
	    {"export html new.html", 1},
	    {"export ipynb new.ipynb", 1},
	    {"export png compare" FIGURE, 1},
	    {"export png diff" FIGURE, 1},
	    {"export png filters conv2d" FIGURE, 2},
	    {"export png lrfind" FIGURE, 1},
	    {"export png model" FIGURE, 1},
	    {"export png probe" FIGURE, 1},
	    {"export png screen new.png size=60x20", 1},
	    {"export svg plot new.svg size=200x150", 0},
	    {"export pdf plot new.pdf size=200x150", 1},
	};
	static const char before[] = TRAINED "probe all; lrfind all limit=16 batch=8; "
	    "compare modes all modes=scratch seeds=1 epochs=1 batch=8";

	for (size_t i = 0; i < LOOKS; i++) {
		int n = told_each(TRAINED, looks[i].line, FAILING_MEMORY, ENOMEM, "memory");

		ck_assert_msg(n >= looks[i].memory, "%s: only %d", looks[i].line, n);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		int n = told_each(before, others[i].line, FAILING_MEMORY, ENOMEM, "memory");

		ck_assert_msg(n >= others[i].memory, "%s: only %d", others[i].line, n);
	}
	/* each number of the matrix is an object of its own */
	ck_assert_int_ge(told_each(TRAINED "mode json", "confusion all", FAILING_MEMORY, ENOMEM, "memory"), 50);
}
END_TEST

/* The first of them that needs threads makes them. */
START_TEST(export__threads__that_cannot_start)
{
	for (size_t i = 0; i < LOOKS; i++)
		ck_assert_msg(told_each(TRAINED "set threads 3", looks[i].line, FAILING_THREAD, EAGAIN, "thread") >= 1,
		    "%s needs no thread", looks[i].line);
}
END_TEST

/* What a page has beside its text is left out; the page itself is written or it is not. */
START_TEST(export__streams__that_cannot_be_opened)
{
	ck_assert_int_eq(told_each(TRAINED, "export csv new.csv", FAILING_STREAM, ENOMEM, "new.csv"), 1);
	ck_assert_int_ge(told_each(TRAINED, "export html new.html", FAILING_STREAM, ENOMEM, "new.html"), 3);
	ck_assert_int_ge(told_each(TRAINED, "export ipynb new.ipynb", FAILING_STREAM, ENOMEM, "new.ipynb"), 2);
}
END_TEST

/* What a person who named no file learns of one that an earlier session left; what this session wrote, or what a name
 * was typed for, is replaced without a word.
 */
START_TEST(export__made_up_name__tells_of_an_older_file)
{
	static const char to[] = "it replaces thaw-r1.csv of 2001-09-09 ";
	const struct timespec old[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};

	setenv("TZ", "UTC", 1);
	captured_ok(TRAINED "export csv");
	ck_assert_int_eq(utimensat(AT_FDCWD, "thaw-r1.csv", old, 0), 0);
	captured_ok("export csv");
	ck_lacks(C.text, "replaces"); /* nobody is there */
	ck_assert_int_eq(utimensat(AT_FDCWD, "thaw-r1.csv", old, 0), 0);
	C.s->user.interactive = true;
	captured_ok("export csv thaw-r1.csv");
	ck_lacks(C.text, "replaces");
	ck_assert_int_eq(utimensat(AT_FDCWD, "thaw-r1.csv", old, 0), 0);
	captured_ok("export csv");
	ck_has(C.text, to);
	captured_ok("export csv");
	ck_lacks(C.text, "replaces");
	captured_ok("export png loss r1");
	ck_lacks(C.text, "replaces");
	captured_ok("export png acc r1");
	ck_has(C.text, "wrote thaw-r1-plot.png");
	ck_has(C.text, "it replaces what `export png loss r1` wrote; a name behind `export` keeps both");
	captured_ok("export png acc r1");
	ck_lacks(C.text, "replaces");
	captured_ok("train gte5 limit=30 epochs=1 verbose=0; export png plot r1 r2");
	ck_has(C.text, "wrote thaw-r1-r2-plot.png");
}
END_TEST

/* ---- what a screen has shown ---- */

/* Whether the answer of the last command has a picture. */
static bool
pictured(void)
{
	return C.s->out->kept.last->picture != NULL;
}

static void
no_histograms(void *host, const struct stats *x)
{
}

static void
no_estimates(void *host, struct ui_estimates *t)
{
}

static int
no_pane(void *host, const char *pane, struct err *e)
{
	return 0;
}

START_TEST(export__pages__have_what_a_screen_has_shown)
{
	static const struct user_host screen = {.is_screen = true, .stats = no_histograms, .probed = no_estimates,
	    .show = no_pane};
	static const char *const lines[] = {"show all n=3", "show test:1", "activations test:1", "stats", "plot r1", "probe all",
	    "filters conv2d", "saliency test:1", "predict test:1"};

	captured_ok(TRAINED);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		captured_ok(lines[i]);
		ck_assert_msg(!pictured(), "%s: a picture without a screen", lines[i]);
	}
	C.s->user.host = &screen;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		captured_ok(lines[i]);
		ck_assert_msg(pictured(), "%s: no picture", lines[i]);
		failing_at(FAILING_STREAM, 1, ENOMEM);
		captured_ok(lines[i]);
		ck_assert(failing_struck());
		ck_assert_msg(!pictured(), "%s: a picture without a stream", lines[i]);
	}
	captured_ok("mode csv; show all n=3");
	ck_assert(!pictured());
}
END_TEST

/* ---- interrupted ---- */

static int asked; /* so often before the answer is that it is enough */

static bool
enough(void *arg)
{
	return --asked == 0;
}

/* Ends the line at each of its evaluations. Returns how many it has. */
static int
cut_each(const char *line)
{
	int status;

	asked = 0;
	captured_ok(line); /* which makes an engine */
	unlink("new.png");
	nn_engine_set_stop(C.s->compute.engine, enough, NULL);
	for (int n = 1;; n++) {
		asked = n;
		status = capture_run(&C, line);
		if (asked > 0) {
			ck_assert_msg(status == 0, "%s: undisturbed, but: %s", line, C.errors);
			unlink("new.png");
			return n - 1;
		}
		ck_assert_msg(status != 0 && strstr(C.errors, "interrupted") != NULL, "%s, evaluation %d: %d, %s", line, n,
		    status, C.errors);
		ck_assert_msg(access("new.png", F_OK) < 0, "%s, evaluation %d: a file is left", line, n);
	}
}

START_TEST(export__interrupted__leaves_no_file)
{
	captured_ok(TRAINED);
	for (size_t i = 0; i < LOOKS; i++)
		if (strcmp(looks[i].line, "stats grad") != 0) /* which is one batch, and never asks */
			ck_assert_msg(cut_each(looks[i].line) >= 1, "%s is never asked", looks[i].line);
	ck_assert_int_ge(cut_each("probe all"), 4);
}
END_TEST

/* ---- data that have gone, and a model that cannot be made ---- */

START_TEST(export__data__that_have_gone)
{
	captured_ok(TRAINED);
	dataset_free(C.s->data.set);
	C.s->data.set = NULL;
	ck_assert_int_eq(rename("small", "gone"), 0);
	for (size_t i = 0; i < LOOKS; i++)
		captured_refused(looks[i].line, "small");
	captured_refused("probe all", "small");
	captured_refused("export keras new.py", "small");
	captured_refused("export png screen new.png size=60x20", "small");
	ck_assert_int_lt(access("new.png", F_OK), 0);
	ck_assert_int_lt(access("new.py", F_OK), 0);
}
END_TEST

/* Of 4x4: too little for the model that a session begins with. */
static void
write_tiny(const char *folder)
{
	static const uint8_t images[16 + 16 * 10] = {0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 4, 0, 0, 0, 4};
	static const uint8_t labels[18] = {0, 0, 8, 1, 0, 0, 0, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	static const char *const parts[] = {"train", "t10k"};

	ck_assert_int_eq(mkdir(folder, 0777), 0);
	for (int i = 0; i < 2; i++) {
		char *name = xasprintf("%s/%s-images-idx3-ubyte", folder, parts[i]);

		scratch_write(name, images, sizeof images);
		free(name);
		name = xasprintf("%s/%s-labels-idx1-ubyte", folder, parts[i]);
		scratch_write(name, labels, sizeof labels);
		free(name);
	}
}

START_TEST(export__model__that_cannot_be_made)
{
	static const char *const lines[] = {"confusion", "confused", "diff", "diff init", "export keras new.py",
	    "export onnx new.onnx", "export png activations" FIGURE, "export png diff" FIGURE, "export png digits" FIGURE,
	    "export png digits test:1" FIGURE, "export png model" FIGURE, "export png toplosses" FIGURE,
	    "export pytorch new.py", "gradcam", "occlude", "predict test:1", "probe", "saliency", "show", "show test:1",
	    "toplosses", "stats"};

	write_tiny("tiny");
	captured_ok("data tiny");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		captured_refused(lines[i], "conv2d_1");
		ck_assert_ptr_null(capture_net(&C));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("export");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, export__memory__is_an_error_of_the_command);
	tcase_add_test(t, export__threads__that_cannot_start);
	tcase_add_test(t, export__streams__that_cannot_be_opened);
	tcase_add_test(t, export__made_up_name__tells_of_an_older_file);
	tcase_add_test(t, export__pages__have_what_a_screen_has_shown);
	tcase_add_test(t, export__interrupted__leaves_no_file);
	tcase_add_test(t, export__data__that_have_gone);
	tcase_add_test(t, export__model__that_cannot_be_made);
	suite_add_tcase(s, t);
	return run_suite(s);
}
