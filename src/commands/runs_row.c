/* runs_row.c: a run as a line of `runs`. */
#include "commands/runs.h"
#include "past/layered.h"
#include "train/report.h"
#include "util/num.h"
#include "util/row.h"
#include "util/xmalloc.h"
#include "view/curves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUNS_OWN 0 /* as wide as its values */

/* What leaves first where a line is too wide, and how many columns that gains. */
static const struct {
	const char *name;
	int width;
} runs_leaving[] = {{"optimizer", 10}, {"seconds", 8}, {"train", 7}, {"lr", RUNS_OWN}, {"epochs", 7}};

/* Whether text has no room for the column. */
static bool
runs_left(const struct session *s, const struct runs_look *l, const char *name)
{
	for (size_t i = 0; i < sizeof runs_leaving / sizeof *runs_leaving; i++)
		if (strcmp(runs_leaving[i].name, name) == 0)
			return s->out->mode == OUT_TABLE && (l->without >> i & 1) != 0;
	return false;
}

static int
runs_name_width(const struct runs_look *l)
{
	int n = l->own + l->hash + (l->own > 0 && l->hash > 0);

	return n > 3 ? n : 3;
}

/* r2 with the name of its record, both in columns of their own. */
static void
runs_names(char out[40], const struct runs_look *l, const struct run *r)
{
	char own[16] = "";

	if (r->number > 0)
		run_name(r, own);
	snprintf(out, 40, "%-*s%s%.*s", l->own, own, l->own > 0 && l->hash > 0 ? " " : "", l->hash, r->record);
}

/* For people: how many it has done, and of how many where these were more. Returns the characters. */
static int
runs_epochs(char buf[32], const struct run *r)
{
	return snprintf(buf, 32, r->nepoch < r->epochs ? "%d of %d" : "%d", r->nepoch, r->epochs);
}

/* With the schedule, as `train` takes it. The caller's. */
static char *
runs_lr(const struct run *r)
{
	char *schedule = schedule_text(&r->schedule), lr[32], *text;

	text = xasprintf("%s%s%s", num_text(lr, r->config.lr), *schedule != '\0' ? ":" : "", schedule);
	free(schedule);
	return text;
}

