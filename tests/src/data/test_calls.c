/* test_calls.c: data sets where a call fails, where a signal comes, and where a file or a folder may not be opened. */
#include "data/dataset.h"
#include "util/reach.h"
#include "util/signals.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char outside[] = "/etc/passwd"; /* a file that --safe keeps from being read */

/* CIFAR-10's six batches of two pictures each, whose labels are 0 to 3. */
static void
write_ten(void)
{
	uint8_t p[2 * 3073];
	char name[32];

	for (int b = 0; b <= 5; b++) {
		memset(p, 10 * b, sizeof p);
		p[0] = (uint8_t)(b % 3);
		p[3073] = 3;
		snprintf(name, sizeof name, b > 0 ? "data_batch_%d.bin" : "test_batch.bin", b);
		scratch_write(name, p, sizeof p);
	}
}

/* CIFAR-100's two files, of one picture. */
static void
write_hundred(void)
{
	uint8_t p[3074] = {4, 40};

	scratch_write("train.bin", p, sizeof p);
	scratch_write("test.bin", p, sizeof p);
}

/* Four IDX files of pictures of so many rows, columns and channels; the training images have one column more or less. */
static void
write_idx(const char *prefix, int count, uint8_t h, uint8_t w, uint8_t channels, int more)
{
	char name[64];

	for (int part = 0; part < 2; part++) {
		uint8_t p[4096] = {0, 0, 8, channels > 1 ? 4 : 3, 0, 0, 0, (uint8_t)count, 0, 0, 0, h, 0, 0, 0,
		    (uint8_t)(w + (part == 0 ? more : 0)), 0, 0, 0, channels}, y[64] = {0, 0, 8, 1, 0, 0, 0, (uint8_t)count};
		size_t head = channels > 1 ? 20 : 16, n = head + (size_t)count * h * p[15] * channels;

		for (size_t i = head; i < n; i++)
			p[i] = (uint8_t)(i - head);
		ck_assert_uint_le(n, sizeof p);
		snprintf(name, sizeof name, "%s%s-images-idx%d-ubyte", prefix, part == 0 ? "train" : "t10k", channels > 1 ? 4 : 3);
		scratch_write(name, p, n);
		snprintf(name, sizeof name, "%s%s-labels-idx1-ubyte", prefix, part == 0 ? "train" : "t10k");
		scratch_write(name, y, 8 + (size_t)count);
	}
}

static struct dataset *
load(void)
{
	struct err e = {0};
	struct dataset *d = dataset_load(".", &e);

	ck_assert_msg(d != NULL, "%s", e.text);
	return d;
}

static void
refused(const char *name, bool coarse, const char *says)
{
	struct err e = {0};

	ck_assert_ptr_null(dataset_load_as(name, &(struct dataset_how){.coarse = coarse}, &e));
	ck_sentence(e.text, says);
}

/* Each call of a kind fails in its turn, and that is said; until all of them work. */
static void
each_fails(enum failing what, int error, int least, const char *const *says)
{
	int n = 0;

	for (bool struck = true; struck; n++) {
		struct err e = {0};
		struct dataset *d;
		bool said = false;

		failing_at(what, n + 1, error);
		d = dataset_load(".", &e);
		struck = failing_struck();
		ck_assert_msg(struck == (d == NULL), "call %d of kind %d: %s", n, what, e.text);
		for (const char *const *s = says; struck && *s != NULL; s++)
			said |= strstr(e.text, *s) != NULL;
		ck_assert_msg(!struck || said, "call %d of kind %d: %s", n, what, e.text);
		dataset_free(d);
	}
	ck_assert_int_gt(n, least);
}

START_TEST(cifar__load__calls_that_fail)
{
	write_ten();
	scratch_write("batches.meta.txt", "a\nb\nc\nd", 7); /* no end of the last line */
	each_fails(FAILING_MEMORY, ENOMEM, 12, (const char *const[]){"not enough memory for its", NULL});
	each_fails(FAILING_STAT, EIO, 6, (const char *const[]){"is not a regular file", NULL});
	each_fails(FAILING_END, 0, 12, (const char *const[]){"ends in record 0", "ends in record 1", NULL});
	/* the folder itself, its names and each batch are streams */
	each_fails(FAILING_STREAM, EMFILE, 8, (const char *const[]){"cannot be read: Too many open files",
	    "cannot be opened: Too many open files", NULL});
}
END_TEST

static bool
cut(const void *arg)
{
	return true;
}

START_TEST(cifar__load__ends_with_a_signal)
{
	write_ten();
	signals_cut((struct signals_cut){cut, NULL});
	refused(".", false, "test_batch.bin was interrupted; nothing of it is used");
	signals_cut((struct signals_cut){0});
	dataset_free(load());
}
END_TEST

