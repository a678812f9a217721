/* torch.c: weights in PyTorch's names and layout. */
#include "file/torch.h"

#include "file/torch_form.h"
#include "file/torch_match.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

bool
torch_named(const struct tensors *t)
{
	bool weight = false;

	for (size_t i = 0; i < t->n; i++) {
		weight |= text_ends(t->entry[i].name, ".weight");
		if (text_ends(t->entry[i].name, ".kernel"))
			return false;
	}
	return weight;
}

struct view {
	struct tensors *inner;
	struct piece {
		size_t inner; /* its entry there */
		bool ours; /* one of the net's, of this form */
		struct torch_form form;
	} *piece; /* as the entries */
	bool *used; /* of the inner ones */
	char *module[NN_LAYERS_MAX]; /* of each layer with parameters; NULL: none */
};

static void
drop(struct tensors *t)
{
	struct view *v = t->own;

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		free(v->module[i]);
	free(v->piece);
	free(v->used);
	tensors_close(v->inner);
	free(v);
}

static int
read_piece(struct tensors *t, const struct tensor_entry *x, void *out, size_t bytes, struct err *e)
{
	struct view *v = t->own;
	const struct piece *p = &v->piece[x - t->entry];
	size_t size = floats_size(x->floats);
	uint8_t *raw, *to = out;
	int rc;

	if (!p->ours)
		return tensors_bytes(v->inner, &v->inner->entry[p->inner], out, bytes, e);
	if ((raw = malloc(bytes + 1)) == NULL)
		return fail_memory(e, "%s: not enough memory to read it", t->path);
	rc = tensors_bytes(v->inner, &v->inner->entry[p->inner], raw, bytes, e);
	for (size_t k = 0; k < bytes / size && rc == 0; k++)
		memcpy(to + k * size, raw + torch_form_place(&p->form, k) * size, size);
	free(raw);
	return rc;
}

/* Which module belongs to which layer: by name, in their order, or by shape. */
static int
find_modules(struct view *v, const struct nn_net *net, bool ordered, struct str *said, struct err *e)
{
	char *list[NN_LAYERS_MAX + 1];
	int n = torch_match_list(v->inner, list, NN_LAYERS_MAX + 1), layers = 0, named = 0, rc = 0;
	bool in_order;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		layers += l->params > 0;
		for (int k = 0; k < n; k++)
			named += l->params > 0 && strcmp(list[k], l->name) == 0;
	}
	in_order = ordered && named == 0 && n == layers;
	if (in_order)
		str_add(said, "the file has other names than the model, so its weights were taken in their order");
	if (ordered && named == 0 && n != layers)
		rc = fail(e, "%s has weights of %d modules and the model has %d layers with weights, none of the same "
		    "name; `build` the model that the file is of", v->inner->path, n, layers);
	else if (!ordered && named == 0)
		rc = torch_match(v->inner, net, list, n, v->module, said, e);
	for (int i = 0, k = 0; i < nn_net_count(net); i++)
		if (nn_net_layer(net, i)->params > 0 && v->module[i] == NULL)
			v->module[i] = xstrdup(in_order ? list[k++] : nn_net_layer(net, i)->name);
	for (int k = 0; k < n; k++)
		free(list[k]);
	return rc;
}

/* A tensor of the file under a name and with the dims that it has here. */
static int
add_entry(struct tensors *t, const struct tensor_entry *x, const char *name, const uint64_t *dim, struct piece p,
    struct err *e)
{
	struct view *v = t->own;

	p.inner = (size_t)(x - v->inner->entry);
	v->piece[t->n] = p;
	v->used[p.inner] = true;
	if (tensors_add(t, name, x->dtype, x->rank < TENSORS_RANK_MAX ? x->rank : TENSORS_RANK_MAX, dim) == 0)
		return 0;
	return fail(e, "%s: \"%.60s\" says that it is larger than any memory; load another", t->path, x->name);
}

