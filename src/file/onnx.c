/* onnx.c: the model as a graph of ONNX, which others run, and the weights and models of such graphs. */
#include "file/onnx.h"

#include "file/format.h"
#include "file/onnx_read.h"
#include "file/state.h"
#include "file/taken.h"
#include "session/made.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

static int
save(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e)
{
	if (pick != NULL)
		return fail(e, "ONNX has a whole model, not the weights of some layers; leave out only=, or `save` "
		    "them as .safetensors or .npz");
	return onnx_write(s, f, e);
}

/* ---- weights in Keras' layout ---- */

/* The shape here of a tensor of a layer; returns its rank. */
static int
shape_here(const struct onnx_layer *l, int i, uint64_t dim[4])
{
	const struct onnx_source *x = &l->source[i];
	const uint64_t *d = x->from != NULL ? x->from->dim : NULL;

	if (x->form == ONNX_KERNEL)
		memcpy(dim, (const uint64_t[]){d[2], d[3], d[1], d[0]}, 4 * sizeof *dim);
	else if (x->form == ONNX_TURNED)
		memcpy(dim, (const uint64_t[]){d[1], d[0]}, 2 * sizeof *dim);
	else if (i == 0 && l->nsources == 2)
		memcpy(dim, d, 2 * sizeof *dim); /* of a dense layer */
	else
		dim[0] = d != NULL ? x->from->count : x->count;
	return x->form == ONNX_KERNEL ? 4 : x->form == ONNX_TURNED || (i == 0 && l->nsources == 2) ? 2 : 1;
}

/* Where value k, counted here, stands there. */
static uint64_t
place(const struct onnx_source *x, const uint64_t *dim, int rank, uint64_t k)
{
	uint64_t row = rank == 2 ? k / dim[1] : k, col = rank == 2 ? k % dim[1] : 0;

	if (x->form == ONNX_KERNEL) {
		uint64_t out = k % dim[3], in = k / dim[3] % dim[2], pixel = k / dim[3] / dim[2];

		return (out * dim[2] + in) * dim[0] * dim[1] + pixel;
	}
	if (x->flat[0] > 0) {
		uint64_t channels = (uint64_t)x->flat[2], c = row % channels, pixel = row / channels;

		row = c * (uint64_t)x->flat[0] * (uint64_t)x->flat[1] + pixel;
	}
	return rank < 2 ? row : x->form == ONNX_TURNED ? col * dim[0] + row : row * dim[1] + col;
}

/* The bytes of all values of a tensor; they are as many as its shape says, which onnx_walk has seen to. */
static void
values(const struct onnx_layer *l, int i, uint8_t *out, size_t bytes)
{
	const struct onnx_source *x = &l->source[i];
	size_t size = x->from != NULL ? floats_size(x->from->floats) : sizeof(float);
	float otherwise = x->otherwise;
	uint64_t dim[4];
	int rank = shape_here(l, i, dim);

	tensors_host(&otherwise, 1, sizeof otherwise);
	for (size_t k = 0; k < bytes / size; k++)
		memcpy(out + k * size, x->from != NULL ? (const void *)(x->from->values.p + place(x, dim, rank, k) *
		    size) : &otherwise, size);
}

/* ---- as tensors ---- */

struct view {
	struct onnx_file file;
	struct onnx_layers layers;
	struct piece {
		const struct onnx_layer *layer;
		int tensor;
	} *piece; /* as the entries */
	char *name[NN_LAYERS_MAX * NN_TENSORS_MAX]; /* of tensors that the model has no name for */
	int names;
};

static void
drop(struct tensors *t)
{
	struct view *v = t->own;

	for (int i = 0; i < v->names; i++)
		free(v->name[i]);
	free(v->piece);
	onnx_file_free(&v->file);
	free(v);
}

static int
read_piece(struct tensors *t, const struct tensor_entry *x, void *out, size_t bytes, struct err *e)
{
	const struct view *v = t->own;
	const struct piece *p = &v->piece[x - t->entry];

	values(p->layer, p->tensor, out, bytes);
	return 0;
}

