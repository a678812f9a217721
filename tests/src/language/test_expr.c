/* test_expr.c: conditions over what a session has measured. */
#include "language/expr.h"
#include "tests/src/capture.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <string.h>

static struct capture C;

static void
setup(void)
{
	capture_open(&C);
}

static void
teardown(void)
{
	capture_close(&C);
}

/* ---- conditions ---- */

static double
value_of(const char *text)
{
	struct expr_value v;
	struct err e = {0};

	ck_assert_msg(expr_eval(C.s, text, &v, &e) == 0, "%s: %s", text, e.text);
	return v.num;
}

static void
assert_no_value(const char *text, const char *want)
{
	struct expr_value v;
	struct err e = {0};

	ck_assert_msg(expr_eval(C.s, text, &v, &e) < 0, "%s has a value", text);
	ck_has(e.text, want);
}

START_TEST(expr__eval__precedence)
{
	ck_assert_double_eq(value_of("1 + 2 * 3"), 7);
	ck_assert_double_eq(value_of("(1 + 2) * 3"), 9);
	ck_assert_double_eq(value_of("2 - 3 - 4"), -5);
	ck_assert_double_eq(value_of("12 / 3 / 2"), 2);
	ck_assert_double_eq(value_of("-2 * -3"), 6);
	ck_assert_double_eq(value_of("1e-3"), 0.001);
	ck_assert_double_eq(value_of("1 < 2 and not 2 < 1 or 1 == 2"), 1);
	ck_assert_double_eq(value_of("not 1 < 2 or 2 != 2"), 0);
	ck_assert_double_eq(value_of("params==600165 and trainable>=params"), 1);
	C.s->runs.results.accuracy = 0.75;
	C.s->runs.results.eval = true;
	ck_assert_double_eq(value_of("accuracy"), 0.75);
}
END_TEST

START_TEST(expr__eval__errors)
{
	assert_no_value("", "ends where a value");
	assert_no_value("accuracy >", "\"accuracy >\" ends");
	assert_no_value("accuracy", "not known yet");
	assert_no_value("acuracy > 1", "did you mean \"accuracy\"");
	assert_no_value("params = 3", "write ==");
	assert_no_value("params => 3", "write >=");
	assert_no_value("params =< 3", "write <=");
	assert_no_value("1 < 2 < 3", "and");
	assert_no_value("(1", "not closed");
	assert_no_value("1 2", "more than");
	assert_no_value("1 == 1 \"no comma\"", "a text behind a condition stands behind a comma");
	assert_no_value("1/0", "division by zero");
	assert_no_value("frozen_delta == 0", "freeze features");
	assert_no_value("3x", "not a number");
	capture_run(&C, "timing off");
	assert_no_value("seconds > 1", "timing on");
	assert_no_value("compared( ) > 1", "compared() takes a row of the last comparison");
}
END_TEST

START_TEST(expr__eval__a_figure_is_known_once_it_was_found)
{
	C.s->runs.results = (struct results){.eval = true, .loss = NAN, .accuracy = 0.5};
	ck_assert(isnan(value_of("loss"))); /* diverged, which is known */
	assert_no_value("val_loss", "not known yet");
	assert_no_value("epochs", "not known yet");
	C.s->runs.results = (struct results){.epoch = true, .val_loss = NAN};
	ck_assert(isnan(value_of("val_loss")));
	assert_no_value("epochs", "not known yet");
	C.s->runs.results.run = true;
	ck_assert_double_eq(value_of("epochs"), 0);
}
END_TEST

START_TEST(expr__eval__deep_nesting)
{
	char text[2001];

	memset(text, '(', 2000);
	text[2000] = '\0';
	assert_no_value(text, "nested");
	memset(text, '-', 2000);
	assert_no_value(text, "nested");
}
END_TEST

