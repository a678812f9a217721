/* expr.c: evaluates the expressions of assert and print by recursive descent: one function for each level, which
 * returns the value. */
#include "language/expr.h"

#include "language/expr_read.h"
#include "language/expr_value.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXPR_DEPTH 64

static int expr_or(struct expr *x, struct expr_value *v);

/* ---- words ---- */

/* abs(X), min(X, Y, ...), max(X, Y, ...). at: the word, which is read. */
static int
expr_function(struct expr *x, const char *at, struct expr_value *v)
{
	struct expr_value w;
	int n = 0;

	do {
		if (expr_or(x, &w) < 0)
			return -1;
		if (w.is_text)
			return expr_fail(x, at, 3, "\"%s\" is a text; %.3s is of numbers", w.text, at);
		v->unknown |= w.unknown;
		if (n++ == 0)
			v->num = *at == 'a' ? fabs(w.num) : w.num;
		else if (isnan(w.num) || (at[1] == 'i' ? w.num < v->num : w.num > v->num))
			v->num = w.num;
	} while (*at != 'a' && expr_take(x, ","));
	if (!expr_take(x, ")"))
		return expr_fail(x, at, 3, "%.3s( is not closed; add a )", at);
	return 0;
}

/* What x->e says has no value: that is an error only where the whole depends on it. */
static int
expr_unknown(struct expr *x, struct expr_value *v)
{
	if (x->unknown.text[0] == '\0')
		x->unknown = *x->e;
	*x->e = (struct err){0};
	*v = (struct expr_value){.num = NAN, .unknown = true};
	return 0;
}

/* A name, r2.NAME, or one with an operand as recall(3). */
static int
expr_word(struct expr *x, struct expr_value *v)
{
	const char *at = x->p, *end;
	struct err e = {0};
	int n;

	while (isalnum((unsigned char)*x->p) || *x->p == '_' || *x->p == '.')
		x->p++;
	n = (int)(x->p - at);
	if (n == 3 && (strncmp(at, "abs", 3) == 0 || strncmp(at, "min", 3) == 0 || strncmp(at, "max", 3) == 0)) {
		if (!expr_take(x, "("))
			return expr_fail(x, at, n, "%.3s takes its numbers in brackets, as in %.3s(lr, 1)", at, at);
		return expr_function(x, at, v);
	}
	if (*x->p == '(') {
		if ((end = expr_closing(x->p)) == NULL)
			return expr_fail(x, at, n, "%.*s( is not closed; add a )", n, at);
		x->p = end + 1;
		n = (int)(x->p - at);
	}
	if (expr_value_of(x->s, at, n, x->dry, v, &e) == 0)
		return 0;
	expr_fail(x, at, n, "%s", e.text);
	return x->dry ? -1 : expr_unknown(x, v);
}

/* A number, where a text makes no sense. */
static int
expr_number(struct expr *x, const char *at, const struct expr_value *v)
{
	if (!v->is_text)
		return 0;
	return expr_fail(x, at, (int)(x->p - at), "\"%s\" is a text; compare it with another by == or !=", v->text);
}

/* What and, or, not join. at, end: where it stands. */
static int
expr_condition(struct expr *x, const char *at, const char *end, const struct expr_value *v)
{
	int n;

	if (v->condition || v->some || v->unknown)
		return 0;
	while (at < end && isspace((unsigned char)*at))
		at++;
	while (at < end && isspace((unsigned char)end[-1]))
		end--;
	n = (int)(end - at);
	if (v->is_text)
		return expr_number(x, at, v);
	return expr_fail(x, at, n, "%.*s is a number, not a condition; compare it with something", n < 60 ? n : 60, at);
}

/* ---- the levels ---- */

