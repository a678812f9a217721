/* pytorch.c: the model as a class of PyTorch, which loads what `save FILE.safetensors layout=torch` writes. */
#include "export/export.h"
#include "model/attrs.h"
#include "session/made.h"
#include "util/num.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

static const char *
function_of(const char *activation)
{
	static const char *const names[][2] = {{"relu", "torch.relu(x)"}, {"tanh", "torch.tanh(x)"},
	    {"sigmoid", "torch.sigmoid(x)"}, {"leaky_relu", "nn.functional.leaky_relu(x, 0.2)"},
	    {"elu", "nn.functional.elu(x)"}, {"softmax", "torch.softmax(x, 1)"}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i][0], activation) == 0)
			return names[i][1];
	return NULL;
}

static int
strange(const struct nn_layer *l, const char *what, struct err *e)
{
	return fail(e, "%s: how PyTorch has %s is not known here; `build` the model without it", l->name, what);
}

static int
activation_code(const struct nn_layer *l, const char *otherwise, struct str *run, struct err *e)
{
	const char *activation = attrs_word(l, "activation", otherwise), *code;

	if (strcmp(activation, "linear") == 0)
		return 0;
	if ((code = function_of(activation)) == NULL)
		return strange(l, activation, e);
	str_add(run, "        x = %s\n", code);
	return 0;
}

/* The picture with what Keras' padding="same" puts around it; that of PyTorch knows no strides and no pools. */
static void
around_code(struct str *run, const char *what, const int around[4], const char *value)
{
	str_add(run, "nn.functional.pad(%s, (%d, %d, %d, %d)%s)", what, around[1], around[3], around[0], around[2],
	    value);
}

static int
conv_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	int k = attrs_int(l, "kernel_size", 0), s = attrs_int(l, "strides", 1), around[4];
	bool some, same;

	some = attrs_around(l, k, s, around);
	same = some && s == 1;
	str_add(module, "nn.Conv2d(%d, %d, %d", l->in.dim[2], attrs_int(l, "filters", 0), k);
	if (s > 1)
		str_add(module, ", stride=%d", s);
	str_add(module, "%s)", same ? ", padding=\"same\"" : "");
	str_add(run, "        x = self.%s(", l->name);
	if (some && !same)
		around_code(run, "x", around, "");
	else
		str_add(run, "x");
	str_add(run, ")\n");
	return activation_code(l, "linear", run, e);
}

static int
dense_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	str_add(module, "nn.Linear(%d, %d)", l->in.dim[0], l->out.dim[0]);
	str_add(run, "        x = self.%s(x)\n", l->name);
	return activation_code(l, "linear", run, e);
}

/* What lies beyond the edge is no maximum and, as in Keras, no part of a mean. */
static int
pool_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	int pool = attrs_int(l, "pool_size", 2), strides = attrs_int(l, "strides", 0), around[4];
	bool max = strcmp(nn_layer_class(l), "MaxPooling2D") == 0, some;

	(void)module;
	strides = strides > 0 ? strides : pool;
	if ((some = attrs_around(l, pool, strides, around)) && !max) {
		str_add(run, "        inside = nn.functional.avg_pool2d(");
		around_code(run, "torch.ones_like(x[:1, :1])", around, "");
		str_add(run, ", %d, %d)\n", pool, strides);
	}
	str_add(run, "        x = nn.functional.%s_pool2d(", max ? "max" : "avg");
	if (some)
		around_code(run, "x", around, max ? ", value=-torch.inf" : "");
	else
		str_add(run, "x");
	str_add(run, ", %d, %d)%s\n", pool, strides, some && !max ? " / inside" : "");
	return 0;
}

static int
normalization_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	char epsilon[32], momentum[32];

	str_add(module, "nn.BatchNorm%dd(%d, eps=%s, momentum=%s)", l->in.rank == 3 ? 2 : 1, l->in.dim[l->in.rank - 1],
	    num_text(epsilon, attrs_real(l, "epsilon", 1e-3)),
	    num_text_float(momentum, (float)(1 - attrs_real(l, "momentum", 0.99))));
	str_add(run, "        x = self.%s(x)\n", l->name);
	return 0;
}

static int
mean_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	(void)l;
	(void)module;
	(void)e;
	str_add(run, "        x = x.mean((2, 3))\n");
	return 0;
}

static int
padding_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	int pad = attrs_int(l, "padding", 0);

	(void)module;
	str_add(run, "        x = nn.functional.pad(x, (%d, %d, %d, %d))\n", pad + attrs_int(l, "left", 0),
	    pad + attrs_int(l, "right", 0), pad + attrs_int(l, "top", 0), pad + attrs_int(l, "bottom", 0));
	return 0;
}

