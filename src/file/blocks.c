/* blocks.c: whole blocks of parameters as tensors under a prefix: weights, the optimizer's slots, the weights before a
 * run. */
#include "file/blocks.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

void
blocks_add(struct blocks *l, const struct nn_net *net, const bool *pick, const char *prefix, const float *block)
{
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *layer = nn_net_layer(net, i);

		for (int k = 0; k < layer->ntensors && (pick == NULL || pick[i]); k++) {
			const struct nn_tensor *w = &layer->tensor[k];
			struct tensor_source *x;

			l->x = xrealloc(l->x, l->n + 1, sizeof *l->x);
			x = &l->x[l->n++];
			snprintf(x->name, sizeof x->name, "%s%s", prefix, w->name);
			x->rank = w->rank;
			memcpy(x->dim, w->dim, sizeof x->dim);
			x->data = block + w->offset;
		}
	}
}

void
blocks_slot_prefix(char buf[64], const struct nn_optimizer_info *o, int k)
{
	snprintf(buf, 64, "optimizer.%s.", o->slot[k]);
}

bool
blocks_no_floats(const struct tensor_entry *x)
{
	return x != NULL && x->floats == FLOATS_NONE;
}

void
blocks_loaded_prefix(char buf[64], const struct nn_optimizer_info *o, int k)
{
	snprintf(buf, 64, "optimizer.loaded.%s.", o->slot[k]);
}

char *
blocks_misfit(const struct tensor_entry *x, const struct nn_tensor *w)
{
	char here[64], *there, *why;
	int n = 0;

	if (x == NULL)
		return xstrdup("not in the file");
	if (tensors_fits(x, w->rank, w->dim))
		return NULL;
	if (blocks_no_floats(x))
		return xasprintf("%s in the file, F32 here", x->dtype);
	for (int i = 0; i < w->rank; i++)
		n += snprintf(here + n, sizeof here - (size_t)n, "%s%d", i > 0 ? "x" : "", w->dim[i]);
	there = tensors_shape(x);
	why = xasprintf("%s in the file, %s in the model", there, here);
	free(there);
	return why;
}

bool
blocks_zero_bias(struct tensors *t, const struct nn_net *net, int layer)
{
	const struct nn_layer *l = nn_net_layer(net, layer);
	const struct nn_tensor *bias = NULL;
	uint64_t dim[4];

	for (int k = 0; k < l->ntensors; k++) {
		const struct nn_tensor *w = &l->tensor[k];
		const struct tensor_entry *x = tensors_find(t, w->name);

		if (x == NULL && text_ends(w->name, ".bias"))
			bias = w;
		else if (x == NULL || !tensors_fits(x, w->rank, w->dim))
			return false;
	}
	for (int i = 0; bias != NULL && i < bias->rank; i++)
		dim[i] = (uint64_t)bias->dim[i];
	if (bias == NULL || tensors_add(t, bias->name, "F32", bias->rank, dim) < 0)
		return false;
	t->entry[t->n - 1].zeros = true;
	return true;
}

int
blocks_read(struct tensors *t, const struct nn_net *net, const char *prefix, float *block, size_t *used, struct err *e)
{
	char name[112], *why;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		for (int k = 0; k < l->ntensors; k++) {
			const struct tensor_entry *x;

			snprintf(name, sizeof name, "%s%s", prefix, l->tensor[k].name);
			x = tensors_find(t, name);
			if ((why = blocks_misfit(x, &l->tensor[k])) != NULL) {
				fail(e, "%s: %s is %s; %s", t->path, name, why, blocks_no_floats(x) ? BLOCKS_FLOATS :
				    "`build` the model that the file is of, or `load FILE only=all` takes what fits");
				free(why);
				return -1;
			}
			if (tensors_read(t, x, block + l->tensor[k].offset, l->tensor[k].count, e) < 0)
				return -1;
			++*used;
		}
	}
	return 0;
}

bool
blocks_strange(const struct tensors *t, const struct tensor_entry *x)
{
	bool kind = x->floats == FLOATS_32 || (x->floats != FLOATS_NONE && (t->used & 1u << x->floats) != 0);

	return !kind || x->rank > TENSORS_RANK_MAX;
}

/* Tensors that nothing asked for are no harm, but a sign that the file is of another model. */
int
blocks_check_used(const struct tensors *t, size_t used, const struct nn_net *net, struct err *e)
{
	if (used == t->n)
		return 0;
	for (size_t i = 0; i < t->n; i++) {
		bool known = blocks_strange(t, &t->entry[i]) || strncmp(t->entry[i].name, "optimizer.", 10) == 0 ||
		    strncmp(t->entry[i].name, "before.", 7) == 0 || strncmp(t->entry[i].name, "best.", 5) == 0;

		for (int k = 0; k < nn_net_count(net) && !known; k++)
			for (int j = 0; j < nn_net_layer(net, k)->ntensors; j++)
				known |= strcmp(nn_net_layer(net, k)->tensor[j].name, t->entry[i].name) == 0;
		if (!known)
			return fail(e, "%s: its tensor \"%.60s\" belongs to no layer of the model; `load FILE "
			    "only=all` takes what fits", t->path, t->entry[i].name);
	}
	return 0;
}

static bool
has_prefix(const struct tensors *t, const char *prefix)
{
	for (size_t i = 0; i < t->n; i++)
		if (strncmp(t->entry[i].name, prefix, strlen(prefix)) == 0)
			return true;
	return false;
}

float *
blocks_new(struct tensors *t, const struct nn_net *net, const char *prefix, size_t *used, bool *ok, struct err *e)
{
	float *block;

	if (!*ok || !has_prefix(t, prefix))
		return NULL;
	if ((block = malloc(nn_net_params(net) * sizeof *block)) == NULL)
		*ok = fail_memory(e, "%s: not enough memory for %zu weights", t->path,
		    nn_net_params(net)) == 0;
	else if (blocks_read(t, net, prefix, block, used, e) < 0) {
		free(block);
		block = NULL;
		*ok = false;
	}
	return block;
}
