/* matrix.h: a confusion as a matrix to draw. */
#ifndef MATRIX_H
#define MATRIX_H

#include "look/judged.h"
#include "ui/model.h"

/* Fills a cleared matrix, its title apart. -1 with a sentence: there is no memory for it. */
int matrix_fill(struct ui_matrix *m, const struct dataset *d, const struct split *split, const struct confusion *c,
    struct err *e);

#endif
