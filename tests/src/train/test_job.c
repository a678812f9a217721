/* test_job.c: runs as jobs: the same bits whatever steers them, order of commands, no command lost. Small nets and few
 * images. */
#include "script/exec.h"
#include "script/wait.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct capture C;

#define SMALL "timing off; build \"conv2d 4 3, relu, max_pooling2d 2, dropout .25, flatten | dense 16, relu, dropout .5, dense 5, softmax\""

static void
setup(void)
{
	capture_open(&C);
	ck_assert_int_eq(capture_run(&C, SMALL), 0);
}

static void
teardown(void)
{
	capture_close(&C);
}

static void
wait_events(struct session *s)
{
	struct pollfd p = {job_wake_fd(&s->worker), POLLIN, 0};

	ck_assert_int_eq(poll(&p, 1, 60000), 1);
	session_tick(s);
}

static void
wait_over(struct session *s)
{
	while (s->worker.job != NULL)
		wait_events(s);
}

/* The weights after a run that nobody disturbs. */
static char *
undisturbed(const char *line)
{
	struct capture c;
	char *sha;

	capture_open(&c);
	ck_assert_int_eq(capture_run(&c, SMALL), 0);
	ck_assert_msg(capture_run(&c, line) == 0, "%s", c.errors);
	sha = xstrdup(runs_last(&c.s->runs)->sha256);
	ck_assert_uint_eq(strlen(sha), 64);
	capture_close(&c);
	return sha;
}

START_TEST(job__run__in_line_when_not_async)
{
	ck_assert_int_eq(capture_run(&C, "train gte5 epochs=2 limit=512; print epochs"), 0);
	ck_has(C.text, "512 train samples");
	ck_has(C.text, "Epoch 2/2");
	ck_has(C.text, "Test accuracy: ");
	ck_has(C.text, "\n2\n");
	ck_assert_int_eq(runs_last(&C.s->runs)->nepoch, 2);
	ck_assert_uint_eq(runs_last(&C.s->runs)->nbatch, 8);
}
END_TEST

START_TEST(job__run__same_bits_paused_stepped_stopped_and_resumed)
{
	char *want = undisturbed("train gte5 epochs=3 limit=1024"), *got;
	struct err e = {0};

	capture_async(&C);
	capture_run(&C, "train gte5 epochs=3 limit=1024");
	ck_assert(capture_busy(&C));
	ck_assert_int_eq(job_pause(&C.s->worker, &C.s->runs, &e), 0);
	ck_assert_int_eq(job_step(&C.s->worker, &C.s->runs, 3, &e), 0);
	while (!job_view(&C.s->worker)->paused)
		wait_events(C.s);
	ck_assert_int_eq(job_step(&C.s->worker, &C.s->runs, 7, &e), 0);
	do
		wait_events(C.s);
	while (capture_busy(&C) && !job_view(&C.s->worker)->paused);
	ck_assert(capture_busy(&C));
	ck_assert_int_eq(job_view(&C.s->worker)->epoch, 2);
	ck_assert_int_eq(job_stop(&C.s->worker, &C.s->runs, &e), 0);
	wait_over(C.s);
	ck_assert(runs_last(&C.s->runs)->interrupted);
	ck_assert_int_eq(runs_last(&C.s->runs)->nepoch, 1);
	capture_run(&C, "resume");
	wait_over(C.s);
	ck_assert(!runs_last(&C.s->runs)->interrupted);
	ck_assert_int_eq(runs_last(&C.s->runs)->nepoch, 3);
	got = runs_last(&C.s->runs)->sha256;
	ck_assert_str_eq(got, want);
	free(want);
}
END_TEST

/* Stops the job behind the first batches of the run of this number. */
static void
stop_in(int number)
{
	struct err e = {0};

	while (runs_last(&C.s->runs)->number < number)
		wait_events(C.s);
	ck_assert_int_eq(job_pause(&C.s->worker, &C.s->runs, &e), 0);
	ck_assert_int_eq(job_step(&C.s->worker, &C.s->runs, 3, &e), 0);
	while (!job_view(&C.s->worker)->paused)
		wait_events(C.s);
	ck_assert_int_eq(job_stop(&C.s->worker, &C.s->runs, &e), 0);
	wait_over(C.s);
	ck_assert_int_eq(runs_last(&C.s->runs)->number, number);
	ck_assert(runs_last(&C.s->runs)->interrupted);
}

