/* compare_table.c: what `compare modes` prints of each way to train. */
#include "commands/compare.h"
#include "commands/estimates.h"
#include "util/row.h"
#include "util/text.h"

#include <string.h>

static void
compare_row(struct session *s, const struct compared *c, int i, struct str *table, struct str *json)
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
		{"seeds", ROW_JSON, .json = estimate_seeds(c)},
		{"val_accuracy", ROW_JSON, .json = estimate_json(r->of_accuracy, r->accuracy, c->seeds)},
		{"val_loss", ROW_JSON, .json = estimate_json(r->of_loss, r->loss, c->seeds)},
		{"gain", ROW_JSON, .json = alone ? json_null() : estimate_json(r->gain, NULL, 0)}, {0}};

	row_print_filed(s->out, "compare", i == 0, row, table, json);
}

void
compare_table(struct session *s, struct compared *c)
{
	struct str table = {0}, json = {0};
	char n[32];

	out_text(s->out, "%s, %s test images: %s%s%sheads new; seeds %llu to %llu draw images, weights and order",
	    c->split.name, text_count(n, c->test), c->from[0] != '\0' ? "features from " : "", c->from,
	    c->from[0] != '\0' ? ", " : "", (unsigned long long)c->seed,
	    (unsigned long long)(c->seed + (uint64_t)c->seeds - 1));
	for (int i = 0; i < c->n; i++)
		compare_row(s, c, i, &table, &json);
	c->table = table.s;
	c->json = json.s;
	if (c->row[0].against != 0 || c->n > 1)
		out_text(s->out, "gain: in val_accuracy over %s with the same seeds, as a mean of the differences",
		    c->row[c->n - 1].against == c->n - 1 ? c->row[c->n - 1].mode :
		    c->row[c->row[c->n - 1].against].mode);
}

void
compare_notes(struct session *s, const struct compared *c, int head_epochs)
{
	for (int i = 0; i < c->n; i++)
		if (strcmp(c->row[i].mode, trial_names[TRIAL_HEAD_FIRST]) == 0 && c->row[i].epochs <= head_epochs) {
			out_note(s->out, "with epochs=%d head-first is the same as frozen: the head trains alone for "
			    "the first %d (freeze_epochs=); more epochs make a difference", c->row[i].epochs,
			    head_epochs);
			break;
		}
	if (c->seeds < 2)
		out_note(s->out, "one seed has no error; seeds=5 tells how far another one would be");
}
