/* options.h: the options of the command line, from options.def: what main reads, --help prints and the manual lists. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <getopt.h>
#include <stdio.h>

enum {
	OPTION_DATA = 128, OPTION_SEED, OPTION_THREADS, OPTION_NO_TUI, OPTION_NO_INIT, OPTION_SAFE,
	    OPTION_CHECK, OPTION_COLOR, OPTION_PROJECT, OPTION_SLICE, OPTION_VERSION,
};

struct option_entry {
	int code;
	const char *name, *arg, *what; /* an argument that begins with [ may be left out */
};

extern const struct option_entry options_list[]; /* ends with code 0 */

void options_usage(FILE *f); /* "usage: thaw [-f FILE] ..." */
void options_print(FILE *f); /* a line an option */

#define OPTIONS_MAX 32
/* For getopt_long: fills both arrays; SCRIPTs come as code 1, in their place. */
void options_getopt(char shorts[2 * OPTIONS_MAX + 2], struct option longs[OPTIONS_MAX + 1]);

#endif