START_TEST(job__finetune__same_bits_stopped_in_either_phase_and_resumed)
{
	char *want = undisturbed("finetune gte5 freeze_epochs=2 epochs=2 limit=256 batch=16 validate=end");

	capture_async(&C);
	capture_run(&C, "finetune gte5 freeze_epochs=2 epochs=2 limit=256 batch=16 validate=end");
	stop_in(1);
	ck_has(C.text, "`resume` goes on with it, then with everything");
	ck_assert(!nn_net_layer(capture_net(&C), 0)->trainable);
	capture_run(&C, "resume");
	stop_in(2);
	ck_assert(nn_net_layer(capture_net(&C), 0)->trainable);
	capture_run(&C, "resume");
	wait_over(C.s);
	ck_assert_int_eq(capture_nruns(&C), 2);
	ck_assert_str_eq(capture_run_at(&C, 0)->frozen, "conv2d");
	ck_assert_str_eq(runs_last(&C.s->runs)->sha256, want);
	free(want);
}
END_TEST

START_TEST(job__order__changes_wait_and_looks_do_not)
{
	char *waiting;

	capture_person(&C);
	capture_run(&C, "train gte5 epochs=2 limit=512");
	session_exec(C.s, "freeze features");
	session_exec(C.s, "train lt5 epochs=1 limit=256");
	session_exec(C.s, "# nothing");
	session_exec(C.s, "print \"now\"");
	ck_has(C.text, "queued: freeze features; `now freeze features` acts at once\n"
	    "queued: train lt5 epochs=1 limit=256\nnow\n");
	waiting = queue_waiting(&C.s->queue);
	ck_assert_str_eq(waiting, "freeze features; train lt5 epochs=1 limit=256");
	free(waiting);
	ck_assert_uint_eq(nn_net_trainable(capture_net(&C)), nn_net_params(capture_net(&C)));
	wait_over(C.s);
	ck_assert_int_eq(capture_nruns(&C), 2);
	ck_assert_str_eq(capture_run_at(&C, 1)->frozen, "conv2d");
	ck_assert_str_eq(capture_run_at(&C, 0)->frozen, "");
	ck_assert_int_eq(capture_status(&C), 0);
}
END_TEST

START_TEST(job__order__a_task_lets_by_what_it_does_not_read)
{
	char *waiting;

	capture_person(&C);
	capture_run(&C, "eval gte5 on=train");
	ck_assert(capture_busy(&C));
	session_exec(C.s, "help eval");
	ck_has(C.text, "model.evaluate");
	session_exec(C.s, "timing off");
	session_exec(C.s, "echo");
	ck_has(C.text, "echo off");
	ck_assert(!C.s->set.timing);
	session_exec(C.s, "freeze features");
	session_exec(C.s, "predict test:0");
	waiting = queue_waiting(&C.s->queue);
	ck_assert_str_eq(waiting, "freeze features; predict test:0");
	free(waiting);
	ck_assert(strstr(C.text, "frozen:") == NULL);
	while (capture_busy(&C) || C.s->queue.first != NULL)
		wait_events(C.s);
	ck_has(C.text, "Train accuracy: ");
	ck_has(strstr(C.text, "Train accuracy: "), "frozen: conv2d");
	ck_has(strstr(C.text, "frozen: conv2d"), "test:0");
	capture_run(&C, "eval gte5 on=train");
	session_exec(C.s, "quit");
	ck_assert(capture_busy(&C) && C.s->queue.quit);
}
END_TEST

