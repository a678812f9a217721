/* inlay.c: pictures laid into cells of a canvas, and how they are drawn. */
#include "inlay.h"
#include "colourmap.h"
#include "figure_int.h"
#include "kitty.h"
#include "look.h"
#include "mem.h"
#include "pixels.h"
#include "plot_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PIXELS 500000.0 /* the most of a chart: the terminal enlarges it from there on */
#define THICK 1.35 /* lines of curves, beside those of an export: seen from further away */
#define CROSS 5 /* pixels of a value that has one */
#define DARK 0x1000000 /* the ground where none is known */
#define LIGHT 0x1ffffff /* and where the theme is light */

/* ---- put ---- */

static bool
put(struct ui_area a, int x, int y, int w, int h, struct ui_inlay inlay)
{
	struct ui_canvas *c = a.c;

	if (c->cell_w < 1 || c->cell_h < 1 || c->ninlays == UI_INLAYS || w < 1 || h < 1 || w > UI_KITTY_CELLS ||
	    h > UI_KITTY_CELLS ||
	    x < 0 || y < 0 || x + w > a.r.w || y + h > a.r.h)
		return false;
	inlay.r = (struct ui_rect){a.r.x + x, a.r.y + y, w, h};
	c->inlay[c->ninlays++] = inlay;
	ui_fill(a, x, y, w, h, UI_PLAIN, " ");
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++)
			c->cell[(size_t)(inlay.r.y + j) * (size_t)c->cols + (size_t)(inlay.r.x + i)].inlay =
			    (uint8_t)c->ninlays;
	return true;
}

bool
ui_inlay_tile(struct ui_area a, int x, int y, int w, int h, const struct ui_tile *t, int margin)
{
	return t->width > 2 * margin && t->height > 2 * margin && put(a, x, y, w, h,
	    (struct ui_inlay){.tile = t, .margin = margin});
}

/* Pixels of a chart in w x h cells, and by how much they are fewer than those of the terminal. */
static double
chart_size(const struct ui_canvas *c, int w, int h, int *width, int *height)
{
	double pw = (double)w * c->cell_w, ph = (double)h * c->cell_h, scale = fmin(1, sqrt(PIXELS / (pw * ph)));

	*width = (int)(pw * scale + .5);
	*height = (int)(ph * scale + .5);
	return scale;
}

/* Without a font there would be no numbers at the axes, and without cairo no picture. */
bool
ui_inlay_chart(struct ui_area a, const struct ui_chart *chart, const struct ui_plot_view *view)
{
	int w, h;

	if (a.c->cell_w < 1 || a.r.w < 1 || a.r.h < 1)
		return false;
	chart_size(a.c, a.r.w, a.r.h, &w, &h);
	return w >= UI_FIGURE_MIN && h >= UI_FIGURE_MIN && ui_figure_ready() &&
	    put(a, 0, 0, a.r.w, a.r.h, (struct ui_inlay){.chart = chart, .view = view});
}

bool
ui_inlay_bars(struct ui_area a, int x, int y, int w, int h, const struct ui_histogram *bars)
{
	return w * a.c->cell_w >= UI_FIGURE_MIN && h * a.c->cell_h >= UI_FIGURE_MIN && ui_figure_ready() &&
	    put(a, x, y, w, h, (struct ui_inlay){.bars = bars});
}

/* The size of text in a picture that has so many pixels for one of the terminal. */
static double
text_size(const struct ui_canvas *c, double scale)
{
	return fmax(8, c->cell_h * scale * .74);
}

/* The title and the note are the pane's. */
static struct ui_estimates
estimates_plain(const struct ui_estimates *t)
{
	struct ui_estimates plain = *t;

	plain.title = plain.note = NULL;
	return plain;
}

bool
ui_inlay_estimates(struct ui_area a, const struct ui_estimates *t)
{
	struct ui_estimates plain = estimates_plain(t);
	double scale;
	int w, h;

	if (a.c->cell_w < 1 || a.r.w < 1 || a.r.h < 1)
		return false;
	scale = chart_size(a.c, a.r.w, a.r.h, &w, &h);
	return w >= UI_FIGURE_MIN && h >= UI_FIGURE_MIN && ui_figure_ready() &&
	    ui_figure_estimates_reads(w, h, text_size(a.c, scale), &plain) &&
	    put(a, 0, 0, a.r.w, a.r.h, (struct ui_inlay){.estimates = t});
}

