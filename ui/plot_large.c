/* plot_large.c: numbers that are read from the last row. */
#include "look.h"
#include "plot.h"

#include <math.h>
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

int
ui_plot_large(struct ui_area a, int right, int y, int style, double v)
{
	char text[16];
	int w = 0, x, scale;

	if (!isfinite(v) || v < 0 || v >= 1000 || snprintf(text, sizeof text, v < 10 ? "%.4f" : "%.1f", v) < 0)
		return 0;
	for (const char *s = text; *s; s++)
		w += points(*s);
	scale = a.r.h - y >= 14 && right >= 2 * w + 8 ? 2 : a.r.h - y >= 8 && right >= w + 8 ? 1 : 0;
	if (scale == 0)
		return 0;
	x = right - w * scale;
	for (const char *s = text; *s; x += points(*s++) * scale)
		for (int i = 0; i < 3; i++)
			for (int j = 0; j < (scale == 2 ? 5 : 3); j++) {
				bool top = point(*s, i, scale == 2 ? j : 2 * j),
				    low = scale == 2 ? top : point(*s, i, 2 * j + 1);

				if (scale == 2 && top)
					ui_put(a, x + 2 * i, y + j, style, a.c->glyphs == UI_ASCII ? "##" : "██");
				else if (scale == 1 && (top || low))
					ui_put(a, x + i, y + j, style, a.c->glyphs == UI_ASCII ? top &&
					    low ? "#" : top ? "'" : "." : ui_quadrant[top && low ? 15 : top ? 3 : 12]);
			}
	return scale == 2 ? 6 : 3;
}
