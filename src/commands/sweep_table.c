/* sweep_table.c: what a sweep prints of its trials. */
#include "commands/estimates.h"
#include "commands/sweep.h"
#include "util/num.h"
#include "util/row.h"
#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME 80
#define MISSING_MAX 10 /* trials of which it is said why */

/* What a key is in a row: a number where all its values are. */
static json_t *
sweep_value_json(const struct sweep *x, int row, int k)
{
	const char *value = sweep_value(x, row, k);
	double real;
	int64_t n;

	for (int i = 0; i < x->key[k].n; i++)
		if (num_read_real(x->key[k].value[i], &real) != NUM_OK)
			return out_string(value);
	if (num_read_int(value, &n) == NUM_OK)
		return json_integer(n);
	num_read_real(value, &real);
	return json_real(real);
}

static json_t *
sweep_keys_json(const struct sweep *x, int row)
{
	json_t *o = json_object();

	for (int k = 0; k < x->nkey; k++)
		json_object_set_new(o, x->key[k].name, sweep_value_json(x, row, k));
	return o;
}

/* Adds a column of CSV for each key, which has its name or, where one of the others has that, key.NAME. */
static void
sweep_key_cells(const struct sweep *x, int row, const struct row_cell *others, struct row_cell *cell,
    char (*name)[NAME])
{
	for (int k = 0; k < x->nkey; k++) {
		bool taken = strcmp(x->key[k].name, "event") == 0 || strcmp(x->key[k].name, "values") == 0;

		for (const struct row_cell *o = others; o->kind != ROW_END; o++)
			taken |= strcmp(x->key[k].name, o->name) == 0;
		snprintf(name[k], NAME, "%s%s", taken ? "key." : "", x->key[k].name);
		cell[k] = (struct row_cell){name[k], ROW_TEXT, .in = ROW_IN_CSV, .s = sweep_value(x, row, k)};
	}
}

/* The text of a figure with a star where it is the best mean, which one other row at least does not have. */
static char *
sweep_starred(char *text, const struct compared *c, int i, bool loss)
{
	bool worse = false;
	double x = loss ? -c->row[i].of_loss.mean : c->row[i].of_accuracy.mean;

	for (int k = 0; k < c->n; k++) {
		double y = loss ? -c->row[k].of_loss.mean : c->row[k].of_accuracy.mean;

		if (!(x >= y) && c->row[k].values > 0)
			return text;
		worse |= x > y;
	}
	return worse ? strcat(text, " *") : text;
}

static void
sweep_print(struct session *s, const struct sweep *x, int i, int width, struct str *table,
    struct str *json)
{
	const struct compared *c = &x->result;
	const struct compared_row *r = &c->row[i], *other = &c->row[r->against];
	const char *accuracy = c->eval ? "accuracy" : "val_accuracy", *loss = c->eval ? "loss" : "val_loss";
	const char *accuracy_error = c->eval ? "accuracy_stderr" : "val_accuracy_stderr";
	const char *loss_error = c->eval ? "loss_stderr" : "val_loss_stderr";
	bool utf8 = settings_utf8(&s->set, s->out), alone = r == other;
	char a[ESTIMATE_TEXT + 2], l[ESTIMATE_TEXT + 2], gain[ESTIMATE_TEXT];
	char name[SWEEP_KEYS_MAX][NAME];
	struct row_cell row[1 + SWEEP_KEYS_MAX + 24] = {{"values", ROW_TEXT, -width, .s = r->mode}};
	const struct row_cell rest[] = {
		{"keys", ROW_JSON, .json = sweep_keys_json(x, i)},
		{"seeds", ROW_JSON, .json = estimate_seeds(c)},
		{"n", ROW_INT, 4, .n = r->values},
		{accuracy, ROW_TEXT, -17, .gap = 2, .in = ROW_IN_TEXT,
		    .s = sweep_starred(estimate_text(a, r->of_accuracy, false, utf8), c, i, false)},
		{loss, ROW_TEXT, -17, .gap = 2, .in = ROW_IN_TEXT,
		    .s = sweep_starred(estimate_text(l, r->of_loss, false, utf8), c, i, true)},
		{"gain", ROW_TEXT, -1, .gap = 2, .in = ROW_IN_TEXT,
		    .s = alone ? "" : estimate_text(gain, r->gain, true, utf8)},
		{accuracy, ROW_REAL, .in = ROW_IN_CSV, .unknown = r->values < 1, .x = r->of_accuracy.mean},
		{accuracy_error, ROW_REAL, .in = ROW_IN_CSV, .unknown = r->values < 2, .x = r->of_accuracy.error},
		{loss, ROW_REAL, .in = ROW_IN_CSV, .unknown = r->values < 1, .x = r->of_loss.mean},
		{loss_error, ROW_REAL, .in = ROW_IN_CSV, .unknown = r->values < 2, .x = r->of_loss.error},
		{"against", ROW_TEXT, .s = alone ? NULL : other->mode},
		{"gain", ROW_REAL, .in = ROW_IN_CSV, .unknown = alone || r->gain.n < 1, .x = r->gain.mean},
		{"gain_stderr", ROW_REAL, .in = ROW_IN_CSV, .unknown = alone || r->gain.n < 2, .x = r->gain.error},
		{accuracy, ROW_JSON, .json = estimate_json(r->of_accuracy, r->accuracy, c->seeds)},
		{loss, ROW_JSON, .json = estimate_json(r->of_loss, r->loss, c->seeds)},
		{"gain", ROW_JSON, .json = alone ? json_null() : estimate_json(r->gain, NULL, 0)}, {0}};

