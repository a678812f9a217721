/* test_split.c: splits of a data set, as people name them and as files say them; what is selected by them; names of classes. */
#include "data/class.h"
#include "data/split.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Names as people give them, and what splits of them are called. */
START_TEST(split__classes__are_named_exactly)
{
	static const char *const name[] = {"cat", "dog", "Ankle boot", "7", "a,b", "d\303\266g", "!x", "cat..dog", "nobody"};
	struct dataset d = {.name = (char *)(uintptr_t)"pets", .class_name = (char **)(uintptr_t)name, .names = 9, .classes = 9,
	    .there = {true, true, true, true, true, true, true, true}};
	static const struct {
		const char *text, *name;
		uint32_t labels;
	} good[] = {
		{"classes=cat,dog", "classes=cat,dog", 3},
		{"classes=dog,cat", "classes=cat,dog", 3},
		{"classes=Ankle boot,7", "classes=\"Ankle boot\",7", 12},
		{"classes=a,b,cat", "classes=cat,a,b", 17},
		{"classes=cat..dog", "classes=cat..dog", 128},
		{"classes=dog..7", "classes=dog,\"Ankle boot\",7", 14},
		{"classes=!x", "classes=!x", 64},
		{"classes=!cat,dog", "classes=\"Ankle boot\",7,a,b,d\303\266g,!x,cat..dog", 252},
		{"classes=cat,dog,Ankle boot,7,a,b,d\303\266g,!x,cat..dog", "all", 255},
		{"classes=!nobody", "all", 255},
		{"all", "all", 255}, {"lt3", "lt3", 7}, {"gte7", "gte7", 128}, {"digits=0-2", "digits=0,1,2", 7},
	};
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"classes=", "(classes: cat, dog, Ankle boot"}, {"classes=Cat,dog", "did you mean \"cat\""},
		{"classes=cat,", "no class"}, {"classes=cat,cat", "named twice"}, {"classes=7..dog", "turn them round"},
		{"classes=nobody", "none of the classes of pets"}, {"gte8", "none of the classes"},
		{"classes=!all", "no class"}, {"digits=9", "classes=NAME,NAME"},
		{"classes=!cat,dog,Ankle boot,7,a,b,d\303\266g,!x,cat..dog", "none of the classes"},
	};
	struct err e = {0};
	struct split s, again;
	char *text, *m;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert_msg(split_parse_of(&d, good[i].text, &s, &e) == 0, "%s: %s", good[i].text, e.text);
		ck_assert_str_eq(s.name, good[i].name);
		ck_assert_uint_eq(s.set[0], good[i].labels);
		text = split_filed(&s);
		ck_assert_msg(split_read(text, &again) == 0, "%s", text);
		ck_assert(split_same(&s, &again) && s.kind == again.kind && s.named == again.named);
		ck_assert_str_eq(again.name, s.name);
		free(text);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_msg(split_parse_of(&d, bad[i].text, &s, &e) == -1, "takes %s", bad[i].text);
		ck_assert_msg(strstr(e.text, bad[i].why) != NULL, "%s: %s", bad[i].text, e.text);
	}
	ck_assert_int_eq(split_parse_of(&d, "classes=dog,Ankle boot", &s, &e), 0);
	m = split_mapping(&s, &d);
	ck_assert_str_eq(m, "classes dog, Ankle boot -> units 0-1");
	free(m);
	m = split_mapping(&s, NULL);
	ck_assert_str_eq(m, "classes 1-2 -> units 0-1");
	free(m);
}
END_TEST

