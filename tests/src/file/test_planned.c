/* test_planned.c: a plan as text: what is written is read back; what was cut or changed is refused, also where its hash
 * is right. */
#include "file/planned.h"
#include "util/out.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/nn/dice.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct out *out;

static void
setup(void)
{
	scratch_setup();
	out = out_new_stdio();
}

static void
teardown(void)
{
	out_free(out);
	scratch_teardown();
}

static char *
plan(void)
{
	json_t *script = out_pack("[o, o]", out_pack("[s, i, s]", "a.thaw", 1, "set \"x\" 1 # \xc3\xa4"), out_pack("[s, i, s]",
	    "-c", 2, "sweep lr=1 -- train lt5"));
	json_t *trials = json_array();
	char *text;

	for (int i = 1; i <= 3; i++)
		json_array_append_new(trials, out_pack("{s:i, s:s, s:i, s:s, s:s}", "trial", i, "set", "lr=1", "seed",
		    1336 + i, "commands", "train lt5", "key", KEY));
	text = planned_write("mnist", "1337", "base", script, trials);
	json_decref(script);
	json_decref(trials);
	return text;
}

START_TEST(planned__read__gives_what_was_written)
{
	char *text = plan(), *again;
	struct planned p;
	struct err e = {0};

	ck_assert_msg(planned_read(&p, text, strlen(text), &e) == 0, "%s", e.text);
	ck_assert_uint_eq(json_array_size(p.trials), 3);
	ck_assert_str_eq(json_string_value(json_object_get(p.head, "data")), "mnist");
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(p.trials, 2), "seed")), 1339);
	again = planned_write("mnist", "1337", "base", json_object_get(p.head, "script"), p.trials);
	ck_assert_str_eq(again, text);
	planned_free(&p);
	free(again);
	free(text);
}
END_TEST

START_TEST(planned__read__refuses_what_was_cut_or_changed)
{
	char *text = plan();
	size_t n = strlen(text);
	struct planned p;

	for (size_t i = 0; i < n; i++) {
		struct err e = {0};

		ck_assert_int_lt(planned_read(&p, text, i, &e), 0);
		ck_has(e.text, "thaw plan");
		text[i] ^= 1;
		ck_assert_msg(planned_read(&p, text, n, &e) < 0, "a change of byte %zu is not seen", i);
		text[i] ^= 1;
	}
	free(text);
}
END_TEST

/* Whoever writes a plan can write its hash. */
START_TEST(planned__read__comes_back_from_any_text_with_a_right_hash)
{
	char *text = plan(), *last = text, hash[65];
	struct dice d = {{0}};
	int read = 0;

	for (char *p = text; (p = strchr(p, '\n')) != NULL && p[1] != '\0';)
		last = ++p;
	*last = '\0';
	for (int i = 0; i < 5000; i++) {
		struct planned p;
		struct err e = {0};
		struct str b = {0};

		str_addn(&b, text, strlen(text));
		for (uint32_t k = 1 + roll(&d, 3); k > 0; k--) {
			uint32_t at = roll(&d, (uint32_t)b.n), len = 1 + roll(&d, 40);

			if (roll(&d, 3) == 0 && at + len < b.n) { /* leaves out */
				memmove(b.s + at, b.s + at + len, b.n - at - len);
				b.n -= len;
			} else
				b.s[at] = "{}[]\",:0-\n\x00\xff"[roll(&d, 12)];
		}
		sha256_hex(b.s, b.n, hash);
		str_add(&b, "{\"trials\":3,\"sha256\":\"%s\"}\n", hash);
		if (planned_read(&p, b.s, b.n, &e) == 0)
			read++;
		else
			ck_has(e.text, "thaw plan");
		planned_free(&p);
		free(b.s);
	}
	ck_assert_int_gt(read, 0); /* a changed letter of a command */
	free(text);
}
END_TEST

/* A plan of these lines with the hash that belongs to them; the caller's. */
static char *
sealed(const char *lines, const char *trials)
{
	char hash[65];

	sha256_hex(lines, strlen(lines), hash);
	return xasprintf("%s{\"trials\":%s,\"sha256\":\"%s\"}\n", lines, trials, hash);
}

static void
refused(const char *text, const char *says)
{
	struct planned p;
	struct err e = {0};

	ck_assert_msg(planned_read(&p, text, strlen(text), &e) < 0, "takes %s", text);
	ck_assert_msg(strstr(e.text, says) != NULL, "\"%s\" is not in \"%s\": %s", says, e.text, text);
	ck_has(e.text, "`thaw plan SCRIPT >PLAN`");
	ck_assert_ptr_null(p.head);
	ck_assert_ptr_null(p.trials);
}

#define HEAD "{\"thaw\":\"plan 1\",\"version\":\"1\",\"kernels\":\"base\",\"data\":\"mnist\",\"seed\":\"1\"," \
	"\"script\":[[\"a\",1,\"x\"]]}\n"
#define TRIAL "{\"trial\":1,\"set\":\"\",\"seed\":1,\"commands\":\"c\",\"key\":\"" KEY "\"}\n"

/* The first place of `from` in the lines has `to` instead; the caller's. */
static char *
with(const char *lines, const char *from, const char *to)
{
	const char *at = strstr(lines, from);

	ck_assert_ptr_nonnull(at);
	return xasprintf("%.*s%s%s", (int)(at - lines), lines, to, at + strlen(from));
}

