/* occlude.c: how far a probability falls where a square hides a part of the picture. */
#include "look/saliency_int.h"

#include "data/ground.h"
#include "look/sheet.h"
#include "session/made.h"

#include <stdlib.h>
#include <string.h>

#define POSITIONS 1024 /* at most, where the stride is left open */
#define TOGETHER NN_EVAL_BATCH /* pictures that are evaluated at a time */

static int
along(int side, int stride)
{
	return (side + stride - 1) / stride;
}

int
saliency_square(struct nn_shape shape, struct saliency_request *r, struct err *e)
{
	int h = shape.dim[0], w = shape.dim[1], small = h < w ? h : w, large = h < w ? w : h;

	if (r->size == 0)
		r->size = small / 5 | 1;
	if (r->size > large)
		return fail(e, "a square of %d pixels hides the whole picture of %dx%d; take size=1 to %d", r->size, h,
		    w, large);
	if (r->stride > large)
		return fail(e, "steps of %d pixels are longer than the picture of %dx%d; take stride=1 to %d",
		    r->stride, h, w, large);
	if (r->stride == 0)
		for (r->stride = 1; (size_t)along(h, r->stride) * (size_t)along(w, r->stride) > POSITIONS;)
			r->stride++;
	return 0;
}

size_t
saliency_positions(struct nn_shape shape, const struct saliency_request *r)
{
	struct saliency_request full = *r;
	struct err ignored = {0};

	if (saliency_square(shape, &full, &ignored) < 0)
		return 0;
	return (size_t)along(shape.dim[0], full.stride) * (size_t)along(shape.dim[1], full.stride);
}

/* Hides what a square around a pixel covers. */
static void
hide(uint8_t *pixels, struct nn_shape shape, int y, int x, int size, const uint8_t *ground)
{
	int h = shape.dim[0], w = shape.dim[1], c = shape.dim[2], top = y - (size - 1) / 2, left = x - (size - 1) / 2;

	for (int i = top < 0 ? 0 : top; i < top + size && i < h; i++)
		for (int j = left < 0 ? 0 : left; j < left + size && j < w; j++)
			memcpy(pixels + ((size_t)i * (size_t)w + (size_t)j) * (size_t)c, ground, (size_t)c);
}

/* Positions from `first` on, n of them. */
static int
hidden(struct asking *a, int first, int n, const uint8_t *ground, uint8_t *pixels, float *p, struct err *e)
{
	struct saliency *x = a->out;
	size_t size = nn_shape_size(a->image->shape), classes = (size_t)nn_net_classes(a->s->model.net);
	struct nn_images images = {.shape = a->image->shape, .count = (size_t)n, .pixels = pixels};
	uint32_t index[TOGETHER];
	struct nn_set set = {.images = &images, .index = index, .count = (size_t)n};

	for (int i = 0; i < n; i++) {
		int at = first + i;

		index[i] = (uint32_t)i;
		memcpy(pixels + (size_t)i * size, a->image->pixels, size);
		hide(pixels + (size_t)i * size, a->image->shape, at / x->cols * x->ask.stride,
		    at % x->cols * x->ask.stride, x->ask.size, ground);
	}
	if (sheet_eval(a->s, &set, p, e) < 0)
		return -1;
	for (int i = 0; i < n; i++)
		x->raw[first + i] = (float)(x->p - (double)p[(size_t)i * classes + (size_t)x->ask.unit]);
	return 0;
}

int
saliency_occlude(struct asking *a, struct err *e)
{
	struct saliency *x = a->out;
	struct ground g = ground_of(a->s->data.set, a->image->shape.dim[2]);
	int all, rc = 0;
	uint8_t *pixels;
	float *p;

	x->rows = along(x->height, x->ask.stride);
	x->cols = along(x->width, x->ask.stride);
	all = x->rows * x->cols;
	x->raw = calloc((size_t)all, sizeof *x->raw);
	pixels = malloc(TOGETHER * nn_shape_size(a->image->shape));
	p = calloc(TOGETHER * (size_t)nn_net_classes(a->s->model.net), sizeof *p);
	if (x->raw == NULL || pixels == NULL || p == NULL)
		rc = fail_memory(e, "not enough memory for the hidden pictures");
	for (int i = 0; i < all && rc == 0; i += TOGETHER)
		rc = hidden(a, i, all - i < TOGETHER ? all - i : TOGETHER, g.rgb, pixels, p, e);
	for (int i = 0; i < x->height * x->width && rc == 0; i++) {
		int y = (i / x->width + x->ask.stride / 2) / x->ask.stride;
		int b = (i % x->width + x->ask.stride / 2) / x->ask.stride;

		y = y < x->rows ? y : x->rows - 1;
		x->map[i] = x->raw[y * x->cols + (b < x->cols ? b : x->cols - 1)];
	}
	free(pixels);
	free(p);
	return rc;
}
