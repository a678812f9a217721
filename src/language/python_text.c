/* python_text.c: cuts Python's text at its signs. It knows nothing of thaw. */
#include "language/python_text.h"

#include "util/xmalloc.h"

#include <ctype.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

struct piece
piece_of(const char *s, size_t n)
{
	while (n > 0 && strchr(blanks, *s) != NULL) {
		s++;
		n--;
	}
	while (n > 0 && strchr(blanks, s[n - 1]) != NULL)
		n--;
	return (struct piece){s, n};
}

bool
piece_is(struct piece p, const char *text)
{
	return strlen(text) == p.n && strncmp(p.s, text, p.n) == 0;
}

bool
piece_begins(struct piece p, const char *text)
{
	return p.n >= strlen(text) && strncmp(p.s, text, strlen(text)) == 0;
}

bool
piece_ends(struct piece p, const char *text)
{
	size_t n = strlen(text);

	return p.n >= n && strncmp(p.s + p.n - n, text, n) == 0;
}

char *
piece_text(struct piece p)
{
	return xstrndup(p.s, p.n);
}

/* ---- brackets and quotes ---- */

struct scan {
	int depth;
	char quote;
};

/* Takes a character; true where it stands outside brackets and quotes, and is none of them. */
static bool
scan_outside(struct scan *x, char c)
{
	if (x->quote != '\0')
		x->quote = c == x->quote ? '\0' : x->quote;
	else if (c == '\'' || c == '"')
		x->quote = c;
	else if (c == '(' || c == '[' || c == '{')
		x->depth++;
	else if (c == ')' || c == ']' || c == '}')
		x->depth -= x->depth > 0;
	else
		return x->depth == 0;
	return false;
}

bool
piece_next(struct piece whole, size_t *at, const char *signs, struct piece *out)
{
	struct scan x = {0};
	size_t from = *at;

	if (from > whole.n)
		return false;
	for (; *at < whole.n; ++*at)
		if (scan_outside(&x, whole.s[*at]) && strchr(signs, whole.s[*at]) != NULL)
			break;
	*out = piece_of(whole.s + from, *at - from);
	++*at;
	return true;
}

bool
piece_name(struct piece p)
{
	if (p.n == 0 || isdigit((unsigned char)p.s[0]))
		return false;
	for (size_t i = 0; i < p.n; i++)
		if (!isalnum((unsigned char)p.s[i]) && p.s[i] != '_')
			return false;
	return true;
}

bool
piece_number(struct piece p)
{
	bool digit = false;

	for (size_t i = 0; i < p.n; i++) {
		digit |= isdigit((unsigned char)p.s[i]) != 0;
		if (!isdigit((unsigned char)p.s[i]) && strchr(".-+eE", p.s[i]) == NULL)
			return false;
	}
	return digit;
}

struct piece
piece_unquoted(struct piece p)
{
	if (p.n >= 2 && (p.s[0] == '\'' || p.s[0] == '"') && p.s[p.n - 1] == p.s[0] &&
	    memchr(p.s + 1, p.s[0], p.n - 2) == NULL)
		return (struct piece){p.s + 1, p.n - 2};
	return (struct piece){p.s, 0};
}

/* ---- calls ---- */

bool
piece_call(struct piece p, struct piece *callee, struct piece *arguments)
{
	const char *open = memchr(p.s, '(', p.n);
	struct scan x = {0};
	size_t i;

	if (open == NULL || open == p.s)
		return false;
	for (i = (size_t)(open - p.s); i < p.n; i++) {
		scan_outside(&x, p.s[i]);
		if (x.depth == 0 && x.quote == '\0')
			break;
	}
	*callee = piece_of(p.s, (size_t)(open - p.s));
	*arguments = piece_of(open + 1, i > (size_t)(open - p.s) + 1 ? i - (size_t)(open - p.s) - 1 : 0);
	return true;
}

