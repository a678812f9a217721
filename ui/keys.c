/* keys.c: bytes from a terminal, sorted, one after the other. What is not whole yet is kept: at most one key. */
#include "keys.h"
#include "kitty.h"
#include "mem.h"
#include "paste.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define ESC 0x1b
#define LONGEST 48 /* of a sequence that can be a key; the rest of a longer one is passed over */
#define REPLY 1024 /* the same of what a terminal answers as text */

enum { /* milliseconds */
	PAUSE_KEY = 40, /* what has come is a key */
	PAUSE_ALT = 100, /* ESC where it means nothing by itself: a person's next key is not meant with Alt */
	PAUSE_LATE = 300, /* the same, though it is rather the beginning of a sequence */
	PAUSE_TEXT = 1000, /* text behind Alt with a bracket, which may be an answer of the terminal */
};

static const char paste_begin[] = "\033[200~";
#define MARK (sizeof paste_begin - 1)

struct ui_keys {
	struct ui_keys_calls calls;
	unsigned char in[REPLY]; /* half a key */
	size_t n;
	bool over; /* it is too long to be one, and not all of it is kept */
	bool late; /* the last key was ESC alone */
	bool given; /* in[0] is that ESC, of which more has come */
	unsigned drops; /* how often ui_keys_drop was called */
	bool pasting;
	struct ui_paste paste;
	bool spilled; /* there was an interrupt: what comes may be the rest of a paste */
	unsigned char *spill; /* what has come since the last pause */
	size_t nspill, spill_cap;
	bool flood; /* more than the longest paste, so that it is none of the keys */
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
	ui_paste_drop(&k->paste);
	free(k->spill);
	free(k);
}

void
ui_keys_drop(struct ui_keys *k)
{
	k->n = k->nspill = 0;
	ui_paste_drop(&k->paste);
	k->pasting = k->over = k->late = k->given = k->flood = false;
	k->spilled = true;
	k->drops++;
}

bool
ui_keys_begun(const struct ui_keys *k)
{
	return k->n > 0 || k->pasting;
}

static void
paste_done(struct ui_keys *k)
{
	size_t size;
	char *text = ui_paste_take(&k->paste, &size);

	k->pasting = false;
	if (size > UI_KEYS_PASTE)
		k->calls.refused(k->calls.arg, size);
	else if (text != NULL)
		k->calls.paste(k->calls.arg, text);
	free(text);
}

/* ---- whole keys ---- */

/* Takes the first n bytes out of what is kept. */
static void
cut(struct ui_keys *k, size_t n)
{
	memmove(k->in, k->in + n, k->n - n);
	k->n -= n;
}

static void
give(struct ui_keys *k, size_t n)
{
	unsigned char s[LONGEST];

	memcpy(s, k->in, n);
	cut(k, n);
	k->given = false;
	k->late = n == 1 && s[0] == ESC;
	k->calls.key(k->calls.arg, s, n);
}

static bool
alone(const struct ui_keys *k, size_t n)
{
	return k->calls.alone(k->calls.arg, k->in, n);
}

/* ESC [ < button ; x ; y M (press) or m (release). */
static void
mouse(struct ui_keys *k, const unsigned char *s, size_t n)
{
	char text[LONGEST + 1];
	const char *at = text + 3;
	long value[3];

	memcpy(text, s, n);
	text[n] = '\0';
	if (text[n - 1] != 'M' && text[n - 1] != 'm')
		return;
	for (int i = 0; i < 3; i++, at++) {
		char *end;

		value[i] = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : -1;
		if (value[i] < (i > 0) || value[i] > INT_MAX || *end != (i < 2 ? ';' : text[n - 1]))
			return;
		at = end;
	}
	value[0] &= UI_MOUSE_BUTTON | UI_MOUSE_SHIFT | UI_MOUSE_MOVES | UI_MOUSE_WHEEL;
	k->calls.mouse(k->calls.arg, (int)value[0] | (text[n - 1] == 'm' ? UI_MOUSE_UP : 0), (int)value[1] - 1,
	    (int)value[2] - 1);
}

