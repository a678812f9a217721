/* golden.h: pictures as bytes and as pixels, and beside those that were looked at.
 *
 * Golden pictures are compared with a tolerance, since another FreeType may place an edge a little differently.
 * UPDATE=1 writes them anew; look at them before you commit them.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "ui/figure_int.h"

#include <stdio.h>

enum { PNG, SVG, PDF, FORMATS };
extern int (*const writers[FORMATS])(const struct ui_figure *f, FILE *out, char *why, size_t whylen);

/* The bytes of the picture, with a 0 behind them, free() them; frees the figure. */
uint8_t *format_bytes(int format, struct ui_figure *f, size_t *n);
uint8_t *figure_bytes(struct ui_figure *f, size_t *n); /* of PNG */
uint8_t *bytes_pixels(const uint8_t *bytes, size_t n, int *h, int *w); /* RGB; free() them */
/* tests/golden/figures/NAME.png; frees the figure. */
void golden_compare(struct ui_figure *f, const char *name);

#endif
