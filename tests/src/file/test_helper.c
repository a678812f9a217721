/* test_helper.c: where the program for HDF5 is looked for, and what becomes of a file where that or a call fails. What stands in
 * for the program is a script of the shell; what it may answer is tried by tests/cli/helper.sh.
 */
#include "file/hdf5.h"
#include "util/os/os.h"
#include "util/out.h"
#include "util/signals.h"
#include "util/xmalloc.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where this program is, as it seems; NULL: that is not to be had. The linker leads os_self here. */
static const char *self;

bool __wrap_os_self(char *path, size_t size);

bool
__wrap_os_self(char *path, size_t size)
{
	if (self == NULL || strlen(self) >= size)
		return false;
	strcpy(path, self);
	return true;
}

static void
write_helper(const char *path, const char *text)
{
	char *script = xasprintf("#!/bin/sh\ncat >/dev/null\n%s\n", text);

	scratch_write(path, script, strlen(script));
	ck_assert_int_eq(chmod(path, 0700), 0);
	free(script);
}

static void
setup(void)
{
	scratch_setup();
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(mkdir(((const char *[]){"bin", "other", "libexec", "libexec/thaw"})[i], 0700), 0);
	self = "bin/thaw";
}

static void
is_found(const char *where)
{
	struct err e = {0};
	char *path = hdf5_helper(&e);

	if (where != NULL) {
		ck_assert_msg(path != NULL, "%s", e.text);
		ck_assert_str_eq(path, where);
	} else if (path != NULL) /* it is installed on this machine */
		ck_assert_str_eq(path, PKGLIBEXECDIR "/thaw-hdf5");
	else {
		ck_has(e.text, "files of Keras are HDF5, which thaw-hdf5 reads and writes, and that is neither in ");
		ck_has(e.text, PKGLIBEXECDIR);
		ck_has(e.text, "install libhdf5-dev");
		ck_has(e.text, "but --without-hdf5");
	}
	free(path);
}

START_TEST(helper__is_beside_the_program_or_where_it_is_installed)
{
	struct tensors *t;
	struct err e = {0};

	is_found(NULL);
	scratch_write("bin/thaw-hdf5", "", 0); /* what cannot be run is none */
	is_found(NULL);
	self = "./bin/thaw";
	is_found(NULL);
	write_helper("libexec/thaw/thaw-hdf5", "true");
	self = "./other/thaw"; /* ./other/../libexec, as installed below another prefix */
	is_found("./libexec/thaw/thaw-hdf5");
	self = "./bin/thaw";
	is_found("./libexec/thaw/thaw-hdf5");
	ck_assert_int_eq(chmod("bin/thaw-hdf5", 0700), 0);
	is_found("./bin/thaw-hdf5");
	for (int i = 0; i < 3; i++) { /* in the root, without a folder, nowhere */
		self = ((const char *[]){"/thaw", "thaw", NULL})[i];
		is_found(NULL);
	}
	if (access(PKGLIBEXECDIR "/thaw-hdf5", X_OK) == 0)
		return;
	t = hdf5_open("x.h5", "", 0, &e);
	ck_assert_ptr_null(t);
	ck_has(e.text, "files of Keras are HDF5");
}
END_TEST

/* What a helper gives for a file without tensors. */
#define NOTHING "printf '+\\2\\0\\0\\0\\0\\0\\0\\0{}'"

START_TEST(helper__open__calls_that_fail)
{
	static const struct {
		enum failing what;
		int error;
		const char *says;
	} ways[] = {{FAILING_STAT, EIO, "x.h5 is not a regular file; load another"},
	    {FAILING_READ, EIO, "x.h5 cannot be read: Input/output error; check the disk"},
	    {FAILING_END, 0, "x.h5 is cut off (it became shorter); get the file again, or load another"},
	    {FAILING_MEMORY, ENOMEM, "x.h5: not enough memory to read it; close other programs"}};
	struct err e = {0};
	struct tensors *t;
	int failed = 0;

	write_helper("bin/thaw-hdf5", NOTHING);
	scratch_write("x.h5", "\x89HDF\r\n", 6);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		failing_at(ways[i].what, 1, ways[i].error);
		ck_assert_ptr_null(hdf5_open_file("x.h5", &e));
		ck_assert(failing_struck());
		ck_assert_str_eq(e.text, ways[i].says);
	}
	failing_at(FAILING_READ, 1, EINTR); /* a signal is no failure */
	t = hdf5_open_file("x.h5", &e);
	ck_assert_msg(failing_struck() && t != NULL, "%s", e.text);
	ck_assert_uint_eq(t->n, 0);
	tensors_close(t);
	for (int n = 2; failed < 20; n++) { /* memory for what the helper gives, and for its header */
		failing_at(FAILING_MEMORY, n, ENOMEM);
		t = hdf5_open_file("x.h5", &e);
		ck_assert(failing_struck() == (t == NULL));
		if (t != NULL)
			break;
		ck_has(e.text, "memory");
		failed++;
	}
	tensors_close(t);
	ck_assert_int_ge(failed, 2);
}
END_TEST

