/* compare_runs.c: runs beside each other: the settings that differ first, then the figures, the best marked. */
#include "commands/compare.h"

#include "file/record.h"
#include "past/trait.h"
#include "session/point.h"
#include "ui/canvas.h"
#include "util/num.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define RUNS_MAX 16 /* beside each other */

/* What stands in a column, and how wide these are. */
struct compare_table {
	struct run *run[RUNS_MAX];
	int n, width, most;
	char init[65]; /* of the weights that the seed gives; "": not known */
};

/* For people: the point that a run began from is what another one left, or the first weights, where that is so. The
 * caller's. */
static char *
compare_value(const struct session *s, const struct compare_table *c, const struct trait *t, int i)
{
	const struct run *r = c->run[i], *left = NULL;
	char *text = trait_said(t, r), *value, name[16];

	if (strcmp(t->name, "begun") == 0) {
		for (int k = 0; k < s->runs.n; k++)
			if (s->runs.list[k] != r && *text != '\0' && strcmp(s->runs.list[k]->sha256, text) == 0)
				left = s->runs.list[k];
		for (int k = 0; k < c->n && left == NULL; k++)
			if (c->run[k] != r && *text != '\0' && strcmp(c->run[k]->sha256, text) == 0)
				left = c->run[k];
		value = left != NULL ? xasprintf("after %s", run_name(left, name)) :
		    xasprintf(*text != '\0' && strcmp(text, c->init) == 0 ? "init (%.8s)" : "%.8s", text);
		free(text);
		text = value;
	}
	value = xasprintf("%s%s", *text != '\0' ? text : "-", trait_best(t, c->run, c->n, i) ? " *" : "");
	free(text);
	return value;
}

static bool
compare_shows(const struct compare_table *c, const struct trait *t, bool figure)
{
	return figure ? t->figure != NULL : t->figure == NULL && trait_differs(t, c->run, c->n);
}

/* Columns are as wide as their values, of which those beyond `most` stand by themselves. */
static void
compare_widths(struct session *s, struct compare_table *c)
{
	c->width = 12;
	c->most = (s->out->width - 13) / c->n - 2;
	c->most = c->most > 12 ? c->most : 12;
	for (int k = 0; k < TRAITS; k++)
		for (int i = 0; i < c->n && compare_shows(c, &traits[k], traits[k].figure != NULL); i++) {
			char *value = compare_value(s, c, &traits[k], i);
			int cells = ui_text_cells(value);

			c->width = cells > c->width && cells <= c->most ? cells : c->width;
			free(value);
		}
}

/* How long each took: no figure of what it came to, so that none is marked. */
static void
compare_seconds(struct session *s, const struct compare_table *c)
{
	struct row_cell row[RUNS_MAX + 2] = {{"", ROW_TEXT, -13, .s = "seconds"}};
	char value[RUNS_MAX][32];

	for (int i = 0; i < c->n; i++)
		row[i + 1] = (struct row_cell){"", ROW_TEXT, -c->width, .gap = 2,
		    .s = num_fixed(value[i], run_seconds(c->run[i]), 2)};
	if (s->out->timing)
		row_part(s->out, "compared", false, row);
}

/* A row; whether its values had room in it. t NULL: the names of the runs. */
static bool
compare_line(struct session *s, const struct compare_table *c, const struct trait *t)
{
	struct row_cell row[RUNS_MAX + 2] = {{"", ROW_TEXT, -13, .s = t != NULL ? t->name : ""}};
	char *value[RUNS_MAX] = {NULL}, name[RUNS_MAX][16];
	bool room = true;

	for (int i = 0; i < c->n; i++) {
		value[i] = t != NULL ? compare_value(s, c, t, i) : xstrdup("");
		room &= ui_text_cells(value[i]) <= c->width;
		row[i + 1] = (struct row_cell){run_name(c->run[i], name[i]), ROW_TEXT, -c->width, .gap = 2,
		    .s = value[i]};
	}
	if (t == NULL)
		row_head(s->out, "compared", row);
	else if (room)
		row_part(s->out, "compared", false, row);
	for (int i = 0; i < c->n; i++)
		free(value[i]);
	return room;
}

