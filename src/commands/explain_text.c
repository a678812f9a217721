/* explain_text.c: the arithmetic of one unit as text: a name and up to three numbers a line. */
#include "commands/explaining.h"

#include "look/sheet.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHORT 30 /* so many terms are all listed, in their order */

/* ---- what things are called ---- */

const struct nn_layer *
explaining_layer(const struct session *s, const struct explaining *g)
{
	return nn_net_layer(s->model.net, g->x.at.layer);
}

/* What a layer puts out; layer -1: the pixels. */
static const char *
source_name(const struct session *s, int layer)
{
	return layer < 0 ? "the picture" : nn_net_layer(s->model.net, layer)->name;
}

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
explaining_term(const struct session *s, const struct explaining *g, const struct explain_term *t)
{
	struct nn_shape shape = explaining_layer(s, g)->in;
	int c = t->channel;

	if (t->y < 0 && g->picture >= -1)
		return place_name(s, g->picture, g->shape, c / g->shape.dim[2] / g->shape.dim[1],
		    c / g->shape.dim[2] % g->shape.dim[1], c % g->shape.dim[2]);
	return place_name(s, g->x.at.layer - 1, shape, t->y, t->x, c);
}

/* ---- lines ---- */

static void
line(struct session *s, const char *name, const char *a, const char *b, const char *c, const char *word)
{
	struct str text = {0};
	size_t n;

	str_add(&text, "  %-26s %12s %12s %12s  %s", name, a, b, c, word);
	for (n = text.n; n > 0 && text.s[n - 1] == ' '; n--)
		text.s[n - 1] = '\0';
	out_text(s->out, "%s", text.s);
	free(text.s);
}

static void
line_total(struct session *s, const char *name, double v, int digits)
{
	char number[32];

	line(s, name, "", "", explain_number(number, v, digits), "");
}

static void
line_term(struct session *s, const struct explaining *g, const struct explain_term *t, const char *word)
{
	char *name = explaining_term(s, g, t), a[32], b[32], c[32];

	explain_number(a, t->input, EXPLAIN_DIGITS);
	if (g->x.rule == EXPLAIN_SUM)
		line(s, name, a, explain_number(b, t->weight, EXPLAIN_DIGITS),
		    explain_number(c, t->product, EXPLAIN_DIGITS), word);
	else if (g->x.rule == EXPLAIN_SHARE)
		line(s, name, a, explain_number(b, t->product, EXPLAIN_DIGITS),
		    explain_number(c, t->product / g->x.bias, EXPLAIN_DIGITS), word);
	else
		line(s, name, "", "", a, word);
	free(name);
}

