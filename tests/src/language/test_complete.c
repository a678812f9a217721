/* test_complete.c: completion and hints. */
#include "commands/table.h"
#include "language/complete.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
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
	ck_assert_str_eq(candidates("f"), "0: filters finetune focus freeze freeze_to fit"); /* Keras' words last */
	ck_assert_str_eq(candidates("c"), "0: cache compare confused confusion continue compile");
	ck_assert_str_eq(candidates("e"), "0: echo eval explain export evaluate exit");
	ck_assert_str_eq(candidates("xyzzy"), "0:");
	ck_has(candidates(""), " train ");
	ck_has(candidates("model;"), " train ");
	ck_assert_str_eq(candidates("# fre"), "5:");
	ck_assert_str_eq(candidates("sweep lr=1 -- fre"), "14: freeze freeze_to");
	ck_assert_str_eq(candidates("sweep lr=1 -- reset; fre"), "21: freeze freeze_to");
	ck_assert_str_eq(candidates("sweep se"), "6: seeds=");
	ck_has(candidates("sweep "), " lr= ");
	ck_assert_str_eq(candidates("model # fre"), "11:");
}
END_TEST

START_TEST(complete__words_of_keras__are_marked)
{
	static const char *const want[][2] = {{"fit", "Keras' word for train: "}, {"summary", "Keras' word for model: "},
	    {"thaw", "the same as unfreeze: "}, {"compile", "Keras' word: "}};

	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		struct ui_candidates got = {0};

		complete_line(C.s, want[i][0], (int)strlen(want[i][0]), &got);
		ck_assert_uint_eq(got.n, 1);
		ck_has(got.item[0].what, want[i][1]);
		ui_candidates_clear(&got);
	}
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

/* Names of classes where the data set has some, in quotes where one of them needs those. */
START_TEST(complete__classes__by_their_names)
{
	static const char *const name[] = {"Ankle boot", "cat", "cow", "Ant"};
	struct dataset *d = xcalloc(1, sizeof *d);

	d->names = d->classes = 4;
	d->name = xstrdup("pets");
	d->class_name = xcalloc(4, sizeof *d->class_name);
	for (int i = 0; i < 4; i++) {
		d->class_name[i] = xstrdup(name[i]);
		d->there[i] = true;
	}
	C.s->data.set = d;
	ck_assert_str_eq(candidates("train cl"), "6: classes=");
	ck_assert_str_eq(candidates("train classes=c"), "14: cat cow");
	ck_assert_str_eq(candidates("train classes=!c"), "15: cat cow");
	ck_assert_str_eq(candidates("train classes=cat,A"), "18: \"Ankle boot\" \"Ant\"");
	ck_assert_str_eq(candidates("train classes=cat,\"An"), "18: \"Ankle boot\" \"Ant\"");
	ck_assert_str_eq(candidates("train classes=\"Ankle boot\",c"), "27: cat cow");
	ck_assert_str_eq(candidates("train all watch=classes=ca"), "24: cat");
	ck_assert_str_eq(candidates("confusion all ca"), "14: cat");
	ck_assert_str_eq(candidates("show class=co"), "11: cow");
	ck_assert_str_eq(candidates("train classes=x"), "6:");
	ck_has(candidates("eval "), " classes= ");
}
END_TEST

/* Files by what the command takes of them; those that it makes get an ending. */
START_TEST(complete__files__by_their_endings)
{
	static const char *const names[] = {"a.keras", "b.h5", "c.onnx", "d.png", "e.pt", "f.npz", "with blank.keras"};

	scratch_setup();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		scratch_write(names[i], "", 0);
	ck_has(candidates("build "), " activity lenet5 mlp cifar ");
	ck_has(candidates("build "), " a.keras");
	ck_has(candidates("build "), " b.h5");
	ck_has(candidates("build "), " c.onnx");
	ck_assert_ptr_null(strstr(candidates("build "), "png"));
	ck_assert_ptr_null(strstr(candidates("build "), "blank"));
	ck_assert_str_eq(candidates("build a"), "6: activity a.keras");
	ck_assert_str_eq(candidates("build ./c"), "6: ./c.onnx");
	ck_has(candidates("load "), " e.pt");
	ck_has(candidates("load "), " f.npz");
	ck_assert_ptr_null(strstr(candidates("load "), "png"));
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 5, softmax\"; train lt5 limit=20 epochs=1 verbose=0; snapshot s"), 0);
	ck_has(candidates("load "), " r1");
	ck_assert_str_eq(candidates("load @"), "5: @s");
	ck_assert_str_eq(candidates("save new"), "5: new.safetensors new.keras new.weights.h5 new.npz new.onnx");
	ck_assert_str_eq(candidates("save new.w"), "5: new.weights.h5");
	ck_assert_str_eq(candidates("save a.k"), "5: a.keras");
	scratch_teardown();
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

int
main(void)
{
	Suite *suite = suite_create("complete");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, complete__commands__by_their_beginning);
	tcase_add_test(t, complete__words_of_keras__are_marked);
	tcase_add_test(t, complete__operands__by_their_type);
	tcase_add_test(t, complete__keys__those_not_given_yet);
	tcase_add_test(t, complete__every_command__no_harm_at_any_point);
	tcase_add_test(t, complete__classes__by_their_names);
	tcase_add_test(t, complete__files__by_their_endings);
	tcase_add_test(t, hint__next_argument__as_in_the_synopsis);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
