/* test_guard.c: the work of a session is kept by a process beside it, whatever becomes of that, of its file and of its
 * place meanwhile.
 */
#include "file/autosave.h"
#include "file/guard.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST "state/thaw/autosave.safetensors"
#define SECOND "state/thaw/autosave-2.safetensors"

static struct capture A, B;

/* In place of the system's, so that no test writes to the folder of whoever runs it. */
struct passwd *
getpwuid(uid_t uid)
{
	return NULL;
}

/* ---- what happens meanwhile ---- */

/* Is called once, at the n-th of these calls from here on: by whoever makes it, which may be the copy. */
static void (*in_flock)(void), (*in_fsync)(void);
static int flocks;
static bool no_lock, no_fork;

int __real_flock(int fd, int how);
int __wrap_flock(int fd, int how);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
pid_t __real_fork(void);
pid_t __wrap_fork(void);

int
__wrap_flock(int fd, int how)
{
	if (no_lock) {
		errno = ENOLCK;
		return -1;
	}
	if (in_flock != NULL && --flocks == 0) {
		in_flock();
		in_flock = NULL;
	}
	return __real_flock(fd, how);
}

int
__wrap_fsync(int fd)
{
	void (*now)(void) = in_fsync;

	in_fsync = NULL;
	if (now != NULL)
		now();
	return __real_fsync(fd);
}

pid_t
__wrap_fork(void)
{
	if (!no_fork)
		return __real_fork();
	errno = EAGAIN;
	return -1;
}

static void
flock_calls(int n, void (*what)(void))
{
	flocks = n;
	in_flock = what;
}

static void
first_goes(void)
{
	ck_assert_int_eq(unlink(FIRST), 0);
}

static void
first_is_another(void)
{
	scratch_write("another", "x", 1);
	ck_assert_int_eq(rename("another", FIRST), 0);
}

static void
first_is_taken(void)
{
	scratch_write(FIRST, "taken", 5);
}

static void
copy_stops(void)
{
	kill(getpid(), SIGSTOP);
}

static void
copy_dies(void)
{
	kill(getpid(), SIGKILL);
}

/* ---- sessions ---- */

static void
person(struct capture *c)
{
	capture_open(c);
	capture_share(c);
	ck_assert_int_eq(capture_run(c, "timing off; build \"flatten | dense 5, softmax\"; train gte5 epochs=1 limit=32"), 0);
	capture_person(c);
	capture_clear(c);
}

static void
setup(void)
{
	static char cwd[4096];

	scratch_setup();
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd - 8));
	strcat(cwd, "/state");
	setenv("XDG_STATE_HOME", cwd, 1);
	person(&A);
	person(&B);
}

static void
teardown(void)
{
	capture_close(&A);
	capture_close(&B);
	scratch_teardown();
}

/* Its end is met while the session goes on, which says what went wrong. */
static void
met(struct capture *c)
{
	while (!autosave_await(c->s, 100))
		;
}

/* Begins to keep the work of a session, and takes what has become of that. */
static void
keep(struct capture *c)
{
	c->s->user.guard.due = 0;
	guard_keep(c->s);
	met(c);
	ck_assert_int_eq(c->s->user.guard.process.pid, 0);
}

static void
assert_newest(struct capture *c, const char *expect)
{
	int others;
	char *path = autosave_newest(c->s, &others);

	if (expect == NULL)
		ck_assert_msg(path == NULL, "%s is offered", path);
	else {
		ck_assert_msg(path != NULL, "%s is not offered", expect);
		ck_has(path, expect);
	}
	free(path);
}

/* A file of an earlier session at each of the places, the first of which is the oldest. */
static void
fill(void)
{
	char name[64];

	free(autosave_write(B.s, &(struct err){0}));
	for (int i = 1; i <= 8; i++) {
		snprintf(name, sizeof name, i == 1 ? FIRST : "state/thaw/autosave-%d.safetensors", i);
		scratch_write(name, "x", 1);
		ck_assert_int_eq(utimensat(AT_FDCWD, name, (struct timespec[]){{1000 + i, 0}, {1000 + i, 0}}, 0), 0);
	}
}

/* Less than a session takes, and enough for what Check writes of a test. */
static void
limit_files(bool on)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = on ? 12000 : limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

