/* test_written.c: what exporters write of models, runs and sessions of all kinds, and which words they refuse. */
#include "util/xmalloc.h"
#include "ui/sketch.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <stdlib.h>

#define MODEL "timing off; set threads 2; data small; build \"conv2d 2 3, relu, max_pooling2d 4, dropout .25, flatten | " \
	"dense 4, relu, dense 10, softmax\"; "
#define FIGURE " new.png size=200x150"

static void
setup(void)
{
	captured_setup();
	scratch_digits("small", false);
}

/* The file that a line writes, as text; the caller's to free. */
static char *
written(const char *line, const char *file)
{
	size_t n;
	char *text;
	uint8_t *p;

	captured_ok(line);
	p = scratch_read(file, &n);
	ck_assert_ptr_nonnull(p);
	text = xstrndup((char *)p, n);
	free(p);
	return text;
}

static void
writes(const char *line, const char *file, const char *const *parts)
{
	char *text = written(line, file);

	for (; *parts != NULL; parts++)
		ck_assert_msg(strstr(text, *parts) != NULL, "%s: \"%s\" is not in what ends with %s", line, *parts,
		    text + (strlen(text) > 1000 ? strlen(text) - 1000 : 0));
	free(text);
}

#define WRITES(line, file, ...) writes(line, file, (const char *const[]){__VA_ARGS__, NULL})

/* ---- words ---- */

START_TEST(written__words__that_are_refused)
{
	RUN_LINES(
	    {MODEL "train all epochs=1 batch=8", 0, "3/3"},
	    {"export csv r9", 1, "no run r9"},
	    {"export csv nosuch", 1, "unknown word \"nosuch\""},
	    {"export html nosuch new.html", 1, "unknown word \"nosuch\""},
	    {"export ipynb nosuch new.ipynb", 1, "unknown word \"nosuch\""},
	    {"export onnx nosuch new.onnx", 1, "unknown word \"nosuch\""},
	    {"export pytorch nosuch new.py", 1, "unknown word \"nosuch\""},
	    {"export png activations nosuch" FIGURE, 1, "no layer matches \"nosuch\""},
	    {"export png activations head" FIGURE, 1, "head is more than one layer; name one"},
	    {"export png activations dense test:1 test:2" FIGURE, 1, "unknown word \"test:2\""},
	    {"export png activations dense dense_1" FIGURE, 1, "unknown word \"dense_1\""},
	    {"export png activations test:99" FIGURE, 1, "there is no image test:99"},
	    {"export png compare nosuch" FIGURE, 1, "unknown word \"nosuch\""},
	    {"export png confusion all gte5" FIGURE, 1, "unknown word \"gte5\""},
	    {"export png confusion init r1 r1" FIGURE, 1, "unknown word \"r1\""},
	    {"export png confusion init r1 lt5" FIGURE, 1, "unknown word \"lt5\""},
	    {"export png confusion @nosuch" FIGURE, 1, "@nosuch"},
	    {"export png diff init r1 r1" FIGURE, 1, "unknown word \"r1\""},
	    {"export png digits all gte5" FIGURE, 1, "unknown word \"gte5\""},
	    {"export png digits test:1 test:99" FIGURE, 1, "there is no image test:99"},
	    {"export png draw nosuch" FIGURE, 1, "draw"},
	    {"export png explain" FIGURE, 1, "say of which unit: `export explain conv2d[0] test:0`"},
	    {"export png explain dense[1] test:1 test:2" FIGURE, 1, "unknown word \"test:2\""},
	    {"export png explain conv2d[1] 1,1 2,2" FIGURE, 1, "unknown word \"2,2\""},
	    {"export png explain dense[1] test:99" FIGURE, 1, "there is no image test:99"},
	    {"export png filters conv2d dense" FIGURE, 1, "unknown word \"dense\""},
	    {"export png filters nosuch" FIGURE, 1, "no layer matches \"nosuch\""},
	    {"export png filters flatten" FIGURE, 1, "flatten has no filters; layers that have: conv2d dense dense_1"},
	    {"export png lrfind nosuch" FIGURE, 1, "unknown word \"nosuch\""},
	    {"export png model csv" FIGURE, 1, "csv stands too late or is one too many"},
	    {"export png model modl" FIGURE, 1, "did you mean \"model\"?"},
	    {"export png probe nosuch" FIGURE, 1, "unknown word \"nosuch\""},
	    {"export png saliency test:1 test:2" FIGURE, 1, "unknown word \"test:2\""},
	    {"export png saliency test:99" FIGURE, 1, "there is no image test:99"},
	    {"export png saliency unit=10" FIGURE, 1, "the model has no unit 10; its units are 0 to 9"},
	    {"export png stats weights grad" FIGURE, 1, "grad"},
	    {"export png toplosses nosuch" FIGURE, 1, "unknown word \"nosuch\""},
	    {"export png toplosses all gte5" FIGURE, 1, "unknown word \"gte5\""});
	ck_assert_ptr_null(scratch_read("new.png", &(size_t){0}));
}
END_TEST

