/* test_keys.c: bytes from a terminal, sorted, however they are cut. */
#include "ui/keys.h"
#include "../run.h"

#include <check.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What came out, as text: keys in quotes, pastes in <>, presses as (button x y). */
static char got[32768];
static size_t pasted, refused;
static struct ui_keys *keys;
static bool drop, ignores; /* ESC alone */
static const char *means; /* what ESC is a key with: "" is ESC itself */

static void
on_key(void *arg, const unsigned char *s, size_t n)
{
	size_t at = strlen(got);

	if (ignores && n == 1 && s[0] == '\033')
		return;
	at += (size_t)snprintf(got + at, sizeof got - at, "\"");
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(got + at, sizeof got - at, s[i] == '\033' ? "^" : s[i] < ' ' ? "#" : "%c", s[i]);
	snprintf(got + at, sizeof got - at, "\"");
	if (drop)
		ui_keys_drop(keys);
}

static void
on_answer(void *arg, const char *s, size_t n)
{
	on_key(arg, (const unsigned char *)s, n);
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

static bool
on_alone(void *arg, const unsigned char *s, size_t n)
{
	return n == 1 ? strchr(means, ' ') != NULL : strchr(means, s[1]) != NULL;
}

static void
begin(void)
{
	static const struct ui_keys_calls calls = {NULL, on_key, on_paste, on_refused, on_mouse, on_answer, on_alone};

	setlocale(LC_ALL, "C.UTF-8");
	got[0] = '\0';
	drop = false;
	keys = ui_keys_new(&calls);
}

/* Nothing comes for so long. */
static void
wait_ms(int ms)
{
	while (ui_keys_pause(keys) >= 0 && ui_keys_pause(keys) <= ms)
		ui_keys_paused(keys);
}

/* The same bytes give the same at once, cut at each place, and one by one; with a pause of so long where they are
 * cut. */
static void
check(const char *bytes, size_t n, int ms, const char *want)
{
	for (size_t at = 0; at <= n + 1; at++) {
		begin();
		if (at <= n) {
			ui_keys_put(keys, bytes, at);
			wait_ms(ms);
			ui_keys_put(keys, bytes + at, n - at);
		} else
			for (size_t i = 0; i < n; i++) {
				ui_keys_put(keys, bytes + i, 1);
				wait_ms(ms);
			}
		wait_ms(INT_MAX);
		ck_assert_msg(strcmp(got, want) == 0, "%d ms at %zu: %s, not %s", ms, at, got, want);
		ck_assert_msg(!ui_keys_begun(keys), "half of something is left of %s", got);
		ui_keys_free(keys);
	}
}

/* As where ESC alone means nothing, over a line that is slow. */
#define CHECK(bytes, want) (means = "", check(bytes, sizeof bytes - 1, 0, want), check(bytes, sizeof bytes - 1, 90, want))
/* The same over one that is slower still, for what is no Alt. */
#define CHECK_SLOW(bytes, want) (means = "", ignores = true, check(bytes, sizeof bytes - 1, 290, want), ignores = false)
/* As in a pane or in vi's mode, over a line that is not too slow. */
#define CHECK_ESC(bytes, want) (means = " ", check(bytes, sizeof bytes - 1, 0, want))

START_TEST(keys__gives__whole_ones)
{
	CHECK("ab\r", "\"a\"\"b\"\"#\"");
	CHECK("\303\274\346\227\245\360\237\230\200", "\"\303\274\"\"\346\227\245\"\"\360\237\230\200\"");
	CHECK("\033[A\033[1;5C\033OP\033[5~", "\"^[A\"\"^[1;5C\"\"^OP\"\"^[5~\"");
	CHECK_SLOW("\033[A\033[1;5C\033OP\033[5~", "\"^[A\"\"^[1;5C\"\"^OP\"\"^[5~\"");
	CHECK("\033b\033\303\274", "\"^b\"\"^\303\274\"");
	CHECK("\033\033[A\033\033x", "\"^^[A\"\"^^\"\"x\"");
	CHECK_ESC("\033\033[A\033\033x", "\"^\"\"^[A\"\"^\"\"^x\"");
}
END_TEST

START_TEST(keys__drops__what_is_no_text)
{
	CHECK("a\200b", "\"a\"\"b\"");
	CHECK("\303a", "\"a\"");
	CHECK("\346\227a\377\376", "\"a\"");
	CHECK("\355\240\200x", "\"x\""); /* half a surrogate pair */
	CHECK("\360\237\230z", "\"z\"");
}
END_TEST

/* Of every kind that terminals send. */
START_TEST(keys__gives__sequences_whole)
{
	CHECK("\033[15~\033[24;2~\033[1;2D\033[7$\033[7^\033[[A\033[29~", "\"^[15~\"\"^[24;2~\"\"^[1;2D\"\"^[7$\"\"^[7^\"\"^[[A\"\"^[29~\"");
	CHECK("\033[13;5u\033[27;5;13~\033[97:65;2:1u", "\"^[13;5u\"\"^[27;5;13~\"\"^[97:65;2:1u\"");
	CHECK("\033[12;40R\033[?62;22c\033[>0;276;0c\033[I\033[O\033[?2004;2$y", "\"^[12;40R\"\"^[?62;22c\"\"^[>0;276;0c\"\"^[I\"\"^[O\"\"^[?2004;2$y\"");
	CHECK("\033OP\033O5A\033O1;2Pz", "\"^OP\"\"^O5A\"\"^O1;2P\"\"z\"");
	CHECK("\033]11;rgb:0/0/0\033\\\033]10;?\ax", "\"^]11;rgb:0/0/0^\\\"\"^]10;?#\"\"x\"");
	CHECK("\033P1$r0m\033\\\033P>|XTerm(388)\033\\\033P!|00\033\\\033_Gi=1;OK\033\\x",
	    "\"^P1$r0m^\\\"\"^P>|XTerm(388)^\\\"\"^P!|00^\\\"\"^_Gi=1;OK^\\\"\"x\"");
	CHECK("\033[M !!\033[32;1;1Mx", "\"^[M !!\"\"^[32;1;1M\"\"x\"");
}
END_TEST

/* Noise on the line does not end a sequence; another key does. */
START_TEST(keys__takes__noise_for_nothing)
{
	CHECK("\033[2\377\0005\300~x", "\"^[25~\"\"x\"");
	CHECK("\033[2\33700~text\033[201~x", "<text>\"x\"");
	CHECK("\033[1;\rx", "\"#\"\"x\"");
	CHECK("\033[1;\033[Bx", "\"^[B\"\"x\"");
	CHECK("\033]11;rgb\033[Bx", "\"^[B\"\"x\"");
	CHECK("\033[[\033[Bx", "\"^[B\"\"x\"");
	CHECK("\033[[\377x", "\"x\"");
	CHECK("\033[M !\033[Bx", "\"^[B\"\"x\"");
	CHECK("\033[$zx", "\"^[$z\"\"x\""); /* no number before it: the key goes on */
}
END_TEST

/* What is long enough is no key, and is passed over to its end. */
START_TEST(keys__drops__sequences_without_measure)
{
	static char bytes[1300];

	means = "";
	memset(bytes, '1', sizeof bytes);
	memcpy(bytes, "\033[", 2);
	memcpy(bytes + sizeof bytes - 2, "~z", 2);
	check(bytes, sizeof bytes, 0, "\"z\"");
	memcpy(bytes, "\033]52;", 5);
	memcpy(bytes + sizeof bytes - 3, "\033\\z", 3);
	check(bytes, sizeof bytes, 0, "\"z\"");
	/* text that no terminal answers, longer than a key */
	CHECK("\033]words that are longer than any key can be, and are none\az", "\"z\"");
	/* one that is no sequence in the end: what was not kept cannot be keys */
	memset(bytes, '1', sizeof bytes);
	memcpy(bytes, "\033]", 2);
	bytes[sizeof bytes - 1] = '\r';
	check(bytes, sizeof bytes, 0, "\"^]\"\"#\"");
}
END_TEST

/* ESC, and Alt with what may begin more, are keys where they mean something. */
START_TEST(keys__gives__alt_with_a_bracket)
{
	begin();
	means = "_O ";
	ui_keys_put(keys, "\033_ and", 6); /* no terminal answers so */
	ck_assert_str_eq(got, "\"^_\"\" \"\"a\"\"n\"\"d\"");
	got[0] = '\0';
	for (size_t i = 0; i < 3; i++) {
		ui_keys_put(keys, "\033_\033O\033" + 2 * i, i < 2 ? 2 : 1);
		ck_assert_int_gt(ui_keys_pause(keys), 0);
		wait_ms(ui_keys_pause(keys));
	}
	ck_assert_str_eq(got, "\"^_\"\"^O\"\"^\"");
	means = "";
	got[0] = '\0';
	ui_keys_put(keys, "x\033", 2);
	ck_assert_int_gt(ui_keys_pause(keys), 0);
	ui_keys_put(keys, "f", 1); /* in time: Alt */
	ck_assert_str_eq(got, "\"x\"\"^f\"");
	ui_keys_put(keys, "\033", 1);
	wait_ms(ui_keys_pause(keys));
	ui_keys_put(keys, "f", 1);
	ck_assert_str_eq(got, "\"x\"\"^f\"\"^\"\"f\"");
	ui_keys_put(keys, "\033\033", 2);
	wait_ms(ui_keys_pause(keys));
	ui_keys_put(keys, "f", 1);
	ck_assert_str_eq(got, "\"x\"\"^f\"\"^\"\"f\"\"^\"\"^\"\"f\"");
	got[0] = '\0';
	ui_keys_put(keys, "\033]words", 7); /* held while it may be an answer */
	ck_assert_str_eq(got, "");
	wait_ms(INT_MAX);
	ck_assert_str_eq(got, "\"^]\"\"w\"\"o\"\"r\"\"d\"\"s\"");
	got[0] = '\0';
	ui_keys_put(keys, "\033]1\r", 4);
	ck_assert_str_eq(got, "\"^]\"\"1\"\"#\"");
	got[0] = '\0';
	ui_keys_put(keys, "\033]\a\033]\033[A", 8);
	ck_assert_str_eq(got, "\"^]\"\"#\"\"^]\"\"^[A\"");
	means = "\033"; /* Alt with ESC */
	got[0] = '\0';
	ui_keys_put(keys, "\033\033", 2);
	wait_ms(INT_MAX);
	ck_assert_str_eq(got, "\"^^\"");
	ui_keys_free(keys);
	ui_keys_free(NULL);
}
END_TEST

/* Whoever asks nothing gets no answers. */
START_TEST(keys__gives__no_answer_to_nobody)
{
	static const struct ui_keys_calls calls = {.key = on_key, .alone = on_alone};

	means = "";
	got[0] = '\0';
	keys = ui_keys_new(&calls);
	ui_keys_put(keys, "a\033[?62;22c\033]11;rgb:0/0/0\ab", 26);
	ck_assert_str_eq(got, "\"a\"\"b\"");
	ui_keys_free(keys);
}
END_TEST

/* ESC was taken for a key, and what had begun with it comes late. */
START_TEST(keys__knows__the_rest_of_a_sequence)
{
	static const char *const rest[][2] = {{"[15~x", "\"^[15~\"\"x\""}, {"OPx", "\"^OP\"\"x\""}, {"[200~text\033[201~x", "<text>\"x\""},
		{"]11;rgb:0/0/0\ax", "\"^]11;rgb:0/0/0#\"\"x\""}, {"P1$r0m\033\\x", "\"^P1$r0m^\\\"\"x\""}};

	means = " ";
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
		begin();
		ui_keys_put(keys, "\033", 1);
		wait_ms(100);
		ck_assert_str_eq(got, "\"^\"");
		for (const char *s = rest[i][0]; *s; s++) {
			ui_keys_put(keys, s, 1);
			wait_ms(100);
		}
		ck_assert_str_eq(got + 3, rest[i][1]);
		ui_keys_free(keys);
	}
	begin(); /* typed by hand */
	ui_keys_put(keys, "\033", 1);
	wait_ms(100);
	ui_keys_put(keys, "[", 1);
	wait_ms(400);
	ui_keys_put(keys, "P", 1);
	ck_assert_str_eq(got, "\"^\"\"[\"\"P\"");
	ui_keys_free(keys);
}
END_TEST

