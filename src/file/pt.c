/* pt.c: PyTorch's file of a state_dict, or of a checkpoint that has one: a ZIP of stored members, NAME/data.pkl and
 * NAME/data/0, 1 ... Only read.
 */
#include "file/format.h"
#include "file/pickle.h"
#include "file/taken.h"
#include "file/torch.h"
#include "session/made.h"
#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "util/zip.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PICKLE_MAX (2 << 20) /* bytes; a tensor takes some 200 */
#define ANOTHER "get the file again, or load another"

struct pt {
	struct zip zip;
	struct pickle pickle; /* its tensors are the entries */
	const struct zip_member **storage; /* of each */
};

static void
drop(struct tensors *t)
{
	struct pt *p = t->own;

	pickle_free(&p->pickle);
	free(p->storage);
	zip_close(&p->zip);
	free(p);
}

/* Whether the values follow each other as the shape says. */
static bool
dense(const struct pickle_tensor *x)
{
	uint64_t step = 1;

	for (int d = x->rank; d-- > 0; step *= x->dim[d])
		if (x->dim[d] != 1 && x->stride[d] != step)
			return false;
	return true;
}

/* Bytes of a member behind the first `skip` ones; behind the last its checksum is looked at. */
static int
read_bytes(struct pt *p, const struct zip_member *m, uint64_t skip, void *buf, uint64_t n, struct err *e)
{
	struct zip_stream *s = zip_start(&p->zip, m, e);
	uint8_t waste[4096];
	bool last = skip + n == m->size;
	int rc = s != NULL ? 0 : -1;

	for (uint64_t k; rc == 0 && skip > 0; skip -= k) {
		k = skip < sizeof waste ? skip : sizeof waste;
		rc = zip_take(s, waste, k, e);
	}
	if (rc == 0)
		rc = zip_take(s, buf, n, e);
	return zip_end(s, rc == 0 && last ? e : NULL) < 0 ? -1 : rc;
}

static int
read_tensor(struct tensors *t, const struct tensor_entry *entry, void *out, size_t bytes, struct err *e)
{
	struct pt *p = t->own;
	const struct pickle_tensor *x = &p->pickle.tensor[entry - t->entry];
	const struct zip_member *m = p->storage[entry - t->entry];
	uint64_t at[TENSORS_RANK_MAX] = {0};
	size_t size = floats_size(entry->floats);
	uint8_t *all;
	int rc;

	if (dense(x))
		return read_bytes(p, m, x->offset * size, out, bytes, e);
	if ((all = malloc(m->size + 1)) == NULL)
		return fail_memory(e, "%s: not enough memory to read it", t->path);
	rc = read_bytes(p, m, 0, all, m->size, e);
	for (size_t i = 0; i < bytes && rc == 0; i += size) {
		uint64_t k = x->offset;

		for (int d = 0; d < x->rank; d++)
			k += at[d] * x->stride[d];
		memcpy((uint8_t *)out + i, all + k * size, size);
		for (int d = x->rank; d-- > 0 && ++at[d] == x->dim[d];)
			at[d] = 0;
	}
	free(all);
	return rc;
}

/* NAME of NAME/data.pkl, with its slash, the caller's; and that member. */
static char *
folder_of(const struct zip *z, const struct zip_member **m, struct err *e)
{
	for (size_t i = 0; i < z->n; i++)
		if (text_ends(z->member[i].name, "/data.pkl")) {
			*m = &z->member[i];
			return xstrndup(z->member[i].name, strlen(z->member[i].name) - 8);
		}
	fail(e, "%s is a ZIP archive, but none of PyTorch: it has no data.pkl; load another", z->path);
	return NULL;
}

