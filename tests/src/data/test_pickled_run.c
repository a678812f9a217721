/* test_pickled_run.c: pickles that are meant to break the machine that reads them, instruction by instruction, and dictionaries
 * that do not hold what is asked for.
 */
#include "data/pickled.h"
#include "tests/src/failing.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX = 4 << 20, VALUES = 1 << 21 };

#define BYTES(s) s, sizeof s - 1
#define DTYPE "cnumpy\ndtype\n"
#define ENCODE "c_codecs\nencode\n"
#define BUFFER "cnumpy._core.numeric\n_frombuffer\n"
#define SCALAR "cnumpy.core.multiarray\nscalar\n"
#define ARRAY "cnumpy._core.multiarray\n_reconstruct\n)R"

static void
refused(const void *p, size_t n, const char *says)
{
	struct err e = {0};

	scratch_write("bad", p, n);
	ck_assert_ptr_null(pickled_open("bad", MAX, &e));
	ck_sentence(e.text, says);
	ck_has(e.text, "bad");
}

static struct pickled *
whole(const void *p, size_t n)
{
	struct err e = {0};
	struct pickled *k;

	scratch_write("good", p, n);
	k = pickled_open("good", MAX, &e);
	ck_assert_msg(k != NULL, "%s", e.text);
	return k;
}

START_TEST(pickled__run__instructions_that_cannot_be)
{
	static const struct {
		const char *p;
		size_t n;
	} cut[] = {{BYTES("\x80")}, {BYTES("K")}, {BYTES("M\1")}, {BYTES("J\1\2\3")}, {BYTES("U")}, {BYTES("U\5abcd")}, {BYTES("X\1\0\0")},
	    {BYTES("X\2\0\0\0a")}, {BYTES("}q")}, {BYTES("}r\0\0\0")}, {BYTES("}q\0h")}, {BYTES("\x95\0\0\0")}, {BYTES("\x8d\1\0\0\0\0\0\0\0")},
	    {BYTES("\x96\xff\xff\xff\xff\xff\xff\xff\xff" "a")}, {BYTES("G1234567")}, {BYTES("\x8a\3ab")}, {BYTES("cnumpy")}, {BYTES("cnumpy\nndarray")},
	    {BYTES("}")}},
	    wrong[] = {
		/* nothing on the stack, or too little */
		{BYTES("q\0")}, {BYTES("R")}, {BYTES(")R")}, {BYTES("b")}, {BYTES(")b")}, {BYTES("a")}, {BYTES("]a")}, {BYTES("K\1s")},
		{BYTES("\x85")}, {BYTES("K\1\x86")}, {BYTES("K\1K\2\x87")}, {BYTES("(u")}, {BYTES("(e")},
		/* no mark */
		{BYTES("t")}, {BYTES("]K\1e")}, {BYTES("}K\1K\2u")},
		/* a mark among values */
		{BYTES("](a")}, {BYTES("}K\1(s")},
		/* values of another kind */
		{BYTES("}K\1a")}, {BYTES("]K\1K\2s")}, {BYTES("K\1(K\1e")}, {BYTES("}(K\1u")}, {BYTES(DTYPE "K\1R")}, {BYTES("K\1)R")},
		{BYTES("cnumpy\nndarray\n)R")}, {BYTES(DTYPE ")R")}, {BYTES(DTYPE "K\1\x85R")}, {BYTES("}K\1b")}, {BYTES("})b")},
		{BYTES(ARRAY "K\1\x85" "bK\1\x85" "b")} /* a second state */,
		{BYTES(ARRAY "(NNNNNNNNNtb")} /* more of it than any array has */,
		/* calls whose operands are others */
		{BYTES("\x93")}, {BYTES("U\1a\x93")}, {BYTES("U\1aK\1\x93")}, {BYTES("\x94")}, {BYTES(ENCODE ")R")},
		{BYTES(ENCODE "U\1aU\4utf8\x86R")}, {BYTES(ENCODE "U\1aK\1\x86R")}, {BYTES(ENCODE "U\1\xc2U\6latin1\x86R")},
		{BYTES(ENCODE "U\2\xc4\x80U\6latin1\x86R")}, {BYTES(ENCODE "U\2\xc3(U\6latin1\x86R")},
		{BYTES("c__builtin__\nbytes\nK\1\x85R")}, {BYTES(BUFFER ")R")}, {BYTES(BUFFER "(U\1aU\2u1K\1\x85K\1tR")},
		{BYTES(BUFFER "(U\1aU\2u1K\1\x85U\2CCtR")}, {BYTES(SCALAR ")R")}, {BYTES(SCALAR "U\2u2U\1a\x86R")},
		{BYTES(SCALAR "U\2f4U\4abcd\x86R")}, {BYTES(SCALAR "U\2u3U\3abc\x86R")},
		/* what was never put there */
		{BYTES("}h\0")}, {BYTES("}q\1h\0")}, {BYTES("}r\0\2\0\0r\0\1\0\0j\xff\1\0\0")}, {BYTES("}j\xff\xff\xff\xff")},
		{BYTES("}r\0\0\x20\0")},
		/* an end of something else */
		{BYTES(".")}, {BYTES("K\1.")}, {BYTES("}}.")},
	};
	char p[200], says[64];

	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++)
		refused(cut[i].p, cut[i].n, "bad is no pickle that is whole, at byte ");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		memcpy(p, wrong[i].p, wrong[i].n);
		memcpy(p + wrong[i].n, "NNN.", 4); /* it does not come to these */
		snprintf(says, sizeof says, "no pickle that is whole, at byte %zu;", wrong[i].n);
		refused(p, wrong[i].n + 4, says);
	}
}
END_TEST

