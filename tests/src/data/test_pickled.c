/* test_pickled.c: CIFAR-100, and both of CIFAR as Python pickles them: whole, broken, and meant to run something. */
#include "data/class.h"
#include "data/pickled.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLANES = 3072, MAX = 1 << 20 };

static uint8_t B[MAX];
static size_t N;

static void
put(const void *p, size_t n)
{
	memcpy(B + N, p, n);
	N += n;
}

static void
put_text(const char *s)
{
	put((uint8_t[]){'U', (uint8_t)strlen(s)}, 2);
	put(s, strlen(s));
}

static void
put_list(const int *v, int n) /* of numbers, of whatever size each needs */
{
	put("]q\x05(", 4);
	for (int i = 0; i < n; i++)
		if (v[i] < 256 && v[i] >= 0)
			put((uint8_t[]){'K', (uint8_t)v[i]}, 2);
		else
			put((uint8_t[]){'J', (uint8_t)v[i], (uint8_t)(v[i] >> 8), (uint8_t)(v[i] >> 16),
			    (uint8_t)(v[i] >> 24)}, 5);
	put("e", 1);
}

/* Planes of 10, 20 and 30, but for one pixel: green of row 2, column 5. */
static void
put_planes(int first)
{
	for (int c = 0; c < 3; c++) {
		memset(B + N, 10 * (c + 1), 1024);
		if (c == 1)
			B[N + 2 * 32 + 5] = (uint8_t)(100 + first);
		N += 1024;
	}
}

/* As cPickle of Python 2 writes an array of NumPy with `rows` pictures. */
static void
put_array(int first, int rows, int cols)
{
	uint32_t bytes = (uint32_t)(rows * cols);

	put("cnumpy.core.multiarray\n_reconstruct\nq\x07"
	    "cnumpy\nndarray\nq\x08K\x00\x85q\tU\x01" "b\x87Rq\n(K\x01K", 71);
	put((uint8_t[]){(uint8_t)rows, 'M', (uint8_t)(cols & 255), (uint8_t)(cols >> 8)}, 4);
	put("\x86q\x0b" "cnumpy\ndtype\nq\x0cU\x02u1K\x00K\x01\x87Rq\r(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T",
	    55);
	put((uint8_t[]){(uint8_t)bytes, (uint8_t)(bytes >> 8), (uint8_t)(bytes >> 16), (uint8_t)(bytes >> 24)}, 4);
	for (int i = 0; i < rows && cols == PLANES; i++)
		put_planes(first);
	for (int i = 0; i < rows * cols && cols != PLANES; i++)
		B[N++] = (uint8_t)i;
	put("tb", 2);
}

/* The pictures of a batch with one or two lists of labels. */
static void
make_batch(int first, const char *key, const int *label, const char *other, const int *label2, int n, int cols)
{
	N = 0;
	put("\x80\x02}q\x01(", 6);
	put_text("batch_label");
	put_text("training batch 1 of 5");
	put_text(key);
	put_list(label, n);
	if (other != NULL) {
		put_text(other);
		put_list(label2, n);
	}
	put_text("data");
	put_array(first, n, cols);
	put_text("filenames");
	put("]q\x0e(", 4);
	put_text("a.png");
	put("h\x08" "e", 3); /* from the memo */
	put("u.", 2);
}

static void
write_ten(void)
{
	char name[32];

	for (int b = 0; b <= 5; b++) {
		make_batch(b, "labels", (const int[]){b, 9}, NULL, NULL, 2, PLANES);
		snprintf(name, sizeof name, b > 0 ? "data_batch_%d" : "test_batch", b);
		scratch_write(name, B, N);
	}
}

static struct dataset *
load(bool coarse)
{
	struct err e = {0};
	struct dataset *d = dataset_load_as(".", &(struct dataset_how){.coarse = coarse}, &e);

	ck_assert_msg(d != NULL, "%s", e.text);
	return d;
}

static void
assert_refused(const char *says)
{
	struct err e = {0};

	ck_assert_ptr_null(dataset_load(".", &e));
	ck_sentence(e.text, says);
}

START_TEST(pickled__ten__is_read)
{
	struct dataset *d;
	const uint8_t *p;

	write_ten();
	d = load(false);
	ck_assert_uint_eq(d->train.images.count, 10);
	ck_assert_uint_eq(d->test.images.count, 2);
	for (int i = 0; i < 10; i++)
		ck_assert_uint_eq(d->train.label[i], i % 2 == 1 ? 9 : i / 2 + 1);
	p = d->train.pixels + 2 * PLANES + 3 * (2 * 32 + 5);
	ck_assert_mem_eq(p, ((uint8_t[]){10, 102, 30}), 3);
	ck_assert_mem_eq(p + 3, ((uint8_t[]){10, 20, 30}), 3);
	ck_assert_str_eq(d->class_name[9], "truck"); /* known, without a file of names */
	ck_assert_int_eq(dataset_hash(d, &(struct err){0}), 0);
	ck_assert_uint_eq(strlen(d->train.sha256_images), 64);
	dataset_free(d);
	N = 0;
	put("\x80\x02}q\x01(", 6);
	put_text("label_names");
	put("]q\x02(", 4);
	for (char name[] = "a\n"; *name <= 'j'; ++*name)
		put_text(name);
	put("eu.", 3);
	scratch_write("batches.meta", B, N);
	d = load(false);
	ck_assert_str_eq(d->class_name[9], "j?"); /* names are for people */
	dataset_free(d);
}
END_TEST