START_TEST(written__words__that_are_taken)
{
	RUN_LINES(
	    {MODEL "export png digits test:1" FIGURE, 0, "wrote new.png"},
	    {"export png activations" FIGURE, 0, "wrote new.png"},
	    {"export png explain dense[1]" FIGURE, 0, "wrote new.png"},
	    {"export png screen new.png size=401x10", 1, "sizes are 16x16"},
	    {"export png screen new.png size=60x200", 0, "wrote new.png (60x200)"},
	    {"train all epochs=1 batch=8 lr=0", 0, "3/3"},
	    {"export png digits class=3" FIGURE, 0, "wrote new.png"},
	    {"export png plot acc logy" FIGURE, 0, "wrote new.png"},
	    {"export png filters conv2d n=1" FIGURE, 0, "wrote new.png"},
	    {"export png filters dense[2]" FIGURE, 0, "wrote new.png"},
	    {"export png toplosses n=1000" FIGURE, 0, "wrote new.png"},
	    {"export png digits new.png test:2 size=200x150", 0, "wrote new.png"},
	    {"export png confusion init" FIGURE, 1, "no prediction of a all test image flipped"},
	    {"train all epochs=40 batch=4 lr=.5", 0, "40/40"},
	    {"export png confusion r1 n=1" FIGURE, 0, "wrote new.png"},
	    {"compare modes all modes=scratch seeds=1 epochs=1 batch=8", 0, "scratch"},
	    {"export csv compare new.csv", 0, "wrote new.csv (1 row)"});
}
END_TEST

/* ---- models ---- */

START_TEST(written__pytorch__of_each_layer)
{
	WRITES("build \"conv2d 4 3 stride=2 relu l2=.01, batch_normalization, average_pooling2d 2, zero_padding2d 1 top=2, "
	    "rescaling .5 offset=.25, leaky_relu .1, conv2d 4 3 same elu, max_pooling2d 2 stride=1, conv2d 4 1, sigmoid, "
	    "global_average_pooling2d | dense 8 tanh, batch_normalization, dense 5 softmax\"; freeze features; "
	    "export pytorch model.py", "model.py", "nn.Conv2d(1, 4, 3, stride=2)\n", "nn.BatchNorm2d(4, eps=0.001, "
	    "momentum=0.01)\n", "nn.functional.avg_pool2d(x, 2, 2)\n", "nn.functional.pad(x, (1, 1, 3, 1))\n",
	    "x = x * 0.5 + 0.25\n", "nn.functional.leaky_relu(x, 0.1)\n", "nn.Conv2d(4, 4, 3, padding=\"same\")\n",
	    "nn.functional.elu(x)\n", "nn.functional.max_pool2d(x, 2, 1)\n", "torch.sigmoid(x)\n", "x.mean((2, 3))\n",
	    "nn.Linear(4, 8)\n", "torch.tanh(x)\n", "nn.BatchNorm1d(8, eps=0.001, momentum=0.01)\n", "torch.softmax(x, 1)\n",
	    "model.batch_normalization.requires_grad_(False)\n");
	WRITES("build \"conv2d 4 3 same stride=2, max_pooling2d 3 same, average_pooling2d 3 same, flatten | dense 5, softmax\"; "
	    "export pytorch model.py", "model.py", ", value=-torch.inf), 3, 3)\n", " / inside\n");
}
END_TEST

