/* test_record.c: a run as its record: what is written is read back, what is damaged is refused, and what cannot be kept is said. */
#include "file/reader.h"
#include "file/record.h"

#include "file/state.h"
#include "file/sums.h"
#include "past/left.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/src/failing.h"
#include "tests/run.h"

#include <check.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct run *
setup_run(void)
{
	captured_ok("timing off; data small; build \"flatten | dense 10, softmax\"; train all epochs=2 batch=8 verbose=0");
	ck_assert_int_eq(dataset_hash(C.s->data.set, &(struct err){0}), 0);
	return capture_run_at(&C, 0);
}

static void
setup(void)
{
	captured_setup();
	scratch_digits("small", false);
}

static char *
text_of(const struct run *r)
{
	struct err e = {0};
	char *text = record_text(C.s, r, &e);

	ck_assert_msg(text != NULL, "%s", e.text);
	return text;
}

START_TEST(record__read__gives_what_was_written)
{
	const struct run *r = setup_run();
	json_t *about = json_pack("{s:f}", "seconds", 1.5), *head;
	char *text = text_of(r);
	struct err e = {0};
	struct run *again = record_read(text, about, &e);

	ck_assert_msg(again != NULL, "%s", e.text);
	ck_assert(again->nepoch == 2 && again->nbatch == r->nbatch && again->config.batch == 8 && again->seconds == 1.5);
	ck_assert(again->epoch[1].loss == r->epoch[1].loss && again->epoch[1].val_accuracy == r->epoch[1].val_accuracy);
	ck_assert_str_eq(again->sha256, r->sha256);
	ck_assert_str_eq(again->split.name, "all");
	run_free(again);
	head = record_head(text, &e);
	ck_assert_int_eq(json_integer_value(json_object_get(head, "epochs_done")), 2);
	ck_assert_double_eq(json_real_value(json_object_get(head, "loss")), r->epoch[1].loss);
	ck_assert_str_eq(json_string_value(json_object_get(head, "ended")), "done");
	ck_assert_ptr_null(json_object_get(head, "batches"));
	json_decref(head);
	json_decref(about);
	free(text);
}
END_TEST

START_TEST(record__text__says_why_a_run_ended)
{
	struct run *r = setup_run();
	char *text;
	json_t *head;
	struct err e = {0};

	r->batch[r->nbatch - 1].loss = NAN;
	head = record_here(C.s, r);
	ck_assert_str_eq(json_string_value(json_object_get(head, "ended")), "the loss was not a number");
	json_decref(head);
	r->interrupted = true;
	text = text_of(r);
	ck_has(text, "\"ended\":\"interrupted\"");
	free(text);
	C.s->data.set->test.sha256_labels[0] = '\0'; /* as where a signal comes meanwhile */
	ck_assert_ptr_null(record_text(C.s, r, &e));
	ck_assert_str_eq(e.text, "interrupted while the data were hashed");
	store_choose(&C.s->store, "kept");
	capture_clear(&C);
	record_keep(C.s, r);
	ck_has(C.errors, "r1 is not kept: interrupted while the data were hashed");
	ck_assert_str_eq(r->record, "");
}
END_TEST

/* Batches of CIFAR-10 have two hashes; weights that nobody kept have none, and a run of an unknown model no model. */
START_TEST(record__text__says_what_is_known)
{
	struct run *r = setup_run();
	struct weights *before = r->before;
	char *model = r->model, *text;
	json_t *head;

	r->before = NULL;
	r->begun[0] = '\0';
	text = text_of(r);
	ck_has(text, "\"begun\":null");
	ck_has(text, "\"t10k-labels\"");
	free(text);
	r->before = before;
	C.s->data.set->cifar = true;
	text = text_of(r);
	ck_has(text, "\"data_batch\"");
	ck_assert_ptr_null(strstr(text, "t10k-labels"));
	ck_assert_ptr_null(strstr(text, "\"begun\":null"));
	free(text);
	C.s->data.set->cifar = false;
	r->model = NULL;
	head = record_here(C.s, r);
	ck_assert_ptr_null(json_object_get(head, "model"));
	ck_assert_str_eq(json_string_value(json_object_get(head, "ended")), "done");
	json_decref(head);
	r->model = model;
}
END_TEST

