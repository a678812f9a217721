/* test_nn_sensitivity.c: the gradient of a unit's score by the image and by what layers give: against central differences, against Keras'
 * (parity/README.md), and the same bits for any number of threads, frozen or not. */
#include "mnist.h"
#include "tensors.h"
#include "../run.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KERAS 1e-5 /* of the largest value of a map */

static const char *const kernels[] = {"reference", "base", "v3", "v4"};

static const char *const nets[] = {
	"conv2d 4 3, relu, conv2d 6 3, relu, max_pooling2d 2, dropout .25, flatten, dense 8, relu, dropout .5, dense 5, softmax",
	"conv2d 3 1, conv2d 5 5, max_pooling2d 3, flatten, dense 4, softmax",
	"dropout .1, flatten, dense 12, relu, dense 3, softmax",
	"flatten, dense 3, softmax",
};
#define NETS ((int)(sizeof nets / sizeof *nets))

static struct mnist test;
static struct tensors *keras;

static struct nn_net *
small_net(int i)
{
	struct nn_err err;
	struct nn_net *net = net_parse((struct nn_shape){3, {12, 12, 2}}, nets[i], &err);

	ck_assert_msg(net != NULL, "%s", err.text);
	nn_net_init(net, 0, nn_net_count(net) - 1, 3);
	return net;
}

/* The activity's net with the weights of gte5-10.safetensors. */
static struct nn_net *
trained(void)
{
	struct nn_net *net = activity_new(0.25, 0.5);
	struct tensors *t = tensors_open(golden("gte5-10.safetensors"));
	float *w = nn_net_weights_edit(net);

	for (int l = 0; l < nn_net_count(net); l++)
		for (int k = 0; k < nn_net_layer(net, l)->ntensors; k++) {
			const struct nn_tensor *x = &nn_net_layer(net, l)->tensor[k];
			char name[128];
			size_t count;

			snprintf(name, sizeof name, "after 10 steps/%s", x->name);
			memcpy(w + x->offset, tensors_get(t, name, &count), sizeof *w * x->count);
			ck_assert_uint_eq(count, x->count);
		}
	nn_net_changed(net);
	tensors_free(t);
	return net;
}

static struct nn_set
one(const uint32_t *index)
{
	return (struct nn_set){.images = &test.images, .index = index, .count = 1};
}

static float *
sensitivity(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, int unit, enum nn_score score, int layer, float *value)
{
	size_t size = nn_shape_size(layer < 0 ? nn_net_input(net) : nn_net_layer(net, layer)->out);
	float *grad = malloc(sizeof *grad * size * set->count);
	struct nn_err err;

	ck_assert_msg(nn_sensitivity(net, eng, set, unit, score, layer, value, grad, &err) == 0, "%s", err.text);
	return grad;
}

static double
largest(const float *a, size_t n)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs((double)a[i]));
	return most;
}

START_TEST(sensitivity__every_layer__agrees_with_central_differences)
{
	struct nn_net *net = small_net(_i);

	for (int unit = 0; unit < nn_net_classes(net); unit++)
		for (int score = NN_LOGIT; score <= NN_PROBABILITY; score++) {
			struct nn_err err;
			double worst;

			ck_assert_msg(nn_sensitivity_check(net, 2, unit, score, 5, &worst, &err) == 0, "%s", err.text);
			ck_assert_msg(worst > 0 && worst < 1e-5, "%s, unit %d, score %d: relative difference %.3g", nets[_i], unit, score,
			    worst);
		}
	nn_net_free(net);
}
END_TEST

