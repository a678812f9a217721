/* image.h: one picture that a command looks at. */
#ifndef IMAGE_H
#define IMAGE_H

#include "nn/nn.h"

struct image {
	char *name; /* "test:12", "digit.png" */
	struct nn_shape shape; /* of the net's input */
	uint8_t *pixels; /* nn_shape_size(shape) bytes, owned */
	int label; /* -1: not known */
	bool inverted; /* a file of dark strokes on light ground, turned around as the data sets have it */
};

/* pixels NULL: not filled */
struct image *image_new(const char *name, struct nn_shape shape, const uint8_t *pixels, int label);
struct image *image_copy(const struct image *i);
void image_free(struct image *i);

#endif
