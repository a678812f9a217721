/* rates.c: rates that are changed while a run goes on, in words for its record. */
#include "train/trainer_int.h"

#include "past/left.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

void
trainer_lr_now(struct trainer *t, const struct turn *x)
{
	t->config.lr = x->lr;
	memcpy(t->config.layer_lr, x->layer_lr, sizeof x->layer_lr);
	t->schedule = x->schedule;
}

void
trainer_lr_did(struct trainer *t, int epoch, uint32_t batch)
{
	char *before = t->lr_did;

	if (t->lr_said != NULL) {
		t->lr_did = xasprintf("%s%sepoch %d, batch %u: %s", before != NULL ? before : "", before != NULL ?
		    "; " : "", epoch, batch, t->lr_said);
		free(before);
	}
	free(t->lr_said);
	t->lr_said = NULL;
	t->lr_asked = false;
	t->lr.epoch = batch > 1 ? epoch : epoch - 1;
	turn_add(&t->turned, &t->nturned, &t->lr);
}

void
trainer_lr_settle(struct trainer *t)
{
	uint32_t batch;
	int epoch;

	if (t->lr_asked && t->run->interrupted && run_left_at(t->run, &epoch, &batch))
		trainer_lr_did(t, epoch, batch);
	trainer_lr_take(t);
}

void
trainer_lr_take(struct trainer *t)
{
	for (int i = 0; i < t->nturned; i++)
		turn_add(&t->run->turn, &t->run->nturn, &t->turned[i]);
	free(t->turned);
	t->turned = NULL;
	t->nturned = 0;
	if (t->lr_did != NULL)
		run_change(t->run, t->lr_did);
	free(t->lr_did);
	t->lr_did = NULL;
}
