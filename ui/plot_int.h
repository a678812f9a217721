/* plot_int.h: what the files of charts in cells share. */
#ifndef UI_PLOT_INT_H
#define UI_PLOT_INT_H

#include "axis.h"
#include "plot.h"

/* Narrows a series of the chart, without a copy, to the stretch behind rule k, between the gaps at its ends. */
void ui_plot_stretch(const struct ui_chart *chart, size_t k, struct ui_series *s);

/* A chart of the stretch in view whose series are windows into the given one, or smoothed copies. */
struct ui_plot_seen {
	struct ui_chart chart;
	struct ui_point **own; /* [nseries] or NULL */
};
/* most: points of a curve without marks, about. */
void ui_plot_seen_make(struct ui_plot_seen *v, const struct ui_chart *chart, const struct ui_plot_view *view,
    size_t most);
void ui_plot_seen_free(struct ui_plot_seen *v);

/* Where a point stands in an area of w x h, counted in columns and rows from its corner; false: it has no place. */
bool ui_ink_place(const struct ui_axis *ax, const struct ui_axis *ay, int w, int h, struct ui_point p, double *x,
    double *y);
/* A curve, then its marks, which lie on top. */
void ui_ink_curve(struct ui_area a, const struct ui_series *s, const struct ui_axis *ax, const struct ui_axis *ay);
void ui_ink_marks(struct ui_area a, const struct ui_series *s, const struct ui_axis *ax, const struct ui_axis *ay);

#endif
