/* parse.c: makes a command with typed arguments of a line of text. It knows no command by name: everything comes from
 * struct cmd. */
#include "language/parse.h"

#include "language/blanks.h"
#include "language/find.h"
#include "language/fit.h"
#include "language/key.h"
#include "language/python.h"
#include "language/suggest.h"
#include "session/session.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* Whether line[i] begins a word -- that commands follow, not one text of them. */
static bool
raw_commands(const char *line, size_t i)
{
	if (strncmp(line + i, "--", 2) != 0 || i == 0 || !word_blank(line[i - 1]) || !word_blank(line[i + 2]))
		return false;
	for (i += 2; word_blank(line[i]); i++)
		;
	return line[i] != '"';
}

/* The text from line[i] up to a `;` or a comment outside quotes, or to the end, without the blanks around it. */
static char *
raw_text(const char *line, size_t i, enum arg_type type, size_t *at, int *col)
{
	size_t start, end;
	bool quoted = false, commands = false;

	while (word_blank(line[i]))
		i++;
	start = i;
	for (; line[i] != '\0'; i++) {
		if (quoted && line[i] == '\\' && line[i + 1] != '\0')
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
		else if (!quoted && ((line[i] == ';' && !commands) || (line[i] == '#' &&
		    (i == start || word_blank(line[i - 1])))))
			break;
		else if (!quoted && type == ARG_COMMANDS && raw_commands(line, i))
			commands = true;
	}
	for (end = i; end > start && word_blank(line[end - 1]); end--)
		;
	if (line[i] == '#')
		i += strlen(line + i);
	*at = line[i] == ';' ? i + 1 : i;
	*col = (int)start;
	return xstrndup(line + start, end - start);
}

static int
parse_raw(const char *line, size_t from, size_t *at, struct cmd_parsed *p, struct err *e)
{
	struct cmd_args *a = &p->args;
	const struct arg *arg = &a->cmd->arg[0];
	struct cmd_value *v = &a->pos[0];
	int col;
	char *text = raw_text(line, from, arg->type, at, &col);

	free(p->store);
	p->store = text;
	if (text[0] == '\0') {
		if (!arg->required)
			return 1;
		text = cmd_example(a->cmd);
		fail(e, "%s is missing: %s; as in `%s`", arg->name, arg->what, text);
		free(text);
		return -1;
	}
	*v = (struct cmd_value){.arg = arg, .text = text, .col = col, .len = (int)strlen(text)};
	a->npos = 1;
	return 1;
}

/* The command as it stands. *from is where it begins; *python: it is an assignment of Python. */
static int
parse_words(struct session *s, const char *line, size_t *at, size_t *from, bool *python, struct cmd_parsed *p,
    struct err *e)
{
	struct cmd_word word[CMD_WORDS_MAX], *operand = word;
	struct cmd_args *a = &p->args;
	const struct cmd *keras;
	struct cmd_value first;
	int n, npos = 0;

	memset(p, 0, sizeof *p);
	do { /* skip empty commands between semicolons */
		free(p->store);
		n = cmd_words(line, at, word, CMD_WORDS_MAX, &p->store);
	} while (n == 0 && line[*at] != '\0');
	if (n == 0)
		return 0;
	if (n < 0)
		return fail(e, "a command has at most %d words; is a `;` or a quote missing?", CMD_WORDS_MAX);
	*from = (size_t)word[0].col;
	first = (struct cmd_value){.col = word[0].col, .len = word[0].len};
	if ((*python = (keras = python_assignment(s->commands, word, n)) != NULL))
		return fail_at(e, &first, "a line of Python, \"%.40s = %.40s\" - did you mean \"%s\"? `help keras` "
		    "says what is called what", word[0].text, word[2].text, keras->name);
	if ((a->cmd = cmd_find(s->commands, word[0].text, s->user.interactive, e)) == NULL) {
		if (e->text[0] == '\0')
			cmd_suggest(s->commands, word[0].text, e);
		return err_at(e, &first);
	}
	if (a->cmd->arg[0].type == ARG_RAW || a->cmd->arg[0].type == ARG_COMMANDS)
		return parse_raw(line, word[0].col + word[0].len, at, p, e);
	for (int i = 1; i < n; i++) {
		if (word[i].open) {
			first = (struct cmd_value){.col = word[i].col, .len = 1};
			return fail_at(e, &first, "the quote is not closed; end the word with \"");
		}
		if (key_is(a->cmd, &word[i], line)) {
			if (key_take(s, a, &word[i], e) < 0)
				return -1;
		} else
			operand[npos++] = word[i];
	}
	if (fit_words(s, a, operand, npos, e) < 0)
		return -1;
	return 1;
}