/* Whether a part of the node's name, as in sequential/conv2d/Conv, is the layer's. */
static bool
is_named(const struct onnx_layer *l, const char *layer)
{
	struct pb part = l->node->name;
	const uint8_t *end = part.end, *slash;

	for (; part.p != NULL && part.p < end; part.p = part.end + 1) {
		slash = memchr(part.p, '/', (size_t)(end - part.p));
		part.end = slash != NULL ? slash : end;
		if (pb_is(&part, layer))
			return true;
		if (slash == NULL)
			break;
	}
	return false;
}

static int
add_layer(struct tensors *t, const struct onnx_layer *l, const struct nn_layer *to, struct err *e)
{
	struct view *v = t->own;
	uint64_t dim[4];

	for (int i = 0; i < l->nsources; i++) {
		const char *name = to != NULL && i < to->ntensors ? to->tensor[i].name : NULL;
		const struct onnx_constant *from = l->source[i].from;
		int rank = shape_here(l, i, dim);

		if (name == NULL)
			name = v->name[v->names++] = from != NULL ? pb_text(&from->name) : xstrdup("bias");
		v->piece[t->n] = (struct piece){l, i};
		if (tensors_add(t, name, from != NULL ? onnx_type_name(from->type) : "F32", rank, dim) < 0)
			return fail(e, "%s: \"%.60s\" says that it is larger than any memory; load another", t->path,
			    name);
	}
	return 0;
}

