/* test_store.c: the store of runs where its files cannot be read, are none or say odd things; and the words for goals,
 * schedules and runs that are refused.
 */
#include "past/goal.h"
#include "past/schedule.h"
#include "past/store.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/src/failing.h"
#include "tests/run.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct store kept;
static char hash[65];
static struct err e;

static void
setup(void)
{
	captured_setup();
	kept = (struct store){0};
	store_choose(&kept, "kept//");
	ck_assert_str_eq(kept.dir, "kept");
	ck_assert_int_eq(store_put(&kept, "{\"a\": 1}", hash, &e), 0);
}

static void
teardown(void)
{
	store_free(&kept);
	captured_teardown();
}

/* ---- records ---- */

START_TEST(store__record__that_cannot_be_read)
{
	static const struct {
		enum failing what;
		int error;
		const char *says, *words; /* for who asks for it, and for who reads many */
	} ways[] = {
	    {FAILING_READ, EIO, "cannot be read: Input/output error", "Input/output error"},
	    {FAILING_END, 0, "is damaged: its text has the SHA-256", "it is damaged"},
	    {FAILING_STAT, EIO, "is no record of a run; remove it", "it is no file of a store"},
	    {FAILING_MEMORY, ENOMEM, "memory", "memory"},
	};
	char *text = store_get(&kept, hash, &e), *path;

	ck_assert_str_eq(text, "{\"a\": 1}");
	free(text);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		failing_at(ways[i].what, 1, ways[i].error);
		text = store_get(&kept, hash, &e);
		ck_assert(failing_struck() && text == NULL);
		ck_sentence(e.text, ways[i].says);
		failing_at(ways[i].what, 1, ways[i].error);
		text = store_look(&kept, hash, &e);
		ck_assert(failing_struck() && text == NULL);
		ck_has(e.text, ways[i].words);
	}
	path = xasprintf("kept/runs/%s.json", hash);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_ptr_null(store_get(&kept, hash, &e));
	ck_sentence(e.text, "No such file or directory");
	e.text[0] = '\0';
	ck_assert_ptr_null(store_look(&kept, hash, &e));
	ck_assert_str_eq(e.text, ""); /* there is none */
	ck_assert_int_eq(mkdir(path, 0777), 0);
	ck_assert_ptr_null(store_look(&kept, hash, &e));
	ck_has(e.text, "it is no file of a store");
	ck_assert_int_eq(store_delete(&kept, hash, &e), -1);
	ck_sentence(e.text, "cannot be removed");
	free(path);
}
END_TEST

START_TEST(store__names__of_a_folder)
{
	struct store_names names;
	struct store none = {0};
	char found[65];

	scratch_write("kept/runs/note.txt", "", 0);
	ck_assert_int_eq(store_list(&kept, STORE_RUNS, &names, &e), 0);
	ck_assert_uint_eq(names.n, 1);
	store_names_free(&names);
	failing_at(FAILING_STREAM, 1, ENOMEM);
	ck_assert_int_eq(store_list(&kept, STORE_RUNS, &names, &e), -1);
	ck_assert(failing_struck());
	ck_sentence(e.text, "kept/runs cannot be read: Cannot allocate memory");
	failing_at(FAILING_STREAM, 1, ENOMEM);
	ck_assert_int_eq(store_find(&kept, hash, found, &e), -1);
	ck_assert(failing_struck());
	ck_assert_int_eq(store_find(&none, hash, found, &e), -1);
	ck_sentence(e.text, "this session keeps its runs in no store");
	ck_assert_int_eq(store_find(&kept, "0123456789abcdef", found, &e), -1);
	ck_sentence(e.text, "no run 0123456789abcdef in kept");
	for (int i = 0; i < 2; i++) {
		char name[90];

		snprintf(name, sizeof name, "kept/runs/%064x.json", 0xabc + i);
		scratch_write(name, "{}", 2);
	}
	ck_assert_int_eq(store_find(&kept, "00000000", found, &e), -1);
	ck_sentence(e.text, "several runs begin with 00000000");
	ck_assert(!store_is_hash("0123456") && store_is_hash("01234567") && !store_is_hash("01234567x"));
	ck_assert_ptr_null(store_get_trial(&none, hash));
	ck_assert_ptr_null(store_get_trial(&kept, hash));
}
END_TEST

