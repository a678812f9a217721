/* test_npy.c: ZIP archives and NumPy's arrays in them, whole and lying. */
#include "util/npy.h"
#include "util/signals.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* NumPy 2.4.6: savez_compressed(x=arange(24, dtype=uint8).reshape(2, 3, 4), f=asfortranarray(arange(6, dtype='<f4')
 * .reshape(2, 3)), b=arange(3, dtype='>i2') - 2) */
static const uint8_t numpy[] = {
	0x50, 0x4b, 0x03, 0x04, 0x2d, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x44, 0xad, 0x57, 0x82, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x05, 0x00, 0x14, 0x00, 0x78, 0x2e, 0x6e, 0x70, 0x79, 0x01, 0x00, 0x10, 0x00, 0x98,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9b, 0xec, 0x17, 0xea, 0x1b,
	0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad, 0x9e, 0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x5e, 0x53, 0x6a, 0xa8,
	0xae, 0xa3, 0xa0, 0x9e, 0x96, 0x5f, 0x54, 0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc,
	0x29, 0x4e, 0x05, 0x8a, 0x17, 0x67, 0x24, 0x16, 0xa4, 0x02, 0xf9, 0x1a, 0x46, 0x3a, 0x0a, 0xc6, 0x3a, 0x0a, 0x26, 0x9a,
	0x3a, 0x0a, 0xb5, 0x0a, 0xe4, 0x01, 0x2e, 0x06, 0x46, 0x26, 0x66, 0x16, 0x56, 0x36, 0x76, 0x0e, 0x4e, 0x2e, 0x6e, 0x1e,
	0x5e, 0x3e, 0x7e, 0x01, 0x41, 0x21, 0x61, 0x11, 0x51, 0x31, 0x71, 0x00, 0x50, 0x4b, 0x03, 0x04, 0x2d, 0x00, 0x00, 0x00,
	0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0xce, 0x2c, 0xe0, 0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x05, 0x00,
	0x14, 0x00, 0x66, 0x2e, 0x6e, 0x70, 0x79, 0x01, 0x00, 0x10, 0x00, 0x98, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x56,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad, 0x9e,
	0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x6e, 0x93, 0x66, 0xa2, 0xae, 0xa3, 0xa0, 0x9e, 0x96, 0x5f, 0x54, 0x52,
	0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x0f, 0x29, 0x2a, 0x4d, 0x05, 0x0a, 0x17, 0x67, 0x24, 0x16, 0xa4,
	0x02, 0xb9, 0x1a, 0x46, 0x3a, 0x0a, 0xc6, 0x9a, 0x3a, 0x0a, 0xb5, 0x0a, 0xe4, 0x03, 0x2e, 0x06, 0x30, 0x70, 0x70, 0x60,
	0x60, 0x68, 0xb0, 0x07, 0x62, 0x07, 0x10, 0x87, 0x81, 0x61, 0x81, 0x03, 0x00, 0x50, 0x4b, 0x03, 0x04, 0x2d, 0x00, 0x00,
	0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x74, 0x47, 0x19, 0x5e, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x05,
	0x00, 0x14, 0x00, 0x62, 0x2e, 0x6e, 0x70, 0x79, 0x01, 0x00, 0x10, 0x00, 0x86, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x4b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9b, 0xec, 0x17, 0xea, 0x1b, 0x10, 0xc9, 0xc8, 0x50, 0xc6, 0x50, 0xad,
	0x9e, 0x92, 0x5a, 0x9c, 0x5c, 0xa4, 0x6e, 0xa5, 0xa0, 0x6e, 0x93, 0x69, 0xa4, 0xae, 0xa3, 0xa0, 0x9e, 0x96, 0x5f, 0x54,
	0x52, 0x94, 0x98, 0x17, 0x9f, 0x5f, 0x94, 0x92, 0x0a, 0x12, 0x77, 0x4b, 0xcc, 0x29, 0x4e, 0x05, 0x8a, 0x17, 0x67, 0x24,
	0x16, 0xa4, 0x02, 0xf9, 0x1a, 0xc6, 0x3a, 0x9a, 0x3a, 0x0a, 0xb5, 0x0a, 0x14, 0x00, 0xae, 0x7f, 0xff, 0xff, 0xff, 0x67,
	0x60, 0x00, 0x00, 0x50, 0x4b, 0x01, 0x02, 0x2d, 0x03, 0x2d, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x44,
	0xad, 0x57, 0x82, 0x61, 0x00, 0x00, 0x00, 0x98, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00, 0x78, 0x2e, 0x6e, 0x70, 0x79, 0x50, 0x4b, 0x01, 0x02, 0x2d, 0x03,
	0x2d, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0xce, 0x2c, 0xe0, 0xd3, 0x56, 0x00, 0x00, 0x00, 0x98, 0x00,
	0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x98, 0x00, 0x00, 0x00,
	0x66, 0x2e, 0x6e, 0x70, 0x79, 0x50, 0x4b, 0x01, 0x02, 0x2d, 0x03, 0x2d, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21,
	0x00, 0x74, 0x47, 0x19, 0x5e, 0x4b, 0x00, 0x00, 0x00, 0x86, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x25, 0x01, 0x00, 0x00, 0x62, 0x2e, 0x6e, 0x70, 0x79, 0x50, 0x4b, 0x05, 0x06,
	0x00, 0x00, 0x00, 0x00, 0x03, 0x00, 0x03, 0x00, 0x99, 0x00, 0x00, 0x00, 0xa7, 0x01, 0x00, 0x00, 0x00, 0x00,
};

