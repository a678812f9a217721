/* expr_value.c: what the names of conditions stand for: figures of the last run and eval, of any run, settings, counts
 * of layers.
 */
#include "language/expr_value.h"

#include "data/class.h"
#include "language/arg.h"
#include "language/expr_frozen.h"
#include "language/expr_looked.h"
#include "language/expr_run.h"
#include "session/made.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const expr_names[] = {"loss", "accuracy", "val_loss", "val_accuracy", "params", "trainable",
    "frozen_delta", "epochs", "epochs_done", "runs", "loaded", "seconds", "lr", "optimizer", "data", "split",
    "trainable(", "delta(", "recall(", "precision(", "f1(", "compared(", "sum", "output", "largest", "confused(", "p(",
    "linear(", "knn(", "abs(", "min(", "max(", NULL};

char *
expr_text(const struct expr_value *v)
{
	char buf[32];

	if (v->is_text)
		return xstrdup(v->text);
	if (v->some && v->num == 0)
		return xstrdup("0");
	if (v->num >= 1 && v->num < 1e15 && v->num == (double)(long long)v->num)
		return xasprintf("%.0f", v->num);
	return xstrdup(num_text(buf, v->num));
}

/* ---- of the session ---- */

/* Figures that a run or an eval has left. Returns 1, 0 where the name is none of them, -1 with a sentence. */
static int
value_result(struct session *s, const char *name, struct expr_value *v, struct err *e)
{
	const struct results *r = &s->runs.results;
	const struct {
		const char *name;
		double value;
		bool known;
		const char *eval; /* what else makes it known */
	} results[] = {
		{"loss", r->loss, r->epoch || r->eval, " or `eval gte5`"},
		{"accuracy", r->accuracy, r->epoch || r->eval, " or `eval gte5`"},
		{"val_loss", r->val_loss, r->epoch, ""}, {"val_accuracy", r->val_accuracy, r->epoch, ""},
		{"epochs", r->epochs, r->run, ""}, {"epochs_done", r->epochs_done, r->run, ""},
		{"seconds", r->seconds, r->run, ""},
	};

	for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
		if (strcmp(results[i].name, name) != 0)
			continue;
		if (strcmp(name, "seconds") == 0 && !s->set.timing)
			return fail(e, "seconds depends on the clock; `timing on` first");
		if (!results[i].known)
			return fail(e, "%s is not known yet; `train gte5`%s", name, results[i].eval);
		value_num(v, results[i].value);
		return 1;
	}
	return 0;
}

/* Numbers that are conditions as well. */
static bool
name_counts(const char *name)
{
	static const char *const counts[] = {"runs", "loaded", "trainable", "trainable("};

	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (strcmp(counts[i], name) == 0)
			return true;
	return false;
}

