/* torch_match.c: which module of a file of PyTorch belongs to which layer, where their names do not tell. */
#include "file/torch_match.h"

#include "file/torch_form.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define SAID_MAX 8 /* names in a sentence */

static bool
counts_only(const struct tensor_entry *x)
{
	return text_ends(x->name, ".num_batches_tracked");
}

static size_t
module_length(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL ? (size_t)(dot - name) : 0;
}

int
torch_match_list(const struct tensors *t, char **list, int max)
{
	int n = 0, k;

	for (size_t i = 0; i < t->n && n < max; i++) {
		char *m = xstrndup(t->entry[i].name, module_length(t->entry[i].name));

		for (k = 0; k < n && strcmp(list[k], m) != 0; k++)
			;
		if (k == n && !counts_only(&t->entry[i]))
			list[n++] = m;
		else
			free(m);
	}
	return n;
}

/* The bias of a layer is what a module lacks. */
static bool
lacks_bias(const struct tensors *t, const char *module, const struct nn_layer *l)
{
	char *name = xasprintf("%s.bias", module);
	bool lacks = l->ntensors == 2 && text_ends(l->tensor[1].name, ".bias") && tensors_find(t, name) == NULL;

	free(name);
	return lacks;
}

/* Whether a module has the tensors of a layer, but perhaps for its bias, and no others. */
static bool
fits(const struct tensors *t, const char *module, const struct nn_net *net, int layer)
{
	const struct nn_layer *l = nn_net_layer(net, layer);
	size_t n = strlen(module);
	int has = 0, alike = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct tensor_entry *x = &t->entry[i];

		if (module_length(x->name) != n || strncmp(x->name, module, n) != 0 || counts_only(x))
			continue;
		has++;
		for (int k = 0; k < l->ntensors; k++) {
			const char *suffix = torch_suffix(l->tensor[k].name);
			struct torch_form f = torch_form_of(net, layer, &l->tensor[k]);
			int dim[4];

			torch_form_there(&f, dim);
			alike += suffix != NULL && strcmp(x->name + n + (n > 0), suffix) == 0 &&
			    tensors_fits(x, f.rank, dim);
		}
	}
	return l->params > 0 && alike == has && (has == l->ntensors || (has == 1 && lacks_bias(t, module, l)));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* As people count: features.2 before features.10. *told: they differ in numbers alone. */
static int
number_order(const char *a, const char *b, bool *told)
{
	int order = 0;

	while (*a == *b || (is_digit(*a) && is_digit(*b))) {
		if (is_digit(*a)) {
			char *ends[2];
			unsigned long long x = strtoull(a, &ends[0], 10), y = strtoull(b, &ends[1], 10);

			order = order != 0 ? order : (x > y) - (x < y);
			a = ends[0];
			b = ends[1];
		} else if (*a++ == '\0') {
			*told = order != 0;
			return order;
		} else
			b++;
	}
	*told = false;
	return order;
}

/* "conv1, conv2": the first of n names. */
static char *
names_said(char *const *name, int n)
{
	struct str b = {0};

	str_add(&b, "%s", "");
	for (int i = 0; i < n && i < SAID_MAX; i++)
		str_add(&b, "%s%.60s", i > 0 ? ", " : "", name[i]);
	if (n > SAID_MAX)
		str_add(&b, " and %d more", n - SAID_MAX);
	return b.s;
}

struct match {
	const struct tensors *t;
	const struct nn_net *net;
	char *module[NN_LAYERS_MAX]; /* of one shape, in order */
	bool told; /* the numbers in their names have said in which */
	int n, layer[NN_LAYERS_MAX], nlayer; /* the layers of that shape */
};

/* The modules that fit a layer, and the layers from it on that these fit. */
static void
gather(struct match *m, char *const *list, int n, int layer, char *const *module)
{
	bool told;
	int at;

	m->n = m->nlayer = 0;
	m->told = true;
	for (int k = 0; k < n; k++) {
		if (!fits(m->t, list[k], m->net, layer))
			continue;
		for (at = m->n++; at > 0 && number_order(list[k], m->module[at - 1], &told) < 0; at--)
			m->module[at] = m->module[at - 1];
		m->module[at] = list[k];
	}
	for (int k = 1; k < m->n; k++) {
		number_order(m->module[k - 1], m->module[k], &told);
		m->told &= told;
	}
	for (int i = layer; m->n > 0 && i < nn_net_count(m->net); i++)
		if (module[i] == NULL && fits(m->t, m->module[0], m->net, i))
			m->layer[m->nlayer++] = i;
}

/* What has one shape is not told apart. */
static int
match_fails(const struct match *m, struct err *e)
{
	char *layer[NN_LAYERS_MAX] = {NULL}, *modules = names_said(m->module, m->n), *layers;

	for (int i = 0; i < m->nlayer; i++)
		layer[i] = xstrdup(nn_net_layer(m->net, m->layer[i])->name);
	layers = names_said(layer, m->nlayer);
	fail(e, "%s: neither names nor shapes tell which of its modules (%.300s) belongs to which layer (%.300s); give "
	    "them the names of the layers", m->t->path, modules, layers);
	for (int i = 0; i < m->nlayer; i++)
		free(layer[i]);
	free(modules);
	free(layers);
	return -1;
}

int
torch_match(const struct tensors *t, const struct nn_net *net, char *const *list, int n, char **module,
    struct str *said, struct err *e)
{
	struct match m = {.t = t, .net = net};
	char *names;
	int matched = 0;

	if (n > NN_LAYERS_MAX || t->n > NN_LAYERS_MAX * NN_TENSORS_MAX * 2)
		n = 0; /* no model here has so many */
	for (int i = 0; i < nn_net_count(net); i++) {
		if (module[i] != NULL || nn_net_layer(net, i)->params == 0)
			continue;
		gather(&m, list, n, i, module);
		if (m.n > 0 && (m.n != m.nlayer || !m.told))
			return match_fails(&m, e);
		for (int k = 0; k < m.n; k++)
			module[m.layer[k]] = xstrdup(m.module[k]);
	}
	for (int i = 0; i < nn_net_count(net); i++) {
		if (module[i] == NULL)
			continue;
		if (matched++ < SAID_MAX)
			str_add(said, "%s%s from %.60s", matched == 1 ? "the file has other names than the model, so "
			    "its weights were taken by their shapes: " : ", ", nn_net_layer(net, i)->name, module[i]);
	}
	if (matched > SAID_MAX)
		str_add(said, " and %d more", matched - SAID_MAX);
	if (matched > 0)
		return 0;
	names = names_said(list, n);
	fail(e, "%s: its modules%s%.300s%s have neither the names nor the shapes of the model's layers; `build` the "
	    "model that the file is of", t->path, n > 0 ? " (" : "", names, n > 0 ? ")" : "");
	free(names);
	return -1;
}
