/* trait.c: what is set side by side of runs. */
#include "past/trait.h"

#include "past/layered.h"
#include "util/num.h"
#include "util/out.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *trait_data(const struct run *r) { return xstrdup(r->data); }
static char *trait_split(const struct run *r) { return xstrdup(r->split.name); }
static char *trait_units(const struct run *r) { return xstrdup(r->split.by_digit ? "digit" : "order"); }
static char *trait_watch(const struct run *r) { return xstrdup(r->watch.kind != SPLIT_NONE ? r->watch.name : ""); }
static char *trait_by(const struct run *r) { return xstrdup(r->by_batch ? "batch" : "epoch"); }
static char *trait_frozen(const struct run *r) { return xstrdup(r->frozen); }
static char *trait_optimizer(const struct run *r) { return xstrdup(r->config.optimizer->name); }
static char *trait_schedule(const struct run *r) { return schedule_text(&r->schedule); }
static char *trait_train(const struct run *r) { return xasprintf("%zu", r->train); }
static char *trait_epochs(const struct run *r) { return xasprintf("%d", r->epochs); }
static char *trait_done(const struct run *r) { return xasprintf("%d", r->nepoch); }
static char *trait_batch(const struct run *r) { return xasprintf("%d", r->config.batch); }
static char *trait_params(const struct run *r) { return xasprintf("%zu", r->params); }
static char *trait_trainable(const struct run *r) { return xasprintf("%zu", r->trainable); }
static char *trait_seed(const struct run *r) { return xasprintf("%" PRIu64, r->config.seed); }
static char *trait_shuffle(const struct run *r) { return xstrdup(r->config.shuffle ? "on" : "off"); }
static char *trait_stop(const struct run *r) { return r->goal_asked ? goal_text(&r->goal) : xstrdup(""); }
static char *trait_checkpoint(const struct run *r) { return xstrdup(r->checkpoint != NULL ? r->checkpoint : ""); }
static char *trait_slots(const struct run *r) { return xstrdup(r->slots[0] != '\0' ? "loaded" : "zero"); }
static char *trait_kernels(const struct run *r) { return xstrdup(r->kernels); }
static char *trait_begun(const struct run *r) { return xstrdup(r->begun); }
static char *trait_model(const struct run *r) { return xstrdup(r->model != NULL ? r->model : ""); }
static char *trait_changes(const struct run *r) { return xstrdup(r->changes != NULL ? r->changes : ""); }

static char *
trait_real(double x)
{
	char text[32];

	return xstrdup(num_text(text, x));
}

static char *trait_lr(const struct run *r) { return trait_real(r->config.lr); }

/* What the optimizer does not have was nothing that the run was made with. */
static char *
trait_hyper(const struct run *r, const char *name, double x)
{
	const struct nn_optimizer_info *o = r->config.optimizer;

	for (int i = 0; i < 4 && o->hyper[i] != NULL; i++)
		if (strcmp(o->hyper[i], name) == 0)
			return trait_real(x);
	return xstrdup("");
}

static char *trait_rho(const struct run *r) { return trait_hyper(r, "rho", r->config.rho); }
static char *trait_epsilon(const struct run *r) { return trait_hyper(r, "epsilon", r->config.epsilon); }
static char *trait_momentum(const struct run *r) { return trait_hyper(r, "momentum", r->config.momentum); }
static char *trait_beta_1(const struct run *r) { return trait_hyper(r, "beta_1", r->config.beta_1); }
static char *trait_beta_2(const struct run *r) { return trait_hyper(r, "beta_2", r->config.beta_2); }

static char *
trait_validate(const struct run *r)
{
	return r->validate == 0 ? xstrdup("end") : xasprintf("%d", r->validate);
}

static char *
trait_sample(const struct run *r)
{
	return r->take.drawn ? xasprintf("%" PRIu64, r->take.seed) : xstrdup("");
}

static char *
trait_limit(const struct run *r)
{
	return r->take.limit > 0 ? xasprintf("%zu", r->take.limit) : xstrdup("");
}

