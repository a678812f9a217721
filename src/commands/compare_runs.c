/* compare_runs.c: runs beside each other: the settings that differ first, then the figures, the best marked. */
#include "commands/compare.h"

#include "file/record.h"
#include "util/num.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUNS_MAX 16 /* beside each other */

/* One thing that is known of a run, as text, and as the number it is judged by. */
struct trait {
	const char *name;
	void (*text)(char buf[80], const struct run *r);
	double (*figure)(const struct run *r); /* NULL: a setting */
	bool least; /* the smallest figure is the best */
};

static void trait_data(char b[80], const struct run *r) { snprintf(b, 80, "%.70s", r->data); }
static void trait_split(char b[80], const struct run *r) { snprintf(b, 80, "%.79s", r->split.name); }
static void trait_frozen(char b[80], const struct run *r) { snprintf(b, 80, "%.70s", r->frozen); }
static void trait_train(char b[80], const struct run *r) { snprintf(b, 80, "%zu", r->train); }
static void trait_epochs(char b[80], const struct run *r) { snprintf(b, 80, "%d", r->nepoch); }
static void trait_batch(char b[80], const struct run *r) { snprintf(b, 80, "%d", r->config.batch); }
static void
trait_lr(char b[80], const struct run *r)
{
	char *schedule = schedule_text(&r->schedule), lr[32];

	snprintf(b, 80, "%s%s%.40s", num_text(lr, r->config.lr), *schedule != '\0' ? ":" : "", schedule);
	free(schedule);
}

static void trait_params(char b[80], const struct run *r) { snprintf(b, 80, "%zu", r->params); }
static void trait_trainable(char b[80], const struct run *r) { snprintf(b, 80, "%zu", r->trainable); }
static void trait_seed(char b[80], const struct run *r) { snprintf(b, 80, "%" PRIu64, r->config.seed); }
static void trait_shuffle(char b[80], const struct run *r) { snprintf(b, 80, "%s", r->config.shuffle ? "on" : "off"); }

static void
trait_optimizer(char b[80], const struct run *r)
{
	snprintf(b, 80, "%s", r->config.optimizer->name);
}

static void
trait_sample(char b[80], const struct run *r)
{
	if (r->take.drawn)
		snprintf(b, 80, "%" PRIu64, r->take.seed);
	else
		b[0] = '\0';
}

static double trait_loss(const struct run *r) { return run_figures(r)->loss; }
static double trait_accuracy(const struct run *r) { return run_figures(r)->accuracy; }
static double trait_val_loss(const struct run *r) { return run_figures(r)->val_loss; }
static double trait_val_accuracy(const struct run *r) { return run_figures(r)->val_accuracy; }

static const struct trait traits[] = {
	{"data", trait_data}, {"split", trait_split}, {"frozen", trait_frozen}, {"optimizer", trait_optimizer},
	{"lr", trait_lr}, {"epochs", trait_epochs}, {"batch", trait_batch}, {"train", trait_train},
	{"sample", trait_sample}, {"seed", trait_seed}, {"shuffle", trait_shuffle}, {"params", trait_params},
	{"trainable", trait_trainable}, {"accuracy", NULL, trait_accuracy, false}, {"loss", NULL, trait_loss, true},
	{"val_accuracy", NULL, trait_val_accuracy, false}, {"val_loss", NULL, trait_val_loss, true},
};
#define TRAITS (int)(sizeof traits / sizeof *traits)

static char *
trait_of(char buf[80], const struct trait *t, const struct run *r)
{
	if (t->figure != NULL)
		num_fixed(buf, t->figure(r), 4);
	else
		t->text(buf, r);
	return buf;
}

static bool
trait_differs(const struct trait *t, struct run *const *run, int n)
{
	char first[80], other[80];

	for (int i = 1; i < n; i++)
		if (strcmp(trait_of(first, t, run[0]), trait_of(other, t, run[i])) != 0)
			return true;
	return false;
}

/* What differs so that figures cannot be told better from worse: "splits"; NULL: nothing does. */
static const char *
compare_apart(struct run *const *run, int n)
{
	for (int i = 1; i < n; i++)
		if (strcmp(run[i]->data, run[0]->data) != 0)
			return "data sets";
	for (int i = 1; i < n; i++)
		if (!split_alike(&run[i]->split, &run[0]->split))
			return "splits";
	return NULL;
}

