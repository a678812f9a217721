/* test_feed.c: a session as what the workbench shows, without a screen: each part of the model against what the session
 * holds. */
#include "script/exec.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/feed_int.h"
#include "view/tiles.h"
#include "tests/src/view/feeding.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

static void
row_is(const struct ui_table *t, size_t row, const char *want)
{
	char *got = xstrdup("");

	ck_assert_uint_lt(row, t->nrows);
	for (int i = 0; i < t->ncols; i++) {
		char *more = xasprintf("%s%s%s", got, i > 0 ? "|" : "", t->row[row].cell[i]);

		free(got);
		got = more;
	}
	ck_assert_str_eq(got, want);
	free(got);
}

/* ---- the header and the model ---- */

START_TEST(feed__shows__the_model_before_there_is_data)
{
	ck_assert_int_eq(feed_update(F, &M), 0); /* the data is read once this has been drawn */
	ck_assert_uint_eq(M.version, 1);
	ck_assert_str_eq(M.headline, "mnist");
	ck_assert_str_eq(M.status, "trainable 10,957 of 10,957");
	ck_assert_ptr_null(M.waiting);
	ck_assert_ptr_null(M.activity);
	ck_assert_ptr_null(M.eta);
	ck_assert(!M.paused && M.progress < 0);
	ck_assert_uint_eq(M.digits.n + M.runs.nrows + M.loss.nseries + M.accuracy.nseries, 0);
	ck_assert_uint_eq(M.layers.nrows, 10 + 3);
	row_is(&M.layers, 0, "conv2d|26 26 4|40");
	row_is(&M.layers, 3, "dropout 0.25|13 13 4|0");
	row_is(&M.layers, 7, "dropout_1 0.5|16|0");
	row_is(&M.layers, 8, "dense_1|5|85");
	ck_assert_uint_eq(M.layers.row[0].flags, 0);
	ck_assert_uint_eq(M.layers.row[3].flags, UI_ROW_DIM);
	ck_assert_str_eq(M.layers.row[10].cell[0], "total");
	ck_assert_uint_eq(M.layers.row[10].flags, UI_ROW_TOTAL);
}
END_TEST

START_TEST(feed__names__what_is_frozen)
{
	static const struct {
		const char *line, *headline, *status;
	} c[] = {
		{"freeze features", "mnist  ❄ features", "trainable 10,917 of 10,957"},
		{"freeze all", "mnist  ❄ all", "trainable 0 of 10,957"},
		{"unfreeze features", "mnist  ❄ head", "trainable 40 of 10,957"},
		{"unfreeze dense", "mnist  ❄ dense_1", "trainable 10,872 of 10,957"},
		{"freeze conv2d", "mnist  ❄ conv2d dense_1", "trainable 10,832 of 10,957"},
		{"unfreeze all", "mnist", "trainable 10,957 of 10,957"},
		{"build \"flatten, dense 9, dense 9, dense 9, dense 9 | dense 5, softmax\"; freeze all", "mnist  ❄ all",
		    "trainable 0 of 7,385"},
		{"unfreeze dense_1", "mnist  ❄ dense dense_2 dense_3 ...", "trainable 90 of 7,385"},
	};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		after(c[i].line);
		ck_assert_str_eq(M.headline, c[i].headline);
		ck_assert_str_eq(M.status, c[i].status);
	}
}
END_TEST

START_TEST(feed__lights__a_lock_that_changes_for_a_moment)
{
	after(NULL);
	ck_assert_int_eq(after("freeze conv2d"), 20); /* the data is being read, and is looked for until then */
	ck_assert_uint_eq(M.layers.row[0].flags, UI_ROW_LOCKED | UI_ROW_FLASH);
	ck_assert_uint_eq(M.layers.row[5].flags, 0);
	ck_assert_uint_eq(M.layers.row[12].flags, UI_ROW_TOTAL | UI_ROW_LOCKED);
	C.s->data.set = feed_data(F);
	now += 1;
	feed_touch(F);
	ck_assert_int_eq(feed_update(F, &M), 501);
	ck_assert_uint_eq(M.layers.row[0].flags, UI_ROW_LOCKED | UI_ROW_FLASH);
	now += 0.501;
	ck_assert_int_eq(feed_update(F, &M), -1); /* by itself: nothing was touched */
	ck_assert_uint_eq(M.layers.row[0].flags, UI_ROW_LOCKED);
	after("unfreeze conv2d");
	ck_assert_uint_eq(M.layers.row[0].flags, UI_ROW_FLASH);
	now += 0.1;
	feed_touch(F); /* another model, of which nothing has changed */
	ck_assert_int_eq(capture_run(&C, "build \"conv2d 2 3, flatten | dense 5, softmax\"; freeze all"), 0);
	feed_update(F, &M);
	ck_assert_uint_eq(M.layers.row[0].flags, UI_ROW_LOCKED);
}
END_TEST

