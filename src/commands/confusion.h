/* confusion.h: the matrix, and the images behind a cell of the one that the workbench shows. */
#ifndef CONFUSION_H
#define CONFUSION_H

struct judging;
struct session;

/* Of those that were scored last, without scoring them again. col: the units of the split, then one for all others. */
void confusion_show(struct session *s, int row, int col);
void confusion_matrix(struct session *s, const struct judging *x); /* prints it, and keeps it */

#endif
