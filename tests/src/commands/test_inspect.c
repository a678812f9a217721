/* test_inspect.c: what commands say of the data and the model: figures that agree with one another, in each mode of
 * output. */
#include "past/trait.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define SMALL "timing off; build \"max_pooling2d 2, flatten | dense 16, relu, dense 5, softmax\"; "

static void
run_refused(const char *line, const char *says)
{
	ck_assert_msg(capture_run(&C, line) == 1, "%s is not refused: %s", line, C.text);
	ck_has(C.errors, says);
}

/* A model whose weights are NaN after one step, which is the last of its run. */
#define DIVERGED "timing off; build \"flatten | dense 4, relu, dense 5, softmax\"; train gte5 limit=128 epochs=1 " \
	"optimizer=adam epsilon=0 verbose=0; "

START_TEST(nan__is_nan_in_text_and_csv_and_null_in_json)
{
	static const char *const lines[] = {"eval", "predict test:7", "show test:7", "show gte5 n=2", "history", "runs",
	    "diff", "print val_loss", "export csv"};

	for (enum out_mode mode = OUT_TABLE; mode <= OUT_JSON; mode++) {
		C.out->mode = mode;
		captured_ok(DIVERGED);
		ck_has(C.text, mode == OUT_TABLE ? "Test score: nan\n" : mode == OUT_CSV ? ",nan,\n" : "\"val_loss\":null");
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
			captured_ok(lines[i]);
			ck_lacks(C.text, "-nan");
			ck_lacks(C.text, "2147483648");
			if (mode != OUT_JSON && i + 1 < sizeof lines / sizeof *lines)
				ck_has(C.text, mode == OUT_CSV && i == 7 ? "" : "nan");
			else if (mode == OUT_JSON && i + 1 < sizeof lines / sizeof *lines)
				ck_has(C.text, i == 7 ? "[null]" : ":null");
		}
	}
}
END_TEST

START_TEST(nan__frozen_layer__has_not_moved)
{
	captured_ok(DIVERGED "freeze dense");
	ck_assert_int_eq(capture_run(&C, "train lt5 limit=128 epochs=1 verbose=0"), 1);
	captured_ok("assert frozen_delta == 0; print frozen_delta");
	ck_assert_str_eq(C.text, "0.0\n");
}
END_TEST

/* The n-th line of what was printed, as JSON; borrowed until the next call. */
static const json_t *
event(int n)
{
	static json_t *last;
	const char *p = C.text;
	json_error_t why;

	for (; n > 0 && p != NULL; n--)
		if ((p = strchr(p, '\n')) != NULL)
			p++;
	ck_assert_msg(p != NULL && *p != '\0', "too few lines: %s", C.text);
	json_decref(last);
	last = json_loads(p, JSON_DISABLE_EOF_CHECK, &why);
	ck_assert_msg(last != NULL, "%s: %s", why.text, p);
	return last;
}

static double
num(const json_t *o, const char *key)
{
	ck_assert_msg(json_is_number(json_object_get(o, key)), "no number %s", key);
	return json_number_value(json_object_get(o, key));
}

static const char *
str(const json_t *o, const char *key)
{
	ck_assert_msg(json_is_string(json_object_get(o, key)), "no string %s", key);
	return json_string_value(json_object_get(o, key));
}

/* A grey PNG, rows stored with filter 0. */
static void
write_png(const char *name, const uint8_t *grey, uint32_t h, uint32_t w)
{
	size_t raw = (size_t)h * (w + 1), n = 0;
	uint8_t *rows = xmalloc(raw), *file = xmalloc(raw + 4096);
	uLongf packed = (uLongf)raw + 2048;
	uint8_t head[13] = {(uint8_t)(w >> 24), (uint8_t)(w >> 16), (uint8_t)(w >> 8), (uint8_t)w, (uint8_t)(h >> 24),
	    (uint8_t)(h >> 16), (uint8_t)(h >> 8), (uint8_t)h, 8, 0, 0, 0, 0};
	uint8_t *z = xmalloc(packed);

	for (uint32_t y = 0; y < h; y++) {
		rows[y * (w + 1)] = 0;
		memcpy(rows + y * (w + 1) + 1, grey + (size_t)y * w, w);
	}
	ck_assert_int_eq(compress(z, &packed, rows, raw), Z_OK);
	memcpy(file, "\x89PNG\r\n\x1a\n", 8);
	n = 8;
	for (int c = 0; c < 3; c++) {
		const uint8_t *data = c == 0 ? head : z;
		uint32_t len = c == 0 ? 13 : c == 1 ? (uint32_t)packed : 0, crc;

		for (int i = 0; i < 4; i++)
			file[n++] = (uint8_t)(len >> (24 - 8 * i));
		memcpy(file + n, c == 0 ? "IHDR" : c == 1 ? "IDAT" : "IEND", 4);
		memcpy(file + n + 4, data, len);
		crc = (uint32_t)crc32(0, file + n, len + 4);
		n += 4 + len;
		for (int i = 0; i < 4; i++)
			file[n++] = (uint8_t)(crc >> (24 - 8 * i));
	}
	scratch_write(name, file, n);
	free(rows);
	free(file);
	free(z);
}

