/* test_util.c: numbers as text, JSON, small services on strings, and writing while signals come. */
#include "nn/nn.h"
#include "util/err.h"
#include "util/num.h"
#include "util/os/os.h"
#include "util/out.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

START_TEST(num__text__as_python_writes_it)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0, "0.0"}, {-0.0, "-0.0"}, {1, "1.0"}, {-1.5, "-1.5"}, {0.1, "0.1"}, {0.001, "0.001"},
	    {0.0001, "0.0001"}, {1e-5, "1e-05"}, {1e-7, "1e-07"},
	    {123456789, "123456789.0"}, {1e15, "1000000000000000.0"}, {1e16, "1e+16"}, {1.5e300, "1.5e+300"},
	    {5e-324, "5e-324"},
	    {0.1 + 0.2, "0.30000000000000004"}, {2.0 / 3, "0.6666666666666666"}, {1e22, "1e+22"},
	    {1234.5678, "1234.5678"}};
	char buf[32];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		ck_assert_str_eq(num_text(buf, cases[i].v), cases[i].text);
	ck_assert_str_eq(num_text(buf, NAN), "nan");
	ck_assert_str_eq(num_text(buf, -INFINITY), "-inf");
	ck_assert_str_eq(num_fixed(buf, 524.0 / 640, 4), "0.8188"); /* as float32, as in Keras */
	ck_assert_str_eq(num_fixed(buf, 0.125, 4), "0.1250");
	ck_assert_str_eq(num_fixed(buf, -0.00004, 4), "0.0000");
	ck_assert_str_eq(num_fixed(buf, -0.00006, 4), "-0.0001");
	ck_assert_str_eq(num_fixed(buf, -0.0, 0), "0");
	ck_assert_str_eq(num_fixed(buf, -NAN, 4), "nan");
	ck_assert_str_eq(num_fixed(buf, -INFINITY, 2), "-inf");
	ck_assert_str_eq(num_fixed(buf, 1e300, 4), "1e+300");
	ck_assert_str_eq(num_text_float(buf, 0.1f), "0.1");
	ck_assert_str_eq(num_text_float(buf, 16777216.0f), "16777216.0");
	ck_assert_str_eq(num_text_float(buf, 1.17549435e-38f), "1.1754944e-38");
}
END_TEST

START_TEST(num__text__reads_back_to_the_same_bits)
{
	uint64_t x = 88172645463325252u;
	char buf[32];

	for (int i = 0; i < 20000; i++) {
		double d;
		float f;
		uint32_t low;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(&d, &x, sizeof d);
		low = (uint32_t)x;
		memcpy(&f, &low, sizeof f);
		if (isfinite(d)) {
			ck_assert_double_eq(strtod(num_text(buf, d), NULL), d);
			ck_assert_uint_lt(strlen(buf), 26);
		}
		if (isfinite(f))
			ck_assert(strtof(num_text_float(buf, f), NULL) == f);
	}
}
END_TEST

START_TEST(json__text__shortest_numbers_and_escapes)
{
	json_t *v = json_pack("{s:s, s:f, s:i, s:n, s:b, s:[f,i]}", "s", "a\"\\\n\x01 é", "real", 0.1, "int", 7, "none",
	    "yes", 1, "list", 1.0, 2);
	char *text = out_json_text(v);

	ck_assert_str_eq(text, "{\"s\":\"a\\\"\\\\\\n\\u0001 "
	    "é\",\"real\":0.1,\"int\":7,\"none\":null,\"yes\":true,\"list\":[1.0,2]}");
	free(text);
	json_decref(v);
	v = json_pack("[o,o,o]", out_num(NAN), out_num(INFINITY), out_num_float(0.1f));
	text = out_json_text(v);
	ck_assert_str_eq(text, "[null,null,0.1]");
	free(text);
	json_decref(v);
}
END_TEST

START_TEST(json__pack__any_bytes_in_any_place)
{
	json_t *v = out_pack("{s:s, s:s, s:[i, I, s], s:o, s:{s:b, s:n}}", "name", "d\xff", "none", NULL, "list", -1,
	    (json_int_t)1 << 40, "\xc3", "real", out_num(0.1), "in", "yes", 1, "no");
	char *text = out_json_text(v);

	ck_assert_str_eq(text, "{\"name\":\"d?\",\"none\":null,\"list\":[-1,1099511627776,\"?\"],\"real\":0.1,"
	    "\"in\":{\"yes\":true,\"no\":null}}");
	free(text);
	json_decref(v);
}
END_TEST

START_TEST(text__clean__leaves_utf8_alone)
{
	char good[] = "conv2d ━ é 😀", bad[] = "a\033[31mb\xff\xc0\x80\xed\xa0\x80\xc2\x9b" "c\x7f";

	text_clean(good);
	ck_assert_str_eq(good, "conv2d ━ é 😀");
	text_clean(bad);
	for (char *p = bad; *p != '\0'; p++)
		ck_assert(*p >= ' ' && *p < 0x7f);
	ck_assert_ptr_nonnull(strstr(bad, "c?"));
}
END_TEST

