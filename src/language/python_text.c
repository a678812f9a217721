/* python_text.c: cuts Python's text at its signs. It knows nothing of thaw. */
#include "language/python_text.h"

#include "util/xmalloc.h"

#include <ctype.h>
#include <stdio.h>
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

bool
scan_outside(struct scan *x, char c)
{
	size_t most = sizeof x->open;

	if (x->quote != '\0') {
		if (c == x->quote && !x->escaped)
			x->quote = '\0';
		x->escaped = c == '\\' && !x->escaped;
	} else if (c == '\'' || c == '"')
		x->quote = c;
	else if (c == '(' || c == '[' || c == '{') {
		if ((size_t)x->depth < most)
			x->open[x->depth] = c;
		x->depth++;
	} else if (c == ')' || c == ']' || c == '}')
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
	struct scan x = {0};
	size_t open = 0, i;

	while (open < p.n && (p.s[open] != '(' || x.depth > 0 || x.quote != '\0'))
		scan_outside(&x, p.s[open++]);
	if (open == p.n || open == 0)
		return false;
	for (i = open; i < p.n; i++) {
		scan_outside(&x, p.s[i]);
		if (x.depth == 0 && x.quote == '\0')
			break;
	}
	*callee = piece_of(p.s, open);
	*arguments = piece_of(p.s + open + 1, i > open + 1 ? i - open - 1 : 0);
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

bool
piece_dotted(struct piece p, struct piece *owner, struct piece *name)
{
	*name = piece_last(p);
	*owner = piece_of(p.s, p.n - name->n);
	if (name->n == 0 || owner->n < 2 || !piece_ends(*owner, "."))
		return false;
	*owner = piece_of(owner->s, owner->n - 1);
	return true;
}

bool
piece_has(struct piece p, const char *text)
{
	struct scan x = {0};

	for (size_t i = 0; i < p.n; scan_outside(&x, p.s[i++]))
		if (x.quote == '\0' && piece_begins((struct piece){p.s + i, p.n - i}, text))
			return true;
	return false;
}

bool
piece_quoted(struct piece p)
{
	size_t i = 0;

	while (i < p.n && i < 2 && isalpha((unsigned char)p.s[i]))
		i++;
	return i < p.n && strchr("'\"", p.s[i]) != NULL;
}

/* ---- lines ---- */

struct scan
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
	return x;
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

/* The next [ behind a name; *array: as pictures are called. */
static const char *
text_subscript(struct piece p, const char *from, bool *array)
{
	const char *end = p.s + p.n, *open = from < end ? memchr(from, '[', (size_t)(end - from)) : NULL, *name = open;

	if (open == NULL)
		return NULL;
	while (name > p.s && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
		name--;
	*array = *name == 'x' || *name == 'X';
	return name < open ? open : text_subscript(p, open + 1, array);
}

int
python_mask(struct piece p, char out[8])
{
	const char *open = p.s, *close, *at;
	bool from, also, array;
	size_t length;
	int n;

	out[0] = '\0';
	for (; (open = text_subscript(p, open, &array)) != NULL; open = close) {
		at = open + 1;
		if ((close = memchr(at, ']', (size_t)(p.s + p.n - at))) == NULL)
			return 0;
		length = (size_t)(close - at);
		if (strcspn(at, "<>=!&|~(") >= length) {
			if (array && memchr(at, ':', length) == NULL && strcspn(at, "\"'") >= length &&
			    isalpha((unsigned char)*at))
				return -1; /* x_train[chosen] */
			continue;
		}
		while (*at == ' ' || *at == '_' || isalnum((unsigned char)*at))
			at++;
		from = *at == '>';
		if (*at != '<' && *at != '>')
			return -1;
		also = *++at == '=';
		at += also;
		at += strspn(at, " ");
		n = *at - '0' + (from != also);
		if (*at < '0' || *at > '9' || n < 1 || n > 9 || at + 1 + strspn(at + 1, " ") != close)
			return -1;
		snprintf(out, 8, "%s%d", from ? "gte" : "lt", n);
		return 1;
	}
	return 0;
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
	if (out[0] == '\0')
		python_mask(p, out);
}
