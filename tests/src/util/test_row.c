/* test_row.c: a row of values as text, CSV and JSON. */
#include "util/row.h"
#include "util/xmalloc.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

static struct out *out;
static char *said; /* lines, each ended by '\n' */

static void
take(void *arg, bool error, enum out_style style, const char *text)
{
	char *more = xasprintf("%s%s\n", said, text);

	ck_assert(!error);
	free(said);
	said = more;
}

static void
open_out(void)
{
	out = out_new_stdio();
	out->sink = (struct out_sink){take, NULL, NULL};
	said = xstrdup("");
}

static void
close_out(void)
{
	out_free(out);
	free(said);
}

/* What the row says in a mode, its headings first. The row is used once: it may hold JSON. */
static const char *
say(enum out_mode mode, const struct row_cell *row)
{
	free(said);
	said = xstrdup("");
	out_begin(out, mode);
	row_print(out, "thing", true, row);
	return said;
}

START_TEST(row__print__columns_in_each_mode)
{
	const struct row_cell row[] = {
		{"name", ROW_TEXT, -6, .s = "ab"},
		{"n", ROW_INT, 4, .n = -7},
		{"size", ROW_COUNT, 7, .n = 12345},
		{"x", ROW_REAL, 8, 3, .x = 2.0 / 3},
		{"lr", ROW_FLOAT, -5, .gap = 2, .x = 0.1f},
		{"ok", ROW_BOOL, -3, .n = true},
		{"last", ROW_TEXT, -9, .s = "z"},
		{0}};

	ck_assert_str_eq(say(OUT_TABLE, row),
	    "name      n    size        x  lr    ok  last\n"
	    "ab       -7  12,345    0.667  0.1   Y   z\n");
	ck_assert_str_eq(say(OUT_CSV, row), 
	    "event,name,n,size,x,lr,ok,last\nthing,ab,-7,12345,0.6666666666666666,0.1,true,z\n");
	ck_assert_str_eq(say(OUT_JSON, row), "{\"event\":\"thing\",\"name\":\"ab\",\"n\":-7,\"size\":12345,"
	    "\"x\":0.6666666666666666,\"lr\":0.1,\"ok\":true,\"last\":\"z\"}\n");
}
END_TEST

START_TEST(row__print__cells_of_one_mode)
{
	for (enum out_mode mode = OUT_TABLE; mode <= OUT_JSON; mode++) {
		static const char *const expect[] = {"people two\nP    2\n", "event,both,rows,two\nthing,B,R,2\n",
		    "{\"event\":\"thing\",\"both\":\"B\",\"object\":\"J\",\"list\":[1]}\n"};
		const struct row_cell row[] = {
			{"people", ROW_TEXT, -4, .in = ROW_IN_TEXT, .s = "P"},
			{"both", ROW_TEXT, .s = "B"},
			{"rows", ROW_TEXT, .in = ROW_IN_CSV, .s = "R"},
			{"object", ROW_TEXT, .in = ROW_IN_JSON, .s = "J"},
			{"list", ROW_JSON, 9, .json = json_pack("[i]", 1)},
			{"two", ROW_TEXT, -1, .in = ROW_IN_TEXT | ROW_IN_CSV, .s = "2"},
			{"none", ROW_TEXT, -4, .off = true, .s = "N"},
			{0}};

		ck_assert_str_eq(say(mode, row), expect[mode]);
	}
}
END_TEST

