/* figure.c: a figure as a list of shapes, in the order they are drawn. */
#include "figure_int.h"
#include "mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ui_figure *
ui_figure_new(int width, int height)
{
	struct ui_figure *f;

	if (width < UI_FIGURE_MIN || width > UI_FIGURE_MAX || height < UI_FIGURE_MIN || height > UI_FIGURE_MAX)
		return NULL;
	f = ui_alloc(1, sizeof *f);
	f->w = width;
	f->h = height;
	f->ground = (struct ui_rgb){255, 255, 255};
	return f;
}

void
ui_figure_stop(struct ui_figure *f, bool (*stop)(void *arg), void *arg)
{
	f->stop = stop;
	f->stop_arg = arg;
}

void
ui_figure_free(struct ui_figure *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		free(f->shape[i].p);
		free(f->shape[i].text);
		free(f->shape[i].pixels);
	}
	for (int i = 0; i < f->nmeta; i++) {
		free(f->meta[i].key);
		free(f->meta[i].text);
	}
	free(f->shape);
	free(f->meta);
	free(f);
}

int
ui_figure_width(const struct ui_figure *f)
{
	return f->w;
}

int
ui_figure_height(const struct ui_figure *f)
{
	return f->h;
}

double
ui_figure_base(const struct ui_figure *f)
{
	return f->base > 0 ? f->base : fmax(8, 15 * pow(fmin(f->w / 960.0, f->h / 640.0),
	    fmin(f->w / 960.0, f->h / 640.0) < 1 ? 0.6 : 1));
}

/* ---- primitives ---- */

static struct ui_shape *
ui_figure_add(struct ui_figure *f, enum ui_shape_kind kind, struct ui_rgb colour, double alpha)
{
	struct ui_shape *s;
	double thick;

	colour = ui_inks_of(f, kind, colour, &thick);
	f->shape = ui_grow(f->shape, f->n, &f->cap, sizeof *f->shape);
	s = &f->shape[f->n++];
	*s = (struct ui_shape){.kind = kind, .colour = colour, .alpha = alpha, .width = thick};
	return s;
}

void
ui_figure_rect(struct ui_figure *f, double x, double y, double w, double h, struct ui_rgb fill, double alpha)
{
	struct ui_shape *s = ui_figure_add(f, UI_SHAPE_RECT, fill, alpha);

	s->x = x;
	s->y = y;
	s->w = w;
	s->h = h;
}

void
ui_figure_line(struct ui_figure *f, const struct ui_point *p, size_t n, double width, struct ui_rgb colour,
    double alpha, const double *dash, int ndash)
{
	struct ui_shape *s = ui_figure_add(f, UI_SHAPE_LINE, colour, alpha);

	s->width *= width;
	s->n = n;
	s->p = ui_alloc(n, sizeof *s->p);
	if (n != 0)
		memcpy(s->p, p, n * sizeof *p);
	s->ndash = dash == NULL ? 0 : ndash < UI_DASHES_MAX ? ndash : UI_DASHES_MAX;
	if (s->ndash != 0)
		memcpy(s->dash, dash, s->ndash * sizeof *dash);
}

size_t
ui_figure_thin(const struct ui_point *p, size_t n, double column, struct ui_point *out)
{
	size_t kept = 0, to;

	for (size_t i = 0; i < n; i = to) {
		double end = (floor(p[i].x / column) + 1) * column;
		size_t low = i, high = i;

		for (to = i + 1; to < n && p[to].x >= p[to - 1].x && p[to].x < end; to++) {
			low = p[to].y < p[low].y ? to : low;
			high = p[to].y > p[high].y ? to : high;
		}
		for (size_t k = i; k < to; k++)
			if (k == i || k == low || k == high || k == to - 1)
				out[kept++] = p[k];
	}
	return kept;
}

void
ui_figure_disc(struct ui_figure *f, double x, double y, double radius, struct ui_rgb fill, double alpha)
{
	struct ui_shape *s = ui_figure_add(f, UI_SHAPE_DISC, fill, alpha);

	s->x = x;
	s->y = y;
	s->w = radius;
}

void
ui_figure_face_text(struct ui_figure *f, double x, double y, double size, enum ui_anchor anchor, enum ui_face face,
    double degrees,
    struct ui_rgb colour, const char *text)
{
	struct ui_shape *s;

	if (text == NULL || *text == '\0')
		return;
	s = ui_figure_add(f, UI_SHAPE_TEXT, colour, 1);
	s->x = x;
	s->y = y;
	s->w = size;
	s->h = degrees;
	s->anchor = anchor;
	s->face = face;
	s->text = ui_strdup(text);
}

void
ui_figure_text(struct ui_figure *f, double x, double y, double size, enum ui_anchor anchor, bool bold, double degrees,
    struct ui_rgb colour, const char *text)
{
	ui_figure_face_text(f, x, y, size, anchor, bold ? UI_FACE_BOLD : UI_FACE_SANS, degrees, colour, text);
}

void
ui_figure_fit_text(struct ui_figure *f, double x, double y, double size, enum ui_anchor anchor, enum ui_face face,
    double room,
    struct ui_rgb colour, const char *text)
{
	char *cut;
	size_t n, word;

	if (text == NULL || *text == '\0')
		return;
	if (ui_font_width(face, size, text) <= room) {
		ui_figure_face_text(f, x, y, size, anchor, face, 0, colour, text);
		return;
	}
	n = strlen(text);
	cut = ui_alloc(n + 4, 1);
	do {
		do
			n--;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80);
		while (n > 0 && text[n - 1] == ' ')
			n--;
		memcpy(cut, text, n);
		memcpy(cut + n, "…", 4);
	} while (n > 0 && ui_font_width(face, size, cut) > room);
	if (n > 0 && text[n] != ' ') { /* whole words, where the first one has room */
		for (word = n; word > 0 && text[word - 1] != ' ';)
			word--;
		while (word > 0 && strchr(" ,;:", text[word - 1]) != NULL)
			word--;
		if (word > 0)
			memcpy(cut + word, "…", 4);
	}
	if (n > 0)
		ui_figure_face_text(f, x, y, size, anchor, face, 0, colour, cut);
	free(cut);
}

void
ui_figure_image(struct ui_figure *f, double x, double y, double w, double h, int height, int width, int channels,
    const uint8_t *pixels)
{
	struct ui_shape *s = ui_figure_add(f, UI_SHAPE_IMAGE, (struct ui_rgb){0}, 1);
	size_t bytes = (size_t)height * width * channels;

	s->x = x;
	s->y = y;
	s->w = w;
	s->h = h;
	s->iheight = height;
	s->iwidth = width;
	s->channels = channels;
	s->pixels = ui_alloc(bytes, 1);
	if (bytes != 0)
		memcpy(s->pixels, pixels, bytes);
}

void
ui_figure_clip(struct ui_figure *f, double x, double y, double w, double h)
{
	struct ui_shape *s = ui_figure_add(f, UI_SHAPE_CLIP, (struct ui_rgb){0}, 0);

	s->x = x;
	s->y = y;
	s->w = w;
	s->h = h;
}

void
ui_figure_meta(struct ui_figure *f, const char *key, const char *text)
{
	f->meta = ui_realloc(f->meta, f->nmeta + 1, sizeof *f->meta);
	f->meta[f->nmeta++] = (struct ui_meta){ui_strdup(key), ui_strdup(text)};
}
