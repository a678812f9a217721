/* run.h: how a Check program ends, and what it asks of text. CK_VERBOSITY=verbose names each test. The last of our
 * headers, since check.h has macros such as `fail`.
 */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

#include <check.h>
#include <string.h>

#define ck_has(text, part) ck_assert_msg(strstr(text, part) != NULL, "\"%s\" is not in \"%.3000s\"", part, text)
#define ck_lacks(text, part) ck_assert_msg(strstr(text, part) == NULL, "\"%s\" is in \"%.3000s\"", part, text)

/* An error: one line that has this in it, and a way out behind a semicolon or a colon. */
static inline void
ck_sentence(const char *text, const char *part)
{
	ck_has(text, part);
	ck_assert_msg(strpbrk(text, ";:") != NULL && strchr(text, '\n') == NULL, "no way out: %s", text);
}

/* Runs it, says what failed, and frees it; returns the program's status. */
static inline int
run_suite(Suite *s)
{
	SRunner *r = srunner_create(s);
	int failed;

	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}

#endif
