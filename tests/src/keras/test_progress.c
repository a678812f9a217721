/* test_progress.c: Keras' progress lines, byte for byte, escapes and backspaces included. */
#include "keras/progress.h"
#include "tests/src/keras/keras.h"
#include "tests/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the golden file: sections of Python literals ---- */

/* What Keras wrote in one section: its `raw` literals, a carriage return between two. */
static char *
golden_section(const char *title)
{
	char *file = golden_read("progress-bars.txt"), *text = calloc(1, 1 << 14), *at = text, head[64];
	const char *s;

	snprintf(head, sizeof head, "===== %s\n", title);
	s = strstr(file, head);
	ck_assert_msg(s != NULL, "no section %s", title);
	s += strlen(head);
	for (bool first = true; *s && strncmp(s, "=====", 5) != 0; s = strchr(s, '\n') + 1) {
		if (strncmp(s, "raw : '", 7) != 0)
			continue;
		if (!first)
			*at++ = '\r';
		first = false;
		for (s += 7; *s != '\''; s++) {
			if (s[0] == '\\' && s[1] == 'x') {
				*at++ = (char)strtol((char[]){s[2], s[3], 0}, NULL, 16);
				s += 3;
			} else if (s[0] == '\\') {
				*at++ = '\n';
				s++;
			} else
				*at++ = *s;
		}
	}
	*at = '\0';
	free(file);
	return text;
}

/* ---- the run that the golden file shows ---- */

struct moment {
	double now;
	uint32_t step;
	int n;
	double loss, accuracy, val_loss, val_accuracy;
};

static const struct moment run[] = {
	{0.071, 1, 2, 1.6134, 0.2109},
	{0.071 + 116 * 0.021, 117, 2, 0.4321, 0.8555},
	{0.071 + 228 * 0.021, 229, 2, 0.2456, 0.9213},
	{0.071 + 229 * 0.023, 230, 4, 0.2449, 0.9215, 0.0603, 0.9823},
};

static struct progress
snapshot(struct progress_pace *pace, const struct moment *m, bool *due)
{
	struct progress p = {.step = m->step, .steps = 230, .final = m->step == 230, .n = m->n};

	*due = progress_pace_step(pace, m->now, m->step, p.final);
	p.pace = *pace;
	p.metric[0] = (struct progress_metric){"loss", m->loss};
	p.metric[1] = (struct progress_metric){"accuracy", m->accuracy};
	p.metric[2] = (struct progress_metric){"val_loss", m->val_loss};
	p.metric[3] = (struct progress_metric){"val_accuracy", m->val_accuracy};
	return p;
}

/* The cells that a line takes on a terminal: its characters without escapes. */
static int
width_of(const char *line)
{
	int width = 0;

	for (const char *s = line; *s != '\0'; s++)
		if (*s == '\033')
			s += strcspn(s, "m");
		else
			width += (*s & 0xc0) != 0x80;
	return width;
}

/* Adds what Keras writes to draw a line over the one before, of which it takes back as many cells as that was wide. */
static void
frame_add(char *to, const char *line, int *width, bool final)
{
	int now = width_of(line);

	to += strlen(to);
	memset(to, '\b', (size_t)*width);
	sprintf(to + *width, "\r%s%*s%s", line, *width > now ? *width - now : 0, "", final ? "\n" : "");
	*width = now;
}

static void
check_section(const char *title, const struct progress_style *st)
{
	char *want = golden_section(title), *got = calloc(1, 1 << 14);
	struct progress_pace pace;
	int width = 0;

	progress_pace_begin(&pace, 0);
	for (size_t i = 0; i < sizeof run / sizeof run[0]; i++) {
		bool due;
		struct progress p = snapshot(&pace, &run[i], &due);
		char *line = progress_line(&p, st);

		ck_assert(due);
		if (line != NULL && st->verbose == 2)
			sprintf(got + strlen(got), "%s\n", line);
		else if (line != NULL)
			frame_add(got, line, &width, p.final);
		free(line);
	}
	ck_assert_str_eq(got, want);
	free(got);
	free(want);
}

START_TEST(progress__draws__the_bytes_of_keras)
{
	check_section("KERAS 3.15.1 verbose=1", &(struct progress_style){1, true, true, true});
	check_section("KERAS 3.15.1 verbose=2", &(struct progress_style){2, true, true, true});
}
END_TEST

/* ---- single lines ---- */

