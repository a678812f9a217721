/* err.c: the sentence that an error is. */
#include "nn_int.h"

#include <stdarg.h>
#include <stdio.h>

static int
err_fill(struct nn_err *err, enum nn_lack lack, const char *fmt, va_list ap)
{
	if (err != NULL) {
		vsnprintf(err->text, sizeof err->text, fmt, ap);
		err->lack = lack;
	}
	return -1;
}

int
nn_fail(struct nn_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_fill(err, NN_LACK_NOTHING, fmt, ap);
	va_end(ap);
	return -1;
}

int
nn_lacks(struct nn_err *err, enum nn_lack lack, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_fill(err, lack, fmt, ap);
	va_end(ap);
	return -1;
}

/* Only a batch that is trained on is the user's, and a smaller one than a chunk takes as much. */
int
nn_plan_lacks(const struct nn_plan *plan, struct nn_err *err)
{
	if (!plan->train)
		return nn_lacks(err, NN_LACK_MEMORY,
		    "out of memory to evaluate %d image%s at once; use fewer filters or units", plan->asked,
		    plan->asked == 1 ? "" : "s");
	return nn_lacks(err, NN_LACK_MEMORY, "out of memory to train on a batch of %d; use %s", plan->asked,
	    plan->batch > NN_CHUNK ? "a smaller batch" : "fewer filters or units");
}
