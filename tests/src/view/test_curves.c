/* test_curves.c: made-up runs as charts. */
#include "view/curves.h"
#include "tests/run.h"
#include "ui/plot.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct run *
made_run(int number, const char *split, int epochs, int per_epoch)
{
	struct run *r = calloc(1, sizeof *r);

	r->number = number;
	r->data = strdup("mnist");
	r->kernels = strdup("v3");
	r->frozen = strdup("");
	r->validate = 1;
	r->epochs = r->nepoch = epochs;
	snprintf(r->split.name, sizeof r->split.name, "%s", split);
	r->epoch = calloc((size_t)epochs, sizeof *r->epoch);
	r->nbatch = (size_t)(epochs * per_epoch);
	r->batch = calloc(r->nbatch + 1, sizeof *r->batch);
	for (int i = 0; i < epochs; i++)
		r->epoch[i] = (struct epoch_record){0.5 + i * 0.1, 1.0 / (i + 1), 0.6 + i * 0.1, 0.9 / (i + 1), NAN,
		    NAN, 1};
	for (size_t i = 0; i < r->nbatch; i++)
		r->batch[i] = (struct batch_point){(float)(i + 1) / (float)per_epoch, i % 2 == 0 ? 2 : 1,
		    i % 2 == 0 ? 0.25 : 0.75};
	r->config = (struct nn_run_config){.optimizer = nn_optimizer_find("adadelta"), .lr = 1, .rho = 0.95,
	    .epsilon = 1e-7, .batch = 128,
	    .shuffle = true, .seed = 1337};
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		r->config.layer_lr[i] = NAN;
	return r;
}

static void
made_free(struct run *r)
{
	free(r->epoch);
	free(r->batch);
	free(r->data);
	free(r->kernels);
	free(r->frozen);
	free(r->checkpoint);
	free(r->changes);
	free(r);
}

static const struct ui_series *
series(const struct ui_chart *c, const char *name)
{
	for (size_t i = 0; i < c->nseries; i++)
		if (name == NULL ? c->series[i].name == NULL : c->series[i].name != NULL &&
		    strcmp(c->series[i].name, name) == 0)
			return &c->series[i];
	return NULL;
}

START_TEST(curves__show__batches_smoothed_over_raw)
{
	struct run *r = made_run(1, "gte5", 2, 100);
	struct ui_chart c = {0};
	const struct ui_series *raw, *train, *val;

	curves_chart(&c, CURVES_LOSS, &r, 1, CURVES_SMOOTH, false);
	ck_assert_ptr_nonnull(raw = series(&c, NULL));
	ck_assert_ptr_nonnull(train = series(&c, "train"));
	ck_assert_ptr_nonnull(val = series(&c, "val"));
	ck_assert_ptr_null(series(&c, "watch"));
	ck_assert_int_eq(raw->line, UI_LINE_FAINT);
	ck_assert_int_eq(train->line, UI_LINE_SOLID);
	ck_assert_int_eq(val->line, UI_LINE_DASHED);
	ck_assert_uint_eq(raw->n, 200);
	ck_assert_uint_eq(train->n, 200);
	ck_assert_double_eq(raw->p[1].y, 1);
	ck_assert_double_eq(train->p[0].y, 2); /* no pull towards 0 at the start */
	ck_assert_double_eq_tol(train->p[199].y, 1.5, 0.05);
	ck_assert_uint_eq(val->n, 2);
	ck_assert_double_eq(val->p[1].x, 2);
	ck_assert_double_eq(val->p[1].y, 0.45);
	ck_assert_double_eq(c.xend, 2);
	ck_assert(!curves_empty(&c));
	curves_chart(&c, CURVES_ACCURACY, &r, 1, 0, false);
	ck_assert(c.unit);
	ck_assert_ptr_null(series(&c, NULL));
	ck_assert_double_eq_tol(series(&c, "train")->p[1].y, 0.75, 1e-6);
	ui_chart_clear(&c);
	made_free(r);
}
END_TEST

