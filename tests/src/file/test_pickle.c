/* test_pickle.c: the machine that reads a state_dict, instruction by instruction: what it makes of whole ones, and each way in
 * which a program can break it, lie about a tensor, or ask for code to run.
 */
#include "file/pickle.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(s) s, sizeof s - 1
#define ORDERED "ccollections\nOrderedDict\n"
#define REBUILD "ctorch._utils\n_rebuild_tensor_v2\n"
#define LETTER(s) "X\1\0\0\0" s
#define STORAGE_OF(type, n) "(X\7\0\0\0storagectorch\n" type "Storage\n" LETTER("0") "X\3\0\0\0cpu" n "tQ"
#define STORAGE STORAGE_OF("Float", "K\6") /* six values */

struct bytes {
	const char *p;
	size_t n;
};

/* A dict of what the call makes of these arguments. */
static struct bytes
dict_of(struct bytes args)
{
	static char p[4096];
	const size_t head = sizeof "}" LETTER("w") REBUILD "(" - 1;

	ck_assert_uint_lt(head + args.n + 4, sizeof p);
	memcpy(p, "}" LETTER("w") REBUILD "(", head);
	memcpy(p + head, args.p, args.n);
	memcpy(p + head + args.n, "tRs.", 4);
	return (struct bytes){p, head + args.n + 4};
}

/* From memory of its size, so that a sanitizer sees what is read behind it. */
static int
read_it(struct bytes b, struct pickle *k, struct err *e)
{
	uint8_t *copy = malloc(b.n > 0 ? b.n : 1);
	int rc;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, b.p, b.n);
	rc = pickle_read("x.pt", copy, b.n, 0, k, e);
	free(copy);
	return rc;
}

static void
refused(struct bytes b, const char *says)
{
	struct err e = {0};
	struct pickle k;

	ck_assert_msg(read_it(b, &k, &e) < 0, "takes what is \"%s\"", says);
	ck_sentence(e.text, says);
	ck_assert_uint_eq(k.n, 0);
}

#define DAMAGED "x.pt: its data.pkl is damaged; get the file again, or load another"

START_TEST(pickle__read__what_a_state_dict_is_made_of)
{
	/* an OrderedDict of two tensors over one storage, whose numbers have each size, with attributes of its own */
	static const char two[] = "\x80\x02" ORDERED ")Rq\0(" LETTER("a") "q\1" REBUILD "q\2(" STORAGE "q\3\x8a\0K\2\x8a\1\3\x86M\3\0J\1\0\0\0\x86"
	    "\x89" ORDERED ")RtR" LETTER("b") "h\2(h\3\x8a\x8\5\0\0\0\0\0\0\0))\x88}NtRu}" LETTER("v") "K\1sb.";
	struct bytes whole = {BYTES(two)};
	struct pickle k;
	struct err e = {0};

	ck_assert_msg(read_it(whole, &k, &e) == 0, "%s", e.text);
	ck_assert_uint_eq(k.n, 2);
	ck_assert_str_eq(k.tensor[0].name, "a");
	ck_assert_str_eq(k.tensor[0].dtype, "F32");
	ck_assert_str_eq(k.tensor[0].storage, "0");
	ck_assert(k.tensor[0].rank == 2 && k.tensor[0].dim[0] == 2 && k.tensor[0].dim[1] == 3);
	ck_assert(k.tensor[0].stride[0] == 3 && k.tensor[0].stride[1] == 1 && k.tensor[0].offset == 0 && k.tensor[0].values == 6);
	ck_assert_str_eq(k.tensor[1].name, "b"); /* the last value alone: a scalar */
	ck_assert(k.tensor[1].rank == 0 && k.tensor[1].offset == 5);
	pickle_free(&k);
	for (size_t i = 0; i < whole.n; i++) /* cut off anywhere */
		refused((struct bytes){two, i}, DAMAGED);
	ck_assert_int_eq(read_it((struct bytes){BYTES("}.")}, &k, &e), 0);
	ck_assert_uint_eq(k.n, 0);
	pickle_free(&k);
}
END_TEST

