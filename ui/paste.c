/* paste.c: a bracketed paste, collected byte by byte and cleaned. */
#include "paste.h"
#include "keys.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define ESC 0x1b

const char ui_paste_end[] = "\033[201~";

static void
paste_add(struct ui_paste *p, const void *s, size_t n)
{
	if (p->n > UI_KEYS_PASTE - n) { /* n is few bytes */
		p->n += n;
		return;
	}
	if (p->n + n + 1 > p->cap) {
		p->cap = (p->n + n + 1) * 2;
		p->text = ui_realloc(p->text, p->cap, 1);
	}
	memcpy(p->text + p->n, s, n);
	p->n += n;
}

bool
ui_paste_byte(struct ui_paste *p, unsigned char c)
{
	if (c == (unsigned char)ui_paste_end[p->mark])
		return ui_paste_end[++p->mark] == '\0';
	paste_add(p, ui_paste_end, p->mark); /* it was no end */
	p->mark = c == ESC;
	if (c != ESC)
		paste_add(p, &c, 1);
	return false;
}

/* Carriage returns become newlines, tabs blanks; other controls go, broken characters too, and newlines at the end:
 * Enter is the user's. */
static size_t
paste_clean(char *text, size_t size)
{
	size_t n = 0, len;

	for (size_t i = 0; i < size; i += len) {
		unsigned char c = (unsigned char)text[i];
		mbstate_t state = {0};

		len = 1;
		if (c == '\r' && i + 1 < size && text[i + 1] == '\n')
			continue;
		if (c >= 0x80) {
			size_t r = mbrtowc(NULL, text + i, size - i, &state);

			if (r - 1 >= size - i) /* 0 is none either */
				continue;
			len = r;
			memmove(text + n, text + i, len);
			n += len;
		} else if (c == '\r' || c == '\n')
			text[n++] = '\n';
		else if (c == '\t')
			text[n++] = ' ';
		else if (c >= ' ' && c != 0x7f)
			text[n++] = (char)c;
	}
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return n;
}

char *
ui_paste_take(struct ui_paste *p, size_t *size)
{
	char *text = p->text;
	size_t n = text != NULL && p->n <= UI_KEYS_PASTE ? paste_clean(text, p->n) : 0;

	*size = p->n;
	*p = (struct ui_paste){0};
	if (n == 0) {
		free(text);
		return NULL;
	}
	text[n] = '\0';
	return text;
}

void
ui_paste_drop(struct ui_paste *p)
{
	free(p->text);
	*p = (struct ui_paste){0};
}
