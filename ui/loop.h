/* loop.h: what the files of the running workbench share */
#ifndef UI_LOOP_H
#define UI_LOOP_H

#include "panel.h"
#include "prompt.h"
#include "screen.h"
#include "terminal.h"
#include "ui.h"

struct ui {
	struct ui_host host;
	struct ui_options options;
	struct ui_term *term;
	struct ui_canvas *canvas;
	struct ui_view view;
	struct ui_model model;
	struct ui_prompt_calls calls;
	uint64_t drawn; /* the model's version on the screen */
	double last; /* when the last frame was drawn, ms */
	double lit_until;
	uint64_t told; /* the view's before the last key: turning an answer's pages closes it not */
	struct ui_pane_state log_before; /* where the log stood when the last line was entered */
	bool changed, typed, gone, resize, leaving;
	bool waits; /* by ui_wait */
	bool goes_on; /* by ui_set_prompt */
	enum ui_pane held; /* where a button of the mouse was pressed that is not let go */
};

/* loop_calls.c */
struct ui_prompt_calls ui_loop_calls(struct ui *u);
void ui_loop_focus(struct ui *u, enum ui_pane p); /* UI_P_NONE: the prompt */
enum ui_colours ui_loop_colours(const struct ui *u); /* as asked, and as the terminal has them */

/* farewell.c: prints it; nothing where there are no curves. */
void ui_farewell(const struct ui_model *m, enum ui_glyphs glyphs, enum ui_colours colours, int cols);

#endif