START_TEST(mouse__reads__presses_and_the_wheel)
{
	CHECK("\033[<0;10;24M\033[<0;10;24m", "(0 9 23)(128 9 23)");
	CHECK("\033\033[<0;10;24Mx", "(0 9 23)\"x\"");
	CHECK("\033[<64;1;1M\033[<65;3;2M\033[<2;1;1M", "(64 0 0)(65 2 1)(2 0 0)");
	CHECK("\033[<32;10;24M\033[<36;2;3Mx", "(32 9 23)(36 1 2)\"x\""); /* movements, the second with Shift */
	CHECK("\033[<6;1;1M\033[<2;1;1m", "(6 0 0)(130 0 0)");
	CHECK("\033[<0;0;0m\033[<0;1m", "");
	CHECK("\033[<1;;M\033[<;1;1M\033[<M\033[<-1;2;3M\033[<1;2;3;4M\033[<99999999999;1;1M\033[<1;2;3~x", "\"x\"");
}
END_TEST

START_TEST(paste__gives__clean_text)
{
	CHECK("\033[200~one\ttwo\r\nthree\rfour\n\n\033[201~x", "<one two\nthree\nfour>\"x\"");
	CHECK("\033[200~a\033[A\001\177b\303\303\274\033[201~", "<a[Ab\303\274>");
	CHECK("\033\033[200~text\033[201~x", "<text>\"x\"");
	CHECK("\033[200~text\r\033[201~x", "<text>\"x\"");
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
	means = "";
	pasted = refused = 0;
	memset(bytes, 'x', size);
	ui_keys_put(keys, "\033[200~", 6);
	ui_keys_put(keys, bytes, size / 2);
	ck_assert_int_eq(ui_keys_pause(keys), -1); /* it may take its time */
	ck_assert(ui_keys_begun(keys));
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

/* An interrupt takes the half of a paste that has come, and what is still to come; not what somebody types instead. */
START_TEST(keys__drop__leaves_nothing)
{
	means = "";
	begin();
	ui_keys_put(keys, "\033[200~half", 10);
	ck_assert(ui_keys_begun(keys));
	ui_keys_drop(keys);
	ck_assert(!ui_keys_begun(keys));
	ui_keys_put(keys, "after", 5);
	wait_ms(100);
	ck_assert_str_eq(got, "\"a\"\"f\"\"t\"\"e\"\"r\"");
	got[0] = '\0';
	ui_keys_put(keys, "the rest\n\033[2", 12);
	wait_ms(100);
	ui_keys_put(keys, "01~x", 4);
	ck_assert_str_eq(got, "\"x\"");
	ui_keys_drop(keys);
	got[0] = '\0';
	ui_keys_put(keys, "c\033[200~another\033[201~d", 21);
	ck_assert_str_eq(got, "\"c\"<another>\"d\"");
	ui_keys_drop(keys); /* it came before the paste's beginning was seen */
	got[0] = '\0';
	ui_keys_put(keys, "the rest\n\033[201~y", 16);
	ck_assert_str_eq(got, "\"y\"");
	got[0] = '\0';
	drop = true; /* from within */
	ui_keys_put(keys, "abc", 3);
	ck_assert_str_eq(got, "\"a\"");
	wait_ms(100);
	drop = false;
	ui_keys_put(keys, "k", 1);
	wait_ms(100);
	drop = true;
	ui_keys_put(keys, "\033[200~text\033[201~rest", 20);
	ck_assert_str_eq(got, "\"a\"\"k\"<text>");
	ui_keys_free(keys);
}
END_TEST

/* An interrupt from within a key drops what stands behind it, whatever that has been kept as. */
START_TEST(keys__drop__from_within)
{
	static const struct {
		const char *bytes, *means, *want;
		bool waits;
	} by[] = {{"\033]1\r", "", "\"^]\"", false}, {"\033]1 2", "", "\"^]\"", true}, {"\033]words\033x", "", "\"^]\"", false},
	    {"\033\033x", "", "\"^^\"", false}, {"\033\033x", " ", "\"^\"", false}, {"\033\033", " ", "\"^\"", true},
	    {"\033[1;\033[B", "", "\"^[B\"", false}};

	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		begin();
		means = by[i].means;
		drop = true;
		ui_keys_put(keys, by[i].bytes, strlen(by[i].bytes));
		if (by[i].waits)
			wait_ms(INT_MAX);
		ck_assert_msg(strcmp(got, by[i].want) == 0, "%zu: %s", i, got);
		ck_assert(!ui_keys_begun(keys));
		ui_keys_free(keys);
	}
}
END_TEST