/* The callback may drop what is kept. */
static void
answer(struct ui_keys *k, const unsigned char *s, size_t n)
{
	char text[REPLY];

	memcpy(text, s, n);
	k->n = 0;
	if (k->calls.answer != NULL)
		k->calls.answer(k->calls.arg, text, n);
}

/* All that is kept is one sequence; an ESC before a paste or a report of the mouse has nothing to do with it. */
static void
whole(struct ui_keys *k)
{
	size_t at = k->in[1] == ESC, n = k->n - at;
	const unsigned char *s = k->in + at;

	if (!k->over && ui_kitty_is_answer((const char *)s, n))
		answer(k, s, n);
	else if (k->over || k->n > LONGEST) /* it cannot be a key */
		k->n = 0;
	else if (n == MARK && memcmp(s, paste_begin, MARK) == 0) {
		k->n = 0;
		k->pasting = true;
	} else if (n > 3 && memcmp(s, "\033[<", 3) == 0) {
		unsigned char report[LONGEST];

		memcpy(report, s, n);
		k->n = 0;
		mouse(k, report, n);
	} else
		give(k, k->n);
	k->over = k->given = false;
}

/* ---- sequences, byte by byte ---- */

enum step {
	MORE, /* the byte belongs to it */
	PASS, /* so it does, but need not be kept */
	END, /* it is its last */
	WITHOUT, /* the sequence ends before it, and is dropped */
	NONE, /* there is no sequence: what was kept are keys */
};

/* ESC [ parameters final; s[at] is the bracket. */
static enum step
step_csi(const unsigned char *s, size_t n, size_t at, unsigned char c)
{
	if (n == at + 2 && s[at + 1] == '[') /* a function key of the Linux console: one letter follows */
		return c >= ' ' && c < 0x7f ? END : WITHOUT;
	if (n >= at + 2 && s[at + 1] == 'M') /* the mouse as it once was: three bytes */
		return c < ' ' ? WITHOUT : n < at + 4 ? MORE : END;
	if (c == 0 || c >= 0x7f)
		return PASS; /* noise on the line */
	if (c < ' ')
		return WITHOUT;
	if (n == at + 1 && (c == '[' || c == 'M'))
		return MORE;
	if (c == '$' && n > at + 1 && strspn((const char *)s + at + 1, "0123456789") == n - at - 1)
		return END; /* with Shift, as rxvt has it */
	return c >= 0x40 ? END : MORE;
}

/* ESC O and a letter; old terminals put the modifiers between. */
static enum step
step_ss3(unsigned char c)
{
	return (c >= '0' && c <= '9') || c == ';' ? MORE : c >= 0x40 && c < 0x7f ? END : NONE;
}

/* ESC ] P _ ^ X, text, and BEL or ESC \. */
static enum step
step_text(const struct ui_keys *k, unsigned char c)
{
	bool answer = k->n > 2 && ui_kitty_begins(k->in[1], k->in[2]);

	if (k->n > 2 && k->in[k->n - 1] == ESC)
		return c == '\\' ? END : answer ? WITHOUT : NONE;
	if (c == '\a' && k->n > 2)
		return END;
	if (c == ESC)
		return k->n > 2 ? MORE : NONE;
	if (c == 0 || c == 0x7f)
		return PASS;
	if (c < ' ')
		return NONE;
	/* Where Alt with that letter, or the letter behind ESC, means something, only what looks like an answer is
	 * one. */
	return k->n == 2 && !ui_kitty_begins(k->in[1], c) && (k->given || alone(k, 2)) ? NONE : MORE;
}

static bool
is_text(unsigned char c)
{
	return c != 0 && strchr("]P_^X", c) != NULL;
}

