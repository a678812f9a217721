/* text.c: small services on strings. */
#include "util/text.h"

#include "util/xmalloc.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

const char *
text_near(const char *word, const char *const *candidates, int n)
{
	const char *best = NULL;
	int i, d, least = (int)strnlen(word, 12) / 3 + 1;
	size_t len = strlen(word);

	for (i = 0; i < n && len >= 2; i++) /* the beginning of one alone */
		if (strncmp(candidates[i], word, len) == 0) {
			if (best != NULL)
				break;
			best = candidates[i];
		}
	if (best != NULL && i == n)
		return best;
	best = NULL;
	for (i = 0; i < n; i++) {
		d = text_distance(word, candidates[i]);
		if (d <= least && 2 * d < (int)strlen(candidates[i])) { /* "foo" is not meant for "now" */
			if (best == NULL || d < least || (d == least && strncmp(candidates[i], word, 2) == 0)) {
				best = candidates[i];
				least = d;
			}
		}
	}
	return best;
}

/* The length of the UTF-8 character at s, 0 when there is none. */
static int
text_utf8(const unsigned char *s)
{
	int n;

	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
	for (int i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if (s[0] == 0xe0 && s[1] < 0xa0)
		return 0;
	if (s[0] == 0xed && s[1] > 0x9f)
		return 0;
	if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

void
text_clean(char *s)
{
	int n;

	while (*s != '\0') {
		n = text_utf8((unsigned char *)s);
		if (n == 0 || (unsigned char)*s < 0x20 || *s == 0x7f || (n == 2 && (unsigned char)s[0] == 0xc2 &&
		    (unsigned char)s[1] < 0xa0)) {
			*s++ = '?';
			continue;
		}
		s += n;
	}
}

/* How many bytes a sequence that colours has, ESC [ 1 ; 31 m; 0: it is none. */
static size_t
text_sgr(const char *s)
{
	size_t n;

	if (s[0] != '\033' || s[1] != '[')
		return 0;
	n = 2 + strspn(s + 2, "0123456789;:");
	return s[n] == 'm' ? n + 1 : 0;
}

void
text_calm(char *s, bool colours)
{
	for (unsigned char c; (c = (unsigned char)*s) != '\0'; s++) {
		size_t n = colours ? text_sgr(s) : 0;

		if (n > 0)
			s += n - 1;
		else if (c == 0xc2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xa0)
			*s++ = '?', *s = '?';
		else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
			*s = '?';
	}
}

/* The code of a character of n bytes. */
static uint32_t
text_code(const unsigned char *s, int n)
{
	uint32_t code = n == 1 ? s[0] : s[0] & (0x7f >> n);

	for (int i = 1; i < n; i++)
		code = code << 6 | (s[i] & 0x3f);
	return code;
}

/* What a character is that a reader cannot see, or takes for a space; NULL: any other. */
static const char *
text_hidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
		const char *what;
	} hidden[] = {
		{0xa0, 0xa0, "a no-break space, where a space belongs"},
		{0xad, 0xad, "a soft hyphen, which does not show"},
		{0x34f, 0x34f, NULL}, {0x61c, 0x61c, NULL}, {0x115f, 0x1160, NULL},
		{0x1680, 0x1680, "another space, where a plain one belongs"}, {0x17b4, 0x17b5, NULL},
		{0x180b, 0x180f, NULL},
		{0x2000, 0x200a, "another space, where a plain one belongs"}, {0x200b, 0x200f, NULL},
		{0x2028, 0x2029, "an end of line, where a space belongs"}, {0x202a, 0x202e, NULL},
		{0x202f, 0x202f, "a narrow no-break space, where a space belongs"},
		{0x205f, 0x205f, "another space, where a plain one belongs"}, {0x2060, 0x206f, NULL},
		{0x2800, 0x2800, NULL}, {0x3000, 0x3000, "a wide space, where a plain one belongs"},
		{0x3164, 0x3164, NULL}, {0xfe00, 0xfe0f, NULL},
		{0xfeff, 0xfeff, "a byte order mark, which does not show"}, {0xffa0, 0xffa0, NULL},
		{0xfff9, 0xfffb, NULL}, {0xe0000, 0xe0fff, NULL},
	};

	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (code >= hidden[i].first && code <= hidden[i].last)
			return hidden[i].what != NULL ? hidden[i].what : "a character that does not show";
	return NULL;
}

