/* png_draw.c: the drawing of the workbench's canvas as it is, ten times as large. */
#include "export/export.h"
#include "look/picture.h"
#include "ui/figure.h"
#include "ui/pixels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = UI_SKETCH_SIDE * PICTURE_DRAWN };

uint8_t *
png_draw_bytes(const uint8_t *ink, size_t *n)
{
	uint8_t *grey = picture_enlarged(ink, 1), *png = ui_pixels_grey(grey, SIDE, SIDE, n);

	free(grey);
	return png;
}

static int
png_draw_pixels(const struct session *s, FILE *out, struct err *e)
{
	size_t n = 0;
	uint8_t *png = png_draw_bytes(s->data.sketch->ink, &n);
	bool whole;

	if (png == NULL)
		return fail_memory(e, "there is no memory for a picture of %dx%d", SIDE, SIDE);
	whole = fwrite(png, 1, n, out) == n;
	free(png);
	return whole ? 0 : fail(e, "the picture cannot be written: %s; give another place", strerror(errno));
}

static int
png_draw_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	const struct ui_sketch *sketch = s->data.sketch;
	struct ui_figure *f;

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	if (sketch == NULL || ui_sketch_empty(sketch))
		return fail(e, "nothing has been drawn yet; `draw` in the workbench opens a canvas");
	snprintf(r->said, sizeof r->said, "%dx%d", SIDE, SIDE);
	if (strcmp(r->picture->name, "png") == 0)
		return png_draw_pixels(s, out, e);
	r->width = r->height = SIDE;
	if ((f = export_figure(s, r, e)) == NULL)
		return -1;
	ui_figure_image(f, 0, 0, SIDE, SIDE, UI_SKETCH_SIDE, UI_SKETCH_SIDE, 1, sketch->ink);
	return 0;
}

const struct exporter export_png_draw = {
	.format = "png",
	.figure = "draw",
	.operands = "",
	.what = "the drawing of the workbench's canvas, 10 pixels for each of its own; `predict` answers to the file "
	    "as to the drawing",
	.file = "thaw-draw.png",
	.write = png_draw_write,
};
