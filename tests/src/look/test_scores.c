/* test_scores.c: probabilities against Keras', the confusion matrix and the report against scikit-learn's
 * (tests/nn/parity/make_scores.py), and what a probe reads from Keras' outputs (make_probe.py). */
#include "config.h"
#include "look/judged.h"
#include "look/scores.h"
#include "look/sheet.h"
#include "tests/src/parity.h"
#include "tests/run.h"

#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KERAS 1e-5 /* of probabilities, and of a loss relatively */
#define EXACT 1e-12 /* of what follows from counts */

static struct capture C;
static json_t *want;

static void
setup(void)
{
	capture_open(&C);
	want = json_load_file(parity_path("scores.json"), 0, NULL);
	ck_assert_ptr_nonnull(want);
}

static void
teardown(void)
{
	capture_close(&C);
	json_decref(want);
}

static double
number(json_t *of, const char *key, size_t i)
{
	return json_number_value(json_array_get(json_object_get(of, key), i));
}

/* What scikit-learn counts beyond the labels is one column here. */
static void
expect_confusion(json_t *of, const struct judged *j)
{
	struct confusion c;

	ck_assert_int_eq(confusion_make(&c, j, &(struct err){0}), 0);
	for (int u = 0; u < c.n; u++) {
		json_t *row = json_array_get(json_object_get(of, "confusion"), (size_t)u);
		uint64_t beyond = 0;

		for (int v = 0; v < (int)json_array_size(row); v++) {
			uint64_t count = (uint64_t)json_integer_value(json_array_get(row, (size_t)v));

			beyond += v >= c.n ? count : 0;
			ck_assert_msg(v >= c.n || c.count[u * c.columns + v] == count, "%d taken for %d: %llu, not %llu", u, v,
			    (unsigned long long)c.count[u * c.columns + v], (unsigned long long)count);
		}
		ck_assert(c.columns == c.n ? beyond == 0 : c.count[u * c.columns + c.n] == beyond);
	}
	ck_assert(fabs((double)c.right / (double)c.all - json_number_value(json_object_get(of, "accuracy"))) < EXACT);
	confusion_free(&c);
}

static void
expect_report(json_t *of, const struct judged *j)
{
	struct class_score got[DATASET_CLASSES_MAX];

	scores_of(&j->split, &j->sel, j->probs, j->classes, got);
	for (int u = 0; u < split_count(&j->split); u++) {
		ck_assert_msg(fabs(got[u].precision - number(of, "precision", (size_t)u)) < EXACT, "precision of %d: %.17g", u, got[u].precision);
		ck_assert_msg(fabs(got[u].recall - number(of, "recall", (size_t)u)) < EXACT, "recall of %d: %.17g", u, got[u].recall);
		ck_assert_msg(fabs(got[u].f1 - number(of, "f1", (size_t)u)) < EXACT, "f1 of %d: %.17g", u, got[u].f1);
		ck_assert_uint_eq(got[u].support, (uint64_t)number(of, "support", (size_t)u));
	}
}

