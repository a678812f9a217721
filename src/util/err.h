/* err.h: the sentence that an error is, and where in the line it points. */
#ifndef ERR_H
#define ERR_H

#include <stdarg.h>

struct nn_err; /* nn/nn.h */

struct err {
	char text[1024]; /* one sentence that ends with the way out */
	int col, len; /* where in the line, for the caret; len 0: nowhere */
	int status; /* exit status that it asks for: 1, or 3 for an assert */
};

/* Fills *e (NULL is fine) with a sentence; control characters become '?'. Returns -1. */
int fail(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int fail_v(struct err *e, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* The same for what the machine has not given: the ways out that the process has come behind the sentence. */
int fail_memory(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int fail_nn(struct err *e, const struct nn_err *why); /* what nn says, and these ways where it lacks something */

#endif