/* ---- what is said of a run ---- */

/* Says a text of the run as another process might. */
static void
said(const char *text)
{
	struct store other = {0};
	char sum[65], *name;

	store_choose(&other, "other");
	ck_assert_int_eq(store_put(&other, text, sum, &e), 0);
	store_free(&other);
	mkdir("kept/runs.about", 0777);
	name = xasprintf("kept/runs.about/%s-%s.json", hash, sum);
	scratch_write(name, text, strlen(text));
	free(name);
}

static json_t *
about(struct err *why)
{
	struct store_names names;
	json_t *all;

	ck_assert_int_eq(store_list(&kept, STORE_ABOUT, &names, &e), 0);
	all = store_about(&kept, &names, hash, why);
	store_names_free(&names);
	return all;
}

START_TEST(store__about__takes_what_is_meant)
{
	struct err why = {0};
	json_t *all, *tags;

	said("{\"tags\": [\"a\", 7, \"b\", \"a\"], \"note\": 5, \"seconds\": \"long\", \"when\": 3}");
	all = about(&why);
	tags = json_object_get(all, "tags");
	ck_assert_str_eq(why.text, "");
	ck_assert_uint_eq(json_array_size(tags), 2);
	ck_assert(json_is_null(json_object_get(all, "note")) && json_is_null(json_object_get(all, "seconds")) &&
	    json_is_null(json_object_get(all, "when")));
	json_decref(all);
	said("{\"when\": \"a text that is far too long to be a time of day\", \"seconds\": 2.5, \"note\": \"x\"}");
	all = about(NULL);
	ck_assert(json_is_null(json_object_get(all, "when")));
	ck_assert(json_number_value(json_object_get(all, "seconds")) == 2.5);
	ck_assert_str_eq(json_string_value(json_object_get(all, "note")), "x");
	json_decref(all);
	said("[1]");
	said("{");
	json_decref(about(NULL));
	json_decref(about(&why));
	ck_assert_str_eq(why.text, "it is no JSON of a run");
	ck_assert_int_eq(store_delete(&kept, hash, &e), 0);
	all = about(NULL);
	ck_assert_uint_eq(json_array_size(json_object_get(all, "tags")), 0);
	json_decref(all);
}
END_TEST

/* The names of the files are hashes: in which order they come has nothing to do with what they say. */
START_TEST(store__about__the_latest_note)
{
	static const char *const says[][2] = {
	    {"{\"when\": \"2026-01-01T00:00:00.000Z\", \"seconds\": 1, \"note\": \"b\"}", "b"},
	    {"{\"when\": \"2026-01-01T00:00:00.000Z\", \"note\": \"a\"}", "b"}, /* at the same time */
	    {"{\"when\": \"2026-01-03T00:00:00.000Z\", \"seconds\": 3, \"note\": \"of a later run\"}", "of a later run"},
	    {"{\"when\": \"2026-01-02T00:00:00.000Z\", \"seconds\": 2, \"note\": \"before\"}", "of a later run"},
	    {"{\"when\": \"2026-01-01T00:00:00.000Z\", \"note\": \"x\", \"noted\": \"2026-02-01T00:00:00.000Z\"}", "x"},
	    {"{\"when\": \"2026-01-02T00:00:00.000Z\", \"note\": \"y\", \"noted\": \"2026-01-31T00:00:00.000Z\"}", "x"},
	    {"{\"note\": \"z\", \"noted\": \"a text that is far too long to be a time of day\"}", "x"},
	    {"{\"note\": null, \"noted\": \"2026-03-01T00:00:00.000Z\"}", "x"}};

	for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
		json_t *all;

		said(says[i][0]);
		all = about(NULL);
		ck_assert_str_eq(json_string_value(json_object_get(all, "note")), says[i][1]);
		json_decref(all);
	}
	json_t *all = about(NULL);
	ck_assert_str_eq(json_string_value(json_object_get(all, "when")), "2026-01-03T00:00:00.000Z");
	ck_assert(json_number_value(json_object_get(all, "seconds")) == 3);
	json_decref(all);
}
END_TEST