START_TEST(row__print__nothing_where_no_cell_belongs)
{
	const struct row_cell row[] = {{"n", ROW_INT, .in = ROW_IN_JSON, .n = 1}, {0}};

	ck_assert_str_eq(say(OUT_TABLE, row), "");
	ck_assert_str_eq(say(OUT_CSV, row), "");
	out_begin(out, OUT_JSON);
	row_part(out, "thing", false, row);
	ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(row__csv__names_its_tables_and_heads_each_once)
{
	const struct row_cell a[] = {{"n", ROW_INT, 1, .n = 1}, {0}}, b[] = {{"x", ROW_INT, 1, .n = 2}, {0}};

	out_begin(out, OUT_CSV);
	row_print(out, "one", true, a);
	row_print(out, "one", true, a); /* of a second command */
	row_part(out, "one", false, a);
	ck_assert_str_eq(said, "event,n\none,1\none,1\none,1\n");
	row_print(out, "two", false, a); /* another table of the same columns */
	row_print(out, "two", false, b); /* and one of the same name with others */
	row_head(out, "two", b);
	row_print(out, "one", false, a);
	ck_assert_str_eq(said, "event,n\none,1\none,1\none,1\n"
	    "event,n\ntwo,1\nevent,x\ntwo,2\nevent,n\none,1\n");
	say(OUT_TABLE, a);
	ck_assert_str_eq(say(OUT_CSV, a), "event,n\nthing,1\n"); /* `mode csv` anew */
}
END_TEST

START_TEST(row__print__a_number_that_is_wider_than_its_column)
{
	const struct row_cell row[] = {{"loss", ROW_REAL, 9, 4, .x = 10146.5105}, {"val", ROW_REAL, 9, 4, .x = -3.5e38},
	    {"x", ROW_REAL, 9, 4, .x = 1146.5105}, {"none", ROW_REAL, 9, 4, .x = -INFINITY}, {0}};

	ck_assert_str_eq(say(OUT_TABLE, row),
	    "     loss       val         x      none\n"
	    " 1.01e+04  -3.5e+38 1146.5105      -inf\n");
	ck_assert_str_eq(say(OUT_JSON, row), "{\"event\":\"thing\",\"loss\":10146.5105,\"val\":-3.5e+38,\"x\":1146.5105,"
	    "\"none\":null}\n");
}
END_TEST

START_TEST(row__print__what_is_not_known)
{
	const struct row_cell row[] = {
		{"x", ROW_REAL, 6, 2, .unknown = true, .x = NAN},
		{"f", ROW_FLOAT, 4, .unknown = true, .x = NAN},
		{"n", ROW_INT, 4, .unknown = true},
		{"t", ROW_TEXT, -4, .s = NULL},
		{"j", ROW_JSON, .json = NULL},
		{"i", ROW_REAL, 5, 1, .x = -INFINITY},
		{"c", ROW_COUNT, -2, .unknown = true},
		{0}};

	ck_assert_str_eq(say(OUT_TABLE, row), "     x    f    n t        i c\n     -    -    - -     -inf -\n");
	ck_assert_str_eq(say(OUT_CSV, row), "event,x,f,n,t,i,c\nthing,,,,,-inf,\n");
	ck_assert_str_eq(say(OUT_JSON, row), "{\"event\":\"thing\",\"x\":null,\"f\":null,\"n\":null,\"t\":null,"
	    "\"j\":null,\"i\":null,\"c\":null}\n");
}
END_TEST

START_TEST(row__print__what_is_no_number)
{
	const struct row_cell row[] = {
		{"x", ROW_REAL, 6, 2, .x = -NAN}, {"f", ROW_FLOAT, 4, .x = NAN}, {"i", ROW_REAL, 5, 1, .x = INFINITY}, {0}};

	ck_assert_str_eq(say(OUT_TABLE, row), "     x    f     i\n   nan  nan   inf\n");
	ck_assert_str_eq(say(OUT_CSV, row), "event,x,f,i\nthing,nan,nan,inf\n");
	ck_assert_str_eq(say(OUT_JSON, row), "{\"event\":\"thing\",\"x\":null,\"f\":null,\"i\":null}\n");
}
END_TEST

START_TEST(row__print__timing_off_leaves_seconds_out)
{
	const struct row_cell row[] = {{"n", ROW_INT, -2, .n = 1}, {"seconds", ROW_SECONDS, 8, 2, .x = 1.5}, {0}},
	    unknown[] = {{"n", ROW_INT, -2, .n = 1}, {"seconds", ROW_SECONDS, 8, 2, .x = NAN}, {0}};

	ck_assert_str_eq(say(OUT_TABLE, row), "n   seconds\n1      1.50\n");
	ck_assert_str_eq(say(OUT_TABLE, unknown), "n   seconds\n1         -\n");
	ck_assert_str_eq(say(OUT_CSV, row), "event,n,seconds\nthing,1,1.5\n");
	ck_assert_str_eq(say(OUT_JSON, row), "{\"event\":\"thing\",\"n\":1,\"seconds\":1.5}\n");
	out->timing = false;
	ck_assert_str_eq(say(OUT_TABLE, row), "n          \n1          \n");
	ck_assert_str_eq(say(OUT_TABLE, unknown), "n          \n1          \n");
	ck_assert_str_eq(say(OUT_CSV, row), "event,n,seconds\nthing,1,\n");
	ck_assert_str_eq(say(OUT_JSON, row), "{\"event\":\"thing\",\"n\":1,\"seconds\":null}\n");
}
END_TEST

START_TEST(row__print__csv_quotes)
{
	const struct row_cell row[] = {
		{"a", ROW_TEXT, .s = "one, two"},
		{"b", ROW_TEXT, .s = "say \"so\""},
		{"c", ROW_TEXT, .s = "two\r\nlines"},
		{"d", ROW_TEXT, .s = "plain"},
		{"e", ROW_TEXT, .s = ""},
		{0}};

	ck_assert_str_eq(say(OUT_CSV, row), 
	    "event,a,b,c,d,e\nthing,\"one, two\",\"say \"\"so\"\"\",\"two  lines\",plain,\n");
}
END_TEST

START_TEST(row__print__text_that_is_not_utf8)
{
	const struct row_cell row[] = {{"file", ROW_TEXT, -4, .s = "caf\xe9.csv"}, {0}};

	ck_assert_str_eq(say(OUT_CSV, row), "event,file\nthing,caf\xe9.csv\n"); /* the name as it is: a program opens the file */
	ck_assert_str_eq(say(OUT_JSON, row), "{\"event\":\"thing\",\"file\":\"caf?.csv\"}\n");
}
END_TEST

START_TEST(row__print__blanks_do_not_end_a_line)
{
	const struct row_cell row[] = {
		{"a", ROW_TEXT, -4, .s = ""},
		{"b", ROW_TEXT, -4, .s = "x"},
		{"c", ROW_TEXT, -4, .gap = 3, .s = ""},
		{"", ROW_TEXT, -1, .s = ""},
		{0}};

	ck_assert_str_eq(say(OUT_TABLE, row), "a    b      c\n     x\n");
}
END_TEST

START_TEST(row__fit__heading_and_value)
{
	const struct row_cell row[] = {
		{"heading", ROW_INT, 1, .n = 1},
		{"csv", ROW_TEXT, .s = "a text that is long"},
		{"n", ROW_COUNT, 1, .n = 123456},
		{0}};
	int width[] = {0, 8};

	row_fit(out, row, width);
	ck_assert_int_eq(width[0], 7);
	ck_assert_int_eq(width[1], 8);
	width[1] = 0;
	row_fit(out, row, width);
	ck_assert_int_eq(width[1], 7);
}
END_TEST

START_TEST(row__json__an_object_within_another)
{
	const struct row_cell row[] = {{"n", ROW_INT, 3, .n = 1}, {"t", ROW_TEXT, .s = "x"}, {0}};
	json_t *object = row_json(out, NULL, row);
	char *text = out_json_text(object);

	ck_assert_str_eq(text, "{\"n\":1,\"t\":\"x\"}");
	free(text);
	json_decref(object);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("row");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, open_out, close_out);
	tcase_add_test(t, row__print__columns_in_each_mode);
	tcase_add_test(t, row__print__cells_of_one_mode);
	tcase_add_test(t, row__print__nothing_where_no_cell_belongs);
	tcase_add_test(t, row__csv__names_its_tables_and_heads_each_once);
	tcase_add_test(t, row__print__a_number_that_is_wider_than_its_column);
	tcase_add_test(t, row__print__what_is_not_known);
	tcase_add_test(t, row__print__what_is_no_number);
	tcase_add_test(t, row__print__timing_off_leaves_seconds_out);
	tcase_add_test(t, row__print__csv_quotes);
	tcase_add_test(t, row__print__text_that_is_not_utf8);
	tcase_add_test(t, row__print__blanks_do_not_end_a_line);
	tcase_add_test(t, row__fit__heading_and_value);
	tcase_add_test(t, row__json__an_object_within_another);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
