/* figure_raster.c: the shapes of a figure as pixels, one after the other. */
#include "figure_int.h"

bool
ui_figure_raster(const struct ui_figure *f, struct ui_raster *r)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct ui_shape *s = &f->shape[i];

		if (i % 16 == 0 && f->stop != NULL && f->stop(f->stop_arg))
			return false;
		switch (s->kind) {
		case UI_SHAPE_RECT:
			ui_raster_rect(r, s->x, s->y, s->w, s->h, s->colour, s->alpha);
			break;
		case UI_SHAPE_LINE:
			ui_raster_line(r, s->p, s->n, s->width, s->dash, s->ndash, s->colour, s->alpha);
			break;
		case UI_SHAPE_DISC:
			ui_raster_disc(r, s->x, s->y, s->w, s->colour, s->alpha);
			break;
		case UI_SHAPE_TEXT:
			ui_font_draw(r, s);
			break;
		case UI_SHAPE_IMAGE:
			ui_raster_image(r, s->x, s->y, s->w, s->h, s->iheight, s->iwidth, s->channels, s->pixels);
			break;
		case UI_SHAPE_CLIP:
			ui_raster_clip(r, s->x, s->y, s->w, s->h);
			break;
		}
	}
	return true;
}
