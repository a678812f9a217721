/* test_keys.c: bytes from a terminal, sorted, however they are cut. */
#include "ui/keys.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What came out, as text: keys in quotes, pastes in <>, presses as (button x y). */
static char got[32768];
static size_t pasted, refused;
static struct ui_keys *keys;
static bool drop;

static void
on_key(void *arg, const unsigned char *s, size_t n)
{
	size_t at = strlen(got);

	at += (size_t)snprintf(got + at, sizeof got - at, "\"");
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(got + at, sizeof got - at, s[i] == '\033' ? "^" : s[i] < ' ' ? "#" : "%c", s[i]);
	snprintf(got + at, sizeof got - at, "\"");
	if (drop)
		ui_keys_drop(keys);
}

static void
on_paste(void *arg, const char *text)
{
	size_t at = strlen(got);

	pasted = strlen(text);
	snprintf(got + at, sizeof got - at, "<%.100s>", text);
	if (drop)
		ui_keys_drop(keys);
}

static void
on_refused(void *arg, size_t bytes)
{
	refused = bytes;
}

static void
on_mouse(void *arg, int button, int x, int y)
{
	size_t at = strlen(got);

	snprintf(got + at, sizeof got - at, "(%d %d %d)", button, x, y);
}

static void
begin(void)
{
	static const struct ui_keys_calls calls = {NULL, on_key, on_paste, on_refused, on_mouse};

	setlocale(LC_ALL, "C.UTF-8");
	got[0] = '\0';
	drop = false;
	keys = ui_keys_new(&calls);
}

/* The same bytes whole, byte by byte, and cut at each place give the same. */
static void
check(const char *bytes, size_t n, const char *want)
{
	for (size_t cut = 0; cut <= n + 1; cut++) {
		begin();
		if (cut <= n) {
			ui_keys_put(keys, bytes, cut);
			ui_keys_put(keys, bytes + cut, n - cut);
		} else
			for (size_t i = 0; i < n; i++)
				ui_keys_put(keys, bytes + i, 1);
		ui_keys_expire(keys);
		ck_assert_msg(strcmp(got, want) == 0, "cut at %zu: %s, not %s", cut, got, want);
		ck_assert(!ui_keys_wait(keys));
		ui_keys_free(keys);
	}
}

#define CHECK(bytes, want) check(bytes, sizeof bytes - 1, want)

START_TEST(keys__gives__whole_ones)
{
	CHECK("ab\r", "\"a\"\"b\"\"#\"");
	CHECK("\303\274\346\227\245\360\237\230\200", "\"\303\274\"\"\346\227\245\"\"\360\237\230\200\"");
	CHECK("\033[A\033[1;5C\033OP\033[5~", "\"^[A\"\"^[1;5C\"\"^OP\"\"^[5~\"");
	CHECK("\033b\033\303\274", "\"^b\"\"^\303\274\"");
	CHECK("\033\033[A", "\"^\"\"^[A\"");
}
END_TEST

START_TEST(keys__drops__what_is_no_text)
{
	CHECK("a\200b", "\"a\"\"b\"");
	CHECK("\303a", "\"a\"");
	CHECK("\346\227a\377\376", "\"a\"");
	CHECK("\355\240\200x", "\"x\""); /* half a surrogate pair */
	CHECK("\360\237\230", "");
}
END_TEST

START_TEST(keys__gives__half_of_one_when_time_is_up)
{
	begin();
	ui_keys_put(keys, "x\033", 2);
	ck_assert_str_eq(got, "\"x\"");
	ck_assert(ui_keys_wait(keys));
	ui_keys_expire(keys);
	ck_assert_str_eq(got, "\"x\"\"^\"");
	ck_assert(!ui_keys_wait(keys));
	ui_keys_put(keys, "\033[1;", 4);
	ck_assert(ui_keys_wait(keys));
	ui_keys_expire(keys);
	ck_assert_str_eq(got, "\"x\"\"^\"\"^[\"\"1\"\";\"");
	ui_keys_free(keys);
}
END_TEST

START_TEST(keys__ends__a_sequence_that_does_not)
{
	char bytes[2000] = "\033[";

	begin();
	memset(bytes + 2, '1', sizeof bytes - 2);
	ui_keys_put(keys, bytes, sizeof bytes);
	ui_keys_put(keys, "z", 1);
	ck_assert(strlen(got) > 100 && strcmp(got + strlen(got) - 3, "\"z\"") == 0);
	ui_keys_free(keys);
}
END_TEST