START_TEST(curves__weigh__a_short_batch_by_its_samples)
{
	struct run *r = made_run(1, "lt5", 1, 10);
	struct ui_chart c = {0};

	for (size_t i = 0; i < r->nbatch; i++)
		r->batch[i].loss = i < 9 ? 1 : 101;
	r->train = 9 * 128 + 128;
	curves_chart(&c, CURVES_LOSS, &r, 1, 0.9, false);
	ck_assert_double_gt(series(&c, "train")->p[9].y, 10);
	r->train = 9 * 128 + 4;
	curves_chart(&c, CURVES_LOSS, &r, 1, 0.9, false);
	ck_assert_double_lt(series(&c, "train")->p[9].y, 2);
	ck_assert_double_eq(series(&c, NULL)->p[9].y, 101);
	ui_chart_clear(&c);
	made_free(r);
}
END_TEST

START_TEST(curves__divide__runs_with_a_gap_and_a_name)
{
	struct run *r[] = {made_run(1, "gte5", 2, 10), made_run(2, "lt5", 3, 0), made_run(3, "lt5", 1, 10)};
	struct ui_chart c = {0};
	const struct ui_series *val;

	r[2]->epochs = 5;
	r[2]->nepoch = 0;
	r[2]->nbatch = 4; /* in its first epoch */
	curves_chart(&c, CURVES_LOSS, r, 3, CURVES_SMOOTH, true);
	ck_assert_uint_eq(c.nrules, 3);
	ck_assert_double_eq(c.rule[1].x, 2);
	ck_assert_double_eq(c.rule[2].x, 5);
	ck_assert_str_eq(c.rule[1].label, "r2 lt5");
	ck_assert_double_eq(c.xend, 10); /* the planned end of the one that goes on */
	val = series(&c, "val");
	ck_assert_uint_eq(val->n, 2 + 1 + 3 + 1);
	ck_assert(isnan(val->p[2].y));
	ck_assert_double_eq(val->p[3].x, 3);
	for (size_t i = 0; i < c.nseries; i++)
		for (size_t k = 1; k < c.series[i].n; k++)
			ck_assert(c.series[i].p[k].x >= c.series[i].p[k - 1].x);
	ck_assert_ptr_nonnull(strstr(c.note, "all runs: adadelta lr=1.0 rho=0.95 epsilon=1e-07 batch=128 seed=1337; r1 gte5: "
	    "epochs=2; r2 lt5: epochs=3; r3 lt5: epochs=5"));
	ui_chart_clear(&c);
	r[1]->config.lr = .5;
	r[2]->take.limit = 1; /* which batch=128 has in it */
	r[2]->epochs = r[0]->epochs = r[1]->epochs = 3;
	ui_string(&r[2]->frozen, "conv2d");
	curves_chart(&c, CURVES_LOSS, r, 3, CURVES_SMOOTH, true);
	ck_assert_ptr_nonnull(strstr(c.note, "all runs: adadelta rho=0.95 epsilon=1e-07 batch=128 seed=1337; r1 "));
	ck_assert_ptr_nonnull(strstr(c.note, " lt5: lr=0.5; r3 "));
	ck_assert_ptr_nonnull(strstr(c.note, ": lr=1.0 limit=1, frozen: conv2d"));
	ui_chart_clear(&c);
	for (int i = 0; i < 3; i++)
		made_free(r[i]);
}
END_TEST

/* The word stands behind the second of two runs. */
static void
differs(struct run *const *r, const char *word)
{
	struct ui_chart c = {0};
	const char *at;

	curves_chart(&c, CURVES_LOSS, r, 2, CURVES_SMOOTH, false);
	ck_assert_msg((at = strstr(c.note, word)) != NULL && at > strstr(c.note, "; r2 lt5"), "%s has no %s", c.note, word);
	ui_chart_clear(&c);
}

