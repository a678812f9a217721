/* test_nn.c: random numbers, gradients, shapes, the pool of threads, and the promise that bits do not depend on threads, cache or interruption. */
#include "mnist.h"
#include "nn/nn_int.h"
#include "../run.h"

#include <check.h>
#include <config.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STEPS 4
#define BATCH 40
#define IMAGES 100

static const char *const kernels[] = {"reference", "base", "v3", "v4"};

/* Known answers of Random123's kat_vectors. */
START_TEST(philox__block__known_answers)
{
	static const struct {
		uint64_t seed;
		uint32_t counter[4], out[4];
	} kat[] = {
		{0, {0, 0, 0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{0xffffffffffffffff, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};
	uint32_t out[4];

	for (size_t i = 0; i < sizeof kat / sizeof kat[0]; i++) {
		nn_philox(kat[i].seed, kat[i].counter, out);
		ck_assert_mem_eq(out, kat[i].out, sizeof out);
	}
}
END_TEST

START_TEST(shuffle__order__is_a_permutation_of_its_epoch)
{
	uint32_t a[1000], b[1000];
	bool seen[1000] = {0};

	nn_shuffle(7, 0, a, 1000);
	for (int i = 0; i < 1000; i++) {
		ck_assert_uint_lt(a[i], 1000);
		ck_assert(!seen[a[i]]);
		seen[a[i]] = true;
	}
	nn_shuffle(7, 0, b, 1000);
	ck_assert_mem_eq(a, b, sizeof a);
	nn_shuffle(7, 1, b, 1000);
	ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

static const char *const checked[] = {
	"conv2d 4 3, relu, conv2d 6 3, relu, max_pooling2d 2, dropout .25, flatten, dense 8, relu, dropout .5, dense 5, softmax",
	"conv2d 3 1, conv2d 5 5, max_pooling2d 3, flatten, dense 4, softmax",
	"dropout .1, leaky_re_lu .4, flatten, dense 12, leaky_re_lu, dense 3, softmax",
	"conv2d 4 3 tanh, leaky_relu, sigmoid, batch_normalization, elu, softmax, flatten, dense 6 leaky_relu, dense 5 elu, softmax, dense 4 softmax",
	"conv2d 4 3 stride=2 same elu, conv2d 3 4 same l2=.1, average_pooling2d 3 stride=2 same, max_pooling2d 2 stride=1 same, flatten, dense 3 softmax l2=.2",
	"batch_normalization momentum=.9, zero_padding2d 1 bottom=2, conv2d 4 3 stride=3, batch_normalization epsilon=.01, max_pooling2d 3 stride=2, "
	"rescaling 2 offset=-1, global_average_pooling2d, dense 6, batch_normalization, dense 3 softmax",
};
#define CHECKED ((int)(sizeof checked / sizeof *checked))

static struct nn_net *
checked_net(int i)
{
	struct nn_err err;
	struct nn_net *net = net_parse((struct nn_shape){3, {12, 12, 2}}, checked[i], &err);

	ck_assert_msg(net != NULL, "%s", err.text);
	return net;
}

START_TEST(gradcheck__every_kind_of_layer__is_in_a_net)
{
	for (const char *const *kind = nn_layer_kinds(); *kind != NULL; kind++) {
		int found = 0;

		for (int i = 0; i < CHECKED; i++) {
			struct nn_net *net = checked_net(i);

			for (int k = 0; k < nn_net_count(net); k++)
				found += strcmp(nn_layer_kind_name(nn_net_layer(net, k)), *kind) == 0;
			nn_net_free(net);
		}
		ck_assert_msg(found > 0, "no net has %s: add one", *kind);
	}
}
END_TEST

START_TEST(gradcheck__every_kind_of_layer__agrees)
{
	double worst;
	struct nn_err err;
	struct nn_net *net = checked_net(_i);

	nn_net_init(net, 0, nn_net_count(net) - 1, 3);
	ck_assert_int_eq(nn_gradcheck(net, 3, 11, &worst, &err), 0);
	ck_assert_msg(worst > 0 && worst < 1e-5, "%s: relative difference %.3g", checked[_i], worst);
	nn_net_free(net);
}
END_TEST

START_TEST(net__new__says_why_a_shape_does_not_fit)
{
	static const struct {
		const char *text, *word;
	} wrong[] = {
		{"conv2d 4 13, flatten, dense 5, softmax", "12"},
		{"dense 5, softmax", "flatten"},
		{"flatten, conv2d 4 3, softmax", "conv2d"},
		{"flatten, dense 0, softmax", "units"},
		{"max_pooling2d 40, flatten, dense 5, softmax", "12"},
		{"flatten, dense 5", "softmax"},
		{"conv2d 2 3, softmax", "flatten"},
		{"flatten, dense 5 relu", "softmax"},
		{"conv2d 4 3 stride=65, flatten, dense 5, softmax", "stride 65"},
		{"zero_padding2d 2000, flatten, dense 5, softmax", "padding 2000"},
		{"flatten, global_average_pooling2d, dense 5, softmax", "flat"},
		{"flatten, batch_normalization momentum=2, dense 5, softmax", "momentum 2"},
		{"rescaling 1e9, flatten, dense 5, softmax", "scale"},
		{"flatten, dense 5 softmax l2=-1", "l2 -1"},
		{"flatten, dropout 1, dense 5, softmax", "rate"},
	};
	struct nn_err err = {""};

	ck_assert_ptr_null(net_parse((struct nn_shape){3, {12, 12, 1}}, wrong[_i].text, &err));
	ck_assert_msg(strstr(err.text, wrong[_i].word) != NULL, "%s", err.text);
}
END_TEST

START_TEST(net__new__keeps_words_of_its_own_and_refuses_others)
{
	char word[8] = "relu";
	struct nn_layer_spec spec[] = {
		{.kind = "flatten"}, {.kind = "activation", .activation = word}, {.kind = "dense", .units = 5, .pool = 7},
		{.kind = "activation", .activation = "softmax"},
	};
	struct nn_err err;
	struct nn_net *net = nn_net_new((struct nn_shape){3, {12, 12, 1}}, spec, 4, &err);

	ck_assert_msg(net != NULL, "%s", err.text);
	memset(word, 0, sizeof word);
	ck_assert_str_eq(nn_net_layer(net, 1)->spec.activation, "relu");
	ck_assert_int_eq(nn_net_layer(net, 2)->spec.pool, 0); /* a dense layer has none */
	nn_net_free(net);
	spec[1].activation = "gelu";
	ck_assert_ptr_null(nn_net_new((struct nn_shape){3, {12, 12, 1}}, spec, 4, &err));
	ck_assert_str_eq(err.text, "activation: unknown activation \"gelu\"; choose relu, leaky_relu, elu, tanh, sigmoid or softmax");
	spec[1].activation = NULL;
	ck_assert_ptr_null(nn_net_new((struct nn_shape){3, {12, 12, 1}}, spec, 4, &err));
}
END_TEST

START_TEST(layer__queries__tell_kinds_apart_without_their_names)
{
	struct nn_err err;
	struct nn_net *net = net_parse((struct nn_shape){3, {12, 12, 1}}, "conv2d 4 3, flatten, dropout .5, dense 5, softmax", &err);

	ck_assert_msg(net != NULL, "%s", err.text);
	for (int i = 0; i < nn_net_count(net); i++) {
		ck_assert_int_eq(nn_layer_has_rate(nn_net_layer(net, i)), i == 2);
		ck_assert_int_eq(nn_layer_has_input_rows(nn_net_layer(net, i)), i == 3);
		ck_assert_int_eq(nn_net_set_rate(net, i, .25, &err), i == 2 ? 0 : -1);
	}
	nn_net_free(net);
}
END_TEST

START_TEST(kinds__each_attribute__tells_two_layers_apart)
{
	for (const char *const *name = nn_layer_kinds(); *name != NULL; name++) {
		const struct nn_layer_kind *kind = nn_kind_find(*name, NULL);

		for (const struct nn_attr *a = kind->attr; a->name != NULL; a++) {
			struct nn_layer_spec one = {.kind = *name}, other = one;

			ck_assert(nn_kind_same_spec(kind, &one, &other));
			((char *)&other)[a->offset] = 1;
			ck_assert_msg(!nn_kind_same_spec(kind, &one, &other), "%s: %s", *name, a->name);
		}
	}
}
END_TEST

/* ---- the pool ---- */

static atomic_int met;

/* Ends when sixteen of its kind have begun: no thread can run two of them. */
static void
meet(struct nn_stage *st, const struct nn_step *step, int item, int thread)
{
	time_t end = time(NULL) + 60;

	atomic_fetch_add(&met, 1);
	while (atomic_load(&met) % 16 != 0 && time(NULL) < end)
		sched_yield();
}

/* A batch of 128 is sixteen chunks. */
START_TEST(par__sixteen_threads_and_chunks__each_has_one)
{
	struct nn_par *par = nn_par_new(16);
	struct nn_phase phase = {.count = -1, .work = meet};

	ck_assert_ptr_nonnull(par);
	for (uint64_t run = 1; run <= 20; run++) {
		nn_par_run(par, &phase, 1, NULL, 128 / NN_CHUNK);
		for (int t = 0; t < 16; t++)
			ck_assert_uint_eq(nn_par_done(par, t), run);
	}
	nn_par_free(par);
}
END_TEST

/* ---- bits ---- */

#define ACTIVITY "conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, dropout .25, flatten, dense 32, relu, dropout .5, dense 5, softmax"
#define FEATURES 6

static const char *const nets[] = {
	ACTIVITY,
	"conv2d 12 5, relu, conv2d 33 3, relu, conv2d 8 1, max_pooling2d 3, flatten, dense 20, relu, dense 5, softmax",
	"flatten, dense 50, relu, dropout .5, dense 5, softmax",
};

static void
setup_open(struct setup *s, const char *text, int channels)
{
	setup_make(s, (struct nn_shape){3, {16, 16, channels}}, text, IMAGES, 5);
}

enum { PLAIN, CACHED = 1, FROZEN = 2, BROKEN_OFF = 4, FREEZE_LATE = 8, SGD = 16, ADAM = 32 };

/* The weights after STEPS steps; the caller's. */
static float *
trained(const char *text, int channels, int threads, const char *kernel, int how)
{
	struct setup s;
	struct nn_engine *eng = engine(threads, kernel);
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_metrics m = {0};
	struct nn_cache *cache = NULL;
	struct nn_err err;
	struct nn_run *run;
	float *w;

	if (eng == NULL)
		return NULL;
	setup_open(&s, text, channels);
	if (how & FROZEN)
		nn_net_set_trainable(s.net, 0, FEATURES, false);
	if (how & CACHED) {
		ck_assert_msg(nn_cache_new(&cache, s.net, eng, &s.c.set, SIZE_MAX, &err) == 0, "%s", err.text);
	}
	cfg.batch = BATCH;
	if (how & (SGD | ADAM)) {
		cfg.optimizer = nn_optimizer_find(how & SGD ? "sgd" : "adam");
		cfg.lr = how & SGD ? 0.01 : 0.001;
		cfg.momentum = 0.9;
	}
	run = nn_run_new(s.net, eng, &cfg, &s.c.set, cache, &err);
	ck_assert_msg(run != NULL, "%s", err.text);
	for (int i = 0; i < STEPS; i++) {
		if (i == 2 && (how & FREEZE_LATE))
			nn_net_set_trainable(s.net, 0, FEATURES, false);
		if (i == 2 && (how & BROKEN_OFF)) {
			struct nn_run_state st = nn_run_state(run);
			float *slot[NN_SLOTS_MAX] = {NULL};
			struct nn_run *next;

			for (int k = 0; k < cfg.optimizer->nslots; k++) {
				slot[k] = malloc(sizeof(float) * nn_net_params(s.net));
				memcpy(slot[k], nn_run_slot(run, k), sizeof(float) * nn_net_params(s.net));
			}
			nn_run_free(run);
			next = nn_run_new(s.net, eng, &cfg, &s.c.set, cache, &err);
			ck_assert_msg(next != NULL, "%s", err.text);
			ck_assert_int_eq(nn_run_restore(next, &st, (const float *const *)slot, &err), 0);
			run = next;
			for (int k = 0; k < NN_SLOTS_MAX; k++)
				free(slot[k]);
		}
		ck_assert_int_eq(nn_run_step(run, &m, &err), 0);
	}
	ck_assert(isfinite(m.loss));
	nn_run_free(run);
	w = malloc(sizeof(float) * nn_net_params(s.net));
	memcpy(w, nn_net_weights(s.net), sizeof(float) * nn_net_params(s.net));
	nn_cache_free(cache);
	setup_free(&s);
	nn_engine_free(eng);
	return w;
}

static void
same(float *a, float *b, const char *text, int channels, const char *what)
{
	struct setup s;

	setup_open(&s, text, channels);
	ck_assert_msg(memcmp(a, b, sizeof(float) * nn_net_params(s.net)) == 0, "%s: other bits: %s", what, text);
	setup_free(&s);
	free(b);
}

START_TEST(run__threads__do_not_change_bits)
{
#ifdef THAW_SANITIZED /* each takes half a minute */
	static const int threads[] = {3};
#else
	static const int threads[] = {2, 3, 7, 16};
#endif
	const char *kernel = kernels[_i % 4], *text = nets[_i / 4];
	float *one = trained(text, 1, 1, kernel, PLAIN);

	for (size_t i = 0; i < sizeof threads / sizeof *threads && one != NULL; i++)
		same(one, trained(text, 1, threads[i], kernel, PLAIN), text, 1, kernel);
	free(one);
}
END_TEST

START_TEST(run__cache__does_not_change_bits)
{
	const char *kernel = kernels[_i];
	float *without = trained(ACTIVITY, 1, 2, kernel, FROZEN);

	if (without != NULL)
		same(without, trained(ACTIVITY, 1, 3, kernel, FROZEN | CACHED), ACTIVITY, 1, kernel);
	free(without);
}
END_TEST

START_TEST(run__broken_off_and_restored__goes_on_to_the_same_bits)
{
	static const int ways[] = {PLAIN, FREEZE_LATE, SGD, ADAM, FROZEN | CACHED};
	const char *kernel = kernels[_i % 4];
	int how = ways[_i / 4];
	float *through = trained(ACTIVITY, 1, 2, kernel, how);

	if (through != NULL)
		same(through, trained(ACTIVITY, 1, 2, kernel, how | BROKEN_OFF), ACTIVITY, 1, kernel);
	free(through);
}
END_TEST

START_TEST(run__v3_and_v4__give_the_same_bits)
{
	int channels = _i / 3 == 0 ? 1 : 3;
	float *three = trained(nets[_i % 3], channels, 2, "v3", PLAIN), *four = trained(nets[_i % 3], channels, 2, "v4", PLAIN);

	if (three != NULL && four != NULL)
		same(three, four, nets[_i % 3], channels, "v3 and v4");
	else
		free(four);
	free(three);
}
END_TEST

/* The threshold is beyond the 16 bits of a random number. */
START_TEST(run__dropout_of_nearly_all__keeps_nothing)
{
	static const char text[] = "dropout .999999, flatten, dense 20, relu, dense 5, softmax";
	struct setup s;
	float *w = trained(text, 1, 2, kernels[_i], PLAIN);

	setup_open(&s, text, 1);
	for (int i = 0; w != NULL && i < 16 * 16 * 20; i++)
		ck_assert_msg(w[i] == nn_net_weights(s.net)[i], "%s: weight %d moved", kernels[_i], i);
	setup_free(&s);
	free(w);
}
END_TEST

START_TEST(gradient__fast_kernels__agree_with_the_plain_ones)
{
	int channels = _i / 12 == 0 ? 1 : 3;
	const char *text = nets[_i / 4 % 3];
	struct nn_engine *plain = engine(1, "reference"), *fast = engine(2, kernels[_i % 4]);
	double loss[2], d;
	struct nn_err err;
	struct setup s;

	if (fast != NULL) {
		float *g[2];
		size_t n;

		setup_open(&s, text, channels);
		n = nn_net_params(s.net);
		g[0] = malloc(sizeof(float) * n);
		g[1] = malloc(sizeof(float) * n);
		ck_assert_int_eq(nn_gradient(s.net, plain, &s.c.set, &loss[0], g[0], &err), 0);
		ck_assert_int_eq(nn_gradient(s.net, fast, &s.c.set, &loss[1], g[1], &err), 0);
		d = norm_difference(g[1], g[0], n);
		ck_assert_msg(d <= 1e-5, "%s: gradients differ by %.3g: %s", kernels[_i % 4], d, text);
		ck_assert_msg(fabs(loss[0] - loss[1]) <= 1e-6 * loss[0], "%s: losses %.9f %.9f", kernels[_i % 4], loss[0], loss[1]);
		free(g[0]);
		free(g[1]);
		setup_free(&s);
	}
	nn_engine_free(plain);
	nn_engine_free(fast);
}
END_TEST

/* Asked by the engine in the middle of an evaluation or a filling: looks at two images itself, and sets flags. */
struct between {
	struct setup *s;
	struct nn_engine *eng;
	float *probs;
	bool within;
	int asked;
};

static bool
between(void *arg)
{
	struct between *b = arg;
	struct nn_set two = b->s->c.set;
	struct nn_metrics m;
	struct nn_err err;

	if (b->within)
		return false;
	b->within = true;
	b->asked++;
	two.count = 2;
	ck_assert_int_eq(nn_eval(b->s->net, b->eng, &two, NULL, &m, b->probs, &err), 0);
	nn_net_set_trainable(b->s->net, 0, FEATURES, b->asked % 2 == 0);
	b->within = false;
	return false;
}

START_TEST(eval__asked_in_between__goes_on_as_it_was_begun)
{
	struct nn_engine *eng = engine(2, "base");
	struct nn_metrics want, got;
	struct nn_cache *cache;
	struct nn_err err;
	struct setup s;
	float probs[2][2 * 10], *all;
	struct between b = {&s, eng, probs[1], false, 0};

	setup_open(&s, nets[0], 1);
	ck_assert_int_le(nn_net_classes(s.net), 10);
	all = malloc(sizeof *all * s.c.set.count * (size_t)nn_net_classes(s.net));
	ck_assert_int_eq(nn_eval(s.net, eng, &s.c.set, NULL, &want, all, &err), 0);
	memcpy(probs[0], all, sizeof *all * 2 * (size_t)nn_net_classes(s.net));
	free(all);
	nn_net_set_trainable(s.net, 0, FEATURES, false);
	ck_assert_msg(nn_cache_new(&cache, s.net, eng, &s.c.set, SIZE_MAX, &err) == 0, "%s", err.text);
	nn_engine_set_stop(eng, between, &b);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(nn_eval(s.net, eng, &s.c.set, i == 1 ? NULL : cache, &got, NULL, &err), 0);
		ck_assert(got.loss == want.loss && got.correct == want.correct);
		ck_assert_mem_eq(probs[0], probs[1], sizeof *all * 2 * (size_t)nn_net_classes(s.net));
	}
	nn_cache_free(cache);
	nn_net_set_trainable(s.net, 0, FEATURES, false);
	ck_assert_msg(nn_cache_new(&cache, s.net, eng, &s.c.set, SIZE_MAX, &err) == 0, "%s", err.text);
	ck_assert_int_ge(b.asked, 4);
	nn_cache_free(cache);
	setup_free(&s);
	nn_engine_free(eng);
}
END_TEST

static bool
at_once(void *arg)
{
	return true;
}

START_TEST(cache__new__says_how_it_ended)
{
	struct nn_engine *eng = engine(2, "base");
	struct nn_cache *cache;
	struct nn_err err;
	struct setup s;
	size_t bytes;

	setup_open(&s, nets[0], 1);
	ck_assert_int_eq(nn_cache_new(&cache, s.net, eng, &s.c.set, SIZE_MAX, &err), -1);
	ck_assert_ptr_null(cache);
	ck_assert_ptr_nonnull(strstr(err.text, "freeze"));
	nn_net_set_trainable(s.net, 0, FEATURES, false);
	ck_assert_int_eq(nn_cache_new(&cache, s.net, eng, &s.c.set, SIZE_MAX, &err), 0);
	bytes = nn_cache_bytes(cache);
	nn_cache_free(cache);
	ck_assert_int_eq(nn_cache_new(&cache, s.net, eng, &s.c.set, bytes / 2, &err), NN_FULL);
	ck_assert_ptr_null(cache);
	ck_assert_int_eq(nn_cache_new(&cache, s.net, eng, &s.c.set, 1, &err), NN_FULL);
	ck_assert_ptr_null(cache);
	nn_engine_set_stop(eng, at_once, NULL);
	ck_assert_int_eq(nn_cache_new(&cache, s.net, eng, &s.c.set, SIZE_MAX, &err), NN_STOPPED);
	ck_assert_ptr_null(cache);
	setup_free(&s);
	nn_engine_free(eng);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nn");
	TCase *t = tcase_create("nn");

	tcase_set_timeout(t, 300);
	tcase_add_test(t, philox__block__known_answers);
	tcase_add_test(t, shuffle__order__is_a_permutation_of_its_epoch);
	tcase_add_test(t, gradcheck__every_kind_of_layer__is_in_a_net);
	tcase_add_loop_test(t, gradcheck__every_kind_of_layer__agrees, 0, CHECKED);
	tcase_add_loop_test(t, net__new__says_why_a_shape_does_not_fit, 0, 8);
	tcase_add_test(t, net__new__keeps_words_of_its_own_and_refuses_others);
	tcase_add_test(t, layer__queries__tell_kinds_apart_without_their_names);
	tcase_add_test(t, kinds__each_attribute__tells_two_layers_apart);
	tcase_add_test(t, par__sixteen_threads_and_chunks__each_has_one);
	tcase_add_loop_test(t, run__threads__do_not_change_bits, 0, 12);
	tcase_add_loop_test(t, run__cache__does_not_change_bits, 0, 4);
	tcase_add_loop_test(t, run__broken_off_and_restored__goes_on_to_the_same_bits, 0, 20);
	tcase_add_loop_test(t, run__v3_and_v4__give_the_same_bits, 0, 6);
	tcase_add_loop_test(t, run__dropout_of_nearly_all__keeps_nothing, 0, 4);
	tcase_add_loop_test(t, gradient__fast_kernels__agree_with_the_plain_ones, 0, 24);
	tcase_add_test(t, cache__new__says_how_it_ended);
	tcase_add_test(t, eval__asked_in_between__goes_on_as_it_was_begun);
	suite_add_tcase(s, t);
	return run_suite(s);
}
