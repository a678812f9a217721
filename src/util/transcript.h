/* transcript.h: what was asked in a session and what was answered, kept for whoever writes it down at its end.
 *
 * out.h adds each line that it prints; script/say.c adds the commands, from wherever they come. It is bounded: beyond
 * TRANSCRIPT_MAX bytes the oldest commands go, with their answers.
 */
#ifndef TRANSCRIPT_H
#define TRANSCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#define TRANSCRIPT_MAX ((size_t)8 << 20) /* bytes of text and pictures */
#define TRANSCRIPT_PICTURE_MAX ((size_t)2 << 20) /* of one picture */

struct transcript_line {
	char *text; /* without escapes of a terminal */
	int style; /* enum out_style */
	bool error;
};

/* A command and what it answered, or a remark. */
struct transcript_cell {
	struct transcript_cell *next;
	unsigned long id; /* from 1 */
	char *text; /* as typed; of a remark its lines */
	bool remark;
	bool python; /* the text is lines of Python */
	char *means; /* of those: the command whose answer it is; NULL: none */
	int run; /* the number of the run that it has started; 0: none */
	char *cut_at; /* where that was cut last, in words; NULL: it was not */
	bool whole; /* it was cut, and a later command went on with it to its end */
	char *changed; /* what had changed in between, and where: "epoch 2, batch 17: freeze dense"; NULL: nothing */
	bool resumes; /* it went on with a run of a cell before it */
	bool beside; /* it acted beside a job */
	bool brought; /* it has brought a session from a file, which was made by other commands */
	bool canvas; /* it opened the canvas, */
	unsigned char *ink; /* on which this was drawn, as long as no other command came; NULL: nothing */
	struct transcript_line *line;
	size_t n, cut; /* lines, and those that were too many */
	/* what it exported: "png" or "svg" */
	const char *format;
	char *path;
	unsigned char *picture; /* NULL: none */
	size_t bytes;
	size_t size; /* of all of it */
};

struct transcript {
	struct transcript_cell *first, *last;
	struct transcript_cell *at; /* whose answer comes; NULL: nobody's */
	unsigned long ids;
	size_t size, gone; /* bytes, and commands that went */
};

/* Its answer comes next. Returns a number for it, from 1. */
unsigned long transcript_command(struct transcript *t, const char *text);
void transcript_remark(struct transcript *t, const char *text); /* joins the one just before it */
/* A line of Python in the cell of that number, which goes on, or (0) in a new one, and its answer comes next; returns
 * which. */
unsigned long transcript_python(struct transcript *t, unsigned long id, const char *line);
/* The same as transcript_command of what such a cell means: that has it, and is the newest now. A second command has a
 * cell of its own. */
unsigned long transcript_means(struct transcript *t, unsigned long id, const char *text);
void transcript_drop(struct transcript *t, unsigned long id); /* it was no Python */
/* What comes next is the answer of that command; returns whose it was before. 0, and one that went: nobody's. */
unsigned long transcript_to(struct transcript *t, unsigned long id);
/* A line of the answer that comes; what comes before any command is nobody's. */
void transcript_line(struct transcript *t, bool error, int style, const char *text);
/* What that command has exported. Takes the bytes over; format is a constant. */
void transcript_picture(struct transcript *t, const char *format, const char *path, unsigned char *picture,
    size_t bytes);
/* The command whose answer comes has started, or gone on with, the run of that number, which has ended or, not NULL,
 * was cut there. changed: what it went on with otherwise than that was cut; NULL: nothing. */
void transcript_ran(struct transcript *t, int run, const char *cut, const char *changed);
void transcript_canvas(struct transcript *t); /* that command has opened the canvas */
/* What is on the canvas now, n bytes: of the command that has opened it, if it is the newest; else of one that opens it
 * once more. */
void transcript_drawn(struct transcript *t, const unsigned char *ink, size_t n);
void transcript_brought(struct transcript *t); /* that command has brought a session from a file */
void transcript_clear(struct transcript *t);

#endif
