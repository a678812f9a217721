/* captured.h: a session whose output is kept, in a folder that goes with it: the fixtures of tests that write files. */
#ifndef CAPTURED_H
#define CAPTURED_H

#include "tests/src/capture.h"
#include "tests/src/scratch.h"

extern struct capture C;

void captured_setup(void);
void captured_small(void); /* with a small data set, "small", and a small model of it */
void captured_teardown(void);

void captured_ok(const char *line); /* it works */
void captured_refused(const char *line, const char *says); /* it fails, with one error that has this in it */

struct captured_line {
	const char *line;
	int status;
	const char *says; /* in what is printed, or in the error; NULL: nothing is printed */
};

void captured_lines(const struct captured_line *l, size_t n);

#define RUN_LINES(...) \
	do { \
		static const struct captured_line lines_[] = {__VA_ARGS__}; \
		captured_lines(lines_, sizeof lines_ / sizeof *lines_); \
	} while (0)

#endif
