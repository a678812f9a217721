/* test_nn_wild.c: parameters that are not finite, in which all sets of kernels must agree.
 *
 * Fast kernels leave out what is multiplied by zero, which is wrong when the other factor is not finite: zero times NaN is NaN. So
 * a NaN or an infinity is put into one parameter after the other of nets of each kind, or made by the optimizer, and what comes of it
 * is compared with the plain kernels, number by number: finite, positive or negative infinity, or NaN.
 */
#include "nn/kernels.h"
#include "mnist.h"
#include "../run.h"

#include <check.h>
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMAGES 24
#define BATCH 16
#define STEPS 3
#define CLASSES 5

/* Places in a tensor that are tried, and values in each: under sanitizers, where all of them take two minutes, one of
 * three in turn. */
#ifdef THAW_SANITIZED
#define EACH 1
#else
#define EACH 3
#endif

static const char *const kernels[] = {"base", "v3", "v4"};
#define KERNELS (int)(sizeof kernels / sizeof *kernels)

static const struct {
	const char *text;
	int side, channels;
	int features; /* the layers before this one are frozen where a cache is wanted */
} nets[] = {
	/* the Winograd stage and two dense ones */
	{"conv2d 16 3, relu, conv2d 16 3, relu, max_pooling2d 2, dropout .25, flatten, dense 20, relu, dropout .5, dense 5, softmax", 12, 1, 5},
	/* convolutions one by one, of which the second visits live gradients alone */
	{"conv2d 20 5, relu, max_pooling2d 2, conv2d 17 3, max_pooling2d 2, dropout .3, flatten, dense 30, dense 5, softmax", 16, 3, 3},
	/* dense layers, also without relu; 100 features are no multiple of 64 */
	{"flatten, dropout .5, dense 33, dense 20, relu, dense 5, softmax", 10, 1, 3},
	{"flatten, dense 5, softmax", 10, 1, 0},
};
#define NETS (int)(sizeof nets / sizeof *nets)

static const float wild[] = {NAN, INFINITY, -INFINITY};

/* The pictures' border is zero, so that some features are dead. */
static void
setup_open(struct setup *s, int n)
{
	int side = nets[n].side, channels = nets[n].channels;
	struct nn_shape shape = {3, {side, side, channels}};

	setup_make(s, shape, nets[n].text, IMAGES, CLASSES);
	for (int i = 0; i < IMAGES * side * side * channels; i++) {
		int y = i / channels / side % side, x = i / channels % side;

		if (y < 2 || x < 2 || y >= side - 2 || x >= side - 2)
			s->m.pixels[i] = 0;
	}
}

/* ---- what comes of it ---- */

struct outcome {
	size_t n;
	float *value;
};

static void
put(struct outcome *o, const float *x, size_t n)
{
	o->value = realloc(o->value, (o->n + n) * sizeof *x);
	ck_assert_ptr_nonnull(o->value);
	memcpy(o->value + o->n, x, n * sizeof *x);
	o->n += n;
}

static void
put_one(struct outcome *o, double x)
{
	float f = (float)x;

	put(o, &f, 1);
}

struct way {
	const char *optimizer;
	double lr, epsilon;
	bool frozen, cached;
};

/* Loss and gradient of a batch with dropout off; then of some steps: each one's loss and hits, the outputs behind them, all slots
 * and weights. */
static struct outcome
run_kernels(const struct setup *s, int n, const char *kernel, const struct way *way)
{
	struct nn_net *net = nn_net_clone(s->net);
	struct nn_engine *eng = engine(2, kernel);
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_cache *cache = NULL;
	struct outcome o = {0};
	size_t params = nn_net_params(net);
	float *grad = calloc(params, sizeof *grad), probs[IMAGES * CLASSES];
	struct nn_metrics m;
	struct nn_run *run;
	struct nn_err err;
	double loss;

	if (eng == NULL) {
		nn_net_free(net);
		free(grad);
		return o;
	}
	ck_assert_int_eq(nn_gradient(net, eng, &s->c.set, &loss, grad, &err), 0);
	put_one(&o, loss);
	put(&o, grad, params);
	if (way->frozen)
		nn_net_set_trainable(net, 0, nets[n].features - 1, false);
	if (way->cached && nn_cache_cut(net) >= 0)
		ck_assert_msg(nn_cache_new(&cache, net, eng, &s->c.set, SIZE_MAX, &err) == 0, "%s", err.text);
	cfg.optimizer = nn_optimizer_find(way->optimizer);
	cfg.lr = way->lr;
	cfg.epsilon = way->epsilon;
	cfg.batch = BATCH;
	run = nn_run_new(net, eng, &cfg, &s->c.set, cache, &err);
	ck_assert_msg(run != NULL, "%s", err.text);
	for (int i = 0; i < STEPS; i++) {
		m = (struct nn_metrics){0};
		ck_assert_int_eq(nn_run_step(run, &m, &err), 0);
		put_one(&o, m.loss);
		put_one(&o, (double)m.correct);
		ck_assert_int_eq(nn_eval(net, eng, &s->c.set, cache, &m, probs, &err), 0);
		put_one(&o, m.loss);
		put(&o, probs, IMAGES * CLASSES);
	}
	for (int k = 0; k < cfg.optimizer->nslots; k++)
		put(&o, nn_run_slot(run, k), params);
	put(&o, nn_net_weights(net), params);
	nn_run_free(run);
	nn_cache_free(cache);
	nn_net_free(net);
	nn_engine_free(eng);
	free(grad);
	return o;
}

