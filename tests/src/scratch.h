/* scratch.h: a folder that a test fills and that is gone behind it. */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fixtures: make a folder under the working directory and go there; leave and remove it with all that it holds. */
void scratch_setup(void);
void scratch_teardown(void);

void scratch_write(const char *name, const void *p, size_t n);
uint8_t *scratch_read(const char *name, size_t *n); /* the caller's to free; NULL when there is no such file */
int scratch_files(void); /* files in the folder */

/* A data set in a new folder: four IDX files, packed or not, each of 20 pictures of 8x8, of which number i is of class i % 10. */
void scratch_digits(const char *dir, bool packed);

/* n bytes as a gzip stream; the caller's to free. */
uint8_t *scratch_gzip(const void *p, size_t n, size_t *out);

#endif
