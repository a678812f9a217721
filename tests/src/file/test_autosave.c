/* test_autosave.c: where the work of sessions that end unsaved is kept, who is offered it, and who gets it. */
#include "file/autosave.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST "./thaw-autosave.safetensors"
#define SECOND "./thaw-autosave-2.safetensors"
#define MODEL "timing off; build \"flatten | dense 5, softmax\""

/* Three sessions in one process: their locks are those of three processes, since each file is opened anew. */
static struct capture A, B, C;

static struct capture *const all[] = {&A, &B, &C};

/* In place of the system's, so that no test writes to the folder of whoever runs it. */
struct passwd *
getpwuid(uid_t uid)
{
	return NULL;
}

static void
setup(void)
{
	scratch_setup();
	for (int i = 0; i < 3; i++) {
		capture_open(all[i]);
		ck_assert_int_eq(capture_run(all[i], MODEL), 0);
	}
}

static void
teardown(void)
{
	for (int i = 0; i < 3; i++)
		capture_close(all[i]);
	scratch_teardown();
}

/* A name as autosaves have it: of a batch, or with a person. */
static char *
nth(int n, bool person)
{
	char *mark = n > 1 ? xasprintf("-%d", n) : xstrdup(""),
	    *path = xasprintf(person ? "state/thaw/autosave%s.safetensors" : "./thaw-autosave%s.safetensors", mark);

	free(mark);
	return path;
}

static void
set_time(const char *path, time_t seconds, long nano)
{
	ck_assert_int_eq(utimensat(AT_FDCWD, path, (struct timespec[]){{seconds, nano}, {seconds, nano}}, 0), 0);
}

/* Sessions with people, whose autosaves lie in the folder of states. */
static void
people(void)
{
	static char cwd[4096];

	ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd - 8));
	strcat(cwd, "/state");
	setenv("XDG_STATE_HOME", cwd, 1);
	for (int i = 0; i < 3; i++)
		capture_person(all[i]);
}

static void
assert_written(struct capture *c, const char *expect)
{
	struct err e = {0};
	char *path = autosave_write(c->s, &e);

	ck_assert_msg(path != NULL, "nothing written: %s", e.text);
	ck_assert_str_eq(path, expect);
	free(path);
}

static void
assert_newest(struct capture *c, const char *expect, int more)
{
	int others;
	char *path = autosave_newest(c->s, &others);

	if (expect == NULL)
		ck_assert_msg(path == NULL, "%s is offered", path);
	else {
		ck_assert_msg(path != NULL, "%s is not offered", expect);
		ck_assert_str_eq(path, expect);
	}
	ck_assert_int_eq(others, more);
	free(path);
}

START_TEST(autosave__write__a_file_for_each_session)
{
	assert_newest(&A, NULL, 0);
	assert_written(&A, FIRST);
	assert_written(&B, SECOND);
	assert_written(&A, "./thaw-autosave-3.safetensors"); /* it holds none yet */
	set_time(FIRST, 3000, 0);
	set_time(SECOND, 5000, 0);
	set_time("./thaw-autosave-3.safetensors", 4000, 0);
	assert_newest(&C, SECOND, 2);
	ck_assert_int_eq(scratch_files(), 3);
}
END_TEST

/* Eight are kept; then the oldest that nobody holds makes room. */
START_TEST(autosave__write__the_oldest_makes_room)
{
	struct err e = {0};
	struct stat before, after;
	char *path;

	for (int n = 1; n <= 8; n++) {
		path = nth(n, false);
		assert_written(&A, path);
		set_time(path, 10000 + (n + 5) % 8, 0); /* the third is the oldest, then the fourth */
		free(path);
	}
	ck_assert_int_eq(capture_run(&B, "load thaw-autosave-3.safetensors"), 0);
	ck_assert_int_eq(stat("thaw-autosave-4.safetensors", &before), 0);
	assert_written(&A, "./thaw-autosave-4.safetensors");
	ck_assert_int_eq(stat("thaw-autosave-4.safetensors", &after), 0);
	ck_assert_int_ne(before.st_mtime, after.st_mtime);
	ck_assert_int_eq(scratch_files(), 8);
	/* Nothing can be had any more: that is said. */
	for (int n = 1; n <= 8; n++) {
		path = nth(n, false);
		ck_assert_int_eq(unlink(path), 0);
		ck_assert_int_eq(mkdir(path, 0777), 0);
		free(path);
	}
	ck_assert_ptr_null(autosave_write(A.s, &e));
	ck_has(e.text, "thaw-autosave-8.safetensors");
	ck_has(e.text, ";");
}
END_TEST

