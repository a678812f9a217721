/* python.c: lines of Python that people type by habit. Which command does the same follows from the Keras line that
 * each command has. */
#include "language/python.h"

#include "language/find.h"
#include "session/settings.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Whether a line of Keras calls this function or sets this attribute. */
static bool
line_has(const char *line, const char *name, size_t n)
{
	for (const char *s = line; (s = strstr(s, name)) != NULL; s += n)
		if ((s == line || (!isalnum((unsigned char)s[-1]) && s[-1] != '_')) &&
		    (s[n] == '(' || strncmp(s + n, " =", 2) == 0))
			return true;
	return false;
}

const struct cmd *
python_command(const struct cmd_table *table, const char *word)
{
	const struct cmd *found;
	const char *dot;
	char *name;
	size_t n, eq;
	bool yes;

	/* The name that is called or set: fit in h=model.fit(x, trainable in model.layers[0].trainable=False */
	n = strcspn(word, "(");
	eq = strcspn(word, "=");
	yes = strcmp(word + eq, "=True") == 0;
	if (eq < n && word[n] == '(') {
		word += eq + 1;
		n -= eq + 1;
	} else if (eq < n)
		n = eq;
	name = xstrndup(word, n);
	if ((dot = strrchr(name, '.')) != NULL)
		memmove(name, dot + 1, strlen(dot));
	name[strcspn(name, "[")] = '\0';
	n = strlen(name);
	found = n > 0 ? cmd_find(table, name, false, NULL) : NULL;
	for (const struct cmd *const *c = table->list; found == NULL && n > 0 && *c != NULL; c++)
		if ((*c)->keras != NULL && line_has((*c)->keras, name, n))
			found = *c;
	if (found != NULL && yes && strcmp(found->name, "freeze") == 0)
		found = cmd_find(table, "unfreeze", false, NULL);
	free(name);
	return found;
}

const struct cmd *
python_assignment(const struct cmd_table *table, const struct cmd_word *word, int n)
{
	const struct cmd *found;
	char *joined;

	if (n < 3 || strcmp(word[1].text, "=") != 0 || settings_find(word[0].text, false, NULL) != NULL)
		return NULL;
	if (word[2].text[strcspn(word[2].text, "(")] != '\0')
		return python_command(table, word[2].text); /* h = model.fit(x, */
	joined = xasprintf("%s=%s", word[0].text, word[2].text); /* l.trainable = False */
	found = python_command(table, joined);
	free(joined);
	return found != NULL && strcmp(found->name, word[0].text) != 0 ? found : NULL;
}
