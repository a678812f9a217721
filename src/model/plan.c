/* plan.c: reads plans of models from text, writes them as text, and makes nets of them. The kinds of layers and their
 * attributes are nn's; only the activity's own model knows some of them by name.
 */
#include "model/plan.h"

#include "model/spelled.h"
#include "model/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

const struct plan_hyper plan_hyper_default = {32, 3, 2, 128, 5, 0.25, 0.5};

const char *const plan_names[] = {"activity", "lenet5", "mlp", "cifar", NULL};

/* LeNet-5 as it is taught today, with the digits' 28 pixels padded to 32 (LeCun et al. 1998 had trainable averages and
 * radial units); Keras' examples mnist_mlp and cifar10_cnn. Behind each text the last layer. */
static const struct {
	int classes;
	const char *text;
} plan_known[] = {
	{0, NULL},
	{5, "conv2d 6 5 same tanh, average_pooling2d 2, conv2d 16 5 tanh, average_pooling2d 2, flatten | "
	    "dense 120 tanh, dense 84 tanh"},
	{5, "flatten | dense 512 relu, dropout 0.2, dense 512 relu, dropout 0.2"},
	{10, "conv2d 32 3 same relu, conv2d 32 3 relu, max_pooling2d 2, dropout 0.25, conv2d 64 3 same relu, "
	    "conv2d 64 3 relu, max_pooling2d 2, dropout 0.25, flatten | dense 512 relu, dropout 0.5"},
};

void
plan_of_name(const char *name, int classes, struct plan *p)
{
	struct err never = {0};
	char *text;
	int i = 1;

	while (strcmp(plan_names[i], name) != 0)
		i++;
	text = xasprintf("%s, dense %d softmax", plan_known[i].text, classes > 0 ? classes : plan_known[i].classes);
	plan_parse(text, p, &never);
	free(text);
}

/* Adds the layers that an item makes. */
static int
plan_item(struct plan *p, char *item, struct err *e)
{
	struct nn_layer_spec spec[1];
	int n = 1;

	if (layer_spelled(item))
		n = layer_spelled_parse(item, spec, e);
	else if (layer_parse(item, spec, e) < 0)
		n = -1;
	if (n <= 0)
		return n;
	if (p->n == NN_LAYERS_MAX)
		return fail(e, "more than %d layers; build a smaller model", NN_LAYERS_MAX);
	p->spec[p->n++] = spec[0];
	return 0;
}

int
plan_parse(const char *text, struct plan *p, struct err *e)
{
	char *copy = xstrdup(text), *item = copy;
	int bar = -1, rc = 0;

	p->n = 0;
	for (;;) {
		size_t len = item_length(item, ",|");
		char end = item[len];

		item[len] = '\0';
		if (bar == p->n && item[strspn(item, " \t\r\n")] == '\0' && end == '\0') {
			rc = fail(e, "no layer behind the bar; the head ends with dense N, softmax");
			break;
		}
		if ((rc = plan_item(p, item, e)) < 0)
			break;
		if (end == '\0')
			break;
		if (end == '|' && bar >= 0) {
			rc = fail(e, "more than one bar; a single | divides the features from the head");
			break;
		}
		if (end == '|')
			bar = p->n;
		item += len + 1;
	}
	free(copy);
	p->features = bar;
	return rc;
}

void
plan_of_hyper(const struct plan_hyper *h, struct plan *p)
{
	*p = (struct plan){
		.n = 12,
		.features = 7,
		.spec = {
			{.kind = "conv2d", .filters = h->filters, .kernel = h->kernel},
			{.kind = "activation", .activation = "relu"},
			{.kind = "conv2d", .filters = h->filters, .kernel = h->kernel},
			{.kind = "activation", .activation = "relu"},
			{.kind = "max_pooling2d", .pool = h->pool},
			{.kind = "dropout", .rate = h->dropout1},
			{.kind = "flatten"},
			{.kind = "dense", .units = h->dense},
			{.kind = "activation", .activation = "relu"},
			{.kind = "dropout", .rate = h->dropout2},
			{.kind = "dense", .units = h->classes},
			{.kind = "activation", .activation = "softmax"},
		},
	};
}

char *
plan_text(const struct plan *p)
{
	struct str b = {0};

	for (int i = 0; i < p->n; i++) {
		str_add(&b, "%s", i == 0 ? "" : i == p->features ? " | " : ", ");
		layer_text(&b, &p->spec[i]);
	}
	return b.s;
}

char *
plan_net_text(const struct nn_net *net, int features)
{
	struct plan p = {.n = nn_net_count(net), .features = features};

	for (int i = 0; i < p.n; i++) {
		p.spec[i] = nn_net_layer(net, i)->spec;
		p.spec[i].rate = nn_net_layer(net, i)->rate;
	}
	return plan_text(&p);
}

struct nn_net *
plan_net(const struct plan *p, struct nn_shape in, struct err *e)
{
	struct nn_err why = {""};
	struct nn_net *net = nn_net_new(in, p->spec, p->n, &why);

	if (net == NULL)
		fail_nn(e, &why);
	return net;
}

int
plan_features(const struct plan *p, const struct nn_net *net)
{
	int n = nn_net_count(net);

	if (p->features >= 0)
		return p->features;
	for (int i = n - 1; i >= 0; i--)
		if (nn_net_layer(net, i)->in.rank == 3 && nn_net_layer(net, i)->out.rank == 1)
			return i + 1;
	for (int i = n - 1; i >= 0; i--)
		if (nn_net_layer(net, i)->params > 0)
			return i;
	return 0;
}
