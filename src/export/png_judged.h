/* png_judged.h: what flipped between two points, and what is behind a cell, as pictures. */
#ifndef PNG_JUDGED_H
#define PNG_JUDGED_H

#include "export/export.h"
#include "look/judged.h"

/* Leaves a figure of the test images whose prediction flipped from the first of n points to the second, or to the model
 * as it is; -1 with a sentence, also where none did. */
int png_flips_write(struct session *s, struct export_request *r, const struct split *split,
    const struct cmd_value *const *point, int n, struct err *e);

/* Leaves a figure of the test images of one class that are predicted as another one, or as itself, the worst first;
 * both are operands; -1 with a sentence, also where there are none. */
int png_cell_write(struct session *s, struct export_request *r, const struct split *split,
    const struct cmd_value *const cell[2], struct err *e);

#endif
