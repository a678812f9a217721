/* npz.c: weights as NumPy's archive of arrays, under the names that safetensors has: conv2d.kernel. One of
 * np.savez(FILE, *model.get_weights()) is read as well, whose arrays arr_0, arr_1 ... come in Keras' order; and one of
 * PyTorch's names and layout.
 */
#include "file/blocks.h"
#include "file/format.h"
#include "file/taken.h"
#include "file/torch.h"
#include "session/made.h"
#include "util/npy.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "util/zip_write.h"

#include <stdlib.h>
#include <string.h>

/* ---- saving ---- */

static int
save(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e)
{
	struct zip_writer z = {.f = f};
	struct blocks l = {0};
	char header[256], *name;
	int rc = 0;

	blocks_add(&l, s->model.net, pick, "", nn_net_weights(s->model.net));
	if (l.n == 0)
		rc = fail(e, "there are no weights to save in these layers; name layers with parameters, as conv2d or "
		    "dense");
	for (size_t i = 0; i < l.n && rc == 0; i++) {
		const struct tensor_source *x = &l.x[i];
		size_t n = 4, length = npy_header(header, x->rank, x->dim);

		for (int k = 0; k < x->rank; k++)
			n *= (size_t)x->dim[k];
		name = xasprintf("%s.npy", x->name);
		rc = zip_write(&z, name, (struct zip_part){header, length}, (struct zip_part){x->data, n}, e);
		free(name);
	}
	if (zip_write_end(&z, rc == 0 ? e : NULL) < 0)
		rc = -1;
	free(l.x);
	return rc;
}

/* ---- loading ---- */

struct npz {
	struct zip zip;
	struct npz_array {
		const struct zip_member *member;
		char *name;
	} *array; /* as the entries */
};

static void
drop(struct tensors *t)
{
	struct npz *z = t->own;

	for (size_t i = 0; i < t->n; i++)
		free(z->array[i].name);
	free(z->array);
	zip_close(&z->zip);
	free(z);
}

static int
read_array(struct tensors *t, const struct tensor_entry *x, void *out, size_t bytes, struct err *e)
{
	struct npz *z = t->own;
	struct npy y;

	if (npy_read(&z->zip, z->array[x - t->entry].member, bytes, &y, e) < 0)
		return -1;
	memcpy(out, y.data, bytes);
	free(y.data);
	tensors_host(out, y.count, (size_t)y.size);
	return 0;
}

/* As safetensors names it. */
static const char *
dtype_of(const struct npy *y)
{
	static const struct {
		char kind;
		int size;
		const char *name;
	} names[] = {{'f', 4, "F32"}, {'f', 8, "F64"}, {'f', 2, "F16"}, {'i', 1, "I8"}, {'i', 2, "I16"},
	    {'i', 4, "I32"}, {'i', 8, "I64"}, {'u', 1, "U8"}, {'u', 2, "U16"}, {'u', 4, "U32"}, {'u', 8, "U64"}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].kind == y->kind && names[i].size == y->size)
			return names[i].name;
	return "BOOL";
}

static int
add_array(struct tensors *t, const struct zip_member *m, struct err *e)
{
	struct npz *z = t->own;
	struct npz_array *a = &z->array[t->n];
	struct npy y;

	if (npy_look(&z->zip, m, &y, e) < 0)
		return -1;
	a->name = xstrndup(m->name, strlen(m->name) - (text_ends(m->name, ".npy") ? 4 : 0));
	a->member = m;
	return tensors_add(t, a->name, dtype_of(&y), y.rank, y.dim); /* npy_look refuses what is too large for it */
}

/* arr_0, arr_1 ... become the names of the net's tensors in their order, where there are as many. */
static void
name_in_order(struct tensors *t, const struct nn_net *net)
{
	struct npz *z = t->own;
	const char *name[NN_LAYERS_MAX * NN_TENSORS_MAX];
	size_t n = 0;

	for (int i = 0; i < nn_net_count(net); i++)
		for (int k = 0; k < nn_net_layer(net, i)->ntensors; k++)
			name[n++] = nn_net_layer(net, i)->tensor[k].name;
	if (n != t->n)
		return;
	for (size_t i = 0; i < n; i++) {
		char own[32];

		snprintf(own, sizeof own, "arr_%zu", i);
		if (tensors_find(t, own) == NULL)
			return;
	}
	for (size_t i = 0; i < n; i++) {
		struct npz_array *a = &z->array[i];
		size_t k = strtoul(a->name + 4, NULL, 10);

		free(a->name);
		a->name = xstrdup(name[k]);
		t->entry[i].name = a->name;
	}
}

static struct tensors *
npz_open(const char *path, struct err *e)
{
	struct npz *z = xcalloc(1, sizeof *z);
	struct tensors *t;
	int rc = 0;

	if (zip_open(&z->zip, path, e) < 0) {
		free(z);
		return NULL;
	}
	t = tensors_new(path);
	t->own = z;
	t->drop = drop;
	t->read = read_array;
	z->array = xcalloc(z->zip.n + 1, sizeof *z->array);
	for (size_t i = 0; i < z->zip.n && rc == 0; i++)
		rc = add_array(t, &z->zip.member[i], e);
	if (rc == 0)
		return t;
	tensors_close(t);
	return NULL;
}

static int
load(struct session *s, const char *path, const bool *pick, struct err *e)
{
	const struct nn_net *net = session_net(s, e);
	struct tensors *t = net != NULL ? npz_open(path, e) : NULL;
	struct str said = {0};
	int rc = -1;

	if (t != NULL)
		name_in_order(t, net);
	if (t != NULL && torch_named(t))
		t = torch_view(t, net, true, &said, e);
	if (t != NULL)
		rc = taken_load(s, t, pick, e);
	if (rc == 0 && said.n > 0)
		out_note(s->out, "%s", said.s);
	free(said.s);
	tensors_close(t);
	return rc;
}

const struct file_format file_format_npz = {
	.suffix = ".npz",
	.what = "weights alone, as arrays of NumPy under Keras' names",
	.save = save,
	.load = load,
};
