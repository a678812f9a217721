/* test_found.c: data sets in folders as people have them: other names, other things beside them. */
#include "data/class.h"
#include "util/reach.h"
#include "util/sha256.h"
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
	ck_sentence(e.text, says);
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

static void
assert_chosen(const char *name, uint8_t train)
{
	struct err e = {0};
	struct dataset *d = dataset_load(name, &e);

	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_uint_eq(d->train.images.count, train);
	dataset_free(d);
}

START_TEST(dataset__load__names_with_a_prefix)
{
	write_four(".", "emnist-digits-", 30);
	assert_set(30, "transposed");
	write_four(".", "emnist-letters-", 31);
	assert_no_set("more than one data set (their names begin with emnist-digits-, emnist-letters-); name one behind "
	    "the folder: `data ./emnist-digits`");
	assert_chosen("./emnist-letters", 31);
	assert_chosen("./EMNIST-digits-", 30);
	write_four(".", "", 29); /* of several whole sets that of the usual names is meant, the last by name or the first */
	assert_set(29, NULL);
	write_four(".", "zoo-", 28);
	assert_set(29, NULL);
	for (int part = 0; part < 2; part++)
		for (int images = 0; images < 2; images++) {
			char name[64];

			snprintf(name, sizeof name, "%s-%s-ubyte%s", part == 0 ? "train" : "test", images ? "images-idx3" :
			    "labels-idx1", images ? "" : ".gz");
			ck_assert_int_eq(remove(name), 0);
			snprintf(name, sizeof name, "zoo-%s-%s-ubyte%s", part == 0 ? "train" : "test", images ? "images-idx3" :
			    "labels-idx1", images ? "" : ".gz");
			ck_assert_int_eq(remove(name), 0);
		}
	{
		struct err e = {0};

		ck_assert_ptr_null(dataset_load("./emnist", &e));
		ck_has(e.text, "whose names begin with emnist, but emnist-digits-, emnist-letters-; take");
		ck_assert_ptr_null(dataset_load("./emnist-digit", &e)); /* no whole word of a name */
		ck_has(e.text, "whose names begin with emnist-digit, but emnist-digits-, emnist-letters-; take");
		ck_assert_ptr_null(dataset_load("./kmnist", &e));
		ck_has(e.text, "no data set or folder \"./kmnist\"");
		ck_assert_int_eq(mkdir("none", 0700), 0);
		scratch_write("none/notes.txt", "x", 1);
		ck_assert_ptr_null(dataset_load("none/notes", &e));
		ck_has(e.text, "none has no four IDX files whose names begin with notes, but none at all; take");
	}
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
	remove("train-labels-idx1-ubyte.gz");
	ck_assert_int_eq(mkfifo("train-labels-idx1-ubyte", 0600), 0);
	assert_no_set("train-labels-idx1-ubyte is no regular file");
}
END_TEST

START_TEST(dataset__load__says_what_is_there)
{
	static const struct {
		const char *name, *says;
	} other[] = {{"notes.txt", "but notes.txt"}, {"cifar-10-binary.tar.gz", "unpack it"}, {"kmnist-train-imgs.npz", "name the archive itself"},
	    {"fine_label_names.txt", "but fine_label_names.txt"}, {"data_batch_1", "test_batch cannot be opened"}};

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

/* What is known and not read is named, by whichever of its files is there. */
START_TEST(dataset__load__names_what_it_does_not_read)
{
	static const struct {
		const char *name[3], *says;
	} other[] = {{{"batches.meta"}, "but batches.meta"}, {{"test_batch"}, "the instruction 0x78"},
	    {{"train.bin", "test.bin"}, "no whole records of 3074"}, {{"train.bin"}, "but train.bin"},
	    {{"test.bin"}, "but test.bin"}, {{"train", "test", "meta"}, "the instruction 0x78"},
	    {{"train", "test"}, "but test and train"}, {{"train", "meta"}, "but meta and train"}, {{"train"}, "but train"}};

	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		for (int k = 0; k < 3 && other[i].name[k] != NULL; k++)
			scratch_write(other[i].name[k], "x", 1);
		assert_no_set(other[i].says);
		for (int k = 0; k < 3 && other[i].name[k] != NULL; k++)
			remove(other[i].name[k]);
	}
	/* names that only look like those of a set */
	scratch_write("mytrain-images-idx3-ubyte", "x", 1);
	scratch_write("x-train-images-3d", "x", 1);
	assert_no_set("but mytrain-images-idx3-ubyte and x-train-images-3d");
	remove("mytrain-images-idx3-ubyte");
	remove("x-train-images-3d");
	/* a folder inside that has batches, behind many that have nothing */
	for (char name[] = "a0"; name[1] <= '9'; name[1]++)
		ck_assert_int_eq(mkdir(name, 0700), 0);
	ck_assert_int_eq(mkdir("b", 0700), 0);
	scratch_write("b/test_batch.bin", "x", 1);
	assert_no_set("its folder does: `data ./b`");
}
END_TEST