static void keys_byte(struct ui_keys *k, unsigned char c);

/* What was kept are keys: Alt with the first, then the others as they are. */
static void
apart(struct ui_keys *k)
{
	unsigned char s[REPLY];
	size_t n = k->n, from = k->given ? 1 : 2;
	unsigned drops = k->drops;
	bool over = k->over;

	memcpy(s, k->in, n);
	if (k->given) {
		k->n = 0;
		k->given = k->late = false;
	} else {
		k->n = 2;
		give(k, 2);
	}
	k->over = false;
	for (size_t i = from; i < n && !over && drops == k->drops; i++)
		keys_byte(k, s[i]);
}

/* A byte behind ESC and at least one more; false: it does not belong to them and comes next. */
static bool
sequence(struct ui_keys *k, unsigned char c)
{
	size_t at = k->in[1] == ESC, most = is_text(k->in[1]) ? REPLY : LONGEST;
	bool escape = k->n > 2 && k->in[k->n - 1] == ESC; /* text, whose end this ESC may have begun */
	unsigned drops = k->drops;
	unsigned char kind = k->in[1 + at];
	enum step step = kind == '[' ? step_csi(k->in, k->n, 1 + at, c) : kind == 'O' ? step_ss3(c) : step_text(k, c);

	switch (step) {
	case MORE:
	case END:
		if (k->n + 1 < most) /* the string functions find an end */
			k->in[k->n++] = c;
		else {
			k->over = true;
			k->in[k->n - 1] = c; /* of text, how it ends */
		}
		k->in[k->n] = '\0';
		if (step == END)
			whole(k);
		return true;
	case PASS:
		return true;
	case WITHOUT:
		k->n = 0;
		k->over = k->given = false;
		break;
	case NONE:
		k->n -= escape;
		apart(k);
		break;
	}
	if (escape && drops == k->drops)
		keys_byte(k, ESC);
	return false;
}

/* What is kept begins with a character, or with ESC and one. Gives it when it is whole, and drops it when it is
 * none. */
static void
character(struct ui_keys *k, size_t at)
{
	mbstate_t state = {0};
	wchar_t w;
	size_t r = mbrtowc(&w, (const char *)k->in + at, k->n - at, &state);
	unsigned char last = k->in[k->n - 1];

	if (r == (size_t)-2)
		return;
	if (r != (size_t)-1)
		give(k, k->n);
	else {
		bool again = k->n > at + 1; /* the last byte may begin one */

		k->n = 0;
		if (again)
			keys_byte(k, last);
	}
}

/* Two ESC and a byte: Alt with a sequence, or a key before another. */
static void
escapes(struct ui_keys *k, unsigned char c)
{
	unsigned drops = k->drops;

	if ((c == '[' || c == 'O') && !alone(k, 1)) {
		k->in[k->n++] = c;
		return;
	}
	give(k, alone(k, 1) ? 1 : 2);
	if (drops == k->drops)
		keys_byte(k, c);
}

static void
keys_byte(struct ui_keys *k, unsigned char c)
{
	bool late = k->late;

	if (k->pasting) {
		if (ui_paste_byte(&k->paste, c))
			paste_done(k);
		return;
	}
	if (k->n > 1 && k->in[0] == ESC) {
		if (k->n == 2 && k->in[1] == ESC) {
			escapes(k, c);
			return;
		}
		if (strchr("[O", k->in[1]) != NULL || is_text(k->in[1]) || k->in[1] == ESC) {
			unsigned drops = k->drops;

			if (!sequence(k, c) && drops == k->drops)
				keys_byte(k, c);
			return;
		}
	}
	k->late = false;
	if (k->n == 0 && late && c != 0 && strchr("[O]P_", c) != NULL) {
		k->in[k->n++] = ESC;
		k->given = true;
	}
	k->in[k->n++] = c;
	if (c == ESC || (k->n == 2 && k->in[0] == ESC && (c == '[' || c == 'O' || is_text(c))))
		return;
	character(k, k->in[0] == ESC);
}

