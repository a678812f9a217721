/* words.c: cuts one command of a line into words.
 *
 * Words are separated by blanks, `;` ends a command, `#` at the start of a word begins a comment, "..." quotes. One
 * pass cuts all words of a command, so that the time grows with the command's length, not with the line's.
 */
#include "language/words.h"

#include "language/cmd.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

bool
word_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

const char *
word_find(const char *text, char sign)
{
	bool quoted = false;

	for (; *text != '\0' && (quoted || *text != sign); text++)
		if (*text == '"')
			quoted = !quoted;
		else if (quoted && text[0] == '\\' && (text[1] == '"' || text[1] == '\\'))
			text++;
	return *text != '\0' ? text : NULL;
}

char *
word_unquoted(const char *text, size_t n)
{
	struct str b = {0};
	bool quoted = false;

	str_add(&b, "%s", "");
	for (size_t i = 0; i < n; i++)
		if (text[i] == '"')
			quoted = !quoted;
		else {
			i += quoted && i + 1 < n && text[i] == '\\' && (text[i + 1] == '"' || text[i + 1] == '\\');
			str_addc(&b, text[i]);
		}
	return b.s;
}

char *
word_quoted(const char *text)
{
	struct str b = {0};

	str_addc(&b, '"');
	for (; *text != '\0'; text++)
		str_add(&b, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	str_addc(&b, '"');
	return b.s;
}

static size_t
word_skip_blanks(const char *line, size_t i)
{
	while (word_blank(line[i]))
		i++;
	if (line[i] == '#')
		i += strlen(line + i);
	return i;
}

/* ~/ at the beginning of a word, or behind its =, becomes the home folder: no word but a file's begins so. */
static void
word_home(struct str *store, size_t from)
{
	char *path;

	str_addn(store, "", 1);
	path = path_home(store->s + from);
	store->n = path != NULL ? from : store->n - 1;
	str_add(store, "%s", path != NULL ? path : "");
	free(path);
}

/* Cuts the word at line[i], adds its text to store, and returns where it ends. */
static size_t
word_cut(const char *line, size_t i, struct cmd_word *w, struct str *store)
{
	size_t start = store->n, begin = i;

	w->eq = -1;
	w->open = false;
	w->col = (int)i;
	while (line[i] != '\0' && line[i] != ';' && !word_blank(line[i])) {
		if (line[i] != '"') {
			if (line[i] == '=' && w->eq < 0)
				w->eq = (int)(store->n - start);
			str_addn(store, line + i++, 1);
			continue;
		}
		w->open = true;
		for (i++; line[i] != '\0'; i++) {
			if (line[i] == '"') {
				w->open = false;
				i++;
				break;
			}
			if (line[i] == '\\' && (line[i + 1] == '"' || line[i + 1] == '\\'))
				i++;
			str_addn(store, line + i, 1);
		}
	}
	w->len = (int)(i - begin);
	word_home(store, start + (size_t)(w->eq + 1));
	str_addn(store, "", 1);
	return i;
}

const char *
word_unprompted(const char *line)
{
	const char *p = line;

	while (word_blank(*p))
		p++;
	if (strncmp(p, WORD_PROMPT, strlen(WORD_PROMPT)) != 0)
		return line;
	p += strlen(WORD_PROMPT);
	return p + word_blank(*p);
}

int
cmd_words(const char *line, size_t *at, struct cmd_word *word, int max, char **store)
{
	struct cmd_word spare, *w;
	struct str b = {0};
	size_t i = *at, start;
	size_t offset[CMD_WORDS_MAX * 2];
	int n = 0;

	while (i = word_skip_blanks(line, i), line[i] != '\0' && line[i] != ';') {
		w = n < max && n < CMD_WORDS_MAX * 2 ? &word[n] : &spare;
		start = b.n;
		i = word_cut(line, i, w, &b);
		if (w == &spare) {
			b.n = start;
			n = max + 1;
		} else
			offset[n++] = start;
	}
	*at = line[i] == ';' ? i + 1 : i;
	*store = b.s;
	if (n > max)
		return -1;
	for (int k = 0; k < n; k++)
		word[k].text = b.s + offset[k];
	return n;
}