START_TEST(written__keras__of_runs_of_all_kinds)
{
	scratch_digits("other", false);
	captured_ok("timing off; set threads 2; data small; build \"conv2d 2 3, conv2d 2 3, flatten | dense 10, softmax\"; "
	    "freeze conv2d_1; train all epochs=1 batch=8 verbose=0");
	WRITES("export keras k.py", "k.py", "not in [\"conv2d_1\"]\n");
	captured_ok("unfreeze all; train all epochs=1 batch=8 verbose=0; freeze features; lr \"*\" 0.5; "
	    "train all epochs=1 batch=8 verbose=0; reset features");
	WRITES("train all epochs=3 batch=8 stop=val_accuracy:patience=1 verbose=0; export keras k.py", "k.py",
	    "not in [\"conv2d\", \"conv2d_1\"]\n", "anew(model, [\"conv2d\", \"conv2d_1\"])\n",
	    "\"val_accuracy\", mode=\"max\", patience=1,", "# dense had a rate of its own, 0.5;");
	captured_ok("train all epochs=3 batch=8 watch=lt5 stop=watch_loss:patience=1 verbose=0; "
	    "train all epochs=2 batch=8 stop=loss<99 verbose=0");
	WRITES("export keras k.py", "k.py", "# stop=watch_loss:patience=1: ", "# stop=loss<99.0: 1 of 2 epochs");
	WRITES("data other; train all epochs=1 batch=8 verbose=0; export keras k.py", "k.py",
	    "# r1 is left out: it was of other data\n", "# ---- r7: all ");
	free(C.s->data.name);
	C.s->data.name = xstrdup("fashion"); /* which Keras has by this name */
	WRITES("export keras k.py", "k.py", "keras.datasets.fashion_mnist.load_data()", "# r7 is left out: ");
}
END_TEST

/* A run that was changed while it went on, and then interrupted. */
START_TEST(written__interrupted__runs)
{
	struct err e;

	captured_ok(MODEL);
	capture_async(&C);
	captured_ok("train all epochs=100000 batch=8 stop=val_loss:patience=100000 verbose=0");
	while (capture_busy(&C) && job_view(&C.s->worker)->epoch < 2)
		capture_tick(&C);
	ck_assert(capture_busy(&C));
	captured_ok("now freeze conv2d");
	for (int epoch = job_view(&C.s->worker)->epoch; capture_busy(&C) && job_view(&C.s->worker)->epoch < epoch + 2;)
		capture_tick(&C);
	ck_assert_int_eq(job_stop(&C.s->worker, &C.s->runs, &e), 0);
	capture_wait(&C);
	ck_assert(runs_last(&C.s->runs)->interrupted);
	C.s->user.async = false;
	WRITES("export keras k.py", "k.py", "# changed while it went on: epoch ", ": freeze conv2d\n",
	    "# interrupted after ", " of 100000 epochs\n");
	WRITES("export json r1 r.json", "r.json", "\"interrupted\":true");
	captured_ok("stats grad");
	ck_has(C.text, "of r1");
	runs_last(&C.s->runs)->nepoch = 0; /* as of one that was interrupted in its first epoch */
	WRITES("export keras k.py", "k.py", "# r1 is left out: it has no whole epoch\n");
}
END_TEST

/* Something changes between the interrupt and `resume`. */
START_TEST(written__interrupted__runs_that_changed)
{
	captured_ok(MODEL);
	C.s->worker.steps = 4;
	captured_ok("train all epochs=3 batch=8 verbose=0");
	captured_ok("freeze features");
	captured_ok("resume");
	WRITES("export keras k.py", "k.py", "# changed while it went on: epoch 2, batch 2: freeze features\n");
	WRITES("export ipynb new.ipynb", "new.ipynb", "# The run was cut in epoch 2/3 after batch 1, and went on below; this "
	    "had changed when it went on: epoch 2, batch 2: freeze features. Run again it goes to its end without that,",
	    "# it went on with the run above, which is whole here and trains as it began");
}
END_TEST

/* ---- pages ---- */

START_TEST(written__pages__of_remarks)
{
	struct transcript *t;

	captured_ok(MODEL "train all epochs=1 batch=8 verbose=0");
	t = &C.s->out->kept;
	transcript_remark(t, "# One <line>\n# and another\n#\n#\n# A new paragraph");
	captured_ok("print 1");
	transcript_remark(t, "#\n# Ends with nothing\n#");
	captured_ok("print 2");
	transcript_remark(t, "#");
	captured_ok("print 3");
	WRITES("export html new.html", "new.html", "<p class=\"remark\">One &lt;line&gt;\nand another</p>\n"
	    "<p class=\"remark\">A new paragraph</p>\n", "<p class=\"remark\">Ends with nothing</p>\n");
	WRITES("export ipynb new.ipynb", "new.ipynb", "\"One &lt;line>\\n\"", "\"Ends with nothing");
}
END_TEST

