/* test_cifar.c: the binary batches of CIFAR-10, whole and broken. */
#include "data/dataset.h"
#include "util/sha256.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CIFAR_RECORD 3073 /* a label and three planes of 32x32 */

static void
assert_refused(const char *says)
{
	struct err e = {0};
	struct dataset *d = dataset_load(".", &e);

	ck_assert_ptr_null(d);
	ck_sentence(e.text, says);
}

/* A batch of CIFAR-10: record i has the label (first + i) % 10, and in its planes 10, 20 and 30, but for one pixel. */
static uint8_t *
make_batch(int first, size_t count, size_t *n)
{
	uint8_t *p = malloc(count * CIFAR_RECORD);

	ck_assert_ptr_nonnull(p);
	for (size_t i = 0; i < count; i++) {
		uint8_t *r = p + i * CIFAR_RECORD;

		r[0] = (uint8_t)((first + (int)i) % 10);
		for (int c = 0; c < 3; c++)
			memset(r + 1 + c * 1024, 10 * (c + 1), 1024);
		r[1 + 1024 + 2 * 32 + 5] = (uint8_t)(100 + first); /* green of row 2, column 5 */
	}
	*n = count * CIFAR_RECORD;
	return p;
}

static void
write_batches(uint8_t **all, size_t *total) /* of the training batches, one behind the other */
{
	char name[32];
	size_t n;
	uint8_t *p;

	*total = 0;
	*all = malloc(10 * CIFAR_RECORD);
	for (int b = 0; b <= 5; b++) {
		snprintf(name, sizeof name, b > 0 ? "data_batch_%d.bin" : "test_batch.bin", b);
		p = make_batch(b, 2, &n);
		scratch_write(name, p, n);
		if (b > 0) {
			memcpy(*all + *total, p, n);
			*total += n;
		}
		free(p);
	}
}

/* The same, of which only the files are wanted. */
static void
write_set(void)
{
	uint8_t *all;
	size_t n;

	write_batches(&all, &n);
	free(all);
}

