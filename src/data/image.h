/* image.h: one picture that a command looks at. */
#ifndef IMAGE_H
#define IMAGE_H

#include "nn/nn.h"

struct image {
	char *name; /* "test:12", "digit.png" */
	struct nn_shape shape; /* of the net's input */
	uint8_t *pixels; /* nn_shape_size(shape) bytes, owned */
	int label; /* -1: not known */
	/* Of a file or a drawing: what it was before it was brought to the form of the data, in the same shape, owned;
	 * NULL: it is the same. And what was done to it. */
	uint8_t *raw;
	struct image_made {
		bool blank; /* it is all of one colour, so there was nothing to do */
		bool inverted; /* dark ink on light ground was turned around */
		bool levelled; /* paper became the ground, the strongest ink 255 */
		int fitted; /* the box of the ink was scaled into so many pixels; 0: it was not */
		int height, width; /* which it then takes */
		bool centred; /* and moved: */
		int down, right; /* by so many pixels, negative: up and left */
	} made;
	bool drawn; /* on the canvas of the workbench */
};

/* "inverted, fitted into 20x20, centred (moved 2,1)": down and right. "" where nothing was done. The caller's. */
char *image_steps(const struct image *i);

/* pixels NULL: not filled */
struct image *image_new(const char *name, struct nn_shape shape, const uint8_t *pixels, int label);
struct image *image_copy(const struct image *i);
void image_free(struct image *i);

#endif
