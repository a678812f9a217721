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
	ck_assert(cell(3)->remark);
	ck_assert_str_eq(cell(3)->text, "model.summary()");
	ck_assert_str_eq(cell(4)->text, "model");
	ck_has(cell(4)->line[0].text, "Model:");
	ck_assert_str_eq(cell(5)->text, "model trainable");
	capture_run(&C, "build \"flatten | dense 5, softmax\"; fr feat; freeze f,flatten; tr gte5 lim=8 epo=1 batch=4");
	capture_wait(&C);
	ck_assert_str_eq(cell(7)->text, "freeze features");
	ck_assert_str_eq(cell(8)->text, "freeze features,flatten");
	ck_assert_str_eq(cell(9)->text, "train gte5 limit=8 epochs=1 batch=4");
	capture_run(&C, "ev lt5 rep; ev lt5 nothing=1");
	capture_wait(&C);
	ck_assert_str_eq(cell(10)->text, "eval lt5 report");
	ck_assert_str_eq(cell(11)->text, "eval lt5 nothing=1"); /* what is not understood stays as it is */
	capture_run(&C, "log \"a b.txt\"; log off; unfr f; fit lt5 lim=8 epo=1");
	capture_wait(&C);
	ck_assert_str_eq(cell(12)->text, "log \"a b.txt\"");
	ck_assert_str_eq(cell(14)->text, "unfreeze features");
	ck_assert_str_eq(cell(15)->text, "fit lt5 limit=8 epochs=1");
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
	tcase_add_test(t, transcript__line__is_plain_text);
	tcase_add_test(t, transcript__line__stays_within_its_bound);
	suite_add_tcase(s, t);
	return run_suite(s);
}