START_TEST(eval__agrees__with_validation)
{
	double loss, accuracy;
	const json_t *j;

	captured_ok(SMALL "train gte5 limit=600 epochs=2 verbose=0");
	loss = runs_last(&C.s->runs)->epoch[1].val_loss;
	accuracy = runs_last(&C.s->runs)->epoch[1].val_accuracy;
	captured_ok("mode json; eval gte5");
	j = event(0);
	ck_assert_str_eq(str(j, "event"), "eval");
	ck_assert_str_eq(str(j, "on"), "test");
	ck_assert(num(j, "n") == 4861);
	ck_assert(num(j, "loss") == loss && num(j, "accuracy") == accuracy);
	ck_assert(C.s->runs.results.loss == loss && C.s->runs.results.accuracy == accuracy);
	captured_ok("eval gte5 on=train");
	ck_assert(num(event(0), "n") == 29404);
	captured_ok("mode csv; eval");
	ck_has(C.text, "event,split,on,n,loss,accuracy,data\neval,gte5,test,4861,");
	ck_has(C.text, ",mnist\n");
	captured_ok("mode table; eval gte5");
	ck_has(C.text, "Test score: ");
	ck_lacks(C.text, "note:");
	captured_ok("eval lt5");
	ck_has(C.text, "last trained on gte5, not on lt5");
	captured_ok("eval digits=5,6");
	ck_has(C.text, "2 digits, the model 5 output units");
	run_refused("eval all", "build classes=10");
}
END_TEST

START_TEST(eval__report__adds_up)
{
	double support = 0, hits = 0, accuracy;

	captured_ok(SMALL "train gte5 limit=600 epochs=3 verbose=0; mode json");
	captured_ok("eval gte5 report");
	accuracy = num(event(0), "accuracy");
	for (int i = 0; i < 5; i++) {
		const json_t *j = event(1 + i);
		double p = num(j, "precision"), r = num(j, "recall"), f1 = num(j, "f1");

		ck_assert_str_eq(str(j, "event"), "report");
		ck_assert(num(j, "digit") == 5 + i);
		ck_assert(p >= 0 && p <= 1 && r >= 0 && r <= 1);
		ck_assert(fabs(f1 - (p + r > 0 ? 2 * p * r / (p + r) : 0)) < 1e-12);
		support += num(j, "support");
		hits += r * num(j, "support");
	}
	ck_assert(support == 4861);
	ck_assert(fabs(hits / support - accuracy) < 1e-9);
}
END_TEST

START_TEST(predict__names__digits_once_trained)
{
	const json_t *j, *p, *v;
	const char *key;
	double sum = 0;

	captured_ok(SMALL "mode json");
	captured_ok("predict");
	j = event(0);
	ck_assert_str_eq(str(j, "image"), "test:0");
	ck_assert_str_eq(str(j, "names"), "units");
	ck_assert_ptr_nonnull(json_object_get(json_object_get(j, "probabilities"), "0"));
	captured_ok("train gte5 limit=600 epochs=2 verbose=0");
	captured_ok("predict last");
	j = event(0);
	ck_assert(num(j, "label") == 7);
	ck_assert_str_eq(str(j, "names"), "digits");
	p = json_object_get(j, "probabilities");
	ck_assert_uint_eq(json_object_size(p), 5);
	json_object_foreach((json_t *)p, key, v) {
		ck_assert_msg(key[0] >= '5' && key[0] <= '9', "unit named %s", key);
		sum += json_number_value(v);
	}
	ck_assert(fabs(sum - 1) < 1e-5);
	captured_ok("mode table; predict train:1 top=2"); /* a 0, which gte5 does not know */
	ck_has(C.text, "train:1  label 0");
	ck_has(C.text, "it cannot name a 0");
	run_refused("predict test:10000", "test:0 to test:9999");
	run_refused("predict train:99999999999999999999", "train:0 to train:59999");
}
END_TEST