START_TEST(job__order__what_is_typed_behind_a_waiting_line_does_not_overtake_it)
{
	char *waiting;

	capture_person(&C);
	for (int run = 0; run < 2; run++) {
		C.s->queue.quit = false;
		capture_run(&C, run == 1 ? "train gte5 epochs=1 limit=2048" : "eval gte5 on=train");
		ck_assert(capture_busy(&C));
		session_exec(C.s, "mode json");
		session_exec(C.s, "predict test:0; freeze features");
		session_exec(C.s, "mode table");
		if (run == 0) /* beside a run it asks */
			session_exec(C.s, "quit");
		waiting = queue_waiting(&C.s->queue);
		ck_assert_str_eq(waiting, run == 0 ? "predict test:0; freeze features; mode table; quit" :
		    "predict test:0; freeze features; mode table");
		free(waiting);
		ck_assert(C.s->out->mode == OUT_JSON && !C.s->queue.quit);
		while (capture_busy(&C) || C.s->queue.first != NULL)
			wait_events(C.s);
		ck_has(C.text, "\"event\":\"predict\"");
		ck_assert(C.s->out->mode == OUT_TABLE && C.s->queue.quit == (run == 0));
	}
	capture_run(&C, "train gte5 epochs=9");
	session_exec(C.s, "freeze features");
	session_exec(C.s, "quit");
	ck_assert(capture_busy(&C) && C.s->queue.quit);
}
END_TEST

static int
which_thread(struct session *s, void *arg, struct err *e)
{
	*(pthread_t *)arg = pthread_self();
	return 0;
}

START_TEST(job__call__within_long_work)
{
	struct err e = {0};
	pthread_t t = pthread_self();

	capture_async(&C);
	/* a worker that was quicker than we is tried again */
	for (int i = 0; i < 50 && pthread_equal(t, pthread_self()); i++) {
		capture_run(&C, "eval gte5 on=train");
		ck_assert_int_eq(job_call(&C.s->worker, which_thread, C.s, &t, &e), 0);
		wait_over(C.s);
	}
	ck_assert(!pthread_equal(t, pthread_self()));
}
END_TEST

/* A trial runs in a session of its own, on the worker of this one. */
START_TEST(job__sweep__within_a_job_and_stopped)
{
	struct err e = {0};

	capture_async(&C);
	capture_run(&C, "set threads 1"); /* with more, each is a process (lanes.sh), which the thread sanitizer refuses */
	capture_run(&C, "sweep lr=0.1,1 seeds=1 -- reset; train gte5 epochs=1 limit=16");
	ck_assert(capture_busy(&C));
	wait_over(C.s);
	ck_has(C.text, "lr=0.1");
	ck_assert_int_eq(capture_nruns(&C), 0);
	capture_run(&C, "sweep epochs=100000 seeds=1 -- train gte5 limit=16");
	ck_assert_int_eq(job_stop(&C.s->worker, &C.s->runs, &e), 0);
	wait_over(C.s);
	ck_assert_ptr_null(strstr(C.text, "epochs=100000 "));
}
END_TEST

START_TEST(job__steering__now_unfreeze_while_the_cache_is_filled)
{
	const struct run *r;

	capture_person(&C);
	capture_run(&C, "freeze features");
	session_exec(C.s, "train gte5 epochs=1");
	ck_assert(capture_busy(&C));
	session_exec(C.s, "now unfreeze features");
	ck_has(C.text, "unfrozen: conv2d (5 feature layers), from batch ");
	ck_has(C.text, " of epoch 1 on\n");
	wait_over(C.s);
	r = runs_last(&C.s->runs);
	ck_assert_msg(capture_status(&C) == 0 && r->nepoch == 1, "%s", C.errors);
	ck_has(r->changes, "unfreeze features");
	ck_assert_uint_eq(nn_net_trainable(capture_net(&C)), nn_net_params(capture_net(&C)));
	/* it came before training: nothing was kept */
	if (strcmp(r->changes, "epoch 1, batch 1: unfreeze features") == 0)
		ck_assert(!r->cached);
}
END_TEST

START_TEST(job__order__an_error_empties_the_queue)
{
	capture_person(&C);
	capture_run(&C, "train gte5 epochs=1 limit=256; freeze nothing; train lt5 epochs=1");
	wait_over(C.s);
	ck_assert_int_eq(capture_nruns(&C), 1);
	ck_assert_int_eq(capture_status(&C), 1);
	ck_has(C.text, "dropped train lt5 epochs=1");
}
END_TEST

