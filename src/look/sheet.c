/* sheet.c: images with what the model makes of them now. The net is used within job_call, so that it stands still. */
#include "look/sheet.h"

#include "model/named.h"
#include "session/made.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define LOOK 256 /* so many images are evaluated at a time, until enough are found */

const struct split *
sheet_names(const struct session *s)
{
	const struct split *t = &s->model.trained;

	return t->kind != SPLIT_NONE && s->model.net != NULL && split_units(t) <= nn_net_classes(s->model.net) ? t :
	    NULL;
}

int
sheet_digit(const struct session *s, int unit)
{
	const struct split *names = sheet_names(s);

	return names != NULL ? split_digit(names, unit) : -1;
}

const char *
sheet_stands(const struct session *s, int layer, int64_t digit, char buf[96])
{
	const struct nn_net *net = s->model.net;

	buf[0] = '\0';
	for (int i = layer + 1; i < nn_net_count(net); i++)
		if (!layers_activation(nn_net_layer(net, i)))
			return buf;
	for (int u = 0; u < nn_net_classes(net) && digit >= 0; u++)
		if (sheet_digit(s, u) == digit)
			snprintf(buf, 96, "; the unit of %s %d is %.40s[%d]", split_word(sheet_names(s), 1), (int)digit,
			    nn_net_layer(net, layer)->name, u);
	return buf;
}

int
sheet_cols(const struct session *s)
{
	return s->out->mode == OUT_TABLE ? CLASS_COLS : CLASS_WHOLE;
}

const char *
sheet_class(const struct session *s, int label, int cols, char buf[CLASS_TEXT])
{
	const struct split *names = sheet_names(s);
	const struct dataset *d = s->data.set;

	return class_text(names == NULL || names->named == class_names(d) ? d : NULL, label, cols, buf);
}

const char *
sheet_unit(const struct session *s, int unit, bool bare, char buf[CLASS_TEXT])
{
	int label = sheet_digit(s, unit);

	if (label >= 0)
		return sheet_class(s, label, sheet_cols(s), buf);
	snprintf(buf, CLASS_TEXT, bare && sheet_names(s) == NULL ? "%d" : "unit %d", unit);
	return buf;
}

int
sheet_best(const float *p, int classes)
{
	int best = 0;

	for (int u = 1; u < classes; u++)
		best = p[u] > p[best] ? u : best;
	return best;
}

int
sheet_eval(struct session *s, const struct nn_set *set, float *p, struct err *e)
{
	struct nn_engine *eng = session_engine(s, e);
	struct nn_metrics m;
	struct nn_err why;
	int r;

	if (eng == NULL)
		return -1;
	r = nn_eval(s->model.net, eng, set, NULL, &m, p, &why);
	return r == 0 ? 0 : r == NN_STOPPED ? fail(e, "interrupted; run it again") : fail_nn(e, &why);
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

	return sheet_eval(s, &set, o->p, e);
}

int
sheet_predict(struct session *s, const struct image *i, float *p, struct err *e)
{
	struct one o = {i, p};

	return session_net(s, e) == NULL ? -1 : job_call(&s->worker, predict_one, s, &o, e);
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
look_at(struct session *s, struct look *l, const uint32_t *index, size_t n, float *probs, struct err *e)
{
	struct nn_set set = {.images = &l->data->test.images, .index = index, .count = n};
	const struct split *names = sheet_names(s) == NULL && l->r->wrong ? &l->r->split : sheet_names(s);
	int classes = nn_net_classes(s->model.net);

	if (sheet_eval(s, &set, probs, e) < 0)
		return -1;
	for (size_t i = 0; i < n && l->out->n < (size_t)l->r->n; i++) {
		const float *p = probs + i * (size_t)classes;
		struct sheet_image x = {.index = index[i], .label = l->data->test.label[index[i]]};
		int best = sheet_best(p, classes);

		x.predicted = names != NULL ? split_digit(names, best) : -1;
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
	float *probs;
	size_t step = l->r->wrong || l->r->n > LOOK ? LOOK : (size_t)l->r->n;
	int ret = 0;

	probs = xcalloc(step * (size_t)nn_net_classes(s->model.net), sizeof *probs);
	for (size_t at = 0; at < l->count && ret == 0 && l->out->n < (size_t)l->r->n; at += step)
		ret = look_at(s, l, l->index + at, l->count - at < step ? l->count - at : step, probs, e);
	free(probs);
	return ret;
}

bool
sheet_judges(const struct session *s, const struct sheet_request *r)
{
	return r->wrong || sheet_names(s) != NULL;
}

int
sheet_make(struct session *s, const struct sheet_request *r, struct sheet *out, struct err *e)
{
	struct dataset *d = session_data(s, e);
	struct nn_net *net = d != NULL ? session_net(s, e) : NULL;
	struct look l = {.r = r, .data = d, .out = out};
	struct selection sel;
	int ret;

	memset(out, 0, sizeof *out);
	if (net == NULL || model_takes(net, d->test.images.shape, d->name, e) < 0)
		return -1;
	if (selection_make(&sel, &d->test, &r->split, 0, e) < 0)
		return -1;
	if (r->digit >= 0) {
		l.count = 0;
		for (size_t i = 0; i < sel.set.count; i++)
			if (d->test.label[sel.index[i]] == r->digit)
				sel.index[l.count++] = sel.index[i];
		if (l.count == 0) {
			char name[CLASS_TEXT];

			selection_free(&sel);
			return fail(e, "no image of %s shows a %s; take a %s that the split has", r->split.name,
			    class_text(d, r->digit, CLASS_COLS, name), split_word(&r->split, 1));
		}
	} else
		l.count = sel.set.count;
	l.index = sel.index;
	out->of = l.count;
	out->image = xcalloc((size_t)r->n, sizeof *out->image);
	ret = job_call(&s->worker, look, s, &l, e);
	selection_free(&sel);
	if (ret < 0)
		sheet_free(out);
	return ret;
}

int
sheet_ready(const struct session *s, const struct sheet_request *r, struct err *e)
{
	const struct job_view *v = job_view(&s->worker);

	if (r->wrong && sheet_names(s) == NULL && v != NULL && v->run != NULL)
		return fail(e, "the head has not been trained in this session before this run, so nothing says what is "
		    "wrong until it has ended; `stop` ends it");
	return 0;
}

void
sheet_said(struct session *s, const struct sheet_request *r)
{
	if (r->wrong && sheet_names(s) == NULL)
		out_note(s->out, SHEET_UNTRAINED);
}

void
sheet_free(struct sheet *sheet)
{
	free(sheet->image);
	memset(sheet, 0, sizeof *sheet);
}
