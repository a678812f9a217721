/* test_child.c: programs that give, take, hang and die as others do not expect, and copies of this one. */
#include "util/child.h"
#include "util/process.h"
#include "tests/run.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int
shell(const char *script, const void *in, size_t n, size_t most, double seconds, uint8_t **out, size_t *nout, struct err *e)
{
	char *argv[] = {(char *)(uintptr_t)"/bin/sh", (char *)(uintptr_t)"-c", (char *)(uintptr_t)script, NULL};
	struct child c = {argv, in, n, most, seconds};

	*e = (struct err){0};
	return child_run(&c, out, nout, e);
}

START_TEST(child_run__gives_and_takes_at_once)
{
	size_t n = 3 << 20, nout;
	uint8_t *in = malloc(n), *out;
	struct err e;

	for (size_t i = 0; i < n; i++)
		in[i] = (uint8_t)(i * 7 >> 3);
	ck_assert_msg(shell("exec cat", in, n, n, 60, &out, &nout, &e) == 0, "%s", e.text);
	ck_assert(nout == n && memcmp(in, out, n) == 0);
	free(out);
	ck_assert_int_eq(shell("exec head -c 5", in, n, n, 60, &out, &nout, &e), 0); /* it does not want the rest */
	ck_assert_uint_eq(nout, 5);
	free(out);
	ck_assert_int_eq(shell("exec >&-; cat >/dev/null", in, n, n, 60, &out, &nout, &e), 0);
	ck_assert_uint_eq(nout, 0);
	free(out);
	free(in);
}
END_TEST

START_TEST(child_run__says_how_it_ended)
{
	static const struct {
		const char *script, *why;
	} cases[] = {{"exit 3", "ended with status 3"}, {"kill -9 $$", "was ended by signal 9"}, {"exec cat /dev/zero", "gives more than 100000 bytes"},
	    {"exec tail -f /dev/null", "did not end within 0 seconds"}, {"trap '' TERM INT HUP; while :; do :; done", "did not end within 0 seconds"}};
	uint8_t *out;
	size_t n;
	struct err e;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_int_eq(shell(cases[i].script, "x", 1, 100000, 0.2, &out, &n, &e), -1);
		ck_has(e.text, cases[i].why);
		ck_assert_ptr_null(out);
	}
}
END_TEST

START_TEST(child_run__starts_none_that_is_not_there)
{
	char *argv[] = {(char *)(uintptr_t)"/nowhere/program", NULL};
	struct child c = {argv, "x", 1, 10, 1};
	struct err e = {0};
	uint8_t *out;
	size_t n;

	ck_assert_int_eq(child_run(&c, &out, &n, &e), CHILD_UNSTARTED);
	ck_has(e.text, "cannot be started: No such file");
}
END_TEST

/* The system's linker ends a program with that status; of one that has given something it is its own. */
START_TEST(child_run__knows_one_without_its_libraries)
{
	uint8_t *out;
	size_t n;
	struct err e;

	ck_assert_int_eq(shell("exit 127", "", 0, 10, 60, &out, &n, &e), CHILD_UNLINKED);
	ck_assert_str_eq(e.text, "cannot be run, probably since a library that it needs is missing");
	ck_assert_int_eq(shell("echo; exit 127", "", 0, 10, 60, &out, &n, &e), -1);
	ck_assert_str_eq(e.text, "ended with status 127");
	ck_assert_ptr_null(out);
}
END_TEST

/* As nohup and some daemons leave it. */
START_TEST(child_run__bears_that_children_are_forgotten)
{
	uint8_t *out;
	size_t n;
	struct err e;

	signal(SIGCHLD, SIG_IGN);
	ck_assert_msg(shell("echo -n yes", "", 0, 10, 60, &out, &n, &e) == 0, "%s", e.text);
	ck_assert(n == 3 && memcmp(out, "yes", 3) == 0);
	free(out);
	signal(SIGCHLD, SIG_DFL);
}
END_TEST

/* ---- copies of this process ---- */

static char *
answers(void *arg)
{
	return strdup(arg);
}

/* As in a lock that nobody lets go. */
static char *
hangs(void *arg)
{
	while (arg == NULL)
		pause();
	return NULL;
}

START_TEST(process__answers_or_is_ended)
{
	struct process p;
	char how[128];
	const char *died;

	ck_assert_int_eq(process_start(&p, answers, (void *)(uintptr_t)"five"), 0);
	while (process_wait(&p, 1, 1000) != 0)
		;
	ck_assert_ptr_null(process_died(&p, how, sizeof how));
	ck_assert_str_eq(p.answer.s, "five");
	free(p.answer.s);
	signal(SIGTERM, SIG_IGN); /* in the copy as well */
	ck_assert_int_eq(process_start(&p, hangs, NULL), 0);
	do /* until it has ended: by the time limit of the test at the latest */
		process_halt(&p);
	while (process_wait(&p, 1, 50) != 0);
	died = process_died(&p, how, sizeof how);
	ck_assert_ptr_nonnull(died);
	ck_assert_ptr_nonnull(strstr(died, "ended by signal 9"));
	process_halt(&p); /* which has ended already */
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("child");
	TCase *t = tcase_create("child_run");

	signal(SIGPIPE, SIG_IGN); /* as thaw has it */
	tcase_add_test(t, child_run__gives_and_takes_at_once);
	tcase_add_test(t, child_run__says_how_it_ended);
	tcase_add_test(t, child_run__starts_none_that_is_not_there);
	tcase_add_test(t, child_run__knows_one_without_its_libraries);
	tcase_add_test(t, child_run__bears_that_children_are_forgotten);
	tcase_add_test(t, process__answers_or_is_ended);
	suite_add_tcase(s, t);
	return run_suite(s);
}
