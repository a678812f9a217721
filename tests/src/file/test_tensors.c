/* test_tensors.c: the container of tensors, read with suspicion; files replaced whole or not at all. */
#include "config.h"
#include "file/tensors.h"
#include "util/atomic.h"
#include "util/reach.h"
#include "util/signals.h"
#include "util/temp.h"
#include "util/xmalloc.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the container ---- */

/* A file made of a header's text and zeros. */
static void
write_container(const char *name, const char *header, size_t data)
{
	size_t n = strlen(header), i;
	uint8_t *p = xcalloc(8 + n + data, 1);

	for (i = 0; i < 8; i++)
		p[i] = (uint8_t)(n >> (8 * i));
	memcpy(p + 8, header, n);
	scratch_write(name, p, 8 + n + data);
	free(p);
}

static uint8_t *
good_container(size_t *n)
{
	static const float a[6] = {1, 2, 3, 4, 5, -6}, b[2] = {0.5f, 1e-30f};
	const struct tensor_source x[] = {{"dense.kernel", 2, {3, 2}, a}, {"dense.bias", 1, {2}, b}};
	json_t *metadata = json_pack("{s:s}", "who", "a \"test\"");
	FILE *f = fopen("good", "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(tensors_write(f, metadata, x, 2), 0);
	fclose(f);
	json_decref(metadata);
	return scratch_read("good", n);
}

START_TEST(tensors__write__read_back)
{
	size_t n;
	uint8_t *p = good_container(&n);
	struct err e = {0};
	struct tensors *t = tensors_open("good", &e);
	const struct tensor_entry *x;
	float v[6];
	char *shape;

	ck_assert_msg(t != NULL, "%s", e.text);
	ck_assert_uint_eq(t->n, 2);
	ck_assert_uint_eq(t->data % 8, 0);
	ck_assert_str_eq(json_string_value(json_object_get(t->metadata, "who")), "a \"test\"");
	x = tensors_find(t, "dense.kernel");
	ck_assert_ptr_nonnull(x);
	ck_assert(tensors_fits(x, 2, (int[]){3, 2}));
	ck_assert(!tensors_fits(x, 2, (int[]){2, 3}));
	ck_assert(!tensors_fits(x, 1, (int[]){6}));
	shape = tensors_shape(x);
	ck_assert_str_eq(shape, "3x2");
	free(shape);
	ck_assert_int_eq(tensors_read(t, x, v, 6, &e), 0);
	ck_assert(v[0] == 1 && v[5] == -6);
	ck_assert_int_eq(tensors_read(t, x, v, 5, &e), -1);
	ck_assert_ptr_null(tensors_find(t, "dense"));
	tensors_close(t);
	free(p);
}
END_TEST

START_TEST(tensors__open__cut_off_at_every_byte)
{
	size_t n;
	uint8_t *p = good_container(&n);

	for (size_t i = 0; i < n; i++) {
		struct err e = {0};

		scratch_write("cut", p, i);
		ck_assert_ptr_null(tensors_open("cut", &e));
		ck_sentence(e.text, "cut");
	}
	free(p);
}
END_TEST

/* A flipped bit is refused, or gives a container that is sound in itself. */
START_TEST(tensors__open__flipped_bits_of_the_header)
{
	size_t n, opened = 0;
	uint8_t *p = good_container(&n);

	for (size_t bit = 0; bit < 8 * (n - 32); bit += bit < 64 ? 1 : 3) { /* 3: each place of a byte comes up */
		struct err e = {0};
		struct tensors *t;

		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		scratch_write("flip", p, n);
		if ((t = tensors_open("flip", &e)) != NULL) {
			uint64_t at = 0;

			for (size_t i = 0; i < t->n; i++) {
				ck_assert_uint_eq(t->entry[i].begin, at);
				at = t->entry[i].end;
			}
			ck_assert_uint_eq(t->data + at, n);
			opened++;
		} else
			ck_sentence(e.text, "flip");
		tensors_close(t);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	ck_assert_uint_gt(opened, 0); /* in a name, for one */
	free(p);
}
END_TEST

START_TEST(tensors__open__hostile_headers)
{
	static const struct {
		const char *header;
		size_t data;
		const char *says;
	} bad[] = {
	    {"", 0, "{"},
	    {"[1]", 0, "{"},
	    {"{", 0, "{"},
	    {"{]", 0, "damaged header"},
	    {"{} {}", 0, "damaged header"},
	    {"{\"a\":1}", 0, "dtype"},
	    {"{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype"},
	    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "shape"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,4]}}", 4, "asks for 8"},
    {"{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,1]}}", 1, "within a byte"},
    {"{\"a\":{\"dtype\":\"F6_E2M3\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4, "asks for 3"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "no size"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4, "no size"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}", 4,
	    "larger than any memory"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "data_offsets"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "asks for 4"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, "data_offsets"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":7}}", 4, "data_offsets"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\"0\",4]}}", 4, "data_offsets"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "8 follow"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 0, "0 follow"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "damaged header"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12, "hole"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "hole"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "overlaps"},
	    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "overlaps"},
	    {"{\"__metadata__\":[]}", 0, "__metadata__"},
	    {"{\"__metadata__\":{\"a\":1}}", 0, "strings"},
	};
	char *many;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = {0};

		write_container("bad", bad[i].header, bad[i].data);
		ck_assert_msg(tensors_open("bad", &e) == NULL, "opens %s", bad[i].header);
		ck_sentence(e.text, bad[i].says);
		ck_has(e.text, "bad");
	}
	many = xmalloc(2000003);
	memset(many, ',', 2000002);
	memcpy(many, "{\"a\":[1", 7);
	many[2000002] = '\0';
	write_container("bad", many, 0);
	ck_assert_ptr_null(tensors_open("bad", &(struct err){0}));
	free(many);
}
END_TEST

