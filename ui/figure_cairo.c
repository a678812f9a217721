/* figure_cairo.c: the shapes of a figure drawn as pixels, SVG or PDF; the only file that includes cairo.
 *
 * cairo keeps the first thing that goes wrong and draws no more, so that it is asked once, at the end. What it would
 * not take (coordinates beyond its fixed point, dashes without a length) is changed before. It looks for no fonts: text
 * is drawn with the files of figure_font.c, at the places that it was laid out for.
 *
 * It is loaded when the first picture is drawn: it would make each start of the program a fifth longer.
 */
#include "canvas.h"
#include "figure_int.h"
#include "mem.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY "libcairo.2.dylib"
#else
#define LIBRARY "libcairo.so.2"
#endif

#define FAR 1e6 /* farther away nothing is drawn: cairo counts in 256ths of 32 bits */
#define PDF_POINTS 0.75 /* of a pixel */
#define SVG_TIMES 16 /* how often a pixel of an image stands in SVG, at most */
#define SVG_IMAGE 1024 /* and how wide and high the image gets by that */

/* ---- the library ---- */

/* What is called of it, without "cairo_" before the names. */
#define CAIRO_CALLS(F) \
	F(arc) F(clip) F(create) F(destroy) F(fill) F(font_face_destroy) F(font_face_set_user_data) \
	F(font_options_create) F(font_options_destroy) F(font_options_set_hint_metrics) \
	F(font_options_set_hint_style) F(ft_font_face_create_for_ft_face) F(get_source) F(glyph_path) \
	F(image_surface_create) F(image_surface_get_data) F(image_surface_get_stride) F(line_to) F(move_to) F(paint) \
	F(pattern_set_extend) F(pattern_set_filter) F(pdf_surface_create_for_stream) F(pdf_surface_set_metadata) \
	F(rectangle) F(reset_clip) F(restore) F(rotate) F(save) F(scale) F(set_antialias) F(set_dash) \
	F(set_font_face) F(set_font_options) F(set_font_size) F(set_line_cap) F(set_line_join) F(set_line_width) \
	F(set_source_rgb) F(set_source_rgba) F(set_source_surface) F(show_glyphs) F(show_text_glyphs) F(status) \
	F(status_to_string) F(stroke) F(surface_destroy) F(surface_finish) F(surface_flush) F(surface_mark_dirty) \
	F(surface_set_device_offset) F(surface_status) F(svg_surface_create_for_stream) \
	F(svg_surface_set_document_unit) F(translate)

static struct {
#define MEMBER(name) __typeof__(cairo_##name) *name;
	CAIRO_CALLS(MEMBER)
	bool there;
	char why[256]; /* it is not; "": it is */
} cairo;
static pthread_once_t cairo_once = PTHREAD_ONCE_INIT;

static void
cairo_load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} call[] = {
#define CALL(name) {"cairo_" #name, offsetof(__typeof__(cairo), name)},
		CAIRO_CALLS(CALL)
	};
	void *lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *p;
	const char *why;

	for (size_t i = 0; lib != NULL && i < sizeof call / sizeof *call; i++) {
		if ((p = dlsym(lib, call[i].name)) == NULL)
			lib = NULL;
		else
			memcpy((char *)&cairo + call[i].at, &p, sizeof p);
	}
	if (!(cairo.there = lib != NULL) && (why = dlerror()) != NULL)
		snprintf(cairo.why, sizeof cairo.why, "there is no cairo to draw with (%.120s); %s", why,
		    strstr(why, strerror(EMFILE)) ? "raise the limit of open files" : "install the package libcairo2");
}

static bool
cairo_there(char *why, size_t whylen)
{
	/* Short of memory, pixman crashes as it is loaded. volatile: else the compiler leaves both calls out. */
	void *volatile room = malloc((size_t)1 << 20);

	free(room);
	if (room != NULL)
		pthread_once(&cairo_once, cairo_load);
	snprintf(why, whylen, "%s", room != NULL ? cairo.why : "there is not enough memory to draw; choose a smaller "
	    "model or less data");
	return room != NULL && cairo.there;
}

