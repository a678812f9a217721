/* runs_row.c: a run as a line of `runs`. */
#include "commands/runs.h"
#include "past/layered.h"
#include "train/report.h"
#include "ui/canvas.h"
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

#define RUNS_OPTIMIZER 0
#define RUNS_ALIKE 3 /* the first of them leave before any column of what runs differ in */

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

/* With the schedule, as `train` takes it, and a mark where it was changed meanwhile. The caller's. */
static char *
runs_lr(const struct run *r)
{
	char *schedule = schedule_text(&r->schedule), lr[32], *text;
	bool marked, ignored;

	run_changed(r, &marked, &ignored);
	text = xasprintf("%s%s%s%s", num_text(lr, r->config.lr), *schedule != '\0' ? ":" : "", schedule,
	    marked ? "*" : "");
	free(schedule);
	return text;
}

/* "features": a line is to fit 80 columns. The mark of all other changes stands here, and that of the rate where it has
 * no column. The caller's. */
static char *
runs_frozen(const struct session *s, const struct run *r, bool rates)
{
	char *word = curves_frozen(&s->model, r), *text;
	bool lr, more;

	run_changed(r, &lr, &more);
	text = xasprintf("%s%s", word != NULL ? word : "-", more || (lr && !rates) ? "*" : "");
	free(word);
	return text;
}

/* The column of what runs differ in. */
#define MORE(i) {i < l->nmore ? l->more[i].of->name : "", ROW_TEXT, l->more[i].width, .in = ROW_IN_TEXT, \
	.off = i >= l->nmore, .s = more_text[i] != NULL && *more_text[i] != '\0' ? more_text[i] : NULL}

/* For programs: behind the columns that there are, those traits that have none of their own. `to` has room for them
 * all, and text[TRAITS] is the caller's. */
static void
runs_traits(struct row_cell *to, const struct row_cell *row, int n, char **text, const struct run *r)
{
	memcpy(to, row, (size_t)n * sizeof *to);
	to += n;
	for (int i = 0; i < TRAITS; i++) {
		bool there = traits[i].figure != NULL;

		for (int k = 0; k < n && !there; k++)
			there = (row[k].in == 0 || (row[k].in & ROW_IN_CSV) != 0) &&
			    strcmp(row[k].name, traits[i].name) == 0;
		text[i] = there ? NULL : trait_of(&traits[i], r);
		if (!there)
			*to++ = (struct row_cell){traits[i].name, ROW_TEXT, .in = ROW_IN_CSV, .s = text[i]};
	}
}

void
runs_row(struct session *s, const struct run *r, const struct index_row *x, struct runs_look *l)
{
	static const char *const unknown[] = {"run", "threads", "cached"}; /* a record has them not */
	const struct epoch_record *last = run_figures(r);
	double seconds = run_seconds(r);
	const char *frozen = r->frozen[0] != '\0' ? r->frozen : NULL;
	const char *sha256 = r->sha256[0] != '\0' ? r->sha256 : NULL;
	const char *when = x != NULL && x->when[0] != '\0' ? x->when : NULL;
	char name[16], names[40], epochs[32];
	char *word = runs_frozen(s, r, !runs_left(s, l, "lr"));
	char *schedule = schedule_text(&r->schedule), *stop = r->goal_asked ? goal_text(&r->goal) : xstrdup("");
	char *rates = run_rates(r), *lr = runs_lr(r), *more_text[RUNS_MORE], each[16], *rest[TRAITS];
	char *tags = xstrdup(x != NULL && x->tags[0] != '\0' ? x->tags + 1 : "");
	json_t *event;

	if (tags[0] != '\0')
		tags[strlen(tags) - 1] = '\0';
	for (int i = 0; i < RUNS_MORE; i++)
		more_text[i] = i < l->nmore ? trait_said(l->more[i].of, r) : NULL;
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
		MORE(0), MORE(1), MORE(2), MORE(3), MORE(4), MORE(5),
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
	struct row_cell all[sizeof row / sizeof *row + TRAITS] = {0};

	runs_names(names, l, r);
	runs_epochs(epochs, r);
	snprintf(each, sizeof each, r->validate > 0 ? "%d" : "end", r->validate);
	runs_traits(all, row, (int)(sizeof row / sizeof *row) - 1, rest, r);
	row_part(s->out, "run", l->head, all);
	event = report_run_json(r);
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown && r->number == 0; i++)
		json_object_set_new(event, unknown[i], json_null());
	json_object_update_new(event, row_json(s->out, NULL, more));
	out_event(s->out, event);
	if (x != NULL && x->note[0] != '\0')
		out_text(s->out, "%*s%s", runs_name_width(l) + 1, "", x->note);
	l->head = false;
	if (r->changes != NULL && l->changed[0] == '\0')
		run_name(r, l->changed);
	for (int i = 0; i < RUNS_MORE; i++)
		free(more_text[i]);
	for (int i = 0; i < TRAITS; i++)
		free(rest[i]);
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
	char name[16], done[32], *word = runs_frozen(s, r, false), *rate = runs_lr(r);
	int epochs = runs_epochs(done, r), split = (int)strlen(r->split.name),
	    own = r->number > 0 ? (int)strlen(run_name(r, name)) : 0,
	    tags = x != NULL ? (int)strlen(x->tags) - 2 : 0, frozen = (int)strlen(word),
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

