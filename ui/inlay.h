/* inlay.h: pictures laid into cells of a canvas, for terminals that draw them: what a panel puts there in place of
 * cells, from the figures that exports are made of. The canvas only notes what stands where; its cells are blank and
 * say which inlay they belong to, so that whatever is written over them later covers it.
 */
#ifndef UI_INLAY_H
#define UI_INLAY_H

#include "canvas.h"
#include "plot.h"

/* Each returns false where the picture has to be drawn with cells: the canvas takes none, or not one of that size. */
bool ui_inlay_tile(struct ui_area a, int x, int y, int w, int h, const struct ui_tile *t, int margin);
bool ui_inlay_bars(struct ui_area a, int x, int y, int w, int h, const struct ui_histogram *bars);
/* into the whole area */
bool ui_inlay_chart(struct ui_area a, const struct ui_chart *c, const struct ui_plot_view *view);
bool ui_inlay_estimates(struct ui_area a, const struct ui_estimates *t); /* where each row can be read */

/* The same, where each count can be read. at: where its cells are, in columns and rows of the area: the corner of the
 * first one, and how wide and high each is. */
struct ui_inlay_cells {
	double x, y, w, h;
};
bool ui_inlay_matrix(struct ui_area a, const struct ui_matrix *m, struct ui_inlay_cells *at);
bool ui_inlay_matrix_at(struct ui_area a, const struct ui_matrix *m, struct ui_inlay_cells *at); /* puts nothing */

/* Equal for inlays that look the same. */
uint64_t ui_inlay_hash(const struct ui_inlay *i, const struct ui_canvas *c);
/* The picture, on the ground of the canvas, as PNG. NULL without memory; free() it. */
uint8_t *ui_inlay_png(const struct ui_inlay *i, const struct ui_canvas *c, size_t *n);

#endif
