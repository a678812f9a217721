/* ground.h: what lies behind the things that a data set shows. */
#ifndef GROUND_H
#define GROUND_H

#include "data/dataset.h"

struct ground {
	uint8_t rgb[3]; /* the median of each channel along the rims; grey: the first alone */
	bool light_on_dark; /* things are lighter than a ground that is dark and even, as digits are in MNIST */
	bool dark_on_light; /* darker than one that is light and even, as on paper */
};

#define GROUND_NEAR 16 /* values so near belong to the ground */

/* Of the first training images, in 1 or 3 channels whatever the data set has. NULL: of the data sets with a name. */
struct ground ground_of(const struct dataset *d, int channels);

/* How many pixels the rim of a picture has, and where its i-th lies. */
size_t ground_rim_count(int height, int width);
size_t ground_rim_at(int height, int width, size_t i);

#endif
