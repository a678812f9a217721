/* test_data.c: IDX files, data sets and splits; files that lie, whole and broken. */
#include "data/class.h"
#include "data/idx.h"
#include "data/split.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sentence that names the file and ends with the way out. */
static void
assert_sentence(const struct err *e, const char *name)
{
	ck_assert_msg(strstr(e->text, name) != NULL, "names no %s: %s", name, e->text);
	ck_assert_msg(strpbrk(e->text, ";:") != NULL && strchr(e->text, '\n') == NULL, "no way out: %s", e->text);
}

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
	assert_sentence(&e, "bad.idx");
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
	assert_sentence(&e, "a.gz is not packed");
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
			assert_sentence(&e, "flip");
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
	assert_sentence(&e, "nowhere");
	ck_assert_int_eq(idx_read("/dev/zero", 1, 1, &x, &e), -1);
	assert_sentence(&e, "/dev/zero");
	ck_assert_int_eq(idx_read(".", 1, 1, &x, &e), -1);
	assert_sentence(&e, "not a regular file");
}
END_TEST

static void
assert_no_set(const char *says)
{
	struct err e = {0};
	struct dataset *d = dataset_load(".", &e);

	ck_assert_ptr_null(d);
	assert_sentence(&e, says);
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
	assert_sentence(&e, "no-such-folder");
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
	assert_sentence(&e, "N from 1 to 11");
	ck_assert_int_eq(split_parse_of(d, "classes=a", &s, &e), -1);
	assert_sentence(&e, "have no names");
	dataset_free(d);
}
END_TEST

/* Names as people give them, and what splits of them are called. */
START_TEST(split__classes__are_named_exactly)
{
	static const char *const name[] = {"cat", "dog", "Ankle boot", "7", "a,b", "d\303\266g", "!x", "cat..dog", "nobody"};
	struct dataset d = {.name = (char *)(uintptr_t)"pets", .class_name = (char **)(uintptr_t)name, .names = 9, .classes = 9,
	    .there = {true, true, true, true, true, true, true, true}};
	static const struct {
		const char *text, *name;
		uint32_t labels;
	} good[] = {
		{"classes=cat,dog", "classes=cat,dog", 3},
		{"classes=dog,cat", "classes=cat,dog", 3},
		{"classes=Ankle boot,7", "classes=\"Ankle boot\",7", 12},
		{"classes=a,b,cat", "classes=cat,a,b", 17},
		{"classes=cat..dog", "classes=cat..dog", 128},
		{"classes=dog..7", "classes=dog,\"Ankle boot\",7", 14},
		{"classes=!x", "classes=!x", 64},
		{"classes=!cat,dog", "classes=\"Ankle boot\",7,a,b,d\303\266g,!x,cat..dog", 252},
		{"classes=cat,dog,Ankle boot,7,a,b,d\303\266g,!x,cat..dog", "all", 255},
		{"classes=!nobody", "all", 255},
		{"all", "all", 255}, {"lt3", "lt3", 7}, {"gte7", "gte7", 128}, {"digits=0-2", "digits=0,1,2", 7},
	};
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"classes=", "(classes: cat, dog, Ankle boot"}, {"classes=Cat,dog", "did you mean \"cat\""},
		{"classes=cat,", "no class"}, {"classes=cat,cat", "named twice"}, {"classes=7..dog", "turn them round"},
		{"classes=nobody", "none of the classes of pets"}, {"gte8", "none of the classes"},
		{"classes=!all", "no class"}, {"digits=9", "classes=NAME,NAME"},
		{"classes=!cat,dog,Ankle boot,7,a,b,d\303\266g,!x,cat..dog", "none of the classes"},
	};
	struct err e = {0};
	struct split s, again;
	char *text, *m;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert_msg(split_parse_of(&d, good[i].text, &s, &e) == 0, "%s: %s", good[i].text, e.text);
		ck_assert_str_eq(s.name, good[i].name);
		ck_assert_uint_eq(s.set[0], good[i].labels);
		text = split_filed(&s);
		ck_assert_msg(split_read(text, &again) == 0, "%s", text);
		ck_assert(split_same(&s, &again) && s.kind == again.kind && s.named == again.named);
		ck_assert_str_eq(again.name, s.name);
		free(text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_msg(split_parse_of(&d, bad[i].text, &s, &e) == -1, "takes %s", bad[i].text);
		ck_assert_msg(strstr(e.text, bad[i].why) != NULL, "%s: %s", bad[i].text, e.text);
	}
	ck_assert_int_eq(split_parse_of(&d, "classes=dog,Ankle boot", &s, &e), 0);
	m = split_mapping(&s, &d);
	ck_assert_str_eq(m, "classes dog, Ankle boot -> units 0-1");
	free(m);
	m = split_mapping(&s, NULL);
	ck_assert_str_eq(m, "classes 1-2 -> units 0-1");
	free(m);
}
END_TEST

