/* names.c: the class names that the authors of data sets give. */
#include "data/names.h"

#include "util/xmalloc.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Names apart by a comma; where there is none, each character is one. */
static const struct {
	const char *word, *names;
} known[] = {
	{"fashion", "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot"},
	{"kmnist", "o,ki,su,tsu,na,ha,ma,ya,re,wo"},
	{"cifar10", "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck"},
	{"cifar-10", "airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck"},
	{"emnist-letters", "-abcdefghijklmnopqrstuvwxyz"}, /* which begin with label 1 */
	{"emnist-balanced", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"},
	{"emnist-bymerge", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"},
	{"emnist-byclass", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
};

static char **
names_split(const char *names, int *n)
{
	bool words = strchr(names, ',') != NULL;
	char **out = NULL;

	for (*n = 0; *names != '\0'; ++*n) {
		size_t length = words ? strcspn(names, ",") : 1;

		out = xrealloc(out, (size_t)*n + 1, sizeof *out);
		out[*n] = xstrndup(names, length);
		names += length + (words && names[length] == ',');
	}
	return out;
}

char **
names_known(const char *word, int *n)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcasestr(word, known[i].word) != NULL)
			return names_split(known[i].names, n);
	*n = 0;
	return NULL;
}

void
names_free(char **name, int n)
{
	for (int i = 0; i < n && name != NULL; i++)
		free(name[i]);
	free(name);
}
