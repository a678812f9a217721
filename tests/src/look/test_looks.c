/* test_looks.c: looks into models and sessions of all kinds: layers that are rare, runs that are no more as they were,
 * what is watched while it is not there.
 */
#include "job/inside.h"
#include "look/batch.h"
#include "look/diff.h"
#include "look/explain.h"
#include "look/picture.h"
#include "session/made.h"
#include "util/xmalloc.h"
#include "view/maps.h"
#include "tests/src/captured.h"
#include "tests/src/failing.h"
#include "tests/run.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define MODEL "timing off; set threads 2; data small; build \"conv2d 2 3, relu, max_pooling2d 4, dropout .25, flatten | " \
	"dense 4, relu, dense 10, softmax\"; "

static void
setup(void)
{
	captured_setup();
	scratch_digits("small", false);
}

/* ---- explain ---- */

/* The sum of each unit of a layer that can be explained is what the layer puts out. */
static void
agrees(const char *build, int layer)
{
	const struct nn_layer *l;
	struct image *im;
	struct err e = {0};

	captured_ok(build);
	ck_assert_ptr_nonnull(session_engine(C.s, &e));
	ck_assert_ptr_nonnull(im = picture_get(C.s, "test:1", &e));
	l = nn_net_layer(capture_net(&C), layer);
	for (int unit = 0; unit < (l->out.rank == 3 ? l->out.dim[2] : l->out.dim[0]); unit++)
		for (int y = 0; y < (l->out.rank == 3 ? l->out.dim[0] : 1); y++)
			for (int x = 0; x < (l->out.rank == 3 ? l->out.dim[1] : 1); x++) {
				struct explain ex = {.at = {.layer = layer, .unit = unit, .y = y, .x = x}};

				ck_assert_msg(explain_make(C.s, im, &ex, &e) == 0, "%s", e.text);
				ck_assert_msg(fabs(ex.sum - ex.output) <= 1e-5 * fmax(1, fabs(ex.sum)), "%s[%d] %d,%d: %g is not %g",
				    l->name, unit, y, x, ex.sum, ex.output);
				explain_free(&ex);
			}
	image_free(im);
}

START_TEST(looks__explain__each_activation)
{
	static const char *const names[] = {"relu", "leaky_relu", "elu", "tanh", "sigmoid"};

	captured_ok("timing off; data small");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char build[100];

		snprintf(build, sizeof build, "build \"flatten | dense 12 %s, dense 10, softmax\"", names[i]);
		agrees(build, 1);
	}
	agrees("build \"conv2d 2 3 same leaky_relu, max_pooling2d 3 stride=2, flatten | dense 10, softmax\"", 0);
	agrees("build \"conv2d 2 4 same stride=3, flatten | dense 10, softmax\"", 0);
	agrees("build \"conv2d 2 3, max_pooling2d 3 stride=2 same, flatten | dense 10, softmax\"", 1);
}
END_TEST

START_TEST(looks__explain__has_no_words)
{
	RUN_LINES(
	    {"timing off; data small; build \"conv2d 2 3, softmax, sigmoid, flatten | dense 4 softmax, dense 10, softmax\"", 0,
	    "conv2d"},
	    {"explain activation[1] 1,1", 1, "there are no words yet for what activation computes"},
	    {"explain activation_1[1] 1,1", 1, "there are no words yet for what activation_1 computes"},
	    {"explain dense[1]", 1, "dense makes shares of its sums; build the softmax as a layer of its own"});
}
END_TEST

/* ---- filters, readers, pictures ---- */

START_TEST(looks__filters__of_what_was_a_picture_and_what_was_none)
{
	RUN_LINES(
	    {"timing off; data small; build \"max_pooling2d 2, flatten, dropout .1, relu | dense 3, dense 10, softmax\"", 0,
	    "dense"},
	    {"filters dense", 0, "4x4"},
	    {"filters dense_1", 0, "weights of 10 units"},
	    {"filters max_pooling2d", 1, "max_pooling2d has no filters; layers that have: dense dense_1"},
	    {"build \"flatten, batch_normalization | dense 10, softmax\"; filters dense", 0, "weights of 10 units"},
	    {"filters batch_normalization", 1, "batch_normalization has no filters; layers that have: dense"},
	    {"build \"global_average_pooling2d | dense 10, softmax\"; filters dense", 0, "weights of 10 units"});
}
END_TEST

