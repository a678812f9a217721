/* test_command.c: parsing, settings, conditions and completion; what every command of the table owes. */
#include "commands/table.h"
#include "language/complete.h"
#include "language/expr.h"
#include "language/parse.h"
#include "language/words.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct capture C;

static void
setup(void)
{
	capture_open(&C);
}

static void
teardown(void)
{
	capture_close(&C);
}

#define ck_has(text, part) ck_assert_msg(strstr(text, part) != NULL, "\"%s\" is not in \"%s\"", part, text)

/* ---- words ---- */

static void
assert_words(const char *line, int n, const char *const *want)
{
	struct cmd_word word[CMD_WORDS_MAX];
	char *store;
	size_t at = 0;

	ck_assert_int_eq(cmd_words(line, &at, word, CMD_WORDS_MAX, &store), n);
	for (int i = 0; i < n; i++)
		ck_assert_str_eq(word[i].text, want[i]);
	free(store);
}

START_TEST(words__cut__blanks_quotes_and_escapes)
{
	assert_words("  a\t\"b c\" d\"e f\"g \"h \\\" \\\\ i\" ", 4, (const char *[]){"a", "b c", "de fg",
	    "h \" \\ i"});
	assert_words("", 0, NULL);
	assert_words("a=\"b c\"", 1, (const char *[]){"a=b c"});
}
END_TEST

START_TEST(words__cut__comment_at_the_start_of_a_word_only)
{
	assert_words("a b#c # d", 2, (const char *[]){"a", "b#c"});
	assert_words("# a", 0, NULL);
}
END_TEST

START_TEST(words__cut__stops_behind_a_semicolon)
{
	struct cmd_word word[4];
	char *store;
	size_t at = 0;

	ck_assert_int_eq(cmd_words("a;b \"c;d\"", &at, word, 4, &store), 1);
	ck_assert_uint_eq(at, 2);
	free(store);
	ck_assert_int_eq(cmd_words("a;b \"c;d\"", &at, word, 4, &store), 2);
	ck_assert_str_eq(word[1].text, "c;d");
	ck_assert_int_eq(word[1].col, 4);
	ck_assert_int_eq(word[1].len, 5);
	free(store);
}
END_TEST

START_TEST(words__cut__more_than_fit)
{
	struct cmd_word word[2];
	char *store;
	size_t at = 0;

	ck_assert_int_eq(cmd_words("a b c d; e", &at, word, 2, &store), -1);
	ck_assert_uint_eq(at, 8);
	free(store);
}
END_TEST

/* ---- commands ---- */

static void
assert_error(const char *line, const char *want, int col, int len)
{
	struct cmd_parsed p;
	struct err e = {0};
	size_t at = 0;

	ck_assert_msg(cmd_parse(C.s, line, &at, &p, &e) == -1, "parsed: %s", line);
	ck_has(e.text, want);
	if (len > 0) {
		ck_assert_int_eq(e.col, col);
		ck_assert_int_eq(e.len, len);
	}
	cmd_parsed_free(&p);
}

static void
assert_parsed(struct cmd_parsed *p, const char *line)
{
	struct err e = {0};
	size_t at = 0;

	ck_assert_msg(cmd_parse(C.s, line, &at, p, &e) == 1, "%s: %s", line, e.text);
}

START_TEST(parse__operands__optional_one_before_a_required_one)
{
	struct cmd_parsed p;

	assert_parsed(&p, "lr 0.5");
	ck_assert_ptr_null(args_pos(&p.args, "LAYERS"));
	ck_assert_double_eq(args_pos(&p.args, "VALUE")->num, 0.5);
	cmd_parsed_free(&p);
	assert_parsed(&p, "lr 1"); /* also a layer's index */
	ck_assert_ptr_null(args_pos(&p.args, "LAYERS"));
	cmd_parsed_free(&p);
	assert_parsed(&p, "lr conv2d,head 0.5");
	ck_assert_str_eq(args_pos(&p.args, "LAYERS")->text, "conv2d,head");
	cmd_parsed_free(&p);
}
END_TEST