/* What a file says of a split is taken whole or not at all, whatever bytes it has. */
START_TEST(split__read__takes_nothing_else)
{
	static const char whole[] = "classes=cat,dog labels 3,5-7 of 200 classes 89abcdef by digit";
	static const char *const bad[] = {"", "labels 3", " labels 3 of 10 digits", "all labels  of 10 digits",
	    "all labels 3 of 0 digits", "all labels 3 of 4097 digits", "all labels 12 of 12 digits", "all labels 3 of 10",
	    "all labels 3 of 10 things", "all labels 3,3 of 10 digits", "classes=cat,dog",
	    "classes=a labels 1 of 2 classes 0"};
	struct split s;
	char text[sizeof whole];
	int taken = 0;

	ck_assert_int_eq(split_read(whole, &s), 0);
	ck_assert_str_eq(s.name, "classes=cat,dog");
	ck_assert(s.by_digit && s.named == 0x89abcdef && s.top == 200 && split_count(&s) == 4 && split_has(&s, 6));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(split_read(bad[i], &s) == -1, "takes \"%s\"", bad[i]);
	for (uint32_t i = 0; i < 5000; i++) {
		strcpy(text, whole);
		text[i * 2654435761u % (sizeof whole - 1)] = (char)(i * 40503u >> 3);
		if (split_read(text, &s) == 0) {
			taken++;
			ck_assert_int_gt(split_count(&s), 0);
			ck_assert_int_lt(split_nth(&s, split_count(&s) - 1), s.top);
			ck_assert_ptr_null(strchr(s.name, '\n'));
		}
	}
	ck_assert_int_gt(taken, 100);
}
END_TEST

START_TEST(class__texts__can_be_told_apart)
{
	static const char *const name[] = {"a long name of one", "a long name of two",
	    "\346\274\242\345\255\227\346\274\242\345\255\227", "x"};
	const struct dataset d = {.name = (char *)(uintptr_t)"pets", .class_name = (char **)(uintptr_t)name, .names = 4,
	    .classes = 4};
	const int label[] = {0, 1, 2, 3, -1};
	char out[5][CLASS_TEXT], buf[CLASS_TEXT], odd[] = "a\nb\033[31m\342\200\256c\377", *typed;

	class_texts(&d, label, 5, 6, out);
	ck_assert_str_eq(out[0], "a lo~0");
	ck_assert_str_eq(out[1], "a lo~1");
	ck_assert_str_eq(out[2], "\346\274\242\345\255\227\346\274\242"); /* of two columns each */
	ck_assert_str_eq(out[3], "x");
	ck_assert_str_eq(out[4], "other");
	ck_assert_str_eq(class_text(&d, 0, 8, buf), "a long ~");
	ck_assert_str_eq(class_text(&d, 0, CLASS_WHOLE, buf), name[0]);
	ck_assert_str_eq(class_text(NULL, 7, 8, buf), "7");
	class_clean(odd);
	ck_assert_str_eq(odd, "a?b?[31m?c?");
	typed = class_typed("say \"hi\\\"");
	ck_assert_str_eq(typed, "\"say \\\"hi\\\\\\\"\"");
	free(typed);
}
END_TEST

START_TEST(dataset__load__mnist_from_the_assets)
{
	struct err e = {0};
	struct dataset *d = dataset_load("mnist", &e);
	struct split lt5, gte5;
	struct selection s;

	ck_assert_msg(d != NULL, "%s", e.text);
	ck_assert_int_eq(split_parse("lt5", &lt5, &e), 0);
	ck_assert_int_eq(split_parse("gte5", &gte5, &e), 0);
	ck_assert_int_eq(selection_make(&s, &d->train, &lt5, 0, &e), 0);
	ck_assert_uint_eq(s.set.count, 30596);
	selection_free(&s);
	ck_assert_int_eq(selection_make(&s, &d->test, &gte5, 0, &e), 0);
	ck_assert_uint_eq(s.set.count, 4861);
	ck_assert_uint_eq(s.index[0], 0);
	ck_assert_uint_eq(s.unit[0], 2);
	selection_free(&s);
	dataset_free(d);
}
END_TEST

