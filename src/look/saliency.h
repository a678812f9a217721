/* saliency.h: which pixels matter to what the model says of a picture: maps as large as the picture, signed, of one
 * output unit, without dropout and whether layers are frozen or not.
 */
#ifndef SALIENCY_H
#define SALIENCY_H

#include "data/image.h"
#include "session/session.h"

enum saliency_kind {
	/* The gradient of the unit's logit by each pixel (Simonyan 2013); of a colour the sum of its channels: what it
	 * gains when all are brightened alike. */
	SALIENCY_GRADIENT,
	/* The channels of a layer, each weighted by the mean over its places of the gradient of the unit's logit
	 * (Selvaraju 2017, without the ReLU of the paper, so that what speaks against the unit is seen as well);
	 * scaled up to the picture, bilinear between the centres of places. */
	SALIENCY_GRADCAM,
	/* How far the unit's probability falls where a square that looks like the ground of the data is centred on a
	 * pixel, cut at the rims (Zeiler and Fergus 2014). */
	SALIENCY_OCCLUDE,
};

struct saliency_request {
	enum saliency_kind kind;
	int unit; /* the output unit that is asked about; -1: the one with the largest probability */
	int layer; /* of gradcam; -1: saliency_layer() */
	int size, stride; /* of occlude, in pixels; 0: by the size of the picture */
};

struct saliency {
	struct saliency_request ask; /* with everything filled in */
	double p; /* the unit's probability */
	int predicted; /* the unit with the largest */
	int height, width; /* of the picture */
	float *map; /* [height][width] */
	int rows, cols;
	float *raw; /* [rows][cols]: gradcam's as the layer has it, occlude's by position; NULL where it is the map */
	int channels;
	float *channel; /* [height][width][channels]: the gradient by each channel of colour; NULL of grey */
};

/* Asks the model, between two batches if a run goes on. What is in *out is freed by saliency_free. -1 with a sentence,
 * then there is nothing. */
int saliency_make(struct session *s, const struct image *im, const struct saliency_request *r, struct saliency *out,
    struct err *e);
void saliency_free(struct saliency *x);

/* The layer that gradcam looks at by itself: the last convolution's activation, before any pooling; -1: the model has
 * no layer whose output is a picture. */
int saliency_layer(const struct nn_net *net);
/* How many pictures occlude has to evaluate. */
size_t saliency_positions(struct nn_shape shape, const struct saliency_request *r);

/* Fills map[height][width] from raw[rows][cols], as tf.image.resize does: bilinear between the centres. */
void saliency_resize(const float *raw, int rows, int cols, float *map, int height, int width);

#endif
