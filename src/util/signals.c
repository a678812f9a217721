/* signals.c: handlers set a flag and write a byte to a pipe.
 *
 * Two act: the crash handler writes a prepared string, puts the terminal's settings back, removes files half written
 * and raises again, so that a core and the exit status are as without it; and while an end is under way, SIGALRM sees
 * that output does not block it.
 */
#include "util/signals.h"

#include "config.h"
#include "util/os/os.h"
#include "util/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE 1 /* seconds that output may block an end */

static int signals_pipe[2] = {-1, -1};

/* What is lock-free a handler may write and any thread read. */
static atomic_int signals_flag[NSIG];

static atomic_int signals_end; /* the first that came of those that end the process, but for SIGINT */

static bool signals_served; /* someone sits at a terminal: SIGINT stops what runs and no more */

static const char *volatile signals_restore;

static struct termios signals_termios;

static bool signals_have_termios;

static bool
signals_blocked(int fd)
{
	struct pollfd p = {fd, POLLOUT, 0};

	return poll(&p, 1, 0) == 0;
}

static void
signals_silence(int fd)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0)
		return;
	dup2(null, fd);
	close(null);
}

/* Into a terminal that is stopped, or a pipe that nobody reads, a write never ends, and what was to be saved behind it
 * never is. What the terminal has not taken is dropped, which makes room for what restores it; nothing more is shown.
 * Main is the thread that takes signals and the one that writes: a write that is restarted looks for its descriptor
 * again. */
static void
signals_unblock(int sig)
{
	int saved = errno;
	const char *restore = signals_restore;
	ssize_t ignored = 0;

	if (signals_blocked(STDOUT_FILENO)) {
		tcflush(STDOUT_FILENO, TCOFLUSH);
		if (restore != NULL && !signals_blocked(STDOUT_FILENO))
			ignored = write(STDOUT_FILENO, restore, strlen(restore));
		(void)ignored;
		signals_silence(STDOUT_FILENO);
	}
	if (signals_blocked(STDERR_FILENO))
		signals_silence(STDERR_FILENO);
	alarm(PATIENCE); /* what comes on the way out may block as well */
	errno = saved;
}

static void
signals_handler(int sig)
{
	int saved = errno;
	char byte = (char)sig;
	int none = 0;
	ssize_t ignored;

	if (sig == SIGINT || sig == SIGWINCH || sig == SIGTSTP || sig == SIGCONT)
		signals_flag[sig] = 1;
	else
		atomic_compare_exchange_strong(&signals_end, &none, sig);
	ignored = write(signals_pipe[1], &byte, 1); /* full: whoever polls will look anyway */
	(void)ignored;
	if (signals_end != 0 || (sig == SIGINT && !signals_served)) {
		/* until now it ends the process */
		sigaction(SIGALRM, &(struct sigaction){.sa_handler = signals_unblock, .sa_flags = SA_RESTART}, NULL);
		alarm(PATIENCE);
	}
	errno = saved;
}

/* A write beyond the limit of file sizes sends this to the writer, and is an error with a sentence; from elsewhere it
 * ends as any other. */
static void
signals_file_size(int sig, siginfo_t *info, void *context)
{
	if (info->si_pid != 0 && info->si_pid != getpid())
		signals_handler(sig);
}

