/* plan.h: what a model will be: the two forms of `build`, as layers in order and where the head begins.
 *
 * A model has a text that makes it again, which is also what files keep:
 * conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, dropout 0.25, flatten | dense 128, relu, dropout 0.5, dense 5,
 * softmax Layers in order, each with the attributes of its kind in nn's order; an activation's name stands for the
 * layer. The bar ends the features; without one they end where pictures become flat, or, where they never do, before
 * the last layer with parameters.
 */
#ifndef PLAN_H
#define PLAN_H

#include "nn/nn.h"
#include "util/err.h"

struct plan {
	int n, features; /* layers; of them, those before the bar, -1: there is none */
	struct nn_layer_spec spec[NN_LAYERS_MAX];
};

/* Hyper-parameters of the activity's model: conv, relu, conv, relu, pool, dropout, flatten | dense, relu, dropout,
 * dense, softmax. */
struct plan_hyper {
	int filters, kernel, pool, dense, classes;
	double dropout1, dropout2;
};
extern const struct plan_hyper plan_hyper_default;

int plan_parse(const char *text, struct plan *p, struct err *e);
void plan_of_hyper(const struct plan_hyper *h, struct plan *p);
char *plan_text(const struct plan *p); /* the caller's; plan_parse reads it back */

/* The text of a net whose first `features` layers are the features; dropouts with the rate that they have now. */
char *plan_net_text(const struct nn_net *net, int features);

/* A net of the plan for pictures of this shape, all zero. Errors name the layer. */
struct nn_net *plan_net(const struct plan *p, struct nn_shape in, struct err *e);

int plan_features(const struct plan *p, const struct nn_net *net); /* how many layers are features */

#endif
