/* test_feed_inside.c: the inside of the net as the workbench shows it: maps, statistics, the arithmetic of a unit, which
 * follow a run. */
#include "script/exec.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/feed_int.h"
#include "tests/src/view/feeding.h"
#include "tests/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the inside of the net ---- */

/* The maps are what a layer makes of the digit that is shown first, and the filters are those of the net. */
static void
inside_is(int layer, const char *title)
{
	const struct part *test = &C.s->data.set->test;
	const struct nn_layer *l = nn_net_layer(C.s->model.net, layer), *conv = nn_net_layer(C.s->model.net, 0);
	uint32_t index = (uint32_t)M.digits.tile[0].id;
	struct nn_set set = {.images = &test->images, .index = &index, .count = 1};
	size_t n = nn_shape_size(l->out);
	float *out = xcalloc(n, sizeof *out);
	const float *kernel = nn_net_weights(C.s->model.net) + conv->offset;
	struct nn_err e;

	ck_assert_int_eq(nn_forward(C.s->model.net, C.s->compute.engine, &set, layer, out, &e), 0);
	ck_assert_str_eq(M.activations.title, title);
	ck_assert_uint_eq(M.activations.n, 4);
	ck_assert_uint_eq(M.filters.n, 4);
	for (int c = 0; c < 4; c++) {
		const struct ui_tile *map = &M.activations.tile[c], *filter = &M.filters.tile[c];

		ck_assert(map->height == l->out.dim[0] && map->width == l->out.dim[1]);
		for (size_t i = 0; i < n / 4; i++)
			ck_assert_int_eq(map->pixels[i], ui_map_level(&M.activations.scale, out[i * 4 + (size_t)c]));
		ck_assert(filter->height == 3 && filter->width == 3);
		for (size_t i = 0; i < 9; i++)
			ck_assert_int_eq(filter->pixels[i], ui_map_level(&M.filters.scale, kernel[i * 4 + (size_t)c]));
		ck_assert(map->live != 0 && filter->live != 0 && map->live != filter->live);
	}
	free(out);
}

/* A test image, until the next one. */
static const struct image *
image_of_test(uint32_t index)
{
	static struct image *image;
	const struct part *test = &C.s->data.set->test;
	char name[32];

	snprintf(name, sizeof name, "test:%u", index);
	image_free(image);
	image = image_new(name, test->images.shape, test->images.pixels + index * nn_shape_size(test->images.shape),
	    test->label[index]);
	return image;
}

START_TEST(feed__inside__is_of_the_net_as_it_stands)
{
	struct err e;

	ck_assert_ptr_nonnull(C.s->data.set = dataset_load("mnist", &e));
	after(NULL);
	ck_assert_uint_eq(M.activations.n + M.filters.n, 0); /* no pane shows them */
	feed_sees(F, FEED_FILTERS | FEED_ACTIVATIONS);
	after(NULL);
	inside_is(1, "activation");
	ck_assert_int_eq(M.filters.scale.map, UI_MAP_SIGNED);
	ck_assert_int_eq(M.activations.scale.map, UI_MAP_AMOUNT);
	ck_assert_ptr_null(M.filters.note);
	ck_assert(!M.filters.still && !M.activations.still);
	after("train gte5 epochs=1 limit=256");
	inside_is(1, "activation");
	ck_assert_int_eq(strncmp(M.filters.note, "moved 0.", 8), 0);
	after("freeze conv2d; train lt5 epochs=1 limit=256"); /* digits of another split */
	inside_is(1, "activation");
	ck_assert_str_eq(M.filters.note, "frozen, still in r2");
	ck_assert_str_eq(M.activations.note, "2 of test:1, frozen");
	ck_assert(M.filters.still && M.activations.still);
	feed_ask(F, 5, NULL); /* as commands name them */
	feed_ask(F, 2, image_of_test(7));
	after(NULL);
	ck_assert_str_eq(M.filters.title, "dense");
	ck_assert_str_eq(M.activations.title, "max_pooling2d");
	ck_assert_str_eq(M.activations.note, "9 of test:7, frozen");
	feed_ask(F, -1, image_of_test(2));
	after(NULL);
	ck_assert_str_eq(M.activations.title, "max_pooling2d");
	ck_assert_str_eq(M.activations.note, "1 of test:2, frozen");
	after("build \"flatten, dense 7, relu | dense 5, softmax\""); /* which has no such layer */
	ck_assert_uint_eq(M.filters.n, 7); /* what each unit sees of the picture */
	ck_assert(M.filters.tile[0].height == 28 && M.filters.tile[0].width == 28);
	ck_assert_uint_eq(M.activations.n, 1);
	ck_assert_str_eq(M.activations.title, "activation");
	ck_assert(M.activations.tile[0].height == 1 && M.activations.tile[0].width == 7);
	after("build \"conv2d 4 3, leaky_relu 0.3, flatten | dense 5, softmax\"");
	ck_assert_str_eq(M.activations.title, "leaky_re_lu");
}
END_TEST