/* A member of an archive made here. */
struct member {
	const char *name;
	const void *data;
	uint32_t n;
	uint32_t declare; /* bytes, where not n */
	bool packed;
};

static uint8_t archive[1 << 17];
static size_t length;

static void
put(uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		archive[length++] = i < 4 ? (uint8_t)(v >> 8 * i) : 0;
}

/* What the header of a member and its entry in the table of contents share. */
static void
put_head(const struct member *m, uint32_t packed)
{
	put(20, 2);
	put(0, 2);
	put(m->packed ? 8 : 0, 2);
	put(0, 4);
	put((uint32_t)crc32(0, m->data, m->n), 4);
	put(packed, 4);
	put(m->declare > 0 ? m->declare : m->n, 4);
	put((uint32_t)strlen(m->name), 2);
	put(0, 2);
}

static void
write_archive(const struct member *m, int count)
{
	uint32_t at[4], size[4], from;

	length = 0;
	for (int i = 0; i < count; i++) {
		uint8_t data[4096];
		z_stream z = {.next_in = (Bytef *)m[i].data, .avail_in = m[i].n, .next_out = data, .avail_out = sizeof data};

		at[i] = (uint32_t)length;
		memcpy(data, m[i].data, m[i].packed ? 0 : m[i].n);
		if (m[i].packed) {
			ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
			ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
			deflateEnd(&z);
		}
		size[i] = m[i].packed ? (uint32_t)z.total_out : m[i].n;
		put(0x04034b50, 4);
		put_head(&m[i], size[i]);
		memcpy(archive + length, m[i].name, strlen(m[i].name));
		length += strlen(m[i].name);
		memcpy(archive + length, data, size[i]);
		length += size[i];
	}
	from = (uint32_t)length;
	for (int i = 0; i < count; i++) {
		put(0x02014b50, 4);
		put(20, 2);
		put_head(&m[i], size[i]);
		put(0, 10);
		put(at[i], 4);
		memcpy(archive + length, m[i].name, strlen(m[i].name));
		length += strlen(m[i].name);
	}
	put(0x06054b50, 4);
	put(0, 4);
	put((uint32_t)count, 2);
	put((uint32_t)count, 2);
	put((uint32_t)length - from - 12, 4);
	put(from, 4);
	put(0, 2);
	scratch_write("a.npz", archive, length);
}

/* An array with this text as its header, and so many bytes behind it. */
static struct member
array(const char *header, uint32_t bytes)
{
	static uint8_t p[2000];
	size_t n = strlen(header);

	memset(p, 7, sizeof p);
	memcpy(p, "\x93NUMPY\1", 8);
	p[8] = (uint8_t)n;
	p[9] = (uint8_t)(n >> 8);
	memcpy(p + 10, header, n);
	return (struct member){.name = "x.npy", .data = p, .n = (uint32_t)(10 + n + bytes)};
}

static void
assert_refused(const char *says)
{
	struct err e = {0};
	struct npy a;
	struct zip z;

	if (zip_open(&z, "a.npz", &e) == 0) {
		const struct zip_member *m = zip_find(&z, "x.npy");

		ck_assert_ptr_nonnull(m);
		ck_assert_int_lt(npy_read(&z, m, 1 << 20, &a, &e), 0);
		ck_assert_ptr_null(a.data);
		zip_close(&z);
	}
	ck_sentence(e.text, says);
}

