/* test_saliency.c: which pixels matter to the activity's net: the maps against Keras' of the same weights
 * (tests/nn/parity/make_saliency.py), and what is refused. */
#include "look/picture.h"
#include "look/saliency.h"
#include "tests/src/parity.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KERAS 1e-5 /* of the largest value of a map; of probabilities as they are */

static struct capture C;

static void
setup(void)
{
	capture_open(&C);
}

static void
teardown(void)
{
	capture_close(&C);
}

static void
run_ok(const char *line)
{
	ck_assert_msg(capture_run(&C, line) == 0, "%s: %s", line, C.errors);
}

static struct image *
image(const char *name)
{
	struct err e;
	struct image *im = picture_get(C.s, name, &e);

	ck_assert_msg(im != NULL, "%s", e.text);
	return im;
}

static void
expect(const char *map, const char *of, int unit, const float *got, size_t n)
{
	char name[128];
	float *want;
	double worst = 0, most = 0;

	snprintf(name, sizeof name, "%s unit %d/%s", of, unit, map);
	want = parity_values("saliency.safetensors", name, n);
	for (size_t i = 0; i < n; i++) {
		worst = fmax(worst, fabs((double)got[i] - want[i]));
		most = fmax(most, fabs((double)want[i]));
	}
	if (getenv("PARITY_VERBOSE") != NULL)
		printf("%s: %.3g of %.3g\n", name, worst, most);
	ck_assert_msg(worst <= KERAS * (strncmp(map, "occlude", 7) == 0 ? 1 : most), "%s differs by %.3g of %.3g", name, worst, most);
	free(want);
}

START_TEST(saliency__maps__agree_with_keras)
{
	static const char *const of[] = {"test:0", "test:7"}, *const kernels[] = {"reference", "base", "auto"};
	struct image *im = image(of[_i / 2 % 2]);
	int unit = _i % 2 == 0 ? 2 : 4;
	struct saliency x;
	struct err e;
	char line[64];
	float *p = parity_values("saliency.safetensors", _i / 2 % 2 ? "test:7/probabilities" : "test:0/probabilities", 5);

	snprintf(line, sizeof line, "set kernels %s", kernels[_i / 4]);
	parity_load(&C);
	run_ok(line);
	if (_i % 3 == 0)
		run_ok("freeze features");
	for (enum saliency_kind k = SALIENCY_GRADIENT; k <= SALIENCY_OCCLUDE; k++) {
		struct saliency_request r = {.kind = k, .unit = unit, .layer = -1};

		ck_assert_msg(saliency_make(C.s, im, &r, &x, &e) == 0, "%s", e.text);
		ck_assert(fabs(x.p - p[unit]) < KERAS);
		if (k == SALIENCY_GRADCAM) {
			ck_assert_int_eq(x.ask.layer, 3);
			expect("gradcam", im->name, unit, x.raw, 24 * 24);
		}
		expect(k == SALIENCY_GRADIENT ? "logit" : k == SALIENCY_GRADCAM ? "gradcam 28x28" : "occlude 5", im->name, unit, x.map, 28 * 28);
		saliency_free(&x);
	}
	free(p);
	image_free(im);
}
END_TEST

START_TEST(saliency__unit__is_the_predicted_one_unless_it_is_named)
{
	struct image *im = image("test:0");
	float *p = parity_values("saliency.safetensors", "test:0/probabilities", 5);
	struct saliency x;
	struct err e;

	parity_load(&C);
	ck_assert_int_eq(saliency_make(C.s, im, &(struct saliency_request){.unit = -1, .layer = -1}, &x, &e), 0);
	for (int i = 0; i < 5; i++)
		ck_assert(p[i] <= p[x.predicted]);
	free(p);
	ck_assert_int_eq(x.ask.unit, x.predicted);
	saliency_free(&x);
	ck_assert_int_eq(saliency_make(C.s, im, &(struct saliency_request){.unit = 5, .layer = -1}, &x, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "units are 0 to 4"));
	image_free(im);
}
END_TEST

