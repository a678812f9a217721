/* index_int.h: what the files of the index share. */
#ifndef INDEX_INT_H
#define INDEX_INT_H

#include "past/index.h"
#include "past/index_sqlite.h"

struct index {
	struct sql *q;
	const struct store *st;
	json_t *(*head)(const char *text);
};

#endif