START_TEST(feed__shows__a_command_at_once_while_a_row_is_lit)
{
	after(NULL);
	after("freeze conv2d");
	now += 0.1;
	feed_touch(F);
	capture_run(&C, "freeze dense");
	feed_update(F, &M);
	ck_assert_uint_eq(M.layers.row[5].flags, UI_ROW_LOCKED | UI_ROW_FLASH);
}
END_TEST

START_TEST(feed__waits__a_twentieth_of_a_second_between_updates)
{
	after(NULL);
	now += 0.02;
	feed_touch(F);
	ck_assert_int_eq(feed_update(F, &M), 31);
	ck_assert_uint_eq(M.version, 1);
	feed_at_once(F, &M);
	ck_assert_uint_eq(M.version, 2);
	now += 0.051;
	feed_update(F, &M);
	ck_assert_uint_eq(M.version, 2); /* nothing has changed since */
	feed_touch(F);
	feed_update(F, &M);
	ck_assert_uint_eq(M.version, 3);
}
END_TEST

START_TEST(feed__says__what_waits)
{
	after(NULL);
	queue_add(&C.s->queue, "freeze\tfeatures", NULL, 0);
	queue_add(&C.s->queue, "# a comment", NULL, 0);
	queue_add(&C.s->queue, "train lt5", NULL, 0);
	after(NULL);
	ck_assert_str_eq(M.waiting, "then: freeze?features; train lt5");
	queue_free(&C.s->queue);
	after(NULL);
	ck_assert_ptr_null(M.waiting);
}
END_TEST

/* ---- runs and their curves, of runs that are made up ---- */

static struct run *
made_run(const char *split, int nepoch, int epochs, double accuracy)
{
	struct run *r = run_new(&C.s->runs);
	struct err e;

	ck_assert_int_eq(split_parse(split, &r->split, &e), 0);
	r->config = nn_run_config_default();
	r->epochs = epochs;
	r->epoch = xcalloc((size_t)nepoch + 1, sizeof *r->epoch);
	r->nepoch = nepoch;
	for (int i = 0; i < nepoch; i++)
		r->epoch[i] = (struct epoch_record){accuracy / 2, 1, accuracy + i * 0.1, 0.25, NAN, NAN, 1};
	runs_add(&C.s->runs, r);
	C.s->runs.last_split = r->split;
	return r;
}

START_TEST(feed__lists__runs_in_the_order_of_the_command)
{
	struct run *r;

	made_run("gte5", 2, 2, 0.5);
	r = made_run("lt5", 1, 3, 0.75);
	free(r->frozen);
	r->frozen = xstrdup("conv2d");
	r->config.lr = 0.5;
	r->config.batch = 64;
	r = made_run("digits=3,5", 1, 1, 0.5);
	r->epoch[0].val_accuracy = r->epoch[0].val_loss = NAN;
	r = made_run("gte5", 1, 1, 0.5);
	run_change(r, "epoch 1, batch 2: lr 0.5 (was 1.0), lr head 0.1");
	r = made_run("digits=3,5", 1, 1, 0.5);
	run_change(r, "epoch 1, batch 2: freeze conv2d");
	after(NULL);
	ck_assert_uint_eq(M.runs.nrows, 5);
	row_is(&M.runs, 3, "r4|gte5|1|0.5000|0.2500|-|1.0*|128");
	row_is(&M.runs, 4, "r5|digits=3,5|1|0.5000|0.2500|-*|1.0|128");
	ck_assert_str_eq(M.runs.title, "* changed: `history`");
	ck_assert_str_eq(M.runs.head[3], "val acc");
	row_is(&M.runs, 0, "r1|gte5|2|0.6000|0.2500|-|1.0|128");
	row_is(&M.runs, 1, "r2|lt5|1/3|0.7500|0.2500|features|0.5|64");
	row_is(&M.runs, 2, "r3|digits=3,5|1|||-|1.0|128");
	ck_assert(M.runs.tail); /* the newest in view */
	ck_assert_int_eq(M.runs.align[1], UI_LEFT);
	ck_assert_int_eq(M.runs.align[2], UI_RIGHT);
	ck_assert_int_eq(M.runs.align[5], UI_LEFT);
	for (size_t i = 0; i < 3; i++)
		ck_assert_uint_eq(M.runs.row[i].flags, 0);
	ck_assert_str_eq(M.headline, "gte5 → digits=3,5");
}
END_TEST

