/* hdf5_read.c: an HDF5 file as a stream of tensors. The library tells what the file says; what that may be is decided
 * here: no link but to an object of its own, each object under one name, no values from elsewhere, and no more of them
 * than are stored.
 */
#define H5_USE_110_API
#include "libexec/convert.h"

#include <hdf5.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	OBJECTS_MAX = 20000, TEXTS_MAX = 20000, DEPTH_MAX = 32, PATH_LENGTH = 1000,
	TEXT_MAX = 16 << 20, /* bytes of all attributes */
	PACK_MAX = 1032, /* deflate cannot pack tighter than this */
};

struct reader {
	size_t file; /* bytes */
	char *why;
	char path[PATH_LENGTH]; /* of the object that is looked at; "" is the root */
	int depth;
	haddr_t *seen; /* objects */
	size_t nseen;
	size_t texts, text; /* attributes, and their bytes */
	json_t *header, *metadata;
	uint64_t stored; /* bytes of values that are not packed, of all data sets */
	size_t left_out;
	char first[PATH_LENGTH];
	struct hdf5_bytes values;
	hid_t half, brain; /* float16 and bfloat16 as they go into the stream */
};

/* ---- types ---- */

/* A float of two bytes, the lower first, with so many bits of exponent and of fraction. */
static hid_t
half_type(size_t exponent, size_t fraction)
{
	hid_t type = H5Tcopy(H5T_IEEE_F32LE);

	H5Tset_fields(type, 15, fraction, exponent, 0, fraction);
	H5Tset_size(type, 2);
	H5Tset_ebias(type, ((size_t)1 << (exponent - 1)) - 1);
	return type;
}

/* The form in which a type of the file goes into the stream, its name there, and bytes of a value; -1: it is none of
 * numbers. */
static hid_t
number_type(const struct reader *r, hid_t set, hid_t type, const char **name, size_t *size)
{
	H5T_class_t class = H5Tget_class(type);

	*size = H5Tget_size(type);
	if (class == H5T_FLOAT && *size == 4 && (H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type,
	    H5T_IEEE_F32BE) > 0)) {
		*name = "F32";
		return H5T_IEEE_F32LE;
	}
	if (class == H5T_FLOAT && *size == 8) {
		*name = "F64";
		return H5T_IEEE_F64LE;
	}
	if (class == H5T_FLOAT && *size == 2) {
		size_t sign, at, exponent = 0, low, fraction;

		H5Tget_fields(type, &sign, &at, &exponent, &low, &fraction);
		*name = exponent == 8 ? "BF16" : "F16";
		return exponent == 8 ? r->brain : exponent == 5 ? r->half : -1;
	}
	if (class == H5T_OPAQUE && *size == 2 && H5Aexists(set, "dtype") > 0) { /* which Keras says of bfloat16 alone */
		*name = "BF16";
		return type;
	}
	if (class == H5T_INTEGER) {
		bool sign = H5Tget_sign(type) != H5T_SGN_NONE;

		switch (*size) {
		case 1:
			*name = sign ? "I8" : "U8";
			return sign ? H5T_STD_I8LE : H5T_STD_U8LE;
		case 2:
			*name = sign ? "I16" : "U16";
			return sign ? H5T_STD_I16LE : H5T_STD_U16LE;
		case 4:
			*name = sign ? "I32" : "U32";
			return sign ? H5T_STD_I32LE : H5T_STD_U32LE;
		case 8:
			*name = sign ? "I64" : "U64";
			return sign ? H5T_STD_I64LE : H5T_STD_U64LE;
		}
	}
	return -1;
}

/* ---- data sets ---- */

