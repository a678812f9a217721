/* host.c: how a session ends, whoever drove it. */
#include "host.h"
#include "job.h"
#include "util/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

int
host_finish(struct session *s, int *sig)
{
	*sig = signals_pending();
	if (s->job != NULL)
		job_end(s);
	out_flush(s->out);
	if (s->out->failed && s->out->failed_errno == EPIPE)
		return 128 + SIGPIPE; /* whoever read has gone: nothing to say to anyone */
	if (s->out->failed) {
		fprintf(stderr, "thaw: error: standard output: %s; what was printed is incomplete\n", strerror(s->out->failed_errno));
		return 1;
	}
	if (*sig != 0)
		return 128 + *sig;
	if (s->quit && s->quit_code >= 0)
		return s->quit_code;
	return s->status;
}
