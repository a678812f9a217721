/* python_given.c: what a call of Keras is given: the split that its arrays are of, and the arguments that mean nothing
 * here, each of which is named.
 */
#include "language/python_call.h"

#include <ctype.h>
#include <string.h>

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
	static const struct {
		const char *name, *why;
	} reasons[] = {
		{"validation_split", "the test images of the split validate each epoch"},
		{"validation_freq", "`validate=N`"},
		{"callbacks", "`stop=` and `checkpoint=` do what most are for"},
		{"metrics", "accuracy is what is measured"},
		{"loss", "it is the categorical crossentropy"},
		{"clipnorm", "gradients are not clipped"},
		{"clipvalue", "gradients are not clipped"},
		{"learning_rate", "a number, or a schedule as in `train lt5 lr=1.0:cosine`"},
	};

	str_add(&x->dropped, "%s%.*s", x->dropped.n > 0 ? ", " : "", (int)(name.n < 60 ? name.n : 60), name.s);
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (piece_is(name, reasons[i].name))
			str_add(&x->dropped, " (%s)", reasons[i].why);
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