START_TEST(guard__keep__in_a_file_that_the_session_holds)
{
	struct stat before, after;

	keep(&A);
	ck_assert_str_eq(A.errors, "");
	ck_has(A.s->user.autosave, FIRST);
	ck_assert(A.s->user.autosave_own);
	assert_newest(&B, NULL); /* it is held */
	ck_assert_int_eq(stat(FIRST, &before), 0);
	keep(&A); /* once more, in place of the first */
	ck_assert_int_eq(stat(FIRST, &after), 0);
	ck_assert_uint_ne(before.st_ino, after.st_ino);
	assert_newest(&B, NULL);
	ck_assert_int_eq(access(SECOND, F_OK), -1);
	/* saved by name, it is not offered any more */
	ck_assert_int_eq(capture_run(&A, "save own.safetensors"), 0);
	ck_assert_int_eq(access(FIRST, F_OK), -1);
	keep(&A); /* nor written: there is no more than that */
	ck_assert_ptr_null(A.s->user.autosave);
}
END_TEST

START_TEST(guard__keep__not_for_everybody)
{
	A.s->user.interactive = false;
	ck_assert(isinf(guard_keep(A.s)));
	A.s->user.interactive = true;
	A.s->user.safe = true;
	ck_assert(isinf(guard_keep(A.s)));
	A.s->user.safe = false;
	A.s->share = (struct share *)&A; /* which it has not to look into */
	ck_assert(isinf(guard_keep(A.s)));
	A.s->share = NULL;
	ck_assert_int_eq(A.s->user.guard.process.pid, 0);
	ck_assert_int_eq(access("state", F_OK), -1);
}
END_TEST

START_TEST(guard__keep__between_epochs)
{
	A.s->guard = guard_keep;
	ck_assert_int_eq(capture_run(&A, "train gte5 epochs=3 limit=32 verbose=0"), 0);
	capture_wait(&A);
	ck_assert(autosave_await(A.s, -1));
	guard_keep(A.s); /* which the end of the run may have found at work */
	ck_assert(autosave_await(A.s, -1));
	ck_assert_msg(*A.errors == '\0', "%s", A.errors);
	ck_has(A.s->user.autosave, FIRST);
	ck_assert_int_eq(access(FIRST, F_OK), 0);
	autosave_done(A.s);
	ck_assert_int_eq(access(FIRST, F_OK), -1);
	/* a run that has failed is not kept as it ends */
	ck_assert_int_eq(capture_run(&A, "reset; train gte5 epochs=1 batch=8 limit=32 optimizer=adam epsilon=0"), 0);
	capture_wait(&A);
	ck_has(A.errors, "the loss is not a number any more");
	ck_assert_int_eq(A.s->user.guard.process.pid, 0);
	A.s->guard = NULL;
}
END_TEST

/* It goes on until it has ended, also where somebody has stopped it. */
START_TEST(guard__keep__by_a_process_that_is_slow)
{
	in_fsync = copy_stops;
	guard_keep(A.s);
	ck_assert_int_gt(A.s->user.guard.process.pid, 0);
	ck_assert(!autosave_await(A.s, 0));
	ck_assert(guard_keep(A.s) >= 0); /* no other is begun */
	ck_assert(!autosave_await(A.s, 0));
	ck_assert_ptr_null(A.s->user.autosave);
	ck_assert(autosave_await(A.s, -1));
	ck_has(A.s->user.autosave, FIRST);
	ck_assert_str_eq(A.errors, "");
}
END_TEST

START_TEST(guard__keep__by_a_process_that_dies)
{
	in_fsync = copy_dies;
	guard_keep(A.s);
	met(&A);
	ck_has(A.errors, "the process that saves the session has died; a kill would lose the session");
	ck_assert_ptr_null(A.s->user.autosave);
	ck_assert_int_eq(access(FIRST, F_OK), -1);
	capture_clear(&A);
	in_fsync = copy_dies;
	keep(&A);
	ck_assert_str_eq(A.errors, ""); /* which is said once */
	A.s->user.guard.said = false;
	in_fsync = copy_dies;
	guard_keep(A.s);
	ck_assert(autosave_await(A.s, -1));
	ck_assert_str_eq(A.errors, ""); /* whoever waits for its end says it */
	in_fsync = NULL;
	keep(&A);
	ck_has(A.s->user.autosave, FIRST);
}
END_TEST

