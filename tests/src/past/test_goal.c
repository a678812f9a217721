/* test_goal.c: when a run ends early, which epoch is the best, and the rates of a schedule, against what Keras 3.15.1
 * decides on the same figures (goal_keras.py prints it). */
#include "past/goal.h"
#include "past/schedule.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

START_TEST(goal__count__as_EarlyStopping)
{
	static const struct {
		const char *goal;
		double figure[8]; /* ends with 0; NAN: not known */
		int epochs, best;
	} runs[] = {
		{"val_loss:patience=2", {0.9, 0.5, 0.6, 0.4, 0.45, 0.41, 0.3}, 6, 4},
		{"val_loss", {0.9, 0.5, 0.5, 0.4}, 3, 2},
		{"val_loss:patience=1:min_delta=0.1", {0.9, 0.85, 0.7, 0.65, 0.62}, 2, 1},
		{"val_accuracy:patience=2", {0.5, 0.5, 0.6, 0.6, 0.6, 0.7}, 5, 3},
		{"val_loss:patience=1", {0.9, NAN, 0.95, NAN, 0.5}, 3, 1},
		{"val_loss:patience=3", {0.5, 0.6, 0.4, 0.45, 0.46}, 5, 3},
		/* Keras has no such end; it is decided here */
		{"val_accuracy>=0.6", {0.5, 0.4, 0.6, 0.9}, 3, 3},
		{"val_accuracy>0.6", {0.5, 0.6, 0.7, 0.9}, 3, 3},
		{"val_loss<0.1", {0.5, 0.2, 0.3}, 3, 2},
	};

	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		struct goal g;
		struct err e = {0};
		struct goal_state st = {0};
		struct epoch_record x[8] = {{0}};
		int n = 0;
		char *text;

		ck_assert_msg(goal_parse(runs[i].goal, &g, &e) == 0, "%s", e.text);
		for (; runs[i].figure[n] != 0 && !st.over; n++) {
			x[n].val_loss = x[n].val_accuracy = runs[i].figure[n];
			goal_count(&g, &st, &x[n], n + 1);
		}
		ck_assert_msg(n == runs[i].epochs && st.best == runs[i].best, "%s: %d epochs, best %d", runs[i].goal,
		    n, st.best);
		ck_assert_int_eq(goal_after(&g, x, n).best, st.best);
		text = goal_text(&g);
		ck_assert(goal_parse(text, &g, &e) == 0 && (i == 1 || strcmp(text, runs[i].goal) == 0));
		free(text);
	}
}
END_TEST

START_TEST(goal__parse__refuses_with_an_example)
{
	static const char *const bad[] = {"", "val", "val_loss:", "val_loss:patience", "val_loss:patience=-1",
	    "val_loss:patience=2:delta=1", "val_loss>=", "val_loss>=x", "accuracy=0.9", "accuracy>=0.9:patience=1",
	    "loss:min_delta=-1"};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct goal g;
		struct err e = {0};

		ck_assert_msg(goal_parse(bad[i], &g, &e) == -1, "takes \"%s\"", bad[i]);
		ck_assert_ptr_nonnull(strstr(e.text, "write"));
	}
}
END_TEST

START_TEST(schedule__factor__as_CosineDecay)
{
	static const int step[] = {0, 1, 5, 10, 19, 20, 25};
	static const double want[2][7] = {{1.0, 0.9938441514968872, 0.8535534143447876, 0.4999999701976776,
	    0.006155818700790405, 0.0, 0.0}, {1.0, 0.9944597482681274, 0.8681980967521667, 0.5499999523162842,
	    0.10554023832082748, 0.10000000149011612, 0.10000000149011612}}; /* Keras' are floats */
	struct schedule x;
	struct err e = {0};

	for (int i = 0; i < 14; i++) {
		ck_assert_int_eq(schedule_parse(i < 7 ? "cosine" : "cosine=0.1", &x, &e), 0);
		ck_assert(fabs(schedule_factor(&x, 0, (uint64_t)step[i % 7], 20) - want[i / 7][i % 7]) < 1e-6);
	}
}
END_TEST

START_TEST(schedule__factor__by_steps_of_epochs)
{
	static const char *const bad[] = {"", "step", "step=2", "step=0,0.5", "step=2,0", "step=2,x", "cosine=", "cosine=2",
	    "linear"};
	struct schedule x;
	struct err e = {0};
	char *text;

	ck_assert_int_eq(schedule_parse("step=2,0.5", &x, &e), 0);
	for (uint32_t epoch = 0; epoch < 7; epoch++)
		ck_assert(schedule_factor(&x, epoch, 99, 100) == pow(0.5, epoch / 2));
	text = schedule_text(&x);
	ck_assert_str_eq(text, "step=2,0.5");
	free(text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(schedule_parse(bad[i], &x, &e) == -1, "takes \"%s\"", bad[i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("goal");
	TCase *t = tcase_create("all");

	tcase_add_test(t, goal__count__as_EarlyStopping);
	tcase_add_test(t, goal__parse__refuses_with_an_example);
	tcase_add_test(t, schedule__factor__as_CosineDecay);
	tcase_add_test(t, schedule__factor__by_steps_of_epochs);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
