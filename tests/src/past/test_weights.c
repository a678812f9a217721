/* test_weights.c: copies of weights share the layers that did not change, and undo goes back and forth to the bit. */
#include "session/session.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#if defined __GLIBC__ && __GLIBC_PREREQ(2, 33)
#include <malloc.h>
#define HEAP
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct capture C;

#define SMALL "timing off; build \"conv2d 4 3, relu, max_pooling2d 2, flatten | dense 16, relu, dense 5, softmax\""

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

static const struct nn_layer *
layer(const char *name)
{
	for (int i = 0; i < nn_net_count(C.s->model.net); i++)
		if (strcmp(nn_net_layer(C.s->model.net, i)->name, name) == 0)
			return nn_net_layer(C.s->model.net, i);
	ck_abort_msg("no layer %s", name);
}

/* What the pool takes more than it did. */
static size_t
grown(size_t *before)
{
	size_t now = weights_bytes(&C.s->kept), more = now - *before;

	*before = now;
	return more;
}

static float *
present(void)
{
	size_t bytes = nn_net_params(C.s->model.net) * sizeof(float);

	return memcpy(malloc(bytes), nn_net_weights(C.s->model.net), bytes);
}

static void
is_present(float *then)
{
	ck_assert_mem_eq(then, nn_net_weights(C.s->model.net), nn_net_params(C.s->model.net) * sizeof *then);
}

START_TEST(weights__keep__one_layer_that_changed_is_all_that_is_copied)
{
	size_t bytes = weights_bytes(&C.s->kept), one;

	ck_assert_int_eq(capture_run(&C, "snapshot a"), 0);
	ck_assert_uint_ge(grown(&bytes) + bytes, nn_net_params(C.s->model.net) * sizeof(float));
	ck_assert_int_eq(capture_run(&C, "snapshot b"), 0);
	ck_assert_uint_eq(grown(&bytes), 0);
	ck_assert_int_eq(capture_run(&C, "reset dense_1 seed=5; snapshot c"), 0);
	one = grown(&bytes);
	ck_assert_uint_ge(one, layer("dense_1")->params * sizeof(float));
	ck_assert_uint_lt(one, layer("dense_1")->params * sizeof(float) + 256);
}
END_TEST

START_TEST(weights__run__frozen_layers_are_not_copied)
{
	size_t bytes, head;

	ck_assert_int_eq(capture_run(&C, "train gte5 limit=64 epochs=1; freeze features"), 0);
	bytes = weights_bytes(&C.s->kept);
	ck_assert_int_eq(capture_run(&C, "train lt5 limit=64 epochs=1; snapshot after"), 0);
	head = (layer("dense")->params + layer("dense_1")->params) * sizeof(float);
	ck_assert_uint_le(grown(&bytes), head + 256);
	ck_assert_int_eq(capture_run(&C, "diff r1 @after"), 0);
	ck_has(C.text, "bit-identical");
}
END_TEST

#ifdef HEAP
/* The heap of the process, blocks of their own mappings included. Under a sanitizer it is 0. */
static size_t
heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

START_TEST(weights__snapshots__frozen_layers_take_no_memory_again)
{
	size_t before = 0, grown, features;
	char line[64];

	ck_assert_int_eq(capture_run(&C, "build \"conv2d 32 3, relu, conv2d 128 3, relu, max_pooling2d 24, flatten | dense 5, softmax\"; "
	    "freeze features; reset head seed=99; snapshot s"), 0);
	features = (layer("conv2d")->params + layer("conv2d_1")->params) * sizeof(float);
	for (int i = -10; i < 8; i++) {
		if (i == 0) /* what undo has of the model before is gone */
			before = heap();
		snprintf(line, sizeof line, "reset head seed=%d; snapshot s%d", i + 20, i < 0 ? 0 : i);
		ck_assert_int_eq(capture_run(&C, line), 0);
	}
	grown = heap() - before;
	ck_assert_msg(before == 0 || grown < features / 2, "8 snapshots of %zu bytes of features take %zu", features, grown);
	before = heap();
	ck_assert_int_eq(capture_run(&C, "unfreeze features; reset features seed=5; snapshot other"), 0);
	grown = heap() - before;
	ck_assert_msg(before == 0 || (grown > features / 2 && grown < 2 * features), "one of other features takes %zu", grown);
}
END_TEST
#endif

START_TEST(weights__free__gives_back_what_nobody_keeps)
{
	struct weights_pool pool = {NULL};
	struct nn_net *net = C.s->model.net;
	struct err e;
	struct weights *a = weights_keep(net, nn_net_weights(net), &pool, &e), *b;

	ck_assert_ptr_nonnull(a);
	b = weights_keep(net, nn_net_weights(net), &pool, &e);
	ck_assert_ptr_eq(weights_layer(a, layer("dense")->offset), weights_layer(b, layer("dense")->offset));
	weights_free(a);
	ck_assert_uint_ge(weights_bytes(&pool), nn_net_params(net) * sizeof(float));
	ck_assert(weights_equal(b, nn_net_weights(net)));
	weights_free(b);
	ck_assert_uint_eq(weights_bytes(&pool), 0);
}
END_TEST

