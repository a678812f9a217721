/* test_transcript.c: what a session keeps of its commands and answers, whoever typed them, and how much of it. */
#include "util/text.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The n-th cell. */
static const struct transcript_cell *
cell(int n)
{
	const struct transcript_cell *c = C.out->kept.first;

	while (n-- > 0 && c != NULL)
		c = c->next;
	ck_assert_ptr_nonnull(c);
	return c;
}

START_TEST(transcript__kept__each_command_with_its_answer)
{
	capture_run(&C, "print 1; print 2 # and that is all");
	capture_run(&C, "freeze conv9");
	ck_assert_str_eq(cell(0)->text, "print 1");
	ck_assert_uint_eq(cell(0)->n, 1);
	ck_assert_str_eq(cell(0)->line[0].text, "1");
	ck_assert_str_eq(cell(1)->text, "print 2 # and that is all");
	ck_assert_str_eq(cell(2)->text, "freeze conv9");
	ck_assert(cell(2)->line[0].error);
	ck_has(cell(2)->line[0].text, "no layer matches");
	ck_assert_ptr_null(cell(2)->next);
}
END_TEST

START_TEST(transcript__kept__whole_names_python_and_scripts)
{
	scratch_write("a.thaw", "# first\n# second\nprint 3\n", 25);
	capture_person(&C);
	capture_run(&C, "freez conv2d");
	capture_run(&C, "source a.thaw");
	capture_run(&C, "model.summary()");
	capture_run(&C, "sum trainable");
	ck_assert_str_eq(cell(0)->text, "freeze conv2d");
	ck_assert(cell(1)->remark);
	ck_assert_str_eq(cell(1)->text, "source a.thaw\n# first\n# second");
	ck_assert_str_eq(cell(2)->text, "print 3");
	ck_assert(cell(3)->python);
	ck_assert_str_eq(cell(3)->text, "model.summary()");
	ck_assert_str_eq(cell(3)->means, "model");
	ck_assert_str_eq(cell(3)->line[0].text, "that is: model");
	ck_has(cell(3)->line[1].text, "Model:");
	ck_assert_str_eq(cell(4)->text, "model trainable");
	capture_run(&C, "build \"flatten | dense 5, softmax\"; fr feat; freeze f,flatten; tr gte5 lim=8 epo=1 batch=4");
	capture_wait(&C);
	ck_assert_str_eq(cell(6)->text, "freeze features");
	ck_assert_str_eq(cell(7)->text, "freeze features,flatten");
	ck_assert_str_eq(cell(8)->text, "train gte5 limit=8 epochs=1 batch=4");
	capture_run(&C, "ev lt5 rep; ev lt5 nothing=1");
	capture_wait(&C);
	ck_assert_str_eq(cell(9)->text, "eval lt5 report");
	ck_assert_str_eq(cell(10)->text, "eval lt5 nothing=1"); /* what is not understood stays as it is */
	capture_run(&C, "log \"a b.txt\"; log off; unfr f; fit lt5 lim=8 epo=1");
	capture_wait(&C);
	ck_assert_str_eq(cell(11)->text, "log \"a b.txt\"");
	ck_assert_str_eq(cell(13)->text, "unfreeze features");
	ck_assert_str_eq(cell(14)->text, "fit lt5 limit=8 epochs=1");
}
END_TEST