START_TEST(autosave__write__nowhere)
{
	struct err e = {0};
	struct rlimit before, small;

	A.s->user.safe = true;
	ck_assert_ptr_null(autosave_write(A.s, &e));
	ck_assert_str_eq(e.text, "");
	assert_newest(&A, NULL, 0);
	A.s->user.safe = false;
	/* the disk is full, and nothing is left behind */
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 100;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ck_assert_ptr_null(autosave_write(A.s, &e));
	ck_has(e.text, "thaw-autosave.safetensors cannot be written: File too large");
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	ck_assert_int_eq(scratch_files(), 0);
	/* a person without a home */
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	capture_person(&A);
	e.text[0] = '\0';
	ck_assert_ptr_null(autosave_write(A.s, &e));
	ck_assert_str_eq(e.text, "the session is not saved: no HOME and no XDG_STATE_HOME; set one of them");
}
END_TEST

/* What a session has loaded it holds: no other is offered it, and its own autosave takes the place. */
START_TEST(autosave__loaded__is_held)
{
	assert_written(&A, FIRST);
	assert_written(&A, SECOND);
	set_time(FIRST, 1000, 0);
	set_time(SECOND, 2000, 0);
	ck_assert_int_eq(capture_run(&B, "load thaw-autosave-2.safetensors"), 0);
	ck_assert_str_eq(B.s->user.autosave, SECOND);
	assert_newest(&C, FIRST, 0);
	/* another session loads the same file, and does not get it */
	ck_assert_int_eq(capture_run(&C, "load thaw-autosave-2.safetensors"), 0);
	ck_assert_ptr_null(C.s->user.autosave);
	/* once more, and by another name of it: still the same */
	ck_assert_int_eq(capture_run(&A, "load " FIRST), 0);
	ck_assert_int_eq(link(FIRST, "same.safetensors"), 0);
	ck_assert_int_eq(capture_run(&A, "load " FIRST "; load same.safetensors"), 0);
	ck_assert_str_eq(A.s->user.autosave, FIRST);
	assert_newest(&C, NULL, 0);
	/* a file that is no autosave changes nothing */
	ck_assert_int_eq(capture_run(&C, "save own.safetensors"), 0);
	ck_assert_int_eq(capture_run(&A, "load own.safetensors"), 0);
	ck_assert_str_eq(A.s->user.autosave, FIRST);
	autosave_loaded(A.s, "nowhere.safetensors");
	ck_assert_str_eq(A.s->user.autosave, FIRST);
	assert_written(&B, SECOND);
	/* when B loads another, the one before is free again */
	assert_written(&C, "./thaw-autosave-3.safetensors");
	ck_assert_int_eq(capture_run(&B, "load thaw-autosave-3.safetensors"), 0);
	ck_assert_str_eq(B.s->user.autosave, "./thaw-autosave-3.safetensors");
	assert_newest(&C, SECOND, 0);
	/* what is held cannot be written any more: another name is taken */
	ck_assert_int_eq(unlink("thaw-autosave-3.safetensors"), 0);
	ck_assert_int_eq(mkdir("thaw-autosave-3.safetensors", 0777), 0);
	assert_written(&B, "./thaw-autosave-4.safetensors");
}
END_TEST

