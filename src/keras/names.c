/* names.c: what Keras and Python call things. */
#include "keras/names.h"

#include <string.h>

bool
keras_like(const char *word)
{
	static const char *const python[] = {"import", "from", "def", "for", "if", "while", "with", "lambda", "keras",
	    "tf", NULL};

	for (int i = 0; python[i] != NULL; i++)
		if (strcmp(word, python[i]) == 0)
			return true;
	return word[strcspn(word, "([")] != '\0';
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
