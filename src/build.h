/* build.h: making a session's model: the two forms of `build`, the group that a layer belongs to, initial weights.
 *
 * A model has a text that makes it again, which is also what files keep:
 *     conv2d 32 3, relu, conv2d 32 3, relu, max_pooling2d 2, dropout 0.25, flatten | dense 128, relu, dropout 0.5, dense 5, softmax
 * Layers in order, each with the attributes of its kind in nn's order; an activation's name stands for the layer. The bar ends
 * the features; without one they end where pictures become flat, or, where they never do, before the last layer with parameters.
 */
#ifndef BUILD_H
#define BUILD_H

#include "session.h"

struct build_plan {
	int n, features; /* layers; of them, those before the bar, -1: there is none */
	struct nn_layer_spec spec[NN_LAYERS_MAX];
};

/* Hyper-parameters of the activity's model: conv, relu, conv, relu, pool, dropout, flatten | dense, relu, dropout, dense, softmax. */
struct build_hyper {
	int filters, kernel, pool, dense, classes;
	double dropout1, dropout2;
};
extern const struct build_hyper build_hyper_default;

int build_parse(const char *text, struct build_plan *p, struct err *e);
void build_hyper_plan(const struct build_hyper *h, struct build_plan *p);
char *build_text(const struct build_plan *p); /* the caller's; build_parse reads it back */

/* The text of a net whose first `features` layers are the features; dropouts with the rate that they have now. */
char *build_net_text(const struct nn_net *net, int features);

/* A net of the plan for pictures of this shape, all zero. Errors name the layer. */
struct nn_net *build_net(const struct build_plan *p, struct nn_shape in, struct err *e);

int build_features(const struct build_plan *p, const struct nn_net *net); /* how many layers are features */

/* The shape of the chosen data set's pictures; reads it only where the name does not tell. */
int build_input(struct session *s, struct nn_shape *in, struct err *e);

/* Makes `net` (taken over) the session's model: what belonged to the one before (snapshots, weights of runs, caches, rates of
 * layers, the count of epochs) is forgotten. The weights stay as they are. */
void build_install(struct session *s, struct nn_net *net, int features, uint64_t seed);

bool build_is_feature(const struct session *s, int layer);
const char *build_group(const struct session *s, int layer); /* "features" or "head" */

#endif
