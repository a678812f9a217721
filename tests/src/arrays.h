/* arrays.h: archives of NumPy's arrays, as tests want them. */
#ifndef ARRAYS_H
#define ARRAYS_H

#include <stddef.h>

struct array {
	const char *name; /* of the member, "x.npy" */
	const char *type, *shape; /* as NumPy's header has them: "|u1", "3, 2" */
	const void *bytes; /* NULL: n of them, counted up */
	size_t n;
};

void arrays_write(const char *path, const struct array *a, int count);

#endif
