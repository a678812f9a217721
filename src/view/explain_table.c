/* explain_table.c: the arithmetic of one unit line by line: a name and up to three numbers each, as the command prints
 * them and a pane has them.
 */
#include "view/explain_view.h"

#include "look/sheet.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORT 30 /* so many terms are all listed, in their order */

/* ---- what things are called ---- */

/* "activation[4] 12,13", as `explain` takes it; "pixel 12,13". */
static char *
place_name(const struct session *s, int layer, struct nn_shape shape, int y, int x, int channel)
{
	char *name, at[48] = "";

	if (shape.rank == 3)
		snprintf(at, sizeof at, " %d,%d", y, x);
	if (layer >= 0)
		name = xasprintf("%s[%d]%s", nn_net_layer(s->model.net, layer)->name, channel, at);
	else if (shape.rank == 3 && shape.dim[2] > 1)
		name = xasprintf("pixel[%d]%s", channel, at);
	else
		name = shape.rank == 3 ? xasprintf("pixel%s", at) : xasprintf("pixel %d", channel);
	return name;
}

char *
explain_unit_name(const struct session *s, const struct explain_unit *at)
{
	return place_name(s, at->layer, nn_net_layer(s->model.net, at->layer)->out, at->y, at->x, at->unit);
}

char *
explain_term_name(const struct session *s, const struct explain *x, const struct explain_term *t)
{
	struct nn_shape shape;
	int c = t->channel, picture;

	if (t->y < 0 && (picture = explain_picture(s->model.net, x->at.layer, &shape)) >= -1)
		return place_name(s, picture, shape, c / shape.dim[2] / shape.dim[1], c / shape.dim[2] % shape.dim[1],
		    c % shape.dim[2]);
	return place_name(s, x->at.layer - 1, nn_net_layer(s->model.net, x->at.layer)->in, t->y, t->x, c);
}

/* ---- lines ---- */

static void
line(struct ui_table *t, unsigned flags, const char *name, const char *a, const char *b, const char *c,
    const char *word)
{
	ui_table_add(t, (const char *const[]){name, a, b, c, word}, flags);
}

/* What stands in the place of the last line's name where that has no room. */
static void
line_brief(struct ui_table *t, const char *brief)
{
	ui_string(&t->row[t->nrows - 1].brief, brief);
}

static void
line_number(struct ui_table *t, unsigned flags, const char *name, const char *brief, double v, int digits)
{
	char number[32];

	line(t, flags, name, "", "", explain_number(number, v, digits), "");
	line_brief(t, brief);
}

static void
line_term(const struct session *s, const struct explain *x, const struct explain_term *term, const char *word,
    struct ui_table *t)
{
	char *name = explain_term_name(s, x, term), a[32], b[32], c[32];

	explain_number(a, term->input, EXPLAIN_DIGITS);
	if (x->rule == EXPLAIN_SUM)
		line(t, 0, name, a, explain_number(b, term->weight, EXPLAIN_DIGITS),
		    explain_number(c, term->product, EXPLAIN_DIGITS), word);
	else if (x->rule == EXPLAIN_SHARE)
		line(t, 0, name, a, explain_number(b, term->product, EXPLAIN_DIGITS),
		    explain_number(c, term->product / x->bias, EXPLAIN_DIGITS), word);
	else
		line(t, 0, name, "", "", a, word);
	line_brief(t, strchr(name, '[')); /* the layer is the same in each */
	free(name);
}

/* What the rule says, and what the network has; with the digits that they share. */
static void
line_output(const struct explain *x, const char *rule, const char *brief, struct ui_table *t)
{
	int digits = x->digits < 0 ? EXPLAIN_DIGITS : x->digits;

	line_number(t, UI_ROW_TOTAL, rule, brief, x->sum, digits);
	line_number(t, UI_ROW_TOTAL, "computed by the network", "by the network", (double)x->output, digits);
}

/* ---- sums ---- */

struct rank {
	double size; /* its absolute value */
	int at; /* a term, or a channel */
};

static int
rank_order(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->size != y->size && !isnan(x->size) && !isnan(y->size))
		return x->size < y->size ? 1 : -1;
	if (isnan(x->size) != isnan(y->size))
		return isnan(x->size) ? -1 : 1;
	return x->at - y->at;
}

/* The largest terms, and the sum of the others in one line; all in their order where they are few. */
static void
sum_terms(const struct session *s, const struct explain *x, size_t most, bool parted, struct ui_table *t)
{
	struct rank *rank = xcalloc(x->n, sizeof *rank);
	size_t rows = x->n <= SHORT || x->n <= most ? x->n : most;
	char name[64];
	double rest = 0;

	for (size_t i = 0; i < x->n; i++)
		rank[i] = (struct rank){fabs(x->term[i].product), (int)i};
	if (rows < x->n)
		qsort(rank, x->n, sizeof *rank, rank_order);
	if (rows < x->n || parted) {
		line(t, UI_ROW_HEAD, rows < x->n ? "the largest products" : "", "", "", "", "");
		line_brief(t, rows < x->n ? "the largest" : NULL);
	}
	for (size_t i = 0; i < rows; i++)
		line_term(s, x, &x->term[rank[i].at], "", t);
	for (size_t i = rows; i < x->n; i++)
		rest += x->term[rank[i].at].product;
	if (rows < x->n) {
		snprintf(name, sizeof name, "the other %zu", x->n - rows);
		line_number(t, 0, name, NULL, rest, EXPLAIN_DIGITS);
	}
	free(rank);
}

