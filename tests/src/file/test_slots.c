/* test_slots.c: the state of an optimizer that came with weights: when a run may begin with it, that it does, and what files keep of it. */
#include "commands/sweep.h"
#include "file/keras_slots.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRAIN "train lt5 epochs=2 batch=2 lr=0.01 verbose=0"

/* As a file would have brought it with the weights that there are. */
static void
give(const char *optimizer, uint64_t steps)
{
	struct slots *x = &C.s->slots;
	struct err e = {0};

	slots_free(x);
	ck_assert_int_eq(slots_new(x, nn_optimizer_find(optimizer), capture_net(&C), &e), 0);
	x->steps = steps;
	for (int i = 0; i < nn_net_count(capture_net(&C)); i++)
		x->trainable[i] = nn_net_layer(capture_net(&C), i)->trainable;
	for (int k = 0; k < x->of->nslots; k++)
		for (size_t i = 0; i < x->params; i++)
			x->slot[k][i] = (float)(i % 7) * 0.01f;
	slots_belong(x, capture_net(&C));
}

/* The hash of the weights that the last run left. */
static const char *
left(void)
{
	return runs_last(&C.s->runs)->sha256;
}

/* Epochs count on behind an undo, and what is random goes by them. */
static void
setup(void)
{
	captured_small();
	captured_ok("set shuffle off; set dropout.rate 0");
}

START_TEST(slots__train__wants_what_belongs_together)
{
	char with[65], without[65];

	captured_refused(TRAIN " slots=loaded", "no optimizer's state was loaded; `load FILE.keras` of a model that has trained brings one");
	captured_refused(TRAIN " slots=some", "slots=some: one of zero, loaded");
	captured_refused("finetune lt5 slots=loaded", "slots");
	captured_ok("set optimizer adam");
	give("adam", 1200);
	captured_refused(TRAIN " slots=loaded optimizer=sgd", "is of adam, and this run has sgd; `set optimizer adam`");
	captured_ok("freeze conv2d");
	captured_refused(TRAIN " slots=loaded", "conv2d has been frozen since the optimizer's state was loaded; `unfreeze conv2d`");
	captured_ok("unfreeze conv2d");
	captured_ok(TRAIN " slots=loaded");
	ck_has(C.text, "shuffle=off  slots=loaded (1,200 steps)  threads=");
	strcpy(with, left());
	captured_refused(TRAIN " slots=loaded", "belongs to other weights than there are now; `load` its file again");
	captured_ok("undo");
	captured_ok(TRAIN);
	ck_lacks(C.text, "slots=");
	strcpy(without, left());
	ck_assert_str_ne(with, without);
	captured_ok("undo; " TRAIN " slots=zero");
	ck_assert_str_eq(left(), without);
	captured_ok("undo; set threads 3; set cache off; " TRAIN " slots=loaded");
	ck_assert_str_eq(left(), with);
	captured_ok("undo; build \"flatten | dense 10, softmax\"");
	captured_refused(TRAIN " slots=loaded", "belongs to other weights");
	captured_ok("undo");
	captured_ok(TRAIN " slots=loaded");
	ck_assert_str_eq(left(), with);
	captured_ok("undo; reset dense seed=9");
	captured_refused(TRAIN " slots=loaded", "belongs to other weights");
	captured_ok("undo; freeze conv2d");
	give("adam", 1);
	captured_ok("unfreeze conv2d");
	captured_refused(TRAIN " slots=loaded", "conv2d has been unfrozen since the optimizer's state was loaded; `freeze conv2d`");
	captured_ok("freeze conv2d; " TRAIN " slots=loaded");
	ck_has(C.text, "slots=loaded (1 step)  ");
}
END_TEST