START_TEST(expr__names__of_settings_layers_runs_and_digits)
{
	ck_assert_double_eq(value_of("trainable(features) + trainable(head)"), 600165);
	ck_assert_double_eq(value_of("trainable(conv2d..flatten)"), 9568);
	ck_assert_double_eq(value_of("lr == 1 and optimizer == \"adadelta\" and data == \"mnist\""), 1);
	ck_assert_double_eq(value_of("optimizer != \"a\\\"b\""), 1);
	ck_assert_double_eq(value_of("max(1, 2, lr) - min(4, 3) + abs(-2.5)"), 1.5);
	ck_assert_double_eq(value_of("abs(min(1, 2) - 3) < 2.5 and not max(1, 2) < 2"), 1);
	assert_no_value("split == \"lt5\"", "not known yet");
	assert_no_value("recall(3)", "`eval lt5`");
	assert_no_value("r1.loss", "no run");
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 5, softmax\"; train lt5 limit=256 epochs=1 verbose=0 "
	    "optimizer=sgd lr=0.1; eval gte5 report; eval lt5 report"), 0);
	ck_assert_double_eq(value_of("split == \"lt5\" and r1.split == split and r1.optimizer == \"sgd\" and r1.lr == 0.1 "
	    "and r1.train == 256"), 1);
	ck_assert_double_eq(value_of("r1.val_accuracy == accuracy and r1.epochs == 1 and r1.seed == 1337"), 1);
	ck_assert_double_eq(value_of("recall(3)"), C.s->runs.results.label[3].recall);
	ck_assert_double_eq(value_of("precision(3)"), C.s->runs.results.label[3].precision);
	ck_assert_double_eq_tol(value_of("2 * recall(4) * precision(4) / (recall(4) + precision(4)) - f1(4)"), 0, 1e-12);
	assert_no_value("recall(7)", "`eval gte5`"); /* the last report was of others */
	ck_assert_double_eq(value_of("r1.limit"), 256); /* as the run's line and `runs limit=` have it */
	ck_assert_double_eq(value_of("r1.data == \"mnist\" and r1.schedule == \"\" and r1.layer_lr == \"\" and r1.shuffle == "
	    "\"on\" and r1.model == \"flatten | dense 5, softmax\" and r1.params == params and r1.momentum == 0"), 1);
	ck_assert_double_eq(value_of("r1.weights != r1.begun and r1.changes == \"\""), 1);
	ck_assert_int_eq(capture_run(&C, "assert r1.trainable"), 1); /* a number, as any of a run but loaded */
	ck_has(C.errors, "is a number, not a condition");
	assert_no_value("r1.rho", "r1.rho is not known: r1 was made without it");
	assert_no_value("r1.schedul", "did you mean \"schedule\"");
	assert_no_value("r1.schedule == 0", "a text and a number are never equal");
	assert_no_value("recall(ten)", "recall(3)");
	assert_no_value("r2.loss", "no run r2");
	assert_no_value("r1.los", "did you mean \"loss\"");
	assert_no_value("trainable(conv9)", "no layer matches");
}
END_TEST

START_TEST(expr__texts__are_equal_or_not)
{
	char text[SPLIT_NAME + 32];

	assert_no_value("optimizer < \"b\"", "texts are equal or not");
	assert_no_value("optimizer == 1", "never equal");
	assert_no_value("optimizer + 1 == 1", "is a text");
	assert_no_value("1 == 1 and optimizer", "is a text");
	assert_no_value("not optimizer", "is a text");
	assert_no_value("-data", "is a text");
	assert_no_value("abs(data)", "is a text");
	assert_no_value("data == \"mnist", "quote is not closed");
	assert_no_value("data == mnist", "a text stands in double quotes");
	assert_no_value("nosuch == 1", "`help assert` has all names"); /* a list of them was cut */
	snprintf(text, sizeof text, "data == \"%0*d\"", SPLIT_NAME, 0);
	assert_no_value(text, "shorten");
	assert_no_value("min", "in brackets");
	assert_no_value("min(1, 2", "not closed");
	assert_no_value("abs(1, 2)", "not closed");
	assert_no_value("abs(", "ends where a value");
	assert_no_value("trainable(features", "not closed");
	assert_no_value("r1.", "unknown name");
}
END_TEST

START_TEST(expr__assert__says_its_message)
{
	ck_assert_int_eq(capture_run(&C, "assert params == 600165, \"the activity's; model\""), 0);
	ck_assert_int_eq(capture_run(&C, "assert params == 1 or data == \"x, y\" , \"train \\\"five\\\" epochs\" # so"), 3);
	ck_has(C.errors, "assert: train \"five\" epochs (params == 1 or data == \"x, y\" does not hold: params = 600165, "
	    "data = \"mnist\")");
	ck_assert_int_eq(capture_run(&C, "assert params == 1, message"), 1);
	ck_has(C.errors, "double quotes");
	ck_assert_int_eq(capture_run(&C, "assert params == 1, \"a\" \"b\""), 1);
	ck_assert_int_eq(capture_run(&C, "assert optimizer"), 1);
	ck_has(C.errors, "is a text, not a condition");
	ck_assert_int_eq(capture_run(&C, "print optimizer, max(1, 2), \"well, (so\""), 0);
	ck_assert_str_eq(C.text, "adadelta 2 well, (so\n");
}
END_TEST

