/* shell.c: commands that concern the session itself: output, scripts, conditions, leaving. */
#include "file/format.h"
#include "language/cmd.h"
#include "language/source.h"
#include "session/session.h"
#include "util/place.h"
#include "util/row.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const shell_on_off[] = {"on", "off", NULL};

/* ---- output ---- */

/* What one of these commands says without an operand. */
static int
shell_state(struct session *s, const char *key, const char *value)
{
	out_text(s->out, "%s %s", key, value);
	row_print(s->out, "setting", true, (const struct row_cell[]){
		{"key", ROW_TEXT, .s = key},
		{"value", ROW_TEXT, .s = value}, {0}});
	return 0;
}

static const char *const shell_modes[] = {"table", "csv", "json", NULL}; /* enum out_mode */

static int
shell_mode_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "mode", shell_modes[s->out->mode]);
	out_begin(s->out, args_word(a, "json") ? OUT_JSON : args_word(a, "csv") ? OUT_CSV : OUT_TABLE);
	return 0;
}

const struct cmd cmd_mode = {
	.name = "mode",
	.group = "session",
	.what = "how results are written: a table for people, csv, or json, an object a line",
	.text = "csv and json leave out everything that is not a result, so that a program can read the output. The "
	    "first cell of each row of csv names its table, as `event` does in json: read the columns by name, and "
	    "pick the rows of one table where commands print several (`awk -F, '$1 == \"eval\"'`). Headings, which "
	    "begin with `event`, stand where a table begins, not again before rows with the same columns.",
	.example = "mode json; model; mode table",
	.arg = {{.name = "MODE", .type = ARG_WORD, .choices = shell_modes, .what = "how results are written"}},
	.when = CMD_IN_TURN,
	.exec = shell_mode_exec,
};

static int
shell_timing_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "timing", s->set.timing ? "on" : "off");
	s->set.timing = args_word(a, "on");
	settings_show(&s->set, s->out);
	return 0;
}

const struct cmd cmd_timing = {
	.name = "timing",
	.group = "session",
	.what = "off drops every figure that depends on the clock",
	.text = "Output is then the same byte for byte each time; in json such a figure is null. So is a file that "
	    "`save` writes, on any number of threads.",
	.example = "timing off",
	.arg = {{.name = "STATE", .type = ARG_WORD, .choices = shell_on_off, .what = "on or off"}},
	.when = CMD_IN_TURN,
	.exec = shell_timing_exec,
};

static const char *const shell_levels[] = {"0", "1", "2", "auto", NULL};

static int
shell_verbose_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "LEVEL");

	if (v == NULL)
		return shell_state(s, "verbose", shell_levels[s->set.verbose >= 0 ? s->set.verbose : s->out->moving ?
		    1 : 2]);
	s->set.verbose = v->text[0] == 'a' ? -1 : v->text[0] - '0';
	return 0;
}

const struct cmd cmd_verbose = {
	.name = "verbose",
	.group = "session",
	.what = "what a run prints of an epoch: 0 nothing, 1 a bar, 2 a line",
	.text = "",
	.keras = "model.fit(..., verbose=2)",
	.example = "verbose 2",
	.arg = {{.name = "LEVEL", .type = ARG_WORD, .choices = shell_levels,
	    .what = "as Keras'; auto: 1 on a terminal, else 2"}},
	.when = CMD_IN_TURN,
	.exec = shell_verbose_exec,
};

static int
shell_echo_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "echo", s->user.echo ? "on" : "off");
	s->user.echo = args_word(a, "on");
	return 0;
}

const struct cmd cmd_echo = {
	.name = "echo",
	.group = "session",
	.what = "print each command of a script before it runs, as `thaw> COMMAND`",
	.text = "",
	.example = "echo on",
	.arg = {{.name = "STATE", .type = ARG_WORD, .choices = shell_on_off, .what = "on or off"}},
	.when = CMD_IN_TURN,
	.exec = shell_echo_exec,
};

static const char *const shell_bails[] = {"on", "off", "auto", NULL};

static int
shell_bail_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "bail", !s->queue.bail_set ? "auto" : s->queue.bail ? "on" : "off");
	s->queue.bail_set = !args_word(a, "auto");
	s->queue.bail = args_word(a, "on");
	return 0;
}

