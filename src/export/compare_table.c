/* compare_table.c: the last comparison, or runs beside each other, as the rows that csv or json mode prints. */
#include "export/export.h"
#include "file/record.h"
#include "past/trait.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

/* The runs that are named. The text is the caller's, also behind an error. */
static int
table_runs(struct session *s, const struct export_request *r, struct str *b, struct err *e)
{
	bool json = strcmp(r->exporter->format, "json") == 0;

	for (int i = 0; i < r->n; i++) {
		const char *text = r->operand[i]->text;
		const struct run *run;
		struct trait_row row;

		if (!export_is_run(text))
			return export_unknown(r, r->operand[i], e);
		if ((run = record_find(s, text, e)) == NULL)
			return err_at(e, r->operand[i]);
		trait_row(&row, run, json);
		(json ? row_file_json : row_file)(b, s->out, "compared", row.cell);
		trait_row_free(&row);
	}
	if (r->n == 1)
		return fail_at(e, r->operand[0], "it takes two runs to compare, as in `export %s compare r1 r2`; "
		    "`export %s %s` has the epochs of one", r->exporter->format, r->exporter->format,
		    r->operand[0]->text);
	return 0;
}

static int
compare_table_write(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	const struct compared *c = &s->runs.compared;
	struct str runs = {0};
	const char *format = r->exporter->format, *rows = strcmp(format, "json") == 0 ? c->json : c->table;
	int rc = r->n > 0 ? table_runs(s, r, &runs, e) : 0, n = r->n > 0 ? r->n : c->n;

	if (rc == 0 && r->n == 0 && rows == NULL)
		rc = fail(e, "nothing was compared yet; `compare modes lt5` and `sweep` do, and `export %s compare r1 "
		    "r2` sets runs beside each other", format);
	if (rc == 0) {
		fputs(r->n > 0 ? runs.s : rows, f);
		snprintf(r->said, sizeof r->said, "%d row%s", n, n == 1 ? "" : "s");
	}
	free(runs.s);
	return rc;
}

const struct exporter export_csv_compare = {
	.format = "csv",
	.figure = "compare",
	.operands = "[rN or HASH ...]",
	.what = "the rows of the last `compare modes` or `sweep` as `mode csv` prints them, or those of runs",
	.file = "thaw-compare.csv",
	.write = compare_table_write,
};

const struct exporter export_json_compare = {
	.format = "json",
	.figure = "compare",
	.operands = "[rN or HASH ...]",
	.what = "the same as `mode json` prints them, a line each",
	.file = "thaw-compare.json",
	.write = compare_table_write,
};
