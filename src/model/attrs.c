/* attrs.c: what a layer is made with, asked by Keras' names. */
#include "model/attrs.h"

#include <math.h>
#include <string.h>

static const struct nn_attr *
find(const struct nn_layer *l, const char *name)
{
	for (const struct nn_attr *a = nn_layer_attrs(nn_layer_kind_name(l)); a != NULL && a->name != NULL; a++)
		if (strcmp(a->name, name) == 0)
			return a;
	return NULL;
}

static const void *
value_at(const struct nn_layer *l, const struct nn_attr *a)
{
	return (const char *)&l->spec + a->offset;
}

int
attrs_int(const struct nn_layer *l, const char *name, int otherwise)
{
	const struct nn_attr *a = find(l, name);

	return a != NULL && a->type == NN_ATTR_INT ? *(const int *)value_at(l, a) : otherwise;
}

double
attrs_real(const struct nn_layer *l, const char *name, double otherwise)
{
	const struct nn_attr *a = find(l, name);

	return a != NULL && a->type == NN_ATTR_REAL ? *(const double *)value_at(l, a) : otherwise;
}

const char *
attrs_word(const struct nn_layer *l, const char *name, const char *otherwise)
{
	const struct nn_attr *a = find(l, name);
	const char *word = a != NULL && a->type == NN_ATTR_WORD ? *(const char *const *)value_at(l, a) : NULL;

	return word != NULL ? word : otherwise;
}

static bool
is_default(const struct nn_layer *l, const struct nn_attr *a)
{
	const char *word;

	if (a->type == NN_ATTR_INT)
		return (double)*(const int *)value_at(l, a) == a->value;
	if (a->type == NN_ATTR_REAL)
		return *(const double *)value_at(l, a) == a->value;
	word = *(const char *const *)value_at(l, a);
	return word == NULL || (!isnan(a->value) && strcmp(word, a->words[(int)a->value]) == 0);
}

bool
attrs_around(const struct nn_layer *l, int side, int stride, int around[4])
{
	bool same = strcmp(attrs_word(l, "padding", "valid"), "same") == 0, some = false;

	for (int i = 0; i < 2; i++) {
		int need = same ? (l->out.dim[i] - 1) * stride + side - l->in.dim[i] : 0;

		need = need > 0 ? need : 0;
		around[i] = need / 2;
		around[i + 2] = need - need / 2;
		some |= need > 0;
	}
	return some;
}

int
attrs_known(const struct nn_layer *l, const char *known, const char *where, struct err *e)
{
	for (const struct nn_attr *a = nn_layer_attrs(nn_layer_kind_name(l)); a != NULL && a->name != NULL; a++) {
		const char *at = strstr(known, a->name);
		size_t n = strlen(a->name);

		while (at != NULL && ((at > known && at[-1] != ' ') || (at[n] != ' ' && at[n] != '\0')))
			at = strstr(at + 1, a->name);
		if (at == NULL && !is_default(l, a))
			return fail(e, "%s: %s as written here knows no %s; `build` the model without it", l->name,
			    where, a->name);
	}
	return 0;
}
