/* python_text.h: Python's text, cut at its signs: what stands in brackets and quotes belongs together. */
#ifndef PYTHON_TEXT_H
#define PYTHON_TEXT_H

#include "session/notebook.h"
#include "util/text.h"

/* A piece of a text, without the blanks around it. */
struct piece {
	const char *s;
	size_t n;
};

/* What is open behind the characters so far: brackets, of which the first are kept, and a quote. */
struct scan {
	int depth;
	char quote, open[64];
	bool escaped; /* by a backslash in quotes */
};

/* Takes a character; true where it stands outside brackets and quotes, and is none of them. */
bool scan_outside(struct scan *x, char c);

struct piece piece_of(const char *s, size_t n);
bool piece_is(struct piece p, const char *text);
bool piece_begins(struct piece p, const char *text);
bool piece_ends(struct piece p, const char *text);
char *piece_text(struct piece p); /* the caller's */

/* The piece up to the next of `signs` outside brackets and quotes; *at moves past the sign. False at the end. */
bool piece_next(struct piece whole, size_t *at, const char *signs, struct piece *out);
bool piece_name(struct piece p); /* a single name: letters, digits, _ */
bool piece_number(struct piece p);
struct piece piece_unquoted(struct piece p); /* what a text in quotes says; n 0: it is none */

/* Cuts NAME(ARGUMENTS): callee is all before the first bracket that is round and outermost. False: it is no call, as
 * where that bracket stands in quotes. */
bool piece_call(struct piece p, struct piece *callee, struct piece *arguments);
struct piece piece_last(struct piece dotted); /* fit of model.fit */
/* Cuts OWNER.NAME at its last dot; false: it is no such. */
bool piece_dotted(struct piece p, struct piece *owner, struct piece *name);
bool piece_has(struct piece p, const char *text); /* outside quotes */
bool piece_quoted(struct piece p); /* it begins with a text in quotes, also with letters before them: f'...' */
/* The value of NAME=VALUE among arguments; n 0: not there. */
struct piece piece_argument(struct piece arguments, const char *name);
/* The i-th argument without a name; n 0: there is none. */
struct piece piece_operand(struct piece arguments, int i);
/* Whether a text may be a value of Python: 2 * n, f(x) if a else b; but no two words side by side, as of a command. */
bool piece_value(struct piece p);
/* Cuts TARGET = VALUE at a = that compares nothing. *update: the sign of += -= and so on, ? where it has two,
 * else '\0'. False, too, where what stands before it is no target: a, a.b, a[0], with commas between them or in
 * brackets, a: int. */
bool piece_assigns(struct piece p, struct piece *target, struct piece *value, char *update);

/* Cuts a comment off, in place; returns what stays open. */
struct scan python_open(char *line);
/* Adds the text with each kept name replaced by what it was assigned, as far as that is a number or a word. */
void python_values(struct notebook *b, struct piece p, struct str *out);
/* "lt5" of x_train_lt5 in a text: the first that there is; "" for none. */
void python_split(struct piece p, char out[8]);
/* The split that a choice by labels takes, as in x_train[y_train >= 5]. 1: it is in out; 0: there is no such choice;
 * -1: it is another than by one bound. */
int python_mask(struct piece p, char out[8]);

#endif