/* What tells that the file is more than weights, or of another machine. */
static int
check_folder(struct zip *z, const char *folder, struct err *e)
{
	char *name = xasprintf("%sbyteorder", folder), *code = xasprintf("%sconstants.pkl", folder), *order = NULL;
	const struct zip_member *m = zip_find(z, name);
	int rc = 0;

	if (zip_find(z, code) != NULL)
		rc = fail(e, "%s is a TorchScript, which is code to run; save the weights alone: "
		    "torch.save(model.state_dict(), FILE)", z->path);
	else if (m != NULL && (order = (char *)zip_read(z, m, 64, e)) == NULL)
		rc = -1;
	else if (order != NULL && strcmp(order, "little") != 0)
		rc = fail(e, "%s was written on a machine of another byte order; save it on one like this", z->path);
	for (size_t i = 0; i < z->n && rc == 0; i++)
		if (z->member[i].method != 0)
			rc = fail(e, "%s: its member \"%.60s\" is packed, and torch.save packs none; save it again "
			    "with torch.save", z->path, z->member[i].name);
	free(order);
	free(name);
	free(code);
	return rc;
}

static int
add_tensors(struct tensors *t, const char *folder, struct err *e)
{
	struct pt *p = t->own;

	p->storage = xcalloc(p->pickle.n + 1, sizeof *p->storage);
	for (size_t i = 0; i < p->pickle.n; i++) {
		const struct pickle_tensor *x = &p->pickle.tensor[i];
		char *name = xasprintf("%sdata/%s", folder, x->storage);
		const struct zip_member *m = zip_find(&p->zip, name);
		size_t size = floats_size(floats_of(x->dtype));

		free(name);
		if (tensors_find(t, x->name) != NULL)
			return fail(e, "%s has two tensors \"%.60s\"; " ANOTHER, t->path, x->name);
		if (m == NULL)
			return fail(e, "%s has no values of \"%.60s\"; " ANOTHER, t->path, x->name);
		if (size > 0 && m->size / size != x->values)
			return fail(e, "%s: the storage of \"%.60s\" has %llu bytes, but data.pkl says %llu floats; "
			    ANOTHER, t->path, x->name, (unsigned long long)m->size, (unsigned long long)x->values);
		p->storage[i] = m;
		if (tensors_add(t, x->name, x->dtype, x->rank, x->dim) < 0)
			return fail(e, "%s: \"%.60s\" says that it is larger than any memory; " ANOTHER, t->path,
			    x->name);
	}
	return 0;
}