START_TEST(weights__moved__what_is_no_number_is_not_forgotten)
{
	struct weights_pool pool = {NULL};
	struct nn_net *net = C.s->model.net;
	struct err e;
	struct weights *then = weights_keep(net, nn_net_weights(net), &pool, &e);
	bool pick[NN_LAYERS_MAX] = {true};
	float *w = nn_net_weights_edit(net);

	ck_assert(weights_moved(then, net, pick) == 0);
	ck_assert(weights_change(&(float){0}, &(float){-0.0f}, 1) > 0); /* other bits */
	w[2] += 1;
	w[5] -= 2;
	ck_assert_double_eq_tol(weights_moved(then, net, pick), 2, 1e-6);
	w[layer("dense")->offset] = NAN; /* which is not picked */
	ck_assert_double_eq_tol(weights_moved(then, net, pick), 2, 1e-6);
	w[3] = NAN; /* w[5] comes behind it */
	ck_assert_double_nan(weights_moved(then, net, pick));
	nn_net_changed(net);
	weights_free(then);
}
END_TEST

START_TEST(undo__train__back_and_forth_to_the_bit)
{
	float *first = present(), *second, *third;

	ck_assert_int_eq(capture_run(&C, "train gte5 limit=64 epochs=1"), 0);
	second = present();
	ck_assert_int_eq(capture_run(&C, "reset head seed=9"), 0);
	third = present();
	ck_assert_int_eq(capture_run(&C, "undo"), 0);
	ck_has(C.text, "taken back: reset head seed=9\nweights put back: dense dense_1\n");
	is_present(second);
	ck_assert_int_eq(capture_run(&C, "undo"), 0);
	is_present(first);
	ck_assert_int_eq(capture_run(&C, "redo; redo"), 0);
	is_present(third);
	ck_assert_int_eq(capture_run(&C, "redo"), 1);
	ck_has(C.errors, "nothing to redo");
	free(first);
	free(second);
	free(third);
}
END_TEST

START_TEST(undo__flags_and_rates__come_back)
{
	ck_assert_int_eq(capture_run(&C, "build \"flatten, dropout .25 | dense 5, softmax\"; freeze head; set "
	    "dropout.rate .5"), 0);
	ck_assert(nn_net_layer(C.s->model.net, 1)->rate == 0.5);
	ck_assert_int_eq(capture_run(&C, "undo"), 0);
	ck_assert(nn_net_layer(C.s->model.net, 1)->rate == 0.25);
	ck_assert(!layer("dense")->trainable);
	ck_assert_int_eq(capture_run(&C, "undo"), 0);
	ck_assert(layer("dense")->trainable);
	ck_assert_int_eq(capture_run(&C, "redo; redo"), 0);
	ck_assert(!layer("dense")->trainable);
	ck_assert(nn_net_layer(C.s->model.net, 1)->rate == 0.5);
}
END_TEST

START_TEST(undo__build__the_model_comes_back_with_its_weights)
{
	float *trained;

	ck_assert_int_eq(capture_run(&C, "train gte5 limit=64 epochs=1"), 0);
	trained = present();
	ck_assert_int_eq(capture_run(&C, "build classes=3; undo"), 0);
	ck_has(C.text, "taken back: build classes=3\nthe model is another one: conv2d 4 3, relu");
	is_present(trained);
	ck_assert(C.s->model.trained.kind == SPLIT_GTE);
	free(trained);
}
END_TEST

START_TEST(undo__depth__the_oldest_goes)
{
	char line[64];

	for (int i = 0; i < UNDO_DEEP + 2; i++) {
		snprintf(line, sizeof line, "reset all seed=%d", 100 + i);
		ck_assert_int_eq(capture_run(&C, line), 0);
	}
	for (int i = 0; i < UNDO_DEEP; i++)
		ck_assert_int_eq(capture_run(&C, "undo"), 0);
	ck_has(C.text, "reset all seed=102\n");
	ck_assert_int_eq(capture_run(&C, "undo"), 1);
}
END_TEST

START_TEST(undo__nothing_changed__is_no_change)
{
	ck_assert_int_eq(capture_run(&C, "reset head seed=9; undo; set epochs 3; unfreeze all; freeze nothing"), 1);
	ck_assert_int_eq(capture_run(&C, "redo"), 0);
	ck_assert_int_eq(capture_run(&C, "undo; freeze conv2d"), 0);
	ck_assert_int_eq(capture_run(&C, "redo"), 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("weights");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 600);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, weights__keep__one_layer_that_changed_is_all_that_is_copied);
	tcase_add_test(t, weights__run__frozen_layers_are_not_copied);
#ifdef HEAP
	tcase_add_test(t, weights__snapshots__frozen_layers_take_no_memory_again);
#endif
	tcase_add_test(t, weights__free__gives_back_what_nobody_keeps);
	tcase_add_test(t, weights__moved__what_is_no_number_is_not_forgotten);
	tcase_add_test(t, undo__train__back_and_forth_to_the_bit);
	tcase_add_test(t, undo__flags_and_rates__come_back);
	tcase_add_test(t, undo__build__the_model_comes_back_with_its_weights);
	tcase_add_test(t, undo__depth__the_oldest_goes);
	tcase_add_test(t, undo__nothing_changed__is_no_change);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
