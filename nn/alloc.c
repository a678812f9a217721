/* alloc.c: aligned memory. */
#include "nn_int.h"

#include <stdlib.h>
#include <string.h>

void *
nn_alloc(size_t bytes)
{
	void *p;

	if (bytes > SIZE_MAX / 2 || posix_memalign(&p, NN_ALIGN, bytes == 0 ? NN_ALIGN : bytes) != 0)
		return NULL;
	return p;
}

void *
nn_zalloc(size_t bytes)
{
	void *p = nn_alloc(bytes);

	if (p != NULL)
		memset(p, 0, bytes);
	return p;
}
