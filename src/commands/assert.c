/* assert.c: conditions in scripts: assert and print. */
#include "language/cmd.h"
#include "language/expr.h"
#include "util/num.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

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
	const char *p;
	char buf[32];
	size_t n;

	str_add(&b, "%s", "");
	for (const char *const *name = expr_names; *name != NULL; name++) {
		n = strlen(*name);
		for (p = text; (p = strstr(p, *name)) != NULL; p += n)
			if ((p == text || strchr(" \t(<>=!+-*/", p[-1]) != NULL) &&
			    (p[n] == '\0' || strchr(" \t)<>=!+-*/", p[n]) != NULL))
				break;
		if (p == NULL || expr_eval(s, *name, &v, &ignored) < 0)
			continue;
		if (v.num >= 1 && v.num < 1e15 && v.num == (double)(long long)v.num)
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
	out_event(s->out, out_pack("{s:s, s:s, s:b}", "event", "assert", "expression", v->text, "value",
	    value.num != 0));
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
	.text = "Names: loss accuracy val_loss val_accuracy params trainable frozen_delta epochs seconds. train sets "
	    "the first four, eval the first two. frozen_delta is the largest change of a frozen weight since the last "
	    "run began.\n"
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
shell_print_value(struct session *s, const struct cmd_value *v, const char *item, size_t n, struct str *out,
    json_t *list, struct err *e)
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
		row_print(s->out, "print", false, (const struct row_cell[]){
			{"text", ROW_TEXT, .in = ROW_IN_CSV, .s = out.s},
			{"values", ROW_JSON, .json = list}, {0}});
	} else
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
