/* zip_write.h: writes ZIP archives of stored members, without times: the same bytes each time. */
#ifndef ZIP_WRITE_H
#define ZIP_WRITE_H

#include "util/err.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct zip_part {
	const void *p;
	size_t n;
};

struct zip_writer {
	FILE *f;
	uint64_t at;
	size_t n;
	struct zip_written *member;
};

/* A member made of two parts. A write error shows in the stream. -1 with a sentence: the archive is too large. */
int zip_write(struct zip_writer *z, const char *name, struct zip_part a, struct zip_part b, struct err *e);
/* The directory; frees what z holds, also where something failed before. */
int zip_write_end(struct zip_writer *z, struct err *e);

#endif
