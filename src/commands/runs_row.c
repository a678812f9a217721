/* runs_row.c: a run as a line of `runs`. */
#include "commands/runs.h"
#include "train/report.h"
#include "util/row.h"
#include "util/xmalloc.h"
#include "view/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
runs_row(struct session *s, const struct run *r, const struct index_row *x, struct runs_look *l)
{
	static const char *const unknown[] = {"run", "threads", "cached"}; /* a record has them not */
	const struct epoch_record *last = run_figures(r);
	/* not known where the run comes from a file that was written with timing off */
	double seconds = r->seconds > 0 ? r->seconds : NAN;
	const char *frozen = r->frozen[0] != '\0' ? r->frozen : NULL;
	const char *when = x != NULL && x->when[0] != '\0' ? x->when : NULL;
	char name[16], epochs[32], *word = curves_frozen(&s->model, r); /* "features": a line is to fit 80 columns */
	char *tags = xstrdup(x != NULL && x->tags[0] != '\0' ? x->tags + 1 : "");
	json_t *event;

	if (tags[0] != '\0')
		tags[strlen(tags) - 1] = '\0';
	const struct row_cell row[] = {
		{"run", ROW_TEXT, -l->name, .s = run_name(r, name)},
		{"split", ROW_TEXT, -l->split, .s = r->split.name},
		{"train", ROW_COUNT, 6, .n = (int64_t)r->train},
		{"epochs", ROW_TEXT, 6, .s = epochs},
		{"optimizer", ROW_TEXT, -9, .s = r->config.optimizer->name},
		{"lr", ROW_REAL, -5, .x = r->config.lr},
		{"frozen", ROW_TEXT, .s = frozen},
		{"val_loss", ROW_REAL, 8, 4, .unknown = isnan(last->val_accuracy), .x = last->val_loss},
		{"val_accuracy", ROW_REAL, 12, 4, .unknown = isnan(last->val_accuracy), .x = last->val_accuracy},
		{"seconds", ROW_SECONDS, 7, 2, .x = seconds},
		{"frozen", ROW_TEXT, -l->frozen, .in = ROW_IN_TEXT, .s = word},
		{"tags", ROW_TEXT, -1, .in = ROW_IN_TEXT, .off = !l->kept || (tags[0] == '\0' && !l->head), .s = tags},
		{"tags", ROW_TEXT, .in = ROW_IN_CSV, .off = !l->kept, .s = tags},
		{"note", ROW_TEXT, .in = ROW_IN_CSV, .off = !l->kept, .s = x != NULL ? x->note : NULL},
		{"record", ROW_TEXT, .in = ROW_IN_CSV, .off = !l->kept, .s = r->record},
		{"batch", ROW_INT, .in = ROW_IN_CSV, .n = r->config.batch},
		{"seed", ROW_INT, .in = ROW_IN_CSV, .n = (int64_t)r->config.seed},
		{"limit", ROW_INT, .in = ROW_IN_CSV, .n = (int64_t)r->take.limit}, {0}}, more[] = {
		{"epochs_done", ROW_INT, .n = r->nepoch},
		{"interrupted", ROW_BOOL, .n = r->interrupted},
		{"val_accuracy", ROW_REAL, .x = last->val_accuracy},
		{"val_loss", ROW_REAL, .x = last->val_loss},
		{"seconds", ROW_SECONDS, .x = seconds},
		{"weights", ROW_TEXT, .s = r->sha256[0] != '\0' ? r->sha256 : NULL},
		{"record", ROW_TEXT, .off = !l->kept, .s = r->record[0] != '\0' ? r->record : NULL},
		{"when", ROW_TEXT, .off = !l->kept, .s = s->out->timing ? when : NULL},
		{"tags", ROW_TEXT, .off = !l->kept, .s = tags},
		{"note", ROW_TEXT, .off = !l->kept, .s = x != NULL ? x->note : NULL}, {0}};

	snprintf(epochs, sizeof epochs, s->out->mode == OUT_TABLE && r->nepoch < r->epochs ? "%d of %d" : "%d",
	    r->nepoch, r->epochs);
	row_part(s->out, "run", l->head, row);
	event = report_run_json(r);
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown && r->number == 0; i++)
		json_object_set_new(event, unknown[i], json_null());
	json_object_update_new(event, row_json(s->out, NULL, more));
	out_event(s->out, event);
	if (x != NULL && x->note[0] != '\0')
		out_text(s->out, "%*s%s", l->name + 1, "", x->note);
	l->head = false;
	free(tags);
	free(word);
}

void
runs_widths(struct session *s, struct runs_look *l, const struct run *r)
{
	int n = (int)strlen(r->split.name);
	char *frozen = curves_frozen(&s->model, r);

	if (l->frozen < 8)
		l->frozen = 8;
	if (frozen != NULL && (int)strlen(frozen) > l->frozen)
		l->frozen = (int)strlen(frozen);
	free(frozen);
	l->split = n > l->split ? n : l->split;
	if (r->number == 0 || r->number > 99)
		l->name = 8;
}