START_TEST(feed__draws__the_last_runs_as_curves)
{
	made_run("gte5", 1, 1, 0.5);
	made_run("gte5", 2, 2, 0.5);
	made_run("lt5", 1, 1, 0.6);
	made_run("lt5", 1, 1, 0.7);
	made_run("lt5", 1, 1, 0.7);
	after(NULL);
	ck_assert_uint_eq(M.loss.nrules, 5);
	ck_assert_ptr_null(M.loss.which); /* all of them */
	made_run("lt5", 1, 1, 0.7);
	made_run("lt5", 3, 3, 0.75);
	after(NULL);
	ck_assert_uint_eq(M.runs.nrows, 7);
	ck_assert_pstr_eq(M.loss.which, "r2-r7");
	ck_assert_str_eq(M.accuracy.title, "accuracy");
	ck_assert_str_eq(M.loss.title, "loss");
	ck_assert_uint_eq(M.accuracy.nrules, FEED_RUNS);
	ck_assert_str_eq(M.accuracy.rule[0].label, "r2 gte5");
	ck_assert_double_eq(M.accuracy.rule[1].x, 2);
	ck_assert_double_eq(M.loss.xend, 2 + 1 + 1 + 1 + 1 + 3);
	ck_assert_uint_eq(M.accuracy.nseries, 2); /* train and val; there are no batches */
	ck_assert_str_eq(M.accuracy.series[1].name, "val");
	ck_assert_double_eq(M.accuracy.series[1].p[M.accuracy.series[1].n - 1].y, 0.95);
	ck_assert_double_eq(M.loss.series[1].p[0].y, 0.25);
	ck_assert_str_eq(M.headline, "lt5"); /* the run before was on the same digits */
}
END_TEST

START_TEST(feed__draws__the_runs_that_were_asked_for_until_one_begins)
{
	struct runs *runs = &C.s->runs;
	struct run *two[2], *stored = xcalloc(1, sizeof *stored);

	for (int i = 0; i < 7; i++)
		made_run(i % 2 == 0 ? "gte5" : "lt5", 1, 1, 0.5);
	two[0] = runs->list[4];
	two[1] = runs->list[0]; /* which has left the pane */
	ck_assert(runs_plot(runs, two, 2));
	after(NULL);
	ck_assert_uint_eq(M.loss.nrules, 2);
	ck_assert_pstr_eq(M.loss.which, "r5 r1");
	ck_assert_str_eq(M.loss.rule[1].label, "r1 gte5");
	two[1] = stored;
	ck_assert(!runs_plot(runs, two, 2));
	after(NULL);
	ck_assert_pstr_eq(M.loss.which, "r2-r7");
	ck_assert(runs_plot(runs, two, 1));
	after(NULL);
	ck_assert_pstr_eq(M.loss.which, "r5");
	made_run("lt5", 1, 1, 0.7);
	after(NULL);
	ck_assert_pstr_eq(M.loss.which, "r3-r8");
	free(stored);
}
END_TEST

static void
made_rates(void)
{
	struct rates *x = &C.s->runs.rates;

	rates_free(x);
	*x = (struct rates){.n = 3, .suggested = 1, .point = xcalloc(3, sizeof *x->point),
	    .behind = C.s->runs.n > 0 ? runs_last(&C.s->runs)->number : 0};
	for (int i = 0; i < 3; i++)
		x->point[i] = (struct rates_point){pow(10, i - 2), 2 - i, 1.5};
}

