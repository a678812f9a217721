/* test_hdf5.c: what the helper program makes of HDF5, in one process: files it has written, and thousands that are damaged, each in a
 * child that may crash, as the library does now and then, but not lie. */
#include "libexec/convert.h"
#include "file/tensors.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHORT 200 /* mutations of each file; FAULTS=all: LONG */
#define LONG 3400

static uint64_t dice;

static uint32_t
roll(uint32_t below)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice >> 33) % below;
}

static uint8_t *
sample(const char *name, size_t *n)
{
	char path[4096];
	FILE *f;
	uint8_t *p;

	snprintf(path, sizeof path, "%s/tests/cli/h5/%s", getenv("top_srcdir") != NULL ? getenv("top_srcdir") : ".", name);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s is not there", path);
	fseek(f, 0, SEEK_END);
	*n = (size_t)ftell(f);
	rewind(f);
	p = malloc(*n + 1);
	ck_assert_uint_eq(fread(p, 1, *n, f), *n);
	fclose(f);
	return p;
}

static struct tensors *
opened(const struct hdf5_bytes *b)
{
	struct err e = {0};
	struct tensors *t = tensors_of("stream", b->p, b->n, &e);

	ck_assert_msg(t != NULL, "%s", e.text);
	return t;
}

START_TEST(read__finds_the_tensors_and_texts_of_a_file)
{
	size_t n;
	uint8_t *file = sample("keras-3.15.weights.h5", &n);
	struct hdf5_bytes b = {0};
	char why[HDF5_WHY];
	struct tensors *t;
	const struct tensor_entry *x;

	ck_assert_msg(hdf5_read(file, n, &b, why) == 0, "%s", why);
	t = opened(&b);
	x = tensors_find(t, "layers/conv2d/vars/0");
	ck_assert(x != NULL && tensors_fits(x, 4, (const int[]){3, 3, 1, 2}));
	x = tensors_find(t, "optimizer/vars/0");
	ck_assert(x != NULL && x->rank == 0 && x->floats == FLOATS_NONE);
	ck_assert_str_eq(json_string_value(json_object_get(t->metadata, "layers/dropout/vars@name")), "dropout");
	tensors_close(t);
	free(b.p);
	free(file);
}
END_TEST

/* A stream with two tensors, an attribute and a number. */
static char *
stream_of(size_t *n)
{
	static const float kernel[] = {1, 2, 3, 4, 5, 6}, bias[] = {-1};
	struct tensor_source x[] = {{"layers/dense/vars/0", 2, {3, 2}, kernel}, {"layers/dense/vars/1", 0, {0}, bias}};
	json_t *said = json_pack("{s:s, s:s, s:s}", "layers/dense/vars@name", "d\xc3\xa9nse", "optimizer/vars/0#", "-70000",
	    "layers/flatten/vars@name", "flatten");
	char *p = NULL;
	FILE *f = open_memstream(&p, n);

	ck_assert_int_eq(tensors_write(f, said, x, 2), 0);
	fclose(f);
	json_decref(said);
	return p;
}

START_TEST(write__makes_the_same_bytes_each_time_and_read_gives_them_back)
{
	size_t n;
	char *stream = stream_of(&n), why[HDF5_WHY];
	struct hdf5_bytes a = {0}, b = {0}, back = {0};
	const struct tensor_entry *x;
	struct tensors *t;
	struct err e = {0};
	float v[6];

	ck_assert_msg(hdf5_write(stream, n, &a, why) == 0, "%s", why);
	ck_assert_int_eq(hdf5_write(stream, n, &b, why), 0);
	ck_assert(a.n == b.n && memcmp(a.p, b.p, a.n) == 0);
	ck_assert_msg(hdf5_read(a.p, a.n, &back, why) == 0, "%s", why);
	t = opened(&back);
	ck_assert_uint_eq(t->n, 3);
	x = tensors_find(t, "layers/dense/vars/0");
	ck_assert(tensors_fits(x, 2, (const int[]){3, 2}) && tensors_read(t, x, v, 6, &e) == 0 && v[0] == 1 && v[5] == 6);
	x = tensors_find(t, "layers/dense/vars/1");
	ck_assert(x->rank == 0 && tensors_read(t, x, v, 1, &e) == 0 && v[0] == -1);
	x = tensors_find(t, "optimizer/vars/0");
	ck_assert_str_eq(x->dtype, "I32");
	ck_assert_str_eq(json_string_value(json_object_get(t->metadata, "layers/dense/vars@name")), "d\xc3\xa9nse");
	ck_assert_str_eq(json_string_value(json_object_get(t->metadata, "layers/flatten/vars@name")), "flatten");
	tensors_close(t);
	free(stream);
	free(a.p);
	free(b.p);
	free(back.p);
}
END_TEST