START_TEST(tensors__read__refuses_what_is_not_finite)
{
	static const float v[3] = {1, NAN, INFINITY};
	const struct tensor_source x = {"dense.bias", 1, {3}, v};
	FILE *f = fopen("nan", "w");
	struct err e = {0};
	struct tensors *t;
	float out[3];

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(tensors_write(f, NULL, &x, 1), 0);
	fclose(f);
	t = tensors_open("nan", &e);
	ck_assert_msg(t != NULL, "%s", e.text);
	ck_assert_int_eq(tensors_read(t, &t->entry[0], out, 3, &e), -1);
	ck_sentence(e.text, "2 of the 3 values of \"dense.bias\" are NaN");
	tensors_close(t);
}
END_TEST

/* Of another type, or of another size than is asked for. */
START_TEST(tensors__read__only_what_it_is)
{
	struct err e = {0};
	struct tensors *t;
	float out[4];

	write_container("two", "{\"a\":{\"dtype\":\"I32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", 16);
	t = tensors_open("two", &e);
	ck_assert_msg(t != NULL, "%s", e.text);
	ck_assert_int_eq(tensors_read(t, tensors_find(t, "a"), out, 2, &e), -1);
	ck_sentence(e.text, "tensor \"a\" does not hold 2 floats");
	ck_assert_int_eq(tensors_read(t, tensors_find(t, "b"), out, 3, &e), -1);
	ck_sentence(e.text, "tensor \"b\" does not hold 3 floats");
	ck_assert_int_eq(tensors_read(t, tensors_find(t, "b"), out, 2, &e), 0);
	tensors_close(t);
}
END_TEST

/* Of more dimensions than are kept the first are shown, and none of the model's has so many. */
START_TEST(tensors__add__more_dimensions_than_any_here)
{
	static const uint64_t dim[TENSORS_RANK_MAX + 1] = {[0 ... TENSORS_RANK_MAX] = 2}, huge[2] = {UINT64_MAX, 2};
	struct tensors *t = tensors_new("a");
	char *shape;

	ck_assert_int_eq(tensors_add(t, "a", "F32", TENSORS_RANK_MAX + 1, dim), 0);
	ck_assert_uint_eq(t->entry[0].end, 4u << (TENSORS_RANK_MAX + 1));
	shape = tensors_shape(&t->entry[0]);
	ck_assert_str_eq(shape, "2x2x2x2x2x2x2x2x...");
	ck_assert_int_eq(tensors_add(t, "b", "F32", 2, huge), -1);
	ck_assert_uint_eq(t->n, 1);
	free(shape);
	tensors_close(t);
}
END_TEST

/* ---- whole or not at all ---- */

static void
write_atomic(const char *name, size_t n, bool safe, long long expect, const char *says)
{
	struct err e = {0};
	struct atomic_file *a;
	long long got = -1;

	reach_confine(safe);
	if ((a = atomic_open(name, &e)) != NULL) {
		for (size_t i = 0; i < n; i++)
			fputc('x', atomic_stream(a));
		got = atomic_commit(a, &e);
	}
	ck_assert_int_eq(got, expect);
	if (expect < 0)
		ck_sentence(e.text, says);
}