START_TEST(feed__draws__rates_until_a_run_begins_or_its_curve_is_asked_for)
{
	made_rates();
	after(NULL);
	ck_assert(M.loss.logx && M.loss.place);
	ck_assert_str_eq(M.loss.title, "loss by learning rate");
	ck_assert_uint_eq(M.loss.nrules, 1);
	ck_assert_double_eq(M.loss.rule[0].x, 0.1);
	ck_assert_str_eq(M.loss.rule[0].label, "lr=0.1 suggested");
	ck_assert_uint_eq(M.loss.series[0].n, 3);
	ck_assert_double_eq(M.loss.series[0].p[2].y, 0);
	ck_assert_str_eq(M.accuracy.title, "accuracy");
	made_run("lt5", 1, 1, 0.5);
	after(NULL);
	ck_assert(!M.loss.logx && !M.loss.place);
	ck_assert_str_eq(M.loss.title, "loss");
	made_rates();
	C.s->runs.rates.suggested = -1;
	after(NULL);
	ck_assert(M.loss.logx);
	ck_assert_uint_eq(M.loss.nrules, 0);
	ck_assert_str_eq(M.accuracy.rule[0].label, "r1 lt5");
	C.s->runs.rates.away = true;
	after(NULL);
	ck_assert_str_eq(M.loss.rule[0].label, "r1 lt5");
}
END_TEST

START_TEST(feed__draws__the_axis_of_a_run_that_has_just_begun)
{
	struct run r = {.number = 1};
	struct job_view v = {.run = &r, .epochs = 3};

	feed_runs(F, &M, &v);
	ck_assert_double_eq(M.loss.xend, 3);
	feed_runs(F, &M, NULL);
	ck_assert_double_eq(M.loss.xend, 0);
}
END_TEST

/* ---- the activity, of views that are made up ---- */

START_TEST(feed__tells__what_a_job_is_at)
{
	struct run r = {.number = 7};
	static const struct {
		struct job_view view;
		bool run;
		const char *activity, *eta;
		double progress;
	} c[] = {
		{{.phase = JOB_TRAIN, .epoch = 3, .epochs = 5, .step = 60, .steps = 240, .eta = 1.2, .part = NAN}, true,
		    "r7 epoch 3/5", " 60/240  1s", 0.25},
		{{.phase = JOB_TRAIN, .epoch = 3, .epochs = 5, .step = 0, .steps = 240, .eta = NAN, .part = NAN}, true,
		    "r7 epoch 3/5", "  0/240", 0},
		{{.phase = JOB_TRAIN, .epoch = 1, .epochs = 2, .step = 1, .steps = 4, .eta = NAN, .paused = true}, true,
		    "paused r7 epoch 1/2", "1/4", 0.25},
		{{.phase = JOB_VALIDATE, .epoch = 5, .epochs = 5, .part = 0.75}, true,
		    "r7 epoch 5/5", "validating", 0.75},
		{{.phase = JOB_VALIDATE, .epoch = 5, .epochs = 5, .part = NAN}, true, "r7 epoch 5/5", "validating", 0},
		{{.phase = JOB_CACHE, .epoch = 1, .epochs = 5, .part = 0.5}, true, "filling the cache", NULL, 0.5},
		{{.phase = JOB_TASK, .command = "eval", .part = NAN}, false, "eval", NULL, -1},
		{{.phase = JOB_TASK, .command = "eval", .part = 0.125}, false, "eval", NULL, 0.125},
		{{.phase = JOB_TASK, .command = "eval", .part = NAN, .stopping = true}, false, "stopping", NULL, -1},
	};

	for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
		struct job_view v = c[i].view;

		v.run = c[i].run ? &r : NULL;
		feed_activity(&M, &v);
		ck_assert_str_eq(M.activity, c[i].activity);
		if (c[i].eta == NULL)
			ck_assert_ptr_null(M.eta);
		else
			ck_assert_str_eq(M.eta, c[i].eta);
		ck_assert_double_eq(M.progress, c[i].progress);
		ck_assert(M.paused == v.paused);
	}
	feed_activity(&M, NULL);
	ck_assert_ptr_null(M.activity);
	ck_assert_ptr_null(M.eta);
	ck_assert_double_lt(M.progress, 0);
}
END_TEST

