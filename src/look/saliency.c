/* saliency.c: which pixels matter to what the model says of a picture. The net is used within job_call. */
#include "look/saliency_int.h"

#include "look/sheet.h"
#include "model/named.h"
#include "session/made.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int
saliency_layer(const struct nn_net *net)
{
	int last = -1;
	bool conv = false;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		bool is_conv = strcmp(nn_layer_kind_name(l), "conv2d") == 0;

		if (l->out.rank == 3 && (is_conv || !conv || (layers_activation(l) && last == i - 1)))
			last = i;
		conv |= is_conv;
	}
	return last;
}

void
saliency_resize(const float *raw, int rows, int cols, float *map, int height, int width)
{
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			double v = fmin(fmax((y + .5) * rows / height - .5, 0), rows - 1);
			double u = fmin(fmax((x + .5) * cols / width - .5, 0), cols - 1);
			int top = (int)v, left = (int)u, right = left + (left < cols - 1);
			const float *above = raw + top * cols, *below = above + (top < rows - 1 ? cols : 0);
			double high = above[left] * (1 - (u - left)) + above[right] * (u - left);
			double low = below[left] * (1 - (u - left)) + below[right] * (u - left);

			map[y * width + x] = (float)(high * (1 - (v - top)) + low * (v - top));
		}
}

static int
gradient(struct asking *a, int layer, float *value, float *grad, struct err *e)
{
	uint32_t index = 0;
	struct nn_images images = {.shape = a->image->shape, .count = 1, .pixels = a->image->pixels};
	struct nn_set set = {.images = &images, .index = &index, .count = 1};
	struct nn_err why;
	int r = nn_sensitivity(a->s->model.net, session_engine(a->s, e), &set, a->out->ask.unit, NN_LOGIT, layer, value,
	    grad, &why);

	return r == 0 ? 0 : r == NN_STOPPED ? fail(e, "interrupted; run it again") : fail_nn(e, &why);
}

static int
by_pixel(struct asking *a, struct err *e)
{
	struct saliency *x = a->out;
	size_t n = (size_t)x->height * (size_t)x->width, c = (size_t)a->image->shape.dim[2];

	if (c == 1)
		return gradient(a, -1, NULL, x->map, e);
	if ((x->channel = calloc(n * c, sizeof *x->channel)) == NULL)
		return fail_memory(e, "not enough memory for the gradient of the picture");
	if (gradient(a, -1, NULL, x->channel, e) < 0)
		return -1;
	x->channels = (int)c;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < c; k++)
			x->map[i] += x->channel[i * c + k];
	return 0;
}

static void
weigh(struct saliency *x, int channels, const float *value, const float *grad)
{
	int places = x->rows * x->cols;

	for (int k = 0; k < channels; k++) {
		double weight = 0;

		for (int i = 0; i < places; i++)
			weight += grad[(size_t)i * (size_t)channels + (size_t)k];
		weight /= places;
		for (int i = 0; i < places; i++)
			x->raw[i] += (float)(weight * value[(size_t)i * (size_t)channels + (size_t)k]);
	}
	saliency_resize(x->raw, x->rows, x->cols, x->map, x->height, x->width);
}

static int
gradcam(struct asking *a, struct err *e)
{
	struct saliency *x = a->out;
	const struct nn_layer *l = nn_net_layer(a->s->model.net, x->ask.layer);
	size_t size = nn_shape_size(l->out);
	float *value = calloc(size, sizeof *value), *grad = calloc(size, sizeof *grad);
	int rc = -1;

	x->rows = l->out.dim[0];
	x->cols = l->out.dim[1];
	x->raw = calloc((size_t)x->rows * (size_t)x->cols, sizeof *x->raw);
	if (value == NULL || grad == NULL || x->raw == NULL)
		fail_memory(e, "not enough memory for the maps of %s", l->name);
	else if ((rc = gradient(a, x->ask.layer, value, grad, e)) == 0)
		weigh(x, l->out.dim[2], value, grad);
	free(value);
	free(grad);
	return rc;
}

static int
ask(struct session *s, void *arg, struct err *e)
{
	struct asking *a = arg;
	struct saliency *x = a->out;
	uint32_t index = 0;
	struct nn_images images = {.shape = a->image->shape, .count = 1, .pixels = a->image->pixels};
	struct nn_set set = {.images = &images, .index = &index, .count = 1};
	int classes = nn_net_classes(s->model.net);
	float p[NN_CLASSES_MAX];

	if (sheet_eval(s, &set, p, e) < 0)
		return -1;
	x->predicted = sheet_best(p, classes);
	if (x->ask.unit < 0)
		x->ask.unit = x->predicted;
	x->p = p[x->ask.unit];
	switch (x->ask.kind) {
	case SALIENCY_GRADIENT:
		return by_pixel(a, e);
	case SALIENCY_GRADCAM:
		return gradcam(a, e);
	case SALIENCY_OCCLUDE:
		return saliency_occlude(a, e);
	}
	return 0;
}

/* Fills in what was left open, and refuses what the model does not have. */
static int
complete(const struct nn_net *net, const struct image *im, struct saliency_request *r, struct err *e)
{
	const struct nn_layer *l;

	if (r->unit >= nn_net_classes(net))
		return fail(e, "the model has no unit %d; its units are 0 to %d", r->unit, nn_net_classes(net) - 1);
	if (r->kind == SALIENCY_OCCLUDE)
		return saliency_square(im->shape, r, e);
	if (r->kind != SALIENCY_GRADCAM)
		return 0;
	if (r->layer < 0 && (r->layer = saliency_layer(net)) < 0)
		return fail(e, "no layer of this model gives a picture, since it has no convolution; `saliency` and "
		    "`occlude` need none");
	l = nn_net_layer(net, r->layer);
	return l->out.rank == 3 ? 0 : fail(e, "%s gives %d numbers and no picture; take a layer before flatten, or "
	    "leave layer= out", l->name, l->out.dim[0]);
}

int
saliency_make(struct session *s, const struct image *im, const struct saliency_request *r, struct saliency *out,
    struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct asking a = {s, im, out};

	*out = (struct saliency){.ask = *r, .height = im->shape.dim[0], .width = im->shape.dim[1]};
	if (net == NULL || session_engine(s, e) == NULL || complete(net, im, &out->ask, e) < 0)
		return -1;
	out->map = calloc((size_t)out->height * (size_t)out->width, sizeof *out->map);
	if (out->map == NULL)
		return fail_memory(e, "not enough memory for a map of the picture");
	if (job_call(&s->worker, ask, s, &a, e) == 0)
		return 0;
	saliency_free(out);
	return -1;
}

void
saliency_free(struct saliency *x)
{
	free(x->map);
	free(x->raw);
	free(x->channel);
	*x = (struct saliency){0};
}
