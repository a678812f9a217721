/* test_index.c: the index of a store where one call of SQLite after the other fails: it is made again or done without,
 * and what is asked has the same answer, or a sentence.
 */
#include "file/record.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#define IOERR 10 /* SQLITE_IOERR, for any call of it */

/* ---- calls that fail; the linker leads dlsym here ---- */

static int left; /* so many calls from here on, the last of which fails; 0: none does */
static int (*real_step)(void *st), (*real_prepare)(void *db, const char *text, int n, void **st, const char **tail);
static int (*real_exec)(void *db, const char *text, int (*row)(void *, int, char **, char **), void *arg, char **why);

static bool
fails(void)
{
	return left > 0 && --left == 0;
}

static int
failing_step(void *st)
{
	return fails() ? IOERR : real_step(st);
}

static int
failing_prepare(void *db, const char *text, int n, void **st, const char **tail)
{
	return fails() ? IOERR : real_prepare(db, text, n, st, tail);
}

static int
failing_exec(void *db, const char *text, int (*row)(void *, int, char **, char **), void *arg, char **why)
{
	return fails() ? IOERR : real_exec(db, text, row, arg, why);
}

void *__real_dlsym(void *library, const char *name);
void *__wrap_dlsym(void *library, const char *name);

void *
__wrap_dlsym(void *library, const char *name)
{
	void *p = __real_dlsym(library, name);
	int (*step)(void *) = failing_step, (*prepare)(void *, const char *, int, void **, const char **) = failing_prepare;
	int (*exec)(void *, const char *, int (*)(void *, int, char **, char **), void *, char **) = failing_exec;

	if (strcmp(name, "sqlite3_step") == 0) {
		memcpy(&real_step, &p, sizeof p);
		memcpy(&p, &step, sizeof p);
	} else if (strcmp(name, "sqlite3_prepare_v2") == 0) {
		memcpy(&real_prepare, &p, sizeof p);
		memcpy(&p, &prepare, sizeof p);
	} else if (strcmp(name, "sqlite3_exec") == 0) {
		memcpy(&real_exec, &p, sizeof p);
		memcpy(&p, &exec, sizeof p);
	}
	return p;
}

/* ---- a store ---- */

static char *one; /* the path of a record, neither the first nor the last */

static void
setup(void)
{
	struct store_names names = {0};
	struct err e;

	captured_setup();
	scratch_digits("small", false);
	store_choose(&C.s->store, "kept");
	C.s->store.asked = true;
	C.s->ran = record_keep;
	captured_ok("timing off; set threads 2; data small; build \"flatten | dense 4, relu, dense 10, softmax\"; "
	    "train all epochs=1 batch=8 verbose=0; train all epochs=1 batch=8 lr=.5 verbose=0; runs r1 tag good; "
	    "runs r1 note \"look here\"; freeze dense; train gte5 epochs=1 verbose=0; save all.safetensors");
	capture_close(&C); /* whose runs are looked up as those of another session from here on */
	capture_open(&C);
	store_choose(&C.s->store, "kept");
	ck_assert_int_eq(store_list(&C.s->store, STORE_RUNS, &names, &e), 0);
	ck_assert_uint_eq(names.n, 3);
	one = xasprintf("kept/runs/%s.json", names.name[1]);
	store_names_free(&names);
}

static void
teardown(void)
{
	free(one);
	captured_teardown();
}

/* What a line prints where nothing fails; the caller's. */
static char *
undisturbed(const char *line)
{
	captured_ok(line);
	return xstrdup(C.text);
}

/* Lets each call of a line fail, each time behind what `begin` does. Returns how often one failed. */
static int
each(void (*begin)(void), const char *line)
{
	char *text;
	int failed = 0, status;

	begin();
	text = undisturbed(line);
	for (int n = 1;; n++) {
		begin();
		left = n;
		status = capture_run(&C, line);
		if (left > 0) {
			left = 0;
			ck_assert_msg(status == 0 && strcmp(C.text, text) == 0, "%s: undisturbed, but %s%s", line, C.text,
			    C.errors);
			free(text);
			return failed;
		}
		failed++;
		if (status == 0)
			ck_assert_msg(strcmp(C.text, text) == 0, "%s, call %d: %s\nis not\n%s", line, n, C.text, text);
		else
			ck_assert_msg(strstr(C.errors, "the index of the runs: ") != NULL && strstr(C.errors, "; remove it") !=
			    NULL, "%s, call %d: %s", line, n, C.errors);
	}
}

static void
as_it_is(void)
{
}

static void
without_index(void)
{
	unlink("kept/runs.db");
}

static void
marked(void)
{
	captured_ok("runs; runs lr=.5 tag a; runs lr=.5 tag -a");
}

static void
one_gone(void)
{
	rename("hidden", one);
	captured_ok("runs");
	ck_assert_int_eq(rename(one, "hidden"), 0);
}

static void
one_come(void)
{
	rename(one, "hidden");
	captured_ok("runs");
	ck_assert_int_eq(rename("hidden", one), 0);
}

START_TEST(index__calls__that_fail)
{
	static const char *const lines[] = {"runs", "runs lr<0.7", "runs tags=good", "runs note=look*", "runs order=-lr n=1",
	    "runs frozen=dense", "runs split=gte5 epochs=1", "mode csv; runs; mode table"};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		ck_assert_int_ge(each(without_index, lines[i]), 12);
		ck_assert_int_ge(each(as_it_is, lines[i]), 5);
	}
}
END_TEST

/* What changes between two looks: a mark, a run that comes or goes, a file that cannot be read. */
START_TEST(index__changes__that_fail)
{
	char name[80];

	ck_assert_int_ge(each(marked, "runs"), 6);
	ck_assert_int_ge(each(one_gone, "runs"), 6);
	rename("hidden", one);
	ck_assert_int_ge(each(one_come, "runs"), 6);
	snprintf(name, sizeof name, "kept/runs/%064d.json", 7);
	scratch_write(name, "{}", 2);
	ck_assert_int_ge(each(without_index, "runs"), 12);
	ck_has(C.errors, "runs/000000000000");
}
END_TEST

static void
loaded(void)
{
	captured_ok("load all.safetensors");
}

/* Runs that a file brought are those of the store, where the index can be asked. */
START_TEST(index__runs_of_a_file__that_it_cannot_find)
{
	ck_assert_int_ge(each(loaded, "runs"), 6);
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(strlen(capture_run_at(&C, i)->record), 64);
}
END_TEST

START_TEST(index__file__of_garbage_is_made_again)
{
	static const char garbage[5000] = "SQLite format 3";
	char *text = undisturbed("runs");

	scratch_write("kept/runs.db", "no database, and long enough to be one that is none", 51);
	captured_ok("runs");
	ck_assert_str_eq(C.text, text);
	scratch_write("kept/runs.db", garbage, sizeof garbage);
	captured_ok("runs");
	ck_assert_str_eq(C.text, text);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("index");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, index__calls__that_fail);
	tcase_add_test(t, index__changes__that_fail);
	tcase_add_test(t, index__runs_of_a_file__that_it_cannot_find);
	tcase_add_test(t, index__file__of_garbage_is_made_again);
	suite_add_tcase(s, t);
	return run_suite(s);
}
