/* test_log.c: what of the log is in view: its end, where the user scrolled to; and what lies over the panes where it has
 * no room.
 */
#include "fixture.h"
#include "ui/screen.h"
#include "../run.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define RUN_LINE "230/230 ------------------------------------------------------- accuracy: 0.9215 - loss: 0.2449 - val_loss: 0.1"
#define SIX "one\ntwo\nthree\nfour\nfive\nsix"

/* Each test begins with an empty log. */
static struct ui_model m;
static struct ui_view v;
static struct ui_pane_state *const st = &v.pane[UI_P_log];

static void
setup(void)
{
	memset(&m, 0, sizeof m);
	m.progress = -1;
	ui_view_init(&v);
}

static void
teardown(void)
{
	ui_model_clear(&m);
}

static void
add(int style, const char *text)
{
	ui_log_add(&m.log, style, text);
}

/* The screen has each of these texts, and none of those behind a '!'; NULL ends them. */
static void __attribute__((sentinel))
shows(int cols, int rows, ...)
{
	const char *text = fixture_drawn(cols, rows, &m, &v), *want;
	va_list ap;

	va_start(ap, rows);
	while ((want = va_arg(ap, const char *)) != NULL)
		if ((strstr(text, want + (want[0] == '!')) != NULL) != (want[0] != '!'))
			ck_abort_msg("\"%s\" at %dx%d:\n%s", want, cols, rows, text);
	va_end(ap);
}

START_TEST(log__scrolled__stays_while_lines_come)
{
	char line[32];

	for (int i = 0; i < 100; i++) {
		snprintf(line, sizeof line, "line %d.", i);
		add(UI_PLAIN, line);
	}
	v.zoom = true;
	v.zoomed = UI_P_log;
	st->scroll = 30;
	st->seen = m.log.total;
	shows(80, 24, "line 69.", "!line 70.", NULL);
	add(UI_PLAIN, "one more");
	shows(80, 24, "line 69.", "!line 70.", NULL);
	st->scroll = 1 << 30;
	shows(80, 24, "line 0.", NULL);
}
END_TEST

START_TEST(log__out_of_view__an_error_is_said_all_the_same)
{
	fixture_fill(&m, FIXTURE_FIRST);
	v.told = m.log.total;
	add(UI_ACCENT, "thaw> foo");
	add(UI_BAD, "      ^^^");
	add(UI_BAD, "thaw: error: unknown command \"foo\"; `help` lists the commands");
	shows(40, 10, "│ `help` lists the commands ", NULL);
	ck_assert(v.answer);
	shows(40, 8, "unknown command", NULL);
	shows(80, 24, NULL); /* the pane says it */
	ck_assert(!v.answer);
	v.told = m.log.total;
	shows(40, 10, "!unknown command", NULL);
	add(UI_PLAIN, "Epoch 2/5");
	shows(40, 10, "!Epoch 2/5", NULL);
}
END_TEST

START_TEST(log__out_of_view__an_answer_is_shown_until_the_next_key)
{
	fixture_fill(&m, FIXTURE_FIRST);
	v.told = m.log.total;
	add(UI_ACCENT, "thaw> eval");
	add(UI_PLAIN, "Test score: 1.6081\nTest accuracy: 0.1736");
	ui_log_answer(st, &m.log, v.told + 1);
	shows(40, 10, "Test score", "Test accuracy", "!thaw> eval", "!PgDn", NULL);
	ck_assert(v.answer);
	for (int i = 0; i < 9; i++)
		add(UI_PLAIN, "one more line");
	ui_log_answer(st, &m.log, v.told + 1);
	shows(40, 10, "Test score", "PgDn: ", NULL);
	v.told = m.log.total; /* a key */
	shows(40, 10, "!Test score", NULL);
	ck_assert(!v.answer);
}
END_TEST

START_TEST(log__more_above__of_an_answer_and_not_of_a_run)
{
	add(UI_ACCENT, "thaw> model");
	add(UI_PLAIN, "one");
	shows(80, 23, "!more above", NULL);
	add(UI_PLAIN, "two");
	shows(80, 24, "!more above", "thaw> model", "two", NULL); /* three rows, */
	shows(80, 23, "more above", NULL); /* two */
	add(UI_PLAIN, "three");
	shows(80, 24, "more above", NULL);
	ui_string(&m.activity, "r1 epoch 1/5");
	shows(80, 24, "!more above", NULL);
}
END_TEST