START_TEST(guard__keep__where_it_cannot)
{
	char *state = xstrdup(getenv("XDG_STATE_HOME")), *path;
	struct err e = {0};

	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	keep(&A);
	ck_has(A.errors, "the session is not saved: no HOME and no XDG_STATE_HOME; set one of them; a kill would lose the session");
	ck_assert(A.s->user.guard.due > 0); /* it is not tried at once again */
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	A.s->user.guard.said = false;
	capture_clear(&A);
	keep(&A);
	ck_has(A.errors, "/proc/nowhere cannot be made: No such file or directory; name another folder by XDG_STATE_HOME");
	/* the folder is there, and what the place is a link to is not */
	setenv("XDG_STATE_HOME", state, 1);
	ck_assert_int_eq(mkdir("state", 0700), 0);
	ck_assert_int_eq(mkdir("state/thaw", 0700), 0);
	ck_assert_int_eq(symlink("nowhere/else", FIRST), 0);
	A.s->user.guard.said = false;
	capture_clear(&A);
	keep(&A);
	ck_has(A.errors, "autosave.safetensors is a link to nowhere/else, where nothing can be written");
	ck_assert_int_eq(unlink(FIRST), 0);
	/* no locks, and no processes */
	no_lock = true;
	A.s->user.guard.said = false;
	capture_clear(&A);
	keep(&A);
	ck_has(A.errors, "autosave.safetensors: No locks available; name another folder by XDG_STATE_HOME");
	no_lock = false;
	no_fork = true;
	A.s->user.guard.said = false;
	capture_clear(&A);
	keep(&A);
	ck_has(A.errors, "no process for it: Resource temporarily unavailable; ");
	no_fork = false;
	ck_assert_int_eq(access(FIRST, F_OK), -1);
	/* the disk is full: for the first that is written, and for one that replaces it */
	limit_files(true);
	A.s->user.guard.said = false;
	capture_clear(&A);
	keep(&A);
	ck_has(A.errors, "autosave.safetensors cannot be written: File too large");
	ck_assert_ptr_null(A.s->user.autosave);
	limit_files(false);
	keep(&A);
	ck_has(A.s->user.autosave, FIRST);
	limit_files(true);
	A.s->user.guard.said = false;
	capture_clear(&A);
	keep(&A);
	limit_files(false);
	ck_has(A.errors, "autosave.safetensors cannot be written: File too large");
	ck_has(A.s->user.autosave, FIRST); /* what was written before is there */
	/* so it is where the session ends, and what is there has all of the last run: that is enough */
	limit_files(true);
	path = autosave_write(A.s, &e);
	limit_files(false);
	ck_assert_ptr_nonnull(path);
	ck_has(path, FIRST);
	ck_has(e.text, "cannot be written: File too large");
	ck_assert(!runs_unkept(&A.s->runs));
	free(path);
	A.s->runs.kept[0] = '\0';
	runs_last(&A.s->runs)->sha256[0] ^= 1; /* as if another run had come since */
	limit_files(true);
	ck_assert_ptr_null(autosave_write(A.s, &e));
	limit_files(false);
	ck_assert(runs_unkept(&A.s->runs));
	free(state);
}
END_TEST

/* Another session may take the name first: this one takes the next, and nobody need be told. */
START_TEST(guard__keep__where_another_is_first)
{
	struct err e = {0};
	char *path;

	in_fsync = first_is_taken;
	keep(&A);
	ck_assert_str_eq(A.errors, "");
	ck_assert_ptr_null(A.s->user.autosave);
	in_fsync = NULL;
	keep(&A);
	ck_has(A.s->user.autosave, SECOND);
	/* so it is where a session ends */
	ck_assert_int_eq(unlink(FIRST), 0);
	in_fsync = first_is_taken;
	path = autosave_write(B.s, &e);
	ck_assert_msg(path != NULL, "%s", e.text);
	ck_has(path, "autosave-3.safetensors");
	free(path);
}
END_TEST

