/* run.c: the records of runs: made, kept, let go of. */
#include "trainer.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

struct run *
run_new(struct session *s)
{
	struct run *r = xcalloc(1, sizeof *r), *last = session_run_last(s);

	r->number = last != NULL ? last->number + 1 : 1;
	r->kernels = xstrdup("");
	r->frozen = xstrdup("");
	return r;
}

void
run_free(struct run *r)
{
	int k;

	if (r == NULL)
		return;
	free(r->kernels);
	free(r->frozen);
	free(r->changes);
	free(r->epoch);
	free(r->batch);
	free(r->weights);
	free(r->before);
	for (k = 0; k < NN_SLOTS_MAX; k++)
		free(r->slot[k]);
	free(r);
}

#define RUN_WEIGHTS_KEPT 16

void
run_add(struct session *s, struct run *r)
{
	struct run *last = session_run_last(s);
	int k;

	if (last != NULL) {
		free(last->before);
		last->before = NULL;
		for (k = 0; k < NN_SLOTS_MAX; k++) {
			free(last->slot[k]);
			last->slot[k] = NULL;
		}
	}
	if (s->nruns >= RUN_WEIGHTS_KEPT) {
		free(s->runs[s->nruns - RUN_WEIGHTS_KEPT]->weights);
		s->runs[s->nruns - RUN_WEIGHTS_KEPT]->weights = NULL;
	}
	s->runs = xrealloc(s->runs, s->nruns + 1, sizeof *s->runs);
	s->runs[s->nruns++] = r;
}
