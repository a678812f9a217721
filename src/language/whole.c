/* whole.c: writes a command whole that was abbreviated at a prompt, so that a script can have it. */
#include "language/whole.h"

#include "language/words.h"
#include "model/named.h"
#include "session/session.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* What goes into the place of line[col..col + len). */
struct edit {
	size_t col, len;
	char *text;
};

struct edits {
	struct edit edit[1 + 2 * (CMD_WORDS_MAX + CMD_KEYS_MAX)];
	int n;
};

/* Only where it is not there already. */
static void
edits_add(struct edits *x, const char *line, size_t col, size_t len, const char *text)
{
	if (strlen(text) == len && strncmp(line + col, text, len) == 0)
		return;
	if (x->n < (int)(sizeof x->edit / sizeof *x->edit))
		x->edit[x->n++] = (struct edit){col, len, xstrdup(text)};
}

/* An alias is a script's word as well. */
static void
edits_name(struct edits *x, const char *line, size_t from, const struct cmd *c)
{
	size_t n = strcspn(line + from, " \t");

	for (size_t i = 0; i < sizeof c->alias / sizeof *c->alias && c->alias[i] != NULL; i++)
		if (strlen(c->alias[i]) == n && strncmp(line + from, c->alias[i], n) == 0)
			return;
	edits_add(x, line, from, n, c->name);
}

/* A value whose text is one of a list, or names layers. */
static void
edits_value(struct edits *x, const struct session *s, const char *line, const struct cmd_value *v)
{
	char *layers;

	if (line[v->col] == '"') /* it may hold what the unquoted text does not show */
		return;
	if (v->arg->choices != NULL)
		edits_add(x, line, (size_t)v->col, (size_t)v->len, v->text);
	else if (v->arg->type == ARG_LAYERS && s->model.net != NULL) {
		layers = layers_whole(&s->model, v->text);
		edits_add(x, line, (size_t)v->col, (size_t)v->len, layers);
		free(layers);
	}
}

/* Keys stand before the = in front of their value. */
static void
edits_key(struct edits *x, const char *line, size_t from, const struct cmd_value *v)
{
	size_t end = (size_t)v->col - 1, col = end;

	while (col > from && !word_blank(line[col - 1]))
		col--;
	if (line[end] == '=' && line[col] != '"')
		edits_add(x, line, col, end - col, v->arg->name);
}

static int
edits_compare(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	return (x->col > y->col) - (x->col < y->col);
}

char *
cmd_whole(const struct session *s, const char *line, size_t from, size_t to, const struct cmd_parsed *p)
{
	const struct cmd_args *a = &p->args;
	struct edits x = {.n = 0};
	struct str whole = {0};
	size_t at = from;

	if (a->cmd != NULL) {
		edits_name(&x, line, from, a->cmd);
		for (int i = 0; i < a->npos; i++)
			edits_value(&x, s, line, &a->pos[i]);
		for (int i = 0; i < a->nkey; i++) {
			edits_value(&x, s, line, &a->key[i]);
			edits_key(&x, line, from, &a->key[i]);
		}
	}
	qsort(x.edit, (size_t)x.n, sizeof *x.edit, edits_compare);
	for (int i = 0; i < x.n; i++) {
		if (x.edit[i].col >= at && x.edit[i].col + x.edit[i].len <= to) {
			str_addn(&whole, line + at, x.edit[i].col - at);
			str_add(&whole, "%s", x.edit[i].text);
			at = x.edit[i].col + x.edit[i].len;
		}
		free(x.edit[i].text);
	}
	str_addn(&whole, line + at, to - at);
	str_addn(&whole, "", 0);
	return whole.s != NULL ? whole.s : xstrdup("");
}