START_TEST(pickle__read__types_of_storages)
{
	static const struct {
		struct bytes args;
		const char *type;
	} of[] = {
#define OF(name, type) {{BYTES(STORAGE_OF(name, "K\1") "K\0))\x89}")}, type}
	    OF("Float", "F32"), OF("Double", "F64"), OF("Half", "F16"), OF("BFloat16", "BF16"), OF("Long", "I64"), OF("Int", "I32"),
	    OF("Short", "I16"), OF("Char", "I8"), OF("Byte", "U8"), OF("Bool", "BOOL")};
	struct pickle k;
	struct err e = {0};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		ck_assert_msg(read_it(dict_of(of[i].args), &k, &e) == 0, "%s: %s", of[i].type, e.text);
		ck_assert_str_eq(k.tensor[0].dtype, of[i].type);
		pickle_free(&k);
	}
}
END_TEST

START_TEST(pickle__read__instructions_that_cannot_be)
{
	static const struct bytes cut[] = {{BYTES("")}, {BYTES("\x80")}, {BYTES("J\1\2\3")}, {BYTES("K")}, {BYTES("M\1")}, {BYTES("\x8a")},
	    {BYTES("\x8a\2\1")}, {BYTES("X\1\0\0")}, {BYTES("X\2\0\0\0a")}, {BYTES("X\xff\xff\xff\xff")}, {BYTES("}q")}, {BYTES("}r\0")},
	    {BYTES("}q\0h")}, {BYTES("}q\0j\0")}, {BYTES("ctorch")}, {BYTES("ctorch\nFloatStorage")}, {BYTES("}")}};
	static const struct bytes wrong[] = {
		{BYTES("\x80\1}")}, {BYTES("\x80\6}")} /* of another protocol */,
		{BYTES("G1234567")} /* a float cut off */, {BYTES("\x8a\x9" "12345678")},
		/* no list, and a mark in one */
		{BYTES("}Na")}, {BYTES("a")}, {BYTES("]a")}, {BYTES("](a")}, {BYTES("(e")}, {BYTES("}(Ne")},
		/* nothing on the stack, too little, no mark */
		{BYTES("q\0")}, {BYTES("r\0\0\0\0")}, {BYTES("\x85")}, {BYTES("N\x86")}, {BYTES("NN\x87")}, {BYTES("t")}, {BYTES("}u")},
		{BYTES("NNs")}, {BYTES("(NNu")}, {BYTES("b")}, {BYTES("}b")}, {BYTES("Q")}, {BYTES("R")}, {BYTES(")R")},
		/* what was never put there, and a mark that was */
		{BYTES("h\0")}, {BYTES("}q\0h\1")}, {BYTES("}q\1")}, {BYTES("(q\0h\0")}, {BYTES("}r\xff\xff\xff\x7f")}, {BYTES("j\0\0\0\0")},
		/* a mark among values */
		{BYTES("(\x85")},
		/* values of another kind */
		{BYTES("}Nb")}, {BYTES("N}b")}, {BYTES("NQ")}, {BYTES("NNR")}, {BYTES("N)R")}, {BYTES(ORDERED "N\x85R")},
		{BYTES("NNNs")}, {BYTES("}(Nu")}, {BYTES("}}Ns")}, {BYTES("}(]Nu")}, {BYTES("}(Ns")}, {BYTES("}N(s")},
	};
	static char many[65540];

	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++)
		refused(cut[i], DAMAGED);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		memcpy(many, wrong[i].p, wrong[i].n);
		many[wrong[i].n] = '.'; /* an end, so that nothing else is wrong */
		refused((struct bytes){many, wrong[i].n + 1}, DAMAGED);
	}
	refused((struct bytes){BYTES("i__main__\nNet\n.")}, "the instruction 0x69, which no state_dict has; save the weights alone");
	memset(many, 'N', sizeof many);
	many[65536] = '.';
	refused((struct bytes){many, 65537}, "no dict of tensors");
	many[65536] = 'N';
	many[65537] = '.';
	refused((struct bytes){many, 65538}, DAMAGED); /* more than any state_dict puts on the stack */
	memcpy(many, "}X\0\4\0\0", 6); /* words of 1,024 and 1,025 bytes */
	memcpy(many + 6 + 1024, "Ns.", 3);
	refused((struct bytes){many, 6 + 1024 + 3}, "more than tensors");
	memcpy(many, "}X\1\4\0\0N", 7);
	memcpy(many + 6 + 1025, "Ns.", 3);
	refused((struct bytes){many, 6 + 1025 + 3}, "more than tensors");
}
END_TEST

