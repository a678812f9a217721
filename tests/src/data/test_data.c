/* test_data.c: IDX files and data sets of them; files that lie, whole and broken. */
#include "data/idx.h"
#include "data/split.h"
#include "tests/src/scratch.h"
#include "tests/run.h"
#include "util/signals.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t
make_header(uint8_t *p, int rank, const uint32_t *dim)
{
	struct idx x = {.rank = rank};

	memcpy(x.dim, dim, (size_t)rank * sizeof *dim);
	return idx_header(&x, p);
}

/* count images of h x w (x c when c > 0), the pixels counted up. */
static uint8_t *
make_images(uint32_t count, uint32_t h, uint32_t w, uint32_t c, size_t *n)
{
	size_t size = (size_t)count * h * w * (c ? c : 1), at;
	uint8_t *p = malloc(size + 20);

	ck_assert_ptr_nonnull(p);
	at = make_header(p, c ? 4 : 3, (uint32_t[]){count, h, w, c});
	for (size_t i = 0; i < size; i++)
		p[at + i] = (uint8_t)(i * 7);
	*n = at + size;
	return p;
}

static uint8_t *
make_labels(uint32_t count, int classes, size_t *n)
{
	uint8_t *p = malloc(count + 8);

	ck_assert_ptr_nonnull(p);
	make_header(p, 1, &count);
	for (uint32_t i = 0; i < count; i++)
		p[8 + i] = (uint8_t)(i % (unsigned)classes);
	*n = count + 8;
	return p;
}

static void
write_file(const char *name, uint8_t *p, size_t n)
{
	uint8_t *z;
	size_t m;

	if (strstr(name, ".gz") != NULL) {
		z = scratch_gzip(p, n, &m);
		scratch_write(name, z, m);
		free(z);
	} else
		scratch_write(name, p, n);
	free(p);
}

static void
write_images(const char *name, uint32_t count, uint32_t h, uint32_t w, uint32_t c)
{
	size_t n;
	uint8_t *p = make_images(count, h, w, c, &n);

	write_file(name, p, n);
}

static void
write_labels(const char *name, uint32_t count, int classes)
{
	size_t n;
	uint8_t *p = make_labels(count, classes, &n);

	write_file(name, p, n);
}

static void
write_set(uint32_t train, uint32_t test, uint32_t h, uint32_t w)
{
	write_images("train-images-idx3-ubyte.gz", train, h, w, 0);
	write_labels("train-labels-idx1-ubyte", train, 10);
	write_images("t10k-images-idx3-ubyte", test, h, w, 0);
	write_labels("t10k-labels-idx1-ubyte.gz", test, 10);
}

/* Reading must fail with a sentence; what it says must be in it. */
static void
assert_unreadable(const void *p, size_t n, const char *says)
{
	struct err e = {0};
	struct idx x;

	scratch_write("bad.idx", p, n);
	ck_assert_int_eq(idx_read("bad.idx", 3, 4, &x, &e), -1);
	ck_assert_ptr_null(x.bytes);
	ck_sentence(e.text, "bad.idx");
	if (says != NULL)
		ck_assert_msg(strstr(e.text, says) != NULL, "says not \"%s\": %s", says, e.text);
}

START_TEST(idx__read__plain_and_packed_alike)
{
	struct err e = {0};
	struct idx a, b;
	size_t n, m;
	uint8_t *p = make_images(3, 4, 5, 0, &n), *z = scratch_gzip(p, n, &m), head[20];

	scratch_write("a", p, n);
	scratch_write("b", z, m);
	scratch_write("a.gz", p, n);
	ck_assert_int_eq(idx_read("a.gz", 3, 4, &a, &e), -1);
	ck_sentence(e.text, "a.gz is not packed");
	ck_assert_msg(idx_read("a", 3, 4, &a, &e) == 0, "%s", e.text);
	ck_assert_msg(idx_read("b", 3, 4, &b, &e) == 0, "%s", e.text);
	ck_assert_int_eq(a.rank, 3);
	ck_assert_uint_eq(a.dim[0], 3);
	ck_assert_uint_eq(a.dim[2], 5);
	ck_assert_uint_eq(a.size, 60);
	ck_assert_mem_eq(a.bytes, p + 16, 60);
	ck_assert_mem_eq(b.bytes, p + 16, 60);
	ck_assert_uint_eq(idx_header(&b, head), 16);
	ck_assert_mem_eq(head, p, 16);
	free(a.bytes);
	free(b.bytes);
	free(p);
	free(z);
}
END_TEST