START_TEST(looks__probe__of_too_little)
{
	RUN_LINES(
	    {MODEL "probe digits=3", 1, "digits=3 is a single digit"},
	    {"probe all", 0, "flatten"});
	nn_net_weights_edit(capture_net(&C))[0] = INFINITY;
	nn_net_changed(capture_net(&C));
	RUN_LINES({"probe all", 0, "note: outputs that are NaN, infinite"});
}
END_TEST

START_TEST(looks__pictures__that_are_not_there)
{
	static const char *const words[] = {"test:", "test:/", "train:1x", "train:-1"};
	struct err e;

	captured_ok(MODEL);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		ck_assert_ptr_null(picture_get(C.s, words[i], &e));
		ck_sentence(e.text, "is no image");
	}
	RUN_LINES(
	    {"predict last", 1, "no drawing or prediction yet"},
	    {"predict train:99999999999999999999999", 1, "there is no image train:"},
	    {"predict train:3; predict", 0, "train:3"});
}
END_TEST

/* ---- the last batch ---- */

START_TEST(looks__batch__of_runs_that_are_no_more)
{
	scratch_digits("other", false);
	RUN_LINES(
	    {MODEL "train all epochs=2 batch=8 verbose=0; stats grad", 0, "the last batch of r1 (epoch 2, batch 3: 4 images of"},
	    {"save a.safetensors; train lt5 epochs=1 batch=8 verbose=0; undo; stats grad", 0, "of the first 20 training images"},
	    {"load a.safetensors; stats grad", 0, "the last batch of r1 (epoch 2, batch 3: 4 images of"},
	    {"data other; stats grad", 0, "of the first 20 training images"});
}
END_TEST

START_TEST(looks__batch__while_a_run_goes_on)
{
	struct err e;

	captured_ok(MODEL);
	capture_async(&C);
	captured_ok("train all epochs=100000 batch=8 verbose=0");
	while (capture_busy(&C) && job_view(&C.s->worker)->epoch < 2)
		capture_tick(&C);
	captured_ok("stats grad");
	ck_has(C.text, "of the last batch of r1 (epoch ");
	captured_ok("stats activations; activations test:1; filters conv2d");
	ck_assert_int_eq(job_stop(&C.s->worker, &C.s->runs, &e), 0);
	capture_wait(&C);
	RUN_LINES(
	    {"pause", 1, "nothing is running; `resume` goes on with r1"},
	    {"stop", 1, "nothing is running; `resume` goes on with r1"},
	    {"stats grad", 0, "of the last batch of r1 (epoch "});
}
END_TEST

/* ---- what moved ---- */

/* A layer that moved less than a tenth of the most has a scale of its own, and says so. */
START_TEST(looks__diff__shows_small_changes_too)
{
	float *w[2];
	bool pick[NN_LAYERS_MAX] = {false};
	struct layer_diff d[NN_LAYERS_MAX];
	struct ui_strips strips = {0};
	const struct nn_net *net;
	int n = 0;

	captured_ok(MODEL);
	net = capture_net(&C);
	for (int k = 0; k < 2; k++)
		w[k] = xcalloc(nn_net_params(net), sizeof **w);
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (!(pick[i] = l->params > 0))
			continue;
		w[1][l->offset] = n++ == 0 ? 1 : 0.01f; /* the first weight of each */
		diff_layer(l, w[0], w[1], &d[i]);
	}
	maps_diff(C.s, w, pick, d, &strips);
	ck_assert_int_gt(n, 1);
	ck_assert_uint_eq(strips.n, (size_t)n);
	for (int i = 0; i < n; i++) {
		const struct ui_tiles *t = &strips.strip[i].tiles;

		ck_assert_double_eq_tol(t->scale.high, i == 0 ? 1 : 0.01, 1e-6);
		ck_assert(i == 0 ? t->scale.label == NULL : strcmp(t->scale.label, "own scale") == 0);
		ck_assert_int_eq(t->tile[0].pixels[0], 255); /* the strongest colour */
	}
	ck_has(strips.note, "by up to 1; own scales where named");
	ui_strips_clear(&strips);
	free(w[0]);
	free(w[1]);
}
END_TEST

