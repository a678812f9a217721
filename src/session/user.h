/* user.h: who drives a session, and what they offer to commands. */
#ifndef USER_H
#define USER_H

#include "session/notebook.h"
#include "util/err.h"
#include "util/process.h"

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

struct dataset;
struct explain_unit;
struct image;
struct sheet;
struct sheet_request;
struct stats;
struct ui_canvas;
struct ui_estimates;
struct ui_plot_view;
struct ui_strips;
struct ui_tiles;

struct session;

/* An answer that can be printed again, for another width. */
struct user_answer {
	void (*say)(struct session *s, void *arg);
	void (*release)(void *arg);
	void *arg;
};

/* A file of the session that is being written beside it: file/guard.c. */
struct user_guard {
	struct process process;
	char *path;
	int fd; /* of the new file, which is locked by it */
	char of[65]; /* of the last run that it is to hold whole, the hash of its weights */
	double began, due; /* by job_now; due: none is begun before */
	bool said; /* that it cannot be written */
};

struct user {
	time_t begun; /* when the session began */
	json_t *made; /* files whose names were made up, and the command that wrote each last; or NULL */
	bool interactive; /* a person is typing: unique prefixes, carets, going on after an error */
	bool async; /* the host drives the job by session_tick; false: session_exec waits for it */
	bool in_turn; /* what is typed now waits for what was pasted in front of it, also where it only looks */
	bool safe; /* --safe */
	int landlock; /* the version of the kernel's Landlock that holds it; 0: thaw's own checks alone */
	bool greet, init; /* an interactive host has yet to greet, and to read the init file */
	bool any_class; /* --check: the data set is not known, so each name may be a class's */
	bool any_layer; /* --check: the model is not known, so each name may be a layer's */
	bool saved; /* what is in no file has been saved as it leaves */
	bool echo; /* commands of scripts are shown */
	unsigned long interrupts; /* how often Ctrl-C has ended a job that session_exec waited for */
	struct notebook notebook; /* what lines of Python have said at the prompt */
	/* The file of a session that ended unsaved, which this one has loaded and holds, or where its own work is kept
	 * as it goes (autosave_own); NULL. */
	char *autosave;
	int autosave_fd;
	bool autosave_own;
	char autosave_of[65]; /* user_guard.of of that work */
	bool autosave_left; /* another file has come since it was loaded, so that a save has not what it holds */
	struct user_guard guard;
	const char *layout; /* of a screen that is drawn where there is none, one of ui_layout_names; NULL: the first */
	char *font_lacks; /* what was said of the font of pictures, once; NULL: nothing is missing */
	const struct user_host *host; /* NULL where a batch is run */
	void *host_arg;
};

/* What a host offers to commands. Any member may be NULL. */
struct user_host {
	/* Shows a sample sheet; false when there is no screen to show it on. */
	bool (*shown)(void *arg, const struct sheet_request *r, const struct sheet *sheet);
	/* From here on the panes of the inside of the net show the filters of a layer (im NULL), or what it makes of a
	 * picture; layer -1: the one that they showed before. */
	void (*inside)(void *arg, int layer, const struct image *im);
	/* Shows maps or, not NULL, strips, and takes them over. */
	void (*tiled)(void *arg, struct ui_tiles *t, struct ui_strips *strips);
	/* Shows statistics of tensors, and follows them from here on. */
	void (*stats)(void *arg, const struct stats *x);
	/* Shows the arithmetic of one unit for a picture, and follows it from here on. */
	void (*explained)(void *arg, const struct explain_unit *at, const struct image *im);
	/* Shows what a probe has found, and takes it over. */
	void (*probed)(void *arg, struct ui_estimates *t);
	/* The session's data set, if the host has read it ahead, for the session to own; else NULL. */
	struct dataset *(*data)(void *arg);
	/* What is on the screen, laid out for `to` where that is not NULL; *colours is an enum ui_colours. */
	const struct ui_canvas *(*screen)(void *arg, struct ui_canvas *to, int *colours);
	/* While session_exec waits for a job, it polls input_fd (-1: nobody types any more) and calls input for what is
	 * typed, and served after a signal. */
	int (*input_fd)(void *arg);
	void (*input)(void *arg);
	void (*served)(void *arg);
	/* Prints an answer, and releases it some time. */
	void (*answer)(void *arg, const struct user_answer *a);
	void (*begins)(void *arg); /* a typed command that has waited */
	bool is_screen; /* the host is the workbench, not lines */
	/* A played script pauses: clears queue.held when the person wants it to go on, or drops the queue, or runs what
	 * is typed meanwhile (queue_hold). again: it paused before, and such a line is done. */
	void (*hold)(void *arg, bool again);
	void (*goes_on)(void *arg, const char *text); /* what was said last goes on: a comment of a played script */
	void (*swap)(void *arg); /* leaves the screen for lines, or opens it */
	/* these return -1 with a sentence; of layout NULL says which there are */
	int (*layout)(void *arg, const char *name, struct err *e);
	int (*focus)(void *arg, const char *pane, struct err *e);
	int (*show)(void *arg, const char *pane, struct err *e); /* brings a pane into view */
	void (*plot)(void *arg, const char *pane, const struct ui_plot_view *view); /* how one of curves is looked at */
};

#endif
