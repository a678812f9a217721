/* stage.c: the compiler from layers to stages, and a batch's way through them.
 *
 * A plan's flags and rates are what the net had when it was compiled; whoever runs it compares `edits` first. Its
 * stages may hold packed weights: `version` says which ones.
 */
#include "kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
nn_net_sync(struct nn_net *net)
{
	struct nn_plan *plan = net->dirty;

	if (plan == NULL)
		return;
	net->dirty = NULL;
	for (int i = 0; i < plan->nstages; i++)
		if (plan->stage[i].kind->sync != NULL)
			plan->stage[i].kind->sync(&plan->stage[i]);
}

/* ---- compiling ---- */

/* The kind that takes layers from `first` on and how many, or NULL when only the plain stage would. */
static const struct nn_stage_kind *
match(const struct nn_plan *plan, int first, int end, bool careful, int *count)
{
	if ((*count = nn_stage_norm.match(plan, first, end)) > 0)
		return &nn_stage_norm;
	for (const struct nn_stage_kind *const *k = plan->kernels->stages; !careful && k != NULL && *k != NULL; k++)
		if ((*count = (*k)->match(plan, first, end)) > 0)
			return *k;
	return NULL;
}

static void
cover(struct nn_plan *plan)
{
	int first = plan->begin;

	while (first < plan->end) {
		struct nn_stage *st = &plan->stage[plan->nstages++];
		int end = first <= plan->cut && plan->cut + 1 < plan->end ? plan->cut + 1 : plan->end, next;

		st->first = first;
		st->careful = first >= plan->wild;
		if (!st->careful && plan->wild < end)
			end = plan->wild;
		st->kind = match(plan, first, end, st->careful, &st->count);
		if (st->kind == NULL) {
			st->kind = &nn_stage_plain;
			for (st->count = 1; first + st->count < end; st->count++)
				if (match(plan, first + st->count, end, st->careful, &next) != NULL)
					break;
		}
		first += st->count;
	}
}

static int
make_edge(struct nn_plan *plan, int i, struct nn_err *err)
{
	struct nn_edge *e = &plan->edge[i];
	int next = i < plan->nstages ? plan->stage[i].first : plan->end;

	e->layer = next - 1;
	e->size = nn_shape_size(next == 0 ? plan->net->in : plan->net->layer[next - 1].out);
	if (i == 0)
		return 0;
	e->act = nn_alloc(sizeof *e->act * (size_t)plan->batch * e->size);
	if (i < plan->nstages && plan->train && plan->back < next)
		e->grad = nn_alloc(sizeof *e->grad * (size_t)plan->batch * e->size);
	if (e->act == NULL || (i < plan->nstages && plan->train && plan->back < next && e->grad == NULL))
		return nn_plan_lacks(plan, err);
	return 0;
}

static int
add_phases(struct nn_plan *plan, int s, enum nn_pass_kind pass)
{
	struct nn_phase phase[NN_PHASES_MAX] = {0};
	struct nn_stage *st = &plan->stage[s];
	int n = st->kind->phases(st, pass, phase);

	for (int i = 0; i < n; i++) {
		phase[i].stage = st;
		plan->phase[plan->nphases++] = phase[i];
	}
	return n;
}

static void
list_phases(struct nn_plan *plan)
{
	bool first = true;

	for (int s = 0; s < plan->nstages; s++)
		add_phases(plan, s, NN_FORWARD);
	plan->nforward = plan->safe = plan->nphases;
	if (!plan->train)
		return;
	for (int s = plan->nstages - 1; s >= 0 && plan->stage[s].backward; s--)
		add_phases(plan, s, NN_BACKWARD);
	plan->safe = plan->nphases;
	for (int s = plan->nstages - 1; s >= 0 && plan->stage[s].backward; s--) {
		int at = plan->nphases;

		if (add_phases(plan, s, NN_STEP) > 0) {
			if (!first)
				plan->phase[at].join = true;
			first = false;
		}
	}
}

/* So many multiply-adds take a tenth of a second on a fast machine. */
#define LENGTHY 9e9

static bool
lengthy(const struct nn_plan *plan)
{
	double macs = 0;

	for (int i = plan->begin; i < plan->end; i++)
		macs += (double)plan->net->layer[i].macs;
	return (plan->train ? 3 : 1) * macs * plan->batch >= LENGTHY;
}

static int
first_wild(const struct nn_plan *plan)
{
	const struct nn_net *net = plan->net;
	int i = 0;

	while (i < plan->end && !plan->kernels->wild(net->layer[i].params, net->weights + net->layer[i].offset))
		i++;
	return i;
}

