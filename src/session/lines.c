/* lines.c: the lines of a script, joined where one ends in a backslash. */
#include "session/lines.h"

#include <stdlib.h>
#include <string.h>

/* Reads one line as it stands behind what is in text already. Returns the new length, -1 at the end, -2 for a NUL
 * byte. */
static ssize_t
line_append(struct line_reader *r, size_t have)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, r->f);

	if (n < 0) {
		free(line);
		return -1;
	}
	r->next++;
	if (memchr(line, '\0', n) != NULL) {
		free(line);
		return -2;
	}
	while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
		line[--n] = '\0';
	if (have + n + 1 > r->cap) {
		r->cap = (have + n + 1) * 2;
		r->text = realloc(r->text, r->cap);
		if (r->text == NULL)
			abort();
	}
	memcpy(r->text + have, line, n + 1);
	free(line);
	return have + n;
}

ssize_t
line_read(struct line_reader *r)
{
	ssize_t n, more;

	r->number = r->next + 1;
	n = line_append(r, 0);
	if (n >= 3 && r->number == 1 && memcmp(r->text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
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

void
line_reader_free(struct line_reader *r)
{
	free(r->text);
	r->text = NULL;
	r->cap = 0;
}