START_TEST(helper__make__whole_or_not_at_all)
{
	static const float v[2] = {1, 2};
	const struct tensor_source x = {"layers/dense/vars/0", 1, {2}, v};
	json_t *texts = out_pack("{s:s}", "a", "b");
	struct err e = {0};
	size_t n;
	uint8_t *p;
	int told = 0;

	write_helper("bin/thaw-hdf5", "printf '+a file'");
	p = hdf5_make("m.keras", texts, &x, 1, &n, &e);
	ck_assert_msg(p != NULL && n == 6, "%s", e.text);
	ck_assert_mem_eq(p, "a file", 6);
	free(p);
	failing_at(FAILING_STREAM, 1, ENOMEM);
	ck_assert_ptr_null(hdf5_make("m.keras", texts, &x, 1, &n, &e));
	ck_assert(failing_struck());
	ck_assert_str_eq(e.text, "m.keras: not enough memory to make it; close other programs");
	for (int call = 1;; call++) { /* each part of the header that it is given */
		bool struck, kept;

		memory_try();
		failing_at(FAILING_MEMORY, call, ENOMEM);
		p = hdf5_make("m.keras", texts, &x, 1, &n, &e);
		struck = failing_struck();
		kept = memory_tried();
		if (!struck)
			break;
		ck_assert_msg(p == NULL || !kept, "call %d is not missed by anybody", call);
		told += p == NULL;
		free(p);
	}
	free(p);
	ck_assert_int_ge(told, 2);
	write_helper("bin/thaw-hdf5", "printf -- '-finds no room'");
	ck_assert_ptr_null(hdf5_make("m.keras", texts, &x, 1, &n, &e));
	ck_assert_str_eq(e.text, "m.keras finds no room; close other programs, or save it as .safetensors");
	write_helper("bin/thaw-hdf5", "exit 7");
	ck_assert_ptr_null(hdf5_make("m.keras", texts, &x, 1, &n, &e));
	ck_assert_str_eq(e.text, "m.keras: the program for HDF5, bin/thaw-hdf5, ended with status 7; save it as .safetensors");
	write_helper("bin/thaw-hdf5", "exit 127"); /* as where libhdf5 is not installed */
	ck_assert_ptr_null(hdf5_make("m.keras", texts, &x, 1, &n, &e));
	ck_assert_str_eq(e.text, "m.keras: the program for HDF5, bin/thaw-hdf5, cannot be run, probably since a library that it needs is "
	    "missing; install libhdf5 (on Debian libhdf5-103-1; `ldd` with that path names what is not found), or save it as .safetensors");
	write_helper("bin/thaw-hdf5", "head -c 600 /dev/zero | tr '\\0' -"); /* a sentence longer than any */
	ck_assert_ptr_null(hdf5_make("m.keras", texts, &x, 1, &n, &e));
	ck_has(e.text, "m.keras ------");
	ck_has(e.text, "-; close other programs");
	json_decref(texts);
}
END_TEST

/* Whoever waits for a helper that does not end ends it with a signal. */
START_TEST(helper__open__ends_with_a_signal)
{
	int status;
	pid_t child;

	write_helper("bin/thaw-hdf5", "exec sleep 60");
	scratch_write("x.h5", "\x89HDF\r\n", 6);
	if ((child = fork()) == 0) {
		struct err e = {0};

		signal(SIGTERM, SIG_DFL); /* Check has handlers of its own */
		signals_install(false);
		raise(SIGTERM);
		if (hdf5_open_file("x.h5", &e) != NULL || strcmp(e.text, "x.h5: interrupted; nothing of it is used") != 0)
			_exit(1);
		failing_at(FAILING_READ, 1, EINTR); /* of which the reading of the file ends as well */
		_exit(hdf5_open_file("x.h5", &e) == NULL && strstr(e.text, "x.h5 cannot be read: Interrupted") != NULL ? 0 : 2);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("helper");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, helper__is_beside_the_program_or_where_it_is_installed);
	tcase_add_test(t, helper__open__calls_that_fail);
	tcase_add_test(t, helper__make__whole_or_not_at_all);
	tcase_add_test(t, helper__open__ends_with_a_signal);
	suite_add_tcase(s, t);
	return run_suite(s);
}
