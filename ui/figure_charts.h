/* figure_charts.h: what the files of charts share: the layout that one fills and others draw */
#ifndef UI_FIGURE_CHARTS_H
#define UI_FIGURE_CHARTS_H

#include "axis.h"
#include "figure_int.h"

#define UI_CHARTS_MAX 8
#define UI_LEGEND_MAX 64

enum { /* what may be left out, first to last */
	UI_NO_NOTE = 1, UI_NO_YLABEL = 2, UI_NO_XLABEL = 4, UI_NO_RULES = 8, UI_NO_LEGEND = 16, UI_NO_TITLE = 32,
	    UI_NO_XTICKS = 64, UI_NO_YTICKS = 128,
};

struct ui_charts {
	struct ui_figure *f;
	const struct ui_chart *const *chart;
	int n;
	unsigned without;
	double base, unit; /* size of text; what was a point at the default size */
	double pad, left, right; /* the plots' edges */
	double begin; /* of the legend's lines: left as the placing before found it, so that their number is known */
	double width, height; /* of a plot */
	double top[UI_CHARTS_MAX]; /* of the plots */
	struct ui_axis x, y[UI_CHARTS_MAX];
	/* legend: series that are told apart, once each; a chart whose legend is that of the chart above has none */
	int nlegend[UI_CHARTS_MAX], legend_rows[UI_CHARTS_MAX];
	const struct ui_series *legend[UI_CHARTS_MAX][UI_LEGEND_MAX];
	const struct ui_chart *rules; /* whose run names stand above the first plot */
	int note_lines;
	const char *note;
};

/* figure_axes.c */
double ui_charts_tick_size(const struct ui_charts *l); /* of the text at ticks */
double ui_charts_tick_width(const char *text, double size);
double ui_charts_x(const struct ui_charts *l, double x); /* points */
double ui_charts_y(const struct ui_charts *l, int i, double y); /* points; NAN: it has no place */
void ui_charts_stroke(struct ui_figure *f, double x0, double y0, double x1, double y1, double width, struct ui_rgb c,
    double alpha,
    const double *dash, int ndash);
void ui_charts_axes(struct ui_charts *l, int i);

/* figure_legend.c */
void ui_charts_mark(struct ui_charts *l, double x, double y, struct ui_rgb c);
void ui_charts_polyline(struct ui_charts *l, const struct ui_series *s, const struct ui_point *p, size_t n);
void ui_legend_collect(struct ui_charts *l);
/* Lines that the legend takes below the title (0: it stands beside it), laid out from the left; draws when asked. */
int ui_legend_lay(struct ui_charts *l, int i, double y, bool draw);

#endif