START_TEST(split__parse__every_form)
{
	static const struct {
		const char *text, *name, *mapping;
		uint32_t digits;
	} good[] = {
	    {"all", "all", "digits 0-9 -> units 0-9", 0x3ff},
	    {"lt5", "lt5", "digits 0-4 -> units 0-4", 0x01f},
	    {"lt1", "lt1", "digit 0 -> unit 0", 0x001},
	    {"gte5", "gte5", "digits 5-9 -> units 0-4", 0x3e0},
	    {"gte9", "gte9", "digit 9 -> unit 0", 0x200},
	    {"digits=3,5,8", "digits=3,5,8", "digits 3,5,8 -> units 0-2", 0x128},
	    {"5-9", "gte5", "digits 5-9 -> units 0-4", 0x3e0},
	    {"0-4", "lt5", "digits 0-4 -> units 0-4", 0x01f},
	    {"0-9", "all", "digits 0-9 -> units 0-9", 0x3ff},
	    {"3-5", "digits=3,4,5", "digits 3-5 -> units 0-2", 0x038},
	    {"7-7", "digits=7", "digit 7 -> unit 0", 0x080},
	    {"digits=0-2,7", "digits=0,1,2,7", "digits 0,1,2,7 -> units 0-3", 0x087},
	    {"0-2,7", "digits=0,1,2,7", "digits 0,1,2,7 -> units 0-3", 0x087},
	    {"digits=8,3", "digits=3,8", "digits 3,8 -> units 0-1", 0x108},
	    {"digits=4,5", "digits=4,5", "digits 4-5 -> units 0-1", 0x030},
	};
	struct err e = {0};
	struct split s;
	char *m;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ck_assert_msg(split_parse(good[i].text, &s, &e) == 0, "%s", e.text);
		ck_assert_str_eq(s.name, good[i].name);
		ck_assert_uint_eq(s.set[0], good[i].digits);
		m = split_mapping(&s, NULL);
		ck_assert_str_eq(m, good[i].mapping);
		free(m);
	}
}
END_TEST

START_TEST(split__parse__refuses_with_the_list)
{
	static const char *const bad[] = {"", "lt", "lt0", "lt10", "LT5", "gte0", "gte55", "lt-1", "digits=",
	    "digits=3,", "digits=,3", "digits=10", "digits=8,3,8", "digits=3 5", "digits", "odd", "all ", "5-", "9-5", "-5", "5-10", "5-9,", "digits=0-4,3",
	    "digits=5-", "5", "5-x", "digits=-5"};
	struct err e = {0};
	struct split s = {.set = {77}};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ck_assert_msg(split_parse(bad[i], &s, &e) == -1, "takes \"%s\"", bad[i]);
		ck_assert_ptr_nonnull(strstr(e.text, "splits: all"));
		ck_assert_uint_eq(s.set[0], 77);
	}
}
END_TEST

START_TEST(split__unit__is_the_rank_of_the_label)
{
	struct err e = {0};
	struct split s;

	ck_assert_int_eq(split_parse("digits=3,5,8", &s, &e), 0);
	ck_assert_int_eq(split_count(&s), 3);
	ck_assert_int_eq(split_unit(&s, 3), 0);
	ck_assert_int_eq(split_unit(&s, 8), 2);
	ck_assert_int_eq(split_unit(&s, 4), -1);
	ck_assert_int_eq(split_unit(&s, -1), -1);
	ck_assert_int_eq(split_unit(&s, 255), -1);
	ck_assert_int_eq(split_digit(&s, 1), 5);
	ck_assert_int_eq(split_digit(&s, 3), -1);
	ck_assert_int_eq(split_digit(&s, -1), -1);
}
END_TEST

static struct split
split_of(const char *text, bool by_digit)
{
	struct err e = {0};
	struct split s;

	ck_assert_int_eq(split_parse(text, &s, &e), 0);
	s.by_digit = by_digit;
	return s;
}