/* What a file says of a split is taken whole or not at all, whatever bytes it has. */
START_TEST(split__read__takes_nothing_else)
{
	static const char whole[] = "classes=cat,dog labels 3,5-7 of 200 classes 89abcdef by digit";
	static const char *const bad[] = {"", "labels 3", " labels 3 of 10 digits", "all labels  of 10 digits",
	    "all labels 3 of 0 digits", "all labels 3 of 4097 digits", "all labels 12 of 12 digits", "all labels 3 of 10",
	    "all labels 3 of 10 things", "all labels 3,3 of 10 digits", "classes=cat,dog",
	    "classes=a labels 1 of 2 classes 0"};
	struct split s;
	char text[sizeof whole];
	int taken = 0;

	ck_assert_int_eq(split_read(whole, &s), 0);
	ck_assert_str_eq(s.name, "classes=cat,dog");
	ck_assert(s.by_digit && s.named == 0x89abcdef && s.top == 200 && split_count(&s) == 4 && split_has(&s, 6));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(split_read(bad[i], &s) == -1, "takes \"%s\"", bad[i]);
	for (uint32_t i = 0; i < 5000; i++) {
		strcpy(text, whole);
		text[i * 2654435761u % (sizeof whole - 1)] = (char)(i * 40503u >> 3);
		if (split_read(text, &s) == 0) {
			taken++;
			ck_assert_int_gt(split_count(&s), 0);
			ck_assert_int_lt(split_nth(&s, split_count(&s) - 1), s.top);
			ck_assert_ptr_null(strchr(s.name, '\n'));
		}
	}
	ck_assert_int_gt(taken, 100);
}
END_TEST

START_TEST(class__texts__can_be_told_apart)
{
	static const char *const name[] = {"a long name of one", "a long name of two",
	    "\346\274\242\345\255\227\346\274\242\345\255\227", "x"};
	const struct dataset d = {.name = (char *)(uintptr_t)"pets", .class_name = (char **)(uintptr_t)name, .names = 4,
	    .classes = 4};
	const int label[] = {0, 1, 2, 3, -1};
	char out[5][CLASS_TEXT], buf[CLASS_TEXT], odd[] = "a\nb\033[31m\342\200\256c\377", *typed;

	class_texts(&d, label, 5, 6, out);
	ck_assert_str_eq(out[0], "a lo~0");
	ck_assert_str_eq(out[1], "a lo~1");
	ck_assert_str_eq(out[2], "\346\274\242\345\255\227\346\274\242"); /* of two columns each */
	ck_assert_str_eq(out[3], "x");
	ck_assert_str_eq(out[4], "other");
	ck_assert_str_eq(class_text(&d, 0, 8, buf), "a long ~");
	ck_assert_str_eq(class_text(&d, 0, CLASS_WHOLE, buf), name[0]);
	ck_assert_str_eq(class_text(NULL, 7, 8, buf), "7");
	class_clean(odd);
	ck_assert_str_eq(odd, "a?b?[31m?c?");
	typed = class_typed("say \"hi\\\"");
	ck_assert_str_eq(typed, "\"say \\\"hi\\\\\\\"\"");
	free(typed);
}
END_TEST

START_TEST(dataset__hash__is_of_the_whole_unpacked_file)
{
	struct err e = {0};
	struct dataset *a, *b;

	write_set(30, 20, 6, 5);
	a = dataset_load(".", &e);
	ck_assert_ptr_nonnull(a);
	dataset_hash(a);
	/* As sha256sum prints them. */
	ck_assert_str_eq(a->test.sha256_labels, "be5713d8829571e59f34b543f7eeb521b1207d313487555fc3ab72f4165083f4");
	ck_assert_str_eq(a->test.sha256_images, "501c92e0e4de8660d4c8c97240b0dce114f8daebe44b13b0ce8faf31e60cb2ce");
	remove("t10k-images-idx3-ubyte");
	write_images("t10k-images-idx3-ubyte.gz", 20, 6, 5, 0);
	b = dataset_load(".", &e);
	ck_assert_ptr_nonnull(b);
	dataset_hash(b);
	ck_assert_str_eq(a->test.sha256_images, b->test.sha256_images);
	dataset_free(a);
	dataset_free(b);
}
END_TEST

START_TEST(dataset__load__mnist_from_the_assets)
{
	struct err e = {0};
	struct dataset *d = dataset_load("mnist", &e);
	struct split lt5, gte5;
	struct selection s;

	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_int_eq(split_parse("lt5", &lt5, &e), 0);
	ck_assert_int_eq(split_parse("gte5", &gte5, &e), 0);
	ck_assert_int_eq(selection_make(&s, &d->train, &lt5, 0, &e), 0);
	ck_assert_uint_eq(s.set.count, 30596);
	selection_free(&s);
	ck_assert_int_eq(selection_make(&s, &d->test, &gte5, 0, &e), 0);
	ck_assert_uint_eq(s.set.count, 4861);
	ck_assert_uint_eq(s.index[0], 0);
	ck_assert_uint_eq(s.unit[0], 2);
	selection_free(&s);
	dataset_free(d);
}
END_TEST

