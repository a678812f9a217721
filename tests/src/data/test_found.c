/* test_found.c: data sets in folders as people have them: other names, other things beside them. */
#include "data/dataset.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIDE = 5 };

/* An IDX file of so many images, or of so many labels; packed where its name ends in .gz. */
static void
write_idx(const char *name, bool images, uint8_t count)
{
	uint8_t p[4096] = {0, 0, 8, images ? 3 : 1, 0, 0, 0, count, 0, 0, 0, SIDE, 0, 0, 0, SIDE}, *packed;
	size_t n = images ? 16 + (size_t)count * SIDE * SIDE : 8 + (size_t)count;

	if (!images)
		memset(p + 8, 3, count);
	ck_assert_uint_le(n, sizeof p);
	if (strlen(name) < 3 || strcmp(name + strlen(name) - 3, ".gz") != 0) {
		scratch_write(name, p, n);
		return;
	}
	packed = scratch_gzip(p, n, &n);
	scratch_write(name, packed, n);
	free(packed);
}

static void
assert_no_set(const char *says)
{
	struct err e = {0};

	ck_assert_ptr_null(dataset_load(".", &e));
	ck_assert_msg(strstr(e.text, says) != NULL, "\"%s\" is not in: %s", says, e.text);
	ck_assert_msg(strpbrk(e.text, ";:") != NULL && strchr(e.text, '\n') == NULL, "no way out: %s", e.text);
}

/* The four files behind a prefix, in a folder. */
static void
write_four(const char *dir, const char *prefix, uint8_t train)
{
	char name[100];

	for (int part = 0; part < 2; part++) {
		uint8_t n = part == 0 ? train : 7;

		snprintf(name, sizeof name, "%s/%s%s-images-idx3-ubyte", dir, prefix, part == 0 ? "train" : "test");
		write_idx(name, true, n);
		snprintf(name, sizeof name, "%s/%s%s-labels-idx1-ubyte.gz", dir, prefix, part == 0 ? "train" : "test");
		write_idx(name, false, n);
	}
}

static void
assert_set(uint8_t train, const char *note)
{
	struct err e = {0};
	struct dataset *d = dataset_load(".", &e);

	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_uint_eq(d->train.images.count, train);
	ck_assert(note == NULL ? d->note == NULL : d->note != NULL && strstr(d->note, note) != NULL);
	dataset_free(d);
}

START_TEST(dataset__load__names_with_a_prefix)
{
	write_four(".", "emnist-digits-", 30);
	assert_set(30, "transposed");
	write_four(".", "emnist-letters-", 31);
	assert_no_set("more than one data set (their names begin with emnist-digits-, emnist-letters-)");
	remove("emnist-letters-test-labels-idx1-ubyte.gz");
	assert_set(30, "transposed"); /* the whole one */
	remove("emnist-digits-test-labels-idx1-ubyte.gz");
	assert_no_set("has no emnist-digits-t10k-labels-idx1-ubyte");
	write_four(".", "", 29); /* the usual names come first */
	assert_set(29, NULL);
}
END_TEST

START_TEST(dataset__load__names_in_upper_case)
{
	write_idx("TRAIN-IMAGES-IDX3-UBYTE", true, 30);
	write_idx("Train-Labels.idx1-ubyte", false, 30);
	write_idx("T10K-images-idx3-ubyte.GZ", true, 7);
	write_idx("t10k-labels-IDX1-ubyte", false, 7);
	assert_no_set("T10K-images-idx3-ubyte.GZ is not packed by gzip");
	ck_assert_int_eq(rename("T10K-images-idx3-ubyte.GZ", "T10K-images-idx3-ubyte"), 0);
	assert_set(30, NULL);
}
END_TEST

START_TEST(dataset__load__what_is_no_file_hides_none)
{
	write_four(".", "", 30);
	ck_assert_int_eq(mkdir("train-labels-idx1-ubyte", 0700), 0);
	ck_assert_int_eq(symlink("nowhere", "test-labels-idx1-ubyte"), 0);
	ck_assert_int_eq(mkdir("t10k-images-idx3-ubyte", 0700), 0);
	ck_assert_int_eq(mkdir("data_batch_1.bin", 0700), 0);
	ck_assert_int_eq(symlink("nowhere", "test_batch.bin"), 0);
	assert_set(30, NULL);
	remove("train-labels-idx1-ubyte.gz");
	assert_no_set("train-labels-idx1-ubyte is a folder");
	remove("train-labels-idx1-ubyte");
	ck_assert_int_eq(symlink("nowhere", "train-labels-idx1-ubyte.gz"), 0);
	assert_no_set("train-labels-idx1-ubyte.gz is a link to nowhere");
}
END_TEST

START_TEST(dataset__load__says_what_is_there)
{
	static const struct {
		const char *name, *says;
	} other[] = {{"notes.txt", "but notes.txt"}, {"cifar-10-binary.tar.gz", "unpack it"}, {"kmnist-train-imgs.npz", "unpack it"},
	    {"fine_label_names.txt", "CIFAR-100"}, {"data_batch_1", "pickles"}};

	assert_no_set("but nothing");
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		scratch_write(other[i].name, "x", 1);
		assert_no_set(other[i].says);
		remove(other[i].name);
	}
	for (char name[] = "a"; *name <= 'i'; ++*name)
		scratch_write(name, "x", 1);
	assert_no_set("but a, b, c, d, e and 4 more");
	ck_assert_int_eq(mkdir("raw", 0700), 0);
	write_four("raw", "", 30);
	assert_no_set("`data ./raw`");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("found");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, dataset__load__names_with_a_prefix);
	tcase_add_test(t, dataset__load__names_in_upper_case);
	tcase_add_test(t, dataset__load__what_is_no_file_hides_none);
	tcase_add_test(t, dataset__load__says_what_is_there);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