START_TEST(atomic__commit__replaces_and_keeps_permissions)
{
	struct stat st;
	size_t n;

	scratch_write("f", "old", 3);
	ck_assert_int_eq(chmod("f", 0640), 0);
	ck_assert_int_eq(symlink("f", "l"), 0);
	write_atomic("l", 100000, true, 100000, NULL);
	free(scratch_read("f", &n));
	ck_assert_uint_eq(n, 100000);
	ck_assert_int_eq(lstat("l", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0640);
	ck_assert_int_eq(scratch_files(), 2);
	umask(027);
	write_atomic("g", 1, true, 1, NULL);
	umask(022);
	ck_assert_int_eq(stat("g", &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0640);
}
END_TEST

START_TEST(atomic__abort__leaves_no_trace)
{
	struct err e = {0};
	struct atomic_file *a;
	size_t n;
	uint8_t *p;

	scratch_write("f", "old", 3);
	a = atomic_open("f", &e);
	ck_assert_msg(a != NULL, "%s", e.text);
	fputs("new", atomic_stream(a));
	atomic_abort(a);
	p = scratch_read("f", &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_mem_eq(p, "old", 3);
	free(p);
	ck_assert_int_eq(scratch_files(), 1);
	atomic_abort(NULL);
}
END_TEST

START_TEST(atomic__crash__leaves_no_trace)
{
#ifndef THAW_SANITIZED
	int before, status;
	pid_t child;

	scratch_write("f", "old", 3);
	before = scratch_files();
	child = fork();
	if (child == 0) {
		struct err e = {0};
		struct atomic_file *a = atomic_open("f", &e);

		if (a == NULL)
			_exit(1);
		fputs("new", atomic_stream(a));
		fflush(atomic_stream(a));
		signals_install(false);
		raise(SIGSEGV);
		_exit(2);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	ck_assert_int_eq(scratch_files(), before);
#endif
}
END_TEST

/* A file with a passing name: the crash's handler removes it, a sweep one whose writer was killed. */
START_TEST(temp__sweep__takes_what_nobody_holds)
{
	struct err e = {0};
	struct temp t = {.fd = -1};
	int before;

	scratch_write("f", "old", 3);
	scratch_write(".f.thaw-abc123", "left", 4);
	scratch_write(".f.thaw-abc12", "no name of ours", 15);
	scratch_write("f.thaw-abc123", "nor this", 8);
	before = scratch_files();
	ck_assert_int_eq(place_open(&t.place, "f", &e), 0);
	ck_assert_int_eq(temp_open(&t), 0);
	ck_assert_int_eq(access(".f.thaw-abc123", F_OK), -1);
	temp_drop(&t);
	ck_assert_int_eq(scratch_files(), before - 1);
	/* one that is held stays */
	scratch_write(".f.thaw-abc123", "held", 4);
	t.fd = open(".f.thaw-abc123", O_RDONLY);
	ck_assert_int_eq(flock(t.fd, LOCK_EX), 0);
	write_atomic("f", 10, true, 10, NULL);
	ck_assert_int_eq(access(".f.thaw-abc123", F_OK), 0);
	close(t.fd);
}
END_TEST

START_TEST(atomic__keep__leaves_what_stands_there)
{
	struct err e = {0};
	size_t n;

	for (int i = 0; i < 2; i++) {
		struct atomic_file *a = atomic_open("f", &e);

		ck_assert_ptr_nonnull(a);
		fputs("new", atomic_stream(a));
		if (i == 1)
			unlink("f");
		else
			scratch_write("f", "other", 5);
		atomic_keep(a);
		ck_assert_int_eq(atomic_commit(a, &e), i == 1 ? 3 : -1);
		free(scratch_read("f", &n));
		ck_assert_uint_eq(n, i == 1 ? 3 : 5);
		ck_assert_int_eq(scratch_files(), 1);
	}
}
END_TEST

START_TEST(atomic__open__writes_through_links)
{
	struct stat st;

	ck_assert_int_eq(mkdir("d", 0777), 0);
	ck_assert_int_eq(symlink("d/f", "a"), 0);
	ck_assert_int_eq(symlink("a", "b"), 0);
	write_atomic("b", 5, true, 5, NULL);
	ck_assert_int_eq(lstat("b", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(lstat("d/f", &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_int_eq(symlink("no/f", "nowhere"), 0);
	write_atomic("nowhere", 5, false, -1, "nowhere is a link to no/f, where nothing can be written");
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	write_atomic("loop", 5, false, -1, "loop cannot be written");
	ck_assert_int_eq(symlink("/tmp/thaw-elsewhere", "out"), 0);
	write_atomic("out", 5, true, -1, "--safe");
}
END_TEST

/* A folder that becomes a link once it was looked at. */
START_TEST(atomic__commit__stays_in_its_folder)
{
	struct err e = {0};
	struct atomic_file *a;
	struct stat st;

	ck_assert_int_eq(mkdir("in", 0777), 0);
	ck_assert_int_eq(mkdir("other", 0777), 0);
	reach_confine(true);
	a = atomic_open("in/f", &e);
	ck_assert_ptr_nonnull(a);
	ck_assert_int_eq(rename("in", "moved"), 0);
	ck_assert_int_eq(symlink("other", "in"), 0);
	ck_assert_int_eq(atomic_commit(a, &e), 0);
	ck_assert_int_eq(stat("other/f", &st), -1);
	ck_assert_int_eq(stat("moved/f", &st), 0);
}
END_TEST

START_TEST(place__open_stream__not_through_another_name)
{
	struct err e = {0};
	size_t n;
	int fd;

	scratch_write("f", "old", 3);
	ck_assert_int_eq(link("f", "g"), 0);
	reach_confine(true);
	ck_assert_int_eq(place_open_stream("g", &e), -1);
	ck_sentence(e.text, "--safe");
	free(scratch_read("f", &n));
	ck_assert_uint_eq(n, 3);
	reach_confine(false);
	fd = place_open_stream("g", &e);
	ck_assert_int_ge(fd, 0);
	close(fd);
	free(scratch_read("f", &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(mkfifo("p", 0600), 0);
	ck_assert_int_eq(place_open_stream("p", &e), -1);
	ck_sentence(e.text, "nobody reads from this pipe");
	reach_confine(true);
	ck_assert_int_eq(place_open_stream("p", &e), -1);
	ck_sentence(e.text, "--safe");
	ck_assert_int_eq(place_open_stream("new", &e) >= 0, 1);
}
END_TEST

START_TEST(atomic__commit__full_disk_keeps_the_old_file)
{
	struct rlimit before, small;
	size_t n;

	scratch_write("f", "old", 3);
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 5000;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	write_atomic("f", 5001, true, -1, "f cannot be written: File too large");
	write_atomic("f", 1000000, true, -1, "f cannot be written: File too large");
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	free(scratch_read("f", &n));
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(scratch_files(), 1);
	write_atomic("/dev/full", 10, false, -1, "/dev/full cannot be written: No space left");
	write_atomic("/dev/null", 10, false, 10, NULL);
}
END_TEST

START_TEST(atomic__open__refuses_where_nothing_can_be)
{
	ck_assert_int_eq(mkdir("d", 0777), 0);
	ck_assert_int_eq(symlink("/", "root"), 0);
	ck_assert_int_eq(symlink("nowhere/f", "dangling"), 0);
	write_atomic("d", 1, false, -1, "d cannot be written: Is a directory");
	write_atomic("d/", 1, false, -1, "no file name");
	write_atomic("", 1, false, -1, "no file name");
	write_atomic("no/f", 1, false, -1, "make the folder first");
	write_atomic("dangling", 1, false, -1, "dangling is a link to nowhere/f");
	write_atomic("/proc/f", 1, false, -1, "/proc/f cannot be written");
	write_atomic("../f", 1, true, -1, "--safe");
	write_atomic("root/f", 1, true, -1, "--safe");
	write_atomic("/dev/null", 1, true, -1, "--safe");
	write_atomic("d/../d/f", 1, true, 1, NULL);
	ck_assert_int_eq(scratch_files(), 3);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tensors");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, tensors__write__read_back);
	tcase_add_test(t, tensors__open__cut_off_at_every_byte);
	tcase_add_test(t, tensors__open__flipped_bits_of_the_header);
	tcase_add_test(t, tensors__open__hostile_headers);
	tcase_add_test(t, tensors__read__refuses_what_is_not_finite);
	tcase_add_test(t, tensors__read__only_what_it_is);
	tcase_add_test(t, tensors__add__more_dimensions_than_any_here);
	tcase_add_test(t, atomic__commit__replaces_and_keeps_permissions);
	tcase_add_test(t, atomic__abort__leaves_no_trace);
	tcase_add_test(t, atomic__crash__leaves_no_trace);
	tcase_add_test(t, temp__sweep__takes_what_nobody_holds);
	tcase_add_test(t, atomic__keep__leaves_what_stands_there);
	tcase_add_test(t, atomic__open__writes_through_links);
	tcase_add_test(t, atomic__commit__stays_in_its_folder);
	tcase_add_test(t, place__open_stream__not_through_another_name);
	tcase_add_test(t, atomic__commit__full_disk_keeps_the_old_file);
	tcase_add_test(t, atomic__open__refuses_where_nothing_can_be);
	suite_add_tcase(s, t);
	return run_suite(s);
}
