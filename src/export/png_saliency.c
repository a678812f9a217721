/* png_saliency.c: which pixels matter, as a picture: the picture, the map, one over the other, and the scale. */
#include "export/export.h"
#include "language/ask.h"
#include "look/picture.h"
#include "session/made.h"
#include "ui/figure.h"
#include "view/saliency_view.h"

static int
png_saliency_draw(struct session *s, struct export_request *r, enum saliency_kind kind, struct err *e)
{
	const struct cmd_value *word = r->n > 0 ? r->operand[0] : NULL;
	struct saliency_request ask;
	struct ui_tiles tiles = {0};
	struct ui_figure *f = NULL;
	struct saliency x;
	struct image *im;

	if (r->n > 1)
		return export_unknown(r, r->operand[1], e);
	if ((im = picture_get(s, word != NULL ? word->text : NULL, e)) == NULL)
		return word != NULL ? err_at(e, word) : -1;
	if (ask_saliency(s, r->args, kind, &ask, e) == 0 && saliency_make(s, im, &ask, &x, e) == 0) {
		if ((f = export_figure(s, r, e)) != NULL) {
			saliency_view_tiles(s, im, &x, true, &tiles);
			ui_figure_tiles(f, &tiles);
			ui_tiles_clear(&tiles);
		}
		saliency_free(&x);
	}
	image_free(im);
	return f != NULL ? 0 : -1;
}

static const struct arg png_unit = ASK_UNIT, png_layer = ASK_LAYER, png_stride = ASK_STRIDE,
    png_square = ASK_SQUARE("square");

static int
png_saliency_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	return png_saliency_draw(s, r, SALIENCY_GRADIENT, e);
}

const struct exporter export_png_saliency = {
	.format = "png",
	.figure = "saliency",
	.operands = "[IMAGE]",
	.keys = {&export_size, &export_theme, &export_class, &png_unit},
	.what = "a picture beside its gradient; one of a file is `last` behind `saliency FILE.png`",
	.file = "thaw-saliency.png",
	.write = png_saliency_write,
};

static int
png_gradcam_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	return png_saliency_draw(s, r, SALIENCY_GRADCAM, e);
}

const struct exporter export_png_gradcam = {
	.format = "png",
	.figure = "gradcam",
	.operands = "[IMAGE]",
	.keys = {&export_size, &export_theme, &export_class, &png_unit, &png_layer},
	.what = "a picture beside what the last convolution makes of it",
	.file = "thaw-gradcam.png",
	.write = png_gradcam_write,
};

static int
png_occlude_write(struct session *s, struct export_request *r, FILE *out, struct err *e)
{
	return png_saliency_draw(s, r, SALIENCY_OCCLUDE, e);
}

const struct exporter export_png_occlude = {
	.format = "png",
	.figure = "occlude",
	.operands = "[IMAGE]",
	.keys = {&export_size, &export_theme, &export_class, &png_unit, &png_square, &png_stride},
	.what = "a picture beside how far its probability falls where a square hides it",
	.file = "thaw-occlude.png",
	.write = png_occlude_write,
};
