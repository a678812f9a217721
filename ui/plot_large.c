/* plot_large.c: numbers that are read from the last row. */
#include "look.h"
#include "plot.h"

#include <stdio.h>
#include <string.h>

/* Rows of three points from the top, the left one first. */
static const char *const digit[10] = {
	"111101101101111", "010110010010111", "111001111100111", "111001111001111", "101101111001001",
	"111100111001111", "111100111101111", "111001010010010", "111101111101111", "111101111001111",
};

static bool
point(char sign, int x, int y)
{
	if (sign == '.')
		return x == 0 && y == 4;
	return sign >= '0' && sign <= '9' && x < 3 && y < 5 && digit[sign - '0'][y * 3 + x] == '1';
}

/* Columns of points that a sign takes, the gap behind it included. */
static int
points(char sign)
{
	return sign == '.' ? 2 : 4;
}

/* The number as text, and how many columns a point of it has where it has so much room; 0: none. */
static int
large_scale(char text[16], double v, int cells, int rows)
{
	int w = 0;

	if (v < 0 || v >= 1000 || snprintf(text, 16, v < 10 ? "%.4f" : "%.1f", v) < 0)
		return 0;
	for (const char *s = text; *s; s++)
		w += points(*s);
	return rows >= 14 && cells >= 2 * w + 8 ? 2 : rows >= 8 && cells >= w + 8 ? 1 : 0;
}

/* A sign of 3 x 5 points; at scale 1 two of them share a row. */
static void
large_sign(struct ui_area a, int x, int style, int scale, char sign)
{
	bool ascii = a.c->glyphs == UI_ASCII;

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < (scale == 2 ? 5 : 3); j++) {
			bool top = point(sign, i, scale == 2 ? j : 2 * j),
			    low = scale == 2 ? top : point(sign, i, 2 * j + 1);

			if (scale == 2 && top)
				ui_put(a, x + 2 * i, j, style, ascii ? "##" : "██");
			else if (scale == 1 && (top || low))
				ui_put(a, x + i, j, style, ascii ? top && low ? "#" : top ? "'" : "." :
				    ui_quadrant[top && low ? 15 : top ? 3 : 12]);
		}
}

/* A value at the right of the area, its name at the left; what it is of stands below that. */
static void
large_draw(struct ui_area a, const struct ui_series *s, int scale, const char *text)
{
	int style = UI_S_CURVE0 + (s->colour & 3), x = a.r.w, y = scale == 2 ? 2 : 1;

	for (const char *t = text; *t; t++)
		x -= points(*t) * scale;
	ui_put_n(a, 1, y, x - 2, style, s->name);
	if (s->of != NULL)
		ui_put_n(a, 1, y + 1, x - 2, style, s->of);
	for (; *text; x += points(*text++) * scale)
		large_sign(a, x, style, scale, *text);
}

int
ui_plot_large(struct ui_area a, const struct ui_chart *chart, const struct ui_plot_view *view, unsigned *lines)
{
	static const enum ui_line kinds[] = {UI_LINE_DASHED, UI_LINE_DOTTED};
	const struct ui_series *s[2];
	char text[2][16];
	double v[2];
	int n = 0, scale = 0;

	*lines = 0;
	for (int i = 0; i < 2; i++)
		n += (s[n] = ui_plot_value(chart, view, kinds[i], &v[n])) != NULL;
	for (; n > 0 && scale == 0; n -= scale == 0) { /* both where they have room beside one another */
		scale = 2;
		for (int i = 0; i < n; i++) {
			int fits = large_scale(text[i], v[i], a.r.w / n, a.r.h);

			scale = fits < scale ? fits : scale;
		}
	}
	for (int i = 0; i < n; i++) {
		int from = i * (a.r.w / n) + (i > 0), to = i == n - 1 ? a.r.w : a.r.w / n;

		large_draw(ui_area_sub(a, from, 0, to - from, a.r.h), s[i], scale, text[i]);
		*lines |= 1u << s[i]->line;
	}
	return n == 0 ? 0 : scale == 2 ? 6 : 3;
}
