/* png_judged.c: test images of a split by what the model makes of them: the worst, those behind a cell and one of each
 * pair that is confused, and those that flipped. */
#include "export/png_judged.h"

#include "data/class.h"
#include "language/arg.h"
#include "session/point.h"
#include "ui/figure.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>

#define JUDGED_WORST 9 /* images, unless asked for more */
#define JUDGED_FLIPS 30
#define JUDGED_PAIRS 12

static const char *
judged_name(const struct session *s, int label, char buf[CLASS_TEXT])
{
	return class_text(s->data.set, label, 12, buf);
}

static void
judged_tile(const struct session *s, const struct judged *j, size_t i, const char *label, const char *caption,
    int mark, struct ui_tiles *t)
{
	const struct nn_images *images = &s->data.set->test.images;
	const struct nn_shape *shape = &images->shape;

	ui_tiles_add(t, shape->dim[0], shape->dim[1], shape->dim[2],
	    images->pixels + j->sel.index[i] * nn_shape_size(*shape), label, caption, mark);
}

/* ---- toplosses ---- */

static void
worst_tile(const struct session *s, const struct judged *j, size_t i, struct ui_tiles *t)
{
	int unit = judged_unit(j, i), right = j->sel.unit[i];
	char loss[32], p[2][32], name[2][CLASS_TEXT];
	char *label = xasprintf("#%u  loss %s", j->sel.index[i], num_fixed(loss, judged_loss(j, i), 2)), *caption;

	num_fixed(p[0], judged_p(j, i, right), 3);
	num_fixed(p[1], judged_p(j, i, unit), 3);
	judged_name(s, split_digit(&j->split, right), name[0]);
	if (unit == right)
		caption = xasprintf("p(%s) %s", name[0], p[0]);
	else
		caption = xasprintf("p(%s) %s  p(%s) %s", name[0], p[0],
		    judged_name(s, split_digit(&j->split, unit), name[1]), p[1]);
	judged_tile(s, j, i, label, caption, unit == right ? 1 : -1, t);
	free(caption);
	free(label);
}

static int
png_toplosses_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *word = r->n > 0 ? r->operand[0] : NULL, *key = args_key(r->args, "n");
	size_t most = key != NULL ? (size_t)key->integer : JUDGED_WORST, *worst;
	struct ui_tiles t = {0};
	struct ui_figure *f = NULL;
	struct split split;
	struct judged j;

	if (r->n > 1 || (word != NULL && arg_fits(s, &(struct arg){.type = ARG_SPLIT}, word->text,
	    &(struct cmd_value){0}, e) <= 0))
		return export_unknown(r, r->operand[r->n - 1], e);
	if (arg_split(s, word, &split, e) < 0)
		return -1;
	if (judged_begin(s, &split, &j, e) == 0 && judged_eval(s, &j, NULL, e) == 0 &&
	    (f = export_figure(s, r, e)) != NULL) {
		worst = judged_worst(&j);
		for (size_t i = 0; i < most && i < j.sel.set.count; i++)
			worst_tile(s, &j, worst[i], &t);
		t.title = xasprintf("%s test: the largest losses", split.name);
		t.note = xstrdup("loss: -log of the probability of its own class");
		ui_figure_tiles(f, &t);
		ui_tiles_clear(&t);
		free(worst);
	}
	judged_free(&j);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_toplosses = {
	.format = "png",
	.figure = "toplosses",
	.operands = "[SPLIT]",
	.keys = {&export_size, &export_theme, &export_n},
	.what = "the test images with the largest losses",
	.file = "thaw-toplosses.png",
	.write = png_toplosses_write,
};

/* ---- behind a cell ---- */

static int
cell_class(const struct split *split, const struct cmd_value *v, bool unit, struct err *e)
{
	if (split_unit(split, (int)v->integer) >= 0 || (unit && split->by_digit))
		return 0;
	return fail_at(e, v, "%s has no %s %s; take one of its own", split->name, split_word(split, 1), v->text);
}