/* Of parts that `and` joins only those that are false, texts as well; of anything else all names. */
START_TEST(expr__assert__says_what_is_false)
{
	static const char *const said[][2] = {
	    {"data == \"mnist\" and params == 600165 and runs == 2 and loaded == 0", "(runs = 0)"},
	    {"optimizer == \"adadelta\" and lr == .5 and params == 1", "(lr = 1, params = 600165)"},
	    {"data == \"fashion\" and params == 1", "(data = \"mnist\", params = 600165)"},
	    {"(runs == 0 and (loaded == 0 and params == 1)) and lr == 1", "(params = 600165)"},
	    {"loaded == 0 and (runs == 2 or data == \"a and b\")", "(runs = 0, data = \"mnist\")"},
	    {"params == 1 and loaded == 0 or optimizer == \"sgd\"",
	        "(params = 600165, loaded = 0, optimizer = \"adadelta\")"},
	    {"not (data == \"mnist\" and loaded == 0)", "(data = \"mnist\", loaded = 0)"},
	    {"not data == \"mnist\" and loaded == 0", "(data = \"mnist\")"},
	    {"min(lr, params) > lr and runs == 0", "(lr = 1, params = 600165)"},
	    {"runs and trainable(head) == 1", "(runs = 0, trainable(head) = 590597)"},
	    {"delta(@a,head) == 1 and params == 600165", "(delta(@a,head) = 0.0)"},
	    {"1 == 2 and params == 600165", "(it never does)"}};
	char line[160], part[160];

	ck_assert_int_eq(capture_run(&C, "snapshot a"), 0);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		snprintf(line, sizeof line, "assert %s", said[i][0]);
		snprintf(part, sizeof part, "%s does not hold %s", said[i][0], said[i][1]);
		ck_assert_int_eq(capture_run(&C, line), 3);
		ck_has(C.errors, part);
	}
	/* a name that ends another with the same value is a name of its own */
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 5, softmax\"; train lt5 limit=64 epochs=1 verbose=0"), 0);
	ck_assert_int_eq(capture_run(&C, "assert r1.val_loss < 0 or val_loss < 0 or r1.lr + lr < 0"), 3);
	ck_has(C.errors, ", val_loss = ");
	ck_has(C.errors, "r1.lr = 1, lr = 1)");
	/* in 6 digits, unless those are the number that it is held against, or look like another figure */
	C.s->runs.results.val_loss = 0.8349000000000001;
	ck_assert_int_eq(capture_run(&C, "assert val_loss > 0.9"), 3);
	ck_has(C.errors, "(val_loss = 0.8349)");
	ck_assert_int_eq(capture_run(&C, "assert val_loss <= 0.8349 and val_loss < 2"), 3);
	ck_has(C.errors, "(val_loss = 0.8349000000000001)");
	C.s->runs.results.val_accuracy = 0.8349;
	ck_assert_int_eq(capture_run(&C, "assert val_accuracy == val_loss"), 3);
	ck_has(C.errors, "(val_accuracy = 0.8349, val_loss = 0.8349000000000001)");
	ck_assert_int_eq(capture_run(&C, "mode json; assert r1.split == \"lt5\" and r1.limit == 500 and r1.seed == 1337"), 3);
	ck_has(C.text, "\"value\":false");
	ck_has(C.text, "\"reason\":\"r1.limit = 64\"");
}
END_TEST

START_TEST(expr__assert__status)
{
	ck_assert_int_eq(capture_run(&C, "assert params == 600165"), 0);
	ck_assert_int_eq(capture_run(&C, "assert params == 1"), 3);
	ck_has(C.errors, "params = 600165");
	ck_assert_int_eq(capture_run(&C, "assert params"), 1);
	ck_assert_int_eq(capture_run(&C, "bail off; assert params == 1; nonsense"), 1);
	ck_assert_int_eq(capture_run(&C, "nonsense; assert params == 1"), 1);
}
END_TEST