/* A window of many channels: what each of them brings, the largest first. */
static void
sum_channels(const struct session *s, const struct explain *x, int most, struct ui_table *t)
{
	int channels = nn_net_layer(s->model.net, x->at.layer)->in.dim[2], rows = channels <= most ? channels : most;
	struct rank *rank = xcalloc((size_t)channels, sizeof *rank);
	double *sum = xcalloc((size_t)channels, sizeof *sum), rest = 0;
	char name[64], brief[32];

	for (size_t i = 0; i < x->n; i++)
		sum[x->term[i].channel] += x->term[i].product;
	for (int c = 0; c < channels; c++)
		rank[c] = (struct rank){fabs(sum[c]), c};
	qsort(rank, (size_t)channels, sizeof *rank, rank_order);
	line(t, UI_ROW_HEAD, "channel by channel", "", "", "sum", "");
	line_brief(t, "channels");
	for (int i = 0; i < channels; i++)
		if (i < rows) {
			snprintf(name, sizeof name, x->at.layer > 0 ? "%s[%d]" : "channel %s%d", x->at.layer > 0 ?
			    nn_net_layer(s->model.net, x->at.layer - 1)->name : "", rank[i].at);
			line_number(t, 0, name, strchr(name, '['), sum[rank[i].at], EXPLAIN_DIGITS);
		} else
			rest += sum[rank[i].at];
	snprintf(name, sizeof name, "the other %d channels", channels - rows);
	snprintf(brief, sizeof brief, "the other %d", channels - rows);
	if (rows < channels)
		line_number(t, 0, name, brief, rest, EXPLAIN_DIGITS);
	free(rank);
	free(sum);
}

static void
sum_table(const struct session *s, const struct explain *x, int rows, struct ui_table *t)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, x->at.layer);
	bool parted = l->in.rank == 3 && l->in.dim[2] > 1 && x->n > SHORT,
	    own = strcmp(l->spec.activation, "linear") != 0;

	if (parted)
		sum_channels(s, x, rows, t);
	sum_terms(s, x, (size_t)rows, parted, t);
	line_number(t, UI_ROW_TOTAL, "bias", NULL, x->bias, EXPLAIN_DIGITS);
	if (own)
		line_number(t, UI_ROW_TOTAL, "sum", NULL, x->inner, EXPLAIN_DIGITS);
	line_output(x, own ? l->spec.activation : "sum", NULL, t);
}

/* ---- the other rules ---- */

static void
share_table(const struct session *s, const struct explain *x, struct ui_table *t)
{
	char digit[CLASS_TEXT + 8], name[CLASS_TEXT], sum[32];

	for (size_t i = 0; i < x->n; i++) {
		int d = sheet_digit(s, (int)i);

		if (d >= 0 && sheet_names(s)->named != 0)
			sheet_class(s, d, CLASS_COLS, digit);
		else
			snprintf(digit, sizeof digit, d >= 0 ? "digit %s" : "", sheet_class(s, d, CLASS_COLS, name));
		line_term(s, x, &x->term[i], digit, t);
	}
	line(t, UI_ROW_TOTAL, "sum", "", explain_number(sum, x->bias, EXPLAIN_DIGITS), "", "");
	line_output(x, "share of this unit", "this unit", t);
}

static void
others_table(const struct session *s, const struct explain *x, struct ui_table *t)
{
	for (size_t i = 0; i < x->n; i++)
		line_term(s, x, &x->term[i], x->rule == EXPLAIN_MAX && (int)i == x->chosen ? "wins" : "", t);
	line_output(x, x->rule == EXPLAIN_MAX ? "largest" : x->rule == EXPLAIN_RELU ? "max(0, input)" : "the same",
	    NULL, t);
}

void
explain_table(const struct session *s, const struct explain *x, int rows, struct ui_table *t)
{
	static const char *const head[][3] = {[EXPLAIN_SUM] = {"input", "weight", "product"},
	    [EXPLAIN_SHARE] = {"input", "exp(input-m)", "share"}, [EXPLAIN_MAX] = {"", "", "input"},
	    [EXPLAIN_RELU] = {NULL}, [EXPLAIN_SAME] = {NULL}};

	t->ncols = 5;
	t->fixed = true;
	t->keep = 1 << 0 | 1 << 3 | (x->rule == EXPLAIN_SUM ? 0 : 1 << 4);
	for (int i = 0; i < 3; i++) {
		t->align[1 + i] = UI_RIGHT;
		if (head[x->rule][i] != NULL)
			t->head[1 + i] = xstrdup(head[x->rule][i]);
	}
	if (x->rule == EXPLAIN_SUM)
		sum_table(s, x, rows, t);
	else if (x->rule == EXPLAIN_SHARE)
		share_table(s, x, t);
	else
		others_table(s, x, t);
}