struct piece
piece_last(struct piece dotted)
{
	size_t i = dotted.n;

	while (i > 0 && (isalnum((unsigned char)dotted.s[i - 1]) || dotted.s[i - 1] == '_'))
		i--;
	return (struct piece){dotted.s + i, dotted.n - i};
}

/* Cuts NAME=VALUE; false: it is a value alone. */
static bool
argument_named(struct piece p, struct piece *name, struct piece *value)
{
	char update;

	return piece_assigns(p, name, value, &update) && !update && piece_name(*name);
}

struct piece
piece_argument(struct piece arguments, const char *name)
{
	struct piece p, key, value;

	for (size_t at = 0; piece_next(arguments, &at, ",", &p);)
		if (argument_named(p, &key, &value) && piece_is(key, name))
			return value;
	return (struct piece){arguments.s, 0};
}

struct piece
piece_operand(struct piece arguments, int i)
{
	struct piece p, key, value;

	for (size_t at = 0; piece_next(arguments, &at, ",", &p);)
		if (!argument_named(p, &key, &value) && i-- == 0)
			return p;
	return (struct piece){arguments.s, 0};
}

/* ---- assignments ---- */

static size_t
blanks_at(struct piece p, size_t i)
{
	while (i < p.n && strchr(blanks, p.s[i]) != NULL)
		i++;
	return i;
}

static size_t
name_at(struct piece p, size_t i)
{
	size_t from = i;

	while (i < p.n && (isalnum((unsigned char)p.s[i]) || p.s[i] == '_' || (p.s[i] & 0x80) != 0))
		i++;
	return i > from && !isdigit((unsigned char)p.s[from]) ? i : from;
}

/* Behind the bracket that closes the one at i. */
static size_t
brackets_at(struct piece p, size_t i)
{
	struct scan x = {0};

	do
		scan_outside(&x, p.s[i++]);
	while (i < p.n && (x.depth > 0 || x.quote != '\0'));
	return i;
}

/* a, a.b, a[0], a.f(x)[0].b */
static bool
target_one(struct piece p)
{
	size_t i = name_at(p, 0), end;
	bool called = false;

	if (i == 0)
		return false;
	while ((end = blanks_at(p, i)) < p.n) {
		if (p.s[end] == '.') {
			i = blanks_at(p, end + 1);
			end = name_at(p, i);
			if (end == i)
				return false;
			called = false;
		} else if (p.s[end] == '[' || p.s[end] == '(') {
			called = p.s[end] == '(';
			end = brackets_at(p, end);
		} else
			return false;
		i = end;
	}
	return !called;
}

/* Such with commas between them, also in brackets. What `a: int` says of its kind is cut off. */
static bool
target_is(struct piece *p)
{
	struct piece one, name;
	size_t at = 0;
	bool is = p->n > 0;

	if (is && piece_next(*p, &at, ":", &name) && at <= p->n && at < p->n) {
		*p = name;
		return target_one(name);
	}
	for (at = 0; is && piece_next(*p, &at, ",", &one);) {
		if (one.n == 0) { /* the comma of `a, = x` is the last */
			is = at > p->n && p->s[p->n - 1] == ',' && p->n > 1;
			continue;
		}
		if (one.s[0] == '*')
			one = piece_of(one.s + 1, one.n - 1);
		if (one.n > 2 && strchr("([", one.s[0]) != NULL && strchr(")]", one.s[one.n - 1]) != NULL) {
			one = piece_of(one.s + 1, one.n - 2);
			is = target_is(&one);
		} else
			is = target_one(one);
	}
	return is;
}

/* Whether a word of Python stands between two values. */
static bool
word_joins(struct piece word)
{
	static const char *const joins[] = {"and", "or", "not", "in", "is", "if", "else", "for", "lambda", "await",
	    "async", "yield", "from", NULL};

	for (const char *const *w = joins; *w != NULL; w++)
		if (piece_is(word, *w))
			return true;
	return false;
}