START_TEST(cifar__load__pixels_labels_and_sums)
{
	struct err e = {0};
	struct dataset *d;
	const uint8_t *pixel;
	uint8_t *all;
	char sum[65];
	size_t n;

	write_batches(&all, &n);
	d = dataset_load(".", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert(d->cifar);
	ck_assert_uint_eq(d->train.images.count, 10);
	ck_assert_uint_eq(d->test.images.count, 2);
	ck_assert_int_eq(d->test.images.shape.dim[2], 3);
	ck_assert_int_eq(d->classes, 7);
	ck_assert_int_eq(d->train.label[2], 2);
	ck_assert_int_eq(d->train.label[9], 6);
	pixel = d->train.images.pixels + 4 * 3072 + (2 * 32 + 5) * 3; /* the first of batch 3 */
	ck_assert(pixel[-3] == 10 && pixel[-2] == 20 && pixel[-1] == 30);
	ck_assert(pixel[0] == 10 && pixel[1] == 103 && pixel[2] == 30);
	ck_assert_int_eq(dataset_hash(d, &e), 0);
	sha256_hex(all, n, sum);
	ck_assert_str_eq(d->train.sha256_images, sum);
	memset(d->train.pixels, 0, 3072); /* what is known is not reckoned again */
	ck_assert_int_eq(dataset_hash(d, &e), 0);
	ck_assert_str_eq(d->train.sha256_images, sum);
	dataset_free(d);
	ck_assert_int_eq(rename("test_batch.bin", "TEST_BATCH.BIN"), 0);
	dataset_free(d = dataset_load(".", &e));
	ck_assert_msg(d != NULL, "%s", e.text);
	free(all);
}
END_TEST

START_TEST(cifar__load__names_of_its_file)
{
	static const struct {
		const char *text;
		size_t n;
		const char *says;
	} bad[] = {{"", 0, "batches.meta.txt names no class"}, {"\n\n", 2, "batches.meta.txt names no class"},
	    {"a\nb\n", 4, "names of 2 classes, but a picture with the label"},
	    {"a\n\nb\nc\nd\ne\nf\ng\n", 15, "batches.meta.txt has an empty line, behind which names follow"},
	    {"a\nb\0c\nd\n", 8, "batches.meta.txt has a line that is no name"},
	    {"\0\n", 2, "batches.meta.txt has a line that is no name"},
	    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n", 24, "batches.meta.txt names more than the 10 classes"}};
	char most[255 + 1 + 14];
	struct err e = {0};
	struct dataset *d;

	write_set();
	d = dataset_load(".", &e);
	ck_assert_str_eq(d->class_name[2], "bird"); /* as the published set has it */
	dataset_free(d);
	scratch_write("batches.meta.txt", "box\r\ndisc\nwide stroke \nd\ne\nf\ng\n\n", 32);
	d = dataset_load(".", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert(d->names == 7 && d->classes == 7);
	ck_assert_str_eq(d->class_name[0], "box");
	ck_assert_str_eq(d->class_name[2], "wide stroke");
	ck_assert_str_eq(d->class_name[6], "g");
	dataset_free(d);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		scratch_write("batches.meta.txt", bad[i].text, bad[i].n);
		assert_refused(bad[i].says);
	}
	memset(most, 'x', sizeof most);
	memcpy(most + 254, "\nb\nc\nd\ne\nf\ng\n", 13);
	scratch_write("batches.meta.txt", most, 254 + 13);
	dataset_free(d = dataset_load(".", &e));
	ck_assert_ptr_nonnull(d);
	memset(most, 'x', 255);
	memcpy(most + 255, "\nb\nc\nd\ne\nf\ng\n", 13);
	scratch_write("batches.meta.txt", most, 255 + 13);
	assert_refused("batches.meta.txt has a line that is no name");
}
END_TEST

START_TEST(cifar__load__folder_around_it)
{
	char to[64], name[32];
	struct err e = {0};
	struct dataset *d;

	write_set();
	ck_assert_int_eq(mkdir("cifar-10-batches-bin", 0700), 0);
	for (int b = 0; b <= 5; b++) {
		snprintf(name, sizeof name, b > 0 ? "data_batch_%d.bin" : "test_batch.bin", b);
		snprintf(to, sizeof to, "cifar-10-batches-bin/%s", name);
		ck_assert_int_eq(rename(name, to), 0);
	}
	d = dataset_load(".", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_uint_eq(d->train.images.count, 10);
	dataset_free(d);
	ck_assert_int_eq(rename("cifar-10-batches-bin", "elsewhere"), 0);
	assert_refused("`data ./elsewhere`");
}
END_TEST

START_TEST(cifar__load__batches_that_are_broken)
{
	uint8_t *all, *p;
	size_t n;

	write_batches(&all, &n);
	scratch_write("data_batch_2.bin", all, CIFAR_RECORD - 1);
	assert_refused("data_batch_2.bin holds 3072 bytes");
	scratch_write("data_batch_2.bin", all, 0);
	assert_refused("data_batch_2.bin holds 0 bytes");
	all[CIFAR_RECORD] = 10;
	scratch_write("data_batch_2.bin", all, 2 * CIFAR_RECORD);
	assert_refused("the label 10 in record 1");
	remove("data_batch_2.bin");
	assert_refused("data_batch_2.bin cannot be opened");
	p = make_batch(0, 1, &n);
	scratch_write("data_batch_2.bin", p, n);
	remove("test_batch.bin");
	assert_refused("test_batch.bin cannot be opened");
	free(p);
	free(all);
}
END_TEST

START_TEST(cifar__load__what_is_no_batch)
{
	uint8_t *all;
	size_t n;

	write_batches(&all, &n);
	remove("data_batch_3.bin");
	ck_assert_int_eq(mkfifo("data_batch_3.bin", 0600), 0); /* nobody waits for what comes out of it */
	assert_refused("data_batch_3.bin");
	remove("data_batch_3.bin");
	/* as long as it says, and longer than is read */
	scratch_write("data_batch_3.bin", all, CIFAR_RECORD);
	ck_assert_int_eq(truncate("data_batch_3.bin", (off_t)CIFAR_RECORD * 3000000), 0);
	assert_refused("more than thaw reads");
	free(all);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cifar");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, cifar__load__pixels_labels_and_sums);
	tcase_add_test(t, cifar__load__names_of_its_file);
	tcase_add_test(t, cifar__load__folder_around_it);
	tcase_add_test(t, cifar__load__batches_that_are_broken);
	tcase_add_test(t, cifar__load__what_is_no_batch);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
