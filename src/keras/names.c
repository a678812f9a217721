/* names.c: what Keras and Python call things. */
#include "keras/names.h"

#include <string.h>

#define VALIDATION "the test images of the split validate each epoch; `data FOLDER holdout=10` sets pictures aside " \
    "for it"

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

const char *
keras_left(const char *name, size_t n)
{
	static const char *const left[][2] = {
		{"validation_split", VALIDATION},
		{"validation_data", VALIDATION},
		{"validation_freq", "`validate=N`"},
		{"callbacks", "`stop=` and `checkpoint=` do what most are for"},
		{"metrics", "accuracy is what is measured"},
		{"loss", "it is the categorical crossentropy"},
		{"clipnorm", "gradients are not clipped"},
		{"clipvalue", "gradients are not clipped"},
		{"learning_rate", "a number, or a schedule as in `train lt5 lr=1.0:cosine`"},
	};

	for (size_t i = 0; i < sizeof left / sizeof *left; i++)
		if (strlen(left[i][0]) == n && memcmp(left[i][0], name, n) == 0)
			return left[i][1];
	return NULL;
}