const struct cmd cmd_bail = {
	.name = "bail",
	.group = "session",
	.what = "whether an error ends the session",
	.text = "auto: on a terminal go on, otherwise stop at the first error. What a script says holds to its end, "
	    "not for the scripts that the command line names behind it.",
	.example = "bail off",
	.arg = {{.name = "STATE", .type = ARG_WORD, .choices = shell_bails, .what = "on, off or auto"}},
	.when = CMD_IN_TURN,
	.exec = shell_bail_exec,
};

/* ---- scripts and transcript ---- */

static int
shell_source_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct err ignored = {0};

	if (file_format_find(a->pos[0].text, &ignored) != NULL && access(a->pos[0].text, F_OK) == 0)
		return fail_at(e, &a->pos[0], "%.60s is a file of weights or a session, not a script; `load` reads it",
		    a->pos[0].text);
	if (source_read(s, a->pos[0].text, e) < 0)
		return err_at(e, &a->pos[0]);
	return 0;
}

const struct cmd cmd_source = {
	.name = "source",
	.group = "session",
	.what = "run the commands of a file",
	.text = "They run before what stands behind `source`. Settings that they change stay changed. In the workbench "
	    "a script is played: comments and commands are shown as they come, `pause` waits for Space, and Ctrl-C "
	    "ends the script alone; `continue` goes on with it.",
	.example = "source lab.thaw",
	.arg = {{.name = "FILE", .type = ARG_FILE, .required = true, .what = "a script"}},
	.sources = true,
	.when = CMD_WAITS,
	.exec = shell_source_exec,
};

static int
shell_log_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const char *path = a->pos[0].text;
	int fd;

	if (strcmp(path, "off") == 0) {
		if (s->out->log == NULL)
			return fail(e, "no transcript is being written; `log FILE` begins one");
		if (out_log_end(s->out) < 0)
			return fail(e, "the transcript is incomplete: %s; make room and begin another",
			    strerror(errno));
		return 0;
	}
	if ((fd = place_open_stream(path, e)) < 0)
		return err_at(e, &a->pos[0]);
	if (out_log_begin(s->out, fd, path) < 0)
		return fail_memory(e, "not enough memory for a transcript");
	return 0;
}

static int
shell_log_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *file = &a->pos[0];

	return strcmp(file->text, "off") != 0 && place_refused(file->text, true, e) ? err_at(e, file) : 0;
}

const struct cmd cmd_log = {
	.name = "log",
	.group = "session",
	.what = "write what is typed and printed to a file, too",
	.text = "`log off` ends it. A file of that name is replaced. One that a script begins ends with it where "
	    "another is named behind it.",
	.example = "log thaw-session.txt; print \"hello\"; log off",
	.arg = {{.name = "FILE", .type = ARG_FILE, .required = true, .what = "a file, or off"}},
	.when = CMD_IN_TURN,
	.exec = shell_log_exec,
	.check = shell_log_check,
};

/* ---- order and leaving ---- */

static int
shell_wait_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return 0; /* a command that waits has waited once it runs */
}

const struct cmd cmd_wait = {
	.name = "wait",
	.group = "session",
	.what = "wait for the run that goes on; in a script there is none",
	.text = "",
	.example = "train gte5 epochs=1 limit=256; wait; print accuracy",
	.when = CMD_WAITS,
	.exec = shell_wait_exec,
};

static int
shell_quit_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *code = args_pos(a, "CODE");

	s->queue.quit = true;
	s->queue.quit_code = code != NULL ? (int)code->integer : -1;
	return 0;
}

/* A run is asked about, or kept; what waits behind a task is what was typed before. */
static enum cmd_when
shell_quit_when(const struct session *s, const struct cmd_args *a)
{
	return job_view(&s->worker)->run != NULL ? CMD_ALWAYS : CMD_IN_TURN;
}

const struct cmd cmd_quit = {
	.name = "quit",
	.alias = {"exit"},
	.group = "session",
	.what = "leave; end of input does the same",
	.text = "Without CODE the exit status of a script says what happened: 0 all commands succeeded, 1 one failed, "
	    "3 only an assert failed; what was typed at a prompt leaves it 0. A script that the command line names "
	    "before others ends alone: the next one runs, and the status is what all of them come to, unless CODE is "
	    "above 0, which ends everything. The workbench asks first while a run goes on.",
	.example = "quit",
	.arg = {{.name = "CODE", .type = ARG_INT, .min = 0, .max = 255, .what = "exit status"}},
	.when_of = shell_quit_when,
	.exec = shell_quit_exec,
};
