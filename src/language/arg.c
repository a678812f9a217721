/* arg.c: the types of arguments: which words fit one, what sentences call it, and what it means to the session. */
#include "language/arg.h"

#include "data/class.h"
#include "data/photo.h"
#include "look/filters.h"
#include "look/sheet.h"
#include "model/named.h"
#include "session/made.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *
arg_type_words(const struct arg *a)
{
	switch (a->type) {
	case ARG_INT:
		return "a whole number";
	case ARG_NUM:
		return "a number";
	case ARG_CLASS:
		return "a class";
	case ARG_SPLIT:
		return "all, ltN, gteN, 5-9, digits=0-2,5,8 or classes=cat,dog";
	case ARG_LAYERS:
		return "layers: names, indices, A..B, globs, features, head, all";
	case ARG_POINT:
		return "a point: @name, rN, init or now";
	case ARG_RUN:
		return "a run: r1, r2, ..., or the first 8 digits of a record's hash";
	case ARG_CONDITION:
		return "a condition: KEY>VALUE or KEY<VALUE";
	case ARG_UNIT:
		return "a unit: LAYER[CHANNEL], as in conv2d[7]";
	case ARG_PLACE:
		return "a place: Y,X, as in 12,12";
	case ARG_IMAGE:
		return "an image: test:IDX, train:IDX, last or FILE.png";
	case ARG_FILE:
		return "a file";
	case ARG_SIZE:
		return a->max > 0 ? "a size such as 28x28, height first" : "a size such as 960x640";
	case ARG_SETTING:
		return "a setting; `set` lists them";
	case ARG_COMMAND:
		return "a command; `help` lists them";
	default:
		return "a word";
	}
}

const char *
arg_bounds(const struct arg *a, char buf[96])
{
	char lo[32], hi[32];

	buf[0] = '\0';
	if (a->type == ARG_INT && a->min < a->max)
		snprintf(buf, 96, " from %.0f to %.0f", a->min, a->max);
	else if (a->type == ARG_NUM && a->min < a->max)
		snprintf(buf, 96, " from %s to %s", num_text(lo, a->min), num_text(hi, a->max));
	return buf;
}

static bool
arg_run_number(const char *s)
{
	if (*s++ != 'r' || !isdigit((unsigned char)*s))
		return false;
	while (isdigit((unsigned char)*s))
		s++;
	return *s == '\0';
}

static int
arg_fits_number(const struct arg *a, const char *text, struct cmd_value *v, struct err *e)
{
	enum num_read got;
	char bounds[96];

	if (a->type == ARG_INT) {
		got = num_read_int(text, &v->integer);
		v->num = (double)v->integer;
	} else if (a->factor && (text[0] == '*' || text[0] == '/')) {
		if (num_read_real(text + 1, &v->num) != NUM_OK || v->num <= 0)
			return 0;
		v->num = text[0] == '/' ? 1 / v->num : v->num;
		return 1;
	} else
		got = num_read_real(text, &v->num);
	if (got == NUM_NONE)
		return 0;
	if (got == NUM_RANGE || (a->min < a->max && (v->num < a->min || v->num > a->max)))
		return fail_at(e, v, "%s is %s%s, not %.40s", a->name, arg_type_words(a), arg_bounds(a, bounds), text);
	return 1;
}

static int
arg_fits_choice(struct session *s, const struct arg *a, const char *text, struct cmd_value *v)
{
	const char *found = NULL;
	int n = 0;

	for (const char *const *c = a->choices; *c != NULL; c++) {
		if (strcmp(*c, text) == 0)
			return 1;
		if (s->user.interactive && text[0] != '\0' && strncmp(*c, text, strlen(text)) == 0) {
			found = *c;
			n++;
		}
	}
	if (n != 1)
		return 0;
	v->text = found;
	return 1;
}

static int
arg_fits_size(const char *text)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return 0;
	strtol(text, &end, 10);
	if (*end != 'x' || !isdigit((unsigned char)end[1]))
		return 0;
	strtol(end + 1, &end, 10);
	return *end == '\0';
}

/* Whole numbers, which may be out of all range. */
static int
arg_fits_place(const char *text)
{
	for (int i = 0; i < 2; i++) {
		text += *text == '-';
		if (!isdigit((unsigned char)*text))
			return 0;
		while (isdigit((unsigned char)*text))
			text++;
		if (i == 0 && *text++ != ',')
			return 0;
	}
	return *text == '\0';
}

