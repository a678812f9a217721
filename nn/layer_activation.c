/* layer_activation.c: the functions of an activation, one value at a time but for softmax, which makes shares of the
 * last axis. The softmax that ends the net has its gradient taken together with the loss (loss.c).
 *
 * They are Keras' functions with its defaults: leaky_relu has the slope 0.2, elu the alpha 1.
 */
#include "kernels.h"

#include <math.h>
#include <string.h>

const char *const nn_activations[] = {"linear", "relu", "leaky_relu", "elu", "tanh", "sigmoid", "softmax", NULL};

/* What is no curve and no relu: softmax. */
static const struct {
	const char *name;
	enum nn_curve curve;
} curves[] = {{"leaky_relu", NN_LEAKY_RELU}, {"elu", NN_ELU}, {"tanh", NN_TANH}, {"sigmoid", NN_SIGMOID}};

static bool
is_function(const struct nn_layer *l, const char *name)
{
	return strcmp(l->spec.activation, name) == 0;
}

bool
nn_layer_is_softmax(const struct nn_layer *l)
{
	return l->kind == &nn_layer_activation && is_function(l, "softmax");
}

int
nn_activation_piece(const char *activation, struct nn_layer_spec *piece)
{
	if (strcmp(activation, nn_activations[0]) == 0)
		return 0;
	*piece = (struct nn_layer_spec){.kind = nn_layer_activation.name, .activation = activation};
	return 1;
}

static int
shape(struct nn_layer *l, struct nn_err *err)
{
	l->out = l->in;
	return 0;
}

static enum nn_curve
curve(const struct nn_pass *p)
{
	int i = 0;

	while (!is_function(p->layer, curves[i].name))
		i++;
	return curves[i].curve;
}

static void
forward(const struct nn_pass *p)
{
	size_t count = nn_pass_size(p);
	int last = p->layer->out.dim[p->layer->out.rank - 1];

	if (is_function(p->layer, "softmax"))
		NN_KERNEL(p, softmax, last, (int)(count / (size_t)last), p->x, p->y);
	else if (is_function(p->layer, "relu"))
		NN_KERNEL(p, relu_forward, count, p->x, p->y);
	else
		NN_KERNEL(p, curve_forward, curve(p), NN_LEAKY_SLOPE, count, p->x, p->y);
}

static void
backward(const struct nn_pass *p)
{
	size_t count = nn_pass_size(p);
	int last = p->layer->out.dim[p->layer->out.rank - 1];

	if (p->dx == NULL)
		return;
	if (is_function(p->layer, "softmax"))
		NN_KERNEL(p, softmax_backward, last, (int)(count / (size_t)last), p->y, p->dy, p->dx);
	else if (is_function(p->layer, "relu"))
		NN_KERNEL(p, relu_backward, count, p->y, p->dy, p->dx);
	else
		NN_KERNEL(p, curve_backward, curve(p), NN_LEAKY_SLOPE, count, p->y, p->dy, p->dx);
}

static const struct nn_attr attr[] = {
	{"activation", NN_ATTR_WORD, offsetof(struct nn_layer_spec, activation), NAN, nn_activations + 1},
	{NULL},
};

const struct nn_layer_kind nn_layer_activation = {
	.name = "activation",
	.keras_class = "Activation",
	.initializer = "",
	.attr = attr,
	.shape = shape,
	.forward = forward,
	.backward = backward,
};
