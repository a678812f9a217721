/* model.h: plain data to draw. Filled by whoever feeds the ui, read by panels and figures; it holds numbers, bytes and
 * text, and knows nothing of what they mean. Strings are UTF-8. Everything is owned by the struct that points to it,
 * grown by the ui_*_add functions and released by ui_*_clear; a cleared struct is ready for use again, as is a zeroed
 * one.
 */
#ifndef UI_MODEL_H
#define UI_MODEL_H

#include "sketch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- charts ---- */

enum ui_line {
	UI_LINE_SOLID, /* train */
	UI_LINE_DASHED, /* validation: dashes, and a mark at each point */
	UI_LINE_DOTTED, /* a third curve */
	UI_LINE_FAINT, /* raw values under a smoothed curve */
};

struct ui_point {
	double x, y; /* a y that is not finite leaves a gap */
};

struct ui_series {
	char *name; /* legend: "train"; NULL: not in the legend */
	char *of; /* what it is of, behind the name: "gte5"; or NULL */
	enum ui_line line;
	int colour; /* index into the palette, 0.. */
	bool mark; /* a mark at each point */
	bool apart; /* may have a scale of its own, where it would press all others flat */
	size_t n, cap;
	struct ui_point *p; /* x ascending */
	const struct ui_point *all; /* [nall], of which p are means: a view of a dense curve; NULL: of p itself */
	size_t nall;
	double *error; /* [cap] of each y: pictures have it above and below; NULL: there is none */
};

#define UI_LINES 4

struct ui_rule { /* a vertical division, drawn at x; what is to the right of it, up to the next one, is a stretch */
	double x;
	char *label; /* "r2 lt5 ❄ features": the last words leave first */
	/* What the legend says of the stretch: a value for each kind of line, and when it was so, as items with two
	 * blanks between them, "r2 epoch 3  mean so far". NULL: the last point of the stretch. */
	double value[UI_LINES];
	char *when[UI_LINES];
};

struct ui_chart {
	char *title, *xlabel, *ylabel; /* each may be NULL */
	char *note; /* a settings line; pictures keep it as text data and draw it small below */
	char *which; /* "r3-r8", where there are more than these; or NULL */
	bool logx, logy;
	bool zeros; /* a marked value of 0 stands at the foot of a log axis, where it has no place else */
	bool unit; /* y lies in 0..1 (an accuracy): the axis never leaves it */
	bool place; /* a rule marks a place, and divides nothing */
	bool restart; /* x is counted anew from each rule: the epochs of each run begin with 1 */
	double *xtick; /* [nxtick], ascending: x has ticks here, and room beside them; NULL: where it reads well */
	double xend; /* the x axis reaches at least here (a run's planned end); 0: as far as the points */
	size_t nseries, nrules, nxtick;
	struct ui_series *series;
	struct ui_rule *rule;
};

/* What ui_chart_add and the other ui_*_add return is good until the next one is added. A dashed series starts with
 * marks on. */
struct ui_series *ui_chart_add(struct ui_chart *c, const char *name, enum ui_line line, int colour);
void ui_series_point(struct ui_series *s, double x, double y);
/* All points of a series come with their errors, or none does. NAN: this one has none. */
void ui_series_estimate(struct ui_series *s, double x, double y, double error);
struct ui_rule *ui_chart_rule(struct ui_chart *c, double x, const char *label);
void ui_chart_clear(struct ui_chart *c);

/* ---- tiles: small pictures with a caption ---- */

/* Numbers as colours (colourmap.h). An amount: none is the ground's own, and more of it stands out more. A signed
 * number: zero is neutral, and each sign has a hue and, without colour, signs of its own. */
enum ui_map { UI_MAP_NONE, UI_MAP_AMOUNT, UI_MAP_SIGNED };

struct ui_scale { /* what the colours of maps mean */
	enum ui_map map; /* NONE: there are no maps, or they have no scale in common */
	double low, high; /* the values at its ends: 0 and the largest, or the same with both signs */
	char *label; /* what the values are: "weight" */
};

struct ui_tile {
	int height, width, channels; /* 1 grey, 3 RGB */
	enum ui_map map; /* not NONE: the pixels, of one channel, are levels of that map (ui_map_level) */
	uint8_t *pixels; /* [height][width][channels] */
	char *label; /* "7" */
	char *caption; /* "✗2 .51" */
	int mark; /* 0 none, 1 right, -1 wrong: shown as sign and colour */
	int64_t id; /* the feeder's own, given back on a click */
	bool numbered; /* its id is said before its label, where there is room */
	int live; /* not 0: the picture changes where it is, and no other tile has that number */
};

