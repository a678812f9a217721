/* expr_why.c: what a condition that does not hold comes from: the figures in those of its parts that are false. */
#include "language/expr_why.h"

#include "language/expr.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct why {
	struct session *s;
	const char *text; /* the condition */
	bool exact; /* figures in all their digits */
	bool alike; /* in fewer one looks like another, or like a number of the condition: that tells nothing */
	struct str said, names; /* names: those that were said, each between two line ends */
};

/* Behind the text in quotes that begins at p. */
static const char *
quoted_end(const char *p)
{
	for (p++; *p != '\0' && *p != '"'; p++)
		p += *p == '\\' && p[1] != '\0';
	return p + (*p == '"');
}

/* Behind the ) that ends the bracket at p. */
static const char *
bracket_end(const char *p)
{
	int depth = 0;

	while (*p != '\0') {
		if (*p == '"') {
			p = quoted_end(p);
			continue;
		}
		depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		p++;
		if (depth == 0)
			break;
	}
	return p;
}

static size_t
word_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_' || p[n] == '.')
		n++;
	return n;
}

static bool
is_word(const char *p, size_t n, const char *word)
{
	return n == strlen(word) && strncmp(p, word, n) == 0;
}

/* Where this word stands next outside brackets and quotes; NULL: nowhere. */
static const char *
next_word(const char *p, const char *word)
{
	while (*p != '\0') {
		size_t n = word_length(p);

		if (is_word(p, n, word))
			return p;
		p = n > 0 ? p + n : *p == '"' ? quoted_end(p) : *p == '(' ? bracket_end(p) : p + 1;
	}
	return NULL;
}

/* The length of the name at p, with its operand as in recall(3); 0: there is none. */
static size_t
name_length(const char *p)
{
	static const char *const words[] = {"and", "or", "not", "abs", "min", "max"};
	size_t n = word_length(p);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_word(p, n, words[i]))
			return 0;
	return n > 0 && isalpha((unsigned char)*p) ? n + (p[n] == '(' ? (size_t)(bracket_end(p + n) - p) - n : 0) : 0;
}

/* In 6 digits, which is what figures are read for, unless they are to be exact. The caller's. */
static char *
say_value(struct why *w, const struct expr_value *v)
{
	char *exact = expr_text(v), brief[32];

	snprintf(brief, sizeof brief, "%.6g", v->num);
	if (w->exact || v->is_text || strchr(exact, '.') == NULL || strlen(brief) >= strlen(exact))
		return exact;
	w->alike |= strstr(w->text, brief) != NULL || (w->said.s != NULL && strstr(w->said.s, brief) != NULL);
	free(exact);
	return xstrdup(brief);
}

static void
say_name(struct why *w, const char *name)
{
	char *mark = xasprintf("\n%s\n", name), *value;
	struct err ignored = {0};
	struct expr_value v;

	if ((w->names.s == NULL || strstr(w->names.s, mark) == NULL) && expr_eval(w->s, name, &v, &ignored) == 0) {
		value = say_value(w, &v);
		str_add(&w->said, v.is_text ? "%s%s = \"%s\"" : "%s%s = %s", w->said.n > 0 ? ", " : "", name, value);
		str_add(&w->names, "%s", mark);
		free(value);
	}
	free(mark);
}

static void
say_names(struct why *w, const char *p)
{
	while (*p != '\0') {
		size_t n = name_length(p), word = word_length(p);
		char *name = xstrndup(p, n);

		if (n > 0)
			say_name(w, name);
		p = n > 0 ? p + n : word > 0 ? p + word : *p == '"' ? quoted_end(p) : p + 1;
		free(name);
	}
}

/* The same without the blanks around it, and without brackets around all of it; the caller's. */
static char *
bared(const char *p, size_t n)
{
	while (n > 0 && isspace((unsigned char)*p)) {
		p++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)p[n - 1]))
		n--;
	char *text = xstrndup(p, n), *inner;

	if (*text != '(' || *bracket_end(text) != '\0')
		return text;
	inner = bared(text + 1, n - 2);
	free(text);
	return inner;
}

/* text, which can be read, is false. */
static void
say_false(struct why *w, const char *text)
{
	const char *and, *p = text;
	struct err ignored = {0};
	struct expr_value v;

	if (next_word(p, "or") != NULL || next_word(p, "and") == NULL) {
		say_names(w, p);
		return;
	}
	for (; p != NULL; p = and != NULL ? and + 3 : NULL) {
		char *part;

		and = next_word(p, "and");
		part = bared(p, and != NULL ? (size_t)(and - p) : strlen(p));
		if (expr_eval(w->s, part, &v, &ignored) == 0 && v.num == 0)
			say_false(w, part);
		free(part);
	}
}

char *
expr_why(struct session *s, const char *text)
{
	struct why w = {.s = s, .text = text, .alike = true};
	char *all = bared(text, strlen(text));

	for (int exact = 0; exact < 2 && w.alike; exact++) {
		free(w.said.s);
		free(w.names.s);
		w = (struct why){.s = s, .text = text, .exact = exact > 0};
		str_add(&w.said, "%s", "");
		say_false(&w, all);
	}
	free(all);
	free(w.names.s);
	return w.said.s;
}