START_TEST(job__steering__now_freeze_holds_from_the_next_batch)
{
	struct err e = {0};

	capture_person(&C);
	capture_run(&C, "train gte5 epochs=2 limit=512");
	job_pause(&C.s->worker, &C.s->runs, &e);
	job_step(&C.s->worker, &C.s->runs, 2, &e);
	while (!job_view(&C.s->worker)->paused)
		wait_events(C.s);
	session_exec(C.s, "now freeze conv2d");
	ck_assert_msg(capture_status(&C) == 0, "%s", C.errors);
	session_exec(C.s, "lr 0.5");
	session_exec(C.s, "continue");
	wait_over(C.s);
	ck_assert_ptr_nonnull(runs_last(&C.s->runs)->changes);
	ck_has(runs_last(&C.s->runs)->changes, "freeze conv2d");
	ck_has(runs_last(&C.s->runs)->changes, ": lr 0.5 (was 1.0)");
	ck_assert_double_eq(turn_last(runs_last(&C.s->runs)).lr, 0.5);
	ck_assert(!nn_net_layer(capture_net(&C), 0)->trainable);
	capture_clear(&C);
	capture_run(&C, "runs changes=*lr*"); /* as it began, with a mark */
	ck_has(C.text, " 1.0* ");
	ck_has(C.text, " -*\n");
	ck_has(C.text, "note: * changed while it went on: `history r1` tells; it stands here as it began\n");
}
END_TEST

START_TEST(job__steering__nothing_runs)
{
	ck_assert_int_eq(capture_run(&C, "pause"), 1);
	ck_has(C.errors, "nothing is running");
	ck_assert_int_eq(capture_run(&C, "stop"), 1);
	ck_assert_int_eq(capture_run(&C, "continue"), 1);
	ck_assert_int_eq(capture_run(&C, "step"), 1);
	ck_assert_int_eq(capture_run(&C, "resume"), 1);
	ck_has(C.errors, "no run was interrupted");
}
END_TEST

START_TEST(job__resume__refuses_other_weights)
{
	struct err e = {0};

	capture_async(&C);
	capture_run(&C, "train gte5 epochs=2 limit=512");
	job_pause(&C.s->worker, &C.s->runs, &e);
	job_step(&C.s->worker, &C.s->runs, 2, &e);
	while (!job_view(&C.s->worker)->paused)
		wait_events(C.s);
	job_stop(&C.s->worker, &C.s->runs, &e);
	wait_over(C.s);
	capture_run(&C, "reset");
	ck_assert_int_eq(capture_run(&C, "resume"), 1);
	ck_has(C.errors, "the weights have changed since r1 was interrupted");
	ck_assert_ptr_null(strstr(C.text, "can no longer be resumed"));
	capture_run(&C, "train lt5 epochs=1 limit=64");
	wait_over(C.s);
	ck_has(C.text, "r1 was interrupted in epoch 1/2 and can no longer be resumed here, since r2 has begun; a `save FILE`");
	capture_clear(&C);
	capture_run(&C, "train lt5 epochs=1 limit=64");
	wait_over(C.s);
	ck_assert_ptr_null(strstr(C.text, "can no longer be resumed"));
	ck_assert_int_eq(capture_run(&C, "resume"), 1);
	ck_has(C.errors, "r1 was interrupted, but the optimizer's state of it went when r2 began, which `undo` does not bring back; "
	    "`save FILE` before another run keeps it; `train gte5` goes on from the weights");
	capture_run(&C, "history r1"); /* which speaks of no `resume` any more, nor does a condition */
	ck_has(C.text, "r1 was interrupted in epoch 1 of 2\n");
	capture_run(&C, "print r1.loss");
	ck_has(C.errors, "no epoch of r1 has ended; `train gte5` makes another run");
}
END_TEST

