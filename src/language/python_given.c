/* python_given.c: what a call of Keras is given: the split that its arrays are of, arguments that are settings here,
 * and those that mean nothing, each of which is named.
 */
#include "language/python_call.h"

#include "keras/names.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int
python_says(struct python *x, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	str_add(&x->out, "%s%s", x->out.n > 0 ? "; " : "", text);
	free(text);
	return 1;
}

void
python_keys(struct python *x, struct piece arguments, const char *const names[][2], struct str *out)
{
	for (; (*names)[0] != NULL; names++) {
		struct piece p = piece_argument(arguments, (*names)[0]), word;
		struct str value = {0};

		python_values(x->b, p, &value);
		p = piece_of(value.s, value.n);
		word = piece_unquoted(p);
		if (piece_is(p, "False") || piece_is(p, "True")) {
			bool on = piece_is(p, "True"), number = strcmp((*names)[1], "verbose") == 0;

			str_add(out, " %s=%s", (*names)[1], number ? (on ? "1" : "0") : on ? "on" : "off");
		} else if (piece_number(p))
			str_add(out, " %s=%.*s", (*names)[1], (int)p.n, p.s);
		else if (word.n > 0)
			str_add(out, " %s=%.*s", (*names)[1], (int)word.n, word.s);
		else if (p.n > 0)
			python_drop(x, piece_of((*names)[0], strlen((*names)[0])));
		free(value.s);
	}
}

/* Where an array of the whole data stands, x_train or x_test without a suffix. */
static bool
given_whole(struct piece p)
{
	static const char *const names[] = {"x_train", "x_test"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t n = strlen(names[i]);

		for (size_t at = 0; at + n <= p.n; at++)
			if (strncmp(p.s + at, names[i], n) == 0 && (at + n == p.n ||
			    (!isalnum((unsigned char)p.s[at + n]) && p.s[at + n] != '_')))
				return true;
	}
	return false;
}

void
python_given_split(struct python *x, struct piece arguments, struct split *split)
{
	const struct session *s = x->s;
	const struct dataset *d = s->data.set;
	char word[8];
	struct err ignored = {0};

	*split = (struct split){0};
	python_split(arguments, word);
	if (word[0] == '\0' && given_whole(arguments) && s->model.net != NULL &&
	    nn_net_classes(s->model.net) >= (d != NULL ? d->classes : 10))
		snprintf(word, sizeof word, "all");
	if (word[0] != '\0' && split_parse_of(d, word, split, &ignored) == 0)
		return;
	if (split_holds(&s->runs.last_split, d))
		*split = s->runs.last_split;
	if (split->kind != SPLIT_NONE && arguments.n > 0)
		out_note(s->out, "no %s are named, as x_train_lt5 names them: %s, the split last trained",
		    split_word(split, 2), split->name);
}

void
python_drop(struct python *x, struct piece name)
{
	const char *why = keras_left(name.s, name.n);

	str_add(&x->dropped, "%s%.*s", x->dropped.n > 0 ? ", " : "", (int)(name.n < 60 ? name.n : 60), name.s);
	if (why != NULL)
		str_add(&x->dropped, " (%s)", why);
}

/* Whether the name is one of those, with blanks between them. */
static bool
given_known(struct piece name, const char *known)
{
	for (size_t n; *known != '\0'; known += n + (known[n] == ' '))
		if ((n = strcspn(known, " ")) == name.n && strncmp(name.s, known, n) == 0)
			return true;
	return false;
}

void
python_drops(struct python *x, struct piece arguments, const char *known, int operands)
{
	struct piece p, name, value;
	char update;

	for (size_t at = 0; piece_next(arguments, &at, ",", &p);) {
		bool named = piece_assigns(p, &name, &value, &update) && !update && piece_name(name);

		if (p.n > 0 && (named ? !given_known(name, known) : operands-- <= 0))
			python_drop(x, named ? name : p);
	}
}