/* One key at a time is somebody who types, however many bytes it has: what comes then is no rest of a paste. */
START_TEST(keys__drop__is_over_with_a_key)
{
	static const char *const typed[][2] = {{"\033[A", "\"^[A\""}, {"\303\274", "\"\303\274\""}, {"k", "\"k\""}};

	means = "";
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
		begin();
		ui_keys_drop(keys);
		ui_keys_put(keys, typed[i][0], strlen(typed[i][0]));
		ck_assert_str_eq(got, "");
		wait_ms(100);
		ck_assert_str_eq(got, typed[i][1]);
		got[0] = '\0';
		ui_keys_put(keys, "abc", 3);
		ck_assert_str_eq(got, "\"a\"\"b\"\"c\"");
		ui_keys_free(keys);
	}
	begin(); /* Ctrl-C is pressed again with the first of what was held */
	ui_keys_drop(keys);
	ui_keys_put(keys, "abc", 3);
	drop = true;
	wait_ms(100);
	ck_assert_str_eq(got, "\"a\"");
	ui_keys_free(keys);
}
END_TEST

/* However much it is: a terminal that does not mark its pastes sends keys. */
START_TEST(keys__drop__holds_long_ones)
{
	static char bytes[10000];

	means = "";
	memset(bytes, 'x', sizeof bytes);
	begin();
	ui_keys_drop(keys);
	ui_keys_put(keys, bytes, sizeof bytes);
	ck_assert_str_eq(got, "");
	ui_keys_put(keys, "\033[201~y", 7);
	ck_assert_str_eq(got, "\"y\"");
	ui_keys_drop(keys);
	ui_keys_put(keys, bytes, sizeof bytes);
	wait_ms(100);
	ck_assert_uint_eq(strlen(got), 3 * (sizeof bytes + 1));
	/* more than the longest paste is neither that nor keys */
	ui_keys_drop(keys);
	got[0] = '\0';
	for (size_t n = 0; n <= UI_KEYS_PASTE; n += sizeof bytes)
		ui_keys_put(keys, bytes, sizeof bytes);
	wait_ms(100);
	ck_assert_str_eq(got, "");
	ui_keys_put(keys, "the rest\033[201~y", 15);
	ck_assert_str_eq(got, "\"y\"");
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
		means = round % 2 == 0 ? " " : "_";
		if (round % 3 == 0)
			wait_ms(round % 7 * 200);
		if (round % 11 == 0)
			ui_keys_drop(keys);
	}
	ui_keys_drop(keys);
	got[0] = '\0';
	ui_keys_put(keys, "z", 1);
	wait_ms(100);
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
	tcase_add_test(t, keys__gives__sequences_whole);
	tcase_add_test(t, keys__takes__noise_for_nothing);
	tcase_add_test(t, keys__drops__sequences_without_measure);
	tcase_add_test(t, keys__gives__alt_with_a_bracket);
	tcase_add_test(t, keys__gives__no_answer_to_nobody);
	tcase_add_test(t, keys__knows__the_rest_of_a_sequence);
	tcase_add_test(t, mouse__reads__presses_and_the_wheel);
	tcase_add_test(t, paste__gives__clean_text);
	tcase_add_test(t, paste__takes__a_megabyte);
	tcase_add_test(t, paste__refuses__more_as_a_whole);
	tcase_add_test(t, keys__drop__leaves_nothing);
	tcase_add_test(t, keys__drop__from_within);
	tcase_add_test(t, keys__drop__is_over_with_a_key);
	tcase_add_test(t, keys__drop__holds_long_ones);
	tcase_add_test(t, keys__takes__any_bytes);
	return run_suite(s);
}