/* Whether its values lie in this file, as plainly as may be, and how many bytes they may come to. */
static int
check_storage(struct reader *r, hid_t set, uint64_t bytes)
{
	hid_t plist = H5Dget_create_plist(set);
	H5D_layout_t layout = plist >= 0 ? H5Pget_layout(plist) : H5D_LAYOUT_ERROR;
	int external = plist >= 0 ? H5Pget_external_count(plist) : -1;
	int filters = plist >= 0 ? H5Pget_nfilters(plist) : -1;
	hsize_t stored = H5Dget_storage_size(set);
	bool packed = false;
	int rc = 0;

	if (layout == H5D_VIRTUAL || external > 0)
		rc = hdf5_fail(r->why, "takes the values of \"%.200s\" from another file", r->path);
	else if (layout < 0 || external < 0 || filters < 0)
		rc = hdf5_fail(r->why, "is damaged at \"%.200s\"", r->path);
	for (int i = 0; i < filters && rc == 0; i++) {
		unsigned flags, config;
		size_t n = 0;
		char name[64] = "";
		H5Z_filter_t id = H5Pget_filter2(plist, (unsigned)i, &flags, &n, NULL, sizeof name, name, &config);

		packed |= id == H5Z_FILTER_DEFLATE;
		if (id != H5Z_FILTER_DEFLATE && id != H5Z_FILTER_SHUFFLE && id != H5Z_FILTER_FLETCHER32)
			rc = hdf5_fail(r->why, "packs \"%.200s\" by the filter %.40s, where deflate alone is known",
			    r->path, name);
	}
	H5Pclose(plist);
	if (rc < 0)
		return -1;
	r->stored += packed ? 0 : bytes;
	if (stored > r->file || (packed ? bytes / PACK_MAX > stored : bytes > stored) || r->stored > r->file)
		return hdf5_fail(r->why, "declares %llu bytes of \"%.200s\", and stores %llu",
		    (unsigned long long)bytes, r->path, (unsigned long long)stored);
	return 0;
}

static int
read_values(struct reader *r, hid_t set, hid_t type, uint64_t bytes)
{
	uint8_t *p = bytes < SIZE_MAX ? malloc((size_t)bytes + 1) : NULL;
	int rc;

	if (p == NULL)
		return hdf5_fail(r->why, "has %llu bytes of \"%.200s\", which is more memory than there is",
		    (unsigned long long)bytes, r->path);
	if (bytes > 0 && H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, p) < 0)
		rc = hdf5_fail(r->why, "has values of \"%.200s\" that cannot be read", r->path);
	else
		rc = hdf5_add(&r->values, p, (size_t)bytes, r->why);
	free(p);
	return rc;
}

static int
add_entry(struct reader *r, const char *dtype, int rank, const hsize_t *dim, uint64_t bytes)
{
	json_t *shape = json_array(), *entry;
	json_int_t at = (json_int_t)r->values.n;

	for (int i = 0; i < rank; i++)
		json_array_append_new(shape, json_integer((json_int_t)dim[i]));
	entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", dtype, "shape", shape, "data_offsets", at,
	    at + (json_int_t)bytes);
	if (entry == NULL || json_object_set_new(r->header, r->path, entry) < 0)
		return hdf5_fail(r->why, "has a name that is no UTF-8, \"%.200s\"", r->path);
	return 0;
}

static int
leave_out(struct reader *r)
{
	if (r->left_out++ == 0)
		memcpy(r->first, r->path, sizeof r->first);
	return 0;
}

static int
read_set(struct reader *r, hid_t set)
{
	hid_t space = H5Dget_space(set), type = H5Dget_type(set), to;
	H5S_class_t kind = H5Sget_simple_extent_type(space);
	hsize_t dim[H5S_MAX_RANK] = {0};
	int rank = kind == H5S_SIMPLE ? H5Sget_simple_extent_dims(space, dim, NULL) : 0, rc = 0;
	const char *dtype = "";
	size_t size;
	uint64_t bytes;

	to = number_type(r, set, type, &dtype, &size);
	bytes = size;
	if (space < 0 || type < 0 || kind == H5S_NO_CLASS || rank < 0)
		rc = hdf5_fail(r->why, "is damaged at \"%.200s\"", r->path);
	for (int i = 0; i < rank && rc == 0; i++)
		if (__builtin_mul_overflow(bytes, dim[i], &bytes) || bytes > INT64_MAX)
			rc = hdf5_fail(r->why, "declares a size of \"%.200s\" that no memory has", r->path);
	if (rc == 0 && (to < 0 || kind == H5S_NULL))
		rc = leave_out(r);
	else if (rc == 0 && (check_storage(r, set, bytes) < 0 || add_entry(r, dtype, rank, dim, bytes) < 0))
		rc = -1;
	else if (rc == 0)
		rc = read_values(r, set, to, bytes);
	H5Sclose(space);
	H5Tclose(type);
	return rc;
}

/* ---- attributes ---- */

