/* convert.h: what the helper program thaw-hdf5 turns into what: an HDF5 file into a stream of plain tensors, and back.
 *
 * The stream is a safetensors file: the length of a header, the header as JSON, the values. A tensor's name is the path
 * of its data set, layers/conv2d/vars/0. The header's __metadata__ holds the attributes that are text, under PATH@NAME;
 * a list of texts is written as JSON. Of a file that is read, "left out" names the first data set that is no array of
 * numbers, and how many there are. To write, PATH# is a whole number that becomes a data set by itself.
 */
#ifndef CONVERT_H
#define CONVERT_H

#include <stddef.h>
#include <stdint.h>

#define HDF5_WHY 400

struct hdf5_bytes {
	uint8_t *p; /* the caller's to free */
	size_t n, room;
};

/* Both return 0, or -1 with a phrase that says what is wrong with the file, "holds a link to another place, x". */
int hdf5_read(const void *file, size_t n, struct hdf5_bytes *stream, char why[HDF5_WHY]);
int hdf5_write(const void *stream, size_t n, struct hdf5_bytes *file, char why[HDF5_WHY]);

/* For the two: fills why, with what is no plain ASCII as '?', and returns -1; -1 too where there is no memory. */
int hdf5_fail(char why[HDF5_WHY], const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int hdf5_add(struct hdf5_bytes *b, const void *p, size_t n, char why[HDF5_WHY]);

#endif