START_TEST(pickled__run__names_what_it_will_not_run)
{
	char text[512];
	int n;

	refused(BYTES("cos\nsystem\nU\4true\x85R."), "bad would run os.system, which no batch of pictures needs; nothing of it was run");
	refused(BYTES("cnumpy\nsave\n."), "would run numpy.save,");
	refused(BYTES("cnumpy.core\nndarray\n."), "would run numpy.core.ndarray,");
	refused(BYTES("c\n\n."), "would run .,");
	refused(BYTES("c\x1b[2J\nx\ty\n."), "would run ?[2J.x?y,");
	n = snprintf(text, sizeof text, "c%0100d\n%0200d\n.", 1, 2);
	refused(text, (size_t)n, "would run 000000000000000000000000000000000000000000000000000000000000."
	    "000000000000000000000000000000000000000000000000000000000000,");
	refused(BYTES("i__main__\nx\n."), "the instruction 0x69 at byte 0");
	refused(BYTES("}\x81"), "the instruction 0x81 at byte 1, which no batch of pictures needs; nothing of it was run, get the file from "
	    "where it is published, or write your own by pickle.dump with protocol 2 to 5, or as an .npz");
	refused(BYTES("\x8c\2os\x8c\6system\x93."), "would run os.system,");
	refused(BYTES("c_codecs\ndecode\n."), "would run _codecs.decode,");
	refused(BYTES("c__builtin__\neval\n."), "would run __builtin__.eval,");
}
END_TEST

/* Text becomes bytes, of which there are no more than the file has, however often it is told. */
START_TEST(pickled__run__bounds_what_it_makes)
{
	char p[400] = "}(U\4data" ENCODE "q\1X\3\0\0\0a\xc3\xbfq\2U\6latin1\x86RU\1nK\1u.";
	size_t n = 0;
	struct pickled *k = whole(p, 8 + sizeof ENCODE - 1 + 2 + 8 + 2 + 8 + 2 + 5 + 2);

	ck_assert(!pickled_count(k, "data", &n));
	pickled_free(k);
	n = (size_t)snprintf(p, sizeof p, "](");
	memcpy(p + n, BYTES("X\x40\0\0\0"));
	memset(p + n + 5, 'a', 64);
	memcpy(p + n + 69, BYTES("q\1"));
	n += 71;
	for (int i = 0; i < 10; i++, n += sizeof ENCODE - 1 + 12) {
		memcpy(p + n, BYTES(ENCODE));
		memcpy(p + n + sizeof ENCODE - 1, BYTES("h\1U\6latin1\x86R"));
	}
	refused(p, n, "no pickle that is whole, at byte 241;"); /* the sixth of ten */
}
END_TEST

/* No more values than a batch of pictures has, however few bytes each takes. */
START_TEST(pickled__run__bounds_its_values)
{
	char *p = malloc(VALUES + 2);

	ck_assert_ptr_nonnull(p);
	memset(p, 'N', VALUES);
	p[VALUES] = '\x85';
	p[VALUES + 1] = '.';
	refused(p, VALUES + 2, "bad holds more than 2097152 values, which no batch of pictures needs");
	free(p);
}
END_TEST

