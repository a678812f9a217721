/* captured.h: a session whose output is kept, in a folder that goes with it: the fixtures of tests that write files. */
#ifndef CAPTURED_H
#define CAPTURED_H

#include "tests/src/capture.h"
#include "tests/src/scratch.h"

extern struct capture C;

void captured_setup(void);
void captured_teardown(void);

void captured_ok(const char *line); /* it works */
void captured_refused(const char *line, const char *says); /* it fails, with one error that has this in it */

#endif
