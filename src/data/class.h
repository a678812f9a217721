/* class.h: what classes are called, where a data set names them. Where it does not, a class is its digit. */
#ifndef CLASS_H
#define CLASS_H

#include "data/dataset.h"

#define CLASS_COLS 24 /* so many columns of a name are shown where nothing else limits them */
#define CLASS_WHOLE 1000 /* and so many for programs: all of it */
#define CLASS_TEXT 280 /* bytes of a name, which is that of a folder */

bool class_named(const struct dataset *d); /* d may be NULL */
uint32_t class_names(const struct dataset *d); /* a number for all its names; 0: there are none */
/* "cat", "7" without names; of a label below 0 "other". What goes beyond the columns is cut, with a ~ that says so. */
const char *class_text(const struct dataset *d, int label, int cols, char buf[CLASS_TEXT]);
/* The same for n classes of which each shall be told from the others: where cut names are alike, they end with ~ and
 * their label. */
void class_texts(const struct dataset *d, const int *label, int n, int cols, char (*out)[CLASS_TEXT]);
/* The label that has exactly this name, of `length` bytes; -1. */
int class_of(const struct dataset *d, const char *name, size_t length);
/* The same; without one a sentence with the nearest name, or with those that there are. */
int class_find(const struct dataset *d, const char *name, struct err *e);
/* A name as it is typed: in quotes where a line needs them. The caller's. */
char *class_typed(const char *name);
/* All names become ones that can be shown, and are told from each other. */
void class_settle(struct dataset *d);
/* A name of a file becomes one that can be shown, in place: controls and what turns or hides text become '?'. */
void class_clean(char *name);

#endif
