/* steer.c: commands that halt a run, or a script that is played, and let it go on. */
#include "language/cmd.h"
#include "session/session.h"

#include <string.h>

static int
stop_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return job_stop(&s->worker, &s->runs, e);
}

const struct cmd cmd_stop = {
	.name = "stop",
	.group = "train",
	.what = "end the run that goes on behind its current batch; weights and history are kept",
	.text = "",
	.keras = "model.stop_training = True",
	.example = "stop # while a run goes on",
	.when = CMD_ALWAYS,
	.exec = stop_exec,
};

/* In a script there is no run that goes on: the pause is for the person who watches it, if there is one. */
static int
pause_script(struct session *s, const char *text)
{
	const struct user_host *host = s->user.host;

	if (host == NULL || host->hold == NULL)
		return 0;
	if (text != NULL)
		out_styled(s->out, OUT_BOLD, "%s", text);
	s->queue.held = true;
	host->hold(s->user.host_arg, false);
	return 0;
}

static int
pause_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *text = args_pos(a, "TEXT");

	if (s->worker.job == NULL && s->out->script != NULL)
		return pause_script(s, text != NULL ? text->text : NULL);
	if (job_pause(&s->worker, &s->runs, e) < 0)
		return -1;
	out_text(s->out, "pausing behind this batch; `continue` goes on, `step` does single batches, `stop` ends the "
	    "run");
	return 0;
}

const struct cmd cmd_pause = {
	.name = "pause",
	.group = "train",
	.what = "halt the run that goes on between two batches, or a script until Space is pressed",
	.text = "`continue` goes on, `step` does single batches, `stop` ends the run. A script that is played at a "
	    "terminal shows TEXT and halts until Space or Enter is pressed; commands can be typed meanwhile. A batch "
	    "takes no notice of it.",
	.example = "pause # while a run goes on; then step, or continue",
	.arg = {{.name = "TEXT", .type = ARG_WORD, .what = "of a script: \"What do you expect?\""}},
	.when = CMD_NOW,
	.exec = pause_exec,
};

static const char *const continue_words[] = {"again", NULL};

static int
continue_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	bool again = args_word(a, "again");

	if (s->worker.job == NULL && (again || queue_may_go_on(&s->queue)))
		return queue_go_on(&s->queue, again, e);
	if (again)
		return fail(e, "`again` is for a script that was interrupted; `continue` alone goes on with a run");
	return job_continue(&s->worker, &s->runs, e);
}

const struct cmd cmd_continue = {
	.name = "continue",
	.group = "train",
	.what = "go on with a paused run, or with a script that an error or Ctrl-C has ended",
	.text = "A script goes on behind the command that failed or was interrupted; with `again`, that is done once "
	    "more first.",
	.example = "continue # a run that is paused",
	.arg = {{.name = "again", .type = ARG_WORD, .choices = continue_words,
	    .what = "begin with what failed or was interrupted"}},
	.when = CMD_NOW,
	.exec = continue_exec,
};
