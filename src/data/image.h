/* image.h: one picture that a command looks at: test:IDX, train:IDX, last, FILE.png. */
#ifndef IMAGE_H
#define IMAGE_H

#include "cmd/cmd.h"
#include "nn.h"

struct image {
	char *name; /* "test:12", "digit.png" */
	struct nn_shape shape; /* of the net's input */
	uint8_t *pixels; /* nn_shape_size(shape) bytes, owned */
	int label; /* -1: not known */
	bool inverted; /* a file of dark strokes on light ground, turned around as the data sets have it */
};

/* The picture that an operand names, scaled to the net's input where it is a file; NULL text: the last picture, else test:0.
 * NULL with a sentence. */
struct image *image_get(struct session *s, const char *text, struct err *e);
struct image *image_copy(const struct image *i);
void image_free(struct image *i);
/* The picture becomes `last`; takes a copy. */
void image_remember(struct session *s, const struct image *i);

#endif
