/* hdf5_write.c: a stream of tensors as an HDF5 file, the same bytes each time: no times in it, and the oldest layout
 * that holds it.
 */
#define H5_USE_110_API
#include "libexec/convert.h"

#include <hdf5.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { RANK_MAX = 8, HEADER_MAX = 100000000 };

struct writer {
	hid_t file, links, group, set; /* how links, groups and data sets are made */
	char *why;
};

static int
full(struct writer *w)
{
	return hdf5_fail(w->why, "cannot be written: not enough memory");
}

/* Makes the group, and those above it, unless it is there. */
static int
make_group(struct writer *w, const char *path)
{
	char *copy = strdup(path);
	int rc = copy != NULL ? 0 : full(w);

	for (char *at = copy; rc == 0 && at != NULL;) {
		hid_t id;

		if ((at = strchr(at, '/')) != NULL)
			*at = '\0';
		if (H5Lexists(w->file, copy, H5P_DEFAULT) <= 0) {
			if ((id = H5Gcreate2(w->file, copy, w->links, w->group, H5P_DEFAULT)) < 0)
				rc = full(w);
			else
				H5Gclose(id);
		}
		if (at != NULL)
			*at++ = '/';
	}
	free(copy);
	return rc;
}

static int
make_parent(struct writer *w, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash != NULL ? strndup(path, (size_t)(slash - path)) : NULL;
	int rc = parent != NULL ? make_group(w, parent) : slash != NULL ? full(w) : 0;

	free(parent);
	return rc;
}

static int
put_set(struct writer *w, const char *path, hid_t type, int rank, const hsize_t *dim, const void *p)
{
	hid_t space, set = -1;
	int rc;

	if (make_parent(w, path) < 0)
		return -1;
	space = rank > 0 ? H5Screate_simple(rank, dim, NULL) : H5Screate(H5S_SCALAR);
	if (space >= 0)
		set = H5Dcreate2(w->file, path, type, space, w->links, w->set, H5P_DEFAULT);
	rc = set >= 0 && H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, p) >= 0 ? 0 : full(w);
	if (set >= 0)
		H5Dclose(set);
	H5Sclose(space);
	return rc;
}

static int
put_tensor(struct writer *w, const char *path, const json_t *x, const uint8_t *values, size_t n)
{
	const char *dtype = json_string_value(json_object_get(x, "dtype"));
	const json_t *shape = json_object_get(x, "shape"), *offsets = json_object_get(x, "data_offsets");
	json_int_t from = json_integer_value(json_array_get(offsets, 0)), to = json_integer_value(json_array_get(
	    offsets, 1));
	size_t rank = json_array_size(shape);
	hsize_t dim[RANK_MAX], bytes = 4;

	for (size_t i = 0; i < rank && i < RANK_MAX; i++) {
		dim[i] = (hsize_t)json_integer_value(json_array_get(shape, i));
		if (__builtin_mul_overflow(bytes, dim[i], &bytes))
			bytes = 0;
	}
	if (dtype == NULL || strcmp(dtype, "F32") != 0 || rank > RANK_MAX || from < 0 || to < from || (size_t)to > n ||
	    (hsize_t)(to - from) != bytes)
		return hdf5_fail(w->why, "cannot be written: \"%.200s\" is no array of floats", path);
	return put_set(w, path, H5T_IEEE_F32LE, (int)rank, dim, values + from);
}

static int
put_text(struct writer *w, const char *path, const char *name, const char *text)
{
	hid_t type, space, object, attr = -1;
	int rc;

	if (make_group(w, path) < 0)
		return -1;
	type = H5Tcopy(H5T_C_S1);
	H5Tset_size(type, H5T_VARIABLE);
	H5Tset_cset(type, H5T_CSET_UTF8);
	space = H5Screate(H5S_SCALAR);
	if ((object = H5Oopen(w->file, path, H5P_DEFAULT)) >= 0)
		attr = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
	rc = attr >= 0 && H5Awrite(attr, type, &text) >= 0 ? 0 : full(w);
	if (attr >= 0)
		H5Aclose(attr);
	if (object >= 0)
		H5Oclose(object);
	H5Sclose(space);
	H5Tclose(type);
	return rc;
}

/* PATH@NAME is an attribute, PATH# a whole number. */
static int
put_said(struct writer *w, const char *key, const char *text)
{
	const char *at = strchr(key, '@');
	char *path = strndup(key, at != NULL ? (size_t)(at - key) : strcspn(key, "#"));
	int32_t number = (int32_t)strtol(text, NULL, 10);
	int rc;

	if (path == NULL)
		return full(w);
	rc = at != NULL ? put_text(w, path, at + 1, text) : put_set(w, path, H5T_STD_I32LE, 0, NULL, &number);
	free(path);
	return rc;
}

static int
put_all(struct writer *w, const json_t *header, const uint8_t *values, size_t n)
{
	const char *name;
	json_t *x;

	json_object_foreach(json_object_get(header, "__metadata__"), name, x)
		if (!json_is_string(x) || put_said(w, name, json_string_value(x)) < 0)
			return -1;
	json_object_foreach((json_t *)(uintptr_t)header, name, x)
		if (strcmp(name, "__metadata__") != 0 && put_tensor(w, name, x, values, n) < 0)
			return -1;
	return 0;
}

static int
take_image(struct writer *w, struct hdf5_bytes *file)
{
	ssize_t n;

	if (H5Fflush(w->file, H5F_SCOPE_GLOBAL) < 0 || (n = H5Fget_file_image(w->file, NULL, 0)) <= 0 ||
	    (file->p = malloc((size_t)n)) == NULL || H5Fget_file_image(w->file, file->p, (size_t)n) != n)
		return full(w);
	file->n = file->room = (size_t)n;
	return 0;
}

static void
prepare(struct writer *w)
{
	hid_t access;

	H5open();
	H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	access = H5Pcreate(H5P_FILE_ACCESS);
	H5Pset_fapl_core(access, 1 << 20, 0);
	H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
	w->file = H5Fcreate("file", H5F_ACC_TRUNC, H5P_DEFAULT, access);
	H5Pclose(access);
	w->links = H5Pcreate(H5P_LINK_CREATE);
	w->group = H5Pcreate(H5P_GROUP_CREATE);
	w->set = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_obj_track_times(w->group, false);
	H5Pset_obj_track_times(w->set, false);
	H5Pset_fill_time(w->set, H5D_FILL_TIME_NEVER);
}

int
hdf5_write(const void *stream, size_t n, struct hdf5_bytes *file, char why[HDF5_WHY])
{
	struct writer w = {.why = why};
	const uint8_t *p = stream;
	uint64_t length = 0;
	json_t *header;
	int rc;

	why[0] = '\0';
	for (int i = 0; i < 8 && n >= 8; i++)
		length |= (uint64_t)p[i] << 8 * i;
	header = n >= 8 && length <= n - 8 && length <= HEADER_MAX ? json_loadb((const char *)p + 8, (size_t)length, 0,
	    NULL) : NULL;
	if (header == NULL)
		return hdf5_fail(why, "cannot be written: what is to be in it came damaged");
	prepare(&w);
	rc = w.file < 0 ? full(&w) : put_all(&w, header, p + 8 + length, n - 8 - (size_t)length);
	if (rc == 0)
		rc = take_image(&w, file);
	H5Pclose(w.links);
	H5Pclose(w.group);
	H5Pclose(w.set);
	H5Fclose(w.file);
	json_decref(header);
	return rc;
}
