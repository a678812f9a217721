/* explain.c: the arithmetic of one unit. */
#include "look/explain.h"

#include "session/made.h"
#include "util/num.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
kind_is(const struct nn_layer *l, const char *name)
{
	return strcmp(nn_layer_kind_name(l), name) == 0;
}

static int
rule_of(const struct nn_layer *l, enum explain_rule *rule, struct err *e)
{
	if (l->spec.activation != NULL && strcmp(l->spec.activation, "softmax") == 0 && !kind_is(l, "activation"))
		return fail(e, "%s makes shares of its sums; build the softmax as a layer of its own, as in `dense 5, "
		    "softmax`, to see both", l->name);
	if (kind_is(l, "conv2d") || kind_is(l, "dense"))
		*rule = EXPLAIN_SUM;
	else if (kind_is(l, "max_pooling2d"))
		*rule = EXPLAIN_MAX;
	else if (kind_is(l, "flatten") || kind_is(l, "dropout"))
		*rule = EXPLAIN_SAME;
	else if (kind_is(l, "activation") && strcmp(l->spec.activation, "softmax") == 0 && l->in.rank == 1)
		*rule = EXPLAIN_SHARE;
	else if (kind_is(l, "activation") && strcmp(l->spec.activation, "relu") == 0)
		*rule = EXPLAIN_RELU;
	else
		return fail(e, "there are no words yet for what %s computes; take a layer beside it", l->name);
	return 0;
}

int
explain_picture(const struct nn_net *net, int layer, struct nn_shape *shape)
{
	for (; layer >= 0; layer--) {
		const struct nn_layer *l = nn_net_layer(net, layer);

		*shape = l->in;
		if (l->in.rank == 3)
			return nn_shape_size(l->in) == nn_shape_size(l->out) ? layer - 1 : -2;
		if (layer == 0 || nn_net_layer(net, layer - 1)->params > 0)
			break;
	}
	return -2;
}

/* ---- the terms, from the values of the layer's input ---- */

static void
term_add(struct explain *x, const struct nn_layer *l, const float *in, int y, int xx, int channel)
{
	size_t at = l->in.rank == 3 ? ((size_t)y * (size_t)l->in.dim[1] + (size_t)xx) * (size_t)l->in.dim[2] +
	    (size_t)channel : (size_t)channel;

	x->term[x->n++] = (struct explain_term){.y = y, .x = xx, .channel = channel, .input = (double)in[at]};
}

int
explain_window(const struct nn_layer *l, int k, int stride, int direction)
{
	int need = (l->out.dim[direction] - 1) * stride + k - l->in.dim[direction];

	return strcmp(l->spec.padding, "same") == 0 && need > 0 ? -(need / 2) : 0;
}

/* A window of side k, all channels of its input or (channel not negative) one of them: what lies outside of the picture
 * is 0 in a sum, and no part of a maximum. */
static void
terms_window(struct explain *x, const struct nn_layer *l, const float *in, int k, int stride, int channel)
{
	int from = channel < 0 ? 0 : channel, to = channel < 0 ? l->in.dim[2] : channel + 1;
	int top = x->at.y * stride + explain_window(l, k, stride, 0);
	int left = x->at.x * stride + explain_window(l, k, stride, 1);

	x->term = xcalloc((size_t)k * (size_t)k * (size_t)(to - from), sizeof *x->term);
	for (int i = 0; i < k * k; i++) {
		int y = top + i / k, column = left + i % k;
		bool inside = y >= 0 && y < l->in.dim[0] && column >= 0 && column < l->in.dim[1];

		for (int c = from; c < to; c++)
			if (inside)
				term_add(x, l, in, y, column, c);
			else if (x->rule == EXPLAIN_SUM)
				x->term[x->n++] = (struct explain_term){.y = y, .x = column, .channel = c};
	}
}

/* All of a row. */
static void
terms_row(struct explain *x, const struct nn_layer *l, const float *in)
{
	x->term = xcalloc((size_t)l->in.dim[0], sizeof *x->term);
	for (int i = 0; i < l->in.dim[0]; i++)
		term_add(x, l, in, -1, -1, i);
}

/* The one that has the unit's place; a picture that becomes a row keeps its order. */
static void
terms_one(struct explain *x, const struct nn_layer *l, const float *in)
{
	int w = l->in.dim[1], c = l->in.dim[2];

	x->term = xcalloc(1, sizeof *x->term);
	if (l->in.rank == 3 && l->out.rank == 1)
		term_add(x, l, in, x->at.unit / c / w, x->at.unit / c % w, x->at.unit % c);
	else
		term_add(x, l, in, x->at.y, x->at.x, x->at.unit);
}

static void
terms_make(struct explain *x, const struct nn_layer *l, const float *in)
{
	if (x->rule == EXPLAIN_SUM && l->in.rank == 3)
		terms_window(x, l, in, l->spec.kernel, l->spec.strides, -1);
	else if (x->rule == EXPLAIN_MAX)
		terms_window(x, l, in, l->spec.pool, l->spec.strides > 0 ? l->spec.strides : l->spec.pool, x->at.unit);
	else if (x->rule == EXPLAIN_SUM || x->rule == EXPLAIN_SHARE)
		terms_row(x, l, in);
	else
		terms_one(x, l, in);
}

/* ---- the rules ---- */