/* What is frozen between an interrupt and `resume` is what `now freeze` does there, to the bit and in the record. */
START_TEST(job__resume__records_what_has_changed_since)
{
	struct err e = {0};
	const struct run *r;
	char want[65];

	capture_async(&C);
	capture_run(&C, "train gte5 epochs=2 limit=512");
	ck_assert_int_eq(job_pause(&C.s->worker, &C.s->runs, &e), 0);
	ck_assert_int_eq(job_step(&C.s->worker, &C.s->runs, 3, &e), 0);
	while (!job_view(&C.s->worker)->paused)
		wait_events(C.s);
	session_exec(C.s, "now freeze features");
	session_exec(C.s, "continue");
	wait_over(C.s);
	r = runs_last(&C.s->runs);
	ck_assert_str_eq(r->changes, "epoch 1, batch 4: freeze features");
	strcpy(want, r->sha256);

	teardown();
	setup();
	C.s->worker.steps = 3;
	capture_run(&C, "train gte5 epochs=2 limit=512");
	r = runs_last(&C.s->runs);
	ck_assert(r->interrupted && r->nbatch == 3);
	capture_run(&C, "freeze features; resume");
	ck_has(C.text, "note: this has changed since r1 was interrupted, and its record says so: "
	    "epoch 1, batch 4: freeze features\n");
	ck_assert(!r->interrupted);
	ck_assert_str_eq(r->sha256, want);
	ck_assert_str_eq(r->frozen, "");
	ck_assert_str_eq(r->changes, "epoch 1, batch 4: freeze features");
	ck_assert_uint_eq(r->trainable, r->params);
	capture_run(&C, "mode json; runs r1");
	ck_has(C.text, "\"frozen\":[]");
	ck_has(C.text, "\"changes\":\"epoch 1, batch 4: freeze features\"");
}
END_TEST

/* Each resume finds what has changed since the last interrupt, in a file as well; what was changed back has not. */
START_TEST(job__resume__records_each_change_once)
{
	const struct run *r;

	capture_run(&C, "freeze features; set kernels reference");
	C.s->worker.steps = 3;
	capture_run(&C, "train gte5 epochs=2 limit=512");
	capture_run(&C, "unfreeze all; set dropout.rate 0.5; lr 0.5; set kernels auto; undo; undo");
	C.s->worker.steps = 2;
	capture_run(&C, "set kernels reference; resume");
	r = runs_last(&C.s->runs);
	ck_assert(r->interrupted && r->nbatch == 5);
	ck_assert_ptr_null(r->changes);
	ck_assert_double_eq(r->config.lr, 1);
	capture_run(&C, "unfreeze features; freeze dense; set dropout_1.rate 0.125; step");
	ck_assert_str_eq(r->changes, "epoch 2, batch 2: freeze dense, unfreeze features, set dropout_1.rate 0.125");
	ck_assert_str_eq(r->frozen, "conv2d");
	capture_run(&C, "resume");
	ck_assert(!r->interrupted && strchr(r->changes, ';') == NULL);
	capture_run(&C, "print r1.frozen; history");
	ck_has(C.text, "features\nr1 gte5\n");
	ck_has(C.text, "changed while it went on: epoch 2, batch 2: freeze dense, ");
}
END_TEST

START_TEST(job__resume__refuses_other_data)
{
	char *was;

	C.s->worker.steps = 2;
	capture_run(&C, "train gte5 epochs=1 limit=512");
	was = C.s->data.name;
	C.s->data.name = xstrdup("elsewhere");
	ck_assert_int_eq(capture_run(&C, "resume"), 1);
	ck_has(C.errors, "r1 was interrupted on the data mnist, and these are elsewhere; `data mnist` chooses it, then");
	free(C.s->data.name);
	C.s->data.name = xstrdup("moved/mnist");
	ck_assert_int_eq(capture_run(&C, "resume"), 0);
	ck_assert_str_eq(runs_last(&C.s->runs)->data, "mnist");
	ck_assert_str_eq(runs_last(&C.s->runs)->changes, "epoch 1, batch 3: data moved/mnist");
	free(C.s->data.name);
	C.s->data.name = was;

	/* a slash at the end, as completion writes one, is no part of the name */
	C.s->worker.steps = 2;
	capture_run(&C, "reset; train gte5 epochs=1 limit=512");
	C.s->data.name = xstrdup("elsewhere/");
	ck_assert_int_eq(capture_run(&C, "resume"), 1);
	free(C.s->data.name);
	C.s->data.name = xstrdup("moved/mnist//");
	free(runs_last(&C.s->runs)->data);
	runs_last(&C.s->runs)->data = xstrdup("mnist/");
	ck_assert_int_eq(capture_run(&C, "resume"), 0);
	free(C.s->data.name);
	C.s->data.name = was;
}
END_TEST

