/* run.c: makes, keeps, finds and frees the records of runs. */
#include "past/run.h"

#include "data/data.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run *
run_new(const struct runs *runs)
{
	struct run *r = xcalloc(1, sizeof *r), *last = runs_last(runs);

	r->number = last != NULL ? last->number + 1 : 1;
	r->loaded = runs->loaded;
	r->validate = 1;
	r->data = xstrdup(DATA_BUNDLED);
	r->kernels = xstrdup("");
	r->frozen = xstrdup("");
	r->frozen_delta = NAN;
	return r;
}

/* Frees the weights, and what diff and resume need. */
static void
run_lose_weights(struct run *r)
{
	weights_free(r->weights);
	weights_free(r->before);
	weights_free(r->best);
	r->weights = r->before = r->best = NULL;
	free(r->left);
	r->left = NULL;
	for (int k = 0; k < NN_SLOTS_MAX; k++) {
		free(r->slot[k]);
		r->slot[k] = NULL;
	}
}

void
run_free(struct run *r)
{
	if (r == NULL)
		return;
	run_lose_weights(r);
	weights_free(r->former);
	free(r->data);
	free(r->sums);
	free(r->kernels);
	free(r->frozen);
	free(r->model);
	free(r->features);
	free(r->head);
	free(r->layers);
	free(r->changes);
	free(r->epoch);
	free(r->batch);
	free(r->watched);
	free(r->turn);
	free(r->checkpoint);
	free(r->rest);
	free(r);
}

