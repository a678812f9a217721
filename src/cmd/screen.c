/* screen.c: commands for the workbench: the screen on and off, which panes, where the focus is. */
#include "session.h"

static int
screen_ask(struct session *s, const char *command, const char *operand, struct err *e)
{
	if (s->host == NULL || s->host->tui == NULL)
		return fail(e, "there is no screen here; start thaw on a terminal, without a script");
	return s->host->tui(s->host_arg, command, operand, e);
}

static int
tui_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "on|off");

	return screen_ask(s, "tui", v != NULL ? v->text : NULL, e);
}

static const char *const tui_words[] = {"on", "off", NULL};

const struct cmd cmd_tui = {
	.name = "tui",
	.group = "session",
	.what = "the screen, or lines: the same session either way",
	.text = "Without an operand: the other one of the two.",
	.example = "help tui",
	.arg = {{.name = "on|off", .type = ARG_WORD, .choices = tui_words, .what = "the workbench, or lines"}},
	.when = CMD_NOW,
	.exec = tui_exec,
};

static int
layout_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return screen_ask(s, "layout", args_pos(a, "NAME")->text, e);
}

static const char *const layout_words[] = {"train", "inspect", "beamer", "log", NULL};

const struct cmd cmd_layout = {
	.name = "layout",
	.group = "session",
	.what = "which panes the workbench shows",
	.text = "train: model, curves, digits, log. inspect: model and runs, digits large. beamer: curves and digits, large. log: mostly text.",
	.example = "help layout",
	.arg = {{.name = "NAME", .type = ARG_WORD, .required = true, .choices = layout_words, .what = "train, inspect, beamer or log"}},
	.when = CMD_ALWAYS,
	.exec = layout_exec,
};

static int
focus_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	return screen_ask(s, "focus", args_pos(a, "PANE")->text, e);
}

static const char *const focus_words[] = {"model", "loss", "accuracy", "digits", "runs", "help", "log", "prompt", NULL};

const struct cmd cmd_focus = {
	.name = "focus",
	.group = "session",
	.what = "move to a pane of the workbench; its border then names its keys",
	.text = "Enter zooms it, Esc comes back to the prompt. `C-x o` and a click do the same.",
	.example = "help focus",
	.arg = {{.name = "PANE", .type = ARG_WORD, .required = true, .choices = focus_words, .what = "a pane, or prompt"}},
	.when = CMD_ALWAYS,
	.exec = focus_exec,
};