static const char *
fact(const json_t *head, const char *name)
{
	return json_string_value(json_object_get(json_object_get(head, "facts"), name));
}

/* What is looked for by other words than those of the record, in records that say much and little. */
START_TEST(record__head__tells_what_is_looked_for)
{
	static const char *const shapes[] = {"[8,8]", "[0,8,1]", "[8,0,1]", "[8,8,0]"};
	struct err e = {0};
	json_t *head = record_head("{\"thaw\":\"run 1\",\"layer_lr\":[null,0.5],\"model\":\"flatten | dense 10, softmax\",\"input\":[8,8,1],"
	    "\"validate\":0,\"watched\":[1],\"shuffle\":true,\"optimizer\":\"adam\",\"history\":[]}", &e);

	ck_assert_str_eq(fact(head, "validate"), "end");
	ck_assert_str_eq(fact(head, "by"), "batch");
	ck_assert_str_eq(fact(head, "shuffle"), "on");
	ck_assert_str_eq(fact(head, "input"), "8x8x1");
	ck_has(fact(head, "layer_lr"), "dense");
	ck_has(fact(head, "layer_lr"), "0.5");
	ck_assert(json_is_null(json_object_get(json_object_get(head, "facts"), "rho")));
	ck_assert_ptr_null(json_object_get(json_object_get(head, "facts"), "beta_1"));
	ck_assert_int_eq(json_integer_value(json_object_get(head, "epochs_done")), 0);
	json_decref(head);
	head = record_head("{\"thaw\":\"run 1\",\"layer_lr\":[0.5],\"model\":7,\"input\":[8,8,1],\"validate\":3}", &e);
	ck_assert_str_eq(fact(head, "validate"), "3");
	ck_assert_str_eq(fact(head, "by"), "epoch");
	ck_assert_str_eq(fact(head, "shuffle"), "off");
	ck_assert_ptr_null(json_object_get(json_object_get(head, "facts"), "rho"));
	json_decref(head);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		char *text = xasprintf("{\"thaw\":\"run 1\",\"layer_lr\":[0.5],\"model\":\"dense 3\",\"input\":%s}", shapes[i]);

		head = record_head(text, &e);
		ck_assert_ptr_null(fact(head, "input"));
		ck_assert_str_eq(fact(head, "validate"), "1");
		json_decref(head);
		free(text);
	}
}
END_TEST

START_TEST(record__read__refuses_what_is_damaged)
{
	static const char *const changes[][3] = {{"run 1", "run 2", "it was written by a newer thaw"},
	    {"run 1", "walk 1", "it is no record of a run"}, {"\"thaw\"", "\"what\"", "the record"}, {"{", "[", "the record"}, {"\"epochs\":2", "\"epochs\":\"2\"", "damaged ("},
	    {"\"epochs\":2", "\"epochs\":1", "damaged ("}, {"\"history\":[[", "\"history\":7,\"more\":[[", "damaged ("},
	    {"\"batches\":[[", "\"batches\":7,\"more\":[[", "damaged ("}, {"\"split\":\"", "\"split\":\"no", "damaged ("}};
	char *text = text_of(setup_run());
	size_t n = strlen(text);
	struct err e = {0};

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		const char *at = strstr(text, changes[i][0]);
		char *other;

		ck_assert_msg(at != NULL, "%s is not in %s", changes[i][0], text);
		other = xasprintf("%.*s%s%s", (int)(at - text), text, changes[i][1], at + strlen(changes[i][0]));
		ck_assert_msg(record_read(other, NULL, &e) == NULL, "takes %s", changes[i][1]);
		ck_has(e.text, changes[i][2]);
		free(other);
	}
	for (size_t i = n - 1; i-- > 0;) {
		text[i] = '\0';
		ck_assert_ptr_null(record_head(text, &e));
		if (i % 8 == 0)
			ck_assert_ptr_null(record_read(text, NULL, &e));
	}
	free(text);
	n = 12000001; /* one value more than any has */
	text = xmalloc(n + 1);
	memset(text, '[', n);
	text[n] = '\0';
	ck_assert_ptr_null(record_read(text, NULL, &e));
	ck_has(e.text, "it is no record of a run");
	free(text);
}
END_TEST