/* A name of the data's classes; of digits their number, and of any classes before the data is known. */
static int
arg_fits_class(struct session *s, const struct arg *a, const char *text, struct cmd_value *v, struct err *e)
{
	int rc, label;
	const struct dataset *d = s->user.any_class ? NULL : arg_data(s, &rc, e);
	struct arg digit = {.name = a->name, .type = ARG_INT, .max = DATASET_DIGITS - 1};

	if (s->user.any_class)
		return 1;
	if (rc < 0)
		return -1;
	if (!class_named(d)) {
		if (a->max > 0 || (d != NULL && d->classes > DATASET_DIGITS))
			digit.max = a->max > 0 ? a->max : d->classes - 1;
		return arg_fits_number(&digit, text, v, e);
	}
	if ((label = class_find(d, text, e)) < 0)
		return err_at(e, v);
	v->integer = label;
	return 1;
}

int
arg_fits(struct session *s, const struct arg *a, const char *text, struct cmd_value *v, struct err *e)
{
	struct err ignored = {0};
	int pair[2 * CMD_WORDS_MAX];
	size_t n = strlen(text);

	if (a->choices != NULL)
		return arg_fits_choice(s, a, text, v);
	if (n == 0)
		return a->type == ARG_WORD;
	switch (a->type) {
	case ARG_INT:
	case ARG_NUM:
		return arg_fits_number(a, text, v, e);
	case ARG_SPLIT:
		return split_looks(text);
	case ARG_CLASS:
		return arg_fits_class(s, a, text, v, e);
	case ARG_LAYERS:
		return arg_layers(s, text, pair, CMD_WORDS_MAX, &ignored) >= 0;
	case ARG_POINT:
		return text[0] == '@' || strcmp(text, "init") == 0 || strcmp(text, "now") == 0 ||
		    arg_run_number(text);
	case ARG_RUN:
		return arg_run_number(text) || store_is_hash(text);
	case ARG_CONDITION:
		return isalpha((unsigned char)text[0]) && strpbrk(text, "<>") != NULL;
	case ARG_IMAGE:
		return strcmp(text, "last") == 0 || (strncmp(text, "test:", 5) == 0 &&
		    isdigit((unsigned char)text[5])) || (strncmp(text, "train:", 6) == 0 &&
		    isdigit((unsigned char)text[6])) || photo_named(text);
	case ARG_SIZE:
		return arg_fits_size(text);
	case ARG_PLACE:
		return arg_fits_place(text);
	default:
		return 1;
	}
}

int
arg_layers(struct session *s, const char *text, int *pair, int max, struct err *e)
{
	if (s->user.any_layer) {
		pair[0] = pair[1] = 0;
		return 1;
	}
	return session_net(s, e) != NULL ? layers_parse(&s->model, text, s->user.interactive, pair, max, e) : -1;
}

int
arg_pick_layers(struct session *s, const struct cmd_value *v, bool *pick, struct err *e)
{
	int pair[2 * NN_LAYERS_MAX], n = arg_layers(s, v->text, pair, NN_LAYERS_MAX, e);

	if (n < 0)
		return err_at(e, v);
	for (int k = 0; k < n; k++)
		for (int i = pair[2 * k]; i <= pair[2 * k + 1]; i++)
			pick[i] = true;
	return 0;
}

/* The number in the brackets of NAME[N]; its length in *name, 0 where the word has no such form. */
static int64_t
arg_bracket(const char *text, size_t *name)
{
	const char *open = strrchr(text, '[');
	char *number = open != NULL ? xstrdup(open + 1) : NULL;
	size_t n = number != NULL ? strlen(number) : 0;
	int64_t v = -1;

	*name = 0;
	if (n > 1 && number[n - 1] == ']') {
		number[n - 1] = '\0';
		if (num_read_int(number, &v) == NUM_OK)
			*name = (size_t)(open - text);
		else if (num_read_int(number, &v) == NUM_RANGE)
			*name = (size_t)(open - text); /* out of all range: v is -1 */
	}
	free(number);
	return v;
}

