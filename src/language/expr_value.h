/* expr_value.h: what the names of conditions stand for. */
#ifndef EXPR_VALUE_H
#define EXPR_VALUE_H

#include "language/expr.h"

/* The value of the n letters at name: "accuracy", "r2.val_loss", "recall(3)". dry: only whether there is such a name.
 * -1 with a sentence. */
int expr_value_of(struct session *s, const char *name, int n, bool dry, struct expr_value *v, struct err *e);

#endif
