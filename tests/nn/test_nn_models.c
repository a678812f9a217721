/* test_nn_models.c: nets of every shape, on pictures of every kind, held to double precision and to each other.
 *
 * Of each model of a fixed sequence: the outputs and the gradient of a batch with dropout, each tensor by itself, for all sets
 * of kernels; then some steps of an optimizer, which must be the same for any number of threads and for v3 and v4.
 */
#include "nn/kernels.h"
#include "models.h"
#include "oracle.h"
#include "../run.h"

#include <check.h>
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef THAW_SANITIZED
#define MODELS 24
#define MACS 1500000
#else
#define MODELS 100
#define MACS 6000000
#endif

#define SEED 99
#define STEPS 3

#define GRADIENT 1e-5 /* of a tensor, relative L2 */
#define OUTPUTS 1e-5 /* probabilities, absolute */
#define CHANGE 1e-4 /* of the weights by some steps, relative L2 */

/* What single precision may decide otherwise: the values that direct convolutions compare are good to some 1e-7, those that come
 * out of dense layers to less, since Winograd's rounding is in them. Its own stage is no excuse: it asks in double. */
#define MARGIN_CONV 3e-7
#define MARGIN_DENSE 5e-6

static const char *const kernels[] = {"reference", "base", "v3", "v4"};
static const int threads[] = {1, 2, 3, 7, 16};
/* The kernels under test take the stretch that they are made for. */
static void
check_stages(const struct model *d, struct nn_run *run, const char *kernel)
{
	bool fast = strcmp(kernel, "reference") != 0;

	ck_assert_msg((strstr(nn_run_note(run), "winograd") != NULL) == (fast && d->family == MODEL_WINOGRAD), "%s: %s", d->text,
	    nn_run_note(run));
	ck_assert_msg((strstr(nn_run_note(run), "dense: ") != NULL) == fast, "%s: %s", d->text, nn_run_note(run));
}

static struct nn_run *
start(struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, const char *optimizer, double lr, int batch)
{
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_err err;
	struct nn_run *run;

	cfg.optimizer = nn_optimizer_find(optimizer);
	cfg.lr = lr;
	cfg.batch = batch;
	cfg.shuffle = false;
	cfg.seed = SEED;
	run = nn_run_new(net, eng, &cfg, set, NULL, &err);
	ck_assert_msg(run != NULL, "%s", err.text);
	return run;
}

/* The first velocity of gradient descent at the rate 1 is the negative gradient. */
static void
check_gradient(const struct model *d, const struct oracle *o, const char *kernel, struct nn_engine *eng, int layers)
{
	struct nn_net *net = nn_net_clone(d->net);
	struct nn_run *run = start(net, eng, &d->c.set, "sgd", 1, d->batch);
	struct nn_metrics m = {0};
	struct nn_err err;

	check_stages(d, run, kernel);
	ck_assert_int_eq(nn_run_step(run, &m, &err), 0);
	ck_assert_msg(fabs(m.loss / d->batch - o->loss) <= 2e-6 * o->loss + 1e-9, "%s: %s: loss %.9g, in double %.9g", kernel, d->text, m.loss / d->batch,
	    o->loss);
	for (int i = 0; i < layers; i++)
		for (int t = 0; t < nn_net_layer(net, i)->ntensors; t++) {
			const struct nn_tensor *x = &nn_net_layer(net, i)->tensor[t];
			double far = oracle_difference(o, nn_run_slot(run, 0), -1, x->offset, x->count);

			if (getenv("MODELS_VERBOSE") != NULL)
				printf("%-9s gradient %.2g, %zu open, %s: %d of %dx%dx%d, %s\n", kernel, far, o->open, x->name, d->batch, d->shape.dim[0],
				    d->shape.dim[1], d->shape.dim[2], d->text);
			ck_assert_msg(far <= GRADIENT, "%s: %s: gradient of %s differs by %.3g", kernel, d->text, x->name, far);
		}
	nn_run_free(run);
	nn_net_free(net);
}

START_TEST(models__gradient__is_that_of_double_precision)
{
	double margin[NN_LAYERS_MAX];
	struct model d;
	struct oracle o;
	bool flat = false;

	model_make(&d, (uint32_t)_i, MACS);
	for (int i = 0; i < nn_net_count(d.net); i++) {
		flat |= nn_net_layer(d.net, i)->out.rank == 1;
		margin[i] = flat ? MARGIN_DENSE : d.family == MODEL_WINOGRAD ? MARGIN_CONV / 10 : MARGIN_CONV;
	}
	oracle_make(&o, d.net, &d.c.set, SEED, margin);
	for (int k = 0; k < 4; k++) {
		struct nn_engine *eng = engine(threads[(_i + k) % 5], kernels[k]);

		if (eng != NULL)
			check_gradient(&d, &o, kernels[k], eng, nn_net_count(d.net));
		nn_engine_free(eng);
	}
	oracle_free(&o);
	model_free(&d);
}
END_TEST