START_TEST(pickle__read__storages_that_lie)
{
#define S "X\7\0\0\0storage"
#define T "ctorch\nFloatStorage\n"
#define K LETTER("0")
	static const struct bytes bad[] = {
		{BYTES("()tQ")}, {BYTES("(" S T K "X\3\0\0\0cputQ")}, {BYTES("(" S T K K "K\1NtQ")}, {BYTES("(N" T K K "K\1tQ")},
		{BYTES("(X\6\0\0\0storag" T K K "K\1tQ")}, {BYTES("(X\7\0\0\0storagX" T K K "K\1tQ")}, {BYTES("(" S "N" K K "K\1tQ")},
		{BYTES("(" S T "N" K "K\1tQ")}, {BYTES("(" S T K "NK\1tQ")}, {BYTES("(" S T K K "NtQ")},
		{BYTES("(" S T K K "J\xff\xff\xff\xfftQ")},
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char p[200];

		memcpy(p, bad[i].p, bad[i].n);
		p[bad[i].n] = '.';
		refused((struct bytes){p, bad[i].n + 1}, DAMAGED);
	}
}
END_TEST

#define BEYOND "x.pt: a tensor of its data.pkl reaches beyond its storage; get the file again, or load another"
#define MOST "\x8a\x8\xff\xff\xff\xff\xff\xff\xff\x7f" /* 2^63 - 1 */

START_TEST(pickle__read__tensors_that_lie)
{
	static const struct {
		struct bytes args;
		const char *says; /* NULL: it is none */
	} tensors[] = {
		{{BYTES(STORAGE "K\0K\2K\3\x86K\3K\1\x86\x89}")}, NULL},
		{{BYTES(STORAGE "K\0K\2K\3\x86K\3K\1\x86\x89})")}, NULL} /* with what PyTorch 2 adds */,
		{{BYTES(STORAGE "K\4K\2\x85K\1\x85\x89}")}, NULL}, {{BYTES(STORAGE "K\5K\2\x85K\1\x85\x89}")}, BEYOND},
		{{BYTES(STORAGE "K\0K\2K\3\x86K\1K\2\x86\x89}")}, NULL} /* turned */,
		{{BYTES(STORAGE "K\0K\2K\3\x86K\4K\1\x86\x89}")}, BEYOND}, {{BYTES(STORAGE "K\6))\x89}")}, BEYOND},
		{{BYTES(STORAGE "K\6K\0\x85K\1\x85\x89}")}, NULL} /* nothing, behind the last value */,
		{{BYTES(STORAGE "K\7K\0\x85K\1\x85\x89}")}, BEYOND},
		{{BYTES(STORAGE "K\0" MOST "\x85" MOST "\x85\x89}")}, BEYOND},
		{{BYTES(STORAGE MOST MOST "\x85K\2\x85\x89}")}, BEYOND},
		{{BYTES(STORAGE "K\0))\x89")}, DAMAGED}, {{BYTES(STORAGE "K\0))\x89})N")}, DAMAGED}, {{BYTES("NK\0))\x89}")}, DAMAGED},
		{{BYTES(STORAGE "N))\x89}")}, DAMAGED}, {{BYTES(STORAGE "\x8a\1\xff))\x89}")}, DAMAGED},
		{{BYTES(STORAGE "K\0N)\x89}")}, DAMAGED}, {{BYTES(STORAGE "K\0)N\x89}")}, DAMAGED},
		{{BYTES(STORAGE "K\0K\1\x85)\x89}")}, DAMAGED}, {{BYTES(STORAGE "K\0))N}")}, DAMAGED},
		{{BYTES(STORAGE "K\0N\x85K\1\x85\x89}")}, DAMAGED}, {{BYTES(STORAGE "K\0K\1\x85N\x85\x89}")}, DAMAGED},
		{{BYTES(STORAGE "K\0J\xff\xff\xff\xff\x85K\1\x85\x89}")}, DAMAGED},
		{{BYTES(STORAGE "K\0K\1\x85J\xff\xff\xff\xff\x85\x89}")}, DAMAGED},
		{{BYTES(STORAGE "K\0(K\1K\1K\1K\1K\1K\1K\1K\1t(K\1K\1K\1K\1K\1K\1K\1K\1t\x89}")}, NULL},
		{{BYTES(STORAGE "K\0(K\1K\1K\1K\1K\1K\1K\1K\1K\1t(K\1K\1K\1K\1K\1K\1K\1K\1K\1t\x89}")}, DAMAGED} /* nine dimensions */,
	};
	struct pickle k;
	struct err e = {0};

	for (size_t i = 0; i < sizeof tensors / sizeof *tensors; i++)
		if (tensors[i].says != NULL)
			refused(dict_of(tensors[i].args), tensors[i].says);
		else {
			ck_assert_msg(read_it(dict_of(tensors[i].args), &k, &e) == 0, "%zu: %s", i, e.text);
			ck_assert_uint_eq(k.n, 1);
			pickle_free(&k);
		}
}
END_TEST