/* The record as JSON, with other values; NULL: without. */
static char *
changed(const char *text, const char *key, const char *value)
{
	json_t *o = json_loads(text, 0, NULL);
	char *out;

	if (value != NULL)
		json_object_set_new(o, key, json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(o, key);
	out = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(o);
	return out;
}

#define ROW "[0,1,1],"
#define ROWS ROW ROW ROW ROW ROW ROW ROW
#define HASH "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""

/* What not every record says. */
START_TEST(record__read__what_a_run_may_be_asked)
{
	static const char *const damaged[][3] = {{"watched", "7"}, {"watched", "[" ROWS ROWS ROWS "[0,1,1]]"}, {"watched", "[[0,1,2]]"},
	    {"watched", "[[9,1,1]]"}, {"schedule", "\"sideways\""}, {"turns", "7"}, {"turns", "[7]", "epoch"},
	    {"turns", "[{\"epoch\":0,\"lr\":1,\"layer_lr\":[]},{\"epoch\":0,\"lr\":1,\"layer_lr\":[]}]", "epoch"},
	    {"turns", "[{\"epoch\":3,\"lr\":1,\"layer_lr\":[]}]", "epoch"},
	    {"turns", "[{\"epoch\":0,\"lr\":null,\"layer_lr\":[]}]", "lr"},
	    {"turns", "[{\"epoch\":0,\"lr\":1,\"layer_lr\":[],\"schedule\":\"x\"}]", "schedule"}, {"schedule", "3"}, {"stop", "\"sometime\""}, {"begun", "\"12\""}, {"begun", "12"},
	    {"sample", "\"x\""}, {"batches", "[[0,1,1],[0,1]]"}, {"slots", HASH}};
	char *text = text_of(setup_run()), *other;
	struct err e = {0};
	struct run *r;

	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		char *says = xasprintf("the record is damaged (record: %s", damaged[i][damaged[i][2] != NULL ? 2 : 0]);

		other = changed(text, damaged[i][0], damaged[i][1]);
		ck_assert_msg(record_read(other, NULL, &e) == NULL, "takes %s", damaged[i][1]);
		ck_has(e.text, says);
		free(other);
		free(says);
	}
	other = changed(text, "watched", "[" ROWS ROWS ROW ROW ROW ROW ROW ROW "[0.5,0.25,1]]"); /* as many as there may be */
	r = record_read(other, NULL, &e);
	ck_assert_msg(r != NULL, "%s", e.text);
	ck_assert(r->by_batch && r->nwatched == RUN_WATCHED && r->watched[RUN_WATCHED - 1].loss == 0.25f);
	run_free(r);
	free(other);
	other = changed(text, "sample", "\"18446744073709551615\"");
	r = record_read(other, NULL, &e);
	ck_assert_msg(r != NULL && r->take.drawn && r->take.seed == UINT64_MAX, "%s", e.text);
	run_free(r);
	free(other);
	other = changed(text, "begun", "null");
	r = record_read(other, NULL, &e);
	ck_assert_msg(r != NULL && r->begun[0] == '\0', "%s", e.text);
	run_free(r);
	free(other);
	other = changed(text, "data", NULL); /* an older file: that of the session, which a record has not */
	r = record_read(other, NULL, &e);
	ck_assert_msg(r != NULL, "%s", e.text);
	ck_assert_str_eq(r->data, "");
	run_free(r);
	free(other);
	free(text);
}
END_TEST