START_TEST(write__refuses_a_stream_that_lies)
{
	size_t n;
	char *stream = stream_of(&n), why[HDF5_WHY];
	struct hdf5_bytes b = {0};

	for (size_t cut = 0; cut < n; cut += 7) {
		ck_assert_int_eq(hdf5_write(stream, cut, &b, why), -1);
		ck_has(why, "cannot be written: ");
	}
	memcpy(strstr(stream + 8, "F32"), "F64", 3);
	ck_assert_int_eq(hdf5_write(stream, n, &b, why), -1);
	ck_has(why, "is no array of floats");
	free(stream);
}
END_TEST

/* ---- damaged files ---- */

static size_t
mutate(uint8_t *p, size_t n)
{
	size_t at = roll((uint32_t)n), len = 1 + roll(16);

	len = len < n - at ? len : n - at;
	switch (roll(8)) {
	case 0:
		return at;
	case 1:
		memset(p + at, (int)roll(2) * 0xff, len);
		break;
	case 2:
		memmove(p + at, p + roll((uint32_t)(n - len)), len);
		break;
	case 3:
	case 4:
		p[at] = (uint8_t)roll(256);
		break;
	default:
		p[at] ^= (uint8_t)(1u << roll(8));
	}
	return n;
}

enum { FINE, REFUSED, NO_SENTENCE, NO_STREAM };

/* What the helper does behind its limits. */
static int
attempt(const uint8_t *p, size_t n)
{
	struct hdf5_bytes b = {0};
	struct err e = {0};
	struct tensors *t;
	char why[HDF5_WHY];

	if (hdf5_read(p, n, &b, why) < 0)
		return strlen(why) > 10 && strpbrk(why, "\n\x1b") == NULL ? REFUSED : NO_SENTENCE;
	t = tensors_of("stream", b.p, b.n, &e);
	return t != NULL && b.n < 8 * n + 100000 ? FINE : NO_STREAM;
}

static void
child(const uint8_t *p, size_t n)
{
	struct rlimit cpu = {2, 2}, core = {0, 0};
	int null = open("/dev/null", O_WRONLY);

	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_CORE, &core);
	dup2(null, STDERR_FILENO); /* of a sanitizer, which sees what the library does */
	_exit(attempt(p, n));
}

START_TEST(read__never_lies_about_a_damaged_file)
{
	static const char *const names[] = {"keras-2.h5", "keras-3.15.weights.h5", "small"};
	const char *all = getenv("FAULTS");
	int count = all != NULL && strcmp(all, "all") == 0 ? LONG : SHORT, seen[4] = {0}, crashed = 0;
	size_t n;
	uint8_t *file, *copy;

	if (_i < 2)
		file = sample(names[_i], &n);
	else {
		struct hdf5_bytes b = {0};
		size_t length;
		char *stream = stream_of(&length), why[HDF5_WHY];

		ck_assert_int_eq(hdf5_write(stream, length, &b, why), 0);
		free(stream);
		file = b.p;
		n = b.n;
	}
	copy = malloc(n);
	dice = (uint64_t)_i;
	for (int i = 0; i < count; i++) {
		size_t m = n;
		int status;
		pid_t pid;

		memcpy(copy, file, n);
		for (uint32_t k = 1 + roll(4); k > 0 && m > 32; k--)
			m = mutate(copy, m);
		if ((pid = fork()) == 0)
			child(copy, m);
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status) && WEXITSTATUS(status) <= NO_STREAM)
			seen[WEXITSTATUS(status)]++;
		else
			crashed++;
		ck_assert_msg(seen[NO_SENTENCE] + seen[NO_STREAM] == 0, "mutation %d of %s: %d", i, names[_i], status);
	}
	printf("%s: %d read, %d refused, %d crashes of the library\n", names[_i], seen[FINE], seen[REFUSED], crashed);
	ck_assert(seen[FINE] > count / 10 && seen[REFUSED] > count / 10 && crashed < count / 10);
	free(copy);
	free(file);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("hdf5");
	TCase *t = tcase_create("files"), *damaged = tcase_create("damaged");

	tcase_add_test(t, read__finds_the_tensors_and_texts_of_a_file);
	tcase_add_test(t, write__makes_the_same_bytes_each_time_and_read_gives_them_back);
	tcase_add_test(t, write__refuses_a_stream_that_lies);
	suite_add_tcase(s, t);
	tcase_add_loop_test(damaged, read__never_lies_about_a_damaged_file, 0, 3);
	suite_add_tcase(s, damaged);
	return run_suite(s);
}
