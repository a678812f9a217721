/* photo.h: a picture file, PNG or JPEG, as pixels. */
#ifndef PHOTO_H
#define PHOTO_H

#include "util/err.h"

#include <stdbool.h>
#include <stdint.h>

#define PHOTO_SIDE_MAX 8192 /* pixels */

/* Reads a file by what its first bytes say: bytes, [height][width][channels], from malloc; channels: 1 grey, 2 grey and
 * alpha, 3 RGB, 4 RGB and alpha. Its size is checked before anything is allocated for it. NULL with a sentence. */
uint8_t *photo_read(const char *path, int channels, int *height, int *width, struct err *e);

bool photo_named(const char *name); /* it ends as such files do */

/* The picture in another size, as Keras' image_dataset_from_directory stretches it: each pixel is the mean of the area
 * that it covers, in whole numbers, so that it is the same on every machine. */
void photo_scale(uint8_t *to, int to_height, int to_width, const uint8_t *from, int height, int width, int channels);

#endif