START_TEST(sensitivity__floats__agree_with_differences_of_the_logit)
{
	/* without relu and pool a logit is linear in the picture: its gradient is any difference */
	struct nn_err err;
	struct nn_net *net = net_parse((struct nn_shape){3, {5, 5, 1}}, "conv2d 3 3, flatten, dense 4, softmax", &err);
	struct nn_engine *eng = engine(1, "reference");
	uint8_t pixels[25] = {0};
	uint32_t index = 0;
	struct nn_images images = {{3, {5, 5, 1}}, 1, pixels};
	struct nn_set set = {.images = &images, .index = &index, .count = 1};
	float before[4], after[4], *grad;

	nn_net_init(net, 0, nn_net_count(net) - 1, 9);
	grad = sensitivity(net, eng, &set, 2, NN_LOGIT, -1, NULL);
	ck_assert_int_eq(nn_forward(net, eng, &set, 2, before, &err), 0);
	for (int i = 0; i < 25; i++) {
		pixels[i] = 255; /* of value 1 */
		ck_assert_int_eq(nn_forward(net, eng, &set, 2, after, &err), 0);
		pixels[i] = 0;
		ck_assert_msg(fabs((after[2] - before[2]) - grad[i]) < 1e-6, "pixel %d: %g, not %g", i, (double)grad[i],
		    (double)(after[2] - before[2]));
	}
	free(grad);
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

static void
expect(const char *what, const char *name, const float *got, size_t n)
{
	size_t count;
	const float *want = tensors_get(keras, name, &count);
	double worst = 0;

	ck_assert_uint_eq(count, n);
	for (size_t i = 0; i < n; i++)
		worst = fmax(worst, fabs((double)got[i] - want[i]));
	worst /= largest(want, n);
	if (getenv("PARITY_VERBOSE") != NULL)
		printf("%s %s: %.3g of %.3g\n", what, name, worst, largest(want, n));
	ck_assert_msg(worst <= KERAS, "%s: %s differs by %.3g of its largest value", what, name, worst);
}

START_TEST(sensitivity__activity__agrees_with_keras)
{
	static const uint32_t image[] = {0, 7};
	static const int units[] = {2, 4};
	struct nn_engine *eng = engine(2, kernels[_i]);
	struct nn_net *net = trained();

	for (int k = 0; eng != NULL && k < 4; k++) {
		struct nn_set set = one(&image[k / 2]);
		int unit = units[k % 2];
		char name[64];
		float *g;

		snprintf(name, sizeof name, "test:%u unit %d/logit", image[k / 2], unit);
		g = sensitivity(net, eng, &set, unit, NN_LOGIT, -1, NULL);
		expect(kernels[_i], name, g, 784);
		free(g);
		snprintf(name, sizeof name, "test:%u unit %d/probability", image[k / 2], unit);
		g = sensitivity(net, eng, &set, unit, NN_PROBABILITY, -1, NULL);
		expect(kernels[_i], name, g, 784);
		free(g);
		if (k == 0) {
			g = sensitivity(net, eng, &set, unit, NN_LOGIT, 3, NULL);
			expect(kernels[_i], "test:0 unit 2/activation_1", g, 24 * 24 * 32);
			free(g);
		}
	}
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

START_TEST(sensitivity__bits__are_the_same_for_any_threads_and_frozen)
{
	static const uint32_t image = 7;
	struct nn_set set = one(&image);
	struct nn_engine *eng[3] = {engine(1, kernels[_i]), engine(2, kernels[_i]), engine(4, kernels[_i])}, *plain = engine(1, "reference");
	struct nn_net *net = trained();
	float *want = sensitivity(net, plain, &set, 4, NN_LOGIT, -1, NULL), *first, *got;
	double off = 0;

	if (eng[0] == NULL)
		goto out;
	first = sensitivity(net, eng[0], &set, 4, NN_LOGIT, -1, NULL);
	for (int i = 0; i < 784; i++)
		off = fmax(off, fabs((double)first[i] - want[i]));
	ck_assert_msg(off <= 1e-6 * largest(want, 784), "%s differs from the plain kernels by %.3g", kernels[_i], off);
	nn_net_set_trainable(net, 0, 6, false);
	ck_assert_int_eq(nn_net_set_rate(net, 5, 0.9, NULL), 0);
	for (int k = 0; k < 3; k++) {
		got = sensitivity(net, eng[k], &set, 4, NN_LOGIT, -1, NULL);
		ck_assert_msg(memcmp(got, first, sizeof *got * 784) == 0, "%s, %d threads: other bits", kernels[_i], 1 << k);
		free(got);
	}
	free(first);
out:
	free(want);
	nn_net_free(net);
	nn_engine_free(plain);
	for (int k = 0; k < 3; k++)
		nn_engine_free(eng[k]);
}
END_TEST

START_TEST(sensitivity__values__are_those_of_forward)
{
	static const uint32_t index[] = {3, 8, 1};
	struct nn_set set = {.images = &test.images, .index = index, .count = 3};
	struct nn_engine *eng = engine(2, "reference");
	struct nn_net *net = trained();
	size_t size = nn_shape_size(nn_net_layer(net, 3)->out);
	float *value = malloc(sizeof *value * 3 * size), *forward = malloc(sizeof *forward * 3 * size);
	float *grad = sensitivity(net, eng, &set, 0, NN_LOGIT, 3, value), *alone;
	struct nn_err err;

	ck_assert_int_eq(nn_forward(net, eng, &set, 3, forward, &err), 0);
	ck_assert_mem_eq(value, forward, sizeof *value * 3 * size);
	set = one(&index[1]);
	alone = sensitivity(net, eng, &set, 0, NN_LOGIT, 3, NULL);
	ck_assert_mem_eq(alone, grad + size, sizeof *alone * size);
	free(value);
	free(forward);
	free(grad);
	free(alone);
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

START_TEST(sensitivity__refuses__what_has_no_score_behind_it)
{
	static const uint32_t image = 0;
	struct nn_set set = one(&image);
	struct nn_engine *eng = engine(1, "auto");
	struct nn_net *net = trained();
	float grad[784];
	struct nn_err err;

	ck_assert_int_eq(nn_sensitivity(net, eng, &set, 0, NN_LOGIT, 11, NULL, grad, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "-1 to 10"));
	ck_assert_int_eq(nn_sensitivity(net, eng, &set, 0, NN_LOGIT, -2, NULL, grad, &err), -1);
	ck_assert_int_eq(nn_sensitivity(net, eng, &set, 5, NN_LOGIT, -1, NULL, grad, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.text, "unit 5"));
	/* the logits themselves */
	ck_assert_int_eq(nn_sensitivity(net, eng, &set, 3, NN_LOGIT, 10, NULL, grad, &err), 0);
	for (int u = 0; u < 5; u++)
		ck_assert(grad[u] == (u == 3));
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

START_TEST(sensitivity__wild_weights__end_in_numbers_that_are_none)
{
	static const uint32_t image = 0;
	struct nn_set set = one(&image);
	struct nn_net *net = trained();
	struct nn_engine *eng = engine(2, kernels[_i]);
	float *grad, *w;
	int wrong = 0;

	if (eng == NULL)
		goto out;
	w = nn_net_weights_edit(net);
	w[nn_net_layer(net, 2)->tensor[0].offset] = NAN;
	nn_net_changed(net);
	grad = sensitivity(net, eng, &set, 1, NN_LOGIT, -1, NULL);
	for (int i = 0; i < 784; i++)
		wrong += isnan(grad[i]);
	ck_assert_int_gt(wrong, 0);
	free(grad);
out:
	nn_net_free(net);
	nn_engine_free(eng);
}
END_TEST

static void
setup(void)
{
	mnist_load(&test, "t10k");
	keras = tensors_open(golden("saliency.safetensors"));
}

static void
teardown(void)
{
	mnist_free(&test);
	tensors_free(keras);
}

int
main(void)
{
	Suite *s = suite_create("nn sensitivity");
	TCase *t = tcase_create("sensitivity");

	tcase_add_unchecked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, sensitivity__every_layer__agrees_with_central_differences, 0, NETS);
	tcase_add_test(t, sensitivity__floats__agree_with_differences_of_the_logit);
	tcase_add_loop_test(t, sensitivity__activity__agrees_with_keras, 0, 4);
	tcase_add_loop_test(t, sensitivity__bits__are_the_same_for_any_threads_and_frozen, 0, 4);
	tcase_add_test(t, sensitivity__values__are_those_of_forward);
	tcase_add_test(t, sensitivity__refuses__what_has_no_score_behind_it);
	tcase_add_loop_test(t, sensitivity__wild_weights__end_in_numbers_that_are_none, 0, 4);
	suite_add_tcase(s, t);
	return run_suite(s);
}
