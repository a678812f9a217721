/* workbench.h: a session behind a screen. */
#ifndef WORKBENCH_H
#define WORKBENCH_H

#include "session/session.h"

enum workbench_end {
	WORKBENCH_NONE, /* it could not be opened; the reason has been said */
	WORKBENCH_LINES, /* `tui off`: the same session goes on as lines */
	WORKBENCH_QUIT, /* quit, a signal, or the terminal is gone */
};

enum workbench_end workbench(struct session *s);

#endif
