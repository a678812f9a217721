/* mem.c: small allocations that cannot fail, and UTF-8. */
#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
ui_die(void)
{
	fputs("thaw: error: out of memory\n", stderr);
	abort();
}

void *
ui_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (p == NULL)
		ui_die();
	return p;
}

void *
ui_realloc(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		ui_die();
	p = realloc(p, n != 0 && size != 0 ? n * size : 1);
	if (p == NULL)
		ui_die();
	return p;
}

char *
ui_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = ui_alloc(len + 1, 1);

	memcpy(p, s, len);
	return p;
}

char *
ui_strdup(const char *s)
{
	return s != NULL ? ui_strndup(s, strlen(s)) : NULL;
}

void *
ui_grow(void *p, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap != 0 ? *cap * 2 : 8;
	return ui_realloc(p, *cap, size);
}

size_t
ui_utf8_len(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if (len == 3 && ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] >= 0xa0)))
		return 0;
	if (len == 4 && ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] >= 0x90)))
		return 0;
	return len;
}

const char *
ui_utf8_next(const char *text, uint32_t *code)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = ui_utf8_len(text, strnlen(text, 4));

	if (n <= 1) {
		*code = n == 1 ? s[0] : 0xfffd;
		return text + 1;
	}
	*code = s[0] & (0xff >> (n + 1));
	for (size_t i = 1; i < n; i++)
		*code = *code << 6 | (s[i] & 0x3f);
	return text + n;
}
