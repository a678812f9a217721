/* err.c: the sentence that an error is. */
#include "util/err.h"

#include "util/text.h"

#include <stdio.h>

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
