/* test_nn_parity.c: Keras' numbers, in double precision, and how close each set of kernels must come (parity/README.md). */
#include "mnist.h"
#include "tensors.h"
#include "../run.h"

#include <check.h>
#include <config.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTIVATIONS 5e-6
#define GRADIENTS 2e-5
#define LOSSES 2e-6
#define WEIGHTS 2e-5
#define LOSSES40 2e-2
#define SGD 5e-4
#define ADAM 5e-5

#ifdef THAW_SANITIZED
#define STEPS 2 /* instead of 10 */
#else
#define STEPS 10
#endif

static const char *const kernels[] = {"reference", "base", "v3", "v4"};
static struct mnist train, test;
static struct choice high, low, high_test, low_test; /* gte5, lt5 */
static json_t *expected;

static void
setup(void)
{
	mnist_load(&train, "train");
	mnist_load(&test, "t10k");
	choice_make(&high, &train, 5, 9, 0);
	choice_make(&low, &train, 0, 4, 0);
	choice_make(&high_test, &test, 5, 9, 0);
	choice_make(&low_test, &test, 0, 4, 0);
	expected = json_load_file(golden("expected.json"), 0, NULL);
	ck_assert_ptr_nonnull(expected);
}

static void
teardown(void)
{
	choice_free(&high);
	choice_free(&low);
	choice_free(&high_test);
	choice_free(&low_test);
	mnist_free(&train);
	mnist_free(&test);
	json_decref(expected);
}

static struct nn_net *
fresh(void)
{
	struct nn_net *net = activity_new(0, 0);

	activity_formula(net, 1337);
	return net;
}

static bool
long_one(void)
{
	const char *faults = getenv("FAULTS");

	return faults != NULL && strcmp(faults, "all") == 0;
}

/* All images of the test set are for the kernels that this processor works with, and in `make check-long`. */
static bool
brief(const char *k)
{
	struct nn_engine *eng = engine(1, "auto");
	bool others = strcmp(k, nn_engine_kernels(eng)) != 0;

	nn_engine_free(eng);
	return others && !long_one();
}

/* The plain kernels take ten times as long as all others together: but in `make check-long` they do few steps. */
static int
steps_of(const char *k, int steps)
{
	return long_one() || strcmp(k, "reference") != 0 ? steps : 2;
}

/* Relative distance of the losses of `steps` batches in file order from the list of that name. */
static double
losses(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, const char *optimizer, double lr, double momentum, int steps,
    const char *name, const struct nn_cache *cache)
{
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_err err;
	struct nn_run *run;
	json_t *list = json_object_get(expected, name);
	double worst = 0;

	ck_assert_ptr_nonnull(list);
	cfg.optimizer = nn_optimizer_find(optimizer);
	cfg.lr = lr;
	cfg.momentum = momentum;
	cfg.shuffle = false;
	run = nn_run_new(net, eng, &cfg, set, cache, &err);
	ck_assert_msg(run != NULL, "%s", err.text);
	for (int s = 0; s < steps; s++) {
		struct nn_metrics m = {0};
		double want = json_real_value(json_array_get(list, (size_t)s));

		ck_assert_int_eq(nn_run_step(run, &m, &err), 0);
		if (getenv("PARITY_VERBOSE") != NULL)
			printf("%s %s %d: %.3g\n", nn_engine_kernels(eng), name, s, fabs(m.loss / m.count - want) / want);
		worst = fmax(worst, fabs(m.loss / m.count - want) / want);
	}
	nn_run_free(run);
	return worst;
}

static void
expect_eval(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, const char *when, const char *split, double loss_tolerance)
{
	json_t *want = json_object_get(expected, when);
	struct nn_metrics m;
	struct nn_err err;
	double loss, accuracy;

	if (split != NULL)
		want = json_object_get(want, split);
	ck_assert_ptr_nonnull(want);
	loss = json_real_value(json_object_get(want, "loss"));
	accuracy = json_real_value(json_object_get(want, "accuracy"));
	ck_assert_int_eq(nn_eval(net, eng, set, NULL, &m, NULL, &err), 0);
	ck_assert_msg(fabs(m.loss / m.count - loss) <= loss_tolerance * loss, "%s, %s: loss %.9f, Keras %.9f", nn_engine_kernels(eng), when,
	    m.loss / m.count, loss);
	/* some pictures may stand on the edge between two digits */
	ck_assert_msg(fabs((double)m.correct / m.count - accuracy) <= fmax(5.0 / m.count, loss_tolerance), "%s, %s: accuracy %.6f, Keras %.6f",
	    nn_engine_kernels(eng), when, (double)m.correct / m.count, accuracy);
}

