/* raster.c: shapes to pixels.
 *
 * A line is the union of its segments, each a capsule whose coverage falls from 1 to 0 over the pixel at its edge. The
 * union is taken before anything is blended, so that a half transparent line crosses itself without darker spots.
 */
#include "raster.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UI_RASTER_BAND 64 /* rows whose coverage is collected at a time */

struct ui_raster *
ui_raster_new(int w, int h)
{
	struct ui_raster *r = calloc(1, sizeof *r);
	size_t bytes = (size_t)w * h * 3;

	if (r == NULL)
		return NULL;
	*r = (struct ui_raster){w, h, 0, 0, w, h, malloc(bytes)};
	if (r->rgb == NULL) {
		free(r);
		return NULL;
	}
	memset(r->rgb, 0xff, bytes);
	return r;
}

void
ui_raster_free(struct ui_raster *r)
{
	if (r != NULL)
		free(r->rgb);
	free(r);
}

static int
ui_raster_bound(double v, int max)
{
	return v <= 0 ? 0 : v >= max ? max : (int)v;
}

void
ui_raster_clip(struct ui_raster *r, double x, double y, double w, double h)
{
	bool all = w <= 0 || h <= 0;

	r->x0 = all ? 0 : ui_raster_bound(floor(x + 0.5), r->w);
	r->y0 = all ? 0 : ui_raster_bound(floor(y + 0.5), r->h);
	r->x1 = all ? r->w : ui_raster_bound(floor(x + w + 0.5), r->w);
	r->y1 = all ? r->h : ui_raster_bound(floor(y + h + 0.5), r->h);
}

static void
ui_raster_blend(uint8_t *p, struct ui_rgb c, double alpha)
{
	int a = (int)(fmin(fmax(alpha, 0), 1) * 256 + 0.5);

	p[0] = (uint8_t)((p[0] * (256 - a) + c.r * a + 128) >> 8);
	p[1] = (uint8_t)((p[1] * (256 - a) + c.g * a + 128) >> 8);
	p[2] = (uint8_t)((p[2] * (256 - a) + c.b * a + 128) >> 8);
}

void
ui_raster_span(struct ui_raster *r, int x, int y, int n, struct ui_rgb c, double alpha)
{
	if (y < r->y0 || y >= r->y1)
		return;
	for (int i = x < r->x0 ? r->x0 : x; i < x + n && i < r->x1; i++)
		ui_raster_blend(r->rgb + ((size_t)y * r->w + i) * 3, c, alpha);
}

/* How much of pixel i lies in lo..hi. */
static double
ui_raster_part(int i, double lo, double hi)
{
	return fmax(0, fmin(hi, i + 1) - fmax(lo, i));
}

void
ui_raster_rect(struct ui_raster *r, double x, double y, double w, double h, struct ui_rgb c, double alpha)
{
	int x0 = ui_raster_bound(fmax(floor(x), r->x0), r->x1), x1 = ui_raster_bound(ceil(x + w), r->x1);
	int y0 = ui_raster_bound(fmax(floor(y), r->y0), r->y1), y1 = ui_raster_bound(ceil(y + h), r->y1);

	for (int j = y0; j < y1; j++)
		for (int i = x0; i < x1; i++)
			ui_raster_blend(r->rgb + ((size_t)j * r->w + i) * 3, c,
			    alpha * ui_raster_part(i, x, x + w) * ui_raster_part(j, y, y + h));
}

void
ui_raster_disc(struct ui_raster *r, double x, double y, double radius, struct ui_rgb c, double alpha)
{
	struct ui_point p[1] = {{x, y}};

	ui_raster_line(r, p, 1, radius * 2, NULL, 0, c, alpha);
}

/* ---- lines ---- */

struct ui_segments {
	struct ui_segment {
		double x0, y0, x1, y1;
	} *s;
	size_t n, cap;
};

static void
ui_segments_add(struct ui_segments *l, double x0, double y0, double x1, double y1)
{
	l->s = ui_grow(l->s, l->n, &l->cap, sizeof *l->s);
	l->s[l->n++] = (struct ui_segment){x0, y0, x1, y1};
}