/* The texts of an attribute, one string or a list of them. False: it is something else, or damaged. */
static json_t *
texts_of(struct reader *r, hid_t attr, hid_t type, size_t n)
{
	bool variable = H5Tis_variable_str(type) > 0;
	size_t size = H5Tget_size(type);
	hid_t to = variable ? H5Tcopy(H5T_C_S1) : H5Tcopy(type), space = H5Aget_space(attr);
	char *p = n <= TEXTS_MAX && size <= TEXT_MAX / (n + 1) ? calloc(n + 1, size) : NULL;
	json_t *list = p != NULL && to >= 0 && space >= 0 ? json_array() : NULL;

	if (list != NULL && variable) {
		H5Tset_size(to, H5T_VARIABLE);
		H5Tset_cset(to, H5Tget_cset(type));
	}
	if (list != NULL && H5Aread(attr, to, p) < 0) {
		json_decref(list);
		list = NULL;
	}
	for (size_t i = 0; list != NULL && i < n; i++) {
		const char *text = variable ? ((char **)(void *)p)[i] : p + i * size;
		size_t length = text == NULL ? 0 : variable ? strlen(text) : strnlen(text, size);

		r->text += length;
		if (text == NULL || r->text > TEXT_MAX || json_array_append_new(list, json_stringn(text, length)) < 0) {
			json_decref(list);
			list = NULL;
		}
	}
	if (variable && p != NULL)
		H5Dvlen_reclaim(to, space, H5P_DEFAULT, p);
	free(p);
	H5Tclose(to);
	H5Sclose(space);
	return list;
}

/* Of all that an object may say of itself, text alone is taken. */
static herr_t
read_attribute(hid_t object, const char *name, const H5A_info_t *info, void *arg)
{
	struct reader *r = arg;
	hid_t attr, type, space;
	hssize_t n;
	json_t *list = NULL;
	char key[PATH_LENGTH + 200], *text;

	if (++r->texts > TEXTS_MAX)
		return hdf5_fail(r->why, "has more than %d attributes", TEXTS_MAX);
	if (strlen(name) > 100 || (attr = H5Aopen(object, name, H5P_DEFAULT)) < 0)
		return 0;
	type = H5Aget_type(attr);
	space = H5Aget_space(attr);
	n = H5Sget_simple_extent_npoints(space);
	if (H5Tget_class(type) == H5T_STRING && n > 0)
		list = texts_of(r, attr, type, (size_t)n);
	snprintf(key, sizeof key, "%s@%s", r->path, name);
	if (list != NULL && H5Sget_simple_extent_ndims(space) == 0)
		json_object_set(r->metadata, key, json_array_get(list, 0));
	else if (list != NULL && (text = json_dumps(list, JSON_COMPACT)) != NULL) {
		json_object_set_new(r->metadata, key, json_string(text));
		free(text);
	}
	json_decref(list);
	H5Sclose(space);
	H5Tclose(type);
	H5Aclose(attr);
	return 0;
}

static int
read_attributes(struct reader *r, hid_t object)
{
	hsize_t at = 0;

	if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &at, read_attribute, r) < 0)
		return r->why[0] != '\0' ? -1 : hdf5_fail(r->why, "has damaged attributes at \"%.200s\"", r->path);
	return 0;
}

/* ---- objects ---- */

static int
see(struct reader *r, haddr_t at)
{
	for (size_t i = 0; i < r->nseen; i++)
		if (r->seen[i] == at)
			return hdf5_fail(r->why, "holds one object under two names, of which one is \"%.200s\"",
			    r->path);
	if (r->nseen == OBJECTS_MAX)
		return hdf5_fail(r->why, "holds more than %d objects", OBJECTS_MAX);
	r->seen[r->nseen++] = at;
	return 0;
}

static int read_group(struct reader *r, hid_t group);

static int
read_object(struct reader *r, hid_t group, const char *name)
{
	H5O_info_t info;
	hid_t object = H5Oopen(group, name, H5P_DEFAULT);
	int rc = 0;

	if (object < 0 || H5Oget_info(object, &info) < 0)
		rc = hdf5_fail(r->why, "is damaged at \"%.200s\"", r->path);
	else if (see(r, info.addr) < 0 || (info.type != H5O_TYPE_NAMED_DATATYPE && read_attributes(r, object) < 0))
		rc = -1;
	else if (info.type == H5O_TYPE_GROUP)
		rc = read_group(r, object);
	else if (info.type == H5O_TYPE_DATASET)
		rc = read_set(r, object);
	if (object >= 0)
		H5Oclose(object);
	return rc;
}

