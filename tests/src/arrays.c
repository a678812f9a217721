/* arrays.c: archives of NumPy's arrays, as tests want them. */
#include "tests/src/arrays.h"

#include "util/zip_write.h"

#include <check.h>
#include <string.h>

void
arrays_write(const char *path, const struct array *a, int count)
{
	FILE *f = fopen(path, "w");
	struct zip_writer z = {.f = f};
	struct err e = {0};
	static char bytes[4096];

	ck_assert_ptr_nonnull(f);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)i;
	for (int i = 0; i < count; i++) {
		char head[256] = "\x93NUMPY\1";

		ck_assert(a[i].bytes != NULL || a[i].n <= sizeof bytes);
		snprintf(head + 10, sizeof head - 10, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }\n", a[i].type, a[i].shape);
		head[8] = (char)strlen(head + 10);
		ck_assert_int_eq(zip_write(&z, a[i].name, (struct zip_part){head, 10 + strlen(head + 10)},
		    (struct zip_part){a[i].bytes != NULL ? a[i].bytes : bytes, a[i].n}, &e), 0);
	}
	ck_assert_int_eq(zip_write_end(&z, &e), 0);
	ck_assert_int_eq(fclose(f), 0);
}
