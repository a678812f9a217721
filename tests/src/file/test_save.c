/* test_save.c: what is written to files where a session has more than a file may hold, or nothing that it can hold. */
#include "file/hdf5.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "timing off; build \"conv2d 2 5, relu, max_pooling2d 4, dropout .25, flatten | dense 8, relu, dropout .5, dense 5, softmax\"; "

static bool
has_hdf5(void)
{
	char *helper = hdf5_helper(&(struct err){0});

	free(helper);
	return helper != NULL; /* else it was built without */
}

/* What `now` has changed in a run is kept, the newest of it where that is very much. */
START_TEST(file__save__what_now_has_changed)
{
	char *many = xmalloc(120001);

	captured_ok(SMALL "train gte5 limit=10 epochs=1");
	capture_run_at(&C, 0)->changes = xstrdup("epoch 2: freeze \"conv2d\"");
	captured_ok("save a.safetensors; load a.safetensors");
	ck_assert_str_eq(capture_run_at(&C, 0)->changes, "epoch 2: freeze \"conv2d\"");
	for (int i = 0; i < 120000; i++)
		many[i] = "freeze a; "[i % 10];
	many[120000] = '\0';
	free(capture_run_at(&C, 0)->changes);
	capture_run_at(&C, 0)->changes = many;
	captured_ok("save a.safetensors; load a.safetensors");
	ck_assert_uint_le(strlen(capture_run_at(&C, 0)->changes), 100000);
	ck_assert_uint_gt(strlen(capture_run_at(&C, 0)->changes), 99900);
	ck_assert_int_eq(strncmp(capture_run_at(&C, 0)->changes, "freeze a; ", 10), 0);
	/* without an end of one of them, none is kept */
	memset(capture_run_at(&C, 0)->changes, 'x', strlen(capture_run_at(&C, 0)->changes));
	many = xmalloc(110001);
	memset(many, 'x', 110000);
	many[110000] = '\0';
	free(capture_run_at(&C, 0)->changes);
	capture_run_at(&C, 0)->changes = many;
	captured_ok("save a.safetensors; load a.safetensors");
	ck_assert_str_eq(capture_run_at(&C, 0)->changes, "");
}
END_TEST

START_TEST(file__save__weights_that_are_none)
{
	captured_ok(SMALL "save all.safetensors only=all");
	captured_refused("save x.safetensors only=flatten", "there are no weights to save in these layers");
	captured_refused("load all.safetensors only=flatten", "nothing of it fits these layers (they have no weights)");
	captured_refused("load nowhere.safetensors only=nosuch", "no layer matches");
	nn_net_weights_edit(capture_net(&C))[3] = NAN;
	nn_net_weights_edit(capture_net(&C))[4] = INFINITY;
	nn_net_changed(capture_net(&C));
	captured_ok("save nan.safetensors");
	ck_has(C.errors, "2 weights are NaN or infinite, so the file cannot be loaded again");
	captured_refused("load nan.safetensors", "2 of the 50 values of \"conv2d.kernel\" are NaN or infinite");
	captured_refused("load nan.safetensors only=conv2d", "are NaN or infinite");
	if (!has_hdf5())
		return;
	captured_ok("save nan.keras");
	ck_has(C.errors, "2 weights are NaN or infinite, so thaw will not load the file again");
	captured_refused("load nan.keras", "are NaN or infinite");
}
END_TEST

/* Of a run that was interrupted the file has as much as there is. */
START_TEST(file__save__a_run_of_which_little_is_kept)
{
	struct run *r;
	struct weights *before;
	uint8_t *p;
	size_t n;

	captured_ok(SMALL "train gte5 limit=10 epochs=1");
	r = capture_run_at(&C, 0);
	before = r->before;
	r->before = NULL;
	r->interrupted = true;
	captured_ok("save little.safetensors");
	p = scratch_read("little.safetensors", &n);
	ck_assert_ptr_null(memmem(p, n, "\"optimizer.", 11));
	ck_assert_ptr_null(memmem(p, n, "\"before.", 8));
	free(p);
	r->before = before;
	captured_ok("save more.safetensors");
	p = scratch_read("more.safetensors", &n);
	ck_assert_ptr_null(memmem(p, n, "\"optimizer.", 11));
	ck_assert_int_eq(memmem(p, n, "\"before.", 8) != NULL, before != NULL);
	free(p);
}
END_TEST

