/* layered.c: the layers of a run's model by name. A run keeps the names, since its model may be another one than that
 * of the session.
 */
#include "past/layered.h"

#include "model/named.h"
#include "model/plan.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The names of the layers from first to last that have weights. The caller's. */
static char *
layered_names(const struct nn_net *net, int first, int last)
{
	struct str b = {0};

	str_add(&b, "%s", "");
	for (int i = first; i <= last; i++)
		if (nn_net_layer(net, i)->params > 0)
			str_add(&b, "%s%s", b.n > 0 ? " " : "", nn_net_layer(net, i)->name);
	return b.s;
}

static void
layered_forget(struct run *r)
{
	free(r->model);
	free(r->features);
	free(r->head);
	free(r->layers);
	r->model = r->features = r->head = r->layers = NULL;
}

static void
layered_set(struct run *r, char *model, const struct nn_net *net, int features)
{
	struct str b = {0};

	layered_forget(r);
	r->model = model;
	r->input = nn_net_input(net);
	r->features = layered_names(net, 0, features - 1);
	r->head = layered_names(net, features, nn_net_count(net) - 1);
	for (int i = 0; i < nn_net_count(net); i++)
		str_add(&b, "%s%s", i > 0 ? " " : "", nn_net_layer(net, i)->params > 0 ?
		    nn_net_layer(net, i)->name : "-");
	r->layers = b.s;
}

void
run_layered(struct run *r, const struct nn_net *net, int features)
{
	layered_set(r, plan_net_text(net, features), net, features);
}

#define LAYERED_PARAMS_MAX ((size_t)1 << 26) /* of a model whose layers are looked at by name */

/* The net of a text, with weights that nobody reads or writes; NULL: it is none, or, *lack, there is no memory. */
static struct nn_net *
layered_net(const char *model, struct nn_shape in, int *features, bool *lack)
{
	struct plan *p = xcalloc(1, sizeof *p);
	struct err ignored = {0};
	struct nn_err why = {"", NN_LACK_NOTHING};
	size_t params = plan_parse(model, p, &ignored) == 0 ? nn_spec_params(in, p->spec, p->n, &why) : SIZE_MAX;
	struct nn_net *net = params <= LAYERED_PARAMS_MAX ? plan_net(p, in, &ignored) : NULL;

	*lack = why.lack == NN_LACK_MEMORY || (params <= LAYERED_PARAMS_MAX && net == NULL);
	*features = net != NULL ? plan_features(p, net) : 0;
	free(p);
	return net;
}

bool
run_layered_text(struct run *r, const char *model, struct nn_shape in)
{
	int features;
	bool lack;
	struct nn_net *net = layered_net(model, in, &features, &lack);

	if (net != NULL)
		layered_set(r, xstrdup(model), net, features);
	nn_net_free(net);
	return !lack;
}

bool
run_froze_by(const char *model, struct nn_shape in, const char *frozen, const char *word)
{
	int features, pair[2 * NN_LAYERS_MAX], n;
	bool pick[NN_LAYERS_MAX] = {false}, same, lack;
	struct model m = {0};
	struct err ignored = {0};
	struct str b = {0};

	if (text_match(word, frozen))
		return true;
	if (*word == '\0' || *frozen == '\0' || (m.net = layered_net(model, in, &features, &lack)) == NULL)
		return false;
	m.features = features;
	n = layers_parse(&m, word, false, pair, NN_LAYERS_MAX, &ignored);
	for (int k = 0; k < n; k++)
		for (int i = pair[2 * k]; i <= pair[2 * k + 1]; i++)
			pick[i] = true;
	for (int i = 0; i < nn_net_count(m.net); i++)
		if (pick[i] && nn_net_layer(m.net, i)->params > 0)
			str_add(&b, "%s%s", b.n > 0 ? " " : "", nn_net_layer(m.net, i)->name);
	same = b.s != NULL && strcmp(b.s, frozen) == 0;
	free(b.s);
	nn_net_free(m.net);
	return same;
}

const char *
run_frozen(const struct run *r)
{
	if (r->frozen[0] != '\0' && r->features != NULL && strcmp(r->frozen, r->features) == 0)
		return "features";
	return r->frozen[0] != '\0' && r->head != NULL && strcmp(r->frozen, r->head) == 0 ? "head" : r->frozen;
}

char *
run_rates(const struct run *r)
{
	char *copy = xstrdup(r->layers != NULL ? r->layers : ""), *rest = copy, *name, rate[32];
	struct str b = {0};

	str_add(&b, "%s", "");
	for (int i = 0; i < NN_LAYERS_MAX && (name = strsep(&rest, " ")) != NULL; i++)
		if (!isnan(r->config.layer_lr[i]) && strcmp(name, "-") != 0)
			str_add(&b, "%s%s=%s", b.n > 0 ? " " : "", name, num_text_float(rate, r->config.layer_lr[i]));
	free(copy);
	return b.s;
}