START_TEST(parse__keys__split_at_the_first_equals_sign)
{
	struct cmd_parsed p;

	assert_parsed(&p, "train digits=3,5 watch=digits=1,2 epochs=2");
	ck_assert_str_eq(args_pos(&p.args, "SPLIT")->text, "digits=3,5");
	ck_assert_str_eq(args_key(&p.args, "watch")->text, "digits=1,2");
	ck_assert_str_eq(args_key(&p.args, "epochs")->text, "2");
	cmd_parsed_free(&p);
}
END_TEST

START_TEST(parse__errors__point_at_the_word)
{
	assert_error("expotr csv", "unknown command \"expotr\"", 0, 6);
	assert_error("train gte5 epohcs=3", "did you mean \"epochs\"", 11, 8);
	assert_error("train gte5 limit=0", "limit is a whole number from 1 to 1000000000, not 0", 17, 1);
	assert_error("train gte5 gte5", "one word too many", 11, 4);
	assert_error("freeze conv3", "no layer matches \"conv3\"", 7, 5);
	assert_error("train gte5 lr=1 lr=2", "given twice", 16, 4);
	assert_error("model \"open", "quote", 6, 1);
	assert_error("train", "SPLIT is missing", 0, 0);
	assert_error("lr x", "\"x\" is not a number from 0.0 to 1000000.0", 3, 1);
	assert_error("lr conv3 0.1", "no layer matches \"conv3\"", 3, 5);
	assert_error("lr head", "VALUE is missing", 0, 0);
	assert_error("now freeze", "LAYERS is missing", 0, 0);
	assert_error("model layers=conv3", "no layer matches \"conv3\"", 13, 5);
	assert_error("mode xml", "unknown word \"xml\"", 5, 3);
}
END_TEST

START_TEST(parse__prefixes__interactive_only)
{
	struct cmd_parsed p;

	assert_error("frees features", "freeze", 0, 5);
	assert_error("mod", "did you mean", 0, 3);
	C.s->user.interactive = true;
	assert_parsed(&p, "sum");
	ck_assert_str_eq(p.args.cmd->name, "model");
	cmd_parsed_free(&p);
	assert_parsed(&p, "fr feat");
	ck_assert_str_eq(p.args.cmd->name, "freeze");
	cmd_parsed_free(&p);
	assert_parsed(&p, "train gte5 epo=3");
	ck_assert_ptr_nonnull(args_key(&p.args, "epochs"));
	cmd_parsed_free(&p);
	assert_error("s", "may be any of", 0, 1);
	assert_error("train gte5 e=3", "may be any of", 0, 0);
}
END_TEST

START_TEST(parse__aliases__are_their_command)
{
	static const char *const pair[][2] = {{"fit gte5", "train"}, {"evaluate", "eval"}, {"summary", "model"},
	    {"thaw all", "unfreeze"}};
	struct cmd_parsed p;

	for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
		assert_parsed(&p, pair[i][0]);
		ck_assert_str_eq(p.args.cmd->name, pair[i][1]);
		cmd_parsed_free(&p);
	}
}
END_TEST

START_TEST(parse__garbage__one_sentence_and_nothing_else)
{
	char *line = malloc(10000001);

	ck_assert_ptr_nonnull(line);
	memset(line, 'a', 10000000);
	line[10000000] = '\0';
	ck_assert_int_eq(capture_run(&C, line), 1);
	ck_assert_uint_lt(strlen(C.errors), 300);
	for (int i = 1; i < 10000000; i += 2)
		line[i] = ' ';
	ck_assert_int_eq(capture_run(&C, line), 1);
	ck_has(C.errors, "at most 64 words");
	memset(line, ';', 10000000);
	ck_assert_int_eq(capture_run(&C, line), 0);
	free(line);
	for (int i = 1; i < 256; i++) {
		char bytes[] = {(char)i, (char)(i * 7), (char)i, (char)0xff, '\0'};

		capture_run(&C, bytes);
		ck_assert_ptr_null(strpbrk(C.errors, "\033\r\b"));
		ck_assert_uint_le(strlen(C.errors), 200);
	}
	ck_assert_int_eq(capture_run(&C, "print \"well\""), 0);
	ck_assert_str_eq(C.text, "well\n");
}
END_TEST

/* ---- the table ---- */