static int
add_tensor(struct tensors *t, const struct nn_net *net, int layer, const struct nn_tensor *w, struct err *e)
{
	struct view *v = t->own;
	const char *suffix = torch_suffix(w->name);
	char *name = xasprintf("%s.%s", v->module[layer], suffix != NULL ? suffix : "");
	const struct tensor_entry *x = tensors_find(v->inner, name);
	uint64_t dim[TENSORS_RANK_MAX];

	free(name);
	if (x == NULL || x->rank > TENSORS_RANK_MAX)
		return 0;
	memcpy(dim, x->dim, sizeof dim);
	if (x->rank == 4)
		memcpy(dim, (const uint64_t[]){x->dim[2], x->dim[3], x->dim[1], x->dim[0]}, 4 * sizeof *dim);
	else if (x->rank == 2)
		memcpy(dim, (const uint64_t[]){x->dim[1], x->dim[0]}, 2 * sizeof *dim);
	return add_entry(t, x, w->name, dim, (struct piece){.ours = true, .form = torch_form_of(net, layer, w)}, e);
}

/* What a state_dict does not say: of a module of PyTorch, unless it was told otherwise, the epsilon is 1e-5, and the
 * statistics keep 0.9 of themselves. */
static void
say_unseen(const struct nn_net *net, struct str *said)
{
	char epsilon[32];

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (strcmp(nn_layer_kind_name(l), "batch_normalization") != 0 || fabs(l->spec.epsilon - 1e-5) < 1e-9)
			continue;
		str_add(said, "%sno state_dict says the epsilon of batch normalization, which is 1e-5 in PyTorch "
		    "unless told otherwise, and %s in %s: outputs differ; `build \"... batch_normalization "
		    "epsilon=1e-5 momentum=0.9 ...\"` makes it as there", said->n > 0 ? "; " : "", num_text(epsilon,
		    l->spec.epsilon), l->name);
		return;
	}
}

struct tensors *
torch_view(struct tensors *inner, const struct nn_net *net, bool ordered, struct str *said, struct err *e)
{
	struct tensors *t = tensors_new(inner->path);
	struct view *v = xcalloc(1, sizeof *v);
	int rc;

	v->inner = inner;
	v->piece = xcalloc(inner->n + NN_LAYERS_MAX * NN_TENSORS_MAX, sizeof *v->piece);
	v->used = xcalloc(inner->n + 1, sizeof *v->used);
	t->own = v;
	t->drop = drop;
	t->read = read_piece;
	t->metadata = inner->metadata;
	rc = find_modules(v, net, ordered, said, e);
	for (int i = 0; i < nn_net_count(net); i++)
		for (int k = 0; k < nn_net_layer(net, i)->ntensors && rc == 0; k++)
			rc = add_tensor(t, net, i, &nn_net_layer(net, i)->tensor[k], e);
	for (size_t i = 0; i < inner->n && rc == 0; i++) {
		const struct tensor_entry *x = &inner->entry[i];

		if (!v->used[i] && !text_ends(x->name, ".num_batches_tracked")) /* which only counts */
			rc = add_entry(t, x, x->name, x->dim, (struct piece){.ours = false}, e);
	}
	if (rc == 0 && said->n > 0) /* the names are not those of a model that was exported from here */
		say_unseen(net, said);
	if (rc == 0)
		return t;
	tensors_close(t);
	return NULL;
}

/* ---- writing ---- */

int
torch_add(struct blocks *l, const struct nn_net *net, const bool *pick, const float *block, float **copy,
    struct err *e)
{
	if ((*copy = malloc(nn_net_params(net) * sizeof **copy + 1)) == NULL)
		return fail_memory(e, "not enough memory for another copy of the weights");
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *layer = nn_net_layer(net, i);

		for (int k = 0; k < layer->ntensors && (pick == NULL || pick[i]); k++) {
			const struct nn_tensor *w = &layer->tensor[k];
			struct torch_form f = torch_form_of(net, i, w);
			struct tensor_source *x;

			if (torch_suffix(w->name) == NULL)
				return fail(e, "PyTorch has no name for %s; `save` it without layout=torch", w->name);
			for (size_t j = 0; j < w->count; j++)
				(*copy)[w->offset + torch_form_place(&f, j)] = block[w->offset + j];
			l->x = xrealloc(l->x, l->n + 1, sizeof *l->x);
			x = &l->x[l->n++];
			snprintf(x->name, sizeof x->name, "%s.%s", layer->name, torch_suffix(w->name));
			x->rank = w->rank;
			torch_form_there(&f, x->dim);
			x->data = *copy + w->offset;
		}
	}
	return 0;
}