struct ui_tiles {
	char *title; /* "lt5 test" */
	char *note; /* "3 of 12 wrong"; a pane counts the marks in view instead, where there are any, */
	bool said; /* unless it is what the log has said of them */
	char *brief; /* the note where that has no room; or NULL */
	bool still; /* they are frozen: a lock sign stands before the note */
	bool whole; /* all of them in view, however small that makes them */
	struct ui_scale scale; /* drawn beside them, unless its map is NONE */
	size_t besides; /* those that there are and that are not in it */
	size_t n, cap;
	struct ui_tile *tile;
};

/* Copies the pixels and strings. */
struct ui_tile *ui_tiles_add(struct ui_tiles *t, int height, int width, int channels, const uint8_t *pixels,
    const char *label, const char *caption, int mark);
void ui_tiles_clear(struct ui_tiles *t);

/* maps.c: a value as a level: 0 is no number, 1 to 255 are from the scale's low to its high, what lies beyond an end
 * has that end's. Zero alone has the level of zero: 1 of amounts, 128 of signed ones. */
uint8_t ui_map_level(const struct ui_scale *s, double value);
/* Which map these values need, unless it is given, and its ends: the largest that is a number. May be called again for
 * further values. Values lie `stride` floats apart. */
void ui_scale_fit(struct ui_scale *s, enum ui_map map, const float *value, size_t n, size_t stride);
bool ui_tile_is_wide(const struct ui_tile *t); /* a map of one row or a few, drawn across what room there is */
/* Adds the values [height][width] as a map on a scale (NULL: that of t). */
struct ui_tile *ui_tiles_add_map(struct ui_tiles *t, const struct ui_scale *s, int height, int width,
    const float *value, size_t stride, const char *label, const char *caption);

/* ---- strips: maps in rows below one another ---- */

struct ui_strip {
	char *name, *of; /* "conv2d", "26 26 32" */
	bool locked;
	char *say; /* in place of maps: "bit-identical"; or NULL */
	struct ui_tiles tiles; /* side by side, on a scale of their own; one that is a row high takes the width */
	size_t nbars, cap;
	struct ui_bar {
		char *label, *value; /* "7", ".998" */
		double part; /* of a whole bar */
		int mark; /* 1: the largest; -1: the same, and wrong */
	} *bar;
};

struct ui_strips {
	char *title, *note, *brief; /* each may be NULL; brief: the note where that has no room */
	size_t n, cap;
	struct ui_strip *strip;
};

struct ui_strip *ui_strips_add(struct ui_strips *s, const char *name, const char *of, bool locked);
void ui_strip_bar(struct ui_strip *s, const char *label, const char *value, double part, int mark);
void ui_strips_clear(struct ui_strips *s);

/* ---- matrices ---- */

struct ui_matrix { /* counts by two names each: a confusion matrix */
	char *title, *note; /* each may be NULL */
	char *brief; /* the note where that has no room; or NULL */
	char *rows, *cols; /* what the two are: "actual", "predicted" */
	int nrows, ncols;
	char **row, **col; /* names */
	uint64_t *count; /* [nrows][ncols] */
	char *share; /* a name for the diagonal's share of its row: "recall"; NULL: it is not shown */
};

/* Of a cleared one: names NULL, counts 0. False: there is no memory for them, and it is as it was. */
bool ui_matrix_size(struct ui_matrix *m, int nrows, int ncols);
void ui_matrix_clear(struct ui_matrix *m);

/* ---- histograms ---- */

#define UI_HISTOGRAM_TEXTS 3

struct ui_histogram { /* how the numbers of one kind are spread */
	char *name, *of; /* "conv2d", "kernel" */
	char *text[UI_HISTOGRAM_TEXTS]; /* what is said of them, the first first: "mean 0.002  std 0.11" */
	char *warn; /* what is wrong with them, or NULL */
	bool locked;
	double low, high; /* where the first bin begins and the last one ends */
	int n; /* bins of equal width */
	uint64_t *count;
	int live; /* its picture changes where it is, by this number, which no other has and no tile; 0: it does not */
};

struct ui_histograms {
	char *title, *note, *brief; /* each may be NULL; brief: the note where that has no room */
	size_t n, cap;
	struct ui_histogram *row;
};

/* Copies what it is given. */
struct ui_histogram *ui_histograms_add(struct ui_histograms *t, const char *name, const char *of, bool locked,
    double low, double high, int n, const uint64_t *count);
void ui_histograms_clear(struct ui_histograms *t);

/* ---- estimates ---- */

#define UI_KINDS 2

struct ui_estimate { /* a mean with its error; error NAN: it has none */
	char *group, *name, *text; /* rows that follow each other in one group stand together; NULL: in none */
	double mean, error;
	int colour; /* of the palette */
	bool beside; /* it stands in the row of the one before it, as the next kind */
	bool locked;
};