/* Runs of the same settings have other figures where another epoch was their first. */
static void
compare_epochs(struct session *s, const struct compare_table *c)
{
	struct str began = {0};
	char name[16];
	bool apart = false;

	for (int k = 0; k < TRAITS; k++)
		if (traits[k].figure == NULL && trait_differs(&traits[k], c->run, c->n))
			return;
	for (int i = 0; i < c->n; i++) {
		apart |= c->run[i]->first_epoch != c->run[0]->first_epoch;
		str_add(&began, "%s%s %u", i > 0 ? ", " : "", run_name(c->run[i], name), c->run[i]->first_epoch + 1);
	}
	if (apart)
		out_note(s->out, "the order of their images is not the same: their first epochs, counted since a "
		    "`reset`, were: %s", began.s);
	free(began.s);
}

static void
compare_print(struct session *s, const struct compare_table *c)
{
	bool apart[TRAITS] = {false};
	struct str same = {0};

	compare_line(s, c, NULL);
	for (int figure = 0; figure < 2; figure++) /* settings that differ, then all figures */
		for (int k = 0; k < TRAITS; k++)
			if (compare_shows(c, &traits[k], figure != 0))
				apart[k] = !compare_line(s, c, &traits[k]);
	compare_seconds(s, c);
	for (int k = 0; k < TRAITS; k++)
		for (int i = 0; i < c->n && apart[k]; i++) {
			char *value = compare_value(s, c, &traits[k], i), name[16];

			out_text(s->out, "%s of %s: %s", traits[k].name, run_name(c->run[i], name), value);
			free(value);
		}
	for (int k = 0; k < TRAITS; k++) {
		char *value = traits[k].figure == NULL && !traits[k].quiet &&
		    !trait_differs(&traits[k], c->run, c->n) ? trait_said(&traits[k], c->run[0]) : xstrdup("");

		if (*value != '\0')
			str_add(&same, " %s=%s", traits[k].name, value);
		free(value);
	}
	if (same.s != NULL)
		out_text(s->out, "alike:%s", same.s);
	compare_epochs(s, c);
	if (trait_apart(c->run, c->n) != NULL)
		out_note(s->out, "none is marked as the best: the figures are of different %s",
		    trait_apart(c->run, c->n));
	free(same.s);
}

int
compare_runs_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	(void)s;
	for (int i = 0; i < a->npos && !args_word(a, "modes"); i++) {
		if (a->pos[i].arg->type != ARG_RUN)
			return fail_at(e, &a->pos[i], "runs are compared, as in `compare r1 r2`, or ways to train, as "
			    "in `compare modes lt5`");
		if (i == RUNS_MAX)
			return fail_at(e, &a->pos[i], "at most %d runs stand beside each other", RUNS_MAX);
	}
	if (a->npos < 2 && !args_word(a, "modes"))
		return fail(e, "it takes two runs to compare, as in `compare r1 r2`; `compare modes lt5` compares ways "
		    "to train");
	return 0;
}

/* The net is the worker's while there is a job. */
static void
compare_init(struct session *s, struct compare_table *c)
{
	struct err ignored = {0};
	float *w = s->worker.job == NULL && s->model.net != NULL ? point_weights(s, "init", &ignored) : NULL;

	if (w != NULL)
		sha256_hex(w, nn_net_params(s->model.net) * sizeof *w, c->init);
	free(w);
}

int
compare_runs(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct compare_table c = {0};

	if (compare_runs_check(s, a, e) < 0)
		return -1;
	for (int i = 0; i < a->npos; i++)
		if ((c.run[c.n++] = record_find(s, a->pos[i].text, e)) == NULL)
			return err_at(e, &a->pos[i]);
	if (s->out->mode == OUT_TABLE) {
		compare_init(s, &c);
		compare_widths(s, &c);
		compare_print(s, &c);
	}
	for (int i = 0; i < c.n && s->out->mode != OUT_TABLE; i++) {
		struct trait_row row;

		trait_row(&row, c.run[i], s->out->mode == OUT_JSON);
		row_print(s->out, "compared", i == 0, row.cell);
		trait_row_free(&row);
	}
	return 0;
}
