/* test_fuzz.c: the corpus of each fuzz target, and mutations of it, run again by any compiler. */
#include "config.h"
#include "tests/fuzz/targets.h"
#include "tests/run.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST ((size_t)1 << 20)
#define MANY 10000
#define MUTATIONS 8 /* of each input; seeded, so that they are the same each time */
#define FEW 2 /* of a line, which is run in a session of its own; check-long, which sets FAULTS, has as many as of the others */

static uint64_t dice;

static uint32_t
roll(uint32_t below)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice >> 33) % below;
}

/* A bit flipped, a byte changed, a piece taken out or said twice, or the end cut off. */
static size_t
mutate(uint8_t *p, size_t n)
{
	size_t at = roll((uint32_t)n), len = 1 + roll(8);

	switch (roll(5)) {
	case 0:
		p[at] ^= (uint8_t)(1u << roll(8));
		return n;
	case 1:
		p[at] = (uint8_t)roll(256);
		return n;
	case 2:
		len = len < n - at ? len : n - at;
		memmove(p + at, p + at + len, n - at - len);
		return n - len;
	case 3:
		len = len < n - at ? len : n - at;
		memmove(p + at + len, p + at, n - at);
		return n + len;
	default:
		return at;
	}
}

static void
input(const struct fuzz_target *t, const uint8_t *bytes, size_t n, int mutations)
{
	uint8_t *copy;

	t->run(bytes, n);
	dice = n;
	for (int i = 0; i < mutations && n > 0 && n < LARGEST; i++) {
		size_t m = n;

		copy = malloc(n + 64); /* one for each, so that a sanitizer sees what is read behind it */
		memcpy(copy, bytes, n);
		for (uint32_t k = 1 + roll(3); k > 0 && m > 0 && m + 16 < n + 64; k--)
			m = mutate(copy, m);
		t->run(copy, m);
		free(copy);
	}
}

START_TEST(fuzz__corpus__every_target_survives_its_inputs)
{
	const struct fuzz_target *t = &fuzz_targets[_i];
	char path[4096];
	uint8_t *bytes = malloc(LARGEST);
	struct dirent *entry;
	DIR *d;
	FILE *f;
	int inputs = 0;
	bool line = getenv("FAULTS") == NULL && strcmp(t->name, "line") == 0;

	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s", getenv("top_srcdir"), t->name);
	d = opendir(path);
	ck_assert_msg(d != NULL, "%s has no corpus", t->name);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s/%s", getenv("top_srcdir"), t->name, entry->d_name);
		f = fopen(path, "r");
		ck_assert_ptr_nonnull(f);
		input(t, bytes, fread(bytes, 1, LARGEST, f), line ? FEW : MUTATIONS);
		fclose(f);
		inputs++;
	}
	closedir(d);
	free(bytes);
	ck_assert_int_gt(inputs, 0);
}
END_TEST

/* Formats of files, and an input of each that is a whole file. Some are loaded into a session, which takes milliseconds:
 * these have fewer mutations but in make check-long, which sets FAULTS; under a sanitizer all have. */
static const struct {
	const char *target, *input;
	int mutations;
} whole[] = {
	{"idx", "rank4", MANY}, {"idx", "gz", MANY}, {"cifar", "one", 100}, {"npy", "stored", MANY}, {"npz", "order", 30},
	{"pickle", "small", MANY}, {"pt", "small", 30}, {"tensors", "meta", MANY}, {"state", "125ceb35", 100},
	{"keras", "keras-3.15.keras.json", 100}, {"png", "rgba16", MANY},
};
#define FORMATS ((int)(sizeof whole / sizeof *whole))

START_TEST(fuzz__whole_file_of_each_format__survives_mutations)
{
	char path[4096];
	uint8_t *bytes = malloc(LARGEST);
	FILE *f;
	int n = getenv("FAULTS") != NULL ? MANY : whole[_i].mutations;

#ifdef THAW_SANITIZED
	n = getenv("FAULTS") == NULL && n > 2000 ? 2000 : n;
#endif
	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/%s/%s", getenv("top_srcdir"), whole[_i].target, whole[_i].input);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s is missing", path);
	input(fuzz_target_find(whole[_i].target), bytes, fread(bytes, 1, LARGEST, f), n);
	fclose(f);
	free(bytes);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("fuzz");
	TCase *t = tcase_create("corpus");
	int n = 0;

	while (fuzz_targets[n].name != NULL)
		n++;
	tcase_add_loop_test(t, fuzz__corpus__every_target_survives_its_inputs, 0, n);
	tcase_add_loop_test(t, fuzz__whole_file_of_each_format__survives_mutations, 0, FORMATS);
	suite_add_tcase(s, t);
	return run_suite(s);
}