START_TEST(split__speaks__where_each_unit_stands_for_the_same)
{
	static const struct {
		const char *trained;
		bool by_digit;
		const char *split;
		bool split_by_digit, speaks;
		const char *against;
	} of[] = {
		{"lt5", false, "lt5", false, true, "lt5, not on lt5"},
		{"lt5", false, "lt5", true, true, "lt5, not on lt5 by digit"}, /* digit 0 is unit 0 in both */
		{"lt5", true, "lt5", false, true, "lt5 by digit, not on lt5"},
		{"lt5", false, "digits=0,1", false, true, "lt5, not on lt2"},
		{"digits=0,1", false, "lt5", false, false, "lt2, not on lt5"}, /* it has no unit for 2 */
		{"lt5", false, "digits=1,2", false, false, "lt5, not on digits=1,2"},
		{"gte5", false, "lt5", false, false, "gte5, not on lt5"},
		{"gte5", true, "lt5", true, true, "gte5, not on lt5"}, /* they are the units of 0-4, learned or not */
		{"gte5", false, "gte5", true, false, "gte5, not on gte5 by digit"}, /* 5 is unit 0, and now unit 5 */
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct split trained = split_of(of[i].trained, of[i].by_digit);
		struct split split = split_of(of[i].split, of[i].split_by_digit);
		char *m = split_against(&trained, &split);

		ck_assert_msg(split_speaks(&trained, &split) == of[i].speaks, "%zu", i);
		ck_assert_str_eq(m, of[i].against);
		free(m);
	}
}
END_TEST

/* A name that means other labels of another data set is not that split of it. */
START_TEST(split__holds__where_its_name_means_the_same)
{
	static const char *const name[] = {"cat", "dog"}, *const other[] = {"hen", "pig"};
	struct dataset pets = {.name = (char *)(uintptr_t)"pets", .class_name = (char **)(uintptr_t)name, .names = 2, .classes = 2,
	    .there = {true, true}}, farm = pets;
	struct split s;
	struct err e = {0};

	farm.class_name = (char **)(uintptr_t)other;
	ck_assert(!split_holds(&(struct split){0}, NULL) && !split_holds(&(struct split){0}, &pets));
	ck_assert_int_eq(split_parse_of(&pets, "all", &s, &e), 0);
	ck_assert(split_holds(&s, &pets) && split_holds(&s, &farm) && !split_holds(&s, NULL));
	ck_assert_int_eq(split_parse_of(&pets, "classes=cat", &s, &e), 0);
	ck_assert(split_holds(&s, &pets) && !split_holds(&s, &farm) && !split_holds(&s, NULL));
	ck_assert_int_eq(split_parse("lt5", &s, &e), 0);
	ck_assert(split_holds(&s, NULL) && !split_holds(&s, &pets));
	ck_assert_int_eq(split_parse("gte5", &s, &e), 0);
	ck_assert(split_holds(&s, NULL) && !split_holds(&s, &pets));
}
END_TEST

START_TEST(split__unit__is_the_label_by_digit)
{
	struct err e = {0};
	struct split s, other;
	char *m;

	ck_assert_int_eq(split_parse("digits=3,5,8", &s, &e), 0);
	other = s;
	s.by_digit = true;
	ck_assert_int_eq(split_count(&s), 3);
	ck_assert_int_eq(split_units(&s), 9);
	ck_assert_int_eq(split_units(&other), 3);
	ck_assert_int_eq(split_unit(&s, 8), 8);
	ck_assert_int_eq(split_unit(&s, 4), -1);
	ck_assert_int_eq(split_digit(&s, 4), 4); /* what the unit stands for, though nothing trains it */
	ck_assert_int_eq(split_digit(&s, 10), -1);
	ck_assert_int_eq(split_nth(&s, 1), 5);
	ck_assert_int_eq(split_place(&s, 5), 1);
	ck_assert_int_eq(split_place(&s, 4), -1);
	ck_assert_int_eq(split_place(&other, 1), 1);
	ck_assert(!split_same(&s, &other) && !split_speaks(&s, &other));
	ck_assert_int_eq(split_parse("gte5", &other, &e), 0);
	other.by_digit = true;
	ck_assert(!split_same(&s, &other) && split_speaks(&s, &other));
	m = split_mapping(&s, NULL);
	ck_assert_str_eq(m, "digits 3,5,8 -> units 3,5,8");
	free(m);
	m = split_mapping(&other, NULL);
	ck_assert_str_eq(m, "digits 5-9 -> units 5-9");
	free(m);
}
END_TEST