START_TEST(table__commands__say_what_they_owe)
{
	for (const struct cmd *const *c = commands_all.list; *c != NULL; c++) {
		const char *const *g = commands_all.groups;

		while (*g != NULL && strcmp(*g, (*c)->group) != 0)
			g++;
		ck_assert_msg(*g != NULL, "%s: group %s is on no help screen", (*c)->name, (*c)->group);
		ck_assert_msg((*c)->what != NULL && strlen((*c)->what) < 100, "%s", (*c)->name);
		ck_assert_msg((*c)->text != NULL && (*c)->example != NULL && (*c)->exec != NULL, "%s", (*c)->name);
		for (int i = 0; i < CMD_ARGS_MAX && (*c)->arg[i].type != ARG_END; i++)
			ck_assert_msg((*c)->arg[i].what != NULL, "%s %s", (*c)->name, (*c)->arg[i].name);
		for (const struct cmd *const *d = commands_all.list; *d != *c; d++)
			ck_assert_str_ne((*d)->name, (*c)->name);
	}
}
END_TEST

START_TEST(table__help__of_each_command_shows_its_example)
{
	C.s->out->width = 1000; /* no line is broken */
	for (const struct cmd *const *c = commands_all.list; *c != NULL; c++) {
		char *line = xasprintf("help %s", (*c)->name);

		ck_assert_int_eq(capture_run(&C, line), 0);
		ck_has(C.text, (*c)->example);
		ck_has(C.text, (*c)->what);
		free(line);
	}
	ck_assert_int_eq(capture_run(&C, "help"), 0);
	for (const struct cmd *const *c = commands_all.list; *c != NULL; c++)
		ck_has(C.text, (*c)->what);
}
END_TEST

/* ---- settings ---- */

START_TEST(settings__values__go_through_text_and_back)
{
	struct settings set = C.s->set, again;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		char *text = settings_value(&set, k), *back;
		struct err e = {0};

		again = set;
		ck_assert_msg(settings_assign(&again, k, text, &e) == 0, "%s=%s: %s", k->key, text, e.text);
		back = settings_value(&again, k);
		ck_assert_str_eq(text, back);
		free(text);
		free(back);
	}
}
END_TEST

START_TEST(settings__assign__refuses_what_is_out_of_range)
{
	static const char *const says[][2] = {{"lr", "lr is a number from 0.0 to 1000000.0, not \"x\""},
	    {"threads", "threads is a whole number from 1 to 64 or auto, not \"x\""},
	    {"shuffle", "shuffle is on or off, not \"x\""},
	    {"glyphs", "glyphs is auto, braille, block or ascii, not \"x\""},
	    {"size", "size is WxH, each 16 to 16384, not \"x\""},
	    {"cache.limit", "cache.limit is a number of bytes such as 500M or 2G, or auto, not \"x\""}};
	static const char *const bad[][2] = {{"lr", "-1"}, {"lr", "fast"}, {"lr", "nan"}, {"lr", "0x1"}, {"batch", "0"},
	    {"batch", "1.5"}, {"batch", "65537"},
	    {"epochs", ""}, {"shuffle", "yes"}, {"seed", "-1"}, {"seed", "18446744073709551616"},
	    {"seed", "9223372036854775808"}, {"threads", "65"}, {"kernels", "v5"},
	    {"kernels", "v"}, {"glyphs", ""}, {"optimizer", "rmsprop"}, {"cache.limit", "0"}, {"cache.limit", "1T"},
	    {"cache.limit", "1e30G"}, {"size", "1x1"},
	    {"size", "960"}, {"size", "960x640x3"}, {"verbose", "3"}, {"width", "5"}, {"beta_1", "2"}};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct settings set = C.s->set;
		struct err e = {0};
		const struct setting *k = settings_find(bad[i][0], false, &e);

		ck_assert_ptr_nonnull(k);
		ck_assert_msg(settings_assign(&set, k, bad[i][1], &e) < 0, "%s=%s", bad[i][0], bad[i][1]);
		ck_has(e.text, bad[i][0]);
		ck_assert_mem_eq(&set, &C.s->set, sizeof set);
	}
	for (size_t i = 0; i < sizeof says / sizeof says[0]; i++) {
		struct settings set = C.s->set;
		struct err e = {0};

		ck_assert_int_eq(settings_assign(&set, settings_find(says[i][0], false, &e), "x", &e), -1);
		ck_assert_str_eq(e.text, says[i][1]);
	}
}
END_TEST