static int
value_plain(struct session *s, const char *name, struct expr_value *v, struct err *e)
{
	struct nn_net *net;
	int rc = value_result(s, name, v, e);

	if (rc == 0)
		rc = expr_looked(s, name, NULL, &v->num, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (strcmp(name, "lr") == 0)
		return value_num(v, settings_lr(&s->set));
	if (strcmp(name, "optimizer") == 0)
		return value_text(v, s->set.run.optimizer->name);
	if (strcmp(name, "data") == 0)
		return value_text(v, s->data.set != NULL ? s->data.set->name : s->data.name);
	if (strcmp(name, "split") == 0 && s->runs.last_split.kind == SPLIT_NONE)
		return fail(e, "split is not known yet; `train gte5`");
	if (strcmp(name, "split") == 0)
		return value_text(v, s->runs.last_split.name);
	if (strcmp(name, "frozen_delta") == 0)
		return expr_frozen_delta(s, &v->num, e);
	v->some = name_counts(name);
	if (strcmp(name, "runs") == 0)
		return value_num(v, s->runs.n);
	if (strcmp(name, "loaded") == 0)
		return value_num(v, s->runs.loaded);
	if ((net = session_net(s, e)) == NULL)
		return -1;
	return value_num(v, (double)(name[0] == 'p' ? nn_net_params(net) : nn_net_trainable(net)));
}

/* ---- with an operand ---- */

static int
value_trainable(struct session *s, const char *layers, struct expr_value *v, struct err *e)
{
	bool pick[NN_LAYERS_MAX] = {false};
	struct cmd_value word = {.text = layers};
	struct nn_net *net = session_net(s, e);

	if (net == NULL || arg_pick_layers(s, &word, pick, e) < 0)
		return -1;
	v->num = 0;
	v->some = true;
	for (int i = 0; i < nn_net_count(net); i++)
		if (pick[i] && nn_net_layer(net, i)->trainable)
			v->num += (double)nn_net_layer(net, i)->params;
	return 0;
}

/* The classes in the brackets of recall(3) and its like. */
static int
value_classes(struct session *s, const char *name, const char *operand, int *digit, struct err *e)
{
	char form[32];
	bool two = strcmp(name, "confused") == 0;

	snprintf(form, sizeof form, "%s(%s)", name, two ? "7,9" : "3");
	return expr_classes(s, operand, digit, two ? 2 : 1, e, form);
}

static int
value_score(struct session *s, const char *name, const char *operand, struct expr_value *v, struct err *e)
{
	const struct results *r = &s->runs.results;
	const struct dataset *d = s->data.set;
	const struct label_known *known;
	int digit;
	char buf[CLASS_TEXT];

	if (value_classes(s, name, operand, &digit, e) < 0)
		return -1;
	if (digit >= r->labels || !r->label[digit].scored)
		return fail(e, "%s(%s) is not known yet; `eval %s` and `confusion` tell it", name,
		    class_text(d, digit, CLASS_COLS, buf), class_named(d) || digit >= DATASET_DIGITS ? "all" :
		    digit < 5 ? "lt5" : "gte5");
	known = &r->label[digit];
	return value_num(v, name[0] == 'p' ? known->precision : name[0] == 'r' ? known->recall : known->f1);
}

static int
value_mean(const struct compared_row *r, struct expr_value *v, struct err *e)
{
	if (r->of_accuracy.n == 0)
		return fail(e, "compared(%s) is not known: none of its trials has a figure; the sweep has said why",
		    r->mode);
	return value_num(v, r->of_accuracy.mean);
}

/* Without the blanks around it; the caller's. */
static char *
value_trimmed(const char *text, size_t n)
{
	for (; n > 0 && *text == ' '; n--)
		text++;
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return xstrndup(text, n);
}

/* Of a row of the last sweep, whose keys may be left out as long as one row alone is meant. */
static int
value_swept(const struct compared *c, const char *operand, struct expr_value *v, struct err *e)
{
	int n;
	const struct compared_row *r = compared_having(c, operand, &n);

	if (n == 1)
		return value_mean(r, v, e);
	if (n > 1)
		return fail(e, "the last sweep has %d rows with %.60s; name one, as in compared(%s)", n, operand,
		    r->mode);
	return fail(e, "the last sweep has no row %.60s; one that it has is compared(%s)", operand, c->row[0].mode);
}

/* Of a mode of the last `compare modes`: the mean of its accuracies, of the last limit unless one is named. */
static int
value_compared(struct session *s, const char *operand, struct expr_value *v, struct err *e)
{
	const struct compared *c = &s->runs.compared;
	const char *comma = strchr(operand, ',');
	char *mode = value_trimmed(operand, comma != NULL ? (size_t)(comma - operand) : strlen(operand));
	char *number = value_trimmed(comma != NULL ? comma + 1 : "", comma != NULL ? strlen(comma + 1) : 0);
	const struct compared_row *r;
	int64_t limit = 0;

	if ((r = compared_find(c, operand, 0)) != NULL) { /* a row of a sweep may have commas in its name */
		free(mode);
		free(number);
		return value_mean(r, v, e);
	}
	if (mode[0] == '\0')
		fail(e, "compared() takes a row of the last comparison, as in compared(frozen,256)");
	else if (c->n == 0)
		fail(e, "compared(%.20s) is not known yet; `compare modes lt5` tells it", mode);
	else if (c->asked != NULL)
		value_swept(c, operand, v, e);
	else if (comma != NULL && (num_read_int(number, &limit) != NUM_OK || limit < 1))
		fail(e, "compared(%.20s) takes a mode and a number of images, as in compared(frozen,256)", operand);
	else if ((r = compared_find(c, mode, (size_t)limit)) == NULL)
		fail(e, "the last `compare modes` has no row %.20s; one that it has is compared(%s,%zu)", operand,
		    c->row[0].mode, c->row[0].limit);
	else
		value_mean(r, v, e);
	free(mode);
	free(number);
	return e->text[0] != '\0' ? -1 : 0;
}

/* ---- all of them ---- */

static bool
name_of_layers(const char *name)
{
	return strcmp(name, "trainable(") == 0 || strcmp(name, "linear(") == 0 || strcmp(name, "knn(") == 0;
}

static bool
name_known(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool
name_of_classes(const char *name)
{
	static const char *const names[] = {"recall(", "precision(", "f1(", "p(", "confused(", NULL};

	return name_known(name, names);
}

static int
name_unknown(const char *name, const char *const *names, struct err *e)
{
	const char *hit;
	int n = 0;

	while (names[n] != NULL)
		n++;
	if ((hit = text_near(name, names, n)) != NULL)
		fail(e, "unknown name \"%s\" - did you mean \"%s%s\"?", name, hit, hit[strlen(hit) - 1] == '(' ? ")" :
		    "");
	else
		fail(e, "unknown name \"%s\"; a text stands in double quotes, r2.NAME is of a run; `help assert` has "
		    "all names", name);
	return -1;
}

int
expr_value_of(struct session *s, const char *text, int n, bool dry, struct expr_value *v, struct err *e)
{
	char *name = xstrndup(text, (size_t)n), *open = strchr(name, '('), *operand = NULL, *dot = strchr(name, '.');
	char plain[24];
	int pair[2 * NN_LAYERS_MAX];
	bool run = open == NULL && dot != NULL && name[0] == 'r';
	int rc = 0;

	if (open != NULL) {
		name[n - 1] = '\0';
		operand = open + 1;
		*open = '\0';
		snprintf(plain, sizeof plain, "%s(", name);
	} else
		snprintf(plain, sizeof plain, "%s", run ? dot + 1 : name);
	if (!name_known(plain, run ? expr_run_names() : expr_names))
		rc = name_unknown(open != NULL ? plain : run ? dot + 1 : name, run ? expr_run_names() : expr_names, e);
	else if (dry) {
		v->num = 1;
		v->some = run ? expr_run_counts(plain) : name_counts(plain);
		if (strcmp(plain, "delta(") == 0)
			rc = expr_delta(s, operand, true, &v->num, e);
		else if (name_of_layers(plain))
			rc = arg_layers(s, operand, pair, NN_LAYERS_MAX, e) < 0 ? -1 : 0;
		else if (name_of_classes(plain) && !s->user.any_class)
			rc = value_classes(s, name, operand, pair, e);
		if (run ? expr_run_text(plain) : strcmp(plain, "optimizer") == 0 || strcmp(plain, "data") == 0 ||
		    strcmp(plain, "split") == 0)
			value_text(v, name);
	} else if (run)
		rc = expr_run_value(s, name, dot, v, e);
	else if (open == NULL)
		rc = value_plain(s, name, v, e);
	else if ((rc = expr_looked(s, name, operand, &v->num, e)) != 0)
		rc = rc < 0 ? -1 : 0;
	else
		rc = strcmp(name, "delta") == 0 ? expr_delta(s, operand, false, &v->num, e) :
		    strcmp(name, "trainable") == 0 ? value_trainable(s, operand, v, e) :
		    strcmp(name, "compared") == 0 ? value_compared(s, operand, v, e) :
		    value_score(s, name, operand, v, e);
	free(name);
	return rc;
}