START_TEST(idx__read__gzip_members_one_behind_the_other)
{
	struct err e = {0};
	struct idx x;
	size_t n, m, k;
	uint8_t *p = make_images(3, 4, 5, 0, &n), *a = scratch_gzip(p, 30, &m), *b = scratch_gzip(p + 30, n - 30, &k);

	a = realloc(a, m + k);
	memcpy(a + m, b, k);
	scratch_write("two", a, m + k);
	ck_assert_msg(idx_read("two", 3, 4, &x, &e) == 0, "%s", e.text);
	ck_assert_mem_eq(x.bytes, p + 16, 60);
	free(x.bytes);
	free(p);
	free(a);
	free(b);
}
END_TEST

START_TEST(idx__read__bytes_behind_gzip)
{
	static const struct {
		size_t zeros; /* behind the first member */
		const char *more; /* behind those; NULL: the other half of the data */
		const char *says; /* NULL: it is read */
	} cases[] = {{1, "", NULL}, {512, "", NULL}, {70000, "", NULL}, {3, NULL, NULL}, {70001, NULL, NULL},
	    {0, "x", "bytes behind its gzip data"}, {9, "x", "bytes behind its gzip data"},
	    {0, "<html>not found</html>", "bytes behind its gzip data"}, {0, "\x1f", "bytes behind its gzip data"},
	    {0, "\x1f\x8a", "bytes behind its gzip data"}, {2, "\x1f\x8b\x08", "bytes behind its gzip data"}};
	struct err e = {0};
	struct idx x;
	size_t n, m, k, whole;
	uint8_t *p = make_images(3, 4, 5, 0, &n), *a = scratch_gzip(p, 30, &m), *b = scratch_gzip(p + 30, n - 30, &k),
	    *all = scratch_gzip(p, n, &whole);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const void *more = cases[i].more != NULL ? cases[i].more : (const char *)b;
		size_t first = cases[i].more != NULL ? whole : m, last = cases[i].more != NULL ? strlen(cases[i].more) : k;
		uint8_t *file = calloc(1, first + cases[i].zeros + last);

		memcpy(file, cases[i].more != NULL ? all : a, first);
		memcpy(file + first + cases[i].zeros, more, last);
		if (cases[i].says != NULL)
			assert_unreadable(file, first + cases[i].zeros + last, cases[i].says);
		else {
			scratch_write("padded", file, first + cases[i].zeros + last);
			ck_assert_msg(idx_read("padded", 3, 4, &x, &e) == 0, "%zu: %s", i, e.text);
			ck_assert_mem_eq(x.bytes, p + 16, 60);
			free(x.bytes);
		}
		free(file);
	}
	free(p);
	free(a);
	free(b);
	free(all);
}
END_TEST

START_TEST(idx__read__cut_off_at_every_byte)
{
	size_t n, m;
	uint8_t *p = make_images(3, 4, 5, 0, &n), *z = scratch_gzip(p, n, &m);

	for (size_t i = 0; i < n; i++)
		assert_unreadable(p, i, NULL);
	for (size_t i = 0; i < m; i++)
		assert_unreadable(z, i, NULL);
	assert_unreadable(z, m - 1, "cut off");
	free(p);
	free(z);
}
END_TEST

