/* signals.h: signals become a flag and a byte in a pipe; work goes on to its next safe point, then whoever polls
 * acts. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>
#include <sys/types.h>

/* Every signal that ends a process by default is caught, SIGPIPE ignored, the crash handler installed; where someone
 * sits at a terminal, SIGWINCH SIGTSTP SIGCONT too. Once a signal asks for an end (SIGINT without such a terminal,
 * too), standard output and error block for a second at most; what cannot be written by then is dropped. SIGXFSZ that
 * a write of our own has brought is ignored: the write's error is said. */
void signals_install(bool interactive);
int signals_fd(void); /* readable when a signal has come; signals_drain empties it. -1: not installed */
void signals_drain(void);
/* In a copy of the process (fork): what comes from here on is its own, and the terminal is its parent's to restore. */
void signals_copy(void);

/* The signal that asks for an end, 0 for none: the first that came; SIGINT only where no other has. */
int signals_pending(void);
/* What takes long is to be cut short: a signal has come that ends the process, SIGINT only where it stops nothing less;
 * or what this thread does is not wanted any more, as signals_cut was told. */
bool signals_ending(void);
/* From here on what this thread does is not wanted any more once cut(arg) is true. NULL: it is wanted. Returns what was
 * said before. */
struct signals_cut {
	bool (*cut)(const void *arg);
	const void *arg;
};
struct signals_cut signals_cut(struct signals_cut c);
bool signals_take_interrupt(void); /* SIGINT has come, and is served now */
bool signals_take_winch(void); /* the terminal has another size: true once each time */
bool signals_take_stop(void); /* SIGTSTP has come */
bool signals_take_cont(void); /* SIGCONT has come */
void signals_suspend(void); /* stops this process as SIGTSTP does by default; returns when it goes on */
void signals_raise(int sig); /* ends the process by this signal */

/* Writes all of it; a descriptor that does not block is waited for until a signal asks for an end. -1 with errno. */
ssize_t signals_write(int fd, const char *p, size_t n);

/* For a crash, and for an end whose output is blocked: what a screen wrote into the terminal is undone by these bytes,
 * written as they are. NULL: none. */
void signals_restore_text(const char *text);
void signals_leave(void); /* writes them, and puts the terminal's settings back */

#endif