/* Two rows are no pages: all of the log lies over the panes, from its end, until the next key. */
START_TEST(log__page_up__of_a_small_pane_lays_all_of_it_over_the_panes)
{
	struct ui_rect small = {0, 20, 80, 4}, large = {0, 10, 80, 14}, none = {0};

	add(UI_ACCENT, "thaw> model");
	ck_assert(!ui_log_over(st, &m.log, small)); /* which is in view */
	ck_assert(ui_log_over(st, &m.log, none)); /* not in this layout */
	st->all = 0;
	add(UI_PLAIN, SIX);
	ui_log_answer(st, &m.log, 1);
	for (int i = 0; i < 30; i++)
		add(UI_PLAIN, i < 29 ? "more of it" : "the end");
	v.told = m.log.total;
	ck_assert(!ui_log_over(st, &m.log, large));
	ck_assert(ui_log_over(st, &m.log, small));
	v.told = 0;
	shows(80, 24, "─ log ─", "the end", "! one ", "PgUp: ", "the next key closes", NULL);
	ui_answer_scroll(st, -1000);
	shows(80, 24, "─ log ─", "thaw> model", " one ", "!the end", "PgDn: ", NULL);
	ui_answer_scroll(st, 1000);
	add(UI_PLAIN, "of a run meanwhile");
	shows(80, 24, "─ log ─", "the end", NULL);
	v.told = m.log.total; /* a key */
	shows(80, 24, "!the next key closes", "of a run meanwhile", NULL);
	ck_assert(!v.answer);
}
END_TEST

/* 80x24 has two rows of log. */
START_TEST(log__tall_answer__lies_over_the_panes_until_the_next_key)
{
	add(UI_ACCENT, "thaw> model");
	v.told = m.log.total;
	add(UI_PLAIN, SIX);
	ui_log_answer(st, &m.log, 1);
	shows(80, 24, "─ answer ─", " one ", " six ", "the next key closes", "!PgDn", "!thaw> model", NULL);
	ck_assert(v.answer);
	/* It stays while a run goes on below it, also where a line is wrapped; where it fits, the log says it. */
	for (int i = 0; i < 30; i++)
		ui_log_replace(&m.log, UI_PLAIN, i % 2 ? NULL : RUN_LINE);
	shows(80, 24, " one ", " six ", "!230/230", NULL);
	v.zoom = true;
	v.zoomed = UI_P_log;
	shows(80, 24, "230/230", "!─ answer ─", NULL);
	v.zoom = false;
	/* Its pages are turned where even all panes have no room. */
	for (int i = 0; i < 30; i++)
		add(UI_PLAIN, "more of it");
	add(UI_PLAIN, "the end");
	ui_log_answer(st, &m.log, 1);
	shows(80, 24, " one ", "!the end", "PgDn: ", NULL);
	ui_answer_scroll(st, 1000);
	shows(80, 24, "! one ", "the end", "PgUp: ", NULL);
	ui_answer_scroll(st, -1000);
	shows(80, 24, " one ", "!the end", NULL);
	v.told = m.log.total; /* a key */
	shows(80, 24, "!─ answer ─", "the end", NULL);
	ck_assert(!v.answer);
}
END_TEST

START_TEST(log__words__are_not_cut)
{
	add(UI_PLAIN, "a-word-of-23-characters another-of-25-characters-");
	add(UI_PLAIN, "x 0123456789012345678901234567890123456789");
	v.zoom = true;
	v.zoomed = UI_P_log;
	shows(40, 10, "│ a-word-of-23-characters ", "│ another-of-25-characters- ", "│ x 0123456789", NULL); /* one that is longer than a row is */
	ui_log_clear(&m.log);
	add(UI_PLAIN, "twelve chars and twelve more of them");
	shows(40, 10, "│ twelve chars and twelve more of them │", NULL);
	ui_log_clear(&m.log);
	add(UI_PLAIN, "# of a comment the rows that follow");
	ui_log_go_on(&m.log, "stand below its first word");
	ck_assert_uint_eq(m.log.total, 1);
	shows(40, 10, "│ # of a comment the rows that follow  │", "│   stand below its first word ", NULL);
}
END_TEST

