/* pickled_int.h: what a pickle is read into. Values lie in one array and know each other by their place in it; what is
 * a text stays in the file's bytes. Nothing is made that is larger than a few times the file.
 */
#ifndef PICKLED_INT_H
#define PICKLED_INT_H

#include "data/pickled.h"

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
};

/* Runs the machine over the file's bytes. -1 with a sentence. */
int pickled_run(struct pickled *p, const char *path, struct err *e);

#endif
