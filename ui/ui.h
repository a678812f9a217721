/* ui.h: the workbench: a screen of panels above a prompt, driven by a host.
 *
 * The host owns the meaning; the ui asks it through callbacks and shows the ui_model that it fills. Everything happens on the
 * thread that calls ui_run; only ui_wake may be called from another thread or a signal handler.
 */
#ifndef UI_H
#define UI_H

#include "canvas.h"

enum ui_layout_name { UI_TRAIN, UI_INSPECT, UI_BEAMER, UI_LOGS, UI_LAYOUTS };

struct ui_candidates {
	int start; /* byte of the line where the word to complete begins */
	size_t n, cap;
	struct ui_candidate {
		char *text; /* replaces the word */
		char *what; /* a few words about it, or NULL */
	} *item;
};
void ui_candidates_add(struct ui_candidates *c, const char *text, const char *what);
void ui_candidates_clear(struct ui_candidates *c);

struct ui_host {
	void *arg;
	void (*exec)(void *arg, const char *line); /* a line was entered, or a panel key asks for a command ("pause") */
	void (*complete)(void *arg, const char *line, int point, struct ui_candidates *out);
	void (*hint)(void *arg, const char *line, char *out, size_t size); /* the next argument, "" for none */
	bool (*tick)(void *arg, struct ui_model *m); /* takes events, brings m up to date (counting m->version up); false: leave */
	void (*interrupt)(void *arg); /* Ctrl-C on an empty line */
	const char *(*leaving)(void *arg); /* Ctrl-D: a question to ask first ("a run is going on; quit?"), or NULL */
	void (*click)(void *arg, const char *panel, int64_t id, int row, int col);
	const char *prompt; /* "thaw> " */
	const char *history; /* file, or NULL */
};

struct ui_options {
	enum ui_glyphs glyphs;
	enum ui_colours colours;
	bool glyphs_auto, colours_auto, mouse;
};

struct ui;

/* Opens the terminal. NULL with a sentence in why when it cannot carry a screen (TERM unset, unknown or dumb): the caller goes
 * on with lines. */
struct ui *ui_open(const struct ui_host *host, const struct ui_options *o, char *why, size_t size);
void ui_run(struct ui *ui); /* until tick says to leave or the terminal is gone */
void ui_close(struct ui *ui); /* restores the terminal; the last curves and totals stay in the scroll-back */
void ui_wake(struct ui *ui); /* something has changed: from any thread, from a signal handler */

/* Asked for by commands; each returns false when there is no such thing. */
bool ui_set_layout(struct ui *ui, const char *name);
bool ui_set_focus(struct ui *ui, const char *panel);
void ui_set_options(struct ui *ui, const struct ui_options *o);
const char *const *ui_layout_names(void); /* NULL-terminated */
const char *const *ui_panel_names(void);

/* The screen as it stands, borrowed until the next frame; for pictures and tests. */
const struct ui_canvas *ui_screen(struct ui *ui);
enum ui_colours ui_screen_colours(struct ui *ui);

/* Draws a whole screen without a terminal. layout: a name; panel: the focused one, or NULL; zoom: it alone. */
void ui_draw(struct ui_canvas *c, enum ui_colours colours, const struct ui_model *m, const char *layout, const char *panel, bool zoom);

#endif