/* Takes the run a batch further. */
static void
a_batch(void)
{
	session_exec(C.s, "step");
	do
		capture_tick(&C);
	while (!job_view(&C.s->worker)->paused);
	now += 1;
	feed_update(F, &M);
}

START_TEST(feed__inside__follows_a_run_and_stands_still_when_frozen)
{
	uint8_t filter[9], map[26 * 26];
	char *note, batch[32];
	int changed = 0;

	after("train gte5 epochs=1 limit=256");
	feed_sees(F, FEED_FILTERS | FEED_ACTIVATIONS);
	capture_person(&C);
	for (int frozen = 0; frozen < 2; frozen++) {
		capture_run(&C, frozen ? "freeze conv2d; train lt5 epochs=100 limit=512" : "train lt5 epochs=100 limit=512");
		session_exec(C.s, "pause");
		a_batch();
		a_batch();
		ck_assert_int_eq(M.activations.still, frozen);
		ck_assert_uint_eq(M.activations.n, 4);
		memcpy(filter, M.filters.tile[0].pixels, sizeof filter);
		memcpy(map, M.activations.tile[0].pixels, sizeof map);
		note = xstrdup(M.activations.note);
		changed = 0;
		for (int i = 0; i < 6; i++) {
			a_batch();
			snprintf(batch, sizeof batch, "batch %u", job_view(&C.s->worker)->step);
			ck_assert(frozen || strstr(M.activations.note, batch) != NULL); /* however soon it was */
			changed += memcmp(filter, M.filters.tile[0].pixels, sizeof filter) != 0 ||
			    memcmp(map, M.activations.tile[0].pixels, sizeof map) != 0;
		}
		if (frozen) {
			ck_assert_int_eq(changed, 0);
			ck_assert_str_eq(M.filters.note, "frozen, still in r3");
		} else {
			ck_assert_int_gt(changed, 0);
			ck_assert_ptr_nonnull(strstr(M.activations.note, "r2 epoch "));
			ck_assert_str_ne(M.activations.note, note);
		}
		free(note);
		session_exec(C.s, "stop");
		capture_wait(&C);
		after(NULL);
		inside_is(1, "activation");
	}
	feed_sees(F, 0);
	after(NULL);
	ck_assert_int_lt(C.s->worker.watched.kernel, 0);
}
END_TEST

/* Watched or not, a run comes to the same bits. */
START_TEST(feed__inside__changes_nothing_of_a_run)
{
	const struct user_host screen = {.is_screen = true};
	char sha[65];

	ck_assert_int_eq(capture_run(&C, "train gte5 epochs=2 limit=512; reset"), 0);
	memcpy(sha, runs_last(&C.s->runs)->sha256, sizeof sha);
	C.s->user.host = &screen;
	after(NULL);
	feed_sees(F, FEED_FILTERS | FEED_ACTIVATIONS);
	capture_person(&C);
	capture_run(&C, "train gte5 epochs=2 limit=512");
	while (capture_busy(&C)) {
		capture_tick(&C);
		now += 1;
		feed_update(F, &M);
	}
	ck_assert_str_eq(runs_last(&C.s->runs)->sha256, sha);
	ck_assert_str_eq(M.confusion.title, "gte5 r2 epoch 2");
	C.s->user.host = NULL;
}
END_TEST

/* ---- statistics ---- */

static uint64_t
counted(const struct ui_histogram *h)
{
	uint64_t sum = 0;

	for (int i = 0; i < h->n; i++)
		sum += h->count[i];
	return sum;
}

