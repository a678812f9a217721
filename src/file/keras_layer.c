/* keras_layer.c: a layer of Keras' JSON as the text that `build` reads: Conv2D(filters=32, kernel_size=(3, 3)). What is
 * the same whatever it says is left out, what the text knows nothing of is refused by its reader.
 */
#include "file/keras_config.h"

#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Names, how it begins, and what it draws its numbers with. */
static bool
says_nothing(const char *key)
{
	static const char *const keys[] = {"name", "trainable", "dtype", "batch_input_shape", "batch_shape", "seed",
	    "noise_shape", "sparse", "ragged", "optional", "quantization_config", "synchronized", "autocast", "fused",
	    "renorm_momentum", "virtual_batch_size", "input_dtype", NULL};

	for (int i = 0; keys[i] != NULL; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return text_ends(key, "_initializer");
}

char *
keras_number(char buf[32], double v)
{
	return v == (double)(float)v ? num_text_float(buf, (float)v) : num_text(buf, v);
}

/* A word or the path of one, which no quote or bracket can end. */
static bool
plain(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.' && *c != '-')
			return false;
	return *text != '\0' && strlen(text) < 60;
}

static bool
is_regularizer(const json_t *v)
{
	const char *class = json_string_value(json_object_get(v, "class_name"));

	return class != NULL && (strcmp(class, "L2") == 0 || strcmp(class, "L1L2") == 0);
}

/* L2 by its class, or L1L2 of which only that is used. */
static bool
regularizer(struct str *b, const json_t *v)
{
	const json_t *config = json_object_get(v, "config");
	char buf[32];

	if (json_number_value(json_object_get(config, "l1")) != 0)
		return false;
	str_add(b, "L2(l2=%s)", keras_number(buf, json_number_value(json_object_get(config, "l2"))));
	return true;
}

/* A value as it stands in a line of Python. False: there is none for it. */
static bool
value(struct str *b, const json_t *v, int depth)
{
	const char *text = json_string_value(v);
	char buf[32];

	if (is_regularizer(v))
		return regularizer(b, v);
	if (text == NULL) /* relu as an object; or of what class it is, for the sentence that refuses it */
		text = json_string_value(json_object_get(v, "config"));
	if (text == NULL)
		text = json_string_value(json_object_get(v, "class_name"));
	if (text != NULL && plain(text))
		str_add(b, "'%s'", text);
	else if (json_is_boolean(v))
		str_add(b, json_is_true(v) ? "True" : "False");
	else if (json_is_integer(v))
		str_add(b, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		str_add(b, "%s", keras_number(buf, json_number_value(v)));
	else if (json_is_array(v) && json_array_size(v) > 0 && json_array_size(v) <= 4 && depth < 2) {
		str_add(b, "(");
		for (size_t i = 0; i < json_array_size(v); i++) {
			str_add(b, "%s", i > 0 ? ", " : "");
			if (!value(b, json_array_get(v, i), depth + 1))
				return false;
		}
		str_add(b, ")");
	} else
		return false;
	return true;
}

/* The last axis, counted from the front or as a list of one; it has channels, or the units of what is no picture. */
static bool
last_axis(const json_t *v, bool flat)
{
	if (json_is_array(v) && json_array_size(v) == 1)
		v = json_array_get(v, 0);
	return json_is_integer(v) && json_integer_value(v) == (flat ? 1 : 3);
}

/* Options of classes whose word here has them built in. */
static bool
built_in(const char *class, const char *key, const json_t *v, bool flat)
{
	if (strcmp(class, "ReLU") == 0)
		return (strcmp(key, "negative_slope") == 0 || strcmp(key, "threshold") == 0) &&
		    json_number_value(v) == 0;
	if (strcmp(class, "BatchNormalization") == 0)
		return (strcmp(key, "axis") == 0 && last_axis(v, flat)) || (strcmp(key, "renorm") == 0 &&
		    json_is_false(v));
	return strcmp(key, "use_bias") == 0 && json_is_boolean(v); /* without one it is a bias of zeros */
}

/* [[1, 1], [1, 1]] is 1. */
static const json_t *
even(const json_t *v)
{
	const json_t *first = json_array_get(json_array_get(v, 0), 0);

	for (size_t i = 0; i < 4; i++)
		if (!json_equal(json_array_get(json_array_get(v, i / 2), i % 2), first))
			return v;
	return json_is_integer(first) ? first : v;
}

char *
keras_layer_text(const char *class, const json_t *config, bool flat, struct err *e)
{
	struct str b = {0};
	const char *key;
	json_t *v;
	int n = 0;

	str_add(&b, "%s(", class);
	json_object_foreach((json_t *)(uintptr_t)config, key, v) {
		const char *name = key;

		if (json_is_null(v) || says_nothing(key) || built_in(class, key, v, flat))
			continue;
		if (strcmp(class, "ReLU") == 0 && strcmp(key, "negative_slope") == 0) /* which the reader would take */
			name = "slope";
		str_add(&b, "%s%.60s=", n++ > 0 ? ", " : "", plain(name) ? name : "an option");
		if (!value(&b, even(v), 0)) {
			free(b.s);
			fail(e, "%s: its %.40s is not to be had here; `build` takes layers as text", class,
			    plain(name) ? name : "option");
			return NULL;
		}
	}
	str_add(&b, ")");
	return b.s;
}