static herr_t
read_link(hid_t group, const char *name, const H5L_info_t *info, void *arg)
{
	struct reader *r = arg;
	size_t was = strlen(r->path);
	int n = snprintf(r->path + was, sizeof r->path - was, "%s%s", was > 0 ? "/" : "", name), rc;

	if (n < 0 || (size_t)n >= sizeof r->path - was)
		rc = hdf5_fail(r->why, "has names that are longer than %d bytes", PATH_LENGTH);
	else if (info->type != H5L_TYPE_HARD)
		rc = hdf5_fail(r->why, "holds a link to another place, \"%.200s\"", r->path);
	else
		rc = read_object(r, group, name);
	r->path[was] = '\0';
	return rc;
}

static int
read_group(struct reader *r, hid_t group)
{
	hsize_t at = 0;
	int rc = 0;

	if (r->depth == DEPTH_MAX)
		return hdf5_fail(r->why, "has more than %d groups in one another", DEPTH_MAX);
	r->depth++;
	if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &at, read_link, r) < 0)
		rc = r->why[0] != '\0' ? -1 : hdf5_fail(r->why, "has a damaged group, \"%.200s\"", r->path);
	r->depth--;
	return rc;
}

/* ---- the stream ---- */

static int
finish(struct reader *r, struct hdf5_bytes *out)
{
	char said[PATH_LENGTH + 32], *text;
	uint8_t head[8];
	size_t n;
	int rc;

	snprintf(said, sizeof said, "%zu %s", r->left_out, r->first);
	if (r->left_out > 0)
		json_object_set_new(r->metadata, "left out", json_string(said));
	json_object_set(r->header, "__metadata__", r->metadata);
	if ((text = json_dumps(r->header, JSON_COMPACT)) == NULL)
		return hdf5_fail(r->why, "takes more memory than there is");
	n = strlen(text);
	for (int i = 0; i < 8; i++)
		head[i] = (uint8_t)((uint64_t)n >> 8 * i);
	rc = hdf5_add(out, head, sizeof head, r->why) < 0 || hdf5_add(out, text, n, r->why) < 0 ||
	    hdf5_add(out, r->values.p, r->values.n, r->why) < 0 ? -1 : 0;
	free(text);
	return rc;
}

int
hdf5_read(const void *file, size_t n, struct hdf5_bytes *stream, char why[HDF5_WHY])
{
	struct reader r = {.file = n, .why = why};
	hid_t access, id, root;
	unsigned none = 0;
	int rc;

	why[0] = '\0';
	H5open();
	H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	H5PLset_loading_state(none);
	access = H5Pcreate(H5P_FILE_ACCESS);
	H5Pset_fapl_core(access, 1 << 16, 0);
	if (n == 0 || H5Pset_file_image(access, (void *)(uintptr_t)file, n) < 0 ||
	    (id = H5Fopen("file", H5F_ACC_RDONLY, access)) < 0) {
		H5Pclose(access);
		return hdf5_fail(why, "is no HDF5 file, or is cut off");
	}
	H5Pclose(access);
	r.seen = calloc(OBJECTS_MAX, sizeof *r.seen);
	r.header = json_object();
	r.metadata = json_object();
	r.half = half_type(5, 10);
	r.brain = half_type(8, 7);
	root = H5Gopen2(id, "/", H5P_DEFAULT);
	if (r.seen == NULL || r.header == NULL || r.metadata == NULL)
		rc = hdf5_fail(why, "takes more memory than there is");
	else if (root < 0)
		rc = hdf5_fail(why, "is damaged at its root");
	else if ((rc = read_attributes(&r, root)) == 0 && (rc = read_group(&r, root)) == 0)
		rc = finish(&r, stream);
	if (root >= 0)
		H5Gclose(root);
	H5Tclose(r.half);
	H5Tclose(r.brain);
	H5Fclose(id);
	json_decref(r.header);
	json_decref(r.metadata);
	free(r.values.p);
	free(r.seen);
	return rc;
}