/* Of a file that says where the run was interrupted. */
START_TEST(state__run__refuses_a_state_that_is_none)
{
#define LEFT "\"kernels\":\"fast\",\"trainable\":[true,false,true],\"rates\":[0,0.5,0]"
#define AT(iterations) "\"epoch\":1,\"step\":2,\"iterations\":\"" iterations "\",\"loss\":0.5,\"count\":16,\"correct\":8,"
	static const struct {
		const char *state, *bad;
	} states[] = {{"{" AT("9") LEFT "}", ""}, {"{" AT("9") LEFT ",\"data\":\"other\"}", ""}, {"{" AT("8") LEFT "}", "record: iterations"},
	    {"{" AT("9") "\"kernels\":\"fast\",\"trainable\":[true,false],\"rates\":[0,0,0]}", "record: state"},
	    {"{" AT("9") "\"kernels\":\"fast\",\"trainable\":[true,false,true],\"rates\":[0,0]}", "record: state"},
	    {"{" AT("9") "\"kernels\":\"fast\",\"trainable\":[true,false,true],\"rates\":[0,2,0]}", "record: rates"},
	    {"{" AT("9") "\"seconds\":2.5," LEFT "}", ""}, {"{" AT("9") "\"seconds\":-1," LEFT "}", "record: seconds"},
	    {"{" AT("9") "\"seconds\":\"2\"," LEFT "}", "record: seconds"},
	    {"{" AT("9") "\"kernels\":\"fast\"}", ""}};
	struct state st = {.plan.n = 3, .model = "flatten | dense 10, softmax", .in = {3, {8, 8, 1}}};
	const struct run *of = setup_run();
	char *text = text_of(of);
	json_t *o = json_loads(text, 0, NULL);
	size_t room;

	json_object_set_new(o, "run", json_integer(1));
	json_object_set_new(o, "threads", json_null());
	json_object_set_new(o, "cached", json_false());
	json_object_set_new(o, "cache_bytes", json_integer(0));
	json_object_set_new(o, "seconds", json_null());
	json_object_set_new(o, "interrupted", json_true());
	json_object_set_new(o, "slots", json_loads(HASH, JSON_DECODE_ANY, NULL));
	json_object_set_new(o, "slots_steps", json_string("9"));
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		struct reader r = {.part = "record"};
		struct run *run;

		room = STATE_BATCHES_MAX;
		json_object_set_new(o, "state", json_loads(states[i].state, 0, NULL));
		run = state_run_read(&r, o, &st, 0, &room);
		ck_assert_msg(strcmp(r.bad, states[i].bad) == 0, "%s: %s", states[i].state, r.bad);
		ck_assert_uint_eq(room, STATE_BATCHES_MAX - run->nbatch);
		if (*states[i].bad == '\0')
			ck_assert(run->partial_seconds == (strstr(states[i].state, "2.5") != NULL ? 2.5 : 0));
		if (i < 2) {
			ck_assert(run->left->trainable[0] && !run->left->trainable[1] && run->left->rate[1] == 0.5);
			ck_assert_str_eq(run->left->data, i == 0 ? run->data : "other");
		}
		run_free(run);
	}
	for (size_t less = 0; less < 2; less++) { /* the runs before it may have left less room than its points take */
		struct reader r = {.part = "record"};

		room = of->nbatch - less;
		run_free(state_run_read(&r, o, &st, 0, &room));
		ck_assert_str_eq(r.bad, less > 0 ? "record: batches" : "");
		ck_assert_uint_eq(room, less > 0 ? of->nbatch - less : 0);
	}
	json_decref(o);
	free(text);
}
END_TEST

START_TEST(record__read__whole_or_not_at_all)
{
	char *plain = text_of(setup_run()), *text = changed(plain, "watched", "[[0,1,1]]");
	int told = 0;

	for (int call = 1;; call++) {
		struct err e = {0};
		struct run *r;

		failing_at(FAILING_MEMORY, call, ENOMEM);
		r = record_read(text, NULL, &e);
		if (!failing_struck()) {
			ck_assert_ptr_nonnull(r);
			run_free(r);
			break;
		}
		if (r == NULL)
			ck_assert_str_eq(e.text, "not enough memory for the record of a run; close other programs");
		else
			ck_assert(r->nepoch == 2 && r->model != NULL && r->layers != NULL);
		told += r == NULL;
		run_free(r);
	}
	ck_assert_int_gt(told, 3);
	free(text);
	free(plain);
}
END_TEST

