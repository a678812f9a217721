/* text.c: one layer as text, and back. */
#include "model/text.h"

#include "util/num.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 8 /* of one layer */

/* A kind that is named by a word of its first attribute. */
static bool
is_named(const struct nn_attr *a)
{
	return a[0].name != NULL && a[0].type == NN_ATTR_WORD && isnan(a[0].value);
}

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

		for (int k = 0; is_named(a) && a[0].words[k] != NULL; k++)
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

	if (is_named(a)) {
		for (int k = 0; a[0].words[k] != NULL; k++)
			str_add(b, "%s%s", k > 0 ? ", " : "", a[0].words[k]);
		return;
	}
	str_add(b, "%s", kind);
	for (; a->name != NULL; a++)
		str_add(b, isnan(a->value) ? " %s%s" : " [%s%s]", a->key != NULL ? a->key : a->name,
		    a->key != NULL ? "=" : "");
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
		for (int k = 0; is_named(a) && a[0].words[k] != NULL && n < 64; k++)
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

static int
word_unknown(const struct nn_attr *a, const char *kind, const char *word, struct err *e)
{
	struct str list = {0};

	for (int k = 0; a->words[k] != NULL; k++)
		str_add(&list, "%s%s", k == 0 ? "" : a->words[k + 1] == NULL ? " or " : ", ", a->words[k]);
	fail(e, "%s: unknown %s \"%.40s\"; choose %s", kind, a->name, word, list.s);
	free(list.s);
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
		return word_unknown(a, kind, word, e);
	}
	if (a->type == NN_ATTR_INT) {
		long v = strtol(word, &end, 10);

		if (end == word || *end != '\0' || v < !a->zero || v > INT_MAX)
			return fail(e, "%s: %s is a whole number from %d on, not \"%.40s\"", kind, a->name, !a->zero,
			    word);
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
	if (isnan(a->value))
		return attr_missing(kind, a, e);
	if (a->type == NN_ATTR_WORD)
		*(const char **)((char *)spec + a->offset) = a->words[(int)a->value];
	else if (a->type == NN_ATTR_INT)
		*(int *)((char *)spec + a->offset) = (int)a->value;
	else
		*(double *)((char *)spec + a->offset) = a->value;
	return 0;
}

static bool
text_is(const char *name, const char *from, const char *to)
{
	return strlen(name) == (size_t)(to - from) && strncmp(name, from, (size_t)(to - from)) == 0;
}

/* The attribute that a word gives: by its key, its value if it is one of its own words, else by its place; NULL: none.
 * *value: what is behind the key. */
static const struct nn_attr *
attr_of_word(const struct nn_attr *attr, const bool *given, char *word, char **value)
{
	char *eq = strchr(word, '=');

	*value = eq != NULL ? eq + 1 : word;
	for (const struct nn_attr *a = attr; a->name != NULL; a++) {
		if (eq == NULL && a->type == NN_ATTR_WORD)
			for (int k = 0; a->words[k] != NULL; k++)
				if (strcmp(a->words[k], word) == 0)
					return a;
		if (eq != NULL && (text_is(a->name, word, eq) || (a->key != NULL && text_is(a->key, word, eq))))
			return a;
	}
	for (const struct nn_attr *a = attr; eq == NULL && a->name != NULL; a++)
		if (a->key == NULL && !given[a - attr] && (a->type != NN_ATTR_WORD || isnan(a->value)))
			return a;
	return NULL;
}

static int
attrs_parse(struct nn_layer_spec *spec, char **word, int n, struct err *e)
{
	const struct nn_attr *attr = nn_layer_attrs(spec->kind), *a;
	bool given[LAYER_ATTRS_MAX] = {false};
	char *value;

	for (int i = 0; i < n; i++) {
		const char *next = i + 1 < n ? word[i + 1] : "";
		size_t name = strcspn(word[i], "=");

		if (next[0] != '\0' && (next[0] == '=' || (word[i][name] == '=' && word[i][name + 1] == '\0')))
			return fail(e, "%s: no blanks stand around =; write %.*s=%.40s", spec->kind, (int)name, word[i],
			    strcmp(next, "=") == 0 && i + 2 < n ? word[i + 2] : next + (next[0] == '='));
		a = attr_of_word(attr, given, word[i], &value);
		if (a == NULL && strchr(word[i], '=') != NULL) {
			struct str usage = {0};

			kind_usage(&usage, spec->kind);
			fail(e, "%s: unknown \"%.40s\"; write %s", spec->kind, word[i], usage.s);
			free(usage.s);
			return -1;
		}
		if (a == NULL)
			return fail(e, "%s: \"%.40s\" is one word too many; layers are separated by commas", spec->kind,
			    word[i]);
		if (given[a - attr])
			return fail(e, "%s: \"%.40s\", but its %s is given already; layers are separated by commas",
			    spec->kind, word[i], a->name);
		given[a - attr] = true;
		if (layer_attr_set(spec, a, spec->kind, value, e) < 0)
			return -1;
	}
	for (a = attr; a->name != NULL; a++)
		if (!given[a - attr] && layer_attr_default(spec, a, spec->kind, e) < 0)
			return -1;
	return 0;
}

int
layer_parse(char *item, struct nn_layer_spec *spec, struct err *e)
{
	char *word[WORDS_MAX], *save = NULL;
	const char *kind;
	bool short_form;
	int n = 0;

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
	if (n == 2 && strcmp(word[0], "leaky_relu") == 0) { /* with a slope it is the layer that has one */
		kind = "leaky_re_lu";
		short_form = false;
	}
	memset(spec, 0, sizeof *spec);
	spec->kind = kind;
	return attrs_parse(spec, short_form ? word : word + 1, short_form ? n : n - 1, e);
}

/* Whether it stands in the text. What nn takes for the default need not: a word that is NULL, strides of 0 or, of a
 * pooling, of its size. */
static bool
attr_written(const struct nn_layer_spec *spec, const struct nn_attr *a, const void *at)
{
	const char *word = a->type == NN_ATTR_WORD ? *(const char *const *)at : NULL;
	int n = a->type == NN_ATTR_INT ? *(const int *)at : 0;

	if (a->type == NN_ATTR_WORD)
		return isnan(a->value) || (word != NULL && strcmp(word, a->words[(int)a->value]) != 0);
	if (a->key == NULL)
		return true;
	if (a->type == NN_ATTR_REAL)
		return *(const double *)at != a->value;
	return n != 0 && n != (int)a->value && !(a->offset == offsetof(struct nn_layer_spec, strides) &&
	    n == spec->pool);
}

void
layer_text(struct str *b, const struct nn_layer_spec *spec)
{
	const struct nn_attr *a = nn_layer_attrs(spec->kind);
	bool short_form = is_named(a);
	char number[32];

	if (!short_form)
		str_add(b, "%s", spec->kind);
	for (; a->name != NULL; a++) {
		const void *at = (const char *)spec + a->offset;

		if (!attr_written(spec, a, at))
			continue;
		if (!short_form)
			str_add(b, " ");
		short_form = false;
		if (a->key != NULL)
			str_add(b, "%s=", a->key);
		if (a->type == NN_ATTR_WORD)
			str_add(b, "%s", *(const char *const *)at);
		else if (a->type == NN_ATTR_INT)
			str_add(b, "%d", *(const int *)at);
		else
			str_add(b, "%s", num_text(number, *(const double *)at));
	}
}
