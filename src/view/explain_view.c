/* explain_view.c: the arithmetic of one unit as maps. */
#include "view/explain_view.h"

#include "data/image.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>

struct patch { /* what the unit reads, as a picture */
	int y, x, height, width, channels;
	bool row; /* terms are numbered through, as of a picture that was flattened, or as a row */
};

static void
patch_find(struct patch *p, const struct session *s, const struct explain *x)
{
	struct nn_shape shape;
	int bottom = 0, right = 0;

	*p = (struct patch){.height = 1, .width = (int)x->n, .channels = 1, .row = true};
	if (x->n > 0 && x->term[0].y < 0) {
		if (explain_picture(s->model.net, x->at.layer, &shape) < -1 || nn_shape_size(shape) != x->n)
			return;
		p->height = shape.dim[0];
		p->width = shape.dim[1];
		p->channels = shape.dim[2];
		return;
	}
	*p = (struct patch){.y = 1 << 30, .x = 1 << 30};
	for (size_t i = 0; i < x->n; i++) {
		const struct explain_term *t = &x->term[i];

		p->y = t->y < p->y ? t->y : p->y;
		p->x = t->x < p->x ? t->x : p->x;
		bottom = t->y > bottom ? t->y : bottom;
		right = t->x > right ? t->x : right;
		p->channels = t->channel >= p->channels ? t->channel + 1 : p->channels;
	}
	p->height = bottom - p->y + 1;
	p->width = right - p->x + 1;
}

enum term_part { PART_INPUT, PART_WEIGHT, PART_PRODUCT };

/* A map for each channel that is read, all on one scale. */
static void
part_strip(const struct session *s, const struct explain *x, const struct patch *p, enum term_part part, int live,
    struct ui_strips *out)
{
	static const char *const name[] = {"input", "weight", "product"};
	size_t each = (size_t)p->height * (size_t)p->width, n = each * (size_t)p->channels;
	float *value = xcalloc(n, sizeof *value);
	bool *read = xcalloc((size_t)p->channels, sizeof *read);
	int channels = 0; /* that are read */
	struct ui_strip *strip = ui_strips_add(out, name[part], NULL, part == PART_WEIGHT &&
	    !nn_net_layer(s->model.net, x->at.layer)->trainable);

	for (size_t i = 0; i < x->n; i++) {
		const struct explain_term *t = &x->term[i];
		size_t c = p->row ? (size_t)t->channel % (size_t)p->channels : (size_t)t->channel,
		    at = p->row ? (size_t)t->channel / (size_t)p->channels :
		    (size_t)(t->y - p->y) * (size_t)p->width + (size_t)(t->x - p->x);

		read[c] = true;
		value[at * (size_t)p->channels + c] = (float)(part == PART_INPUT ? t->input : part == PART_WEIGHT ?
		    t->weight : t->product);
	}
	ui_scale_fit(&strip->tiles.scale, part == PART_INPUT ? UI_MAP_NONE : UI_MAP_SIGNED, value, n, 1);
	for (size_t c = 0; c < (size_t)p->channels; c++)
		if (read[c]) {
			ui_tiles_add_map(&strip->tiles, NULL, p->height, p->width, value + c, (size_t)p->channels, NULL,
			    NULL)->live = live > 0 ? live + channels : 0;
			channels++;
		}
	strip->of = channels > 1 ? xasprintf("%dx%dx%d", p->height, p->width, channels) : xasprintf("%dx%d", p->height,
	    p->width);
	free(read);
	free(value);
}

void
explain_maps(const struct session *s, const struct explain *x, int live, struct ui_strips *out)
{
	struct patch p;

	patch_find(&p, s, x);
	for (enum term_part part = PART_INPUT; part <= (x->rule == EXPLAIN_SUM ? PART_PRODUCT : PART_INPUT); part++)
		part_strip(s, x, &p, part, live > 0 ? live + (int)part * p.channels : 0, out);
}

char *
explain_says(const struct explain *x)
{
	static const char *const rules[] = {[EXPLAIN_SUM] = "sum", [EXPLAIN_RELU] = "max(0, input)",
	    [EXPLAIN_MAX] = "the largest input", [EXPLAIN_SHARE] = "its share of the exponentials of all inputs",
	    [EXPLAIN_SAME] = "the input"};
	int digits = x->digits < 0 ? EXPLAIN_DIGITS : x->digits;
	char sum[32], output[32], bias[32], products[32];
	double all = 0;

	for (size_t i = 0; i < x->n; i++)
		all += x->term[i].product;
	explain_number(sum, x->sum, digits);
	explain_number(output, (double)x->output, digits);
	if (x->rule != EXPLAIN_SUM)
		return xasprintf("%s: %s; the network computed %s", rules[x->rule], sum, output);
	return xasprintf("products %s + bias %s = %s; the network computed %s", explain_number(products, all,
	    EXPLAIN_DIGITS), explain_number(bias, x->bias, EXPLAIN_DIGITS), sum, output);
}

void
explain_view(const struct session *s, const struct image *im, const struct explain *x, struct ui_strips *out)
{
	char *name = explain_unit_name(s, &x->at);

	out->title = xasprintf("%s of %s", name, im->name);
	out->note = xstrdup("each row on its own scale; a map for each channel");
	explain_maps(s, x, 0, out);
	ui_strips_add(out, "output", NULL, false)->say = explain_says(x);
	free(name);
}
