/* feed_inside.c: the filters of a layer, and what a layer makes of the digit that is shown first: as the worker sees
 * them between two batches, or as they stand. Nothing is computed for a pane that is not in view.
 */
#include "model/named.h"
#include "session/made.h"
#include "util/num.h"
#include "util/xmalloc.h"
#include "view/feed.h"
#include "view/feed_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSIDE_MAPS 64 /* shown at most */
#define INSIDE_FILTERS 1 /* the numbers of their tiles: from here on, */
#define INSIDE_OUTPUT 1000 /* and from here */

/* ---- which layers ---- */

static bool
inside_conv(const struct nn_layer *l)
{
	return l->ntensors > 0 && l->tensor[0].rank == 4;
}

/* It has weights that can be drawn: a kernel, and no statistics of channels. */
static bool
inside_weighs(const struct nn_layer *l)
{
	return l->ntensors > 0 && l->tensor[0].rank > 1;
}

/* Of that name, which the model may not have any more: -1. */
static int
inside_named(const struct nn_net *net, const char *name)
{
	for (int i = 0; name != NULL && i < nn_net_count(net); i++)
		if (strcmp(nn_net_layer(net, i)->name, name) == 0)
			return i;
	return -1;
}

/* The one that was named, if it has weights; the first one with filters; else the first dense one. */
static int
inside_kernel_layer(const struct nn_net *net, const char *name)
{
	int dense = inside_named(net, name);

	if (dense >= 0 && inside_weighs(nn_net_layer(net, dense)))
		return dense;
	dense = -1;
	for (int i = nn_net_count(net) - 1; i >= 0; i--)
		if (inside_weighs(nn_net_layer(net, i)))
			dense = i;
	for (int i = 0; i < nn_net_count(net); i++)
		if (inside_conv(nn_net_layer(net, i)))
			return i;
	return dense;
}

/* The one that was named; the last convolution, behind its activation; else the layer of the filters. */
static int
inside_output_layer(const struct nn_net *net, const char *name)
{
	int at = inside_named(net, name);

	if (at >= 0)
		return at;
	at = inside_kernel_layer(net, NULL);
	for (int i = 0; i < nn_net_count(net); i++)
		if (inside_conv(nn_net_layer(net, i)))
			at = i;
	if (at >= 0 && at + 1 < nn_net_count(net) && layers_activation(nn_net_layer(net, at + 1)))
		at++;
	return at;
}

/* Whether nothing up to that layer learns. */
static bool
inside_frozen(const struct nn_net *net, int layer)
{
	size_t params = 0;

	for (int i = 0; i <= layer; i++) {
		if (nn_net_layer(net, i)->params > 0 && nn_net_layer(net, i)->trainable)
			return false;
		params += nn_net_layer(net, i)->params;
	}
	return params > 0;
}

/* ---- their numbers as maps ---- */

/* How n numbers lie in rows: as a square or nearly one. */
static int
inside_rows(int n)
{
	int rows = (int)sqrt(n);

	while (n % rows != 0)
		rows--;
	return rows;
}

/* values: [height][width][each], of which `each` maps are made, each with its number. */
static void
inside_maps(struct ui_tiles *t, int height, int width, int each, const float *values, int live, const char *what)
{
	int n = each < INSIDE_MAPS ? each : INSIDE_MAPS;

	ui_tiles_clear(t);
	ui_scale_fit(&t->scale, UI_MAP_NONE, values, (size_t)height * (size_t)width * (size_t)each, 1);
	t->scale.label = xstrdup(what);
	t->whole = true;
	for (int i = 0; i < n; i++) {
		char name[16];

		snprintf(name, sizeof name, "%d", i);
		ui_tiles_add_map(t, NULL, height, width, values + i, (size_t)each, n > 1 ? name : NULL, NULL)->live =
		    live + i;
	}
}

/* Of a convolution: each filter, where there are several channels their mean. Of a dense layer: each unit's weights of
 * the picture, where it sees that; else all as one. */
