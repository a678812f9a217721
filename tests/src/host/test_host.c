/* test_host.c: how a session is greeted, what a batch does with its sources, and how a session ends. */
#include "host/bench_int.h"
#include "host/host.h"
#include "util/signals.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/src/failing.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* In place of the system's, so that no test writes to the folder of whoever runs it. */
struct passwd *
getpwuid(uid_t uid)
{
	return NULL;
}

static char state[4096], config[4096]; /* folders */

static void
setup(void)
{
	captured_small();
	ck_assert_ptr_nonnull(getcwd(state, sizeof state - 8));
	strcpy(config, state);
	strcat(state, "/state");
	strcat(config, "/config");
	setenv("XDG_STATE_HOME", state, 1);
	setenv("XDG_CONFIG_HOME", config, 1);
	ck_assert_int_eq(mkdir("config", 0700), 0);
	ck_assert_int_eq(mkdir("config/thaw", 0700), 0);
}

static void
homeless(void)
{
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
}

/* What standard error has of a call, the first lines. */
static char said[4096];

static void
begin_said(int *before)
{
	int fd = open("said", O_RDWR | O_CREAT | O_TRUNC, 0600);

	fflush(stderr);
	*before = dup(STDERR_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
}

static void
end_said(int before)
{
	size_t n;
	uint8_t *p;

	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	p = scratch_read("said", &n);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_lt(n, sizeof said);
	memcpy(said, p, n);
	said[n] = '\0';
	free(p);
}

/* ---- the greeting ---- */

static void
greet(void)
{
	capture_clear(&C);
	C.s->user.greet = true;
	C.s->user.init = true;
	host_greet(C.s);
	ck_assert(!C.s->user.greet);
	ck_assert(!C.s->user.interactive); /* as it was */
}

START_TEST(greet__init__is_run)
{
	static const char init[] = "set batch 9\nset batch nine\nset epochs 7\n";

	greet(); /* there is none */
	ck_assert_str_eq(C.errors, "");
	scratch_write("config/thaw/init", init, sizeof init - 1);
	greet();
	ck_has(C.errors, "config/thaw/init:2: error: ");
	ck_assert_int_eq(C.s->set.run.batch, 9);
	ck_assert_int_eq(C.s->set.epochs, 7); /* an error ends nothing */
	ck_assert_int_eq(C.s->queue.status, 0);
	ck_assert(!C.s->queue.stopped);
	/* nor is it read where nobody wants it */
	C.s->user.safe = true;
	C.s->set.run.batch = 3;
	greet();
	C.s->user.safe = false;
	C.s->queue.quit = true;
	greet();
	C.s->queue.quit = false;
	ck_assert_int_eq(C.s->set.run.batch, 3);
}
END_TEST

START_TEST(greet__init__what_is_no_file_of_commands)
{
	scratch_write("config/thaw/init", "set batch 9\n\0\n", 14);
	greet();
	ck_has(C.errors, "config/thaw/init");
	ck_has(C.errors, "NUL byte");
	ck_assert_int_eq(unlink("config/thaw/init"), 0);
	ck_assert_int_eq(mkfifo("config/thaw/init", 0600), 0);
	greet(); /* nobody waits for what comes out of it */
	ck_assert_str_eq(C.errors, "");
	ck_assert_int_eq(unlink("config/thaw/init"), 0);
	ck_assert_int_eq(mkdir("config/thaw/init", 0700), 0);
	greet();
	ck_has(C.errors, "config/thaw/init is no file of commands; move it away, or start by `thaw --no-init`");
	ck_assert_int_eq(C.s->queue.status, 0);
}
END_TEST

START_TEST(greet__work__that_others_left)
{
	greet();
	ck_lacks(C.text, "earlier session");
	ck_assert_int_eq(access("state/thaw", W_OK), 0);
	scratch_write("state/thaw/autosave.safetensors", "x", 1);
	greet();
	ck_has(C.text, "an earlier session ended unsaved and kept its work: `load autosave` brings it back");
	ck_lacks(C.text, "beside it");
	greet(); /* once */
	ck_lacks(C.text, "earlier session");
	for (int i = 2; i <= 3; i++) {
		char *name = xasprintf("state/thaw/autosave-%d.safetensors", i);

		scratch_write(name, "x", 1);
		ck_assert_int_eq(utimensat(AT_FDCWD, name, (struct timespec[]){{4000000000 + i, 0}, {4000000000 + i, 0}}, 0), 0);
		greet();
		ck_has(C.text, i == 2 ? "autosave-2.safetensors; 1 more lies beside it" : "autosave-3.safetensors; 2 more lie beside it");
		free(name);
	}
}
END_TEST

START_TEST(greet__warns__where_nothing_is_kept)
{
	homeless();
	greet();
	ck_has(C.errors, "no run is kept, and a session that ends unsaved is lost; set one of them, or name a store by --project DIR");
	C.s->store.dir = xstrdup(state);
	greet();
	ck_has(C.errors, ": a session that ends unsaved is lost; set one of them\n");
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	greet();
	ck_has(C.errors, "/proc/nowhere cannot be made: No such file or directory: the lines typed are not kept, and a session "
	    "that ends unsaved is lost; name another folder by XDG_STATE_HOME\n");
	C.s->user.safe = true;
	greet();
	ck_assert_str_eq(C.errors, "");
}
END_TEST

/* ---- a batch ---- */

static void
batch(const struct host_source *source, int n)
{
	capture_clear(&C);
	C.s->queue.status = 0;
	C.s->queue.stopped = C.s->queue.quit = false;
	host_batch(C.s, source, n);
}

START_TEST(batch__sources__end_as_they_say)
{
	static const struct host_source two[] = {{HOST_SCRIPT, "one.thaw", 1}, {HOST_SCRIPT, "two.thaw", 2}},
	    commands[] = {{HOST_COMMAND, "set epochs 4; quit", 1}, {HOST_COMMAND, "set epochs 6", 2}};

	scratch_write("one.thaw", "set batch 5\nquit\nset batch 6\n", 29);
	scratch_write("two.thaw", "set epochs 8\n", 13);
	batch(two, 2);
	ck_assert_int_eq(C.s->set.run.batch, 5);
	ck_assert_int_eq(C.s->set.epochs, 8);
	ck_assert_str_eq(C.errors, "");
	scratch_write("one.thaw", "quit 3\n", 7);
	scratch_write("two.thaw", "set epochs 9\n", 13);
	batch(two, 2);
	ck_has(C.errors, "quit 3 in one.thaw: what is named behind it was not run, two.thaw first");
	ck_assert_int_eq(C.s->set.epochs, 8);
	ck_assert(C.s->queue.quit);
	ck_assert_int_eq(C.s->queue.quit_code, 3);
	batch(commands, 2); /* a command is the user's own word */
	ck_assert(C.s->queue.quit);
	ck_assert_int_eq(C.s->set.epochs, 4);
}
END_TEST

/* In a process of its own: what it says is in `said`. */
static bool
signalled(void)
{
	static const struct host_source two[] = {{HOST_COMMAND, "set batch 5", 1}, {HOST_COMMAND, "set epochs 8", 2}},
	    script = {HOST_SCRIPT, "one.thaw", 1};
	int before, sig = 0, status;

	signal(SIGTERM, SIG_DFL); /* Check has handlers of its own */
	signals_install(false);
	raise(SIGTERM);
	C.s->set.run.batch = 4;
	batch(two, 2);
	batch(&script, 1);
	if (signals_pending() != SIGTERM || C.s->set.run.batch != 4 || host_stays(C.s))
		return false;
	begin_said(&before);
	status = host_finish(C.s, &sig);
	end_said(before);
	return sig == SIGTERM && status == 128 + SIGTERM &&
	    strstr(said, "thaw: saved the session to ./thaw-autosave.safetensors; `load ./thaw-autosave") != NULL;
}

START_TEST(batch__sources__end_with_a_signal)
{
	int status;
	pid_t child;

	scratch_write("one.thaw", "set batch 5\n", 12);
	captured_ok("set threads 1; train all epochs=1 batch=8");
	if ((child = fork()) == 0)
		_exit(!signalled());
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	captured_ok("load autosave"); /* what it had made */
	ck_has(C.text, "1 run");
}
END_TEST

/* ---- the end ---- */

static int
finish(void)
{
	int before, sig, status;

	begin_said(&before);
	status = host_finish(C.s, &sig);
	end_said(before);
	ck_assert_int_eq(sig, 0);
	return status;
}

START_TEST(finish__status__says_how_it_ended)
{
	ck_assert_int_eq(finish(), 0);
	C.s->queue.status = 3;
	ck_assert_int_eq(finish(), 3);
	C.s->out->lost = true; /* an event that could not be made */
	ck_assert_int_eq(finish(), 3);
	C.s->queue.status = 0;
	ck_assert_int_eq(finish(), 1);
	C.s->queue.quit = true;
	C.s->queue.quit_code = -1;
	ck_assert_int_eq(finish(), 1);
	C.s->queue.quit_code = 7;
	ck_assert_int_eq(finish(), 7);
	C.s->out->failed = true;
	C.s->out->failed_errno = ENOSPC;
	ck_assert_int_eq(finish(), 1);
	ck_assert_str_eq(said, "thaw: error: standard output: No space left on device; what was printed is incomplete\n");
	C.s->out->failed_errno = EPIPE; /* whoever read has gone: there is nothing to say to anyone */
	ck_assert_int_eq(finish(), 128 + SIGPIPE);
	ck_assert_str_eq(said, "");
}
END_TEST

/* A batch whose reader has gone has saved what it wanted, unless it was cut off. */
START_TEST(finish__reader__that_has_gone)
{
	captured_ok("train all epochs=1 batch=8");
	C.s->out->failed = true;
	C.s->out->failed_errno = EPIPE;
	ck_assert_int_eq(finish(), 128 + SIGPIPE);
	ck_assert_str_eq(said, "");
	runs_last(&C.s->runs)->interrupted = true;
	ck_assert_int_eq(finish(), 128 + SIGPIPE);
	ck_has(said, "thaw: saved the session to ./thaw-autosave.safetensors");
	runs_last(&C.s->runs)->interrupted = false;
	C.s->runs.kept[0] = '\0';
	C.s->queue.cut = true;
	ck_assert_int_eq(finish(), 128 + SIGPIPE);
	ck_has(said, "thaw: saved the session to ./thaw-autosave-2.safetensors");
}
END_TEST

START_TEST(stays__person__whose_work_cannot_be_saved)
{
	int before;

	C.s->user.interactive = true;
	ck_assert(!host_stays(C.s)); /* there is nothing to save */
	captured_ok("train all epochs=1 batch=8");
	C.s->queue.stopped = true;
	ck_assert(!host_stays(C.s));
	C.s->queue.stopped = false;
	C.s->out->failed = true;
	ck_assert(!host_stays(C.s));
	C.s->out->failed = false;
	homeless();
	capture_clear(&C);
	C.s->queue.quit = true;
	begin_said(&before);
	ck_assert(host_stays(C.s));
	end_said(before);
	ck_has(said, "thaw: error: the session is not saved: no HOME and no XDG_STATE_HOME; set one of them");
	ck_has(C.text, "`save FILE` keeps the session; `quit` once more leaves it unsaved");
	ck_assert(!C.s->queue.quit && !C.s->user.saved);
	setenv("XDG_STATE_HOME", state, 1);
	begin_said(&before);
	ck_assert(!host_stays(C.s));
	end_said(before);
	ck_has(said, "thaw: saved the session; `load autosave` brings it back\nthaw: it is in ");
	ck_assert(C.s->user.saved);
	ck_assert_int_eq(finish(), 0);
	ck_assert_int_eq(access("state/thaw/autosave.safetensors", F_OK), 0); /* it is offered to the next */
}
END_TEST

/* ---- shares ---- */

START_TEST(work__refuses__what_is_no_share)
{
	static const struct host_source plan[] = {{HOST_SCRIPT, "plan.json", 1}, {HOST_SCRIPT, "plan.json", 2}};
	static const struct host_share slice = {.slice = "1/1"};
	int before;

	begin_said(&before);
	ck_assert_int_eq(host_work(C.s, plan, 2, &slice), 2);
	end_said(before);
	ck_has(said, "thaw: error: work takes one plan: ");
	capture_clear(&C);
	begin_said(&before);
	ck_assert_int_eq(host_work(C.s, plan, 1, &(struct host_share){.slice = "2/1"}), 2);
	ck_assert_int_eq(host_work(C.s, plan, 1, &slice), 2);
	end_said(before);
	ck_has(C.errors, "plan.json");
	begin_said(&before);
	ck_assert_int_eq(host_merge(C.s, plan, 1), 2); /* without a store to merge into */
	end_said(before);
	ck_has(said, "thaw: error: merge takes the folders that hold runs");
}
END_TEST

/* A plan of two trials in plan.json; returns its status. */
static int
plan(const char *line)
{
	struct host_source source = {HOST_COMMAND, line, 1};
	int fd = open("plan.json", O_WRONLY | O_CREAT | O_TRUNC, 0600), before, status;

	C.s->queue.status = 0;
	fflush(stdout);
	before = dup(STDOUT_FILENO);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	capture_clear(&C);
	status = host_plan(C.s, &source, 1);
	fflush(stdout);
	dup2(before, STDOUT_FILENO);
	close(before);
	return status;
}

#define SWEEP "timing off; set threads 1; set kernels base; data small; build \"flatten | dense 10, softmax\"; sweep lr=0.1,1 " \
	"seeds=1 -- reset; train all epochs=1 batch=8"

/* As a program does that is started for it. */
static int
work(const char *project)
{
	static const struct host_source source = {HOST_SCRIPT, "plan.json", 1};

	capture_close(&C);
	capture_open(&C);
	store_choose(&C.s->store, project);
	return host_work(C.s, &source, 1, &(struct host_share){.slice = "1/1", .threads = true});
}

START_TEST(work__trials__are_done_once)
{
	ck_assert_int_eq(plan(SWEEP), 0);
	ck_assert_int_eq(work("project"), 0);
	ck_has(C.text, "slice 1 of 1: 2 of 2 trials are done, 0 of them before");
	ck_assert_int_eq(work("project"), 0);
	ck_has(C.text, "slice 1 of 1: 2 of 2 trials are done, 2 of them before");
	/* nowhere to keep them */
	ck_assert_int_eq(work(NULL), 2);
	ck_has(C.errors, "no HOME and no XDG_STATE_HOME; name a store by --project DIR");
	C.s->user.safe = true;
	capture_clear(&C);
	ck_assert_int_eq(host_work(C.s, &(struct host_source){HOST_SCRIPT, "plan.json", 1}, 1, &(struct host_share){.slice = "1/1"}), 2);
	ck_has(C.errors, "--safe keeps nothing in a person's folder; name a store by --project DIR");
	scratch_write("file", "x", 1);
	ck_assert_int_eq(work("file/project"), 1);
	ck_has(C.errors, "cannot be made");
}
END_TEST

/* A signal ends them, and what is not done is no error. */
static bool
cut_off(void)
{
	signal(SIGTERM, SIG_DFL);
	signals_install(false);
	raise(SIGTERM);
	return work("late") == 0 && strstr(C.text, "slice 1 of 1: 0 of 2 trials are done") != NULL && *C.errors == '\0';
}

START_TEST(work__trials__end_with_a_signal)
{
	int status;
	pid_t child;

	ck_assert_int_eq(plan(SWEEP), 0);
	if ((child = fork()) == 0)
		_exit(!cut_off());
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert_int_eq(work("late"), 0);
	ck_has(C.text, "2 of 2 trials are done, 0 of them before");
}
END_TEST

/* Each lack of memory is told, or leaves no trace; the same again does what is missing. */
START_TEST(work__trials__without_memory)
{
	int n = 0;

	ck_assert_int_eq(plan(SWEEP), 0);
	for (bool struck = true; struck; n++) {
		char *project = xasprintf("project%d", n);
		int status;

		failing_at(FAILING_MEMORY, n + 1, ENOMEM);
		status = work(project);
		struck = failing_struck();
		/* a trial that cannot be read back is none that the store has */
		ck_assert_msg(status == 0 || strstr(C.errors, "memory") != NULL || strstr(C.errors, " thread") != NULL ||
		    strstr(C.errors, "is not in the store; ") != NULL, "call %d: %s", n + 1, C.errors);
		ck_assert_msg(status == 0 || struck, "%s", C.errors);
		ck_assert_msg(status == 0 || work(project) == 0, "the same again behind call %d: %s", n + 1, C.errors);
		ck_has(C.text, "2 of 2 trials are done");
		free(project);
	}
	ck_assert_int_gt(n, 20);
	n = 0;
	for (bool struck = true; struck; n++) {
		int status;

		capture_close(&C);
		capture_open(&C);
		failing_at(FAILING_MEMORY, n + 1, ENOMEM);
		status = plan(SWEEP);
		struck = failing_struck();
		ck_assert_msg(status == 0 || (struck && strstr(C.errors, "memory") != NULL) || strstr(C.errors, "thread") != NULL,
		    "call %d: %s", n + 1, C.errors);
	}
	ck_assert_int_gt(n, 2);
}
END_TEST

START_TEST(plan__refuses__what_makes_no_trials)
{
	ck_assert_int_eq(plan("data small; set batch 8"), 1);
	ck_has(C.errors, "there is no sweep in these commands, and no `compare modes`");
	ck_assert_int_eq(plan("# nothing"), 1);
	ck_assert_msg(plan(" ;; " SWEEP) == 0, "%s", C.errors);
}
END_TEST

/* ---- the workbench ---- */

START_TEST(bench__options__are_the_settings)
{
	struct bench b = {.s = C.s};
	struct ui_options o;

	bench_options(&b, &o);
	ck_assert(o.glyphs_auto && o.glyphs == UI_BRAILLE && o.theme == UI_THEME_AUTO && o.pictures == UI_PICTURES_AUTO);
	captured_ok("set glyphs ascii; set theme dark; set pictures kitty; set color always; set mouse off");
	bench_options(&b, &o);
	ck_assert(!o.glyphs_auto && o.glyphs == UI_ASCII && o.theme == UI_THEME_DARK && o.pictures == UI_PICTURES_KITTY);
	ck_assert(o.colours_auto && !o.mouse);
	captured_ok("set glyphs block; set theme light; set pictures cells; set color never");
	bench_options(&b, &o);
	ck_assert(o.glyphs == UI_BLOCK && o.theme == UI_THEME_LIGHT && o.pictures == UI_PICTURES_CELLS && !o.colours_auto);
	captured_ok("set color auto; set glyphs braille");
	setenv("NO_COLOR", "1", 1);
	bench_options(&b, &o);
	ck_assert(!o.colours_auto && o.glyphs == UI_BRAILLE);
	setenv("NO_COLOR", "", 1); /* which says nothing */
	bench_options(&b, &o);
	ck_assert(o.colours_auto);
	unsetenv("NO_COLOR");
	bench_options(&b, &o);
	ck_assert(o.colours_auto);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("host");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, greet__init__is_run);
	tcase_add_test(t, greet__init__what_is_no_file_of_commands);
	tcase_add_test(t, greet__work__that_others_left);
	tcase_add_test(t, greet__warns__where_nothing_is_kept);
	tcase_add_test(t, batch__sources__end_as_they_say);
	tcase_add_test(t, batch__sources__end_with_a_signal);
	tcase_add_test(t, finish__status__says_how_it_ended);
	tcase_add_test(t, finish__reader__that_has_gone);
	tcase_add_test(t, stays__person__whose_work_cannot_be_saved);
	tcase_add_test(t, work__refuses__what_is_no_share);
	tcase_add_test(t, work__trials__are_done_once);
	tcase_add_test(t, work__trials__end_with_a_signal);
	tcase_add_test(t, work__trials__without_memory);
	tcase_add_test(t, plan__refuses__what_makes_no_trials);
	tcase_add_test(t, bench__options__are_the_settings);
	suite_add_tcase(s, t);
	return run_suite(s);
}