static void
check_line(const struct moment *m, const struct progress_style *st, const char *want)
{
	struct progress_pace pace;
	bool due;
	struct progress p;
	char *line;

	progress_pace_begin(&pace, 0);
	progress_pace_step(&pace, 0.071, 1, false);
	p = snapshot(&pace, m, &due);
	line = progress_line(&p, st);
	if (want == NULL)
		ck_assert_ptr_null(line);
	else {
		ck_assert_ptr_nonnull(line);
		ck_assert_str_eq(line, want);
	}
	free(line);
}

START_TEST(progress__leaves_blank__what_is_not_done_without_colour)
{
	check_line(&run[1], &(struct progress_style){1, true, false, true},
	    "117/230 ━━━━━━━━━━           2s 21ms/step - accuracy: 0.8555 - loss: 0.4321");
	check_line(&run[1], &(struct progress_style){1, false, false, true},
	    "117/230 ==========           2s 21ms/step - accuracy: 0.8555 - loss: 0.4321");
	check_line(&run[0], &(struct progress_style){1, false, false, true},
	    "  1/230                      16s 71ms/step - accuracy: 0.2109 - loss: 1.6134");
}
END_TEST

START_TEST(progress__fits__the_columns_there_are)
{
	check_line(&run[1], &(struct progress_style){1, true, false, true, 75},
	    "117/230 ━━━━━━━━━━           2s 21ms/step - accuracy: 0.8555 - loss: 0.4321");
	check_line(&run[1], &(struct progress_style){1, true, false, true, 72},
	    "117/230 ━━━━━━━━          2s 21ms/step - accuracy: 0.8555 - loss: 0.4321");
	check_line(&run[1], &(struct progress_style){1, true, true, false, 30},
	    "\033[1m117/230\033[0m \033[37m\033[0m - accuracy: 0.8555 - \033[0m");
	check_line(&run[1], &(struct progress_style){1, true, false, true, 10}, "117/230  2");
}
END_TEST

START_TEST(progress__drops__the_clock_with_timing_off)
{
	check_line(&run[3], &(struct progress_style){1, true, false, false},
	    "230/230 ━━━━━━━━━━━━━━━━━━━━ - accuracy: 0.9215 - loss: 0.2449 - val_accuracy: 0.9823 - val_loss: 0.0603");
	check_line(&run[3], &(struct progress_style){2, true, false, false},
	    "230/230 - accuracy: 0.9215 - loss: 0.2449 - val_accuracy: 0.9823 - val_loss: 0.0603");
}
END_TEST

START_TEST(progress__says_nothing__when_verbose_is_0)
{
	check_line(&run[3], &(struct progress_style){0, true, true, true}, NULL);
	check_line(&run[1], &(struct progress_style){2, true, true, true}, NULL);
}
END_TEST

START_TEST(progress__writes__times_in_keras_units)
{
	static const struct {
		double unit; /* a step's */
		bool final;
		const char *times;
	} c[] = {
		{0.0000314, false, "0s 31us/step"},
		{0, false, "0s 0s/step"},
		{0.0009996, false, "0s 1000us/step"},
		{0.0299, false, "5s 30ms/step"},
		{0.2992, false, "59s 299ms/step"},
		{0.3012, false, "1:00 301ms/step"},
		{1.412, false, "4:42 1s/step"},
		{18, false, "60:00 18s/step"},
		{18.5, false, "1:01:40 18s/step"}, /* half to even, as both languages round */
		{18.5, true, "56s 18s/step"},
	};

	for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
		struct progress p = {.step = 4, .steps = c[i].final ? 4 : 204, .final = c[i].final};
		struct progress_style st = {1, false, false, true};
		char *line, want[80];

		p.pace = (struct progress_pace){.start = 0, .after_first = 0, .now = 3 * c[i].unit};
		line = progress_line(&p, &st);
		snprintf(want, sizeof want, "%s %-20s %s", c[i].final ? "4/4" : "  4/204",
		    c[i].final ? "====================" : "", c[i].times);
		ck_assert_str_eq(line, want);
		free(line);
	}
}
END_TEST

