/* text.c: one layer as text, and back. */
#include "model/text.h"

#include "util/num.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 8 /* of one layer */

/* The kind that a word means: the kind's own name or, where its first attribute is a word, that word (short_form:
 * "relu" means an activation). */
const char *
layer_kind(const char *word, bool *short_form)
{
	const char *const *kinds = nn_layer_kinds();

	*short_form = false;
	for (int i = 0; kinds[i] != NULL; i++)
		if (strcmp(kinds[i], word) == 0)
			return kinds[i];
	*short_form = true;
	for (int i = 0; kinds[i] != NULL; i++) {
		const struct nn_attr *a = nn_layer_attrs(kinds[i]);

		for (int k = 0; a[0].name != NULL && a[0].type == NN_ATTR_WORD && a[0].words[k] != NULL; k++)
			if (strcmp(a[0].words[k], word) == 0)
				return kinds[i];
	}
	return NULL;
}

/* Adds how a kind is written: "conv2d filters kernel_size" or "relu, softmax". */
static void
kind_usage(struct str *b, const char *kind)
{
	const struct nn_attr *a = nn_layer_attrs(kind);

	if (a[0].name != NULL && a[0].type == NN_ATTR_WORD) {
		for (int k = 0; a[0].words[k] != NULL; k++)
			str_add(b, "%s%s", k > 0 ? ", " : "", a[0].words[k]);
		return;
	}
	str_add(b, "%s", kind);
	for (; a->name != NULL; a++)
		str_add(b, isnan(a->value) ? " %s" : " [%s]", a->name);
}

char *
layer_usages(void)
{
	const char *const *kinds = nn_layer_kinds();
	struct str b = {0};

	for (int i = 0; kinds[i] != NULL; i++) {
		str_add(&b, "%s", i > 0 ? ", " : "");
		kind_usage(&b, kinds[i]);
	}
	return b.s;
}

static int
attr_missing(const char *kind, const struct nn_attr *a, struct err *e)
{
	struct str usage = {0};

	kind_usage(&usage, kind);
	fail(e, "%s: its %s is missing; write %s", kind, a->name, usage.s);
	free(usage.s);
	return -1;
}

int
layer_kind_unknown(const char *word, struct err *e)
{
	const char *names[64];
	const char *const *kinds = nn_layer_kinds();
	const char *near;
	char *list;
	int n = 0;

	for (int i = 0; kinds[i] != NULL; i++) {
		const struct nn_attr *a = nn_layer_attrs(kinds[i]);

		names[n++] = kinds[i];
		for (int k = 0; a[0].name != NULL && a[0].type == NN_ATTR_WORD && a[0].words[k] != NULL && n < 64; k++)
			names[n++] = a[0].words[k];
	}
	list = layer_usages();
	near = text_near(word, names, n);
	if (near != NULL)
		fail(e, "unknown layer \"%.40s\" - did you mean \"%s\"? (layers: %s)", word, near, list);
	else
		fail(e, "unknown layer \"%.40s\" (layers: %s)", word, list);
	free(list);
	return -1;
}

int
layer_attr_set(struct nn_layer_spec *spec, const struct nn_attr *a, const char *kind, const char *word, struct err *e)
{
	void *at = (char *)spec + a->offset;
	char *end = NULL;

	if (a->type == NN_ATTR_WORD) {
		for (int k = 0; a->words[k] != NULL; k++) {
			if (strcmp(a->words[k], word) == 0) {
				*(const char **)at = a->words[k];
				return 0;
			}
		}
		return fail(e, "%s: unknown %s \"%.40s\"; choose %s or %s", kind, a->name, word, a->words[0],
		    a->words[1]);
	}
	if (a->type == NN_ATTR_INT) {
		long v = strtol(word, &end, 10);

		if (end == word || *end != '\0' || v < 1 || v > INT_MAX)
			return fail(e, "%s: %s is a whole number from 1 on, not \"%.40s\"", kind, a->name, word);
		*(int *)at = (int)v;
		return 0;
	}
	*(double *)at = strtod(word, &end);
	if (end == word || *end != '\0' || !isfinite(*(double *)at))
		return fail(e, "%s: %s is a number, not \"%.40s\"", kind, a->name, word);
	return 0;
}

int
layer_attr_default(struct nn_layer_spec *spec, const struct nn_attr *a, const char *kind, struct err *e)
{
	if (a->type == NN_ATTR_WORD || isnan(a->value))
		return attr_missing(kind, a, e);
	if (a->type == NN_ATTR_INT)
		*(int *)((char *)spec + a->offset) = (int)a->value;
	else
		*(double *)((char *)spec + a->offset) = a->value;
	return 0;
}

int
layer_parse(char *item, struct nn_layer_spec *spec, struct err *e)
{
	char *word[WORDS_MAX], *save = NULL;
	const char *kind;
	bool short_form;
	int n = 0, at;

	for (char *w = strtok_r(item, " \t\r\n", &save); w != NULL; w = strtok_r(NULL, " \t\r\n", &save)) {
		if (n == WORDS_MAX)
			return fail(e, "%.40s: too many words; layers are separated by commas", word[0]);
		word[n++] = w;
	}
	if (n == 0)
		return fail(e, "a layer is missing beside a comma or the bar; write conv2d 32 3, relu, ... | ..., "
		    "softmax");
	if ((kind = layer_kind(word[0], &short_form)) == NULL)
		return layer_kind_unknown(word[0], e);
	memset(spec, 0, sizeof *spec);
	spec->kind = kind;
	at = short_form ? 0 : 1;
	for (const struct nn_attr *a = nn_layer_attrs(kind); a->name != NULL; a++) {
		if (at < n) {
			if (layer_attr_set(spec, a, kind, word[at++], e) < 0)
				return -1;
		} else if (layer_attr_default(spec, a, kind, e) < 0)
			return -1;
	}
	if (at < n)
		return fail(e, "%s: \"%.40s\" is one word too many; layers are separated by commas", kind, word[at]);
	return 0;
}

void
layer_text(struct str *b, const struct nn_layer_spec *spec)
{
	const struct nn_attr *a = nn_layer_attrs(spec->kind);
	char number[32];

	if (a[0].name != NULL && a[0].type == NN_ATTR_WORD)
		str_add(b, "%s", *(const char *const *)((const char *)spec + a[0].offset));
	else
		str_add(b, "%s", spec->kind);
	for (; a->name != NULL; a++) {
		const void *at = (const char *)spec + a->offset;

		if (a->type == NN_ATTR_INT)
			str_add(b, " %d", *(const int *)at);
		else if (a->type == NN_ATTR_REAL)
			str_add(b, " %s", num_text(number, *(const double *)at));
	}
}
