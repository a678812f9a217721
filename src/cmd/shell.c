/* shell.c: commands that concern the session itself: output, scripts, conditions, leaving. */
#include "expr.h"
#include "session.h"
#include "util/atomic.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const shell_on_off[] = {"on", "off", NULL};

/* ---- output ---- */

/* What one of these commands says without an operand. */
static int
shell_state(struct session *s, const char *key, const char *value)
{
	out_text(s->out, "%s %s", key, value);
	out_csv(s->out, (const char *[]){"key", "value"}, 2);
	out_csv(s->out, (const char *[]){key, value}, 2);
	out_event(s->out, json_pack("{s:s, s:s, s:s}", "event", "setting", "key", key, "value", value));
	return 0;
}

static const char *const shell_modes[] = {"table", "csv", "json", NULL}; /* enum out_mode */

static int
shell_mode_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "mode", shell_modes[s->out->mode]);
	s->out->mode = args_word(a, "json") ? OUT_JSON : args_word(a, "csv") ? OUT_CSV : OUT_TABLE;
	return 0;
}

const struct cmd cmd_mode = {
	.name = "mode",
	.group = "session",
	.what = "text for people, rows of CSV, or a JSON object a line",
	.text = "csv and json leave out everything that is not a result, so that a program can read the output.",
	.example = "mode json; model; mode table",
	.arg = {{.name = "MODE", .type = ARG_WORD, .choices = shell_modes, .what = "how results are written"}},
	.when = CMD_NOW,
	.exec = shell_mode_exec,
};

static int
shell_timing_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "timing", s->set.timing ? "on" : "off");
	s->set.timing = s->out->timing = args_word(a, "on");
	return 0;
}

const struct cmd cmd_timing = {
	.name = "timing",
	.group = "session",
	.what = "off drops every figure that depends on the clock",
	.text = "Output is then the same byte for byte each time; in json such a figure is null.",
	.example = "timing off",
	.arg = {{.name = "STATE", .type = ARG_WORD, .choices = shell_on_off, .what = "on or off"}},
	.when = CMD_NOW,
	.exec = shell_timing_exec,
};

static const char *const shell_levels[] = {"0", "1", "2", "auto", NULL};

static int
shell_verbose_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "LEVEL");

	if (v == NULL)
		return shell_state(s, "verbose", shell_levels[s->set.verbose >= 0 ? s->set.verbose : s->out->moving ? 1 : 2]);
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
	.arg = {{.name = "LEVEL", .type = ARG_WORD, .choices = shell_levels, .what = "as Keras'; auto: 1 on a terminal, else 2"}},
	.when = CMD_NOW,
	.exec = shell_verbose_exec,
};

static int
shell_echo_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "echo", s->echo ? "on" : "off");
	s->echo = args_word(a, "on");
	return 0;
}

const struct cmd cmd_echo = {
	.name = "echo",
	.group = "session",
	.what = "print each command of a script before it runs",
	.text = "",
	.example = "echo on",
	.arg = {{.name = "STATE", .type = ARG_WORD, .choices = shell_on_off, .what = "on or off"}},
	.when = CMD_NOW,
	.exec = shell_echo_exec,
};

static const char *const shell_bails[] = {"on", "off", "auto", NULL};

static int
shell_bail_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (a->npos == 0)
		return shell_state(s, "bail", !s->bail_set ? "auto" : s->bail ? "on" : "off");
	s->bail_set = !args_word(a, "auto");
	s->bail = args_word(a, "on");
	return 0;
}

const struct cmd cmd_bail = {
	.name = "bail",
	.group = "session",
	.what = "whether an error ends the session",
	.text = "auto: on a terminal go on, otherwise stop at the first error.",
	.example = "bail off",
	.arg = {{.name = "STATE", .type = ARG_WORD, .choices = shell_bails, .what = "on, off or auto"}},
	.when = CMD_NOW,
	.exec = shell_bail_exec,
};

/* ---- scripts and transcript ---- */

