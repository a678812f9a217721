/* undo_point.c: lets go of a model as it was. */
#include "past/undo_point.h"

#include <stdlib.h>

void
undo_point_free(struct undo_point *p)
{
	if (p == NULL)
		return;
	free(p->command);
	free(p->build);
	weights_free(p->weights);
	free(p);
}