START_TEST(split__parse__every_form)
{
	static const struct {
		const char *text, *name, *mapping;
		uint32_t digits;
	} good[] = {
	    {"all", "all", "digits 0-9 -> units 0-9", 0x3ff},
	    {"lt5", "lt5", "digits 0-4 -> units 0-4", 0x01f},
	    {"lt1", "lt1", "digit 0 -> unit 0", 0x001},
	    {"gte5", "gte5", "digits 5-9 -> units 0-4", 0x3e0},
	    {"gte9", "gte9", "digit 9 -> unit 0", 0x200},
	    {"digits=3,5,8", "digits=3,5,8", "digits 3,5,8 -> units 0-2", 0x128},
	    {"5-9", "gte5", "digits 5-9 -> units 0-4", 0x3e0},
	    {"0-4", "lt5", "digits 0-4 -> units 0-4", 0x01f},
	    {"0-9", "all", "digits 0-9 -> units 0-9", 0x3ff},
	    {"3-5", "digits=3,4,5", "digits 3-5 -> units 0-2", 0x038},
	    {"7-7", "digits=7", "digit 7 -> unit 0", 0x080},
	    {"digits=0-2,7", "digits=0,1,2,7", "digits 0,1,2,7 -> units 0-3", 0x087},
	    {"0-2,7", "digits=0,1,2,7", "digits 0,1,2,7 -> units 0-3", 0x087},
	    {"digits=8,3", "digits=3,8", "digits 3,8 -> units 0-1", 0x108},
	    {"digits=4,5", "digits=4,5", "digits 4-5 -> units 0-1", 0x030},
	};
	struct err e = {0};
	struct split s;
	char *m;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert_msg(split_parse(good[i].text, &s, &e) == 0, "%s", e.text);
		ck_assert_str_eq(s.name, good[i].name);
		ck_assert_uint_eq(s.set[0], good[i].digits);
		m = split_mapping(&s, NULL);
		ck_assert_str_eq(m, good[i].mapping);
		free(m);
	}
}
END_TEST

START_TEST(split__parse__refuses_with_the_list)
{
	static const char *const bad[] = {"", "lt", "lt0", "lt10", "LT5", "gte0", "gte55", "lt-1", "digits=",
	    "digits=3,", "digits=,3", "digits=10", "digits=8,3,8", "digits=3 5", "digits", "odd", "all ", "5-", "9-5", "-5", "5-10", "5-9,", "digits=0-4,3",
	    "digits=5-", "5", "5-x", "digits=-5"};
	struct err e = {0};
	struct split s = {.set = {77}};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_msg(split_parse(bad[i], &s, &e) == -1, "takes \"%s\"", bad[i]);
		ck_assert_ptr_nonnull(strstr(e.text, "splits: all"));
		ck_assert_uint_eq(s.set[0], 77);
	}
}
END_TEST

START_TEST(split__unit__is_the_rank_of_the_label)
{
	struct err e = {0};
	struct split s;

	ck_assert_int_eq(split_parse("digits=3,5,8", &s, &e), 0);
	ck_assert_int_eq(split_count(&s), 3);
	ck_assert_int_eq(split_unit(&s, 3), 0);
	ck_assert_int_eq(split_unit(&s, 8), 2);
	ck_assert_int_eq(split_unit(&s, 4), -1);
	ck_assert_int_eq(split_unit(&s, -1), -1);
	ck_assert_int_eq(split_unit(&s, 255), -1);
	ck_assert_int_eq(split_digit(&s, 1), 5);
	ck_assert_int_eq(split_digit(&s, 3), -1);
	ck_assert_int_eq(split_digit(&s, -1), -1);
}
END_TEST

