/* test_explain.c: the network as numbers: figures of an array, the batch that a run trained on last, one unit's arithmetic. */
#include "config.h"
#include "look/batch.h"
#include "look/explain.h"
#include "look/figures.h"
#include "session/made.h"
#include "view/spark.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- figures ---- */

START_TEST(figures__of__numbers)
{
	/* numpy: mean 0.5, std 1.5, min -1, max 3; histogram(bins=32) has 1 2 0 ... in bins of 0.125 */
	static const float x[] = {-1, 0, 0, 3, NAN, INFINITY, -INFINITY};
	struct figures f;

	figures_of(&f, x, 7);
	ck_assert_uint_eq(f.count, 7);
	ck_assert_uint_eq(f.nonfinite, 3);
	ck_assert_uint_eq(f.zeros, 2);
	ck_assert(f.min == -1 && f.max == 3 && f.mean == 0.5 && f.std == 1.5);
	ck_assert(f.edge[0] == -1 && f.edge[8] == 0 && f.edge[FIGURES_BINS] == 3);
	ck_assert_uint_eq(f.bin[0], 1);
	ck_assert_uint_eq(f.bin[8], 2); /* each bin is closed below */
	ck_assert_uint_eq(f.bin[FIGURES_BINS - 1], 1); /* the last above, too */
	ck_assert_int_eq(f.zero_bin, 8);
}
END_TEST

START_TEST(figures__of__one_value)
{
	static const float x[] = {2, 2, 2};
	struct figures f;

	figures_of(&f, x, 3);
	ck_assert(f.min == 2 && f.max == 2 && f.mean == 2 && f.std == 0);
	ck_assert(f.edge[0] == 1.5 && f.edge[FIGURES_BINS] == 2.5); /* as numpy has it */
	ck_assert_uint_eq(f.bin[FIGURES_BINS / 2], 3);
}
END_TEST

START_TEST(figures__of__nothing)
{
	static const float x[] = {NAN};
	struct figures f;

	for (size_t n = 0; n < 2; n++) {
		figures_of(&f, x, n);
		ck_assert_uint_eq(f.nonfinite, n);
		ck_assert(isnan(f.min) && isnan(f.max) && isnan(f.mean) && isnan(f.std));
		for (int b = 0; b < FIGURES_BINS; b++)
			ck_assert_uint_eq(f.bin[b], 0);
	}
}
END_TEST

START_TEST(figures__of__all_of_a_float)
{
	static const float x[] = {-3.4028234e38f, 3.4028234e38f, 1e-45f};
	struct figures f;
	uint64_t n = 0;

	figures_of(&f, x, 3);
	for (int b = 0; b < FIGURES_BINS; b++)
		n += f.bin[b];
	ck_assert_uint_eq(n, 3);
	ck_assert(isfinite(f.std));
}
END_TEST

START_TEST(spark__text__what_is_there_is_seen)
{
	static const uint64_t count[] = {0, 1, 1000, 500, 0, 0, 999, 1};
	char buf[3 * SPARK_MAX + 1];

	ck_assert_str_eq(spark_text(buf, count, 8, 1, UI_BLOCK), " ▁█▄  █▁");
	ck_assert_str_eq(spark_text(buf, count, 8, 2, UI_ASCII), ".# +");
	ck_assert_str_eq(spark_text(buf, (const uint64_t[]){0, 0}, 2, 1, UI_BLOCK), "  ");
}
END_TEST

/* ---- the last batch ---- */

#define MLP "build \"max_pooling2d 4, flatten | dense 8, relu, dense 5, softmax\"; set verbose 0; "

