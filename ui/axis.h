/* axis.h: where the axes of a chart begin and end and where their ticks stand; pure functions, shared by panels and
 * figures. */
#ifndef UI_AXIS_H
#define UI_AXIS_H

#include "model.h"

#define UI_TICKS_MAX 160

struct ui_tick {
	double at;
	bool minor; /* between the decades of a log axis; no text */
	char text[24]; /* "0.05", "1e-6" */
};

struct ui_axis {
	double lo, hi; /* lo < hi; both positive when log */
	bool log;
	bool through; /* x only: the runs are too short for ticks of their own, so x counts through them all */
	int n;
	struct ui_tick tick[UI_TICKS_MAX]; /* ascending, within lo..hi */
};

/* The y axis of a chart, zoomed to where its curves are: the steep start of a dense curve and stray raw values do not
 * count, marked points always do. At most `most` (>= 2) labelled ticks. */
void ui_axis_y(struct ui_axis *a, const struct ui_chart *c, int most);
/* The same in cells: from the lower edge of the lowest of `rows` rows to the upper edge of the highest; labelled ticks
 * stand in the middle of a row, at equal distances (on a log axis but for 2 and 5, which may be a quarter row off). */
void ui_axis_rows(struct ui_axis *a, const struct ui_chart *c, int rows);
/* What an axis cuts of a curve: its farthest value in a stretch without a gap, where it leaves the field. Of a curve
 * that is seen as means, the value is none of them. */
struct ui_cut {
	struct ui_point at;
	double begin; /* x of the gap before the stretch, or of its first point */
	bool low; /* below the axis */
	char text[24]; /* "1.53" */
};
/* The next one from point *from on, which goes on behind it; false: there is no more. */
bool ui_axis_cut(const struct ui_axis *a, const struct ui_series *s, size_t *from, struct ui_cut *cut);
/* Between which x a text about it may stand: where the rules around its stretch are, or infinite. */
void ui_axis_cut_field(const struct ui_chart *c, const struct ui_cut *cut, double *from, double *to);
/* Whether the series that may stand apart would take more than half of the axis for themselves. */
bool ui_axis_apart(const struct ui_chart *c);
/* The x axis that fits all the charts (drawn below one another), with at most `most` labelled ticks. */
void ui_axis_x(struct ui_axis *a, const struct ui_chart *const *c, int n, int most);

/* Where v stands between lo (0) and hi (1); outside of them it goes on. NAN where it has no place. */
double ui_axis_at(const struct ui_axis *a, double v);

#endif
