#include "figure_int.h"
void ui_figure_table(struct ui_figure *f, const struct ui_table *t) {}
