/* lines.c: the lines of a script, joined where one ends in a backslash.
 *
 * A pipe may say nothing for long: what is read is waited for, and a signal ends the wait.
 */
#include "session/lines.h"

#include "util/out.h"
#include "util/reach.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
line_open_fd(struct line_reader *r, int fd)
{
	r->fd = fd;
	r->error = r->number = r->next = 0;
	r->text = NULL;
	r->cap = r->at = r->have = r->nheld = r->at_held = 0;
	r->held = NULL;
	r->cell = NULL;
	r->ncell = 0;
	r->why[0] = '\0';
	r->skip = false;
}

/* A text of JSON, or an array of its lines. */
static char *
notebook_text(const json_t *source)
{
	struct str b = {0};
	const char *text = json_string_value(source);
	size_t i;
	json_t *line;

	str_add(&b, "%s", text != NULL ? text : "");
	json_array_foreach(source, i, line)
		str_add(&b, "%s", json_is_string(line) ? json_string_value(line) : "");
	return b.s;
}

/* How many lines end in a text. */
static int
notebook_lines(const char *from, const char *to)
{
	int n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* The cells of commands, one below the other; NULL: there are none. What stands behind the magic is the first line. */
static char *
notebook_script(struct line_reader *r, const json_t *book)
{
	static const char magic[] = "%%thaw";
	struct str b = {0};
	size_t i, n;
	json_t *cell;
	int at = 1;

	json_array_foreach(json_object_get(book, "cells"), i, cell) {
		char *text = notebook_text(json_object_get(cell, "source")), *from = text + strspn(text, " \t\r\n");

		n = sizeof magic - 1;
		if (strncmp(from, magic, n) == 0 && strchr(" \t\r\n", from[n]) != NULL) {
			from += n + strspn(from + n, " \t\r");
			from += *from == '\n';
			r->cell = xrealloc(r->cell, (size_t)r->ncell + 1, sizeof *r->cell);
			r->cell[r->ncell++] = (struct line_cell){at, (int)i + 1, 1 + notebook_lines(text, from)};
			str_add(&b, "%s\n", from);
			at += notebook_lines(from, from + strlen(from)) + 1;
		}
		free(text);
	}
	return b.s;
}

/* What is wrong with what is no JSON: its place, and not what stands there. */
static void
notebook_damaged(struct line_reader *r, const json_error_t *why)
{
	const char *near = strstr(why->text, " near ");

	snprintf(r->why, sizeof r->why, "it is no notebook of Jupyter, or a damaged one (line %d, column %d: %.*s)",
	    why->line, why->column, near != NULL ? (int)(near - why->text) : (int)strlen(why->text), why->text);
}

#define NOTEBOOK_MAX ((off_t)64 << 20) /* bytes, with its pictures */

/* Reads a notebook's commands. -1 with errno, and closed; 0 also where it is none, as far as its content goes. */
static int
line_open_notebook(struct line_reader *r)
{
	struct stat st;
	bool no_memory = false, braced;
	json_error_t why;
	json_t *book;
	char *text;
	ssize_t n;

	if (fstat(r->fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > NOTEBOOK_MAX ||
	    (text = malloc((size_t)st.st_size + 1)) == NULL)
		return 0;
	n = pread(r->fd, text, (size_t)st.st_size, 0);
	text[n > 0 ? n : 0] = '\0';
	braced = text[strspn(text, " \t\r\n")] == '{'; /* as no script begins */
	book = n > 0 ? out_json_parse(text, (size_t)n, &no_memory, &why) : NULL;
	free(text);
	if (book == NULL && (no_memory || !braced))
		return 0;
	if (book == NULL)
		notebook_damaged(r, &why);
	else if (json_is_array(json_object_get(book, "worksheets")))
		snprintf(r->why, sizeof r->why, "it is a notebook of nbformat 3; convert it by `jupyter nbconvert --to "
		    "notebook --nbformat 4`");
	r->held = notebook_script(r, book);
	r->nheld = r->held != NULL ? strlen(r->held) : 0;
	json_decref(book);
	if (r->held != NULL)
		return 0;
	close(r->fd);
	r->fd = -1;
	errno = ENOMSG;
	return -1;
}

int
line_open(struct line_reader *r, const char *path)
{
	line_open_fd(r, reach_open(path, 0));
	if (r->fd >= 0 && text_ends(path, ".ipynb"))
		return line_open_notebook(r);
	return r->fd < 0 ? -1 : 0;
}

const char *
line_why(const struct line_reader *r, int error)
{
	return r->why[0] != '\0' ? r->why : reach_why(error);
}

void
line_close(struct line_reader *r)
{
	if (r->fd > STDERR_FILENO)
		close(r->fd);
	free(r->text);
	free(r->held);
	free(r->cell);
}

/* Takes more into the buffer. False at the end, after a signal and after an error, which is left in r->error. */
static bool
line_fill(struct line_reader *r)
{
	struct pollfd fd[2] = {{r->fd, POLLIN, 0}, {signals_fd(), POLLIN, 0}};
	ssize_t n;

	if (r->held != NULL) {
		r->at = 0;
		r->have = r->nheld - r->at_held < sizeof r->buf ? r->nheld - r->at_held : sizeof r->buf;
		memcpy(r->buf, r->held + r->at_held, r->have);
		r->at_held += r->have;
		return r->have > 0;
	}
	while (signals_pending() == 0) {
		/* A signal that asks for no end is left for whoever serves it. */
		bool served = fd[1].revents == 0;

		if (poll(fd, served ? 2 : 1, served ? -1 : 100) < 0 && errno != EINTR)
			break;
		if (fd[0].revents == 0)
			continue;
		if ((n = read(r->fd, r->buf, sizeof r->buf)) >= 0) {
			r->at = 0;
			r->have = (size_t)n;
			return n > 0;
		}
		if (errno != EINTR && errno != EAGAIN) {
			r->error = errno;
			break;
		}
	}
	return false;
}

/* Reads one line as it stands behind what is in text already. Returns the new length, -1 at the end, -2 for a NUL
 * byte. */
static ssize_t
line_append(struct line_reader *r, size_t have)
{
	size_t first = have, n;
	char *end = NULL;
	bool some = false;

	while (end == NULL && (r->at < r->have || line_fill(r))) {
		const char *from = r->buf + r->at;

		end = memchr(from, '\n', r->have - r->at);
		n = end != NULL ? (size_t)(end - from) : r->have - r->at;
		r->at += n + (end != NULL);
		if (r->skip) {
			r->skip = end == NULL;
			end = NULL;
			continue;
		}
		some = true;
		if (have + n + 1 > r->cap) {
			r->cap = (have + n + 1) * 2;
			r->text = xrealloc(r->text, r->cap, 1);
		}
		memcpy(r->text + have, from, n);
		have += n;
		if (memchr(from, '\0', n) != NULL) {
			r->skip = end == NULL;
			r->next++;
			return -2;
		}
	}
	if (!some || signals_pending() != 0)
		return -1;
	r->next++;
	while (have > first && r->text[have - 1] == '\r')
		have--;
	r->text[have] = '\0';
	return (ssize_t)have;
}

#define CELL_LINES 65536 /* that one number tells, below those of other scripts; so many cells, too, by half */

/* The number of a line that is the at-th of all cells of commands. */
static int
line_number(const struct line_reader *r, int at)
{
	int i = r->ncell - 1, line;

	if (i < 0)
		return at;
	while (i > 0 && r->cell[i].at > at)
		i--;
	line = r->cell[i].line + at - r->cell[i].at;
	return INT_MIN + (r->cell[i].cell < CELL_LINES / 2 ? r->cell[i].cell : CELL_LINES / 2 - 1) * CELL_LINES +
	    (line < CELL_LINES ? line : CELL_LINES - 1);
}

void
line_place(int number, int *cell, int *line)
{
	int place = number < 0 ? number - INT_MIN : 0;

	*cell = place / CELL_LINES;
	*line = number < 0 ? place % CELL_LINES : number;
}

ssize_t
line_read(struct line_reader *r)
{
	ssize_t n, more;

	bool first = r->next == 0;

	r->number = line_number(r, r->next + 1);
	n = line_append(r, 0);
	if (n >= 3 && first && memcmp(r->text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
		memmove(r->text, r->text + 3, n - 2);
		n -= 3;
	}
	while (n > 0 && r->text[n - 1] == '\\') {
		r->text[n - 1] = ' ';
		more = line_append(r, n);
		if (more == -1)
			break;
		if (more < 0)
			return more;
		n = more;
	}
	return n;
}
