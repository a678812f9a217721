/* confusion.h: the images behind a cell of the matrix that the workbench shows. */
#ifndef CONFUSION_H
#define CONFUSION_H

struct session;

/* Of those that were scored last, without scoring them again. col: the units of the split, then one for all others. */
void confusion_show(struct session *s, int row, int col);

#endif
