/* python_is.c: which lines are Python. */
#include "language/find.h"
#include "language/parse.h"
#include "language/python_call.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

static const char *const block_words[] = {"def", "class", "if", "elif", "else", "while", "with", "try", "except",
    "finally", "async", NULL};
static const char *const plain_words[] = {"return", "pass", "break", "continue", "global", "del", "raise", "yield",
    NULL};

static bool
begins_with_word(struct piece p, const char *const *words)
{
	size_t n = 0;

	while (n < p.n && ((p.s[n] >= 'a' && p.s[n] <= 'z') || p.s[n] == '_'))
		n++;
	for (; *words != NULL; words++)
		if (n < p.n + 1 && strlen(*words) == n && strncmp(p.s, *words, n) == 0)
			return true;
	return false;
}

bool
python_block(struct piece p)
{
	return begins_with_word(p, block_words);
}

bool
python_plain(struct piece p)
{
	return begins_with_word(p, plain_words);
}

/* An = that compares nothing, also behind + & and so on, is next. */
static bool
assigns_at(struct piece p, size_t i)
{
	while (i < p.n && strchr(" \t+-*/%&|^", p.s[i]) != NULL)
		i++;
	return i < p.n && p.s[i] == '=' && (i + 1 == p.n || p.s[i + 1] != '=');
}

bool
python_trains(struct piece p)
{
	static const char flag[] = ".trainable", set[] = "setattr(";
	struct scan x = {0};
	bool sets = false;

	for (size_t i = 0; i < p.n && (p.s[i] != '#' || x.quote != '\0'); i++) {
		struct piece rest = {p.s + i, p.n - i};

		if (x.quote == '\0' && piece_begins(rest, flag) && assigns_at(p, i + sizeof flag - 1))
			return true;
		sets |= x.quote == '\0' && piece_begins(rest, set);
		if (sets && (piece_begins(rest, "'trainable'") || piece_begins(rest, "\"trainable\"")))
			return true;
		scan_outside(&x, p.s[i]);
	}
	return false;
}

/* Whether a text is a command of thaw as it stands. */
bool
python_is_command(struct session *s, const char *line)
{
	struct cmd_parsed parsed;
	struct err ignored = {0};
	size_t at = 0;
	int rc = cmd_parse(s, line, &at, &parsed, &ignored);

	cmd_parsed_free(&parsed);
	return rc == 1;
}

/* epochs=5, x=[1, 2]; but not digits=3,5, nor the limit=2000 of a command. */
static bool
assignment_like(struct piece p)
{
	struct piece target, value;
	size_t at = 0;
	char update;

	piece_next(p, &at, ";", &p);
	if (!piece_assigns(p, &target, &value, &update) || value.n == 0 || !piece_value(value))
		return false;
	return update || memchr(p.s, ' ', p.n) != NULL || piece_number(value) ||
	    strcspn(value.s, "([{'\"") < value.n || memchr(target.s, '.', target.n) != NULL;
}

/* Whether it is an expression that a command shows, or would but for a name in it. */
static bool
line_looks(struct session *s, struct piece p)
{
	struct err ignored = {0};
	struct python x = {.s = s, .b = &s->user.notebook, .e = &ignored};
	size_t at = 0;
	int rc;

	piece_next(p, &at, ";", &p);
	rc = python_reads(&x, p);
	free(x.out.s);
	return rc != 0;
}

bool
python_is(struct session *s, struct piece p)
{
	static const char *const begin[] = {"import", "from", "for", NULL};
	struct piece callee, arguments, first;
	char *word;
	size_t at = 0;
	bool command;

	if (p.n == 0)
		return false;
	if (strchr("([{@%!'\"", p.s[0]) != NULL)
		return p.s[0] != '(' || p.n > 1;
	piece_next(p, &at, " \t;", &first);
	word = piece_text(first);
	command = cmd_find(s->commands, word, true, NULL) != NULL;
	free(word);
	if (at < p.n && p.s[at] == '=' && (at + 1 == p.n || p.s[at + 1] == ' ')) /* model = Sequential(...) */
		return true;
	if (command)
		return false;
	if (begins_with_word(p, begin) || python_plain(p) ||
	    (python_block(p) && memchr(p.s, ':', p.n) != NULL))
		return true;
	return assignment_like(p) || line_looks(s, p) || (piece_call(p, &callee, &arguments) && callee.n > 0 &&
	    memchr(callee.s, ' ', callee.n) == NULL);
}
