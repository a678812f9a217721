/* onnx_ops.c: the other nodes of ONNX: dense layers, normalization, functions, and what changes only how values lie. */
#include "file/onnx_fold.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
is_flat(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	return w->shape.rank == 1 ? 0 : onnx_fail(w->f, n, e, "its input is a picture; a Flatten belongs "
	    "before it");
}

/* ---- dense layers ---- */

static int
dense_add(struct onnx_walker *w, const struct onnx_node *n, bool turned, const struct onnx_constant *bias,
    struct err *e)
{
	const struct onnx_constant *other = n->ninputs > 1 ? onnx_turned(w, &n->input[1]) : NULL;
	const struct onnx_constant *kernel = other != NULL ? other : onnx_weights(w, n, 1, 0, e);
	struct onnx_layer *l;
	uint64_t units;

	turned ^= other != NULL;
	if (kernel == NULL || is_flat(w, n, e) < 0)
		return -1;
	units = kernel->dim[!turned];
	if (kernel->rank != 2 || kernel->dim[turned] != (uint64_t)w->shape.dim[0] || units < 1 || units > ONNX_SIDE_MAX)
		return onnx_fail(w->f, n, e, "its kernel does not fit its input of %d values; " ONNX_ANOTHER,
		    w->shape.dim[0]);
	if (bias != NULL && bias->count != units)
		return onnx_fail(w->f, n, e, "its bias has %llu values, its kernel %llu units; " ONNX_ANOTHER,
		    (unsigned long long)bias->count, (unsigned long long)units);
	if ((l = onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "dense", .units = (int)units}, e)) == NULL)
		return -1;
	l->nsources = 2;
	l->source[0] = (struct onnx_source){.from = kernel, .form = turned ? ONNX_TURNED : ONNX_AS_IS};
	memcpy(l->source[0].flat, w->flat, sizeof w->flat);
	l->source[1] = (struct onnx_source){.from = bias, .count = units};
	memset(w->flat, 0, sizeof w->flat);
	w->shape.dim[0] = (int)units;
	w->open = bias == NULL;
	return 0;
}

static int
take_gemm(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	const struct onnx_constant *bias = NULL;

	if (onnx_int(n, "transA", 0) != 0 || onnx_real(n, "alpha", 1) != 1 || onnx_real(n, "beta", 1) != 1 ||
	    !onnx_same(&n->input[0], &w->at))
		return onnx_fail(w->f, n, e, "no layer of thaw has its transA, alpha or beta; load another");
	if (n->ninputs > 2 && pb_left(&n->input[2]) > 0 && (bias = onnx_weights(w, n, 2, 0, e)) == NULL)
		return -1;
	return dense_add(w, n, onnx_int(n, "transB", 0) != 0, bias, e);
}

static int
take_matmul(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	if (!onnx_same(&n->input[0], &w->at))
		return onnx_fail(w->f, n, e, "what it is given has to be its first operand; load another");
	return dense_add(w, n, false, NULL, e);
}

/* ---- normalization ---- */

static int
take_normalization(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	int c = w->shape.dim[w->shape.rank - 1];
	const struct onnx_constant *from[4];
	struct onnx_layer *l;

	if (w->mean || (w->shape.rank == 3 && !w->first))
		return onnx_fail(w->f, n, e, "its input has to have the channels first; load another");
	if (onnx_int(n, "training_mode", 0) != 0 || n->noutputs > 1) /* before opset 14 it is told by what it gives */
		return onnx_fail(w->f, n, e, "it is written as in training; export the model for inference");
	for (int i = 0; i < 4; i++)
		if ((from[i] = onnx_weights(w, n, i + 1, (uint64_t)c, e)) == NULL)
			return -1;
	if ((l = onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "batch_normalization",
	    .momentum = onnx_real(n, "momentum", 0.9), .epsilon = onnx_real(n, "epsilon", 1e-5)}, e)) == NULL)
		return -1;
	l->nsources = 4;
	for (int i = 0; i < 4; i++) {
		l->source[i] = (struct onnx_source){.from = from[i]};
		memcpy(l->source[i].flat, w->flat, sizeof w->flat);
	}
	return 0;
}

