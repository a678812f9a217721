/* split.h: a choice of digits and the output units that they train.
 *
 * The n-th smallest label of a split is output unit n, as `y - 5` does for gte5.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "data/dataset.h"

enum split_kind { SPLIT_NONE, SPLIT_ALL, SPLIT_LT, SPLIT_GTE, SPLIT_DIGITS };

struct split {
	enum split_kind kind;
	uint32_t digits; /* bit d: digit d belongs */
	char name[32]; /* "gte5", "digits=3,5" */
};

struct selection { /* samples of one part that belong to a split, in file order */
	struct nn_set set;
	uint32_t *index;
	uint8_t *unit;
};

int split_parse(const char *text, struct split *out, struct err *e);
int split_count(const struct split *s); /* digits */
int split_digit(const struct split *s, int unit); /* the digit of an output unit, -1 */
int split_unit(const struct split *s, int digit); /* the output unit of a digit, -1 */
char *split_mapping(const struct split *s); /* "digits 5-9 -> units 0-4" */

/* Which of them. */
struct selection_take {
	size_t limit; /* so many; 0: all */
	bool drawn; /* by the seed; otherwise the first ones in file order */
	uint64_t seed;
};

/* limit: the first N images of the split in file order, 0 for all. */
int selection_make(struct selection *sel, const struct part *part, const struct split *s, size_t limit, struct err *e);
/* The same with a choice; what is drawn stays in file order. */
int selection_taken(struct selection *sel, const struct part *part, const struct split *s, struct selection_take take,
    struct err *e);
void selection_free(struct selection *sel);

#endif