START_TEST(record__text__whole_or_not_at_all)
{
	struct run *r = setup_run();
	char *whole = text_of(r);
	int told = 0;

	r->begun[0] = '\0'; /* so that it is worked out of the weights */
	ck_assert_ptr_nonnull(r->before);
	for (int k = 2;; k++) {
		struct err e = {0};
		char *text;

		(k % 2 == 0 ? failing_at : failing_from)(FAILING_MEMORY, k / 2, ENOMEM);
		text = record_text(C.s, r, &e);
		if (!failing_struck()) {
			free(text);
			break;
		}
		if (text == NULL)
			ck_has(e.text, "not enough memory");
		else
			ck_assert_str_eq(text, whole);
		told += text == NULL;
		free(text);
	}
	ck_assert_int_gt(told, 20);
	free(whole);
}
END_TEST

START_TEST(record__keep__once_and_found_again)
{
	struct run *r = setup_run(), *found;
	struct store_names names = {0};
	struct err e = {0};
	char part[17] = "", hash[65];

	store_choose(&C.s->store, "kept");
	r->interrupted = true;
	record_keep(C.s, r);
	memcpy(hash, r->record, sizeof hash);
	ck_assert_uint_eq(strlen(hash), 64);
	r->interrupted = false; /* what came of its end is another record, and the only one */
	record_keep(C.s, r);
	record_keep(C.s, r);
	ck_assert_str_ne(hash, r->record);
	ck_assert_int_eq(store_list(&C.s->store, STORE_RUNS, &names, &e), 0);
	ck_assert_uint_eq(names.n, 1);
	store_names_free(&names);
	memcpy(part, r->record, 16);
	ck_assert_ptr_eq(record_find(C.s, part, &e), r);
	ck_assert_ptr_eq(record_find(C.s, "r1", &e), r);
	r->record[0] = '\0'; /* as in another session */
	found = record_find(C.s, part, &e);
	ck_assert_msg(found != NULL && found != r && found->number == 0 && found->nepoch == 2, "%s", e.text);
	ck_assert_ptr_eq(record_find(C.s, part, &e), found);
	ck_assert_ptr_null(record_find(C.s, "0123456789abcdef", &e));
	ck_has(e.text, "0123456789abcdef");
	/* one beside it, and one that is damaged */
	r->interrupted = true;
	record_keep(C.s, r);
	memcpy(hash, r->record, sizeof hash);
	r->record[0] = '\0';
	ck_assert_ptr_ne(record_find(C.s, hash, &e), found);
	ck_assert_ptr_eq(record_find(C.s, part, &e), found);
	ck_assert_int_eq(store_put(&C.s->store, "{\"thaw\":\"run 1\"}\n", hash, &e), 0);
	ck_assert_ptr_null(record_find(C.s, hash, &e));
	ck_has(e.text, "the record is damaged (");
}
END_TEST

/* What a run's data were: as its record says, or, where that is gone, as they are if they are still there. */
START_TEST(record__sha256__of_what_is_known)
{
	struct run *r = setup_run();
	struct err why = {0};
	json_t *o, *again;

	store_choose(&C.s->store, "kept");
	record_keep(C.s, r);
	o = record_sha256(C.s, r, &why);
	ck_assert_uint_eq(strlen(json_string_value(json_object_get(o, "train-images"))), 64);
	memset(r->record, 'a', 64);
	r->set = C.s->data.set->serial;
	again = record_sha256(C.s, r, &why);
	ck_assert(json_equal(o, again));
	json_decref(again);
	C.s->data.set->test.sha256_labels[0] = '\0';
	ck_assert(sums_wanted(C.s));
	sums_keep(C.s); /* a signal came while they were hashed */
	ck_assert_ptr_null(r->sums);
	again = record_sha256(C.s, r, &why); /* worked out again */
	ck_assert(json_equal(o, again));
	json_decref(again);
	ck_assert_str_eq(why.text, "");
	C.s->data.set->serial++; /* another of the same name */
	again = record_sha256(C.s, r, &why);
	ck_assert(json_is_null(again));
	ck_has(why.text, "the data that r1 was trained on were not hashed before others took their place");
	json_decref(again);
	ck_assert(!sums_wanted(C.s));
	C.s->data.set->serial--;
	sums_keep(C.s);
	data_choose(&C.s->data, "another");
	ck_assert(!sums_wanted(C.s));
	sums_keep(C.s);
	again = record_sha256(C.s, r, &why);
	ck_assert(json_equal(o, again));
	json_decref(again);
	json_decref(o);
	free(r->sums);
	r->sums = NULL;
	r->set = 0; /* as of a run that a file brought */
	o = record_sha256(C.s, r, &why);
	ck_assert(json_is_null(o));
	ck_has(why.text, "which data r1 was trained on is not known here");
	json_decref(o);
}
END_TEST