static int
rescaling_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	char scale[32], offset[32];

	(void)module;
	str_add(run, "        x = x * %s + %s\n", num_text(scale, attrs_real(l, "scale", 1)),
	    num_text(offset, attrs_real(l, "offset", 0)));
	return 0;
}

static int
dropout_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	char rate[32];

	(void)e;
	str_add(module, "nn.Dropout(%s)", num_text(rate, l->rate));
	str_add(run, "        x = self.%s(x)\n", l->name);
	return 0;
}

static int
flatten_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	(void)module;
	(void)e;
	str_add(run, "        x = torch.flatten(x, 1)  # channels first: the kernel behind it has its inputs in that "
	    "order\n");
	return 0;
}

static int
leaky_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	char slope[32];

	(void)module;
	str_add(run, "        x = nn.functional.leaky_relu(x, %s)\n", num_text(slope, attrs_real(l, "negative_slope",
	    0.3)));
	return 0;
}

static int
function_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	(void)module;
	return activation_code(l, "linear", run, e);
}

static const struct {
	const char *keras_class;
	int (*code)(const struct nn_layer *l, struct str *module, struct str *run, struct err *e);
	const char *known; /* of its attributes */
} classes[] = {
	{"Conv2D", conv_code, "filters kernel_size strides padding activation l2"},
	{"Dense", dense_code, "units activation l2"},
	{"MaxPooling2D", pool_code, "pool_size strides padding"},
	{"AveragePooling2D", pool_code, "pool_size strides padding"},
	{"Dropout", dropout_code, "rate"},
	{"Flatten", flatten_code, ""},
	{"Activation", function_code, "activation"},
	{"BatchNormalization", normalization_code, "momentum epsilon"},
	{"GlobalAveragePooling2D", mean_code, ""},
	{"ZeroPadding2D", padding_code, "padding top bottom left right"},
	{"Rescaling", rescaling_code, "scale offset"},
	{"LeakyReLU", leaky_code, "negative_slope"},
};

/* The module of a layer and what runs it: `module` is empty where a function does. -1 with a sentence. */
static int
layer_code(const struct nn_layer *l, struct str *module, struct str *run, struct err *e)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strcmp(classes[i].keras_class, nn_layer_class(l)) == 0)
			return attrs_known(l, classes[i].known, "PyTorch", e) < 0 ? -1 :
			    classes[i].code(l, module, run, e);
	return strange(l, nn_layer_class(l), e);
}

static const char head[] =
    "\"\"\"A model of thaw for PyTorch: its class, and how to load the weights that thaw writes with\n"
    "\n"
    "    save model.safetensors layout=torch\n"
    "\"\"\"\n"
    "import torch\n"
    "from safetensors.torch import load_file\n"
    "from torch import nn\n"
    "\n"
    "\n"
    "class Model(nn.Module):\n"
    "    def __init__(self):\n"
    "        super().__init__()\n";

static void
write_end(const struct nn_net *net, FILE *f)
{
	fputs("        return x\n\n\ndef load(path):\n    model = Model()\n", f);
	fputs("    model.load_state_dict(load_file(path))\n", f);
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->params > 0 && !l->trainable)
			fprintf(f, "    model.%s.requires_grad_(False)\n", l->name);
	}
	fputs("    return model.eval()\n\n\nif __name__ == \"__main__\":\n    print(load(\"model.safetensors\"))\n", f);
}

static int
pytorch_write(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	const struct nn_net *net = session_net(s, e);
	struct str modules = {0}, run = {0};
	struct nn_shape in;
	int rc = 0;

	if (net == NULL || (r->n > 0 && export_unknown(r, r->operand[0], e) < 0))
		return -1;
	in = nn_net_input(net);
	for (int i = 0; i < nn_net_count(net) && rc == 0; i++) {
		struct str module = {0};

		rc = layer_code(nn_net_layer(net, i), &module, &run, e);
		if (module.n > 0)
			str_add(&modules, "        self.%s = %s\n", nn_net_layer(net, i)->name, module.s);
		free(module.s);
	}
	if (rc == 0) {
		fprintf(f, "%s%s\n    def forward(self, x):\n        \"\"\"Probabilities of pictures [n, %d, %d, %d], "
		    "whose pixels go from 0 to 1.\"\"\"\n%s", head, modules.n > 0 ? modules.s : "", in.dim[2],
		    in.dim[0], in.dim[1], run.s);
		write_end(net, f);
		snprintf(r->said, sizeof r->said, "`save model.safetensors layout=torch` writes the weights");
	}
	free(modules.s);
	free(run.s);
	return rc;
}

const struct exporter export_pytorch = {
	.format = "pytorch",
	.operands = "",
	.what = "the model as a class of PyTorch that loads `save model.safetensors layout=torch`",
	.file = "thaw-model.py",
	.write = pytorch_write,
};
