/* keras.c: a line of Python that is typed by habit. Which command does the same follows from the Keras line of each command. */
#include "cmd.h"
#include "settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/xmalloc.h"

bool
keras_like(const char *word)
{
	static const char *const python[] = {"import", "from", "def", "for", "if", "while", "with", "lambda", "keras", "tf", NULL};

	for (int i = 0; python[i] != NULL; i++)
		if (strcmp(word, python[i]) == 0)
			return true;
	return word[strcspn(word, "([")] != '\0';
}

/* Whether a line of Keras calls this function or sets this attribute. */
static bool
line_has(const char *line, const char *name, size_t n)
{
	for (const char *s = line; (s = strstr(s, name)) != NULL; s += n)
		if ((s == line || (!isalnum((unsigned char)s[-1]) && s[-1] != '_')) && (s[n] == '(' || strncmp(s + n, " =", 2) == 0))
			return true;
	return false;
}

/* Keras' names of keys and settings, and ours. */
static const char *const keras_names[][2] = {
	{"batch_size", "batch"},
	{"learning_rate", "lr"},
	{"show_trainable", "trainable"},
};

const char *
keras_key(const char *name)
{
	for (size_t i = 0; i < sizeof keras_names / sizeof keras_names[0]; i++)
		if (strcmp(keras_names[i][0], name) == 0)
			return keras_names[i][1];
	return NULL;
}

const struct cmd *
keras_command(const char *word)
{
	const struct cmd *found;
	const char *dot;
	char *name;
	size_t n, eq;
	bool yes;

	/* what is called or set: `fit` of h=model.fit(x, `trainable` of model.layers[0].trainable=False */
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
	found = n > 0 ? cmd_find(name, false, NULL) : NULL;
	for (const struct cmd *const *c = commands; found == NULL && n > 0 && *c != NULL; c++)
		if ((*c)->keras != NULL && line_has((*c)->keras, name, n))
			found = *c;
	if (found != NULL && yes && strcmp(found->name, "freeze") == 0)
		found = cmd_find("unfreeze", false, NULL);
	free(name);
	return found;
}

const struct cmd *
keras_assignment(const struct cmd_word *word, int n)
{
	const struct cmd *found;
	char *joined;

	if (n < 3 || strcmp(word[1].text, "=") != 0 || settings_find(word[0].text, false, NULL) != NULL)
		return NULL;
	if (word[2].text[strcspn(word[2].text, "(")] != '\0')
		return keras_command(word[2].text); /* h = model.fit(x, */
	joined = xasprintf("%s=%s", word[0].text, word[2].text); /* l.trainable = False */
	found = keras_command(joined);
	free(joined);
	return found != NULL && strcmp(found->name, word[0].text) != 0 ? found : NULL;
}
