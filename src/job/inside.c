/* inside.c: watches the inside of a net, also while a run goes on: its worker looks between two batches. */
#include "job/inside.h"

#include "job/job_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is watched ---- */

static size_t
inside_size(const struct inside_of *of)
{
	return of->pixels != NULL ? nn_shape_size(of->shape) : 0;
}

bool
inside_of_copy(struct inside_of *to, const struct inside_of *from)
{
	size_t n = inside_size(from);
	uint8_t *copy = NULL;

	*to = *from;
	if (n > 0 && (copy = malloc(n)) == NULL) {
		*to = (struct inside_of){.kernel = -1, .output = -1};
		return false;
	}
	if (n > 0)
		to->pixels = memcpy(copy, from->pixels, n);
	return true;
}

bool
inside_of_equal(const struct inside_of *a, const struct inside_of *b)
{
	size_t n = inside_size(a);

	return a->kernel == b->kernel && a->output == b->output && n == inside_size(b) &&
	    (n == 0 || memcmp(a->pixels, b->pixels, n) == 0);
}

void
inside_of_free(struct inside_of *of)
{
	free((void *)of->pixels);
	*of = (struct inside_of){.kernel = -1, .output = -1};
}

/* ---- what is seen ---- */

static bool
inside_kernel(struct inside *i, struct nn_net *net, int layer)
{
	const struct nn_layer *l = layer >= 0 && layer < nn_net_count(net) ? nn_net_layer(net, layer) : NULL;
	const struct nn_tensor *t = l != NULL && l->ntensors > 0 ? &l->tensor[0] : NULL;

	if (t == NULL)
		return true;
	if ((i->kernel = malloc(t->count * sizeof *i->kernel)) == NULL)
		return false;
	memcpy(i->kernel, nn_net_weights(net) + t->offset, t->count * sizeof *i->kernel);
	return true;
}

static bool
inside_output(struct inside *i, struct nn_net *net, struct nn_engine *eng, const struct inside_of *of)
{
	struct nn_images image = {.pixels = of->pixels, .shape = of->shape, .count = 1};
	uint32_t first = 0;
	struct nn_set set = {.images = &image, .index = &first, .count = 1};
	struct nn_err ignored;
	size_t n;

	if (of->pixels == NULL || of->output < 0 || of->output >= nn_net_count(net))
		return true;
	n = nn_shape_size(nn_net_layer(net, of->output)->out);
	return (i->output = malloc(n * sizeof *i->output)) != NULL &&
	    nn_forward(net, eng, &set, of->output, i->output, &ignored) == 0;
}

struct inside *
inside_see(struct nn_net *net, struct nn_engine *eng, const struct inside_of *of)
{
	struct inside *i = calloc(1, sizeof *i);

	if (i == NULL || (inside_kernel(i, net, of->kernel) && inside_output(i, net, eng, of)))
		return i;
	inside_free(i);
	return NULL;
}

void
inside_free(struct inside *i)
{
	if (i == NULL)
		return;
	free(i->kernel);
	free(i->output);
	free(i);
}

/* ---- between the threads ---- */

static const struct inside_of nothing = {.kernel = -1, .output = -1};

void
job_watch(struct worker *w, const struct inside_of *of)
{
	struct job *j = w->job;
	struct inside_of mine, theirs, before;

	of = of != NULL ? of : &nothing;
	if ((w->watches > 0 && inside_of_equal(of, &w->watched)) || !inside_of_copy(&mine, of))
		return;
	inside_of_free(&w->watched);
	w->watched = mine;
	w->watches++;
	inside_free(w->inside);
	w->inside = NULL;
	if (j == NULL || !inside_of_copy(&theirs, of))
		return;
	pthread_mutex_lock(&j->lock);
	before = j->watched;
	j->watched = theirs;
	j->watches = w->watches;
	pthread_mutex_unlock(&j->lock);
	inside_of_free(&before);
}

const struct inside *
job_inside(const struct worker *w, uint64_t *version)
{
	*version = w->insides;
	return w->inside;
}

void
job_see(struct job *j, struct nn_net *net, struct nn_engine *eng, const struct job_live *live)
{
	struct inside_of of = nothing;
	struct inside *seen = NULL;
	uint64_t watches;
	bool asked;

	pthread_mutex_lock(&j->lock);
	watches = j->watches;
	asked = watches > 0 && j->inside == NULL && (j->watched.kernel >= 0 || j->watched.output >= 0) &&
	    inside_of_copy(&of, &j->watched); /* not before the last one has been taken */
	pthread_mutex_unlock(&j->lock);
	if (asked)
		seen = inside_see(net, eng, &of);
	inside_of_free(&of);
	if (seen == NULL)
		return;
	seen->epoch = live->epoch;
	seen->step = live->step;
	pthread_mutex_lock(&j->lock);
	j->inside = seen;
	j->inside_of = watches;
	pthread_mutex_unlock(&j->lock);
}