bool
piece_value(struct piece p)
{
	bool value = false; /* one stands just before */
	size_t end;

	for (size_t i = 0; (i = blanks_at(p, i)) < p.n; i = end) {
		for (end = i; end < p.n && (isalnum((unsigned char)p.s[end]) || strchr("_.", p.s[end]) != NULL ||
		    (p.s[end] & 0x80) != 0); end++)
			;
		if (end > i && p.s[i] != '.') {
			bool joins = word_joins((struct piece){p.s + i, end - i});
			bool quoted = end < p.n && strchr("'\"", p.s[end]) != NULL; /* f'text' */

			if (value && !joins && !quoted)
				return false;
			value = !joins;
		} else if (end > i)
			value = true;
		else {
			end = strchr("([{'\"", p.s[i]) != NULL ? brackets_at(p, i) : i + 1;
			value = end > i + 1;
		}
	}
	return true;
}

bool
piece_assigns(struct piece p, struct piece *target, struct piece *value, char *update)
{
	struct scan x = {0};

	*update = '\0';
	for (size_t i = 0; i < p.n; i++) {
		size_t n;

		if (!scan_outside(&x, p.s[i]) || p.s[i] != '=')
			continue;
		if (i + 1 < p.n && p.s[i + 1] == '=') {
			i++;
			continue;
		}
		for (n = 0; n < i && n < 2 && strchr("+-*/%&|^@<>", p.s[i - 1 - n]) != NULL; n++)
			;
		if (i > 0 && (p.s[i - 1] == '!' || (n == 1 && strchr("<>", p.s[i - 1]) != NULL)))
			continue;
		*update = n == 0 ? '\0' : n == 1 ? p.s[i - 1] : '?';
		*target = piece_of(p.s, i - n);
		*value = piece_of(p.s + i + 1, p.n - i - 1);
		return target_is(target);
	}
	return false;
}

/* ---- lines ---- */

int
python_open(char *line)
{
	struct scan x = {0};

	for (; *line != '\0'; line++) {
		if (*line == '#' && x.quote == '\0') {
			*line = '\0';
			break;
		}
		scan_outside(&x, *line);
	}
	return x.depth;
}

void
python_values(struct notebook *b, struct piece p, struct str *out)
{
	const struct notebook_name *k;
	struct scan x = {0};
	size_t n;

	str_add(out, "%s", "");
	for (size_t i = 0; i < p.n; i += n) {
		for (n = 0; i + n < p.n && (isalnum((unsigned char)p.s[i + n]) || p.s[i + n] == '_'); n++)
			;
		if (n > 0 && x.quote == '\0' && (i == 0 || p.s[i - 1] != '.') && (i + n == p.n || strchr("=(",
		    p.s[i + n]) == NULL) && (k = notebook_find(b, p.s + i, n)) != NULL && strlen(k->value) < 32 &&
		    (piece_number(piece_of(k->value, strlen(k->value))) || k->value[0] == '\''))
			str_add(out, "%s", k->value);
		else if (n > 0)
			str_addn(out, p.s + i, n);
		else {
			scan_outside(&x, p.s[i]);
			str_addn(out, p.s + i, 1);
			n = 1;
		}
	}
}

void
python_split(struct piece p, char out[8])
{
	out[0] = '\0';
	for (size_t i = 0; i + 2 < p.n && out[0] == '\0'; i++) {
		size_t n = strncmp(p.s + i, "lt", 2) == 0 ? 2 : i + 3 < p.n && strncmp(p.s + i, "gte", 3) == 0 ? 3 : 0;

		if (n == 0 || (i > 0 && isalnum((unsigned char)p.s[i - 1])) || p.s[i + n] < '1' || p.s[i + n] > '9' ||
		    (i + n + 1 < p.n && isalnum((unsigned char)p.s[i + n + 1])))
			continue;
		memcpy(out, p.s + i, n + 1);
		out[n + 1] = '\0';
	}
}
