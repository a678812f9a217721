/* rates.c: what losses were at learning rates that grew. */
#include "past/rates.h"

#include <stdio.h>
#include <stdlib.h>

bool
rates_newest(const struct rates *x, int last)
{
	return x->n > 0 && !x->away && x->behind == last;
}

char *
rates_text(const struct rates *x, char buf[32])
{
	buf[0] = '\0';
	if (x->suggested >= 0)
		snprintf(buf, 32, "%.2g", x->point[x->suggested].lr);
	return buf;
}

void
rates_free(struct rates *x)
{
	free(x->note);
	free(x->point);
	*x = (struct rates){0};
}
