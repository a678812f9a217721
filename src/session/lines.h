/* lines.h: the lines of a script, joined where one ends in a backslash. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <sys/types.h>

struct line_reader {
	int fd;
	int error; /* errno of the read that failed, 0: none did */
	char *text; /* the line */
	size_t cap;
	int number, next; /* number: as line_place reads it */
	char why[200]; /* of a notebook that could not be opened, for line_why; "" for any other file */
	bool skip; /* what is left of a line with a NUL byte */
	struct line_cell { /* of a notebook: where the lines of a cell stand in `held`, and in the notebook */
		int at, cell, line;
	} *cell;
	int ncell;
	char *held; /* the text of a notebook's cells, which is read in place of the file; NULL: none */
	size_t nheld, at_held;
	size_t at, have; /* in buf */
	char buf[8192];
};

/* Opens a script: a file, or a pipe, which nobody may have opened for writing yet; of a notebook of Jupyter (.ipynb)
 * the cells that begin with %%thaw. -1 with errno set, ENOMSG for a notebook that has none, is damaged, or is older
 * than nbformat 4. */
int line_open(struct line_reader *r, const char *path);
const char *line_why(const struct line_reader *r, int error); /* what reach_why says, or more of a notebook */
/* The same of a descriptor that is open and stays so. */
void line_open_fd(struct line_reader *r, int fd);
/* getline's contract: -1 at the end, also for an error and for a signal that has come while nothing could be read.
 * *number: of the line's first. A NUL byte is an error: -2 and the number. */
ssize_t line_read(struct line_reader *r);
/* Where a line of that number stands: *cell is of a notebook, counted from 1 over all its cells, 0 of any other script;
 * *line is counted within it. */
void line_place(int number, int *cell, int *line);
void line_close(struct line_reader *r);

#endif
