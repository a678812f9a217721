/* kitty.c: kitty's protocol for pictures, https://sw.kovidgoyal.net/kitty/graphics-protocol */
#include "kitty.h"
#include "canvas.h"
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define CHUNK 4096 /* of base64, the most in one sequence */
#define ASKED 7461 /* the id of the picture that is only asked about */

/* ---- text ---- */

static void
put(struct ui_kitty *k, const char *s, size_t n)
{
	if (k->n + n + 1 > k->cap) {
		k->cap = 2 * (k->n + n + 1);
		k->text = ui_realloc(k->text, k->cap, 1);
	}
	memcpy(k->text + k->n, s, n);
	k->n += n;
	k->text[k->n] = '\0';
}

/* A sequence for the terminal that draws: tmux passes on what stands in its envelope, each ESC twice. */
static void
sequence(struct ui_kitty *k, const char *s, size_t n)
{
	if (!k->tmux) {
		put(k, s, n);
		return;
	}
	put(k, "\033Ptmux;", 7);
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\033')
			put(k, "\033", 1);
		put(k, s + i, 1);
	}
	put(k, "\033\\", 2);
}

__attribute__((format(printf, 2, 3))) static void
sequencef(struct ui_kitty *k, const char *fmt, ...)
{
	char s[160];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	sequence(k, s, (size_t)n);
}

/* ---- pictures ---- */

static size_t
base64(const uint8_t *s, size_t n, char *out)
{
	static const char sign[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *at = out;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)s[i] << 16 | (i + 1 < n ? (uint32_t)s[i + 1] << 8 : 0) |
		    (i + 2 < n ? s[i + 2] : 0);

		*at++ = sign[v >> 18];
		*at++ = sign[v >> 12 & 63];
		*at++ = i + 1 < n ? sign[v >> 6 & 63] : '=';
		*at++ = i + 2 < n ? sign[v & 63] : '=';
	}
	return (size_t)(at - out);
}

void
ui_kitty_send(struct ui_kitty *k, uint32_t id, int cols, int rows, const uint8_t *png, size_t n)
{
	size_t each = CHUNK / 4 * 3;

	for (size_t at = 0; at < n; at += each) {
		char s[CHUNK + 128];
		size_t len = 0, part = n - at < each ? n - at : each;
		int more = at + part < n;

		if (at == 0)
			len = (size_t)snprintf(s, sizeof s, "\033_Ga=T,U=1,q=2,f=100,i=%u,c=%d,r=%d%s;", id, cols, rows,
			    more ? ",m=1" : "");
		else
			len = (size_t)snprintf(s, sizeof s, "\033_Gq=2,m=%d;", more);
		len += base64(png + at, part, s + len);
		memcpy(s + len, "\033\\", 2);
		sequence(k, s, len + 2);
	}
}

void
ui_kitty_delete(struct ui_kitty *k, uint32_t id)
{
	sequencef(k, "\033_Ga=d,d=I,i=%u,q=2\033\\", id);
}

void
ui_kitty_delete_range(struct ui_kitty *k, uint32_t from, uint32_t to)
{
	sequencef(k, "\033_Ga=d,d=R,x=%u,y=%u,q=2\033\\", from, to);
}

void
ui_kitty_mend(struct ui_kitty *k)
{
	put(k, "\033\\", 2);
	sequencef(k, "\033_Gm=0,q=2;\033\\");
}

/* ---- cells ---- */

