/* keras_config.h: a model as Keras describes it in JSON: config.json of a .keras file, model_config of an old .h5. */
#ifndef KERAS_CONFIG_H
#define KERAS_CONFIG_H

#include "model/plan.h"

#include <jansson.h>

#define KERAS_JSON_MAX (16 << 20) /* bytes of such a text */

/* What it was compiled with; optimizer NULL: with none that is known here. */
struct keras_compiled {
	const struct nn_optimizer_info *optimizer;
	char class[40]; /* of the optimizer, as the file names it; "": it was not compiled */
	char loss[60]; /* "": not known */
	double lr; /* NAN: no number */
	char schedule[64]; /* then what it is, "CosineDecay from 0.01"; "": not known */
	double hyper[4]; /* in the order of optimizer->hyper; NAN: not said */
	char odd[160]; /* options that change what it does and are not known here; "": none */
	double smoothing; /* of the labels, by the loss */
};

struct keras_model {
	struct plan plan;
	struct nn_shape in; /* rank 0: the file does not say */
	int units; /* of an input that is no picture, for which a flatten is put in front; 0: it is one */
	bool logits; /* a softmax was put behind */
	bool trainable[NN_LAYERS_MAX];
	bool unbiased[NN_LAYERS_MAX]; /* it has no bias in the file, and one of zeros here */
	char *name[NN_LAYERS_MAX]; /* of the layers in the file; NULL: it has none there */
	char *group[NN_LAYERS_MAX]; /* path of its group in the weights: layers/conv2d_1; NULL where name is */
	struct keras_compiled compiled;
};

/* Reads the description of a model, and (NULL: none) of what it was compiled with. path is for sentences. -1 with a
 * sentence, then there is nothing to free. */
int keras_config_read(const char *path, const json_t *config, const json_t *compiled, struct keras_model *m,
    struct err *e);
void keras_model_free(struct keras_model *m); /* what it holds; zeros are fine */

/* A number as short as a float or a double of that value can be; "0.01" of what Keras 2 writes as 0.00999999977. */
char *keras_number(char buf[32], double v);
/* CLASS as Keras names it in groups and by itself: Conv2D is conv2d, ReLU is re_lu. */
void keras_snake(char *out, size_t size, const char *class);

/* One layer as text in Keras' spelling, "Conv2D(filters=32, kernel_size=(3, 3))"; the caller's. flat: what it gets is
 * no picture. NULL with a sentence. (keras_layer.c) */
char *keras_layer_text(const char *class, const json_t *config, bool flat, struct err *e);

#endif