/* A run that is stopped while its cache is filled changes nothing: the one that was cut before it goes on. */
START_TEST(job__resume__goes_on_behind_a_run_that_did_not_begin)
{
	char *want;
	struct err e = {0};

	want = undisturbed("freeze features; train gte5 epochs=2 limit=512");
	capture_async(&C);
	capture_run(&C, "freeze features");
	capture_run(&C, "train gte5 epochs=2 limit=512");
	stop_in(1);
	do {
		capture_clear(&C);
		capture_run(&C, "train gte5 epochs=1");
		job_stop(&C.s->worker, &C.s->runs, &e);
		wait_over(C.s);
	} while (runs_last(&C.s->runs)->number > 1 && runs_last(&C.s->runs)->number < 9); /* the worker was quicker */
	ck_has(C.text, "interrupted before the first batch; nothing has changed");
	if (runs_last(&C.s->runs)->number == 1) {
		ck_assert_ptr_null(strstr(C.text, "can no longer be resumed"));
		ck_assert_int_eq(capture_run(&C, "resume"), 0);
		wait_over(C.s);
		ck_assert_str_eq(runs_last(&C.s->runs)->sha256, want);
	}
	free(want);
}
END_TEST

/* What a script is told of `resume` behind an interrupt, which may come while the cache is filled. */
START_TEST(job__interrupt__names_resume_only_where_a_run_was_cut)
{
	static const char script[] = "train gte5 epochs=1 limit=512\nprint 1\n";
	struct err e = {0};
	int tries = 0;

	scratch_write("x.thaw", script, sizeof script - 1);
	capture_person(&C);
	capture_run(&C, "freeze features");
	do { /* until the worker was not quicker */
		capture_clear(&C);
		capture_run(&C, "source x.thaw");
		job_stop(&C.s->worker, &C.s->runs, &e);
		session_queue_drop(C.s, "interrupted");
		wait_over(C.s);
	} while (strstr(C.text, "interrupted before the first batch") == NULL && ++tries < 20);
	ck_assert_int_lt(tries, 20);
	ck_has(C.text, "the script stops before `print 1`; `continue` goes on there, `continue again` begins with `train gte5");
	capture_clear(&C);
	capture_run(&C, "source x.thaw");
	while (capture_nruns(&C) == 0 || runs_last(&C.s->runs)->nbatch == 0)
		wait_events(C.s);
	job_stop(&C.s->worker, &C.s->runs, &e);
	session_queue_drop(C.s, "interrupted");
	wait_over(C.s);
	if (runs_last(&C.s->runs)->interrupted)
		ck_has(C.text, "`continue` goes on there, `resume` finishes the run first, `continue again` begins");
}
END_TEST

/* Those of the part that was cut count, also where the run goes on from a file. */
START_TEST(job__resume__adds_the_seconds_of_the_part_that_was_cut)
{
	const struct run *r;

	capture_async(&C);
	capture_run(&C, "timing on; train gte5 epochs=1 limit=512");
	stop_in(1);
	r = runs_last(&C.s->runs);
	ck_assert(r->partial_seconds > 0 && r->partial_seconds <= r->seconds);
	runs_last(&C.s->runs)->partial_seconds += 1000;
	capture_run(&C, "save cut.safetensors; reset seed=4; load cut.safetensors; resume");
	wait_over(C.s);
	r = runs_last(&C.s->runs);
	ck_assert(r->nepoch == 1 && r->epoch[0].seconds > 1000 && r->partial_seconds == 0);
}
END_TEST

START_TEST(job__run__nothing_trainable)
{
	ck_assert_int_eq(capture_run(&C, "freeze all; train gte5"), 1);
	ck_has(C.errors, "nothing to train");
	ck_assert_int_eq(capture_nruns(&C), 0);
}
END_TEST