START_TEST(guard__place__the_oldest_makes_room)
{
	struct err e = {0};
	struct stat st;
	bool fresh;
	int fd[8];
	char name[64], *path;

	fill();
	B.s->runs.kept[0] = '\0'; /* as if there were more by now */
	/* there is no room on the disk for more than what is there: that stays */
	limit_files(true);
	ck_assert_ptr_null(autosave_write(A.s, &e));
	ck_has(e.text, "autosave.safetensors cannot be written: File too large");
	limit_files(false);
	ck_assert_int_eq(stat(FIRST, &st), 0);
	ck_assert_int_eq(st.st_size, 1);
	keep(&A);
	ck_has(A.s->user.autosave, FIRST);
	path = autosave_place(B.s, &fresh, &e);
	ck_has(path, SECOND);
	ck_assert(!fresh);
	free(path);
	/* others have all of them */
	for (int i = 2; i <= 8; i++) {
		snprintf(name, sizeof name, "state/thaw/autosave-%d.safetensors", i);
		fd[i - 1] = open(name, O_RDONLY);
		ck_assert_int_eq(flock(fd[i - 1], LOCK_EX), 0);
	}
	keep(&B);
	ck_has(B.errors, "the session is not saved: other sessions have all 8 places; end one of them");
	for (int i = 2; i <= 8; i++)
		close(fd[i - 1]);
	/* --safe has none at all, and does not take what it has loaded for its own */
	B.s->user.safe = true;
	e.text[0] = '\0';
	ck_assert_ptr_null(autosave_place(B.s, &fresh, &e));
	ck_assert_str_eq(e.text, "");
	autosave_loaded(B.s, SECOND);
	ck_assert_ptr_null(B.s->user.autosave);
}
END_TEST

/* What another file has taken the name of is neither offered nor removed. */
START_TEST(autosave__newest__passes_over_what_changes_meanwhile)
{
	struct stat st;
	int others;

	free(autosave_write(B.s, &(struct err){0}));
	flock_calls(1, first_goes);
	assert_newest(&B, NULL);
	free(autosave_write(B.s, &(struct err){0}));
	flock_calls(1, first_is_another);
	assert_newest(&B, NULL);
	assert_newest(&B, FIRST); /* when it is looked at again */
	failing_at(FAILING_STAT, 1, EIO);
	assert_newest(&B, NULL);
	ck_assert(failing_struck());
	/* the newest goes while the next is looked at: nobody is told of it */
	free(autosave_write(B.s, &(struct err){0}));
	ck_assert_int_eq(utimensat(AT_FDCWD, SECOND, (struct timespec[]){{1000, 0}, {1000, 0}}, 0), 0);
	flock_calls(2, first_goes);
	ck_assert_ptr_null(autosave_offer(B.s, &others));
	ck_assert_int_eq(access("state/thaw/autosave.told", F_OK), -1);
	ck_assert_int_eq(unlink(SECOND), 0);

	keep(&A);
	ck_has(A.s->user.autosave, FIRST);
	first_is_another();
	ck_assert_int_eq(capture_run(&A, "save own.safetensors"), 0);
	ck_assert_ptr_null(A.s->user.autosave);
	ck_assert_int_eq(stat(FIRST, &st), 0);
	ck_assert_int_eq(st.st_size, 1);
}
END_TEST

/* Where it cannot be noted who has been told, nobody is. */
START_TEST(autosave__offer__without_a_home)
{
	int others;

	B.s->user.interactive = false;
	scratch_write("thaw-autosave.safetensors", "x", 1);
	assert_newest(&B, "./thaw-autosave.safetensors");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	ck_assert_ptr_null(autosave_offer(B.s, &others));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("guard");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, guard__keep__in_a_file_that_the_session_holds);
	tcase_add_test(t, guard__keep__not_for_everybody);
	tcase_add_test(t, guard__keep__between_epochs);
	tcase_add_test(t, guard__keep__by_a_process_that_is_slow);
	tcase_add_test(t, guard__keep__by_a_process_that_dies);
	tcase_add_test(t, guard__keep__where_it_cannot);
	tcase_add_test(t, guard__keep__where_another_is_first);
	tcase_add_test(t, guard__place__the_oldest_makes_room);
	tcase_add_test(t, autosave__newest__passes_over_what_changes_meanwhile);
	tcase_add_test(t, autosave__offer__without_a_home);
	suite_add_tcase(s, t);
	return run_suite(s);
}