START_TEST(pickle__read__names_what_would_be_code)
{
	char text[600];
	int n;

	refused((struct bytes){BYTES("cposix\nsystem\n.")}, "x.pt asks for posix.system, which would be code to run");
	refused((struct bytes){BYTES("ccollections\nnamedtuple\n.")}, "asks for collections.namedtuple,");
	refused((struct bytes){BYTES("ctorch._utils\n_rebuild_tensor\n.")}, "asks for torch._utils._rebuild_tensor,");
	refused((struct bytes){BYTES("ctorch\nComplexFloatStorage\n.")}, "asks for torch.ComplexFloatStorage,");
	refused((struct bytes){BYTES("cos\x1b[2J\nOrderedDict\n.")}, "asks for os");
	refused((struct bytes){BYTES("cos\0x\nsystem\n.")}, DAMAGED);
	refused((struct bytes){BYTES("cos\nsys\0tem\n.")}, DAMAGED);
	n = snprintf(text, sizeof text, "c%0256d\nx\n.", 1);
	refused((struct bytes){text, (size_t)n}, DAMAGED);
	n = snprintf(text, sizeof text, "c%0255d\nx\n.", 1);
	refused((struct bytes){text, (size_t)n}, "which would be code to run");
}
END_TEST

START_TEST(pickle__read__what_is_no_dict_of_tensors)
{
	static const struct bytes none[] = {{BYTES(".")}, {BYTES("}}.")}, {BYTES("N.")}, {BYTES("(.")}};

	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		refused(none[i], "x.pt holds no dict of tensors; save the weights alone");
	refused((struct bytes){BYTES("}" LETTER("e") "K\3s.")}, "x.pt holds more than tensors (\"e\"); save the weights alone");
	refused((struct bytes){BYTES("}(X\5\0\0\0a\x1b[1mK\3" LETTER("f") "Nu.")}, "holds more than tensors (\"a"); /* the first of two */
	refused((struct bytes){BYTES("}" LETTER("e") "}" LETTER("x") "Nss.")}, "holds more than tensors (\"e\")"); /* a dict in it */
}
END_TEST

