/* test_played.c: scripts that a person plays, with their comments and pauses; what waits, what an error leaves of it, and how lines of
 * a file are read. */
#include "session/lines.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int holds;
static bool stays; /* a pause lasts */
static char *gone_on; /* what was said last went on so */

static void
play_hold(void *arg, bool again)
{
	holds++;
	C.s->queue.held = stays;
}

static void
play_goes_on(void *arg, const char *text)
{
	char *more = xasprintf("%s[%s]", gone_on, text);

	free(gone_on);
	gone_on = more;
}

static const struct user_host screen = {.is_screen = true, .hold = play_hold, .goes_on = play_goes_on},
    plain = {.is_screen = true, .hold = play_hold};

static void
play_setup(void)
{
	captured_small();
	capture_person(&C);
	C.s->user.host = &screen;
	gone_on = xstrdup("");
	holds = 0;
	stays = false;
}

static void
play_teardown(void)
{
	free(gone_on);
	captured_teardown();
}

static void
script(const char *name, const char *text)
{
	scratch_write(name, text, strlen(text));
}

static void
source(const char *text)
{
	script("x.thaw", text);
	free(gone_on);
	gone_on = xstrdup("");
	capture_run(&C, "source x.thaw");
	capture_wait(&C);
}

START_TEST(played__comments)
{
	static const char prose[] = "# A line of prose that is as long as the lines of this script are,\n# which goes on here.\n"
	    "# Short\n# 1. a list\n# 2) its second\n# 3 words are none\n# 0. An item.\n# 7. Another, of which the number is\n# Title ---\n# after it\n#  indented\n#\n# \n# | drawn |\n#none\nprint 1\n# alone\n";
	struct str many = {0};

	source(prose);
	ck_assert_str_eq(gone_on, "[which goes on here.][3 words are none]");
	ck_has(C.text, "# Short\n# 1. a list\n# 2) its second\n# 0. An item.\n# 7. Another, of which the number is\n"
	    "# Title ---\n# after it\n");
	ck_has(C.text, "thaw> print 1\n1\n# alone\n");
	for (int i = 0; i < 40; i++)
		str_add(&many, "# which has words enough to fill a paragraph with, more than one may have in all\n");
	source(many.s);
	ck_has(gone_on, "[which has words");
	ck_has(strchr(C.text, '\n') + 1, "# which has words"); /* a second paragraph */
	source("# A sentence whose last word is the number that stands on the next line, which is\n# 0. So it is no list.\n");
	ck_assert_str_eq(gone_on, "[0. So it is no list.]");
	C.s->user.host = &plain;
	source(prose);
	ck_assert_str_eq(gone_on, "");
	ck_has(C.text, "# which goes on here.\n");
	ck_assert_int_eq(capture_run(&C, "log log.txt"), 0);
	source(prose);
	ck_assert_int_eq(capture_run(&C, "log off"), 0);
	free(many.s);
	many.s = (char *)scratch_read("log.txt", &many.n);
	many.s[many.n - 1] = '\0';
	ck_has(many.s, "thaw> print 1\n");
	ck_assert_ptr_null(strstr(many.s, "thaw> #"));
	free(many.s);
}
END_TEST

START_TEST(played__pauses)
{
	source("pause \"What now?\"\nprint 1\npause\nprint 2\n");
	ck_assert_int_eq(holds, 2);
	ck_has(C.text, "What now?\n");
	ck_has(C.text, "thaw> print 2\n2\n");
	stays = true;
	script("x.thaw", "pause\nprint 1\nprint 2\n");
	capture_run(&C, "source x.thaw");
	ck_assert(C.s->queue.held);
	ck_assert_int_eq(capture_run(&C, "print 5"), 0); /* meanwhile, and it pauses again */
	ck_has(C.text, "5\n");
	ck_assert_ptr_null(strstr(C.text, "1\n"));
	ck_assert(C.s->queue.held);
	capture_run(&C, "freeze nosuch");
	ck_has(C.errors, "no layer matches");
	ck_assert(C.s->queue.held);
	capture_run(&C, "continue again");
	ck_has(C.errors, "no command of a script has failed or was interrupted");
	stays = false;
	capture_run(&C, "print 6; print 7");
	ck_assert(!C.s->queue.held);
	capture_wait(&C);
	ck_has(C.text, "6\n7\nthaw> print 1\n1\nthaw> print 2\n2\n");
}
END_TEST