int
png_cell_write(struct session *s, struct export_request *r, const struct split *split,
    const struct cmd_value *const cell[2], struct err *e)
{
	const struct cmd_value *key = args_key(r->args, "n");
	size_t most = key != NULL ? (size_t)key->integer : JUDGED_FLIPS, all = 0, *worst;
	struct cmd_value v[2] = {*cell[0], *cell[1]};
	struct ui_tiles t = {0};
	struct ui_figure *f = NULL;
	struct judged j;
	char name[2][CLASS_TEXT], n[32];

	for (int i = 0; i < 2; i++)
		if (arg_fits(s, &(struct arg){.type = ARG_CLASS}, v[i].text, &v[i], e) <= 0 ||
		    cell_class(split, &v[i], i == 1, e) < 0)
			return -1;
	if (judged_begin(s, split, &j, e) == 0 && judged_eval(s, &j, NULL, e) == 0) {
		worst = judged_worst(&j);
		for (size_t i = 0; i < j.sel.set.count; i++)
			if (split_digit(split, j.sel.unit[worst[i]]) == v[0].integer &&
			    judged_digit(&j, worst[i]) == v[1].integer && all++ < most)
				worst_tile(s, &j, worst[i], &t);
		free(worst);
		judged_name(s, (int)v[0].integer, name[0]);
		judged_name(s, (int)v[1].integer, name[1]);
		if (all == 0)
			fail(e, "no %s test image of %s is predicted as %s, so there is nothing to draw; `confused` "
			    "lists the pairs that are", split->name, name[0], name[1]);
		else if ((f = export_figure(s, r, e)) != NULL) {
			t.title = xasprintf("%s test: %s predicted as %s", split->name, name[0], name[1]);
			t.note = xasprintf("%s%s image%s, the largest loss first", t.n < all ? "the first of " : "",
			    text_count(n, all), all == 1 ? "" : "s");
			ui_figure_tiles(f, &t);
		}
		ui_tiles_clear(&t);
	}
	judged_free(&j);
	return f != NULL ? 0 : -1;
}

/* ---- confused ---- */

/* The worst of a pair, which the order of losses finds first. */
static void
pair_tile(const struct session *s, const struct judged *j, const size_t *worst, const struct confusion_pair *pair,
    struct ui_tiles *t)
{
	int actual = split_nth(&j->split, pair->actual), predicted = split_nth(&j->split, pair->predicted);
	char name[2][CLASS_TEXT], n[2][32], *label, *caption;
	size_t i = 0;

	while (split_digit(&j->split, j->sel.unit[worst[i]]) != actual || judged_digit(j, worst[i]) != predicted)
		i++;
	label = xasprintf("%s as %s", judged_name(s, actual, name[0]), judged_name(s, predicted, name[1]));
	caption = xasprintf("%s of %s", text_count(n[0], pair->count), text_count(n[1], pair->of));
	judged_tile(s, j, worst[i], label, caption, -1, t);
	free(label);
	free(caption);
}

static int
png_confused_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct cmd_value *word = r->n > 0 ? r->operand[0] : NULL, *key = args_key(r->args, "n");
	size_t most = key != NULL ? (size_t)key->integer : JUDGED_PAIRS, n = 0, *worst;
	struct confusion_pair *pair;
	struct ui_tiles t = {0};
	struct ui_figure *f = NULL;
	struct confusion c;
	struct split split;
	struct judged j;

	if (r->n > 1)
		return export_unknown(r, r->operand[1], e);
	if (arg_split(s, word, &split, e) < 0)
		return -1;
	if (judged_begin(s, &split, &j, e) == 0 && judged_eval(s, &j, NULL, e) == 0 && confusion_make(&c, &j, e) == 0) {
		pair = confusion_pairs(&c, &n);
		worst = judged_worst(&j);
		for (size_t i = 0; i < n && i < most; i++)
			pair_tile(s, &j, worst, &pair[i], &t);
		if (n == 0)
			fail(e, "no pair of %s is confused, so there is nothing to draw; `export png confusion` draws "
			    "the matrix", split_word(&split, 2));
		else if ((f = export_figure(s, r, e)) != NULL) {
			t.title = xasprintf("%s test: what is taken for what", split.name);
			t.note = xasprintf("%zu of %zu pairs, each by its worst image", t.n, n);
			ui_figure_tiles(f, &t);
		}
		ui_tiles_clear(&t);
		free(worst);
		free(pair);
		confusion_free(&c);
	}
	judged_free(&j);
	return f != NULL ? 0 : -1;
}

