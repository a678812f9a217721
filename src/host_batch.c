/* host_batch.c: scripts and commands from the command line, in the order given, no person in sight. */
#include "host.h"
#include "job.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <string.h>

static void
batch_script(struct session *s, const char *path)
{
	struct line_reader r = {0};
	bool input = strcmp(path, "-") == 0;
	const char *name = input ? "stdin" : path;
	ssize_t n;

	if ((r.f = input ? stdin : fopen(path, "re")) == NULL) {
		session_error(s, 2, "%s: cannot be read: %s; give the path of a script", path, strerror(errno));
		s->stopped = true;
		return;
	}
	while (!s->stopped && !s->quit && signals_pending() == 0 && (n = line_read(&r)) != -1) {
		if (n == -2) {
			session_error(s, 1, "%s:%d: the line holds a NUL byte; a script is text", name, r.number);
			continue;
		}
		session_exec_at(s, r.text, name, r.number);
	}
	if (!s->stopped && !s->quit && ferror(r.f)) {
		session_error(s, 2, "%s: cannot be read: %s; give the path of a script", path, strerror(errno));
		s->stopped = true;
	}
	line_reader_free(&r);
	if (!input)
		fclose(r.f);
}

void
host_batch(struct session *s, const struct host_source *source, int n)
{
	int i;

	for (i = 0; i < n && !s->stopped && !s->quit && signals_pending() == 0; i++) {
		if (source[i].kind == HOST_SCRIPT)
			batch_script(s, source[i].text);
		else
			session_exec_at(s, source[i].text, "-c", i + 1);
	}
}
