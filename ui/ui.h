/* ui.h: the workbench: a screen of panels above a prompt, driven by a host.
 *
 * The host owns the meaning; the ui asks it through callbacks and shows the ui_model that it fills. Everything happens
 * on the thread that calls ui_run.
 */
#ifndef UI_H
#define UI_H

#include "canvas.h"

enum ui_layout_name {
#define UI_LAYOUT(name) UI_L_##name,
#include "layouts.def"
#undef UI_LAYOUT
	UI_LAYOUTS,
};
/* Names, for who completes, checks and lists them; each list ends with NULL. */
extern const char *const ui_layout_names[]; /* by enum ui_layout_name */
extern const char *const ui_layout_words[]; /* the same, then "default", which is the first of them */
extern const char *const ui_panel_names[]; /* in the order of panels.def */
extern const char *const ui_focus_names[]; /* what may have the focus: the panels, then "prompt" */

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
/* As readline takes them, whose word begins at `start` of the line: their common beginning, then each one unless it
 * is alone, then NULL; all the caller's to free. NULL: none fits. *more: something follows that one without a blank. */
char **ui_candidates_fit(const struct ui_candidates *c, const char *line, int start, bool *more);

enum { /* what host->signals tells */
	UI_SIG_RESIZE = 1,
	UI_SIG_INTERRUPT = 2, /* Ctrl-C */
	UI_SIG_STOP = 4, /* Ctrl-Z */
	UI_SIG_CONT = 8,
	UI_SIG_END = 16, /* the process has to end */
};

#define UI_LEAVE (-2) /* from tick */

/* A key that runs a line wherever a pane has the focus and does not take the key itself. */
struct ui_host_key {
	char key; /* 0 ends the list */
	const char *line;
	const char *paused; /* in its place while the model says that the activity is paused; NULL: line */
};

/* Members without a comment on NULL must be there. */
struct ui_host {
	void *arg;
	/* A line was entered, or a key of a pane stands for one. behind: lines of the same paste came before it. */
	void (*exec)(void *arg, const char *line, bool behind);
	void (*complete)(void *arg, const char *line, int point, struct ui_candidates *out); /* or NULL */
	void (*hint)(void *arg, const char *line, char *out, size_t size); /* the next argument, "" for none; or NULL */
	/* Takes events and brings m up to date, counting m->version up where it changed something. Returns UI_LEAVE,
	 * the milliseconds after which it wants to be asked again, or -1: when there is something to read or a line
	 * was entered. */
	int (*tick)(void *arg, struct ui_model *m);
	void (*interrupt)(void *arg); /* Ctrl-C on an empty line */
	void (*go_on)(void *arg); /* Space or Enter while ui_wait waits; NULL where nobody calls that */
	/* Ctrl-D: a question to ask first ("a run is going on; quit?"), or NULL; the member may be NULL */
	const char *(*leaving)(void *arg);
	void (*leave)(void *arg); /* the user wants to leave: tick says UI_LEAVE soon */
	void (*click)(void *arg, const char *panel, int64_t id, int row, int col); /* or NULL */
	unsigned (*signals)(void *arg); /* what has come since the last call, UI_SIG_*; empties the descriptor */
	void (*suspend)(void *arg); /* stops the process until it is continued */
	const struct ui_host_key *keys; /* or NULL */
	int signal_fd; /* readable when signals has something to tell; -1: none */
	int wake_fd; /* readable when tick has something to take; tick empties it. -1: none */
	const char *prompt; /* "thaw> " */
	const char *history; /* file, or NULL */
};

enum ui_pictures_how {
	UI_PICTURES_AUTO, /* where the terminal says that it draws them */
	UI_PICTURES_KITTY, /* whatever it says */
	UI_PICTURES_CELLS,
};

struct ui_options {
	enum ui_glyphs glyphs;
	enum ui_colours colours;
	enum ui_pictures_how pictures;
	enum ui_theme theme;
	bool glyphs_auto, colours_auto, mouse;
};

struct ui_plot_view; /* plot.h */
struct ui;

bool ui_ascii(void); /* ASCII is the better choice, by the locale or by the terminal that TERM names */

