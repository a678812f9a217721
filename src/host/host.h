/* host.h: who drives a session: a batch of scripts, or a person at a line. (The workbench is in main.c's hands too.) */
#ifndef HOST_H
#define HOST_H

#include "session/session.h"

enum host_source_kind { HOST_SCRIPT, HOST_COMMAND };
struct host_source { /* -f FILE, SCRIPT, -c CMD, in the order given; SCRIPT "-" is standard input */
	enum host_source_kind kind;
	const char *text;
	int number; /* the how many-th of its kind */
};

/* --safe: from here on this process opens nothing outside the working directory, but for what it needs to run, the
 * sources and the data set (NULL: none was named). Before any thread is made. require: only where the kernel sees to
 * it, else -1, which has been said. */
int host_confine(struct session *s, const struct host_source *source, int n, const char *data, bool require);
/* Runs the sources in order; stops when the session does. */
void host_batch(struct session *s, const struct host_source *source, int n);
/* Reads them without running any, and says what is wrong; returns the exit status: 1 where something is, 2 where a
 * script cannot be read. */
int host_check(struct session *s, const struct host_source *source, int n);
/* Puts the stores of these folders into the session's; returns the exit status. */
int host_merge(struct session *s, const struct host_source *source, int n);
/* Prints the plan of the sweeps in these sources; returns the exit status, as the next one does. */
int host_plan(struct session *s, const struct host_source *source, int n);
struct host_share {
	const char *slice; /* "2/10"; NULL: as the environment says */
	const char *seed; /* as the command line says, which has to be the plan's; NULL: it does not */
	bool threads, data; /* the command line says how many, and which */
};
/* Does a share of the plan that is the only source. */
int host_work(struct session *s, const struct host_source *source, int n, const struct host_share *how);
enum host_end { HOST_QUIT, HOST_SCREEN /* `tui on` */ };
/* The line REPL, until end of input or quit. */
enum host_end host_line(struct session *s);
/* Of an interactive host, once a session: the init files, and a word about work that an earlier one left. (greet.c) */
void host_greet(struct session *s);
/* The command line has set what that command sets: whoever writes the session down has it at its head. */
void host_given(struct session *s, const char *command, const char *value);
/* From here on, where memory runs out, the terminal is restored and the session saved before the program ends. NULL: no
 * more. */
void host_guard(struct session *s);
/* A person leaves: saves the runs that are in no file yet. True where that failed, which has been said: they stay, and
 * may save them elsewhere. */
bool host_stays(struct session *s);
/* What a signal, `quit` or a reader that has gone asks for: saves the runs that are in no file yet (a batch that came
 * to its end has saved what it wanted), returns the exit status; a signal that ends a process is left in *sig (0:
 * none), to be raised once everything is put away. */
int host_finish(struct session *s, int *sig);
/* Says that standard output has not all been written, and why (errno's number); returns the exit status for it. */
int host_incomplete(int error);

#endif