/* Under --safe a link may lead to where nothing is read. */
START_TEST(cifar__load__what_may_not_be_opened)
{
	write_ten();
	ck_assert_int_eq(symlink(outside, "batches.meta.txt"), 0);
	reach_confine(true);
	refused(".", false, "./batches.meta.txt cannot be opened: ");
	reach_confine(false);
	ck_assert_int_eq(remove("batches.meta.txt"), 0);
	ck_assert_int_eq(remove("test_batch.bin"), 0);
	ck_assert_int_eq(symlink(outside, "test_batch.bin"), 0);
	reach_confine(true);
	refused(".", false, "put all six files of CIFAR-10's binary version there");
	reach_confine(false);
	for (int b = 0; b <= 5; b++) {
		char name[32];

		snprintf(name, sizeof name, b > 0 ? "data_batch_%d.bin" : "test_batch.bin", b);
		ck_assert_int_eq(remove(name), 0);
	}
	write_hundred();
	ck_assert_int_eq(remove("test.bin"), 0);
	ck_assert_int_eq(symlink(outside, "test.bin"), 0);
	reach_confine(true);
	refused(".", false, "put both files of CIFAR-100's binary version there");
	reach_confine(false);
}
END_TEST

/* A file whose bytes cannot be read, though it opens. */
START_TEST(cifar__load__names_that_cannot_be_read)
{
	struct stat st;

	write_ten();
	if (stat("/proc/self/mem", &st) < 0 || !S_ISREG(st.st_mode))
		return;
	ck_assert_int_eq(symlink("/proc/self/mem", "batches.meta.txt"), 0);
	refused(".", false, "batches.meta.txt cannot be read: Input/output error; check the disk");
}
END_TEST

START_TEST(cifar__load__labels_that_it_has_not)
{
	write_ten();
	refused(".", true, ". is CIFAR-10, which has no coarse labels; leave labels= out");
	scratch_write("batches.meta.txt", "a\nb\nc\n", 6);
	refused(".", false, "names of 3 classes, but a picture with the label 3");
}
END_TEST

START_TEST(dataset__load__a_folder_that_may_not_be_listed)
{
	ck_assert_int_eq(mkdir("closed", 0), 0);
	ck_assert_int_eq(chmod(".", 0755), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
	refused("closed", false, "closed cannot be read: Permission denied; make it readable, or choose another folder");
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

/* Only pictures that are as high as wide, and grey, lie transposed in EMNIST's files. */
START_TEST(dataset__load__emnist_of_another_form)
{
	static const struct {
		uint8_t h, w, channels;
	} forms[] = {{5, 6, 1}, {5, 5, 3}};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct dataset *d;

		write_idx("emnist-", 2, forms[i].h, forms[i].w, forms[i].channels, 0);
		d = load();
		ck_assert(!d->turned && d->note == NULL);
		for (int k = 0; k < 2 * forms[i].h * forms[i].w * forms[i].channels; k++)
			ck_assert_uint_eq(d->train.pixels[k], (uint8_t)k);
		dataset_free(d);
		if (i == 0)
			for (int part = 0; part < 2; part++)
				ck_assert_int_eq(remove(part == 0 ? "emnist-train-images-idx3-ubyte" : "emnist-t10k-images-idx3-ubyte"), 0);
	}
	for (int part = 0; part < 2; part++)
		ck_assert_int_eq(remove(part == 0 ? "emnist-train-images-idx4-ubyte" : "emnist-t10k-images-idx4-ubyte"), 0);
	write_idx("emnist-", 2, 5, 5, 1, 1); /* of the test images alone */
	refused(".", false, "training images of 5x6x1, but test images of 5x5x1");
}
END_TEST

/* Memory that is short for a moment: what could not be summed is asked for again. */
static void
hash_fails(int least)
{
	struct dataset *d = load();
	int n = 0;

	for (bool struck = true; struck; n++) {
		struct err e = {0};
		int rc;

		d->train.sha256_images[0] = d->train.sha256_labels[0] = d->test.sha256_images[0] = d->test.sha256_labels[0] = '\0';
		failing_at(FAILING_MEMORY, n + 1, ENOMEM);
		rc = dataset_hash(d, &e);
		struck = failing_struck();
		ck_assert_int_eq(rc, struck ? -1 : 0);
		if (!struck)
			continue;
		ck_has(e.text, "not enough memory to hash .");
		ck_assert_int_eq(dataset_hash(d, &e), 0);
		ck_assert_uint_eq(strlen(d->train.sha256_images), 64);
	}
	ck_assert_int_gt(n, least);
	dataset_free(d);
}

START_TEST(dataset__hash__without_memory)
{
	write_idx("emnist-", 2, 5, 5, 1, 0);
	hash_fails(4); /* pictures that were turned, and labels, of two parts */
	write_ten();
	hash_fails(2);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("calls");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, cifar__load__calls_that_fail);
	tcase_add_test(t, cifar__load__ends_with_a_signal);
	tcase_add_test(t, cifar__load__what_may_not_be_opened);
	tcase_add_test(t, cifar__load__names_that_cannot_be_read);
	tcase_add_test(t, cifar__load__labels_that_it_has_not);
	tcase_add_test(t, dataset__load__a_folder_that_may_not_be_listed);
	tcase_add_test(t, dataset__load__emnist_of_another_form);
	tcase_add_test(t, dataset__hash__without_memory);
	suite_add_tcase(s, t);
	return run_suite(s);
}
