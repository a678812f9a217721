/* schedule.c: how the rate changes in the course of a run: as Keras' CosineDecay, or by a factor after some epochs. */
#include "past/schedule.h"

#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
schedule_step(const char *p, struct schedule *x)
{
	const char *comma = strchr(p, ',');
	char *every = comma != NULL ? xstrndup(p, (size_t)(comma - p)) : NULL;
	int64_t n = 0;
	int rc = -1;

	if (comma != NULL && num_read_int(every, &n) == NUM_OK && n >= 1 && n <= 100000 &&
	    num_read_real(comma + 1, &x->factor) == NUM_OK && x->factor > 0 && x->factor <= 1000)
		rc = 0;
	x->kind = SCHEDULE_STEP;
	x->every = (int)n;
	free(every);
	return rc;
}

int
schedule_parse(const char *text, struct schedule *x, struct err *e)
{
	*x = (struct schedule){0};
	if (strncmp(text, "step=", 5) == 0 && schedule_step(text + 5, x) == 0)
		return 0;
	if (strcmp(text, "cosine") == 0 || (strncmp(text, "cosine=", 7) == 0 &&
	    num_read_real(text + 7, &x->factor) == NUM_OK && x->factor >= 0 && x->factor <= 1)) {
		x->kind = SCHEDULE_COSINE;
		return 0;
	}
	*x = (struct schedule){0};
	return fail(e, "behind lr=RATE: stands step=EPOCHS,FACTOR, as in lr=1.0:step=2,0.5, or cosine, not \"%.40s\"",
	    text);
}

char *
schedule_text(const struct schedule *x)
{
	char factor[32];

	num_text(factor, x->factor);
	if (x->kind == SCHEDULE_STEP)
		return xasprintf("step=%d,%s", x->every, factor);
	if (x->kind == SCHEDULE_COSINE)
		return x->factor > 0 ? xasprintf("cosine=%s", factor) : xstrdup("cosine");
	return xstrdup("");
}

double
schedule_factor(const struct schedule *x, uint32_t epoch, uint64_t step, uint64_t steps)
{
	double part;

	if (x->kind == SCHEDULE_STEP)
		return pow(x->factor, (double)(epoch / (uint32_t)x->every));
	if (x->kind != SCHEDULE_COSINE || steps == 0)
		return 1;
	part = fmin((double)step / (double)steps, 1);
	return (1 - x->factor) * 0.5 * (1 + cos(M_PI * part)) + x->factor;
}
