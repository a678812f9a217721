/* confusion.h: the matrix, and the images behind a cell of the one that the workbench shows. */
#ifndef CONFUSION_H
#define CONFUSION_H

struct err;
struct judging;
struct session;

/* Of those that were scored last, without scoring them again. col: the units of the split, then one for all others. */
void confusion_show(struct session *s, int row, int col);
/* Keeps the predictions for the workbench's pane of them, and brings that into view: it stays when the answer over it
 * is gone. Once: what is said again for another width may not be the last that was asked for. */
void confusion_pane(struct session *s, struct judging *x);
/* Prints it, and shows its pane. -1 with a sentence: there is no memory for it. */
int confusion_matrix(struct session *s, struct judging *x, struct err *e);

#endif