START_TEST(job__run__says_once_that_the_loss_explodes)
{
	char *first;

	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 16, dense 5, softmax\"; train gte5 epochs=3 limit=512 lr=2 "
	    "optimizer=sgd; history"), 0);
	first = strstr(C.errors, "the loss explodes: ");
	ck_assert_msg(first != NULL, "%s", C.errors);
	ck_has(first, "in epoch 1, batch ");
	ck_has(first, "lr=2.0 is too high");
	ck_assert_ptr_null(strstr(first + 20, "explodes"));
	ck_has(C.text, "epoch   accuracy      loss  val_accuracy  val_loss");
	for (char *line = strstr(C.text, "epoch   accuracy"); *line != '\0'; line = strchr(line, '\n') + 1)
		ck_assert_msg(strcspn(line + 42, " \n") > 0 && strchr(" \n", line[50]) != NULL, "%s", line); /* it stands */
	ck_assert_int_eq(capture_run(&C, "reset; train gte5 epochs=1 limit=512"), 0);
	ck_assert_str_eq(C.errors, "");
}
END_TEST

START_TEST(job__run__counts_epochs_only_where_there_are_several)
{
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 5, softmax\"; train gte5 epochs=1 limit=256"), 0);
	ck_assert_ptr_null(strstr(C.text, "Epoch")); /* as Keras */
	ck_assert_int_eq(capture_run(&C, "train gte5 epochs=2 limit=256"), 0);
	ck_has(C.text, "Epoch 1/2");
}
END_TEST

START_TEST(job__run__loss_that_is_no_number)
{
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 16, dense 16, dense 5, softmax\"; train gte5 "
	    "epochs=9 batch=8 limit=512 lr=1e6 optimizer=sgd"), 1);
	ck_has(C.text, "Invalid loss, terminating training");
	ck_assert(!runs_last(&C.s->runs)->interrupted);
	/* A first step without epsilon divides 0 by 0, so the second batch fails; batches count from 0, as in Keras. */
	ck_assert_int_eq(capture_run(&C, "reset; train gte5 epochs=1 batch=8 limit=512 optimizer=adam epsilon=0"), 1);
	ck_has(C.text, "Batch 1: Invalid loss");
	ck_assert_int_eq(capture_run(&C, "reset; train gte5 epochs=1 limit=256; assert val_accuracy > 0.1"), 0);
}
END_TEST

START_TEST(job__cache__same_bits_with_and_without)
{
	char *with = undisturbed("freeze features; train lt5 epochs=2 limit=600"),
	    *without = undisturbed("freeze features; cache off; train lt5 epochs=2 limit=600");

	ck_assert_str_eq(with, without);
	free(with);
	free(without);
}
END_TEST

/* What is asked of a run holds for all of it, also from a file; and a second phase is asked what the first one was. */
START_TEST(job__cache__off_for_a_resume)
{
	static const char *const lines[] = {"train gte5 epochs=2 limit=512 cache=off",
	    "finetune gte5 freeze_epochs=2 epochs=1 limit=512 cache=off", "train gte5 epochs=2 limit=512"};
	bool on = _i / 2 == 2;

	capture_async(&C);
	capture_run(&C, _i / 2 == 1 ? "unfreeze all" : "freeze features");
	capture_run(&C, lines[_i / 2]);
	stop_in(1);
	ck_assert_int_eq(runs_last(&C.s->runs)->cached, on);
	if (_i % 2 == 1)
		ck_assert_int_eq(capture_run(&C, "save job.safetensors; reset; load job.safetensors"), 0);
	unlink("job.safetensors");
	capture_run(&C, "resume");
	wait_over(C.s);
	ck_assert(!runs_last(&C.s->runs)->interrupted);
	for (int k = 0; k < capture_nruns(&C); k++)
		ck_assert_int_eq(capture_run_at(&C, k)->cached, on);
}
END_TEST