/* Of a layer's own activation, but softmax. */
static double
activation(const char *name, double v)
{
	if (strcmp(name, "relu") == 0)
		return v < 0 ? 0 : v;
	if (strcmp(name, "leaky_relu") == 0)
		return v < 0 ? v * 0.2 : v;
	if (strcmp(name, "elu") == 0)
		return v < 0 ? expm1(v) : v;
	if (strcmp(name, "tanh") == 0)
		return tanh(v);
	return strcmp(name, "sigmoid") == 0 ? 1 / (1 + exp(-v)) : v;
}

/* Kernels are [...][in][out], so that a unit's weights lie a filter apart, in the order of its terms. */
static void
rule_sum(struct explain *x, const struct nn_layer *l, const float *block)
{
	const float *w = block + l->tensor[0].offset;
	size_t units = (size_t)l->tensor[1].count;

	x->bias = (double)block[l->tensor[1].offset + (size_t)x->at.unit];
	x->sum = x->bias;
	for (size_t i = 0; i < x->n; i++) {
		struct explain_term *t = &x->term[i];

		t->weight = (double)w[i * units + (size_t)x->at.unit];
		t->product = t->input * t->weight; /* exact: of two floats */
		x->sum += t->product;
	}
	x->inner = x->sum;
	x->sum = activation(l->spec.activation, x->inner);
}

static void
rule_share(struct explain *x)
{
	double top = x->term[0].input, sum = 0;

	for (size_t i = 1; i < x->n; i++)
		top = x->term[i].input > top ? x->term[i].input : top;
	for (size_t i = 0; i < x->n; i++)
		sum += x->term[i].product = exp(x->term[i].input - top);
	x->bias = sum;
	x->sum = x->term[x->at.unit].product / sum;
}

static void
rule_max(struct explain *x)
{
	for (size_t i = 1; i < x->n; i++)
		if (x->term[i].input > x->term[x->chosen].input)
			x->chosen = (int)i;
	x->sum = x->term[x->chosen].input;
}

static void
rule_apply(struct explain *x, const struct nn_layer *l, const float *block)
{
	if (x->rule == EXPLAIN_SUM)
		rule_sum(x, l, block);
	else if (x->rule == EXPLAIN_SHARE)
		rule_share(x);
	else if (x->rule == EXPLAIN_MAX)
		rule_max(x);
	else {
		x->sum = x->term[0].input;
		if (x->rule == EXPLAIN_RELU && x->sum < 0)
			x->sum = 0;
	}
}

/* ---- digits ---- */

char *
explain_number(char buf[32], double v, int digits)
{
	if (!isfinite(v))
		return num_text(buf, v);
	if (v != 0 && fabs(v) < 1e-4 && digits > 0)
		snprintf(buf, 32, "%.*e", digits > 3 ? 3 : digits - 1, v);
	else if (fabs(v) >= 1e9)
		snprintf(buf, 32, "%.*e", digits, v);
	else
		snprintf(buf, 32, "%.*f", digits, v == 0 ? 0 : v);
	return buf;
}

static int
digits_agreed(double sum, float output)
{
	char a[32], b[32];
	int digits = EXPLAIN_DIGITS;

	while (digits >= 0 && strcmp(explain_number(a, sum, digits), explain_number(b, (double)output, digits)) != 0)
		digits--;
	return digits;
}

/* ---- all of it ---- */

/* The values that a layer puts out for a picture; layer -1: the picture's own. NULL with a sentence. */
static float *
values_of(struct session *s, const struct image *im, int layer, struct err *e)
{
	uint32_t index = 0;
	struct nn_images images = {.shape = im->shape, .count = 1, .pixels = im->pixels};
	struct nn_set set = {.images = &images, .index = &index, .count = 1};
	struct nn_shape shape = layer < 0 ? im->shape : nn_net_layer(s->model.net, layer)->out;
	size_t n = nn_shape_size(shape);
	float *out = malloc(n * sizeof *out);
	struct nn_err why;
	int rc;

	if (out == NULL) {
		fail_memory(e, "not enough memory for the %zu values of a layer", n);
		return NULL;
	}
	for (size_t i = 0; layer < 0 && i < n; i++)
		out[i] = (float)im->pixels[i] / 255.0f;
	if (layer < 0 || (rc = nn_forward(s->model.net, s->compute.engine, &set, layer, out, &why)) == 0)
		return out;
	free(out);
	rc == NN_STOPPED ? fail(e, "interrupted; run it again") : fail_nn(e, &why);
	return NULL;
}

int
explain_make(struct session *s, const struct image *im, struct explain *x, struct err *e)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, x->at.layer);
	bool known = rule_of(l, &x->rule, e) == 0;
	float *in = known ? values_of(s, im, x->at.layer - 1, e) : NULL;
	float *out = in != NULL ? values_of(s, im, x->at.layer, e) : NULL;
	size_t at = (size_t)x->at.unit;
	int rc = out != NULL ? 0 : -1;

	if (rc == 0) {
		if (l->out.rank == 3)
			at += ((size_t)x->at.y * (size_t)l->out.dim[1] + (size_t)x->at.x) * (size_t)l->out.dim[2];
		terms_make(x, l, in);
		rule_apply(x, l, nn_net_weights(s->model.net));
		x->output = out[at];
		x->digits = digits_agreed(x->sum, x->output);
	}
	free(in);
	free(out);
	return rc;
}

void
explain_free(struct explain *x)
{
	free(x->term);
	*x = (struct explain){0};
}