/* ---- behind an interrupt ---- */

/* Whether a beginning of the end stands behind something else. */
static bool
spill_waits(const struct ui_keys *k)
{
	for (size_t i = 2; i < MARK && i < k->nspill; i++)
		if (memcmp(k->spill + k->nspill - i, ui_paste_end, i) == 0)
			return true;
	return false;
}

/* There was a pause and no end, or the beginning of another paste: they were keys. */
static void
spill_keys(struct ui_keys *k)
{
	unsigned char *s = k->spill;
	size_t n = k->flood ? 0 : k->nspill;
	unsigned drops = k->drops;

	/* One key at a time is somebody who types. */
	k->spilled = k->flood || n > (s[0] == ESC ? 8 : s[0] < 0x80 ? 1 : 4);
	k->spill = NULL;
	k->nspill = k->spill_cap = 0;
	k->flood = false;
	for (size_t i = 0; i < n && drops == k->drops; i++)
		keys_byte(k, s[i]);
	free(s);
	k->spilled = k->spilled && !k->pasting;
}

/* Takes what comes while it may be the rest of a paste: up to its end, or to the beginning of another. */
static void
spill(struct ui_keys *k, unsigned char c)
{
	if (k->nspill == UI_KEYS_PASTE) {
		memmove(k->spill, k->spill + k->nspill - MARK, MARK);
		k->nspill = MARK;
		k->flood = true;
	}
	if (k->nspill == k->spill_cap) {
		k->spill_cap = k->spill_cap == 0 ? 64 : 2 * k->spill_cap;
		k->spill = ui_realloc(k->spill, k->spill_cap, 1);
	}
	k->spill[k->nspill++] = c;
	if (k->nspill < MARK)
		return;
	if (memcmp(k->spill + k->nspill - MARK, ui_paste_end, MARK) == 0) {
		k->nspill = 0;
		k->spilled = k->flood = false;
	} else if (memcmp(k->spill + k->nspill - MARK, paste_begin, MARK) == 0)
		spill_keys(k);
}

/* ---- in ---- */

void
ui_keys_put(struct ui_keys *k, const void *bytes, size_t n)
{
	const unsigned char *s = bytes;
	unsigned drops = k->drops;

	for (size_t i = 0; i < n && drops == k->drops; i++)
		if (!k->spilled)
			keys_byte(k, s[i]);
		else
			spill(k, s[i]);
}

int
ui_keys_pause(const struct ui_keys *k)
{
	if (k->spilled && k->nspill > 0)
		return spill_waits(k) ? -1 : PAUSE_KEY;
	if (k->pasting || k->n == 0 || k->in[0] != ESC)
		return -1;
	if (k->given)
		return k->n == 2 ? PAUSE_LATE : PAUSE_TEXT;
	if ((k->n == 1 || (k->n == 2 && k->in[1] == ESC)) && alone(k, 1))
		return PAUSE_KEY;
	if (k->n == 2 && alone(k, 2))
		return PAUSE_LATE;
	if (k->n == 1 || (k->n == 2 && k->in[1] == ESC))
		return PAUSE_ALT;
	if (is_text(k->in[1]))
		return PAUSE_TEXT;
	return -1;
}

void
ui_keys_paused(struct ui_keys *k)
{
	if (ui_keys_pause(k) < 0)
		return;
	if (k->spilled && k->nspill > 0)
		spill_keys(k);
	else if (k->given)
		apart(k);
	else if (k->n == 2 && k->in[1] == ESC && (alone(k, 1) || !alone(k, 2))) {
		unsigned drops = k->drops;

		give(k, 1);
		if (drops == k->drops)
			give(k, 1);
	} else if (k->n > 1 && is_text(k->in[1]))
		apart(k);
	else
		give(k, k->n);
}