static void
write_names(const char *key, int n, bool number)
{
	char name[16];

	N = 0;
	put("\x80\x02}q\x01(", 6);
	put_text(key);
	put("]q\x02(", 4);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "c%d", i);
		put_text(name);
	}
	put(number ? "K\1eu." : "eu.", number ? 5 : 3);
	scratch_write("batches.meta", B, N);
}

START_TEST(pickled__ten__has_the_names_of_its_file)
{
	struct dataset *d;
	char name[32];

	for (int b = 0; b <= 5; b++) {
		make_batch(b, "labels", (const int[]){b % 3, 2}, NULL, NULL, 2, PLANES);
		snprintf(name, sizeof name, b > 0 ? "data_batch_%d" : "test_batch", b);
		scratch_write(name, B, N);
	}
	write_names("label_names", 3, false);
	d = load(false);
	ck_assert(d->classes == 3 && d->names == 3);
	ck_assert_str_eq(d->class_name[2], "c2");
	dataset_free(d);
	write_names("names", 3, false); /* which is no list of them */
	d = load(false);
	ck_assert_str_eq(d->class_name[2], "bird");
	dataset_free(d);
	write_names("label_names", 2, false);
	assert_refused("names of 2 classes, but a picture with the label 2; name each label");
	write_names("label_names", 0, false);
	assert_refused("batches.meta names 0 classes under \"label_names\"; such data have 1 to 10");
	write_names("label_names", 11, false);
	assert_refused("batches.meta names 11 classes");
	write_names("label_names", 3, true);
	assert_refused("batches.meta has under \"label_names\", at 3, no text");
	scratch_write("batches.meta", "}(", 2);
	assert_refused("batches.meta is no pickle that is whole");
}
END_TEST

START_TEST(pickled__hundred__has_two_labels)
{
	const int fine[] = {99, 0, 7}, coarse[] = {19, 1, 2};
	struct dataset *d;

	make_batch(1, "fine_labels", fine, "coarse_labels", coarse, 3, PLANES);
	scratch_write("train", B, N);
	scratch_write("test", B, N);
	N = 0;
	put("\x80\x02}.", 4);
	scratch_write("meta", B, N);
	d = load(false);
	ck_assert_int_eq(d->classes, 100);
	ck_assert_mem_eq(d->train.label, ((uint16_t[]){99, 0, 7}), 3 * sizeof *d->train.label);
	ck_assert_ptr_null(d->class_name);
	dataset_free(d);
	d = load(true);
	ck_assert_int_eq(d->classes, 20);
	ck_assert_mem_eq(d->test.label, ((uint16_t[]){19, 1, 2}), 3 * sizeof *d->test.label);
	dataset_free(d);
}
END_TEST

#define BYTES(s) s, sizeof s - 1

START_TEST(pickled__read__what_is_wrong)
{
	static const struct {
		const char *bytes;
		size_t n;
		const char *says;
	} bad[] = {
		{BYTES("\x80\x02" "cos\nsystem\nU\x04true\x85R."), "would run os.system"},
		{BYTES("\x80\x02" "c__builtin__\neval\nU\x01" "1\x85R."), "would run __builtin__.eval"},
		{BYTES("i__main__\nx\n."), "the instruction 0x69"}, {BYTES("}"), "no pickle that is whole"},
		{BYTES("\x80\x02}(u"), "no pickle that is whole"}, {BYTES("K\x01."), "no pickle that is whole"},
		{BYTES("}}s."), "no pickle that is whole"}, {BYTES("}(N" "u."), "no pickle that is whole"}, {BYTES("h\x05."), "no pickle that is whole"},
		{BYTES("T\xff\xff\xff\x7f."), "no pickle that is whole"}, {BYTES("}r\xff\xff\xff\x7f."), "no pickle that is whole"},
		{BYTES("}."), "no pictures of 3x32x32"}, {BYTES("}q\x00h\x00h\x00s."), "no pictures of 3x32x32"} /* it holds itself */,
	};

	write_ten();
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		scratch_write("data_batch_3", bad[i].bytes, bad[i].n);
		assert_refused(bad[i].says);
	}
	make_batch(1, "labels", (const int[]){1, 10}, NULL, NULL, 2, PLANES);
	scratch_write("data_batch_3", B, N);
	assert_refused("no label from 0 to 9 for picture 1");
	make_batch(1, "labels", (const int[]){1, -1}, NULL, NULL, 2, PLANES);
	scratch_write("data_batch_3", B, N);
	assert_refused("no label from 0 to 9 for picture 1");
	make_batch(1, "label", (const int[]){1, 2}, NULL, NULL, 2, PLANES);
	scratch_write("data_batch_3", B, N);
	assert_refused("2 pictures, but 0 labels");
	remove("data_batch_3");
	assert_refused("data_batch_3 cannot be opened");
	ck_assert_int_eq(mkfifo("data_batch_3", 0600), 0);
	assert_refused("data_batch_3");
}
END_TEST

