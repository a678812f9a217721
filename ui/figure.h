/* figure.h: pictures as lists of shapes in points, which a backend turns into bytes.
 *
 * A figure is built from charts, tiles, tables or cells of model.h, then drawn by cairo (figure_cairo.c) and written as
 * PNG, SVG or PDF. The same figure gives the same bytes. x grows to the right, y downwards; a unit is a pixel of a PNG
 * and of SVG, and three quarters of a point of PDF.
 */
#ifndef UI_FIGURE_H
#define UI_FIGURE_H

#include "canvas.h"

#include <stdio.h>

struct ui_figure;
struct ui_rgb {
	uint8_t r, g, b;
};
enum ui_anchor { UI_START, UI_MIDDLE, UI_END };

#define UI_FIGURE_MIN 16
#define UI_FIGURE_MAX 16384
struct ui_figure *ui_figure_new(int width, int height); /* UI_FIGURE_MIN..UI_FIGURE_MAX each; NULL otherwise */
void ui_figure_free(struct ui_figure *f);
void ui_figure_dark(struct ui_figure *f); /* on dark ground; asked before anything is drawn on it */
int ui_figure_width(const struct ui_figure *f);
int ui_figure_height(const struct ui_figure *f);

/* Primitives, drawn in the order in which they come. Lines have round ends and joins; dash: pairs of on and off
 * lengths, NULL for solid. An image is copied: bytes, [height][width][channels], 1 channel grey, 3 RGB; where it is
 * enlarged its pixels stay squares in every format, and the file does not grow by that. */
void ui_figure_rect(struct ui_figure *f, double x, double y, double w, double h, struct ui_rgb fill, double alpha);
void ui_figure_line(struct ui_figure *f, const struct ui_point *p, size_t n, double width, struct ui_rgb colour,
    double alpha, const double *dash, int ndash);
void ui_figure_disc(struct ui_figure *f, double x, double y, double radius, struct ui_rgb fill, double alpha);
void ui_figure_text(struct ui_figure *f, double x, double y, double size, enum ui_anchor anchor, bool bold,
    double degrees, struct ui_rgb colour, const char *text);
void ui_figure_image(struct ui_figure *f, double x, double y, double w, double h, int height, int width, int channels,
    const uint8_t *pixels);
/* what follows is cut to it; w 0: no more */
void ui_figure_clip(struct ui_figure *f, double x, double y, double w, double h);
/* "Title", "Software", "Settings", "Comment": a tEXt chunk of PNG (iTXt where not Latin-1), the description of SVG,
 * what PDF says of itself. */
void ui_figure_meta(struct ui_figure *f, const char *key, const char *text);

/* Whole pictures, laid out to fill the figure. */
/* below one another, x axes aligned */
void ui_figure_charts(struct ui_figure *f, const struct ui_chart *const *chart, int n);
void ui_figure_tiles(struct ui_figure *f, const struct ui_tiles *t);
void ui_figure_strips(struct ui_figure *f, const struct ui_strips *s);
void ui_figure_table(struct ui_figure *f, const struct ui_table *t);
/* Each count in its cell, shaded by the root of its share of the row, beside the scale. */
void ui_figure_matrix(struct ui_figure *f, const struct ui_matrix *m);
/* A plot each, side by side and below one another, with what is said of them. */
void ui_figure_histograms(struct ui_figure *f, const struct ui_histograms *t);
/* Means with their errors along one axis, a row each, or several told apart by their marks. */
void ui_figure_estimates(struct ui_figure *f, const struct ui_estimates *t);
/* a screen, on dark ground */
void ui_figure_cells(struct ui_figure *f, const struct ui_canvas *c, enum ui_colours colours);
void ui_figure_cells_size(const struct ui_canvas *c, int *width, int *height); /* the size at which it reads best */

/* Fonts: a directory or file, NULL for the search along the usual places (DejaVu Sans). Returns NULL when all is
 * well, else a sentence that names the package to install; figures are then drawn without text. Loaded when first
 * needed. */
const char *ui_font_use(const char *path);
/* How font files are opened, to read and without waiting: -1 with errno. NULL: by their path. */
void ui_font_opener(int (*open)(const char *path));
extern const char *const ui_font_folders[]; /* the usual places, NULL ends them; a leading ~ is the home directory */
void ui_font_free(void); /* what was loaded; it is loaded again when needed */
double ui_text_width(double size, bool bold, const char *text);

/* Asked again and again while a figure is drawn, which takes long where it is large: true ends it with a sentence. */
void ui_figure_stop(struct ui_figure *f, bool (*stop)(void *arg), void *arg);

/* Write the picture to an open stream. Return 0, or -1 with a sentence in why[whylen]. SVG has text as outlines, so
 * that it looks the same where the font is missing; PDF brings the font along, so that its text can be found and
 * copied. */
int ui_figure_png(const struct ui_figure *f, FILE *out, char *why, size_t whylen);
int ui_figure_svg(const struct ui_figure *f, FILE *out, char *why, size_t whylen);
int ui_figure_pdf(const struct ui_figure *f, FILE *out, char *why, size_t whylen);

/* Reads a PNG as bytes, [height][width][channels]; free() them. channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and
 * alpha, whatever form and depth the file has; deeper values are scaled, and colours become grey by their luma.
 * Without alpha, what is transparent is laid over black, or over white where what is drawn on it is dark. *has (or
 * NULL) tells what is in the file, in the same numbers: one of which all pixels are grey has no colour. A picture
 * wider or higher than max pixels, or with more than UI_PNG_AREA of them, is refused before anything is allocated for
 * it: a file of 2 KB can hold so many, and each takes 4 bytes. Damaged and hostile files end in a sentence. NULL with a
 * sentence in why[whylen]. */
#define UI_PNG_AREA (1 << 24)
uint8_t *ui_png_pixels(FILE *in, int max, int channels, int *has, int *height, int *width, char *why, size_t whylen);
uint8_t *ui_png_read(FILE *in, int max, int *height, int *width, char *why, size_t whylen); /* the same in grey */
/* The text of the chunk of that key, the caller's; NULL when there is none. */
char *ui_png_text(FILE *in, const char *key);

#endif