START_TEST(settings__set__lr_drops_the_groups_own)
{
	ck_assert_int_eq(capture_run(&C, "lr head 0.5"), 0);
	ck_assert(!isnan(C.s->set.run.layer_lr[7]));
	ck_assert(isnan(C.s->set.run.layer_lr[0]));
	ck_assert_int_eq(capture_run(&C, "set lr=0.25"), 0);
	ck_assert(isnan(C.s->set.run.layer_lr[7]));
	ck_assert_double_eq(settings_lr(&C.s->set), 0.25);
	ck_assert_int_eq(capture_run(&C, "set optimizer sgd; set lr auto"), 0);
	ck_assert_double_eq(settings_lr(&C.s->set), 0.01);
}
END_TEST

START_TEST(settings__config__makes_the_session_again)
{
	struct capture other;
	char *line;

	ck_assert_int_eq(capture_run(&C, "build filters=4 dense=16; set seed 7; set dropout.rate 0.125; set batch 32; "
	    "lr dense 0.1; freeze conv2d_1; timing off"), 0);
	ck_assert_int_eq(capture_run(&C, "show config"), 0);
	line = xstrdup(C.text);
	capture_open(&other);
	ck_assert_msg(capture_run(&other, line) == 0, "%s", other.errors);
	ck_assert_int_eq(capture_run(&other, "show config"), 0);
	ck_assert_str_eq(other.text, line);
	capture_close(&other);
	free(line);
}
END_TEST

/* ---- conditions ---- */

static double
value_of(const char *text)
{
	struct expr_value v;
	struct err e = {0};

	ck_assert_msg(expr_eval(C.s, text, &v, &e) == 0, "%s: %s", text, e.text);
	return v.num;
}

static void
assert_no_value(const char *text, const char *want)
{
	struct expr_value v;
	struct err e = {0};

	ck_assert_msg(expr_eval(C.s, text, &v, &e) < 0, "%s has a value", text);
	ck_has(e.text, want);
}

START_TEST(expr__eval__precedence)
{
	ck_assert_double_eq(value_of("1 + 2 * 3"), 7);
	ck_assert_double_eq(value_of("(1 + 2) * 3"), 9);
	ck_assert_double_eq(value_of("2 - 3 - 4"), -5);
	ck_assert_double_eq(value_of("12 / 3 / 2"), 2);
	ck_assert_double_eq(value_of("-2 * -3"), 6);
	ck_assert_double_eq(value_of("1e-3"), 0.001);
	ck_assert_double_eq(value_of("1 < 2 and not 2 < 1 or 1 == 2"), 1);
	ck_assert_double_eq(value_of("not 1 < 2 or 2 != 2"), 0);
	ck_assert_double_eq(value_of("params==600165 and trainable>=params"), 1);
	C.s->runs.results.accuracy = 0.75;
	C.s->runs.results.eval = true;
	ck_assert_double_eq(value_of("accuracy"), 0.75);
}
END_TEST

START_TEST(expr__eval__errors)
{
	assert_no_value("", "ends where a value");
	assert_no_value("accuracy >", "\"accuracy >\" ends");
	assert_no_value("accuracy", "not known yet");
	assert_no_value("acuracy > 1", "did you mean \"accuracy\"");
	assert_no_value("params = 3", "write ==");
	assert_no_value("1 < 2 < 3", "and");
	assert_no_value("(1", "not closed");
	assert_no_value("1 2", "more than");
	assert_no_value("1/0", "division by zero");
	assert_no_value("frozen_delta == 0", "freeze features");
	assert_no_value("3x", "not a number");
	capture_run(&C, "timing off");
	assert_no_value("seconds > 1", "timing on");
}
END_TEST

