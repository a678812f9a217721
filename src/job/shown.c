/* shown.c: keeps the predictions of the images that are on the screen. */
#include "job/job_int.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

void
job_show(struct worker *w, const uint32_t *index, size_t n)
{
	struct job *j = w->job;

	if (n == w->nshow && (n == 0 || memcmp(index, w->show, n * sizeof *index) == 0))
		return;
	free(w->show);
	w->show = n > 0 ? memcpy(xmalloc(n * sizeof *index), index, n * sizeof *index) : NULL;
	w->nshow = n;
	w->show_version++;
	free(w->shown);
	w->shown = NULL;
	if (j == NULL)
		return;
	pthread_mutex_lock(&j->lock);
	free(j->show);
	j->show = n > 0 ? memcpy(xmalloc(n * sizeof *index), index, n * sizeof *index) : NULL;
	j->nshow = n;
	j->show_version = w->show_version;
	pthread_mutex_unlock(&j->lock);
}

const float *
job_shown(const struct worker *w, uint64_t *version)
{
	if (version != NULL)
		*version = w->shown_version;
	return w->shown;
}