START_TEST(log__answer__says_what_keys_do)
{
	add(UI_ACCENT, "thaw> model");
	v.told = m.log.total;
	add(UI_PLAIN, SIX);
	ui_log_answer(st, &m.log, 1);
	shows(80, 24, "the next key closes", NULL);
	v.waits = true; /* a script is held */
	shows(80, 24, "Space or Enter goes on, any other key closes this", "!the next key", NULL);
	shows(40, 12, "Space or Enter goes on", "!any other", NULL);
}
END_TEST

START_TEST(log__answer__is_said_in_other_lines)
{
	struct ui_log by = {0};

	add(UI_ACCENT, "thaw> model");
	add(UI_PLAIN, "one");
	add(UI_PLAIN, "two");
	ui_log_answer(st, &m.log, 1);
	add(UI_GOOD, "behind it");
	ck_assert(ui_log_answered(st, &m.log));
	ui_log_add(&by, UI_BOLD, "ONE");
	ui_log_add(&by, UI_PLAIN, "TWO");
	ui_log_add(&by, UI_PLAIN, "THREE");
	ui_log_replace_lines(&m.log, st->from, st->to, &by);
	ck_assert_uint_eq(m.log.total, 5);
	ck_assert_uint_eq(m.log.n, 5);
	ck_assert_str_eq(ui_log_at(&m.log, 4)->text, "thaw> model");
	ck_assert_str_eq(ui_log_at(&m.log, 3)->text, "ONE");
	ck_assert_int_eq(ui_log_at(&m.log, 3)->style, UI_BOLD);
	ck_assert_str_eq(ui_log_at(&m.log, 1)->text, "THREE");
	ck_assert_str_eq(ui_log_at(&m.log, 0)->text, "behind it");
	for (int i = 0; i < 3000; i++)
		add(UI_PLAIN, "what follows");
	ck_assert(!ui_log_answered(st, &m.log)); /* it has left the log */
	ui_log_clear(&by);
}
END_TEST

START_TEST(log__answer__errors_come_first)
{
	add(UI_ACCENT, "thaw> export png foo");
	add(UI_BAD, "                 ^^^");
	add(UI_BAD, "thaw: error: beginning of a long sentence, long enough to be wrapped at eighty columns more than once, so that not all "
	    "of it can be seen at the same time in two rows of text: this is what makes it that long, and here is its end");
	ui_log_answer(st, &m.log, 1);
	v.told = 1;
	shows(80, 24, "error: beginning", "!^^^", "│ end ", NULL);
	add(UI_ACCENT, "thaw> model");
	v.told = m.log.total;
	add(UI_PLAIN, SIX);
	ui_log_answer(st, &m.log, 4);
	shows(80, 24, " one ", NULL);
	add(UI_BAD, "thaw: error: what waited has failed");
	shows(80, 24, "what waited has failed", "!─ answer ─", NULL);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("log");
	TCase *t = tcase_create("log");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, log__scrolled__stays_while_lines_come);
	tcase_add_test(t, log__out_of_view__an_error_is_said_all_the_same);
	tcase_add_test(t, log__out_of_view__an_answer_is_shown_until_the_next_key);
	tcase_add_test(t, log__more_above__of_an_answer_and_not_of_a_run);
	tcase_add_test(t, log__page_up__of_a_small_pane_lays_all_of_it_over_the_panes);
	tcase_add_test(t, log__tall_answer__lies_over_the_panes_until_the_next_key);
	tcase_add_test(t, log__words__are_not_cut);
	tcase_add_test(t, log__answer__says_what_keys_do);
	tcase_add_test(t, log__answer__is_said_in_other_lines);
	tcase_add_test(t, log__answer__errors_come_first);
	suite_add_tcase(s, t);
	return run_suite(s);
}
