/* test_nn_layers.c: layers beyond the activity's own: Keras' numbers for each (parity/make_layers.py), and their bits: for any
 * number of threads, interrupted and resumed, with a cache.
 */
#include "mnist.h"
#include "nn/nn_int.h"
#include "tensors.h"
#include "../run.h"

#include <check.h>
#include <config.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PICTURES 40
#define BATCH 20
#define STEPS 8

static const char *const kernels[] = {"reference", "base", "v3", "v4"};
static const struct nn_shape shape = {3, {11, 10, 2}};

static const struct {
	const char *name, *text;
	int frozen; /* a layer, or -1 */
} nets[] = {
	{"functions", "conv2d 4 3 tanh, conv2d 4 3 leaky_relu, flatten, dense 6 sigmoid, dense 5 elu, softmax, dense 4, elu, dense 3 softmax", -1},
	{"same", "conv2d 4 3 stride=2 same relu, conv2d 5 4 same tanh, max_pooling2d 3 stride=2 same, average_pooling2d 2 same, flatten, "
	    "dense 3 softmax", -1},
	{"windows", "zero_padding2d 2, conv2d 6 3 stride=3, max_pooling2d 2 stride=1, average_pooling2d 2 stride=1, global_average_pooling2d, "
	    "rescaling 2 offset=-.5, dense 3 softmax", -1},
	{"norm", "batch_normalization, conv2d 4 3, batch_normalization, relu, flatten, dense 6, batch_normalization momentum=.9 epsilon=.01, "
	    "tanh, dense 3 softmax", -1},
	{"frozen", "conv2d 4 3 relu, batch_normalization, flatten, dense 3 softmax", 1},
	{"leaky", "conv2d 4 3, leaky_re_lu .05, flatten, dense 6, leaky_re_lu, leaky_re_lu .7, dense 3 softmax", -1},
	{"l2", "conv2d 3 3 relu l2=.01, flatten, dense 4 l2=.03, dense 3 softmax l2=.02", 2},
};
#define NETS (int)(sizeof nets / sizeof *nets)

struct scene {
	uint8_t pixels[PICTURES * 11 * 10 * 2];
	uint16_t unit[PICTURES];
	uint32_t index[PICTURES];
	struct nn_images images;
	struct nn_set set;
	struct nn_net *net;
};

static double
formula(const char *tensor, double s, double fan)
{
	const char *what = strrchr(tensor, '.') + 1;

	if (strcmp(what, "kernel") == 0)
		return s * sqrt(3 / fan);
	if (strcmp(what, "moving_mean") == 0)
		return 0.2 * s;
	if (strcmp(what, "moving_variance") == 0)
		return 1 + 0.5 * s * s;
	return strcmp(what, "gamma") == 0 ? 1 + 0.3 * s : 0.1 * s;
}

static void
scene_make(struct scene *s, int which)
{
	struct nn_err err;
	int t = 0;

	for (int64_t i = 0; i < (int64_t)sizeof s->pixels; i++)
		s->pixels[i] = (uint8_t)((i * i * 7 + i * 13 + i / 8) % 251);
	for (int i = 0; i < PICTURES; i++) {
		s->unit[i] = (uint16_t)(i % 3);
		s->index[i] = (uint32_t)i;
	}
	s->images = (struct nn_images){shape, PICTURES, s->pixels};
	s->set = (struct nn_set){&s->images, s->index, s->unit, PICTURES};
	s->net = net_parse(shape, nets[which].text, &err);
	ck_assert_msg(s->net != NULL, "%s", err.text);
	for (int i = 0; i < nn_net_count(s->net); i++) {
		const struct nn_layer *l = nn_net_layer(s->net, i);

		for (int k = 0; k < l->ntensors; k++, t++)
			for (size_t j = 0; j < l->tensor[k].count; j++) {
				double fan = (double)l->tensor[k].count / l->tensor[k].dim[l->tensor[k].rank - 1];

				nn_net_weights_edit(s->net)[l->tensor[k].offset + j] = (float)formula(l->tensor[k].name, sin(0.7 * (double)j + t), fan);
			}
	}
	nn_net_changed(s->net);
	if (nets[which].frozen >= 0)
		nn_net_set_trainable(s->net, nets[which].frozen, nets[which].frozen, false);
}