START_TEST(feed__stats__are_as_asked_and_follow_a_run)
{
	struct stats *ask = xcalloc(1, sizeof *ask);
	uint64_t before[32];
	struct err e;

	after("freeze features");
	ck_assert_uint_eq(M.stats.n, 0); /* no pane shows them */
	feed_sees(F, FEED_STATS);
	after(NULL);
	ck_assert_str_eq(M.stats.title, "weights");
	ck_assert_uint_gt(M.stats.n, 3);
	ck_assert(M.stats.row[0].locked && !M.stats.row[M.stats.n - 1].locked);
	ck_assert_str_eq(M.stats.row[0].of, "kernel");
	ck_assert_uint_eq(counted(&M.stats.row[0]), nn_net_layer(C.s->model.net, 0)->tensor[0].count);
	ask->of = STATS_ACTIVATIONS; /* as the command asks */
	ask->pick[1] = ask->split_given = true;
	ck_assert_int_eq(split_parse("gte5", &ask->split, &e), 0);
	feed_stats_ask(F, ask);
	after(NULL);
	ck_assert_ptr_nonnull(strstr(M.stats.note, "data")); /* which is not there */
	ck_assert_ptr_nonnull(C.s->data.set = dataset_load("mnist", &e));
	after(NULL);
	ck_assert_uint_eq(M.stats.n, 1);
	ck_assert_str_eq(M.stats.row[0].name, "activation");
	ck_assert_ptr_nonnull(strstr(M.stats.note, "the first 128 test images of gte5"));
	ask->of = STATS_WEIGHTS;
	ask->split_given = false;
	feed_stats_ask(F, ask); /* of a layer without weights: of all */
	after("build \"flatten | dense 5, softmax\"");
	ck_assert_uint_eq(M.stats.n, 2);
	capture_person(&C);
	capture_run(&C, "train gte5 epochs=100 limit=512");
	session_exec(C.s, "pause");
	a_batch();
	memcpy(before, M.stats.row[0].count, sizeof before);
	for (int i = 0; i < 3; i++)
		a_batch();
	ck_assert_int_ne(memcmp(before, M.stats.row[0].count, sizeof before), 0);
	for (int i = 0; i < 3; i++) {
		memcpy(before, M.stats.row[0].count, sizeof before);
		now -= .9; /* at once: what a pause leaves in view is of its moment */
		a_batch();
		ck_assert_int_ne(memcmp(before, M.stats.row[0].count, sizeof before), 0);
	}
	session_exec(C.s, "stop");
	capture_wait(&C);
	free(ask);
}
END_TEST

START_TEST(feed__stats__seldom_wait_for_batches_that_take_long)
{
	uint64_t before[32];
	struct err e;
	int epoch;

	ck_assert_ptr_nonnull(C.s->data.set = dataset_load("mnist", &e));
	after("build \"flatten | dense 5, softmax\"");
	feed_sees(F, FEED_STATS);
	capture_person(&C);
	capture_run(&C, "train gte5 epochs=100000 limit=512");
	ck_assert_ptr_nonnull(job_view(&C.s->worker));
	drag = 1; /* as if the batch had ended after a second */
	after(NULL);
	drag = 0;
	memcpy(before, M.stats.row[0].count, sizeof before);
	for (epoch = job_view(&C.s->worker)->run->nepoch; job_view(&C.s->worker)->run->nepoch < epoch + 5;)
		capture_tick(&C);
	after(NULL); /* ten seconds later: not yet */
	ck_assert_int_eq(memcmp(before, M.stats.row[0].count, sizeof before), 0);
	after(NULL);
	ck_assert_int_ne(memcmp(before, M.stats.row[0].count, sizeof before), 0);
	session_exec(C.s, "stop");
	capture_wait(&C);
}
END_TEST

/* ---- the arithmetic of one unit ---- */

/* A row of the lines from the end, whose last is 0: its number as text. */
static const char *
number_is(size_t back, const char *name)
{
	const struct ui_table *t = &M.explain.terms;
	const struct ui_row *r = &t->row[t->nrows - 1 - back];

	ck_assert_uint_lt(back, t->nrows);
	ck_assert_str_eq(r->cell[0], name);
	return r->cell[3];
}

/* What the lines come to is what the network computes, to the last digit that is there. */
static void
sum_is(int layer, size_t at, const struct image *im)
{
	uint32_t index = 0;
	struct nn_images images = {.shape = im->shape, .count = 1, .pixels = im->pixels};
	struct nn_set set = {.images = &images, .index = &index, .count = 1};
	float *out = xcalloc(nn_shape_size(nn_net_layer(C.s->model.net, layer)->out), sizeof *out);
	const char *sum = number_is(1, "sum"), *point = strchr(sum, '.');
	char text[64];
	struct nn_err e;

	ck_assert_int_eq(nn_forward(C.s->model.net, C.s->compute.engine, &set, layer, out, &e), 0);
	ck_assert_ptr_nonnull(point);
	snprintf(text, sizeof text, "%.*f", (int)strlen(point + 1), (double)out[at]);
	ck_assert_str_eq(number_is(0, "computed by the network"), text);
	ck_assert_str_eq(sum, text);
	ck_assert_uint_ge(strlen(point + 1), 4);
	free(out);
}

