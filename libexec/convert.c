/* convert.c: what both ways need: bytes that grow, and a phrase that says what is wrong. */
#include "libexec/convert.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
hdf5_fail(char why[HDF5_WHY], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, HDF5_WHY, fmt, ap);
	va_end(ap);
	for (char *c = why; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return -1;
}

int
hdf5_add(struct hdf5_bytes *b, const void *p, size_t n, char why[HDF5_WHY])
{
	if (n > b->room - b->n) {
		size_t room = b->room + b->room / 2 + n;
		uint8_t *more = room < n ? NULL : realloc(b->p, room);

		if (more == NULL)
			return hdf5_fail(why, "takes more memory than there is");
		b->p = more;
		b->room = room;
	}
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	return 0;
}
