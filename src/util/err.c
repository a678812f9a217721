/* err.c: the sentence that an error is. */
#include "util/err.h"

#include "nn/nn.h"
#include "util/lack.h"
#include "util/text.h"

#include <stdio.h>
#include <string.h>

int
fail_v(struct err *e, const char *fmt, va_list ap)
{
	char text[sizeof e->text]; /* e->text may be one of the arguments */

	if (e == NULL)
		return -1;
	vsnprintf(text, sizeof text, fmt, ap);
	text_show(e->text, sizeof e->text, text);
	if (e->status == 0)
		e->status = 1;
	return -1;
}

int
fail(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_v(e, fmt, ap);
	va_end(ap);
	return -1;
}

/* ---- what the machine has not given ---- */

int
fail_memory(struct err *e, const char *fmt, ...)
{
	struct err why = {0};
	va_list ap;

	va_start(ap, fmt);
	fail_v(&why, fmt, ap);
	va_end(ap);
	return fail(e, "%s; %s", why.text, lack_memory_way());
}

int
fail_nn(struct err *e, const struct nn_err *why)
{
	const char *way = why->lack == NN_LACK_MEMORY ? lack_memory_way() : why->lack == NN_LACK_THREADS ?
	    lack_thread_way() : NULL;

	return way == NULL ? fail(e, "%s", why->text) : fail(e, "%s%s%s", why->text, strchr(why->text, ';') != NULL ?
	    ", or " : "; ", way);
}