START_TEST(expr__assert__what_is_not_known)
{
	ck_assert_int_eq(capture_run(&C, "mode json; assert r2.val_accuracy > 0.9, \"no second run\""), 1);
	ck_has(C.errors, "assert: no second run (whether r2.val_accuracy > 0.9 is not known: no run r2, there is none yet;");
	ck_has(C.text, "{\"event\":\"assert\",\"expression\":\"r2.val_accuracy > 0.9\",\"value\":null,\"script\":null,"
	    "\"line\":null,\"message\":\"no second run\",\"reason\":\"no run r2, there is none yet;");
	ck_assert_int_eq(capture_run(&C, "mode csv; assert frozen_delta == 0, \"not frozen\""), 1);
	ck_has(C.text, "event,expression,value,script,line,message,reason\n"
	    "assert,frozen_delta == 0,,,,not frozen,frozen_delta: no layer with weights is frozen;");
	ck_assert_int_eq(capture_run(&C, "assert frozen_dleta == 0"), 1);
	ck_assert_str_eq(C.text, ""); /* what cannot be read asserts nothing */
}
END_TEST

/* What is not known decides nothing: false and unknown is false, true or unknown is true. */
START_TEST(expr__assert__what_is_not_known_beside_what_is)
{
	static const struct {
		const char *text;
		int status;
	} each[] = {{"1 == 2 and accuracy > 0", 3}, {"accuracy > 0 and 1 == 2", 3}, {"accuracy > 0 and 1 == 1", 1},
	    {"1 == 1 or accuracy > 0", 0}, {"accuracy > 0 or 1 == 1", 0}, {"accuracy > 0 or 1 == 2", 1},
	    {"not (accuracy > 0 and 1 == 2)", 0}, {"not accuracy > 0 and 1 == 2", 3}, {"not accuracy > 0", 1},
	    {"(1 == 1 or loss < 1) and accuracy > 0", 1}, {"1 == 2 and -accuracy * 2 + 1 > min(accuracy, 1)", 3},
	    {"abs(1 - accuracy) / 2 > 0", 1}, {"split == \"lt5\" and 1 == 2", 3}, {"\"lt5\" != split and 1 == 1", 1},
	    {"1 == 2 and acuracy > 0", 1}, {"1 == 2 and recall(12) > 0", 1}, {"1 == 2 and (accuracy > 0 or loss > 0)", 3}};

	for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
		char line[100];
		int status;

		snprintf(line, sizeof line, "assert %s", each[i].text);
		status = capture_run(&C, line);
		ck_assert_msg(status == each[i].status, "%s: %d, %s", line, status, C.errors);
		ck_assert(status == 0 || strlen(C.errors) > 0);
	}
	ck_assert_int_eq(capture_run(&C, "assert params == 600165 and loss < 1 and accuracy > 0"), 1);
	ck_has(C.errors, "loss is not known yet"); /* the first one */
	ck_assert_int_eq(capture_run(&C, "assert accuracy > 0 and params == 1"), 3);
	ck_has(C.errors, "does not hold (params = 600165)");
}
END_TEST

START_TEST(expr__assert__conditions)
{
	static const char *const none[][2] = {{"params", "params is"}, {"not params", "params is"},
	    {"1 == 1 and params + 1", "params + 1 is"}, {"lr or 1 == 1", "lr is"}, {"-trainable", "-trainable is"},
	    {"not trainable(head) * 2", "trainable(head) * 2 is"}};

	ck_assert_int_eq(capture_run(&C, "assert trainable(head) and trainable and not runs"), 0);
	ck_assert_int_eq(capture_run(&C, "freeze head; assert not trainable(head) and trainable(features)"), 0);
	ck_assert_int_eq(capture_run(&C, "assert trainable(head) or runs"), 3);
	ck_has(C.errors, "trainable(head) = 0, runs = 0");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		char line[80], said[80];

		snprintf(line, sizeof line, "assert %s", none[i][0]);
		snprintf(said, sizeof said, "assert: %s a number, not a condition", none[i][1]);
		ck_assert_int_eq(capture_run(&C, line), 1);
		ck_has(C.errors, said);
	}
}
END_TEST

