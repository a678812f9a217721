/* expr_run.c: what conditions know of a run: its figures, and whatever it was made with. */
#include "language/expr_run.h"

#include "language/expr_value.h"
#include "past/trait.h"
#include "util/num.h"
#include "view/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is more than a trait, or is said in another way than traits are. */
static const char *const own[] = {"loss", "accuracy", "val_loss", "val_accuracy", "seconds", "threads",
    "frozen", "weights"};
enum { OWN = sizeof own / sizeof *own };

static double of_loaded(const struct run *r) { return r->loaded; }
static double of_limit(const struct run *r) { return (double)r->take.limit; }
static double of_test(const struct run *r) { return (double)r->test; }
static double of_steps(const struct run *r) { return run_steps(r); }
static double of_first_epoch(const struct run *r) { return r->first_epoch; }
static double of_cached(const struct run *r) { return r->cached; }
static double of_interrupted(const struct run *r) { return r->interrupted; }

static const struct {
	const char *name;
	double (*of)(const struct run *r);
	bool some; /* a condition by itself: that there are any */
} counts[] = {{"loaded", of_loaded, true}, {"limit", of_limit}, {"test", of_test}, {"steps", of_steps},
    {"first_epoch", of_first_epoch}, {"cached", of_cached, true}, {"interrupted", of_interrupted, true}};
enum { COUNTS = sizeof counts / sizeof *counts };

bool
expr_run_counts(const char *name)
{
	bool some = false;

	for (int i = 0; i < COUNTS; i++)
		some |= counts[i].some && strcmp(counts[i].name, name) == 0;
	return some;
}

const char *const *
expr_run_names(void)
{
	static const char *names[OWN + COUNTS + TRAITS + 1];
	int n = 0;

	for (int i = 0; i < OWN; i++)
		names[n++] = own[i];
	for (int i = 0; i < COUNTS; i++)
		names[n++] = counts[i].name;
	for (int i = 0; i < TRAITS; i++)
		names[n++] = traits[i].name;
	names[n] = NULL;
	return names;
}

static const struct trait *
trait_named(const char *name)
{
	for (int i = 0; i < TRAITS; i++)
		if (strcmp(traits[i].name, name) == 0)
			return &traits[i];
	return NULL;
}

bool
expr_run_text(const char *name)
{
	const struct trait *t = trait_named(name);

	return strcmp(name, "weights") == 0 || (t != NULL && t->figure == NULL && !t->number);
}

/* "features" where these were, else the names of the layers; "" for none. */
static int
run_froze_text(struct session *s, const struct run *r, struct expr_value *v)
{
	char *word = curves_frozen(&s->model, r);

	value_text(v, word != NULL && strcmp(word, "features") == 0 ? word : r->frozen);
	free(word);
	return 0;
}

static int
run_trait(const struct run *r, const struct trait *t, const char *name, struct expr_value *v, struct err *e)
{
	char *text = t->text(r);
	int rc = 0;

	if (!t->number)
		value_text(v, text);
	else if (num_read_real(text, &v->num) != NUM_OK)
		rc = fail(e, "%s is not known: r%d was made without it", name, r->number);
	free(text);
	return rc;
}

static int
run_figure(struct session *s, const struct run *r, const char *name, const char *figure, struct expr_value *v,
    struct err *e)
{
	const struct epoch_record *last = run_figures(r);
	bool val = strncmp(figure, "val_", 4) == 0;

	if (isnan(val ? last->val_accuracy : last->accuracy))
		return fail(e, r == runs_last(&s->runs) ?
		    "%s is not known: no epoch of r%d has ended; `resume` goes on with it" :
		    "%s is not known: no epoch of r%d has ended; `train %s` makes another run", name, r->number,
		    r->split.name);
	return value_num(v, trait_named(figure)->figure(r));
}

int
expr_run_value(struct session *s, const char *name, const char *dot, struct expr_value *v, struct err *e)
{
	char run[16];
	const struct run *r;
	const char *what = dot + 1;

	snprintf(run, sizeof run, "%.*s", (int)(dot - name), name);
	if ((r = runs_find(&s->runs, run, e)) == NULL)
		return -1;
	if (strcmp(what, "threads") == 0)
		return r->threads > 0 ? value_num(v, r->threads) :
		    fail(e, "%s is not known: the file that r%d came from does not tell it", name, r->number);
	if (strcmp(what, "seconds") == 0)
		return s->set.timing ? value_num(v, r->seconds) :
		    fail(e, "%s depends on the clock; `timing on` first", name);
	for (int i = 0; i < COUNTS; i++)
		if (strcmp(what, counts[i].name) == 0) {
			v->some = counts[i].some;
			return value_num(v, counts[i].of(r));
		}
	if (strcmp(what, "frozen") == 0)
		return run_froze_text(s, r, v);
	if (strcmp(what, "weights") == 0)
		return value_text(v, r->sha256);
	return trait_named(what)->figure != NULL ? run_figure(s, r, name, what, v, e) :
	    run_trait(r, trait_named(what), name, v, e);
}
