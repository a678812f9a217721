/* test_npz.c: a data set as one archive of NumPy's arrays, under the names of Keras and of MedMNIST, whole and lying. */
#include "data/dataset.h"
#include "tests/src/arrays.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- archives ---- */

/* The four arrays, of 3 pictures of 2x2 and then 2, but for `other`, which takes the place of that of its name, or leaves it empty
 * where it has no type. */
static void
write_set(const struct array *set, const struct array *other)
{
	struct array a[4];
	int n = 0;

	for (int i = 0; i < 4; i++) {
		a[n] = other != NULL && strcmp(other->name, set[i].name) == 0 ? *other : set[i];
		n += a[n].type != NULL;
	}
	arrays_write("a.npz", a, n);
}

static const struct array keras[] = {{"x_train.npy", "|u1", "3, 2, 2", NULL, 12}, {"y_train.npy", "<u2", "3,", "\7\0\1\0\4\0", 6},
    {"x_test.npy", "|u1", "2, 2, 2", NULL, 8}, {"y_test.npy", "|u1", "2,", "\3\2", 2}};

static void
refused(const char *says)
{
	struct err e = {0};

	ck_assert_ptr_null(dataset_load("a.npz", &e));
	ck_sentence(e.text, says);
	ck_has(e.text, "a.npz");
}

/* ---- tests ---- */

