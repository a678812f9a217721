/* expr_read.h: the words and signs of a condition, as its levels (expr.c) take them. */
#ifndef EXPR_READ_H
#define EXPR_READ_H

#include "language/expr.h"

struct expr {
	struct session *s;
	const char *text, *p;
	struct err *e;
	int depth;
	struct err unknown; /* of the first name without a value */
	bool dry; /* only checks whether it can be read, with 1 for each number */
};

/* An error that points at the len letters at `at`; always -1. */
int expr_fail(struct expr *x, const char *at, int len, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void expr_blanks(struct expr *x);
bool expr_take(struct expr *x, const char *token); /* a word or a sign, if it comes next */
int expr_quoted(struct expr *x, struct expr_value *v); /* a text in quotes, to compare with. -1 with a sentence */
const char *expr_closing(const char *p); /* the ) that ends an operand; one in quotes is a part of it. NULL: none */

#endif