START_TEST(progress__writes__small_and_odd_numbers)
{
	char buf[32];

	ck_assert_str_eq(progress_number(buf, 0.4321), "0.4321");
	ck_assert_str_eq(progress_number(buf, 0.00101), "0.0010");
	ck_assert_str_eq(progress_number(buf, 0.001), "1.0000e-03");
	ck_assert_str_eq(progress_number(buf, 0), "0.0000e+00");
	ck_assert_str_eq(progress_number(buf, -2.5), "-2.5000");
	ck_assert_str_eq(progress_number(buf, NAN), "nan");
	ck_assert_str_eq(progress_number(buf, -NAN), "nan");
	ck_assert_str_eq(progress_number(buf, INFINITY), "inf");
	ck_assert_str_eq(progress_number(buf, -INFINITY), "-inf");
	ck_assert_str_eq(progress_number(buf, 1e300), "1.0000e+300");
}
END_TEST

START_TEST(progress__waits__a_twentieth_of_a_second_between_lines)
{
	struct progress_pace p;

	progress_pace_begin(&p, 100);
	ck_assert(progress_pace_step(&p, 100.01, 1, false)); /* the first is shown at once */
	ck_assert(!progress_pace_step(&p, 100.03, 2, false));
	ck_assert(!progress_pace_step(&p, 100.0599, 3, false));
	ck_assert(progress_pace_step(&p, 100.061, 4, false));
	ck_assert(!progress_pace_step(&p, 100.1, 5, false));
	ck_assert(progress_pace_step(&p, 100.1, 6, true)); /* and the last */
	ck_assert_double_eq_tol(progress_pace_unit(&p, 6), 0.09 / 5, 1e-9); /* the first step left out */
	ck_assert_double_eq(progress_pace_unit(&p, 0), 0);
}
END_TEST

START_TEST(progress__paces__without_pauses_and_what_was_done_before)
{
	struct progress_pace p;

	progress_pace_begin(&p, 10);
	progress_pace_step(&p, 11, 1, false);
	progress_pace_step(&p, 11.5, 2, false);
	progress_pace_halt(&p, 300);
	progress_pace_step(&p, 312, 3, false);
	ck_assert_double_eq_tol(progress_pace_unit(&p, 3), 0.5, 1e-9);
	ck_assert_double_eq_tol(p.now - p.start, 2, 1e-9);
	progress_pace_begin(&p, 10);
	p.from = 100; /* an epoch that is gone on with */
	ck_assert_double_eq(progress_pace_unit(&p, 100), 0);
	progress_pace_step(&p, 11, 101, false);
	ck_assert_double_eq_tol(progress_pace_unit(&p, 101), 1, 1e-9);
	progress_pace_step(&p, 11.25, 102, false);
	ck_assert_double_eq_tol(progress_pace_unit(&p, 102), 0.25, 1e-9);
}
END_TEST

START_TEST(progress__trials__is_one_phrase)
{
	static const struct {
		int done, trials;
		double left;
		const char *text;
	} of[] = {{0, 18, NAN, "0 of 18 trials"}, {7, 18, 0.2, "7 of 18 trials, 1s left"}, {7, 18, 59, "7 of 18 trials, 59s left"},
	    {7, 18, 60, "7 of 18 trials, 1m left"}, {7, 18, 89, "7 of 18 trials, 1m left"}, {7, 18, 3540, "7 of 18 trials, 59m left"},
	    {7, 18, 3600, "7 of 18 trials, 1h 00m left"}, {7, 18, 9000, "7 of 18 trials, 2h 30m left"},
	    {7, 18, INFINITY, "7 of 18 trials"}, {18, 18, 3, "18 of 18 trials"}, {0, 1, NAN, "0 of 1 trial"}};
	char buf[96];

	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		ck_assert_str_eq(progress_trials(buf, of[i].done, of[i].trials, of[i].left), of[i].text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("progress");
	TCase *t = tcase_create("progress");

	suite_add_tcase(s, t);
	tcase_add_test(t, progress__draws__the_bytes_of_keras);
	tcase_add_test(t, progress__leaves_blank__what_is_not_done_without_colour);
	tcase_add_test(t, progress__fits__the_columns_there_are);
	tcase_add_test(t, progress__drops__the_clock_with_timing_off);
	tcase_add_test(t, progress__says_nothing__when_verbose_is_0);
	tcase_add_test(t, progress__writes__times_in_keras_units);
	tcase_add_test(t, progress__writes__small_and_odd_numbers);
	tcase_add_test(t, progress__waits__a_twentieth_of_a_second_between_lines);
	tcase_add_test(t, progress__paces__without_pauses_and_what_was_done_before);
	tcase_add_test(t, progress__trials__is_one_phrase);
	return run_suite(s);
}
