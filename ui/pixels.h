/* pixels.h: pixels as a small PNG, for terminals: a few colours, as few bytes as that takes. The same pixels give the
 * same bytes. (A PNG that is a file is figure_png.c's.)
 */
#ifndef UI_PIXELS_H
#define UI_PIXELS_H

#include "figure.h"

/* Grey of 8 bits, as it is. NULL without memory; free() it. */
uint8_t *ui_pixels_grey(const uint8_t *grey, int w, int h, size_t *n);
/* RGB in at most 256 colours, each pixel within a sixteenth of what it was, or more where they do not suffice. What is
 * exactly `clear` (or NULL) becomes transparent. */
uint8_t *ui_pixels_few(const uint8_t *rgb, int w, int h, const struct ui_rgb *clear, size_t *n);

#endif