/* ---- digits ---- */

static int
images_of(const struct split *s, uint32_t *index, int max)
{
	const struct part *test = &C.s->data.set->test;
	int n = 0;

	for (size_t i = 0; i < test->images.count && n < max; i++)
		if (split_has(s, test->label[i]))
			index[n++] = (uint32_t)i;
	return n;
}

/* The tiles are the first test images of a split, with what the net makes of them now, read as the digits of `trained`;
 * NULL: with nothing. */
static void
digits_are(const char *split, const char *trained)
{
	const struct part *test = &C.s->data.set->test;
	uint32_t index[FEED_DIGITS];
	struct split s, names;
	struct err e;

	ck_assert_int_eq(split_parse(split, &s, &e), 0);
	ck_assert_int_eq(split_parse(trained != NULL ? trained : "all", &names, &e), 0);
	ck_assert_int_eq(images_of(&s, index, FEED_DIGITS), FEED_DIGITS);
	ck_assert_uint_eq(M.digits.n, FEED_DIGITS);
	for (int i = 0; i < FEED_DIGITS; i++) {
		const struct ui_tile *t = &M.digits.tile[i];
		const uint8_t *pixels = test->images.pixels + index[i] * 28 * 28;
		struct image *image = image_new("x", test->images.shape, pixels, -1);
		char want[32];
		float p[5];
		int best, digit;

		ck_assert_int_eq((int)t->id, (int)index[i]);
		ck_assert_mem_eq(t->pixels, pixels, 28 * 28);
		snprintf(want, sizeof want, "%d", test->label[index[i]]);
		ck_assert_str_eq(t->label, want);
		ck_assert_int_eq(sheet_predict(C.s, image, p, &e), 0);
		image_free(image);
		best = sheet_best(p, 5);
		digit = split_digit(&names, best);
		snprintf(want, sizeof want, p[best] > 0.994999 ? "1.0" : ".%02d", (int)(p[best] * 100 + 0.5));
		if (trained == NULL) {
			ck_assert_str_eq(t->caption, "");
			ck_assert_int_eq(t->mark, 0);
		} else if (digit == test->label[index[i]]) {
			ck_assert_str_eq(t->caption, want);
			ck_assert_int_eq(t->mark, 1);
		} else {
			ck_assert_int_eq(t->mark, -1);
			ck_assert_int_eq(strtol(t->caption, NULL, 10), digit);
			ck_assert_str_eq(strchr(t->caption, ' ') + 1, want);
		}
	}
}

START_TEST(feed__shows__digits_of_the_split_in_use)
{
	struct err e;

	ck_assert_ptr_nonnull(C.s->data.set = dataset_load("mnist", &e));
	after(NULL);
	ck_assert_str_eq(M.digits.title, "gte5 test");
	ck_assert_str_eq(M.digits.note, "not trained yet");
	digits_are("gte5", NULL);
	after("train lt5 epochs=1 limit=512 lr=0.5");
	ck_assert_str_eq(M.digits.title, "lt5 test");
	ck_assert_ptr_null(M.digits.note);
	digits_are("lt5", "lt5");
	after("train lt5 epochs=1 limit=512");
	digits_are("lt5", "lt5"); /* as it predicts now */
	after("reset");
	ck_assert_str_eq(M.digits.note, "not trained yet");
	digits_are("lt5", NULL);
	after("build \"flatten, dense 5, softmax\"");
	ck_assert_str_eq(M.digits.title, "gte5 test");
	digits_are("gte5", NULL);
}
END_TEST