START_TEST(npy__read__what_numpy_wrote)
{
	struct err e = {0};
	struct npy x, f, b;
	struct zip z;

	scratch_write("a.npz", numpy, sizeof numpy);
	ck_assert_msg(zip_open(&z, "a.npz", &e) == 0, "%s", e.text);
	ck_assert_uint_eq(z.n, 3);
	ck_assert_msg(npy_read(&z, zip_find(&z, "x.npy"), 100, &x, &e) == 0, "%s", e.text);
	ck_assert(x.kind == 'u' && x.size == 1 && x.rank == 3 && x.count == 24);
	ck_assert(x.dim[0] == 2 && x.dim[1] == 3 && x.dim[2] == 4);
	ck_assert_msg(npy_read(&z, zip_find(&z, "f.npy"), 100, &f, &e) == 0, "%s", e.text);
	ck_assert(f.kind == 'f' && f.size == 4 && f.rank == 2 && f.dim[0] == 2 && f.dim[1] == 3);
	ck_assert_msg(npy_read(&z, zip_find(&z, "b.npy"), 100, &b, &e) == 0, "%s", e.text);
	for (int i = 0; i < 24; i++)
		ck_assert_int_eq(npy_int(&x, (uint64_t)i), i);
	for (int i = 0; i < 6; i++) /* turned from Fortran's order */
		ck_assert(((float *)f.data)[i] == (float)i);
	for (int i = 0; i < 3; i++) /* swapped from the other machine's order */
		ck_assert_int_eq(npy_int(&b, (uint64_t)i), i - 2);
	ck_assert_int_lt(npy_read(&z, zip_find(&z, "x.npy"), 23, &(struct npy){0}, &e), 0); /* more than wanted */
	ck_assert_ptr_null(zip_find(&z, "y.npy"));
	free(x.data);
	free(f.data);
	free(b.data);
	zip_close(&z);
}
END_TEST

START_TEST(npy__read__refuses_headers_that_lie)
{
	static const struct {
		const char *header, *says;
	} lie[] = {
		{"{'descr': '|O', 'fortran_order': False, 'shape': (4,)}", "Python objects"},
		{"{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "type \"<c8\""},
		{"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (9,)}", "announces 9 bytes, but 8 follow"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "larger than any"},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", "larger than any"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (-8,)}", "not understood"},
		{"{'descr': '|u1', 'shape': (8,)}", "not understood"},
		{"{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (8,)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': __import__('os'), 'shape': (8,)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,8)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (8,", "not understood"}, {"", "not understood"},
		{"'descr'", "not understood"}, {"{descr: '|u1'}", "not understood"}, {"{'descr", "not understood"},
		{"{'a key of many letters': 1}", "not understood"}, {"{'descr' '|u1'}", "not understood"}, {"{'other': 1}", "not understood"},
		{"{'descr': '|u1' 'fortran_order': False, 'shape': (8,)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'fortran_order': False, 'shape': (8,)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (8,), 'shape': (8,)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': 8}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (8;)}", "not understood"},
		{"{'descr': '|u1', 'fortran_order': False, 'shape': (8,)} more", "not understood"},
		{"{'fortran_order': False, 'shape': (8,)}", "not understood"}, {"{'descr': '|u1', 'fortran_order': False}", "not understood"},
		{"{'descr': '', 'fortran_order': False, 'shape': (8,)}", "type \"\""},
		{"{'descr': 'f4', 'fortran_order': False, 'shape': (2,)}", "type \"f4\""},
		{"{'descr': '<f3', 'fortran_order': False, 'shape': (2,)}", "type \"<f3\""},
		{"{'descr': '<i3', 'fortran_order': False, 'shape': (2,)}", "type \"<i3\""},
		{"{'descr': '<u16', 'fortran_order': False, 'shape': (1,)}", "type \"<u16\""},
		{"{'descr': '|b2', 'fortran_order': False, 'shape': (4,)}", "type \"|b2\""},
		{"{'descr': '<', 'fortran_order': False, 'shape': (4,)}", "type \"<\""},
	};
	struct member m;

	for (size_t i = 0; i < sizeof lie / sizeof *lie; i++) {
		m = array(lie[i].header, 8);
		write_archive(&m, 1);
		assert_refused(lie[i].says);
	}
}
END_TEST

