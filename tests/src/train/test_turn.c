/* test_turn.c: rates that are changed while a run goes on: what the run has then, what its record says, what a file keeps. */
#include "script/exec.h"
#include "script/wait.h"
#include "train/start.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "timing off; build \"conv2d 2 5, max_pooling2d 4, flatten | dense 16, relu, dense 5, softmax\"; "

/* The run that goes on pauses behind so many batches of all its epochs. */
static void
go(uint32_t batches)
{
	const struct job_view *v = job_view(&C.s->worker);
	struct err e = {0};
	uint32_t done = v->epoch > 0 ? (uint32_t)(v->epoch - 1) * v->steps + v->step : 0;

	ck_assert_int_eq(job_step(&C.s->worker, &C.s->runs, batches - done, &e), 0);
	while ((v = job_view(&C.s->worker)) != NULL && (!v->paused || (uint32_t)(v->epoch - 1) * v->steps + v->step != batches))
		capture_tick(&C);
	ck_assert_ptr_nonnull(v);
}

static const struct run *
begin(const char *line, uint32_t batches)
{
	struct err e = {0};

	capture_close(&C);
	capture_open(&C);
	captured_ok(SMALL);
	capture_person(&C);
	capture_run(&C, line);
	job_pause(&C.s->worker, &C.s->runs, &e);
	go(batches);
	return job_view(&C.s->worker)->run;
}

START_TEST(turn__layers__a_rate_of_some_leaves_the_others_of_the_run)
{
	const struct run *r = begin("train gte5 epochs=2 limit=512 lr=0.25:cosine", 2);
	int last = nn_net_count(capture_net(&C)) - 2;
	struct turn now;
	char where[96];

	session_exec(C.s, "lr nosuch /2"); /* which changes nothing */
	ck_assert_int_eq(C.s->set.schedule.kind, SCHEDULE_NONE);
	session_exec(C.s, "lr dense_1 /2");
	ck_assert(trainer_lr(C.s, &now));
	ck_assert_double_eq(now.lr, 0.25);
	ck_assert_int_eq(now.schedule.kind, SCHEDULE_COSINE);
	ck_assert_float_nan(now.layer_lr[3]);
	ck_assert_float_eq(now.layer_lr[last], 0.125f);
	ck_assert_double_eq(settings_lr(&C.s->set), 1);
	ck_assert_int_eq(C.s->set.schedule.kind, SCHEDULE_NONE);
	session_exec(C.s, "lr *2"); /* of all: the run's schedule stays, and single rates in proportion */
	ck_assert(trainer_lr(C.s, &now));
	ck_assert_double_eq(now.lr, 0.5);
	ck_assert_int_eq(now.schedule.kind, SCHEDULE_COSINE);
	ck_assert_float_eq(now.layer_lr[last], 0.25f);
	session_exec(C.s, "stop");
	capture_wait(&C);
	/* the batch that they came before stands in the record, also where none was done since */
	snprintf(where, sizeof where, "epoch %d, batch %u: lr dense_1 /2, lr 0.5 (was 0.25)", r->nepoch + 1, r->state.step + 1);
	ck_has(r->changes, where);
	ck_assert_double_eq(turn_last(r).lr, 0.5);
	ck_assert_double_eq(r->config.lr, 0.25);
	capture_run(&C, "history");
	ck_has(C.text, where);
	ck_assert(!trainer_lr(C.s, &now));
}
END_TEST

/* The record has the rate that the run was given; each epoch the one that it began with. */
START_TEST(turn__record__has_the_first_rate_and_each_epochs_own)
{
	const struct run *r = begin("train gte5 epochs=5 limit=512 batch=128", 2);

	session_exec(C.s, "lr 0.5"); /* before the third batch of the first epoch */
	go(4);
	session_exec(C.s, "lr /4"); /* before the first one of the second */
	go(9);
	session_exec(C.s, "lr 0.25"); /* within the third: only the last of an epoch's changes reaches the next */
	go(10);
	session_exec(C.s, "lr 0.75");
	session_exec(C.s, "continue");
	capture_wait(&C);
	ck_assert_int_eq(r->nepoch, 5);
	ck_assert_double_eq(r->config.lr, 1);
	ck_assert_double_eq(turn_lr(r, 0), 1);
	ck_assert_double_eq(turn_lr(r, 1), 0.125);
	ck_assert_double_eq(turn_lr(r, 2), 0.125);
	ck_assert_double_eq(turn_lr(r, 3), 0.75);
	ck_assert_double_eq(turn_last(r).lr, 0.75);
	ck_assert_int_eq(r->nturn, 2);
	RUN_LINES({"assert r1.lr == 1 and r1.schedule == \"\"", 0, NULL});
	captured_ok("mode csv; history");
	ck_has(C.text, ",lr,");
	ck_has(C.text, ",0.125,");
}
END_TEST

