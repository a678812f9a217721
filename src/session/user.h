/* user.h: who drives a session, and what they offer to commands. */
#ifndef USER_H
#define USER_H

#include "util/err.h"

#include <stdbool.h>

struct dataset;
struct sheet;
struct sheet_request;
struct ui_canvas;

struct user {
	bool interactive; /* a person is typing: unique prefixes, carets, going on after an error */
	bool async; /* the host drives the job by session_tick; false: session_exec waits for it */
	bool safe; /* --safe */
	bool greet, init; /* an interactive host has yet to greet; and to read the init file */
	bool echo; /* commands of scripts are shown */
	unsigned long interrupts; /* of jobs that session_exec waited for */
	const struct user_host *host; /* NULL: a batch */
	void *host_arg;
};

/* What a host offers to commands. Any member may be NULL. */
struct user_host {
	/* a sample sheet: true when a screen shows it */
	bool (*shown)(void *arg, const struct sheet_request *r, const struct sheet *sheet);
	/* the session's data set where the host has read it ahead: the session's now; NULL */
	struct dataset *(*data)(void *arg);
	/* what is on the screen; colours: an enum ui_colours */
	const struct ui_canvas *(*screen)(void *arg, int *colours);
	/* While session_exec waits for a job: what is typed (-1: nothing any more), and signals other than those that
	 * end. */
	int (*input_fd)(void *arg);
	void (*input)(void *arg);
	void (*served)(void *arg);
	/* The screen. */
	bool is_screen; /* there is one */
	void (*swap)(void *arg); /* leaves it for lines, or opens it */
	int (*layout)(void *arg, const char *name, struct err *e); /* these return -1 with a sentence */
	int (*focus)(void *arg, const char *pane, struct err *e);
	int (*show)(void *arg, const char *pane, struct err *e); /* brings a pane into view */
};

#endif