START_TEST(curves__say__whatever_differs)
{
	struct run *r[] = {made_run(1, "lt5", 3, 10), made_run(2, "lt5", 3, 10)};
	struct ui_chart c = {0};

	curves_chart(&c, CURVES_LOSS, r, 2, CURVES_SMOOTH, false);
	ck_assert_str_eq(c.note, "all runs: adadelta lr=1.0 rho=0.95 epsilon=1e-07 batch=128 seed=1337; r1 lt5; r2 lt5");
	ui_chart_clear(&c);
	r[1]->schedule = (struct schedule){.kind = SCHEDULE_COSINE};
	differs(r, ": lr=1.0:cosine");
	r[0]->schedule = (struct schedule){.kind = SCHEDULE_STEP, .every = 2, .factor = 0.5};
	differs(r, ": lr=1.0:cosine");
	r[1]->layers = strdup("conv2d - dense");
	r[1]->config.layer_lr[2] = 0.1f;
	differs(r, " lr(dense)=0.1");
	r[1]->goal_asked = goal_parse("val_loss:patience=2", &r[1]->goal, &(struct err){0}) == 0;
	differs(r, " stop=val_loss:patience=2");
	r[1]->validate = 0;
	differs(r, " validate=end");
	r[1]->epochs = 5;
	differs(r, " epochs=5");
	r[1]->split.by_digit = true;
	differs(r, " units=digit");
	snprintf(r[1]->watch.name, sizeof r[1]->watch.name, "gte5");
	r[1]->watch.kind = SPLIT_GTE;
	differs(r, " watch=gte5");
	r[1]->by_batch = true;
	differs(r, " by=batch");
	free(r[1]->data);
	r[1]->data = strdup("fashion");
	differs(r, " data=fashion");
	free(r[1]->kernels);
	r[1]->kernels = strdup("v4");
	differs(r, " kernels=v4");
	r[1]->checkpoint = strdup("best.npz");
	differs(r, " checkpoint=best.npz");
	strcpy(r[1]->slots, "12");
	differs(r, " slots=loaded");
	strcpy(r[1]->begun, "0123456789abcdef");
	differs(r, " begun=01234567");
	strcpy(r[0]->sha256, "0123456789abcdef");
	differs(r, " after r1");
	r[1]->params = 7;
	differs(r, " params=7");
	r[1]->changes = strdup("epoch 2, batch 17: freeze conv2d");
	differs(r, "; changed in r2: epoch 2, batch 17: freeze conv2d");
	r[0]->model = strdup("flatten | dense 5");
	r[1]->model = strdup("flatten | dense 6");
	differs(r, "; model of r2: flatten | dense 6");
	for (int i = 0; i < 2; i++)
		free(r[i]->model);
	free(r[1]->layers);
	for (int i = 0; i < 2; i++)
		made_free(r[i]);
}
END_TEST

/* What a run watches begins where the run before it ends, of which it is no curve. */
START_TEST(curves__watch__in_the_run_that_watches)
{
	struct run *r[] = {made_run(1, "gte5", 2, 10), made_run(2, "lt5", 1, 10)};
	struct ui_chart c = {0};
	char *text;

	r[1]->watch.kind = SPLIT_DIGITS;
	snprintf(r[1]->watch.name, sizeof r[1]->watch.name, "eq7");
	r[1]->nwatched = 3;
	r[1]->watched = calloc(3, sizeof *r[1]->watched);
	for (int i = 0; i < 3; i++)
		r[1]->watched[i] = (struct batch_point){(float)i / 10, (float)i, 0.5f};
	curves_chart(&c, CURVES_LOSS, r, 2, 0, false);
	for (int span = 1; span <= 2; span++) {
		text = ui_plot_text(&c, &(struct ui_plot_view){.span = span}, 60, 14, UI_ASCII);
		ck_assert_msg((strstr(text, "eq7") != NULL) == (span == 1), "%s", text);
		free(text);
	}
	ui_chart_clear(&c);
	free(r[1]->watched);
	for (int i = 0; i < 2; i++)
		made_free(r[i]);
}
END_TEST

START_TEST(curves__take_means__of_very_many_batches)
{
	struct run *r = made_run(1, "all", 20, 1000);
	struct ui_chart c = {0};
	const struct ui_series *raw;

	curves_chart(&c, CURVES_LOSS, &r, 1, CURVES_SMOOTH, false);
	raw = series(&c, NULL);
	ck_assert_uint_le(raw->n, 3001);
	ck_assert_uint_ge(raw->n, 1500);
	for (size_t i = 0; i < raw->n; i++)
		ck_assert(raw->p[i].y >= 1 && raw->p[i].y <= 2);
	ck_assert_double_eq_tol(raw->p[raw->n - 1].x, 20, 1e-6);
	ui_chart_clear(&c);
	made_free(r);
}
END_TEST