/* A file, and the copy that is made while it goes on, hold the rates that the run is to have next. */
START_TEST(turn__file__goes_on_with_the_last_ones)
{
	char want[65], *history;
	const struct run *r = begin("train gte5 epochs=3 limit=512 batch=128 lr=0.5:cosine", 2);
	struct turn last;

	session_exec(C.s, "lr dense_1 0.25");
	go(4);
	session_exec(C.s, "lr *0.5");
	go(6);
	session_exec(C.s, "lr 0.125");
	session_exec(C.s, "stop");
	capture_wait(&C);
	ck_assert(r->interrupted);
	captured_ok("save cut.safetensors");
	captured_ok("resume");
	capture_wait(&C);
	strcpy(want, r->sha256);
	captured_ok("mode json; history");
	history = xstrdup(C.text);
	capture_close(&C);
	capture_open(&C);
	captured_ok("timing off; load cut.safetensors");
	r = runs_last(&C.s->runs);
	last = turn_last(r);
	ck_assert(last.lr == 0.125 && last.schedule.kind == SCHEDULE_NONE && isnan(last.layer_lr[3]));
	ck_assert(r->nturn == 2 && r->turn[0].lr == 0.25 && r->turn[0].schedule.kind == SCHEDULE_COSINE);
	ck_assert(r->turn[0].layer_lr[5] == 0.125f && r->turn[0].epoch == 1);
	captured_ok("resume; mode json; history");
	ck_assert_str_eq(r->sha256, want);
	free(history);
}
END_TEST

/* The second phase of a fine-tuning begins with what the first one ended with. */
START_TEST(turn__finetune__the_second_phase_goes_on_with_them)
{
	const struct run *r = begin("finetune gte5 freeze_epochs=2 epochs=1 limit=512 batch=128 lr=1.0 lr_mult=100", 2);

	session_exec(C.s, "lr 0.25");
	session_exec(C.s, "lr dense_1 0.5");
	session_exec(C.s, "continue");
	capture_wait(&C);
	ck_assert_int_eq(capture_nruns(&C), 2);
	ck_assert_double_eq(r->config.lr, 1);
	r = capture_run_at(&C, 1);
	ck_assert_double_eq(r->config.lr, 0.25);
	ck_assert_float_eq(r->config.layer_lr[5], 0.5f);
}
END_TEST

/* Asked for in the last epoch, they are no epoch's; a resume that does not begin keeps them all the same. */
START_TEST(turn__asked__where_no_epoch_begins_with_them)
{
	const struct run *r = begin("train gte5 epochs=2 limit=512 batch=128", 6);

	session_exec(C.s, "lr 0.25");
	session_exec(C.s, "stop");
	capture_wait(&C);
	ck_assert(r->interrupted && !turn_varies(r));
	ck_assert_double_eq(turn_last(r).lr, 0.25);
	capture_clear(&C);
	session_exec(C.s, "resume"); /* whose heading has the rate that it goes on with */
	capture_wait(&C);
	ck_has(C.text, " lr=0.25 ");
	ck_lacks(C.text, "learning_rate");
	ck_assert_int_eq(r->nepoch, 2);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("turn");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, turn__layers__a_rate_of_some_leaves_the_others_of_the_run);
	tcase_add_test(t, turn__record__has_the_first_rate_and_each_epochs_own);
	tcase_add_test(t, turn__finetune__the_second_phase_goes_on_with_them);
	tcase_add_test(t, turn__asked__where_no_epoch_begins_with_them);
	tcase_add_test(t, turn__file__goes_on_with_the_last_ones);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
