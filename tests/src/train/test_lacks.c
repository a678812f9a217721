/* test_lacks.c: runs, trials and searches of a rate where memory or threads are missing, call by call, and where they are
 * given up: a sentence, and the same bits wherever one comes to its end all the same.
 */
#include "train/lrfind.h"
#include "train/trial.h"
#include "util/xmalloc.h"
#include "tests/src/told.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MODEL "timing off; set threads 2; set kernels base; data small; build \"conv2d 2 3, relu, max_pooling2d 4, flatten | " \
	"dense 4, relu, dense 10, softmax\"; "

static const struct user_host screen = {.is_screen = true}; /* where all predictions of a validation are kept */

static void
anew(const char *before, bool shown)
{
	static const uint32_t index[] = {0, 7};

	capture_close(&C);
	capture_open(&C);
	captured_ok(before);
	if (shown) {
		C.s->user.host = &screen;
		job_show(&C.s->worker, index, 2);
	}
}

static bool
told(void)
{
	return strchr(C.errors, ';') != NULL && (strstr(C.errors, "memory") != NULL || strstr(C.errors, " thread") != NULL);
}

/* Each call fails in its turn until the line needs no more of them. Returns how often it failed. */
static int
each(const char *before, const char *line, enum failing what, int error, bool shown)
{
	char sha[65];
	int n = 0, nruns;

	anew(before, shown);
	captured_ok(line);
	memcpy(sha, runs_last(&C.s->runs)->sha256, sizeof sha);
	nruns = capture_nruns(&C);
	for (bool struck = true; struck; n++) {
		int status;

		anew(before, shown);
		failing_at(what, n + 1, error);
		status = capture_run(&C, line);
		struck = failing_struck();
		ck_assert_msg(status == 0 || told(), "%s, call %d: %s", line, n + 1, C.errors);
		ck_assert_int_le(capture_nruns(&C), nruns);
		if (status == 0)
			ck_assert_msg(strcmp(runs_last(&C.s->runs)->sha256, sha) == 0, "%s, call %d: other weights", line, n + 1);
		else
			ck_assert_msg(struck, "%s: undisturbed, but %s", line, C.errors);
		for (int i = 0; i < capture_nruns(&C) && status != 0; i++) /* what is left of it is whole */
			ck_assert_msg(strlen(capture_run_at(&C, i)->sha256) == 64, "%s, call %d", line, n + 1);
	}
	return n;
}

START_TEST(lacks__train__memory)
{
	ck_assert_int_ge(each(MODEL, "train gte5 epochs=2 batch=4 watch=lt5 by=batch stop=val_loss:patience=2", FAILING_MEMORY, ENOMEM,
	    true), 60);
	ck_assert_int_ge(each(MODEL "freeze features", "train all epochs=1 batch=8 optimizer=adam", FAILING_MEMORY, ENOMEM, true), 40);
	ck_assert_int_ge(each(MODEL, "finetune gte5 epochs=1 freeze_epochs=1 batch=8", FAILING_MEMORY, ENOMEM, false), 60);
	ck_assert_int_ge(each(MODEL, "finetune gte5 epochs=1 freeze_epochs=1 batch=8", FAILING_THREAD, EAGAIN, false), 3);
}
END_TEST

/* A run that was interrupted stays so until it has begun again. */
START_TEST(lacks__resume__memory)
{
	anew(MODEL, false);
	C.s->worker.steps = 3;
	captured_ok("train all epochs=2 batch=4 optimizer=adam stop=val_loss:patience=5");
	ck_assert(runs_last(&C.s->runs)->interrupted);
	captured_ok("save cut.safetensors");
	ck_assert_int_ge(each(MODEL "load cut.safetensors", "resume", FAILING_MEMORY, ENOMEM, false), 40);
	ck_assert_int_ge(each(MODEL "load cut.safetensors", "resume", FAILING_THREAD, EAGAIN, false), 2);
}
END_TEST

