/* python_call.h: what Python's calls and assignments mean to thaw. */
#ifndef PYTHON_CALL_H
#define PYTHON_CALL_H

#include "language/python_text.h"
#include "session/session.h"

/* A line that is being read. */
struct python {
	struct session *s;
	struct notebook *b;
	struct str out; /* the commands that it means, joined by semicolons */
	const char *passed; /* why a part of it is passed over; NULL */
	struct err *e;
};

/* Adds a command to x->out; returns 1. */
int python_says(struct python *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The commands that a call stands for go to x->out. 1: there are some, or it is passed over; 0: nothing is known of it;
 * -1 with a sentence that names the command which comes nearest. */
int python_call(struct python *x, struct piece call);
/* The same of TARGET = VALUE. */
int python_assign(struct python *x, struct piece target, struct piece value);
/* thaw's word for the layers that an expression names, the caller's to free; NULL: none that are known. */
char *python_layers(struct python *x, struct piece p);

#endif