START_TEST(text__calm__lets_no_terminal_be_led)
{
	static const struct {
		const char *text, *plain, *coloured;
	} of[] = {
		{"a\tb\n\303\251 \377", "a\tb\n\303\251 \377", "a\tb\n\303\251 \377"},
		{"\033[1;31mred\033[0m", "?[1;31mred?[0m", "\033[1;31mred\033[0m"},
		{"\033[2J\033]0;t\007\r\b\177", "?[2J?]0;t????", "?[2J?]0;t????"},
		{"\302\233" "2J \302\240", "??2J \302\240", "??2J \302\240"}, /* CSI as one character; a space that is none */
		{"\033[", "?[", "?["}, {"\033", "?", "?"}, {"\302", "\302", "\302"},
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		char plain[64], coloured[64];

		snprintf(plain, sizeof plain, "%s", of[i].text);
		snprintf(coloured, sizeof coloured, "%s", of[i].text);
		text_calm(plain, false);
		text_calm(coloured, true);
		ck_assert_str_eq(plain, of[i].plain);
		ck_assert_str_eq(coloured, of[i].coloured);
	}
}
END_TEST

START_TEST(text__show__writes_out_what_does_not_show)
{
	static const char *const cases[][2] = {
		{"é 😀 \xff\033\xc2\x9b", "é 😀 ???"},
		{"\"print\u00a0a\u200b\"", "\"print<U+00A0>a<U+200B>\"; <U+00A0> is a no-break space, where a space belongs"},
		{"\u202eabc", "<U+202E>abc; <U+202E> is a character that does not show"},
		{"\U000e0041", "<U+E0041>; <U+E0041> is a character that does not show"},
	};
	char out[2 * TEXT_SHOWN + 8], many[3000] = "";

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		text_show(out, sizeof out, cases[i][0]);
		ck_assert_str_eq(out, cases[i][1]);
		text_show(many, sizeof many, out); /* what has been shown stays as it is */
		ck_assert_str_eq(many, out);
	}
	for (size_t i = 0; i + 4 < sizeof many; i += 2)
		strcpy(many + i, "\u00a0");
	text_show(out, sizeof out, many);
	ck_assert_uint_lt(strlen(out), sizeof out);
}
END_TEST

START_TEST(text__distance__edits_and_swaps)
{
	ck_assert_int_eq(text_distance("export", "export"), 0);
	ck_assert_int_eq(text_distance("expotr", "export"), 1);
	ck_assert_int_eq(text_distance("exprt", "export"), 1);
	ck_assert_int_eq(text_distance("kitten", "sitting"), 3);
	ck_assert_int_eq(text_distance("", "abc"), 3);
}
END_TEST

static struct passwd person;
static bool listed;

/* In place of the system's, so that no test asks for the folder of whoever runs it. */
struct passwd *
getpwuid(uid_t uid)
{
	return listed ? &person : NULL;
}

START_TEST(path__state__of_a_person_without_home)
{
	char folder[] = "/of/a/person", *path;

	unsetenv("XDG_STATE_HOME");
	person.pw_dir = folder;
	for (int i = 0; i < 2; i++) {
		if (i == 0)
			unsetenv("HOME");
		else
			setenv("HOME", "", 1);
		listed = true;
		path = path_state("x", false);
		ck_assert_str_eq(path, "/of/a/person/.local/state/thaw/x");
		free(path);
		path = path_home("~/y");
		ck_assert_str_eq(path, "/of/a/person/y");
		free(path);
		listed = false;
		ck_assert_ptr_null(path_state("x", false));
		ck_assert_ptr_null(path_home("~/y"));
	}
	setenv("HOME", "/of/own", 1);
	listed = true;
	path = path_state("x", false);
	ck_assert_str_eq(path, "/of/own/.local/state/thaw/x");
	free(path);
}
END_TEST

START_TEST(text__match__globs)
{
	ck_assert(text_match("conv*", "conv2d_1"));
	ck_assert(text_match("*_1", "conv2d_1"));
	ck_assert(text_match("*a*b*", "xxaxxbxx"));
	ck_assert(text_match("dense??", "dense_1"));
	ck_assert(!text_match("dense?", "dense"));
	ck_assert(!text_match("conv", "conv2d"));
	ck_assert(text_match("*", ""));
}
END_TEST

/* ---- writing, whatever comes in between ---- */

