/* canvas.h: a screen as data: cells of text with a style, drawn before any terminal is asked.
 *
 * A panel draws into an area: a rectangle of a canvas with its own origin. Whatever lies outside it is cut off, so
 * panels cannot overlap. Text is UTF-8; a cell holds one base character and its combining marks; a wide character fills
 * two cells. Broken UTF-8 and control characters become '?'. With UI_ASCII every cell is ASCII: known signs become
 * their likes.
 */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

#include "model.h"

/* ---- glyphs ---- */

enum ui_glyphs {
	UI_ASCII,
	UI_BLOCK, /* UTF-8 without braille, which some fonts lack */
	UI_BRAILLE,
};

enum ui_glyph { /* single signs that differ between the sets */
	UI_G_LOCK, UI_G_RIGHT, UI_G_WRONG, UI_G_MARK, UI_G_MARK2, UI_G_RULE, UI_G_HBAR, UI_G_VBAR, UI_G_UP, UI_G_DOWN,
	    UI_G_MORE, UI_G_DOT,
	UI_GLYPHS,
};
const char *ui_glyph(enum ui_glyphs set, enum ui_glyph g);

/* ---- styles ---- */

enum { /* go on from enum ui_style of model.h */
	UI_S_BORDER = UI_STYLES,
	UI_S_FOCUS, /* border and title of the focused panel */
	UI_S_TITLE,
	UI_S_BAR, /* the header line */
	UI_S_BAR_STRONG,
	UI_S_BAR_GAUGE, /* done part of the progress bar */
	UI_S_BADGE, /* the name at the left of the header */
	UI_S_BAR_COLD,
	UI_S_BAR_WARN,
	UI_S_CURVE0, UI_S_CURVE1, UI_S_CURVE2, UI_S_CURVE3, /* the palette of series */
	UI_S_FAINT, /* raw points under a smoothed curve */
	UI_S_AXIS,
	UI_S_HINT, /* what the prompt suggests */
	UI_S_PROMPT,
	UI_S_FLASH, /* a row that has just changed */
	UI_S_SELECT,
	UI_S_KEY, /* a key's name in help and titles */
	UI_S_COUNT,
};

enum ui_colours { UI_MONO, UI_8, UI_256, UI_TRUE };

/* Whether the ground is dark or light: as asked; asked for AUTO as the terminal tells (ui_look_ground, UI_THEME_AUTO
 * when it does not), else as COLORFGBG says, else dark. It holds for all canvases; until it is asked for it is dark. */
enum ui_theme { UI_THEME_AUTO, UI_THEME_DARK, UI_THEME_LIGHT };
enum ui_theme ui_look_theme(enum ui_theme asked); /* returns the one before */
void ui_look_ground(enum ui_theme told);
bool ui_look_light(void);
/* The ground that is drawn, 0x1000000 | RGB, where the theme that was asked for is not for the one that the terminal
 * has told; else 0. */
uint32_t ui_look_ground_own(void);

/* A colour of a cell that is not its style's: 0 is "the style's". */
#define UI_RGB(r, g, b) (0x1000000u | (uint32_t)(r) << 16 | (uint32_t)(g) << 8 | (uint32_t)(b))
#define UI_GREY(v) UI_RGB(v, v, v)

enum { UI_A_BOLD = 1, UI_A_DIM = 2, UI_A_REVERSE = 4 };

/* What a cell looks like on a terminal of so many colours: fg and bg are -1 (the terminal's own), an index (8, 256) or
 * 0xRRGGBB (true colour). */
struct ui_look {
	int fg, bg;
	unsigned attr;
};

/* ---- cells ---- */

struct ui_cell {
	char text[16]; /* NUL-ended; "" in the right half of a wide character */
	uint32_t fg, bg; /* 0 or UI_RGB */
	uint8_t width; /* 1, 2, or 0 for that right half */
	uint8_t style;
	uint8_t inlay; /* which one shows here, from 1; 0: none */
};

struct ui_rect {
	int x, y, w, h;
};

#define UI_INLAYS 120

/* A picture in place of cells (inlay.h): of one of these, borrowed from the model until the canvas is cleared. */
struct ui_inlay {
	struct ui_rect r;
	const struct ui_tile *tile; /* or NULL */
	int margin; /* of the tile: pixels at each side that are left out */
	const struct ui_chart *chart;
	const struct ui_plot_view *view;
	const struct ui_matrix *matrix;
	const struct ui_histogram *bars;
	const struct ui_estimates *estimates;
};

struct ui_canvas {
	int cols, rows;
	enum ui_glyphs glyphs;
	struct ui_cell *cell; /* [rows][cols] */
	size_t cap;
	int cell_w, cell_h; /* pixels of a cell where it takes inlays, else 0 */
	uint32_t ground; /* UI_RGB of the background; 0: not known */
	int ninlays;
	struct ui_inlay inlay[UI_INLAYS];
};

struct ui_area {
	struct ui_canvas *c;
	struct ui_rect r;
};

