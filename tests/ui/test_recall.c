/* test_recall.c: the lines typed before, walked and searched. */
#include "ui/recall.h"
#include "ui/ui.h"
#include "../run.h"

#include <check.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct ui_recall r;

static void
begin(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	ui_recall_clear(&r);
	ui_recall_add(&r, NULL, "train gte5");
	ui_recall_add(&r, NULL, "freeze features");
	ui_recall_add(&r, NULL, "f\303\274r train");
}

static const char *
walk(enum ui_recall_walk w, int count, const char *now)
{
	size_t column = strlen(now);
	const char *s = ui_recall_walk(&r, w, count, now, &column);

	ck_assert(s == NULL || column <= strlen(s));
	return s != NULL ? s : "(none)";
}

START_TEST(recall__walks__and_keeps_changes)
{
	begin();
	ck_assert_str_eq(walk(UI_RECALL_NEWER, 1, "new"), "(none)");
	ck_assert_str_eq(walk(UI_RECALL_OLDER, 2, "new"), "freeze features");
	ck_assert_str_eq(walk(UI_RECALL_OLDER, 1, "freeze head"), "train gte5");
	ck_assert_str_eq(walk(UI_RECALL_OLDER, 1, "train gte5"), "(none)");
	ck_assert_str_eq(walk(UI_RECALL_NEWER, 1, "train gte5"), "freeze head");
	ck_assert_str_eq(walk(UI_RECALL_NEWER, 99, "freeze head"), "new");
	ck_assert_str_eq(walk(UI_RECALL_PLACE, 2, "new"), "freeze head");
	ui_recall_add(&r, NULL, "freeze head");
	ck_assert_str_eq(walk(UI_RECALL_OLDER, 3, ""), "freeze features"); /* as it was entered */
	ck_assert_str_eq(walk(UI_RECALL_PLACE, 0, ""), "(none)");
	ui_recall_clear(&r);
}
END_TEST

START_TEST(recall__looks__for_beginnings_and_parts)
{
	begin();
	ck_assert_str_eq(walk(UI_RECALL_BEGINS_OLDER, 1, "tr"), "train gte5");
	ui_recall_rest(&r);
	ck_assert_str_eq(walk(UI_RECALL_HAS_OLDER, 1, "train"), "f\303\274r train");
	ck_assert_str_eq(walk(UI_RECALL_AGAIN_OLDER, 1, "x"), "(none)"); /* nothing was searched for yet */
	ck_assert_str_eq(walk(UI_RECALL_BEGINS_OLDER, 1, "zz"), "(none)");
	ui_recall_clear(&r);
}
END_TEST

START_TEST(search__finds__as_it_is_typed)
{
	const char *s = "";

	begin();
	ui_recall_search(&r, false, "new", 1);
	ck_assert_str_eq(r.message, "(reverse-i-search)`': ");
	for (const char *c = "train"; *c; c++)
		s = ui_recall_type(&r, *c);
	ck_assert_str_eq(s, "f\303\274r train");
	ck_assert_uint_eq(r.column, 5);
	ck_assert_str_eq(ui_recall_again(&r, false), "train gte5");
	ck_assert_str_eq(ui_recall_again(&r, false), "train gte5");
	ck_assert_str_eq(r.message, "(failed reverse-i-search)`train': ");
	ck_assert_str_eq(ui_recall_again(&r, true), "f\303\274r train");
	ck_assert_str_eq(ui_recall_back(&r), "new");
	/* what was searched last, by one key */
	ui_recall_search(&r, false, "new", 1);
	ck_assert_str_eq(ui_recall_again(&r, false), "f\303\274r train");
	ui_recall_stay(&r);
	ck_assert_str_eq(walk(UI_RECALL_AGAIN, 1, "f\303\274r train"), "train gte5");
	ck_assert_str_eq(walk(UI_RECALL_AGAIN_OTHER, 1, "train gte5"), "f\303\274r train");
	ui_recall_clear(&r);
}
END_TEST

START_TEST(search__takes__characters_by_bytes)
{
	begin();
	ui_recall_search(&r, false, "", 0);
	ck_assert_str_eq(ui_recall_type(&r, '\303'), ""); /* half of one: not yet */
	ck_assert(!r.failed);
	ck_assert_str_eq(ui_recall_type(&r, '\274'), "f\303\274r train");
	ck_assert_str_eq(ui_recall_type(&r, 'x'), "f\303\274r train");
	ck_assert(r.failed);
	ui_recall_rub(&r);
	ck_assert(!r.failed);
	ui_recall_rub(&r);
	ck_assert_uint_eq(r.nwant, 0);
	for (int i = 0; i < 1000; i++)
		ui_recall_type(&r, i % 3 ? 'x' : '\303');
	ck_assert_uint_lt(strlen(r.message), sizeof r.message);
	ui_recall_clear(&r);
}
END_TEST