/* Whether a setting has no column of its own, and is no consequence of others: train tells of limit, and of another
 * optimizer other settings are expected. */
static bool
runs_is_more(const struct trait *t, bool optimizers)
{
	static const char *const shown[] = {"split", "frozen", "optimizer", "lr", "schedule", "epochs", "train",
	    "limit", "trainable", "epochs_done", "checkpoint", "kernels", "begun", "model", "changes"};
	static const char *const hyper[] = {"rho", "epsilon", "momentum", "beta_1", "beta_2"};
	bool more = t->figure == NULL;

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		more &= strcmp(shown[i], t->name) != 0;
	for (size_t i = 0; i < sizeof hyper / sizeof *hyper && optimizers; i++)
		more &= strcmp(hyper[i], t->name) != 0;
	return more;
}

/* How wide a column of a setting is. */
static int
runs_more_width(const struct trait *t, struct run *const *run, int n)
{
	int width = (int)strlen(t->name);
	bool number = true;

	for (int i = 0; i < n; i++) {
		char *text = trait_said(t, run[i]);
		int cells = ui_text_cells(text);

		width = cells > width ? cells : width;
		number &= text[strspn(text, "0123456789.e+-")] == '\0';
		free(text);
	}
	return number ? width : -width;
}

static void
runs_leave(struct runs_look *l, size_t i, int *n)
{
	if ((l->without >> i & 1) == 0)
		*n -= runs_leaving[i].width != RUNS_OWN ? runs_leaving[i].width : 1 + l->lr;
	l->without |= 1u << i;
}

static void
runs_unseen(struct runs_look *l, const char *name)
{
	str_add(&l->unseen, "%s%s", l->unseen.n > 0 ? ", " : "", name);
}

/* Takes the widest of the columns of what they differ in away, of equals the last. */
static void
runs_leave_more(struct runs_look *l, int *n)
{
	int at = 0;

	for (int i = 1; i < l->nmore; i++)
		if (abs(l->more[i].width) >= abs(l->more[at].width))
			at = i;
	runs_unseen(l, l->more[at].of->name);
	*n -= 1 + abs(l->more[at].width);
	l->nmore--;
	memmove(&l->more[at], &l->more[at + 1], (size_t)(l->nmore - at) * sizeof *l->more);
}

void
runs_fit(struct runs_look *l, struct run *const *run, int n, int width)
{
	/* the names, the split, what was frozen, and eight columns, with a blank before each */
	int cols = runs_name_width(l) + l->split + l->frozen + l->epochs + l->lr + 42 + 9 +
	    (l->kept ? 1 + (l->tags > 4 ? l->tags : 4) : 0);
	bool differs[sizeof runs_leaving / sizeof *runs_leaving] = {false};
	const size_t leaving = sizeof runs_leaving / sizeof *runs_leaving;

	for (const struct trait *t = traits; t < traits + TRAITS && n > 1; t++) {
		bool apart = t->figure == NULL && trait_differs(t, run, n);

		for (size_t i = 0; i < leaving; i++)
			differs[i] |= apart && strcmp(runs_leaving[i].name, t->name) == 0;
		if (!apart || !runs_is_more(t, differs[RUNS_OPTIMIZER]))
			continue;
		if (l->nmore == RUNS_MORE)
			runs_leave_more(l, &cols);
		l->more[l->nmore].of = t;
		l->more[l->nmore].width = runs_more_width(t, run, n);
		cols += 1 + abs(l->more[l->nmore++].width);
	}
	for (size_t i = 0; i < RUNS_ALIKE && cols > width; i++)
		if (!differs[i])
			runs_leave(l, i, &cols);
	while (l->nmore > 0 && cols > width)
		runs_leave_more(l, &cols);
	for (size_t i = 0; i < leaving && cols > width; i++) {
		if (differs[i])
			runs_unseen(l, runs_leaving[i].name);
		runs_leave(l, i, &cols);
	}
}

void
runs_differ(struct session *s, struct runs_look *l)
{
	if (l->unseen.s != NULL && s->out->mode == OUT_TABLE)
		out_note(s->out, "they differ also in %s, for which there is no room; `mode csv` in front shows all, "
		    "and `compare` some beside each other", l->unseen.s);
	if (l->changed[0] != '\0' && s->out->mode == OUT_TABLE)
		out_note(s->out, "* changed while it went on: `history %s` tells; it stands here as it began",
		    l->changed);
	free(l->unseen.s);
	l->unseen = (struct str){0};
}