/* ---- functions ---- */

/* It belongs to the layer before it where its name says so, as in what thaw writes: conv2d/relu. */
static bool
belongs(const struct onnx_walker *w, const struct onnx_node *n)
{
	const struct plan *p = &w->l->plan;
	const struct pb *name = w->last != NULL ? &w->last->name : NULL;

	return p->n > 0 && p->spec[p->n - 1].activation == NULL && w->l->layer[p->n - 1].node == w->last &&
	    (strcmp(p->spec[p->n - 1].kind, "conv2d") == 0 || strcmp(p->spec[p->n - 1].kind, "dense") == 0) &&
	    pb_left(name) > 0 && pb_left(&n->name) > pb_left(name) && memcmp(n->name.p, name->p, pb_left(name)) == 0 &&
	    n->name.p[pb_left(name)] == '/';
}

static int
take_function(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	const char *name = w->op->activation;
	struct plan *p = &w->l->plan;
	bool elu = strcmp(name, "elu") == 0, leaky = strcmp(name, "leaky_relu") == 0;
	double alpha = elu || leaky ? onnx_real(n, "alpha", elu ? 1 : 0.01) : 0;
	struct nn_layer_spec spec = {.kind = "activation", .activation = name};
	int64_t axis = onnx_int(n, "axis", -1);

	if (w->mean)
		return onnx_fail(w->f, n, e, "a Flatten belongs before it");
	if (elu && alpha != 1)
		return onnx_fail(w->f, n, e, "its alpha is not Keras' 1, which is the one here; load another");
	if (leaky && !(alpha >= 0 && alpha <= 1e6))
		return onnx_fail(w->f, n, e, "its alpha is below 0, or above 1,000,000; load another");
	if (strcmp(name, "softmax") == 0) {
		axis += axis < 0 ? w->shape.rank + 1 : 0;
		/* before opset 13 all axes from this one on had shares of one sum */
		if (axis != (w->shape.rank == 3 && !w->first ? 3 : 1) || (w->shape.rank == 3 && w->f->opset < 13))
			return onnx_fail(w->f, n, e, "its axis is not that of the channels, as in Keras; load another");
		w->l->logarithm = pb_is(&n->op, "LogSoftmax");
	}
	if (leaky && alpha != 0.2) /* that of Keras' function; of its layer it is any */
		spec = (struct nn_layer_spec){.kind = "leaky_re_lu", .slope = alpha};
	else if (belongs(w, n)) {
		p->spec[p->n - 1].activation = name;
		w->open = false;
		return 0;
	}
	return onnx_layer_add(w, n, spec, e) != NULL ? 0 : -1;
}

/* What is cut at 0 alone is a relu. */
static int
take_clip(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	double limit[2] = {onnx_real(n, "min", -(double)INFINITY), onnx_real(n, "max", (double)INFINITY)};

	for (int i = 1; i < n->ninputs && i < 3; i++) {
		const struct onnx_constant *c = onnx_find(w->f, &n->input[i]);

		if (c != NULL && c->floats != FLOATS_NONE && c->count == 1)
			limit[i - 1] = onnx_float(c, 0);
		else if (pb_left(&n->input[i]) > 0)
			limit[i - 1] = (double)NAN;
	}
	return limit[0] == 0 && limit[1] >= (double)FLT_MAX ? take_function(w, n, e) : onnx_fail(w->f, n, e, "it cuts "
	    "at other numbers than 0, as a ReLU6 does, which no layer of thaw has; export the model with a ReLU");
}

static int
take_dropout(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	const struct onnx_constant *c = n->ninputs > 1 ? onnx_find(w->f, &n->input[1]) : NULL;
	double rate = c != NULL && c->floats != FLOATS_NONE && c->count == 1 ? onnx_float(c, 0) : onnx_real(n,
	    "ratio", 0.5);
	char text[32];

	snprintf(text, sizeof text, "%.7g", rate); /* of a float: 0.3, not 0.300000012 */
	return onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "dropout", .rate = strtod(text, NULL)}, e) !=
	    NULL ? 0 :
	    -1;
}