bool
ui_inlay_matrix_at(struct ui_area a, const struct ui_matrix *m, struct ui_inlay_cells *at)
{
	struct ui_matrix plain = *m;
	struct ui_matrix_grid g;
	double scale;
	int w, h;

	if (a.c->cell_w < 1 || a.r.w < 1 || a.r.h < 1)
		return false;
	scale = chart_size(a.c, a.r.w, a.r.h, &w, &h);
	if (w < UI_FIGURE_MIN || h < UI_FIGURE_MIN || !ui_figure_ready())
		return false;
	plain.title = plain.note = NULL;
	ui_figure_matrix_grid(&g, w, h, text_size(a.c, scale), &plain);
	*at = (struct ui_inlay_cells){g.x * a.r.w / w, g.y * a.r.h / h, g.side * a.r.w / w, g.side * a.r.h / h};
	return g.reads;
}

bool
ui_inlay_matrix(struct ui_area a, const struct ui_matrix *m, struct ui_inlay_cells *at)
{
	return ui_inlay_matrix_at(a, m, at) && put(a, 0, 0, a.r.w, a.r.h, (struct ui_inlay){.matrix = m});
}

static bool
light(const struct ui_canvas *c)
{
	return c->ground != 0 ? ui_ground_light(c->ground) : ui_look_light();
}

/* ---- equal ones ---- */

static struct ui_rgb
rgb_of(uint32_t rgb)
{
	return (struct ui_rgb){(uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb};
}

/* The colour that a style has as text; `other` where that is the terminal's own. */
static struct ui_rgb
ink(int style, struct ui_rgb other)
{
	struct ui_look look = ui_cell_look(&(struct ui_cell){.style = (uint8_t)style}, UI_TRUE);

	return look.fg < 0 ? other : rgb_of((uint32_t)look.fg);
}

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15;
	return h ^ h >> 29;
}

static uint64_t
mix_bytes(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *s = bytes;
	uint64_t v;

	for (; n >= 8; n -= 8, s += 8) {
		memcpy(&v, s, 8);
		h = mix(h, v);
	}
	for (v = 0; n > 0; n--)
		v = v << 8 | *s++;
	return mix(h, v);
}

static uint64_t
mix_text(uint64_t h, const char *s)
{
	return s ? mix_bytes(mix(h, 1), s, strlen(s)) : mix(h, 0);
}

static uint64_t
chart_hash(uint64_t h, const struct ui_chart *c, const struct ui_plot_view *v)
{
	double numbers[] = {c->xend, v->smooth};

	h = mix_bytes(h, numbers, sizeof numbers);
	for (int style = UI_S_CURVE0; style <= UI_S_AXIS; style++) {
		struct ui_rgb text = ink(style, (struct ui_rgb){0});

		h = mix(h, (uint64_t)text.r << 16 | (uint64_t)text.g << 8 | text.b);
	}
	h = mix(h, (uint64_t)(c->logx | c->logy << 1 | c->unit << 2 | c->restart << 3 | v->logy << 4) << 32 |
	    (uint32_t)v->span);
	for (size_t i = 0; i < c->nseries; i++) {
		const struct ui_series *s = &c->series[i];

		h = mix(h, (uint64_t)s->n << 16 | (uint64_t)(s->line & 15) << 8 | (uint64_t)(s->colour & 127) << 1 |
		    s->mark);
		h = mix_bytes(h, s->p, s->n * sizeof *s->p);
	}
	for (size_t i = 0; i < c->nrules; i++)
		h = mix_text(mix_bytes(h, &c->rule[i].x, sizeof c->rule[i].x), c->rule[i].label);
	return h;
}

static uint64_t
matrix_hash(uint64_t h, const struct ui_matrix *m)
{
	h = mix(h, (uint64_t)m->nrows << 32 | (uint32_t)m->ncols);
	h = mix_bytes(h, m->count, (size_t)m->nrows * (size_t)m->ncols * sizeof *m->count);
	for (int i = 0; i < m->nrows; i++)
		h = mix_text(h, m->row[i]);
	for (int i = 0; i < m->ncols; i++)
		h = mix_text(h, m->col[i]);
	return mix_text(mix_text(mix_text(h, m->rows), m->cols), m->share);
}