static const char *
kind(float x)
{
	return isnan(x) ? "NaN" : isinf(x) ? x > 0 ? "infinity" : "-infinity" : "a number";
}

/* The same kinds of values; near: and what is a number is nearly the same. A rate beyond reason makes something of the last bit. */
static void
check_alike(const struct outcome *plain, const struct outcome *fast, bool near, const char *what)
{
	ck_assert_uint_eq(plain->n, fast->n);
	for (size_t i = 0; i < plain->n; i++) {
		float a = plain->value[i], b = fast->value[i];

		if (strcmp(kind(a), kind(b)) != 0)
			ck_abort_msg("%s: value %zu of %zu is %s with plain kernels, else %s", what, i, plain->n, kind(a), kind(b));
		if (isfinite(a) && near && fabsf(a - b) > 1e-3f * (fabsf(a) + 1))
			ck_abort_msg("%s: value %zu of %zu is %g with plain kernels, else %g", what, i, plain->n, (double)a, (double)b);
	}
}

static void
check_kernels(const struct setup *s, int n, const struct way *way, const char *what)
{
	struct outcome plain = run_kernels(s, n, "reference", way);

	for (int k = 0; k < KERNELS; k++) {
		struct outcome fast = run_kernels(s, n, kernels[k], way);
		char text[300];

		snprintf(text, sizeof text, "%s, %s: %s", kernels[k], nets[n].text, what);
		if (fast.value != NULL)
			check_alike(&plain, &fast, way->lr <= 1, text);
		free(fast.value);
	}
	free(plain.value);
}

/* ---- parameters that come so ---- */

static const struct way ways[] = {
	{"adadelta", 1, 1e-7, false, false}, {"sgd", .05, 1e-7, true, false}, {"adam", .001, 1e-7, true, true},
};

START_TEST(wild__one_parameter__comes_through_all_kernels_alike)
{
	int n = _i / EACH;
	float value = wild[_i % 3];
	struct setup s;

	setup_open(&s, n);
	for (int l = 0, turn = 0; l < nn_net_count(s.net); l++)
		for (int t = 0; t < nn_net_layer(s.net, l)->ntensors; t++) {
			const struct nn_tensor *x = &nn_net_layer(s.net, l)->tensor[t];
			const size_t places[] = {0, x->count / 2, x->count - 1}; /* the first and the last of a dense kernel are dead inputs' */

			for (int i = 0; i < EACH; i++, turn++) {
				int p = (turn + turn / 3 + i) % 3;
				const struct way *way = &ways[nets[n].features > 0 ? turn % 3 : 0];
				float *w = nn_net_weights_edit(s.net) + x->offset + places[p], kept = *w;
				char what[100];

				*w = value;
				nn_net_changed(s.net);
				snprintf(what, sizeof what, "%s %zu is %s, %s", x->name, places[p], kind(value), way->optimizer);
				check_kernels(&s, n, way, what);
				*w = kept;
				nn_net_changed(s.net);
			}
		}
	setup_free(&s);
}
END_TEST

/* ---- parameters that a step makes so ---- */

static const struct {
	struct way way;
	const char *what;
} makers[] = {
	/* 0 / 0 where there was no gradient */
	{{"adam", .001, 0, false, false}, "Adam without an epsilon"},
	{{"adam", .001, 0, true, false}, "Adam without an epsilon, some layers frozen"},
	/* the next batch overflows */
	{{"sgd", 1e30, 1e-7, false, false}, "gradient descent at 1e30"},
	{{"sgd", 1e39, 1e-7, false, false}, "gradient descent at infinity"},
};

START_TEST(wild__made_by_a_step__comes_through_all_kernels_alike)
{
	int n = _i / 4;
	struct setup s;

	if (makers[_i % 4].way.frozen && nets[n].features == 0)
		return;
	setup_open(&s, n);
	check_kernels(&s, n, &makers[_i % 4].way, makers[_i % 4].what);
	setup_free(&s);
}
END_TEST

/* What is wild stops fast kernels where it is, not before: frozen layers before it have the bits that a cache keeps. */
START_TEST(wild__behind_frozen_layers__leaves_their_bits_to_the_cache)
{
	struct nn_engine *eng = engine(2, kernels[_i]);
	struct nn_err err;
	struct setup s;
	float *out[2];
	size_t size;

	if (eng == NULL)
		return;
	setup_open(&s, 0);
	size = nn_shape_size(nn_net_layer(s.net, 4)->out) * IMAGES;
	for (int i = 0; i < 2; i++) {
		out[i] = malloc(size * sizeof *out[i]);
		ck_assert_int_eq(nn_forward(s.net, eng, &s.c.set, 4, out[i], &err), 0);
		nn_net_weights_edit(s.net)[nn_net_params(s.net) - 1] = -INFINITY;
		nn_net_changed(s.net);
	}
	ck_assert_mem_eq(out[0], out[1], size * sizeof *out[0]);
	free(out[0]);
	free(out[1]);
	setup_free(&s);
	nn_engine_free(eng);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nn wild");
	TCase *t = tcase_create("wild");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, wild__one_parameter__comes_through_all_kernels_alike, 0, EACH * NETS);
	tcase_add_loop_test(t, wild__made_by_a_step__comes_through_all_kernels_alike, 0, 4 * NETS);
	tcase_add_loop_test(t, wild__behind_frozen_layers__leaves_their_bits_to_the_cache, 0, KERNELS);
	suite_add_tcase(s, t);
	return run_suite(s);
}