START_TEST(written__pages__of_one_command_and_of_none)
{
	captured_ok("timing off");
	C.s->out->kept.at = NULL;
	captured_ok("export html new.html");
	ck_has(C.text, "(1 command)");
	capture_close(&C);
	capture_open(&C);
	captured_ok("export html new.html");
	ck_has(C.text, "(0 commands)");
	WRITES("export ipynb new.ipynb", "new.ipynb", "\"cells\": [");
}
END_TEST

START_TEST(written__pages__say_what_they_have_not)
{
	struct transcript *t = &C.s->out->kept;
	char *line;

	captured_ok(MODEL "save a.safetensors; load a.safetensors");
	WRITES("export html new.html", "new.html", "What was loaded was made by commands that are not on this page");
	WRITES("export ipynb new.ipynb", "new.ipynb", "What `load a.safetensors` has brought");
	line = xmalloc(1 << 20);
	memset(line, 'x', (1 << 20) - 1);
	line[(1 << 20) - 1] = '\0';
	for (int i = 0; i < 10; i++) {
		transcript_to(t, transcript_command(t, "print 1"));
		transcript_line(t, false, OUT_PLAIN, line);
	}
	free(line);
	WRITES("export html new.html", "new.html", " earlier commands are not on this page: a session keeps 8 MiB of them.");
	WRITES("export ipynb new.ipynb", "new.ipynb", " earlier commands are not on this page");
	transcript_to(t, transcript_command(t, "print 2"));
	for (int i = 0; i < 200000; i++)
		transcript_line(t, false, OUT_PLAIN, "a line of many");
	WRITES("export html new.html", "new.html", " more lines)</span>");
	WRITES("export ipynb new.ipynb", "new.ipynb", " more lines)");
}
END_TEST

/* A command of the session and the lines that answer it, those that begin with ! as errors. */
static void
cell(const char *command, const char *const *lines)
{
	struct transcript *t = &C.s->out->kept;

	transcript_to(t, transcript_command(t, command));
	for (; *lines != NULL; lines++)
		transcript_line(t, **lines == '!', **lines == '!' ? OUT_BAD : OUT_PLAIN, *lines + (**lines == '!'));
}

#define CELL(...) cell((const char *const[]){__VA_ARGS__, NULL}[0], (const char *const[]){__VA_ARGS__, NULL} + 1)

/* ---- drawings ---- */

START_TEST(written__pages__of_drawings_and_what_was_on_the_screen)
{
	struct ui_sketch sketch = {0};
	char *text;
	const char *at;
	int drawings = 0;

	captured_ok("timing off");
	CELL("assert 1 > 2", "one line", "!one that is an error", "another line");
	CELL("plot", "the curves are on the screen: `focus loss`");
	CELL("plot acc", "something else");
	CELL("plot", "two", "lines");
	CELL("export png draw one.png", "wrote one.png");
	CELL("export png draw", "wrote thaw-draw.png");
	CELL("export png model m.png", "wrote m.png");
	CELL("draw", "!there is no screen here");
	CELL("focus loss", "loss");
	CELL("draw", "the canvas");
	transcript_canvas(&C.s->out->kept);
	CELL("nosuch", "!unknown command");
	WRITES("export ipynb new.ipynb", "new.ipynb", "\"name\": \"stderr\"", "%%thaw\\n\",\n    \"plot acc\"",
	    "export png model m.png");
	text = written("export ipynb new.ipynb", "new.ipynb");
	ck_assert_ptr_null(strstr(text, "ink="));
	ck_assert_ptr_null(strstr(text, "export png draw"));
	free(text);
	/* what is drawn behind another command has a cell of its own, and so has what is drawn later */
	ui_sketch_begin(&sketch);
	ui_sketch_line(&sketch, 4, 4, 20, 20, false);
	transcript_drawn(&C.s->out->kept, sketch.ink, sizeof sketch.ink);
	CELL("export png draw", "wrote thaw-draw.png");
	CELL("predict thaw-draw.png", "7");
	ui_sketch_line(&sketch, 20, 4, 4, 20, false);
	transcript_drawn(&C.s->out->kept, sketch.ink, sizeof sketch.ink);
	transcript_drawn(&C.s->out->kept, sketch.ink, sizeof sketch.ink);
	text = written("export ipynb new.ipynb", "new.ipynb");
	for (at = text; (at = strstr(at, "\"draw ink=")) != NULL; at++)
		drawings++;
	ck_assert_int_eq(drawings, 2);
	ck_assert(strstr(text, "\"draw ink=") < strstr(text, "\"export png draw\""));
	ck_has(text, "\"predict thaw-draw.png\"");
	free(text);
	WRITES("export html new.html", "new.html", "alt=\"the drawing\"");
}
END_TEST

