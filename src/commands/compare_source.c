/* compare_source.c: the weights whose features `compare modes` takes: after a run, of a snapshot, or as they are. */
#include "commands/compare.h"
#include "session/made.h"
#include "session/point.h"

#include <string.h>

/* The last run of other digits, of those whose weights are kept where there are any. NULL: none */
static const struct run *
source_run(const struct session *s, const struct split *split)
{
	const struct run *lost = NULL;

	for (int i = s->runs.n - 1; i >= 0; i--) {
		const struct run *r = s->runs.list[i];

		if (split_alike(&r->split, split))
			continue;
		if (r->weights != NULL)
			return r;
		lost = lost == NULL ? r : lost;
	}
	return lost;
}

/* What the weights of a named point were trained on; NULL with a sentence, which may point at nothing. */
static const struct split *
source_split(struct session *s, const char *point, struct err *e)
{
	const struct snapshot *p;
	const struct run *r;

	if (strcmp(point, "init") == 0) {
		fail(e, "the weights that the seed gives have learned nothing; modes=random takes such features, and "
		    "from=now those of the model as it is");
		return NULL;
	}
	if (strcmp(point, "now") == 0)
		return &s->model.trained;
	if (point[0] == '@')
		return (p = point_snapshot(s, point, e)) != NULL ? &p->was->trained : NULL;
	return (r = runs_find(&s->runs, point, e)) != NULL ? &r->split : NULL;
}

float *
compare_source(struct session *s, const char *point, const struct split *split, char *said, size_t size, struct err *e)
{
	const struct run *r = point == NULL ? source_run(s, split) : NULL;
	const struct split *of;
	char name[16];

	if (point == NULL && r == NULL) {
		fail(e, "there is no run of other digits whose features could be taken; train one first, as in "
		    "`train %s`, or leave them out: modes=scratch,random,selffer; from=now takes those of the model as "
		    "it is", split_has(split, 0) ? "gte5" : "lt5");
		return NULL;
	}
	if (r != NULL && r->former == NULL && (r->weights == NULL || r->params != nn_net_params(s->model.net))) {
		fail(e, "the weights after r%d, which trained %.40s, are not kept: the model has changed since, or was "
		    "loaded; from=now takes the features of the model as it is", r->number, r->split.name);
		return NULL;
	}
	if (r != NULL) {
		snprintf(name, sizeof name, "r%d", r->number);
		point = name;
	}
	if ((of = source_split(s, point, e)) == NULL)
		return NULL;
	snprintf(said, size, of->kind != SPLIT_NONE ? "%.41s (%.40s)" : "%.41s", point, of->name);
	return point_weights(s, point, e);
}
