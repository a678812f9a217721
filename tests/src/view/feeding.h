/* feeding.h: a session of a small net and what the workbench is fed from it, by a clock of the test's own. */
#ifndef FEEDING_H
#define FEEDING_H

#include "tests/src/capture.h"
#include "view/feed.h"

#include <check.h>

extern struct capture C;
extern struct feed *F;
extern struct ui_model M;
extern double now; /* seconds of the feed's clock */
extern double drag; /* so many pass each time that it is asked */

void feeding_begins(void); /* the fixture of each test */
void feeding_ends(void);
/* What a command leaves to be seen, a while later. Returns what feed_update does. */
int after(const char *line);

#endif