/* What the last of `steps` batches changes, by nn_run itself with plain descent, is its rate times the gradient. */
static void
last_step(const char *train, int steps, const char *text)
{
	struct batch b;
	struct selection sel;
	struct split split;
	struct err e;
	struct nn_err why;
	struct nn_run_config cfg;
	struct nn_net *net;
	struct nn_run *run;
	struct nn_metrics sum = {0};
	const struct run *r;
	float *before, *grad;
	double loss, worst = 0, top = 0;
	size_t n;

	net = nn_net_clone(capture_net(&C));
	ck_assert_int_eq(capture_run(&C, train), 0);
	r = runs_last(&C.s->runs);
	cfg = r->config;
	ck_assert_int_eq(split_parse("lt5", &split, &e), 0);
	ck_assert_int_eq(selection_taken(&sel, &C.s->data.set->train, &split, r->take, &e), 0);
	n = nn_net_params(net);
	run = nn_run_new(net, C.s->compute.engine, &cfg, &sel.set, NULL, &why);
	before = malloc(n * sizeof *before);
	for (int k = 0; k < steps; k++) {
		memcpy(before, nn_net_weights(net), n * sizeof *before);
		ck_assert_int_eq(nn_run_step(run, &sum, &why), 0);
	}
	ck_assert_int_eq(batch_last(C.s, &b, &e), 0);
	ck_has(b.text, text);
	grad = malloc(n * sizeof *grad);
	ck_assert_int_eq(nn_gradient(capture_net(&C), C.s->compute.engine, &b.sel.set, &loss, grad, &why), 0);
	for (size_t i = 0; i < n; i++) {
		double step = ((double)before[i] - (double)nn_net_weights(net)[i]) / cfg.lr;

		worst = fmax(worst, fabs(step - (double)grad[i]));
		top = fmax(top, fabs((double)grad[i]));
	}
	ck_assert_msg(worst < 0.02 * top, "%s: %g of %g", train, worst, top); /* another batch is off by its whole size */
	free(before);
	free(grad);
	nn_run_free(run);
	nn_net_free(net);
	selection_free(&sel);
	batch_free(&b);
}

START_TEST(batch__last__is_the_run_s)
{
	ck_assert_int_eq(capture_run(&C, MLP), 0);
	last_step("train lt5 limit=50 batch=16 epochs=3 optimizer=sgd lr=0.001", 12, "epoch 3, batch 4: 2 images of lt5");
	last_step("train lt5 limit=50 batch=16 epochs=2 optimizer=sgd lr=0.001 seed=7", 8, "epoch 2, batch 4: 2 images");
	last_step("train lt5 limit=50 batch=16 epochs=1 optimizer=sgd lr=0.001 shuffle=off", 4, "of r3 (epoch 1, batch 4");
}
END_TEST

START_TEST(batch__last__without_a_run)
{
	struct batch b;
	struct err e;

	ck_assert_int_eq(capture_run(&C, "model; show"), 0);
	ck_assert_int_eq(batch_last(C.s, &b, &e), 0);
	ck_assert_str_eq(b.text, "the first 128 training images of gte5");
	ck_assert_uint_eq(b.sel.set.count, 128);
	batch_free(&b);
	ck_assert_int_eq(capture_run(&C, MLP "train lt5 limit=50 epochs=1; reset"), 0); /* another model has not run */
	ck_assert_int_eq(capture_run(&C, MLP), 0);
	ck_assert_int_eq(batch_last(C.s, &b, &e), 0);
	ck_has(b.text, "the first 128 training images");
	batch_free(&b);
}
END_TEST

/* ---- one unit ---- */

/* The number at the end of the line that begins so. */
static const char *
ending(const char *text, const char *begins, char buf[64])
{
	const char *p = strstr(text, begins), *end = p != NULL ? p + 1 + strcspn(p + 1, "\n") : NULL;

	ck_assert_msg(p != NULL, "no \"%s\" in \"%s\"", begins, text);
	p = end;
	while (p[-1] != ' ')
		p--;
	snprintf(buf, 64, "%.*s", (int)(end - p), p);
	return buf;
}

static uint32_t
draw(uint32_t *state, int below)
{
	*state = *state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(*state >> 8) * (uint32_t)below >> 24);
}

static const char *const kernels[] = {"auto", "base", "reference"};
#ifdef THAW_SANITIZED /* whose arithmetic is slow */
#define UNITS 48
#define IMAGES "64"
#else
#define UNITS 240
#define IMAGES "256"
#endif