static uint64_t
bars_hash(uint64_t h, const struct ui_histogram *b)
{
	double ends[] = {b->low, b->high};

	return mix_bytes(mix_bytes(mix(h, (uint64_t)b->n), ends, sizeof ends), b->count,
	    (size_t)b->n * sizeof *b->count);
}

static uint64_t
estimates_hash(uint64_t h, const struct ui_estimates *t)
{
	for (int i = 0; i < t->n; i++) {
		const struct ui_estimate *e = &t->row[i];
		double numbers[] = {e->mean, e->error};

		h = mix_text(mix_text(mix_text(h, e->group), e->name), e->text);
		h = mix(mix_bytes(h, numbers, sizeof numbers), (uint64_t)e->colour << 2 | e->beside << 1 | e->locked);
	}
	return mix_text(h, t->axis);
}

uint64_t
ui_inlay_hash(const struct ui_inlay *i, const struct ui_canvas *c)
{
	const struct ui_tile *t = i->tile;
	uint64_t h = mix((uint64_t)i->r.w << 32 | (uint32_t)i->r.h,
	    (uint64_t)c->ground << 32 | (uint32_t)(c->cell_w << 16 | c->cell_h));

	if (i->chart != NULL)
		return chart_hash(h, i->chart, i->view);
	if (t == NULL) {
		h = mix(h, light(c));
		return i->bars != NULL ? bars_hash(h, i->bars) : i->matrix != NULL ? matrix_hash(h, i->matrix) :
		    estimates_hash(h, i->estimates);
	}
	h = mix((uint64_t)i->r.w << 32 | (uint32_t)i->r.h, (uint64_t)t->height << 32 | (uint32_t)t->width);
	h = mix(h, t->map == UI_MAP_NONE ? 0 : (uint64_t)t->map << 1 | light(c));
	return mix_bytes(mix(h, (uint64_t)t->channels << 32 | (uint32_t)i->margin), t->pixels,
	    (size_t)t->height * (size_t)t->width * (size_t)t->channels);
}

/* ---- drawing ---- */

static struct ui_rgb
between(struct ui_rgb a, struct ui_rgb b, double part)
{
	return (struct ui_rgb){(uint8_t)(a.r + (b.r - a.r) * part + .5), (uint8_t)(a.g + (b.g - a.g) * part + .5),
	    (uint8_t)(a.b + (b.b - a.b) * part + .5)};
}

/* The ground of the terminal in place of white, and the colours that the legend in the border has. */
static void
terminal_inks(struct ui_figure *f, struct ui_rgb ground)
{
	bool light = ground.r * 299 + ground.g * 587 + ground.b * 114 > 128000;
	struct ui_rgb text = light ? (struct ui_rgb){0x20, 0x20, 0x20} : (struct ui_rgb){0xe0, 0xe0, 0xe0};
	struct ui_inks k = {.dark = !light, .ground = ground, .ink = text, .soft = ink(UI_S_AXIS, text),
	    .grid = between(ground, text, .16), .edge = between(ground, text, .45),
	    .band = between(ground, text, .06), .flash = between(ground, text, .2), .green = UI_GREEN,
	    .thick = THICK};

	for (int i = 0; i < UI_PALETTE; i++)
		k.curve[i] = i <= UI_S_CURVE3 - UI_S_CURVE0 ? ink(UI_S_CURVE0 + i, text) : ui_palette(i);
	ui_figure_inks(f, &k);
}

/* The chart, or two: the curves that would press all others flat stand in one of their own, below. Each has a list of
 * series of its own, for the caller to free. Returns how many. */
static int
chart_part(const struct ui_chart *c, struct ui_chart part[2])
{
	bool apart = ui_axis_apart(c);

	for (int k = 0; k < 2; k++) {
		part[k] = *c;
		part[k].series = ui_alloc(c->nseries, sizeof *c->series);
		part[k].nseries = 0;
	}
	for (size_t i = 0; i < c->nseries; i++) {
		struct ui_chart *to = &part[apart && c->series[i].apart];

		to->series[to->nseries] = c->series[i];
		to->series[to->nseries++].name = NULL;
	}
	return 1 + apart;
}

