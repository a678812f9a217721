/* wait.c: waits for the job, and meanwhile heeds signals, typed lines and a full disk. */
#include "script/wait.h"

#include "script/say.h"
#include "util/signals.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

/* Says what is left to say at the end of a job: its error, then which lines were dropped. */
static void
wait_over(struct session *s, const char *command, struct err *e)
{
	struct queue *q = &s->queue;
	const struct run *last = runs_last(&s->runs);
	/* not a run that ended, or left no record */
	bool cut = last != NULL && last->interrupted && last->number == q->dropped_run;

	if (e->text[0] != '\0')
		say_command_failed(s, command, q->job, e);
	if (q->dropped[cut] != NULL)
		out_note(s->out, "%s", q->dropped[cut]);
	for (int i = 0; i < 2; i++) {
		free(q->dropped[i]);
		q->dropped[i] = NULL;
	}
}

void
wait_pump(struct session *s)
{
	const char *command;
	struct err e = {0};
	const struct pending *p = s->worker.job != NULL ? s->queue.job : NULL;
	bool task = p != NULL && job_view(&s->worker)->run == NULL; /* what a run says is known for it */
	unsigned long before = p != NULL ? transcript_to(&s->out->kept, p->cell) : 0;

	say_lead(s, task ? p : NULL);
	if (job_pump(&s->worker, &command, &e))
		wait_over(s, command, &e);
	if (p == NULL)
		return;
	if (task && s->out->lead == NULL)
		s->queue.said = s->out->lines;
	out_lead(s->out, NULL);
	transcript_to(&s->out->kept, before);
}

/* Does what a signal asks for. Where a person sits at a terminal, an interrupt ends the job alone; else it ends the
 * batch. */
static void
wait_signals(struct session *s)
{
	signals_drain();
	if (s->user.host != NULL && s->user.host->served != NULL)
		s->user.host->served(s->user.host_arg);
	if (signals_pending() == 0 && !s->out->failed && !s->queue.quit)
		return;
	job_halt(&s->worker);
	if (s->user.interactive && signals_take_interrupt()) {
		s->user.interrupts++;
		session_queue_drop(s, "interrupted");
	}
}

void
wait_job(struct session *s)
{
	struct pollfd fd[3] = {{job_wake_fd(&s->worker), POLLIN, 0}, {signals_fd(), POLLIN, 0}, {-1, POLLIN, 0}};
	const struct user *u = &s->user;

	s->queue.waiting = true;
	while (s->worker.job != NULL) {
		wait_signals(s);
		fd[2].fd = u->host != NULL && u->host->input_fd != NULL ? u->host->input_fd(u->host_arg) : -1;
		if (fd[2].fd < 0 && job_view(&s->worker)->paused)
			job_halt(&s->worker); /* nobody can type that it goes on */
		if (poll(fd, 3, -1) < 0 && errno != EINTR)
			break;
		if (fd[0].revents != 0)
			wait_pump(s);
		if (s->worker.job != NULL && fd[2].fd >= 0 && fd[2].revents != 0)
			u->host->input(u->host_arg);
		if (!s->out->moving)
			out_flush(s->out);
	}
	s->queue.waiting = false;
}

void
wait_end_job(struct session *s)
{
	const char *command;
	struct err e = {0};

	job_halt(&s->worker);
	wait_pump(s); /* its byte may have been taken where memory_out was called */
	while (s->worker.job != NULL)
		if (job_poll(&s->worker, &command, &e))
			wait_over(s, command, &e);
}