START_TEST(lacks__tasks__memory_and_threads)
{
	static const struct {
		const char *line;
		int memory, threads;
	} tasks[] = {{"compare modes gte5 from=r1 epochs=2 limit=8 seeds=1 batch=4", 30, 2}, {"lrfind all steps=12 batch=4", 15, 1}};

	for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
		ck_assert_int_ge(each(MODEL "train lt5 epochs=1 batch=8", tasks[i].line, FAILING_MEMORY, ENOMEM, false), tasks[i].memory);
		ck_assert_int_ge(each(MODEL "train lt5 epochs=1 batch=8", tasks[i].line, FAILING_THREAD, EAGAIN, false), tasks[i].threads);
	}
	/* as a job, which has a thread of its own */
	anew(MODEL "train lt5 epochs=1 batch=8; eval", false);
	capture_async(&C);
	failing_at(FAILING_THREAD, 1, EAGAIN);
	capture_run(&C, "lrfind all steps=12 batch=4");
	ck_assert(failing_struck());
	ck_assert(!capture_busy(&C));
	ck_assert_msg(told(), "%s", C.errors);
}
END_TEST

/* ---- trials ---- */

static int left; /* until it is given up */

static bool
give_up(const void *arg)
{
	return left-- <= 0;
}

static bool
never(void *arg)
{
	return false;
}

static int
trial(enum trial_mode mode, float lr, const struct part *train, double *loss, struct err *e)
{
	static struct trial x;
	struct trials t = {.net = C.s->model.net, .features = C.s->model.features, .source = nn_net_weights(C.s->model.net),
	    .train = train, .test = &C.s->data.set->test, .config = C.s->set.run, .head_epochs = 1, .kernels = "base", .threads = 1,
	    .stop = never, .give_up = give_up, .n = 1, .trial = &x};
	int rc;

	ck_assert_int_eq(split_parse("all", &t.split, e), 0);
	x = (struct trial){.mode = mode, .limit = 8, .seed = 1, .epochs = 2};
	t.config.lr = lr;
	t.config.batch = 4;
	t.config.optimizer = C.s->set.run.optimizer;
	rc = trials_run(&t, e);
	*loss = x.loss;
	return rc;
}

/* At each moment at which it is asked whether to go on. */
START_TEST(trials__run__given_up)
{
	for (int mode = 0; mode < TRIAL_MODES; mode++) {
		struct err e = {0};
		double loss = 0;
		int n = 0, rc = -1;

		for (; rc != 0; n++) {
			left = n;
			rc = trial(mode, 1, &C.s->data.set->train, &loss, &e);
			ck_assert_msg(rc == 0 || rc == NN_STOPPED, "%s: %s", trial_names[mode], e.text);
			ck_assert_int_lt(n, 1000);
		}
		ck_assert_int_gt(n, 4);
		ck_assert(isfinite(loss));
	}
}
END_TEST

START_TEST(trials__run__without_a_figure)
{
	static uint16_t none[20];
	struct part other = C.s->data.set->train;
	struct err e = {0};
	double loss = 0;

	/* what is no number any more ends a trial, and is its figure */
	left = 1000000;
	ck_assert_int_eq(trial(TRIAL_SCRATCH, 1e30F, &C.s->data.set->train, &loss, &e), 0);
	ck_assert(isnan(loss));
	/* no image to train on */
	for (size_t i = 0; i < 20; i++)
		none[i] = 11;
	other.label = none;
	ck_assert_int_lt(trial(TRIAL_SCRATCH, 1, &other, &loss, &e), 0);
	ck_has(e.text, "none of the 20 images belongs to all");
}
END_TEST

/* ---- a rate ---- */

static bool
always(void *arg)
{
	return true;
}