START_TEST(words__come__by_number)
{
	char *w;

	begin();
	w = ui_recall_word(&r, 2, -1);
	ck_assert_str_eq(w, "features");
	free(w);
	w = ui_recall_word(&r, 3, 0);
	ck_assert_str_eq(w, "train");
	free(w);
	ck_assert_ptr_null(ui_recall_word(&r, 1, 7));
	ck_assert_ptr_null(ui_recall_word(&r, 4, -1));
	ck_assert_ptr_null(ui_recall_word(&r, 0, -1));
	ui_recall_clear(&r);
}
END_TEST

START_TEST(file__is__shared_and_bounded)
{
	char path[] = "recallXXXXXX";
	struct ui_recall other = {0};
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");

	begin();
	fputs("\303 broken\nwith\ttab\n", f);
	for (int i = 0; i < UI_RECALL_MOST; i++)
		fprintf(f, "line %d\n", i);
	fclose(f);
	ui_recall_read(&other, path);
	ck_assert_uint_eq(other.n, UI_RECALL_MOST);
	ck_assert_str_eq(other.line[0], "line 0");
	ui_recall_add(&r, path, "one\ntwo");
	ui_recall_add(&other, path, "of the other");
	ui_recall_add(&other, path, "of the other");
	ck_assert_uint_eq(other.n, UI_RECALL_MOST);
	ui_recall_clear(&r);
	ui_recall_read(&r, path);
	ck_assert_str_eq(r.line[r.n - 1], "of the other");
	ck_assert_str_eq(r.line[r.n - 2], "one;two");
	ck_assert_str_eq(r.line[r.n - 3], "line 4999");
	unlink(path);
	ui_recall_clear(&r);
	ui_recall_clear(&other);
}
END_TEST

/* ---- candidates, as readline takes them ---- */

static void
ck_fits(int start, const char *const *texts, const char *line, int word, const char *common, int n, bool more)
{
	struct ui_candidates c = {.start = start};
	bool goes_on = !more;
	char **out;
	int k = 0;

	for (; *texts != NULL; texts++)
		ui_candidates_add(&c, *texts, NULL);
	out = ui_candidates_fit(&c, line, word, &goes_on);
	ck_assert_msg((out == NULL) == (common == NULL), "%s", line);
	if (out != NULL) {
		ck_assert_str_eq(out[0], common);
		for (k = 1; out[k] != NULL; k++)
			free(out[k]);
		ck_assert_int_eq(k - 1, n);
		ck_assert(goes_on == more);
		free(out[0]);
		free(out);
	}
	ui_candidates_clear(&c);
}

START_TEST(candidates__fit__what_stands_before_them)
{
	static const char *const train[] = {"train", "trainable", NULL}, *const key[] = {"epochs=", NULL}, *const files[] = {"dir/one", "dir/two", "else", NULL};
	static const char *const accents[] = {"f\xc3\xa9", "f\xc3\xa8", NULL}, *const none[] = {NULL}, *const longer[] = {"longer", NULL};

	ck_fits(0, train, "tr", 0, "train", 2, false);
	ck_fits(6, key, "train ep", 6, "epochs=", 0, true); /* alone, and a value follows */
	ck_fits(5, files, "load dir/o", 9, "", 2, false); /* readline's word begins behind the slash */
	ck_fits(5, files, "load dir/o", 5, "", 3, false);
	ck_fits(6, train, "fit m.train", 4, "m.train", 2, false); /* and here before it */
	ck_fits(0, accents, "f", 0, "f", 2, false); /* no half of a character */
	ck_fits(0, none, "f", 0, NULL, 0, false);
	ck_fits(0, longer, "loading", 7, NULL, 0, false); /* shorter than what is there */
	ck_fits(0, files, "other/one", 6, NULL, 0, false);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("recall");
	TCase *t = tcase_create("recall");

	suite_add_tcase(s, t);
	tcase_add_test(t, recall__walks__and_keeps_changes);
	tcase_add_test(t, recall__looks__for_beginnings_and_parts);
	tcase_add_test(t, search__finds__as_it_is_typed);
	tcase_add_test(t, search__takes__characters_by_bytes);
	tcase_add_test(t, words__come__by_number);
	tcase_add_test(t, file__is__shared_and_bounded);
	tcase_add_test(t, candidates__fit__what_stands_before_them);
	return run_suite(s);
}
