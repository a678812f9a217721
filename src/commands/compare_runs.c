/* compare_runs.c: runs beside each other: the settings that differ first, then the figures, the best marked. */
#include "commands/compare.h"

#include "file/record.h"
#include "past/trait.h"
#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>

#define RUNS_MAX 16 /* beside each other */

static void
compare_line(struct session *s, const struct trait *t, struct run *const *run, int n)
{
	char value[RUNS_MAX][TRAIT_TEXT + 16], text[TRAIT_TEXT];
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

int
compare_runs(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct run *run[RUNS_MAX];
	struct str same = {0};
	char text[TRAIT_TEXT];
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
		for (int i = 0; i < n; i++) {
			struct trait_row row;

			trait_row(&row, run[i]);
			row_print(s->out, "compared", i == 0, row.cell);
		}
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
	if (trait_apart(run, n) != NULL)
		out_note(s->out, "none is marked as the best: the figures are of different %s", trait_apart(run, n));
	free(same.s);
	return 0;
}
