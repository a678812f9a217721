/* plan.h: what a model will be: its layers in order, and where its head begins.
 *
 * A model has a text that makes it again, for `build` and for files:
 *     conv2d 32 3, relu, max_pooling2d 2, dropout 0.25, flatten | dense 128, relu, dense 5, softmax
 * These are the layers in order, each with the attributes of its kind in nn's order; the name of an activation stands
 * for its layer. The features end at the bar. Without a bar they end where pictures become flat or, where they never
 * do, before the last layer with parameters.
 */
#ifndef PLAN_H
#define PLAN_H

#include "nn/nn.h"
#include "util/err.h"

struct plan {
	int n; /* layers */
	int features; /* layers before the bar; -1 without a bar */
	struct nn_layer_spec spec[NN_LAYERS_MAX];
};

/* What `build` changes of the activity's model: conv, relu, conv, relu, pool, dropout, flatten | dense, relu, dropout,
 * dense, softmax. */
struct plan_hyper {
	int filters, kernel, pool, dense, classes;
	double dropout1, dropout2;
};
extern const struct plan_hyper plan_hyper_default;

/* The models that are built by name, NULL-terminated: the activity first. */
extern const char *const plan_names[];
/* One of these but the activity, with so many output units (0: its own number). */
void plan_of_name(const char *name, int classes, struct plan *p);

int plan_parse(const char *text, struct plan *p, struct err *e);
void plan_of_hyper(const struct plan_hyper *h, struct plan *p);
char *plan_text(const struct plan *p); /* the caller's to free; plan_parse reads it back */

/* The text of a net with so many layers of features. Dropouts are written with the rate that they have now. */
char *plan_net_text(const struct nn_net *net, int features);

/* Makes a net of the plan for pictures of this shape. Its weights are zero. NULL with a sentence. */
struct nn_net *plan_net(const struct plan *p, struct nn_shape in, struct err *e);

int plan_features(const struct plan *p, const struct nn_net *net); /* how many layers are features */

#endif
