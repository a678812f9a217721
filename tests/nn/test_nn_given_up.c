/* test_nn_given_up.c: a step that is given up, wherever it was, leaves net and run as they were, and the next one is as if nothing had been; an
 * evaluation alike. */
#include "mnist.h"
#include "../run.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Each batch is large enough that the engine asks. Winograd's stage and two dense ones; plain stages, dropouts and a batch normalization. */
static const struct {
	const char *text;
	int dim, batch;
} nets[] = {
	{"conv2d 16 3, relu, conv2d 16 3, relu, max_pooling2d 2, dropout .25, flatten, dense 64, relu, dropout .5, dense 5, softmax", 28, 2304},
	{"conv2d 16 3, batch_normalization, relu, conv2d 24 5, dropout .25, max_pooling2d 4, flatten, dense 32, tanh, dense 5, softmax", 24, 1100},
};

struct asked {
	atomic_int left; /* so often the answer is no */
	atomic_bool once; /* it was yes */
};

static bool
give_up(void *arg)
{
	struct asked *a = arg;

	if (atomic_load(&a->left) < 0)
		return false;
	if (atomic_fetch_sub(&a->left, 1) > 0)
		return false;
	atomic_store(&a->once, true);
	return true;
}

struct state {
	size_t n;
	float *array[1 + NN_SLOTS_MAX];
	struct nn_run_state at;
};

static struct state
state_of(struct nn_net *net, struct nn_run *run)
{
	struct state s = {.n = sizeof(float) * nn_net_params(net), .at = nn_run_state(run)};

	for (int k = 0; k <= NN_SLOTS_MAX; k++) {
		const float *from = k < NN_SLOTS_MAX ? nn_run_slot(run, k) : nn_net_weights(net);

		s.array[k] = from != NULL ? memcpy(malloc(s.n), from, s.n) : NULL;
	}
	return s;
}

static bool
state_same(const struct state *a, const struct state *b)
{
	bool same = a->at.epoch == b->at.epoch && a->at.step == b->at.step && a->at.iterations == b->at.iterations;

	for (int k = 0; k <= NN_SLOTS_MAX; k++)
		same &= (a->array[k] == NULL && b->array[k] == NULL) || memcmp(a->array[k], b->array[k], a->n) == 0;
	return same;
}

static void
state_free(struct state *s)
{
	for (int k = 0; k <= NN_SLOTS_MAX; k++)
		free(s->array[k]);
}

/* Two steps; `asks` how many questions the first is given up at, in turn. -1: never asked. Returns how often it was given up. */
static int
run_steps(int which, int threads, const int *asks, int n, struct state *end)
{
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_engine *eng = engine(threads, "auto");
	struct nn_shape shape = {3, {nets[which].dim, nets[which].dim, 1}};
	struct asked a = {-1, false};
	struct nn_metrics sum = {0};
	struct nn_err err;
	struct nn_run *run;
	struct setup s;
	int given_up = 0;

	setup_make(&s, shape, nets[which].text, (size_t)nets[which].batch + 40, 5);
	cfg.batch = nets[which].batch;
	run = nn_run_new(s.net, eng, &cfg, &s.c.set, NULL, &err);
	ck_assert_msg(run != NULL, "%s", err.text);
	nn_engine_set_give_up(eng, give_up, &a);
	for (int i = 0; i < n; i++) {
		struct state before = state_of(s.net, run), after;
		int rc;

		atomic_store(&a.left, asks[i]);
		atomic_store(&a.once, false);
		rc = nn_run_step(run, &sum, &err);
		ck_assert_msg(rc == (atomic_load(&a.once) ? NN_STOPPED : 0), "step %d: %d", i, rc);
		if (rc != NN_STOPPED) { /* done before it would have been given up */
			state_free(&before);
			break;
		}
		given_up++;
		after = state_of(s.net, run);
		ck_assert_msg(state_same(&before, &after), "net %d, given up at question %d: something has changed", which, asks[i]);
		ck_assert(sum.count == 0 && sum.loss == 0);
		state_free(&before);
		state_free(&after);
	}
	atomic_store(&a.left, -1);
	while (nn_run_state(run).iterations < 2)
		ck_assert_int_eq(nn_run_step(run, &sum, &err), 0);
	*end = state_of(s.net, run);
	nn_run_free(run);
	setup_free(&s);
	nn_engine_free(eng);
	return given_up;
}

