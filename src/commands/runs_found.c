/* runs_found.c: the runs that were found as lines, and what of the store cannot be read. */
#include "commands/runs.h"

#include "data/data.h"
#include "file/record.h"
#include "session/made.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* A row as a run. */
struct found {
	struct run *run; /* NULL: it cannot be had */
	bool mine; /* it is the session's own; else it was read */
};

/* What could not be read; the first of it by its name, with why. */
struct unread {
	size_t n;
	char *first;
};

static void
unread_add(struct unread *u, const char *hash, const char *why)
{
	if (u->n++ == 0)
		u->first = index_unread_name(hash, false, why);
}

static struct run *
found_read(const struct index_row *x, struct err *why)
{
	json_t *about = out_pack("{s:o}", "seconds", out_num(x->seconds));
	struct run *r = record_read(x->head, about, why);

	if (r != NULL) {
		r->number = 0;
		snprintf(r->record, sizeof r->record, "%s", x->id);
	}
	json_decref(about);
	return r;
}

/* The index has read a record when it came; what has become of its file since is looked at when it is shown. */
static struct found
found_of(struct session *s, const struct index_row *x, struct unread *u)
{
	struct found f = {NULL, true};
	struct err why = {0};
	char name[16], *text = store_is_hash(x->id) ? store_look(&s->store, x->id, &why) : xstrdup("");

	for (int i = 0; i < s->runs.n && f.run == NULL; i++)
		if (strcmp(s->runs.list[i]->record, x->id) == 0 || strcmp(run_name(s->runs.list[i], name), x->id) == 0)
			f.run = s->runs.list[i];
	if (f.run == NULL && why.text[0] == '\0') {
		f.mine = false;
		f.run = found_read(x, &why);
	}
	if (why.text[0] != '\0')
		unread_add(u, x->id, why.text);
	free(text);
	return f;
}

/* Once, and again when there are more. */
static void
unread_say(struct session *s, const struct unread *u)
{
	if (u->n > s->store.unread)
		out_warn(s->out, "%zu record%s in %s cannot be read: %s; %s", u->n, u->n == 1 ? "" : "s", s->store.dir,
		    u->first, u->n == 1 ? "it stays as it is" : "they stay as they are");
	s->store.unread = u->n;
}

size_t
runs_found(struct session *s, struct index *x, const struct index_answer *a)
{
	struct found *found = xcalloc(a->n + 1, sizeof *found);
	struct run **run = xcalloc(a->n + 1, sizeof *run);
	struct runs_look look = {.split = 5, .tags = 1, .kept = s->store.dir != NULL, .head = true};
	struct unread u = {0};
	struct err ignored = {0};
	size_t shown = 0, total;
	char n[32], all[32];

	/* what features are, for the column of what was frozen */
	if (a->n > 0 && s->model.net == NULL && s->worker.job == NULL && strcmp(s->data.name, DATA_BUNDLED) == 0)
		session_net(s, &ignored);
	index_unread(x, &u.n, &u.first, &ignored);
	for (size_t i = 0; i < a->n; i++)
		if ((found[i] = found_of(s, &a->row[i], &u)).run != NULL) {
			runs_widths(s, &look, found[i].run, &a->row[i]);
			run[shown++] = found[i].run;
		}
	runs_fit(&look, run, (int)shown, s->out->width);
	free(run);
	for (size_t i = 0; i < a->n; i++) {
		if (found[i].run != NULL)
			runs_row(s, found[i].run, &a->row[i], &look);
		if (found[i].run != NULL && !found[i].mine)
			run_free(found[i].run);
	}
	runs_differ(s, &look);
	total = a->total - (a->n - shown);
	if (shown < total)
		out_note(s->out, "%s of %s runs; n=%zu shows all", text_count(n, shown), text_count(all, total),
		    a->total);
	unread_say(s, &u);
	free(u.first);
	free(found);
	return shown;
}