/* Adam's bias correction counts on: its first step is about lr / sqrt(1 - beta_2^1) times smaller than behind many steps. */
START_TEST(slots__train__counts_the_steps_on)
{
	char few[65];

	captured_ok("set optimizer adam");
	give("adam", 2);
	captured_ok(TRAIN " slots=loaded");
	strcpy(few, left());
	captured_ok("undo");
	give("adam", 2000);
	captured_ok(TRAIN " slots=loaded");
	ck_assert_str_ne(left(), few);
	/* the curve of a rate is that of the run, whatever the steps before it were: at the end of a cosine it is 0 */
	captured_ok("undo; set optimizer sgd");
	give("sgd", 2000);
	captured_ok("train lt5 epochs=2 batch=2 lr=0.5:cosine verbose=0 slots=loaded");
	strcpy(few, left());
	captured_ok("undo");
	give("sgd", 0);
	captured_ok("train lt5 epochs=2 batch=2 lr=0.5:cosine verbose=0 slots=loaded");
	ck_assert_str_eq(left(), few);
}
END_TEST

START_TEST(slots__resume__goes_on_to_the_same_bits)
{
	static const char line[] = "train lt5 epochs=3 batch=2 verbose=0 lr=0.02:cosine slots=loaded";
	static const char *const optimizer[] = {"adadelta", "adam", "sgd"};
	char whole[65];

	for (int i = 0; i < 3; i++)
		for (uint32_t cut = 1; cut < 8; cut += 3) {
			char *set = xasprintf("reset; set momentum 0.9; set optimizer %s", optimizer[i]);

			captured_ok(set);
			free(set);
			give(optimizer[i], 77);
			captured_ok(line);
			ck_assert_uint_gt(runs_last(&C.s->runs)->nbatch, 8);
			strcpy(whole, left());
			captured_ok("undo");
			C.s->worker.steps = cut;
			capture_run(&C, line);
			ck_assert(runs_last(&C.s->runs)->interrupted);
			ck_assert_uint_eq(runs_last(&C.s->runs)->state.iterations, 77 + cut);
			captured_ok("save cut.safetensors; reset seed=4; load cut.safetensors");
			ck_lacks(C.text, "the optimizer's state"); /* which is the run's own now */
			ck_assert_uint_eq(runs_last(&C.s->runs)->slots_steps, 77);
			captured_ok("resume");
			ck_assert_str_eq(left(), whole);
			captured_ok("reset; set seed 1337");
		}
}
END_TEST

START_TEST(slots__record__says_what_it_began_with)
{
	captured_ok("set optimizer adam");
	give("adam", 1200);
	captured_ok(TRAIN);
	captured_ok("undo; " TRAIN " slots=loaded; compare r1 r2");
	ck_has(C.text, "\nslots          zero          loaded");
	captured_ok("runs slots=loaded");
	ck_has(C.text, "\nr2 ");
	ck_lacks(C.text, "\nr1 ");
	captured_ok("runs slots=zero");
	ck_has(C.text, "\nr1 ");
	ck_lacks(C.text, "\nr2 ");
	captured_ok("mode json; runs; compare r1 r2; mode csv; runs; mode table");
	ck_has(C.text, "\"slots\":\"loaded\",\"slots_steps\":1200");
	ck_has(C.text, "\"slots\":\"zero\"");
	ck_has(C.text, ",loaded,");
	captured_ok("export keras run.py");
	captured_ok("save a.safetensors; load a.safetensors; runs slots=loaded");
	ck_has(C.text, "\nr2 ");
	ck_assert_uint_eq(runs_last(&C.s->runs)->slots_steps, 1200);
	ck_assert_uint_eq(strlen(runs_last(&C.s->runs)->slots), 64);
	ck_assert_str_eq(capture_run_at(&C, 0)->slots, "");
}
END_TEST

START_TEST(slots__session__keeps_it_with_its_weights)
{
	char with[65];

	captured_ok("set optimizer sgd; set momentum 0.9; freeze dense");
	give("sgd", 40);
	captured_ok("unfreeze dense; save kept.safetensors");
	captured_ok("freeze dense; " TRAIN " slots=loaded");
	strcpy(with, left());
	captured_ok("save after.safetensors; load after.safetensors"); /* it belongs to weights that are gone */
	ck_lacks(C.text, "the optimizer's state");
	captured_refused(TRAIN " slots=loaded", "no optimizer's state was loaded");
	captured_ok("load kept.safetensors");
	ck_has(C.text, "note: the optimizer's state (sgd, 40 steps) is kept: `train SPLIT slots=loaded` goes on with it, as model.fit() behind "
	    "load_model() does; without that, a run begins with its own");
	captured_refused(TRAIN " slots=loaded", "dense has been unfrozen since the optimizer's state was loaded");
	captured_ok("freeze dense; " TRAIN " slots=loaded");
	ck_assert_str_eq(left(), with);
	captured_ok("load kept.safetensors only=all"); /* the same weights, of which it is */
	captured_ok(TRAIN " slots=loaded");
	ck_assert_str_eq(left(), with);
}
END_TEST

