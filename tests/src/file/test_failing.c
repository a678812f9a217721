/* test_failing.c: commands whose memory is missing and whose files cannot be read, call by call: a sentence, and the
 * session as before.
 */
#include "file/hdf5.h"
#include "util/xmalloc.h"
#include "tests/src/told.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SMALL "conv2d 2 3, relu, max_pooling2d 4, dropout .25, flatten | dense 4, relu, dense 10, softmax"

/* ---- data ---- */

static void
write_cifar(const char *folder)
{
	static uint8_t record[10 * 3073];

	ck_assert_int_eq(mkdir(folder, 0777), 0);
	for (int i = 0; i < 10; i++) {
		memset(record + 3073 * i, 20 * i, 3073);
		record[3073 * i] = (uint8_t)i;
	}
	for (int b = 0; b <= 5; b++) {
		char *name = b > 0 ? xasprintf("%s/data_batch_%d.bin", folder, b) : xasprintf("%s/test_batch.bin", folder);

		scratch_write(name, record, sizeof record);
		free(name);
	}
}

static void
setup(void)
{
	captured_setup();
	scratch_digits("plain", false);
	scratch_digits("other", false);
	scratch_digits("packed", true);
	write_cifar("cifar");
}

/* ---- one call after the other fails ---- */

#define MODEL "timing off; set threads 2; data plain; build \"" SMALL "\"; "

START_TEST(failing__memory__is_an_error_of_the_command)
{
	static const struct {
		const char *before, *line;
		int least; /* so many calls fail at least */
	} tries[] = {
	    {"data other", "data plain", 1},
	    {"data other", "data packed", 1},
	    {"data other", "data cifar", 1},
	    {MODEL, "build \"conv2d 3 3, relu, max_pooling2d 2, dropout .25, flatten | dense 4, relu, dense 10, softmax\"", 1},
	    {MODEL "freeze features", "train all epochs=2 batch=4", 1},
	    {MODEL "set optimizer adam", "train all epochs=1 batch=4", 1},
	    {MODEL "set optimizer sgd; set batch 3", "train gte5 epochs=1", 1},
	    {MODEL "train all epochs=1 batch=8", "eval report", 1},
	    {MODEL "train all epochs=1 batch=8", "confusion", 1},
	    {MODEL "train all epochs=1 batch=8", "toplosses", 1},
	    {MODEL "train all epochs=1 batch=8", "snapshot one", 1},
	    {MODEL "train all epochs=1 batch=8; save a.safetensors", "load a.safetensors", 1},
	    {MODEL "train all epochs=1 batch=8; save a.safetensors", "load a.safetensors only=head", 1},
	    {MODEL "save w.safetensors only=all", "load w.safetensors", 1},
	    {MODEL "save w.npz", "load w.npz", 6},
	    {MODEL "save w.onnx", "load w.onnx", 1},
	    {MODEL "save w.onnx", "load w.onnx only=head", 2},
	    {MODEL "train all epochs=1 batch=8", "save new.safetensors", 1},
	    {MODEL "train all epochs=1 batch=8", "save new.safetensors only=head", 1},
	    {MODEL "train all epochs=2 batch=8", "export png plot new.png size=300x200", 1},
	    {MODEL "train all epochs=1 batch=8", "export png digits new.png n=4 size=200x150", 1},
	    {MODEL "train all epochs=1 batch=8; export png plot p.png size=200x150", "predict p.png", 1},
	};

	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		int n = told_each(tries[i].before, tries[i].line, FAILING_MEMORY, ENOMEM, "memory");

		ck_assert_msg(n >= tries[i].least, "%s: only %d", tries[i].line, n);
	}
}
END_TEST

/* The same where it does not come back, so that nothing of a text is there. */
START_TEST(failing__memory__that_is_gone_for_good)
{
	told_for_good = true;
	ck_assert_int_ge(told_each(MODEL "train all epochs=1 batch=8", "save new.safetensors", FAILING_MEMORY, ENOMEM, "memory"), 20);
	told_for_good = false;
}
END_TEST

