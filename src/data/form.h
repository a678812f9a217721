/* form.h: how the images of a data set are made: how much of an image its thing takes, and where it lies. */
#ifndef FORM_H
#define FORM_H

#include "data/ground.h"

struct form {
	struct ground ground;
	int box, of; /* the greater side of what is drawn, in pixels, of so many; 0: the images are not made that way */
	bool centred; /* the centre of mass lies in the middle of the image */
};

/* Measured on the first training images, in 1 or 3 channels whatever the data set has. NULL: MNIST's, where digits are
 * fitted into 20x20 pixels of 28x28 and moved until their centre of mass is in the middle. */
struct form form_of(const struct dataset *d, int channels);

#endif