START_TEST(step__given_up_anywhere__changes_nothing)
{
	static const int asks[] = {0, 1, 200, 500, 700, 900, 1100, 1300, 1500, 2000, 4000, 1 << 30};
	struct state alone, disturbed;
	int n = run_steps(_i / 2, 1 + _i % 2, asks, (int)(sizeof asks / sizeof *asks), &disturbed);

	ck_assert_msg(n >= 4 && n < (int)(sizeof asks / sizeof *asks), "given up %d times", n);
	run_steps(_i / 2, 2, NULL, 0, &alone);
	ck_assert(state_same(&alone, &disturbed));
	state_free(&alone);
	state_free(&disturbed);
}
END_TEST

/* A batch that takes no time is done to its end. */
START_TEST(step__short__is_not_given_up)
{
	struct nn_shape shape = {3, {8, 8, 1}};
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_engine *eng = engine(1, "auto");
	struct asked a = {0, false};
	struct nn_metrics sum = {0};
	struct nn_err err;
	struct nn_run *run;
	struct setup s;

	setup_make(&s, shape, "flatten, dense 5, softmax", 64, 5);
	run = nn_run_new(s.net, eng, &cfg, &s.c.set, NULL, &err);
	nn_engine_set_give_up(eng, give_up, &a);
	ck_assert_int_eq(nn_run_step(run, &sum, &err), 0);
	ck_assert_uint_eq(sum.count, 64);
	nn_run_free(run);
	setup_free(&s);
	nn_engine_free(eng);
}
END_TEST

/* Nobody is told that a gradient was given up. */
START_TEST(gradient__of_a_large_batch__is_not_given_up)
{
	struct nn_shape shape = {3, {nets[0].dim, nets[0].dim, 1}};
	struct nn_engine *eng = engine(2, "auto");
	struct asked a = {0, false};
	struct nn_err err;
	struct setup s;
	float *grad[2];
	double loss[2];
	size_t n;

	setup_make(&s, shape, nets[0].text, (size_t)nets[0].batch, 5);
	n = sizeof(float) * nn_net_params(s.net);
	for (int i = 0; i < 2; i++) {
		grad[i] = malloc(n);
		nn_engine_set_give_up(eng, i == 0 ? NULL : give_up, &a);
		ck_assert_int_eq(nn_gradient(s.net, eng, &s.c.set, &loss[i], grad[i], &err), 0);
	}
	ck_assert(loss[0] > 0 && loss[0] == loss[1]);
	ck_assert_int_eq(memcmp(grad[0], grad[1], n), 0);
	free(grad[0]);
	free(grad[1]);
	setup_free(&s);
	nn_engine_free(eng);
}
END_TEST

/* An evaluation is given up alike, and the next one is as if nothing had been. */
START_TEST(eval__given_up_anywhere__is_stopped_and_no_more)
{
	enum { COUNT = 264, CLASSES = 5 };
	static const int asks[] = {0, 1, 30, 1 << 30};
	struct nn_shape shape = {3, {28, 28, 1}};
	struct nn_engine *eng = engine(2, "auto");
	struct asked a = {-1, false};
	struct nn_metrics m[2];
	struct nn_err err;
	struct setup s;
	float probs[2][COUNT * CLASSES];

	setup_make(&s, shape, "conv2d 32 5, relu, conv2d 64 5, relu, conv2d 64 5, relu, flatten, dense 5, softmax", COUNT, CLASSES);
	ck_assert_int_eq(nn_eval(s.net, eng, &s.c.set, NULL, &m[0], probs[0], &err), 0);
	nn_engine_set_give_up(eng, give_up, &a);
	for (int i = 0; i < 4; i++) {
		atomic_store(&a.left, asks[i]);
		ck_assert_int_eq(nn_eval(s.net, eng, &s.c.set, NULL, &m[1], probs[1], &err), i < 3 ? NN_STOPPED : 0);
	}
	ck_assert(memcmp(probs[0], probs[1], sizeof probs[0]) == 0 && m[0].loss == m[1].loss && m[0].correct == m[1].correct);
	setup_free(&s);
	nn_engine_free(eng);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("given up");
	TCase *t = tcase_create("steps");

	tcase_set_timeout(t, 600);
	tcase_add_loop_test(t, step__given_up_anywhere__changes_nothing, 0, 4);
	tcase_add_test(t, step__short__is_not_given_up);
	tcase_add_test(t, gradient__of_a_large_batch__is_not_given_up);
	tcase_add_test(t, eval__given_up_anywhere__is_stopped_and_no_more);
	suite_add_tcase(s, t);
	return run_suite(s);
}