/* Each call that reads fails; so does what is asked of a file before that. */
START_TEST(failing__reading__names_the_file)
{
	static const struct {
		const char *before, *line, *file;
		int reads; /* at least */
	} tries[] = {
	    {"data other", "data plain", "plain", 4},
	    {"data other", "data packed", "packed", 4},
	    {"data other", "data cifar", "cifar", 6},
	    {MODEL "train all epochs=1 batch=8; save a.safetensors; reset seed=3", "load a.safetensors", "a.safetensors", 4},
	    {MODEL "save w.safetensors only=all; reset seed=3", "load w.safetensors only=head", "w.safetensors", 3},
	    {MODEL "save w.npz; reset seed=3", "load w.npz", "w.npz", 12},
	    {MODEL "save w.onnx; reset seed=3", "load w.onnx", "w.onnx", 1},
	    {MODEL "train all epochs=1 batch=8; export png plot p.png size=200x150", "predict p.png", "p.png", 2},
	};
	static const struct {
		enum failing what;
		int error;
	} ways[] = {{FAILING_READ, EIO}, {FAILING_END, 0}, {FAILING_STAT, EIO}, {FAILING_STREAM, ENOMEM}};

	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		for (size_t k = 0; k < sizeof ways / sizeof *ways; k++) {
			int n = told_each(tries[i].before, tries[i].line, ways[k].what, ways[k].error, tries[i].file);

			ck_assert_msg(ways[k].what != FAILING_READ || n >= tries[i].reads, "%s: only %d", tries[i].line, n);
		}
		/* a signal that came in between is no failure */
		for (int n = 1; n < 20; n++) {
			captured_ok(tries[i].before);
			failing_at(FAILING_READ, n, EINTR);
			ck_assert_msg(strstr(tries[i].line, "cifar") != NULL || strstr(tries[i].line, "png") != NULL ||
			    capture_run(&C, tries[i].line) == 0, "%s: %s", tries[i].line, C.errors);
			if (!failing_struck())
				break;
		}
	}
}
END_TEST

/* What Keras writes comes by way of a program, whose answer takes memory as well. */
START_TEST(failing__keras__names_the_file)
{
	struct err e = {0};
	char *helper = hdf5_helper(&e);

	if (helper == NULL) /* built without it */
		return;
	free(helper);
	ck_assert_int_ge(told_each(MODEL "save w.keras", "load w.keras", FAILING_MEMORY, ENOMEM, "memory"), 4);
	ck_assert_int_ge(told_each(MODEL "save w.keras", "load w.keras only=head", FAILING_MEMORY, ENOMEM, "memory"), 4);
	ck_assert_int_ge(told_each(MODEL "save w.weights.h5", "load w.weights.h5", FAILING_MEMORY, ENOMEM, "memory"), 3);
	ck_assert_int_ge(told_each(MODEL "train all epochs=1 batch=8", "save new.keras", FAILING_MEMORY, ENOMEM, "memory"), 3);
	ck_assert_int_ge(told_each(MODEL, "save new.keras", FAILING_STREAM, ENOMEM, "memory"), 1);
}
END_TEST

/* A file of a run that was interrupted has the optimizer's slots and the weights before it, too. */
START_TEST(failing__interrupted_runs)
{
	struct err e = {0};

	for (int tries = 0; tries < 50 && (capture_nruns(&C) == 0 || !runs_last(&C.s->runs)->interrupted); tries++) {
		captured_ok(MODEL "freeze conv2d");
		capture_async(&C);
		captured_ok("train all epochs=100000 batch=8 verbose=0");
		while (capture_busy(&C) && job_view(&C.s->worker)->epoch < 2)
			capture_tick(&C);
		job_stop(&C.s->worker, &C.s->runs, &e);
		capture_wait(&C);
		C.s->user.async = false;
	}
	ck_assert(runs_last(&C.s->runs)->interrupted);
	captured_ok("save cut.safetensors");
	ck_assert_int_ge(told_each(MODEL, "load cut.safetensors", FAILING_MEMORY, ENOMEM, "memory"), 8);
	ck_assert_int_ge(told_each(MODEL, "load cut.safetensors", FAILING_END, 0, "cut.safetensors"), 8);
	ck_assert_int_ge(told_each(MODEL, "load cut.safetensors", FAILING_READ, EIO, "cut.safetensors"), 8);
	ck_assert_int_ge(told_each(MODEL "load cut.safetensors", "save new.safetensors", FAILING_MEMORY, ENOMEM, "memory"), 20);
	captured_ok(MODEL "load cut.safetensors");
	ck_has(C.text, "`resume` goes on with it");
	/* of a model before this one nothing but the run itself is kept */
	captured_ok("build \"flatten | dense 10, softmax\"; save other.safetensors; load other.safetensors");
	ck_has(C.text, "1 run");
	ck_assert_int_eq(capture_run(&C, "resume"), 1);
}
END_TEST

START_TEST(failing__threads__that_cannot_start)
{
	ck_assert_int_ge(told_each(MODEL, "train all epochs=1 batch=8", FAILING_THREAD, EAGAIN, "thread"), 2);
	ck_assert_int_ge(told_each(MODEL "set threads 5; set cache off", "eval", FAILING_THREAD, EAGAIN, "thread"), 4);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("failing");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, failing__memory__is_an_error_of_the_command);
	tcase_add_test(t, failing__memory__that_is_gone_for_good);
	tcase_add_test(t, failing__reading__names_the_file);
	tcase_add_test(t, failing__keras__names_the_file);
	tcase_add_test(t, failing__interrupted_runs);
	tcase_add_test(t, failing__threads__that_cannot_start);
	suite_add_tcase(s, t);
	return run_suite(s);
}