/* Puts one text of a file in the place of another one that is as long. */
static void
tamper(const char *file, const char *from, const char *to)
{
	size_t n;
	uint8_t *p = scratch_read(file, &n), *at = memmem(p, n, from, strlen(from));

	ck_assert_ptr_nonnull(at);
	ck_assert_uint_eq(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	scratch_write("tampered.safetensors", p, n);
	free(p);
}

START_TEST(slots__session__refuses_what_is_damaged)
{
	static const struct {
		const char *from, *to, *says;
	} wrong[] = {
		{"\\\"optimizer\\\":\\\"adam\\\",\\\"steps", "\\\"optimizer\\\":\\\"adax\\\",\\\"steps", "(session: slots)"},
		{"\\\"steps\\\":\\\"1234567890\\\"", "\\\"steps\\\":\\\"9234567890\\\"", "(session: slots)"},
		{"\\\"steps\\\":\\\"1234567890\\\"", "\\\"steps\\\":\\\"-234567890\\\"", "(session: steps)"},
		{"optimizer.loaded.velocity.dense.bias", "optimizer.loaded.velocity.dense.biaz", "optimizer.loaded.velocity.dense.bias is not in the file"},
		{"optimizer.loaded.momentum.dense.bias", "optimizer.loaded.momentum.dense.biaz", "optimizer.loaded.momentum.dense.bias is not in the file"},
	};
	size_t n;
	uint8_t *p;

	captured_ok("set optimizer adam");
	give("adam", 1234567890);
	captured_ok("save a.safetensors");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		tamper("a.safetensors", wrong[i].from, wrong[i].to);
		captured_refused("load tampered.safetensors", wrong[i].says);
		captured_ok("assert optimizer == \"adam\"");
		ck_assert_ptr_nonnull(C.s->slots.of);
	}
	tamper("a.safetensors", "\\\"slots\\\":{", "\\\"other\\\":{"); /* nobody reads it then, which is no harm to the weights */
	captured_ok("load tampered.safetensors");
	ck_assert_ptr_null(C.s->slots.of);
	tamper("tampered.safetensors", "optimizer.loaded.momentum.dense.bias", "optimizes.loaded.momentum.dense.bias");
	captured_refused("load tampered.safetensors", "its tensor \"optimizes.loaded.momentum.dense.bias\" belongs to no layer of the model; `load FILE "
	    "only=all` takes what fits");
	captured_ok("load a.safetensors");
	p = scratch_read("a.safetensors", &n);
	for (uint8_t *at; (at = memmem(p, n, "loaded.momentum", 15)) != NULL;)
		memcpy(at, "loaded.nomentum", 15);
	scratch_write("tampered.safetensors", p, n);
	free(p);
	captured_refused("load tampered.safetensors", "it says that it has an optimizer's state, which is not there; `load FILE only=all` takes its weights");
	C.s->slots.slot[1][3] = -1;
	captured_ok("save b.safetensors");
	captured_refused("load b.safetensors", "the optimizer's state in it is damaged: its velocity has a value below 0");
	C.s->slots.slot[1][3] = NAN;
	captured_ok("save b.safetensors");
	captured_refused("load b.safetensors", "NaN or infinite");
}
END_TEST

