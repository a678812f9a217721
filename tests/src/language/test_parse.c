/* test_parse.c: words and parsing, the order of lines; what every command of the table owes. */
#include "commands/table.h"
#include "language/parse.h"
#include "language/words.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <check.h>
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

START_TEST(words__quotes__hide_and_are_taken_off)
{
	static const char line[] = "\"a\\\"=b\\\\=c\\d=\"=e"; /* "a\"=b\\=c\d="=e */
	char *text = word_unquoted(line, sizeof line - 1), *again;

	ck_assert_str_eq(word_find(line, '='), "=e");
	ck_assert_ptr_null(word_find("\"a=b\"", '='));
	ck_assert_ptr_null(word_find("\"a\\", '='));
	ck_assert_str_eq(text, "a\"=b\\=c\\d==e");
	again = word_quoted(text);
	ck_assert_str_eq(again, "\"a\\\"=b\\\\=c\\\\d==e\"");
	free(text);
	text = word_unquoted(again, strlen(again));
	ck_assert_str_eq(text, "a\"=b\\=c\\d==e");
	free(text);
	text = word_unquoted("\"a\\", 3); /* what it would hide is no part of it */
	ck_assert_str_eq(text, "a\\");
	free(text);
	free(again);
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
	assert_error("train epochs=2", "SPLIT is missing: all, ltN, gteN, 5-9, digits=0-2,5,8 or classes=cat,dog; as in `train "
	    "gte5 epochs=1 limit=256` (usage: train SPLIT", 0, 0);
	assert_error("explain", "as in `explain conv2d[7] 7,9 test:0` (", 0, 0);
	assert_error("snapshot", "NAME is missing: letters, digits, - and _; as in `snapshot start` (", 0, 0);
	assert_error("load", "FILE is missing: a file; as in `load model.safetensors only=features` (", 0, 0);
	assert_error("sweep", "; as in `sweep lr=0.1,1 seeds=2 -- reset; train lt5 limit=64 epochs=1`", 0, 0);
	assert_error("assert", "; as in `assert params == 600165 and", 0, 0);
	assert_error("now", "freeze|unfreeze is missing: what to do; as in `now freeze conv2d` (", 0, 0);
	assert_error("lr head", "VALUE is missing: a number; as in `lr head 0.5` (", 0, 0);
	assert_error("now freeze", "LAYERS is missing", 0, 0);
	assert_error("model layers=conv3", "no layer matches \"conv3\"", 13, 5);
	assert_error("mode xml", "unknown word \"xml\"", 5, 3);
	/* a word that another command takes names that, and panes have theirs */
	assert_error("layout digits", "unknown word \"digits\" - did you mean `focus digits`? (usage: layout [train|", 7, 6);
	assert_error("focus beamer", "unknown word \"beamer\" - did you mean `layout beamer`? (usage: focus PANE; PANE: model ", 6, 6);
	assert_error("focus curves", "unknown word \"curves\" (usage: focus PANE; PANE: model loss accuracy digits ", 6, 6);
	assert_error("digits", "unknown command \"digits\" - did you mean `focus digits`?", 0, 6);
	assert_error("beamer", "unknown command \"beamer\" - did you mean `layout beamer`?", 0, 6);
	assert_error("close maps", "unknown command \"close\"; `layout NAME` brings the panes of a layout back", 0, 5);
	assert_error("zoom loss", "unknown command \"zoom\"; `focus PANE` and then Enter zooms a pane", 0, 4);
	assert_error("lr *abc", "\"*abc\" is not a number", 3, 4);
	assert_error("lr /-2", "\"/-2\" is not a number", 3, 3);
	assert_error("predict \"\"", "\"\"", 8, 2);
	assert_error("export png plot size=960x", "size=960x: not a size such as 960x640", 21, 4);
}
END_TEST

