/* batch.c: the images whose activations and gradients are shown: the batch that a run trained on last, found again from
 * its seed, or the first images of a split.
 */
#include "look/batch.h"

#include "session/made.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* The run's last batch: its epoch counted from 1, and how many of that epoch were done with it. */
struct last {
	const struct run *run;
	int epoch;
	uint32_t step, steps;
};

/* False where there is none, or where nothing tells which it was. */
static bool
last_find(const struct session *s, struct last *l)
{
	const struct job_view *view = job_view(&s->worker);
	const struct run *r = runs_last(&s->runs);
	bool goes_on = view != NULL && view->run != NULL;
	uint32_t next;

	*l = (struct last){.run = r};
	if (r == NULL || s->runs.last_split.kind == SPLIT_NONE || strcmp(r->data, s->data.name) != 0)
		return false;
	if (!goes_on && !split_alike(&s->runs.last_split, &r->split)) /* it was taken back */
		return false;
	l->steps = run_steps(r);
	if (goes_on && job_next_batch(&s->worker, &l->epoch, &next))
		l->step = next - 1;
	else if (goes_on) {
		l->epoch = view->epochs;
		l->step = l->steps;
	} else if (r->state.iterations == 0) { /* a run of a file, and whole */
		l->epoch = r->interrupted ? 0 : r->nepoch;
		l->step = l->steps;
	} else if (r->state.epoch >= r->first_epoch) {
		l->epoch = (int)(r->state.epoch - r->first_epoch) + 1;
		l->step = r->state.step;
	}
	if (l->step == 0) {
		l->epoch--;
		l->step = l->steps;
	}
	return l->epoch > 0 && l->step <= l->steps;
}

/* Puts the images of a batch first, in its order. */
static int
last_order(const struct last *l, struct batch *b, struct err *e)
{
	size_t n = b->sel.set.count, first = (size_t)(l->step - 1) * (size_t)l->run->config.batch, count;
	uint32_t *order = malloc(n * sizeof *order), *index = malloc(n * sizeof *index);
	uint16_t *unit = malloc(n * sizeof *unit);

	if (order == NULL || index == NULL || unit == NULL) {
		free(order);
		free(index);
		free(unit);
		return fail_memory(e, "not enough memory for the order of %zu images", n);
	}
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	if (l->run->config.shuffle)
		nn_shuffle(l->run->config.seed, l->run->first_epoch + (uint32_t)l->epoch - 1, order, n);
	count = n - first < (size_t)l->run->config.batch ? n - first : (size_t)l->run->config.batch;
	for (size_t i = 0; i < count; i++) {
		index[i] = b->sel.index[order[first + i]];
		unit[i] = b->sel.unit[order[first + i]];
	}
	free(order);
	free(b->sel.index);
	free(b->sel.unit);
	b->sel.index = index;
	b->sel.unit = unit;
	b->sel.set.index = index;
	b->sel.set.unit = unit;
	b->sel.set.count = count;
	return 0;
}

int
batch_first(struct session *s, const struct split *split, bool train, size_t n, struct batch *b, struct err *e)
{
	struct dataset *d = session_data(s, e);

	memset(b, 0, sizeof *b);
	b->split = *split;
	if (d == NULL || selection_make(&b->sel, train ? &d->train : &d->test, split, n, e) < 0)
		return -1;
	snprintf(b->text, sizeof b->text, "the first %zu %s images of %.60s", b->sel.set.count,
	    train ? "training" : "test", split->name);
	return 0;
}

int
batch_last(struct session *s, struct batch *b, struct err *e)
{
	struct dataset *d = session_data(s, e);
	struct split split = s->runs.last_split;
	struct last l;

	memset(b, 0, sizeof *b);
	if (d == NULL || (!split_holds(&split, d) && split_usual(d, &split, e) < 0))
		return -1;
	if (!last_find(s, &l))
		return batch_first(s, &split, true, (size_t)s->set.run.batch, b, e);
	b->split = l.run->split;
	if (selection_taken(&b->sel, &d->train, &l.run->split, l.run->take, e) < 0)
		return -1;
	if (b->sel.set.count != l.run->train) { /* other images than those of the run */
		batch_free(b);
		return batch_first(s, &split, true, (size_t)s->set.run.batch, b, e);
	}
	if (last_order(&l, b, e) < 0) {
		batch_free(b);
		return -1;
	}
	snprintf(b->text, sizeof b->text, "the last batch of r%d (epoch %d, batch %u: %zu images of %.40s)",
	    l.run->number, l.epoch, l.step, b->sel.set.count, l.run->split.name);
	return 0;
}

void
batch_free(struct batch *b)
{
	selection_free(&b->sel);
	memset(b, 0, sizeof *b);
}
