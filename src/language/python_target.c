/* python_target.c: assignments: what may stand before a = of Python, and what behind it; arguments with a name. */
#include "language/python_text.h"

#include <ctype.h>
#include <string.h>

static size_t
blanks_at(struct piece p, size_t i)
{
	while (i < p.n && strchr(" \t\r\n", p.s[i]) != NULL)
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

/* ---- arguments ---- */

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