START_TEST(feed__keeps__the_digits_that_were_asked_for)
{
	struct sheet_request r = {.n = 3, .digit = -1, .wrong = true};
	struct sheet sheet = {0};
	struct dataset *data;
	char *said;
	struct err e = {0};

	ck_assert_int_eq(capture_run(&C, "train gte5 epochs=1 limit=256"), 0);
	ck_assert_int_eq(split_parse("lt5", &r.split, &e), 0); /* none of which can be right */
	ck_assert_int_eq(sheet_make(C.s, &r, &sheet, &e), 0);
	ck_assert_uint_eq(sheet.n, 3);
	after(NULL);
	ck_assert_uint_eq(M.digits.n, FEED_DIGITS);
	feed_show(F, &r, &sheet);
	now += 1;
	feed_update(F, &M);
	for (int again = 0; again < 2; again++) {
		ck_assert_uint_eq(M.digits.n, 3);
		ck_assert_str_eq(M.digits.title, "wrong ones of lt5 test");
		said = xasprintf("3 wrong of the first %zu", sheet.seen); /* what the log says */
		ck_assert_str_eq(M.digits.note, said);
		ck_assert(M.digits.said);
		free(said);
		for (size_t i = 0; i < 3; i++) {
			ck_assert_int_eq((int)M.digits.tile[i].id, (int)sheet.image[i].index);
			ck_assert_int_eq(M.digits.tile[i].mark, -1);
		}
		after(NULL);
	}
	data = C.s->data.set;
	C.s->data.set = NULL;
	after(NULL);
	ck_assert_uint_eq(M.digits.n, 0);
	C.s->data.set = data; /* another data set may come to lie where the one before was */
	after(NULL);
	ck_assert_str_eq(M.digits.title, "gte5 test");
	feed_show(F, &r, &sheet);
	sheet_free(&sheet);
	capture_async(&C);
	r.cell = true; /* those of a cell are not all that are wrong */
	r.digit = 2;
	r.taken_for = 3;
	sheet = (struct sheet){.n = 1, .seen = 5139, .of = 5139, .image = &(struct sheet_image){0, 2, 3, .5}};
	feed_show(F, &r, &sheet);
	now += 1;
	feed_update(F, &M);
	ck_assert_str_eq(M.digits.title, "2 taken for 3, lt5 test");
	said = tiles_note(&r, &sheet, true);
	ck_assert_str_eq(said, "1 of 5,139");
	free(said);
	after("train digits=0,1 epochs=1 limit=256"); /* a run on another split */
	ck_assert_str_eq(M.digits.title, "lt2 test");
	ck_assert_uint_eq(M.digits.n, FEED_DIGITS);
	capture_wait(&C);
}
END_TEST

/* ---- what is taken for what ---- */

/* The matrix is of the split's test images, and has them all. */
static void
matrix_is(const char *title, int n, uint64_t all)
{
	const struct ui_matrix *m = &M.confusion;
	char note[64], wrong[32], of[32];
	uint64_t sum = 0, right = 0;

	ck_assert_str_eq(m->title, title);
	ck_assert_int_eq(m->nrows, n);
	for (int i = 0; i < m->nrows; i++)
		for (int k = 0; k < m->ncols; k++) {
			sum += m->count[i * m->ncols + k];
			right += i == k ? m->count[i * m->ncols + k] : 0;
		}
	ck_assert_uint_eq(sum, all);
	snprintf(note, sizeof note, "%s of %s wrong", text_count(wrong, all - right), text_count(of, all));
	ck_assert_str_eq(m->note, note);
}

START_TEST(feed__confusion__follows_each_epoch_of_a_watched_run)
{
	const struct user_host screen = {.is_screen = true};
	uint64_t right;

	after("train gte5 epochs=1 limit=256");
	ck_assert_int_eq(M.confusion.nrows, 0); /* nobody watched */
	C.s->user.host = &screen;
	for (int epoch = 0; epoch < 2; epoch++) {
		after(epoch == 0 ? "train lt5 epochs=1 limit=512" : "train lt5 epochs=2 limit=512");
		matrix_is(epoch == 0 ? "lt5 r2 epoch 1" : "lt5 r3 epoch 2", 5, 5139);
		ck_assert_str_eq(M.confusion.row[4], "4");
		ck_assert_str_eq(M.confusion.rows, "actual");
		right = 0;
		for (int i = 0; i < 5; i++)
			right += M.confusion.count[i * 5 + i];
		ck_assert_double_eq_tol((double)right / 5139, C.s->runs.results.val_accuracy, 1e-9);
	}
	C.s->user.host = NULL;
}
END_TEST