/* ---- relus that are hardly open, or hardly closed ---- */

#define HARDLY 3e-7 /* of the largest value: less than what Winograd's rounding may be, more than that of the first map */
#define EDGE "conv2d 64 3, relu, conv2d 64 3, relu, max_pooling2d 2, flatten, dense 5, softmax"

/* The largest value of each filter of the second convolution, without bias, over the set. */
static void
largest(const struct model *d, double *top)
{
	const struct nn_layer *l = d->net->layer;
	int n = d->batch, c = l[0].spec.filters;
	struct nn_conv first = {l[0].in.dim[0], l[0].in.dim[1], 1, 3, c}, second = {l[2].in.dim[0], l[2].in.dim[1], c, 3, c};
	size_t in = (size_t)n * nn_shape_size(l[0].in), mid = (size_t)n * nn_shape_size(l[0].out), out = (size_t)n * nn_shape_size(l[2].out);
	double *x = calloc(in + mid + out + d->net->params + (size_t)c, sizeof *x), *y = x + in, *z = y + mid, *w = z + out;

	for (size_t i = 0; i < in; i++)
		x[i] = (double)((float)d->m.pixels[i] / 255.0f);
	for (size_t i = 0; i < d->net->params; i++)
		w[i] = (double)d->net->weights[i];
	nn_kernels_reference_double.conv_forward(&first, n, x, w + l[0].tensor[0].offset, w + l[0].tensor[1].offset, y);
	nn_kernels_reference_double.relu_forward(mid, y, y);
	nn_kernels_reference_double.conv_forward(&second, n, y, w + l[2].tensor[0].offset, w + d->net->params, z);
	for (size_t i = 0; i < out; i++)
		if (i < (size_t)c || z[i] > top[i % (size_t)c])
			top[i % (size_t)c] = z[i];
	free(x);
}

/* One window of each second filter is open, by so little that Winograd's sum alone cannot tell; of the others, none. */
START_TEST(models__relus_hardly_open__are_those_of_double_precision)
{
	const double margin[NN_LAYERS_MAX] = {0};
	struct nn_engine *eng = engine(2, kernels[_i]);
	struct model d = {.shape = {3, {12, 12, 1}}, .batch = 4, .classes = 5, .text = EDGE};
	double top[64], most = 0;
	struct oracle o;
	struct nn_err err;

	if (eng == NULL)
		return;
	d.net = net_parse(d.shape, d.text, &err);
	nn_net_init(d.net, 0, nn_net_count(d.net) - 1, 4);
	noise_make(&d.m, &d.c, d.shape, (size_t)d.batch, d.classes, 6);
	largest(&d, top);
	for (int f = 0; f < 64; f++)
		most = fmax(most, top[f]);
	for (int f = 0; f < 64; f++)
		nn_net_weights_edit(d.net)[nn_net_layer(d.net, 2)->tensor[1].offset + f] = (float)(-top[f] + (f % 2 ? 1 : -1) * HARDLY * most);
	nn_net_changed(d.net);
	oracle_make(&o, d.net, &d.c.set, SEED, margin);
	check_gradient(&d, &o, kernels[_i], eng, 3); /* behind the pool lie values that are all rounding */
	oracle_free(&o);
	model_free(&d);
	nn_engine_free(eng);
}
END_TEST

/* ---- outputs and steps ---- */

struct outcome {
	float *probs, *weights; /* behind the steps */
};

static void
outcome_free(struct outcome *o)
{
	free(o->probs);
	free(o->weights);
	*o = (struct outcome){NULL};
}

/* Some steps of an optimizer and then the outputs; weights NULL: this processor cannot. A third of the models has some layers
 * frozen. */
