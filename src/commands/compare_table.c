/* compare_table.c: what `compare modes` prints of each way to train. */
#include "commands/compare.h"
#include "commands/estimates.h"
#include "util/row.h"

void
compare_row(struct session *s, const struct compared *c, int i, struct str *table)
{
	const struct compared_row *r = &c->row[i], *other = &c->row[r->against];
	bool utf8 = settings_utf8(&s->set, s->out), alone = r == other;
	char accuracy[ESTIMATE_TEXT], loss[ESTIMATE_TEXT], gain[ESTIMATE_TEXT];
	const struct row_cell row[] = {
		{"split", ROW_TEXT, .s = c->split.name},
		{"limit", ROW_INT, 6, .n = (int64_t)r->limit},
		{"mode", ROW_TEXT, -10, .gap = 2, .s = r->mode},
		{"epochs", ROW_INT, 6, .n = r->epochs},
		{"n", ROW_INT, 4, .n = c->seeds},
		{"val_accuracy", ROW_TEXT, -15, .gap = 2, .in = ROW_IN_TEXT,
		    .s = estimate_text(accuracy, r->of_accuracy, false, utf8)},
		{"val_loss", ROW_TEXT, -15, .gap = 2, .in = ROW_IN_TEXT,
		    .s = estimate_text(loss, r->of_loss, false, utf8)},
		{"gain", ROW_TEXT, -1, .gap = 2, .in = ROW_IN_TEXT,
		    .s = alone ? "" : estimate_text(gain, r->gain, true, utf8)},
		{"val_accuracy", ROW_REAL, .in = ROW_IN_CSV, .x = r->of_accuracy.mean},
		{"val_accuracy_stderr", ROW_REAL, .in = ROW_IN_CSV, .unknown = c->seeds < 2, .x = r->of_accuracy.error},
		{"val_loss", ROW_REAL, .in = ROW_IN_CSV, .x = r->of_loss.mean},
		{"val_loss_stderr", ROW_REAL, .in = ROW_IN_CSV, .unknown = c->seeds < 2, .x = r->of_loss.error},
		{"against", ROW_TEXT, .s = alone ? NULL : other->mode},
		{"gain", ROW_REAL, .in = ROW_IN_CSV, .unknown = alone, .x = r->gain.mean},
		{"gain_stderr", ROW_REAL, .in = ROW_IN_CSV, .unknown = alone || c->seeds < 2, .x = r->gain.error},
		{"val_accuracy", ROW_JSON, .json = estimate_json(r->of_accuracy, r->accuracy, c->seeds)},
		{"val_loss", ROW_JSON, .json = estimate_json(r->of_loss, r->loss, c->seeds)},
		{"gain", ROW_JSON, .json = alone ? json_null() : estimate_json(r->gain, NULL, 0)}, {0}};

	row_file(table, s->out, "compare", row);
	row_print(s->out, "compare", i == 0, row);
}