/* PyTorch before 1.6 wrote pickles one behind the other, of which the first is a number that none else has. */
static bool
is_old(const char *path)
{
	static const char magic[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
	char head[sizeof magic - 1];
	int fd = reach_open(path, 0);
	bool old = fd >= 0 && read(fd, head, sizeof head) == (ssize_t)sizeof head &&
	    memcmp(head, magic, sizeof head) == 0;

	if (fd >= 0)
		close(fd);
	return old;
}

static struct tensors *
pt_open(const char *path, int which, struct err *e)
{
	struct pt *p = xcalloc(1, sizeof *p);
	const struct zip_member *m;
	struct tensors *t;
	char *folder;
	uint8_t *text = NULL;
	int rc = 0;

	if (zip_open(&p->zip, path, e) < 0) {
		if (is_old(path))
			fail(e, "%s is as PyTorch wrote it before 1.6, which is not read here; write it again: "
			    "torch.save(torch.load(FILE), FILE)", path);
		free(p);
		return NULL;
	}
	t = tensors_new(path);
	t->own = p;
	t->drop = drop;
	t->read = read_tensor;
	if ((folder = folder_of(&p->zip, &m, e)) == NULL) {
		tensors_close(t);
		return NULL;
	}
	if (check_folder(&p->zip, folder, e) < 0 || (text = zip_read(&p->zip, m, PICKLE_MAX, e)) == NULL ||
	    pickle_read(path, text, m->size, which, &p->pickle, e) < 0 || add_tensors(t, folder, e) < 0)
		rc = -1;
	free(text);
	free(folder);
	if (rc == 0)
		return t;
	tensors_close(t);
	return NULL;
}

/* How many tensors of the picked layers (NULL: of all) a dict of a checkpoint has. */
static int
count_fitting(const char *path, int which, const struct nn_net *net, const bool *pick)
{
	struct err e = {0};
	struct str said = {0};
	struct tensors *t = pt_open(path, which, &e);
	int n = 0;

	if (t != NULL)
		t = torch_view(t, net, true, &said, &e);
	for (int i = 0; t != NULL && i < nn_net_count(net); i++)
		for (int k = 0; k < nn_net_layer(net, i)->ntensors && (pick == NULL || pick[i]); k++) {
			const struct nn_tensor *w = &nn_net_layer(net, i)->tensor[k];
			const struct tensor_entry *x = tensors_find(t, w->name);

			n += x != NULL && tensors_fits(x, w->rank, w->dim);
		}
	tensors_close(t);
	free(said.s);
	return n;
}

/* Which of a checkpoint's dicts has the most of the model. -1 with a sentence: none has any, or two have as much. */
static int
choose(const char *path, const struct pickle *k, const struct nn_net *net, const bool *pick, struct err *e)
{
	int best = 0, most = 0, same = -1;

	if (k->ndict < 2)
		return 0;
	for (int i = 0; i < k->ndict; i++) {
		int n = count_fitting(path, i, net, pick);

		if (n > most) {
			best = i;
			most = n;
			same = -1;
		} else if (n == most && n > 0 && same < 0)
			same = i;
	}
	if (most == 0)
		return fail(e, "%s holds %d dicts of tensors (\"%s\", \"%s\"%s), and none fits the model; `build` the "
		    "model that the file is of", path, k->ndict, k->dict[0], k->dict[1], k->ndict > 2 ? ", ..." : "");
	if (same < 0)
		return best;
	return fail(e, "%s holds two dicts of tensors that fit the model, \"%s\" and \"%s\"; save one of them alone: "
	    "torch.save(torch.load(FILE)[KEY], ANOTHER)", path, k->dict[best], k->dict[same]);
}

/* Which part of a checkpoint was taken, and what was not. */
static void
say_taken(struct session *s, const struct pickle *k, int which)
{
	struct str b = {0};

	if (which >= k->ndict) /* it is none, or has become another file meanwhile */
		return;
	str_add(&b, "the file is a checkpoint; the weights are those of its \"%s\"", k->dict[which]);
	for (int i = 0, n = 0; i < k->ndict; i++)
		if (i != which)
			str_add(&b, "%s%s", n++ == 0 ? "; left out: " : ", ", k->dict[i]);
	if (k->rest != NULL)
		str_add(&b, "%s%s", k->ndict == 1 ? "; left out: " : ", ", k->rest);
	out_note(s->out, "%s", b.s);
	free(b.s);
}

static int
load(struct session *s, const char *path, const bool *pick, struct err *e)
{
	const struct nn_net *net = session_net(s, e);
	struct tensors *t = net != NULL ? pt_open(path, 0, e) : NULL, *view = NULL;
	struct str said = {0};
	int rc = -1, which = t != NULL ? choose(path, &((struct pt *)t->own)->pickle, net, pick, e) : -1;

	if (which > 0) {
		tensors_close(t);
		t = pt_open(path, which, e);
	}
	if (which >= 0 && t != NULL) {
		const struct pickle *k = &((struct pt *)t->own)->pickle; /* the view keeps it */

		if ((view = torch_view(t, net, true, &said, e)) != NULL && (rc = taken_load(s, view, pick, e)) == 0)
			say_taken(s, k, which);
		t = NULL;
	}
	if (rc == 0 && said.n > 0)
		out_note(s->out, "%s", said.s);
	free(said.s);
	tensors_close(t);
	tensors_close(view);
	return rc;
}

const struct file_format file_format_pt = {
	.suffix = ".pt",
	.what = "a state_dict of PyTorch, or a checkpoint that has one: torch.save(model.state_dict(), FILE)",
	.load = load,
};

const struct file_format file_format_pth = {
	.suffix = ".pth",
	.what = "the same",
	.load = load,
};
