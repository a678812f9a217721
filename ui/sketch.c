/* sketch.c: strokes on a canvas: the distance from a line is the ink. */
#include "sketch.h"

#include <math.h>
#include <string.h>

enum { SIDE = UI_SKETCH_SIDE };

double
ui_sketch_radius(const struct ui_sketch *s)
{
	return 1.1 + .35 * s->brush;
}

bool
ui_sketch_empty(const struct ui_sketch *s)
{
	for (int i = 0; i < SIDE * SIDE; i++)
		if (s->ink[i] != 0)
			return false;
	return true;
}

void
ui_sketch_begin(struct ui_sketch *s)
{
	if (s->nundo == UI_SKETCH_UNDO) {
		memmove(s->undo[0], s->undo[1], sizeof s->undo - sizeof s->undo[0]);
		s->nundo--;
	}
	memcpy(s->undo[s->nundo++], s->ink, sizeof s->ink);
}

bool
ui_sketch_undo(struct ui_sketch *s)
{
	while (s->nundo > 0 && memcmp(s->undo[s->nundo - 1], s->ink, sizeof s->ink) == 0)
		s->nundo--; /* a stroke that left nothing */
	if (s->nundo == 0)
		return false;
	memcpy(s->ink, s->undo[--s->nundo], sizeof s->ink);
	s->pen = false;
	s->version++;
	return true;
}

void
ui_sketch_clear(struct ui_sketch *s)
{
	s->pen = false;
	if (ui_sketch_empty(s))
		return;
	ui_sketch_begin(s);
	memset(s->ink, 0, sizeof s->ink);
	s->version++;
}

/* How far a point is from a line between two others. */
static double
distance(double y, double x, double y0, double x0, double y1, double x1)
{
	double dy = y1 - y0, dx = x1 - x0, n = dy * dy + dx * dx, t;

	t = n > 0 ? ((y - y0) * dy + (x - x0) * dx) / n : 0;
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return hypot(y - y0 - t * dy, x - x0 - t * dx);
}

static int
first(double a)
{
	return a < 0 ? 0 : a > SIDE ? SIDE : (int)a;
}

void
ui_sketch_line(struct ui_sketch *s, double y0, double x0, double y1, double x1, bool erase)
{
	double r = ui_sketch_radius(s) + (erase ? .5 : 0), reach = r + 1;

	for (int y = first(fmin(y0, y1) - reach); y < first(fmax(y0, y1) + reach + 1); y++)
		for (int x = first(fmin(x0, x1) - reach); x < first(fmax(x0, x1) + reach + 1); x++) {
			uint8_t *p = &s->ink[y * SIDE + x];
			double part = r + .5 - distance(y + .5, x + .5, y0, x0, y1, x1);
			int ink = (int)(255 * (part < 0 ? 0 : part > 1 ? 1 : part) + .5);

			if (erase ? *p > 255 - ink : *p < ink) {
				*p = (uint8_t)(erase ? 255 - ink : ink);
				s->version++;
			}
		}
}