/* The marks that count, in their order: U+0305 is 0. Stretches of code points that follow one another. */
static const struct {
	uint16_t code, n;
} marks[] = {
	{0x0305, 1}, {0x030d, 2}, {0x0310, 1}, {0x0312, 1}, {0x033d, 3}, {0x0346, 1}, {0x034a, 3}, {0x0350, 3},
	    {0x0357, 1}, {0x035b, 1},
	{0x0363, 13}, {0x0483, 5}, {0x0592, 4}, {0x0597, 3}, {0x059c, 6}, {0x05a8, 2}, {0x05ab, 2}, {0x05af, 1},
	    {0x05c4, 1}, {0x0610, 8},
	{0x0657, 5}, {0x065d, 2}, {0x06d6, 7}, {0x06df, 4}, {0x06e4, 1}, {0x06e7, 2}, {0x06eb, 2}, {0x0730, 1},
	    {0x0732, 2}, {0x0735, 2},
	{0x073a, 1}, {0x073d, 1}, {0x073f, 3}, {0x0743, 1}, {0x0745, 1}, {0x0747, 1}, {0x0749, 2}, {0x07eb, 7},
	    {0x07f3, 1}, {0x0816, 4},
	{0x081b, 9}, {0x0825, 3}, {0x0829, 5}, {0x0951, 1}, {0x0953, 2}, {0x0f82, 2}, {0x0f86, 2}, {0x135d, 3},
	    {0x17dd, 1}, {0x193a, 1},
	{0x1a17, 1}, {0x1a75, 8}, {0x1b6b, 1}, {0x1b6d, 7}, {0x1cd0, 3}, {0x1cda, 2}, {0x1ce0, 1}, {0x1dc0, 2},
	    {0x1dc3, 7}, {0x1dcb, 2},
	{0x1dd1, 22}, {0x1dfe, 1}, {0x20d0, 2}, {0x20d4, 4}, {0x20db, 2}, {0x20e1, 1}, {0x20e7, 1}, {0x20e9, 1},
	    {0x20f0, 1}, {0x2cef, 3},
	{0x2de0, 32}, {0xa66f, 1}, {0xa67c, 2}, {0xa6f0, 2}, {0xa8e0, 18},
};

#define PLACEHOLDER "\364\216\273\256" /* U+10EEEE */

/* Every cell of a frame has three of them, so they are laid out once. */
static uint32_t
mark(int number)
{
	static uint16_t all[UI_KITTY_CELLS];
	int n = 0;

	if (all[0] == 0)
		for (size_t i = 0; n < UI_KITTY_CELLS; i++) /* there are some more of them than cells */
			for (int k = 0; k < marks[i].n && n < UI_KITTY_CELLS; k++)
				all[n++] = (uint16_t)(marks[i].code + k);
	return all[number];
}

static char *
put_mark(char *at, int number)
{
	uint32_t code = mark(number & (UI_KITTY_CELLS - 1));

	if (code >= 0x800) {
		*at++ = (char)(0xe0 | code >> 12);
		*at++ = (char)(0x80 | (code >> 6 & 63));
	} else
		*at++ = (char)(0xc0 | code >> 6);
	*at++ = (char)(0x80 | (code & 63));
	return at;
}

void
ui_kitty_cell(char text[16], int row, int col, uint32_t id)
{
	char *at = text + 4;

	memcpy(text, PLACEHOLDER, 4);
	at = put_mark(at, row);
	at = put_mark(at, col);
	at = put_mark(at, (int)(id >> 24));
	*at = '\0';
}

bool
ui_kitty_measured(void)
{
	if (wcwidth(0x10eeee) != 1)
		return false;
	for (int i = 0; i < UI_KITTY_CELLS; i++)
		if (wcwidth((wchar_t)mark(i)) != 0)
			return false;
	return true;
}

/* ---- questions ---- */

/* A terminal answers in the order in which it was asked, and all of them answer the last question: no answer before
 * that one means no. tmux keeps for itself what it knows, the colour of the ground. */
void
ui_kitty_ask(struct ui_kitty *k)
{
	if (k->tmux)
		put(k, "\033]11;?\033\\", 8);
	sequencef(k, "\033[>q");
	sequencef(k, "\033[16t");
	sequencef(k, "\033]11;?\033\\");
	sequencef(k, "\033_Gi=%d,s=1,v=1,a=q,t=d,f=24;AAAA\033\\", ASKED);
	sequencef(k, "\033[c");
}

/* ---- answers ---- */

bool
ui_kitty_begins(int introducer, int c)
{
	switch (introducer) {
	case ']':
		return (c >= '0' && c <= '9') || c == 'l' || c == 'L';
	case 'P':
		return c >= ' ' && c < 0x40;
	case '_':
		return c == 'G';
	}
	return false;
}

