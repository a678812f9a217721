/* spelled.c: reads layers as Keras spells them. Classes are the kinds in other letters (MaxPooling2D is max_pooling2d),
 * operands without a name come in nn's order, which is Keras'. What Keras has and thaw lacks is refused, unless it is
 * what thaw does anyway.
 */
#include "model/spelled.h"

#include "model/text.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What may be said and changes nothing; a value NULL: whatever it is. */
static const char *const harmless[][2] = {
	{"input_shape", NULL}, {"input_dim", NULL}, {"batch_input_shape", NULL}, {"name", NULL}, {"dtype", NULL},
	{"padding", "valid"}, {"use_bias", "True"}, {"data_format", "None"}, {"data_format", "channels_last"},
	{"kernel_initializer", "glorot_uniform"}, {"bias_initializer", "zeros"}, {"dilation_rate", "1"},
	{"groups", "1"}, {"alpha", "1"}, {"alpha", "1.0"}, {"axis", "-1"},
	{"center", "True"}, {"scale", "True"}, {"trainable", "True"}, {"keepdims", "False"},
	{"kernel_regularizer", "None"}, {"bias_regularizer", "None"}, {"activity_regularizer", "None"},
	{"gamma_initializer", "ones"}, {"beta_initializer", "zeros"}, {"moving_mean_initializer", "zeros"},
	{"moving_variance_initializer", "ones"},
};

size_t
item_length(const char *text, const char *ends)
{
	size_t i = 0;
	int depth = 0;
	char quote = '\0';

	for (; text[i] != '\0'; i++) {
		if (quote != '\0')
			quote = text[i] == quote ? '\0' : quote;
		else if (text[i] == '\'' || text[i] == '"')
			quote = text[i];
		else if (strchr("([{", text[i]) != NULL)
			depth++;
		else if (strchr(")]}", text[i]) != NULL)
			depth -= depth > 0;
		else if (depth == 0 && strchr(ends, text[i]) != NULL)
			break;
	}
	return i;
}

bool
layer_spelled(const char *item)
{
	item += strspn(item, " \t\r\n");
	return isalpha((unsigned char)item[0]) && item[strcspn(item, "( \t\r\n")] == '(';
}

static char *
trimmed(char *s)
{
	size_t n;

	s += strspn(s, " \t\r\n");
	for (n = strlen(s); n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL; n--)
		s[n - 1] = '\0';
	return s;
}

/* MaxPooling2D as max_pooling2d. */
static void
class_name(char *out, size_t size, const char *name)
{
	size_t n = 0;

	for (const char *p = name; *p != '\0' && n + 3 < size; p++) {
		if (p > name && isupper((unsigned char)*p) && islower((unsigned char)p[-1]))
			out[n++] = '_';
		out[n++] = (char)tolower((unsigned char)*p);
	}
	out[n] = '\0';
}

/* A value as thaw writes it: 3 of (3, 3), relu of 'relu' and of keras.activations.relu. */
static int
value_read(const char *kind, const char *name, char **value, struct err *e)
{
	char *v = trimmed(*value), *part, *first = NULL, *next;
	size_t n = strlen(v);

	if (n >= 2 && ((v[0] == '(' && v[n - 1] == ')') || (v[0] == '[' && v[n - 1] == ']'))) {
		v[n - 1] = '\0';
		for (part = v + 1; part != NULL; part = next) {
			next = strchr(part, ',');
			if (next != NULL)
				*next++ = '\0';
			part = trimmed(part);
			if (first != NULL && *part != '\0' && strcmp(first, part) != 0)
				return fail(e, "%s: %s is a square here; give one number, as in %s=%.20s", kind, name,
				    name, first);
			first = first == NULL ? part : first;
		}
		v = first != NULL ? first : v + 1;
	} else if (n >= 2 && (v[0] == '\'' || v[0] == '"') && v[n - 1] == v[0]) {
		v[n - 1] = '\0';
		v++;
	} else if (isalpha((unsigned char)v[0])) /* the last name of a path; a call keeps what it is given */
		while ((next = strchr(v, '.')) != NULL && strcspn(v, "(") > (size_t)(next - v))
			v = next + 1;
	*value = v;
	return 0;
}

