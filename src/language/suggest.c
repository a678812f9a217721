/* suggest.c: guesses what a word that is no command was meant to be: a setting, a script, a line of Python, a name. */
#include "language/suggest.h"

#include "keras/names.h"
#include "language/python.h"
#include "session/settings.h"
#include "util/text.h"
#include "util/xmalloc.h"

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

int
cmd_suggest(const struct cmd_table *table, const char *name, struct err *e)
{
	const char *names[NAMES_MAX], *hit;
	const struct setting *k;
	const struct cmd *c;
	size_t len = strlen(name);
	int n = cmd_names(table, names);

	if ((k = cmd_setting(name)) != NULL)
		return fail(e, "\"%s\" is a setting: `set %s %.40s`", k->key, k->key,
		    strchr(name, '=') != NULL ? strchr(name, '=') + 1 : "VALUE");
	if (strncmp(name, WORD_PROMPT, strlen(WORD_PROMPT)) == 0)
		return fail(e, "unknown command \"%.40s\"; leave out the prompt `%s `", name, WORD_PROMPT);
	if (len > 5 && strcmp(name + len - 5, ".thaw") == 0)
		return fail(e, "unknown command \"%.40s\" - did you mean `source %.40s`?", name, name);
	if ((c = python_command(table, name)) != NULL)
		return fail(e, "unknown command \"%.40s\" - did you mean \"%s\"? `help keras` says what is called what",
		    name, c->name);
	if (keras_like(name))
		return fail(e, "unknown command \"%.40s\"; lines of Python have other names here: `help keras`", name);
	if ((hit = text_near(name, names, n)) != NULL)
		return fail(e, "unknown command \"%.40s\" - did you mean \"%s\"?", name, hit);
	return fail(e, "unknown command \"%.40s\"; `help` lists the commands", name);
}
