/* batch.c: scripts and commands from the command line, in the order given, no person in sight. */
#include "host/host.h"
#include "script/exec.h"
#include "script/say.h"
#include "session/lines.h"
#include "util/signals.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* Standard input may be a pipe that says nothing for long: a signal ends the wait, and reads as the end of the
 * script. */
static ssize_t
batch_read(void *cookie, char *buf, size_t size)
{
	struct pollfd fd[2] = {{STDIN_FILENO, POLLIN, 0}, {signals_fd(), POLLIN, 0}};

	while (signals_pending() == 0) {
		if (poll(fd, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (fd[0].revents != 0)
			return read(STDIN_FILENO, buf, size);
	}
	return 0;
}

static FILE *
batch_open(const char *path)
{
	static const cookie_io_functions_t functions = {.read = batch_read};

	return strcmp(path, "-") == 0 ? fopencookie(NULL, "r", functions) : fopen(path, "re");
}

static void
batch_script(struct session *s, const char *path)
{
	struct line_reader r = {0};
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	ssize_t n;

	if ((r.f = batch_open(path)) == NULL) {
		session_error(s, 2, NULL, 0, "%s: cannot be read: %s; give the path of a script", path,
		    strerror(errno));
		s->queue.stopped = true;
		return;
	}
	while (!s->queue.stopped && !s->queue.quit && signals_pending() == 0 && (n = line_read(&r)) != -1) {
		if (n == -2) {
			session_error(s, 1, name, r.number, "the line holds a NUL byte; a script is text");
			continue;
		}
		session_exec_at(s, r.text, name, r.number);
	}
	if (!s->queue.stopped && !s->queue.quit && ferror(r.f)) {
		session_error(s, 2, NULL, 0, "%s: cannot be read: %s; give the path of a script", path,
		    strerror(errno));
		s->queue.stopped = true;
	}
	line_reader_free(&r);
	fclose(r.f);
}

void
host_batch(struct session *s, const struct host_source *source, int n)
{
	for (int i = 0; i < n && !s->queue.stopped && !s->queue.quit && signals_pending() == 0; i++) {
		if (source[i].kind == HOST_SCRIPT)
			batch_script(s, source[i].text);
		else
			session_exec_at(s, source[i].text, "-c", i + 1);
	}
}