START_TEST(feed__confusion__is_the_commands_otherwise)
{
	after("train lt5 epochs=1 limit=512");
	after("confusion lt5");
	matrix_is("lt5 r1 epoch 1", 5, 5139);
	after("confusion gte5"); /* by the weights of that run still */
	matrix_is("gte5 r1 epoch 1", 5, 4861);
	after("confusion lt5 3 4; confusion lt5 init"); /* which show no matrix */
	matrix_is("gte5 r1 epoch 1", 5, 4861);
	after("reset dense_1; confusion digits=1,2,3");
	matrix_is("digits=1,2,3 after no run", 3, 3177);
	ck_assert_int_eq(M.confusion.ncols, 4);
	ck_assert_str_eq(M.confusion.col[3], "other");
	after("build \"flatten, dense 5, softmax\""); /* what the model before made of them is forgotten */
	ck_assert_int_eq(M.confusion.nrows, 0);
	ck_assert_ptr_null(M.confusion.title);
}
END_TEST

/* ---- a run that goes on ---- */

START_TEST(feed__follows__a_run)
{
	after("freeze features; train gte5 epochs=1 limit=256");
	capture_person(&C);
	capture_run(&C, "train lt5 epochs=2 limit=512");
	session_exec(C.s, "pause");
	session_exec(C.s, "step 3");
	session_exec(C.s, "unfreeze all");
	while (!job_view(&C.s->worker)->paused)
		capture_tick(&C);
	after(NULL);
	ck_assert_str_eq(M.activity, "paused r2 epoch 1/2");
	ck_assert(M.paused);
	ck_assert_double_eq(M.progress, 0.75);
	ck_assert_int_eq(strncmp(M.eta, "3/4", 3), 0);
	ck_assert_str_eq(M.waiting, "then: unfreeze all");
	ck_assert_str_eq(M.headline, "gte5 → lt5  ❄ features");
	ck_assert_ptr_nonnull(strstr(M.status, "trainable 10,917 of 10,957  features cached ("));
	ck_assert_uint_eq(M.runs.nrows, 2);
	ck_assert_uint_eq(M.runs.row[1].flags, UI_ROW_MARK);
	ck_assert_uint_eq(M.runs.row[0].flags, 0);
	ck_assert_str_eq(M.runs.row[1].cell[2], "0/2");
	ck_assert_str_eq(M.runs.row[1].cell[5], "features");
	ck_assert_double_eq(M.loss.xend, 1 + 2); /* to the planned end */
	ck_assert_str_eq(M.digits.title, "lt5 test");
	ck_assert_ptr_null(M.digits.note);
	ck_assert_int_eq(feed_update(F, &M), -1); /* it stands still */
	session_exec(C.s, "step");
	do
		capture_tick(&C);
	while (!job_view(&C.s->worker)->paused);
	now += 1;
	feed_update(F, &M); /* by itself: nothing was touched */
	ck_assert_double_eq(M.progress, 1);

	session_exec(C.s, "continue");
	capture_wait(&C);
	now += 10;
	feed_update(F, &M); /* the job is another one: nothing was touched */
	ck_assert_ptr_null(M.activity);
	ck_assert_ptr_null(M.waiting);
	ck_assert_str_eq(M.headline, "gte5 → lt5");
	ck_assert_str_eq(M.status, "trainable 10,957 of 10,957");
	ck_assert_str_eq(M.runs.row[1].cell[2], "2");
	ck_assert_uint_eq(M.runs.row[1].flags, 0);
	digits_are("lt5", "lt5");

	after("undo; undo"); /* the unfreezing, and the run */
	ck_assert_str_eq(M.headline, "gte5  ❄ features");
	digits_are("gte5", "gte5");
	after("redo");
	ck_assert_str_eq(M.headline, "gte5 → lt5  ❄ features");
}
END_TEST

