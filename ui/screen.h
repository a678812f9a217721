/* screen.h: the whole screen from a model and what the user has done to the view. Pure but for the scroll positions,
 * which drawing brings back into range.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "panel.h"

struct ui_prompt_view { /* what the prompt shows; all borrowed */
	const char *prompt, *text;
	int point; /* byte of text where the cursor stands */
	const char *hint; /* dim behind the text */
	const char *question; /* in place of the prompt, or NULL */
};

struct ui_view {
	enum ui_layout_name layout;
	enum ui_pane focus; /* UI_P_NONE: the prompt */
	enum ui_pane extra; /* the pane on demand in view */
	enum ui_pane former; /* the one whose place it took when it was asked for by name: Esc brings it back */
	enum ui_pane back; /* where Esc goes: the pane whose click or key brought the focused one into view */
	enum ui_pane under; /* the pane on demand whose place the keys took by which `back` was left */
	enum ui_pane lit; /* its frame is drawn like the focused one's */
	bool zoom; /* the focused pane, or the one that was */
	bool roomy; /* for want of room: what ends the focus ends the zoom, too */
	enum ui_pane zoomed;
	struct ui_pane_state pane[UI_PANES];
	struct ui_prompt_view prompt;
	const struct ui_candidates *candidates; /* NULL: none shown */
	/* lines of the log that there were at the last key: a later answer lies over the panes where the log has no
	 * room */
	uint64_t told;
	bool answer; /* one does, since the last drawing */
	bool waits; /* for Space or Enter at the prompt */
	long selected;
	struct ui_layout at; /* where everything is, from the last drawing */
	int cursor_x, cursor_y; /* from the last drawing */
};

void ui_view_init(struct ui_view *v);
/* Where everything is at that size. */
void ui_view_place(const struct ui_view *v, int cols, int rows, struct ui_layout *at);
void ui_screen_draw(struct ui_canvas *c, enum ui_colours colours, const struct ui_model *m, struct ui_view *v);
/* The prompt's row alone, for an echo that does not wait for a frame. */
void ui_screen_prompt(struct ui_canvas *c, struct ui_view *v);

/* Brings a pane into view and gives it the focus; UI_P_NONE: the prompt. */
void ui_view_focus(struct ui_view *v, enum ui_pane pane);
/* The pane after the focused one among those in view; behind the last comes the prompt. */
void ui_view_next(struct ui_view *v);

#endif
