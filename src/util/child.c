/* child.c: another program that is given bytes and gives bytes: both ways at once, so that neither waits for the other,
 * and no longer and no more than it may.
 */
#include "util/child.h"

#include "util/os/os.h"
#include "util/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { TICK_MS = 100, PART = 1 << 16 }; /* a signal is seen after a tick at the latest */
enum { LINKER_FAILED = 127 }; /* with which a program ends whose libraries cannot be loaded */

struct running {
	pid_t pid;
	int to, from; /* -1: closed */
	const uint8_t *in;
	size_t left; /* of in */
	uint8_t *out;
	size_t n, room;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* ---- starting ---- */

/* Its ends of the pipes block, as a program expects. Signals are what they are for a program by default. It is in a
 * process group of its own: keys that interrupt thaw are for thaw to hear. */
static int
spawn(struct running *r, char *const *argv, int in, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int rc;

	sigfillset(&all);
	sigemptyset(&none);
	if ((rc = posix_spawn_file_actions_init(&files)) != 0)
		return rc;
	if ((rc = posix_spawnattr_init(&attr)) == 0) {
		fcntl(in, F_SETFL, 0);
		fcntl(out, F_SETFL, 0);
		posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
		posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
		posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
		posix_spawnattr_setsigdefault(&attr, &all);
		posix_spawnattr_setsigmask(&attr, &none);
		posix_spawnattr_setpgroup(&attr, 0);
		posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
		rc = posix_spawn(&r->pid, argv[0], &files, &attr, argv, environ);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

static int
start(struct running *r, const struct child *c, struct err *e)
{
	int to[2] = {-1, -1}, from[2] = {-1, -1}, rc;

	*r = (struct running){.to = -1, .from = -1, .in = c->in, .left = c->n};
	rc = os_pipe(to) < 0 || os_pipe(from) < 0 ? errno : spawn(r, c->argv, to[0], from[1]);
	shut(&to[0]);
	shut(&from[1]);
	r->to = to[1];
	r->from = from[0];
	if (rc == 0)
		return 0;
	shut(&r->to);
	shut(&r->from);
	if (rc == EMFILE || rc == EAGAIN)
		fail(e, "cannot be started: %s (ulimit -%c says how many may be)", strerror(rc), rc == EMFILE ? 'n' :
		    'u');
	else
		fail(e, "cannot be started: %s", strerror(rc));
	return CHILD_UNSTARTED;
}

/* ---- both ways ---- */

static void
give(struct running *r)
{
	ssize_t n = r->left > 0 ? write(r->to, r->in, r->left < PART ? r->left : PART) : 0;

	if (n > 0) {
		r->in += n;
		r->left -= (size_t)n;
	}
	if (r->left == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) /* one that wants no more says why */
		shut(&r->to);
}

static int
take(struct running *r, size_t most, struct err *e)
{
	ssize_t n;

	if (r->room - r->n < PART) {
		size_t room = r->room + r->room / 2 + PART;
		uint8_t *more = realloc(r->out, room);

		if (more == NULL)
			return fail_memory(e, "gives more than there is memory for");
		r->out = more;
		r->room = room;
	}
	n = read(r->from, r->out + r->n, PART);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(&r->from);
	if (n > 0)
		r->n += (size_t)n;
	return r->n > most ? fail(e, "gives more than %zu bytes", most) : 0;
}

static int
exchange(struct running *r, const struct child *c, struct err *e)
{
	double end = now() + c->seconds;

	while (r->from >= 0) {
		struct pollfd p[2] = {{.fd = r->from, .events = POLLIN}, {.fd = r->to, .events = POLLOUT}};

		if (poll(p, 2, TICK_MS) < 0 && errno != EINTR)
			return fail(e, "cannot be waited for: %s", strerror(errno));
		if (signals_ending())
			return fail(e, "was interrupted");
		if (now() > end)
			return fail(e, "did not end within %.0f seconds", c->seconds);
		if (p[1].revents != 0)
			give(r);
		if (p[0].revents != 0 && take(r, c->out_max, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- its end ---- */

/* Whoever started thaw may have told the system to forget children; then nothing is known of the end. */
static int
finish(struct running *r, bool ended, struct err *e)
{
	int status = 0;
	pid_t got;

	shut(&r->to);
	shut(&r->from);
	if (!ended)
		kill(r->pid, SIGKILL);
	while ((got = waitpid(r->pid, &status, 0)) < 0 && errno == EINTR)
		;
	if (!ended)
		return -1;
	if (got == r->pid && WIFSIGNALED(status))
		return fail(e, "was ended by signal %d", WTERMSIG(status));
	if (got == r->pid && WEXITSTATUS(status) == LINKER_FAILED && r->n == 0) {
		fail(e, "cannot be run, probably since a library that it needs is missing");
		return CHILD_UNLINKED;
	}
	if (got == r->pid && WEXITSTATUS(status) != 0)
		return fail(e, "ended with status %d", WEXITSTATUS(status));
	return 0;
}

int
child_run(const struct child *c, uint8_t **out, size_t *nout, struct err *e)
{
	struct running r;
	bool ended;
	int rc;

	*out = NULL;
	*nout = 0;
	if ((rc = start(&r, c, e)) < 0)
		return rc;
	ended = exchange(&r, c, e) == 0;
	if ((rc = finish(&r, ended, e)) < 0) {
		free(r.out);
		return rc;
	}
	*out = r.out;
	*nout = r.n;
	return 0;
}
