/* npy.h: an array of NumPy as a member of a ZIP archive (.npz is an archive of them). */
#ifndef NPY_H
#define NPY_H

#include "util/zip.h"

#define NPY_RANK_MAX 8

struct npy {
	char kind; /* as in NumPy: f floats, i and u integers, b booleans */
	int size; /* bytes of a value: 1, 2, 4 or 8 */
	int rank;
	uint64_t dim[NPY_RANK_MAX];
	uint64_t count; /* of values; may be 0 */
	void *data; /* [count], the last dimension fastest, bytes in the order of this machine; the caller's to free */
};

/* Reads one of at most max bytes. The header is checked against the size of the member before anything is allocated.
 * -1 with a sentence; then nothing is allocated. */
int npy_read(const struct zip *z, const struct zip_member *m, uint64_t max, struct npy *out, struct err *e);

/* The same without the values: data stays NULL. */
int npy_look(const struct zip *z, const struct zip_member *m, struct npy *out, struct err *e);

#define NPY_TEXT_MAX 250 /* characters of a text */
/* A list of 1 to `most` texts, as UTF-8, the caller's; none where the array holds something else: 0 numbers, 1 objects
 * or what nobody can tell. -1 with a sentence. */
int npy_texts(const struct zip *z, const struct zip_member *m, int most, char ***text, int *n, struct err *e);

/* The beginning of an array of little-endian 32-bit floats; returns its length, which puts the values at a multiple of
 * 64. */
size_t npy_header(char buf[256], int rank, const int *dim);

int64_t npy_int(const struct npy *a, uint64_t i); /* of integers and booleans */

#endif
