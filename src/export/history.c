/* history.c: a run's epochs as CSV, the file that Keras' CSVLogger writes, and as JSON. */
#include "config.h"
#include "export/export.h"
#include "file/record.h"
#include "session/made.h"
#include "train/report.h"
#include "util/num.h"

#include <math.h>
#include <stdlib.h>

/* The run of the operands, else the last one. NULL with a sentence. */
static struct run *
history_run(struct session *s, const struct export_request *r, struct err *e)
{
	struct run *run = runs_last(&s->runs);

	for (int i = 0; i < r->n; i++) {
		const char *text = r->operand[i]->text;

		if (i > 0 || !export_is_run(text)) {
			export_unknown(r, r->operand[i], e);
			return NULL;
		}
		if ((run = record_find(s, text, e)) == NULL) {
			err_at(e, r->operand[i]);
			return NULL;
		}
	}
	if (run == NULL)
		session_no_run(s, e);
	return run;
}

static void
history_said(struct export_request *r, const struct run *run)
{
	char name[16];

	snprintf(r->said, sizeof r->said, "%s, %d epoch%s", run_name(run, name), run->nepoch,
	    run->nepoch == 1 ? "" : "s");
}

static int
csv_write(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	const struct run *run = history_run(s, r, e);
	bool watch = run != NULL && run->watch.kind != SPLIT_NONE;
	bool rate = run != NULL && turn_varies(run);
	char a[32];

	if (run == NULL)
		return -1;
	fprintf(f, "epoch,accuracy,loss,val_accuracy,val_loss%s%s\r\n", watch ? ",watch_accuracy,watch_loss" : "",
	    rate ? ",lr" : "");
	for (int i = 0; i < run->nepoch; i++) {
		const struct epoch_record *x = &run->epoch[i];
		const double value[] = {x->accuracy, x->loss, x->val_accuracy, x->val_loss, x->watch_accuracy,
		    x->watch_loss};

		fprintf(f, "%d", i);
		for (int k = 0; k < (watch ? 6 : 4); k++)
			fprintf(f, ",%s", isnan(value[k & ~1]) ? "NA" : num_text(a, value[k]));
		if (rate)
			fprintf(f, ",%s", num_text(a, turn_lr(run, i)));
		fputs("\r\n", f);
	}
	history_said(r, run);
	return 0;
}

const struct exporter export_csv = {
	.format = "csv",
	.operands = "[rN or HASH]",
	.what = "the epochs of a run, as Keras' CSVLogger writes them, with lr where it changed",
	.file = "thaw-r%d.csv",
	.write = csv_write,
};

static json_t *
history_series(const struct run *run, size_t member)
{
	json_t *list = json_array();

	for (int i = 0; i < run->nepoch; i++)
		json_array_append_new(list, out_num(*(const double *)((const char *)&run->epoch[i] + member)));
	return list;
}

static json_t *
history_rates(const struct run *run)
{
	json_t *list = json_array();

	for (int i = 0; i < run->nepoch; i++)
		json_array_append_new(list, out_num(turn_lr(run, i)));
	return list;
}

/* What was watched before the first batches: [batches, accuracy, loss]. */
static json_t *
history_watched(const struct run *run)
{
	json_t *list = json_array();

	for (int i = 0; i < run->nwatched; i++)
		json_array_append_new(list, out_pack("[i, o, o]", i, out_num_float(run->watched[i].accuracy),
		    out_num_float(run->watched[i].loss)));
	return list;
}

static int
json_write(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	static const char *const unknown[] = {"run", "threads", "cached"}; /* a record has them not */
	const struct run *run = history_run(s, r, e);
	json_t *top, *history, *sums;
	struct err why = {0};
	char *text;

	if (run == NULL)
		return -1;
	history = out_pack("{s:o, s:o, s:o, s:o}", "accuracy", history_series(run,
	    offsetof(struct epoch_record, accuracy)), "loss", history_series(run, offsetof(struct epoch_record, loss)),
	    "val_accuracy", history_series(run, offsetof(struct epoch_record, val_accuracy)), "val_loss",
	    history_series(run, offsetof(struct epoch_record, val_loss)));
	if (turn_varies(run))
		json_object_set_new(history, "lr", history_rates(run));
	if (run->watch.kind != SPLIT_NONE) {
		json_object_set_new(history, "watch_accuracy", history_series(run,
		    offsetof(struct epoch_record, watch_accuracy)));
		json_object_set_new(history, "watch_loss", history_series(run,
		    offsetof(struct epoch_record, watch_loss)));
	}
	if (run->by_batch)
		json_object_set_new(history, "watched", history_watched(run));
	top = report_run_json(run);
	json_object_del(top, "event");
	json_object_set_new(top, "version", out_string(PACKAGE_VERSION)); /* of the thaw that writes this */
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown && run->number == 0; i++)
		json_object_set_new(top, unknown[i], json_null());
	if (!s->set.timing) /* which no result depends on, as in a file of the session */
		json_object_set_new(top, "threads", json_null());
	json_object_set_new(top, "interrupted", json_boolean(run->interrupted));
	json_object_set_new(top, "seconds", out_seconds(s->out, run->seconds));
	json_object_set_new(top, "begun", run->begun[0] != '\0' ? out_string(run->begun) : json_null());
	json_object_set_new(top, "weights", run->sha256[0] != '\0' ? out_string(run->sha256) : json_null());
	json_object_set_new(top, "sha256", sums = record_sha256(s, run, &why));
	if (json_is_null(sums))
		out_note(s->out, "sha256 is null: %s", why.text);
	json_object_set_new(top, "history", history);
	text = out_json_text(top);
	fprintf(f, "%s\n", text);
	free(text);
	json_decref(top);
	history_said(r, run);
	return 0;
}

const struct exporter export_json = {
	.format = "json",
	.operands = "[rN or HASH]",
	.what = "a run with its settings, its model, the SHA-256 of its data (null where a file brought the run) and "
	    "weights, and its epochs, as one object, with the version of thaw that writes it",
	.file = "thaw-r%d.json",
	.write = json_write,
};
