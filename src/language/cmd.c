/* cmd.c: finds the words of a parsed command, and writes its synopsis. */
#include "language/cmd.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

int
fail_at(struct err *e, const struct cmd_value *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_v(e, fmt, ap);
	va_end(ap);
	return err_at(e, v);
}

int
err_at(struct err *e, const struct cmd_value *v)
{
	if (e != NULL && v != NULL) {
		e->col = v->col;
		e->len = v->len;
	}
	return -1;
}

const struct cmd_value *
args_pos(const struct cmd_args *a, const char *name)
{
	for (int i = 0; i < a->npos; i++)
		if (strcmp(a->pos[i].arg->name, name) == 0)
			return &a->pos[i];
	return NULL;
}

const struct cmd_value *
args_key(const struct cmd_args *a, const char *name)
{
	for (int i = a->nkey - 1; i >= 0; i--) /* the last one given holds */
		if (strcmp(a->key[i].arg->name, name) == 0)
			return &a->key[i];
	return NULL;
}

bool
args_word(const struct cmd_args *a, const char *word)
{
	for (int i = 0; i < a->npos; i++)
		if (a->pos[i].arg->choices != NULL && strcmp(a->pos[i].text, word) == 0)
			return true;
	return false;
}

/* Its choices are few enough to stand in a synopsis. */
static bool
cmd_few_choices(const struct arg *a)
{
	int n = 0;

	while (a->choices != NULL && a->choices[n] != NULL)
		n++;
	return n > 0 && n <= 10;
}

static void
cmd_synopsis_arg(struct str *b, const struct arg *a, bool key)
{
	str_addn(b, " ", 1);
	if (!a->required)
		str_addn(b, "[", 1);
	if (key)
		str_add(b, "%s=", a->name);
	if (cmd_few_choices(a))
		for (const char *const *c = a->choices; *c != NULL; c++)
			str_add(b, "%s%s", c == a->choices ? "" : "|", *c);
	else if (!key)
		str_add(b, "%s", a->name);
	else
		str_add(b, "%s", a->type == ARG_INT ? "N" : a->type == ARG_NUM ? "X" : a->type == ARG_SPLIT ? "SPLIT" :
		    a->type == ARG_CLASS ? "CLASS" :
		    a->type == ARG_LAYERS ? "LAYERS" : a->type == ARG_FILE ? "FILE" : a->type == ARG_SIZE ?
		    (a->max > 0 ? "HxW" : "WxH") : a->type == ARG_IMAGE ? "IMAGE" : "VALUE");
	if (a->many)
		str_add(b, " ...");
	if (!a->required)
		str_addn(b, "]", 1);
}

const struct arg *
cmd_key(const struct cmd *c, int i)
{
	int n = 0;

	while (n < CMD_KEYS_MAX && c->key[n].type != ARG_END)
		n++;
	return i < n ? &c->key[i] : c->list_key != NULL ? c->list_key(i - n) : NULL;
}

char *
cmd_text(const struct cmd *c)
{
	char *list = c->list_text != NULL ? c->list_text() : NULL;
	char *text = xasprintf("%s%s%s", list != NULL ? list : "", list != NULL ? "\n" : "", c->text);

	free(list);
	return text;
}

#define USAGE_MAX 200

char *
cmd_usage(const struct cmd *c)
{
	char *whole = cmd_synopsis(c);
	struct str b = {0};

	if (strlen(whole) <= USAGE_MAX || cmd_key(c, 0) == NULL)
		return whole;
	free(whole);
	str_add(&b, "%s", c->name);
	for (int i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
		cmd_synopsis_arg(&b, &c->arg[i], false);
	str_add(&b, " [KEY=VALUE ...]; `help %s` lists the keys", c->name);
	return b.s;
}

char *
cmd_example(const struct cmd *c)
{
	bool raw = c->arg[0].type == ARG_RAW || c->arg[0].type == ARG_COMMANDS;
	const char *from = c->example, *end;
	size_t n = strlen(c->name);

	while (strncmp(from, c->name, n) != 0 && (end = strstr(from, "; ")) != NULL)
		from = end + 2;
	end = raw ? NULL : strstr(from, "; ");
	n = end != NULL ? (size_t)(end - from) : strlen(from);
	if ((end = strstr(from, " #")) != NULL && end < from + n)
		n = (size_t)(end - from);
	return xstrndup(from, n);
}

char *
cmd_synopsis(const struct cmd *c)
{
	struct str b = {0};

	str_add(&b, "%s", c->name);
	for (int i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
		cmd_synopsis_arg(&b, &c->arg[i], false);
	for (int i = 0; cmd_key(c, i) != NULL; i++)
		cmd_synopsis_arg(&b, cmd_key(c, i), true);
	if (c->settings)
		str_add(&b, " [SETTING=VALUE ...]");
	return b.s;
}
