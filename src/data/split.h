/* split.h: a choice of classes and the output units that they train.
 *
 * The n-th smallest label of a split is output unit n, as `y - 5` does for gte5; or, by digit, label d is unit d. A
 * split keeps labels, and its name as it was made for a data set: it means the same when another one is chosen.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "data/dataset.h"

enum split_kind { SPLIT_NONE, SPLIT_ALL, SPLIT_LT, SPLIT_GTE, SPLIT_DIGITS, SPLIT_CLASSES };

#define SPLIT_NAME 520 /* every other one of 256 labels; a list that is longer is refused */
#define SPLIT_NAMES 100 /* a list of names goes so far; what is longer is written with labels */

struct split {
	enum split_kind kind;
	uint64_t set[(DATASET_CLASSES_MAX + 63) / 64]; /* bit d: label d belongs */
	int top; /* labels that the data set has: 0 to top - 1 */
	uint32_t named; /* class_names() of that data set; 0: they are digits */
	bool by_digit; /* label d is unit d */
	char name[SPLIT_NAME]; /* "gte5", "digits=3,5", "classes=cat,dog": as it can be typed */
};

struct selection { /* samples of one part that belong to a split, in file order */
	struct nn_set set;
	uint32_t *index;
	uint16_t *unit;
};

int split_parse(const char *text, struct split *out, struct err *e); /* of digits */
/* Of the classes of a data set; NULL: of digits. "all" is what some picture of the set has. */
int split_parse_of(const struct dataset *d, const char *text, struct split *out, struct err *e);
/* Where none is named: gte5, or all of classes with names that are not ten, and of labels of which none is 9. */
int split_usual(const struct dataset *d, struct split *out, struct err *e);
bool split_looks(const char *text); /* a word that is meant as a split */
#define SPLIT_BY_DIGIT " by digit" /* ends what files have of a split, where it is so */
/* In files, where no data set is at hand: the name, and behind it what it does not tell. The caller's. */
char *split_filed(const struct split *s);
int split_read(const char *text, struct split *out); /* -1: no such text */

bool split_has(const struct split *s, int label);
int split_count(const struct split *s); /* labels */
int split_units(const struct split *s); /* output units that a net must have for them */
/* The label that an output unit stands for, -1; by digit, of units that the split lacks as well. */
int split_digit(const struct split *s, int unit);
int split_unit(const struct split *s, int digit); /* the output unit of a label of the split, -1 */
int split_rank(const struct split *s, int label); /* the i of a label of the split, -1 */
int split_nth(const struct split *s, int i); /* its i-th smallest label, -1 */
/* The i of the label that the unit stands for; -1: of none of the split. */
int split_place(const struct split *s, int unit);
/* It means the same of this data set (NULL: of digits), where its name is typed: labels that all of it are, or lie on
 * one side, are others where there are more of them. */
bool split_holds(const struct split *s, const struct dataset *d);
bool split_alike(const struct split *a, const struct split *b); /* the same labels */
bool split_same(const struct split *a, const struct split *b); /* the same labels as the same units */
/* Each unit that b has stands for the same label in a. */
bool split_speaks(const struct split *a, const struct split *b);
/* For a sentence about a head that speaks of other labels: "gte5, not on lt5"; the caller's. */
char *split_against(const struct split *trained, const struct split *split);
const char *split_word(const struct split *s, int n); /* "digit", "digits", "class", "classes": what n of it are */
/* "digits 5-9 -> units 0-4", "classes cat, dog -> units 0-1". d names the classes; NULL: their labels do. */
char *split_mapping(const struct split *s, const struct dataset *d);

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