START_TEST(split__unit__is_the_label_by_digit)
{
	struct err e = {0};
	struct split s, other;
	char *m;

	ck_assert_int_eq(split_parse("digits=3,5,8", &s, &e), 0);
	other = s;
	s.by_digit = true;
	ck_assert_int_eq(split_count(&s), 3);
	ck_assert_int_eq(split_units(&s), 9);
	ck_assert_int_eq(split_units(&other), 3);
	ck_assert_int_eq(split_unit(&s, 8), 8);
	ck_assert_int_eq(split_unit(&s, 4), -1);
	ck_assert_int_eq(split_digit(&s, 4), 4); /* what the unit stands for, though nothing trains it */
	ck_assert_int_eq(split_digit(&s, 10), -1);
	ck_assert_int_eq(split_nth(&s, 1), 5);
	ck_assert_int_eq(split_place(&s, 5), 1);
	ck_assert_int_eq(split_place(&s, 4), -1);
	ck_assert_int_eq(split_place(&other, 1), 1);
	ck_assert(!split_same(&s, &other) && !split_speaks(&s, &other));
	ck_assert_int_eq(split_parse("gte5", &other, &e), 0);
	other.by_digit = true;
	ck_assert(!split_same(&s, &other) && split_speaks(&s, &other));
	m = split_mapping(&s, NULL);
	ck_assert_str_eq(m, "digits 3,5,8 -> units 3,5,8");
	free(m);
	m = split_mapping(&other, NULL);
	ck_assert_str_eq(m, "digits 5-9 -> units 5-9");
	free(m);
}
END_TEST

START_TEST(selection__make__in_file_order_up_to_the_limit)
{
	uint16_t label[] = {3, 0, 5, 3, 9, 5};
	struct part p = {.label = label, .images.count = 6};
	struct err e = {0};
	struct split s;
	struct selection sel;

	ck_assert_int_eq(split_parse("digits=3,5", &s, &e), 0);
	ck_assert_int_eq(selection_make(&sel, &p, &s, 3, &e), 0);
	ck_assert_uint_eq(sel.set.count, 3);
	ck_assert_mem_eq(sel.index, ((uint32_t[]){0, 2, 3}), 12);
	ck_assert_mem_eq(sel.unit, ((uint16_t[]){0, 1, 0}), 3 * sizeof *sel.unit);
	selection_free(&sel);
	ck_assert_int_eq(selection_make(&sel, &p, &s, 0, &e), 0);
	ck_assert_uint_eq(sel.set.count, 4);
	selection_free(&sel);
	ck_assert_int_eq(split_parse("digits=7", &s, &e), 0);
	ck_assert_int_eq(selection_make(&sel, &p, &s, 0, &e), -1);
	assert_sentence(&e, "digits=7");
}
END_TEST

START_TEST(selection__taken__draws_by_the_seed)
{
	uint16_t label[200];
	struct part p = {.label = label, .images.count = 200};
	struct selection_take take = {.limit = 40, .drawn = true, .seed = 7};
	struct err e = {0};
	struct split s;
	struct selection sel[4];

	for (int i = 0; i < 200; i++)
		label[i] = (uint16_t)(i % 10);
	ck_assert_int_eq(split_parse("gte5", &s, &e), 0);
	ck_assert_int_eq(selection_taken(&sel[0], &p, &s, take, &e), 0);
	ck_assert_int_eq(selection_taken(&sel[1], &p, &s, take, &e), 0);
	take.seed = 8;
	ck_assert_int_eq(selection_taken(&sel[2], &p, &s, take, &e), 0);
	take.limit = 100; /* no more than there are, and no less */
	ck_assert_int_eq(selection_taken(&sel[3], &p, &s, take, &e), 0);
	ck_assert_uint_eq(sel[0].set.count, 40);
	ck_assert_mem_eq(sel[0].index, sel[1].index, 40 * sizeof *sel[0].index);
	ck_assert_mem_ne(sel[0].index, sel[2].index, 40 * sizeof *sel[0].index);
	ck_assert_uint_eq(sel[3].set.count, 100);
	for (int i = 0; i < 40; i++) {
		ck_assert(i == 0 || sel[0].index[i] > sel[0].index[i - 1]);
		ck_assert_uint_eq(sel[0].unit[i], label[sel[0].index[i]] - 5);
	}
	for (int i = 0; i < 4; i++)
		selection_free(&sel[i]);
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
	tcase_add_test(t, dataset__load__other_names_channels_and_sizes);
	tcase_add_test(t, dataset__load__files_that_do_not_fit_together);
	tcase_add_test(t, dataset__load__takes_labels_beyond_the_digits);
	tcase_add_test(t, dataset__hash__is_of_the_whole_unpacked_file);
	suite_add_tcase(s, t);
	t = tcase_create("splits");
	tcase_add_test(t, split__classes__are_named_exactly);
	tcase_add_test(t, split__read__takes_nothing_else);
	tcase_add_test(t, class__texts__can_be_told_apart);
	tcase_add_test(t, dataset__load__mnist_from_the_assets);
	tcase_add_test(t, split__parse__every_form);
	tcase_add_test(t, split__parse__refuses_with_the_list);
	tcase_add_test(t, split__unit__is_the_rank_of_the_label);
	tcase_add_test(t, split__unit__is_the_label_by_digit);
	tcase_add_test(t, selection__make__in_file_order_up_to_the_limit);
	tcase_add_test(t, selection__taken__draws_by_the_seed);
	suite_add_tcase(s, t);
	return run_suite(s);
}