struct ui_estimates {
	char *title, *note, *axis; /* each may be NULL, but for the name of the axis */
	char *brief, *when; /* a pane's title and note: "lt5", "after r2"; each may be NULL */
	char *kind[UI_KINDS]; /* where rows hold several: what each of them is, the first first; else NULL */
	int n;
	struct ui_estimate *row;
};

void ui_estimates_clear(struct ui_estimates *t);

/* ---- tables ---- */

enum ui_align { UI_LEFT, UI_RIGHT };

enum ui_row_flag {
	UI_ROW_LOCKED = 1, /* lock sign */
	UI_ROW_DIM = 2, /* leaves first when rows are short */
	UI_ROW_FLASH = 4, /* drawn highlighted for a moment */
	UI_ROW_TOTAL = 8, /* always in view, below a rule */
	UI_ROW_MARK = 16, /* selected or best */
	UI_ROW_HEAD = 32, /* it names those below it */
};

#define UI_COLS_MAX 16

struct ui_table {
	char *title; /* said in the border; or NULL */
	int ncols; /* at most UI_COLS_MAX */
	char *head[UI_COLS_MAX]; /* NULL: no head line */
	enum ui_align align[UI_COLS_MAX];
	unsigned keep; /* bits of columns that leave last */
	bool tail; /* at rest its last rows are in view */
	bool fixed; /* head and rule stay while rows scroll between them */
	/* one row in the place of those that are dim and have no room: "without parameters"; NULL: they leave */
	char *fold;
	size_t besides; /* rows that there are and that are not in it */
	size_t nrows, cap;
	struct ui_row {
		char *cell[UI_COLS_MAX];
		char *brief; /* the first cell where that has no room; or NULL */
		unsigned flags;
	} *row;
};

struct ui_row *ui_table_add(struct ui_table *t, const char *const *cells, unsigned flags); /* t->ncols cells */
void ui_table_clear(struct ui_table *t);

/* ---- what a number is made of ---- */

struct ui_parts {
	struct ui_strips maps; /* title and note are those of all */
	struct ui_table terms; /* line by line, and what they come to as totals */
};

void ui_parts_clear(struct ui_parts *p);

/* ---- log ---- */

enum ui_style { UI_PLAIN, UI_DIM, UI_BOLD, UI_GOOD, UI_BAD, UI_WARN, UI_ACCENT, UI_COLD, UI_STYLES };

struct ui_log { /* a ring of the last lines */
	size_t first, n, cap; /* cap: lines kept, 0 for the default; set it before the first line */
	struct ui_log_line {
		char *text;
		enum ui_style style;
	} *line;
	uint64_t total; /* lines ever added: a scrolled view stays where it is */
	bool open; /* the last line may still be replaced (a moving progress bar) */
};

/* splits at '\n', drops escapes and controls */
void ui_log_add(struct ui_log *l, enum ui_style style, const char *text);
/* the last line, while it is open; else a new one, left open. NULL text closes it */
void ui_log_replace(struct ui_log *l, enum ui_style style, const char *text);
/* Of all lines ever added those that stay: one that may be replaced is not said yet. */
uint64_t ui_log_lines(const struct ui_log *l);
/* Goes on with the last line, behind a blank. */
void ui_log_go_on(struct ui_log *l, const char *text);
/* Other lines in the place of first..last, counted from 1, which are in it. */
void ui_log_replace_lines(struct ui_log *l, uint64_t first, uint64_t last, const struct ui_log *by);
const struct ui_log_line *ui_log_at(const struct ui_log *l, size_t back); /* 0: the newest; NULL past the oldest */
void ui_log_clear(struct ui_log *l);

/* ---- everything a workbench shows ---- */

struct ui_model {
	uint64_t version; /* counted up by the feeder at each change: nothing is drawn while it stands */
	char *headline; /* "gte5 → lt5  ❄ features" */
	char *status; /* "trainable 590,597 of 600,165" */
	char *activity; /* "epoch 3/5", NULL when idle */
	bool paused; /* the activity stands still until it is continued */
	double progress; /* 0..1 of the activity, negative: none */
	char *eta; /* "117/240  1s" */
	char *waiting; /* the waiting commands, NULL when none */
	struct ui_table layers, runs;
	struct ui_matrix confusion;
	struct ui_histograms stats;
	struct ui_estimates probe;
	struct ui_parts explain;
	struct ui_chart loss, accuracy;
	struct ui_tiles digits, maps, filters, activations;
	struct ui_strips strips; /* maps and strips: what a command was last asked for, one of them or none */
	struct ui_sketch sketch;
	struct ui_tiles canvas; /* the sketch, and what the host makes of it */
	struct ui_log log;
	struct ui_log help;
};

void ui_model_clear(struct ui_model *m); /* counts the version up */

void ui_string(char **s, const char *text); /* frees what *s held and keeps a copy of text (NULL: none) */

#endif