void
runs_row(struct session *s, const struct run *r, const struct index_row *x, struct runs_look *l)
{
	static const char *const unknown[] = {"run", "threads", "cached"}; /* a record has them not */
	const struct epoch_record *last = run_figures(r);
	/* not known where the run comes from a file that was written with timing off */
	double seconds = r->seconds > 0 ? r->seconds : NAN;
	const char *frozen = r->frozen[0] != '\0' ? r->frozen : NULL;
	const char *sha256 = r->sha256[0] != '\0' ? r->sha256 : NULL;
	const char *when = x != NULL && x->when[0] != '\0' ? x->when : NULL;
	char name[16], names[40], epochs[32];
	char *word = curves_frozen(&s->model, r); /* "features": a line is to fit 80 columns */
	char *schedule = schedule_text(&r->schedule), *stop = r->goal_asked ? goal_text(&r->goal) : xstrdup("");
	char *rates = run_rates(r), *lr = runs_lr(r), each[16];
	char *tags = xstrdup(x != NULL && x->tags[0] != '\0' ? x->tags + 1 : "");
	json_t *event;

	if (tags[0] != '\0')
		tags[strlen(tags) - 1] = '\0';
	const struct row_cell row[] = {
		{"run", ROW_TEXT, -runs_name_width(l), .in = ROW_IN_TEXT, .s = names},
		{"run", ROW_TEXT, .in = ROW_IN_CSV, .s = run_name(r, name)},
		{"split", ROW_TEXT, -l->split, .s = r->split.name},
		{"train", ROW_COUNT, 6, .off = runs_left(s, l, "train"), .n = (int64_t)r->train},
		{"epochs", ROW_TEXT, l->epochs, .in = ROW_IN_TEXT, .off = runs_left(s, l, "epochs"), .s = epochs},
		{"epochs", ROW_INT, .in = ROW_IN_CSV, .n = r->epochs},
		{"optimizer", ROW_TEXT, -9, .off = runs_left(s, l, "optimizer"),
		    .s = r->config.optimizer->name},
		{"lr", ROW_TEXT, -l->lr, .in = ROW_IN_TEXT, .off = runs_left(s, l, "lr"), .s = lr},
		{"lr", ROW_REAL, .in = ROW_IN_CSV, .x = r->config.lr},
		{"frozen", ROW_TEXT, .s = frozen},
		{"val_loss", ROW_REAL, 8, 4, .unknown = isnan(last->val_accuracy), .x = last->val_loss},
		{"val_accuracy", ROW_REAL, 12, 4, .unknown = isnan(last->val_accuracy), .x = last->val_accuracy},
		{"seconds", ROW_SECONDS, 7, 2, .off = runs_left(s, l, "seconds"), .x = seconds},
		{"frozen", ROW_TEXT, -l->frozen, .in = ROW_IN_TEXT, .s = word},
		{"tags", ROW_TEXT, -1, .in = ROW_IN_TEXT, .off = !l->kept || (tags[0] == '\0' && !l->head), .s = tags},
		{"tags", ROW_TEXT, .in = ROW_IN_CSV, .off = !l->kept, .s = tags},
		{"note", ROW_TEXT, .in = ROW_IN_CSV, .off = !l->kept, .s = x != NULL ? x->note : NULL},
		{"record", ROW_TEXT, .in = ROW_IN_CSV, .off = !l->kept, .s = r->record},
		{"batch", ROW_INT, .in = ROW_IN_CSV, .n = r->config.batch},
		{"seed", ROW_INT, .in = ROW_IN_CSV, .n = (int64_t)r->config.seed},
		{"limit", ROW_INT, .in = ROW_IN_CSV, .n = (int64_t)r->take.limit},
		{"schedule", ROW_TEXT, .in = ROW_IN_CSV, .s = schedule},
		{"layer_lr", ROW_TEXT, .in = ROW_IN_CSV, .s = rates},
		{"stop", ROW_TEXT, .in = ROW_IN_CSV, .s = stop},
		{"validate", ROW_TEXT, .in = ROW_IN_CSV, .s = each},
		{"slots", ROW_TEXT, .in = ROW_IN_CSV, .s = r->slots[0] != '\0' ? "loaded" : "zero"},
		{"begun", ROW_TEXT, .in = ROW_IN_CSV, .s = r->begun},
		{"epochs_done", ROW_INT, .in = ROW_IN_CSV, .n = r->nepoch},
		{"interrupted", ROW_BOOL, .in = ROW_IN_CSV, .n = r->interrupted},
		{"data", ROW_TEXT, .in = ROW_IN_CSV, .s = r->data},
		{"test", ROW_INT, .in = ROW_IN_CSV, .n = (int64_t)r->test},
		{"sample", ROW_INT, .in = ROW_IN_CSV, .unknown = !r->take.drawn, .n = (int64_t)r->take.seed},
		{"watch", ROW_TEXT, .in = ROW_IN_CSV, .s = r->watch.kind != SPLIT_NONE ? r->watch.name : NULL},
		{"threads", ROW_INT, .in = ROW_IN_CSV, .unknown = r->number == 0 || r->threads < 1, .n = r->threads},
		{"kernels", ROW_TEXT, .in = ROW_IN_CSV, .s = r->kernels},
		{"weights", ROW_TEXT, .in = ROW_IN_CSV, .s = sha256},
		{"changes", ROW_TEXT, .in = ROW_IN_CSV, .s = r->changes}, {0}}, more[] = {
		{"epochs_done", ROW_INT, .n = r->nepoch},
		{"interrupted", ROW_BOOL, .n = r->interrupted},
		{"val_accuracy", ROW_REAL, .x = last->val_accuracy},
		{"val_loss", ROW_REAL, .x = last->val_loss},
		{"seconds", ROW_SECONDS, .x = seconds},
		{"weights", ROW_TEXT, .s = sha256},
		{"begun", ROW_TEXT, .s = r->begun[0] != '\0' ? r->begun : NULL},
		{"record", ROW_TEXT, .off = !l->kept, .s = r->record[0] != '\0' ? r->record : NULL},
		{"when", ROW_TEXT, .off = !l->kept, .s = s->out->timing ? when : NULL},
		{"tags", ROW_TEXT, .off = !l->kept, .s = tags},
		{"note", ROW_TEXT, .off = !l->kept, .s = x != NULL ? x->note : NULL}, {0}};

	runs_names(names, l, r);
	runs_epochs(epochs, r);
	snprintf(each, sizeof each, r->validate > 0 ? "%d" : "end", r->validate);
	row_part(s->out, "run", l->head, row);
	event = report_run_json(r);
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown && r->number == 0; i++)
		json_object_set_new(event, unknown[i], json_null());
	json_object_update_new(event, row_json(s->out, NULL, more));
	out_event(s->out, event);
	if (x != NULL && x->note[0] != '\0')
		out_text(s->out, "%*s%s", runs_name_width(l) + 1, "", x->note);
	l->head = false;
	free(schedule);
	free(stop);
	free(rates);
	free(lr);
	free(tags);
	free(word);
}

void
runs_widths(struct session *s, struct runs_look *l, const struct run *r, const struct index_row *x)
{
	char name[16], done[32], *word = curves_frozen(&s->model, r), *rate = runs_lr(r);
	int epochs = runs_epochs(done, r), split = (int)strlen(r->split.name),
	    own = r->number > 0 ? (int)strlen(run_name(r, name)) : 0,
	    tags = x != NULL ? (int)strlen(x->tags) - 2 : 0, frozen = word != NULL ? (int)strlen(word) : 0,
	    lr = (int)strlen(rate);

	l->split = split > l->split ? split : l->split;
	l->frozen = frozen > l->frozen ? frozen : l->frozen < 8 ? 8 : l->frozen;
	epochs = epochs > 6 ? epochs : 6; /* its heading */
	l->epochs = epochs > l->epochs ? epochs : l->epochs;
	l->lr = lr > l->lr ? lr : l->lr < 5 ? 5 : l->lr;
	l->own = own > l->own ? own : l->own;
	l->tags = tags > l->tags ? tags : l->tags;
	if (l->kept && r->record[0] != '\0')
		l->hash = 8;
	free(rate);
	free(word);
}

void
runs_fit(struct runs_look *l, int width)
{
	/* the names, the split, what was frozen, and eight columns, with a blank before each */
	int n = runs_name_width(l) + l->split + l->frozen + l->epochs + l->lr + 42 + 9 +
	    (l->kept ? 1 + (l->tags > 4 ? l->tags : 4) : 0);

	for (size_t i = 0; i < sizeof runs_leaving / sizeof *runs_leaving && n > width; i++) {
		l->without |= 1u << i;
		n -= runs_leaving[i].width != RUNS_OWN ? runs_leaving[i].width : 1 + l->lr;
	}
}
