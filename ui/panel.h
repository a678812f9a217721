/* panel.h: what a panel is, and what panels share.
 *
 * A panel is a constant struct in its own file, named in panels.def. It draws a part of the model into an area and
 * keeps nothing: what a user does to it (scrolling, log scale) lives in its state, which is given to it.
 */
#ifndef UI_PANEL_H
#define UI_PANEL_H

#include "canvas.h"
#include "layout.h"
#include "plot.h"

enum ui_key {
	UI_KEY_NONE, UI_KEY_UP, UI_KEY_DOWN, UI_KEY_LEFT, UI_KEY_RIGHT, UI_KEY_PGUP, UI_KEY_PGDN, UI_KEY_HOME,
	    UI_KEY_END, UI_KEY_ENTER, UI_KEY_ESC,
	/* others: the character itself */
};

struct ui_panel;

struct ui_pane_state {
	long scroll; /* rows or tiles from the panel's resting place */
	uint64_t seen; /* log: lines there were when it was scrolled */
	uint64_t from, to; /* log: an answer's first and last line, counted from 1; 0: none */
	uint64_t all; /* log: its last line when all of it was laid over the panes; 0: it was not */
	long over; /* log: rows of the answer above the box that lies over the panes */
	bool large; /* it is looked at from far away */
	const struct ui_panel *of; /* help: whose keys come first, or NULL */
	const char *of_name;
	struct ui_sketch *sketch; /* draw: what keys and the mouse change, or NULL */
	int rows; /* log: of the pane or of that box, as last drawn */
	int page; /* what was in view when it was last drawn, in what it scrolls by: PgUp and PgDn pass nothing over */
	int row, col; /* a matrix: the cell of the cursor, counted from 1; 0: it was not moved yet */
	struct ui_plot_view plot;
};

struct ui_panel_ctx {
	const struct ui_model *m;
	enum ui_colours colours;
	struct ui_pane_state *st;
	bool focused; /* the keys are its own */
	int room; /* of a title: its cells; what is longer is cut */
};

/* What a key or a click asks of the host: a command, or a click on something with an id. */
struct ui_ask {
	char command[128];
	bool click;
	int64_t id;
	int row, col;
};

struct ui_panel {
	/* in the lower border while it has the focus: keys and what each does, with two blanks between them */
	const char *keys;
	/* What the help says of them: borders of key and what it does, the last NULL. NULL: what the border says. */
	const char *const (*help)[2];
	bool keys_whole; /* all of them rather in a border that is a neighbour's too than some behind the title */
	int cols, rows; /* inside; where its place has less, `focus` zooms it */
	void (*title)(const struct ui_panel_ctx *p, char *title, size_t size); /* NULL: its name in ui_panel_names */
	/* upper border, between these columns; or NULL */
	void (*note)(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right);
	int (*note_least)(const struct ui_panel_ctx *p); /* columns of it for which a longer title is cut; or NULL */
	void (*draw)(const struct ui_panel_ctx *p, struct ui_area inside);
	/* false: not one of its own; NULL: it has none */
	bool (*key)(const struct ui_panel_ctx *p, int key, struct ui_ask *ask);
	bool (*click)(const struct ui_panel_ctx *p, struct ui_area inside, int x, int y, struct ui_ask *ask);
	/* In place of clicks: a press of any button, the movements until it is let go, which may lead outside, and
	 * that. button: bits of UI_MOUSE_* (keys.h). */
	void (*hold)(const struct ui_panel_ctx *p, struct ui_area inside, int x, int y, int button);
};

extern const struct ui_panel *const ui_panels[UI_PANES]; /* panels.c */

/* What the log has behind `since` lines is an answer; where it is taller than the log it lies over the panes. */
void ui_log_answer(struct ui_pane_state *st, const struct ui_log *l, uint64_t since);
bool ui_log_answered(const struct ui_pane_state *st, const struct ui_log *l); /* it is in the log still */
void ui_log_follow(struct ui_pane_state *st); /* back to the newest line */
/* Lays all of it over the panes, from its end, where the pane has no room for a page; false: it has, or shows all. */
bool ui_log_over(struct ui_pane_state *st, const struct ui_log *l, struct ui_rect pane);
/* up, or down when negative */
void ui_log_page(struct ui_pane_state *st, const struct ui_log *l, struct ui_rect pane, int pages);

/* ---- shared ---- */

/* A table: head where there is room, totals always, rows flagged dim leave first or fold into one, then it scrolls.
 * middle: the second column is the first to go when it is too narrow; else the last. */
void ui_table_draw(struct ui_area a, const struct ui_table *t, struct ui_pane_state *st, bool middle);
/* How many rows of that drawing, of so many rows, are in view, of those that no other stands for. */
void ui_table_part(const struct ui_table *t, int rows, const struct ui_pane_state *st, long *shown, long *all);
/* Tiles as large as fits. */
void ui_tiles_draw(struct ui_area a, const struct ui_tiles *t, struct ui_pane_state *st, enum ui_colours colours);
/* Strips: as high as fits, then scrolled; the rows that they take with maps so high. */
void ui_strips_draw(struct ui_area a, const struct ui_strips *s, struct ui_pane_state *st, enum ui_colours colours);
int ui_strips_rows(const struct ui_strips *s, int high);
long ui_strips_shown(struct ui_area a, const struct ui_strips *s, const struct ui_pane_state *st);
long ui_tiles_shown(struct ui_area a, const struct ui_tiles *t, const struct ui_pane_state *st); /* whole ones */
/* -1: none */
long ui_tiles_at(struct ui_area a, const struct ui_tiles *t, const struct ui_pane_state *st, int x, int y);
/* Text lines from the top. */
void ui_lines_draw(struct ui_area a, const struct ui_log *l, struct ui_pane_state *st);

/* direction 1: down adds, -1: up adds */
bool ui_scroll_key(struct ui_pane_state *st, int key, int direction);
/* Above row `bottom` an answer that came after the first `told` lines and has no room in the log (h 0: not in view, so
 * that the newest error is said too); false: there is none. waits: Space or Enter is waited for. */
bool ui_answer_draw(struct ui_canvas *c, const struct ui_log *l, struct ui_pane_state *st, uint64_t told,
    struct ui_rect log, int bottom, bool waits);
void ui_answer_scroll(struct ui_pane_state *st, int rows);
int ui_answer_page(const struct ui_pane_state *st);
/* in an upper border, if it fits */
void ui_note_right(struct ui_area frame, int from, int right, int style, const char *text);
/* The same, of a pane of that name where only a part is in view: how much of it, and how the rest is seen, behind a
 * note of its own and what is said in its place without room for that; each may be NULL. */
void ui_note_part(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right, const char *pane, long shown,
    long all, const char *note, const char *brief);

#endif