const struct exporter export_png_confused = {
	.format = "png",
	.figure = "confused",
	.operands = "[SPLIT]",
	.keys = {&export_size, &export_theme, &export_n},
	.what = "the pairs that are confused most, each by its worst image",
	.file = "thaw-confused.png",
	.write = png_confused_write,
};

/* ---- what flipped between two points ---- */

struct flips {
	struct judged before, after;
	float *weights[2];
	size_t n;
	int right[2]; /* before, after */
};

static int
flips_judge(struct session *s, struct flips *x, const struct split *split, const struct cmd_value *const *point, int n,
    struct err *e)
{
	for (int i = 0; i < n; i++)
		if ((x->weights[i] = point_weights(s, point[i]->text, e)) == NULL)
			return err_at(e, point[i]);
	if (judged_begin(s, split, &x->before, e) < 0 || judged_begin(s, split, &x->after, e) < 0 ||
	    judged_eval(s, &x->before, x->weights[0], e) < 0)
		return -1;
	return judged_eval(s, &x->after, x->weights[1], e);
}

static void
flips_tiles(const struct session *s, struct flips *x, size_t most, struct ui_tiles *t)
{
	const struct judged *j = &x->after;

	for (size_t i = 0; i < j->sel.set.count; i++) {
		int was = judged_unit(&x->before, i), is = judged_unit(j, i), right = j->sel.unit[i];
		char name[3][CLASS_TEXT], label[16], caption[3 * CLASS_TEXT + 8];

		x->right[0] += was == right;
		x->right[1] += is == right;
		if (was == is || x->n++ >= most)
			continue;
		judged_name(s, split_digit(&j->split, right), name[0]);
		judged_name(s, split_digit(&j->split, was), name[1]);
		judged_name(s, split_digit(&j->split, is), name[2]);
		snprintf(label, sizeof label, "#%u", j->sel.index[i]);
		snprintf(caption, sizeof caption, "%s: %s → %s", name[0], name[1], name[2]);
		judged_tile(s, j, i, label, caption, is == right ? 1 : was == right ? -1 : 0, t);
	}
}

int
png_flips_write(struct session *s, struct export_request *r, const struct split *split,
    const struct cmd_value *const *point, int n, struct err *e)
{
	const struct cmd_value *key = args_key(r->args, "n");
	struct flips x = {0};
	struct ui_tiles t = {0};
	struct ui_figure *f = NULL;
	char flips[32];

	if (flips_judge(s, &x, split, point, n, e) == 0) {
		flips_tiles(s, &x, key != NULL ? (size_t)key->integer : JUDGED_FLIPS, &t);
		if (x.n == 0)
			fail(e, "no prediction of a %s test image flipped, so there is nothing to draw; take points "
			    "further apart", split->name);
		else if ((f = export_figure(s, r, e)) != NULL) {
			t.title = xasprintf("%s test: %s to %s", split->name, point[0]->text, n > 1 ? point[1]->text :
			    "now");
			t.note = xasprintf("%s%s flipped; %d right before, %d after", t.n < x.n ? "the first of " : "",
			    text_count(flips, x.n), x.right[0], x.right[1]);
			ui_figure_tiles(f, &t);
		}
	}
	ui_tiles_clear(&t);
	judged_free(&x.before);
	judged_free(&x.after);
	free(x.weights[0]);
	free(x.weights[1]);
	return f != NULL ? 0 : -1;
}
