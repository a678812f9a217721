/* expr_looked.c: conditions over what was looked at last: confused, predict, saliency and its like, explain, probe. */
#include "language/expr_looked.h"

#include "data/class.h"
#include "language/arg.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

/* "cat" of p(cat): the name up to a comma or the end, blanks around it and quotes apart. */
static int
looked_class(const struct dataset *d, const char **p, char stop, struct err *e)
{
	struct str b = {0};
	const char *end;
	int label = -1;

	*p += strspn(*p, " ");
	if (**p == '"') {
		for (++*p; **p != '"' && **p != '\0'; ++*p)
			str_addn(&b, *p += **p == '\\' && (*p)[1] != '\0', 1);
		*p += **p == '"';
		*p += strspn(*p, " ");
	} else {
		/* a name that has the comma in it is meant before its beginning */
		for (end = *p + strlen(*p); b.n == 0 && end >= *p; end--)
			if ((*end == stop || *end == '\0') && class_of(d, *p, (size_t)(end - *p)) >= 0)
				str_addn(&b, *p, (size_t)(end - *p));
		if (b.n == 0)
			str_addn(&b, *p, strcspn(*p, ","));
		*p += b.n;
		while (b.n > 0 && b.s[b.n - 1] == ' ')
			b.s[--b.n] = '\0';
	}
	label = class_find(d, b.s != NULL ? b.s : "", e);
	free(b.s);
	return label;
}

/* "7" and "9" of confused(7,9), or names. */
static int
looked_digits(const struct dataset *d, const char *operand, int *digit, int n, struct err *e, const char *form)
{
	int classes = d != NULL && d->classes > DATASET_DIGITS ? d->classes : DATASET_DIGITS, digits;

	for (int i = 0; i < n && class_named(d); i++) {
		char stop = i + 1 < n ? ',' : '\0';

		if ((digit[i] = looked_class(d, &operand, stop, e)) < 0)
			return -1;
		if (*operand != stop)
			return fail(e, "%s is of %d class%s, as in %s with names for the digits", form, n, n == 1 ? "" :
			    "es", form);
		operand += stop != '\0';
	}
	if (class_named(d))
		return 0;
	for (int i = 0; i < n; i++) {
		operand += strspn(operand, " ");
		digits = (int)strspn(operand, "0123456789");
		if (digits == 0)
			return fail(e, "a digit is missing, as in %s", form);
		digit[i] = digits < 6 ? atoi(operand) : classes;
		if (digit[i] >= classes)
			return fail(e, "there is no digit %.*s in the data; take one of 0 to %d, as in %s",
			    digits < 20 ? digits : 20, operand, classes - 1, form);
		operand += digits;
		operand += strspn(operand, " ");
		if (*operand++ != (i + 1 < n ? ',' : '\0'))
			return fail(e, "%s takes %s", form, n > 1 ? "two digits with a comma between them" :
			    "one digit");
	}
	return 0;
}

static int
looked_confused(const struct looked *l, const struct dataset *set, const char *operand, double *value, struct err *e)
{
	int d[2], n = split_count(&l->confused), at[2];
	char name[2][CLASS_TEXT];

	if (looked_digits(set, operand, d, 2, e, "confused(7,9)") < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		if ((at[i] = split_rank(&l->confused, d[i])) < 0)
			return fail(e, "confused(%s,%s) is not known yet; `confused` or `confusion` of a split that "
			    "has both tells it", class_text(set, d[0], CLASS_COLS, name[0]),
			    class_text(set, d[1], CLASS_COLS, name[1]));
	*value = (double)l->taken[at[0] * n + at[1]];
	return 1;
}

static int
looked_p(const struct results *r, const struct dataset *set, const char *operand, double *value, struct err *e)
{
	int d;
	char name[CLASS_TEXT];

	if (looked_digits(set, operand, &d, 1, e, "p(9)") < 0)
		return -1;
	if (d >= r->labels || !r->label[d].predicted)
		return fail(e, "p(%s) is not known yet; `predict test:0` by a head that was trained on a split with "
		    "%s tells it", class_text(set, d, CLASS_COLS, name), name);
	*value = r->label[d].p;
	return 1;
}

static int
looked_probe(struct session *s, bool linear, const char *operand, double *value, struct err *e)
{
	const struct looked *l = &s->runs.results.looked;
	int pair[2], n = arg_layers(s, operand, pair, 1, e);

	if (n < 0)
		return -1;
	if (pair[0] != pair[1])
		return fail(e, "%s is of one layer, as in linear(flatten)", linear ? "linear" : "knn");
	if (!l->probed[pair[0]])
		return fail(e, "what the readers make of %s is not known yet; `probe` tells it", operand);
	*value = linear ? l->linear[pair[0]] : l->knn[pair[0]];
	return 1;
}

int
expr_classes(struct session *s, const char *operand, int *label, int n, struct err *e, const char *form)
{
	return looked_digits(s->data.set, operand, label, n, e, form);
}

int
expr_looked(struct session *s, const char *name, const char *operand, double *value, struct err *e)
{
	const struct looked *l = &s->runs.results.looked;
	const struct dataset *set = s->data.set;

	if (operand == NULL) {
		if (strcmp(name, "largest") == 0) {
			*value = l->largest;
			return l->mapped ? 1 : fail(e, "largest is not known yet; `saliency test:0`, `gradcam` or "
			    "`occlude` tells it");
		}
		if (strcmp(name, "sum") != 0 && strcmp(name, "output") != 0)
			return 0;
		if (!l->explained)
			return fail(e, "%s is not known yet; `explain dense[0]` tells it", name);
		*value = name[0] == 's' ? l->sum : l->output;
		return 1;
	}
	if (strcmp(name, "confused") == 0)
		return looked_confused(l, set, operand, value, e);
	if (strcmp(name, "p") == 0)
		return looked_p(&s->runs.results, set, operand, value, e);
	if (strcmp(name, "linear") == 0 || strcmp(name, "knn") == 0)
		return looked_probe(s, name[0] == 'l', operand, value, e);
	return 0;
}
