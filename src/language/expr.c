/* expr.c: evaluates the expressions of assert and print by recursive descent: one function for each level, which
 * returns the value. */
#include "language/expr.h"

#include "session/made.h"
#include "util/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXPR_DEPTH 64

struct expr {
	struct session *s;
	const char *text, *p;
	struct err *e;
	int depth;
	bool dry; /* only checks whether it can be read, with 1 for each name */
};

const char *const expr_names[] = {"loss", "accuracy", "val_loss", "val_accuracy", "params", "trainable", "frozen_delta",
    "epochs", "seconds", NULL};

static int expr_or(struct expr *x, struct expr_value *v);

static int __attribute__((format(printf, 4, 5)))
expr_fail(struct expr *x, const char *at, int len, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	fail(x->e, "%s", text);
	x->e->col = (int)(at - x->text);
	x->e->len = len;
	return -1;
}

static void
expr_blanks(struct expr *x)
{
	while (isspace((unsigned char)*x->p))
		x->p++;
}

/* Takes a word or a sign if it comes next. */
static bool
expr_take(struct expr *x, const char *token)
{
	size_t n = strlen(token);

	expr_blanks(x);
	if (strncmp(x->p, token, n) != 0)
		return false;
	if (isalpha((unsigned char)token[0]) && (isalnum((unsigned char)x->p[n]) || x->p[n] == '_'))
		return false;
	x->p += n;
	return true;
}

/* ---- names ---- */

static int
expr_frozen_delta(struct expr *x, double *out)
{
	struct session *s = x->s;
	struct run *r = runs_last(&s->runs);
	struct nn_net *net = session_net(s, x->e);
	const struct nn_layer *l;
	const float *now;
	double worst = 0, d;
	bool any = false;

	if (net == NULL)
		return -1;
	for (int i = 0; i < nn_net_count(net); i++)
		any |= !nn_net_layer(net, i)->trainable && nn_net_layer(net, i)->params > 0;
	if (!any)
		return fail(x->e, "frozen_delta: no layer with weights is frozen; `freeze features` first");
	if (r == NULL)
		return fail(x->e, "frozen_delta is not known yet: no run; `train lt5` makes one");
	if (r->before == NULL || r->params != nn_net_params(net))
		return fail(x->e, "frozen_delta is not known: the weights before r%d are not those of this model; "
		    "`train` again", r->number);
	now = nn_net_weights(net);
	for (int i = 0; i < nn_net_count(net); i++) {
		l = nn_net_layer(net, i);
		if (l->trainable)
			continue;
		for (size_t k = l->offset; k < l->offset + l->params; k++) {
			d = fabs((double)now[k] - r->before[k]);
			if (memcmp(&now[k], &r->before[k], sizeof *now) != 0 && !(d <= worst))
				worst = d;
		}
	}
	*out = worst;
	return 0;
}

static int
expr_name(struct expr *x, const char *at, int n, double *out)
{
	const struct results *r = &x->s->runs.results;
	const double *const results[] = {&r->loss, &r->accuracy, &r->val_loss, &r->val_accuracy, NULL, NULL, NULL,
	    &r->epochs, &r->seconds}; /* of expr_names; the others are not kept */
	struct nn_net *net;
	char name[32];
	const char *hit;
	int i;

	snprintf(name, sizeof name, "%.*s", n, at);
	for (i = 0; expr_names[i] != NULL && strcmp(expr_names[i], name) != 0; i++)
		;
	if (expr_names[i] == NULL) {
		if ((hit = text_near(name, expr_names, i)) != NULL)
			return expr_fail(x, at, n, "unknown name \"%s\" - did you mean \"%s\"?", name, hit);
		return expr_fail(x, at, n, "unknown name \"%s\" (names: loss accuracy val_loss val_accuracy params "
		    "trainable frozen_delta epochs seconds)", name);
	}
	if (x->dry) {
		*out = 1;
		return 0;
	}
	if (i == 4 || i == 5) {
		if ((net = session_net(x->s, x->e)) == NULL)
			return -1;
		*out = (double)(i == 4 ? nn_net_params(net) : nn_net_trainable(net));
		return 0;
	}
	if (i == 6)
		return expr_frozen_delta(x, out);
	if (i == 8 && !x->s->set.timing)
		return expr_fail(x, at, n, "seconds depends on the clock; `timing on` first");
	*out = *results[i];
	if (!(i < 2 ? r->epoch || r->eval : i < 4 ? r->epoch : r->run))
		return expr_fail(x, at, n, "%s is not known yet; `train gte5`%s", name, i < 2 ? " or `eval gte5`" : "");
	return 0;
}

/* ---- the levels ---- */