/* The state of its optimizer is in a file of Keras where it is that of this very model. */
START_TEST(file__save__keras_with_the_state_of_a_run)
{
	struct run *r;
	struct weights *w;

	if (!has_hdf5())
		return;
	captured_ok(SMALL "train gte5 limit=10 epochs=1; save done.keras");
	r = capture_run_at(&C, 0);
	r->interrupted = true; /* as of a run whose state nobody kept */
	captured_ok("save none.keras");
	for (int k = 0; k < 2; k++) {
		r->slot[k] = xcalloc(r->params, sizeof *r->slot[k]);
		for (size_t i = 0; i < r->params; i++)
			r->slot[k][i] = 1;
	}
	r->state.iterations = (uint64_t)INT32_MAX + 1; /* more than the file can say */
	w = r->weights;
	r->weights = NULL; /* as where nobody knows which weights it left */
	captured_ok("save unknown.keras");
	r->weights = w;
	captured_ok("save cut.keras; save cut.weights.h5; undo; save undone.keras"); /* the weights are none of that run any more */
	captured_ok("load done.keras; load none.keras; load unknown.keras; load undone.keras");
	ck_lacks(C.text, "the optimizer's state");
	captured_ok("load cut.keras");
	ck_has(C.text, "the optimizer's state (adadelta, 0 steps) is kept");
	captured_ok("reset; load cut.weights.h5");
	ck_has(C.text, "the optimizer's state (adadelta, 0 steps) is kept");
	captured_ok("load cut.weights.h5 only=all");
	ck_has(C.text, "the optimizer's state in the file (12 tensors) is left out: `only` takes weights alone; a run begins with its own");
	captured_ok("build \"flatten | dense 5, softmax\"; save other.keras; load other.keras");
	ck_lacks(C.text, "the optimizer's state");
}
END_TEST

/* A file holds 10,000 runs; a session may have more. */
START_TEST(file__save__the_latest_of_very_many_runs)
{
	struct run *first;

	captured_ok(SMALL "train gte5 limit=10 epochs=1");
	first = capture_run_at(&C, 0);
	C.s->runs.list = xrealloc(C.s->runs.list, 10002, sizeof *C.s->runs.list);
	while (capture_nruns(&C) < 10002) {
		struct run *r = xcalloc(1, sizeof *r);

		r->number = capture_nruns(&C) + 1;
		r->data = xstrdup("mnist");
		r->kernels = xstrdup("");
		r->frozen = xstrdup("");
		r->split = first->split;
		r->config = first->config;
		r->epochs = r->threads = 1;
		r->train = first->train;
		C.s->runs.list[C.s->runs.n++] = r;
	}
	captured_ok("save many.safetensors; reset seed=5");
	ck_assert(runs_plot(&C.s->runs, C.s->runs.list, 2));
	captured_ok("load many.safetensors");
	ck_assert_int_eq(C.s->runs.plotted.n, 0); /* which others have the numbers of */
	ck_assert_int_eq(capture_nruns(&C), 10000);
	ck_assert_int_eq(capture_run_at(&C, 0)->number, 3);
	ck_assert_int_eq(capture_run_at(&C, 9999)->number, 10002);
}
END_TEST

/* Histories of short numbers have more values than a file may ask its reader to hold. */
START_TEST(file__save__no_more_values_than_load_takes)
{
	captured_ok(SMALL "train gte5 limit=10 epochs=1");
	C.s->runs.list = xrealloc(C.s->runs.list, 13, sizeof *C.s->runs.list);
	for (int n = 2; n <= 13; n++) {
		const struct run *first = capture_run_at(&C, 0);
		struct run *r = xcalloc(1, sizeof *r);

		*r = (struct run){.number = n, .data = xstrdup("mnist"), .kernels = xstrdup(""), .frozen = xstrdup(""), .split = first->split,
		    .config = first->config, .epochs = 100000, .nepoch = 100000, .threads = 1, .train = first->train};
		r->epoch = xcalloc(100000, sizeof *r->epoch);
		C.s->runs.list[C.s->runs.n++] = r;
	}
	captured_ok("save short.safetensors");
	ck_has(C.errors, "leaves out 4 of the oldest runs"); /* of 13: 8 values in each of 100,000 rows */
	captured_ok("load short.safetensors");
	ck_assert_int_eq(capture_nruns(&C), 9);
}
END_TEST

/* Of a curve that has more points than a file may have some are left out, the first and the last are not. */
START_TEST(file__save__some_points_of_a_long_curve)
{
	struct run *r;

	captured_ok(SMALL "train gte5 limit=10 epochs=1");
	r = capture_run_at(&C, 0);
	r->nbatch = 1000002;
	r->batch = xrealloc(r->batch, r->nbatch, sizeof *r->batch);
	for (size_t i = 0; i < r->nbatch; i++)
		r->batch[i] = (struct batch_point){(float)((double)(i + 1) / (double)r->nbatch), 1, 1};
	captured_ok("save curve.safetensors; load curve.safetensors");
	r = capture_run_at(&C, 0);
	ck_assert_uint_le(r->nbatch, 1000000);
	ck_assert_uint_ge(r->nbatch, 100);
	ck_assert(r->batch[r->nbatch - 1].x == 1);
}
END_TEST

/* Runs whose histories and curves are longer than a header may be. The newest curve has more points than a file. FAULTS=all: writes and
 * reads a hundred megabytes.
 */
