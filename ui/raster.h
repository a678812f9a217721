/* raster.h: shapes to pixels. Coverage is exact for rectangles and pictures, by distance for lines and discs.
 * Everything is cut to the clip rectangle; pixel (0, 0) covers 0..1 on both axes.
 */
#ifndef UI_RASTER_H
#define UI_RASTER_H

#include "figure.h"

struct ui_raster {
	int w, h;
	int x0, y0, x1, y1; /* clip */
	uint8_t *rgb; /* [h][w][3] */
};

struct ui_raster *ui_raster_new(int w, int h); /* white; NULL without memory */
void ui_raster_free(struct ui_raster *r);
/* to whole pixels; w <= 0: everything */
void ui_raster_clip(struct ui_raster *r, double x, double y, double w, double h);
void ui_raster_span(struct ui_raster *r, int x, int y, int n, struct ui_rgb c, double alpha);
void ui_raster_rect(struct ui_raster *r, double x, double y, double w, double h, struct ui_rgb c, double alpha);
void ui_raster_disc(struct ui_raster *r, double x, double y, double radius, struct ui_rgb c, double alpha);
void ui_raster_line(struct ui_raster *r, const struct ui_point *p, size_t n, double width, const double *dash,
    int ndash, struct ui_rgb c, double alpha);
void ui_raster_image(struct ui_raster *r, double x, double y, double w, double h, int height, int width, int channels,
    const uint8_t *pixels);

#endif