START_TEST(saliency__layer__is_that_before_the_pool)
{
	static const struct {
		const char *build;
		int layer;
	} net[] = {
		{"conv2d 2 3, relu, conv2d 2 3, relu, max_pooling2d 2, dropout .2, flatten | dense 5, softmax", 3},
		{"conv2d 2 3, leaky_relu 0.3, max_pooling2d 2, flatten | dense 5, softmax", 1},
		{"conv2d 2 3, max_pooling2d 2, flatten | dense 5, softmax", 0},
		{"max_pooling2d 2, dropout .2, flatten | dense 5, softmax", 1},
		{"flatten | dense 5, softmax", -1},
	};
	char line[256];
	struct image *im = image("test:0");

	for (size_t i = 0; i < sizeof net / sizeof *net; i++) {
		struct saliency_request r = {.kind = SALIENCY_GRADCAM, .unit = -1, .layer = -1};
		struct saliency x;
		struct err e;

		snprintf(line, sizeof line, "build \"%s\"", net[i].build);
		run_ok(line);
		ck_assert_int_eq(saliency_layer(capture_net(&C)), net[i].layer);
		if (net[i].layer >= 0) {
			ck_assert_msg(saliency_make(C.s, im, &r, &x, &e) == 0, "%s", e.text);
			saliency_free(&x);
			continue;
		}
		ck_assert_int_eq(saliency_make(C.s, im, &r, &x, &e), -1);
		ck_assert_ptr_nonnull(strstr(e.text, "`saliency`"));
	}
	image_free(im);
}
END_TEST

START_TEST(occlude__square__is_cut_at_the_rims_and_stepped)
{
	struct image *im = image("test:0");
	struct saliency whole, steps;
	struct saliency_request r = {.kind = SALIENCY_OCCLUDE, .unit = 2, .size = 4};
	struct err e;

	parity_load(&C);
	ck_assert_msg(saliency_make(C.s, im, &r, &whole, &e) == 0, "%s", e.text);
	ck_assert_int_eq(whole.ask.stride, 1);
	ck_assert_uint_eq(saliency_positions(im->shape, &r), 784);
	r.stride = 3;
	ck_assert_uint_eq(saliency_positions(im->shape, &r), 100);
	ck_assert_msg(saliency_make(C.s, im, &r, &steps, &e) == 0, "%s", e.text);
	ck_assert_int_eq(steps.rows, 10);
	for (int i = 0; i < 100; i++)
		ck_assert(steps.raw[i] == whole.raw[i / 10 * 3 * 28 + i % 10 * 3]);
	ck_assert(steps.map[0] == steps.raw[0] && steps.map[783] == steps.raw[99] && steps.map[2 * 28 + 5] == steps.raw[12]);
	saliency_free(&whole);
	saliency_free(&steps);
	r = (struct saliency_request){.kind = SALIENCY_OCCLUDE, .unit = -1, .size = 29};
	ck_assert_int_eq(saliency_make(C.s, im, &r, &steps, &e), -1);
	ck_assert_ptr_nonnull(strstr(e.text, "size=1 to 28"));
	image_free(im);
}
END_TEST

START_TEST(saliency__commands__act_beside_a_run)
{
	run_ok("timing off; verbose 0; build \"conv2d 2 3, relu, flatten | dense 5, softmax\"; freeze features");
	capture_async(&C);
	capture_person(&C);
	capture_run(&C, "train gte5 epochs=400");
	for (int i = 0; i < 3; i++)
		capture_tick(&C);
	capture_run(&C, "saliency test:0");
	ck_has(C.text, "saliency of test:0 for ");
	capture_run(&C, "gradcam test:0");
	ck_has(C.text, "at activation");
	capture_run(&C, "occlude test:0 stride=4");
	ck_has(C.text, "by 5x5, stride 4");
	ck_assert(capture_busy(&C));
	capture_run(&C, "stop");
	capture_wait(&C);
	ck_assert(!capture_busy(&C));
}
END_TEST

START_TEST(resize__one_place__fills_the_picture)
{
	float one = 3, map[6] = {0}, two[] = {0, 4}, wide[4];

	saliency_resize(&one, 1, 1, map, 2, 3);
	for (int i = 0; i < 6; i++)
		ck_assert(map[i] == 3);
	saliency_resize(two, 1, 2, wide, 1, 4); /* as tf.image.resize has it: 0, 1, 3, 4 */
	ck_assert(wide[0] == 0 && wide[1] == 1 && wide[2] == 3 && wide[3] == 4);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("saliency");
	TCase *t = tcase_create("saliency");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	/* of the first four, with the reference kernels, one but in make check-long */
	tcase_add_loop_test(t, saliency__maps__agree_with_keras, getenv("FAULTS") == NULL ? 3 : 0, 12);
	tcase_add_test(t, saliency__unit__is_the_predicted_one_unless_it_is_named);
	tcase_add_test(t, saliency__layer__is_that_before_the_pool);
	tcase_add_test(t, occlude__square__is_cut_at_the_rims_and_stepped);
	tcase_add_test(t, saliency__commands__act_beside_a_run);
	tcase_add_test(t, resize__one_place__fills_the_picture);
	suite_add_tcase(s, t);
	return run_suite(s);
}
