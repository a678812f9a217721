/* model.h: making a session's model: the two forms of `build`, the group that a layer belongs to, initial weights.
 *
 * A model has a text that makes it again, which is also what files keep:
 *     conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, dropout 0.25, flatten | dense 128, relu, dropout 0.5, dense 5, softmax
 * Layers in order, each with the attributes of its kind in nn's order; an activation's name stands for the layer. The bar ends
 * the features; without one they end where pictures become flat, or, where they never do, before the last layer with parameters.
 */
#ifndef MODEL_H
#define MODEL_H

#include "session.h"

struct model_plan {
	int n, features; /* layers; of them, those before the bar, -1: there is none */
	struct nn_layer_spec spec[NN_LAYERS_MAX];
};

/* Hyper-parameters of the activity's model: conv, relu, conv, relu, pool, dropout, flatten | dense, relu, dropout, dense, softmax. */
struct model_hyper {
	int filters, kernel, pool, dense, classes;
	double dropout1, dropout2;
};
extern const struct model_hyper model_hyper_default;

int model_parse(const char *text, struct model_plan *p, struct err *e);
void model_hyper_plan(const struct model_hyper *h, struct model_plan *p);
char *model_text(const struct model_plan *p); /* the caller's; model_parse reads it back */

/* The text of a net whose first `features` layers are the features; dropouts with the rate that they have now. */
char *model_net_text(const struct nn_net *net, int features);

/* A net of the plan for pictures of this shape, all zero. Errors name the layer. */
struct nn_net *model_net(const struct model_plan *p, struct nn_shape in, struct err *e);

int model_features(const struct model_plan *p, const struct nn_net *net); /* how many layers are features */

/* The shape of the chosen data set's pictures; reads it only where the name does not tell. */
int model_input(struct session *s, struct nn_shape *in, struct err *e);

/* Makes `net` (taken over) the session's model: what belonged to the one before (snapshots, weights of runs, caches, rates of
 * layers, the count of epochs) is forgotten. The weights stay as they are. */
void model_install(struct session *s, struct nn_net *net, int features, uint64_t seed);

bool model_is_feature(const struct session *s, int layer);
const char *model_group(const struct session *s, int layer); /* "features" or "head" */

#endif
