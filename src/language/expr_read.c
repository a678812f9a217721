/* expr_read.c: reads the words and signs of a condition, and says what is wrong where. */
#include "language/expr_read.h"

#include <ctype.h>
#include <string.h>

int
expr_fail(struct expr *x, const char *at, int len, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	fail(x->e, "%s", text);
	x->e->col = (int)(at - x->text);
	x->e->len = len;
	return -1;
}

void
expr_blanks(struct expr *x)
{
	while (isspace((unsigned char)*x->p))
		x->p++;
}

bool
expr_take(struct expr *x, const char *token)
{
	size_t n = strlen(token);

	expr_blanks(x);
	if (strncmp(x->p, token, n) != 0)
		return false;
	if (isalpha((unsigned char)token[0]) && (isalnum((unsigned char)x->p[n]) || x->p[n] == '_'))
		return false;
	x->p += n;
	return true;
}

int
expr_quoted(struct expr *x, struct expr_value *v)
{
	const char *at = x->p++;
	size_t n = 0;

	for (; *x->p != '"'; x->p++) {
		if (*x->p == '\0')
			return expr_fail(x, at, 1, "the quote is not closed; end the text with \"");
		if (*x->p == '\\' && (x->p[1] == '"' || x->p[1] == '\\'))
			x->p++;
		if (n + 1 == sizeof v->text)
			return expr_fail(x, at, (int)(x->p - at), "a text of more than %d letters is equal to nothing; "
			    "shorten it", (int)n);
		v->text[n++] = *x->p;
	}
	v->text[n] = '\0';
	v->is_text = true;
	x->p++;
	return 0;
}

const char *
expr_closing(const char *p)
{
	bool quoted = false;

	for (; *p != '\0' && (quoted || *p != ')'); p++)
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p[1] != '\0')
			p++;
	return *p == ')' ? p : NULL;
}