START_TEST(played__errors)
{
	struct str many = {0};

	source("print 1\nfreeze nosuch ; \nprint 2\nprint 3\n");
	ck_has(C.errors, "x.thaw:2: error: freeze: no layer matches \"nosuch\"");
	ck_has(C.text, "before `print 2`, 1 more line waits; `continue` goes on there, `continue again` begins with `freeze nosuch`\n");
	RUN_LINES({"continue", 0, "3"}, {"continue again", 1, "no layer matches"}, {"continue again", 1, "no layer matches"});
	source("freeze nosuch\n");
	ck_has(C.text, "the script has ended, `continue again` begins with `freeze nosuch`");
	RUN_LINES({"continue again", 1, "no layer matches"}, {"freeze\tnosuch", 1, "no layer matches"},
	    {"mode json", 0, NULL}, {"freeze nosuch", 1, "\"column\":8"}, {"mode table", 0, NULL},
	    {"source .", 1, "cannot be read: Is a directory"}, {"source nowhere.thaw", 1, "No such file"});
	scratch_write("nul.thaw", "print 1\nprint \0 2\n", 18);
	RUN_LINES({"source nul.thaw", 1, "nul.thaw:2: the line holds a NUL byte; a script is text"});
	script("deep.thaw", "source deep.thaw\n");
	RUN_LINES({"source deep.thaw", 1, "scripts source each other more than 16 deep"});
	str_add(&many, "quit\n");
	for (int i = 0; i < 30; i++)
		str_add(&many, "print \"number %d\"\n", i);
	source("bail on\nfreeze nosuch\nprint 1\n");
	ck_has(C.text, "dropped print 1\n");
	C.s->queue.stopped = false;
	C.s->queue.bail_set = false;
	source(many.s);
	ck_has(C.text, "dropped print \"number 0\"; print \"number 1\"; print \"number 2\"; and 27 more\n");
	C.s->queue.quit = false;
	free(many.s);
}
END_TEST

START_TEST(played__what_waits)
{
	char *waits;

	ck_assert_int_eq(capture_run(&C, "train all epochs=100000 batch=8 verbose=0"), 0);
	for (int i = 0; i < 4; i++) {
		char *line = xasprintf("reset seed=%d # %150s", i, "x");

		ck_assert_int_eq(capture_run(&C, line), 0);
		ck_has(C.text, "queued: reset seed=");
		free(line);
	}
	waits = queue_waiting(&C.s->queue);
	ck_assert_int_eq(strncmp(waits, "reset seed=0 #", 14), 0);
	ck_assert_str_eq(waits + strlen(waits) - 4, " ...");
	free(waits);
	RUN_LINES({" ; reset; freeze head", 0, "queued: reset; freeze head\n"}, {"reset", 0, "queued: reset\n"},
	    {"freeze head", 0, "queued: freeze head; `now freeze head` acts at once\n"}, {"model.nosuch()", 0, "error: "},
	    {"mode json", 0, "queued: mode json\n"});
	C.s->out->mode = OUT_JSON; /* where a line that waits is no result */
	RUN_LINES({"freeze head", 0, NULL});
	C.s->out->mode = OUT_TABLE;
	RUN_LINES({"plot", 1, "there is no curve to draw yet"});
	ck_has(C.s->queue.dropped[0], "after the error: dropped reset seed=0");
	ck_has(C.s->queue.dropped[0], "more");
	ck_assert_int_eq(capture_run(&C, "stop"), 0);
	capture_wait(&C);
	ck_has(C.text, "interrupted");
}
END_TEST

/* Until that run has so many epochs behind it. */
static void
wait_epochs(int run, int epochs)
{
	while (capture_run_at(&C, run)->nepoch < epochs)
		capture_tick(&C);
}

START_TEST(played__finetune_that_is_stopped)
{
	ck_assert_int_eq(capture_run(&C, "finetune all freeze_epochs=100000 epochs=2 batch=8 verbose=0"), 0);
	wait_epochs(0, 2);
	ck_assert_int_eq(capture_run(&C, "stop"), 0);
	capture_wait(&C);
	ck_has(C.text, "the head trains alone in r1, so the features are frozen; `resume` goes on with it");
	ck_assert_int_eq(capture_run(&C, "resume"), 0);
	wait_epochs(0, 5);
	ck_assert_int_eq(capture_run(&C, "stop"), 0);
	capture_wait(&C);
	ck_assert_int_ge(capture_run_at(&C, 0)->nepoch, 5);
	ck_assert_int_eq(capture_run(&C, "history"), 0);
	ck_has(C.text, "`resume` goes on with it");
	ck_assert_int_eq(capture_run(&C, "unfreeze all; train all epochs=1 batch=8"), 0);
	capture_wait(&C);
	ck_has(C.text, "Test accuracy");
}
END_TEST