static int
expr_primary(struct expr *x, struct expr_value *v)
{
	const char *at;
	char *end;

	expr_blanks(x);
	at = x->p;
	*v = (struct expr_value){0};
	if (expr_take(x, "(")) {
		if (expr_or(x, v) < 0)
			return -1;
		if (!expr_take(x, ")"))
			return expr_fail(x, at, 1, "the parenthesis is not closed; add a )");
		return 0;
	}
	if (*at == '"')
		return expr_quoted(x, v);
	if (isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1]))) {
		v->num = strtod(at, &end);
		x->p = end;
		if (isalnum((unsigned char)*end) || *end == '_' || *end == '.')
			return expr_fail(x, at, (int)strcspn(at, " \t()"), "\"%.*s\" is not a number",
			    (int)strcspn(at, " \t()"), at);
		return 0;
	}
	if (isalpha((unsigned char)*at))
		return expr_word(x, v);
	if (*at == '\0')
		return expr_fail(x, at, 1, "\"%.80s\" ends where a value is expected, as in `accuracy > 0.98`",
		    x->text);
	if (*at == '\'')
		return expr_fail(x, at, 1, "a text stands in double quotes, as in print \"done\"");
	return expr_fail(x, at, 1, "a number or a name is expected at \"%.20s\"", at);
}

static int
expr_unary(struct expr *x, struct expr_value *v)
{
	const char *at = x->p;
	int rc;

	if (++x->depth > EXPR_DEPTH)
		return expr_fail(x, x->p, 1, "the expression is nested more than %d deep; split it", EXPR_DEPTH);
	if (expr_take(x, "-")) {
		rc = expr_unary(x, v) < 0 ? -1 : expr_number(x, at, v);
		v->num = -v->num;
		v->condition = v->some = false;
	} else
		rc = expr_primary(x, v);
	x->depth--;
	return rc;
}

static int
expr_product(struct expr *x, struct expr_value *v)
{
	struct expr_value w;
	const char *begin = x->p, *at;
	bool times;

	if (expr_unary(x, v) < 0)
		return -1;
	while ((times = expr_take(x, "*")) || expr_take(x, "/")) {
		at = x->p;
		if (expr_number(x, begin, v) < 0 || expr_unary(x, &w) < 0 || expr_number(x, at, &w) < 0)
			return -1;
		if (!times && w.num == 0 && !x->dry)
			return expr_fail(x, at, (int)(x->p - at), "division by zero at \"/%.20s\"; divide by something "
			    "else", at);
		v->num = times ? v->num * w.num : v->num / w.num;
		v->unknown |= w.unknown;
		v->condition = v->some = false;
	}
	return 0;
}

static int
expr_sum(struct expr *x, struct expr_value *v)
{
	struct expr_value w;
	const char *begin = x->p, *at;
	bool plus;

	if (expr_product(x, v) < 0)
		return -1;
	while ((plus = expr_take(x, "+")) || expr_take(x, "-")) {
		at = x->p;
		if (expr_number(x, begin, v) < 0 || expr_product(x, &w) < 0 || expr_number(x, at, &w) < 0)
			return -1;
		v->num = plus ? v->num + w.num : v->num - w.num;
		v->unknown |= w.unknown;
		v->condition = v->some = false;
	}
	return 0;
}

static int
expr_comparison(struct expr *x, struct expr_value *v)
{
	static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
	struct expr_value w;
	const char *at;
	int i;
	double a, b;

	if (expr_sum(x, v) < 0)
		return -1;
	for (int n = 0;; n++) {
		expr_blanks(x);
		at = x->p;
		for (i = 0; i < 6 && !expr_take(x, signs[i]); i++)
			;
		if (i == 6)
			break;
		if (n > 0)
			return expr_fail(x, at, (int)strlen(signs[i]), "one comparison at a time; join two with `and`");
		if (expr_sum(x, &w) < 0)
			return -1;
		v->unknown |= w.unknown;
		if (v->unknown)
			v->is_text = w.is_text = false; /* which of the two it is is not known either */
		if (v->is_text != w.is_text || (v->is_text && i > 1))
			return expr_fail(x, at, (int)strlen(signs[i]), v->is_text && w.is_text ? "texts are equal or "
			    "not; write == or !=" : "a text and a number are never equal; a text stands in double "
			    "quotes");
		a = v->is_text ? strcmp(v->text, w.text) : v->num;
		b = w.is_text ? 0 : w.num;
		v->num = i == 0 ? a == b : i == 1 ? a != b : i == 2 ? a <= b : i == 3 ? a >= b : i == 4 ? a < b : a > b;
		v->condition = true;
		v->some = v->is_text = false;
	}
	if (*x->p == '=' && (x->p[1] == '>' || x->p[1] == '<'))
		return expr_fail(x, x->p, 2, x->p[1] == '>' ? "=> is not a comparison; write >=" :
		    "=< is not a comparison; write <=");
	if (*x->p == '=')
		return expr_fail(x, x->p, 1, "= is not a comparison; write ==");
	return 0;
}

