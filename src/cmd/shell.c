/* shell.c: commands that concern the session itself: output, scripts, conditions, leaving. */
#include "session.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

static const char *const shell_on_off[] = {"on", "off", NULL};

static int
shell_echo_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	s->echo = args_word(a, "on");
	return 0;
}

const struct cmd cmd_echo = {
	.name = "echo",
	.group = "session",
	.what = "print each command of a script before it runs",
	.text = "",
	.example = "echo on",
	.arg = {{.name = "STATE", .type = ARG_WORD, .required = true, .choices = shell_on_off, .what = "on or off"}},
	.when = CMD_NOW,
	.exec = shell_echo_exec,
};

static int
shell_quit_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *code = args_pos(a, "CODE");

	s->quit = true;
	s->quit_code = code != NULL ? (int)code->integer : -1;
	return 0;
}

const struct cmd cmd_quit = {
	.name = "quit",
	.alias = {"exit"},
	.group = "session",
	.what = "leave; end of input does the same",
	.text = "Without CODE the exit status says what happened: 0 all commands succeeded, 1 one failed, 3 only an assert failed.",
	.example = "quit",
	.arg = {{.name = "CODE", .type = ARG_INT, .min = 0, .max = 255, .what = "exit status"}},
	.when = CMD_NOW,
	.exec = shell_quit_exec,
};
