/* expr_looked.h: conditions over what was looked at last. */
#ifndef EXPR_LOOKED_H
#define EXPR_LOOKED_H

#include "language/expr.h"

/* The value of confused(7,9), p(9), linear(LAYER), knn(LAYER), or with operand NULL of sum, output and largest. Returns
 * 1, 0 where the name is none of them, -1 with a sentence. */
int expr_looked(struct session *s, const char *name, const char *operand, double *value, struct err *e);
/* n classes as they stand in the brackets of a condition, of which `form` is one of digits. */
int expr_classes(struct session *s, const char *operand, int *label, int n, struct err *e, const char *form);

#endif