/* From one kind of floats to another. Pixels as whole numbers go to 255, where those here go to 1. */
static int
take_cast(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	return floats_of(onnx_type_name((uint64_t)onnx_int(n, "to", 0))) != FLOATS_NONE &&
	    floats_of(onnx_type_name(w->f->element)) != FLOATS_NONE ? 0 : onnx_fail(w->f, n, e, "it is from or to "
	    "values that are no floats; export the model for pictures of floats from 0 to 1");
}

static int
take_nothing(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	return 0;
}

/* ---- how values lie ---- */

static int
take_transpose(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	static const int64_t order[2][4] = {{0, 2, 3, 1}, {0, 3, 1, 2}};
	int64_t perm[4];
	bool known = onnx_int_list(n, "perm", perm, 4) == 4 && w->shape.rank == 3;

	for (int first = 0; first < 2 && known; first++) {
		if (memcmp(perm, order[first], sizeof perm) != 0)
			continue;
		if (w->l->plan.n == 0 && w->first == (first == 1)) { /* the input was the other way round */
			const int *d = w->shape.dim;

			w->shape = first == 1 ? (struct nn_shape){3, {d[2], d[0], d[1]}} :
			    (struct nn_shape){3, {d[1], d[2], d[0]}};
			w->l->in = w->shape;
		} else if (w->first == (first == 1))
			break;
		w->first = first == 1;
		return 0;
	}
	return onnx_fail(w->f, n, e, "it has to put the channels of pictures first or last; load another");
}

static int
flatten(struct onnx_walker *w, const struct onnx_node *n, bool always, struct err *e)
{
	int64_t size = 1;

	for (int i = 0; i < w->shape.rank; i++)
		if ((size *= w->shape.dim[i]) > INT32_MAX)
			return onnx_fail(w->f, n, e, "it gives more values than fit; load another");
	if (w->mean) {
		w->shape = (struct nn_shape){1, {w->shape.dim[2]}};
		w->mean = w->squeezed = false;
		return 0;
	}
	if (w->shape.rank == 1 && !always)
		return 0;
	if (w->shape.rank == 3 && w->first && w->shape.dim[2] > 1 && (w->shape.dim[0] > 1 || w->shape.dim[1] > 1))
		memcpy(w->flat, w->shape.dim, sizeof w->flat);
	w->shape = (struct nn_shape){1, {(int)size}};
	w->first = false;
	return onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "flatten"}, e) != NULL ? 0 : -1;
}

static int
take_flatten(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	return onnx_int(n, "axis", 1) == 1 ? flatten(w, n, true, e) : onnx_fail(w->f, n, e, "its axis is not 1, that "
	    "of the batch; load another");
}

/* Whether a shape of two is that of all values of a picture in a row. */
static bool
is_row(const struct onnx_walker *w, const int64_t to[2])
{
	int64_t size = 1;

	for (int i = 0; i < w->shape.rank; i++)
		size *= w->shape.dim[i]; /* of little more than 2^16 each */
	return to[1] == -1 || to[1] == size || (to[1] == 0 && w->shape.rank == 1);
}

static int
take_reshape(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	bool picture = w->shape.rank == 3, begins = w->l->plan.n == 0;
	const int *d = w->shape.dim;
	int64_t to[4];
	int rank = n->ninputs > 1 ? onnx_known(w, &n->input[1], to, 4) : 0;

	if (rank == 2 && is_row(w, to))
		return flatten(w, n, false, e);
	if (rank == 4 && (picture || begins) && !w->mean) { /* a picture of one channel, or of a row of numbers */
		bool first = to[1] == 1;
		int64_t high = to[first ? 2 : 1], wide = to[first ? 3 : 2];

		if ((first || to[3] == 1) && high > 0 && wide > 0 && high <= ONNX_SIDE_MAX && wide <= ONNX_SIDE_MAX &&
		    (picture ? d[2] == 1 && high == d[0] && wide == d[1] : high * wide == d[0])) {
			w->shape = (struct nn_shape){3, {(int)high, (int)wide, 1}};
			w->l->in = begins ? w->shape : w->l->in;
			w->first = first;
			return 0;
		}
	}
	return onnx_fail(w->f, n, e, "it has to make a row of a picture, or a picture of one channel of the input; "
	    "load another");
}