static double trait_loss(const struct run *r) { return run_figures(r)->loss; }
static double trait_accuracy(const struct run *r) { return run_figures(r)->accuracy; }
static double trait_val_loss(const struct run *r) { return run_figures(r)->val_loss; }
static double trait_val_accuracy(const struct run *r) { return run_figures(r)->val_accuracy; }

const struct trait traits[TRAITS] = {
	{"data", trait_data}, {"split", trait_split}, {"frozen", trait_frozen}, {"optimizer", trait_optimizer},
	{"lr", trait_lr, .number = true}, {"epochs", trait_epochs, .number = true},
	{"batch", trait_batch, .number = true}, {"train", trait_train, .number = true},
	{"sample", trait_sample, .number = true}, {"seed", trait_seed, .number = true}, {"shuffle", trait_shuffle},
	{"params", trait_params, .number = true}, {"trainable", trait_trainable, .number = true},
	{"units", trait_units, .quiet = true}, {"watch", trait_watch}, {"by", trait_by, .quiet = true},
	{"schedule", trait_schedule}, {"layer_lr", run_rates},
	{"rho", trait_rho, .number = true, .quiet = true}, {"epsilon", trait_epsilon, .number = true, .quiet = true},
	{"momentum", trait_momentum, .number = true, .quiet = true},
	{"beta_1", trait_beta_1, .number = true, .quiet = true},
	{"beta_2", trait_beta_2, .number = true, .quiet = true},
	{"epochs_done", trait_done, .number = true, .quiet = true},
	{"limit", trait_limit, .number = true, .quiet = true},
	{"stop", trait_stop}, {"validate", trait_validate, .quiet = true}, {"checkpoint", trait_checkpoint},
	{"slots", trait_slots, .quiet = true}, {"kernels", trait_kernels, .quiet = true},
	{"begun", trait_begun, .quiet = true}, {"model", trait_model, .quiet = true},
	{"changes", trait_changes, .quiet = true},
	{"accuracy", NULL, trait_accuracy}, {"loss", NULL, trait_loss, .least = true},
	{"val_accuracy", NULL, trait_val_accuracy}, {"val_loss", NULL, trait_val_loss, .least = true},
};

char *
trait_of(const struct trait *t, const struct run *r)
{
	char figure[32];

	return t->figure == NULL ? t->text(r) : xstrdup(num_fixed(figure, t->figure(r), 4));
}

char *
trait_said(const struct trait *t, const struct run *r)
{
	return t->text == trait_frozen ? xstrdup(run_frozen(r)) : trait_of(t, r);
}

bool
trait_differs(const struct trait *t, struct run *const *run, int n)
{
	char *first = trait_of(t, run[0]);
	bool differs = false;

	for (int i = 1; i < n && !differs; i++) {
		char *other = trait_of(t, run[i]);

		differs = strcmp(first, other) != 0;
		free(other);
	}
	free(first);
	return differs;
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
trait_cell(char *text, const struct trait *t, const struct run *r)
{
	struct row_cell c = {t->name, ROW_TEXT, .s = text};

	if (t->figure != NULL)
		return (struct row_cell){t->name, ROW_REAL, .x = t->figure(r)};
	if (num_read_int(text, &c.n) == NUM_OK)
		c.kind = ROW_INT;
	else if (num_read_real(text, &c.x) == NUM_OK)
		c.kind = ROW_REAL;
	return c;
}

void
trait_row(struct trait_row *x, const struct run *r, bool json)
{
	*x = (struct trait_row){0};
	x->cell[0] = (struct row_cell){"run", ROW_TEXT, .s = run_name(r, x->name)};
	for (int k = 0; k < TRAITS; k++) {
		x->text[k] = trait_of(&traits[k], r);
		x->cell[k + 1] = trait_cell(x->text[k], &traits[k], r);
		if (json && traits[k].text == trait_frozen) /* as the run's own event has it */
			x->cell[k + 1] = (struct row_cell){traits[k].name, ROW_JSON, .json = out_words(x->text[k])};
	}
	x->cell[TRAITS + 1] = (struct row_cell){"seconds", ROW_SECONDS, .x = run_seconds(r)};
}

void
trait_row_free(struct trait_row *x)
{
	for (int k = 0; k < TRAITS; k++)
		free(x->text[k]);
}