START_TEST(curves__are_empty__without_values)
{
	struct run *r = made_run(1, "gte5", 1, 1);
	struct ui_chart c = {0};

	curves_chart(&c, CURVES_LOSS, NULL, 0, CURVES_SMOOTH, false);
	ck_assert(curves_empty(&c));
	r->nepoch = 0;
	r->nbatch = 0;
	curves_chart(&c, CURVES_LOSS, &r, 1, CURVES_SMOOTH, true);
	ck_assert(curves_empty(&c));
	r->nbatch = 1;
	r->batch[0].loss = NAN;
	curves_chart(&c, CURVES_LOSS, &r, 1, CURVES_SMOOTH, true);
	ck_assert(curves_empty(&c));
	ui_chart_clear(&c);
	made_free(r);
}
END_TEST

START_TEST(curves__choose__the_last_runs_with_values)
{
	struct run *r[9], *got[CURVES_RUNS];
	struct runs runs = {.n = 9, .list = r};

	for (int i = 0; i < 9; i++)
		r[i] = made_run(i + 1, "gte5", 1, 0);
	r[8]->nepoch = 0;
	ck_assert_int_eq(curves_recent(&runs, got, CURVES_RUNS), CURVES_RUNS);
	ck_assert_int_eq(got[0]->number, 3);
	ck_assert_int_eq(got[5]->number, 8);
	runs.n = 2;
	ck_assert_int_eq(curves_recent(&runs, got, CURVES_RUNS), 2);
	ck_assert_int_eq(got[0]->number, 1);
	runs.n = 0;
	ck_assert_int_eq(curves_recent(&runs, got, CURVES_RUNS), 0);
	for (int i = 0; i < 9; i++)
		made_free(r[i]);
}
END_TEST

START_TEST(curves__say__what_the_log_says)
{
	struct run *r[] = {made_run(1, "gte5", 2, 10), made_run(2, "lt5", 3, 10)};
	struct model m = {0};
	struct ui_chart c = {0};

	ui_string(&r[1]->frozen, "conv2d dense conv2d_1");
	curves_chart(&c, CURVES_ACCURACY, r, 2, CURVES_SMOOTH, false);
	ck_assert_str_eq(c.rule[1].when[UI_LINE_SOLID], "r2 epoch 3  mean");
	ck_assert_double_eq_tol(c.rule[1].value[UI_LINE_SOLID], 0.7, 1e-9); /* of the epoch, not of its last batches */
	ck_assert_double_eq_tol(c.rule[1].value[UI_LINE_DASHED], 0.8, 1e-9);
	ck_assert_str_eq(c.rule[0].when[UI_LINE_DASHED], "r1 epoch 2  mean");
	curves_states(&c, &m, r, 2);
	ck_assert_str_eq(c.rule[0].label, "r1 gte5");
	ck_assert_str_eq(c.rule[1].label, "r2 lt5 ❄ 3 layers");
	r[1]->partial = (struct nn_metrics){.loss = 30, .correct = 45, .count = 60};
	curves_chart(&c, CURVES_LOSS, r, 2, CURVES_SMOOTH, false);
	ck_assert_str_eq(c.rule[1].when[UI_LINE_SOLID], "r2 epoch 4  mean so far");
	ck_assert_double_eq(c.rule[1].value[UI_LINE_SOLID], 0.5);
	ck_assert_str_eq(c.rule[1].when[UI_LINE_DASHED], "r2 epoch 3  mean");
	ui_chart_clear(&c);
	made_free(r[0]);
	made_free(r[1]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("curves");
	TCase *t = tcase_create("curves");

	suite_add_tcase(s, t);
	tcase_add_test(t, curves__show__batches_smoothed_over_raw);
	tcase_add_test(t, curves__weigh__a_short_batch_by_its_samples);
	tcase_add_test(t, curves__divide__runs_with_a_gap_and_a_name);
	tcase_add_test(t, curves__watch__in_the_run_that_watches);
	tcase_add_test(t, curves__say__what_the_log_says);
	tcase_add_test(t, curves__say__whatever_differs);
	tcase_add_test(t, curves__take_means__of_very_many_batches);
	tcase_add_test(t, curves__are_empty__without_values);
	tcase_add_test(t, curves__choose__the_last_runs_with_values);
	return run_suite(s);
}