/* One side of the clip: the part of from..to, as *t0..*t1 of a segment, that lies inside. False when none does. */
static bool
ui_raster_side(double from, double by, double lo, double hi, double *t0, double *t1)
{
	double a, b;

	if (by == 0)
		return from >= lo && from <= hi;
	a = (lo - from) / by;
	b = (hi - from) / by;
	*t0 = fmax(*t0, fmin(a, b));
	*t1 = fmin(*t1, fmax(a, b));
	return *t0 < *t1;
}

/* The visible parts of a polyline, cut into dashes. */
static void
ui_raster_segments(const struct ui_raster *r, struct ui_segments *l, const struct ui_point *p, size_t n, double reach,
    const double *dash, int ndash)
{
	double total = 0, phase = 0, at, end, t0, t1, dx, dy, len, left;
	int k;

	for (int i = 0; i < ndash; i++)
		total += fmax(dash[i], 0);
	if (total < 0.5)
		ndash = 0;
	if (n == 1)
		ui_segments_add(l, p[0].x, p[0].y, p[0].x, p[0].y);
	for (size_t i = 0; i + 1 < n; i++, phase = ndash > 0 ? fmod(phase + len, total) : 0) {
		dx = p[i + 1].x - p[i].x;
		dy = p[i + 1].y - p[i].y;
		len = hypot(dx, dy);
		t0 = 0;
		t1 = 1;
		if (len == 0 || !ui_raster_side(p[i].x, dx, r->x0 - reach, r->x1 + reach, &t0, &t1) ||
		    !ui_raster_side(p[i].y, dy, r->y0 - reach, r->y1 + reach, &t0, &t1))
			continue;
		if (ndash == 0) {
			ui_segments_add(l, p[i].x + dx * t0, p[i].y + dy * t0, p[i].x + dx * t1, p[i].y + dy * t1);
			continue;
		}
		at = t0 * len;
		left = fmod(phase + at, total);
		for (k = 0; left >= fmax(dash[k], 0) && k < ndash - 1; k++)
			left -= fmax(dash[k], 0);
		for (left = fmax(fmax(dash[k], 0) - left, 0); at < t1 * len; at = end, k = (k + 1) % ndash,
		    left = fmax(dash[k], 0)) {
			end = fmin(at + left, t1 * len);
			if (k % 2 == 0)
				ui_segments_add(l, p[i].x + dx * at / len, p[i].y + dy * at / len,
				    p[i].x + dx * end / len, p[i].y + dy * end / len);
		}
	}
}

/* The coverage of one segment in rows y0..y1, combined into what is there. */
static void
ui_raster_capsule(const struct ui_raster *r, const struct ui_segment *s, double reach, int y0, int y1, uint8_t *mask)
{
	double dx = s->x1 - s->x0, dy = s->y1 - s->y0, len2 = dx * dx + dy * dy, t, ta, tb, xa, xb, px, py, d2, cover;
	int from = (int)fmax(y0, floor(fmin(s->y0, s->y1) - reach)), to = (int)fmin(y1,
	    ceil(fmax(s->y0, s->y1) + reach)), x, end, v;

	for (int y = from; y < to; y++) {
		/* Only what is less than `reach` above or below the row can reach into it. */
		ta = 0;
		tb = 1;
		if (dy != 0) {
			double a = (y + 0.5 - reach - s->y0) / dy, b = (y + 0.5 + reach - s->y0) / dy;

			ta = fmin(fmax(fmin(a, b), 0), 1);
			tb = fmin(fmax(fmax(a, b), 0), 1);
		}
		xa = s->x0 + dx * ta;
		xb = s->x0 + dx * tb;
		x = (int)fmax(r->x0, floor(fmin(xa, xb) - reach));
		end = (int)fmin(r->x1, ceil(fmax(xa, xb) + reach));
		for (; x < end; x++) {
			px = x + 0.5 - s->x0;
			py = y + 0.5 - s->y0;
			t = len2 > 0 ? fmin(fmax((px * dx + py * dy) / len2, 0), 1) : 0;
			px -= t * dx;
			py -= t * dy;
			d2 = px * px + py * py;
			if (d2 >= reach * reach)
				continue;
			cover = fmin(reach - sqrt(d2), 1);
			v = (int)(cover * 255 + 0.5);
			if (v > mask[(size_t)(y - y0) * r->w + x])
				mask[(size_t)(y - y0) * r->w + x] = (uint8_t)v;
		}
	}
}