START_TEST(job__cache__above_the_limit)
{
	char *want = undisturbed("freeze features; train lt5 epochs=1 limit=300");

	ck_assert_int_eq(capture_run(&C, "freeze features; set cache.limit 1K; train lt5 epochs=1 limit=300"), 0);
	ck_has(C.text, "uncached");
	ck_assert(!runs_last(&C.s->runs)->cached);
	ck_assert_str_eq(runs_last(&C.s->runs)->sha256, want);
	free(want);
}
END_TEST

START_TEST(job__show__predictions_while_it_runs)
{
	static const uint32_t index[] = {0, 1, 2};
	uint64_t version = 0;
	const float *p;
	double sum = 0;

	capture_async(&C);
	job_show(&C.s->worker, index, 3);
	ck_assert_ptr_null(job_shown(&C.s->worker, NULL));
	capture_run(&C, "train gte5 epochs=1 limit=256");
	wait_over(C.s);
	p = job_shown(&C.s->worker, &version);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_gt(version, 0);
	for (int i = 0; i < 5; i++)
		sum += p[i];
	ck_assert_double_eq_tol(sum, 1, 1e-5);
}
END_TEST

static int
call_add(struct session *s, void *arg, struct err *e)
{
	return ++*(int *)arg;
}

START_TEST(job__call__between_batches_and_without_a_job)
{
	struct err e = {0};
	int n = 0;

	ck_assert_int_eq(job_call(&C.s->worker, call_add, C.s, &n, &e), 1);
	capture_async(&C);
	capture_run(&C, "train gte5 epochs=1 limit=512");
	ck_assert_int_eq(job_call(&C.s->worker, call_add, C.s, &n, &e), 2);
	job_pause(&C.s->worker, &C.s->runs, &e);
	ck_assert_int_eq(job_call(&C.s->worker, call_add, C.s, &n, &e), 3);
	wait_end_job(C.s);
	ck_assert(!capture_busy(&C));
	ck_assert_int_eq(job_call(&C.s->worker, call_add, C.s, &n, &e), 4);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("job");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 600);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, job__run__in_line_when_not_async);
	tcase_add_test(t, job__run__same_bits_paused_stepped_stopped_and_resumed);
	tcase_add_test(t, job__finetune__same_bits_stopped_in_either_phase_and_resumed);
	tcase_add_test(t, job__order__changes_wait_and_looks_do_not);
	tcase_add_test(t, job__order__a_task_lets_by_what_it_does_not_read);
	tcase_add_test(t, job__order__what_is_typed_behind_a_waiting_line_does_not_overtake_it);
	tcase_add_test(t, job__call__within_long_work);
	tcase_add_test(t, job__steering__now_unfreeze_while_the_cache_is_filled);
	tcase_add_test(t, job__order__an_error_empties_the_queue);
	tcase_add_test(t, job__steering__now_freeze_holds_from_the_next_batch);
	tcase_add_test(t, job__steering__nothing_runs);
	tcase_add_test(t, job__resume__refuses_other_weights);
	tcase_add_test(t, job__resume__records_what_has_changed_since);
	tcase_add_test(t, job__resume__records_each_change_once);
	tcase_add_test(t, job__resume__refuses_other_data);
	tcase_add_test(t, job__resume__goes_on_behind_a_run_that_did_not_begin);
	tcase_add_test(t, job__interrupt__names_resume_only_where_a_run_was_cut);
	tcase_add_test(t, job__resume__adds_the_seconds_of_the_part_that_was_cut);
	tcase_add_test(t, job__run__nothing_trainable);
	tcase_add_test(t, job__run__says_once_that_the_loss_explodes);
	tcase_add_test(t, job__run__counts_epochs_only_where_there_are_several);
	tcase_add_test(t, job__run__loss_that_is_no_number);
	tcase_add_test(t, job__cache__same_bits_with_and_without);
	tcase_add_loop_test(t, job__cache__off_for_a_resume, 0, 6);
	tcase_add_test(t, job__cache__above_the_limit);
	tcase_add_test(t, job__show__predictions_while_it_runs);
	tcase_add_test(t, job__sweep__within_a_job_and_stopped);
	tcase_add_test(t, job__call__between_batches_and_without_a_job);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