START_TEST(zip__read__refuses_archives_that_lie)
{
	const char *good = "{'descr': '|u1', 'fortran_order': False, 'shape': (800,)}";
	struct member m = array(good, 800), two[2] = {m, m};

	write_archive(two, 2);
	assert_refused("two members x.npy");
	write_archive((struct member[]){m, m, {"y.npy", "", 0, 0, false}}, 3); /* the first of several */
	assert_refused("two members x.npy");
	m.packed = true;
	m.declare = m.n - 1;
	write_archive(&m, 1);
	assert_refused("announces 800 bytes, but 799");
	m = array("{'descr': '|u1', 'fortran_order': False, 'shape': (799,)}", 800);
	m.packed = true;
	m.declare = m.n - 1;
	write_archive(&m, 1);
	assert_refused("unpacks to more than it declares");
	m.declare = 1 << 30;
	write_archive(&m, 1);
	assert_refused("cannot be in the");
	m = array(good, 800);
	write_archive(&m, 1);
	archive[300]++; /* of the values */
	scratch_write("a.npz", archive, length);
	assert_refused("checksum");
	archive[30]++; /* the name before the member */
	scratch_write("a.npz", archive, length);
	assert_refused("another name");
	scratch_write("a.npz", archive, length - 1);
	assert_refused("no ZIP archive");
	scratch_write("a.npz", "", 0);
	assert_refused("no ZIP archive");
	two[1].name = "y.npy"; /* both where the first one is */
	write_archive(two, 2);
	memset(archive + length - 22 - 51 + 42, 0, 4);
	scratch_write("a.npz", archive, length);
	assert_refused("lie over each other");
	archive[length - 22 + 12] = 2 * 46; /* the second entry ends behind the table */
	scratch_write("a.npz", archive, length);
	assert_refused("has a damaged table of contents");
}
END_TEST

/* Each type that is read, in either order of bytes, and headers as old and new versions write them. */
START_TEST(npy__read__values)
{
	static const struct {
		const char *header, *bytes;
		size_t n;
		int64_t first; /* of integers */
	} arrays[] = {
		{"{'descr': '|b1', 'fortran_order': False, 'shape': (1,)}", "\1", 1, 1}, {"{'descr': '|i1', 'fortran_order': False, 'shape': ()}", "\xfe", 1, -2},
		{"{\"descr\": \"<u2\",\t\"fortran_order\": False, \"shape\": (1L, ), }\n", "\1\2", 2, 0x201},
		{"{'descr':'>u2','fortran_order':True,'shape':(1)}", "\1\2", 2, 0x102}, {"{'descr': '=i2', 'fortran_order': True, 'shape': (1, 1)}", "\xfd\xff", 2, -3},
		{"{'descr': '<i4', 'fortran_order': False, 'shape': (1,)}", "\xfc\xff\xff\xff", 4, -4},
		{"{'descr': '<u4', 'fortran_order': False, 'shape': (1,)}", "\xfc\xff\xff\xff", 4, 0xfffffffc},
		{"{'descr': '>i8', 'fortran_order': False, 'shape': (1,)}", "\xff\xff\xff\xff\xff\xff\xff\xfb", 8, -5},
		{"{'descr': '<i8', 'fortran_order': False, 'shape': (0, 3)}", "", 0, 0},
	};

	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		for (int version = 1; version <= 3; version++) {
			struct member m = array(arrays[i].header, (uint32_t)arrays[i].n);
			uint8_t *p = (uint8_t *)(uintptr_t)m.data;
			size_t head = strlen(arrays[i].header), before = version > 1 ? 12 : 10;
			struct err e = {0};
			struct npy a;
			struct zip z;

			memmove(p + before, p + 10, head);
			p[6] = (uint8_t)version;
			if (version > 1)
				p[10] = p[11] = 0;
			memcpy(p + before + head, arrays[i].bytes, arrays[i].n);
			m.n = (uint32_t)(before + head + arrays[i].n);
			write_archive(&m, 1);
			ck_assert_msg(zip_open(&z, "a.npz", &e) == 0 && npy_read(&z, &z.member[0], 100, &a, &e) == 0, "%s: %s",
			    arrays[i].header, e.text);
			ck_assert(arrays[i].n == 0 || npy_int(&a, 0) == arrays[i].first);
			free(a.data);
			zip_close(&z);
		}
}
END_TEST