static int
expr_primary(struct expr *x, struct expr_value *v)
{
	const char *at;
	char *end;

	expr_blanks(x);
	at = x->p;
	v->condition = false;
	if (expr_take(x, "(")) {
		if (expr_or(x, v) < 0)
			return -1;
		if (!expr_take(x, ")"))
			return expr_fail(x, at, 1, "the parenthesis is not closed; add a )");
		return 0;
	}
	if (isdigit((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1]))) {
		v->num = strtod(at, &end);
		x->p = end;
		if (isalnum((unsigned char)*end) || *end == '_' || *end == '.')
			return expr_fail(x, at, (int)strcspn(at, " \t()"), "\"%.*s\" is not a number",
			    (int)strcspn(at, " \t()"), at);
		return 0;
	}
	if (isalpha((unsigned char)*at)) {
		while (isalnum((unsigned char)*x->p) || *x->p == '_')
			x->p++;
		return expr_name(x, at, (int)(x->p - at), &v->num);
	}
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
	int rc;

	if (++x->depth > EXPR_DEPTH)
		return expr_fail(x, x->p, 1, "the expression is nested more than %d deep; split it", EXPR_DEPTH);
	if (expr_take(x, "-")) {
		rc = expr_unary(x, v);
		v->num = -v->num;
		v->condition = false;
	} else
		rc = expr_primary(x, v);
	x->depth--;
	return rc;
}

static int
expr_product(struct expr *x, struct expr_value *v)
{
	struct expr_value w;
	const char *at;
	bool times;

	if (expr_unary(x, v) < 0)
		return -1;
	while ((times = expr_take(x, "*")) || expr_take(x, "/")) {
		at = x->p;
		if (expr_unary(x, &w) < 0)
			return -1;
		if (!times && w.num == 0 && !x->dry)
			return expr_fail(x, at, (int)(x->p - at), "division by zero at \"/%.20s\"; divide by something "
			    "else", at);
		v->num = times ? v->num * w.num : v->num / w.num;
		v->condition = false;
	}
	return 0;
}

static int
expr_sum(struct expr *x, struct expr_value *v)
{
	struct expr_value w;
	bool plus;

	if (expr_product(x, v) < 0)
		return -1;
	while ((plus = expr_take(x, "+")) || expr_take(x, "-")) {
		if (expr_product(x, &w) < 0)
			return -1;
		v->num = plus ? v->num + w.num : v->num - w.num;
		v->condition = false;
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
		a = v->num;
		b = w.num;
		v->num = i == 0 ? a == b : i == 1 ? a != b : i == 2 ? a <= b : i == 3 ? a >= b : i == 4 ? a < b : a > b;
		v->condition = true;
	}
	if (*x->p == '=')
		return expr_fail(x, x->p, 1, "= is not a comparison; write ==");
	return 0;
}

static int
expr_not(struct expr *x, struct expr_value *v)
{
	int rc;

	if (++x->depth > EXPR_DEPTH)
		return expr_fail(x, x->p, 1, "the expression is nested more than %d deep; split it", EXPR_DEPTH);
	if (expr_take(x, "not")) {
		rc = expr_not(x, v);
		v->num = v->num == 0;
		v->condition = true;
	} else
		rc = expr_comparison(x, v);
	x->depth--;
	return rc;
}

static int
expr_and(struct expr *x, struct expr_value *v)
{
	struct expr_value w;

	if (expr_not(x, v) < 0)
		return -1;
	while (expr_take(x, "and")) {
		if (expr_not(x, &w) < 0)
			return -1;
		*v = (struct expr_value){v->num != 0 && w.num != 0, true};
	}
	return 0;
}

static int
expr_or(struct expr *x, struct expr_value *v)
{
	struct expr_value w;

	if (++x->depth > EXPR_DEPTH)
		return expr_fail(x, x->p, 1, "the expression is nested more than %d deep; split it", EXPR_DEPTH);
	if (expr_and(x, v) < 0)
		return -1;
	while (expr_take(x, "or")) {
		if (expr_and(x, &w) < 0)
			return -1;
		*v = (struct expr_value){v->num != 0 || w.num != 0, true};
	}
	x->depth--;
	return 0;
}

int
expr_eval(struct session *s, const char *text, struct expr_value *out, struct err *e)
{
	struct expr x;

	for (int dry = 1; dry >= 0; dry--) { /* first whether it can be read, then what it comes to */
		x = (struct expr){.s = s, .text = text, .p = text, .e = e, .dry = dry};
		if (expr_or(&x, out) < 0)
			return -1;
		expr_blanks(&x);
		if (*x.p != '\0')
			return expr_fail(&x, x.p, (int)strlen(x.p), "\"%.40s\" is more than the expression takes; join "
			    "conditions with and, or", x.p);
	}
	return 0;
}
