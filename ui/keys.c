/* keys.c: bytes from a terminal, sorted. One buffer holds what is not whole yet: at most one key, since whole ones leave at once. */
#include "keys.h"
#include "mem.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define LONGEST 48 /* of an escape sequence */

static const unsigned char paste_begin[] = "\033[200~", paste_end[] = "\033[201~";
#define MARK (sizeof paste_end - 1)

struct ui_keys {
	struct ui_keys_calls calls;
	unsigned char in[4096];
	size_t at, n; /* of in: what is next, and where it ends; at is 0 outside of keys_sort */
	bool pasting;
	char *paste;
	size_t npaste, cap; /* npaste: how long it is; beyond UI_KEYS_PASTE it is only counted */
};

struct ui_keys *
ui_keys_new(const struct ui_keys_calls *calls)
{
	struct ui_keys *k = ui_alloc(1, sizeof *k);

	k->calls = *calls;
	return k;
}

void
ui_keys_free(struct ui_keys *k)
{
	if (k == NULL)
		return;
	free(k->paste);
	free(k);
}

void
ui_keys_drop(struct ui_keys *k)
{
	k->at = k->n = k->npaste = 0;
	k->pasting = false;
}

bool
ui_keys_wait(const struct ui_keys *k)
{
	return k->n > 0 && !k->pasting;
}

bool
ui_keys_pasting(const struct ui_keys *k)
{
	return k->pasting;
}

/* ---- pastes ---- */

static void
paste_add(struct ui_keys *k, const unsigned char *s, size_t n)
{
	if (n > UI_KEYS_PASTE || k->npaste > UI_KEYS_PASTE - n) {
		k->npaste += n;
		return;
	}
	if (k->npaste + n + 1 > k->cap) {
		k->cap = (k->npaste + n + 1) * 2;
		k->paste = ui_realloc(k->paste, k->cap, 1);
	}
	memcpy(k->paste + k->npaste, s, n);
	k->npaste += n;
}

/* Carriage returns become newlines, tabs blanks; other controls go, broken characters too, and newlines at the end: Enter is the user's. */
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

			if (r == 0 || r > size - i)
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

static void
paste_done(struct ui_keys *k)
{
	char *text = k->paste;
	size_t size = k->npaste, n = text != NULL && size <= UI_KEYS_PASTE ? paste_clean(text, size) : 0;

	k->pasting = false;
	k->paste = NULL;
	k->npaste = k->cap = 0;
	if (size > UI_KEYS_PASTE)
		k->calls.refused(k->calls.arg, size);
	else if (n > 0) {
		text[n] = '\0';
		k->calls.paste(k->calls.arg, text);
	}
	free(text);
}

/* Takes what belongs to the paste; returns how many bytes. Fewer than there are: it has ended, or a beginning of its end waits. */
static size_t
paste_take(struct ui_keys *k, const unsigned char *s, size_t n)
{
	const unsigned char *end = memmem(s, n, paste_end, MARK);
	size_t keep = 0;

	if (end != NULL) {
		paste_add(k, s, (size_t)(end - s));
		paste_done(k);
		return (size_t)(end - s) + MARK;
	}
	for (size_t i = 1; i < MARK && i <= n; i++)
		if (memcmp(s + n - i, paste_end, i) == 0)
			keep = i;
	paste_add(k, s, n - keep);
	return n - keep;
}

/* ---- keys ---- */

/* Length of the whole key at s, 0 while it is not whole. */
static size_t
key_length(const unsigned char *s, size_t n)
{
	size_t i = 1;

	if (s[0] != '\033') {
		size_t len = s[0] < 0xc2 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 1;

		for (; i < len && i < n; i++)
			if ((s[i] & 0xc0) != 0x80)
				return i;
		return i < len ? 0 : len;
	}
	if (n < 2)
		return 0;
	if (s[1] == '[') { /* CSI: parameters, then a final byte */
		for (i = 2; i < n && i < LONGEST; i++)
			if (s[i] >= 0x40 && s[i] <= 0x7e)
				return i + 1;
			else if (s[i] < 0x20 || s[i] > 0x7e)
				return i;
		return i == LONGEST ? i : 0;
	}
	if (s[1] == 'O')
		return n < 3 ? 0 : 3;
	if (s[1] == '\033')
		return 1;
	i = key_length(s + 1, n - 1);
	return i > 0 ? 1 + i : 0;
}

/* Whether the key holds a byte that is no text in the locale. */
static bool
key_broken(const unsigned char *s, size_t n)
{
	mbstate_t state = {0};

	while (n > 0 && s[0] < 0x80)
		s++, n--;
	return n > 0 && mbrtowc(NULL, (const char *)s, n, &state) != n;
}

/* ESC [ < button ; x ; y M (press) or m (release). */
static void
key_mouse(struct ui_keys *k, const unsigned char *s, size_t n)
{
	char text[LONGEST + 1];
	const char *at = text + 3;
	long value[3];

	memcpy(text, s, n);
	text[n] = '\0';
	if (text[n - 1] != 'M')
		return;
	for (int i = 0; i < 3; i++, at++) {
		char *end;

		value[i] = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : -1;
		if (value[i] < 0 || value[i] > INT_MAX || *end != (i < 2 ? ';' : 'M'))
			return;
		at = end;
	}
	if ((value[0] & 32) == 0) /* no movement */
		k->calls.mouse(k->calls.arg, (int)(value[0] & 67), (int)value[1] - 1, (int)value[2] - 1);
}

static void
keys_sort(struct ui_keys *k, bool expired)
{
	while (k->at < k->n) {
		const unsigned char *s = k->in + k->at;
		size_t left = k->n - k->at, n;

		if (k->pasting) {
			if ((n = paste_take(k, s, left)) == 0)
				break;
			k->at = k->at + n < k->n ? k->at + n : k->n; /* whoever got it may have dropped the rest */
			continue;
		}
		if ((n = key_length(s, left)) == 0) {
			if (!expired)
				break;
			n = left > 1 && s[0] == '\033' ? 2 : 1; /* half of something: as single keys */
		}
		k->at += n;
		if (n == MARK && memcmp(s, paste_begin, MARK) == 0)
			k->pasting = true;
		else if (n > 3 && memcmp(s, "\033[<", 3) == 0)
			key_mouse(k, s, n);
		else if (!key_broken(s, n))
			k->calls.key(k->calls.arg, s, n);
	}
	memmove(k->in, k->in + k->at, k->n - k->at);
	k->n -= k->at;
	k->at = 0;
}

void
ui_keys_put(struct ui_keys *k, const void *bytes, size_t n)
{
	const unsigned char *s = bytes;

	while (n > 0) {
		size_t part = n < sizeof k->in - k->n ? n : sizeof k->in - k->n;

		memcpy(k->in + k->n, s, part);
		k->n += part;
		s += part;
		n -= part;
		keys_sort(k, false);
	}
}

void
ui_keys_expire(struct ui_keys *k)
{
	keys_sort(k, true);
}