/* The ten bytes before the header's text, and its length. */
START_TEST(npy__read__refuses_what_is_no_array)
{
	static const struct {
		int at, byte;
		const char *says;
	} lies[] = {{0, 'N', "is no array of NumPy"}, {6, 0, "is no array of NumPy"}, {6, 4, "is no array of NumPy"}, {9, 255, "which does not fit"},
	    {9, 6, "which does not fit"}, {20, 0, "not understood"}};
	struct member m;
	uint8_t *p;

	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		m = array("{'descr': '|u1', 'fortran_order': False, 'shape': (8,)}", 8);
		p = (uint8_t *)(uintptr_t)m.data;
		p[lies[i].at] = (uint8_t)lies[i].byte;
		write_archive(&m, 1);
		assert_refused(lies[i].says);
	}
	m.n = 9;
	write_archive(&m, 1);
	assert_refused("is no array of NumPy");
	p[6] = 2; /* it ends within the length */
	m.n = 11;
	write_archive(&m, 1);
	assert_refused("ends too early");
}
END_TEST

/* Bytes of the archive's own records: at, counted from the member's own header, its entry in the table or the record at the end. */
START_TEST(zip__open__records_that_lie)
{
	enum from { LOCAL, ENTRY, END };
	static const struct {
		enum from from;
		int at;
		uint32_t v;
		int bytes;
		const char *says;
	} lies[] = {
		{ENTRY, 0, 0, 1, "has a damaged table of contents"}, {ENTRY, 28, 0xffff, 2, "has a damaged table of contents"},
		{ENTRY, 30, 0xffff, 2, "has a damaged table of contents"}, {ENTRY, 32, 1, 2, "has a damaged table of contents"},
		{ENTRY, 46, 0, 1, "has a damaged table of contents"}, {ENTRY, 8, 1, 2, "is encrypted; pack it without a password"},
		{ENTRY, 10, 12, 2, "is packed by method 12"}, {ENTRY, 20, 0xffffffff, 4, "has 4 GiB or more"}, {ENTRY, 24, 0xffffffff, 4, "has 4 GiB or more"},
		{ENTRY, 42, 0xffffffff, 4, "has 4 GiB or more"}, {ENTRY, 42, 0x7fffffff, 4, "does not fit into the archive"},
		{ENTRY, 24, 7, 4, "does not fit into the archive"}, {ENTRY, 20, 0xfffffff0, 4, "does not fit into the archive"},
		{END, 4, 1, 2, "is one part of an archive in several"}, {END, 6, 1, 2, "is one part of an archive in several"},
		{END, 8, 2, 2, "is one part of an archive in several"}, {END, 8, 20001 << 16 | 20001, 4, "lists 20001 members in 51 bytes, more than thaw reads"},
		{END, 12, 9 << 20, 4, "lists 1 members in 9437184 bytes"}, {END, 16, 0xffffff, 4, "has a damaged table of contents"},
		{END, 8, 2 << 16 | 2, 4, "has a damaged table of contents"}, {END, 0, 0, 1, "is no ZIP archive, or is cut off"},
		{END, 20, 1, 2, "is no ZIP archive, or is cut off"}, {LOCAL, 0, 0, 1, "is not what the table of contents says"},
		{LOCAL, 8, 8, 2, "is not what the table of contents says"}, {LOCAL, 26, 6, 2, "is not what the table of contents says"},
		{LOCAL, 28, 0xffff, 2, "is not what the table of contents says"}, {LOCAL, 30, 'y', 1, "has another name in its own header"},
	};
	const char *good = "{'descr': '|u1', 'fortran_order': False, 'shape': (800,)}";
	struct err e = {0};
	struct zip z;

	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct member m = array(good, 800);
		size_t at;

		write_archive(&m, 1);
		at = (lies[i].from == LOCAL ? 0 : lies[i].from == ENTRY ? length - 22 - 51 : length - 22) + (size_t)lies[i].at;
		for (int k = 0; k < lies[i].bytes; k++)
			archive[at + (size_t)k] = (uint8_t)(lies[i].v >> 8 * k);
		scratch_write("a.npz", archive, length);
		assert_refused(lies[i].says);
	}
	write_archive(&(struct member){"x.npy", "", 0, 0, false}, 1); /* and what is said behind the end is no lie */
	archive[length - 2] = 3;
	memcpy(archive + length, "abc", 3);
	scratch_write("a.npz", archive, length + 3);
	ck_assert_msg(zip_open(&z, "a.npz", &e) == 0, "%s", e.text);
	zip_close(&z);
	ck_assert_int_lt(zip_open(&z, ".", &e), 0);
	ck_sentence(e.text, ". is not a regular file");
	ck_assert_int_lt(zip_open(&z, "nowhere", &e), 0);
	ck_sentence(e.text, "nowhere cannot be opened");
}
END_TEST