/* What is said of a run cannot be written, in a folder where no file can be made: then its record is not, either. */
START_TEST(record__keep__without_what_is_said_of_it)
{
	struct run *r = setup_run();

	ck_assert_int_eq(mkdir("kept", 0777), 0);
	ck_assert_int_eq(symlink("/proc/self/fdinfo", "kept/runs.about"), 0);
	store_choose(&C.s->store, "kept");
	capture_clear(&C);
	record_keep(C.s, r);
	ck_has(C.errors, "r1 is not kept: ");
	ck_has(C.errors, "runs.about");
	ck_assert(C.s->store.told);
	ck_assert_str_eq(r->record, "");
	ck_assert_int_eq(access("kept/runs", F_OK), -1);
}
END_TEST

/* Where it cannot be seen what is said of records, nothing is said of this one, and it is kept all the same. */
START_TEST(record__keep__beside_a_folder_that_leads_nowhere)
{
	struct run *r = setup_run();
	struct err e = {0};
	char *text;

	ck_assert_int_eq(mkdir("kept", 0777), 0);
	ck_assert_int_eq(symlink("runs.about", "kept/runs.about"), 0);
	store_choose(&C.s->store, "kept");
	record_keep(C.s, r);
	ck_assert_uint_eq(strlen(r->record), 64);
	text = store_get(&C.s->store, r->record, &e);
	ck_assert_msg(text != NULL, "%s", e.text);
	free(text);
}
END_TEST

START_TEST(record__keep__says_once_that_it_cannot)
{
	struct run *r = setup_run();

	scratch_write("file", "", 0);
	store_choose(&C.s->store, "file/kept");
	capture_clear(&C);
	record_keep(C.s, r);
	ck_has(C.errors, "r1 is not kept: ");
	ck_assert(r->record[0] == '\0' && C.s->store.told);
	capture_clear(&C);
	record_keep(C.s, r);
	ck_assert_str_eq(C.errors, "");
	unlink("file");
	record_keep(C.s, r);
	ck_assert(r->record[0] != '\0' && !C.s->store.told);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("record");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, captured_teardown);
	tcase_add_test(t, record__read__gives_what_was_written);
	tcase_add_test(t, record__text__says_why_a_run_ended);
	tcase_add_test(t, record__text__says_what_is_known);
	tcase_add_test(t, record__head__tells_what_is_looked_for);
	tcase_add_test(t, record__read__refuses_what_is_damaged);
	tcase_add_test(t, record__read__what_a_run_may_be_asked);
	tcase_add_test(t, state__run__refuses_a_state_that_is_none);
	tcase_add_test(t, record__read__whole_or_not_at_all);
	tcase_add_test(t, record__text__whole_or_not_at_all);
	tcase_add_test(t, record__keep__once_and_found_again);
	tcase_add_test(t, record__sha256__of_what_is_known);
	tcase_add_test(t, record__keep__without_what_is_said_of_it);
	tcase_add_test(t, record__keep__beside_a_folder_that_leads_nowhere);
	tcase_add_test(t, record__keep__says_once_that_it_cannot);
	suite_add_tcase(s, t);
	return run_suite(s);
}
