/* regime.c: what `train` is asked beside its settings: when it scores, when it ends, and what stays. */
#include "commands/regime.h"

#include "file/format.h"
#include "util/num.h"
#include "util/place.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

static int
regime_validate(const struct cmd_value *v, struct run *r, struct err *e)
{
	int64_t n;

	r->validate = 1;
	if (v == NULL)
		return 0;
	if (strcmp(v->text, "end") == 0)
		r->validate = 0;
	else if (num_read_int(v->text, &n) == NUM_OK && n >= 1 && n <= 100000)
		r->validate = (int)n;
	else
		return fail_at(e, v, "\"%.40s\" says not when to score the test images; write validate=end, or "
		    "validate=5 for every 5 epochs", v->text);
	return 0;
}

/* best:FILE */
static int
regime_checkpoint(const struct cmd_value *v, struct run *r, struct err *e)
{
	if (v == NULL)
		return 0;
	if (strncmp(v->text, "best:", 5) != 0 || v->text[5] == '\0')
		return fail_at(e, v, "\"%.40s\" names no checkpoint; write checkpoint=best:FILE.safetensors", v->text);
	if (file_format_to_save(v->text + 5, FILE_CHECKPOINT, e) == NULL || place_refused(v->text + 5, true, e))
		return err_at(e, v);
	free(r->checkpoint);
	r->checkpoint = xstrdup(v->text + 5);
	r->foreign = false;
	return 0;
}

/* A goal is of a figure that there is. */
static int
regime_goal(const struct cmd_args *a, struct run *r, bool watched, struct err *e)
{
	const struct cmd_value *stop = args_key(a, "stop");

	if (stop == NULL) {
		if (r->checkpoint != NULL) /* the monitor of Keras' ModelCheckpoint */
			r->goal = (struct goal){.metric = "val_loss"};
		return 0;
	}
	if (goal_parse(stop->text, &r->goal, e) < 0)
		return err_at(e, stop);
	r->goal_asked = true;
	if (goal_is(&r->goal, "watch_") && !watched)
		return fail_at(e, stop, "%s is of a split that is watched; name it, as in watch=gte5", r->goal.metric);
	if (r->validate == 0 && (goal_is(&r->goal, "watch_") || goal_is(&r->goal, "val_")))
		return fail_at(e, stop, "%s is known at the end alone by validate=end; leave that out, or take "
		    "validate=5", r->goal.metric);
	return 0;
}

int
regime_read(const struct cmd_args *a, struct run *r, struct err *e)
{
	const struct cmd_value *by = args_key(a, "by");
	bool watched = args_key(a, "watch") != NULL;

	r->by_batch = by != NULL && strcmp(by->text, "batch") == 0;
	if (r->by_batch && !watched)
		return fail_at(e, by, "by=batch says when a split is watched; name it, as in watch=gte5");
	if (regime_validate(args_key(a, "validate"), r, e) < 0 ||
	    regime_checkpoint(args_key(a, "checkpoint"), r, e) < 0)
		return -1;
	return regime_goal(a, r, watched, e);
}

int
regime_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct runs none = {0};
	struct run *r = run_new(&none);
	int rc = regime_read(a, r, e);

	run_free(r);
	return rc;
}

int
regime_keep(struct session *s, const char *path, struct err *e)
{
	const struct file_format *format = file_format_to_save(path, FILE_CHECKPOINT, e);
	bool pick[NN_LAYERS_MAX];

	if (format == NULL)
		return -1;
	memset(pick, true, sizeof pick);
	return file_save(s, path, format->session ? pick : NULL, FILE_CHECKPOINT, e) < 0 ? -1 : 0;
}

int
regime_resume(struct session *s, const struct cmd_args *a, struct run *r, struct err *e)
{
	if (regime_checkpoint(args_key(a, "checkpoint"), r, e) < 0)
		return -1;
	if (r->goal.metric == NULL && r->checkpoint != NULL)
		r->goal = (struct goal){.metric = "val_loss"};
	if (r->foreign && r->checkpoint != NULL)
		out_note(s->out, "r%d comes from a file, on whose word no other file is written: its checkpoint stays "
		    "as it is (`resume checkpoint=best:%s` writes it)", r->number, r->checkpoint);
	return 0;
}
