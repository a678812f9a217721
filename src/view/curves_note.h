/* curves_note.h: what runs were made with, as the line under a picture of their curves. */
#ifndef CURVES_NOTE_H
#define CURVES_NOTE_H

#include "past/run.h"

/* Of several runs what is the same for all comes first, then what not all have, by run; whatever differs is there, what
 * is long at the end. The caller's. */
char *curves_note(struct run *const *run, int n);

#endif