START_TEST(scores__test_images__agree_with_keras_and_scikit_learn)
{
	static const char *const kernels[] = {"reference", "base", "auto"};
	json_t *of = json_object_get(want, "gte5"), *first = json_object_get(of, "probabilities");
	double loss = 0, of_loss = json_number_value(json_object_get(of, "log_loss"));
	char line[64];
	struct split split;
	struct judged j;
	struct err e;

	snprintf(line, sizeof line, "set kernels %s", kernels[_i]);
	parity_load(&C);
	ck_assert_int_eq(capture_run(&C, line), 0);
	ck_assert_int_eq(split_parse("gte5", &split, &e), 0);
	ck_assert_msg(judged_begin(C.s, &split, &j, &e) == 0 && judged_eval(C.s, &j, NULL, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < json_array_size(first); i++)
		for (int u = 0; u < 5; u++)
			ck_assert(fabs(judged_p(&j, i, u) - json_number_value(json_array_get(json_array_get(first, i), (size_t)u))) < KERAS);
	for (size_t i = 0; i < j.sel.set.count; i++)
		loss += judged_loss(&j, i);
	loss /= (double)j.sel.set.count;
	ck_assert_msg(fabs(loss - of_loss) < KERAS * of_loss, "loss %.9f, not %.9f", loss, of_loss);
	expect_confusion(of, &j);
	expect_report(of, &j);
	judged_free(&j);
}
END_TEST

START_TEST(scores__predict__prints_the_probabilities_of_keras)
{
	json_t *first = json_array_get(json_object_get(json_object_get(want, "gte5"), "probabilities"), 0);
	json_t *event, *p;

	/* test:0, a 7, is the first one of gte5 */
	parity_load(&C);
	ck_assert_int_eq(capture_run(&C, "mode json; predict test:0"), 0);
	event = json_loads(strstr(C.text, "{\"event\":\"predict\""), JSON_DISABLE_EOF_CHECK, NULL);
	ck_assert_ptr_nonnull(p = json_object_get(event, "probabilities"));
	for (int u = 0; u < 5; u++) {
		char name[16];

		snprintf(name, sizeof name, "%d", u);
		ck_assert(fabs(json_number_value(json_object_get(p, name)) - json_number_value(json_array_get(first, (size_t)u))) < KERAS);
	}
	json_decref(event);
}
END_TEST

START_TEST(scores__made_up__agree_with_scikit_learn)
{
	json_t *of = json_object_get(want, "made up"), *labels = json_object_get(of, "labels"), *weights = json_object_get(of, "weights");
	size_t n = json_array_size(labels);
	struct judged j = {.classes = 7};
	struct err e;

	ck_assert_int_eq(split_parse("lt5", &j.split, &e), 0);
	j.sel.unit = calloc(n, sizeof *j.sel.unit);
	j.sel.set = (struct nn_set){.unit = j.sel.unit, .count = n};
	j.probs = calloc(n * 7, sizeof *j.probs);
	for (size_t i = 0; i < n; i++) {
		json_t *row = json_array_get(weights, i);
		double sum = 0;

		j.sel.unit[i] = (uint16_t)json_integer_value(json_array_get(labels, i));
		for (size_t u = 0; u < 7; u++)
			sum += json_number_value(json_array_get(row, u));
		for (size_t u = 0; u < 7; u++)
			j.probs[i * 7 + u] = (float)(json_number_value(json_array_get(row, u)) / sum);
	}
	ck_assert(number(of, "precision", 3) == 0 && number(of, "support", 3) > 0);
	expect_confusion(of, &j);
	expect_report(of, &j);
	judged_free(&j);
}
END_TEST

/* Shares and lambda of each layer from the pool on; of the pixels, too, where there is time for all layers. */
START_TEST(scores__probe__reads_what_scikit_learn_reads)
{
#ifdef THAW_SANITIZED
	const char *line = "probe gte5 dense_1..activation_3";
	const int least = 2;
#else
	const char *line = getenv("FAULTS") != NULL ? "probe gte5" : "probe gte5 max_pooling2d..activation_3";
	const int least = 6;
#endif
	json_t *of = json_load_file(parity_path("probe.json"), 0, NULL), *event;
	double n = json_number_value(json_object_get(of, "n"));
	const char *p;
	int layers = 0;

	ck_assert_ptr_nonnull(of);
	parity_load(&C);
	ck_assert_int_eq(capture_run(&C, "mode json"), 0);
	ck_assert_msg(capture_run(&C, line) == 0, "%s", C.errors);
	for (p = C.text; (p = strstr(p, "{\"event\":\"probe\"")) != NULL; p++) {
		const char *name;
		json_t *row;

		ck_assert_ptr_nonnull(event = json_loads(p, JSON_DISABLE_EOF_CHECK, NULL));
		name = json_string_value(json_object_get(event, "layer"));
		row = json_object_get(of, name);
		for (int k = 0; k < 3 && row != NULL; k++) {
			const char *key = (const char *const[]){"linear", "knn", "lambda"}[k];
			double got = json_number_value(json_object_get(event, key)), its = json_number_value(json_object_get(row, key));

			its /= k < 2 ? n : 1;
			ck_assert_msg(fabs(got - its) <= KERAS * (k < 2 ? 1 : its), "%s of %s: %.9g, not %.9g", key, name, got, its);
		}
		layers += row != NULL;
		json_decref(event);
	}
	ck_assert_int_ge(layers, least);
	json_decref(of);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("scores");
	TCase *t = tcase_create("scores");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
#ifdef THAW_SANITIZED /* where the reference kernels take half a minute for these, and the base ones ten seconds */
	tcase_add_loop_test(t, scores__test_images__agree_with_keras_and_scikit_learn, 2, 3);
#else /* the reference kernels take half of a minute elsewhere, too: make check-long has them */
	tcase_add_loop_test(t, scores__test_images__agree_with_keras_and_scikit_learn, getenv("FAULTS") == NULL, 3);
#endif
	tcase_add_test(t, scores__predict__prints_the_probabilities_of_keras);
	tcase_add_test(t, scores__made_up__agree_with_scikit_learn);
	tcase_add_test(t, scores__probe__reads_what_scikit_learn_reads);
	suite_add_tcase(s, t);
	return run_suite(s);
}
