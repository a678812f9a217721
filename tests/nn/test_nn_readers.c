/* test_nn_readers.c: the readers of a layer's outputs say what scikit-learn's say, with any number of threads. */
#include "nn/nn.h"
#include "tests/nn/parity/readers.h"
#include "tests/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES = 4, TRAIN = 270, FIRST = 300, READ = 40 }; /* as in parity/make_readers.py, which has the formula */

static void
numbers(int first, int n, int size, float *x, uint16_t *unit)
{
	for (int i = first; i < first + n; i++, unit++) {
		*unit = (uint16_t)((5 * i + i / 7) % CLASSES);
		for (int j = 0; j < size; j++)
			*x++ = (float)((7919 * i + 104729 * j + 31 * i * j) % 1009) / 1009.0f + (j % CLASSES == *unit ? 0.125f :
			    0.0f);
	}
}

static void
read_all(int size, int threads, const char *kernels, struct nn_reading *to, double (*score)[CLASSES], double *lambda)
{
	struct nn_err err;
	struct nn_engine *eng = nn_engine_new(threads, kernels, &err);
	struct nn_readers *r = nn_readers_new(eng, TRAIN, (size_t)size, CLASSES, &err);
	float *x = malloc(TRAIN * (size_t)size * sizeof *x);
	uint16_t unit[TRAIN];

	ck_assert_msg(r != NULL && x != NULL, "%s", err.text);
	numbers(0, TRAIN, size, x, unit);
	nn_readers_put(r, 100, TRAIN - 100, x + 100 * size, unit + 100); /* in parts, in any order */
	nn_readers_put(r, 0, 100, x, unit);
	ck_assert_int_eq(nn_readers_fit(r, 0.01, &err), 0);
	*lambda = nn_readers_lambda(r);
	numbers(FIRST, READ, size, x, unit);
	nn_readers_read(r, READ, x, 15, to, score[0]);
	free(x);
	nn_readers_free(r);
	nn_engine_free(eng);
}

static const char *const kernels[] = {"auto", "base", "reference"};

START_TEST(readers__read__what_scikit_learn_reads)
{
	static struct nn_reading got[READ];
	double score[READ][CLASSES], lambda;

	for (int k = 0; k < 2; k++) {
		int size = k == 0 ? 7 : 260;

		read_all(size, 1, kernels[_i], got, score, &lambda);
		ck_assert_double_eq_tol(lambda / (k == 0 ? lambda_7 : lambda_260), 1, 1e-6);
		for (int i = 0; i < READ; i++) {
			const double *want = k == 0 ? scores_7[i] : scores_260[i];
			int best = 0;

			for (int c = 0; c < CLASSES; c++) {
				ck_assert_double_eq_tol(score[i][c], want[c], k == 0 ? 1e-6 : 2e-5); /* in single precision */
				best = want[c] > want[best] ? c : best;
			}
			ck_assert_int_eq(got[i].linear, best);
			ck_assert_int_eq(got[i].near, k == 0 ? near_7[i] : near_260[i]);
		}
	}
}
END_TEST

START_TEST(readers__read__same_bits_for_any_threads)
{
	static struct nn_reading one[READ], more[READ];
	double first[READ][CLASSES], then[READ][CLASSES], a, b;

	read_all(260, 1, "auto", one, first, &a);
	for (int threads = 2; threads < 6; threads++) {
		memset(more, 0, sizeof more);
		read_all(260, threads, "auto", more, then, &b);
		ck_assert(a == b);
		for (int i = 0; i < READ; i++) {
			ck_assert_int_eq(one[i].near, more[i].near);
			ck_assert_mem_eq(first[i], then[i], sizeof first[i]);
		}
	}
}
END_TEST

