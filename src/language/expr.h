/* expr.h: conditions over what a session has measured. */
#ifndef EXPR_H
#define EXPR_H

#include "session/session.h"

struct expr_value {
	double num; /* a condition is 0 or 1 */
	bool condition; /* it is the result of a comparison, or of and, or, not */
	bool some; /* a number of runs, loads, or weights that train, which is a condition as well: there are any */
	bool is_text; /* text holds, not num */
	bool unknown; /* a name in it has no value yet; never of what expr_eval has evaluated */
	char text[SPLIT_NAME];
};

/* Evaluates or, and, not; == != < <= > >=; + - * /; abs, min, max; numbers, texts in quotes, names, parentheses.
 * A name that is not known is an error unless the rest decides: false and unknown is false, true or unknown is true.
 * -1 with a sentence, whose e->col is counted from the start of text. */
int expr_eval(struct session *s, const char *text, struct expr_value *out, struct err *e);

/* Only whether it can be read; *kind: as what, with no true value. */
int expr_check(struct session *s, const char *text, struct expr_value *kind, struct err *e);

extern const char *const expr_names[]; /* NULL-terminated; those that take an operand end in a bracket */
char *expr_text(const struct expr_value *v); /* as print shows it; the caller's */

#endif
