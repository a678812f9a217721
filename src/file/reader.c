/* reader.c: JSON read with suspicion: the first thing that is wrong is remembered, what comes behind it reads as
 * zeros. */
#include "file/reader.h"

#include "util/out.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
reader_bad(struct reader *r, const char *key)
{
	if (r->bad[0] == '\0')
		snprintf(r->bad, sizeof r->bad, "%s: %.60s", r->part, key);
}

int64_t
reader_int(struct reader *r, const json_t *o, const char *key, int64_t min, int64_t max)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max) {
		reader_bad(r, key);
		return min;
	}
	return json_integer_value(v);
}

bool
reader_bool(struct reader *r, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_boolean(v))
		reader_bad(r, key);
	return json_is_true(v);
}

double
reader_number(struct reader *r, const json_t *v, const char *key, double min, double max)
{
	double x = json_is_null(v) ? NAN : json_number_value(v);

	if ((!json_is_number(v) && !json_is_null(v)) || x < min || x > max)
		reader_bad(r, key);
	return x;
}

double
reader_real(struct reader *r, const json_t *o, const char *key, double min, double max)
{
	double x = reader_number(r, json_object_get(o, key), key, min, max);

	if (isnan(x))
		reader_bad(r, key);
	return x;
}

uint64_t
reader_big(struct reader *r, const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));
	uint64_t v = 0;

	if (text == NULL || *text == '\0' || strlen(text) > 20) {
		reader_bad(r, key);
		return 0;
	}
	for (; *text != '\0'; text++)
		if (*text < '0' || *text > '9' || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *text - '0', &v)) {
			reader_bad(r, key);
			return 0;
		}
	return v;
}

char *
reader_text(struct reader *r, const json_t *o, const char *key, size_t max)
{
	const char *text = json_string_value(json_object_get(o, key));
	char *copy;

	if (text == NULL || strlen(text) > max) {
		reader_bad(r, key);
		return xstrdup("");
	}
	copy = xstrdup(text);
	text_clean(copy); /* it will be printed */
	return copy;
}

struct split
reader_split(struct reader *r, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	struct split s = {.kind = SPLIT_NONE};

	if (!json_is_null(v) && split_read(json_is_string(v) ? json_string_value(v) : "", &s) < 0)
		reader_bad(r, key);
	return s;
}

void
reader_rates(struct reader *r, const json_t *o, int n, float out[NN_LAYERS_MAX])
{
	const json_t *list = json_object_get(o, "layer_lr");

	for (int i = 0; i < NN_LAYERS_MAX; i++)
		out[i] = NAN;
	if (!json_is_array(list) || json_array_size(list) > NN_LAYERS_MAX)
		reader_bad(r, "layer_lr");
	else
		for (int i = 0; i < n && i < (int)json_array_size(list); i++)
			out[i] = (float)reader_number(r, json_array_get(list, (size_t)i), "layer_lr", 0, 1e6);
}

void *
reader_array(struct reader *r, size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	r->no_memory |= p == NULL;
	return p;
}

json_t *
reader_part(struct reader *r, const json_t *metadata, const char *key, size_t max)
{
	const char *text = json_string_value(json_object_get(metadata, key));
	json_error_t why;
	json_t *o;

	r->part = key;
	if (text == NULL || out_json_values(text, strlen(text)) > max) {
		reader_bad(r, text == NULL ? "missing" : "too long");
		return NULL;
	}
	if ((o = out_json_parse(text, strlen(text), &r->no_memory, &why)) == NULL)
		reader_bad(r, "no JSON");
	return o;
}