static void
signals_catch(int sig, const struct sigaction *sa)
{
	struct sigaction old;

	/* What a parent ignores (nohup, a background job of a shell without job control) stays ignored. */
	if (sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(sig, sa, NULL);
}

void
signals_leave(void)
{
	const char *restore = signals_restore;
	ssize_t ignored = 0;

	if (restore != NULL)
		ignored = write(STDOUT_FILENO, restore, strlen(restore));
	(void)ignored;
	if (signals_have_termios)
		tcsetattr(STDIN_FILENO, TCSANOW, &signals_termios);
}

#ifndef THAW_SANITIZED
static void
signals_crash(int sig)
{
	static const char text[] = "thaw: crashed; the work since the last save is lost. Please report how to reach "
	    "this\n";
	ssize_t ignored;

	signals_leave();
	temp_crash();
	ignored = write(STDERR_FILENO, text, sizeof text - 1);
	(void)ignored;
	raise(sig); /* SA_RESETHAND: the default now */
}
#endif

void
signals_install(bool interactive)
{
	/* All that end a process by default, but for those that mean a crash. */
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF,
	    SIGXCPU, SIGSYS, SIGTRAP,
#ifdef SIGIO
	    SIGIO,
#endif
#ifdef SIGPWR
	    SIGPWR,
#endif
#ifdef SIGSTKFLT
	    SIGSTKFLT,
#endif
	};
	static const int serves[] = {SIGWINCH, SIGTSTP, SIGCONT};
	struct sigaction sa = {.sa_handler = signals_handler, .sa_flags = SA_RESTART};

	if (signals_pipe[0] >= 0 || os_pipe(signals_pipe) < 0)
		return;
	signals_served = interactive;
	signals_have_termios = tcgetattr(STDIN_FILENO, &signals_termios) == 0;
	sigfillset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		signals_catch(ends[i], &sa);
#ifdef SIGRTMIN
	for (int sig = SIGRTMIN; sig <= SIGRTMAX; sig++)
		signals_catch(sig, &sa);
#endif
	for (size_t i = 0; interactive && i < sizeof serves / sizeof *serves; i++)
		signals_catch(serves[i], &sa);
	sa.sa_sigaction = signals_file_size;
	sa.sa_flags |= SA_SIGINFO;
	signals_catch(SIGXFSZ, &sa);
	signal(SIGPIPE, SIG_IGN);
#ifndef THAW_SANITIZED
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

	sa = (struct sigaction){.sa_handler = signals_crash, .sa_flags = SA_RESETHAND | SA_NODEFER};
	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		sigaction(crashes[i], &sa, NULL);
#endif
}

void
signals_copy(void)
{
	static const int defaults[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGALRM,
#ifndef THAW_SANITIZED /* which has handlers of its own for these */
	    SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
#endif
	};
	sigset_t none;

	signals_restore = NULL;
	signals_have_termios = false;
	if (signals_pipe[0] >= 0) {
		close(signals_pipe[0]);
		close(signals_pipe[1]);
		if (os_pipe(signals_pipe) < 0)
			signals_pipe[0] = signals_pipe[1] = -1;
		for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
			signal(defaults[i], SIG_DFL);
	}
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &none, NULL); /* a thread that is not the session's has blocked all */
}

int
signals_fd(void)
{
	return signals_pipe[0];
}

void
signals_drain(void)
{
	char buf[64];

	while (signals_pipe[0] >= 0 && read(signals_pipe[0], buf, sizeof buf) > 0)
		;
}

int
signals_pending(void)
{
	return signals_end != 0 ? signals_end : signals_flag[SIGINT] ? SIGINT : 0;
}

static _Thread_local struct signals_cut signals_is_cut;

struct signals_cut
signals_cut(struct signals_cut c)
{
	struct signals_cut before = signals_is_cut;

	signals_is_cut = c;
	return before;
}

bool
signals_ending(void)
{
	return signals_end != 0 || (signals_flag[SIGINT] && !signals_served) ||
	    (signals_is_cut.cut != NULL && signals_is_cut.cut(signals_is_cut.arg));
}

static bool
signals_take(int sig)
{
	return atomic_exchange(&signals_flag[sig], 0) != 0;
}

bool
signals_take_interrupt(void)
{
	return signals_take(SIGINT);
}

bool
signals_take_winch(void)
{
	return signals_take(SIGWINCH);
}

bool
signals_take_stop(void)
{
	return signals_take(SIGTSTP);
}

bool
signals_take_cont(void)
{
	return signals_take(SIGCONT);
}

void
signals_suspend(void)
{
	struct sigaction ours, dfl = {.sa_handler = SIG_DFL};

	sigaction(SIGTSTP, &dfl, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}

void
signals_raise(int sig)
{
	struct sigaction dfl = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigaction(sig, &dfl, NULL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
}

void
signals_restore_text(const char *text)
{
	signals_restore = text;
}

ssize_t
signals_write(int fd, const char *p, size_t n)
{
	struct pollfd w = {fd, POLLOUT, 0};

	for (size_t done = 0; done < n;) {
		ssize_t r = write(fd, p + done, n - done);

		if (r > 0)
			done += (size_t)r;
		else if (r < 0 && errno == EAGAIN) {
			if (signals_pending() != 0) {
				errno = EINTR;
				return -1;
			}
			poll(&w, 1, 100);
		} else if (r < 0 && errno != EINTR)
			return -1;
	}
	return (ssize_t)n;
}