START_TEST(expr__eval__a_figure_is_known_once_it_was_found)
{
	C.s->runs.results = (struct results){.eval = true, .loss = NAN, .accuracy = 0.5};
	ck_assert(isnan(value_of("loss"))); /* diverged, which is known */
	assert_no_value("val_loss", "not known yet");
	assert_no_value("epochs", "not known yet");
	C.s->runs.results = (struct results){.epoch = true, .val_loss = NAN};
	ck_assert(isnan(value_of("val_loss")));
	assert_no_value("epochs", "not known yet");
	C.s->runs.results.run = true;
	ck_assert_double_eq(value_of("epochs"), 0);
}
END_TEST

START_TEST(expr__eval__deep_nesting)
{
	char text[2001];

	memset(text, '(', 2000);
	text[2000] = '\0';
	assert_no_value(text, "nested");
	memset(text, '-', 2000);
	assert_no_value(text, "nested");
}
END_TEST

START_TEST(expr__assert__status)
{
	ck_assert_int_eq(capture_run(&C, "assert params == 600165"), 0);
	ck_assert_int_eq(capture_run(&C, "assert params == 1"), 3);
	ck_has(C.errors, "params = 600165");
	ck_assert_int_eq(capture_run(&C, "assert params"), 1);
	ck_assert_int_eq(capture_run(&C, "bail off; assert params == 1; nonsense"), 1);
	ck_assert_int_eq(capture_run(&C, "nonsense; assert params == 1"), 1);
}
END_TEST

/* ---- completion ---- */

/* The candidates of a line whose cursor is at its end, joined by blanks; where they begin, in front. */
static char *
candidates(const char *line)
{
	static char text[8192];
	struct ui_candidates c = {0};
	size_t n;

	complete_line(C.s, line, (int)strlen(line), &c);
	n = (size_t)snprintf(text, sizeof text, "%d:", c.start);
	for (size_t i = 0; i < c.n; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, " %s", c.item[i].text);
	ui_candidates_clear(&c);
	return text;
}

START_TEST(complete__commands__by_their_beginning)
{
	ck_assert_str_eq(candidates("fre"), "0: freeze freeze_to");
	ck_assert_str_eq(candidates("model; fre"), "7: freeze freeze_to");
	ck_assert_str_eq(candidates("model;fre"), "6: freeze freeze_to");
	ck_assert_str_eq(candidates("evalu"), "0: evaluate");
	ck_assert_str_eq(candidates("xyzzy"), "0:");
	ck_has(candidates(""), " train ");
	ck_has(candidates("model;"), " train ");
	ck_assert_str_eq(candidates("# fre"), "5:");
	ck_assert_str_eq(candidates("model # fre"), "11:");
}
END_TEST

START_TEST(complete__operands__by_their_type)
{
	ck_assert_str_eq(candidates("train gt"), "6: gte1 gte2 gte3 gte4 gte5 gte6 gte7 gte8 gte9");
	ck_assert_str_eq(candidates("freeze conv2d,dr"), "14: dropout dropout_1");
	ck_assert_str_eq(candidates("freeze conv2d..fl"), "15: flatten");
	ck_assert_str_eq(candidates("freeze fe"), "7: features");
	ck_assert_str_eq(candidates("set opt"), "4: optimizer");
	ck_assert_str_eq(candidates("set dropout_"), "4: dropout_1.rate");
	ck_assert_str_eq(candidates("set optimizer "), "14: adadelta sgd adam");
	ck_assert_str_eq(candidates("mode "), "5: table csv json");
	ck_assert_str_eq(candidates("help splits"), "5: splits");
	ck_has(candidates("predict te"), "8: test:");
	ck_assert_str_eq(candidates("assert val_l"), "7: val_loss");
	ck_assert_str_eq(candidates("lr conv2d_1 "), "12:");
}
END_TEST

START_TEST(complete__keys__those_not_given_yet)
{
	ck_assert_str_eq(candidates("train gte5 ep"), "11: epsilon= epochs=");
	ck_assert_str_eq(candidates("train gte5 epochs=3 ep"), "20: epsilon=");
	ck_assert_str_eq(candidates("train gte5 shuffle=o"), "19: on off");
	ck_assert_str_eq(candidates("train gte5 optimizer=a"), "21: adadelta adam");
	ck_assert_str_eq(candidates("train gte5 watch=lt1"), "17: lt1");
	ck_assert_str_eq(candidates("model format=keras2."), "13: keras2.10 keras2.6");
}
END_TEST