bool
ui_figure_ready(void)
{
	char why[sizeof cairo.why];

	return cairo_there(why, sizeof why) && ui_font_ready();
}

/* ---- drawing ---- */

struct drawing {
	cairo_t *cr;
	enum { PIXELS, SVG, PDF } kind;
};

static double
near(double v)
{
	return fmin(fmax(v, -FAR), FAR);
}

static void
ink(const struct drawing *d, const struct ui_shape *s)
{
	cairo.set_source_rgba(d->cr, s->colour.r / 255.0, s->colour.g / 255.0, s->colour.b / 255.0,
	    fmin(fmax(s->alpha, 0), 1));
}

/* Of the fonts that text was drawn with last: to make one anew for each word would forget its glyphs. */
static struct {
	struct ui_font_file *file;
	cairo_font_face_t *face;
} known[UI_FACES];
static int oldest;

static void
font_done(void *file)
{
	ui_font_let(file);
}

/* Owned by `known`. cairo has the file until it forgets the glyphs, which may be later. */
static cairo_font_face_t *
font_of(struct ui_font_file *file)
{
	static const cairo_user_data_key_t key;
	cairo_font_face_t *face;

	for (int i = 0; i < UI_FACES; i++)
		if (known[i].file == file)
			return known[i].face;
	face = cairo.ft_font_face_create_for_ft_face(ui_font_ft(file), FT_LOAD_NO_HINTING);
	ui_font_hold(file);
	if (cairo.font_face_set_user_data(face, &key, file, font_done) != CAIRO_STATUS_SUCCESS)
		ui_font_let(file);
	cairo.font_face_destroy(known[oldest].face);
	known[oldest] = (__typeof__(*known)){file, face};
	oldest = (oldest + 1) % UI_FACES;
	return face;
}

/* Glyphs of one font. A PDF keeps the text beside them, to be found and copied; pixels take their outlines, since
 * cairo would set glyphs as pixels to whole places only. */
static void
draw_glyphs(const struct drawing *d, const struct ui_font_glyph *g, size_t n, double back)
{
	cairo_glyph_t *glyph = ui_alloc(n, sizeof *glyph);
	cairo_text_cluster_t *cluster = ui_alloc(n, sizeof *cluster);
	char *text = ui_alloc(n, 4), *end = text;

	cairo.set_font_face(d->cr, font_of(g->font));
	for (size_t i = 0; i < n; i++) {
		glyph[i] = (cairo_glyph_t){g[i].index, g[i].x - back, 0};
		cluster[i] = (cairo_text_cluster_t){ui_char_put(end, g[i].code), 1};
		end += cluster[i].num_bytes;
	}
	if (d->kind == PIXELS) {
		cairo.glyph_path(d->cr, glyph, (int)n);
		cairo.fill(d->cr);
	} else if (d->kind == SVG)
		cairo.show_glyphs(d->cr, glyph, (int)n);
	else
		cairo.show_text_glyphs(d->cr, text, (int)(end - text), glyph, (int)n, cluster, (int)n, 0);
	free(glyph);
	free(cluster);
	free(text);
}

static void
draw_text(const struct drawing *d, const struct ui_shape *s)
{
	struct ui_font_glyph *g;
	double width = 0, back;
	size_t n, to;

	if (!(s->w >= 1 && s->w <= UI_FIGURE_MAX) || fabs(s->x) > 2 * UI_FIGURE_MAX || fabs(s->y) > 2 * UI_FIGURE_MAX)
		return;
	g = ui_alloc(strlen(s->text), sizeof *g);
	ui_font_lock();
	n = ui_font_glyphs(s->face, s->w, s->text, g, &width);
	back = s->anchor == UI_START ? 0 : s->anchor == UI_MIDDLE ? width / 2 : width;
	cairo.save(d->cr);
	cairo.translate(d->cr, s->x, s->y);
	cairo.rotate(d->cr, -s->h * M_PI / 180);
	cairo.set_font_size(d->cr, s->w);
	for (size_t i = 0; i < n; i = to) {
		for (to = i + 1; to < n && g[to].font == g[i].font; to++)
			;
		draw_glyphs(d, g + i, to - i, back);
	}
	cairo.restore(d->cr);
	ui_font_unlock();
	free(g);
}