START_TEST(store__merge__says_what_it_could_not_take)
{
	struct store to = {0};
	struct store_merged m;

	store_choose(&to, "to");
	failing_at(FAILING_STREAM, 1, EIO);
	ck_assert_int_eq(store_merge(&to, "kept", &m, &e), -1);
	ck_assert(failing_struck());
	ck_sentence(e.text, "kept/runs cannot be read");
	ck_assert_int_eq(store_merge(&to, "nowhere", &m, &e), 0);
	ck_assert(m.records == 0 && m.there == 0 && m.notes == 0);
	ck_assert_int_eq(store_merge(&to, "kept", &m, &e), 0);
	ck_assert(m.records == 1 && m.there == 0);
	ck_assert_int_eq(store_merge(&to, "kept", &m, &e), 0);
	ck_assert(m.records == 0 && m.there == 1);
	store_free(&to);
	store_choose(&to, "to2");
	failing_at(FAILING_READ, 1, EIO);
	ck_assert_int_eq(store_merge(&to, "kept", &m, &e), -1);
	ck_assert(failing_struck());
	ck_sentence(e.text, "Input/output error");
	ck_assert_int_eq(store_merge(&to, "kept", &m, &e), 0);
	ck_assert(m.records == 1);
	store_free(&to);
}
END_TEST

/* ---- words ---- */

START_TEST(store__words__of_goals_and_schedules)
{
	static const char *const goals[] = {"val_loss:patience=x", "val_loss:patience=-1", "val_loss:patience=100001",
	    "val_loss:min_delta=x", "val_loss:min_delta=-1", "val_loss:many=3", "val_loss<x", "val_accuracy>x",
	    "val_accuracy=1"};
	static const char *const schedules[] = {"step=2", "step=x,0.5", "step=0,0.5", "step=100001,0.5", "step=2,x",
	    "step=2,0", "step=2,1001", "cosine=x", "cosine=-1", "cosine=2", "cosines", ""};
	struct goal g;
	struct schedule x;
	char *text;

	for (size_t i = 0; i < sizeof goals / sizeof *goals; i++) {
		ck_assert_int_eq(goal_parse(goals[i], &g, &e), -1);
		ck_sentence(e.text, goals[i]);
	}
	for (size_t i = 0; i < sizeof schedules / sizeof *schedules; i++) {
		ck_assert_int_eq(schedule_parse(schedules[i], &x, &e), -1);
		ck_has(e.text, schedules[i]);
		ck_assert_int_eq(x.kind, SCHEDULE_NONE);
	}
	ck_assert_int_eq(schedule_parse("cosine=0.25", &x, &e), 0);
	text = schedule_text(&x);
	ck_assert_str_eq(text, "cosine=0.25");
	free(text);
	g = (struct goal){0};
	ck_assert(!goal_is(&g, "watch_"));
}
END_TEST

START_TEST(store__words__of_runs)
{
	static const char *const words[] = {"r", "rx", "r1x", "nosuch", "r99999999999999999999"};
	static struct run r = {.number = 1};
	static struct run *list[] = {&r};
	struct runs runs = {.list = list, .n = 1};

	ck_assert_ptr_eq(runs_find(&runs, "r1", &e), &r);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		ck_assert_ptr_null(runs_find(&runs, words[i], &e));
		ck_has(e.text, words[i]);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("store");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, store__record__that_cannot_be_read);
	tcase_add_test(t, store__names__of_a_folder);
	tcase_add_test(t, store__about__takes_what_is_meant);
	tcase_add_test(t, store__about__the_latest_note);
	tcase_add_test(t, store__merge__says_what_it_could_not_take);
	tcase_add_test(t, store__words__of_goals_and_schedules);
	tcase_add_test(t, store__words__of_runs);
	suite_add_tcase(s, t);
	return run_suite(s);
}