void
ui_raster_line(struct ui_raster *r, const struct ui_point *p, size_t n, double width, const double *dash, int ndash,
    struct ui_rgb c, double alpha)
{
	struct ui_segments l = {0};
	double reach = fmax(width, 1) / 2 + 0.5;
	uint8_t *mask;

	if (n == 0 || r->x0 >= r->x1 || r->y0 >= r->y1 || width <= 0)
		return;
	if (width < 1) /* a hairline is as wide as a pixel and fainter */
		alpha *= width;
	ui_raster_segments(r, &l, p, n, reach, dash, ndash);
	mask = ui_alloc((size_t)UI_RASTER_BAND * r->w, 1);
	for (int y0 = r->y0; y0 < r->y1 && l.n != 0; y0 += UI_RASTER_BAND) {
		int y1 = y0 + UI_RASTER_BAND < r->y1 ? y0 + UI_RASTER_BAND : r->y1;
		bool any = false;

		for (size_t i = 0; i < l.n; i++) {
			if (fmin(l.s[i].y0, l.s[i].y1) - reach >= y1 || fmax(l.s[i].y0, l.s[i].y1) + reach <= y0)
				continue;
			ui_raster_capsule(r, &l.s[i], reach, y0, y1, mask);
			any = true;
		}
		if (!any)
			continue;
		for (int y = y0; y < y1; y++)
			for (int x = r->x0; x < r->x1; x++) {
				uint8_t *m = &mask[(size_t)(y - y0) * r->w + x];

				if (*m != 0)
					ui_raster_blend(r->rgb + ((size_t)y * r->w + x) * 3, c, alpha * *m / 255);
				*m = 0;
			}
	}
	free(mask);
	free(l.s);
}

/* ---- pictures ---- */

void
ui_raster_image(struct ui_raster *r, double x, double y, double w, double h, int height, int width, int channels,
    const uint8_t *pixels)
{
	int x0 = ui_raster_bound(fmax(floor(x), r->x0), r->x1), x1 = ui_raster_bound(ceil(x + w), r->x1);
	int y0 = ui_raster_bound(fmax(floor(y), r->y0), r->y1), y1 = ui_raster_bound(ceil(y + h), r->y1);

	if (w <= 0 || h <= 0 || width <= 0 || height <= 0)
		return;
	for (int j = y0; j < y1; j++)
		for (int i = x0; i < x1; i++) {
			/* The pixel as a rectangle of the source: the mean of what it covers there. */
			double sx0 = (fmax(i, x) - x) * width / w, sx1 = (fmin(i + 1, x + w) - x) * width / w;
			double sy0 = (fmax(j, y) - y) * height / h, sy1 = (fmin(j + 1, y + h) - y) * height / h;
			double sum[3] = {0}, area = 0, part;

			for (int sy = (int)sy0; sy < height && sy < sy1; sy++)
				for (int sx = (int)sx0; sx < width && sx < sx1; sx++) {
					const uint8_t *s = pixels + ((size_t)sy * width + sx) * channels;

					part = ui_raster_part(sx, sx0, sx1) * ui_raster_part(sy, sy0, sy1);
					area += part;
					for (int k = 0; k < 3; k++)
						sum[k] += part * s[channels == 3 ? k : 0];
				}
			if (area > 0) {
				struct ui_rgb c = {(uint8_t)(sum[0] / area + 0.5), (uint8_t)(sum[1] / area + 0.5),
				    (uint8_t)(sum[2] / area + 0.5)};

				ui_raster_blend(r->rgb + ((size_t)j * r->w + i) * 3, c,
				    ui_raster_part(i, x, x + w) * ui_raster_part(j, y, y + h));
			}
		}
}