/* What may have blanks in it would be one word in quotes; another word is just too many. */
START_TEST(parse__errors__one_word_too_many)
{
	assert_error("load a b", "\"b\" is one word too many; in double quotes several words are one: \"a b\" (usage: load ", 7, 1);
	assert_error("pause what now", "in double quotes several words are one: \"what now\" (usage: pause ", 11, 3);
	assert_error("predict last last", "in double quotes several words are one: \"last last\"", 13, 4);
	assert_error("undo now", "\"now\" is one word too many (usage: undo)", 5, 3);
	/* what a key takes, but not what several do */
	assert_error("gradcam test:578 2", "\"2\" is one word too many - did you mean class=2? (usage: gradcam ", 17, 1);
	assert_error("occlude test:578 2", "did you mean class=2?", 17, 1);
	assert_error("occlude test:578 2 class=3", "in double quotes several words are one", 17, 1);
	assert_error("explain dense[5] test:0 20", "\"20\" is one word too many - did you mean n=20?", 24, 2);
	assert_error("train gte5 3", "\"3\" is one word too many (usage: ", 11, 1);
	/* a point where none is taken, and one more than are */
	assert_error("train gte5 @a", "\"@a\" is the name of a snapshot, which train does not take; `load @a` brings it back", 11, 2);
	assert_error("diff @a @b head @c", "\"@c\" is one word too many", 16, 2);
	assert_error("now freeze head @c", "\"@c\" is the name of a snapshot, which now does not take", 16, 2);
}
END_TEST

static void
assert_refused(const char *line, const char *want)
{
	ck_assert_msg(capture_run(&C, line) == 1, "not refused: %s", line);
	ck_has(C.errors, want);
}

START_TEST(parse__values__that_only_a_model_can_refuse)
{
	assert_refused("filters conv2d[7", "say which channel of conv2d, in brackets: conv2d[0] to conv2d[");
	assert_refused("filters conv2d,dense", "is more than one layer; name one");
	assert_refused("train lt5 lr=0.1:step=2,x", "lr");
	ck_lacks(C.errors, "tries several values");
	assert_refused("train lt5 lr=0.1,1", "`sweep lr=0.1,1 -- train lt5` tries several values");
}
END_TEST

/* Where there is no model yet, and no data to make one for. */
START_TEST(parse__values__without_data)
{
	free(C.s->data.name);
	C.s->data.name = xstrdup("nowhere");
	assert_refused("freeze conv2d", "nowhere");
	assert_refused("filters conv2d", "nowhere");
	assert_refused("show test class=3", "nowhere");
	assert_refused("train lt5", "nowhere");
}
END_TEST

START_TEST(parse__prefixes__of_choices_are_not_empty)
{
	C.s->user.interactive = true;
	assert_error("mode \"\"", "\"\"", 5, 2);
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
	for (int i = 0; i < 4; i++) {
		assert_parsed(&p, (const char *[]){"fr feat", "fre feat", "freez feat", "freeze feat"}[i]);
		ck_assert_str_eq(p.args.cmd->name, "freeze");
		cmd_parsed_free(&p);
	}
	assert_parsed(&p, "freeze_ dense");
	ck_assert_str_eq(p.args.cmd->name, "freeze_to");
	cmd_parsed_free(&p);
	assert_parsed(&p, "freeze cl");
	cmd_parsed_free(&p);
	assert_parsed(&p, "train gte5 epo=3");
	ck_assert_ptr_nonnull(args_key(&p.args, "epochs"));
	cmd_parsed_free(&p);
	assert_error("s", "may be any of", 0, 1);
	assert_error("train gte5 e=3", "may be any of", 0, 0);
}
END_TEST

START_TEST(parse__blanks__no_sign_is_torn_off)
{
	assert_error("train lt5 epochs = 3 # a = b", "no blanks stand around =; write `train lt5 epochs=3`", 17, 1);
	assert_error("train lt5 limit= 100", "write `train lt5 limit=100`", 10, 6);
	assert_error("train lt5 limit =100", "write `train lt5 limit=100`", 16, 4);
	assert_error("set lr = 0.1", "write `set lr=0.1`", 7, 1);
	assert_error("set lr =0.1", "write `set lr=0.1`", 7, 4);
	assert_error("set lr =", "write `set lr=VALUE`", 7, 1);
	assert_error("train lt5 watch = digits = 1,2; model", "write `train lt5 watch=digits=1,2`", 16, 1);
	assert_error("train gte5 epohcs = 3", "unknown key \"epohcs\" - did you mean \"epochs\"?", 18, 1);
	assert_error("train gte5 epochs = 3, lr = 0.1", "write `train gte5 epochs=3 lr=0.1`", 18, 1);
	assert_error("train gte5 epochs=3, lr=0.1", "no comma stands between words; write `train gte5 epochs=3 lr=0.1`",
	    11, 9);
	assert_error("train digits=1, 2", "no blanks stand around ,; write `train digits=1,2`", 6, 9);
	assert_error("freeze conv2d .. flatten", "no blanks stand around ..; write `freeze conv2d..flatten`", 14, 2);
	assert_error("train 5 - 9", "no blanks stand around -; write `train 5-9`", 8, 1);
	assert_error("runs foo", "\"foo\" is not a run", 5, 3); /* a word of a note stands behind `note` alone */
	assert_error("runs val_accuracy > 0.9", "write `runs val_accuracy>0.9`", 18, 1);
	assert_error("explain conv2d[7] 12, 12", "write `explain conv2d[7] 12,12`", 18, 3);
	assert_error("lr head * 2", "no blanks stand around *; write `lr head *2`", 8, 1);
	assert_error("lr *= 2", "write `lr *2`", 3, 2);
	assert_error("save a, b", "one word too many", 8, 1); /* a name may hold a comma */
	assert_error("lr = 0.1", "\"lr\" is a setting: `set lr 0.1`", 3, 1);
	assert_error("mode = json", "did you mean `mode json`?", 5, 1);
	assert_error("limit= 100", "did you mean `train SPLIT limit=100`?", 0, 6);
	assert_error("lr =", "`set lr VALUE`", 3, 1);
}
END_TEST

