/* json.c: events made and written as text. jansson writes reals with 17 digits; a reader wants the shortest that gives
 * the same value. It also refuses strings that are no UTF-8, as names of files may be. */
#include "util/num.h"
#include "util/out.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void
json_write_string(struct str *b, const char *s)
{
	str_addc(b, '"');
	for (; *s != '\0'; s++) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			str_addc(b, '\\');
		if (c == '\n')
			str_addn(b, "\\n", 2);
		else if (c == '\t')
			str_addn(b, "\\t", 2);
		else if (c < 0x20 || c == 0x7f)
			str_add(b, "\\u%04x", c);
		else
			str_addc(b, *s);
	}
	str_addc(b, '"');
}

static void
json_write(struct str *b, const json_t *v)
{
	char buf[32];
	const char *key, *text = "null";
	json_t *member;
	size_t n = 0;

	switch (v != NULL ? json_typeof(v) : JSON_NULL) { /* NULL: see memory_try */
	case JSON_OBJECT:
		str_addc(b, '{');
		json_object_foreach((json_t *)v, key, member) {
			if (n++ > 0)
				str_addc(b, ',');
			json_write_string(b, key);
			str_addc(b, ':');
			json_write(b, member);
		}
		str_addc(b, '}');
		return;
	case JSON_ARRAY:
		str_addc(b, '[');
		for (size_t i = 0; i < json_array_size(v); i++) {
			if (i > 0)
				str_addc(b, ',');
			json_write(b, json_array_get(v, i));
		}
		str_addc(b, ']');
		return;
	case JSON_STRING:
		json_write_string(b, json_string_value(v));
		return;
	case JSON_INTEGER:
		snprintf(buf, sizeof buf, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		text = buf;
		break;
	case JSON_REAL:
		if (isfinite(json_real_value(v)))
			text = num_text(buf, json_real_value(v));
		break;
	case JSON_TRUE:
		text = "true";
		break;
	case JSON_FALSE:
		text = "false";
		break;
	case JSON_NULL:
		break;
	}
	str_addn(b, text, strlen(text));
}

char *
out_json_text(const json_t *event)
{
	struct str b = {0};

	json_write(&b, event);
	return b.s;
}

size_t
out_json_values(const char *p, size_t n)
{
	size_t count = 0;
	bool string = false;

	for (size_t i = 0; i < n; i++) {
		if (string) {
			if (p[i] == '\\')
				i++;
			else if (p[i] == '"')
				string = false;
		} else if (p[i] == '"')
			string = true;
		else
			count += p[i] == ',' || p[i] == ':' || p[i] == '[' || p[i] == '{';
	}
	return count;
}

/* jansson 2.14 corrupts its memory where some of it is missing in the middle of a text, so all that a text may take is
 * asked for beforehand: 60 bytes a value are usual, beside its strings. */
json_t *
out_json_parse(const char *text, size_t n, bool *no_memory, json_error_t *why)
{
	void *room = malloc(out_json_values(text, n) * 80 + 2 * n + 65536);

	*no_memory = room == NULL;
	free(room);
	return *no_memory ? NULL : json_loadb(text, n, JSON_REJECT_DUPLICATES, why);
}

json_t *
out_string(const char *text)
{
	json_t *j = json_string(text);
	char *clean;

	if (j != NULL || text == NULL) /* NULL: see memory_try */
		return j;
	clean = xstrdup(text);
	text_clean(clean);
	j = json_string(clean);
	free(clean);
	return j;
}

/* ---- events ---- */

struct pack {
	const char *fmt; /* what is left of it */
	va_list ap;
};

static char
pack_next(struct pack *p)
{
	p->fmt += strspn(p->fmt, " ,:?"); /* a text may always be NULL */
	return *p->fmt++;
}

static json_t *
pack_value(struct pack *p, char kind)
{
	const char *text;
	json_t *v;

	switch (kind) {
	case 's':
		text = va_arg(p->ap, const char *);
		return text != NULL ? out_string(text) : json_null();
	case 'i':
		return json_integer(va_arg(p->ap, int));
	case 'I':
		return json_integer(va_arg(p->ap, json_int_t));
	case 'b':
		return json_boolean(va_arg(p->ap, int));
	case 'n':
		return json_null();
	case 'o':
		return va_arg(p->ap, json_t *);
	case '[':
		v = json_array();
		while ((kind = pack_next(p)) != ']')
			json_array_append_new(v, pack_value(p, kind));
		return v;
	case '{':
		v = json_object();
		while (pack_next(p) != '}') {
			text = va_arg(p->ap, const char *);
			kind = pack_next(p);
			json_object_set_new(v, text, pack_value(p, kind));
		}
		return v;
	default:
		abort(); /* a format is a constant; this one has a letter that is not read */
	}
}

json_t *
out_pack(const char *fmt, ...)
{
	struct pack p = {.fmt = fmt};
	json_t *v;

	va_start(p.ap, fmt);
	v = pack_value(&p, pack_next(&p));
	va_end(p.ap);
	return v;
}

json_t *
out_num(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

json_t *
out_num_float(float v)
{
	char buf[32];

	return isfinite(v) ? json_real(strtod(num_text_float(buf, v), NULL)) : json_null();
}

json_t *
out_shape(int rank, const int *dim)
{
	json_t *shape = json_array();

	for (int i = 0; i < rank; i++)
		json_array_append_new(shape, json_integer(dim[i]));
	return shape;
}

json_t *
out_words(const char *words)
{
	json_t *list = json_array();
	char *copy = xstrdup(words), *rest = copy, *word;

	while ((word = strsep(&rest, " ")) != NULL)
		if (*word != '\0')
			json_array_append_new(list, out_string(word));
	free(copy);
	return list;
}

json_t *
out_seconds(const struct out *o, double v)
{
	return o->timing ? out_num(v) : json_null();
}