/* Probabilities of a picture as text, so that they compare exactly. */
static char *
probabilities(const char *line)
{
	char *text;

	captured_ok(line);
	text = json_dumps(json_object_get(event(0), "probabilities"), JSON_COMPACT | JSON_SORT_KEYS);
	ck_assert_ptr_nonnull(text);
	return text;
}

START_TEST(predict__png__as_the_same_picture_of_the_data)
{
	uint8_t big[56 * 56], paper[28 * 28], wide[28 * 60] = {0};
	const uint8_t *grey;
	char *expect, *got[4];

	captured_ok(SMALL "train gte5 limit=600 epochs=1 verbose=0; mode json");
	expect = probabilities("predict test:12");
	grey = C.s->data.set->test.images.pixels + 12 * 784;
	for (int i = 0; i < 56 * 56; i++)
		big[i] = grey[i / 56 / 2 * 28 + i % 56 / 2];
	for (int i = 0; i < 784; i++)
		paper[i] = 255 - grey[i];
	for (int i = 0; i < 28 * 60; i++)
		wide[i] = i / 60 < 28 && i % 60 >= 16 && i % 60 < 44 ? grey[i / 60 * 28 + i % 60 - 16] : 0;
	write_png("same.png", grey, 28, 28);
	write_png("big.png", big, 56, 56);
	write_png("paper.png", paper, 28, 28);
	write_png("wide.png", wide, 28, 60);
	got[0] = probabilities("predict same.png");
	got[1] = probabilities("predict big.png");
	got[2] = probabilities("predict paper.png");
	got[3] = probabilities("predict last");
	for (int i = 0; i < 4; i++) {
		ck_assert_str_eq(got[i], expect);
		free(got[i]);
	}
	ck_assert(json_is_null(json_object_get(event(0), "label")));
	captured_ok("mode table; predict paper.png");
	ck_has(C.text, "paper.png was brought to the form of the data: inverted");
	captured_ok("show wide.png");
	scratch_write("no.png", "not a picture", 13);
	run_refused("predict no.png", "no.png");
	run_refused("predict nowhere.png", "nowhere.png");
	run_refused("predict ./nowhere.gif", "nowhere.gif");
	free(expect);
}
END_TEST

START_TEST(show__lists__what_was_asked_for)
{
	int wrong = 0;

	captured_ok(SMALL "train gte5 limit=600 epochs=2 verbose=0; mode json");
	captured_ok("show gte5 n=30 digit=8");
	for (int i = 0; i < 30; i++)
		ck_assert(num(event(i), "label") == 8);
	captured_ok("show gte5 wrong n=7");
	for (int i = 0; i < 7; i++) {
		const json_t *j = event(i);

		wrong += num(j, "label") != num(j, "predicted");
	}
	ck_assert_int_eq(wrong, 7);
	run_refused("show gte5 digit=3", "no image of gte5 shows a 3");
	captured_ok("mode table; set glyphs ascii; show gte5 n=12; show test:3");
	for (const char *p = C.text; *p != '\0'; p++)
		ck_assert_msg((unsigned char)*p < 0x80, "not ASCII: %s", p);
	ck_has(C.text, "#0 7");
	ck_has(C.text, "test:3  label 0");
}
END_TEST

START_TEST(show__wrong__judges_first_weights_as_confused_does)
{
	captured_ok(SMALL "mode csv; show test:3");
	ck_has(C.text, "\nimage,test:3,0,,\n"); /* untrained units name no digit, so none has a probability */
	C.out->mode = OUT_TABLE;
	captured_ok(SMALL "show gte5 wrong n=3");
	ck_has(C.text, "3 wrong of the first");
	captured_ok("show gte5 wrong n=3 digit=7");
	ck_has(C.text, "wrong ones of 7, gte5 test  the first 3; ");
	ck_has(C.text, " looked at");
	ck_lacks(C.text, "wrong of the first");
	captured_ok("show gte5 n=3 digit=7");
	ck_has(C.text, "images of 7, gte5 test  ");
	captured_ok("show gte5 wrong digit=5 n=1000");
	ck_lacks(C.text, "of the first"); /* all were looked at */
	ck_has(C.text, "this is what its first weights say");
	captured_ok("train gte5 limit=100 epochs=1 verbose=0; undo; confused gte5");
	ck_has(C.text, "this is what its first weights say");
	captured_ok("show gte5 wrong n=3");
	ck_has(C.text, "this is what its first weights say");
	captured_ok("show gte5 n=3");
	ck_has(C.text, "not trained yet");
}
END_TEST