/* Largest relative L2 distance of the tensors under a prefix from a block in the canonical order. */
static double
tensors_difference(const struct nn_net *net, const float *block, const char *file, const char *prefix, int first)
{
	struct tensors *t = tensors_open(golden(file));
	double worst = 0;

	for (int l = first; l < nn_net_count(net); l++)
		for (int k = 0; k < nn_net_layer(net, l)->ntensors; k++) {
			const struct nn_tensor *x = &nn_net_layer(net, l)->tensor[k];
			char name[128];
			size_t count;
			const float *want;
			double d;

			snprintf(name, sizeof name, "%s/%s", prefix, x->name);
			want = tensors_get(t, name, &count);
			ck_assert_uint_eq(count, x->count);
			d = norm_difference(block + x->offset, want, count);
			if (getenv("PARITY_VERBOSE") != NULL)
				printf("%s: %.3g\n", name, d);
			worst = fmax(worst, d);
		}
	tensors_free(t);
	return worst;
}

START_TEST(parity__activations__of_two_images)
{
	static const struct {
		int layer;
		const char *name;
	} probe[] = {{1, "activation"}, {3, "activation_1"}, {4, "max_pooling2d"}, {8, "activation_2"}, {10, "dense_1"}, {11, "activation_3"}};
	struct nn_engine *eng = engine(2, kernels[_i]);
	struct tensors *t = tensors_open(golden("step0.safetensors"));
	struct nn_net *net = fresh();
	struct nn_set two = high.set;
	struct nn_err err;

	if (eng == NULL)
		goto out;
	two.count = 2;
	for (size_t i = 0; i < sizeof probe / sizeof *probe; i++) {
		size_t count, size = nn_shape_size(nn_net_layer(net, probe[i].layer)->out);
		float *got = malloc(sizeof *got * 2 * size);
		char name[128];
		const float *want;
		double worst = 0;

		snprintf(name, sizeof name, "activations of gte5 train images 0, 1/%s", probe[i].name);
		want = tensors_get(t, name, &count);
		ck_assert_uint_eq(count, 2 * size);
		ck_assert_int_eq(nn_forward(net, eng, &two, probe[i].layer, got, &err), 0);
		for (size_t j = 0; j < count; j++)
			worst = fmax(worst, fabs((double)got[j] - want[j]));
		if (getenv("PARITY_VERBOSE") != NULL)
			printf("%s %s: %.3g\n", kernels[_i], name, worst);
		ck_assert_msg(worst <= ACTIVATIONS, "%s: %s differs by %.3g", kernels[_i], name, worst);
		free(got);
	}
out:
	tensors_free(t);
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

START_TEST(parity__gradients__of_the_first_batch)
{
	struct nn_engine *eng = engine(2, kernels[_i]);
	struct nn_net *net = fresh();
	struct nn_set batch = high.set;
	float *grad = malloc(sizeof *grad * nn_net_params(net));
	double loss, want = json_real_value(json_array_get(json_object_get(expected, "gte5 adadelta lr=1.0 losses"), 0)), d;
	struct nn_err err;

	batch.count = 128;
	if (eng != NULL) {
		ck_assert_int_eq(nn_gradient(net, eng, &batch, &loss, grad, &err), 0);
		ck_assert_msg(fabs(loss - want) <= LOSSES * want, "%s: loss %.9f, Keras %.9f", kernels[_i], loss, want);
		d = tensors_difference(net, grad, "step0.safetensors", "gradient of step 0", 0);
		ck_assert_msg(d <= GRADIENTS, "%s: gradients differ by %.3g", kernels[_i], d);
	}
	free(grad);
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

START_TEST(parity__train__then_frozen)
{
	struct nn_engine *eng = engine(2, kernels[_i]);
	struct nn_net *net = fresh();
	size_t frozen = nn_net_layer(net, 7)->offset;
	struct nn_cache *cache;
	struct nn_set some = low.set;
	struct nn_err err;
	float *kept;
	int steps = steps_of(kernels[_i], STEPS);
	double d;

	if (eng == NULL)
		goto out;
	if (steps == 10 && !brief(kernels[_i]))
		expect_eval(net, eng, &high_test.set, "initial", "gte5", 1e-6);
	d = losses(net, eng, &high.set, "adadelta", 1.0, 0, steps, "gte5 adadelta lr=1.0 losses", NULL);
	ck_assert_msg(d <= LOSSES, "%s: losses differ by %.3g", kernels[_i], d);
	if (steps < 10)
		goto out;
	d = tensors_difference(net, nn_net_weights(net), "gte5-10.safetensors", "after 10 steps", 0);
	ck_assert_msg(d <= WEIGHTS, "%s: weights differ by %.3g", kernels[_i], d);
	if (!brief(kernels[_i])) {
		expect_eval(net, eng, &high_test.set, "after gte5", "gte5", 1e-4);
		expect_eval(net, eng, &low_test.set, "after gte5", "lt5", 1e-4);
	}

	nn_net_set_trainable(net, 0, 6, false);
	kept = malloc(sizeof *kept * frozen);
	memcpy(kept, nn_net_weights(net), sizeof *kept * frozen);
	some.count = 1280;
	ck_assert_msg(nn_cache_new(&cache, net, eng, &some, SIZE_MAX, &err) == 0, "%s", err.text);
	d = losses(net, eng, &some, "adadelta", 1.0, 0, steps, "then lt5, features frozen, adadelta lr=1.0 losses", cache);
	nn_cache_free(cache);
	ck_assert_msg(d <= LOSSES, "%s: frozen losses differ by %.3g", kernels[_i], d);
	d = tensors_difference(net, nn_net_weights(net), "gte5-10-lt5-frozen-10.safetensors", "after 10 steps", 7);
	ck_assert_msg(d <= WEIGHTS, "%s: weights after the frozen steps differ by %.3g", kernels[_i], d);
	ck_assert_msg(memcmp(kept, nn_net_weights(net), sizeof *kept * frozen) == 0, "%s: a frozen weight has moved", kernels[_i]);
	if (!brief(kernels[_i])) {
		expect_eval(net, eng, &high_test.set, "after lt5", "gte5", 1e-4);
		expect_eval(net, eng, &low_test.set, "after lt5", "lt5", 1e-4);
	}
	free(kept);
out:
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

START_TEST(parity__train__longer_and_other_optimizers)
{
	static const struct {
		const char *name, *optimizer;
		double lr, momentum;
		int steps;
		double tolerance;
		const char *after;
		double after_tolerance;
	} runs[] = {
		{"gte5 adadelta lr=1.0 losses of 40 steps", "adadelta", 1, 0, 40, LOSSES40, NULL, 0},
		{"gte5 adadelta lr=0.001 losses", "adadelta", 0.001, 0, 20, LOSSES, "gte5 adadelta lr=0.001 after 20 steps", 1e-5},
		{"gte5 sgd lr=0.1 momentum=0.9 losses", "sgd", 0.1, 0.9, 20, SGD, "gte5 sgd lr=0.1 momentum=0.9 after 20 steps", 2e-3},
		{"gte5 adam lr=0.001 beta_1=0.9 beta_2=0.999 epsilon=1e-7 losses", "adam", 0.001, 0, 20, ADAM,
		    "gte5 adam lr=0.001 beta_1=0.9 beta_2=0.999 epsilon=1e-7 after 20 steps", 1e-3},
	};
	int which = _i % 4, steps = steps_of(kernels[_i / 4], brief(kernels[_i / 4]) ? 10 : runs[which].steps);
	struct nn_engine *eng = engine(2, kernels[_i / 4]);
	struct nn_net *net = fresh();
	double d;

	if (eng != NULL) {
		d = losses(net, eng, &high.set, runs[which].optimizer, runs[which].lr, runs[which].momentum, steps, runs[which].name, NULL);
		ck_assert_msg(d <= runs[which].tolerance, "%s: %s differ by %.3g", kernels[_i / 4], runs[which].name, d);
		if (runs[which].after != NULL && steps == runs[which].steps)
			expect_eval(net, eng, &high_test.set, runs[which].after, NULL, runs[which].after_tolerance);
	}
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nn parity");
	TCase *t = tcase_create("parity");

	tcase_add_unchecked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 600);
	tcase_add_loop_test(t, parity__activations__of_two_images, 0, 4);
	tcase_add_loop_test(t, parity__gradients__of_the_first_batch, 0, 4);
	tcase_add_loop_test(t, parity__train__then_frozen, 0, 4);
	tcase_add_loop_test(t, parity__train__longer_and_other_optimizers, 0, STEPS < 10 ? 0 : 16);
	suite_add_tcase(s, t);
	return run_suite(s);
}
