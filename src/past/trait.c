/* trait.c: what is set side by side of runs. */
#include "past/trait.h"

#include "util/num.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

const struct trait traits[TRAITS] = {
	{"data", trait_data}, {"split", trait_split}, {"frozen", trait_frozen}, {"optimizer", trait_optimizer},
	{"lr", trait_lr}, {"epochs", trait_epochs}, {"batch", trait_batch}, {"train", trait_train},
	{"sample", trait_sample}, {"seed", trait_seed}, {"shuffle", trait_shuffle}, {"params", trait_params},
	{"trainable", trait_trainable}, {"accuracy", NULL, trait_accuracy, false}, {"loss", NULL, trait_loss, true},
	{"val_accuracy", NULL, trait_val_accuracy, false}, {"val_loss", NULL, trait_val_loss, true},
};

char *
trait_of(char buf[TRAIT_TEXT], const struct trait *t, const struct run *r)
{
	if (t->figure != NULL)
		num_fixed(buf, t->figure(r), 4);
	else
		t->text(buf, r);
	return buf;
}

bool
trait_differs(const struct trait *t, struct run *const *run, int n)
{
	char first[80], other[80];

	for (int i = 1; i < n; i++)
		if (strcmp(trait_of(first, t, run[0]), trait_of(other, t, run[i])) != 0)
			return true;
	return false;
}

const char *
trait_apart(struct run *const *run, int n)
{
	for (int i = 1; i < n; i++)
		if (strcmp(run[i]->data, run[0]->data) != 0)
			return "data sets";
	for (int i = 1; i < n; i++)
		if (!split_alike(&run[i]->split, &run[0]->split))
			return "splits";
	return NULL;
}

bool
trait_best(const struct trait *t, struct run *const *run, int n, int i)
{
	double x = t->figure != NULL ? t->figure(run[i]) : NAN;

	for (int k = 0; k < n && !isnan(x); k++) {
		double y = t->figure(run[k]);

		if (!isnan(y) && (t->least ? y < x : y > x))
			return false;
	}
	return !isnan(x) && trait_differs(t, run, n) && trait_apart(run, n) == NULL;
}

static struct row_cell
trait_cell(char buf[TRAIT_TEXT], const struct trait *t, const struct run *r)
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

void
trait_row(struct trait_row *x, const struct run *r)
{
	*x = (struct trait_row){0};
	x->cell[0] = (struct row_cell){"run", ROW_TEXT, .s = run_name(r, x->name)};
	for (int k = 0; k < TRAITS; k++)
		x->cell[k + 1] = trait_cell(x->text[k], &traits[k], r);
}