/* A flipped bit is found, or does no harm: gzip's own header holds a time and a system that mean nothing here. */
START_TEST(idx__read__every_bit_flipped)
{
	size_t n, m, harmless = 0;
	uint8_t *p = make_images(3, 4, 5, 0, &n), *z = scratch_gzip(p, n, &m);

	for (size_t bit = 0; bit < 8 * m; bit++) {
		struct err e = {0};
		struct idx x;

		z[bit / 8] ^= (uint8_t)(1 << bit % 8);
		scratch_write("flip", z, m);
		if (idx_read("flip", 3, 4, &x, &e) == 0) {
			ck_assert_uint_eq(x.size, 60);
			ck_assert_mem_eq(x.bytes, p + 16, 60);
			free(x.bytes);
			harmless++;
		} else
			ck_sentence(e.text, "flip");
		z[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	ck_assert_uint_le(harmless, 64);
	for (size_t bit = 0; bit < 8 * 16; bit++) {
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_unreadable(p, n, NULL);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	free(p);
	free(z);
}
END_TEST

START_TEST(idx__read__says_what_is_wrong)
{
	size_t n, m, k;
	uint8_t *p = make_images(3, 4, 5, 0, &n), *labels = make_labels(9, 10, &k), *z, *longer = malloc(n + 1);

	assert_unreadable("", 0, "is empty");
	assert_unreadable("<html>not found</html>", 22, "neither IDX nor gzip");
	assert_unreadable(labels, k, "labels where images belong");
	memcpy(longer, p, n);
	longer[n] = 0;
	assert_unreadable(longer, n + 1, "there are 61");
	z = scratch_gzip(longer, n + 1, &m);
	assert_unreadable(z, m, "goes on behind");
	free(z);
	z = scratch_gzip(p, n - 1, &m);
	assert_unreadable(z, m, "cut off: 59 of the 60");
	z[m - 6] ^= 1;
	assert_unreadable(z, m, "damaged gzip data");
	free(z);
	p[2] = 0x0d;
	assert_unreadable(p, n, "holds floats");
	p[2] = 0x08;
	p[3] = 9;
	assert_unreadable(p, n, "9 dimensions");
	free(p);
	free(labels);
	free(longer);
}
END_TEST

/* Headers that promise more than any file of that length can hold: refused before anything is allocated. */
START_TEST(idx__read__hostile_sizes)
{
	static const uint32_t dims[][3] = {
	    {0xffffffff, 0xffffffff, 0xffffffff}, {0x80000000, 0x80000000, 4}, {0x10000, 0x10000, 1},
	    {1, 1, 0xffffffff},
	    {0, 28, 28}, {60000, 0, 28}, {60000, 28, 0}, {70000, 28, 28}, {2000000, 28, 28},
	};
	uint8_t p[24] = {0}, *z;
	size_t n, m;

	for (size_t i = 0; i < sizeof dims / sizeof *dims; i++) {
		n = make_header(p, 3, dims[i]);
		assert_unreadable(p, n + 8, "IDX header");
		z = scratch_gzip(p, n + 8, &m);
		assert_unreadable(z, m, "IDX header");
		free(z);
	}
}
END_TEST

START_TEST(idx__read__what_is_no_file)
{
	struct err e = {0};
	struct idx x;

	ck_assert_int_eq(idx_read("nowhere", 1, 1, &x, &e), -1);
	ck_sentence(e.text, "nowhere");
	ck_assert_int_eq(idx_read("/dev/zero", 1, 1, &x, &e), -1);
	ck_sentence(e.text, "/dev/zero");
	ck_assert_int_eq(idx_read(".", 1, 1, &x, &e), -1);
	ck_sentence(e.text, "not a regular file");
}
END_TEST

static void
assert_no_set(const char *says)
{
	struct err e = {0};
	struct dataset *d = dataset_load(".", &e);

	ck_assert_ptr_null(d);
	ck_sentence(e.text, says);
}

START_TEST(dataset__load__folder_of_plain_and_packed_files)
{
	struct err e = {0};
	struct dataset *d;

	write_set(30, 20, 6, 5);
	d = dataset_load(".", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_int_eq(d->classes, 10);
	ck_assert_uint_eq(d->train.images.count, 30);
	ck_assert_uint_eq(d->test.images.count, 20);
	ck_assert_int_eq(d->test.images.shape.dim[0], 6);
	ck_assert_int_eq(d->test.images.shape.dim[1], 5);
	ck_assert_int_eq(d->test.images.shape.dim[2], 1);
	ck_assert_uint_eq(d->train.label[13], 3);
	ck_assert_uint_eq(d->train.images.pixels[1], 7);
	dataset_free(d);
}
END_TEST

/* What is said of labels and pictures is refused where the data have none such; a folder may have an archive's name. */
START_TEST(dataset__load__asked_for_what_it_has_not)
{
	static const struct dataset_how how[] = {{.width = 8}, {.one_in = 3}, {.rgb = true}};
	struct err e = {0};
	struct dataset *d;

	scratch_digits("small.npz", false);
	d = dataset_load("small.npz", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_uint_eq(d->train.images.count, 20);
	dataset_free(d);
	ck_assert_ptr_null(dataset_load_as("small.npz", &(struct dataset_how){.coarse = true}, &e));
	ck_has(e.text, "small.npz has no coarse labels, which are of CIFAR-100");
	for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
		ck_assert_ptr_null(dataset_load_as("small.npz", &how[i], &e));
		ck_has(e.text, "small.npz is no folder of pictures");
	}
}
END_TEST

START_TEST(dataset__load__shapes_that_are_no_pictures)
{
	static const struct {
		uint32_t size[3];
		const char *images[2], *says;
	} bad[] = {{{4, 4, 2}, {"train-images-idx4-ubyte", "test-images-idx4-ubyte"}, "of 2 channels; convert them to 1 (grey) or 3 (RGB)"},
	    {{1025, 1, 0}, {"train-images-idx3-ubyte", "test-images-idx3-ubyte"}, "images of 1025x1; at most 1024x1024 fit"},
	    {{1, 1025, 0}, {"train-images-idx3-ubyte", "test-images-idx3-ubyte"}, "images of 1x1025; at most 1024x1024 fit"}};
	struct err e = {0};

	write_labels("train-labels-idx1-ubyte", 2, 2);
	write_labels("test-labels-idx1-ubyte", 2, 2);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		for (int part = 0; part < 2; part++)
			write_images(bad[i].images[part], 2, bad[i].size[0], bad[i].size[1], bad[i].size[2]);
		ck_assert_ptr_null(dataset_load(".", &e));
		ck_has(e.text, bad[i].says);
		for (int part = 0; part < 2; part++)
			ck_assert_int_eq(remove(bad[i].images[part]), 0);
	}
}
END_TEST

START_TEST(dataset__load__other_names_channels_and_sizes)
{
	static const uint32_t size[][3] = {{1, 1, 0}, {32, 32, 3}, {512, 512, 0}, {1, 300, 1}};
	struct err e = {0};

	for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
		const char *images = size[i][2] ? "test-images.idx4-ubyte.gz" : "test-images.idx3-ubyte.gz";
		const char *train = size[i][2] ? "train-images-idx4-ubyte" : "train-images-idx3-ubyte";
		struct dataset *d;

		write_images(images, 2, size[i][0], size[i][1], size[i][2]);
		write_labels("test-labels.idx1-ubyte", 2, 2);
		write_images(train, 3, size[i][0], size[i][1], size[i][2]);
		write_labels("train-labels-idx1-ubyte.gz", 3, 3);
		d = dataset_load(".", &e);
		ck_assert_msg(d != NULL, "%s", e.text);
		ck_assert_int_eq(d->classes, 3);
		ck_assert_int_eq(d->train.images.shape.dim[0], (int)size[i][0]);
		ck_assert_int_eq(d->train.images.shape.dim[1], (int)size[i][1]);
		ck_assert_int_eq(d->train.images.shape.dim[2], size[i][2] ? (int)size[i][2] : 1);
		dataset_free(d);
		remove(images);
		remove(train);
	}
}
END_TEST

START_TEST(dataset__load__files_that_do_not_fit_together)
{
	struct err e = {0};

	assert_no_set("has no t10k-images-idx3-ubyte");
	write_set(30, 20, 6, 5);
	write_labels("train-labels-idx1-ubyte", 29, 10);
	assert_no_set("30 images, but");
	write_images("train-labels-idx1-ubyte", 30, 6, 5, 0);
	assert_no_set("where labels belong");
	write_labels("train-labels-idx1-ubyte", 30, 10);
	write_images("t10k-images-idx3-ubyte", 20, 5, 6, 0);
	assert_no_set("test images of 5x6x1");
	write_images("t10k-images-idx3-ubyte", 20, 2000, 1, 0);
	assert_no_set("scale them down");
	remove("t10k-labels-idx1-ubyte.gz");
	assert_no_set("has no t10k-labels-idx1-ubyte");
	ck_assert_ptr_null(dataset_load("no-such-folder", &e));
	ck_sentence(e.text, "no-such-folder");
}
END_TEST

START_TEST(dataset__load__takes_labels_beyond_the_digits)
{
	struct err e = {0};
	struct dataset *d;
	struct split s;

	write_set(30, 20, 6, 5);
	write_labels("train-labels-idx1-ubyte", 30, 12);
	ck_assert_msg((d = dataset_load(".", &e)) != NULL, "%s", e.text);
	ck_assert_int_eq(d->classes, 12);
	ck_assert_int_eq(split_parse_of(d, "all", &s, &e), 0);
	ck_assert_int_eq(split_count(&s), 12);
	ck_assert_int_eq(split_parse_of(d, "10-11", &s, &e), 0);
	ck_assert_str_eq(s.name, "gte10");
	ck_assert_int_eq(split_unit(&s, 11), 1);
	ck_assert_int_eq(split_parse_of(d, "digits=1-3,9,11", &s, &e), 0);
	ck_assert_str_eq(s.name, "digits=1-3,9,11");
	ck_assert_int_eq(split_parse_of(d, "digits=12", &s, &e), -1);
	ck_sentence(e.text, "N from 1 to 11");
	ck_assert_int_eq(split_parse_of(d, "classes=a", &s, &e), -1);
	ck_sentence(e.text, "have no names");
	dataset_free(d);
}
END_TEST

START_TEST(dataset__hash__is_of_the_whole_unpacked_file)
{
	struct err e = {0};
	struct dataset *a, *b;

	write_set(30, 20, 6, 5);
	a = dataset_load(".", &e);
	ck_assert_ptr_nonnull(a);
	ck_assert_int_eq(dataset_hash(a, &e), 0);
	/* As sha256sum prints them. */
	ck_assert_str_eq(a->test.sha256_labels, "be5713d8829571e59f34b543f7eeb521b1207d313487555fc3ab72f4165083f4");
	ck_assert_str_eq(a->test.sha256_images, "501c92e0e4de8660d4c8c97240b0dce114f8daebe44b13b0ce8faf31e60cb2ce");
	remove("t10k-images-idx3-ubyte");
	write_images("t10k-images-idx3-ubyte.gz", 20, 6, 5, 0);
	b = dataset_load(".", &e);
	ck_assert_ptr_nonnull(b);
	ck_assert_int_eq(dataset_hash(b, &e), 0);
	ck_assert_str_eq(a->test.sha256_images, b->test.sha256_images);
	dataset_free(a);
	dataset_free(b);
}
END_TEST

/* True from a certain time on that it is asked. */
static bool
cut_after(const void *arg)
{
	int *left = *(int *const *)arg;

	return (*left)-- <= 0;
}

START_TEST(dataset__hash__goes_on_where_it_was_cut_short)
{
	struct err e = {0};
	struct dataset *whole, *cut;
	int left, *counter = &left;

	write_set(30, 20, 6, 5);
	whole = dataset_load(".", &e);
	ck_assert_ptr_nonnull(whole);
	ck_assert_int_eq(dataset_hash(whole, &e), 0);
	for (int n = 0; n < 5; n++) { /* images and labels, of two parts: each is asked about once */
		cut = dataset_load(".", &e);
		ck_assert_ptr_nonnull(cut);
		left = n;
		signals_cut((struct signals_cut){cut_after, &counter});
		ck_assert_int_eq(dataset_hash(cut, &e), n >= 4 ? 0 : -1);
		signals_cut((struct signals_cut){0});
		ck_assert_int_eq(cut->test.sha256_labels[0] != '\0', n >= 4);
		ck_assert(n >= 4 || strstr(e.text, "was hashed; run it again") != NULL);
		ck_assert_int_eq(dataset_hash(cut, &e), 0);
		ck_assert_str_eq(cut->train.sha256_images, whole->train.sha256_images);
		ck_assert_str_eq(cut->train.sha256_labels, whole->train.sha256_labels);
		ck_assert_str_eq(cut->test.sha256_images, whole->test.sha256_images);
		ck_assert_str_eq(cut->test.sha256_labels, whole->test.sha256_labels);
		dataset_free(cut);
	}
	dataset_free(whole);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("data");
	TCase *t = tcase_create("files");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, idx__read__plain_and_packed_alike);
	tcase_add_test(t, idx__read__gzip_members_one_behind_the_other);
	tcase_add_test(t, idx__read__bytes_behind_gzip);
	tcase_add_test(t, idx__read__cut_off_at_every_byte);
	tcase_add_test(t, idx__read__every_bit_flipped);
	tcase_add_test(t, idx__read__says_what_is_wrong);
	tcase_add_test(t, idx__read__hostile_sizes);
	tcase_add_test(t, idx__read__what_is_no_file);
	tcase_add_test(t, dataset__load__folder_of_plain_and_packed_files);
	tcase_add_test(t, dataset__load__asked_for_what_it_has_not);
	tcase_add_test(t, dataset__load__shapes_that_are_no_pictures);
	tcase_add_test(t, dataset__load__other_names_channels_and_sizes);
	tcase_add_test(t, dataset__load__files_that_do_not_fit_together);
	tcase_add_test(t, dataset__load__takes_labels_beyond_the_digits);
	tcase_add_test(t, dataset__hash__is_of_the_whole_unpacked_file);
	tcase_add_test(t, dataset__hash__goes_on_where_it_was_cut_short);
	suite_add_tcase(s, t);
	return run_suite(s);
}
