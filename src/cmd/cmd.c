/* cmd.c: the table of commands, looking one up, and errors. */
#include "cmd.h"
#include "settings.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND(name) extern const struct cmd cmd_##name;
#include "commands.def"
#undef COMMAND

const struct cmd *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "commands.def"
#undef COMMAND
	NULL,
};

const char *const cmd_groups[] = {"model", "data", "train", "look", "files", "session", NULL};

static int __attribute__((format(printf, 2, 0)))
fail_v(struct err *e, const char *fmt, va_list ap)
{
	char text[sizeof e->text]; /* e->text may be one of the arguments */

	if (e == NULL)
		return -1;
	vsnprintf(text, sizeof text, fmt, ap);
	text_clean(text);
	memcpy(e->text, text, sizeof text);
	if (e->status == 0)
		e->status = 1;
	return -1;
}

int
fail(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_v(e, fmt, ap);
	va_end(ap);
	return -1;
}

int
fail_at(struct err *e, const struct cmd_value *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_v(e, fmt, ap);
	va_end(ap);
	if (e != NULL && v != NULL) {
		e->col = v->col;
		e->len = v->len;
	}
	return -1;
}

const struct cmd_value *
args_pos(const struct cmd_args *a, const char *name)
{
	int i;

	for (i = 0; i < a->npos; i++)
		if (strcmp(a->pos[i].arg->name, name) == 0)
			return &a->pos[i];
	return NULL;
}

const struct cmd_value *
args_key(const struct cmd_args *a, const char *name)
{
	int i;

	for (i = a->nkey - 1; i >= 0; i--) /* the last one given holds */
		if (strcmp(a->key[i].arg->name, name) == 0)
			return &a->key[i];
	return NULL;
}

bool
args_word(const struct cmd_args *a, const char *word)
{
	int i;

	for (i = 0; i < a->npos; i++)
		if (a->pos[i].arg->choices != NULL && strcmp(a->pos[i].text, word) == 0)
			return true;
	return false;
}

/* ---- looking up ---- */

const char *
near_word(const char *word, const char *const *candidates, int n)
{
	const char *best = NULL;
	int i, d, least = (int)strnlen(word, 12) / 3 + 1;
	size_t len = strlen(word);

	for (i = 0; i < n && len >= 2; i++) /* the beginning of one alone */
		if (strncmp(candidates[i], word, len) == 0) {
			if (best != NULL)
				break;
			best = candidates[i];
		}
	if (best != NULL && i == n)
		return best;
	best = NULL;
	for (i = 0; i < n; i++) {
		d = text_distance(word, candidates[i]);
		if (d <= least && 2 * d < (int)strlen(candidates[i])) { /* "foo" is not meant for "now" */
			if (best == NULL || d < least || (d == least && strncmp(candidates[i], word, 2) == 0)) {
				best = candidates[i];
				least = d;
			}
		}
	}
	return best;
}

static bool
cmd_called(const struct cmd *c, const char *name, size_t n)
{
	int i;

	if (strncmp(c->name, name, n) == 0)
		return true;
	for (i = 0; i < 3 && c->alias[i] != NULL; i++)
		if (strncmp(c->alias[i], name, n) == 0)
			return true;
	return false;
}

/* The setting of `epochs` and `epochs=5`, which lack their command. */
static const struct setting *
cmd_setting(const char *name)
{
	char *key = xstrndup(name, strcspn(name, "="));
	const struct setting *k = settings_find(keras_key(key) != NULL ? keras_key(key) : key, false, NULL);

	free(key);
	return k;
}

const struct cmd *
cmd_find(const char *name, bool prefix, struct err *e)
{
	const struct cmd *const *c, *found = NULL;
	const char *names[256], *hit;
	const struct setting *k;
	struct str list = {0};
	int n = 0, i, nfound = 0;
	size_t len = strlen(name);

	for (c = commands; *c != NULL; c++) {
		if (cmd_called(*c, name, len + 1))
			return *c;
		names[n++] = (*c)->name;
		for (i = 0; i < 3 && (*c)->alias[i] != NULL; i++)
			names[n++] = (*c)->alias[i];
	}
	if (prefix && strcmp(name, "fr") == 0)
		return cmd_find("freeze", false, e);
	if (prefix && len > 0) {
		for (c = commands; *c != NULL; c++) {
			if (!cmd_called(*c, name, len))
				continue;
			found = *c;
			str_add(&list, "%s%s", nfound++ > 0 ? " " : "", found->name);
		}
		if (nfound == 1) {
			free(list.s);
			return found;
		}
	}
	if (e == NULL)
		;
	else if (nfound > 1)
		fail(e, "\"%.40s\" may be any of: %s; type more letters", name, list.s);
	else if ((k = cmd_setting(name)) != NULL)
		fail(e, "\"%s\" is a setting: `set %s %.40s`", k->key, k->key, strchr(name, '=') != NULL ? strchr(name, '=') + 1 : "VALUE");
	else if (len > 5 && strcmp(name + len - 5, ".thaw") == 0)
		fail(e, "unknown command \"%.40s\" - did you mean `source %.40s`?", name, name);
	else if ((found = keras_command(name)) != NULL)
		fail(e, "unknown command \"%.40s\" - did you mean \"%s\"? `help keras` says what is called what", name, found->name);
	else if (keras_like(name))
		fail(e, "unknown command \"%.40s\"; lines of Python have other names here: `help keras`", name);
	else if ((hit = near_word(name, names, n)) != NULL)
		fail(e, "unknown command \"%.40s\" - did you mean \"%s\"?", name, hit);
	else
		fail(e, "unknown command \"%.40s\"; `help` lists the commands", name);
	free(list.s);
	return NULL;
}

static void
cmd_synopsis_arg(struct str *b, const struct arg *a, bool key)
{
	const char *const *c;

	str_addn(b, " ", 1);
	if (!a->required)
		str_addn(b, "[", 1);
	if (key)
		str_add(b, "%s=", a->name);
	if (a->choices != NULL)
		for (c = a->choices; *c != NULL; c++)
			str_add(b, "%s%s", c == a->choices ? "" : "|", *c);
	else if (!key)
		str_add(b, "%s", a->name);
	else
		str_add(b, "%s", a->type == ARG_INT ? "N" : a->type == ARG_NUM ? "X" : a->type == ARG_SPLIT ? "SPLIT" :
		    a->type == ARG_LAYERS ? "LAYERS" : a->type == ARG_FILE ? "FILE" : a->type == ARG_SIZE ? "WxH" :
		    a->type == ARG_IMAGE ? "IMAGE" : "VALUE");
	if (a->many)
		str_add(b, " ...");
	if (!a->required)
		str_addn(b, "]", 1);
}

char *
cmd_synopsis(const struct cmd *c)
{
	struct str b = {0};
	int i;

	str_add(&b, "%s", c->name);
	for (i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
		cmd_synopsis_arg(&b, &c->arg[i], false);
	for (i = 0; i < CMD_KEYS_MAX && c->key[i].type != ARG_END; i++)
		cmd_synopsis_arg(&b, &c->key[i], true);
	if (c->settings)
		str_add(&b, " [SETTING=VALUE ...]");
	return b.s;
}
