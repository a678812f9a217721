/* plot.h: a chart as cells. Knows numbers, nothing of what they mean. */
#ifndef UI_PLOT_H
#define UI_PLOT_H

#include "canvas.h"

struct ui_plot_view {
	bool logy;
	double smooth; /* 0: as given; 0..1: solid lines are drawn smoothed, what they were stays faint below */
	int span; /* 0: everything; 1, 2, ...: only the stretch between two rules, counted from the newest */
};

/* Draws axes, ticks, rules and curves into the whole area; too small for axes, it draws curves alone. Ticks of x
 * count anew at each rule. */
void ui_plot_draw(struct ui_area a, const struct ui_chart *chart, const struct ui_plot_view *view);

/* A legend with the last values of the stretch in view ("r2 epoch 2  mean ━ train 0.0413  ■ val 0.0251") that ends
 * before column `right`. What does not fit into `cells` leaves as a whole: when it was, then the signs, then what a
 * series is of, then those of `large` (bits of enum ui_line: they are said elsewhere), then series from the end.
 * Returns its first column. */
int ui_plot_legend(struct ui_area a, int right, int y, int cells, const struct ui_chart *chart,
    const struct ui_plot_view *view, unsigned large);

/* The first named series of a kind, and what the legend says of it; NULL: there is none, or it has no value. */
const struct ui_series *ui_plot_value(const struct ui_chart *chart, const struct ui_plot_view *view, enum ui_line line,
    double *value);
/* The values of the dashed series and, where there is one and it has room beside that, of the dotted one, to be read
 * from far away: digits of 3 x 5 points, a point two columns wide and a row high, or in half rows. Returns how many
 * rows they take at the top of the area, 0 where there is no room; *lines: bits of what was drawn. */
int ui_plot_large(struct ui_area a, const struct ui_chart *chart, const struct ui_plot_view *view, unsigned *lines);

/* The same as text of cols x rows, with title and legend above: the caller's. */
char *ui_plot_text(const struct ui_chart *chart, const struct ui_plot_view *view, int cols, int rows,
    enum ui_glyphs glyphs);

#endif
