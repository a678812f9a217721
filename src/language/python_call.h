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
	struct str dropped; /* the arguments that mean nothing here */
	struct err *e;
};

bool python_is(struct session *s, struct piece p); /* whether a line is Python, as far as it goes */
bool python_is_command(struct session *s, const char *line); /* whether it is a command of thaw as it stands */
bool python_block(struct piece p); /* it begins with def, if and their like */
bool python_plain(struct piece p); /* with return, pass and their like */
bool python_trains(struct piece p); /* .trainable is assigned in it */
/* Adds a command to x->out; returns 1. */
int python_says(struct python *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The commands that a call stands for go to x->out. 1: there are some, or it is passed over; 0: nothing is known of it;
 * -1 with a sentence that names the command which comes nearest. */
int python_call(struct python *x, struct piece call);
/* The same of a call that means nothing here: 1, x->passed says why; -1 where another command is meant. */
int python_nothing(struct python *x, struct piece callee);
/* The split that the arrays among the arguments are of: that of x_train_lt5; of x_train alone all, where the model has
 * a unit for each; else the one last trained, with a note, of kind SPLIT_NONE when there is none. */
void python_given_split(struct python *x, struct piece arguments, struct split *split);
/* Notes an argument that is left out. */
void python_drop(struct python *x, struct piece name);
/* Notes all but those that are known, names with blanks between them, and the first so many without a name. */
void python_drops(struct python *x, struct piece arguments, const char *known, int operands);
/* Adds KEY=VALUE for the arguments that are known numbers, words or switches, by Keras' names and ours; names ends with
 * NULL. */
void python_keys(struct python *x, struct piece arguments, const char *const names[][2], struct str *out);
/* As python_call, of the arguments of model.compile(). */
int python_compile(struct python *x, struct piece callee, struct piece arguments);
/* As python_call, of TARGET = VALUE. */
int python_assign(struct python *x, struct piece target, struct piece value);
/* The same of TARGET += VALUE, by its sign. */
int python_update(struct python *x, struct piece target, struct piece value, char sign);
/* The same of a call that assigns: setattr(l, 'trainable', False), K.set_value(model.optimizer.lr, 0.1); 0: it is
 * none. */
int python_sets(struct python *x, struct piece call);
/* What an attribute is of. */
enum python_kind { PYTHON_OTHER, PYTHON_LAYER, PYTHON_MODEL, PYTHON_OPTIMIZER };
enum python_kind python_kind(struct python *x, struct piece owner);
/* 0: Keras has such an attribute, or it is not known of what it is; -1 with the name that comes nearest. sure: it can
 * be nothing else, so that it is an error as well where none comes near. */
int python_attribute(struct python *x, struct piece owner, struct piece name, bool sure);
/* -1 with the method of a model that comes nearest to one that there is not; else 0. */
int python_method(struct python *x, struct piece callee);
/* The same as python_call of what only looks: model.layers[0].trainable == False, [l.name for l in model.layers]. */
int python_reads(struct python *x, struct piece p);
/* thaw's word for the layers that an expression names, the caller's to free; NULL: none that are known. */
char *python_layers(struct python *x, struct piece p);
/* The whole numbers that a loop goes over, range(7) or [0, 2], are those that x->b->index counts from now on. False:
 * it counts none that are known. */
bool python_counts(struct python *x, struct piece over);

#endif
