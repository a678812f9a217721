/* pages_shown.c: what a screen has shown of an answer, kept as a picture beside it. */
#include "export/pages.h"

#include "ui/figure.h"

#include <stdlib.h>

#define SHOWN_W 720
#define SHOWN_H 480

/* A figure to draw on; NULL: no screen shows anything, or there is no memory. */
static struct ui_figure *
shown_begin(const struct session *s)
{
	if (s->user.host == NULL || !s->user.host->is_screen || s->out->mode != OUT_TABLE)
		return NULL;
	ui_font_use(s->set.font[0] != '\0' ? s->set.font : NULL);
	return ui_figure_new(SHOWN_W, SHOWN_H);
}

static void
shown_end(struct session *s, struct ui_figure *f, const char *name)
{
	char *bytes = NULL, why[400];
	size_t n = 0;
	FILE *out = open_memstream(&bytes, &n);
	bool whole = out != NULL && ui_figure_png(f, out, why, sizeof why) >= 0;

	whole &= out != NULL && fclose(out) == 0;
	if (whole)
		transcript_picture(&s->out->kept, "png", name, (unsigned char *)bytes, n);
	else
		free(bytes);
	ui_figure_free(f);
}

void
pages_shown_tiles(struct session *s, const struct ui_tiles *t)
{
	struct ui_figure *f = t->n > 0 ? shown_begin(s) : NULL;

	if (f == NULL)
		return;
	ui_figure_tiles(f, t);
	shown_end(s, f, t->title);
}

void
pages_shown_strips(struct session *s, const struct ui_strips *strips)
{
	struct ui_figure *f = shown_begin(s);

	if (f == NULL)
		return;
	ui_figure_strips(f, strips);
	shown_end(s, f, strips->title);
}

void
pages_shown_histograms(struct session *s, const struct ui_histograms *t)
{
	struct ui_figure *f = shown_begin(s);

	if (f == NULL)
		return;
	ui_figure_histograms(f, t);
	shown_end(s, f, t->title);
}

void
pages_shown_estimates(struct session *s, const struct ui_estimates *t)
{
	struct ui_figure *f = shown_begin(s);

	if (f == NULL)
		return;
	ui_figure_estimates(f, t);
	shown_end(s, f, t->title);
}

void
pages_shown_charts(struct session *s, const struct ui_chart *const *chart, int n)
{
	struct ui_figure *f = shown_begin(s);

	if (f == NULL)
		return;
	ui_figure_charts(f, chart, n);
	shown_end(s, f, "the curves of the runs");
}

void
pages_shown_image(struct session *s, const struct image *i)
{
	struct ui_tiles t = {0};

	ui_tiles_add(&t, i->shape.dim[0], i->shape.dim[1], i->shape.dim[2], i->pixels, i->name, "", 0);
	ui_string(&t.title, i->name);
	pages_shown_tiles(s, &t);
	ui_tiles_clear(&t);
}
