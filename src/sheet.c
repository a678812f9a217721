/* sheet.c: images with what the model makes of them now. The net is used in job_call, so that it stands still meanwhile. */
#include "sheet.h"

#include "job.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define LOOK 256 /* images evaluated at a time, until enough are found */

const struct split *
sheet_names(const struct session *s)
{
	const struct split *t = &s->model.trained;

	return t->kind != SPLIT_NONE && s->model.net != NULL && split_count(t) <= nn_net_classes(s->model.net) ? t : NULL;
}

int
sheet_digit(const struct session *s, int unit)
{
	const struct split *names = sheet_names(s);

	return names != NULL ? split_digit(names, unit) : -1;
}

int
sheet_best(const float *p, int classes)
{
	int best = 0;

	for (int u = 1; u < classes; u++)
		best = p[u] > p[best] ? u : best;
	return best;
}

/* ---- one picture ---- */

struct one {
	const struct image *image;
	float *p;
};

static int
predict_one(struct session *s, void *arg, struct err *e)
{
	struct one *o = arg;
	uint32_t index = 0;
	struct nn_images images = {.shape = o->image->shape, .count = 1, .pixels = o->image->pixels};
	struct nn_set set = {.images = &images, .index = &index, .count = 1};
	struct nn_engine *eng = session_engine(s, e);
	struct nn_metrics m;
	struct nn_err why;
	int r;

	if (eng == NULL)
		return -1;
	r = nn_eval(s->model.net, eng, &set, NULL, &m, o->p, &why);
	return r == 0 ? 0 : fail(e, "%s", r == NN_STOPPED ? "interrupted; run it again" : why.text);
}

int
sheet_predict(struct session *s, const struct image *i, float *p, struct err *e)
{
	struct one o = {i, p};

	return session_net(s, e) == NULL ? -1 : job_call(s, predict_one, &o, e);
}

/* ---- many ---- */

struct look {
	const struct sheet_request *r;
	const struct dataset *data;
	struct sheet *out;
	const uint32_t *index; /* candidates, in file order */
	size_t count;
};

static int
look_at(struct session *s, struct look *l, struct nn_engine *eng, const uint32_t *index, size_t n, float *probs, struct err *e)
{
	struct nn_set set = {.images = &l->data->test.images, .index = index, .count = n};
	int classes = nn_net_classes(s->model.net), r;
	struct nn_metrics m;
	struct nn_err why;

	r = nn_eval(s->model.net, eng, &set, NULL, &m, probs, &why);
	if (r != 0)
		return fail(e, "%s", r == NN_STOPPED ? "interrupted; run it again" : why.text);
	for (size_t i = 0; i < n && l->out->n < (size_t)l->r->n; i++) {
		const float *p = probs + i * (size_t)classes;
		struct sheet_image x = {.index = index[i], .label = l->data->test.label[index[i]]};
		int best = sheet_best(p, classes);

		x.predicted = sheet_digit(s, best);
		x.p = p[best];
		l->out->seen++;
		if (!l->r->wrong || x.predicted != x.label)
			l->out->image[l->out->n++] = x;
	}
	return 0;
}

static int
look(struct session *s, void *arg, struct err *e)
{
	struct look *l = arg;
	struct nn_engine *eng = session_engine(s, e);
	float *probs;
	size_t step = l->r->wrong || l->r->n > LOOK ? LOOK : (size_t)l->r->n;
	int ret = 0;

	if (eng == NULL)
		return -1;
	probs = xcalloc(step * (size_t)nn_net_classes(s->model.net), sizeof *probs);
	for (size_t at = 0; at < l->count && ret == 0 && l->out->n < (size_t)l->r->n; at += step)
		ret = look_at(s, l, eng, l->index + at, l->count - at < step ? l->count - at : step, probs, e);
	free(probs);
	return ret;
}

int
sheet_make(struct session *s, const struct sheet_request *r, struct sheet *out, struct err *e)
{
	struct dataset *d = session_data(s, e);
	struct nn_net *net = d != NULL ? session_net(s, e) : NULL;
	struct look l = {.r = r, .data = d, .out = out};
	struct selection sel;
	struct nn_shape in;
	int ret;

	memset(out, 0, sizeof *out);
	if (net == NULL)
		return -1;
	in = nn_net_input(net);
	if (memcmp(in.dim, d->test.images.shape.dim, sizeof in.dim) != 0)
		return fail(e, "the model takes images of %dx%dx%d, but those of %s are of another size; `build` makes a model for them", in.dim[0],
		    in.dim[1], in.dim[2], d->name);
	if (r->wrong && sheet_names(s) == NULL)
		return fail(e, "the head has not been trained in this session, so nothing says what is wrong; `train %s` first", r->split.name);
	if (selection_make(&sel, &d->test, &r->split, 0, e) < 0)
		return -1;
	if (r->digit >= 0) {
		l.count = 0;
		for (size_t i = 0; i < sel.set.count; i++)
			if (d->test.label[sel.index[i]] == r->digit)
				sel.index[l.count++] = sel.index[i];
		if (l.count == 0) {
			selection_free(&sel);
			return fail(e, "no image of %s shows a %d; take a digit that the split has", r->split.name, r->digit);
		}
	} else
		l.count = sel.set.count;
	l.index = sel.index;
	out->image = xcalloc((size_t)r->n, sizeof *out->image);
	ret = job_call(s, look, &l, e);
	selection_free(&sel);
	if (ret < 0)
		sheet_free(out);
	return ret;
}

void
sheet_free(struct sheet *sheet)
{
	free(sheet->image);
	memset(sheet, 0, sizeof *sheet);
}

void
sheet_tiles(struct session *s, const struct sheet_request *r, const struct sheet *sheet, struct ui_tiles *t)
{
	const struct part *part = &s->data->test;
	const int *dim = part->images.shape.dim;
	size_t size = nn_shape_size(part->images.shape), wrong = 0;
	char label[8], caption[32], p[16];

	for (size_t i = 0; i < sheet->n; i++) {
		const struct sheet_image *x = &sheet->image[i];
		bool right = x->predicted == x->label;
		struct ui_tile *tile;

		snprintf(label, sizeof label, "%d", x->label);
		if (x->p > 0.994999)
			strcpy(p, "1.0");
		else
			snprintf(p, sizeof p, ".%02d", (int)(x->p * 100 + 0.5));
		if (sheet_names(s) == NULL)
			caption[0] = '\0';
		else if (right)
			snprintf(caption, sizeof caption, " %s", p);
		else if (x->predicted >= 0)
			snprintf(caption, sizeof caption, "%d %s", x->predicted, p);
		else
			snprintf(caption, sizeof caption, "? %s", p);
		tile = ui_tiles_add(t, dim[0], dim[1], dim[2], part->images.pixels + x->index * size, label, caption,
		    sheet_names(s) == NULL ? 0 : right ? 1 : -1);
		tile->id = x->index;
		wrong += !right;
	}
	free(t->title);
	t->title = xasprintf("%s test%s", r->split.name, r->wrong ? ", wrong ones" : "");
	free(t->note);
	t->note = sheet_names(s) == NULL ? xstrdup("not trained yet")
	    : r->wrong ? xasprintf("%zu wrong of the first %zu", sheet->n, sheet->seen)
		       : xasprintf("%zu of %zu wrong", wrong, sheet->n);
}
