/* assert.c: conditions in scripts: assert and print. */
#include "language/cmd.h"
#include "language/expr.h"
#include "language/expr_frozen.h"
#include "language/expr_why.h"
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

/* A quoted item of print, or the message of assert. Returns where it ends, or NULL when the quote does not. */
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

/* How far an expression goes: up to a comma outside brackets and quotes. */
static size_t
shell_item(const char *p)
{
	size_t i = 0;
	int depth = 0;
	bool quoted = false;

	for (; p[i] != '\0' && (p[i] != ',' || depth > 0 || quoted); i++) {
		quoted ^= p[i] == '"';
		depth += quoted ? 0 : p[i] == '(' ? 1 : p[i] == ')' ? -1 : 0;
	}
	return i;
}

/* EXPR, "message": cuts the two. */
static int
shell_message(const struct cmd_value *v, char **expression, struct str *message, struct err *e)
{
	size_t n = shell_item(v->text);
	const char *p = v->text + n, *end;

	str_add(message, "%s", "");
	while (n > 0 && strchr(" \t", v->text[n - 1]) != NULL)
		n--;
	*expression = xstrndup(v->text, n);
	if (*p == '\0')
		return 0;
	p += 1 + strspn(p + 1, " \t");
	if (*p != '"' || (end = shell_quoted(p, message)) == NULL || end[strspn(end, " \t")] != '\0')
		return fail_at(e, v, "behind the comma stands a text in double quotes, as in assert accuracy > 0.98, "
		    "\"train five epochs\"");
	return 0;
}

/* What stands behind the word, read but not yet answered. The caller's, whatever is returned. */
static int
shell_assert_read(struct session *s, const struct cmd_value *v, char **text, struct str *message, struct err *e)
{
	struct expr_value kind = {0};

	if (shell_message(v, text, message, e) < 0)
		return -1;
	if (expr_check(s, *text, &kind, e) < 0) {
		shell_caret(e, v, 0);
		return -1;
	}
	if (!kind.condition && !kind.some)
		return fail_at(e, v, "%s is a %s, not a condition; compare it with something", *text,
		    kind.is_text ? "text" : "number");
	return 0;
}

/* reason: why it does not hold, or why that is not known (`known`); NULL where it holds. */
static void
shell_assert_row(struct session *s, const char *text, const char *message, bool known, const char *reason)
{
	row_print(s->out, "assert", true, (const struct row_cell[]){
		{"expression", ROW_TEXT, .s = text},
		{"value", ROW_BOOL, .unknown = !known, .n = reason == NULL},
		{"script", ROW_TEXT, .s = s->out->path},
		{"line", ROW_INT, .unknown = s->out->path == NULL, .n = s->out->line},
		{"message", ROW_TEXT, .s = message[0] != '\0' ? message : NULL},
		{"reason", ROW_TEXT, .s = reason},
		{"cell", ROW_INT, .in = ROW_IN_JSON, .unknown = s->out->path == NULL || s->out->cell == 0,
		    .n = s->out->cell}, {0}});
}

/* It is false. */
static int
shell_assert_fails(struct session *s, const struct cmd_value *v, const char *text, const char *message, struct err *e)
{
	char *names = expr_why(s, text), *late = strstr(names, "frozen_delta") != NULL ? expr_frozen_late(s) : NULL;
	char *reason = xstrdup(names[0] != '\0' ? names : "it never does");

	if (late != NULL) {
		free(reason);
		reason = xasprintf("%s; frozen_delta counts from the begin of r%d, when %s was not frozen yet: `train` "
		    "again", names, runs_last(&s->runs)->number, late);
	}
	shell_assert_row(s, text, message, true, reason);
	if (message[0] != '\0')
		fail_at(e, v, "%s (%s does not hold: %s)", message, text, reason);
	else
		fail_at(e, v, "%s does not hold (%s)", text, reason);
	e->status = 3;
	free(names);
	free(late);
	free(reason);
	return -1;
}

/* Something in it has no value: *e says what, and points at it. No measurement has failed, so the status is that of any
 * command. */
static int
shell_assert_unknown(struct session *s, const struct cmd_value *v, const char *text, const char *message,
    struct err *e)
{
	char *reason = xstrdup(e->text);

	shell_caret(e, v, 0);
	shell_assert_row(s, text, message, false, reason);
	if (message[0] != '\0')
		snprintf(e->text, sizeof e->text, "%.300s (whether %.200s is not known: %.480s)", message, text,
		    reason);
	free(reason);
	return -1;
}

static int
shell_assert_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = &a->pos[0];
	struct expr_value value = {0};
	struct str message = {0};
	char *text = NULL;
	int rc = shell_assert_read(s, v, &text, &message, e);

	if (rc == 0 && expr_eval(s, text, &value, e) < 0)
		rc = shell_assert_unknown(s, v, text, message.s, e);
	else if (rc == 0 && value.num == 0)
		rc = shell_assert_fails(s, v, text, message.s, e);
	else if (rc == 0)
		shell_assert_row(s, text, message.s, true, NULL);
	free(text);
	free(message.s);
	return rc;
}

static int
shell_assert_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct str message = {0};
	char *text = NULL;
	int rc = shell_assert_read(s, &a->pos[0], &text, &message, e);

	free(text);
	free(message.s);
	return rc;
}

