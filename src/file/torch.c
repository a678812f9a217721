/* torch.c: weights in PyTorch's names and layout. */
#include "file/torch.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* How a tensor lies there. */
struct form {
	int rank, dim[4]; /* here */
	int flat[3]; /* height, width, channels of the picture that its first index counts; 0: none */
};

const char *
torch_suffix(const char *name)
{
	static const char *const names[][2] = {{"kernel", "weight"}, {"bias", "bias"}, {"gamma", "weight"},
	    {"beta", "bias"}, {"moving_mean", "running_mean"}, {"moving_variance", "running_var"}};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < sizeof names / sizeof *names; i++)
		if (strcmp(dot + 1, names[i][0]) == 0)
			return names[i][1];
	return NULL;
}

bool
torch_flat(const struct nn_net *net, int layer, int dim[3])
{
	for (int i = layer; i-- > 0;) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->ntensors > 0 && l->tensor[0].rank == 2)
			return false; /* its outputs have no places */
		if (l->in.rank == 3 && l->out.rank == 1) {
			memcpy(dim, l->in.dim, 3 * sizeof *dim);
			return nn_shape_size(l->in) == nn_shape_size(l->out); /* not the mean of each channel */
		}
	}
	return false;
}

static struct form
form_of(const struct nn_net *net, int layer, const struct nn_tensor *w)
{
	struct form f = {.rank = w->rank};
	const struct nn_layer *l = nn_net_layer(net, layer);

	memcpy(f.dim, w->dim, sizeof f.dim);
	/* the rows of a dense kernel, or a value for each input */
	if (l->in.rank == 1 && w->rank <= 2 && w->dim[0] == l->in.dim[0] &&
	    (w->rank == 2 || l->tensor[0].rank == 1) && !torch_flat(net, layer, f.flat))
		memset(f.flat, 0, sizeof f.flat);
	return f;
}

/* Where value k, counted here, stands there. */
static size_t
place(const struct form *f, size_t k)
{
	const int *d = f->dim;
	size_t row, col;

	if (f->rank == 4) {
		size_t o = k % (size_t)d[3], i = k / (size_t)d[3] % (size_t)d[2],
		    pixel = k / (size_t)d[3] / (size_t)d[2];

		return (o * (size_t)d[2] + i) * (size_t)d[0] * (size_t)d[1] + pixel;
	}
	row = f->rank == 2 ? k / (size_t)d[1] : k;
	col = f->rank == 2 ? k % (size_t)d[1] : 0;
	if (f->flat[0] > 0) {
		size_t c = row % (size_t)f->flat[2], pixel = row / (size_t)f->flat[2];

		row = c * (size_t)f->flat[0] * (size_t)f->flat[1] + pixel;
	}
	return f->rank == 2 ? col * (size_t)d[0] + row : row;
}

static void
shape_there(const struct form *f, int dim[4])
{
	memcpy(dim, f->dim, 4 * sizeof *dim);
	if (f->rank == 4)
		memcpy(dim, (const int[]){f->dim[3], f->dim[2], f->dim[0], f->dim[1]}, 4 * sizeof *dim);
	else if (f->rank == 2)
		memcpy(dim, (const int[]){f->dim[1], f->dim[0]}, 2 * sizeof *dim);
}

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
		struct form form;
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
		return fail(e, "%s: not enough memory to read it; close other programs", t->path);
	rc = tensors_bytes(v->inner, &v->inner->entry[p->inner], raw, bytes, e);
	for (size_t k = 0; k < bytes / size && rc == 0; k++)
		memcpy(to + k * size, raw + place(&p->form, k) * size, size);
	free(raw);
	return rc;
}

/* "features.0" of "features.0.weight" */
static char *
module_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return xstrndup(name, dot != NULL ? (size_t)(dot - name) : 0);
}

/* The modules that have weights, in the order of the file; how many there are. */
static int
list_modules(const struct tensors *t, char **list, int max)
{
	int n = 0;

	for (size_t i = 0; i < t->n; i++) {
		char *m = text_ends(t->entry[i].name, ".num_batches_tracked") ? NULL : module_of(t->entry[i].name);

		if (m != NULL && (n == 0 || strcmp(list[n - 1], m) != 0) && n < max)
			list[n++] = m;
		else
			free(m);
	}
	return n;
}

/* Which module belongs to which layer: by name, or in their order. */
static int
find_modules(struct view *v, const struct nn_net *net, bool ordered, bool *in_order, struct err *e)
{
	char *list[NN_LAYERS_MAX + 1];
	int n = list_modules(v->inner, list, NN_LAYERS_MAX + 1), layers = 0, named = 0;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		layers += l->params > 0;
		for (int k = 0; k < n; k++)
			named += l->params > 0 && strcmp(list[k], l->name) == 0;
	}
	*in_order = ordered && named == 0 && n == layers;
	for (int i = 0, k = 0; i < nn_net_count(net); i++)
		if (nn_net_layer(net, i)->params > 0)
			v->module[i] = xstrdup(*in_order ? list[k++] : nn_net_layer(net, i)->name);
	if (ordered && named == 0 && n != layers)
		fail(e, "%s has weights of %d modules and the model has %d layers with weights, none of the same name; "
		    "`build` the model that the file is of", v->inner->path, n, layers);
	for (int k = 0; k < n; k++)
		free(list[k]);
	return ordered && named == 0 && n != layers ? -1 : 0;
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
	return add_entry(t, x, w->name, dim, (struct piece){.ours = true, .form = form_of(net, layer, w)}, e);
}

struct tensors *
torch_view(struct tensors *inner, const struct nn_net *net, bool ordered, bool *in_order, struct err *e)
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
	rc = find_modules(v, net, ordered, in_order, e);
	for (int i = 0; i < nn_net_count(net); i++)
		for (int k = 0; k < nn_net_layer(net, i)->ntensors && rc == 0; k++)
			rc = add_tensor(t, net, i, &nn_net_layer(net, i)->tensor[k], e);
	for (size_t i = 0; i < inner->n && rc == 0; i++) {
		const struct tensor_entry *x = &inner->entry[i];

		if (!v->used[i] && !text_ends(x->name, ".num_batches_tracked")) /* which only counts */
			rc = add_entry(t, x, x->name, x->dim, (struct piece){.ours = false}, e);
	}
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
		return fail(e, "not enough memory for another copy of the weights; close other programs");
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *layer = nn_net_layer(net, i);

		for (int k = 0; k < layer->ntensors && (pick == NULL || pick[i]); k++) {
			const struct nn_tensor *w = &layer->tensor[k];
			struct form f = form_of(net, i, w);
			struct tensor_source *x;

			if (torch_suffix(w->name) == NULL)
				return fail(e, "PyTorch has no name for %s; `save` it without layout=torch", w->name);
			for (size_t j = 0; j < w->count; j++)
				(*copy)[w->offset + place(&f, j)] = block[w->offset + j];
			l->x = xrealloc(l->x, l->n + 1, sizeof *l->x);
			x = &l->x[l->n++];
			snprintf(x->name, sizeof x->name, "%s.%s", layer->name, torch_suffix(w->name));
			x->rank = w->rank;
			shape_there(&f, x->dim);
			x->data = *copy + w->offset;
		}
	}
	return 0;
}