/* What deflate makes of a member: shorter than it is said, cut off, damaged. */
START_TEST(zip__read__packed_bytes_that_lie)
{
	struct member m = array("{'descr': '|u1', 'fortran_order': False, 'shape': (801,)}", 800);
	size_t entry;

	m.packed = true;
	m.declare = m.n + 1;
	write_archive(&m, 1);
	assert_refused("unpacks to less than it declares");
	m = array("{'descr': '|u1', 'fortran_order': False, 'shape': (800,)}", 800);
	m.packed = true;
	write_archive(&m, 1);
	entry = length - 22 - 51;
	archive[entry + 20] -= 3; /* the last bytes of deflate are none of the member's */
	scratch_write("a.npz", archive, length);
	assert_refused("ends too early");
	archive[entry + 20] += 3;
	archive[35] = 7; /* a block of a kind that there is not */
	scratch_write("a.npz", archive, length);
	assert_refused("is damaged");
	/* all of it is there, and the end of deflate is not */
	write_archive(&m, 1);
	archive[entry + 20]--;
	scratch_write("a.npz", archive, length);
	assert_refused("ends too early");
}
END_TEST

static bool
cut(const void *arg)
{
	return true;
}

/* What is read in parts: too little of it, and none where a signal comes or memory is short. */
START_TEST(zip__start__a_member_in_parts)
{
	struct member m = array("{'descr': '|u1', 'fortran_order': False, 'shape': (800,)}", 800);
	struct err e = {0};
	struct zip_stream *s;
	struct zip z;
	uint8_t byte;

	m.packed = true;
	write_archive(&m, 1);
	ck_assert_msg(zip_open(&z, "a.npz", &e) == 0, "%s", e.text);
	s = zip_start(&z, &z.member[0], &e);
	ck_assert_int_eq(zip_take(s, &byte, 1, &e), 0);
	ck_assert_uint_eq(byte, 0x93);
	ck_assert_int_lt(zip_take(s, &byte, m.n, &e), 0);
	ck_has(e.text, "x.npy ends too early");
	ck_assert_int_lt(zip_end(s, &e), 0);
	ck_has(e.text, "x.npy is longer than what it holds");
	ck_assert_int_eq(zip_end(NULL, &e), 0);
	s = zip_start(&z, &z.member[0], &e);
	signals_cut((struct signals_cut){cut, NULL});
	ck_assert_int_lt(zip_take(s, &byte, 1, &e), 0);
	ck_sentence(e.text, "reading a.npz was interrupted; nothing of it is used");
	signals_cut((struct signals_cut){0});
	ck_assert_int_eq(zip_end(s, NULL), 0);
	failing_at(FAILING_MEMORY, 1, ENOMEM);
	ck_assert_ptr_null(zip_start(&z, &z.member[0], &e));
	ck_assert(failing_struck());
	ck_has(e.text, "a.npz cannot be unpacked: not enough memory");
	zip_close(&z);
	/* nothing, packed, ends as it should */
	write_archive(&(struct member){"x.npy", "", 0, 0, true}, 1);
	ck_assert_msg(zip_open(&z, "a.npz", &e) == 0, "%s", e.text);
	s = zip_start(&z, &z.member[0], &e);
	ck_assert_ptr_nonnull(s);
	ck_assert_msg(zip_end(s, &e) == 0, "%s", e.text);
	zip_close(&z);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("npy");
	TCase *t = tcase_create("npy");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, npy__read__what_numpy_wrote);
	tcase_add_test(t, npy__read__refuses_headers_that_lie);
	tcase_add_test(t, npy__read__values);
	tcase_add_test(t, npy__read__refuses_what_is_no_array);
	tcase_add_test(t, zip__read__refuses_archives_that_lie);
	tcase_add_test(t, zip__open__records_that_lie);
	tcase_add_test(t, zip__read__packed_bytes_that_lie);
	tcase_add_test(t, zip__start__a_member_in_parts);
	suite_add_tcase(s, t);
	return run_suite(s);
}
