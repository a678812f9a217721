/* suggest.c: guesses what a word that is no command was meant to be: a setting, a script, a line of Python, a name. */
#include "language/suggest.h"

#include "keras/names.h"
#include "language/find.h"
#include "language/python.h"
#include "session/settings.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 256

/* The setting that `epochs` or `epochs=5` means; such lines lack the word `set`. */
static const struct setting *
cmd_setting(const char *name)
{
	char *key = xstrndup(name, strcspn(name, "="));
	const struct setting *k = settings_find(keras_key(key) != NULL ? keras_key(key) : key, false, NULL);

	free(key);
	return k;
}

/* The command that `limit=100` lacks, which is a key of it, or has and writes with a =: `mode=json`; NULL. */
static char *
cmd_with(const struct cmd_table *table, const char *name)
{
	size_t n = strcspn(name, "=");
	const struct arg *a;
	bool is_name = false;

	for (const struct cmd *const *c = table->list; name[n] == '=' && !is_name && *c != NULL; c++) {
		is_name = strlen((*c)->name) == n && strncmp((*c)->name, name, n) == 0;
		for (const char *const *p = (*c)->arg[0].choices; is_name && p != NULL && *p != NULL; p++)
			if (strcmp(*p, name + n + 1) == 0)
				return xasprintf("%s %s", (*c)->name, *p);
	}
	if (is_name)
		return NULL;
	for (const struct cmd *const *c = table->list; name[n] == '=' && name[n + 1] != '\0' && *c != NULL; c++)
		for (int i = 0; (a = cmd_key(*c, i)) != NULL; i++)
			if (strlen(a->name) == n && strncmp(a->name, name, n) == 0)
				return xasprintf("%s%s%s %.40s", (*c)->name, (*c)->arg[0].required ? " " : "",
				    (*c)->arg[0].required ? (*c)->arg[0].name : "", name);
	return NULL;
}

/* Lists names and aliases, as many as fit, and returns how many there are. */
static int
cmd_names(const struct cmd_table *table, const char *names[NAMES_MAX])
{
	int n = 0;

	for (const struct cmd *const *c = table->list; *c != NULL && n + 4 <= NAMES_MAX; c++) {
		names[n++] = (*c)->name;
		for (int i = 0; i < 3 && (*c)->alias[i] != NULL; i++)
			names[n++] = (*c)->alias[i];
	}
	return n;
}

/* Whether a word may stand for a command with it: `beamer` says more than `on`. */
static bool
suggest_says(const struct cmd *c, const char *word)
{
	return c->arg[0].required || (c->arg[1].type == ARG_END && strlen(word) > 3);
}

char *
cmd_suggest_other(const struct cmd_table *table, const char *word)
{
	for (const struct cmd *const *c = table->list; *c != NULL; c++) {
		const char *const *p = suggest_says(*c, word) ? (*c)->arg[0].choices : NULL;

		for (; p != NULL && *p != NULL; p++)
			if (strcmp(*p, word) == 0)
				return xasprintf("%s %s", (*c)->name, word);
	}
	return NULL;
}

/* What people type of panes elsewhere: what does it here; NULL: no such word. */
static const char *
cmd_of_panes(const char *name)
{
	static const char show[] = "`focus PANE` shows a pane, and `layout NAME` a set of them",
	    zoom[] = "`focus PANE` and then Enter zooms a pane, Esc comes back",
	    away[] = "`layout NAME` brings the panes of a layout back, `focus digits` those in the place of the digits";
	static const struct {
		const char *name, *does;
	} words[] = {{"open", show}, {"pane", show}, {"panel", show}, {"panes", show}, {"view", show}, {"window", show},
	    {"switch", show}, {"zoom", zoom}, {"unzoom", zoom}, {"maximize", zoom}, {"fullscreen", zoom},
	    {"close", away}, {"hide", away}, {"toggle", away}, {"minimize", away}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].name, name) == 0)
			return words[i].does;
	return NULL;
}

int
cmd_suggest(const struct cmd_table *table, const char *name, struct err *e)
{
	const char *names[NAMES_MAX], *hit;
	const struct setting *k;
	const struct cmd *c;
	size_t len = strlen(name);
	char *with;
	int n = cmd_names(table, names);

	if ((k = cmd_setting(name)) != NULL)
		return fail(e, "\"%s\" is a setting: `set %s %.40s`", k->key, k->key,
		    strchr(name, '=') != NULL && strchr(name, '=')[1] != '\0' ? strchr(name, '=') + 1 : "VALUE");
	if ((with = cmd_with(table, name)) != NULL) {
		fail(e, "unknown command \"%.40s\" - did you mean `%s`?", name, with);
		free(with);
		return -1;
	}
	if ((with = cmd_suggest_other(table, name)) != NULL) {
		fail(e, "unknown command \"%.40s\" - did you mean `%s`?", name, with);
		free(with);
		return -1;
	}
	if (cmd_of_panes(name) != NULL)
		return fail(e, "unknown command \"%.40s\"; %s", name, cmd_of_panes(name));
	if (strncmp(name, WORD_PROMPT, strlen(WORD_PROMPT)) == 0)
		return fail(e, "unknown command \"%.40s\"; leave out the prompt `%s `", name, WORD_PROMPT);
	if (len > 5 && strcmp(name + len - 5, ".thaw") == 0)
		return fail(e, "unknown command \"%.40s\" - did you mean `source %.40s`?", name, name);
	if ((c = python_command(table, name)) != NULL)
		return fail(e, "unknown command \"%.40s\" - did you mean \"%s\"? `help keras` says what is called what",
		    name, c->name);
	if (keras_like(name))
		return fail(e, "unknown command \"%.40s\"; lines of Python have other names here: `help keras`", name);
	if (strcmp(name, "restore") == 0 || strcmp(name, "revert") == 0)
		return fail(e, "unknown command \"%.40s\"; `load @NAME` brings a snapshot back, `undo` takes back the "
		    "last change", name);
	if ((hit = text_near(name, names, n)) != NULL)
		return fail(e, "unknown command \"%.40s\" - did you mean \"%s\"?", name, hit);
	return fail(e, "unknown command \"%.40s\"; `help` lists the commands", name);
}

/* The name, or the Keras word, of a command that begins with these letters. */
static const char *
cmd_begun(const struct cmd *c, const char *word)
{
	for (int i = 0; strncmp(c->name, word, strlen(word)) != 0 && i < 3 && c->alias[i] != NULL; i++)
		if (strncmp(c->alias[i], word, strlen(word)) == 0)
			return c->alias[i];
	return c->name;
}

int
cmd_suggest_whole(const struct cmd_table *table, const char *name, struct err *e)
{
	struct err several = {0};
	const struct cmd *c = name[0] != '\0' ? cmd_find(table, name, true, &several) : NULL;
	const char *names = strstr(several.text, ": "), *way = strstr(several.text, "; ");

	if (c != NULL && cmd_find(table, name, false, NULL) == NULL)
		snprintf(e->text, sizeof e->text, "unknown command \"%.40s\" - did you mean \"%s\"? Scripts need full "
		    "names", name, cmd_begun(c, name));
	else if (names != NULL && way > names) /* several begin so */
		snprintf(e->text, sizeof e->text, "unknown command \"%.40s\" - it may be the beginning of: %.*s; "
		    "scripts need full names", name, (int)(way - names) - 2, names + 2);
	else
		return 0;
	return -1;
}
