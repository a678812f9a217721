/* figure_int.h: what the layouts and the backends of figures share. */
#ifndef UI_FIGURE_INT_H
#define UI_FIGURE_INT_H

#include "figure.h"

enum ui_face { UI_FACE_SANS, UI_FACE_BOLD, UI_FACE_MONO, UI_FACE_MONO_BOLD, UI_FACES };

#define UI_DASHES_MAX 8

struct ui_shape {
	enum ui_shape_kind { UI_SHAPE_RECT, UI_SHAPE_LINE, UI_SHAPE_DISC, UI_SHAPE_TEXT, UI_SHAPE_IMAGE,
	    UI_SHAPE_CLIP } kind;
	struct ui_rgb colour;
	double alpha;
	double x, y, w, h; /* rect, image, clip; a disc's radius and a text's size are in w, its angle in h */
	double width, dash[UI_DASHES_MAX]; /* of a line */
	int ndash;
	size_t n;
	struct ui_point *p;
	enum ui_anchor anchor;
	enum ui_face face;
	char *text;
	int iheight, iwidth, channels;
	uint8_t *pixels;
};

#define UI_PALETTE 7

/* What the colours below become on another ground than white. */
struct ui_inks {
	bool dark; /* the ground: colours of values are chosen for it */
	struct ui_rgb ground, ink, soft, grid, edge, band, flash, green, curve[UI_PALETTE];
	double thick; /* by which curves are wider */
};

struct ui_figure {
	int w, h;
	bool inked; /* has inks; else it is on white */
	struct ui_inks inks;
	struct ui_rgb ground; /* of the whole picture */
	double base; /* size of text; 0: follows from that of the picture */
	size_t n, cap;
	struct ui_shape *shape; /* drawn in this order */
	bool (*stop)(void *arg); /* NULL: never asked */
	void *stop_arg;
	int nmeta;
	struct ui_meta {
		char *key, *text;
	} *meta;
};

/* The palette of Okabe and Ito, in an order that reads on white: blue, vermilion, green, purple, orange, sky, grey.
 * Told apart by people who do not see all colours. */
struct ui_rgb ui_palette(int i);

/* figure_inks.c: before anything is added. */
void ui_figure_inks(struct ui_figure *f, const struct ui_inks *inks);
/* What stands for a colour in a shape of that kind, and by how much a line in it is thicker. */
struct ui_rgb ui_inks_of(const struct ui_figure *f, enum ui_shape_kind kind, struct ui_rgb c, double *thick);

#define UI_INK ((struct ui_rgb){0x22, 0x22, 0x22})
#define UI_SOFT ((struct ui_rgb){0x66, 0x66, 0x66}) /* labels that are not read first */
#define UI_GRID ((struct ui_rgb){0xe3, 0xe3, 0xe3})
#define UI_EDGE ((struct ui_rgb){0x99, 0x99, 0x99})
#define UI_BAND ((struct ui_rgb){0xf6, 0xf6, 0xf6}) /* behind every other row */
#define UI_FLASH ((struct ui_rgb){0xd9, 0xec, 0xf7}) /* behind a row that has just changed */
#define UI_BLUE ((struct ui_rgb){0x00, 0x72, 0xb2})
#define UI_RED ((struct ui_rgb){0xd5, 0x5e, 0x00})
#define UI_GREEN ((struct ui_rgb){0x00, 0x7a, 0x5a})

void ui_figure_face_text(struct ui_figure *f, double x, double y, double size, enum ui_anchor anchor, enum ui_face face,
    double degrees, struct ui_rgb colour, const char *text);
/* The same, cut with an ellipsis to at most `room`. */
void ui_figure_fit_text(struct ui_figure *f, double x, double y, double size, enum ui_anchor anchor, enum ui_face face,
    double room,
    struct ui_rgb colour, const char *text);

/* figure_tiles.c: a map in its colours on white, with a cross on what is no number. */
void ui_figure_map(struct ui_figure *f, const struct ui_tile *t, double x, double y, double w, double h);

/* figure_matrix.c: where the cells stand in a picture of w x h with text of size `base`: the corner of the first one,
 * and their side, 0 where they have no room. */
struct ui_matrix_grid {
	double x, y, side;
	bool reads; /* each count is written whole, not much smaller than the rest */
};
void ui_figure_matrix_grid(struct ui_matrix_grid *g, double w, double h, double base, const struct ui_matrix *m);

/* figure_histograms.c: the bars of one alone, and where zero is. */
void ui_figure_bars(struct ui_figure *f, const struct ui_histogram *h, double x, double y, double width, double high);

/* figure_estimates.c: whether all rows have room in a picture of w x h with text of size `base`, not much smaller. */
bool ui_figure_estimates_reads(double w, double h, double base, const struct ui_estimates *t);

/* The size of text for a picture of this size: 15 at 960 x 640, shrinking slower than the picture, never under 8. */
double ui_figure_base(const struct ui_figure *f);

/* figure_cairo.c: whether there are the library and a font. */
bool ui_figure_ready(void);
/* rows y .. y + n of the picture as RGB. 0; -1 with a sentence: no memory, f->stop. */
int ui_figure_rows(const struct ui_figure *f, int y, int n, uint8_t *rgb, char *why, size_t whylen);

/* As cairo writes it; ui_figure_svg makes it whole. */
int ui_figure_raw_svg(const struct ui_figure *f, FILE *out, char *why, size_t whylen);

/* Of points that go to the right, those that are seen: of each column the first, the lowest, the highest and the last.
 * Returns how many; the rest of a dense curve would draw the same ink again, which takes long. */
size_t ui_figure_thin(const struct ui_point *p, size_t n, double column, struct ui_point *out);

/* figure_font.c */
struct ui_font_file;
struct ui_font_glyph {
	struct ui_font_file *font;
	unsigned index; /* in the font */
	uint32_t code;
	double x; /* where it begins, from the start of the text */
};
double ui_font_width(enum ui_face face, double size, const char *text);
bool ui_font_ready(void); /* loads it; false: there is none, text is left out */
/* What follows is for who draws, between lock and unlock; the functions above may not be called there. */
void ui_font_lock(void);
void ui_font_unlock(void);
/* Fills as many as the text has bytes at most, and its width; returns how many; 0: there is no font. */
size_t ui_font_glyphs(enum ui_face face, double size, const char *text, struct ui_font_glyph *glyph, double *width);
void *ui_font_ft(const struct ui_font_file *f); /* FreeType's face */
void ui_font_hold(struct ui_font_file *f); /* it stays open, whatever font is used, until it is let go */
void ui_font_let(struct ui_font_file *f);

#endif