/* Of a run that was cut short, or ended early, epochs are those that were asked for, wherever they stand. */
START_TEST(expr__value_of__epochs)
{
	ck_assert_int_eq(capture_run(&C, "timing off; build \"flatten | dense 5, softmax\"; "
	    "train lt5 limit=64 epochs=9 stop=loss<100 verbose=0; train lt5 limit=64 epochs=2 verbose=0"), 0);
	ck_assert_int_eq(capture_run(&C, "assert r1.epochs == 9 and r1.epochs_done == 1 and epochs == 2 and "
	    "epochs_done == 2"), 0);
	capture_run_at(&C, 1)->interrupted = true;
	capture_run_at(&C, 1)->epochs = 12;
	ck_assert_int_eq(capture_run(&C, "assert r2.epochs == 12 and r2.epochs_done == 2; mode json; runs; "
	    "compare r1 r2; mode csv; runs; compare r1 r2; mode table; runs; compare r1 r2"), 0);
	ck_has(C.text, "\"epochs\":9,");
	ck_has(C.text, "\"epochs\":12,");
	ck_has(C.text, "\"epochs_done\":2,\"interrupted\":true");
	ck_has(C.text, ",begun,epochs_done,interrupted,data,test,sample,watch,threads,kernels,weights,changes,");
	ck_has(C.text, "\nrun,r1,lt5,64,9,adadelta,");
	ck_has(C.text, ",1,false,mnist,5139,,,");
	ck_has(C.text, "\nrun,r2,lt5,64,12,adadelta,");
	ck_has(C.text, ",2,true,mnist,5139,,,");
	ck_has(C.text, "\nepochs         9                12");
	ck_has(C.text, "\nepochs_done    1                2");
	ck_has(C.text, "2 of 12");
}
END_TEST

START_TEST(expr__value_of__whether_weights_were_loaded)
{
	ck_assert_int_eq(capture_run(&C, "build \"max_pooling2d 4, flatten | dense 5, softmax\"; "
	    "train lt5 limit=64 epochs=1 verbose=0"), 0);
	scratch_setup();
	ck_assert_int_eq(capture_run(&C, "save a.safetensors; save a.npz"), 0);
	ck_assert_int_eq(capture_run(&C, "assert loaded == 0 and not loaded and r1.loaded == 0 and not r1.loaded"), 0);
	ck_assert_int_eq(capture_run(&C, "bail off; load none.safetensors; assert not loaded"), 1);
	/* the session's own come from no file */
	ck_assert_int_eq(capture_run(&C, "snapshot a; reset; load @a; reset; load r1; assert not loaded"), 0);
	ck_assert_int_eq(capture_run(&C, "load a.npz only=head; assert loaded == 1 and r1.loaded == 0; reset; undo"), 0);
	ck_assert_int_eq(capture_run(&C, "train lt5 limit=64 epochs=1 verbose=0; undo; undo; assert loaded == 1 and "
	    "r1.loaded == 0 and r2.loaded == 1"), 0);
	ck_assert_int_eq(capture_run(&C, "load a.safetensors; assert runs == 1 and loaded == 2 and r1.loaded"), 0);
	ck_assert_int_eq(capture_run(&C, "assert runs == 1 and loaded == 0"), 3);
	ck_has(C.errors, "does not hold (loaded = 2)");
	scratch_teardown();
}
END_TEST

/* What was frozen too late to be what r1 had learned holds in all but the last. */
START_TEST(expr__value_of__delta_since_a_point)
{
	static const char *const refused[][2] = {{"delta(r1)", "as in delta(r1, features)"},
	    {"delta(features, r1)", "as in delta(r1, features)"}, {"delta()", "as in delta(r1, features)"},
	    {"delta(r1, flatten)", "flatten has no weights"}, {"delta(r1, haed)", "did you mean \"head\""},
	    {"delta(r7, head)", "no run r7"}, {"delta(@none, head)", "no snapshot @none"}, {"delta", "delta()"}};

	ck_assert_int_eq(capture_run(&C, "build \"conv2d 2 5, max_pooling2d 4, flatten | dense 5, softmax\"; "
	    "train gte5 limit=64 epochs=1 verbose=0; snapshot a; freeze features"), 0);
	ck_assert(value_of("delta(r1, all) == 0 and delta(@a,all) == 0 and delta( init , conv2d ) > 0"));
	ck_assert_int_eq(capture_run(&C, "train lt5 limit=64 epochs=1 verbose=0; assert delta(r1, features) == 0 and "
	    "delta(r1, head) > 0 and delta(r2, all) == 0"), 0);
	ck_assert_int_eq(capture_run(&C, "reset; train lt5 limit=64 epochs=1 verbose=0; assert frozen_delta == 0 and "
	    "loaded == 0 and r3.frozen == \"features\" and trainable < params"), 0);
	ck_assert_int_eq(capture_run(&C, "assert delta(r1, features) == 0, \"the features are not those of r1\""), 3);
	ck_has(C.errors, "(delta(r1, features) == 0 does not hold: delta(r1, features) = 0.");
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_no_value(refused[i][0], refused[i][1]);
	ck_assert_int_eq(capture_run(&C, "build lenet5"), 0);
	assert_no_value("delta(r1, head)", "r1 was of another model");
	ck_assert_int_eq(capture_run(&C, "undo; assert delta(r3, all) == 0"), 0);
}
END_TEST