/* Of folders that hold no picture the first are named, and the first file that is in one. */
START_TEST(dataset__load__folders_without_pictures)
{
	char name[8];

	ck_assert_int_eq(mkdir("a", 0700), 0);
	assert_no_set("has no t10k-images-idx3-ubyte (or .gz), but a; put"); /* one alone is no class */
	ck_assert_int_eq(mkdir("b", 0700), 0);
	ck_assert_int_eq(mkdir(".hidden", 0700), 0);
	scratch_write("c", "no folder", 9);
	assert_no_set("has folders and no PNG or JPEG in any of them (a, b); put the pictures of each class into one");
	scratch_write("a/.hidden", "x", 1);
	scratch_write("b/one.txt", "x", 1);
	scratch_write("b/two.txt", "x", 1);
	assert_no_set("in any of them (a, b: first b/one.txt); put");
	for (char folder[] = "d"; *folder <= 'h'; ++*folder)
		ck_assert_int_eq(mkdir(folder, 0700), 0);
	assert_no_set("in any of them (a, b, d, e, f ...: first b/one.txt); put");
	/* what is behind very many entries is not looked for */
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "f%02d", i);
		scratch_write(name, "x", 1);
	}
	ck_assert_int_eq(mkdir("z", 0700), 0);
	write_four("z", "", 30);
	assert_no_set("in any of them (a, b, d, e, f: first b/one.txt); put");
	/* pictures and pickled batches in a folder inside */
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "f%02d", i);
		ck_assert_int_eq(remove(name), 0);
	}
	assert_no_set("its folder does: `data ./z`");
	scratch_write("e/data_batch_1", "x", 1);
	scratch_write("e/test_batch", "x", 1);
	assert_no_set("its folder does: `data ./e`");
	ck_assert_int_eq(mkdir("d/cats", 0700), 0);
	ck_assert_int_eq(mkdir("d/dogs", 0700), 0);
	scratch_write("d/cats/1.png", "x", 1);
	scratch_write("d/dogs/1.png", "x", 1);
	assert_no_set("its folder does: `data ./d`");
}
END_TEST

/* EMNIST's pictures are stored as columns; the sums are those of the files all the same. */
START_TEST(dataset__load__turns_emnist_and_names_classes)
{
	static const uint8_t labels[8 + 3] = {0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2};
	uint8_t p[16 + 3 * SIDE * SIDE] = {0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, SIDE, 0, 0, 0, SIDE};
	struct err e = {0};
	struct dataset *d;
	char sum[65], buf[CLASS_TEXT];

	for (int i = 0; i < 3 * SIDE * SIDE; i++)
		p[16 + i] = (uint8_t)i;
	for (int part = 0; part < 2; part++) {
		scratch_write(part == 0 ? "emnist-balanced-train-images-idx3-ubyte" :
		    "emnist-balanced-test-images-idx3-ubyte", p, sizeof p);
		scratch_write(part == 0 ? "emnist-balanced-train-labels-idx1-ubyte" :
		    "emnist-balanced-test-labels-idx1-ubyte", labels, sizeof labels);
	}
	ck_assert_msg((d = dataset_load(".", &e)) != NULL, "%s", e.text);
	for (int y = 0; y < SIDE; y++)
		for (int x = 0; x < SIDE; x++)
			ck_assert_uint_eq(d->train.pixels[SIDE * SIDE + y * SIDE + x], SIDE * SIDE + x * SIDE + y);
	ck_assert_int_eq(dataset_hash(d, &e), 0);
	sha256_hex(p, sizeof p, sum);
	ck_assert_str_eq(d->train.sha256_images, sum);
	ck_assert_str_eq(d->test.sha256_images, sum);
	ck_assert_str_eq(class_text(d, 2, CLASS_COLS, buf), "2");
	ck_assert_int_eq(d->names, 47);
	ck_assert_str_eq(d->class_name[46], "t");
	dataset_free(d);
}
END_TEST

/* The assets lie where THAW_ASSETS says; what is not bundled says how to get it. */
START_TEST(dataset__load__without_assets)
{
	static const struct {
		const char *name, *says;
	} none[] = {{"mnist", "/nowhere/mnist cannot be opened: No such file or directory; install the assets, or set "
	    "THAW_ASSETS to their folder"},
	    {"nosuch/kmnist", "no data set or folder"}, {"nosuch", "no data set or folder \"nosuch\""}};

	setenv("THAW_ASSETS", "/nowhere", 1);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct err e = {0};

		ck_assert_ptr_null(dataset_load(none[i].name, &e));
		ck_has(e.text, none[i].says);
	}
	ck_assert_str_eq(data_assets_dir(), "/nowhere");
	setenv("THAW_ASSETS", "", 1);
	ck_assert_str_ne(data_assets_dir(), "");
	/* a folder of that name, where the assets are not */
	setenv("THAW_ASSETS", "/nowhere", 1);
	ck_assert_int_eq(mkdir("fashion", 0700), 0);
	write_four("fashion", "", 30);
	ck_assert_ptr_nonnull(strstr(data_assets_dir(), "nowhere"));
	dataset_free(dataset_load("fashion", &(struct err){0}));
	/* and one outside, under --safe */
	reach_confine(true);
	{
		struct err e = {0};

		ck_assert_ptr_null(dataset_load("/etc", &e));
		ck_has(e.text, "choose a folder inside with `data DIR`");
	}
	reach_confine(false);
	unsetenv("THAW_ASSETS");
}
END_TEST

/* More prefixes than are looked at: still a sentence, and no more memory than that. */
START_TEST(dataset__load__very_many_names)
{
	char name[64];

	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "set%03d-train-images-idx3-ubyte", i);
		scratch_write(name, "x", 1);
	}
	assert_no_set("-idx");
	write_four(".", "", 30);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("found");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, dataset__load__names_with_a_prefix);
	tcase_add_test(t, dataset__load__turns_emnist_and_names_classes);
	tcase_add_test(t, dataset__load__names_in_upper_case);
	tcase_add_test(t, dataset__load__what_is_no_file_hides_none);
	tcase_add_test(t, dataset__load__says_what_is_there);
	tcase_add_test(t, dataset__load__names_what_it_does_not_read);
	tcase_add_test(t, dataset__load__very_many_names);
	tcase_add_test(t, dataset__load__folders_without_pictures);
	tcase_add_test(t, dataset__load__without_assets);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
