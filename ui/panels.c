/* panels.c: the table of the panels */
#include "panel.h"

#define UI_PANEL(name) extern const struct ui_panel ui_panel_##name;
#include "panels.def"
#undef UI_PANEL

const struct ui_panel *const ui_panels[UI_PANES] = {
#define UI_PANEL(name) [UI_P_##name] = &ui_panel_##name,
#include "panels.def"
#undef UI_PANEL
};