/* Units, places and pictures at random: what is printed of the sum is what is printed of the network. */
START_TEST(explain__any_unit__agrees_to_the_last_digit)
{
	uint32_t state = 1 + (uint32_t)_i;
	static const char *const name[] = {"sum", "max(0, input)", "largest", "share of this unit", "the same"};
	char line[96], sum[64], output[64];
	int few = 0, n = 0;

	/* trained by the fastest kernels: the plain ones are slow, above all with the test images */
	snprintf(line, sizeof line, "set verbose 0; train lt5 epochs=1 limit=" IMAGES "; set kernels %s", kernels[_i]);
	ck_assert_int_eq(capture_run(&C, line), 0);
	for (int k = 0; k < UNITS; k++) {
		int layer = k % nn_net_count(capture_net(&C));
		const struct nn_layer *l = nn_net_layer(capture_net(&C), layer);
		struct explain x = {.at = {.layer = layer, .y = -1, .x = -1}};
		struct image *im;
		struct err e;
		uint32_t image = draw(&state, 10000);

		x.at.unit = (int)draw(&state, l->out.dim[l->out.rank - 1]);
		if (l->out.rank == 3) {
			x.at.y = (int)draw(&state, l->out.dim[0]);
			x.at.x = (int)draw(&state, l->out.dim[1]);
			snprintf(line, sizeof line, "explain %s[%d] %d,%d test:%u", l->name, x.at.unit, x.at.y, x.at.x, image);
		} else
			snprintf(line, sizeof line, "explain %s[%d] test:%u", l->name, x.at.unit, image);
		ck_assert_msg(capture_run(&C, line) == 0, "%s: %s", line, C.errors);
		im = image_copy(C.s->data.last);
		ck_assert_int_eq(explain_make(C.s, im, &x, &e), 0);
		snprintf(sum, sizeof sum, "\n  %s  ", name[x.rule]);
		ending(C.text, sum, sum);
		ending(C.text, "\n  computed by the network", output);
		ck_assert_msg(strcmp(sum, output) == 0, "%s: %s and %s", line, sum, output);
		ck_assert_msg(x.digits >= 3, "%s: agrees to %d digits only", line, x.digits);
		few += x.digits < EXPLAIN_DIGITS;
		n++;
		if (_i == 2 && x.rule != EXPLAIN_SHARE) /* the same order, in double */
			ck_assert_msg((float)x.sum == x.output, "%s: %.9g and %.9g", line, x.sum, (double)x.output);
		explain_free(&x);
		image_free(im);
	}
	ck_assert_msg(few * 4 < n, "%d of %d agree to less than %d digits", few, n, EXPLAIN_DIGITS);
}
END_TEST

START_TEST(explain__number__fits_its_column)
{
	static const double v[] = {0, -0.0, 1, -1.5, 1e-5, -1e-30, 123456.7891234, -1e8, 1e12, -1e300, NAN, INFINITY};
	static const char *const text[] = {"0.000000", "0.000000", "1.000000", "-1.500000", "1.000e-05", "-1.000e-30",
	    "123456.789123", "-100000000.000000", "1.000000e+12", "-1.000000e+300", "nan", "inf"};
	char buf[32];

	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		ck_assert_str_eq(explain_number(buf, v[i], 6), text[i]);
	ck_assert_str_eq(explain_number(buf, 0.00001, 1), "1e-05");
	ck_assert_str_eq(explain_number(buf, 0.00001, 0), "0");
}
END_TEST

START_TEST(explain__wild_weights__no_crash)
{
	float *w;

	ck_assert_int_eq(capture_run(&C, MLP "show"), 0);
	w = nn_net_weights_edit(capture_net(&C));
	for (size_t i = 0; i < nn_net_params(capture_net(&C)); i++)
		w[i] = i % 3 == 0 ? NAN : i % 3 == 1 ? INFINITY : 3e38f;
	nn_net_changed(capture_net(&C));
	ck_assert_int_eq(capture_run(&C, "explain dense[2] test:3; explain dense_1[1]; explain activation_1[0]; mode json; "
	    "explain dense[2]; explain activation[1]; mode csv; explain dense_1[2]"), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("explain");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, figures__of__numbers);
	tcase_add_test(t, figures__of__one_value);
	tcase_add_test(t, figures__of__nothing);
	tcase_add_test(t, figures__of__all_of_a_float);
	tcase_add_test(t, spark__text__what_is_there_is_seen);
	tcase_add_test(t, batch__last__is_the_run_s);
	tcase_add_test(t, batch__last__without_a_run);
	tcase_add_loop_test(t, explain__any_unit__agrees_to_the_last_digit, 0, 3);
	tcase_add_test(t, explain__number__fits_its_column);
	tcase_add_test(t, explain__wild_weights__no_crash);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