/* A sweep's trials begin with it, and are known by it. */
START_TEST(slots__sweep__begins_each_trial_with_it)
{
	json_t *with, *without, *other;
	char hash[65];

	captured_ok("set optimizer adam; " TRAIN);
	captured_ok("undo");
	without = sweep_asked(C.s);
	ck_assert_ptr_null(json_object_get(without, "slots"));
	ck_assert_int_eq(capture_run(&C, "sweep lr=0.1,0.2 -- train lt5 epochs=1 batch=2 slots=loaded"), 1);
	ck_has(C.errors, "no optimizer's state was loaded");
	give("adam", 7);
	with = sweep_asked(C.s);
	strcpy(hash, C.s->slots.sha256);
	captured_ok("sweep lr=0.1,0.2 -- train lt5 epochs=1 batch=2 slots=loaded");
	ck_assert_str_eq(C.s->slots.sha256, hash);
	captured_ok(TRAIN " slots=loaded; undo");
	give("adam", 8);
	other = sweep_asked(C.s);
	ck_assert(!json_equal(json_object_get(with, "slots"), json_object_get(other, "slots")));
	json_object_del(with, "slots");
	ck_assert(json_equal(with, without));
	json_decref(with);
	json_decref(without);
	json_decref(other);
}
END_TEST

/* ---- files of Keras that lie ---- */

enum { KERNEL = 16 * 2, BIAS = 2 };

/* A file that holds these variables: what is said of each is its dtype, its shape and its bytes in hexadecimal, or a float that all are. */
struct var {
	const char *name, *dtype, *shape;
	size_t bytes;
	double value;
};

static struct keras_file
file_of(const struct var *v, int n, const char *metadata)
{
	struct str head = {0};
	size_t at = 0;
	struct keras_file k = {0};
	struct err e = {0};
	static uint8_t image[65536];

	str_add(&head, "{\"__metadata__\":{%s}", metadata);
	for (int i = 0; i < n; i++) {
		str_add(&head, ",\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}", v[i].name, v[i].dtype, v[i].shape, at,
		    at + v[i].bytes);
		at += v[i].bytes;
	}
	str_addc(&head, '}');
	ck_assert_uint_lt(8 + head.n + at, sizeof image);
	memset(image, 0, sizeof image);
	for (int i = 0; i < 8; i++)
		image[i] = (uint8_t)((uint64_t)head.n >> 8 * i);
	memcpy(image + 8, head.s, head.n);
	at = 8 + head.n;
	for (int i = 0; i < n; i++) {
		int64_t whole = (int64_t)v[i].value;
		float real = (float)v[i].value;

		for (size_t b = 0; b < v[i].bytes; b++)
			image[at + b] = v[i].dtype[0] == 'I' || v[i].dtype[0] == 'U' ? (uint8_t)((uint64_t)whole >> 8 * (b % 8)) :
			    ((const uint8_t *)&real)[b % 4];
		at += v[i].bytes;
	}
	k.t = tensors_of("x.keras", image, at, &e);
	ck_assert_msg(k.t != NULL, "%s", e.text);
	k.state = xcalloc(k.t->n, sizeof *k.state);
	memcpy(k.state, k.t->entry, k.t->n * sizeof *k.state);
	k.nstate = k.t->n;
	free(head.s);
	return k;
}

#define SGD(steps, value) {"optimizer/vars/0", "I64", "", 8, steps}, {"optimizer/vars/1", "F32", "", 4, 0.5}, \
	{"optimizer/vars/2", "F32", "16,2", 4 * KERNEL, value}, {"optimizer/vars/3", "F32", "2", 4 * BIAS, value}