static struct nn_run *
run_new(struct scene *s, struct nn_engine *eng, const struct nn_cache *cache)
{
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_err err;
	struct nn_run *run;

	cfg.optimizer = nn_optimizer_find("sgd");
	cfg.lr = 0.05;
	cfg.momentum = 0.9;
	cfg.batch = BATCH;
	cfg.shuffle = false;
	run = nn_run_new(s->net, eng, &cfg, &s->set, cache, &err);
	ck_assert_msg(run != NULL, "%s", err.text);
	return run;
}

static double
real(json_t *list, int i)
{
	return json_number_value(json_array_get(list, (size_t)i));
}

static void
same_layers(struct nn_net *net, json_t *want)
{
	ck_assert_int_eq(nn_net_count(net), (int)json_array_size(json_object_get(want, "names")));
	ck_assert_uint_eq(nn_net_params(net), (size_t)json_integer_value(json_object_get(want, "params")));
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		json_t *dim = json_array_get(json_object_get(want, "shapes"), (size_t)i);

		ck_assert_str_eq(l->name, json_string_value(json_array_get(json_object_get(want, "names"), (size_t)i)));
		ck_assert_int_eq(l->out.rank, (int)json_array_size(dim));
		for (int k = 0; k < l->out.rank; k++)
			ck_assert_int_eq(l->out.dim[k], (int)real(dim, k));
	}
}

static void
same_weights(struct nn_net *net, const char *name, const char *kernel)
{
	struct tensors *t = tensors_open(golden("layers.safetensors"));

	for (int i = 0; i < nn_net_count(net); i++)
		for (int k = 0; k < nn_net_layer(net, i)->ntensors; k++) {
			const struct nn_tensor *x = &nn_net_layer(net, i)->tensor[k];
			char full[128];
			size_t count;
			const float *want;
			double d;

			snprintf(full, sizeof full, "%s/%s", name, x->name);
			want = tensors_get(t, full, &count);
			ck_assert_uint_eq(count, x->count);
			d = norm_difference(nn_net_weights(net) + x->offset, want, count);
			ck_assert_msg(d <= 2e-5, "%s: %s differs by %.3g", kernel, full, d);
		}
	tensors_free(t);
}

/* Names, shapes, outputs, losses and weights. */
START_TEST(layers__train__as_in_keras)
{
	int which = _i % NETS;
	const char *kernel = kernels[_i / NETS];
	struct nn_engine *eng = engine(3, kernel);
	json_t *all, *want;
	struct scene s;
	struct nn_metrics m;
	struct nn_err err;
	struct nn_run *run;
	float probs[PICTURES * 3];

	if (eng == NULL)
		return;
	all = json_load_file(golden("layers.json"), 0, NULL);
	want = json_object_get(all, nets[which].name);
	scene_make(&s, which);
	same_layers(s.net, want);
	ck_assert_int_eq(nn_eval(s.net, eng, &s.set, NULL, &m, probs, &err), 0);
	for (int i = 0; i < 6; i++)
		ck_assert_double_eq_tol(probs[i], real(json_object_get(want, "first"), i), 1e-6);
	run = run_new(&s, eng, NULL);
	for (int i = 0; i < STEPS; i++) {
		double loss = real(json_object_get(want, "losses"), i);

		m = (struct nn_metrics){0};
		ck_assert_int_eq(nn_run_step(run, &m, &err), 0);
		ck_assert_msg(fabs(m.loss / BATCH - loss) <= 5e-6 * loss, "%s: %s, step %d: loss %.9f, Keras %.9f", kernel, nets[which].name, i,
		    m.loss / BATCH, loss);
	}
	nn_run_free(run);
	same_weights(s.net, nets[which].name, kernel);
	ck_assert_int_eq(nn_eval(s.net, eng, &s.set, NULL, &m, NULL, &err), 0);
	ck_assert_double_eq_tol(m.loss / PICTURES, json_number_value(json_object_get(want, "loss")), 1e-5);
	nn_net_free(s.net);
	nn_engine_free(eng);
	json_decref(all);
}
END_TEST

