/* kinds.c: the kinds of layers, found by name; what each is made with. */
#include "nn_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct nn_layer_kind *const kinds[] = {
#define NN_LAYER(x) &nn_layer_##x,
#include "layers.def"
#undef NN_LAYER
};
#define NKINDS (sizeof kinds / sizeof *kinds)

const char *const *
nn_layer_kinds(void)
{
	static const char *const names[] = {
#define NN_LAYER(x) #x,
#include "layers.def"
#undef NN_LAYER
		NULL,
	};

	return names;
}

const struct nn_layer_kind *
nn_kind_find(const char *name, struct nn_err *err)
{
	char list[256] = "";

	for (size_t i = 0; i < NKINDS; i++) {
		if (name != NULL && strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
		snprintf(list + strlen(list), sizeof list - strlen(list), " %s", kinds[i]->name);
	}
	nn_fail(err, "unknown layer \"%.40s\" (layers:%s)", name == NULL ? "" : name, list);
	return NULL;
}

const struct nn_attr *
nn_layer_attrs(const char *kind)
{
	const struct nn_layer_kind *k = nn_kind_find(kind, NULL);

	return k != NULL ? k->attr : NULL;
}

/* ---- what a kind is made with ---- */

static size_t
attr_size(const struct nn_attr *a)
{
	switch (a->type) {
	case NN_ATTR_INT: return sizeof(int);
	case NN_ATTR_REAL: return sizeof(double);
	case NN_ATTR_WORD: return sizeof(const char *);
	}
	return 0;
}

/* The attribute's own word that is the same as this one. */
static int
own_word(const struct nn_attr *a, const char **word, struct nn_err *err)
{
	char list[256] = "";

	if (*word == NULL && !isnan(a->value)) {
		*word = a->words[(int)a->value];
		return 0;
	}
	for (const char *const *w = a->words; *w != NULL; w++) {
		if (*word != NULL && strcmp(*w, *word) == 0) {
			*word = *w;
			return 0;
		}
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
		    w == a->words ? "" : w[1] == NULL ? " or " : ", ", *w);
	}
	return nn_fail(err, "unknown %s \"%.40s\"; choose %s", a->name, *word == NULL ? "" : *word, list);
}

int
nn_kind_spec(const struct nn_layer_kind *kind, const struct nn_layer_spec *from, struct nn_layer_spec *to,
    struct nn_err *err)
{
	*to = (struct nn_layer_spec){.kind = kind->name};
	for (const struct nn_attr *a = kind->attr; a->name != NULL; a++) {
		char *at = (char *)to + a->offset;

		memcpy(at, (const char *)from + a->offset, attr_size(a));
		if (a->type == NN_ATTR_WORD && own_word(a, (const char **)(void *)at, err) < 0)
			return -1;
		if (a->type == NN_ATTR_INT && a->key != NULL && !a->zero &&
		    *(const int *)(const void *)at == 0)
			*(int *)(void *)at = (int)a->value;
	}
	return 0;
}

bool
nn_kind_same_spec(const struct nn_layer_kind *kind, const struct nn_layer_spec *a, const struct nn_layer_spec *b)
{
	for (const struct nn_attr *t = kind->attr; t->name != NULL; t++)
		if (memcmp((const char *)a + t->offset, (const char *)b + t->offset, attr_size(t)) != 0)
			return false;
	return true;
}
