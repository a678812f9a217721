/* judging.h: what confusion, confused and toplosses have in common. */
#ifndef JUDGING_H
#define JUDGING_H

#include "language/cmd.h"
#include "look/judged.h"
#include "look/scores.h"
#include "look/sheet.h"

struct judging {
	struct judged j, before; /* before: at the first of two points */
	float *weights[2]; /* of two points; NULL: the model as it is */
	char *point[2]; /* what these are called */
	bool two;
	int actual, predicted; /* digits of one cell; -1: the whole matrix */
	bool again; /* what done prints depends on the width alone (struct task) */
	bool said; /* that has been done before */
	int64_t n; /* of toplosses: so many; of confused: pairs with at least so many images */
};

/* Of the operand SPLIT; NULL with a sentence. The one that starts takes it over, also where it fails. */
struct judging *judging_new(struct session *s, const struct cmd_args *a, struct err *e);
void judging_release(void *arg);
int judging_start(struct session *s, const char *command, struct judging *x,
    int (*done)(struct session *s, void *arg, int rc, struct err *e), struct err *e);

/* The line above the results. The digits may be others than those that the head was trained on: then a note says so. */
void judging_head(struct session *s, const struct judging *x, uint64_t wrong);
/* Keeps the counts and the scores for conditions. -1 with a sentence: there is no memory for them, and the last are as
 * they were. */
int judging_keep(struct session *s, const struct judging *x, const struct confusion *c, struct err *e);
/* Keeps these scores, one for each class of the split, for conditions in place of those before; NULL: none are known.
 * alone: nothing is known of other classes any more. */
void judging_scores(struct session *s, const struct split *split, const struct class_score *score, bool alone);
/* What a label of the split is called; "other" for units that stand for none of it. */
const char *judging_name(const struct session *s, int label, char buf[CLASS_TEXT]);
/* Columns of the widest name of the split's classes: `digits` of those without names. */
int judging_cols(const struct session *s, const struct split *split, int digits);
/* A class as a column: a digit, or the name and for programs the label, too. `what`: "actual". */
#define JUDGING_CLASS(what, named, width, name, label) \
	{what, ROW_TEXT, width, .in = ROW_IN_TEXT, .s = name}, \
	{what, ROW_INT, .in = ROW_IN_CSV | ROW_IN_JSON, .unknown = (label) < 0, .n = label}, \
	{what "_class", ROW_TEXT, .in = ROW_IN_CSV | ROW_IN_JSON, .off = !(named), .s = name}
struct sheet_image judging_image(const struct judging *x, size_t i); /* the i-th image, as sheets have it */

#endif