/* What the rule says, and what the network has; printed with the digits that they share. */
static void
line_output(struct session *s, const struct explaining *g, const char *rule)
{
	const struct explain *x = &g->x;
	int digits = x->digits < 0 ? EXPLAIN_DIGITS : x->digits;

	line_total(s, rule, x->sum, digits);
	line_total(s, "computed by the network", (double)x->output, digits);
	if (x->digits < 0)
		out_note(s->out, "the two differ: of numbers that are none or beyond a float, the order of a sum "
		    "tells");
	else if (digits < EXPLAIN_DIGITS)
		out_note(s->out, "the network adds in single precision and in another order; both are rounded to what "
		    "they share");
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
sum_terms(struct session *s, const struct explaining *g)
{
	const struct explain *x = &g->x;
	struct rank *rank = xcalloc(x->n, sizeof *rank);
	size_t rows = x->n <= SHORT || x->n <= (size_t)g->rows ? x->n : (size_t)g->rows;
	char name[64];
	double rest = 0;

	for (size_t i = 0; i < x->n; i++)
		rank[i] = (struct rank){fabs(x->term[i].product), (int)i};
	if (rows < x->n)
		qsort(rank, x->n, sizeof *rank, rank_order);
	line(s, rows < x->n ? "the largest products" : "", "input", "weight", "product", "");
	for (size_t i = 0; i < rows; i++)
		line_term(s, g, &x->term[rank[i].at], "");
	for (size_t i = rows; i < x->n; i++)
		rest += x->term[rank[i].at].product;
	if (rows < x->n) {
		snprintf(name, sizeof name, "the other %zu", x->n - rows);
		line_total(s, name, rest, EXPLAIN_DIGITS);
	}
	free(rank);
}

/* A window of many channels: what each of them brings, the largest first. */
static void
sum_channels(struct session *s, const struct explaining *g)
{
	const struct explain *x = &g->x;
	int channels = explaining_layer(s, g)->in.dim[2], rows = channels <= g->rows ? channels : g->rows;
	struct rank *rank = xcalloc((size_t)channels, sizeof *rank);
	double *sum = xcalloc((size_t)channels, sizeof *sum), rest = 0;
	char name[64];

	for (size_t i = 0; i < x->n; i++)
		sum[x->term[i].channel] += x->term[i].product;
	for (int c = 0; c < channels; c++)
		rank[c] = (struct rank){fabs(sum[c]), c};
	qsort(rank, (size_t)channels, sizeof *rank, rank_order);
	line(s, "channel by channel", "", "", "sum", "");
	for (int i = 0; i < channels; i++)
		if (i < rows) {
			snprintf(name, sizeof name, x->at.layer > 0 ? "%s[%d]" : "channel %s%d", x->at.layer > 0 ?
			    source_name(s, x->at.layer - 1) : "", rank[i].at);
			line_total(s, name, sum[rank[i].at], EXPLAIN_DIGITS);
		} else
			rest += sum[rank[i].at];
	snprintf(name, sizeof name, "the other %d channels", channels - rows);
	if (rows < channels)
		line_total(s, name, rest, EXPLAIN_DIGITS);
	free(rank);
	free(sum);
}

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
sum_print(struct session *s, const struct explaining *g)
{
	const struct explain *x = &g->x;
	const struct nn_layer *l = explaining_layer(s, g);
	size_t zeros = 0;
	const char *from = source_name(s, x->at.layer - 1);
	const char *own = l->spec.activation;

	for (size_t i = 0; i < x->n; i++)
		zeros += x->term[i].input == 0;
	out_text(s->out, "bias + the sum of %zu products, input x weight; %zu of the inputs are 0", x->n, zeros);
	if (l->in.rank == 3)
		sum_window(s, x, l, from);
	else
		out_text(s->out, "inputs: all that %s puts out", from);
	if (l->in.rank == 3 && l->in.dim[2] > 1 && x->n > SHORT)
		sum_channels(s, g);
	sum_terms(s, g);
	line_total(s, "bias", x->bias, EXPLAIN_DIGITS);
	if (strcmp(own, "linear") == 0) {
		line_output(s, g, "sum");
		return;
	}
	line_total(s, "sum", x->inner, EXPLAIN_DIGITS);
	line_output(s, g, own);
}

/* ---- the other rules ---- */

static void
share_print(struct session *s, const struct explaining *g)
{
	char digit[CLASS_TEXT + 8], name[CLASS_TEXT], sum[32];

	out_text(s->out, "softmax: exp(input) / the sum of exp(input) over all %zu units\nm, the largest input, is "
	    "taken out first: that changes no share", g->x.n);
	line(s, "", "input", "exp(input-m)", "share", "");
	for (size_t i = 0; i < g->x.n; i++) {
		int d = sheet_digit(s, (int)i);

		if (d >= 0 && sheet_names(s)->named != 0)
			sheet_class(s, d, CLASS_COLS, digit);
		else
			snprintf(digit, sizeof digit, d >= 0 ? "digit %s" : "", sheet_class(s, d, CLASS_COLS, name));
		line_term(s, g, &g->x.term[i], digit);
	}
	line(s, "sum", "", explain_number(sum, g->x.bias, EXPLAIN_DIGITS), "", "");
	line_output(s, g, "share of this unit");
}

static void
max_print(struct session *s, const struct explaining *g)
{
	int side = explaining_layer(s, g)->spec.pool;

	out_text(s->out, "the largest of a window of %dx%d", side, side);
	line(s, "", "", "", "input", "");
	for (size_t i = 0; i < g->x.n; i++)
		line_term(s, g, &g->x.term[i], (int)i == g->x.chosen ? "wins" : "");
	line_output(s, g, "largest");
}

static void
one_print(struct session *s, const struct explaining *g)
{
	const struct nn_layer *l = explaining_layer(s, g);
	double in = g->x.term[0].input;

	if (g->x.rule == EXPLAIN_RELU)
		out_text(s->out, "relu: max(0, input); the input is %s", in < 0 ? "below 0, so the unit is silent" :
		    in > 0 ? "above 0 and goes through" : isnan(in) ? "no number, and stays none" : "0");
	else if (nn_layer_has_rate(l))
		out_text(s->out, "the input: a prediction drops nothing (training drops %g of them)", l->rate);
	else
		out_text(s->out, "the input: a picture is laid into a row, value by value");
	line_term(s, g, &g->x.term[0], "");
	line_output(s, g, g->x.rule == EXPLAIN_RELU ? "max(0, input)" : "the same");
}

void
explaining_text(struct session *s, const struct explaining *g)
{
	static void (*const print[])(struct session *, const struct explaining *) = {[EXPLAIN_SUM] = sum_print,
	    [EXPLAIN_RELU] = one_print, [EXPLAIN_MAX] = max_print, [EXPLAIN_SHARE] = share_print,
	    [EXPLAIN_SAME] = one_print};
	const struct explain_unit *at = &g->x.at;
	char *name = place_name(s, at->layer, explaining_layer(s, g)->out, at->y, at->x, at->unit);
	char label[CLASS_TEXT + 16] = "", unit[CLASS_TEXT + 32] = "", name_of[CLASS_TEXT];
	int digit = at->layer >= nn_net_count(s->model.net) - 2 ? sheet_digit(s, at->unit) : -1;

	if (g->im->label >= 0)
		snprintf(label, sizeof label, ", label %s", class_text(s->data.set, g->im->label, CLASS_COLS, name_of));
	if (digit >= 0)
		snprintf(unit, sizeof unit, "; the unit of %s%s", sheet_names(s)->named != 0 ? "" : "digit ",
		    sheet_class(s, digit, CLASS_COLS, name_of));
	out_text(s->out, "%s for %s%s%s", name, g->im->name, label, unit);
	print[g->x.rule](s, g);
	free(name);
}