START_TEST(complete__every_command__no_harm_at_any_point)
{
	for (const struct cmd *const *c = commands_all.list; *c != NULL; c++)
		for (size_t n = 0; n <= strlen((*c)->example); n++) {
			struct ui_candidates got = {0};
			char hint[64];

			complete_line(C.s, (*c)->example, (int)n, &got);
			ck_assert_int_le(got.start, (int)n);
			ui_candidates_clear(&got);
			complete_hint(C.s, (*c)->example, hint, sizeof hint);
		}
}
END_TEST

START_TEST(hint__next_argument__as_in_the_synopsis)
{
	char hint[128];

	complete_hint(C.s, "train", hint, sizeof hint);
	ck_assert_str_eq(hint, " SPLIT [key=value]");
	complete_hint(C.s, "lr head ", hint, sizeof hint);
	ck_assert_str_eq(hint, "VALUE");
	complete_hint(C.s, "xyzzy ", hint, sizeof hint);
	ck_assert_str_eq(hint, "");
}
END_TEST

/* ---- order ---- */

START_TEST(order__queue__errors_drop_what_waits)
{
	C.s->user.interactive = true;
	ck_assert_int_eq(capture_run(&C, "print \"a\"; nonsense; print \"b\""), 1);
	ck_has(C.text, "a\n");
	ck_has(C.text, "dropped print \"b\"");
	ck_assert_ptr_null(strstr(C.text, "\nb\n"));
	ck_assert(!C.s->queue.stopped);
}
END_TEST

START_TEST(order__events__one_json_object_a_line)
{
	char *line, *next;
	json_error_t why;

	ck_assert_int_eq(capture_run(&C, "mode json; model; freeze features; set; print params; assert params == "
	    "600165; nonsense"), 1);
	for (line = C.text; *line != '\0'; line = next + 1) {
		json_t *v;

		next = strchr(line, '\n');
		*next = '\0';
		v = json_loads(line, 0, &why);
		ck_assert_msg(v != NULL, "%s: %s", why.text, line);
		ck_assert_ptr_nonnull(json_object_get(v, "event"));
		json_decref(v);
	}
	ck_has(C.errors, "nonsense");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("command");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, words__cut__blanks_quotes_and_escapes);
	tcase_add_test(t, words__cut__comment_at_the_start_of_a_word_only);
	tcase_add_test(t, words__cut__stops_behind_a_semicolon);
	tcase_add_test(t, words__cut__more_than_fit);
	tcase_add_test(t, parse__operands__optional_one_before_a_required_one);
	tcase_add_test(t, parse__keys__split_at_the_first_equals_sign);
	tcase_add_test(t, parse__errors__point_at_the_word);
	tcase_add_test(t, parse__prefixes__interactive_only);
	tcase_add_test(t, parse__aliases__are_their_command);
	tcase_add_test(t, parse__garbage__one_sentence_and_nothing_else);
	tcase_add_test(t, table__commands__say_what_they_owe);
	tcase_add_test(t, table__help__of_each_command_shows_its_example);
	tcase_add_test(t, settings__values__go_through_text_and_back);
	tcase_add_test(t, settings__assign__refuses_what_is_out_of_range);
	tcase_add_test(t, settings__set__lr_drops_the_groups_own);
	tcase_add_test(t, settings__config__makes_the_session_again);
	tcase_add_test(t, expr__eval__precedence);
	tcase_add_test(t, expr__eval__errors);
	tcase_add_test(t, expr__eval__a_figure_is_known_once_it_was_found);
	tcase_add_test(t, expr__eval__deep_nesting);
	tcase_add_test(t, expr__assert__status);
	tcase_add_test(t, complete__commands__by_their_beginning);
	tcase_add_test(t, complete__operands__by_their_type);
	tcase_add_test(t, complete__keys__those_not_given_yet);
	tcase_add_test(t, complete__every_command__no_harm_at_any_point);
	tcase_add_test(t, hint__next_argument__as_in_the_synopsis);
	tcase_add_test(t, order__queue__errors_drop_what_waits);
	tcase_add_test(t, order__events__one_json_object_a_line);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
