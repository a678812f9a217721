/* err.c: the sentence that an error is. */
#include "nn.h"

#include <stdarg.h>
#include <stdio.h>

int
nn_fail(struct nn_err *err, const char *fmt, ...)
{
	va_list ap;

	if (err != NULL) {
		va_start(ap, fmt);
		vsnprintf(err->text, sizeof err->text, fmt, ap);
		va_end(ap);
	}
	return -1;
}
