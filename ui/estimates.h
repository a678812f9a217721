/* estimates.h: means along the axis that they share: what the picture (figure_estimates.c) and the cells have in
 * common, and the cells.
 */
#ifndef UI_ESTIMATES_H
#define UI_ESTIMATES_H

#include "panel.h"

struct ui_span { /* of the axis */
	double low, high;
};

/* All means with their errors, and some air; false: there is no number. */
bool ui_span_find(struct ui_span *s, const struct ui_estimates *t);
/* From one tick to the next: 1, 2 or 5 times a power of ten, of which at most `most` fit; and its digits. */
double ui_span_step(const struct ui_span *s, double most);
int ui_span_digits(double step);

int ui_estimates_kinds(const struct ui_estimates *t); /* so many may stand in a row, at least 1 */
int ui_estimates_rows(const struct ui_estimates *t);

/* A row each, scrolled where there are more: the name, the marks of its kinds along the axis, their texts. Names and
 * texts stay longest. st->rows: those in view. */
void ui_estimates_draw(struct ui_area a, const struct ui_estimates *t, struct ui_pane_state *st);

#endif