bool
run_froze(const struct run *r, const char *layer)
{
	size_t n = strlen(layer);

	for (const char *p = r->frozen; (p = strstr(p, layer)) != NULL; p += n)
		if ((p == r->frozen || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

void
run_change(struct run *r, const char *change)
{
	char *all = r->changes != NULL ? xasprintf("%s; %s", r->changes, change) : xstrdup(change);

	free(r->changes);
	r->changes = all;
}

void
run_changed(const struct run *r, bool *lr, bool *more)
{
	const char *at = r->changes;

	*lr = *more = false;
	while (at != NULL) { /* "epoch 2, batch 17: lr 0.5; epoch 3, batch 1: freeze conv2d" */
		const char *end = strstr(at, "; "), *what = strstr(at, ": ");
		bool is_lr = what != NULL && (end == NULL || what < end) && strncmp(what + 2, "lr ", 3) == 0;

		*lr |= is_lr;
		*more |= !is_lr;
		at = end != NULL ? end + 2 : NULL;
	}
}

bool
runs_plot(struct runs *runs, struct run *const *run, int n)
{
	struct plotted p = {.n = n, .last = runs->n > 0 ? runs->list[runs->n - 1]->number : 0};

	runs->plotted.n = 0;
	if (n > RUNS_PLOTTED)
		return false;
	for (int k = 0; k < n; k++)
		if ((p.number[k] = run[k]->number) == 0)
			return false;
	runs->plotted = p;
	return true;
}

char *
run_name(const struct run *r, char name[16])
{
	if (r->number > 0)
		snprintf(name, 16, "r%d", r->number);
	else
		snprintf(name, 16, "%.8s", r->record);
	return name;
}

uint32_t
run_steps(const struct run *r)
{
	return (uint32_t)((r->train + (size_t)r->config.batch - 1) / (size_t)r->config.batch);
}

int
run_stands(const struct run *r)
{
	bool ended = !r->interrupted && r->sha256[0] != '\0';
	int best = r->goal_asked && ended ? goal_after(&r->goal, r->epoch, r->nepoch).best : 0;

	return best > 0 ? best : r->nepoch;
}

double
run_seconds(const struct run *r)
{
	return r->seconds > 0 ? r->seconds : NAN;
}

const struct epoch_record *
run_figures(const struct run *r)
{
	static const struct epoch_record none = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	int epoch = run_stands(r);

	return epoch > 0 ? &r->epoch[epoch - 1] : &none;
}

#define WEIGHTS_KEPT 16 /* of so many runs */

void
runs_add(struct runs *runs, struct run *r)
{
	runs->list = xrealloc(runs->list, (size_t)runs->n + 1, sizeof *runs->list);
	runs->list[runs->n++] = r;
}

void
runs_begun(struct runs *runs)
{
	struct run *before = runs->n > 1 ? runs->list[runs->n - 2] : NULL;
	struct weights *weights;
	int past = runs->n - 1 - WEIGHTS_KEPT;

	if (before != NULL) {
		weights = before->weights;
		before->weights = NULL;
		run_lose_weights(before);
		before->weights = weights;
	}
	if (past >= 0) {
		weights_free(runs->list[past]->weights);
		weights_free(runs->list[past]->former);
		runs->list[past]->weights = runs->list[past]->former = NULL;
	}
}

void
runs_take_back(struct runs *runs)
{
	runs->n--;
}

void
results_forget(struct results *r)
{
	free(r->looked.taken);
	free(r->looked.moved.point[0]);
	free(r->looked.moved.point[1]);
	free(r->label);
	*r = (struct results){0};
}

struct label_known *
results_label(struct results *r, int label)
{
	if (label >= r->labels) {
		int n = label < 16 ? 16 : label + label / 2;

		r->label = xrealloc(r->label, (size_t)n, sizeof *r->label);
		memset(r->label + r->labels, 0, (size_t)(n - r->labels) * sizeof *r->label);
		r->labels = n;
	}
	return &r->label[label];
}

void
runs_recall_model(struct runs *runs, const char *model, struct nn_shape in)
{
	for (int i = 0; i < runs->n; i++) {
		struct run *r = runs->list[i];

		if (r->former == NULL || r->model == NULL || strcmp(r->model, model) != 0 ||
		    memcmp(r->input.dim, in.dim, sizeof in.dim) != 0)
			continue;
		r->weights = r->former;
		r->former = NULL;
	}
}

void
runs_forget_model(struct runs *runs)
{
	for (int i = 0; i < runs->n; i++) {
		struct run *r = runs->list[i];

		if (r->former == NULL) {
			r->former = r->weights;
			r->weights = NULL;
		}
		run_lose_weights(r);
	}
	runs->next_epoch = 0;
	runs->last_split = (struct split){0};
	results_forget(&runs->results);
}

void
runs_free(struct runs *runs)
{
	for (int i = 0; i < runs->n; i++)
		run_free(runs->list[i]);
	free(runs->list);
	compared_free(&runs->compared);
	rates_free(&runs->rates);
	results_forget(&runs->results);
	*runs = (struct runs){0};
}

struct run *
runs_last(const struct runs *runs)
{
	return runs->n > 0 ? runs->list[runs->n - 1] : NULL;
}

void
runs_keep(struct runs *runs)
{
	const struct run *last = runs_last(runs);

	snprintf(runs->kept, sizeof runs->kept, "%s", last != NULL ? last->sha256 : "");
}

bool
runs_unkept(const struct runs *runs)
{
	const struct run *last = runs_last(runs);

	return last != NULL && strcmp(last->sha256, runs->kept) != 0;
}

struct run *
runs_find(const struct runs *runs, const char *name, struct err *e)
{
	char *end = NULL;
	long n = 0;

	if (name[0] == 'r')
		n = strtol(name + 1, &end, 10);
	if (end == NULL || end == name + 1 || *end != '\0') {
		fail(e, "\"%.40s\" is not a run; runs are r1, r2, ... (`runs` lists them), or the first 8 digits of "
		    "a record's hash", name);
		return NULL;
	}
	for (int i = 0; i < runs->n; i++)
		if (runs->list[i]->number == n)
			return runs->list[i];
	if (runs->n == 0)
		fail(e, "no run %.40s, there is none yet; `train gte5` makes r1", name);
	else
		fail(e, "no run %.40s; there are r%d to r%d", name, runs->list[0]->number,
		    runs->list[runs->n - 1]->number);
	return NULL;
}