START_TEST(diff__counts__what_moved)
{
	float *w;
	const json_t *j;

	captured_ok(SMALL "snapshot a");
	w = nn_net_weights_edit(capture_net(&C));
	w[3] += 0.5f;
	w[7] = -w[7];
	nn_net_changed(capture_net(&C));
	captured_ok("mode json");
	captured_ok("diff @a");
	j = event(0);
	ck_assert_str_eq(str(j, "layer"), "dense");
	ck_assert(num(j, "changed") == 2 && num(j, "count") == 3152 && fabs(num(j, "max_abs") - 0.5) < 1e-6);
	j = event(1);
	ck_assert(num(j, "changed") == 0 && num(j, "max_abs") == 0);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(j, "sha256"), 0)),
	    json_string_value(json_array_get(json_object_get(j, "sha256"), 1)));
	captured_ok("diff init @a"); /* nothing had happened between the two */
	ck_assert(num(event(0), "changed") == 0);
	w = nn_net_weights_edit(capture_net(&C));
	w[0] = NAN;
	nn_net_changed(capture_net(&C));
	captured_ok("diff @a dense");
	ck_assert(json_is_null(json_object_get(event(0), "max_abs")));
	captured_ok("mode table; diff @a dense_1");
	ck_has(C.text, "layer                trainable   max|d|      changed\ndense_1 (Dense)      Y           0       "
	    "    0 / 85           bit-identical\n");
	run_refused("diff", "nothing to compare with yet");
	run_refused("diff @b", "no snapshot @b; there are @a");
	run_refused("diff @a flatten", "flatten has no weights");
	run_refused("snapshot \"a b\"", "no name for a snapshot");
	run_refused("snapshot @", "no name for a snapshot");
}
END_TEST

START_TEST(diff__default__is_the_last_run)
{
	captured_ok(SMALL "train gte5 limit=300 epochs=1 verbose=0; freeze dense; train lt5 limit=300 epochs=1 verbose=0");
	captured_ok("diff");
	ck_has(C.text, "dense (Dense)        N           0           0 / 3,152        bit-identical\n");
	ck_has(C.text, "85 / 85\n");
	captured_ok("diff r1 r2 dense_1");
	ck_has(C.text, "85 / 85\n");
	captured_ok("unfreeze dense; diff init r1");
	ck_has(C.text, " weights of dense did not move although the layer trains: the gradient was 0, as "); /* in dark corners */
	ck_has(C.text, "That is not \"frozen\"\n");
	captured_ok("build dense=8");
	run_refused("diff r1", "r1 was of another model");
	run_refused("diff", "before r2 are not kept");
}
END_TEST

START_TEST(runs__and_history__in_each_mode)
{
	run_refused("runs", "train gte5");
	run_refused("history", "train gte5");
	captured_ok(SMALL "train gte5 limit=300 epochs=3 verbose=0; freeze dense; train digits=1,7 limit=300 epochs=1 "
	    "verbose=0");
	captured_ok("runs");
	ck_has(C.text, "r1  gte5          300      3 adadelta  1.0");
	ck_has(C.text, "digits=1,7");
	captured_ok("history r1");
	ck_has(C.text, "\n3   ");
	captured_ok("mode csv; history r1");
	ck_assert_ptr_eq(strstr(C.text, "event,run,epoch,accuracy,loss,val_accuracy,val_loss,seconds\nepoch,1,1,"), C.text);
	captured_ok("mode json; runs");
	ck_assert_str_eq(str(event(1), "split"), "digits=1,7");
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(event(1), "frozen"), 0)), "dense");
	ck_assert(json_is_null(json_object_get(event(1), "seconds")));
	ck_assert_uint_eq(strlen(str(event(0), "weights")), 64);
	captured_ok("history r2");
	ck_assert(num(event(0), "run") == 2 && num(event(0), "epoch") == 1);
	run_refused("history r7", "r1 to r2");
}
END_TEST

START_TEST(data__info__counts)
{
	const json_t *j, *counts;

	captured_ok("mode json; data info lt5");
	j = event(0);
	counts = json_object_get(j, "counts");
	ck_assert(num(j, "train") == 30596 && num(j, "test") == 5139);
	ck_assert_uint_eq(json_object_size(counts), 5);
	ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(counts, "0"), 0)), 5923);
	ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(counts, "0"), 1)), 980);
	/* The mean that everyone who normalises MNIST knows. */
	captured_ok("data info");
	ck_assert(fabs(num(event(0), "mean") - 0.1307) < 5e-5);
	run_refused("data nowhere", "no data set or folder \"nowhere\"");
	ck_assert_str_eq(C.s->data.name, "mnist");
	captured_ok("mode table; data");
	ck_has(C.text, "data mnist: 60,000 training and 10,000 test images of 28x28x1, 10 classes\n");
}
END_TEST