struct nn_plan *
nn_plan_new(struct nn_net *net, const struct nn_engine *eng, const struct nn_plan_spec *spec, struct nn_err *err)
{
	struct nn_plan *plan = calloc(1, sizeof *plan);

	if (plan == NULL) {
		nn_lacks(err, NN_LACK_MEMORY, "out of memory; use fewer layers");
		return NULL;
	}
	nn_net_sync(net);
	plan->net = net;
	plan->kernels = eng->kernels;
	plan->threads = eng->threads;
	plan->engine = eng->id;
	plan->asked = spec->batch;
	plan->batch = (spec->batch + NN_CHUNK - 1) / NN_CHUNK * NN_CHUNK;
	plan->begin = spec->begin;
	plan->end = spec->end;
	plan->train = spec->train;
	plan->edits = net->edits;
	plan->cut = spec->all ? -1 : nn_cut(net);
	plan->back = plan->end;
	for (int i = plan->end - 1; i >= plan->begin; i--) {
		plan->trainable[i] = spec->train && net->layer[i].params > 0 && (spec->all || net->layer[i].trainable);
		plan->rate[i] = spec->all || !spec->train ? 0 : net->layer[i].rate;
		plan->moments[i] = spec->train && net->layer[i].trainable &&
		    net->layer[i].kind == &nn_layer_batch_normalization;
		if (plan->trainable[i])
			plan->back = i;
	}
	memcpy(plan->slot, spec->slot, sizeof plan->slot);
	plan->wild = first_wild(plan);
	plan->lengthy = lengthy(plan);
	cover(plan);
	plan->loss = nn_zalloc(sizeof *plan->loss * (size_t)plan->batch);
	plan->hit = nn_zalloc((size_t)plan->batch);
	plan->pick = nn_zalloc(sizeof *plan->pick * (size_t)plan->batch);
	plan->phase = calloc((size_t)plan->nstages * 3 * NN_PHASES_MAX, sizeof *plan->phase);
	if (plan->loss == NULL || plan->hit == NULL || plan->pick == NULL || plan->phase == NULL) {
		nn_plan_lacks(plan, err);
		goto fail;
	}
	for (int i = 0; i <= plan->nstages; i++)
		if (make_edge(plan, i, err) < 0)
			goto fail;
	for (int i = 0; i < plan->nstages; i++) {
		struct nn_stage *st = &plan->stage[i];

		st->plan = plan;
		st->net = net;
		st->in = &plan->edge[i];
		st->out = &plan->edge[i + 1];
		st->backward = plan->train && plan->back < st->first + st->count;
		st->dx = plan->train && plan->back < st->first;
		if (st->kind->make(st, err) < 0)
			goto fail;
	}
	list_phases(plan);
	return plan;

fail:
	nn_plan_free(plan);
	return NULL;
}

void
nn_plan_free(struct nn_plan *plan)
{
	if (plan == NULL)
		return;
	if (plan->net->dirty == plan)
		nn_net_sync(plan->net);
	for (int i = 0; i < plan->nstages; i++)
		plan->stage[i].kind->free(&plan->stage[i]);
	for (int i = 0; i <= plan->nstages; i++) {
		free(plan->edge[i].act);
		free(plan->edge[i].grad);
	}
	free(plan->phase);
	free(plan->loss);
	free(plan->hit);
	free(plan->pick);
	free(plan);
}

void
nn_plan_note(const struct nn_plan *plan, char *buf, size_t len)
{
	size_t at = 0;

	buf[0] = '\0';
	for (int i = 0; i < plan->nstages && at < len; i++) {
		const struct nn_stage *st = &plan->stage[i];
		const char *first = plan->net->layer[st->first].name, *last = plan->net->layer[st->first + st->count -
		    1].name;

		if (st->count == 1)
			at += (size_t)snprintf(buf + at, len - at, "%s%s: %s", i == 0 ? "" : "; ", st->kind->name,
			    first);
		else
			at += (size_t)snprintf(buf + at, len - at, "%s%s: %s..%s", i == 0 ? "" : "; ", st->kind->name,
			    first, last);
	}
}

/* ---- running ---- */

/* Packed copies are made again when the weights have changed elsewhere. */
static void
refresh(struct nn_plan *plan)
{
	struct nn_net *net = plan->net;

	if (net->dirty != plan)
		nn_net_sync(net);
	if (plan->version == net->version)
		return;
	for (int i = 0; i < plan->nstages; i++)
		if (plan->stage[i].kind->reload != NULL)
			plan->stage[i].kind->reload(&plan->stage[i]);
	plan->version = net->version;
}

int
nn_plan_run(struct nn_plan *plan, const struct nn_engine *eng, struct nn_step *step)
{
	int each;

	refresh(plan);
	step->plan = plan;
	step->chunks = (step->count + NN_CHUNK - 1) / NN_CHUNK;
	each = (step->chunks + NN_PARTS - 1) / NN_PARTS;
	step->parts = (step->chunks + each - 1) / each;
	step->scale = 1.0f / (float)step->count;
	step->loss = plan->loss;
	step->hit = plan->hit;
	/* whoever wants a recorded gradient waits for it */
	step->asked = plan->lengthy && eng->give_up != NULL && (!plan->train || step->opt->id != NN_OPT_record) ?
	    eng : NULL;
	step->given_up = &plan->given_up;
	atomic_store(&plan->given_up, false);
	nn_par_try(eng->par, plan->phase, plan->nphases, step->asked != NULL ? plan->safe : 0, step, step->chunks);
	if (atomic_load(&plan->given_up))
		return NN_STOPPED;
	if (!plan->train)
		return 0;
	/* A recorded gradient changes no weight, but a stage may hold it packed: sync writes both. */
	if (step->opt->id != NN_OPT_record)
		plan->version = ++plan->net->version;
	plan->net->dirty = plan;
	if (atomic_exchange(&plan->went_wild, false))
		plan->net->edits++;
	return 0;
}