/* Far from zero, where single precision has few digits left for what samples differ by. */
START_TEST(readers__read__numbers_far_from_zero)
{
	struct nn_err err;
	struct nn_engine *eng = nn_engine_new(1, "auto", &err);
	struct nn_readers *r = nn_readers_new(eng, 20, 2, 2, &err);
	float x[20][2];
	uint16_t unit[20];
	static struct nn_reading got[20];

	for (int i = 0; i < 20; i++) {
		unit[i] = i % 2;
		x[i][0] = 1e6f + (float)(i % 5);
		x[i][1] = -1e6f + (unit[i] != 0 ? 3 : 0);
	}
	nn_readers_put(r, 0, 20, x[0], unit);
	ck_assert_int_eq(nn_readers_fit(r, 0.01, &err), 0);
	nn_readers_read(r, 20, x[0], 3, got, NULL);
	for (int i = 0; i < 20; i++) {
		ck_assert_int_eq(got[i].linear, unit[i]);
		ck_assert_int_eq(got[i].near, unit[i]);
	}
	nn_readers_free(r);
	nn_engine_free(eng);
}
END_TEST

START_TEST(readers__read__samples_all_alike)
{
	struct nn_err err;
	struct nn_engine *eng = nn_engine_new(1, "auto", &err);
	struct nn_readers *r = nn_readers_new(eng, 5, 1, 3, &err);
	static const float x[] = {7, 7, 7, 7, 7};
	static const uint16_t unit[] = {0, 2, 2, 1, 2};
	struct nn_reading *got = calloc(2, sizeof *got);

	nn_readers_put(r, 0, 5, x, unit);
	ck_assert_int_eq(nn_readers_fit(r, 0.01, &err), 0);
	nn_readers_read(r, 1, x, 1, got, NULL);
	ck_assert_int_eq(got->linear, 2); /* the most frequent class */
	ck_assert_int_eq(got->near, 0); /* the first sample */
	nn_readers_read(r, 1, x, 64, got, NULL); /* more than there are */
	ck_assert_int_eq(got->near, 2);
	nn_readers_free(r);
	nn_engine_free(eng);
	free(got);
}
END_TEST

START_TEST(readers__new__refuses_what_is_out_of_range)
{
	struct nn_err err;
	struct nn_engine *eng = nn_engine_new(1, "auto", &err);

	ck_assert_ptr_null(nn_readers_new(eng, 1, 1, 2, &err));
	ck_assert_ptr_null(nn_readers_new(eng, NN_READERS_MAX + 1, 1, 2, &err));
	ck_assert_ptr_null(nn_readers_new(eng, 10, 0, 2, &err));
	ck_assert_ptr_null(nn_readers_new(eng, 10, 1, 1, &err));
	ck_has(err.text, "choose 2 to 4000");
	nn_engine_free(eng);
}
END_TEST

static bool
at_once(void *arg)
{
	return true;
}

START_TEST(readers__fit__ends_when_asked_or_beyond_a_double)
{
	struct nn_err err;
	struct nn_engine *eng = nn_engine_new(1, "auto", &err);
	struct nn_readers *r = nn_readers_new(eng, 3, 300, 2, &err);
	static const uint16_t unit[] = {0, 1, 1};
	static float wild[3][300];

	for (int i = 0; i < 900; i++)
		wild[i / 300][i % 300] = i % 7 < 3 ? 3e38f : -3e38f;
	nn_readers_put(r, 0, 3, wild[0], unit);
	ck_assert_int_eq(nn_readers_fit(r, 0.01, &err), -1);
	ck_has(err.text, "too large");
	nn_readers_free(r);
	r = nn_readers_new(eng, 3, 1, 2, &err);
	nn_readers_put(r, 0, 3, (const float[]){1, 2, 3}, unit);
	nn_engine_set_stop(eng, at_once, NULL);
	ck_assert_int_eq(nn_readers_fit(r, 0.01, &err), NN_STOPPED);
	nn_readers_free(r);
	nn_engine_free(eng);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("readers");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, readers__read__what_scikit_learn_reads, 0, 3);
	tcase_add_test(t, readers__read__same_bits_for_any_threads);
	tcase_add_test(t, readers__read__numbers_far_from_zero);
	tcase_add_test(t, readers__read__samples_all_alike);
	tcase_add_test(t, readers__new__refuses_what_is_out_of_range);
	tcase_add_test(t, readers__fit__ends_when_asked_or_beyond_a_double);
	suite_add_tcase(s, t);
	return run_suite(s);
}