/* Opens the terminal. NULL with a sentence in why when it cannot carry a screen (TERM unset, unknown or dumb): the
 * caller goes on with lines. */
struct ui *ui_open(const struct ui_host *host, const struct ui_options *o, char *why, size_t size);
void ui_run(struct ui *ui); /* until tick says UI_LEAVE or the terminal is gone */
bool ui_gone(const struct ui *ui); /* the terminal has vanished */
void ui_close(struct ui *ui); /* restores the terminal; the last curves and totals stay in the scroll-back */
/* What brings the terminal back as it was, for a crash handler; good until ui_close. It is "" before the first frame
 * and while the terminal is left, when there is nothing to bring back. */
const char *ui_restore_text(const struct ui *ui);

/* Line mode: reads a line with the same editing, completion and history, polling the host's descriptors meanwhile
 * (resize, stop and cont are served here; tick is not called). Returns the caller's string, NULL at the end of
 * input. On an interrupt the line is cleared; on an empty one, and when the process has to end, *interrupted is set
 * and NULL returned. */
char *ui_read_line(const struct ui_host *host, bool *interrupted);
void ui_line_read(const struct ui_host *host, const char *line); /* it was read otherwise, and joins the history */

struct ui_model *ui_model_of(struct ui *ui); /* what tick is given */

/* Asked for by commands; false: there is no such thing. */
/* of ui_layout_words; its own panes take back the place of one on demand */
bool ui_set_layout(struct ui *ui, const char *name);
const char *ui_layout_now(const struct ui *ui); /* its name */
bool ui_set_focus(struct ui *ui, const char *name); /* of ui_focus_names */
/* Of ui_panel_names: in view and lit for a moment; the focus stays where it is. */
bool ui_show_panel(struct ui *ui, const char *panel);
void ui_set_plot(struct ui *ui, const char *panel, const struct ui_plot_view *view); /* how its curves are looked at */
void ui_all_plots(struct ui *ui); /* those of which one stretch alone is in view show all again */
void ui_hide_panel(struct ui *ui, const char *panel); /* out of the place that it was given, if it was */
bool ui_shows(const struct ui *ui, const char *panel); /* it is in view, or will be in the next frame */
/* What the log has behind `since` lines answers the line just entered: where it is taller than the log, its head is
 * shown. Where there is none, the log stands again as before that line. */
void ui_answer(struct ui *ui, uint64_t since);
/* The same for what was said while nobody had asked, which is in view until the next key; in view is its end. */
void ui_told(struct ui *ui, uint64_t since);
/* Shows the text in place of the empty prompt and waits for Space or Enter there: then host.go_on, once. Lines may be
 * entered meanwhile. NULL: it waits no more. */
void ui_wait(struct ui *ui, const char *text);
/* Another prompt from here on, which says that a line goes on; then an empty line goes to host.exec, too. NULL: the
 * host's own. */
void ui_set_prompt(struct ui *ui, const char *prompt);
bool ui_leave_not(struct ui *ui); /* takes that question back; false: none stood */
void ui_leave(struct ui *ui); /* as Ctrl-D: asks what the host wants asked, then host.leave */
/* How wide the last answer stands: in the log, or over the panes; 0: there is none. What it is in other lines, laid out
 * for that width, takes its place. */
int ui_answer_cells(const struct ui *u);
void ui_answer_again(struct ui *u, const struct ui_log *lines);
int ui_log_cells(const struct ui *ui); /* columns that a line of the log has, also before that is drawn */
void ui_set_options(struct ui *ui, const struct ui_options *o);

void ui_show_now(struct ui *ui); /* draws a frame, for who goes on with what takes long and hears nothing meanwhile */

/* The screen as it stands, borrowed until the next frame; for pictures and tests. A line that has brought nothing
 * yet is not in its log: the one that asks for the picture. to: laid out for this one's size, else NULL. */
const struct ui_canvas *ui_screen(struct ui *ui, struct ui_canvas *to);
enum ui_colours ui_screen_colours(struct ui *ui);

/* Draws a whole screen without a terminal. layout: a name; panel: the focused one, or NULL; zoom: it alone. */
void ui_draw(struct ui_canvas *c, enum ui_colours colours, const struct ui_model *m, const char *layout,
    const char *panel, bool zoom);

#endif