/* As the pane has it: what its border says is not said again. */
static void
chart_draw(struct ui_figure *f, const struct ui_inlay *i)
{
	struct ui_plot_seen v;
	struct ui_chart part[2];
	const struct ui_chart *shown[2] = {&part[0], &part[1]};

	ui_plot_seen_make(&v, i->chart, i->view, (size_t)f->w);
	v.chart.title = v.chart.xlabel = v.chart.ylabel = v.chart.note = NULL;
	ui_figure_charts(f, shown, chart_part(&v.chart, part));
	free(part[0].series);
	free(part[1].series);
	ui_plot_seen_free(&v);
}

static void
matrix_draw(struct ui_figure *f, const struct ui_inlay *i)
{
	struct ui_matrix plain = *i->matrix;

	plain.title = plain.note = NULL;
	ui_figure_matrix(f, &plain);
}

static void
estimates_draw(struct ui_figure *f, const struct ui_inlay *i)
{
	struct ui_estimates plain = estimates_plain(i->estimates);

	ui_figure_estimates(f, &plain);
}

/* Without the axis, which cells have. */
static void
bars_draw(struct ui_figure *f, const struct ui_inlay *i)
{
	ui_figure_bars(f, i->bars, 0, 1, f->w, f->h - 2);
}

static uint8_t *
figure_png(const struct ui_inlay *i, const struct ui_canvas *c, size_t *n)
{
	struct ui_rgb ground = rgb_of(c->ground != 0 ? c->ground : ui_look_light() ? LIGHT : DARK);
	int w, h;
	double scale = chart_size(c, i->r.w, i->r.h, &w, &h);
	struct ui_figure *f = ui_figure_new(w, h);
	uint8_t *rgb = f != NULL ? malloc((size_t)w * (size_t)h * 3) : NULL, *png = NULL;
	char why[256];

	if (rgb != NULL) {
		terminal_inks(f, ground);
		f->base = text_size(c, scale);
		(i->chart != NULL ? chart_draw : i->bars != NULL ? bars_draw : i->matrix != NULL ? matrix_draw :
		    estimates_draw)(f, i);
		if (ui_figure_rows(f, 0, f->h, rgb, why, sizeof why) == 0)
			png = ui_pixels_few(rgb, f->w, f->h, &ground, n);
	}
	free(rgb);
	ui_figure_free(f);
	return png;
}

/* A map in its colours. Where a value is no number, each is so many pixels wide that a cross can be seen. */
static uint8_t *
map_png(const struct ui_tile *t, bool light, size_t *n)
{
	int side = memchr(t->pixels, 0, (size_t)t->height * (size_t)t->width) != NULL ? CROSS : 1, w = t->width * side,
	    h = t->height * side;
	uint8_t *rgb = ui_alloc((size_t)w * (size_t)h, 3), *at = rgb, *png;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++, at += 3) {
			int level = t->pixels[y / side * t->width + x / side], i = x % side, j = y % side;
			struct ui_rgb c = ui_map_colour(t->map, level, light);

			if (level == 0 && (i == j || i == side - 1 - j))
				c = (struct ui_rgb){0, 0, 0};
			memcpy(at, &(uint8_t[3]){c.r, c.g, c.b}, 3);
		}
	png = ui_pixels_few(rgb, w, h, NULL, n);
	free(rgb);
	return png;
}

static uint8_t *
tile_png(const struct ui_tile *t, int margin, size_t *n)
{
	int w = t->width - 2 * margin, h = t->height - 2 * margin, channels = t->channels;
	size_t row = (size_t)(w * channels);
	uint8_t *inner = ui_alloc((size_t)h, row), *png;

	for (int y = 0; y < h; y++)
		memcpy(inner + (size_t)y * row, t->pixels + ((size_t)(y + margin) * (size_t)t->width +
		    (size_t)margin) * (size_t)channels, row);
	png = channels == 1 ? ui_pixels_grey(inner, w, h, n) : ui_pixels_few(inner, w, h, NULL, n);
	free(inner);
	return png;
}

uint8_t *
ui_inlay_png(const struct ui_inlay *i, const struct ui_canvas *c, size_t *n)
{
	if (i->tile == NULL)
		return figure_png(i, c, n);
	return i->tile->map != UI_MAP_NONE ? map_png(i->tile, light(c), n) : tile_png(i->tile, i->margin, n);
}