/* value NULL: asks about any. */
static bool
value_harmless(const char *class, const char *name, const char *value)
{
	if (strcasecmp(class, "relu") == 0 && strcmp(name, "negative_slope") == 0)
		return value != NULL && strspn(value, "0.") == strlen(value);
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (strcmp(harmless[i][0], name) == 0 && (harmless[i][1] == NULL || (value != NULL &&
		    strcmp(harmless[i][1], value) == 0)))
			return true;
	return false;
}

/* A layer while its operands are read. */
struct spelled {
	const char *class; /* as typed, for sentences */
	const struct nn_attr *attr;
	bool given[LAYER_ATTRS_MAX]; /* of attr */
	int at; /* operands without a name so far */
};

/* L2 of keras.regularizers, with its 0.01 where no number is given: "l2", l2(0.02), L2(l2=1e-4). */
static bool
operand_l2(struct nn_layer_spec *spec, const char *value)
{
	const char *open = strchr(value, '('), *name = open != NULL ? open : value + strlen(value);
	char *end;

	while (name > value && strchr(" '\")", name[-1]) != NULL)
		name--;
	if (name - value < 2 || (name[-2] != 'l' && name[-2] != 'L') || name[-1] != '2')
		return false;
	spec->l2 = 0.01;
	if (open == NULL || open[1 + strspn(open + 1, " ")] == ')')
		return true;
	open = strchr(open, '=') != NULL ? strchr(open, '=') : open;
	spec->l2 = strtod(open + 1, &end);
	return end > open + 1 && end[strspn(end, " )")] == '\0';
}

/* Rows and columns around a picture: 1, (1, 2) or ((1, 2), (3, 4)), as top, bottom, left, right. */
static bool
operand_around(struct nn_layer_spec *spec, const char *value)
{
	int n[4] = {0}, count = 0;
	char *end;

	for (const char *p = value + strspn(value, " (["); *p != '\0'; p = end + strspn(end, " ,()[]")) {
		long v = strtol(p, &end, 10);

		if (end == p || count == 4 || v < 0 || v > INT_MAX)
			return false;
		n[count++] = (int)v;
	}
	spec->pad = count == 1 ? n[0] : 0;
	if (count == 2)
		spec->top = spec->bottom = n[0], spec->left = spec->right = n[1];
	if (count == 4)
		spec->top = n[0], spec->bottom = n[1], spec->left = n[2], spec->right = n[3];
	return count == 1 || count == 2 || count == 4;
}

/* A quotient of two numbers, as in Rescaling(1./255). */
static bool
operand_quotient(double *to, const char *value)
{
	char *end;
	double a = strtod(value, &end), b;

	end += strspn(end, " ");
	if (end == value || *end != '/')
		return false;
	value = end + 1;
	b = strtod(value, &end);
	*to = a / b;
	return end > value && end[strspn(end, " ")] == '\0' && b != 0;
}

/* What is written otherwise than a number or a word: true when it was. */
static bool
operand_own(struct spelled *x, struct nn_layer_spec *spec, const char *name, const char *value)
{
	const struct nn_attr *a;
	int k = 0;

	if (strcmp(name, "kernel_regularizer") == 0)
		name = "l2";
	while (x->attr[k].name != NULL && strcmp(x->attr[k].name, name) != 0)
		k++;
	a = &x->attr[k];
	if (a->name == NULL)
		return false;
	x->given[k] = true;
	if (strcmp(name, "l2") == 0 && operand_l2(spec, value))
		return true;
	if (a->offset == offsetof(struct nn_layer_spec, pad) && operand_around(spec, value)) {
		for (int i = 0; x->attr[i].name != NULL; i++)
			x->given[i] = true;
		return true;
	}
	if (a->type == NN_ATTR_REAL && operand_quotient((double *)(void *)((char *)spec + a->offset), value))
		return true;
	x->given[k] = false;
	return false;
}