START_TEST(pickled__open__what_is_no_file)
{
	static const struct {
		enum failing what;
		int error;
		const char *says;
	} ways[] = {{FAILING_MEMORY, ENOMEM, "bad: not enough memory for its 2 bytes; close other programs"},
	    {FAILING_STAT, EIO, "which is no batch of pictures"}, {FAILING_READ, EIO, "bad cannot be read to its end; get the file again"},
	    {FAILING_END, 0, "bad cannot be read to its end; get the file again"}};
	struct err e = {0};

	refused("", 0, "bad holds 0 bytes, which is no batch of pictures");
	scratch_write("large", "}.        ", 10);
	ck_assert_ptr_null(pickled_open("large", 9, &e));
	ck_has(e.text, "large holds 10 bytes, which is no batch of pictures; get the file again");
	ck_assert_ptr_null(pickled_open(".", MAX, &e));
	ck_has(e.text, "which is no batch of pictures");
	ck_assert_ptr_null(pickled_open("nowhere", MAX, &e));
	ck_has(e.text, "nowhere cannot be opened: No such file or directory; choose another folder");
	scratch_write("bad", "}.", 2);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		failing_at(ways[i].what, 1, ways[i].error);
		ck_assert_ptr_null(pickled_open("bad", MAX, &e));
		ck_assert(failing_struck());
		ck_sentence(e.text, ways[i].says);
	}
	pickled_free(NULL);
}
END_TEST

/* ---- what the dictionary says ---- */

START_TEST(pickled__list__only_what_is_there)
{
	/* {7: 1, "n": [1, -2, "x", 300, 70000], "n2": 3, "t": ["long...", "short", None]}, "n" a second time as what counts */
	static char p[600] = "}(K\7K\1U\1nK\5U\2n2K\3U\1n](K\1J\xfe\xff\xff\xffU\1xM\x2c\1J\x70\x11\1\0eU\1t](X\0\1\0\0";
	const size_t at = 51;
	struct pickled *k;
	size_t n = 1;
	int64_t v = 0;
	char *text;

	ck_assert_int_eq(p[at - 5], 'X');
	memset(p + at, 'a', 256);
	memcpy(p + at + 256, BYTES("U\5shortNeu."));
	k = whole(p, at + 256 + 11);
	ck_assert(!pickled_count(k, "m", &n) && n == 0);
	ck_assert(!pickled_count(k, "n2", &n) && n == 0);
	ck_assert(pickled_count(k, "n", &n) && n == 5);
	ck_assert(pickled_number(k, "n", 1, &v) && v == -2);
	ck_assert(pickled_number(k, "n", 3, &v) && v == 300);
	ck_assert(pickled_number(k, "n", 4, &v) && v == 70000);
	ck_assert(!pickled_number(k, "n", 2, &v));
	ck_assert(!pickled_number(k, "n", 5, &v));
	ck_assert(!pickled_number(k, "n2", 0, &v));
	ck_assert(!pickled_number(k, "", 0, &v) && v == 70000);
	ck_assert_ptr_null(pickled_text(k, "t", 0)); /* longer than any name */
	text = pickled_text(k, "t", 1);
	ck_assert_str_eq(text, "short");
	free(text);
	ck_assert_ptr_null(pickled_text(k, "t", 2));
	ck_assert_ptr_null(pickled_text(k, "t", 3));
	pickled_free(k);
}
END_TEST

START_TEST(pickled__bytes__of_an_array_that_is_whole)
{
	static const struct {
		const char *state;
		size_t n;
		bool good;
	} states[] = {
		{BYTES("K\1K\2K\3\x86U\2u1\x89U\6abcdef"), true},
		{BYTES("K\1K\2K\3\x86" DTYPE "U\2u1\x85RN\x85" "b\x89" "B\6\0\0\0abcdef"), true} /* the type as NumPy has it */,
		{BYTES("K\1K\2K\3\x86U\2u1\x89"), false}, {BYTES("K\1K\2K\3\x86U\2u1\x89U\6abcdefN"), false},
		{BYTES("U\1aK\2K\3\x86U\2u1\x89U\6abcdef"), false}, {BYTES("K\1K\6U\2u1\x89U\6abcdef"), false},
		{BYTES("K\1K\6\x85U\2u1\x89U\6abcdef"), false}, {BYTES("K\1K\1K\2K\3\x87U\2u1\x89U\6abcdef"), false},
		{BYTES("K\1K\2K\3\x86U\2i1\x89U\6abcdef"), false}, {BYTES("K\1K\2K\3\x86U\1u\x89U\6abcdef"), false},
		{BYTES("K\1K\2K\3\x86K\1\x89U\6abcdef"), false}, {BYTES("K\1K\2K\3\x86U\2u1\x88U\6abcdef"), false} /* Fortran's order */,
		{BYTES("K\1K\2K\3\x86U\2u1NU\6abcdef"), false}, {BYTES("K\1K\2K\3\x86U\2u1\x89]"), false},
		{BYTES("K\1K\0K\3\x86U\2u1\x89U\6abcdef"), false}, {BYTES("K\1K\2J\xff\xff\xff\xff\x86U\2u1\x89U\6abcdef"), false},
		{BYTES("K\1U\1aK\3\x86U\2u1\x89U\6abcdef"), false}, {BYTES("K\1K\2K\2\x86U\2u1\x89U\6abcdef"), false},
		{BYTES("K\1J\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x86U\2u1\x89U\6abcdef"), false},
	};
	struct pickled *k;
	size_t rows, cols, n;
	char p[300];

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		const uint8_t *got;

		n = (size_t)snprintf(p, sizeof p, "}(U\4data" ARRAY "(");
		memcpy(p + n, states[i].state, states[i].n);
		memcpy(p + n + states[i].n, BYTES("tbu."));
		k = whole(p, n + states[i].n + 4);
		got = pickled_bytes(k, "data", &rows, &cols);
		ck_assert_msg((got != NULL) == states[i].good, "%zu", i);
		ck_assert(got == NULL || (rows == 2 && cols == 3 && memcmp(got, "abcdef", 6) == 0));
		ck_assert_ptr_null(pickled_bytes(k, "labels", &rows, &cols));
		pickled_free(k);
	}
	k = whole(BYTES("}(U\4data" ARRAY "u.")); /* an array that never got a state */
	ck_assert_ptr_null(pickled_bytes(k, "data", &rows, &cols));
	pickled_free(k);
	k = whole(BYTES("}U\4dataK\1s."));
	ck_assert_ptr_null(pickled_bytes(k, "data", &rows, &cols));
	pickled_free(k);
}
END_TEST