START_TEST(mouse__reads__presses_and_the_wheel)
{
	CHECK("\033[<0;10;24M\033[<0;10;24m", "(0 9 23)");
	CHECK("\033[<64;1;1M\033[<65;3;2M\033[<2;1;1M", "(64 0 0)(65 2 1)(2 0 0)");
	CHECK("\033[<32;10;24Mx", "\"x\""); /* a movement */
	CHECK("\033[<1;;M\033[<;1;1M\033[<M\033[<-1;2;3M\033[<1;2;3;4M\033[<99999999999;1;1Mx", "\"x\"");
}
END_TEST

START_TEST(paste__gives__clean_text)
{
	CHECK("\033[200~one\ttwo\r\nthree\rfour\n\n\033[201~x", "<one two\nthree\nfour>\"x\"");
	CHECK("\033[200~a\033[A\001\177b\303\303\274\033[201~", "<a[Ab\303\274>");
	CHECK("\033[200~\n\033[201~\033[200~\033[201~x", "\"x\"");
	CHECK("\033[200~\033[20\033[201\033[201~\033[201~", "<[20[201>\"^[201~\"");
}
END_TEST

/* A paste of `size` bytes, in parts, and a key behind it. */
static void
put_paste(size_t size)
{
	char *bytes = malloc(size);

	begin();
	pasted = refused = 0;
	memset(bytes, 'x', size);
	ui_keys_put(keys, "\033[200~", 6);
	ui_keys_put(keys, bytes, size / 2);
	ck_assert(ui_keys_pasting(keys) && !ui_keys_wait(keys));
	ui_keys_expire(keys); /* it may take its time */
	ck_assert(ui_keys_pasting(keys));
	ui_keys_put(keys, bytes, size - size / 2);
	ui_keys_put(keys, "\033[201~y", 7);
	ck_assert(strlen(got) >= 3 && strcmp(got + strlen(got) - 3, "\"y\"") == 0);
	ui_keys_free(keys);
	free(bytes);
}

START_TEST(paste__takes__a_megabyte)
{
	put_paste(UI_KEYS_PASTE);
	ck_assert_uint_eq(pasted, UI_KEYS_PASTE);
	ck_assert_uint_eq(refused, 0);
}
END_TEST

START_TEST(paste__refuses__more_as_a_whole)
{
	put_paste(UI_KEYS_PASTE + 1);
	ck_assert_uint_eq(pasted, 0);
	ck_assert_uint_eq(refused, UI_KEYS_PASTE + 1);
	ck_assert_str_eq(got, "\"y\"");
}
END_TEST

START_TEST(keys__drop__leaves_nothing)
{
	begin();
	ui_keys_put(keys, "\033[200~half", 10);
	ui_keys_drop(keys);
	ui_keys_put(keys, "a\033[", 3);
	ui_keys_drop(keys);
	ui_keys_put(keys, "A", 1);
	ck_assert_str_eq(got, "\"a\"\"A\"");
	got[0] = '\0';
	drop = true; /* from within */
	ui_keys_put(keys, "abc", 3);
	ck_assert_str_eq(got, "\"a\"");
	ui_keys_put(keys, "\033[200~text\033[201~rest", 20);
	ck_assert_str_eq(got, "\"a\"<text>");
	ui_keys_free(keys);
}
END_TEST

START_TEST(keys__takes__any_bytes)
{
	unsigned x = 1;
	char bytes[500];

	begin();
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < sizeof bytes; i++) {
			x = x * 1103515245 + 12345;
			bytes[i] = (x >> 16) % 5 == 0 ? "\033[<;~M20"[(x >> 20) % 9] : (char)(x >> 16);
		}
		got[0] = '\0';
		ui_keys_put(keys, bytes, 1 + (x >> 16) % sizeof bytes);
		if (round % 3 == 0)
			ui_keys_expire(keys);
	}
	ui_keys_drop(keys);
	got[0] = '\0';
	ui_keys_put(keys, "z", 1);
	ck_assert_str_eq(got, "\"z\"");
	ui_keys_free(keys);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("keys");
	TCase *t = tcase_create("keys");

	suite_add_tcase(s, t);
	tcase_add_test(t, keys__gives__whole_ones);
	tcase_add_test(t, keys__drops__what_is_no_text);
	tcase_add_test(t, keys__gives__half_of_one_when_time_is_up);
	tcase_add_test(t, keys__ends__a_sequence_that_does_not);
	tcase_add_test(t, mouse__reads__presses_and_the_wheel);
	tcase_add_test(t, paste__gives__clean_text);
	tcase_add_test(t, paste__takes__a_megabyte);
	tcase_add_test(t, paste__refuses__more_as_a_whole);
	tcase_add_test(t, keys__drop__leaves_nothing);
	tcase_add_test(t, keys__takes__any_bytes);
	return run_suite(s);
}
