/* workbench.h: a session behind a screen. */
#ifndef WORKBENCH_H
#define WORKBENCH_H

#include "host/host.h"

enum workbench_end {
	WORKBENCH_NONE, /* it could not be opened; the reason has been said */
	WORKBENCH_LINES, /* `tui off`: the same session goes on as lines */
	WORKBENCH_QUIT, /* quit, a signal, or the terminal is gone */
};

/* The sources are played on the screen: commands and comments are shown as they come, `pause` waits for a key. */
enum workbench_end workbench(struct session *s, const struct host_source *source, int n);

#endif