	_Static_assert(sizeof rest <= sizeof row - (1 + SWEEP_KEYS_MAX) * sizeof *row, "all cells have room");
	sweep_key_cells(x, i, rest, row + 1, name);
	memcpy(row + 1 + x->nkey, rest, sizeof rest);
	row_print_filed(s->out, "sweep", i == 0, row, table, json);
}

/* What gains are over, with what is the same in both rows of a pair. */
static void
sweep_print_against(struct session *s, const struct sweep *x)
{
	int first = sweep_varied(x);
	char *shown = sweep_shown(x->key[first].value[0]);
	struct str same = {0};

	str_add(&same, "%s", "");
	for (int k = first + 1; k < x->nkey; k++)
		if (x->key[k].n > 1)
			str_add(&same, "%s%s", same.n > 0 ? ", " : "", x->key[k].name);
	out_text(s->out, "gain: in %s over %s=%s with the same %s%sseeds, as a mean of the differences",
	    x->result.eval ? "accuracy" : "val_accuracy", x->key[first].name, shown, same.s,
	    same.n > 0 ? " and " : "");
	free(shown);
	free(same.s);
}

/* Says why trials have no result, in their order, whichever ended first. */
static void
sweep_list_missing(struct session *s, const struct sweep *x)
{
	int said = 0;

	for (int i = 0; said < MISSING_MAX && said < x->nmissing; i++)
		if (x->missing[i] != NULL) {
			out_warn(s->out, "%s", x->missing[i]);
			said++;
		}
	if (said < x->nmissing)
		out_warn(s->out, "%d more trial%s failed", x->nmissing - said, x->nmissing - said == 1 ? "" : "s");
}

/* They are no part of the table. */
static int
sweep_missing(struct session *s, const struct sweep *x, struct err *e)
{
	sweep_list_missing(s, x);
	if (x->ndied == 0)
		return fail(e, "%d of %d trials failed%s; change the commands or the values that they fail with",
		    x->nmissing, x->result.n * x->result.seeds,
		    x->nmissing < x->result.n * x->result.seeds ? " and are missing from the table" : "");
	return fail(e, "%d trial%s missing from the table; the same line %s, `set threads 1` one after the other",
	    x->nmissing, x->nmissing == 1 ? " is" : "s are",
	    s->store.dir != NULL ? "tries them again" : "tries all again, and with a store (--project DIR) them alone");
}

int
sweep_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct sweep *x = arg;
	struct compared *c = &x->result;
	struct str table = {0}, json = {0};
	int width = 6;

	kept_said(s, &x->unkept, &x->damaged);
	if (s->share != NULL && rc == 0) { /* others have the rest of the table */
		sweep_list_missing(s, x);
		return 0;
	}
	if (rc != 0)
		return kept_cut(s, "sweep", x->mine - x->nmissing, c->n * c->seeds, &x->unkept, e);
	if (x->nmissing == c->n * c->seeds)
		return sweep_missing(s, x, e);
	for (int i = 0; i < c->n; i++)
		width = (int)strlen(c->row[i].mode) > width ? (int)strlen(c->row[i].mode) : width;
	out_text(s->out, "%s; seeds %llu to %llu", c->asked, (unsigned long long)c->seed,
	    (unsigned long long)(c->seed + (uint64_t)c->seeds - 1));
	for (int i = 0; i < c->n; i++)
		sweep_print(s, x, i, width, &table, &json);
	c->table = table.s;
	c->json = json.s;
	if (c->n > 1)
		sweep_print_against(s, x);
	if (x->found > 0 && (x->found < c->n * c->seeds || s->user.interactive))
		out_note(s->out, "%d of %d trials were in the store", x->found, c->n * c->seeds);
	if (c->seeds < 2)
		out_note(s->out, "one seed has no error; seeds=5 tells how far another one would be");
	rc = x->nmissing > 0 ? sweep_missing(s, x, e) : 0;
	compared_free(&s->runs.compared);
	s->runs.compared = x->result;
	x->result = (struct compared){0};
	return rc;
}
