/* test_numbers.c: every number that a command or a setting takes, out of all proportion: an error or an answer, soon and in little memory. */
#include "commands/table.h"
#include "util/text.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char *const numbers[] = {"0", "-1", "1000000000", "2147483648", "9223372036854775808", "1e308", "nan", "-inf", "9999999999T", NULL};

/* What a word holds in other places than in the table's numbers. */
static const char *const lines[] = {
	"build \"flatten | dense %s, softmax\"", "build \"conv2d %s 3, flatten | dense 5, softmax\"", "build \"conv2d 3 %s, flatten | dense 5, softmax\"",
	"build \"max_pooling2d %s, flatten | dense 5, softmax\"", "build \"dropout %s, flatten | dense 5, softmax\"", "predict test:%s", "predict train:%s",
	"freeze %s", "layers %s", "train lt%s", "train gte%s", "train digits=%s", "eval digits=0,%s", "history r%s", "diff r%s", "print %s", "assert %s > 0",
	"print 2 * %s", "export png model size=%sx%s", "export png model size=%sx100", "reset seed=%s", "lr %s", "lr head %s", "quit %s", "step %s", NULL};

/* A line in a session of its own, with the data and a small model. */
static void
try(const char *line)
{
	struct capture c;
	struct rusage before, after;
	double seconds;

	capture_open(&c);
	if (strncmp(line, "data", 4) != 0)
		capture_share(&c);
	ck_assert_int_eq(capture_run(&c, "build \"flatten | dense 10, softmax\"; set threads 1; set verbose 0"), 0);
	getrusage(RUSAGE_SELF, &before);
	capture_run(&c, line);
	getrusage(RUSAGE_SELF, &after);
	seconds = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) + 1e-6 * (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec);
	ck_assert_msg(seconds < 3, "%s: takes %.1f seconds", line, seconds);
	ck_assert_msg(after.ru_maxrss < 400 << 10, "%s: takes %ld MiB", line, after.ru_maxrss >> 10);
	ck_assert_msg((capture_status(&c) != 0) == (c.errors[0] != '\0') || c.s->queue.quit || strstr(c.errors, "warning") != NULL, "%s: status %d and \"%s\"",
	    line, capture_status(&c), c.errors);
	capture_close(&c);
}

/* The example's first command, without what it says of this key, and the key behind it. */
static void
try_key(const struct cmd *c, const char *key, const char *number)
{
	struct str b = {0};
	const char *p = c->example, *end;

	if (strcmp(c->name, "train") == 0)
		p = "train gte5 epochs=1 limit=64";
	else if (strncmp(p, c->name, strlen(c->name)) != 0)
		p = c->name;
	while (*p != '\0' && *p != ';') {
		end = p + strcspn(p, " ;");
		if (strncmp(p, key, strlen(key)) != 0 || p[strlen(key)] != '=')
			str_add(&b, "%.*s ", (int)(end - p), p);
		p = end + strspn(end, " ");
	}
	str_add(&b, "%s=%s", key, number);
	try(b.s);
	free(b.s);
}

START_TEST(numbers__every_key__error_or_answer)
{
	const struct cmd *c = commands_all.list[_i];
	struct str b = {0};

	for (const char *const *n = numbers; *n != NULL; n++) {
		for (const struct arg *a = c->key; a < c->key + CMD_KEYS_MAX && a->type != ARG_END; a++)
			if (a->type == ARG_INT || a->type == ARG_NUM)
				try_key(c, a->name, *n);
		if (c->arg[0].type == ARG_INT || c->arg[0].type == ARG_NUM) {
			b.n = 0;
			str_add(&b, "%s %s", c->name, *n);
			try(b.s);
		}
		for (const struct setting *k = settings_list; c->settings && !c->settings_stay && k->key != NULL; k++)
			if ((k->flags & SETTING_RUN) && k->type != SETTING_BOOL && k->type != SETTING_WORD && k->type != SETTING_OPTIMIZER)
				try_key(c, k->key, *n);
	}
	free(b.s);
}
END_TEST

START_TEST(numbers__every_setting__error_or_taken)
{
	struct str b = {0};

	for (const struct setting *k = settings_list; k->key != NULL; k++)
		for (const char *const *n = numbers; *n != NULL; n++) {
			b.n = 0;
			str_add(&b, "set %s %s", k->key, *n);
			try(b.s);
		}
	free(b.s);
}
END_TEST

START_TEST(numbers__within_words__error_or_answer)
{
	struct str b = {0};

	for (const char *const *n = numbers; *n != NULL; n++) {
		b.n = 0;
		for (const char *p = lines[_i]; *p != '\0'; p++) {
			if (*p == '%')
				str_add(&b, "%s", *n);
			else if (p == lines[_i] || p[-1] != '%')
				str_addc(&b, *p);
		}
		try(b.s);
	}
	free(b.s);
}
END_TEST

/* Read before the tests are forked, so that each has it. */
static void
setup(void)
{
	struct capture c;

	capture_open(&c);
	capture_share(&c);
	capture_close(&c);
}

int
main(void)
{
	Suite *s = suite_create("numbers");
	TCase *t = tcase_create("numbers");
	int commands = 0, words = 0;

	while (commands_all.list[commands] != NULL)
		commands++;
	while (lines[words] != NULL)
		words++;
	tcase_add_unchecked_fixture(t, setup, NULL);
	tcase_set_timeout(t, 600);
	tcase_add_loop_test(t, numbers__every_key__error_or_answer, 0, commands);
	tcase_add_test(t, numbers__every_setting__error_or_taken);
	tcase_add_loop_test(t, numbers__within_words__error_or_answer, 0, words);
	suite_add_tcase(s, t);
	return run_suite(s);
}
