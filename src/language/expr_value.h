/* expr_value.h: what the names of conditions stand for. */
#ifndef EXPR_VALUE_H
#define EXPR_VALUE_H

#include "language/expr.h"

#include <stdio.h>

/* These two make it a text, or a number, and return 0. */
static inline int
value_text(struct expr_value *v, const char *text)
{
	v->is_text = true;
	snprintf(v->text, sizeof v->text, "%s", text);
	return 0;
}

static inline int
value_num(struct expr_value *v, double num)
{
	v->num = num;
	return 0;
}

/* The value of the n letters at name: "accuracy", "r2.val_loss", "recall(3)". dry: only whether there is such a name.
 * -1 with a sentence. */
int expr_value_of(struct session *s, const char *name, int n, bool dry, struct expr_value *v, struct err *e);

#endif
