/* jpeg.h: JPEG files as pixels. */
#ifndef JPEG_H
#define JPEG_H

#include "util/err.h"

#include <stdint.h>
#include <stdio.h>

/* Reads one of at most max pixels a side: bytes, [height][width][channels], from malloc; channels: 1 grey, 3 RGB.
 * Upright, as the camera's note in it says. NULL with a sentence without the file's name. */
uint8_t *jpeg_pixels(FILE *in, int max, int channels, int *height, int *width, struct err *e);

#endif