/* Trains `which`; broken: in two runs, the second restored from the first. */
static void
train(int which, const char *kernel, int threads, bool broken, bool cached, float *w)
{
	struct nn_engine *eng = engine(threads, kernel);
	struct nn_cache *cache = NULL;
	struct nn_metrics m = {0};
	struct nn_err err;
	struct nn_run *run;
	struct scene s;

	scene_make(&s, which);
	if (cached) {
		nn_net_set_trainable(s.net, 0, 1, false);
		ck_assert_int_eq(nn_cache_cut(s.net), 2);
		ck_assert_int_eq(nn_cache_new(&cache, s.net, eng, &s.set, SIZE_MAX, &err), 0);
	}
	run = run_new(&s, eng, cache);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(nn_run_step(run, &m, &err), 0);
		if (broken && i == 2) {
			struct nn_run_state at = nn_run_state(run);
			size_t n = sizeof(float) * nn_net_params(s.net);
			float *slot[NN_SLOTS_MAX] = {malloc(n)};

			memcpy(slot[0], nn_run_slot(run, 0), n);
			nn_run_free(run);
			run = run_new(&s, eng, cache);
			ck_assert_int_eq(nn_run_restore(run, &at, (const float *const *)slot, &err), 0);
			free(slot[0]);
		}
	}
	nn_run_free(run);
	memcpy(w, nn_net_weights(s.net), sizeof *w * nn_net_params(s.net));
	memset(w + nn_net_params(s.net), 0, sizeof *w);
	nn_cache_free(cache);
	nn_net_free(s.net);
	nn_engine_free(eng);
}

START_TEST(layers__bits__do_not_depend_on_threads_and_interruptions)
{
	static float a[4096], b[4096];

	train(_i, "auto", 1, false, false, a);
	train(_i, "auto", 5, false, false, b);
	ck_assert_int_eq(memcmp(a, b, sizeof a), 0);
	train(_i, "auto", 2, true, false, b);
	ck_assert_int_eq(memcmp(a, b, sizeof a), 0);
}
END_TEST

/* A frozen batch normalization runs by its moving statistics, and may be in the cache; one that trains ends it. */
START_TEST(norm__frozen__can_be_cached)
{
	static float a[4096], b[4096];
	struct scene s;

	scene_make(&s, 4);
	ck_assert_int_eq(nn_cache_cut(s.net), -1);
	nn_net_set_trainable(s.net, 0, 0, false);
	ck_assert_int_eq(nn_cache_cut(s.net), 2);
	nn_net_set_trainable(s.net, 1, 1, true);
	ck_assert_int_eq(nn_cache_cut(s.net), 0);
	ck_assert_uint_eq(nn_net_trainable(s.net), nn_net_params(s.net) - 76 - 8); /* the moving ones do not count */
	nn_net_free(s.net);
	train(4, "auto", 2, false, true, a);
	train(4, "auto", 1, true, true, b);
	ck_assert_int_eq(memcmp(a, b, sizeof a), 0);
}
END_TEST

/* An activation of its own is a piece, and not a layer: the same numbers come of both spellings. */
START_TEST(net__layers_with_extras__compute_what_their_pieces_do)
{
	static const char *const text[] = {
		"conv2d 4 3 same relu, max_pooling2d 2, flatten, dense 6 tanh, dense 3 softmax",
		"zero_padding2d 1, conv2d 4 3, relu, max_pooling2d 2, flatten, dense 6, tanh, dense 3, softmax",
	};
	static float loss_grad[2][4096];
	struct nn_engine *eng = engine(2, "auto");
	struct nn_err err;
	struct scene s;
	double loss[2];

	scene_make(&s, 0);
	for (int i = 0; i < 2; i++) {
		struct nn_net *net = net_parse(shape, text[i], &err);

		ck_assert_msg(net != NULL, "%s", err.text);
		ck_assert_int_eq(nn_net_count(net), i == 0 ? 5 : 9);
		for (size_t k = 0; k < nn_net_params(net); k++)
			nn_net_weights_edit(net)[k] = (float)(0.2 * sin((double)k));
		nn_net_changed(net);
		ck_assert_int_eq(nn_gradient(net, eng, &s.set, &loss[i], loss_grad[i], &err), 0);
		nn_net_free(net);
	}
	ck_assert(loss[0] == loss[1]);
	ck_assert_int_eq(memcmp(loss_grad[0], loss_grad[1], sizeof loss_grad[0]), 0);
	nn_net_free(s.net);
	nn_engine_free(eng);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nn layers");
	TCase *t = tcase_create("layers");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, layers__train__as_in_keras, 0, NETS * 4);
	tcase_add_loop_test(t, layers__bits__do_not_depend_on_threads_and_interruptions, 0, NETS);
	tcase_add_test(t, norm__frozen__can_be_cached);
	tcase_add_test(t, net__layers_with_extras__compute_what_their_pieces_do);
	suite_add_tcase(s, t);
	return run_suite(s);
}
