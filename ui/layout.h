/* layout.h: size and layout name -> rectangles. Pure. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include "canvas.h"
#include "ui.h"

#define UI_LEAST_COLS 40
#define UI_LEAST_ROWS 8

enum ui_pane { /* in the order of panels.def */
#define UI_PANEL(name) UI_P_##name,
#include "panels.def"
#undef UI_PANEL
	UI_PANES,
	UI_P_NONE = -1,
};

/* Frames of neighbours share a border, so rectangles meet in one row or column; their insides never overlap. */
struct ui_layout {
	bool bare; /* no frames but the focused one's, and all of it large */
	bool small; /* below the least size: one line says so */
	struct ui_rect header, prompt; /* h 0: none */
	bool shown[UI_PANES];
	struct ui_rect pane[UI_PANES]; /* frame included */
};

/* Whether a pane has no place of its own in every layout and comes into view when it gets the focus: any but the few
 * that layout.c places. */
bool ui_layout_on_demand(enum ui_pane p);

/* extra: a pane on demand, in the place of the digits; zoom: a pane alone; or UI_P_NONE. */
void ui_layout(int cols, int rows, enum ui_layout_name name, enum ui_pane extra, enum ui_pane zoom,
    struct ui_layout *out);

/* The pane whose inside holds a cell, or UI_P_NONE; *x and *y become relative to that inside. */
enum ui_pane ui_layout_at(const struct ui_layout *l, int *x, int *y);

#endif
