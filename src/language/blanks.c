/* blanks.c: puts words together that blanks tore apart: `epochs = 3`, `digits=1, 2`, `5 - 9`. Whether that is what was
 * meant is for whoever parses the result to see. */
#include "language/blanks.h"

#include "language/cmd.h"
#include "language/words.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* The sign that a word, as typed, begins or ends with; its length, 0 for none. */
static int
sign_at(const char *line, const struct cmd_word *w, bool end, enum blanks which)
{
	const char *last = line + w->col + w->len - 1, *at = end ? last : line + w->col;

	if (*at == '=' || (which == BLANKS_SIGNS && (strchr("<>,:", *at) != NULL || (*at == '-' && w->len == 1))))
		return 1;
	if (which == BLANKS_SIGNS && w->len > 1 && strncmp(end ? last - 1 : at, "..", 2) == 0)
		return 2;
	return 0;
}

/* A factor, as in `lr * 2`: its sign belongs to the number behind it, and to nothing before. */
static bool
factor_sign(const char *line, const struct cmd_word *w)
{
	return (line[w->col] == '*' || line[w->col] == '/') && (w->len == 1 || (w->len == 2 &&
	    line[w->col + 1] == '='));
}

/* Whether a key begins at this word: epochs=3, or epochs with = behind it. */
static bool
key_begins(const char *line, const struct cmd_word *w, int n)
{
	return w->eq > 0 || (n > 1 && line[w[1].col] == '=');
}

/* Whether the first of two words and the second are one. in_key: the first is of a key's value, where a comma is none
 * of a list of layers. */
static bool
is_torn(const char *line, const struct cmd_word *w, int left, bool in_key, enum blanks which, struct torn *torn)
{
	const struct cmd_word *shows = w;
	int n;

	*torn = (struct torn){.col = 0};
	if ((in_key || which == BLANKS_SIGNS) && w->len > 1 && line[w->col + w->len - 1] == ',' &&
	    key_begins(line, w + 1, left - 1)) {
		torn->sign[0] = ',';
		torn->comma = true;
	} else if (which == BLANKS_SIGNS && factor_sign(line, w))
		torn->sign[0] = line[w->col];
	else if (which == BLANKS_SIGNS && factor_sign(line, w + 1))
		return false;
	else if ((n = sign_at(line, w, true, which)) > 0) {
		memcpy(torn->sign, line + w->col + w->len - n, (size_t)n);
	} else if ((n = sign_at(line, w + 1, false, which)) > 0) {
		shows = w + 1;
		memcpy(torn->sign, line + shows->col, (size_t)n);
	} else
		return false;
	torn->col = shows->col;
	torn->len = shows->len;
	return true;
}

/* The text of a word as it was typed, without the = of `*=`. */
static void
add_word(struct str *b, const char *line, const struct cmd_word *w, enum blanks which)
{
	str_addn(b, line + w->col, which == BLANKS_SIGNS && factor_sign(line, w) ? 1 : (size_t)w->len);
}

char *
blanks_closed(const char *line, size_t from, size_t to, enum blanks which, struct torn *torn)
{
	struct cmd_word word[CMD_WORDS_MAX];
	char *store, *command = xasprintf("%*s%.*s", (int)from, "", (int)(to - from), line + from);
	size_t at = from;
	int n = cmd_words(command, &at, word, CMD_WORDS_MAX, &store), found = 0;
	bool in_key = false;
	struct torn here;
	struct str b = {0};

	for (int i = 0; i < n; i++) {
		add_word(&b, line, &word[i], which);
		if (i + 1 == n)
			break;
		in_key |= word[i].eq >= 0;
		if (!is_torn(line, &word[i], n - i, in_key, which, &here)) {
			str_addc(&b, ' ');
			in_key = false;
			continue;
		}
		in_key &= !here.comma;
		if (found++ == 0)
			*torn = here;
		if (here.comma)
			b.s[b.n - 1] = ' ';
	}
	free(store);
	free(command);
	if (found > 0 && b.s[b.n - 1] == '=')
		str_add(&b, "VALUE");
	if (found > 0)
		return b.s;
	free(b.s);
	return NULL;
}