START_TEST(selection__make__in_file_order_up_to_the_limit)
{
	uint16_t label[] = {3, 0, 5, 3, 9, 5};
	struct part p = {.label = label, .images.count = 6};
	struct err e = {0};
	struct split s;
	struct selection sel;

	ck_assert_int_eq(split_parse("digits=3,5", &s, &e), 0);
	ck_assert_int_eq(selection_make(&sel, &p, &s, 3, &e), 0);
	ck_assert_uint_eq(sel.set.count, 3);
	ck_assert_mem_eq(sel.index, ((uint32_t[]){0, 2, 3}), 12);
	ck_assert_mem_eq(sel.unit, ((uint16_t[]){0, 1, 0}), 3 * sizeof *sel.unit);
	selection_free(&sel);
	ck_assert_int_eq(selection_make(&sel, &p, &s, 0, &e), 0);
	ck_assert_uint_eq(sel.set.count, 4);
	selection_free(&sel);
	ck_assert_int_eq(split_parse("digits=7", &s, &e), 0);
	ck_assert_int_eq(selection_make(&sel, &p, &s, 0, &e), -1);
	ck_sentence(e.text, "digits=7");
}
END_TEST

START_TEST(selection__taken__draws_by_the_seed)
{
	uint16_t label[200];
	struct part p = {.label = label, .images.count = 200};
	struct selection_take take = {.limit = 40, .drawn = true, .seed = 7};
	struct err e = {0};
	struct split s;
	struct selection sel[4];

	for (int i = 0; i < 200; i++)
		label[i] = (uint16_t)(i % 10);
	ck_assert_int_eq(split_parse("gte5", &s, &e), 0);
	ck_assert_int_eq(selection_taken(&sel[0], &p, &s, take, &e), 0);
	ck_assert_int_eq(selection_taken(&sel[1], &p, &s, take, &e), 0);
	take.seed = 8;
	ck_assert_int_eq(selection_taken(&sel[2], &p, &s, take, &e), 0);
	take.limit = 100; /* no more than there are, and no less */
	ck_assert_int_eq(selection_taken(&sel[3], &p, &s, take, &e), 0);
	ck_assert_uint_eq(sel[0].set.count, 40);
	ck_assert_mem_eq(sel[0].index, sel[1].index, 40 * sizeof *sel[0].index);
	ck_assert_mem_ne(sel[0].index, sel[2].index, 40 * sizeof *sel[0].index);
	ck_assert_uint_eq(sel[3].set.count, 100);
	for (int i = 0; i < 40; i++) {
		ck_assert(i == 0 || sel[0].index[i] > sel[0].index[i - 1]);
		ck_assert_uint_eq(sel[0].unit[i], label[sel[0].index[i]] - 5);
	}
	for (int i = 0; i < 4; i++)
		selection_free(&sel[i]);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("split");
	TCase *t = tcase_create("all");

	tcase_add_test(t, split__classes__are_named_exactly);
	tcase_add_test(t, split__read__takes_nothing_else);
	tcase_add_test(t, class__texts__can_be_told_apart);
	tcase_add_test(t, dataset__load__mnist_from_the_assets);
	tcase_add_test(t, split__parse__every_form);
	tcase_add_test(t, split__parse__refuses_with_the_list);
	tcase_add_test(t, split__unit__is_the_rank_of_the_label);
	tcase_add_test(t, split__speaks__where_each_unit_stands_for_the_same);
	tcase_add_test(t, split__holds__where_its_name_means_the_same);
	tcase_add_test(t, split__unit__is_the_label_by_digit);
	tcase_add_test(t, selection__make__in_file_order_up_to_the_limit);
	tcase_add_test(t, selection__taken__draws_by_the_seed);
	suite_add_tcase(s, t);
	return run_suite(s);
}
