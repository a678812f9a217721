/* options.h: the options of the command line, from options.def: what main reads, --help prints and the manual lists. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

enum {
	OPTION_DATA = 128, OPTION_SEED, OPTION_THREADS, OPTION_NO_TUI, OPTION_NO_INIT, OPTION_SAFE,
	    OPTION_CHECK, OPTION_COLOR, OPTION_PROJECT, OPTION_SLICE, OPTION_VERSION,
};

struct option_entry {
	int code;
	const char *name, *arg, *of, *what; /* an argument that begins with [ may be left out */
};

extern const struct option_entry options_list[]; /* ends with code 0 */

/* What thaw is asked to do; the word is its first that is no option. */
enum options_what { OPTIONS_RUN, OPTIONS_MERGE, OPTIONS_PLAN, OPTIONS_WORK };
struct options_command {
	const char *word, *usage, *what, *text;
	char letter; /* in `of` of an option */
};

extern const struct options_command options_commands[]; /* by enum options_what */

enum options_what options_word(const char *word); /* OPTIONS_RUN: it is none of them */
void options_usage(FILE *f); /* "usage: thaw [-f FILE] ..." */
void options_print(FILE *f, char letter); /* a line an option that is taken there; '\0': all */
void options_words(FILE *f, int column, const char *text); /* from that column on, in 80 columns */

#define OPTIONS_MAX 32
/* For getopt_long: fills both arrays; SCRIPTs come as code 1, in their place. */
void options_getopt(char shorts[2 * OPTIONS_MAX + 2], struct option longs[OPTIONS_MAX + 1]);

#endif
