/* pickled_int.h: what a pickle is read into. Values lie in one array and know each other by their place in it; what is
 * a text stays in the file's bytes. Nothing is made that is larger than a few times the file.
 */
#ifndef PICKLED_INT_H
#define PICKLED_INT_H

#include "data/pickled.h"

#define PICKLED_WAY "get the file from where it is published, or write your own by pickle.dump with protocol 2 to 5, " \
    "or as an .npz of x_train, y_train, x_test and y_test"

enum kind { NONE, NUMBER, TEXT, LIST, TUPLE, DICT, GLOBAL, ARRAY, MARK };

struct value {
	enum kind kind;
	int64_t number; /* of a GLOBAL: which function */
	const uint8_t *text; /* of a TEXT */
	size_t n, cap; /* bytes of a text, items of others */
	uint32_t *item; /* places; of a DICT keys and values in turns; of an ARRAY its state */
};

struct pickled {
	uint8_t *bytes;
	size_t size;
	struct value *value;
	size_t n, cap;
	uint32_t *stack, *memo; /* places */
	size_t depth, stack_cap, memos;
	uint32_t top; /* the dictionary */
	uint8_t **made; /* [nmade] bytes that the file has as text */
	size_t nmade, decoded; /* their bytes in all */
};

/* The machine while it runs. */
struct machine {
	struct pickled *p;
	const char *path;
	const uint8_t *at, *end;
	size_t memoized; /* values that were put into the memo */
	struct err *e;
};

int pickled_broken(struct machine *m); /* -1 with a sentence */
int pickled_place(struct machine *m, uint32_t place); /* a value that there is, onto the stack */
int pickled_push(struct machine *m, struct value v); /* a new one; pointers to values are no longer good */
struct value *pickled_peek(struct machine *m, size_t down); /* so far below the top; NULL with a sentence */
void pickled_item(struct value *v, uint32_t place); /* adds one */

/* The function of a module, by its name, onto the stack, if it is one that a batch of pictures needs. */
int pickled_named(struct machine *m, const uint8_t *module, size_t n, const uint8_t *name, size_t k);
int pickled_reduce(struct machine *m); /* a function and a tuple become what the function makes of it */
int pickled_build(struct machine *m); /* an array, or a type, gets its state */

/* Bytes of a number of NumPy's type ("i8", "u1"), and whether it may be below 0; 0: it is no whole number. */
int pickled_integers(const struct value *type, bool *sign);
int64_t pickled_integer(const uint8_t *bytes, int size, bool sign);

/* Runs the machine over the file's bytes. -1 with a sentence. */
int pickled_run(struct pickled *p, const char *path, struct err *e);

#endif
