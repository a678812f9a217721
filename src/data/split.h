/* split.h: a choice of digits and the output units that they train.
 *
 * The n-th smallest label of a split is output unit n, as `y - 5` does for gte5; or, by digit, label d is unit d.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "data/dataset.h"

enum split_kind { SPLIT_NONE, SPLIT_ALL, SPLIT_LT, SPLIT_GTE, SPLIT_DIGITS };

struct split {
	enum split_kind kind;
	uint32_t digits; /* bit d: digit d belongs */
	bool by_digit; /* label d is unit d */
	char name[32]; /* "gte5", "digits=3,5" */
};

struct selection { /* samples of one part that belong to a split, in file order */
	struct nn_set set;
	uint32_t *index;
	uint8_t *unit;
};

#define SPLIT_BY_DIGIT " by digit" /* behind its name in files, where it is so */

int split_parse(const char *text, struct split *out, struct err *e);
int split_count(const struct split *s); /* digits */
int split_units(const struct split *s); /* output units that a net must have for them */
/* The digit that an output unit stands for, -1; by digit, of units that the split lacks as well. */
int split_digit(const struct split *s, int unit);
int split_unit(const struct split *s, int digit); /* the output unit of a digit of the split, -1 */
int split_nth(const struct split *s, int i); /* its i-th smallest digit, -1 */
/* The i of the digit that the unit stands for; -1: of none of the split. */
int split_place(const struct split *s, int unit);
bool split_same(const struct split *a, const struct split *b); /* the same digits as the same units */
bool split_speaks(const struct split *a, const struct split *b); /* a's units stand for what b's stand for */
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
