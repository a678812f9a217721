#include "figure_int.h"
void ui_figure_tiles(struct ui_figure *f, const struct ui_tiles *t) {}