bool
ui_kitty_is_answer(const char *s, size_t n)
{
	if (n < 4 || s[1] != '[')
		return n > 3 && ui_kitty_begins((unsigned char)s[1], (unsigned char)s[2]);
	return (s[2] == '?' && s[n - 1] == 'c') || (s[2] == '6' && s[n - 1] == 't');
}

/* At most four hexadecimal digits, scaled to a byte; -1: there are none, or too many. */
static int
colour_part(const char **s)
{
	static const int most[] = {0, 0xf, 0xff, 0xfff, 0xffff};
	int n = (int)strspn(*s, "0123456789abcdefABCDEF");
	char digits[5];

	if (n < 1 || n > 4)
		return -1;
	memcpy(digits, *s, (size_t)n);
	digits[n] = '\0';
	*s += n;
	return (int)((strtol(digits, NULL, 16) * 255 + most[n] / 2) / most[n]);
}

/* "rgb:1e1e/1e1e/2e2e", "rgba:..." or "#1e1e2e"; 0: none of these. */
static uint32_t
colour(const char *s)
{
	int part[3];

	if (*s == '#' && strspn(s + 1, "0123456789abcdefABCDEF") == 6 && s[7] == '\0')
		return 0x1000000 | (uint32_t)strtoul(s + 1, NULL, 16);
	if (strncmp(s, "rgb", 3) != 0)
		return 0;
	s += s[3] == 'a' ? 4 : 3;
	for (int i = 0; i < 3; i++)
		if (*s++ != (i == 0 ? ':' : '/') || (part[i] = colour_part(&s)) < 0)
			return 0;
	return *s == '\0' || *s == '/' ? UI_RGB(part[0], part[1], part[2]) : 0;
}

/* Konsole and WezTerm draw pictures too, but not by cells; kitty does since 0.28. */
static bool
draws_cells(const char *name)
{
	unsigned major, minor;

	if (sscanf(name, "kitty(%u.%u", &major, &minor) == 2)
		return major > 0 || minor >= 28;
	return strncmp(name, "ghostty", 7) == 0;
}

static bool
answer_cells(struct ui_kitty_answers *a, const char *s)
{
	int h, w, end = 0;

	if (sscanf(s, "6;%4d;%4dt%n", &h, &w, &end) != 2 || end == 0 || s[end] != '\0' || h < 1 || w < 1 || h > 1000 ||
	    w > 1000)
		return false;
	a->cell_w = w;
	a->cell_h = h;
	return true;
}

static bool
answer_ground(struct ui_kitty_answers *a, const char *s)
{
	uint32_t rgb = strncmp(s, "11;", 3) == 0 ? colour(s + 3) : 0;

	if (rgb != 0)
		a->ground = rgb;
	return rgb != 0;
}

/* Without what ends a string: BEL, or ESC and a backslash. */
static bool
string(const char *s, size_t n, char *out, size_t size)
{
	if (n > 3 && s[n - 1] == '\a')
		n--;
	else if (n > 4 && s[n - 2] == '\033' && s[n - 1] == '\\')
		n -= 2;
	else
		return false;
	if (n - 2 >= size || memchr(s + 2, '\0', n - 2) != NULL)
		return false;
	memcpy(out, s + 2, n - 2);
	out[n - 2] = '\0';
	return true;
}

bool
ui_kitty_answer(struct ui_kitty_answers *a, const char *s, size_t n)
{
	char text[256], ok[32];

	if (n < 3 || s[0] != '\033')
		return false;
	if (s[1] == '[') {
		if (n - 2 >= sizeof text)
			return false;
		memcpy(text, s + 2, n - 2);
		text[n - 2] = '\0';
		if (text[0] == '?' && strspn(text + 1, "0123456789;") == n - 4 && text[n - 3] == 'c')
			return a->done = true;
		return answer_cells(a, text);
	}
	if (!string(s, n, text, sizeof text))
		return false;
	switch (s[1]) {
	case '_':
		snprintf(ok, sizeof ok, "Gi=%d;OK", ASKED);
		if (a->done || strcmp(text, ok) != 0)
			return false;
		return a->yes = true;
	case 'P':
		if (strncmp(text, ">|", 2) != 0)
			return false;
		a->knows = draws_cells(text + 2);
		return true;
	case ']':
		return answer_ground(a, text);
	}
	return false;
}
