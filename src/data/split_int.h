/* split_int.h: lists of labels, among the files that make and write splits. */
#ifndef SPLIT_INT_H
#define SPLIT_INT_H

#include "data/split.h"
#include "util/text.h"

/* Adds "0-2,5,8" of labels below top; false where it is no such list, or has a label that is there already. */
bool split_labels(const char *p, int top, struct split *s);
/* The labels as a list: of digits each, of more than those runs of three and longer as from-to. */
void split_write(const struct split *s, struct str *b);

#endif