START_TEST(feed__explain__is_as_asked_and_follows_a_run)
{
	struct explain_unit at = {.layer = 0, .unit = 2, .y = 12, .x = 10};
	const struct ui_parts *x = &M.explain;
	char *before;
	struct err e;

	ck_assert_ptr_nonnull(C.s->data.set = dataset_load("mnist", &e));
	feed_explain_ask(F, &at, image_of_test(1));
	after("freeze conv2d");
	ck_assert_uint_eq(x->terms.nrows, 0); /* no pane shows it */
	feed_sees(F, FEED_EXPLAIN);
	after(NULL);
	ck_assert_str_eq(x->maps.title, "conv2d[2] 12,10 of test:1");
	ck_assert_uint_eq(x->terms.nrows, 9 + 3);
	ck_assert_str_eq(x->terms.row[3].cell[0], "pixel 13,10");
	ck_assert_double_eq_tol(atof(x->terms.row[3].cell[1]) * atof(x->terms.row[3].cell[2]),
	    atof(x->terms.row[3].cell[3]), 2e-6);
	sum_is(0, (12 * 26 + 10) * 4 + 2, image_of_test(1));
	ck_assert_uint_eq(x->maps.n, 3); /* input, weight, product */
	ck_assert(x->maps.strip[1].locked && !x->maps.strip[2].locked);
	ck_assert(x->maps.strip[2].tiles.tile[0].height == 3 && x->maps.strip[2].tiles.tile[0].width == 3);
	ck_assert_int_ne(x->maps.strip[0].tiles.tile[0].live, x->maps.strip[1].tiles.tile[0].live);
	at = (struct explain_unit){.layer = 5, .unit = 7, .y = -1, .x = -1};
	feed_explain_ask(F, &at, image_of_test(3));
	after(NULL);
	ck_assert_str_eq(x->maps.title, "dense[7] of test:3");
	ck_assert_str_eq(x->terms.row[101].cell[0], "the other 576"); /* behind a hundred under their name */
	ck_assert_pstr_eq(x->terms.row[1].brief, strchr(x->terms.row[1].cell[0], '[')); /* for a narrow pane */
	ck_assert_pstr_eq(x->terms.row[x->terms.nrows - 1].brief, "by the network");
	sum_is(5, 7, image_of_test(3));
	after("build \"flatten | dense 8, relu, dense 5, softmax\""); /* which has that unit */
	sum_is(1, 7, image_of_test(3));
	after("build \"flatten | dense 5, softmax\""); /* which has not */
	ck_assert_uint_eq(x->terms.nrows + x->maps.n, 0);
	ck_assert_ptr_nonnull(strstr(x->maps.note, "no such unit of dense"));
	at = (struct explain_unit){.layer = 1, .unit = 1, .y = -1, .x = -1};
	feed_explain_ask(F, &at, image_of_test(3));
	capture_person(&C);
	capture_run(&C, "train gte5 epochs=100 limit=512");
	session_exec(C.s, "pause");
	a_batch();
	ck_assert_ptr_nonnull(strstr(x->maps.note, "r1 epoch "));
	ck_assert_ptr_nonnull(strstr(x->maps.note, " batch "));
	before = xstrdup(number_is(0, "computed by the network"));
	now -= .9; /* at once: what a pause leaves in view is of its moment */
	a_batch();
	ck_assert_str_ne(number_is(0, "computed by the network"), before);
	ck_assert_str_eq(number_is(0, "computed by the network"), number_is(1, "sum"));
	session_exec(C.s, "stop");
	capture_wait(&C);
	after(NULL);
	ck_assert_ptr_null(x->maps.note);
	sum_is(1, 1, image_of_test(3));
	free(before);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("feed_inside");
	TCase *t = tcase_create("feed_inside");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, feeding_begins, feeding_ends);
	tcase_add_test(t, feed__inside__is_of_the_net_as_it_stands);
	tcase_add_test(t, feed__inside__follows_a_run_and_stands_still_when_frozen);
	tcase_add_test(t, feed__inside__changes_nothing_of_a_run);
	tcase_add_test(t, feed__stats__are_as_asked_and_follow_a_run);
	tcase_add_test(t, feed__stats__seldom_wait_for_batches_that_take_long);
	tcase_add_test(t, feed__explain__is_as_asked_and_follows_a_run);
	return run_suite(s);
}