START_TEST(npz__load__as_keras_names_it)
{
	struct err e = {0};
	struct dataset *d;

	write_set(keras, NULL);
	d = dataset_load("a.npz", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert(d->train.images.count == 3 && d->test.images.count == 2 && d->classes == 8);
	ck_assert_mem_eq(d->train.images.shape.dim, ((int[]){2, 2, 1}), 3 * sizeof(int));
	ck_assert_mem_eq(d->train.pixels, ((uint8_t[]){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}), 12);
	ck_assert_mem_eq(d->train.label, ((uint16_t[]){7, 1, 4}), 6);
	ck_assert_mem_eq(d->test.label, ((uint16_t[]){3, 2}), 4);
	dataset_free(d);
}
END_TEST

START_TEST(npz__load__as_medmnist_names_it)
{
	static const struct array set[] = {{"train_images.npy", "|u1", "2, 1, 2, 3", NULL, 12},
	    {"train_labels.npy", "|u1", "2, 1", "\0\1", 2}, {"test_images.npy", "|u1", "1, 1, 2, 3", NULL, 6},
	    {"test_labels.npy", "<i8", "1, 1", "\x0c\0\0\0\0\0\0\0", 8}}, grey = {"train_images.npy", "|u1", "2, 3, 2, 1", NULL, 12};
	struct err e = {0};
	struct dataset *d;

	write_set(set, NULL);
	d = dataset_load("a.npz", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_mem_eq(d->train.images.shape.dim, ((int[]){1, 2, 3}), 3 * sizeof(int));
	ck_assert(d->classes == 13 && d->test.label[0] == 12 && d->test.pixels[5] == 5);
	dataset_free(d);
	write_set(set, &grey);
	refused("training images of 3x2x1, but test images of 1x2x3");
}
END_TEST

START_TEST(npz__load__arrays_that_are_no_pictures)
{
	static const struct {
		struct array a;
		const char *says;
	} bad[] = {
		{{"x_test.npy", NULL, NULL, NULL, 0}, "a.npz has no array x_test, as Keras' mnist.npz has; write it with numpy.savez"},
		{{"x_train.npy", NULL, NULL, NULL, 0}, "a.npz has no array x_train,"},
		{{"x_train.npy", "<f4", "3, 2, 2", NULL, 48}, "x_train.npy holds values of 4 bytes that are no uint8; write pixels as uint8"},
		{{"x_train.npy", "|i1", "3, 2, 2", NULL, 12}, "x_train.npy holds values of 1 bytes that are no uint8"},
		{{"x_train.npy", "|b1", "3, 2, 2", NULL, 12}, "are no uint8"},
		{{"x_train.npy", "|O", "3, 2, 2", NULL, 12}, "holds Python objects"},
		{{"x_train.npy", "|u1", "0, 2, 2", NULL, 0}, "x_train.npy holds no pictures of one or three channels"},
		{{"x_train.npy", "|u1", "3, 4", NULL, 12}, "holds no pictures of one or three channels"},
		{{"x_train.npy", "|u1", "3, 2, 1, 2", NULL, 12}, "holds no pictures of one or three channels"},
		{{"x_train.npy", "|u1", "1, 1, 2, 2, 3", NULL, 12}, "holds no pictures of one or three channels"},
		{{"x_train.npy", "|u1", "3, 1025, 1", NULL, 3075}, "holds images of 1025x1; at most 1024x1024 fit: scale them down"},
		{{"x_train.npy", "|u1", "3, 1, 1025", NULL, 3075}, "holds images of 1x1025; at most 1024x1024 fit"},
		{{"x_test.npy", "|u1", "2, 3, 3", NULL, 18}, "training images of 2x2x1, but test images of 3x3x1"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_set(keras, &bad[i].a);
		refused(bad[i].says);
	}
}
END_TEST

START_TEST(npz__load__arrays_that_are_no_labels)
{
	static const struct {
		struct array a;
		const char *says;
	} bad[] = {
		{{"y_test.npy", NULL, NULL, NULL, 0}, "a.npz has no array y_test,"},
		{{"y_train.npy", NULL, NULL, NULL, 0}, "a.npz has no array y_train,"},
		{{"y_train.npy", "<c8", "3,", NULL, 24}, "y_train.npy holds values of the type \"<c8\""},
		{{"y_train.npy", "<f8", "3,", NULL, 24}, "y_train.npy holds no labels, a whole number for each picture"},
		{{"y_train.npy", "|u1", "", NULL, 1}, "holds no labels"},
		{{"y_train.npy", "|u1", "3, 1, 1", NULL, 3}, "holds no labels"},
		{{"y_train.npy", "|u1", "3, 10", NULL, 30}, "write the number of its class, as argmax gives it"},
		{{"y_train.npy", "|u1", "2,", NULL, 2}, "there are 3 images, but 2 labels in y_train.npy; check that they are not mixed up"},
		{{"y_train.npy", "|i1", "3,", "\1\2\xff", 3}, "y_train.npy has the label -1 at 2; labels are 0 to 4095"},
		{{"y_train.npy", "<u2", "3,", "\xff\x0f\0\x10\0\0", 6}, "y_train.npy has the label 4096 at 1; labels are 0 to 4095"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_set(keras, &bad[i].a);
		refused(bad[i].says);
	}
}
END_TEST

/* Names of an array of its own are of all labels, in both parts. */
START_TEST(npz__load__names_that_do_not_suffice)
{
	static const struct array set[] = {{"x_train.npy", "|u1", "2, 2, 2", NULL, 8}, {"y_train.npy", "|u1", "2,", "\0\1", 2},
	    {"x_test.npy", "|u1", "1, 2, 2", NULL, 4}, {"y_test.npy", "|u1", "1,", "\1", 1},
	    {"classes.npy", "<U1", "2,", "a\0\0\0b\0\0\0", 8}}, late = {"y_test.npy", "|u1", "1,", "\2", 1},
	    first = {"y_train.npy", "|u1", "2,", "\0\2", 2}, empty = {"classes.npy", "<U1", "2,", "a\0\0\0\0\0\0\0", 8};
	const struct array *const other[] = {&late, &first, &empty};
	struct err e = {0};
	struct dataset *d;

	arrays_write("a.npz", set, 5);
	d = dataset_load("a.npz", &e);
	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_str_eq(d->class_name[1], "b");
	dataset_free(d);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		struct array a[5];

		for (int k = 0; k < 5; k++)
			a[k] = strcmp(set[k].name, other[i]->name) == 0 ? *other[i] : set[k];
		arrays_write("a.npz", a, 5);
		refused(i < 2 ? "has names of 2 classes, but a picture with the label 2" : "has an empty name for the label 1");
	}
}
END_TEST

START_TEST(npz__load__calls_that_fail)
{
	static const struct {
		enum failing what;
		int error, least;
		const char *says;
	} ways[] = {{FAILING_MEMORY, ENOMEM, 7, "memory"}, {FAILING_READ, EIO, 10, "cannot be read"}, {FAILING_END, 0, 10, "cut off"},
	    {FAILING_STAT, EIO, 1, "regular file"}};

	write_set(keras, NULL);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		int n = 0;

		for (bool struck = true; struck; n++) {
			struct err e = {0};
			struct dataset *d;

			failing_at(ways[i].what, n + 1, ways[i].error);
			d = dataset_load("a.npz", &e);
			struck = failing_struck();
			ck_assert_msg(struck == (d == NULL), "%zu, call %d: %s", i, n, e.text);
			if (struck)
				ck_has(e.text, ways[i].says);
			dataset_free(d);
		}
		ck_assert_int_gt(n, ways[i].least);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("npz");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, npz__load__as_keras_names_it);
	tcase_add_test(t, npz__load__as_medmnist_names_it);
	tcase_add_test(t, npz__load__arrays_that_are_no_pictures);
	tcase_add_test(t, npz__load__arrays_that_are_no_labels);
	tcase_add_test(t, npz__load__names_that_do_not_suffice);
	tcase_add_test(t, npz__load__calls_that_fail);
	suite_add_tcase(s, t);
	return run_suite(s);
}