static int
operand_named(struct spelled *x, struct nn_layer_spec *spec, const char *name, char *value, struct err *e)
{
	int k = 0;

	if (strcmp(x->class, "LeakyReLU") == 0 && strcmp(name, "alpha") == 0) /* as Keras 2 names it */
		name = "negative_slope";
	while (x->attr[k].name != NULL && strcmp(x->attr[k].name, name) != 0)
		k++;
	if (value_harmless(x->class, name, NULL))
		return 0;
	value = trimmed(value);
	if (operand_own(x, spec, name, value))
		return 0;
	if (value_read(x->class, name, &value, e) < 0)
		return -1;
	if (x->attr[k].name != NULL && strcmp(value, "None") != 0) {
		x->given[k] = true;
		return layer_attr_set(spec, &x->attr[k], x->class, value, e);
	}
	if (x->attr[k].name != NULL)
		return 0;
	if (value_harmless(x->class, name, value))
		return 0;
	return fail(e, "%s: %.40s=%.40s is not to be had here; leave it out", x->class, name, value);
}

/* NAME=VALUE, or a value alone, whose name follows from its place. */
static int
operand_read(struct spelled *x, struct nn_layer_spec *spec, char *text, struct err *e)
{
	size_t eq = item_length(text, "=");
	const char *name;
	int n = 0;

	if (text[eq] == '=') {
		text[eq] = '\0';
		return operand_named(x, spec, trimmed(text), text + eq + 1, e);
	}
	while (x->attr[n].name != NULL)
		n++;
	name = x->at < n && strcmp(x->attr[x->at].name, "l2") != 0 ? x->attr[x->at].name : NULL;
	x->at++;
	if (name == NULL)
		return fail(e, "%s: \"%.40s\" is one operand too many; give it by its name, or leave it out", x->class,
		    trimmed(text));
	return operand_named(x, spec, name, text, e);
}

static int
operands_read(struct spelled *x, struct nn_layer_spec *spec, char *text, struct err *e)
{
	char *next;

	for (; text != NULL; text = next) {
		size_t n = item_length(text, ",");

		next = text[n] == ',' ? text + n + 1 : NULL;
		text[n] = '\0';
		text = trimmed(text);
		if (*text != '\0' && operand_read(x, spec, text, e) < 0)
			return -1;
	}
	for (int k = 0; x->attr[k].name != NULL && k < LAYER_ATTRS_MAX; k++)
		if (!x->given[k] && layer_attr_default(spec, &x->attr[k], spec->kind, e) < 0)
			return -1;
	return 0;
}

/* ReLU(), Softmax(): an activation as a class. operands are those behind the bracket. */
static int
activation_class(struct spelled *x, struct nn_layer_spec *spec, char *operands, struct err *e)
{
	static const struct nn_attr none[] = {{NULL}};

	x->attr = none;
	return operands_read(x, spec, operands, e) < 0 ? -1 : 1;
}

int
layer_spelled_parse(char *item, struct nn_layer_spec *spec, struct err *e)
{
	char *class = trimmed(item), *open = strchr(class, '('), name[64];
	size_t n = strlen(class);
	struct spelled x = {0};
	const char *kind;
	bool short_form;

	if (class[n - 1] != ')')
		return fail(e, "%.40s: its bracket is not closed; end it with )", class);
	class[n - 1] = *open = '\0';
	class = trimmed(strrchr(class, '.') != NULL ? strrchr(class, '.') + 1 : class);
	x.class = class;
	if (strncmp(class, "Input", 5) == 0) /* the input has the shape of the pictures */
		return 0;
	class_name(name, sizeof name, class);
	kind = layer_kind(name, &short_form);
	for (char *p = name, *q = name; kind == NULL; p++) { /* ReLU is relu */
		if (*p != '_')
			*q++ = *p;
		if (*p == '\0') {
			if ((kind = layer_kind(name, &short_form)) == NULL)
				return layer_kind_unknown(class, e);
			break;
		}
	}
	memset(spec, 0, sizeof *spec);
	spec->kind = kind;
	if (short_form)
		return layer_attr_set(spec, nn_layer_attrs(kind), class, name, e) < 0 ? -1 :
		    activation_class(&x, spec, open + 1, e);
	x.attr = nn_layer_attrs(kind);
	if (operands_read(&x, spec, open + 1, e) < 0)
		return -1;
	return 1;
}