START_TEST(planned__read__refuses_each_thing_that_is_wrong)
{
	static const char *const head[][2] = {{"plan 1", "plan 2"}, {"\"plan 1\"", "1"}, {"thaw", "what"}, {"version", "x"},
	    {"\"1\"", "1"}, {"kernels", "x"}, {"data", "x"}, {"\"seed\":\"1\"", "\"seed\":1"}, {"script", "x"},
	    {"[[\"a\",1,\"x\"]]", "{}"}, {"[\"a\",1,\"x\"]", "[\"a\",1]"}, {"[\"a\",1,\"x\"]", "7"}, {"[\"a\"", "[0"},
	    {"\"a\",1", "\"a\",1.5"}, {"\"a\",1", "\"a\",-2147483649"}, {"\"a\",1", "\"a\",2147483648"}, {"1,\"x\"", "1,null"},
	    {"\"x\"]]}", "\"x\"]]"}};
	static const char *const trial[][2] = {{"\"trial\":1", "\"trial\":2"}, {"\"trial\":1", "\"trial\":\"1\""}, {"trial", "x"},
	    {"\"set\":\"\"", "\"set\":1"}, {"\"seed\":1", "\"seed\":\"1\""}, {"\"c\"", "[]"}, {"\"key\"", "\"x\""},
	    {"f\"}", "\"}"}, {"f\"}", "ff\"}"}, {"f\"}", "fg\"}"}, {"f\"}", "F\"}"}, {"\"" KEY "\"", "1"}, {"{", "["}, {"{", "[{"}};
	static const char *const last[] = {"{\"trials\":1}\n", "{\"trials\":1,\"sha256\":7}\n", "{\"trials\":1,\"sha256\":\"" KEY "\"}\n",
	    "[]\n", "{\n", "\n"};
	static const char *const counts[] = {"\"1\"", "1.0", "null"};
	struct planned p;
	struct err e = {0};
	char *lines, *text;

	text = sealed(HEAD TRIAL, "1");
	ck_assert_msg(planned_read(&p, text, strlen(text), &e) == 0, "%s", e.text);
	planned_free(&p);
	free(text);
	for (size_t i = 0; i < sizeof head / sizeof *head; i++) {
		lines = with(HEAD TRIAL, head[i][0], head[i][1]);
		text = sealed(lines, "1");
		refused(text, "no plan that this thaw can read");
		free(text);
		free(lines);
	}
	text = sealed("", "0");
	refused(text, "no plan that this thaw can read");
	free(text);
	for (size_t i = 0; i < sizeof trial / sizeof *trial; i++) {
		char *one = with(TRIAL, trial[i][0], trial[i][1]);

		lines = xasprintf("%s%s", HEAD, one);
		text = sealed(lines, "1");
		refused(text, "trial 1 of the plan is damaged");
		free(text);
		free(lines);
		free(one);
	}
	for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
		text = xasprintf("%s%s", HEAD TRIAL, last[i]);
		refused(text, "not whole, or was changed");
		free(text);
	}
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		text = sealed(HEAD TRIAL, counts[i]);
		refused(text, "not whole, or was changed");
		free(text);
	}
	text = sealed(HEAD TRIAL, "2");
	refused(text, "trials are missing from the plan");
	free(text);
	for (int i = 0; i < 4; i++)
		refused(((const char *[]){"", "{", "x\n", "[]\n"})[i], "this is no plan");
}
END_TEST

START_TEST(planned__load__of_a_path_or_the_input)
{
	char *text = plan();
	struct planned p;
	struct err e = {0};
	int in = dup(STDIN_FILENO), fd;

	scratch_write("a.plan", text, strlen(text));
	free(text);
	ck_assert_msg(planned_load(&p, "a.plan", &e) == 0, "%s", e.text);
	ck_assert_uint_eq(json_array_size(p.trials), 3);
	planned_free(&p);
	ck_assert_int_ge(fd = open("a.plan", O_RDONLY), 0);
	ck_assert_int_eq(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	ck_assert_msg(planned_load(&p, "-", &e) == 0, "%s", e.text);
	ck_assert_uint_eq(json_array_size(p.trials), 3);
	planned_free(&p);
	ck_assert_int_lt(planned_load(&p, "-", &e), 0); /* there is nothing more */
	ck_has(e.text, "this is no plan");
	dup2(in, STDIN_FILENO);
	close(in);
	close(fd);
	ck_assert_int_lt(planned_load(&p, "nowhere", &e), 0);
	ck_has(e.text, "nowhere cannot be read: No such file or directory; give the path of a plan");
	ck_assert_int_lt(planned_load(&p, ".", &e), 0);
	ck_has(e.text, ". cannot be read: Is a directory; give the path of a plan");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("planned");
	TCase *t = tcase_create("plan");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, planned__read__gives_what_was_written);
	tcase_add_test(t, planned__read__refuses_what_was_cut_or_changed);
	tcase_add_test(t, planned__read__refuses_each_thing_that_is_wrong);
	tcase_add_test(t, planned__load__of_a_path_or_the_input);
	tcase_add_test(t, planned__read__comes_back_from_any_text_with_a_right_hash);
	suite_add_tcase(s, t);
	return run_suite(s);
}