START_TEST(file__save__keeps_within_what_load_takes)
{
	const struct run *r;

	captured_ok(SMALL "train gte5 limit=10 epochs=1");
	C.s->runs.list = xrealloc(C.s->runs.list, 12, sizeof *C.s->runs.list);
	for (int n = 2; n <= 12; n++) {
		const struct run *first = capture_run_at(&C, 0);
		struct run *long_one = xcalloc(1, sizeof *long_one);

		long_one->number = n;
		long_one->data = xstrdup("mnist");
		long_one->kernels = xstrdup("");
		long_one->frozen = xstrdup("");
		long_one->split = first->split;
		long_one->config = first->config;
		long_one->epochs = long_one->nepoch = 100000;
		long_one->threads = 1;
		long_one->train = first->train;
		long_one->epoch = xcalloc(100000, sizeof *long_one->epoch);
		long_one->nbatch = n == 12 ? 1500000 : 50000;
		long_one->batch = xcalloc(long_one->nbatch, sizeof *long_one->batch);
		for (int i = 0; i < 100000; i++) /* a number that is short to find and long to write */
			long_one->epoch[i] = (struct epoch_record){1e15, 1e15, 1e15, 1e15, 1e15, i, 1e15};
		for (size_t i = 0; i < long_one->nbatch; i++)
			long_one->batch[i] = (struct batch_point){(float)(i / 15), 1e14f, i % 2 ? 1 : 0};
		C.s->runs.list[C.s->runs.n++] = long_one;
	}
	captured_ok("save long.safetensors");
	ck_has(C.errors, "leaves out 3 of the oldest runs");
	captured_ok("load long.safetensors");
	r = runs_last(&C.s->runs);
	ck_assert_int_eq(r->number, 12);
	ck_assert_int_eq(r->nepoch, 100000);
	ck_assert(r->epoch[99999].val_loss == 1e15 && r->epoch[99999].watch_loss == 99999);
	ck_assert_uint_le(r->nbatch, 1000000);
	ck_assert_uint_ge(r->nbatch, 100);
	ck_assert(r->batch[r->nbatch - 1].x == 1499999 / 15);
}
END_TEST

START_TEST(export__csv__as_keras_writes_it)
{
	struct run *r = xcalloc(1, sizeof *r);
	uint8_t *p;
	size_t n;
	static const char expect[] = "epoch,accuracy,loss,val_accuracy,val_loss\r\n"
				     "0,0.5,1.2345678806304932,1.0,1e-07\r\n"
				     "1,0.1,inf,NA,NA\r\n"
				     "2,0.1,nan,0.2,nan\r\n";

	r->number = 3;
	r->data = xstrdup("mnist");
	r->kernels = xstrdup("");
	r->frozen = xstrdup("");
	r->nepoch = 3;
	r->epoch = xcalloc(3, sizeof *r->epoch);
	r->epoch[0] = (struct epoch_record){0.5, 1.2345678806304932, 1, 1e-7, NAN, NAN, 1};
	r->epoch[1] = (struct epoch_record){0.1, INFINITY, NAN, NAN, NAN, NAN, 1};
	r->epoch[2] = (struct epoch_record){0.1, -NAN, 0.2, -NAN, NAN, NAN, 1};
	C.s->runs.list = xrealloc(C.s->runs.list, 1, sizeof *C.s->runs.list);
	C.s->runs.list[C.s->runs.n++] = r;
	captured_ok("export csv; export csv r3 named.csv");
	p = scratch_read("thaw-r3.csv", &n);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(n, sizeof expect - 1);
	ck_assert_mem_eq(p, expect, n);
	free(p);
	free(scratch_read("named.csv", &n));
	ck_assert_uint_eq(n, sizeof expect - 1);
	captured_refused("export csv r4", "no run r4");
	captured_refused("export csv a.csv b.csv", "a second file");
	captured_refused("export csv plot", "csv has no plot");
	captured_refused("export png nonsense", "unknown word \"nonsense\"");
	ck_assert_int_eq(scratch_files(), 2);
}
END_TEST

int
main(void)
{
	const char *sanitized = getenv("sanitized");
	Suite *s = suite_create("save");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, file__save__the_latest_of_very_many_runs);
	if (sanitized == NULL || strcmp(sanitized, "no") == 0) { /* there histories of many megabytes take minutes */
		tcase_add_test(t, file__save__some_points_of_a_long_curve);
		tcase_add_test(t, file__save__no_more_values_than_load_takes);
		if (getenv("FAULTS") != NULL)
			tcase_add_test(t, file__save__keeps_within_what_load_takes);
	}
	tcase_add_test(t, export__csv__as_keras_writes_it);
	tcase_add_test(t, file__save__what_now_has_changed);
	tcase_add_test(t, file__save__weights_that_are_none);
	tcase_add_test(t, file__save__a_run_of_which_little_is_kept);
	tcase_add_test(t, file__save__keras_with_the_state_of_a_run);
	suite_add_tcase(s, t);
	return run_suite(s);
}
