/* process.c: copies of this process that work, and answer through a pipe. */
#include "util/process.h"

#include "util/os/os.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Nobody may find a line of it on the screen of the process that it is a copy of. */
static void
process_silence(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0)
		_exit(1);
	dup2(null, STDOUT_FILENO);
	if (isatty(STDERR_FILENO))
		dup2(null, STDERR_FILENO);
	close(null);
}

static _Noreturn void
process_body(int fd, pid_t parent, char *(*work)(void *arg), void *arg)
{
	char *answer;

	memory_guard(NULL, NULL);
	memory_thread(NULL, NULL);
	process_silence();
	signals_copy();
	os_end_with(parent);
	answer = work(arg);
	_exit(answer != NULL && signals_write(fd, answer, strlen(answer)) < 0);
}

int
process_start(struct process *p, char *(*work)(void *arg), void *arg)
{
	pid_t parent = getpid();
	sigset_t all, before;
	int fd[2], error;

	*p = (struct process){.fd = -1};
	if (os_pipe(fd) < 0)
		return -1;
	/* a signal that comes at once finds the handlers of the copy */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if ((p->pid = fork()) == 0) {
		close(fd[0]);
		process_body(fd[1], parent, work, arg);
	}
	error = errno;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	close(fd[1]);
	if (p->pid > 0) {
		p->fd = fd[0];
		return 0;
	}
	p->pid = 0;
	close(fd[0]);
	errno = error;
	return -1;
}

/* Takes what has come. True: it has ended. */
static bool
process_read(struct process *p)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(p->fd, buf, sizeof buf)) > 0)
		str_addn(&p->answer, buf, (size_t)n);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	close(p->fd);
	p->fd = -1;
	while (waitpid(p->pid, &p->status, 0) < 0 && errno == EINTR)
		;
	p->pid = 0;
	return true;
}

int
process_wait(struct process *p, int n, int milliseconds)
{
	struct pollfd *fd = xcalloc((size_t)n, sizeof *fd);
	int ended = -1;

	for (int i = 0; i < n; i++)
		fd[i] = (struct pollfd){p[i].pid > 0 ? p[i].fd : -1, POLLIN, 0};
	if (poll(fd, (nfds_t)n, milliseconds) > 0)
		for (int i = 0; i < n && ended < 0; i++)
			if (fd[i].revents != 0 && process_read(&p[i]))
				ended = i;
	free(fd);
	return ended;
}

#define PATIENCE 2.0 /* seconds */

void
process_halt(struct process *p)
{
	struct timespec t;
	double now;

	if (p->pid <= 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &t);
	now = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
	if (p->halted == 0)
		p->halted = now;
	kill(p->pid, now - p->halted < PATIENCE ? SIGTERM : SIGKILL);
}

const char *
process_died(const struct process *p, char *buf, size_t size)
{
	if (WIFSIGNALED(p->status))
		snprintf(buf, size, "ended by signal %d (%s)", WTERMSIG(p->status), strsignal(WTERMSIG(p->status)));
	else if (WEXITSTATUS(p->status) != 0)
		snprintf(buf, size, "ended with status %d", WEXITSTATUS(p->status));
	else
		return NULL;
	return buf;
}