const struct cmd cmd_assert = {
	.name = "assert",
	.group = "session",
	.what = "an error, and status 3, unless a condition holds",
	.text = "Names: loss accuracy val_loss val_accuracy params trainable frozen_delta epochs epochs_done runs "
	    "loaded seconds lr optimizer data split. train sets the first four, eval the first two. epochs are those "
	    "that were asked for, epochs_done those that have ended. frozen_delta is the largest "
	    "change of a frozen weight since the last run began; of a run that a file brought, by what the file "
	    "says of it, as long as no frozen weight has moved behind it. loaded is how often a file has "
	    "brought weights into this session, also where `undo` took that back; 0: what is trained here rests "
	    "on none (`load @NAME` and `load r1` bring this session's own). optimizer, data "
	    "and split are texts: split == \"lt5\".\n"
	    "Of a run: r2.val_accuracy, and all else that `compare` tells of it: epochs, "
	    "epochs_done, train, batch, seed, lr (at first), rho and its like; limit (0: none was asked for), test, "
	    "steps (batches of an epoch), threads, first_epoch, cached, interrupted, loaded (how many there were "
	    "before it; a run that a file brought has at least 1); as texts data, "
	    "split, optimizer, schedule and layer_lr (\"\": none), changes, model, weights (their SHA-256), begun "
	    "(of those that it began with) and frozen: \"features\", or the names of the layers. `data` without a run "
	    "is that of now. Of layers: "
	    "trainable(conv2d..flatten); delta(r1, features), the largest change of a weight of these layers from the "
	    "end of r1 to now, 0 only where every bit is the same (also delta(@NAME, LAYERS) and delta(init, LAYERS), "
	    "as `diff` has points). Of a digit, behind `eval` or "
	    "`confusion`: recall(3), precision(3), f1(3). Behind "
	    "`compare modes`: compared(MODE) and compared(MODE,LIMIT), means of val_accuracy; behind `sweep`: "
	    "compared(lr=0.1,batch=32), where keys may be left out as long as that means one row.\n"
	    "Of what was looked at last: confused(7,9), the images of a 7 that `confused` or `confusion` saw taken for "
	    "a 9; p(9), the probability that `predict` gave; sum and output of `explain`; largest of a map "
	    "(`saliency`, `gradcam`, `occlude`); linear(LAYER) and knn(LAYER) of `probe`.\n"
	    "Signs: == != < <= > >= + - * / and or not, abs(X), min(X, Y), max(X, Y), parentheses. runs, loaded and "
	    "trainable are conditions, too: that there are any. A message behind a comma is said where the "
	    "condition does not hold, which ends with status 3, and where something in it is not known, which "
	    "ends with 1, as a command that fails does; one false part of `and` or one true part of `or` decides "
	    "whatever the others are. What failed is said with its figures: of parts that `and` "
	    "joins, those that are false. In JSON `value` is true, false, or null where that is not known, and "
	    "`reason` says why.",
	.example = "assert params == 600165 and optimizer == \"adadelta\", \"the activity's model and optimizer\"",
	.arg = {{.name = "EXPR", .type = ARG_RAW, .required = true,
	    .what = "a condition, such as accuracy > 0.98, and perhaps a \"message\" behind a comma"}},
	.when = CMD_WAITS,
	.exec = shell_assert_exec,
	.check = shell_assert_check,
};

struct shell_print {
	struct session *s;
	bool dry; /* only whether it can be read */
	struct str text; /* what was printed so far */
	json_t *list; /* its values */
};

static int
shell_print_value(struct shell_print *p, const struct cmd_value *v, const char *item, size_t n, struct err *e)
{
	char *text = xstrndup(item, n), *shown;
	struct expr_value value;
	int rc = p->dry ? expr_check(p->s, text, &value, e) : expr_eval(p->s, text, &value, e);

	if (rc < 0)
		shell_caret(e, v, (int)(item - v->text));
	else if (value.condition) {
		str_add(&p->text, "%s", value.num != 0 ? "true" : "false");
		json_array_append_new(p->list, json_boolean(value.num != 0));
	} else {
		shown = expr_text(&value);
		str_add(&p->text, "%s", shown);
		json_array_append_new(p->list, value.is_text ? out_string(shown) : out_num(value.num));
		free(shown);
	}
	free(text);
	return rc;
}

/* The items of a line, as a text and as values. */
static int
shell_print_items(struct shell_print *print, const struct cmd_value *v, struct err *e)
{
	const char *p = v != NULL ? v->text : "", *end;
	size_t start, n;

	str_add(&print->text, "%s", "");
	while (*p != '\0') {
		p += strspn(p, " \t");
		if (print->text.n > 0)
			str_addn(&print->text, " ", 1);
		start = print->text.n;
		if (*p == '"') {
			if ((end = shell_quoted(p, &print->text)) == NULL)
				return fail_at(e, v, "the quote is not closed; end the text with \"");
			json_array_append_new(print->list, out_string(print->text.s + start));
			p = end + strspn(end, " \t");
			if (*p != '\0' && *p != ',')
				return fail_at(e, v, "a comma is missing between \"%.40s\" and %.40s",
				    print->text.s + start, p);
		} else {
			n = shell_item(p);
			if (shell_print_value(print, v, p, n, e) < 0)
				return -1;
			p += n;
		}
		p += *p == ',';
	}
	return 0;
}

static int
shell_print_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct shell_print p = {.s = s, .list = json_array()};
	int rc = shell_print_items(&p, args_pos(a, "TEXT"), e);

	if (rc == 0) {
		/* An empty print is an empty line. */
		out_text(s->out, "%s", p.text.s);
		row_print(s->out, "print", false, (const struct row_cell[]){
			{"text", ROW_TEXT, .in = ROW_IN_CSV, .s = p.text.s},
			{"values", ROW_JSON, .json = p.list}, {0}});
	} else
		json_decref(p.list);
	free(p.text.s);
	return rc;
}

static int
shell_print_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct shell_print p = {.s = s, .dry = true, .list = json_array()};
	int rc = shell_print_items(&p, args_pos(a, "TEXT"), e);

	json_decref(p.list);
	free(p.text.s);
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
	.check = shell_print_check,
};