START_TEST(slots__keras__takes_all_or_nothing)
{
	static const struct {
		const char *optimizer, *says; /* "": nothing is said */
		struct var var[6];
		const char *metadata;
	} file[] = {
		{"sgd", "(sgd, 9 steps) is kept", {SGD(9, 1)}},
		{"sgd", "(sgd, 0 steps) is kept", {SGD(0, 1)}},
		{"sgd", "", {SGD(0, 0)}}, /* it has done nothing yet */
		{"sgd", "(sgd, 2,147,483,647 steps) is kept", {SGD(2147483647, 1)}},
		{"sgd", "(2 tensors) is left out: its number of steps is not one of 0 to 2147483647; a run begins with its own", {SGD(2147483648, 1)}},
		{"sgd", "is left out: its number of steps is not one of", {SGD(-1, 1)}},
		{"sgd", "is left out: its momentum of dense.kernel has values that are NaN or infinite", {SGD(9, NAN)}},
		{"sgd", "is left out: its momentum of dense.kernel has values that are NaN or infinite", {SGD(9, INFINITY)}},
		{"adam", "is left out: it has 2 arrays, and adam has 4 for what trains in the model", {SGD(9, 1)}},
		{NULL, "is left out: its optimizer is not to be had here", {SGD(9, 1)}},
		/* without a momentum, and without a rate that is a number */
		{"sgd", "(sgd, 5 steps) is kept", {{"optimizer/vars/0", "I32", "", 4, 5}, {"optimizer/vars/1", "F32", "", 4, 0.5}}},
		{"sgd", "(sgd, 5 steps) is kept", {{"optimizer/vars/0", "U8", "", 1, 5}}},
		{"sgd", "the optimizer's steps in the file are left out: its number of steps is not one of 0 to", {{"optimizer/vars/0", "I64", "", 8, -5}}},
		{"adam", "the optimizer's steps in the file are left out: it has 0 arrays, and adam has 4", {{"optimizer/vars/0", "I64", "", 8, 5}}},
		{"sgd", "(sgd, 5 steps) is kept", {{"optimizer/vars/0", "I64", "", 8, 5}, {"optimizer/vars/1", "F32", "16,2", 4 * KERNEL, 1},
		    {"optimizer/vars/2", "F32", "2", 4 * BIAS, 1}}},
		{"sgd", "its momentum of dense.kernel is F32 of 2x16", {{"optimizer/vars/0", "I64", "", 8, 5}, {"optimizer/vars/1", "F32", "2,16", 4 * KERNEL, 1},
		    {"optimizer/vars/2", "F32", "2", 4 * BIAS, 1}}},
		{"sgd", "its momentum of dense.bias is I64 of 2", {{"optimizer/vars/0", "I64", "", 8, 5}, {"optimizer/vars/1", "F32", "16,2", 4 * KERNEL, 1},
		    {"optimizer/vars/2", "I64", "2", 8 * BIAS, 1}}},
		{"sgd", "its number of steps is no whole number", {{"optimizer/vars/0", "F32", "", 4, 5}, {"optimizer/vars/1", "F32", "16,2", 4 * KERNEL, 1},
		    {"optimizer/vars/2", "F32", "2", 4 * BIAS, 1}}},
		{"sgd", "its number of steps is no whole number", {{"optimizer/vars/0", "I64", "1", 8, 5}, {"optimizer/vars/1", "F32", "16,2", 4 * KERNEL, 1},
		    {"optimizer/vars/2", "F32", "2", 4 * BIAS, 1}}},
		/* one that is missing, one too many */
		{"sgd", "(2 tensors) is left out: its variables do not stand in an order that is known here", {{"optimizer/vars/0", "I64", "", 8, 5},
		    {"optimizer/vars/2", "F32", "16,2", 4 * KERNEL, 1}, {"optimizer/vars/3", "F32", "2", 4 * BIAS, 1}}},
		{"sgd", "its variables do not stand in an order", {SGD(9, 1), {"optimizer/inner/vars/0", "I64", "", 8, 5}}},
		{"sgd", "it has 3 arrays, and sgd has 2", {SGD(9, 1), {"optimizer/vars/4", "F32", "2", 8, 5}}},
		{"adadelta", "its accumulated_delta_var has a value below 0, where a mean of squares has none", {{"optimizer/vars/0", "I64", "", 8, 5},
		    {"optimizer/vars/1", "F32", "16,2", 4 * KERNEL, 1}, {"optimizer/vars/2", "F32", "16,2", 4 * KERNEL, -1},
		    {"optimizer/vars/3", "F32", "2", 4 * BIAS, 1}, {"optimizer/vars/4", "F32", "2", 4 * BIAS, 1}}},
		{"adam", "(adam, 5 steps) is kept", {{"optimizer/vars/0", "I64", "", 8, 5},
		    {"optimizer/vars/1", "F32", "16,2", 4 * KERNEL, -1}, {"optimizer/vars/2", "F32", "16,2", 4 * KERNEL, 1},
		    {"optimizer/vars/3", "F32", "2", 4 * BIAS, -1}, {"optimizer/vars/4", "F32", "2", 4 * BIAS, 1}}},
		/* the lists of old files */
		{"sgd", "(sgd, 5 steps) is kept", {{"optimizer_weights/b", "F32", "2", 4 * BIAS, 1}, {"optimizer_weights/k", "F32", "16,2", 4 * KERNEL, 1},
		    {"optimizer_weights/SGD/iteration:0", "I64", "", 8, 5}}, "\"optimizer_weights@weight_names\":\"[\\\"SGD/iteration:0\\\",\\\"k\\\",\\\"b\\\"]\""},
		{"sgd", "do not stand in an order", {{"optimizer_weights/b", "F32", "2", 4 * BIAS, 1}, {"optimizer_weights/k", "F32", "16,2", 4 * KERNEL, 1},
		    {"optimizer_weights/SGD/iter:0", "I64", "", 8, 5}}, "\"optimizer_weights@weight_names\":\"[\\\"SGD/iter:0\\\",\\\"k\\\",\\\"b\\\"]\""},
		{"sgd", "it has 1 arrays, and sgd has 2", {{"optimizer_weights/k", "F32", "16,2", 4 * KERNEL, 1}, {"optimizer_weights/SGD/iteration:0", "I64", "", 8, 5}},
		    "\"optimizer_weights@weight_names\":\"[\\\"SGD/iteration:0\\\",\\\"k\\\",\\\"b\\\"]\""},
		{"sgd", "do not stand in an order", {{"optimizer_weights/k", "F32", "16,2", 4 * KERNEL, 1}, {"optimizer_weights/SGD/iteration:0", "I64", "", 8, 5}},
		    "\"optimizer_weights@weight_names\":\"[7]\""},
	};

	captured_ok("build \"max_pooling2d 2, flatten | dense 2, softmax\"");
	ck_assert_uint_eq(nn_net_params(capture_net(&C)), KERNEL + BIAS);
	for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
		const struct nn_optimizer_info *of = file[i].optimizer != NULL ? nn_optimizer_find(file[i].optimizer) : NULL;
		struct keras_file k;
		int n = 0;

		while (n < 6 && file[i].var[n].name != NULL)
			n++;
		slots_free(&C.s->slots);
		capture_clear(&C);
		k = file_of(file[i].var, n, file[i].metadata != NULL ? file[i].metadata : "");
		keras_slots_take(C.s, &k, of);
		ck_assert_msg(file[i].says[0] == '\0' ? C.text[0] == '\0' : strstr(C.text, file[i].says) != NULL, "%zu: \"%s\" is not in %s", i,
		    file[i].says, C.text);
		ck_assert_int_eq(C.s->slots.of != NULL, strstr(file[i].says, "is kept") != NULL);
		keras_close(&k);
	}
}
END_TEST

