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
	char *text; /* as typed; of a remark its lines */
	bool remark;
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
	size_t size, gone; /* bytes, and commands that went */
};

void transcript_command(struct transcript *t, const char *text);
void transcript_remark(struct transcript *t, const char *text); /* joins the one just before it */
/* A line of the last command's answer; what comes before any command is nobody's. */
void transcript_line(struct transcript *t, bool error, int style, const char *text);
/* What the last command has exported. Takes the bytes over; format is a constant. */
void transcript_picture(struct transcript *t, const char *format, const char *path, unsigned char *picture,
    size_t bytes);
void transcript_clear(struct transcript *t);

#endif
