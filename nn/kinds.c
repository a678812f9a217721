/* kinds.c: the kinds of layers, found by name; what each is made with. */
#include "nn_int.h"

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