/* The drawing as a command. */
START_TEST(written__drawings__are_taken_again)
{
	struct ui_sketch sketch = {0};
	char line[1200] = "draw ink=", *text, *end;
	const char *from;

	captured_ok(MODEL);
	ui_sketch_line(&sketch, 4, 4, 20, 20, false);
	transcript_drawn(&C.s->out->kept, sketch.ink, sizeof sketch.ink);
	text = written("export ipynb new.ipynb", "new.ipynb");
	from = strstr(text, "draw ink=");
	ck_assert_ptr_nonnull(from);
	end = strchr(from, '"');
	ck_assert_int_lt(end - from, (int)sizeof line);
	memcpy(line, from, (size_t)(end - from));
	line[end - from] = '\0';
	free(text);
	captured_ok(line);
	ck_assert_int_eq(memcmp(C.s->data.sketch->ink, sketch.ink, sizeof sketch.ink), 0);
	captured_ok("export png draw; predict last; predict thaw-draw.png");
	ui_sketch_line(C.s->data.sketch, 20, 4, 4, 20, false); /* another one is not written over the first */
	captured_ok("export svg draw; export png draw");
	ck_has(C.text, "wrote thaw-draw-2.svg");
	ck_has(C.text, "wrote thaw-draw-2.png");
	captured_ok(line);
	line[strlen(line) - 6] = '\0';
	captured_refused(line, "this is no drawing of 28x28 pixels");
	captured_refused("draw ink=a*b", "this is no drawing of 28x28 pixels");
	memset(line + 9, 'A', sizeof line - 10);
	line[sizeof line - 1] = '\0';
	captured_refused(line, "this is no drawing of 28x28 pixels");
	ck_assert_int_eq(memcmp(C.s->data.sketch->ink, sketch.ink, sizeof sketch.ink), 0);
}
END_TEST

START_TEST(written__drawings)
{
	struct ui_sketch sketch = {0};
	size_t n;
	uint8_t *p;

	captured_refused("export png draw new.png", "nothing has been drawn yet");
	C.s->data.sketch = &sketch;
	captured_refused("export png draw new.png", "nothing has been drawn yet");
	ui_sketch_begin(&sketch);
	ui_sketch_line(&sketch, 4, 4, 20, 20, false);
	captured_ok("export png draw new.png");
	ck_has(C.text, "wrote new.png (280x280)");
	p = scratch_read("new.png", &n);
	ck_assert_int_eq(memcmp(p, "\x89PNG", 4), 0);
	free(p);
	captured_ok("export svg draw new.svg; export pdf draw new.pdf");
	WRITES("export svg draw new.svg", "new.svg", "<image");
	C.s->data.sketch = NULL;
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("written");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, written__words__that_are_refused);
	tcase_add_test(t, written__words__that_are_taken);
	tcase_add_test(t, written__pytorch__of_each_layer);
	tcase_add_test(t, written__keras__of_runs_of_all_kinds);
	tcase_add_test(t, written__interrupted__runs);
	tcase_add_test(t, written__interrupted__runs_that_changed);
	tcase_add_test(t, written__pages__of_remarks);
	tcase_add_test(t, written__pages__of_one_command_and_of_none);
	tcase_add_test(t, written__pages__say_what_they_have_not);
	tcase_add_test(t, written__pages__of_drawings_and_what_was_on_the_screen);
	tcase_add_test(t, written__drawings__are_taken_again);
	tcase_add_test(t, written__drawings);
	suite_add_tcase(s, t);
	return run_suite(s);
}
