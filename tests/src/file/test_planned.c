/* test_planned.c: a plan as text: what is written is read back; what was cut or changed is refused, also where its hash
 * is right. */
#include "file/planned.h"
#include "util/out.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/nn/dice.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct out *out;

static void
setup(void)
{
	out = out_new_stdio();
}

static void
teardown(void)
{
	out_free(out);
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

int
main(void)
{
	Suite *s = suite_create("planned");
	TCase *t = tcase_create("plan");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, planned__read__gives_what_was_written);
	tcase_add_test(t, planned__read__refuses_what_was_cut_or_changed);
	tcase_add_test(t, planned__read__comes_back_from_any_text_with_a_right_hash);
	suite_add_tcase(s, t);
	return run_suite(s);
}
