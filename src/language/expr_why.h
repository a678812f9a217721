/* expr_why.h: what a condition that does not hold comes from. */
#ifndef EXPR_WHY_H
#define EXPR_WHY_H

#include "session/session.h"

/* "epochs = 5, data = "fashion"": the names in a condition that is false, with their values. Of parts that `and` joins
 * only those count that are false themselves. "" without any name; the caller's. */
char *expr_why(struct session *s, const char *text);

#endif
