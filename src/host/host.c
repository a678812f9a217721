/* host.c: how a session ends, whoever drove it. */
#include "host/host.h"

#include "file/autosave.h"
#include "language/words.h"
#include "script/wait.h"
#include "util/lack.h"
#include "util/signals.h"
#include "util/temp.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void
host_nowhere(void *arg, bool error, enum out_style style, const char *text)
{
}

/* Keeps the work that only this process has. False where that cannot be done. */
static bool
host_autosave(struct session *s)
{
	struct err e = {0};
	bool kept = s->set.keep || !s->user.interactive;
	char *path = kept && runs_unkept(&s->runs) && s->share == NULL ? autosave_write(s, &e) : NULL;

	if (path != NULL && e.text[0] != '\0')
		fprintf(stderr, "thaw: warning: %s\nthaw: the session as it was behind its last run is saved; "
		    "`load autosave` brings it back\nthaw: it is in %s\n", e.text, path);
	else if (path != NULL && s->user.interactive) /* by its word, since a path is long */
		fprintf(stderr, "thaw: saved the session; `load autosave` brings it back\nthaw: it is in %s\n", path);
	else if (path != NULL)
		fprintf(stderr, "thaw: saved the session to %s; `load %s` brings it back\n", path, path);
	else if (e.text[0] != '\0')
		fprintf(stderr, "thaw: error: %s\n", e.text);
	kept &= path != NULL || e.text[0] == '\0';
	free(path);
	return kept;
}

/* A small allocation has failed. The session is whole: whoever changes it has allocated before. */
static void
host_memory_out(void *arg, bool again)
{
	struct session *s = arg;

	if (!again) {
		fflush(stdout);
		signals_leave();
		fprintf(stderr, "thaw: error: not enough memory to go on; %s\n", lack_memory_way());
		s->out->sink = (struct out_sink){.line = host_nowhere};
		wait_end_job(s);
		host_autosave(s);
	} else
		fputs("thaw: error: the session could not be saved: not enough memory for that either\n", stderr);
	temp_crash();
}

void
host_given(struct session *s, const char *command, const char *value)
{
	char *word = strpbrk(value, " \t\"\\;#'=") != NULL ? word_quoted(value) : xstrdup(value);
	char *line = xasprintf("%s %s", command, word);

	text_clean(line);
	transcript_command(&s->out->kept, line);
	transcript_to(&s->out->kept, 0);
	free(line);
	free(word);
}

static bool host_guarded;

/* readline ends a program that has no memory by itself. */
static void
host_exit(void)
{
	if (host_guarded)
		memory_out();
}

void
host_guard(struct session *s)
{
	if (s != NULL)
		atexit(host_exit);
	host_guarded = s != NULL;
	memory_guard(s != NULL ? host_memory_out : NULL, s);
}

int
host_incomplete(int error)
{
	fprintf(stderr, "thaw: error: standard output: %s; what was printed is incomplete\n", strerror(error));
	return 1;
}

/* Whether it ended before its time: by a signal, or since whoever read has gone while something was left to do. */
static bool
host_cut(const struct session *s, int sig, bool unread)
{
	const struct run *last = runs_last(&s->runs);

	return sig != 0 || (unread && (s->user.interactive || s->queue.cut || (last != NULL && last->interrupted)));
}

bool
host_stays(struct session *s)
{
	if (s->queue.stopped || s->out->failed || signals_pending() != 0)
		return false;
	wait_end_job(s);
	if (signals_pending() != 0 || !runs_unkept(&s->runs))
		return false;
	s->user.saved = host_autosave(s);
	if (s->user.saved)
		return false;
	out_note(s->out, "%s`save FILE` keeps the session; `quit` once more leaves it unsaved", s->set.keep ? "" :
	    "nothing is saved by itself, since `keep` is off: ");
	s->queue.quit = false;
	return true;
}

int
host_finish(struct session *s, int *sig)
{
	bool unread;

	*sig = signals_pending();
	wait_end_job(s);
	out_flush(s->out);
	unread = s->out->failed && s->out->failed_errno == EPIPE;
	if (host_cut(s, *sig, unread) || (s->user.interactive && runs_unkept(&s->runs)))
		host_autosave(s);
	else if (!s->user.saved)
		autosave_done(s);
	if (unread)
		return 128 + SIGPIPE; /* nothing to say to anyone */
	if (s->out->failed)
		return host_incomplete(s->out->failed_errno);
	if (*sig != 0)
		return 128 + *sig;
	if (s->queue.quit && s->queue.quit_code >= 0)
		return s->queue.quit_code;
	return s->queue.status == 0 && s->out->lost ? 1 : s->queue.status;
}
