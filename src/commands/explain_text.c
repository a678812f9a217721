/* explain_text.c: the arithmetic of one unit as text: what its rule is, and a name and up to three numbers a line. */
#include "commands/explaining.h"

#include "look/sheet.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/explain_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct nn_layer *
text_layer(const struct session *s, const struct explaining *g)
{
	return nn_net_layer(s->model.net, g->x.at.layer);
}

/* ---- lines ---- */

static void
text_line(struct session *s, const char *name, const char *a, const char *b, const char *c, const char *word)
{
	struct str text = {0};
	size_t n;

	str_add(&text, "  %-26s %12s %12s %12s  %s", name, a, b, c, word);
	for (n = text.n; n > 0 && text.s[n - 1] == ' '; n--)
		text.s[n - 1] = '\0';
	out_text(s->out, "%s", text.s);
	free(text.s);
}

/* The heads of the columns stand beside the name of the terms, or above them where these have none. */
static void
text_table(struct session *s, const struct ui_table *t)
{
	bool headed = t->head[3] == NULL;

	for (size_t i = 0; i < t->nrows; i++) {
		char *const *cell = t->row[i].cell;
		bool names = (t->row[i].flags & UI_ROW_HEAD) != 0;

		if ((names || i == 0) && !headed && (!names || cell[3][0] == '\0')) {
			text_line(s, names ? cell[0] : "", t->head[1], t->head[2], t->head[3], "");
			headed = true;
			if (names)
				continue;
		}
		text_line(s, cell[0], cell[1], cell[2], cell[3], cell[4]);
	}
}

/* ---- what the rules say ---- */

static void
sum_window(struct session *s, const struct explain *x, const struct nn_layer *l, const char *from)
{
	int k = l->spec.kernel, stride = l->spec.strides;
	int y = x->at.y * stride + explain_window(l, k, stride, 0);
	int column = x->at.x * stride + explain_window(l, k, stride, 1);
	bool padded = y < 0 || column < 0 || y + k > l->in.dim[0] || column + k > l->in.dim[1];

	out_text(s->out, "inputs: %s, rows %d-%d, columns %d-%d%s%s", from, y, y + k - 1, column, column + k - 1,
	    l->in.dim[2] > 1 ? ", all channels" : "", padded ? "; outside of it are zeros" : "");
}

static void
sum_says(struct session *s, const struct explaining *g)
{
	const struct explain *x = &g->x;
	const struct nn_layer *l = text_layer(s, g);
	const char *from = x->at.layer > 0 ? nn_net_layer(s->model.net, x->at.layer - 1)->name : "the picture";
	size_t zeros = 0;

	for (size_t i = 0; i < x->n; i++)
		zeros += x->term[i].input == 0;
	out_text(s->out, "bias + the sum of %zu products, input x weight; %zu of the inputs are 0", x->n, zeros);
	if (l->in.rank == 3)
		sum_window(s, x, l, from);
	else
		out_text(s->out, "inputs: all that %s puts out", from);
}

static void
share_says(struct session *s, const struct explaining *g)
{
	out_text(s->out, "softmax: exp(input) / the sum of exp(input) over all %zu units\nm, the largest input, is "
	    "taken out first: that changes no share", g->x.n);
}

static void
max_says(struct session *s, const struct explaining *g)
{
	int side = text_layer(s, g)->spec.pool;

	out_text(s->out, "the largest of a window of %dx%d", side, side);
}

static void
one_says(struct session *s, const struct explaining *g)
{
	const struct nn_layer *l = text_layer(s, g);
	double in = g->x.term[0].input;

	if (g->x.rule == EXPLAIN_RELU)
		out_text(s->out, "relu: max(0, input); the input is %s", in < 0 ? "below 0, so the unit is silent" :
		    in > 0 ? "above 0 and goes through" : isnan(in) ? "no number, and stays none" : "0");
	else if (nn_layer_has_rate(l))
		out_text(s->out, "the input: a prediction drops nothing (training drops %g of them)", l->rate);
	else
		out_text(s->out, "the input: a picture is laid into a row, value by value");
}

/* ---- all of it ---- */

void
explaining_head(struct session *s, const struct explaining *g)
{
	const struct explain_unit *at = &g->x.at;
	char *name = explain_unit_name(s, at);
	char label[CLASS_TEXT + 16] = "", unit[CLASS_TEXT + 32] = "", name_of[CLASS_TEXT];
	int digit = at->layer >= nn_net_count(s->model.net) - 2 ? sheet_digit(s, at->unit) : -1;

	if (g->im->label >= 0)
		snprintf(label, sizeof label, ", label %s", class_text(s->data.set, g->im->label, CLASS_COLS, name_of));
	if (digit >= 0)
		snprintf(unit, sizeof unit, "; the unit of %s%s", sheet_names(s)->named != 0 ? "" : "digit ",
		    sheet_class(s, digit, CLASS_COLS, name_of));
	out_text(s->out, "%s for %s%s%s", name, g->im->name, label, unit);
	free(name);
}

void
explaining_text(struct session *s, const struct explaining *g)
{
	static void (*const says[])(struct session *, const struct explaining *) = {[EXPLAIN_SUM] = sum_says,
	    [EXPLAIN_RELU] = one_says, [EXPLAIN_MAX] = max_says, [EXPLAIN_SHARE] = share_says,
	    [EXPLAIN_SAME] = one_says};
	struct ui_table t = {0};

	says[g->x.rule](s, g);
	explain_table(s, &g->x, g->rows, &t);
	text_table(s, &t);
	ui_table_clear(&t);
	if (g->x.digits < 0)
		out_note(s->out, "the two differ: of numbers that are none or beyond a float, the order of a sum "
		    "tells");
	else if (g->x.digits < EXPLAIN_DIGITS)
		out_note(s->out, "the network adds in single precision and in another order; both are rounded to what "
		    "they share");
}
