/* rich.c: text in the cells of a table, broken as the library rich does it, which Keras 3 draws its summary with. */
#include "keras/rich.h"

#include <stdio.h>
#include <string.h>

/* Offsets at which a line of `width` cells breaks. A word longer than a line gets lines of its own: it is folded, or,
 * without fold, left whole for the caller to cut. Text here is ASCII, so that a byte is a cell. */
static int
break_offsets(const char *s, int width, bool fold, int offset[RICH_LINES])
{
	int n = 0, used = 0, at = 0, len = (int)strlen(s);

	while (at < len && n < RICH_LINES - 1) {
		int start = at, word, end;

		while (s[at] == ' ')
			at++;
		while (at < len && s[at] != ' ')
			at++;
		word = at - start;
		while (s[at] == ' ')
			at++;
		end = at;
		if (width - used >= word)
			used += end - start;
		else if (word > width && fold) {
			for (int from = start; from < end && n < RICH_LINES - 1; from += width) {
				if (from > 0)
					offset[n++] = from;
				used = end - from < width ? end - from : width;
			}
		} else {
			if (start > 0 && (used > 0 || word > width))
				offset[n++] = start;
			used = end - start;
		}
	}
	return n;
}

int
rich_cell(const char *s, int width, enum rich_align align, bool utf8, char line[RICH_LINES][RICH_CELL + 4])
{
	int offset[RICH_LINES], n = break_offsets(s, width, false, offset), len = (int)strlen(s);

	for (int i = 0; i <= n; i++) {
		int from = i == 0 ? 0 : offset[i - 1], to = i == n ? len : offset[i], left = 0;
		char *at = line[i];

		while (to > from && s[to - 1] == ' ' && (align != RICH_LEFT || to - from > width))
			to--;
		if (to - from > width) {
			at += sprintf(at, "%.*s%s", width - 1, s + from, utf8 ? "…" : ".");
			*at = '\0';
			continue;
		}
		if (align == RICH_CENTER)
			left = (width - (to - from)) / 2;
		else if (align == RICH_RIGHT)
			left = width - (to - from);
		sprintf(at, "%*s%.*s%*s", left, "", to - from, s + from, width - left - (to - from), "");
	}
	return n + 1;
}

void
rich_fold(struct str *b, const char *s, int width)
{
	int offset[RICH_LINES], n = break_offsets(s, width, true, offset), len = (int)strlen(s);

	for (int i = 0; i <= n; i++) {
		int from = i == 0 ? 0 : offset[i - 1], to = i == n ? len : offset[i];

		while (to - from > width && s[to - 1] == ' ')
			to--;
		str_add(b, "%.*s\n", to - from < width ? to - from : width, s + from);
	}
}
