/* expr_run.h: what names like r2.val_accuracy stand for. */
#ifndef EXPR_RUN_H
#define EXPR_RUN_H

#include "language/expr.h"

const char *const *expr_run_names(void); /* those behind the dot; NULL-terminated */
bool expr_run_counts(const char *name); /* whether that is a condition, too: that there are any */
bool expr_run_text(const char *name); /* whether that is a text */
/* The value of "r2.NAME", one of them; dot: the one in it. -1 with a sentence. */
int expr_run_value(struct session *s, const char *name, const char *dot, struct expr_value *v, struct err *e);

#endif