START_TEST(autosave__claim__one_each)
{
	int fd[3] = {-1, -1, -1};
	char *path[2], *none;

	assert_written(&A, FIRST);
	assert_written(&A, SECOND);
	set_time(FIRST, 1000, 0);
	set_time(SECOND, 2000, 0);
	path[0] = autosave_claim(A.s, &fd[0]);
	path[1] = autosave_claim(B.s, &fd[1]);
	none = autosave_claim(C.s, &fd[2]);
	ck_assert_str_eq(path[0], SECOND);
	ck_assert_str_eq(path[1], FIRST);
	ck_assert_ptr_null(none);
	ck_assert_int_eq(capture_run(&C, "load autosave"), 1);
	ck_has(C.errors, "no batch ended unsaved in this folder, or another has its work; name a file");
	close(fd[0]);
	assert_newest(&C, SECOND, 0);
	ck_assert_int_eq(capture_run(&C, "load autosave"), 0);
	ck_assert_str_eq(C.s->user.autosave, SECOND);
	/* weights alone do not make it the session's */
	close(fd[1]);
	ck_assert_int_eq(capture_run(&B, "load autosave only=all"), 0);
	ck_assert_ptr_null(B.s->user.autosave);
	assert_newest(&A, FIRST, 0);
	free(path[0]);
	free(path[1]);
}
END_TEST

/* One that another goes on looking at is not to be had, and is there when that is over. */
START_TEST(autosave__claim__not_while_another_looks)
{
	int fd = -1, shared;
	char *path;

	assert_written(&A, FIRST);
	shared = open(FIRST, O_RDONLY);
	ck_assert_int_ge(shared, 0);
	ck_assert_int_eq(flock(shared, LOCK_SH), 0);
	ck_assert_ptr_null(autosave_claim(B.s, &fd));
	close(shared);
	path = autosave_claim(B.s, &fd);
	ck_assert_str_eq(path, FIRST);
	close(fd);
	free(path);
}
END_TEST

/* What is no file of ours at such a name is neither offered nor opened. */
START_TEST(autosave__newest__passes_over_what_is_no_file)
{
	ck_assert_int_eq(mkdir(FIRST, 0777), 0);
	ck_assert_int_eq(mkfifo(SECOND, 0600), 0);
	assert_written(&A, "./thaw-autosave-3.safetensors");
	ck_assert_int_eq(symlink("thaw-autosave-3.safetensors", "thaw-autosave-4.safetensors"), 0);
	assert_newest(&A, "./thaw-autosave-3.safetensors", 0);
}
END_TEST

static void
assert_offer(struct capture *c, const char *expect)
{
	int others;
	char *path = autosave_offer(c->s, &others);

	if (expect == NULL)
		ck_assert_msg(path == NULL, "%s is offered", path);
	else {
		ck_assert_msg(path != NULL, "%s is not offered", expect);
		ck_assert_msg(strcmp(path + strlen(path) - strlen(expect), expect) == 0, "%s", path);
	}
	free(path);
}

/* Sessions that end together leave files of the same second: the one that is told then is not told of the other. */
START_TEST(autosave__newest__within_a_second)
{
	assert_written(&A, FIRST);
	assert_written(&B, SECOND);
	set_time(FIRST, 4000000000, 9);
	set_time(SECOND, 4000000000, 5);
	assert_newest(&C, FIRST, 1);
	set_time(SECOND, 4000000000, 10);
	assert_newest(&C, SECOND, 1);
}
END_TEST

/* A person is told once of each. */
START_TEST(autosave__offer__once)
{
	struct err e = {0};
	char *path;

	people();
	assert_offer(&A, NULL);
	path = autosave_write(A.s, &e);
	ck_assert_msg(path != NULL, "%s", e.text);
	ck_assert_int_eq(access("state/thaw/autosave.safetensors", F_OK), 0);
	free(path);
	assert_offer(&B, "state/thaw/autosave.safetensors");
	assert_offer(&B, NULL);
	assert_offer(&C, NULL);
	/* newer by a second, and by a nanosecond; older ones do not count */
	set_time("state/thaw/autosave.safetensors", 4000000000, 5);
	assert_offer(&C, "autosave.safetensors");
	assert_offer(&C, NULL);
	set_time("state/thaw/autosave.safetensors", 4000000000, 6);
	assert_offer(&C, "autosave.safetensors");
	set_time("state/thaw/autosave.safetensors", 4000000000, 5);
	assert_offer(&C, NULL);
	set_time("state/thaw/autosave.safetensors", 3000000000, 7);
	assert_offer(&C, NULL);
	/* where it cannot be noted, it is offered again */
	ck_assert_int_eq(unlink("state/thaw/autosave.told"), 0);
	ck_assert_int_eq(symlink("elsewhere", "state/thaw/autosave.told"), 0);
	set_time("state/thaw/autosave.safetensors", 4200000000, 0);
	assert_offer(&C, "autosave.safetensors");
	ck_assert_int_eq(access("state/thaw/elsewhere", F_OK), -1);
	assert_offer(&C, "autosave.safetensors");
}
END_TEST