struct ui_canvas *ui_canvas_new(int cols, int rows, enum ui_glyphs glyphs);
void ui_canvas_free(struct ui_canvas *c);
void ui_canvas_resize(struct ui_canvas *c, int cols, int rows); /* and clears */
void ui_canvas_clear(struct ui_canvas *c);
const struct ui_cell *ui_canvas_at(const struct ui_canvas *c, int x, int y); /* a blank cell outside */
bool ui_cell_same(const struct ui_cell *a, const struct ui_cell *b); /* they look the same in any colours */
struct ui_look ui_cell_look(const struct ui_cell *cell, enum ui_colours colours);

/* The text of the screen, a line a row, blanks at line ends left out. The caller's. */
char *ui_canvas_dump(const struct ui_canvas *c);

/* The same with colour escapes, for a scroll-back. */
char *ui_canvas_ansi(const struct ui_canvas *c, enum ui_colours colours);

/* ---- drawing ---- */

struct ui_area ui_area_all(struct ui_canvas *c);
struct ui_area ui_area_sub(struct ui_area a, int x, int y, int w, int h); /* cut to a */

/* Writes text at x, y of the area; returns the column behind it. put_n writes at most `cells` columns; of text that has
 * no room in them whole words and an ellipsis or, where not even the first one has, as much of that. */
int ui_put(struct ui_area a, int x, int y, int style, const char *text);
int ui_put_n(struct ui_area a, int x, int y, int cells, int style, const char *text);
int ui_putf(struct ui_area a, int x, int y, int style, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* ends before column right; returns its first column */
int ui_put_right(struct ui_area a, int right, int y, int style, const char *text);
void ui_put_colour(struct ui_area a, int x, int y, const char *glyph, uint32_t fg, uint32_t bg);
void ui_fill(struct ui_area a, int x, int y, int w, int h, int style, const char *glyph);
void ui_restyle(struct ui_area a, int x, int y, int w, int style); /* of a row, text kept */

int ui_put_part(struct ui_area a, int x, int y, int style, const char *text, size_t from, size_t to); /* some bytes */
/* The text in at most so many rows, whose last one is cut as put_n does it; returns how many it takes. */
int ui_put_rows(struct ui_area a, int x, int y, int cells, int rows, int style, const char *text);
/* The items of the text, with two blanks between them, that have room; the others leave without a sign. */
int ui_put_items(struct ui_area a, int x, int y, int cells, int style, const char *text);

/* words.c: the byte where each row of a text ends, broken between words, for up to `most` rows; returns how many rows
 * there are, at least one. Rows but the first begin `indent` columns further right. */
int ui_words_wrap(const char *text, int cells, int indent, size_t *ends, int most);
/* How many bytes of the text are whole words in so many columns, without a comma or colon at their end. */
size_t ui_words_fit(const char *text, int cells);

/* A frame around the area, title at the left, note at the right (either may be NULL), foot in the lower border;
 * returns the inside. An area too small for a frame gets none and is returned whole. */
struct ui_area ui_frame(struct ui_area a, int style, const char *title, const char *note, const char *foot);

/* A dot matrix over an area: 2x4 dots a cell in braille, 2x2 in blocks, 1x2 in ASCII. Dots collect, then are drawn. */
struct ui_dots {
	int w, h; /* in dots */
	int sx, sy; /* dots a cell */
	int cols, rows;
	uint8_t *bit; /* [rows][cols] */
};
struct ui_dots *ui_dots_new(enum ui_glyphs glyphs, int cols, int rows);
void ui_dots_free(struct ui_dots *d);
void ui_dots_set(struct ui_dots *d, int x, int y);
/* Cells with dots only. Dots of other curves stay in them, */
void ui_dots_draw(const struct ui_dots *d, struct ui_area a, int style);
/* or are replaced, and those beside them left out. */
void ui_dots_stamp(const struct ui_dots *d, struct ui_area a, int style);

/* A grey or RGB picture without `margin` pixels at each edge, scaled to w x h cells: quadrants in two shades a cell
 * where colours allow, dots or signs of rising density otherwise. */
void ui_picture(struct ui_area a, int x, int y, int w, int h, enum ui_colours colours, int margin, int height,
    int width, int channels,
    const uint8_t *pixels);
/* The same of a tile, which may be a map: without colours its signs tell size and sign, "░▒█" above zero and "-=≡"
 * below; what is no number is a cross. */
void ui_picture_tile(struct ui_area a, int x, int y, int w, int h, enum ui_colours colours, int margin,
    const struct ui_tile *t);
/* A scale in one row, "-0.31 ≡≡==---  ░░░▒▒██ 0.31  weight", if it fits but for its label; its columns without that. */
#define UI_SCALE_BAR 16
void ui_scale_draw(struct ui_area a, int x, int y, enum ui_colours colours, const struct ui_scale *s);
int ui_scale_cells(const struct ui_scale *s);
/* How many pixels are dark at each edge, at most half of all. */
int ui_picture_margin(int height, int width, int channels, const uint8_t *pixels);

/* ---- text ---- */

int ui_text_cells(const char *text); /* columns that it takes */
int ui_char_cells(uint32_t code); /* 0 combining, 1, 2; -1 control */
const char *ui_char_next(const char *text, uint32_t *code); /* decodes one; broken bytes give 0xFFFD, one at a time */
int ui_char_put(char *out, uint32_t code); /* encodes it; how many bytes */
char *ui_text_clean(const char *text); /* without what XML does not take: broken bytes, controls; the caller's */

#endif