static void
inside_kernel_maps(struct ui_tiles *t, const struct nn_net *net, const struct nn_layer *l, const float *kernel)
{
	const int *dim = l->tensor[0].dim;
	struct nn_shape in = nn_net_layer(net, 0)->in;
	bool conv = inside_conv(l), sees = in.rank == 3 && dim[0] == (int)nn_shape_size(in);
	int height = conv || !sees ? dim[0] : in.dim[0], width = conv ? dim[1] : sees ? in.dim[1] : dim[1],
	    channels = conv ? dim[2] : sees ? in.dim[2] : 1, each = conv ? dim[3] : sees ? dim[1] : 1;
	size_t n = (size_t)height * (size_t)width;
	float *mean = xcalloc(n * (size_t)each, sizeof *mean);

	for (size_t i = 0; i < n; i++)
		for (int c = 0; c < channels; c++)
			for (int k = 0; k < each; k++)
				mean[i * (size_t)each + (size_t)k] += kernel[(i * (size_t)channels + (size_t)c) *
				    (size_t)each + (size_t)k] / (float)channels;
	inside_maps(t, height, width, each, mean, INSIDE_FILTERS, channels > 1 ? "weight, mean" : "weight");
	free(mean);
}

static void
inside_output_maps(struct ui_tiles *t, const struct nn_layer *l, const float *out)
{
	int n = (int)nn_shape_size(l->out), rows = inside_rows(n);

	if (l->out.rank == 3)
		inside_maps(t, l->out.dim[0], l->out.dim[1], l->out.dim[2], out, INSIDE_OUTPUT, "output");
	else
		inside_maps(t, rows, n / rows, 1, out, INSIDE_OUTPUT, "output");
}

/* ---- what is said of them ---- */

/* How far the kernel has moved since the run began; NAN where that is not known. */
static double
inside_moved(const struct run *r, const struct nn_layer *l, const float *kernel)
{
	const float *before = r != NULL && r->before != NULL ? weights_layer(r->before, l->offset) : NULL;
	double most = 0;

	for (size_t i = 0; before != NULL && i < l->tensor[0].count; i++)
		most = fmax(most, fabs((double)kernel[i] - (double)before[i]));
	return before != NULL ? most : NAN;
}

static void
inside_say_filters(struct ui_tiles *t, const struct nn_layer *l, const struct run *r, const float *kernel)
{
	double moved = inside_moved(r, l, kernel);
	char far[32];

	t->title = xstrdup(l->name);
	t->still = !l->trainable;
	if (isnan(moved))
		t->note = t->still ? xstrdup("frozen") : NULL;
	else if (t->still && moved == 0) {
		t->note = xasprintf("frozen, still in r%d", r->number);
		t->brief = xstrdup("frozen");
	} else {
		t->note = xasprintf("moved %s in r%d%s", num_fixed(far, moved, 4), r->number,
		    t->still ? ", frozen since" : "");
		t->brief = xasprintf("moved %s", far);
	}
}

static void
inside_say_output(struct ui_tiles *t, const struct nn_net *net, int layer, const struct feed *f, const struct run *r,
    const struct inside *seen)
{
	const char *picture = f->inside_picture;

	t->title = xstrdup(nn_net_layer(net, layer)->name);
	t->still = inside_frozen(net, layer);
	if (t->still) {
		t->note = xasprintf("%s, frozen", picture);
		t->brief = xstrdup("frozen");
	} else if (seen->epoch > 0 && r != NULL) {
		t->note = xasprintf("%s, r%d epoch %d batch %u", picture, r->number, seen->epoch, seen->step);
		t->brief = xasprintf("batch %u", seen->step);
	} else
		t->note = xstrdup(picture);
}

/* ---- all ---- */

struct feed_see {
	const struct inside_of *of;
	struct inside *seen;
};

static int
feed_see_now(struct session *s, void *arg, struct err *e)
{
	struct feed_see *x = arg;
	struct nn_engine *eng = session_engine(s, e);

	if (eng != NULL)
		x->seen = inside_see(s->model.net, eng, x->of);
	return x->seen != NULL ? 0 : -1;
}

/* The picture that was asked for, else the digit that is shown first. False: there is none of a form that the net
 * takes. */
