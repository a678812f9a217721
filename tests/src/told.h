/* told.h: a command of which one call after the other fails: a sentence, and the session as before. */
#ifndef TOLD_H
#define TOLD_H

#include "tests/src/captured.h"
#include "tests/src/failing.h"

/* Runs the line behind `before` until it comes to its end without the call that fails; where it does not, its error has
 * `says` in it. Files that it writes are named new. Returns how often it failed. */
extern bool told_for_good; /* what fails does so from then on; not from the beginning */
int told_each(const char *before, const char *line, enum failing what, int error, const char *says);

#endif