/* ---- other shapes ---- */

static void
draw_rect(const struct drawing *d, const struct ui_shape *s)
{
	double x = near(s->x), y = near(s->y), w = near(s->x + s->w) - x, h = near(s->y + s->h) - y;

	if (!(w > 0 && h > 0))
		return;
	cairo.rectangle(d->cr, x, y, w, h);
	cairo.fill(d->cr);
}

static void
draw_disc(const struct drawing *d, const struct ui_shape *s)
{
	if (!(s->w > 0 && s->w < FAR))
		return;
	cairo.arc(d->cr, near(s->x), near(s->y), s->w, 0, 2 * M_PI);
	cairo.fill(d->cr);
}

/* A curve with more points than columns: its ink lies several times over itself, so that coarser edges do. */
static void
draw_dense(const struct drawing *d, const struct ui_shape *s)
{
	struct ui_point *p = ui_alloc(s->n, sizeof *p);
	size_t n = ui_figure_thin(s->p, s->n, d->kind == PIXELS ? 1 : 0.25, p);

	cairo.save(d->cr);
	cairo.set_antialias(d->cr, CAIRO_ANTIALIAS_FAST);
	cairo.set_line_join(d->cr, CAIRO_LINE_JOIN_BEVEL);
	for (size_t i = 0; i < n; i++)
		cairo.line_to(d->cr, near(p[i].x), near(p[i].y));
	cairo.stroke(d->cr);
	cairo.restore(d->cr);
	free(p);
}

static void
draw_line(const struct drawing *d, const struct ui_shape *s)
{
	double dash[UI_DASHES_MAX], total = 0;

	if (s->n == 0 || !(s->width > 0))
		return;
	for (int i = 0; i < s->ndash; i++)
		total += dash[i] = near(fmax(s->dash[i], 0));
	cairo.set_dash(d->cr, dash, total < 0.5 ? 0 : s->ndash, 0);
	cairo.set_line_width(d->cr, s->width);
	if (s->ndash == 0 && (double)s->n > fabs(s->p[s->n - 1].x - s->p[0].x) + 64) {
		draw_dense(d, s);
		return;
	}
	cairo.move_to(d->cr, near(s->p[0].x), near(s->p[0].y));
	for (size_t i = s->n == 1 ? 0 : 1; i < s->n; i++)
		cairo.line_to(d->cr, near(s->p[i].x), near(s->p[i].y));
	cairo.stroke(d->cr);
}

/* Each pixel `times` times in both directions. */
static cairo_surface_t *
image_surface(const struct ui_shape *s, int times)
{
	cairo_surface_t *image = cairo.image_surface_create(CAIRO_FORMAT_RGB24, s->iwidth * times, s->iheight * times);
	unsigned char *to = cairo.image_surface_get_data(image);
	int stride = cairo.image_surface_get_stride(image), green = s->channels == 3 ? 1 : 0;

	cairo.surface_flush(image);
	for (int y = 0; to != NULL && y < s->iheight * times; y++, to += stride)
		for (int x = 0; x < s->iwidth * times; x++) {
			const uint8_t *p = s->pixels + ((size_t)(y / times) * s->iwidth + x / times) * s->channels;
			uint32_t rgb = (uint32_t)p[0] << 16 | (uint32_t)p[green] << 8 | p[2 * green];

			memcpy(to + 4 * (size_t)x, &rgb, 4);
		}
	cairo.surface_mark_dirty(image);
	return image;
}

/* Not all who show SVG heed that pixels are to stay squares: there they are as large as they are drawn. */
static int
image_times(const struct drawing *d, const struct ui_shape *s)
{
	int times = (int)fmin(fmin(near(s->w) / s->iwidth, near(s->h) / s->iheight), SVG_TIMES);

	return d->kind == SVG && times > 1 && s->iwidth * times <= SVG_IMAGE && s->iheight * times <= SVG_IMAGE ?
	    times : 1;
}