int
arg_unit(struct session *s, const struct cmd_value *v, int *layer, int *unit, struct err *e)
{
	size_t name;
	int64_t n = arg_bracket(v->text, &name);
	char *word = name > 0 ? xstrndup(v->text, name) : xstrdup(v->text);
	int pair[2], ranges, rc = 0, last;
	const struct nn_layer *l;
	char meant[96];
	const char *of;

	word[strcspn(word, "[")] = '\0';
	ranges = arg_layers(s, word, pair, 1, e);
	if (ranges > 0 && pair[0] != pair[1])
		rc = fail(e, "%.40s is more than one layer; name one, as in conv2d[7]", word);
	else if (ranges < 0)
		rc = -1;
	free(word);
	if (rc < 0)
		return err_at(e, v);
	l = nn_net_layer(s->model.net, pair[0]);
	*layer = pair[0];
	*unit = (int)n;
	of = l->out.rank == 3 ? "channel" : "unit";
	last = l->out.dim[l->out.rank - 1] - 1;
	if (name == 0)
		return fail_at(e, v, "say which %s of %s, in brackets: %s[0] to %s[%d]", of, l->name, l->name, l->name,
		    last);
	return n < 0 || n > last ? fail_at(e, v, "%s has the %ss 0 to %d; write %s[0] to %s[%d]%s", l->name, of, last,
	    l->name, l->name, last, sheet_stands(s, *layer, n, meant)) : 0;
}

int
arg_layer(struct session *s, const struct cmd_value *v, int *layer, int *unit, struct err *e)
{
	int pair[2 * NN_LAYERS_MAX], n;

	*unit = -1;
	if (v == NULL)
		return (*layer = filters_first(s, e)) < 0 ? -1 : 0;
	if (session_net(s, e) == NULL)
		return -1;
	if (strchr(v->text, '[') != NULL)
		return arg_unit(s, v, layer, unit, e);
	if ((n = arg_layers(s, v->text, pair, NN_LAYERS_MAX, e)) < 0)
		return err_at(e, v);
	if (n != 1 || pair[0] != pair[1])
		return fail_at(e, v, "%.40s is more than one layer; name one, as `layers` lists them", v->text);
	*layer = pair[0];
	return 0;
}

int
arg_place(const struct cmd_value *v, struct nn_shape shape, int *y, int *x, struct err *e)
{
	char *end;
	long long at[2];

	at[0] = strtoll(v->text, &end, 10);
	at[1] = strtoll(end + 1, NULL, 10);
	if (at[0] < 0 || at[0] >= shape.dim[0] || at[1] < 0 || at[1] >= shape.dim[1])
		return fail_at(e, v, "there is no place %.40s; Y,X go from 0,0 to %d,%d", v->text, shape.dim[0] - 1,
		    shape.dim[1] - 1);
	*y = (int)at[0];
	*x = (int)at[1];
	return 0;
}

struct dataset *
arg_data(struct session *s, int *rc, struct err *e)
{
	struct dataset *d = s->data.set;

	*rc = 0;
	if (d == NULL && strcmp(s->data.name, DATA_BUNDLED) != 0 &&
	    (d = session_data(s, e)) == NULL)
		*rc = -1;
	return d;
}

int
arg_split(struct session *s, const struct cmd_value *v, struct split *out, struct err *e)
{
	const struct split *last = &s->runs.last_split;
	int rc;
	const struct dataset *d = arg_data(s, &rc, e);

	if (rc < 0)
		return -1;
	if (v == NULL) {
		if (split_holds(last, d)) {
			*out = *last;
			return 0;
		}
		if (split_usual(d, out, e) < 0)
			return -1;
	} else if (split_parse_of(d, v->text, out, e) < 0)
		return err_at(e, v);
	out->by_digit = strcmp(s->set.units, "digit") == 0;
	return 0;
}

/* ---- settings as keys ---- */

const struct arg *
arg_setting(int i)
{
	static const char *const bools[] = {"on", "off", NULL};
	/* filled once, from constants, when the first line is parsed: there are no other threads yet */
	static struct arg list[SETTINGS_MAX];
	static int count;

	if (count == 0)
		for (const struct setting *k = settings_list; k->key != NULL; k++)
			if (k->flags & SETTING_RUN)
				list[count++] = (struct arg){.name = k->key, .type = ARG_WORD, .what = k->what,
				    .choices = k->type == SETTING_BOOL ? bools : NULL};
	return i < count ? &list[i] : NULL;
}

int
arg_settings(struct session *s, const struct cmd_args *a, struct settings *set, struct err *e)
{
	const struct setting *k;

	*set = s->set;
	for (int i = 0; i < a->nkey; i++) {
		if ((k = settings_find(a->key[i].arg->name, false, NULL)) == NULL || !(k->flags & SETTING_RUN))
			continue;
		if (settings_assign(set, k, a->key[i].text, e) < 0) {
			struct err why = *e;

			if (strchr(a->key[i].text, ',') != NULL && strchr(a->key[i].text, ':') == NULL)
				fail(e, "%s; `sweep %s=%.40s -- train lt5` tries several values", why.text, k->key,
				    a->key[i].text);
			return err_at(e, &a->key[i]);
		}
	}
	return 0;
}