START_TEST(signals__write__waits_for_room)
{
	static char text[300000];
	char got[4096];
	size_t n = 0;
	ssize_t r;
	int fd[2], status;
	pid_t child;

	ck_assert_int_eq(os_pipe(fd), 0); /* neither end waits by itself */
	child = fork();
	if (child == 0) {
		close(fd[0]);
		_exit(signals_write(fd[1], text, sizeof text) == (ssize_t)sizeof text ? 0 : 1);
	}
	close(fd[1]);
	fcntl(fd[0], F_SETFL, 0);
	while ((r = read(fd[0], got, sizeof got)) > 0)
		n += (size_t)r;
	ck_assert_uint_eq(n, sizeof text);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(fd[0]);
	ck_assert_int_eq(signals_write(fd[0], text, 1), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

/* Nobody reads, and a signal wants the end: the write is given up. */
START_TEST(signals__write__ends_with_a_signal)
{
	static char text[300000];
	int fd[2], status;
	pid_t child;

	ck_assert_int_eq(os_pipe(fd), 0);
	child = fork();
	if (child == 0) {
		signal(SIGTERM, SIG_DFL); /* Check has handlers of its own */
		signals_install(false);
		raise(SIGTERM);
		_exit(signals_pending() == SIGTERM && signals_ending() && signals_write(fd[1], text, sizeof text) == -1 &&
		    errno == EINTR ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(fd[0]);
	close(fd[1]);
}
END_TEST

/* What a parent ignores stays ignored; a person's Ctrl-C ends nothing by itself. */
START_TEST(signals__install__leaves_what_is_ignored)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGINT, SIG_DFL); /* Check has handlers of its own */
		signal(SIGHUP, SIG_IGN);
		signals_install(true);
		signals_install(true); /* once is enough */
		raise(SIGHUP);
		if (signals_pending() != 0)
			_exit(1);
		raise(SIGINT);
		if (signals_pending() != SIGINT || signals_ending() || !signals_take_interrupt() || signals_pending() != 0)
			_exit(2);
		raise(SIGWINCH);
		raise(SIGTSTP);
		raise(SIGCONT);
		if (!signals_take_winch() || !signals_take_stop() || !signals_take_cont() || signals_take_cont())
			_exit(3);
		/* a limit of file sizes is an error of the write that meets it; from outside it ends as any other */
		kill(getpid(), SIGXFSZ);
		if (signals_pending() != 0)
			_exit(4);
		signals_drain();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%d", status);
}
END_TEST

static void
limited(int what, rlim_t to)
{
	struct rlimit most;

	ck_assert_int_eq(getrlimit(what, &most), 0);
	most.rlim_cur = to;
	ck_assert_int_eq(setrlimit(what, &most), 0);
}

static bool
limited_for_good(int what)
{
	struct rlimit most;

	return getrlimit(what, &most) == 0 && most.rlim_max != RLIM_INFINITY;
}

/* So high that nothing is short of anything, also under a sanitizer. */
START_TEST(err__lack__names_the_limit)
{
	const rlim_t high = (rlim_t)1 << 60;
	struct nn_err why;
	struct err e = {0};

	if (limited_for_good(RLIMIT_AS) || limited_for_good(RLIMIT_DATA)) /* nobody but root takes that off */
		return;
	limited(RLIMIT_AS, RLIM_INFINITY);
	limited(RLIMIT_DATA, RLIM_INFINITY);
	ck_assert_int_eq(fail_memory(&e, "no memory for %d", 3), -1);
	ck_assert_str_eq(e.text, "no memory for 3; close other programs");
	limited(RLIMIT_DATA, high);
	fail_memory(&e, "no memory");
	ck_assert_str_eq(e.text, "no memory; raise `ulimit -d`");
	limited(RLIMIT_AS, high);
	fail_memory(&e, "no memory");
	ck_assert_str_eq(e.text, "no memory; raise `ulimit -v` and `ulimit -d`");
	limited(RLIMIT_DATA, RLIM_INFINITY);
	nn_lacks(&why, NN_LACK_MEMORY, "out of memory; use less");
	ck_assert_int_eq(fail_nn(&e, &why), -1);
	ck_assert_str_eq(e.text, "out of memory; use less, or raise `ulimit -v`");
	nn_lacks(&why, NN_LACK_THREADS, "no thread");
	fail_nn(&e, &why);
	ck_assert_str_eq(e.text, "no thread; raise `ulimit -v` and `ulimit -u`");
	nn_fail(&why, "too many; use less");
	fail_nn(&e, &why);
	ck_assert_str_eq(e.text, "too many; use less");
	ck_assert_int_eq(e.status, 1);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("util");
	TCase *t = tcase_create("all");

	tcase_add_test(t, num__text__as_python_writes_it);
	tcase_add_test(t, num__text__reads_back_to_the_same_bits);
	tcase_add_test(t, json__text__shortest_numbers_and_escapes);
	tcase_add_test(t, json__pack__any_bytes_in_any_place);
	tcase_add_test(t, text__clean__leaves_utf8_alone);
	tcase_add_test(t, text__calm__lets_no_terminal_be_led);
	tcase_add_test(t, text__show__writes_out_what_does_not_show);
	tcase_add_test(t, text__distance__edits_and_swaps);
	tcase_add_test(t, path__state__of_a_person_without_home);
	tcase_add_test(t, text__match__globs);
	tcase_add_test(t, err__lack__names_the_limit);
	tcase_add_test(t, signals__write__waits_for_room);
	tcase_add_test(t, signals__write__ends_with_a_signal);
	tcase_add_test(t, signals__install__leaves_what_is_ignored);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