/* Enlarged, each pixel is a square; made smaller, the means are taken. */
static void
draw_image(const struct drawing *d, const struct ui_shape *s)
{
	bool enlarged = s->w >= s->iwidth && s->h >= s->iheight;
	cairo_surface_t *image;
	int times;

	if (!(s->w > 0 && s->h > 0) || s->iwidth <= 0 || s->iheight <= 0)
		return;
	times = image_times(d, s);
	image = image_surface(s, times);
	cairo.save(d->cr);
	cairo.translate(d->cr, near(s->x), near(s->y));
	cairo.scale(d->cr, near(s->w) / (s->iwidth * times), near(s->h) / (s->iheight * times));
	cairo.set_source_surface(d->cr, image, 0, 0);
	cairo.pattern_set_filter(cairo.get_source(d->cr), enlarged ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
	if (d->kind == PIXELS) {
		cairo.pattern_set_extend(cairo.get_source(d->cr), CAIRO_EXTEND_PAD);
		cairo.rectangle(d->cr, 0, 0, s->iwidth, s->iheight);
		cairo.fill(d->cr);
	} else
		cairo.paint(d->cr);
	cairo.restore(d->cr);
	cairo.surface_destroy(image);
}

/* To whole pixels, so that a clip has no soft edges. */
static void
draw_clip(const struct drawing *d, const struct ui_shape *s)
{
	double x = floor(near(s->x) + 0.5), y = floor(near(s->y) + 0.5);

	cairo.reset_clip(d->cr);
	if (!(s->w > 0 && s->h > 0))
		return;
	cairo.rectangle(d->cr, x, y, floor(near(s->x + s->w) + 0.5) - x, floor(near(s->y + s->h) + 0.5) - y);
	cairo.clip(d->cr);
}

static void
draw_shape(const struct drawing *d, const struct ui_shape *s)
{
	static void (*const draw[])(const struct drawing *d, const struct ui_shape *s) = {
		[UI_SHAPE_RECT] = draw_rect, [UI_SHAPE_LINE] = draw_line, [UI_SHAPE_DISC] = draw_disc,
		[UI_SHAPE_TEXT] = draw_text, [UI_SHAPE_IMAGE] = draw_image, [UI_SHAPE_CLIP] = draw_clip,
	};

	ink(d, s);
	draw[s->kind](d, s);
}

/* ---- whole figures ---- */

static int
ended(char *why, size_t whylen)
{
	snprintf(why, whylen, "interrupted; run it again");
	return -1;
}

/* cairo 1.16 ends the program when memory is missing while a shape gets its edges, so that it is looked for before. */
#define ROOM ((size_t)4 << 20)

/* Draws all of it, as far as it lies on the surface, and takes cairo's word for it. */
static int
draw(const struct ui_figure *f, cairo_surface_t *surface, int kind, double scale, char *why, size_t whylen)
{
	struct drawing d = {cairo.create(surface), kind};
	cairo_font_options_t *font = cairo.font_options_create();
	cairo_status_t status;
	bool stopped = false, room;
	void *volatile some = malloc(ROOM); /* not to be left out by the compiler */

	room = some != NULL;
	free(some);
	cairo.font_options_set_hint_style(font, CAIRO_HINT_STYLE_NONE);
	cairo.font_options_set_hint_metrics(font, CAIRO_HINT_METRICS_OFF);
	cairo.set_font_options(d.cr, font);
	cairo.font_options_destroy(font);
	cairo.set_line_cap(d.cr, CAIRO_LINE_CAP_ROUND);
	cairo.set_line_join(d.cr, CAIRO_LINE_JOIN_ROUND);
	cairo.scale(d.cr, scale, scale);
	cairo.set_source_rgb(d.cr, f->ground.r / 255.0, f->ground.g / 255.0, f->ground.b / 255.0);
	cairo.paint(d.cr);
	for (size_t i = 0; i < f->n && !stopped && room; i++) {
		stopped = i % 16 == 0 && f->stop != NULL && f->stop(f->stop_arg);
		if (!stopped)
			draw_shape(&d, &f->shape[i]);
	}
	ui_font_lock(); /* fonts may be closed here, and are read for what is written at the end */
	status = room ? cairo.status(d.cr) : CAIRO_STATUS_NO_MEMORY;
	cairo.destroy(d.cr);
	if (!stopped && kind != PIXELS)
		cairo.surface_finish(surface);
	ui_font_unlock();
	if (stopped)
		return ended(why, whylen);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo.surface_status(surface);
	if (status == CAIRO_STATUS_NO_MEMORY)
		snprintf(why, whylen, "no memory for a picture of %dx%d; choose a smaller size", f->w, f->h);
	else if (status != CAIRO_STATUS_SUCCESS)
		snprintf(why, whylen, "the picture cannot be written: %s", status == CAIRO_STATUS_WRITE_ERROR ?
		    strerror(errno) : cairo.status_to_string(status));
	return status == CAIRO_STATUS_SUCCESS ? 0 : -1;
}

static void
drop(cairo_surface_t *surface)
{
	ui_font_lock();
	cairo.surface_destroy(surface);
	ui_font_unlock();
}

int
ui_figure_rows(const struct ui_figure *f, int y, int n, uint8_t *rgb, char *why, size_t whylen)
{
	cairo_surface_t *surface;
	const unsigned char *p;
	int stride, rc;

	if (!cairo_there(why, whylen))
		return -1;
	surface = cairo.image_surface_create(CAIRO_FORMAT_RGB24, f->w, n);
	p = cairo.image_surface_get_data(surface);
	stride = cairo.image_surface_get_stride(surface);
	cairo.surface_set_device_offset(surface, 0, -y);
	rc = draw(f, surface, PIXELS, 1, why, whylen);
	cairo.surface_flush(surface);
	for (int j = 0; rc == 0 && j < n; j++, p += stride)
		for (int i = 0; i < f->w; i++, rgb += 3) {
			uint32_t v;

			memcpy(&v, p + 4 * (size_t)i, 4);
			rgb[0] = (uint8_t)(v >> 16);
			rgb[1] = (uint8_t)(v >> 8);
			rgb[2] = (uint8_t)v;
		}
	drop(surface);
	return rc;
}

static cairo_status_t
put(void *out, const unsigned char *bytes, unsigned n)
{
	return fwrite(bytes, 1, n, out) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

int
ui_figure_raw_svg(const struct ui_figure *f, FILE *out, char *why, size_t whylen)
{
	cairo_surface_t *surface;
	int rc;

	if (!cairo_there(why, whylen))
		return -1;
	surface = cairo.svg_surface_create_for_stream(put, out, f->w, f->h);
	cairo.svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
	rc = draw(f, surface, SVG, 1, why, whylen);
	drop(surface);
	return rc;
}

/* The text that PDF has a place for; no time, so that the same figure gives the same bytes. */
static void
pdf_texts(const struct ui_figure *f, cairo_surface_t *surface)
{
	static const struct {
		const char *key;
		cairo_pdf_metadata_t as;
	} place[] = {{"Title", CAIRO_PDF_METADATA_TITLE}, {"Software", CAIRO_PDF_METADATA_CREATOR},
	    {"Comment", CAIRO_PDF_METADATA_SUBJECT}, {"Settings", CAIRO_PDF_METADATA_KEYWORDS}};

	cairo.pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, NULL);
	for (int i = 0; i < f->nmeta; i++)
		for (size_t k = 0; k < sizeof place / sizeof *place; k++)
			if (strcmp(f->meta[i].key, place[k].key) == 0) {
				char *text = ui_text_clean(f->meta[i].text);

				cairo.pdf_surface_set_metadata(surface, place[k].as, text);
				free(text);
			}
}

int
ui_figure_pdf(const struct ui_figure *f, FILE *out, char *why, size_t whylen)
{
	cairo_surface_t *surface;
	int rc;

	if (!cairo_there(why, whylen))
		return -1;
	surface = cairo.pdf_surface_create_for_stream(put, out, f->w * PDF_POINTS, f->h * PDF_POINTS);
	pdf_texts(f, surface);
	rc = draw(f, surface, PDF, PDF_POINTS, why, whylen);
	drop(surface);
	return rc;
}