/* Whether words that were put together mean one thing: a name may hold anything. */
static bool
closed_is_plain(const struct cmd_args *a)
{
	for (int i = 0; i < a->npos; i++) {
		const struct arg *arg = a->pos[i].arg;

		if (arg->type == ARG_FILE || arg->type == ARG_SETTING || (arg->type == ARG_WORD &&
		    arg->choices == NULL))
			return false;
	}
	return true;
}

/* Says how a command is written that blanks tore apart, or what is wrong with it without them, where *cmd becomes the
 * command that it is then; as_is: it can be parsed as it stands. Returns 0 where no blank is to blame; else -1, with
 * what it would be in *closed, NULL for nothing. */
static int
parse_closed(struct session *s, const char *line, size_t from, size_t to, bool as_is, const struct cmd **cmd,
    char **closed, struct err *e)
{
	struct torn torn = {.col = 0};
	struct err why = {0};
	bool equals = false, plain = false;

	*closed = NULL;
	for (enum blanks which = BLANKS_EQUALS; which <= BLANKS_SIGNS && !plain && !(as_is && which > BLANKS_EQUALS);
	    which++) {
		char *text = blanks_closed(line, from, to, which, &torn);
		struct cmd_parsed p = {.store = NULL};
		size_t at = 0, begin = 0;
		struct err ignored = {0};
		bool python = false;

		if (text == NULL)
			continue;
		plain = parse_words(s, text, &at, &begin, &python, &p, which == BLANKS_EQUALS ? &why : &ignored) > 0 &&
		    (which == BLANKS_EQUALS || closed_is_plain(&p.args));
		equals |= which == BLANKS_EQUALS;
		if (which == BLANKS_EQUALS)
			*cmd = p.args.cmd;
		cmd_parsed_free(&p);
		if (plain)
			*closed = text;
		else
			free(text);
	}
	if (!plain && !equals)
		return 0;
	if (!plain)
		fail(e, "%s", why.text);
	else if (torn.comma)
		fail(e, "no comma stands between words; write `%.200s`", *closed);
	else
		fail(e, "no blanks stand around %s; write `%.200s`", torn.sign, *closed);
	e->col = torn.col;
	e->len = torn.len;
	return -1;
}

static int
parse_command(struct session *s, const char *line, size_t *at, struct cmd_parsed *p, char **closed, struct err *e)
{
	size_t from = *at;
	bool python = false;
	int rc = parse_words(s, line, at, &from, &python, p, e);
	const struct arg *first = p->args.cmd != NULL ? &p->args.cmd->arg[0] : NULL;

	*closed = NULL;
	if (rc == 0 || python || (first != NULL && (first->type == ARG_RAW || first->type == ARG_COMMANDS)))
		return rc;
	return parse_closed(s, line, from, *at, rc > 0, &p->args.cmd, closed, e) < 0 ? -1 : rc;
}

int
cmd_parse(struct session *s, const char *line, size_t *at, struct cmd_parsed *p, struct err *e)
{
	char *closed;
	int rc = parse_command(s, line, at, p, &closed, e);

	free(closed);
	return rc;
}

char *
cmd_meant(struct session *s, const char *line)
{
	struct str meant = {0};
	bool torn = false;
	size_t at = 0;
	int rc;

	do {
		struct cmd_parsed p;
		struct err ignored = {0};
		size_t from = at;
		char *closed;

		rc = parse_command(s, line, &at, &p, &closed, &ignored);
		torn |= closed != NULL;
		if (closed != NULL)
			str_add(&meant, "%s%s%s", meant.n > 0 ? " " : "", closed, line[at] != '\0' ? ";" : "");
		else
			str_addn(&meant, line + from, at - from);
		rc = closed != NULL ? 1 : rc;
		free(closed);
		cmd_parsed_free(&p);
	} while (rc > 0);
	if (rc == 0 && torn)
		return meant.s;
	free(meant.s);
	return NULL;
}

void
cmd_parsed_free(struct cmd_parsed *p)
{
	free(p->store);
	memset(p, 0, sizeof *p);
}
