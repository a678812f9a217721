/* probe.c: what simple readers make of each layer's output. */
#include "look/probe.h"

#include "session/made.h"
#include "util/lack.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- images ---- */

/* Keeps n images, spread evenly, so that files sorted by class give all of them. */
static void
probe_thin(struct selection *sel, size_t n)
{
	size_t all = sel->set.count;

	if (n >= all)
		return;
	for (size_t i = 0; i < n; i++) {
		sel->index[i] = sel->index[i * all / n];
		sel->unit[i] = sel->unit[i * all / n];
	}
	sel->set.count = n;
}

int
probe_begin(struct session *s, struct probe *x, size_t train, struct err *e)
{
	struct dataset *d = session_data(s, e);

	if (d == NULL || session_net(s, e) == NULL || session_engine(s, e) == NULL ||
	    model_takes(s->model.net, d->test.images.shape, d->name, e) < 0)
		return -1;
	if (split_count(&x->split) < 2)
		return fail(e, "%s is a single digit, and a reader tells one from another; take a split of two or "
		    "more, such as lt5", x->split.name);
	if (selection_make(&x->train, &d->train, &x->split, 0, e) < 0 ||
	    selection_make(&x->test, &d->test, &x->split, 0, e) < 0)
		return -1;
	probe_thin(&x->train, train);
	for (size_t i = 1; i < x->train.set.count; i++)
		if (x->train.unit[i] != x->train.unit[0])
			return 0;
	return fail(e, "all %zu training images show the same digit; take more by n=, or another split",
	    x->train.set.count);
}

void
probe_free(struct probe *x)
{
	selection_free(&x->train);
	selection_free(&x->test);
}

/* ---- values ---- */

/* What a layer puts out for images first.. of a set: a part of it at a time. */
struct values {
	struct session *s;
	int layer;
	size_t size;
	float *out; /* [NN_EVAL_BATCH][size] */
	bool finite;
};

static size_t
values_count(const struct selection *sel, size_t first)
{
	size_t left = sel->set.count - first;

	return left < NN_EVAL_BATCH ? left : NN_EVAL_BATCH;
}

static int
values_get(struct values *v, const struct selection *sel, size_t first, struct err *e)
{
	struct nn_set set = sel->set;
	struct nn_err why;
	size_t n = values_count(sel, first) * v->size;
	int rc = 0;

	set.index += first;
	set.unit = NULL;
	set.count = values_count(sel, first);
	for (size_t i = 0; v->layer < 0 && i < set.count; i++)
		for (size_t k = 0; k < v->size; k++)
			v->out[i * v->size + k] = (float)set.images->pixels[set.index[i] * v->size + k] / 255.0f;
	if (v->layer >= 0)
		rc = nn_forward(v->s->model.net, v->s->compute.engine, &set, v->layer, v->out, &why);
	for (size_t i = 0; rc == 0 && v->finite && i < n; i++)
		v->finite = isfinite(v->out[i]);
	return rc < 0 ? fail_nn(e, &why) : rc;
}

/* ---- readers ---- */

static int
probe_learn(const struct probe *x, struct values *v, struct nn_readers *readers, struct err *e)
{
	struct nn_err why;
	int rc = 0;

	for (size_t first = 0; rc == 0 && first < x->train.set.count; first += NN_EVAL_BATCH)
		if ((rc = values_get(v, &x->train, first, e)) == 0)
			nn_readers_put(readers, first, values_count(&x->train, first), v->out, x->train.unit + first);
	if (rc != 0 || !v->finite)
		return rc;
	rc = nn_readers_fit(readers, PROBE_RIDGE, &why);
	if (rc < 0) /* numbers whose squares are beyond a double's reach are as good as none */
		v->finite = false;
	return rc < 0 ? 0 : rc;
}

static int
probe_score(const struct probe *x, struct values *v, struct nn_readers *readers, struct probe_row *row, struct err *e)
{
	struct nn_reading *to = xcalloc(NN_EVAL_BATCH, sizeof *to);
	int rc = 0;

	for (size_t first = 0; rc == 0 && v->finite && first < x->test.set.count; first += NN_EVAL_BATCH) {
		size_t count = values_count(&x->test, first);

		if ((rc = values_get(v, &x->test, first, e)) != 0 || !v->finite)
			break;
		nn_readers_read(readers, count, v->out, PROBE_NEAR, to, NULL);
		for (size_t i = 0; i < count; i++) {
			row->linear += to[i].linear == x->test.unit[first + i];
			row->near += to[i].near == x->test.unit[first + i];
		}
	}
	free(to);
	return rc;
}

static int
probe_layer(struct session *s, const struct probe *x, struct probe_row *row, struct err *e)
{
	struct values v = {.s = s, .layer = row->layer, .finite = true, .size = nn_shape_size(row->layer < 0 ?
	    nn_net_input(s->model.net) : nn_net_layer(s->model.net, row->layer)->out)};
	struct nn_err why;
	struct nn_readers *readers = nn_readers_new(s->compute.engine, x->train.set.count, v.size,
	    split_units(&x->split), &why);
	int rc;

	v.out = malloc(NN_EVAL_BATCH * v.size * sizeof *v.out);
	if (readers == NULL)
		rc = fail_nn(e, &why);
	else if (v.out == NULL)
		rc = fail(e, "not enough memory for a layer's outputs; name smaller layers, or %s", lack_memory_way());
	else if ((rc = probe_learn(x, &v, readers, e)) == 0)
		rc = probe_score(x, &v, readers, row, e);
	if (rc == 0) {
		row->done = true;
		row->finite = v.finite;
		row->lambda = nn_readers_lambda(readers);
	}
	free(v.out);
	nn_readers_free(readers);
	return rc;
}

/* Without dropout, a layer that hands on what it gets is read as the one before it. */
static bool
probe_same(const struct session *s, int layer)
{
	const struct nn_layer *l = layer >= 0 ? nn_net_layer(s->model.net, layer) : NULL;

	return l != NULL && (nn_layer_has_rate(l) || strcmp(nn_layer_kind_name(l), "flatten") == 0);
}

int
probe_work(struct session *s, struct probe *x, struct err *e)
{
	int count = nn_net_count(s->model.net), rc = 0;

	for (int i = -1; rc == 0 && i < count; i++) {
		struct probe_row *row = &x->row[x->n];

		if (i < 0 ? !x->pixels : !x->pick[i])
			continue;
		if (probe_same(s, i) && x->n > 0 && row[-1].layer == i - 1) {
			*row = row[-1];
			row->layer = i;
			x->n++;
			continue;
		}
		*row = (struct probe_row){.layer = i};
		if ((rc = probe_layer(s, x, row, e)) == 0)
			x->n++;
	}
	return rc;
}

int
probe_rows(const struct probe *x)
{
	int rows = x->pixels;

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		rows += x->pick[i];
	return rows;
}

size_t
probe_images(const struct probe *x)
{
	return (size_t)(probe_rows(x) - x->pixels) * (x->train.set.count + x->test.set.count);
}
