/* turn.c: the rates of a run that were changed while it went on. */
#include "past/turn.h"

#include "past/run.h"
#include "util/xmalloc.h"

#include <string.h>

void
turn_add(struct turn **list, int *n, const struct turn *x)
{
	if (*n == 0 || (*list)[*n - 1].epoch != x->epoch)
		*list = xrealloc(*list, (size_t)++*n, sizeof **list);
	(*list)[*n - 1] = *x;
}

/* Those that it began with. */
static struct turn
turn_first(const struct run *r)
{
	struct turn x = {.lr = r->config.lr, .schedule = r->schedule};

	memcpy(x.layer_lr, r->config.layer_lr, sizeof x.layer_lr);
	return x;
}

struct turn
turn_last(const struct run *r)
{
	return r->nturn > 0 ? r->turn[r->nturn - 1] : turn_first(r);
}

double
turn_lr(const struct run *r, int epoch)
{
	uint64_t steps = run_steps(r);
	struct turn x = turn_first(r);

	for (int i = 0; i < r->nturn && r->turn[i].epoch <= epoch; i++)
		x = r->turn[i];
	return x.lr * schedule_factor(&x.schedule, (uint32_t)epoch, (uint64_t)epoch * steps,
	    (uint64_t)r->epochs * steps);
}

bool
turn_varies(const struct run *r)
{
	bool varies = r->schedule.kind != SCHEDULE_NONE;

	for (int i = 0; i < r->nturn && r->turn[i].epoch < r->epochs; i++)
		varies |= r->turn[i].lr != r->config.lr || r->turn[i].schedule.kind != SCHEDULE_NONE;
	return varies;
}