START_TEST(expr__value_of__what_was_looked_at)
{
	static const char *const before[][2] = {{"confused(1,2)", "`confused` or `confusion`"}, {"p(1)", "`predict test:0`"},
	    {"sum", "`explain dense[0]`"}, {"output", "`explain dense[0]`"}, {"largest", "`occlude`"}, {"linear(dense)", "`probe` tells it"},
	    {"knn(flatten)", "`probe` tells it"}, {"confused(1)", "confused(7,9)"}, {"confused(1,2,3)", "confused(7,9)"},
	    {"confused(x,2)", "confused(7,9)"}, {"p(12)", "there is no digit 12 in the data; take one of 0 to 9, as in p(3)"}, {"p()", "p(3)"},
	    {"p(99999999999)", "no digit 99999999999"}, {"recall(3", "not closed"}, {"f1(x)", "a digit is missing, as in f1(3)"},
	    {"recall(1,2)", "takes one digit"}, {"linear(all)", "one layer"},
	    {"linear(conv3)", "no layer matches"}};

	double recall;

	ck_assert_int_eq(capture_run(&C, "build \"max_pooling2d 4, flatten | dense 5, softmax\""), 0);
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		assert_no_value(before[i][0], before[i][1]);
	ck_assert_int_eq(capture_run(&C, "train lt5 limit=500 epochs=1; eval lt5; confused lt5 min=1; predict test:0; "
	    "explain dense[2] test:0; saliency; probe lt5 dense n=100"), 0);
	recall = value_of("recall(1)"); /* by `confused` */
	ck_assert_int_eq(capture_run(&C, "predict test:0; eval lt5 report"), 0);
	ck_assert_double_eq(value_of("recall(1)"), recall);
	ck_assert(value_of("confused(1,2)") >= 0 && value_of("confused( 2 , 2 )") > 0);
	ck_assert_double_eq_tol(value_of("p(0) + p(1) + p(2) + p(3) + p(4)"), 1, 1e-6);
	ck_assert(value_of("largest") > 0);
	ck_assert_double_eq_tol(value_of("sum - output"), 0, 1e-5);
	ck_assert(value_of("linear(dense)") > 0.3 && value_of("knn(dense)") > 0.3);
	assert_no_value("confused(1,7)", "a split that has both");
	assert_no_value("p(7)", "trained on a split with 7");
	ck_assert_int_eq(capture_run(&C, "train lt5 limit=50 epochs=1"), 0); /* other weights */
	assert_no_value("confused(1,2)", "not known yet");
	assert_no_value("p(1)", "not known yet");
	assert_no_value("output", "not known yet");
	assert_no_value("largest", "not known yet");
	assert_no_value("linear(dense)", "not known yet");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("expr");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, expr__eval__precedence);
	tcase_add_test(t, expr__eval__errors);
	tcase_add_test(t, expr__eval__a_figure_is_known_once_it_was_found);
	tcase_add_test(t, expr__eval__deep_nesting);
	tcase_add_test(t, expr__names__of_settings_layers_runs_and_digits);
	tcase_add_test(t, expr__texts__are_equal_or_not);
	tcase_add_test(t, expr__assert__says_its_message);
	tcase_add_test(t, expr__assert__says_what_is_false);
	tcase_add_test(t, expr__assert__status);
	tcase_add_test(t, expr__assert__what_is_not_known);
	tcase_add_test(t, expr__assert__what_is_not_known_beside_what_is);
	tcase_add_test(t, expr__assert__conditions);
	tcase_add_test(t, expr__value_of__epochs);
	tcase_add_test(t, expr__value_of__whether_weights_were_loaded);
	tcase_add_test(t, expr__value_of__delta_since_a_point);
	tcase_add_test(t, expr__value_of__what_was_looked_at);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