static struct outcome
steps(const struct model *d, int number, const char *kernel, int nthreads)
{
	static const struct {
		const char *optimizer;
		double lr;
	} ways[] = {{"adadelta", 1}, {"sgd", 0.05}, {"adam", 0.001}};
	struct nn_engine *eng = engine(nthreads, kernel);
	struct outcome o = {NULL};
	struct nn_metrics m = {0};
	struct nn_net *net;
	struct nn_run *run;
	struct nn_err err;

	if (eng == NULL)
		return o;
	net = nn_net_clone(d->net);
	o.probs = malloc(sizeof *o.probs * d->c.set.count * d->classes);
	o.weights = malloc(sizeof *o.weights * nn_net_params(net));
	if (number % 3 == 0) {
		int last = nn_net_count(net) - 3, first = number % 5 < 2 ? 0 : number % 7 % (last + 1);

		nn_net_set_trainable(net, first, first + (last - first) * (number % 11) / 10, false);
	}
	run = start(net, eng, &d->c.set, ways[number / 2 % 3].optimizer, ways[number / 2 % 3].lr, (d->batch + 1) / 2);
	for (int i = 0; i < STEPS; i++)
		ck_assert_int_eq(nn_run_step(run, &m, &err), 0);
	ck_assert_int_eq(nn_eval(net, eng, &d->c.set, NULL, &m, o.probs, &err), 0);
	memcpy(o.weights, nn_net_weights(net), sizeof *o.weights * nn_net_params(net));
	nn_run_free(run);
	nn_net_free(net);
	nn_engine_free(eng);
	return o;
}

static void
check_same(const struct model *d, const struct outcome *a, const struct outcome *b, const char *what)
{
	if (a->weights == NULL || b->weights == NULL)
		return;
	ck_assert_msg(memcmp(a->weights, b->weights, sizeof *a->weights * nn_net_params(d->net)) == 0, "%s: other bits: %s", what, d->text);
	ck_assert_msg(memcmp(a->probs, b->probs, sizeof *a->probs * d->c.set.count * d->classes) == 0, "%s: other outputs: %s", what, d->text);
}

static void
check_near(const struct model *d, const struct outcome *plain, const struct outcome *fast, const char *kernel)
{
	const float *from = nn_net_weights(d->net);
	double far = 0, way = 0, most = 0;

	if (fast->weights == NULL)
		return;
	for (size_t i = 0; i < nn_net_params(d->net); i++) {
		far += pow((double)fast->weights[i] - plain->weights[i], 2);
		way += pow((double)plain->weights[i] - from[i], 2);
	}
	for (size_t i = 0; i < d->c.set.count * d->classes; i++)
		most = fmax(most, fabs((double)fast->probs[i] - plain->probs[i]));
	if (getenv("MODELS_VERBOSE") != NULL)
		printf("%-9s steps %.2g, outputs %.2g: %s\n", kernel, way > 0 ? sqrt(far / way) : 0, most, d->text);
	ck_assert_msg(sqrt(far) <= CHANGE * sqrt(way), "%s: the way of the weights differs by %.3g: %s", kernel, sqrt(far / way), d->text);
	ck_assert_msg(most <= OUTPUTS, "%s: outputs differ by %.3g: %s", kernel, most, d->text);
}

START_TEST(models__steps__have_the_bits_of_any_threads_and_the_way_of_the_plain_kernels)
{
	struct outcome plain, base, other;
	struct model d;
	int t = _i * 2;

	model_make(&d, (uint32_t)_i, MACS);
	plain = steps(&d, _i, "reference", threads[t % 5]);
	base = steps(&d, _i, "base", threads[(t + 1) % 5]);
	check_near(&d, &plain, &base, "base");
	other = steps(&d, _i, "base", threads[(t + 2) % 5]);
	check_same(&d, &base, &other, "base");
	outcome_free(&other);
	other = steps(&d, _i, "reference", threads[(t + 3) % 5]);
	check_same(&d, &plain, &other, "reference");
	outcome_free(&other);
	outcome_free(&base);
	base = steps(&d, _i, "v3", threads[(t + 4) % 5]);
	check_near(&d, &plain, &base, "v3");
	other = steps(&d, _i, "v4", threads[t % 5]);
	check_same(&d, &base, &other, "v3 and v4");
	outcome_free(&other);
	outcome_free(&base);
	outcome_free(&plain);
	model_free(&d);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nn models");
	TCase *t = tcase_create("models");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, models__gradient__is_that_of_double_precision, 0, MODELS);
	tcase_add_loop_test(t, models__relus_hardly_open__are_those_of_double_precision, 0, 4);
	tcase_add_loop_test(t, models__steps__have_the_bits_of_any_threads_and_the_way_of_the_plain_kernels, 0, MODELS);
	suite_add_tcase(s, t);
	return run_suite(s);
}