void
text_show(char *out, size_t size, const char *s)
{
	char *at = out, *end = out + size - TEXT_SHOWN;
	const char *what = NULL;
	uint32_t first = 0;

	for (int n; *s != '\0' && at < end; s += n > 0 ? n : 1) {
		const unsigned char *p = (const unsigned char *)s;
		uint32_t code = (n = text_utf8(p)) > 0 ? text_code(p, n) : 0;
		const char *hidden = text_hidden(code);

		if (code < 0x20 || (code >= 0x7f && code < 0xa0))
			*at++ = '?';
		else if (hidden == NULL)
			at = (char *)memcpy(at, s, (size_t)n) + n;
		else
			at += sprintf(at, "<U+%04" PRIX32 ">", code);
		if (what == NULL && hidden != NULL) {
			what = hidden;
			first = code;
		}
	}
	*at = '\0';
	if (what != NULL)
		snprintf(at, TEXT_SHOWN, "; <U+%04" PRIX32 "> is %s", first, what);
}

bool
text_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n > k && strcasecmp(s + n - k, suffix) == 0;
}

bool
text_match(const char *pattern, const char *s)
{
	const char *star = NULL, *back = NULL;

	while (*s != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			back = s;
		} else if (*pattern == '?' || *pattern == *s) {
			pattern++;
			s++;
		} else if (star != NULL) {
			pattern = star + 1;
			s = ++back;
		} else
			return false;
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

#define DISTANCE_MAX 48

int
text_distance(const char *a, const char *b)
{
	int d[DISTANCE_MAX + 1][DISTANCE_MAX + 1], v;
	size_t na = strnlen(a, DISTANCE_MAX + 1), nb = strnlen(b, DISTANCE_MAX + 1);

	if (na > DISTANCE_MAX || nb > DISTANCE_MAX)
		return DISTANCE_MAX;
	for (int i = 0; i <= (int)na; i++)
		d[i][0] = i;
	for (int j = 0; j <= (int)nb; j++)
		d[0][j] = j;
	for (int i = 1; i <= (int)na; i++) {
		for (int j = 1; j <= (int)nb; j++) {
			v = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (d[i - 1][j] + 1 < v)
				v = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < v)
				v = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < v)
				v = d[i - 2][j - 2] + 1;
			d[i][j] = v;
		}
	}
	return d[na][nb];
}

char *
text_count(char buf[32], unsigned long long n)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%llu", n), o = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf[o++] = ',';
		buf[o++] = digits[i];
	}
	buf[o] = '\0';
	return buf;
}

char *
text_bytes(char buf[32], size_t n)
{
	if (n < 1024)
		snprintf(buf, 32, "%zu B", n);
	else if (n < 1024 * 1024)
		snprintf(buf, 32, "%.0f KiB", n / 1024.0);
	else if (n < (size_t)10 << 30)
		snprintf(buf, 32, "%.0f MiB", n / 1048576.0);
	else
		snprintf(buf, 32, "%.0f GiB", n / 1073741824.0);
	return buf;
}

/* The person's folder: as HOME says, else as the system's list of users does; NULL: neither has one. */
static const char *
path_person(void)
{
	const char *home = getenv("HOME");
	const struct passwd *user = home == NULL || home[0] == '\0' ? getpwuid(geteuid()) : NULL;

	if (user != NULL)
		home = user->pw_dir;
	return home != NULL && home[0] != '\0' ? home : NULL;
}

static char *
path_xdg(const char *variable, const char *fallback, const char *name)
{
	const char *base = getenv(variable), *home;

	if (base != NULL && base[0] == '/') /* the specification: a relative path is ignored */
		return xasprintf("%s/thaw/%s", base, name);
	if ((home = path_person()) == NULL)
		return NULL;
	return xasprintf("%s/%s/thaw/%s", home, fallback, name);
}

char *
path_home(const char *path)
{
	const char *home;

	if (path[0] != '~' || (path[1] != '/' && path[1] != '\0') || (home = path_person()) == NULL)
		return NULL;
	return xasprintf("%s%s", home, path + 1);
}

char *
path_lacks(const char *path)
{
	char *folder = xstrdup(path);
	struct stat st;

	for (char *p = folder + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
			int error = errno;

			if (stat(folder, &st) < 0) {
				errno = error;
				return folder;
			}
		}
		*p = '/';
	}
	free(folder);
	return NULL;
}

char *
path_config(const char *name)
{
	return path_xdg("XDG_CONFIG_HOME", ".config", name);
}

char *
path_state(const char *name, bool make)
{
	char *path = path_xdg("XDG_STATE_HOME", ".local/state", name);

	if (path != NULL && make)
		free(path_lacks(path));
	return path;
}

void
str_addn(struct str *b, const char *s, size_t n)
{
	if (b->n + n + 1 > b->cap) {
		size_t cap = (b->n + n + 1) * 2;
		char *grown = memory_realloc(b->s, cap);

		if (grown == NULL)
			return;
		b->s = grown;
		b->cap = cap;
	}
	memcpy(b->s + b->n, s, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void
str_add(struct str *b, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	str_addn(b, text, strlen(text));
	free(text);
}

void
str_addc(struct str *b, char c)
{
	str_addn(b, &c, 1);
}