/* As Python 3 writes them by its own choice, protocols 4 and 5, and labels as NumPy has them. */
START_TEST(pickled__run__what_newer_protocols_have)
{
	static const char framed[] = "\x80\5\x95\x70\0\0\0\0\0\0\0}\x94(\x8d\4\0\0\0\0\0\0\0data\x94"
	    "\x8c\x13numpy._core.numeric\x94\x8c\x0b_frombuffer\x94\x93\x94(\x96\6\0\0\0\0\0\0\0abcdef\x94"
	    "\x8c\5numpy\x94\x8c\5dtype\x94\x93\x94\x8c\2u1\x94\x89\x88\x87\x94R\x94(K\3\x8c\1|\x94NNNJ\xff\xff\xff\xff"
	    "J\xff\xff\xff\xffK\0t\x94" "bK\2K\3\x86\x94\x8c\1C\x94t\x94R\x94\x8c\1bh\1\x8c\1fG12345678\x8c\1l\x8a\2ab"
	    "\x8c\1n](" SCALAR "U\2i2U\2\xfe\xff\x86R" SCALAR "U\2u8U\10\7\0\0\0\0\0\0\0\x86R" "e"
	    "\x8c\1a" BUFFER "(U\6\1\0\xff\xff\3\0U\2i2K\3\x85U\1CtRu.",
	    big[] = "}U\1a" ARRAY "(K\1K\1\x85" DTYPE "U\2i4\x85R(K\3U\1>tb\x89U\4\0\0\0\1tbs.";
	struct pickled *k = whole(framed, sizeof framed - 1);
	const uint8_t *got;
	size_t rows, cols, n;
	int64_t v;

	got = pickled_bytes(k, "data", &rows, &cols);
	ck_assert(got != NULL && rows == 2 && cols == 3 && memcmp(got, "abcdef", 6) == 0);
	ck_assert(pickled_count(k, "n", &n) && n == 2);
	ck_assert(pickled_number(k, "n", 0, &v) && v == -2);
	ck_assert(pickled_number(k, "n", 1, &v) && v == 7);
	ck_assert(pickled_count(k, "a", &n) && n == 3);
	ck_assert(pickled_number(k, "a", 0, &v) && v == 1);
	ck_assert(pickled_number(k, "a", 1, &v) && v == -1);
	ck_assert(pickled_number(k, "a", 2, &v) && v == 3);
	ck_assert(!pickled_number(k, "a", 3, &v));
	ck_assert(!pickled_number(k, "data", 0, &v));
	pickled_free(k);
	k = whole(big, sizeof big - 1); /* numbers whose large end comes first */
	ck_assert(!pickled_count(k, "a", &n) && !pickled_number(k, "a", 0, &v));
	pickled_free(k);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("pickled_run");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, pickled__run__instructions_that_cannot_be);
	tcase_add_test(t, pickled__run__names_what_it_will_not_run);
	tcase_add_test(t, pickled__run__bounds_its_values);
	tcase_add_test(t, pickled__run__bounds_what_it_makes);
	tcase_add_test(t, pickled__run__what_newer_protocols_have);
	tcase_add_test(t, pickled__open__what_is_no_file);
	tcase_add_test(t, pickled__list__only_what_is_there);
	tcase_add_test(t, pickled__bytes__of_an_array_that_is_whole);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