/* Whether this run has the best figure, which one other at least does not have. */
static bool
trait_best(const struct trait *t, struct run *const *run, int n, int i)
{
	double x = t->figure != NULL ? t->figure(run[i]) : NAN;

	for (int k = 0; k < n && !isnan(x); k++) {
		double y = t->figure(run[k]);

		if (!isnan(y) && (t->least ? y < x : y > x))
			return false;
	}
	return !isnan(x) && trait_differs(t, run, n) && compare_apart(run, n) == NULL;
}

static void
compare_line(struct session *s, const struct trait *t, struct run *const *run, int n)
{
	char value[RUNS_MAX][96], text[80];
	struct row_cell row[RUNS_MAX + 2] = {{"", ROW_TEXT, -13, .s = t->name}};
	char name[RUNS_MAX][16];
	bool head = t == &traits[0];

	for (int i = 0; i < n; i++) {
		run_name(run[i], name[i]);
		trait_of(text, t, run[i]);
		snprintf(value[i], sizeof value[i], "%s%s", text[0] != '\0' ? text : "-", trait_best(t, run, n, i) ?
		    " *" : "");
		row[i + 1] = (struct row_cell){name[i], ROW_TEXT, -12, .gap = 2, .s = value[i]};
	}
	if (head)
		row_head(s->out, "compared", row);
	else
		row_part(s->out, "compared", false, row);
}

static struct row_cell
trait_cell(char buf[80], const struct trait *t, const struct run *r)
{
	struct row_cell c = {t->name, ROW_TEXT};

	if (t->figure != NULL)
		return (struct row_cell){t->name, ROW_REAL, .x = t->figure(r)};
	c.s = trait_of(buf, t, r);
	if (num_read_int(buf, &c.n) == NUM_OK)
		c.kind = ROW_INT;
	else if (num_read_real(buf, &c.x) == NUM_OK)
		c.kind = ROW_REAL;
	return c;
}

/* Each run as a record, for programs. */
static void
compare_records(struct session *s, struct run *const *run, int n)
{
	char text[TRAITS][80], name[16];

	for (int i = 0; i < n; i++) {
		struct row_cell row[TRAITS + 2] = {{"run", ROW_TEXT, .s = name}};

		run_name(run[i], name);
		for (int k = 0; k < TRAITS; k++)
			row[k + 1] = trait_cell(text[k], &traits[k], run[i]);
		row_print(s->out, "compared", i == 0, row);
	}
}

int
compare_runs(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct run *run[RUNS_MAX];
	struct str same = {0};
	char text[80];
	int n = 0;

	for (int i = 0; i < a->npos; i++) {
		if (a->pos[i].arg->type != ARG_RUN)
			return fail_at(e, &a->pos[i], "runs are compared, as in `compare r1 r2`, or ways to train, as "
			    "in `compare modes lt5`");
		if (n == RUNS_MAX)
			return fail_at(e, &a->pos[i], "at most %d runs stand beside each other", RUNS_MAX);
		if ((run[n++] = record_find(s, a->pos[i].text, e)) == NULL)
			return err_at(e, &a->pos[i]);
	}
	if (n < 2)
		return fail(e, "it takes two runs to compare, as in `compare r1 r2`; `compare modes lt5` compares ways "
		    "to train");
	if (s->out->mode != OUT_TABLE) {
		compare_records(s, run, n);
		return 0;
	}
	compare_line(s, &traits[0], run, n);
	for (int pass = 0; pass < 2; pass++) /* settings that differ, then all figures */
		for (int k = 0; k < TRAITS; k++)
			if (pass == 0 ? traits[k].figure == NULL && trait_differs(&traits[k], run, n) :
			    traits[k].figure != NULL)
				compare_line(s, &traits[k], run, n);
	for (int k = 0; k < TRAITS; k++)
		if (traits[k].figure == NULL && !trait_differs(&traits[k], run, n) &&
		    trait_of(text, &traits[k], run[0])[0] != '\0')
			str_add(&same, " %s=%s", traits[k].name, text);
	if (same.s != NULL)
		out_text(s->out, "alike:%s", same.s);
	if (compare_apart(run, n) != NULL)
		out_note(s->out, "none is marked as the best: the figures are of different %s", compare_apart(run, n));
	free(same.s);
	return 0;
}