/* The optimizer that weights alone name. */
START_TEST(slots__keras__knows_an_optimizer_by_its_counted_name)
{
	static const char *const named[][2] = {{"adam", "adam"}, {"adam_12", "adam"}, {"adadelta_1", "adadelta"}, {"adamax", NULL}, {"adam_w", NULL},
		{"", NULL}, {"sgd_", "sgd"}};

	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		char *metadata = xasprintf("\"optimizer/vars@name\":\"%s\"", named[i][0]);
		struct keras_file k = file_of(NULL, 0, metadata);
		const struct nn_optimizer_info *of = keras_slots_named(&k);

		ck_assert_msg(named[i][1] == NULL ? of == NULL : of != NULL && strcmp(of->name, named[i][1]) == 0, "%s", named[i][0]);
		keras_close(&k);
		free(metadata);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("slots");
	TCase *t = tcase_create("slots");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, slots__train__wants_what_belongs_together);
	tcase_add_test(t, slots__train__counts_the_steps_on);
	tcase_add_test(t, slots__resume__goes_on_to_the_same_bits);
	tcase_add_test(t, slots__record__says_what_it_began_with);
	tcase_add_test(t, slots__session__keeps_it_with_its_weights);
	tcase_add_test(t, slots__session__refuses_what_is_damaged);
	tcase_add_test(t, slots__sweep__begins_each_trial_with_it);
	tcase_add_test(t, slots__keras__takes_all_or_nothing);
	tcase_add_test(t, slots__keras__knows_an_optimizer_by_its_counted_name);
	suite_add_tcase(s, t);
	return run_suite(s);
}
