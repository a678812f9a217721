/* figure_histograms.c: how numbers are spread, a plot for each kind of them: bars between the smallest and the largest,
 * a line where zero is, and in words how many there are and what their mean is.
 */
#include "figure_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct ui_plots { /* how they lie beside and below one another */
	int cols, rows;
	double w, h; /* of one, the gap included */
	double base; /* size of text */
};

/* The largest count; a bar of it takes all the height. */
static uint64_t
bars_top(const struct ui_histogram *h)
{
	uint64_t top = 0;

	for (int i = 0; i < h->n; i++)
		top = h->count[i] > top ? h->count[i] : top;
	return top;
}

void
ui_figure_bars(struct ui_figure *f, const struct ui_histogram *h, double x, double y, double width, double high)
{
	uint64_t top = bars_top(h);
	double each = width / h->n, zero = x + width * (0 - h->low) / (h->high - h->low);

	for (int i = 0; i < h->n && top > 0; i++) {
		/* one that is not empty is seen */
		double part = h->count[i] > 0 ? fmax((double)h->count[i] / (double)top * high, fmin(1, high)) : 0;
		double left = floor(x + i * each), right = floor(x + (i + 1) * each), gap = each >= 5 ? 1 : 0;

		if (part > 0)
			ui_figure_rect(f, left, y + high - part, fmax(right - left - gap, 0.5), part, UI_BLUE, 1);
	}
	ui_figure_rect(f, x, y + high, width, 1, UI_EDGE, 1);
	if (h->low < 0 && h->high > 0)
		ui_figure_line(f, (struct ui_point[]){{zero, y}, {zero, y + high}}, 2, 1, UI_EDGE, 1,
		    (const double[]){3, 3}, 2);
}

/* Lines of text below the axis of each. */
static int
plots_texts(const struct ui_histograms *t)
{
	int most = 0;

	for (size_t i = 0; i < t->n; i++)
		for (int k = 0; k < UI_HISTOGRAM_TEXTS; k++)
			if (t->row[i].text[k] != NULL && k + 1 > most)
				most = k + 1;
	return most;
}

/* The grid whose plots come nearest to twice as wide as they are high, with text in the size that leaves them room. */
static void
plots_fit(struct ui_plots *p, const struct ui_histograms *t, double w, double h)
{
	double best = INFINITY;

	for (int cols = 1; cols <= (int)t->n; cols++) {
		int rows = ((int)t->n + cols - 1) / cols;
		double plot = h / rows - p->base * 5, off = fabs(log(w / cols / (2.2 * fmax(plot, 1)))) +
		    0.5 * (cols * rows - (int)t->n) / (double)t->n;

		if (off >= best)
			continue;
		best = off;
		p->cols = cols;
		p->rows = rows;
	}
	p->w = w / p->cols;
	p->h = h / p->rows;
	p->base = fmax(fmin(p->base, fmin(p->w / 18, p->h / 7)), 6);
}

/* "conv2d kernel", with its lock. */
static void
plot_name(struct ui_figure *f, const struct ui_histogram *h, double x, double y, double w, double size)
{
	double at = x;

	if (h->locked) {
		ui_figure_face_text(f, x, y, size, UI_START, UI_FACE_SANS, 0, UI_BLUE, "❄");
		at += size * 1.3;
	}
	ui_figure_fit_text(f, at, y, size, UI_START, UI_FACE_BOLD, x + w - at, UI_INK, h->name);
	at += ui_font_width(UI_FACE_BOLD, size, h->name) + size * 0.5;
	if (h->of != NULL && at < x + w - size * 2)
		ui_figure_fit_text(f, at, y, size, UI_START, UI_FACE_SANS, x + w - at, UI_SOFT, h->of);
}

static void
plot_axis(struct ui_figure *f, const struct ui_histogram *h, double x, double y, double w, double size)
{
	double zero = w * (0 - h->low) / (h->high - h->low), low, high;
	char text[2][32];

	snprintf(text[0], sizeof *text, "%.3g", h->low);
	snprintf(text[1], sizeof *text, "%.3g", h->high);
	low = ui_font_width(UI_FACE_SANS, size, text[0]);
	high = ui_font_width(UI_FACE_SANS, size, text[1]);
	if (low + high > w)
		return;
	ui_figure_text(f, x, y, size, UI_START, false, 0, UI_SOFT, text[0]);
	ui_figure_text(f, x + w, y, size, UI_END, false, 0, UI_SOFT, text[1]);
	if (zero > low + size && zero < w - high - size)
		ui_figure_text(f, x + zero, y, size, UI_MIDDLE, false, 0, UI_SOFT, "0");
}

static void
plot_one(struct ui_figure *f, const struct ui_histogram *h, const struct ui_plots *p, int texts, double x, double y)
{
	double size = p->base, small = size * 0.85, w = p->w - size * 1.5, line = small * 1.4, below, high;
	bool axis = p->h > size * 4.5;

	if (size < 7) /* too many to be read */
		texts = 0;
	while (texts > 0 && p->h - size * 3.4 - line * texts < size * 2) /* the plot comes first */
		texts--;
	below = (axis ? small * 1.5 : 0) + line * texts;
	high = floor(p->h - size * 2.2 - below);
	if (w < size * 4 || high < 2)
		return;
	plot_name(f, h, x, y + size, w, size);
	y = floor(y + size * 1.5);
	if (h->n > 0 && h->low < h->high)
		ui_figure_bars(f, h, x, y, w, high);
	else
		ui_figure_fit_text(f, x + w / 2, y + high / 2, small, UI_MIDDLE, UI_FACE_SANS, w, UI_SOFT,
		    "no numbers");
	y += high;
	if (axis && h->n > 0 && h->low < h->high)
		plot_axis(f, h, x, y + small * 1.2, w, small);
	y += axis ? small * 1.5 : 0;
	for (int k = 0; k < texts; k++) {
		const char *text = k == texts - 1 && h->warn != NULL ? h->warn : h->text[k];

		ui_figure_fit_text(f, x, y + line * (k + 0.8), small, UI_START, UI_FACE_SANS, w,
		    text == h->warn ? UI_RED : UI_INK, text);
	}
}

void
ui_figure_histograms(struct ui_figure *f, const struct ui_histograms *t)
{
	double base = ui_figure_base(f), pad = floor(base * 1.1), top = pad, note = 0;
	struct ui_plots p = {.base = base * 0.95};
	int texts = plots_texts(t);

	if (t->title != NULL && f->h > base * 9) {
		note = ui_text_width(base, false, t->note);
		note = note > f->w * 0.62 ? 0 : note;
		ui_figure_fit_text(f, pad, pad + base * 1.05, base * 1.15, UI_START, UI_FACE_BOLD,
		    f->w - 3 * pad - note, UI_INK, t->title);
		if (note > 0)
			ui_figure_text(f, f->w - pad, pad + base * 1.05, base, UI_END, false, 0, UI_SOFT, t->note);
		top += base * 2.2;
	}
	if (t->n == 0)
		return;
	plots_fit(&p, t, f->w - 2 * pad + p.base * 1.5, f->h - top - pad);
	for (size_t i = 0; i < t->n; i++)
		plot_one(f, &t->row[i], &p, texts, pad + (double)(i % (size_t)p.cols) * p.w,
		    top + (double)(i / (size_t)p.cols) * p.h);
}