/* A run's traits are columns for programs; figures of a run that help names are names of conditions. */
START_TEST(runs__csv__has_a_column_of_each_trait)
{
	char *head;

	captured_ok("build \"flatten | dense 5, softmax\"; train lt5 limit=64 epochs=1 optimizer=sgd momentum=0.5 lr=0.1 verbose=0; mode csv");
	captured_ok("runs");
	head = xstrndup(C.text, strcspn(C.text, "\n"));
	for (int i = 0; i < TRAITS && traits[i].figure == NULL; i++) { /* those come first */
		char *column = xasprintf(",%s,", traits[i].name), *end = xasprintf(",%s", traits[i].name), *at = strstr(head, column);

		ck_assert_msg(at != NULL || strcmp(head + strlen(head) - strlen(end), end) == 0, "no column %s in %s", end, head);
		ck_assert_msg(at == NULL || strstr(at + 1, column) == NULL, "%s twice in %s", column, head);
		free(column);
		free(end);
	}
	free(head);
	ck_has(C.text, ",0.5,");
	captured_ok("mode table");
	RUN_LINES({"assert r1.steps == 1 and not r1.interrupted and not r1.cached and r1.first_epoch == 0 and r1.threads > 0", 0, NULL},
	    {"assert r1.threads == 0", 3, "r1.threads = "});
}
END_TEST

/* The scores of classes are those of the last eval, as its accuracy is, with a report or without. */
START_TEST(eval__classes__are_scored_without_a_report)
{
	captured_ok("build \"flatten | dense 5, softmax\"; train lt5 limit=64 epochs=1 verbose=0; eval lt5; assert recall(3) >= 0");
	captured_ok("eval lt5 on=train; assert recall(3) >= 0");
	RUN_LINES({"eval gte5; assert recall(3) >= 0 and recall(7) >= 0", 0, "gte5 test"},
	    {"eval gte5 report; assert recall(3) >= 0", 1, "recall(3) is not known yet; `eval lt5` and `confusion` tell it"});
}
END_TEST

START_TEST(history__several__is_one_table_for_programs)
{
	captured_ok("build \"flatten | dense 5, softmax\"; train lt5 limit=64 epochs=2 verbose=0; train lt5 limit=64 epochs=1 lr=0.5:cosine "
	    "watch=gte5 verbose=0");
	captured_ok("history all");
	ck_has(C.text, "r1 lt5\n");
	ck_has(C.text, "r2 lt5, watching gte5\n");
	captured_ok("mode csv; history all");
	ck_has(C.text, "event,run,epoch,accuracy,loss,val_accuracy,val_loss,lr,watch_accuracy,watch_loss,seconds\nepoch,1,1,");
	ck_has(C.text, ",1.0,,,");
	ck_has(C.text, "\nepoch,2,1,");
	ck_assert_ptr_null(strstr(strchr(C.text, '\n'), "event,"));
	captured_ok("history r2 r1");
	ck_has(C.text, "epoch,2,1,");
	ck_assert_ptr_nonnull(strstr(strstr(C.text, "epoch,2,1,"), "\nepoch,1,2,"));
	captured_ok("mode table");
	captured_refused("history r2 r7", "no run r7");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("inspect");
	TCase *t = tcase_create("inspect");

	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, nan__is_nan_in_text_and_csv_and_null_in_json);
	tcase_add_test(t, nan__frozen_layer__has_not_moved);
	tcase_add_test(t, eval__agrees__with_validation);
	tcase_add_test(t, eval__report__adds_up);
	tcase_add_test(t, eval__classes__are_scored_without_a_report);
	tcase_add_test(t, history__several__is_one_table_for_programs);
	tcase_add_test(t, runs__csv__has_a_column_of_each_trait);
	tcase_add_test(t, predict__names__digits_once_trained);
	tcase_add_test(t, predict__png__as_the_same_picture_of_the_data);
	tcase_add_test(t, show__lists__what_was_asked_for);
	tcase_add_test(t, show__wrong__judges_first_weights_as_confused_does);
	tcase_add_test(t, diff__counts__what_moved);
	tcase_add_test(t, diff__default__is_the_last_run);
	tcase_add_test(t, runs__and_history__in_each_mode);
	tcase_add_test(t, data__info__counts);
	suite_add_tcase(s, t);
	return run_suite(s);
}