/* ---- what is watched ---- */

START_TEST(looks__inside__what_is_not_there)
{
	static const uint8_t pixels[64] = {1, 2, 3}, others[64] = {3, 2, 1};
	const struct nn_shape shape = {3, {8, 8, 1}};
	struct inside_of of = {.kernel = 0, .output = 1, .shape = shape, .pixels = pixels}, copy, other;
	struct inside *i;
	struct err e;
	int failed = 0;

	captured_ok(MODEL);
	ck_assert_ptr_nonnull(session_engine(C.s, &e));
	i = inside_see(capture_net(&C), C.s->compute.engine, &of);
	ck_assert(i != NULL && i->kernel != NULL && i->output != NULL);
	ck_assert(i->kernel[0] == nn_net_weights(capture_net(&C))[0]);
	inside_free(i);
	for (int n = 0; n < 4; n++) { /* no such layer, a layer without weights, no picture */
		other = of;
		other.kernel = n == 0 ? -1 : n == 1 ? 99 : 1;
		other.output = n == 0 ? -1 : n == 1 ? 99 : 1;
		other.pixels = n == 3 ? NULL : pixels;
		i = inside_see(capture_net(&C), C.s->compute.engine, &other);
		ck_assert(i != NULL && i->kernel == NULL && (i->output != NULL) == (n == 2));
		inside_free(i);
	}
	for (int n = 1;; n++) {
		failing_at(FAILING_MEMORY, n, ENOMEM);
		i = inside_see(capture_net(&C), C.s->compute.engine, &of);
		if (!failing_struck())
			break;
		failed += i == NULL;
		inside_free(i);
	}
	inside_free(i);
	ck_assert_int_ge(failed, 3);
	ck_assert(inside_of_copy(&copy, &of) && copy.pixels != pixels && inside_of_equal(&copy, &of));
	other = of;
	other.pixels = others;
	ck_assert(!inside_of_equal(&copy, &other));
	other.pixels = NULL;
	ck_assert(!inside_of_equal(&copy, &other) && !inside_of_equal(&other, &copy) && inside_of_equal(&other, &other));
	other = of;
	other.output = 2;
	ck_assert(!inside_of_equal(&copy, &other));
	inside_of_free(&copy);
	ck_assert(copy.kernel == -1 && copy.output == -1 && copy.pixels == NULL);
	failing_at(FAILING_MEMORY, 1, ENOMEM);
	ck_assert(!inside_of_copy(&copy, &of));
	ck_assert(failing_struck() && copy.kernel == -1 && copy.pixels == NULL);
	/* what cannot be copied is not watched, and asked for again it is */
	failing_at(FAILING_MEMORY, 1, ENOMEM);
	job_watch(&C.s->worker, &of);
	ck_assert(failing_struck() && C.s->worker.watches == 0);
	job_watch(&C.s->worker, &of);
	job_watch(&C.s->worker, &of);
	ck_assert_uint_eq(C.s->worker.watches, 1);
	job_watch(&C.s->worker, NULL);
	ck_assert_uint_eq(C.s->worker.watches, 2);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("looks");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, looks__explain__each_activation);
	tcase_add_test(t, looks__explain__has_no_words);
	tcase_add_test(t, looks__filters__of_what_was_a_picture_and_what_was_none);
	tcase_add_test(t, looks__probe__of_too_little);
	tcase_add_test(t, looks__pictures__that_are_not_there);
	tcase_add_test(t, looks__batch__of_runs_that_are_no_more);
	tcase_add_test(t, looks__batch__while_a_run_goes_on);
	tcase_add_test(t, looks__diff__shows_small_changes_too);
	tcase_add_test(t, looks__inside__what_is_not_there);
	suite_add_tcase(s, t);
	return run_suite(s);
}
