/* drawing.h: a picture that is not of the data set, brought to the form that the images of the data set have.
 *
 * The steps are those by which MNIST was made. Ink is turned around where it is dark on light and the data are light on
 * dark; what is grey paper becomes the ground, and the strongest ink full; the box that holds the ink is scaled into 20
 * of 28 pixels, its proportions kept; and the centre of mass is moved into the middle. Each is switched by itself. AUTO
 * takes those that the data set was made with, and of the last three none for a picture that has the size of the
 * model's input: one that shows exactly the pixels of an image is that image.
 */
#ifndef DRAWING_H
#define DRAWING_H

#include "data/form.h"
#include "data/image.h"

/* Channels of colour and, while it is not laid over a ground, alpha behind them. */
struct drawing {
	int height, width, channels;
	bool alpha;
	uint8_t *pixels; /* owned */
};

enum drawing_switch { DRAWING_AUTO, DRAWING_ON, DRAWING_OFF };

struct drawing_steps {
	enum drawing_switch invert, level, fit, centre;
};

/* The image of that shape, the caller's, which tells what was done; channels are those of the drawing. Works within the
 * drawing's pixels, which are of no use behind it. */
struct image *drawing_image(struct drawing *d, const char *name, struct nn_shape shape, const struct form *form,
    const struct drawing_steps *steps);

#endif
