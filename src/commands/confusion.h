/* confusion.h: the matrix, and the images behind a cell of the one that the workbench shows. */
#ifndef CONFUSION_H
#define CONFUSION_H

struct err;
struct judging;
struct session;

/* Of those that were scored last, without scoring them again. col: the units of the split, then one for all others. */
void confusion_show(struct session *s, int row, int col);
/* Prints it, and keeps it. -1 with a sentence: there is no memory for it. */
int confusion_matrix(struct session *s, const struct judging *x, struct err *e);

#endif