static int
shell_source_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	if (session_source(s, a->pos[0].text, e) < 0) {
		e->col = a->pos[0].col;
		e->len = a->pos[0].len;
		return -1;
	}
	return 0;
}

const struct cmd cmd_source = {
	.name = "source",
	.group = "session",
	.what = "run the commands of a file",
	.text = "They run before what stands behind `source`. Settings that they change stay changed.",
	.example = "help source",
	.arg = {{.name = "FILE", .type = ARG_FILE, .required = true, .what = "a script"}},
	.when = CMD_WAITS,
	.exec = shell_source_exec,
};

static int
shell_log_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const char *path = a->pos[0].text;
	FILE *f;

	if (strcmp(path, "off") == 0) {
		if (s->out->log == NULL)
			return fail(e, "no transcript is being written; `log FILE` begins one");
		f = s->out->log;
		s->out->log = NULL;
		if (fclose(f) == EOF)
			return fail(e, "the transcript is incomplete: %s; make room and begin another", strerror(errno));
		return 0;
	}
	if (s->safe && !atomic_inside(path))
		return fail_at(e, &a->pos[0], "%s is not inside the working directory, and --safe lets nothing else be written; choose a file inside", path);
	if ((f = fopen(path, "we")) == NULL)
		return fail_at(e, &a->pos[0], "%s: cannot be written: %s; choose another place", path, strerror(errno));
	if (s->out->log != NULL)
		fclose(s->out->log);
	s->out->log = f;
	free(s->out->log_path);
	s->out->log_path = xstrdup(path);
	return 0;
}

const struct cmd cmd_log = {
	.name = "log",
	.group = "session",
	.what = "write what is typed and printed to a file, too",
	.text = "`log off` ends it. A file of that name is replaced.",
	.example = "log thaw-session.txt; print \"hello\"; log off",
	.arg = {{.name = "FILE", .type = ARG_FILE, .required = true, .what = "a file, or off"}},
	.when = CMD_NOW,
	.exec = shell_log_exec,
};

/* ---- conditions ---- */

static void
shell_caret(struct err *e, const struct cmd_value *v, int from)
{
	if (e->len > 0)
		e->col += v->col + from;
	else {
		e->col = v->col + from;
		e->len = v->len - from;
	}
}

/* "accuracy = 0.9712, epochs = 5": what the names in the expression are. */
static char *
shell_names(struct session *s, const char *text)
{
	struct expr_value v;
	struct err ignored = {0};
	struct str b = {0};
	const char *const *name, *p;
	char buf[32];
	size_t n;

	str_add(&b, "%s", "");
	for (name = expr_names; *name != NULL; name++) {
		n = strlen(*name);
		for (p = text; (p = strstr(p, *name)) != NULL; p += n)
			if ((p == text || strchr(" \t(<>=!+-*/", p[-1]) != NULL) && (p[n] == '\0' || strchr(" \t)<>=!+-*/", p[n]) != NULL))
				break;
		if (p == NULL || expr_eval(s, *name, &v, &ignored) < 0)
			continue;
		if (v.num == (double)(long long)v.num && v.num >= 1)
			snprintf(buf, sizeof buf, "%.0f", v.num);
		else
			num_text(buf, v.num);
		str_add(&b, "%s%s = %s", b.n > 0 ? ", " : "", *name, buf);
	}
	return b.s;
}

static int
shell_assert_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = &a->pos[0];
	struct expr_value value;
	char *names;

	if (expr_eval(s, v->text, &value, e) < 0) {
		shell_caret(e, v, 0);
		return -1;
	}
	if (!value.condition)
		return fail_at(e, v, "%s is a number, not a condition; compare it with something", v->text);
	out_event(s->out, json_pack("{s:s, s:s, s:b}", "event", "assert", "expression", v->text, "value", value.num != 0));
	if (value.num != 0)
		return 0;
	names = shell_names(s, v->text);
	fail_at(e, v, "%s does not hold (%s)", v->text, names[0] != '\0' ? names : "it never does");
	e->status = 3;
	free(names);
	return -1;
}