/* A typed line of Python with its answer, a statement of several lines as one. */
START_TEST(transcript__python__is_a_cell_a_statement)
{
	static const struct {
		const char *text, *means, *said; /* said: the last line of the answer begins so; NULL: there is none */
	} cells[] = {
		{"print 1", NULL, "1"},
		{"import keras", NULL, "note: passed over: nothing"},
		{"import numpy", NULL, "note: passed over: nothing"}, /* the screen says it once */
		{"model.compile(\n    optimizer='sgd') # all", "compile optimizer=sgd", NULL},
		{"model.compile(", NULL, "note: \"model.compile(\" was left open"},
		{"print 2", NULL, "2"},
		{"model.add(1)", NULL, "thaw: error: a model is built"},
		{"x = [1,", NULL, "thaw: error: [ was not closed"},
		{")", NULL, NULL},
		{"def f():\n    return 1", NULL, "note: passed over: a def"},
		{"for l in feature_layers:\n    l.trainable = False", "freeze features", "trainable"},
		{"for l in model.layers[:7]: l.trainable = True; model.compile(optimizer='adam')", "unfreeze 0..6", "trainable"},
		{"compile optimizer=adam", NULL, NULL},
		{"model.frob()", NULL, NULL},
	};
	static const char *const lines[] = {"print 1", "import keras", "import numpy", "model.compile(", "    optimizer='sgd') # all",
	    "model.compile(", "print 2", "model.add(1)", "x = [1,", "", ")", "def f():", "    return 1", "for l in feature_layers:",
	    "    l.trainable = False", "for l in model.layers[:7]: l.trainable = True; model.compile(optimizer='adam')",
	    "model.frob()"};

	capture_person(&C);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		capture_run(&C, lines[i]);
		capture_wait(&C);
	}
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		const struct transcript_cell *c = cell((int)i);

		ck_assert_str_eq(c->text, cells[i].text);
		ck_assert_msg((c->means == NULL) == (cells[i].means == NULL), "%s", c->text);
		if (c->means != NULL)
			ck_assert_str_eq(c->means, cells[i].means);
		if (cells[i].said != NULL)
			ck_has(c->line[c->n - 1].text, cells[i].said);
	}
	ck_assert_ptr_null(C.s->out->kept.last->next);
	ck_assert_ptr_eq(cell(sizeof cells / sizeof *cells - 1), C.s->out->kept.last);
}
END_TEST

START_TEST(transcript__line__is_plain_text)
{
	struct transcript t = {0};

	transcript_line(&t, false, OUT_PLAIN, "before any command");
	transcript_command(&t, "a");
	transcript_line(&t, true, OUT_BAD, "\033[1m\033[31mred\033[0m\a end\033[");
	ck_assert_str_eq(t.first->line[0].text, "red? end");
	ck_assert_uint_eq(t.first->n, 1);
	transcript_clear(&t);
	ck_assert_ptr_null(t.first);
}
END_TEST

/* However much comes, it holds so many bytes at most, and the newest. */
START_TEST(transcript__line__stays_within_its_bound)
{
	struct transcript t = {0};
	char *line = xmalloc(1001), name[16];
	size_t lines = 0, cells = 0, size = 0;

	memset(line, 'x', 1000);
	line[1000] = '\0';
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "c%d", i);
		transcript_command(&t, name);
		transcript_picture(&t, "png", "a.png", malloc(1000), 1000);
		for (int k = 0; k < (i == 39 ? 4000 : 500); k++)
			transcript_line(&t, false, OUT_PLAIN, line);
		ck_assert_uint_le(t.size, TRANSCRIPT_MAX);
	}
	transcript_picture(&t, "png", "b.png", malloc(1), 1); /* one of a command */
	transcript_picture(&t, "png", "b.png", malloc(TRANSCRIPT_PICTURE_MAX + 1), TRANSCRIPT_PICTURE_MAX + 1);
	for (const struct transcript_cell *c = t.first; c != NULL; c = c->next, cells++) {
		lines += c->n + c->cut;
		size += c->size;
	}
	ck_assert_uint_eq(size, t.size);
	ck_assert_uint_eq(cells + t.gone, 40);
	ck_assert_uint_eq(lines, (cells - 1) * 500 + 4000);
	ck_assert_uint_gt(t.last->cut, 1000);
	ck_assert_str_eq(t.last->text, "c39");
	transcript_clear(&t);
	free(line);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("transcript");
	TCase *t = tcase_create("transcript");

	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, transcript__kept__each_command_with_its_answer);
	tcase_add_test(t, transcript__kept__whole_names_python_and_scripts);
	tcase_add_test(t, transcript__python__is_a_cell_a_statement);
	tcase_add_test(t, transcript__line__is_plain_text);
	tcase_add_test(t, transcript__line__stays_within_its_bound);
	suite_add_tcase(s, t);
	return run_suite(s);
}