/* The file's layers with weights under the names of the model's: by name, or in their order, as *in_order says. */
static int
add_layers(struct tensors *t, const struct nn_net *net, bool *in_order, struct err *e)
{
	struct view *v = t->own;
	const struct nn_layer *to[NN_LAYERS_MAX];
	int n = 0, there = 0, named = 0;

	for (int i = 0; i < nn_net_count(net); i++)
		if (nn_net_layer(net, i)->params > 0)
			to[n++] = nn_net_layer(net, i);
	for (int i = 0; i < v->layers.plan.n; i++) {
		there += v->layers.layer[i].nsources > 0;
		for (int k = 0; k < n && v->layers.layer[i].nsources > 0; k++)
			named += is_named(&v->layers.layer[i], to[k]->name);
	}
	/* names that only some have are another's numbering */
	*in_order = named == 0 || (named < n && there == n);
	if (*in_order && there != n)
		return fail(e, "%s has %d layers with weights and the model %d, none of the same name; `build %s` "
		    "makes "
		    "the model of the file", t->path, there, n, t->path);
	for (int i = 0, k = 0; i < v->layers.plan.n; i++) {
		const struct onnx_layer *l = &v->layers.layer[i];
		const struct nn_layer *own = NULL;

		if (l->nsources == 0)
			continue;
		for (int j = 0; j < n && !*in_order; j++)
			own = is_named(l, to[j]->name) ? to[j] : own;
		if (add_layer(t, l, *in_order ? to[k++] : own, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- the model ---- */

/* What thaw has written of the split, where state_trained looks for it. */
static struct split
trained_of(const struct onnx_file *f, int classes)
{
	char *split = pb_text(&f->split), *text;
	char *said = xasprintf("%s%s", split, pb_is(&f->units, "digit") ? SPLIT_BY_DIGIT : "");
	json_t *session = out_pack("{s:s}", "trained", said), *metadata;
	struct split trained;

	text = out_json_text(session);
	metadata = out_pack("{s:s, s:s}", "thaw", "1", "session", text);
	trained = state_trained(metadata, classes);
	json_decref(metadata);
	json_decref(session);
	free(text);
	free(said);
	free(split);
	return trained;
}

/* Where thaw has written the model's text, that says where its head begins. */
static int
features_of(const struct onnx_file *f, const struct onnx_layers *l, const struct nn_net *net)
{
	char *text = pb_text(&f->model);
	struct plan said, p = l->plan;
	struct err ignored = {0};

	if (plan_parse(text, &said, &ignored) == 0 && said.n == p.n)
		p.features = said.features;
	free(text);
	return plan_features(&p, net);
}

static void
say_end(struct session *s, const char *path, const struct onnx_layers *l)
{
	if (l->open)
		out_note(s->out, "%s ends with logits; a softmax stands behind them here", path);
	else if (l->logarithm)
		out_note(s->out, "%s ends with logarithms of probabilities; here they are the probabilities", path);
}

static struct nn_net *
net_of(const struct onnx_file *f, const struct onnx_layers *l, struct err *e)
{
	struct err why = {0};
	struct nn_net *net = plan_net(&l->plan, l->in, &why);

	if (net == NULL)
		fail(e, "%s: its model cannot be had here: %s", f->path, why.text);
	return net;
}

static struct nn_net *
build(struct session *s, const char *path, int *features, struct err *e)
{
	struct onnx_file f;
	struct onnx_layers *l;
	struct nn_net *net = NULL;

	if (onnx_file_open(&f, path, e) < 0)
		return NULL;
	l = xcalloc(1, sizeof *l);
	if (onnx_walk(&f, l, e) == 0 && (net = net_of(&f, l, e)) != NULL) {
		*features = features_of(&f, l, net);
		say_end(s, path, l);
	}
	free(l);
	onnx_file_free(&f);
	return net;
}

/* ---- loading ---- */

/* The weights of the whole model into a net that was made for it. */
static int
fill(struct tensors *t, struct nn_net *net, struct err *e)
{
	const struct view *v = t->own;
	float *block = nn_net_weights_edit(net);
	size_t k = 0;

	for (int i = 0; i < v->layers.plan.n; i++)
		if (add_layer(t, &v->layers.layer[i], nn_net_layer(net, i), e) < 0)
			return -1;
	for (int i = 0; i < v->layers.plan.n; i++)
		for (int j = 0; j < v->layers.layer[i].nsources; j++, k++) {
			const struct nn_tensor *w = &nn_net_layer(net, i)->tensor[j];

			if (!tensors_fits(&t->entry[k], w->rank, w->dim))
				return fail(e, "%s: %s does not fit the layers before it; " ONNX_ANOTHER, t->path,
				    w->name);
			if (tensors_read(t, &t->entry[k], block + w->offset, w->count, e) < 0)
				return -1;
		}
	nn_net_changed(net);
	return 0;
}

static int
load_model(struct session *s, struct tensors *t, struct err *e)
{
	const struct view *v = t->own;
	struct nn_net *net = net_of(&v->file, &v->layers, e);
	char n[32], *kinds;

	if (net == NULL)
		return -1;
	if (fill(t, net, e) < 0) {
		nn_net_free(net);
		return -1;
	}
	session_install(s, net, features_of(&v->file, &v->layers, net), s->set.run.seed);
	s->model.trained = trained_of(&v->file, nn_net_classes(net));
	kinds = taken_kinds(t);
	out_text(s->out, "loaded %s: %d layers, %s weights%s", t->path, nn_net_count(net), text_count(n,
	    nn_net_params(net)), kinds);
	free(kinds);
	say_end(s, t->path, &v->layers);
	return 0;
}

static int
load(struct session *s, const char *path, const bool *pick, struct err *e)
{
	const struct nn_net *net;
	struct tensors *t = tensors_new(path);
	struct view *v = xcalloc(1, sizeof *v);
	bool in_order;
	int rc = -1;

	t->own = v;
	t->drop = drop;
	t->read = read_piece;
	v->piece = xcalloc(NN_LAYERS_MAX * NN_TENSORS_MAX, sizeof *v->piece);
	if (onnx_file_open(&v->file, t->path, e) == 0 && onnx_walk(&v->file, &v->layers, e) == 0) {
		if (pick == NULL)
			rc = load_model(s, t, e);
		else if ((net = session_net(s, e)) != NULL && add_layers(t, net, &in_order, e) == 0 &&
		    (rc = taken_load(s, t, pick, e)) == 0 && in_order)
			out_note(s->out, "the file has other names than the model, so its weights were taken in their "
			    "order");
	}
	tensors_close(t);
	return rc;
}

const struct file_format file_format_onnx = {
	.suffix = ".onnx",
	.what = "the model and its weights as a graph that other programs run, onnxruntime for one",
	.save = save,
	.load = load,
	.build = build,
};
