/* tensors.h: tensors of a file by name, and the safetensors container: u64 little-endian header length, JSON header,
 * data. It knows names, shapes and bytes; what they mean is safetensors.c's business. Readers of other formats make a
 * struct tensors of their own, with a function that reads a tensor.
 */
#ifndef TENSORS_H
#define TENSORS_H

#include "file/floats.h"
#include "util/err.h"

#include <stdint.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define TENSORS_HEADER_MAX 100000000 /* bytes, as the format says */
#define TENSORS_RANK_MAX 8

struct tensor_entry {
	const char *name; /* borrowed from the header */
	const char *dtype; /* borrowed from the header */
	enum floats floats; /* what its values are; FLOATS_NONE: no floats that can be had here */
	int rank;
	uint64_t dim[TENSORS_RANK_MAX]; /* of a higher rank, which no model has, the first ones */
	uint64_t begin, end; /* in the data; in other formats 0 and its bytes */
	bool zeros; /* it is not in the file (whoever adds it says so), and read as zeros */
};

struct tensors {
	char *path;
	int fd;
	const uint8_t *image; /* the file in memory, borrowed; NULL: fd has it */
	uint64_t size; /* of the file */
	uint64_t data; /* offset in the file */
	json_t *header;
	json_t *metadata; /* borrowed from the header: an object of strings, or NULL */
	size_t n;
	struct tensor_entry *entry; /* by offset */
	/* of another format, else NULL: reads the bytes of an entry, whose number is right and which are floats, the
	 * lowest of each first; frees what is its own */
	int (*read)(struct tensors *t, const struct tensor_entry *x, void *out, size_t bytes, struct err *e);
	void (*drop)(struct tensors *t);
	void *own;
	unsigned used; /* bits of the kinds of floats that have been read */
};

/* Opens a file and checks its whole header: length, JSON, every dtype, shape and range, no holes, no overlap, no
 * bytes left over. NULL with a sentence that names the file, what is wrong and the way out. */
struct tensors *tensors_open(const char *path, struct err *e);
/* The same of a file that lies in memory, which is borrowed; path is for sentences. */
struct tensors *tensors_of(const char *path, const uint8_t *image, size_t n, struct err *e);
void tensors_close(struct tensors *t);

/* For readers of other formats: without entries yet; the path is copied. */
struct tensors *tensors_new(const char *path);
/* A new entry. The name and the dtype are borrowed: they have to live as long as t. -1: it is larger than memory. */
int tensors_add(struct tensors *t, const char *name, const char *dtype, int rank, const uint64_t *dim);

const struct tensor_entry *tensors_find(const struct tensors *t, const char *name); /* NULL: none */
bool tensors_fits(const struct tensor_entry *x, int rank, const int *dim); /* floats of that shape */
char *tensors_shape(const struct tensor_entry *x); /* "3x3x1x32", "scalar" */

/* Reads a tensor of `count` floats of any kind as float32; values that are not finite, or are larger than a float32 can
 * be, are refused. */
int tensors_read(struct tensors *t, const struct tensor_entry *x, float *out, size_t count, struct err *e);
/* The bytes of a tensor of floats, the lowest of each first; they have to be that many. */
int tensors_bytes(struct tensors *t, const struct tensor_entry *x, void *out, size_t bytes, struct err *e);
/* What has been read was converted from: "float16 and float64"; NULL: from nothing. The caller's. */
char *tensors_converted(const struct tensors *t);

/* Little-endian values of so many bytes each become the machine's, and back. */
void tensors_host(void *p, size_t n, size_t size);

/* A tensor to write. */
struct tensor_source {
	char name[112];
	int rank, dim[4];
	const float *data;
};

/* Writes the container; metadata (NULL: none) is an object of strings, borrowed. A write error shows in the stream;
 * -1: not enough memory. */
int tensors_write(FILE *f, json_t *metadata, const struct tensor_source *x, size_t n);

#endif
