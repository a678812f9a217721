/* rates.c: rates that are changed while a run goes on, in words for its record. */
#include "train/trainer_int.h"

#include "util/xmalloc.h"

#include <stdlib.h>

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
}