#define WEIGHT LETTER("w") REBUILD "(" STORAGE "K\0K\2\x85K\1\x85\x89}tR"

START_TEST(pickle__read__a_checkpoint)
{
	/* a list of floats, keys of every kind, an optimizer's state by number, and between them two dicts of tensors */
	static const char text[] = "}(" LETTER("l") "](G12345678Ne" LETTER("o") "]K\1a" LETTER("m") "}" WEIGHT "s"
	    "K\7}K\0}" WEIGHT "ss" "\x8a\x9" "123456789N" "G12345678N" ")N" LETTER("n") "}(" WEIGHT "X\1\0\0\0v"
	    REBUILD "(" STORAGE "K\0))\x89}tRu" LETTER("e") "}" LETTER("x") "}su.";
	static const char same[] = "}q\0" LETTER("a") "h\0s" LETTER("b") "Ns."; /* a dict that is in itself */
	struct bytes whole = {BYTES(text)};
	struct err e = {0};
	struct pickle k;

	ck_assert_msg(read_it(whole, &k, &e) == 0, "%s", e.text);
	ck_assert_int_eq(k.ndict, 2);
	ck_assert_str_eq(k.dict[0], "m");
	ck_assert_str_eq(k.dict[1], "n");
	ck_assert_str_eq(k.rest, "l, o, 7, ?, ?, ?, e");
	ck_assert_uint_eq(k.n, 1);
	ck_assert_str_eq(k.tensor[0].name, "w");
	pickle_free(&k);
	for (int which = 1; which < 3; which++) { /* the last of them, and one that is not there */
		ck_assert_int_eq(pickle_read("x.pt", (const uint8_t *)text, whole.n, which, &k, &e), 0);
		ck_assert_uint_eq(k.n, which == 1 ? 2 : 1);
		pickle_free(&k);
	}
	for (size_t i = 0; i < whole.n; i++)
		refused((struct bytes){text, i}, DAMAGED);
	refused((struct bytes){BYTES(same)}, "more than tensors (\"a\")");
}
END_TEST

START_TEST(pickle__read__a_checkpoint_of_many_dicts)
{
	char p[4096];
	size_t n;

	for (int dicts = PICKLE_DICTS_MAX; dicts <= PICKLE_DICTS_MAX + 1; dicts++) {
		static const char head[] = "}(K\xffNK\0}" WEIGHT "sq\0", entry[] = "K\0h\0";
		struct err e = {0};
		struct pickle k;

		n = sizeof head - 1;
		memcpy(p, head, n);
		for (int i = 1; i < dicts; i++, n += sizeof entry - 1) {
			memcpy(p + n, entry, sizeof entry - 1);
			p[n + 1] = (char)i;
		}
		memcpy(p + n, "u.", 2);
		if (dicts > PICKLE_DICTS_MAX) {
			refused((struct bytes){p, n + 2}, "holds more than 16 dicts of tensors; save the weights alone");
			continue;
		}
		ck_assert_msg(read_it((struct bytes){p, n + 2}, &k, &e) == 0, "%s", e.text);
		ck_assert_int_eq(k.ndict, dicts);
		ck_assert_str_eq(k.dict[15], "15");
		pickle_free(&k);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("pickle");
	TCase *t = tcase_create("all");

	tcase_add_test(t, pickle__read__what_a_state_dict_is_made_of);
	tcase_add_test(t, pickle__read__types_of_storages);
	tcase_add_test(t, pickle__read__instructions_that_cannot_be);
	tcase_add_test(t, pickle__read__storages_that_lie);
	tcase_add_test(t, pickle__read__tensors_that_lie);
	tcase_add_test(t, pickle__read__names_what_would_be_code);
	tcase_add_test(t, pickle__read__what_is_no_dict_of_tensors);
	tcase_add_test(t, pickle__read__a_checkpoint);
	tcase_add_test(t, pickle__read__a_checkpoint_of_many_dicts);
	suite_add_tcase(s, t);
	return run_suite(s);
}
