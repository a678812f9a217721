/* axis_int.h: what the files of axes share. */
#ifndef UI_AXIS_INT_H
#define UI_AXIS_INT_H

#include "axis.h"

#include <stddef.h>

#define UI_AXIS_FAR 1e300 /* values beyond are drawn at the edge: differences must not overflow */

struct ui_range {
	double lo, hi;
	bool any;
};

/* What the curves of a chart take, without what the axis cuts. */
struct ui_range ui_axis_range(const struct ui_chart *c);
struct ui_tick *ui_axis_add(struct ui_axis *a, double at); /* NULL: there is no room for more */
/* v to the precision of step; most: the largest of the axis. */
void ui_axis_text(char *text, size_t len, double v, double step, double most);

#endif
