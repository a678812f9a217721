/* test_activations.c: what `activations` and `filters` say to programs: the activity's net against Keras' of the same
 * weights (tests/nn/parity), kernels as they lie in the net, and the pictures made of both.
 */
#include "file/tensors.h"
#include "look/filters.h"
#include "tests/nn/mnist.h"
#include "tests/src/capture.h"
#include "tests/run.h"
#include "ui/panel.h"
#include "view/maps.h"

#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KERAS 1e-5

static struct capture C;

static void
setup(void)
{
	capture_open(&C);
	ck_assert_int_eq(capture_run(&C, "timing off; model; mode json"), 0);
}

static void
teardown(void)
{
	capture_close(&C);
}

static json_t *
event(const char *line)
{
	json_t *e;

	ck_assert_msg(capture_run(&C, line) == 0, "%s: %s", line, C.errors);
	e = json_loads(C.text, 0, NULL);
	ck_assert_msg(e != NULL, "one object: %.200s", C.text);
	return e;
}

/* The numbers of nested lists, in their order, into out; returns how many. */
static size_t
flat(const json_t *list, double *out)
{
	size_t n = 0, i;
	json_t *x;

	json_array_foreach(list, i, x)
		if (json_is_array(x))
			n += flat(x, out + n);
		else
			out[n++] = json_is_null(x) ? NAN : json_number_value(x);
	return n;
}

START_TEST(activations__of_two_images__agree_with_keras)
{
	static const char *const layers[] = {"activation", "activation_1", "max_pooling2d", "activation_2", "dense_1", "activation_3"};
	static const char *const kernels[] = {"reference", "base", "auto"};
	char path[4096], line[128], name[128];
	struct tensors *t;
	struct err e;

	snprintf(path, sizeof path, "%s/tests/nn/parity/step0.safetensors", getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".");
	ck_assert_ptr_nonnull(t = tensors_open(path, &e));
	activity_formula(capture_net(&C), 1337);
	snprintf(line, sizeof line, "set kernels %s", kernels[_i]);
	ck_assert_int_eq(capture_run(&C, line), 0);
	for (int image = 0; image < 2; image++)
		for (size_t k = 0; k < sizeof layers / sizeof *layers; k++) {
			const struct tensor_entry *x;
			size_t n, size;
			float *want;
			double *got, worst = 0;
			json_t *ev;

			snprintf(name, sizeof name, "activations of gte5 train images 0, 1/%s", layers[k]);
			ck_assert_ptr_nonnull(x = tensors_find(t, name));
			n = (x->end - x->begin) / sizeof *want;
			want = malloc(n * sizeof *want);
			ck_assert_int_eq(tensors_read(t, x, want, n, &e), 0);
			snprintf(line, sizeof line, "activations %s train:%d", layers[k], image * 4); /* the first two of gte5 */
			ev = event(line);
			got = malloc(n * sizeof *got);
			size = flat(json_object_get(ev, "values"), got);
			ck_assert_uint_eq(2 * size, n);
			for (size_t i = 0; i < size; i++)
				worst = fmax(worst, fabs(got[i] - want[(size_t)image * size + i]));
			ck_assert_msg(worst <= KERAS, "%s, %s: %s differs by %.3g", kernels[_i], line, layers[k], worst);
			json_decref(ev);
			free(want);
			free(got);
		}
	tensors_close(t);
}
END_TEST

START_TEST(filters__values__are_the_kernel_in_its_layout)
{
	static const char *const layers[] = {"conv2d", "conv2d_1", "dense_1"};
	const int tensors[] = {0, 2, 10};

	for (int k = 0; k < 3; k++) {
		const struct nn_tensor *x = &nn_net_layer(capture_net(&C), tensors[k])->tensor[0];
		const float *w = nn_net_weights(capture_net(&C)) + x->offset;
		double *got = malloc(x->count * sizeof *got);
		char line[64];
		json_t *ev;

		snprintf(line, sizeof line, "filters %s", layers[k]);
		ev = event(line);
		ck_assert_uint_eq(flat(json_object_get(ev, "values"), got), x->count);
		for (size_t i = 0; i < x->count; i++)
			ck_assert_msg((float)got[i] == w[i], "%s: number %zu", line, i);
		json_decref(ev);
		snprintf(line, sizeof line, "filters %s[3]", layers[k]);
		ev = event(line);
		ck_assert_uint_eq(flat(json_object_get(ev, "values"), got) * (size_t)x->dim[x->rank - 1], x->count);
		ck_assert((float)got[1] == w[x->dim[x->rank - 1] + 3]);
		json_decref(ev);
		free(got);
	}
}
END_TEST