const struct cmd cmd_assert = {
	.name = "assert",
	.group = "session",
	.what = "an error, and status 3, unless a condition holds",
	.text = "Names: loss accuracy val_loss val_accuracy params trainable frozen_delta epochs seconds. train sets the first four, eval the first "
	    "two. frozen_delta is the largest change of a frozen weight since the last run began.\n"
	    "Signs: == != < <= > >= + - * / and or not, parentheses.",
	.example = "assert params == 600165",
	.arg = {{.name = "EXPR", .type = ARG_RAW, .required = true, .what = "a condition, such as accuracy > 0.98"}},
	.when = CMD_WAITS,
	.exec = shell_assert_exec,
};

/* A quoted item of print. Returns where it ends, or NULL when the quote does not. */
static const char *
shell_quoted(const char *p, struct str *out)
{
	for (p++; *p != '"'; p++) {
		if (*p == '\0')
			return NULL;
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		str_addn(out, p, 1);
	}
	return p + 1;
}

static int
shell_print_value(struct session *s, const struct cmd_value *v, const char *item, size_t n, struct str *out, json_t *list, struct err *e)
{
	char *text = xstrndup(item, n), buf[32];
	struct expr_value value;
	int rc = expr_eval(s, text, &value, e);

	if (rc < 0)
		shell_caret(e, v, (int)(item - v->text));
	else if (value.condition) {
		str_add(out, "%s", value.num != 0 ? "true" : "false");
		json_array_append_new(list, json_boolean(value.num != 0));
	} else {
		if (value.num >= 1 && value.num < 1e15 && value.num == (double)(long long)value.num)
			str_add(out, "%.0f", value.num);
		else
			str_add(out, "%s", num_text(buf, value.num));
		json_array_append_new(list, out_num(value.num));
	}
	free(text);
	return rc;
}

static int
shell_print_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "TEXT");
	const char *p = v != NULL ? v->text : "", *end;
	struct str out = {0};
	json_t *list = json_array();
	size_t start, n;
	int rc = 0;

	str_add(&out, "%s", "");
	while (*p != '\0' && rc == 0) {
		p += strspn(p, " \t");
		if (out.n > 0)
			str_addn(&out, " ", 1);
		start = out.n;
		if (*p == '"') {
			if ((end = shell_quoted(p, &out)) == NULL) {
				rc = fail_at(e, v, "the quote is not closed; end the text with \"");
				break;
			}
			json_array_append_new(list, out_string(out.s + start));
			p = end + strspn(end, " \t");
			if (*p != '\0' && *p != ',') {
				rc = fail_at(e, v, "a comma is missing between \"%.40s\" and %.40s", out.s + start, p);
				break;
			}
		} else {
			n = strcspn(p, ",");
			rc = shell_print_value(s, v, p, n, &out, list, e);
			p += n;
		}
		if (*p == ',')
			p++;
	}
	if (rc == 0) {
		/* An empty print is an empty line. */
		out_text(s->out, "%s", out.s);
		out_csv(s->out, (const char *[]){out.s}, 1);
		out_event(s->out, json_pack("{s:s, s:O}", "event", "print", "values", list));
	}
	json_decref(list);
	free(out.s);
	return rc;
}

const struct cmd cmd_print = {
	.name = "print",
	.group = "session",
	.what = "print a text or the value of an expression; commas separate several",
	.text = "The names are those of `assert`.",
	.example = "print \"parameters\", params, params / 1000 > 600",
	.arg = {{.name = "TEXT", .type = ARG_RAW, .what = "\"a text\" or an expression"}},
	.when = CMD_NOW,
	.exec = shell_print_exec,
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
	.example = "wait",
	.when = CMD_WAITS,
	.exec = shell_wait_exec,
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
	.text = "Without CODE the exit status says what happened: 0 all commands succeeded, 1 one failed, 3 only an assert failed. "
	    "The workbench asks first while a run goes on.",
	.example = "quit",
	.arg = {{.name = "CODE", .type = ARG_INT, .min = 0, .max = 255, .what = "exit status"}},
	.when = CMD_NOW,
	.exec = shell_quit_exec,
};