static int
take_mean(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	if (w->shape.rank != 3 || !w->first || w->mean)
		return onnx_fail(w->f, n, e, "its input is no picture with the channels first; load another");
	w->shape = (struct nn_shape){3, {1, 1, w->shape.dim[2]}};
	w->mean = true;
	return onnx_layer_add(w, n, (struct nn_layer_spec){.kind = "global_average_pooling2d"}, e) != NULL ? 0 : -1;
}

/* The axes that it is about, which count from 0; -1: it says none, or too many. */
static int
axes_of(const struct onnx_walker *w, const struct onnx_node *n, int64_t axis[2])
{
	int count = n->ninputs > 1 ? onnx_known(w, &n->input[1], axis, 2) : onnx_int_list(n, "axes", axis, 2);

	for (int i = 0; i < count; i++)
		axis[i] += axis[i] >= 0 ? 0 : w->squeezed ? 3 : 4;
	return count;
}

/* They are the height and width. */
static bool
of_pixels(const struct onnx_walker *w, const struct onnx_node *n)
{
	int64_t axis[2];
	int count = axes_of(w, n, axis), height = w->first ? 2 : 1;

	return !w->squeezed && count == 2 && ((axis[0] == height && axis[1] == height + 1) ||
	    (axis[1] == height && axis[0] == height + 1));
}

static int
take_reduced(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	if (w->shape.rank != 3 || w->mean || !of_pixels(w, n))
		return onnx_fail(w->f, n, e, "only the mean over a picture's height and width is a layer of thaw; "
		    "load another");
	w->first = true; /* whichever way round: it is one number a channel */
	if (take_mean(w, n, e) < 0)
		return -1;
	return onnx_int(n, "keepdims", 1) != 0 ? 0 : flatten(w, n, false, e);
}

static int
take_squeeze(struct onnx_walker *w, const struct onnx_node *n, struct err *e)
{
	int64_t axis[2];
	bool one = w->mean && axes_of(w, n, axis) == 1;

	if (one && !w->squeezed && (axis[0] == 2 || axis[0] == 3)) { /* the other one follows */
		w->squeezed = true;
		return 0;
	}
	return (one && w->squeezed && axis[0] == 2) || (w->mean && of_pixels(w, n)) ? flatten(w, n, false, e) :
	    onnx_fail(w->f, n, e, "it may only take away the height and width behind a mean; load another");
}

const struct onnx_op onnx_ops[] = {
	{"Conv", onnx_take_conv},
	{"MaxPool", onnx_take_pool},
	{"AveragePool", onnx_take_pool},
	{"Pad", onnx_take_pad},
	{"Gemm", take_gemm},
	{"MatMul", take_matmul},
	{"Add", onnx_take_sum},
	{"Sub", onnx_take_sum},
	{"Mul", onnx_take_sum},
	{"Div", onnx_take_sum},
	{"BatchNormalization", take_normalization},
	{"Relu", take_function, "relu"},
	{"Clip", take_clip, "relu"},
	{"LeakyRelu", take_function, "leaky_relu"},
	{"Elu", take_function, "elu"},
	{"Tanh", take_function, "tanh"},
	{"Sigmoid", take_function, "sigmoid"},
	{"Softmax", take_function, "softmax"},
	{"LogSoftmax", take_function, "softmax"},
	{"Dropout", take_dropout},
	{"Identity", take_nothing},
	{"Cast", take_cast},
	{"Transpose", take_transpose},
	{"Flatten", take_flatten},
	{"Reshape", take_reshape},
	{"GlobalAveragePool", take_mean},
	{"ReduceMean", take_reduced},
	{"Squeeze", take_squeeze},
	{NULL, NULL},
};