START_TEST(filters__of_several_channels__are_drawn_as_their_mean)
{
	const struct nn_tensor *x = &nn_net_layer(capture_net(&C), 2)->tensor[0];
	const float *w = nn_net_weights(capture_net(&C)) + x->offset;
	struct ui_tiles t = {0};
	struct filters f;
	struct err e;

	ck_assert_int_eq(filters_take(C.s, 2, &f, &e), 0);
	maps_filters(C.s, &f, -1, 5, &t);
	ck_assert_uint_eq(t.n, 5);
	for (int k = 0; k < 5; k++)
		for (int i = 0; i < 9; i++) {
			double sum = 0;

			for (int c = 0; c < 32; c++)
				sum += w[(i * 32 + c) * 32 + k];
			ck_assert_int_eq(t.tile[k].pixels[i], ui_map_level(&t.scale, (float)(sum / 32)));
		}
	ui_tiles_clear(&t);
	maps_filters(C.s, &f, 7, 32, &t);
	ck_assert_uint_eq(t.n, 32);
	for (int c = 0; c < 32; c++)
		for (int i = 0; i < 9; i++)
			ck_assert_int_eq(t.tile[c].pixels[i], ui_map_level(&t.scale, w[(i * 32 + c) * 32 + 7]));
	ui_tiles_clear(&t);
	filters_free(&f);
	/* a unit behind a flatten, laid out as the picture that was flattened */
	ck_assert_int_eq(filters_take(C.s, 7, &f, &e), 0);
	ck_assert(f.height == 12 && f.width == 12 && f.channels == 32 && f.count == 128 && !f.rows);
	filters_free(&f);
	ck_assert_int_eq(filters_take(C.s, 4, &f, &e), -1);
	ck_has(e.text, "conv2d conv2d_1 dense dense_1");
}
END_TEST

START_TEST(weights__that_are_no_numbers__have_a_mark_and_are_null)
{
	float *w = nn_net_weights_edit(capture_net(&C));
	struct ui_tiles t = {0};
	struct filters f;
	struct err e;
	double got[288];
	json_t *ev;

	w[0] = NAN;
	w[33] = INFINITY;
	nn_net_changed(capture_net(&C));
	ev = event("filters conv2d");
	ck_assert_uint_eq(flat(json_object_get(ev, "values"), got), 288);
	ck_assert(isnan(got[0]) && isnan(got[33]) && isfinite(got[1]));
	json_decref(ev);
	ck_assert_int_eq(filters_take(C.s, 0, &f, &e), 0);
	maps_filters(C.s, &f, -1, 32, &t);
	ck_assert(t.tile[0].pixels[0] == 0 && t.tile[1].pixels[1] == 0 && t.tile[2].pixels[0] > 0);
	ck_assert(isfinite(t.scale.high) && t.scale.high > 0);
	ui_tiles_clear(&t);
	filters_free(&f);
	ck_assert_int_eq(capture_run(&C, "activations test:0; mode table; activations test:0; filters conv2d"), 0);
	ck_has(C.text, "×");
}
END_TEST

/* Half of a narrow screen, where a sentence is cut: what is left of it says the same. */
START_TEST(diff__of_a_frozen_layer__says_so_in_any_width)
{
	struct ui_strips strips = {0};
	bool pick[NN_LAYERS_MAX] = {true};
	struct layer_diff d[NN_LAYERS_MAX] = {{.still = 288}};
	float *w[2] = {nn_net_weights_edit(capture_net(&C)), nn_net_weights_edit(capture_net(&C))};

	ck_assert_int_eq(capture_run(&C, "freeze features"), 0);
	maps_diff(C.s, w, pick, d, &strips);
	ck_assert_uint_eq(strips.n, 1);
	ck_assert(strips.strip[0].locked);
	for (int cells = 30; cells < 90; cells++) {
		struct ui_canvas *c = ui_canvas_new(cells, 4, UI_BRAILLE);
		struct ui_pane_state st = {0};
		char *text;

		ui_strips_draw(ui_area_all(c), &strips, &st, UI_MONO);
		text = ui_canvas_dump(c);
		ck_assert_msg(cells < 36 || strstr(text, "bit-identical") != NULL, "%s", text);
		ck_assert_msg(strstr(text, "no") == NULL && strstr(text, "moved") == NULL, "%s", text);
		free(text);
		ui_canvas_free(c);
	}
	ui_strips_clear(&strips);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("activations");
	TCase *t = tcase_create("activations");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, activations__of_two_images__agree_with_keras, 0, 3);
	tcase_add_test(t, filters__values__are_the_kernel_in_its_layout);
	tcase_add_test(t, filters__of_several_channels__are_drawn_as_their_mean);
	tcase_add_test(t, weights__that_are_no_numbers__have_a_mark_and_are_null);
	tcase_add_test(t, diff__of_a_frozen_layer__says_so_in_any_width);
	suite_add_tcase(s, t);
	return run_suite(s);
}