/* ---- the lines of a file ---- */

static struct line_reader R;

/* What stands in the file, line after line, each with its number: "1:a 2:b 3:NUL". */
static void
reads(const char *name, const void *p, size_t n, const char *says)
{
	struct str b = {0};
	ssize_t got;

	scratch_write(name, p, n);
	ck_assert_int_eq(line_open(&R, name), 0);
	str_add(&b, "%s", "");
	while ((got = line_read(&R)) != -1)
		str_add(&b, "%s%d:%s", b.n > 0 ? " " : "", R.number, got < 0 ? "NUL" : R.text);
	ck_assert_str_eq(b.s, says);
	line_close(&R);
	free(b.s);
}

START_TEST(played__lines_of_a_file)
{
	char *large = xcalloc(30000, 1);

	reads("a", "a\r\nb \\\nc\n\nd", 11, "1:a 2:b  c 4: 5:d");
	reads("a", "a\\", 2, "1:a ");
	reads("a", "a\\\nb\0c\nd\n", 9, "1:NUL 3:d");
	memset(large, 'x', 30000);
	large[3] = '\0';
	memcpy(large + 29990, "\nb\n", 4);
	reads("a", large, 29993, "1:NUL 2:b");
	free(large);
	ck_assert_int_eq(line_open(&R, "nowhere"), -1);
	line_close(&R);
}
END_TEST

static void
no_notebook(const char *text, const char *why)
{
	scratch_write("a.ipynb", text, strlen(text));
	ck_assert_int_eq(line_open(&R, "a.ipynb"), -1);
	ck_has(line_why(&R, ENOMSG), why);
	line_close(&R);
}

START_TEST(played__lines_of_a_notebook)
{
	static const char book[] = "{\"cells\": [{\"source\": [\"%%thaw\\n\", 7, \"print 1\\n\"]}, {\"source\": 5}, {\"source\": \"%%thaw print 2\"}, 8,"
	    " {\"source\": \"%%thawed\"}]}";
	int cell, line;

	scratch_write("a.ipynb", book, sizeof book - 1);
	ck_assert_int_eq(line_open(&R, "a.ipynb"), 0);
	ck_assert_int_gt(line_read(&R), 0);
	ck_assert_str_eq(R.text, "print 1");
	line_place(R.number, &cell, &line);
	ck_assert_int_eq(cell, 1);
	ck_assert_int_eq(line, 2);
	ck_assert_int_eq(line_read(&R), 0);
	ck_assert_int_gt(line_read(&R), 0);
	ck_assert_str_eq(R.text, "print 2");
	line_place(R.number, &cell, &line);
	ck_assert_int_eq(cell, 3);
	line_close(&R);
	no_notebook("{\"cells\": [1 2]}", "it is no notebook of Jupyter, or a damaged one (line 1, column ");
	no_notebook("{", "it is no notebook of Jupyter, or a damaged one");
	no_notebook("{\"worksheets\": []}", "it is a notebook of nbformat 3; convert it by");
	no_notebook("{\"worksheets\": 1}", "");
	reads("b.ipynb", "print 1\n", 8, "1:print 1"); /* a script all the same */
	reads("b.ipynb", "", 0, "");
	ck_assert_int_eq(mkdir("c.ipynb", 0700), 0);
	ck_assert_int_eq(line_open(&R, "c.ipynb"), 0);
	ck_assert_int_eq(line_read(&R), -1);
	ck_assert_int_eq(R.error, EISDIR);
	line_close(&R);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("played");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, play_setup, play_teardown);
	tcase_add_test(t, played__comments);
	tcase_add_test(t, played__pauses);
	tcase_add_test(t, played__errors);
	tcase_add_test(t, played__what_waits);
	tcase_add_test(t, played__finetune_that_is_stopped);
	tcase_add_test(t, played__lines_of_a_file);
	tcase_add_test(t, played__lines_of_a_notebook);
	suite_add_tcase(s, t);
	return run_suite(s);
}