START_TEST(feed__shows__what_the_worker_predicts_meanwhile)
{
	ck_assert_int_eq(capture_run(&C, "train gte5 epochs=1 limit=256"), 0);
	capture_person(&C);
	capture_run(&C, "train lt5 epochs=100 limit=512");
	session_exec(C.s, "pause");
	after(NULL);
	ck_assert_str_eq(M.digits.title, "lt5 test");
	for (size_t i = 0; i < FEED_DIGITS; i++)
		ck_assert_int_eq(M.digits.tile[i].mark, 0); /* the worker has not seen them yet */
	session_exec(C.s, "step 5"); /* more than an epoch has, at whose end it looks at them */
	while (!job_view(&C.s->worker)->paused)
		capture_tick(&C);
	after(NULL);
	for (size_t i = 0; i < FEED_DIGITS; i++) {
		const struct ui_tile *t = &M.digits.tile[i];

		ck_assert_int_ne(t->mark, 0);
		if (t->mark < 0) /* output units stand for the digits of this run */
			ck_assert_int_lt(strtol(t->caption, NULL, 10), 5);
	}
	session_exec(C.s, "stop");
	capture_wait(&C);
}
END_TEST

/* ---- the data, read ahead ---- */

START_TEST(feed__reads__the_data_ahead)
{
	ck_assert_int_eq(feed_update(F, &M), 0);
	ck_assert_uint_eq(M.digits.n, 0);
	for (int wait = feed_update(F, &M); C.s->data.set == NULL; wait = feed_update(F, &M)) {
		ck_assert_int_gt(wait, 0); /* it asks to be called again */
		poll(NULL, 0, wait);
		now += 0.1;
	}
	ck_assert_str_eq(C.s->data.set->name, "mnist");
	now += 0.1;
	feed_update(F, &M);
	digits_are("gte5", NULL);
}
END_TEST

START_TEST(feed__gives__the_data_that_is_being_read)
{
	struct dataset *d;

	ck_assert_ptr_null(feed_data(F)); /* nothing is */
	feed_update(F, &M);
	feed_update(F, &M);
	ck_assert_ptr_nonnull(d = feed_data(F));
	ck_assert_str_eq(d->name, "mnist");
	ck_assert_ptr_null(feed_data(F));
	C.s->data.set = d;
}
END_TEST

START_TEST(feed__drops__data_that_is_not_wanted_any_more)
{
	feed_update(F, &M);
	feed_update(F, &M);
	data_choose(&C.s->data, "elsewhere");
	ck_assert_ptr_null(feed_data(F));
	ck_assert_ptr_null(C.s->data.set);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("feed");
	TCase *t = tcase_create("feed");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, feeding_begins, feeding_ends);
	tcase_add_test(t, feed__shows__the_model_before_there_is_data);
	tcase_add_test(t, feed__names__what_is_frozen);
	tcase_add_test(t, feed__lights__a_lock_that_changes_for_a_moment);
	tcase_add_test(t, feed__shows__a_command_at_once_while_a_row_is_lit);
	tcase_add_test(t, feed__waits__a_twentieth_of_a_second_between_updates);
	tcase_add_test(t, feed__says__what_waits);
	tcase_add_test(t, feed__lists__runs_in_the_order_of_the_command);
	tcase_add_test(t, feed__draws__the_last_runs_as_curves);
	tcase_add_test(t, feed__draws__the_runs_that_were_asked_for_until_one_begins);
	tcase_add_test(t, feed__draws__rates_until_a_run_begins_or_its_curve_is_asked_for);
	tcase_add_test(t, feed__draws__the_axis_of_a_run_that_has_just_begun);
	tcase_add_test(t, feed__tells__what_a_job_is_at);
	tcase_add_test(t, feed__shows__digits_of_the_split_in_use);
	tcase_add_test(t, feed__keeps__the_digits_that_were_asked_for);
	tcase_add_test(t, feed__confusion__follows_each_epoch_of_a_watched_run);
	tcase_add_test(t, feed__confusion__is_the_commands_otherwise);
	tcase_add_test(t, feed__follows__a_run);
	tcase_add_test(t, feed__shows__what_the_worker_predicts_meanwhile);
	tcase_add_test(t, feed__reads__the_data_ahead);
	tcase_add_test(t, feed__gives__the_data_that_is_being_read);
	tcase_add_test(t, feed__drops__data_that_is_not_wanted_any_more);
	return run_suite(s);
}
