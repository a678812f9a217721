/* words.c: text that has no room in a row: broken into rows, or cut, between its words. */
#include "canvas.h"

#include <string.h>

static int
char_cells(uint32_t code)
{
	int w = ui_char_cells(code);

	return w < 0 ? 1 : w;
}

/* Columns up to the next blank. */
static int
word_cells(const char *s)
{
	int cells = 0;
	uint32_t code;

	while (*s != '\0' && *s != ' ') {
		s = ui_char_next(s, &code);
		cells += char_cells(code);
	}
	return cells;
}

/* ---- broken ---- */

/* Where the row ends that begins at `text`, which is not empty: behind its last blanks. */
static const char *
row_end(const char *text, int cells, int next_cells)
{
	const char *s = text, *blank = NULL; /* behind the last blanks of the row */
	bool begun = false; /* there is more than blanks in it */
	int used = 0;

	while (*s != '\0') {
		uint32_t code;
		const char *next = ui_char_next(s, &code);

		used += char_cells(code);
		if (code == ' ' && begun) { /* where it ends the row, it may stand beyond the edge */
			s = next + strspn(next, " ");
			used += (int)(s - next);
			blank = s;
			continue;
		}
		if (used > cells && s > text) /* a word that is longer than a row is cut */
			return blank != NULL && (blank == s || word_cells(blank) <= next_cells) ? blank : s;
		begun |= code != ' ';
		s = next;
	}
	return s;
}

int
ui_words_wrap(const char *text, int cells, int indent, size_t *ends, int most)
{
	const char *s = text;
	int rows = 0, next;

	indent = cells - indent < 8 ? 0 : indent;
	next = cells - indent;
	do {
		s = row_end(s, rows == 0 ? cells : next, next);
		if (rows < most)
			ends[rows] = (size_t)(s - text);
		rows++;
	} while (*s != '\0');
	return rows;
}

/* ---- cut ---- */

size_t
ui_words_fit(const char *text, int cells)
{
	const char *s = text;
	size_t fit = 0;
	int used = 0;
	uint32_t code;

	while (*s != '\0') {
		s = ui_char_next(s, &code);
		if ((used += char_cells(code)) > cells)
			break;
		if (code != ' ' && (*s == ' ' || *s == '\0'))
			fit = (size_t)(s - text);
	}
	while (fit > 0 && strchr(",;:", text[fit - 1]) != NULL)
		fit--;
	return fit;
}