static void
assert_meant(const char *line, const char *want)
{
	char *meant = cmd_meant(C.s, line);

	ck_assert_pstr_eq(meant, want);
	free(meant);
}

START_TEST(parse__blanks__one_meaning_is_taken)
{
	assert_meant("train lt5 epochs = 3", "train lt5 epochs=3");
	assert_meant("model; set lr = 0.1 ; train 5 - 9", "model; set lr=0.1; train 5-9");
	assert_meant("freeze conv2d, dense", NULL); /* right as it is */
	assert_meant("train lt5 nonsense = 3", NULL);
	assert_meant("train lt5 epochs = 3; nonsense", NULL);
	assert_meant("assert lr = 3", NULL);
	assert_meant("runs r1 note \"a = b\"", NULL);
	assert_meant("", NULL);
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
	char *line = malloc(1000001);

	ck_assert_ptr_nonnull(line);
	memset(line, 'a', 1000000);
	line[1000000] = '\0';
	ck_assert_int_eq(capture_run(&C, line), 1);
	ck_assert_uint_lt(strlen(C.errors), 300);
	for (int i = 1; i < 1000000; i += 2)
		line[i] = ' ';
	ck_assert_int_eq(capture_run(&C, line), 1);
	ck_has(C.errors, "at most 64 words");
	memset(line, ';', 1000000);
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
		for (int i = 0; (*c)->arg[i].type != ARG_END; i++)
			ck_assert_msg((*c)->arg[i].what != NULL, "%s %s", (*c)->name, (*c)->arg[i].name);
		for (int i = 0; cmd_key(*c, i) != NULL; i++)
			ck_assert_msg(!cmd_key(*c, i)->required, "%s %s=", (*c)->name, cmd_key(*c, i)->name);
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
	ck_assert_ptr_eq(strstr(C.text, "transfer learning in five steps\n  model  "), C.text);
	ck_has(C.text, "\n  eval lt5 ");
	for (const struct cmd *const *c = commands_all.list; *c != NULL; c++)
		ck_has(C.text, (*c)->what);
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
	Suite *suite = suite_create("parse");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, words__cut__blanks_quotes_and_escapes);
	tcase_add_test(t, words__cut__comment_at_the_start_of_a_word_only);
	tcase_add_test(t, words__cut__stops_behind_a_semicolon);
	tcase_add_test(t, words__cut__more_than_fit);
	tcase_add_test(t, words__quotes__hide_and_are_taken_off);
	tcase_add_test(t, parse__operands__optional_one_before_a_required_one);
	tcase_add_test(t, parse__keys__split_at_the_first_equals_sign);
	tcase_add_test(t, parse__errors__point_at_the_word);
	tcase_add_test(t, parse__errors__one_word_too_many);
	tcase_add_test(t, parse__values__that_only_a_model_can_refuse);
	tcase_add_test(t, parse__values__without_data);
	tcase_add_test(t, parse__prefixes__of_choices_are_not_empty);
	tcase_add_test(t, parse__prefixes__interactive_only);
	tcase_add_test(t, parse__blanks__no_sign_is_torn_off);
	tcase_add_test(t, parse__blanks__one_meaning_is_taken);
	tcase_add_test(t, parse__aliases__are_their_command);
	tcase_add_test(t, parse__garbage__one_sentence_and_nothing_else);
	tcase_add_test(t, table__commands__say_what_they_owe);
	tcase_add_test(t, table__help__of_each_command_shows_its_example);
	tcase_add_test(t, order__queue__errors_drop_what_waits);
	tcase_add_test(t, order__events__one_json_object_a_line);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