static bool
feed_inside_picture(struct feed *f, struct inside_of *of)
{
	const struct nn_net *net = f->s->model.net;
	const struct image *im = f->ask_picture;
	const struct part *test = f->s->data.set != NULL ? &f->s->data.set->test : NULL;
	uint32_t index = f->sheet.n > 0 ? f->sheet.image[0].index : 0;
	struct err ignored = {0};
	int label;

	if (im != NULL && model_takes(net, im->shape, "", &ignored) == 0) {
		of->shape = im->shape;
		of->pixels = im->pixels;
		label = im->label;
	} else if (test != NULL && index < test->images.count &&
	    model_takes(net, test->images.shape, "", &ignored) == 0) {
		of->shape = test->images.shape;
		of->pixels = test->images.pixels + index * nn_shape_size(of->shape);
		label = test->label[index];
		im = NULL;
	} else
		return false;
	free(f->inside_picture);
	f->inside_picture = im == NULL ? xasprintf("%d of test:%u", label, index) : label >= 0 ?
	    xasprintf("%d of %s", label, im->name) : xstrdup(im->name);
	return true;
}

/* Chooses what is watched. False: no picture is. */
static bool
feed_inside_of(struct feed *f, struct inside_of *of)
{
	const struct nn_net *net = f->s->model.net;

	*of = (struct inside_of){.kernel = -1, .output = -1};
	if (f->sees & FEED_FILTERS)
		of->kernel = inside_kernel_layer(net, f->ask_filters);
	if (!(f->sees & FEED_ACTIVATIONS) || !feed_inside_picture(f, of))
		return false;
	of->output = inside_output_layer(net, f->ask_output);
	return true;
}

static void
feed_inside_fill(struct feed *f, struct ui_model *m, const struct inside_of *of, const struct inside *seen,
    const struct run *r)
{
	const struct nn_net *net = f->s->model.net;

	if (seen->kernel != NULL) {
		const struct nn_layer *l = nn_net_layer(net, of->kernel);

		inside_kernel_maps(&m->filters, net, l, seen->kernel);
		inside_say_filters(&m->filters, l, r, seen->kernel);
	}
	if (seen->output != NULL) {
		inside_output_maps(&m->activations, nn_net_layer(net, of->output), seen->output);
		inside_say_output(&m->activations, net, of->output, f, r, seen);
	}
}

/* A task lets nobody see its network while it works; a pane that is empty so long says so. */
static void
feed_inside_wait(struct ui_tiles *t, const struct job_view *v)
{
	if (t->n > 0)
		return;
	free(t->note);
	t->note = v != NULL && v->run == NULL ? xasprintf("shown when %s is done", v->command) : NULL;
}

void
feed_inside(struct feed *f, struct ui_model *m, const struct job_view *v)
{
	struct inside_of of;
	struct feed_see now = {&of, NULL};
	bool pictures = feed_inside_of(f, &of);
	struct err ignored = {0};
	uint64_t version;
	const struct inside *seen;

	job_watch(&f->s->worker, (f->sees & (FEED_FILTERS | FEED_ACTIVATIONS)) != 0 ? &of : NULL);
	seen = job_inside(&f->s->worker, &version);
	if ((f->sees & FEED_ACTIVATIONS) && !pictures)
		ui_tiles_clear(&m->activations);
	if (v != NULL && v->run != NULL) {
		if (seen != NULL && version != f->inside_version)
			feed_inside_fill(f, m, &of, seen, v->run);
		f->inside_version = version;
	}
	if ((v == NULL || (v->paused && seen == NULL)) && ((f->sees & FEED_FILTERS) || pictures) &&
	    job_call(&f->s->worker, feed_see_now, f->s, &now, &ignored) == 0) {
		now.seen->epoch = v != NULL ? v->epoch : 0;
		now.seen->step = v != NULL ? v->step : 0;
		feed_inside_fill(f, m, &of, now.seen, v != NULL ? v->run : runs_last(&f->s->runs));
		inside_free(now.seen);
	}
	feed_inside_wait(&m->filters, v);
	if (pictures)
		feed_inside_wait(&m->activations, v);
}

void
feed_ask(struct feed *f, int layer, const struct image *im)
{
	char **name = im == NULL ? &f->ask_filters : &f->ask_output;

	if (layer >= 0 && layer < nn_net_count(f->s->model.net)) {
		free(*name);
		*name = xstrdup(nn_net_layer(f->s->model.net, layer)->name);
	}
	if (im != NULL) {
		image_free(f->ask_picture);
		f->ask_picture = image_copy(im);
	}
	f->touched = true;
}

void
feed_sees(struct feed *f, unsigned panes)
{
	f->touched |= (panes & ~f->sees) != 0;
	f->sees = panes;
}
