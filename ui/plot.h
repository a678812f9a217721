/* plot.h: a chart as cells. Knows numbers, nothing of what they mean. */
#ifndef UI_PLOT_H
#define UI_PLOT_H

#include "canvas.h"

struct ui_plot_view {
	bool logy;
	double smooth; /* 0: as given; 0..1: solid lines are drawn smoothed, what they were stays faint below */
	int span; /* 0: everything; 1, 2, ...: only the stretch between two rules, counted from the newest */
};

/* Draws axes, ticks, rules and curves into the whole area; too small for axes, it draws curves alone. Ticks of x count anew
 * at each rule. */
void ui_plot_draw(struct ui_area a, const struct ui_chart *chart, const struct ui_plot_view *view);

/* The last values of the named series: "train 0.0413  val 0.0251". */
void ui_plot_values(const struct ui_chart *chart, char *out, size_t size);

/* The same as text of cols x rows, with title and legend above: the caller's. */
char *ui_plot_text(const struct ui_chart *chart, const struct ui_plot_view *view, int cols, int rows, enum ui_glyphs glyphs);

/* Round steps (1, 2, 5 times a power of ten) that cover lo..hi with at most n ticks; shared with figures. */
struct ui_ticks {
	double first, step;
	int n, decimals;
};
struct ui_ticks ui_ticks(double lo, double hi, int n);

#endif