static int
expr_not(struct expr *x, struct expr_value *v)
{
	const char *at = x->p;
	int rc;

	if (++x->depth > EXPR_DEPTH)
		return expr_fail(x, x->p, 1, "the expression is nested more than %d deep; split it", EXPR_DEPTH);
	if (expr_take(x, "not")) {
		at = x->p;
		rc = expr_not(x, v) < 0 ? -1 : expr_condition(x, at, x->p, v);
		v->num = v->num == 0;
		v->condition = true;
		v->some = false;
	} else
		rc = expr_comparison(x, v);
	x->depth--;
	return rc;
}

/* a and b (decides: false), a or b (true): a known one that decides is enough. */
static struct expr_value
expr_joined(const struct expr_value *a, const struct expr_value *b, bool decides)
{
	bool decided = (!a->unknown && (a->num != 0) == decides) || (!b->unknown && (b->num != 0) == decides);

	return (struct expr_value){.num = decided == decides, .condition = true,
	    .unknown = !decided && (a->unknown || b->unknown)};
}

static int
expr_and(struct expr *x, struct expr_value *v)
{
	const char *at = x->p, *next, *end;
	struct expr_value w;

	if (expr_not(x, v) < 0)
		return -1;
	for (end = x->p; expr_take(x, "and"); end = x->p) {
		next = x->p;
		if (expr_condition(x, at, end, v) < 0 || expr_not(x, &w) < 0 || expr_condition(x, next, x->p, &w) < 0)
			return -1;
		*v = expr_joined(v, &w, false);
	}
	return 0;
}

static int
expr_or(struct expr *x, struct expr_value *v)
{
	const char *at = x->p, *next, *end;
	struct expr_value w;

	if (++x->depth > EXPR_DEPTH)
		return expr_fail(x, x->p, 1, "the expression is nested more than %d deep; split it", EXPR_DEPTH);
	if (expr_and(x, v) < 0)
		return -1;
	for (end = x->p; expr_take(x, "or"); end = x->p) {
		next = x->p;
		if (expr_condition(x, at, end, v) < 0 || expr_and(x, &w) < 0 || expr_condition(x, next, x->p, &w) < 0)
			return -1;
		*v = expr_joined(v, &w, true);
	}
	x->depth--;
	return 0;
}

static int
expr_run(struct session *s, const char *text, bool dry, struct expr_value *out, struct err *e)
{
	struct expr x = {.s = s, .text = text, .p = text, .e = e, .dry = dry};

	if (expr_or(&x, out) < 0)
		return -1;
	expr_blanks(&x);
	if (*x.p == '"')
		return expr_fail(&x, x.p, (int)strlen(x.p), "a text behind a condition stands behind a comma, as in "
		    "assert accuracy > 0.98, \"train five epochs\"");
	if (*x.p != '\0')
		return expr_fail(&x, x.p, (int)strlen(x.p), "\"%.40s\" is more than the expression takes; join "
		    "conditions with and, or", x.p);
	if (out->unknown)
		*e = x.unknown;
	return out->unknown ? -1 : 0;
}

int
expr_check(struct session *s, const char *text, struct expr_value *kind, struct err *e)
{
	return expr_run(s, text, true, kind, e);
}

int
expr_eval(struct session *s, const char *text, struct expr_value *out, struct err *e)
{
	/* first whether it can be read, then what it comes to */
	return expr_check(s, text, out, e) < 0 ? -1 : expr_run(s, text, false, out, e);
}