START_TEST(lrfind__run__given_up)
{
	struct rates_point point[12];
	struct selection many;
	struct split all;
	struct err e = {0};
	struct lrfind x = {.net = C.s->model.net, .config = C.s->set.run, .from = 1e-4, .to = 1, .steps = 12, .stop = never,
	    .point = point};

	captured_ok("train all epochs=1 batch=8");
	x.engine = C.s->compute.engine;
	x.set = &C.s->compute.sets.train.set;
	x.config.lr = 1;
	x.config.batch = 20;
	ck_assert_msg(lrfind_run(&x, &e) == 0, "%s", e.text);
	ck_assert_int_eq(x.n, 12);
	ck_assert_double_eq_tol(point[11].lr, 1, 1e-12);
	/* between two steps, when so many images are done */
	x.n = 0;
	x.config.batch = NN_EVAL_BATCH;
	x.stop = always;
	ck_assert_int_eq(lrfind_run(&x, &e), NN_STOPPED);
	ck_assert_int_eq(x.n, 1);
	/* and within one that may take long */
	captured_ok("data mnist; build \"flatten | dense 2000, dense 1500, dense 10, softmax\"");
	ck_assert_int_eq(split_parse("all", &all, &e), 0);
	ck_assert_int_eq(selection_make(&many, &C.s->data.set->train, &all, 1024, &e), 0);
	x.net = C.s->model.net;
	x.set = &many.set;
	x.n = 0;
	x.config.batch = 1024;
	x.stop = never;
	nn_engine_set_give_up(x.engine, always, NULL);
	ck_assert_int_eq(lrfind_run(&x, &e), NN_STOPPED);
	ck_assert_int_eq(x.n, 0);
	nn_engine_set_give_up(x.engine, NULL, NULL);
	selection_free(&many);
}
END_TEST

/* A loss that is no number ends it, and is none of the points. */
START_TEST(lrfind__run__explodes)
{
	struct rates_point point[12];
	struct err e = {0};
	struct lrfind x = {.net = C.s->model.net, .config = C.s->set.run, .steps = 12, .stop = never, .point = point};

	captured_ok("train all epochs=1 batch=8");
	x.engine = C.s->compute.engine;
	x.set = &C.s->compute.sets.train.set;
	x.config.lr = 1;
	x.config.batch = 20;
	x.from = 1e30;
	x.to = 1e35;
	ck_assert_int_eq(lrfind_run(&x, &e), 0);
	ck_assert_int_lt(x.n, 12);
	ck_assert(!lrfind_falls(&x));
}
END_TEST

static int
valley(int n, const double *smooth, int steps)
{
	struct rates_point point[40] = {0};
	struct lrfind x = {.n = n, .steps = steps, .point = point};

	for (int i = 0; i < n; i++)
		point[i].smooth = smooth[i];
	return lrfind_valley(&x);
}

/* Whether a higher rate may be better still. */
START_TEST(lrfind__falls__to_the_end)
{
	struct rates_point point[20] = {0};
	struct lrfind x = {.n = 20, .steps = 20, .point = point};

	for (int i = 0; i < 20; i++)
		point[i].smooth = 20 - i;
	ck_assert(lrfind_falls(&x));
	point[14].smooth = 0; /* behind it there are five */
	ck_assert(!lrfind_falls(&x));
	point[15].smooth = -1;
	ck_assert(lrfind_falls(&x));
	x.n = 19; /* it has exploded */
	ck_assert(!lrfind_falls(&x));
}
END_TEST

START_TEST(lrfind__valley__where_it_falls)
{
	double up[40], down[40];

	for (int i = 0; i < 40; i++) {
		up[i] = i;
		down[i] = 40 - i;
	}
	ck_assert_int_eq(valley(20, up, 20), -1); /* it never does */
	ck_assert_int_eq(valley(8, down, 20), -1); /* behind the first tenth and before the last five is one point */
	ck_assert_int_eq(valley(9, down, 20), 2); /* two, of which the first is meant */
	ck_assert_int_ge(valley(40, down, 40), 4 + 10);
	ck_assert_int_le(valley(40, down, 40), 4 + 20);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("lacks");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 600);
	tcase_add_checked_fixture(t, captured_small, captured_teardown);
	tcase_add_test(t, lacks__train__memory);
	tcase_add_test(t, lacks__resume__memory);
	tcase_add_test(t, lacks__tasks__memory_and_threads);
	tcase_add_test(t, trials__run__given_up);
	tcase_add_test(t, trials__run__without_a_figure);
	tcase_add_test(t, lrfind__run__given_up);
	tcase_add_test(t, lrfind__run__explodes);
	tcase_add_test(t, lrfind__falls__to_the_end);
	tcase_add_test(t, lrfind__valley__where_it_falls);
	suite_add_tcase(s, t);
	return run_suite(s);
}