/* Whatever bytes are other ones: a sentence, or pictures that are whole. */
START_TEST(pickled__read__ten_thousand_mutations)
{
	size_t rows, cols, read = 0;
	struct pickled *p;
	uint8_t was[3];
	char path[64];
	int fd = memfd_create("mutated", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	make_batch(1, "labels", (const int[]){1, 2}, NULL, NULL, 2, 12);
	for (uint32_t i = 0; i < 10000; i++) {
		uint64_t r = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
		struct err e = {0};
		size_t cut = i % 5 == 0 ? (size_t)(r >> 20) % N : N, at[3];

		for (int k = 0; k < 3; k++) {
			at[k] = (size_t)(r >> (7 * k + 3)) % N;
			was[k] = B[at[k]];
			B[at[k]] = k <= (int)(i % 3) ? (uint8_t)(r >> (8 * k + 5)) : B[at[k]];
		}
		cut = cut > 0 ? cut : 1;
		ck_assert_int_eq(ftruncate(fd, 0), 0);
		ck_assert_int_eq(pwrite(fd, B, cut, 0), (ssize_t)cut);
		for (int k = 2; k >= 0; k--)
			B[at[k]] = was[k];
		if ((p = pickled_open(path, MAX, &e)) == NULL)
			ck_assert_msg(e.text[0] != '\0', "no sentence");
		else if (pickled_bytes(p, "data", &rows, &cols) != NULL) {
			ck_assert_uint_le(rows * cols, N);
			read++;
		}
		pickled_free(p);
	}
	ck_assert_uint_gt(read, 100);
	close(fd);
}
END_TEST

/* CIFAR-100's binary version. */
START_TEST(cifar__hundred__binary)
{
	struct err e = {0};
	struct dataset *d;
	uint8_t names[100 * 4 + 4];
	size_t n = 0;

	N = 0;
	for (int i = 0; i < 3; i++) {
		put((uint8_t[]){(uint8_t)(19 - i), (uint8_t)(99 - i)}, 2);
		put_planes(1);
	}
	scratch_write("train.bin", B, N);
	scratch_write("test.bin", B, N);
	for (int i = 0; i < 100; i++)
		n += (size_t)sprintf((char *)names + n, "c%d\n", i);
	n += (size_t)sprintf((char *)names + n, "\n\r\n"); /* lines without a name are none */
	scratch_write("fine_label_names.txt", names, n);
	d = load(false);
	ck_assert_int_eq(d->classes, 100);
	ck_assert_str_eq(d->class_name[99], "c99");
	ck_assert_mem_eq(d->train.label, ((uint16_t[]){99, 98, 97}), 3 * sizeof *d->train.label);
	ck_assert_mem_eq(d->train.pixels + 3 * (2 * 32 + 5), ((uint8_t[]){10, 101, 30}), 3);
	dataset_free(d);
	scratch_write("coarse_label_names.txt", names, 30 + 11 * 4); /* more than there are classes */
	ck_assert_ptr_null(dataset_load_as(".", &(struct dataset_how){.coarse = true}, &e));
	ck_sentence(e.text, "coarse_label_names.txt names more than the 20 classes that such data have");
	ck_assert_int_eq(unlink("coarse_label_names.txt"), 0);
	d = load(true);
	ck_assert_int_eq(d->classes, 20);
	ck_assert_ptr_null(d->class_name); /* no file has them */
	dataset_free(d);
	B[1] = 100;
	scratch_write("train.bin", B, N);
	assert_refused("label 100 in record 0; labels are 0 to 99");
	scratch_write("train.bin", B, N - 1);
	assert_refused("no whole records of 3074");
	ck_assert_int_eq(mkdir("ten", 0700), 0);
	ck_assert_ptr_null(dataset_load_as("ten", &(struct dataset_how){.coarse = true}, &e));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pickled");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, pickled__ten__is_read);
	tcase_add_test(t, pickled__ten__has_the_names_of_its_file);
	tcase_add_test(t, pickled__hundred__has_two_labels);
	tcase_add_test(t, pickled__read__what_is_wrong);
	tcase_add_test(t, pickled__read__ten_thousand_mutations);
	tcase_add_test(t, cifar__hundred__binary);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