/* A session that ends as it was asked to leaves what it had loaded under another name; a batch's stays. */
START_TEST(autosave__done__is_not_offered_again)
{
	struct err e = {0};
	char *path;

	assert_written(&A, FIRST);
	ck_assert_int_eq(capture_run(&A, "load autosave"), 0);
	autosave_done(A.s);
	ck_assert_ptr_null(A.s->user.autosave);
	assert_newest(&B, FIRST, 0);
	autosave_done(A.s); /* holds nothing */

	people();
	path = autosave_write(A.s, &e);
	ck_assert_msg(path != NULL, "%s", e.text);
	free(path);
	ck_assert_int_eq(capture_run(&A, "load autosave"), 0);
	capture_wait(&A);
	ck_assert_ptr_nonnull(A.s->user.autosave);
	autosave_done(A.s);
	ck_assert_int_eq(access("state/thaw/autosave.safetensors", F_OK), -1);
	ck_assert_int_eq(access("state/thaw/autosave-loaded.safetensors", F_OK), 0);
	assert_newest(&B, NULL, 0);
	/* the state's folder is gone meanwhile */
	ck_assert_int_eq(rename("state/thaw/autosave-loaded.safetensors", "state/thaw/autosave.safetensors"), 0);
	ck_assert_int_eq(capture_run(&A, "load autosave"), 0);
	capture_wait(&A);
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	autosave_done(A.s);
	ck_assert_int_eq(access("state/thaw/autosave.safetensors", F_OK), 0);
}
END_TEST

/* A session that went on with what it had loaded has it all in the file that it saves: nobody is offered the rest. */
START_TEST(autosave__saved__is_not_offered_again)
{
	assert_written(&A, FIRST);
	ck_assert_int_eq(capture_run(&B, "load autosave; save part.safetensors only=all; save part.npz; save part.safetensors "
	    "layout=torch"), 0);
	ck_assert_str_eq(B.s->user.autosave, FIRST); /* which is not all of it */
	ck_assert_int_eq(capture_run(&B, "save whole.safetensors"), 0);
	ck_assert_ptr_null(B.s->user.autosave);
	ck_assert_int_eq(access(FIRST, F_OK), -1);
	ck_assert_int_eq(access("thaw-autosave-loaded.safetensors", F_OK), 0);
	assert_newest(&C, NULL, 0);

	/* what another file has taken the place of is not in what is saved */
	assert_written(&A, FIRST);
	ck_assert_int_eq(capture_run(&B, "load " FIRST "; load part.npz; save again.safetensors"), 0);
	ck_assert_str_eq(B.s->user.autosave, FIRST);
	ck_assert_int_eq(capture_run(&B, "load " FIRST "; save again.safetensors"), 0);
	assert_newest(&C, NULL, 0);

	/* saved in its own place it stays there */
	assert_written(&A, FIRST);
	ck_assert_int_eq(capture_run(&B, "load autosave; save " FIRST), 0);
	ck_assert_ptr_null(B.s->user.autosave);
	ck_assert_int_eq(access(FIRST, F_OK), 0);
	ck_assert_int_eq(capture_run(&C, "load " FIRST), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("autosave");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, autosave__write__a_file_for_each_session);
	tcase_add_test(t, autosave__write__the_oldest_makes_room);
	tcase_add_test(t, autosave__write__nowhere);
	tcase_add_test(t, autosave__loaded__is_held);
	tcase_add_test(t, autosave__claim__one_each);
	tcase_add_test(t, autosave__claim__not_while_another_looks);
	tcase_add_test(t, autosave__newest__passes_over_what_is_no_file);
	tcase_add_test(t, autosave__newest__within_a_second);
	tcase_add_test(t, autosave__offer__once);
	tcase_add_test(t, autosave__done__is_not_offered_again);
	tcase_add_test(t, autosave__saved__is_not_offered_again);
	suite_add_tcase(s, t);
	return run_suite(s);
}
