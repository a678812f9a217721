/* explain.h: the arithmetic of one unit: what it reads, what it makes of that, and what the network computed. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "data/image.h"
#include "session/session.h"

/* Which unit: of a layer whose output is a picture, channel `unit` at row y, column x; else y and x are -1. */
struct explain_unit {
	int layer, unit, y, x;
};

enum explain_rule {
	EXPLAIN_SUM, /* bias + sum of input times weight */
	EXPLAIN_RELU, /* max(0, input) */
	EXPLAIN_MAX, /* the largest input, the first of equals */
	EXPLAIN_SHARE, /* exp(input) / sum of exp(input) over all */
	EXPLAIN_SAME, /* the input */
};

/* A number that the unit reads, from this place of the layer before; y and x -1: the place in a row. */
struct explain_term {
	int y, x, channel;
	double input, weight, product; /* weight: of EXPLAIN_SUM; product too, of EXPLAIN_SHARE exp(input - largest) */
};

/* The sum is made in double, in the order of the equation (nn/kernels_plain.h). The network's kernels may add in
 * single precision, in other orders or by other equations, so that the two agree to a number of digits behind the
 * point: those that both are printed with. */
struct explain {
	struct explain_unit at;
	enum explain_rule rule;
	size_t n;
	struct explain_term *term; /* in the order of the equation */
	int chosen; /* of EXPLAIN_MAX: the term that won */
	double bias; /* of EXPLAIN_SUM; of EXPLAIN_SHARE the sum of what is shared */
	double inner; /* of EXPLAIN_SUM: before the layer's own activation */
	double sum; /* by the rule from the terms */
	float output; /* as the network computed it */
	int digits; /* behind the point, 0 to EXPLAIN_DIGITS; -1: sum and output do not agree */
};

#define EXPLAIN_DIGITS 6

/* Runs the picture through the net: within job_call, where the net stands still. x->at is given and fits. -1 with a
 * sentence; what is there is freed by explain_free, also after -1. */
int explain_make(struct session *s, const struct image *im, struct explain *x, struct err *e);
void explain_free(struct explain *x);

/* Where the first window of a convolution or a pooling begins, down (0) or across (1): 0, or less where it is
 * padded. */
int explain_window(const struct nn_layer *l, int k, int stride, int direction);

/* A number with so many digits behind the point, or with an exponent where it is too small for them. */
char *explain_number(char buf[32], double v, int digits);

/* Of a layer whose input lies in a row: the last picture before it, whose values lie in the same order. Its layer, -1
 * for the input of the net; -2: there is none, as other units made the row. */
int explain_picture(const struct nn_net *net, int layer, struct nn_shape *shape);

#endif
