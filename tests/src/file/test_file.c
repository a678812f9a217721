/* test_file.c: what is written to files and read from them: strictly, and to the same bits. */
#include "file/tensors.h"
#include "script/exec.h"
#include "util/sha256.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/src/scratch.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- sessions ---- */

static struct capture C;

#define SMALL "timing off; build \"conv2d 2 5, relu, max_pooling2d 4, dropout .25, flatten | dense 8, relu, dropout .5, dense 5, softmax\"; "

static void
setup(void)
{
	scratch_setup();
	capture_open(&C);
}

static void
teardown(void)
{
	capture_close(&C);
	scratch_teardown();
}

static void
run_ok(struct capture *c, const char *line)
{
	ck_assert_msg(capture_run(c, line) == 0, "%s: %s", line, c->errors);
}

static void
run_refused(struct capture *c, const char *line, const char *says)
{
	ck_assert_msg(capture_run(c, line) == 1, "%s is not refused: %s", line, c->text);
	ck_has(c->errors, says);
	ck_assert_ptr_eq(strchr(c->errors, '\n'), c->errors + strlen(c->errors) - 1);
}

static void
hash(struct session *s, char out[65])
{
	sha256_hex(nn_net_weights(s->model.net), nn_net_params(s->model.net) * sizeof(float), out);
}

START_TEST(file__load__brings_everything_back)
{
	uint8_t *a, *b;
	size_t n, m;

	run_ok(&C, SMALL "train gte5 limit=200 epochs=2; freeze features; set dropout.rate 0.3; set batch 64; lr head "
	    "0.25; save a.safetensors");
	capture_close(&C);
	capture_open(&C);
	run_ok(&C, "timing off; load a.safetensors");
	ck_assert_int_eq(capture_nruns(&C), 1);
	ck_assert_int_eq(C.s->set.run.batch, 64);
	ck_assert_int_eq(C.s->model.features, 5);
	ck_assert_uint_eq(C.s->runs.next_epoch, 2);
	ck_assert_str_eq(C.s->model.trained.name, "gte5");
	ck_assert(!nn_net_layer(capture_net(&C), 0)->trainable && nn_net_layer(capture_net(&C), 5)->trainable);
	ck_assert(nn_net_layer(capture_net(&C), 3)->rate == 0.3);
	ck_assert(isnan(C.s->set.run.layer_lr[0]) && C.s->set.run.layer_lr[8] == 0.25f);
	run_ok(&C, "diff r1");
	ck_has(C.text, "bit-identical");
	run_ok(&C, "save b.safetensors");
	a = scratch_read("a.safetensors", &n);
	b = scratch_read("b.safetensors", &m);
	ck_assert_uint_eq(n, m);
	ck_assert_mem_eq(a, b, n);
	free(a);
	free(b);
}
END_TEST

/* A new session in place of the last, with the data that is read once. */
static void
again(void)
{
	capture_close(&C);
	capture_open(&C);
	capture_share(&C);
}

static void
wait_for(struct session *s, int epoch)
{
	struct pollfd p = {job_wake_fd(&s->worker), POLLIN, 0};

	while (s->worker.job != NULL && (epoch == 0 || job_view(&s->worker)->epoch < epoch)) {
		ck_assert_int_eq(poll(&p, 1, 60000), 1);
		session_tick(s);
	}
}

START_TEST(file__load__resumes_to_the_same_bits)
{
	static const char *const optimizer[] = {"adadelta", "adam", "sgd momentum=0.9"};
	char line[128], whole[65];

	for (int i = 0; i < 3; i++) {
		struct err e = {0};

		snprintf(line, sizeof line, "train gte5 limit=200 epochs=6 batch=8 verbose=0 validate=3 optimizer=%s",
		    optimizer[i]);
		again();
		run_ok(&C, SMALL "freeze conv2d");
		run_ok(&C, line);
		strcpy(whole, runs_last(&C.s->runs)->sha256);
		/* on a busy machine the run may be over before this thread sees epoch 3 */
		for (int tries = 0; tries < 50; tries++) {
			again();
			run_ok(&C, SMALL "freeze conv2d");
			capture_async(&C);
			run_ok(&C, line);
			wait_for(C.s, 3);
			if (job_stop(&C.s->worker, &C.s->runs, &e) == 0)
				break;
		}
		wait_for(C.s, 0);
		C.s->user.async = false;
		ck_assert(runs_last(&C.s->runs)->interrupted);
		run_ok(&C, "save cut.safetensors");
		again();
		run_ok(&C, "load cut.safetensors; resume");
		ck_assert_str_eq(runs_last(&C.s->runs)->sha256, whole);
		ck_assert_int_eq(runs_last(&C.s->runs)->nepoch, 6);
		run_ok(&C, "assert frozen_delta == 0; diff");
		ck_has(C.text, "bit-identical");
	}
}
END_TEST

/* With a goal, a schedule, a checkpoint and what is watched: cut behind many a batch, to the same bits and figures. */
START_TEST(file__load__resumes_what_train_was_asked)
{
	static const char line[] = "train lt5 limit=160 epochs=9 batch=32 verbose=0 watch=gte5 by=batch validate=2 "
	    "stop=watch_loss:patience=2 lr=10:step=2,0.5 checkpoint=best:best.safetensors";
	static const char small[] = "timing off; build \"max_pooling2d 4, flatten | dense 5, softmax\"";
	char whole[65], *history;
	uint32_t batches;

	again();
	run_ok(&C, small);
	run_ok(&C, line);
	strcpy(whole, runs_last(&C.s->runs)->sha256);
	ck_assert_int_lt(run_stands(runs_last(&C.s->runs)), runs_last(&C.s->runs)->nepoch);
	batches = (uint32_t)runs_last(&C.s->runs)->nbatch;
	run_ok(&C, "mode json; history; mode table");
	history = strdup(C.text);
	for (uint32_t cut = 1; cut < batches; cut += cut < 4 ? 3 : 12) {
		again();
		run_ok(&C, small);
		C.s->worker.steps = cut;
		capture_run(&C, line);
		ck_assert(runs_last(&C.s->runs)->interrupted);
		run_ok(&C, "save cut.safetensors");
		remove("best.safetensors");
		again();
		run_ok(&C, "timing off; load cut.safetensors; resume");
		ck_has(C.text, "`resume checkpoint=best:best.safetensors`");
		ck_assert_int_ne(access("best.safetensors", F_OK), 0);
		ck_assert_str_eq(runs_last(&C.s->runs)->sha256, whole);
		ck_assert_int_eq(runs_last(&C.s->runs)->nwatched, 5);
		run_ok(&C, "mode json; history; mode table");
		ck_assert_str_eq(C.text, history);
	}
	free(history);
}
END_TEST

/* A damaged file is refused with the session as before, or does no harm. One bit of each thirteenth byte; FAULTS=all: third. */
START_TEST(file__load__a_flipped_bit_changes_nothing_or_is_sound)
{
	char before[65], after[65];
	size_t n, refused = 0, each = getenv("FAULTS") != NULL ? 3 : 13;
	uint8_t *p;

	again();
	run_ok(&C, "timing off; build \"max_pooling2d 14, flatten | dense 5, softmax\"; train gte5 limit=64 epochs=1 "
	    "batch=32; save a.safetensors");
	run_ok(&C, "build \"max_pooling2d 14, flatten | dense 4, relu, dense 5, softmax\"; train lt5 limit=64 "
	    "epochs=1; freeze head");
	p = scratch_read("a.safetensors", &n);
	hash(C.s, before);
	for (size_t i = 0; i < n; i += each) {
		p[i] ^= (uint8_t)(1 << i * 5 % 8);
		scratch_write("flip.safetensors", p, n);
		p[i] ^= (uint8_t)(1 << i * 5 % 8);
		if (capture_run(&C, "load flip.safetensors") == 0) {
			/* Sound: it can be used. Then back to where we were. */
			run_ok(&C, "eval lt5; runs");
			run_ok(&C, "build \"max_pooling2d 14, flatten | dense 4, relu, dense 5, softmax\"; train lt5 "
			    "limit=64 epochs=1; freeze head");
			hash(C.s, before);
			continue;
		}
		refused++;
		ck_has(C.errors, "flip.safetensors");
		ck_assert_ptr_eq(strchr(C.errors, '\n'), C.errors + strlen(C.errors) - 1);
		hash(C.s, after);
		ck_assert_str_eq(before, after);
		ck_assert_int_eq(nn_net_count(capture_net(&C)), 6);
		ck_assert(!nn_net_layer(capture_net(&C), 2)->trainable);
		ck_assert_str_eq(runs_last(&C.s->runs)->split.name, "lt5");
	}
	ck_assert_uint_gt(refused, n / each / 3);
	free(p);
}
END_TEST

/* The header of a saved session with one piece of its text replaced. */
static void
doctor(const char *from, const char *to, const char *old, const char *new)
{
	size_t n, length = 0, at;
	uint8_t *p = scratch_read(from, &n), *q;
	char *header, *found;

	for (int i = 0; i < 8; i++)
		length |= (size_t)p[i] << (8 * i);
	header = xstrndup((char *)p + 8, length);
	found = strstr(header, old);
	ck_assert_msg(found != NULL, "no \"%s\" in %s", old, header);
	at = (size_t)(found - header);
	q = xmalloc(n + strlen(new));
	length += strlen(new) - strlen(old);
	for (int i = 0; i < 8; i++)
		q[i] = (uint8_t)(length >> (8 * i));
	memcpy(q + 8, header, at);
	memcpy(q + 8 + at, new, strlen(new));
	memcpy(q + 8 + at + strlen(new), p + 8 + at + strlen(old), n - 8 - at - strlen(old));
	scratch_write(to, q, n + strlen(new) - strlen(old));
	free(header);
	free(p);
	free(q);
}

/* Small values, of which each takes many times its text. */
static char brackets[3000];

START_TEST(file__load__metadata_that_lie)
{
	static const struct {
		const char *old, *new, *says;
	} lies[] = {
	    {"\"thaw\":\"1\"", "\"thaw\":\"2\"", "newer thaw"},
	    {"dense 8", "dense 2000000000", "model"},
	    {"dense 8", "dense 800", "has"}, /* more weights than the file */
	    {"dense 8", "dense 7", "dense.kernel is"},
	    {"conv2d 2 5", "conv9d 2 5", "damaged"},
	    {"\\\"input\\\":[28,28,1]", "\\\"input\\\":[28,28]", "input"},
	    {"\\\"input\\\":[28,28,1]", "\\\"input\\\":[100000,28,1]", "input"},
	    {"\\\"features\\\":5", "\\\"features\\\":99", "features"},
	    {"\\\"trainable\\\":[true,", "\\\"trainable\\\":[", "trainable"},
	    {"\\\"seed\\\":\\\"1337\\\"", "\\\"seed\\\":\\\"99999999999999999999\\\"", "seed"},
	    {"\\\"trained\\\":\\\"gte5\\\"", "\\\"trained\\\":\\\"gte55\\\"", "trained"},
	    {"\\\"next_epoch\\\":2", "\\\"next_epoch\\\":-2", "next_epoch"},
	    {"\\\"batch\\\":\\\"128\\\"", "\\\"batch\\\":\\\"0\\\"", "batch"},
	    {"\\\"optimizer\\\":\\\"adadelta\\\"", "\\\"optimizer\\\":\\\"magic\\\"", "optimizer"},
	    {"\\\"epochs\\\":2", "\\\"epochs\\\":1", "history"},
	    {"\\\"run\\\":1", "\\\"run\\\":0", "run"},
	    {"\\\"run\\\":1", "\\\"run\\\":2147483646", "run"}, /* none could come behind it */
	    {"\\\"train\\\":200", "\\\"train\\\":\\\"200\\\"", "train"},
	    {"\\\"history\\\":[[", "\\\"history\\\":[[1,", "history"},
	    {"\\\"batches\\\":[[", "\\\"batches\\\":[[9,1,1],[", "batches"},
	    {"\\\"interrupted\\\":false", "\\\"interrupted\\\":true", "epoch"},
	    {"\"runs\":\"[", "\"runs\":\"[[", "no JSON"},
	    {"\"settings\":\"", "\"setting\":\"", "settings"},
	    {"\"settings\":\"{", brackets, "settings: too long"},
	    {"\\\"input\\\":[28,28,1]", "\\\"input\\\":28", "input"},
	    {"\\\"input\\\":[28,28,1]", "\\\"input\\\":[28,28,4]", "input"},
	    {"\\\"seed\\\":\\\"1337\\\"", "\\\"seed\\\":\\\"\\\"", "seed"},
	    {"\\\"seed\\\":\\\"1337\\\"", "\\\"seed\\\":1337", "seed"},
	    {"\\\"seed\\\":\\\"1337\\\"", "\\\"seed\\\":\\\"123456789012345678901\\\"", "seed"},
	    {"\\\"seed\\\":\\\"1337\\\"", "\\\"seed\\\":\\\"13:7\\\"", "seed"},
	    {"\\\"seed\\\":\\\"1337\\\"", "\\\"seed\\\":\\\"13/7\\\"", "seed"},
	    {"\\\"trained\\\":\\\"gte5\\\"", "\\\"trained\\\":5", "trained"},
	    {"\\\"data\\\":\\\"mnist\\\"", "\\\"data\\\":null", "data"},
	    {"\\\"layer_lr\\\":[", "\\\"layer_lr\\\":{},\\\"more\\\":[", "layer_lr"},
	    {"\\\"layer_lr\\\":[", "\\\"layer_lr\\\":[\\\"1\\\",", "layer_lr"},
	    {"\\\"layer_lr\\\":[", "\\\"layer_lr\\\":[-1,", "layer_lr"},
	    {"\\\"layer_lr\\\":[", "\\\"layer_lr\\\":[1e9,", "layer_lr"},
	    {"\\\"momentum\\\":", "\\\"momentum\\\":null,\\\"more\\\":", "momentum"},
	    {"\\\"shuffle\\\":true", "\\\"shuffle\\\":1", "shuffle"},
	    {"\\\"split\\\":\\\"gte5\\\"", "\\\"split\\\":null", "split"},
	    {"\\\"history\\\":[[", "\\\"history\\\":7,\\\"more\\\":[[", "history"},
	    {"\\\"batches\\\":[[", "\\\"batches\\\":7,\\\"more\\\":[[", "batches"},
	    {"\\\"batches\\\":[[", "\\\"batches\\\":[[0,1],[", "batches"},
	    {"\\\"weights\\\":\\\"", "\\\"weights\\\":\\\"0", "weights"},
	    {"\\\"weights\\\":\\\"", "\\\"weights\\\":\\\"xyz\\\",\\\"more\\\":\\\"", "weights"},
	    {"\"runs\":\"[", "\"runs\":\"{}\",\"more\":\"[", "list"},
	    {"\"model\":\"", "\"other\":\"", "damaged"},
	    {"\"thaw\":\"1\"", "\"thaw\":\"\"", "newer thaw"},
	};
	char before[65], after[65];

	strcpy(brackets, "\"settings\":\"{");
	for (size_t i = strlen(brackets); i + 4 < sizeof brackets; i += 3)
		strcpy(brackets + i, "[],");
	run_ok(&C, SMALL "train gte5 limit=200 epochs=2; save a.safetensors; reset seed=5");
	hash(C.s, before);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		doctor("a.safetensors", "lie.safetensors", lies[i].old, lies[i].new);
		run_refused(&C, "load lie.safetensors", lies[i].says);
		ck_has(C.errors, "lie.safetensors");
		hash(C.s, after);
		ck_assert_str_eq(before, after);
		ck_assert_int_eq(capture_nruns(&C), 1);
	}
	/* The weights are as good as before, so they can be had. */
	doctor("a.safetensors", "lie.safetensors", "\"thaw\":\"1\"", "\"thaw\":\"2\"");
	run_ok(&C, "load lie.safetensors only=all");
	hash(C.s, after);
	ck_assert_str_ne(before, after);
}
END_TEST

/* What the file says of its data is a choice among ours, and no folder is opened on its word. */
START_TEST(file__load__the_data_it_was_saved_with)
{
	run_ok(&C, SMALL "save a.safetensors");
	doctor("a.safetensors", "b.safetensors", "\\\"data\\\":\\\"mnist\\\"", "\\\"data\\\":\\\"fashion\\\"");
	run_ok(&C, "load b.safetensors");
	ck_has(C.text, "the data is fashion now, as when the file was saved");
	ck_assert_str_eq(C.s->data.name, "fashion");
	run_ok(&C, "load a.safetensors");
	ck_has(C.text, "the data is mnist now");
	doctor("a.safetensors", "b.safetensors", "\\\"data\\\":\\\"mnist\\\"", "\\\"data\\\":\\\"/else/where\\\"");
	run_ok(&C, "load b.safetensors");
	ck_has(C.text, "`data /else/where` chooses it");
	ck_assert_str_eq(C.s->data.name, "mnist");
}
END_TEST

/* What `now` has changed in a run is kept, the newest of it where that is very much. */
START_TEST(file__save__what_now_has_changed)
{
	char *many = xmalloc(120001);

	run_ok(&C, SMALL "train gte5 limit=10 epochs=1");
	capture_run_at(&C, 0)->changes = xstrdup("epoch 2: freeze \"conv2d\"");
	run_ok(&C, "save a.safetensors; load a.safetensors");
	ck_assert_str_eq(capture_run_at(&C, 0)->changes, "epoch 2: freeze \"conv2d\"");
	for (int i = 0; i < 120000; i++)
		many[i] = "freeze a; "[i % 10];
	many[120000] = '\0';
	free(capture_run_at(&C, 0)->changes);
	capture_run_at(&C, 0)->changes = many;
	run_ok(&C, "save a.safetensors; load a.safetensors");
	ck_assert_uint_le(strlen(capture_run_at(&C, 0)->changes), 100000);
	ck_assert_uint_gt(strlen(capture_run_at(&C, 0)->changes), 99900);
	ck_assert_int_eq(strncmp(capture_run_at(&C, 0)->changes, "freeze a; ", 10), 0);
	/* without an end of one of them, none is kept */
	memset(capture_run_at(&C, 0)->changes, 'x', strlen(capture_run_at(&C, 0)->changes));
	many = xmalloc(110001);
	memset(many, 'x', 110000);
	many[110000] = '\0';
	free(capture_run_at(&C, 0)->changes);
	capture_run_at(&C, 0)->changes = many;
	run_ok(&C, "save a.safetensors; load a.safetensors");
	ck_assert_str_eq(capture_run_at(&C, 0)->changes, "");
}
END_TEST

START_TEST(file__save__weights_that_are_none)
{
	run_ok(&C, SMALL "save all.safetensors only=all");
	run_refused(&C, "save x.safetensors only=flatten", "there are no weights to save in these layers");
	run_refused(&C, "load all.safetensors only=flatten", "nothing of it fits these layers (they have no weights)");
	run_refused(&C, "load nowhere.safetensors only=nosuch", "no layer matches");
	nn_net_weights_edit(capture_net(&C))[3] = NAN;
	nn_net_weights_edit(capture_net(&C))[4] = INFINITY;
	nn_net_changed(capture_net(&C));
	run_ok(&C, "save nan.safetensors");
	ck_has(C.errors, "2 weights are NaN or infinite, so the file cannot be loaded again");
	run_refused(&C, "load nan.safetensors", "2 of the 50 values of \"conv2d.kernel\" are NaN or infinite");
	run_refused(&C, "load nan.safetensors only=conv2d", "are NaN or infinite");
}
END_TEST

/* A file holds 10,000 runs; a session may have more. */
START_TEST(file__save__the_latest_of_very_many_runs)
{
	struct run *first;

	run_ok(&C, SMALL "train gte5 limit=10 epochs=1");
	first = capture_run_at(&C, 0);
	C.s->runs.list = xrealloc(C.s->runs.list, 10002, sizeof *C.s->runs.list);
	while (capture_nruns(&C) < 10002) {
		struct run *r = xcalloc(1, sizeof *r);

		r->number = capture_nruns(&C) + 1;
		r->data = xstrdup("mnist");
		r->kernels = xstrdup("");
		r->frozen = xstrdup("");
		r->split = first->split;
		r->config = first->config;
		r->epochs = r->threads = 1;
		r->train = first->train;
		C.s->runs.list[C.s->runs.n++] = r;
	}
	run_ok(&C, "save many.safetensors; reset seed=5; load many.safetensors");
	ck_assert_int_eq(capture_nruns(&C), 10000);
	ck_assert_int_eq(capture_run_at(&C, 0)->number, 3);
	ck_assert_int_eq(capture_run_at(&C, 9999)->number, 10002);
}
END_TEST

/* Histories of short numbers have more values than a file may ask its reader to hold. */
START_TEST(file__save__no_more_values_than_load_takes)
{
	run_ok(&C, SMALL "train gte5 limit=10 epochs=1");
	C.s->runs.list = xrealloc(C.s->runs.list, 13, sizeof *C.s->runs.list);
	for (int n = 2; n <= 13; n++) {
		const struct run *first = capture_run_at(&C, 0);
		struct run *r = xcalloc(1, sizeof *r);

		*r = (struct run){.number = n, .data = xstrdup("mnist"), .kernels = xstrdup(""), .frozen = xstrdup(""), .split = first->split,
		    .config = first->config, .epochs = 100000, .nepoch = 100000, .threads = 1, .train = first->train};
		r->epoch = xcalloc(100000, sizeof *r->epoch);
		C.s->runs.list[C.s->runs.n++] = r;
	}
	run_ok(&C, "save short.safetensors");
	ck_has(C.errors, "leaves out 4 of the oldest runs"); /* of 13: 8 values in each of 100,000 rows */
	run_ok(&C, "load short.safetensors");
	ck_assert_int_eq(capture_nruns(&C), 9);
}
END_TEST

/* Of a curve that has more points than a file may have some are left out, the first and the last are not. */
START_TEST(file__save__some_points_of_a_long_curve)
{
	struct run *r;

	run_ok(&C, SMALL "train gte5 limit=10 epochs=1");
	r = capture_run_at(&C, 0);
	r->nbatch = 1000002;
	r->batch = xrealloc(r->batch, r->nbatch, sizeof *r->batch);
	for (size_t i = 0; i < r->nbatch; i++)
		r->batch[i] = (struct batch_point){(float)((double)(i + 1) / (double)r->nbatch), 1, 1};
	run_ok(&C, "save curve.safetensors; load curve.safetensors");
	r = capture_run_at(&C, 0);
	ck_assert_uint_le(r->nbatch, 1000000);
	ck_assert_uint_ge(r->nbatch, 100);
	ck_assert(r->batch[r->nbatch - 1].x == 1);
}
END_TEST

/* Runs whose histories and curves are longer than a header may be. The newest curve has more points than a file. FAULTS=all: writes and
 * reads a hundred megabytes.
 */
START_TEST(file__save__keeps_within_what_load_takes)
{
	const struct run *r;

	run_ok(&C, SMALL "train gte5 limit=10 epochs=1");
	C.s->runs.list = xrealloc(C.s->runs.list, 12, sizeof *C.s->runs.list);
	for (int n = 2; n <= 12; n++) {
		const struct run *first = capture_run_at(&C, 0);
		struct run *long_one = xcalloc(1, sizeof *long_one);

		long_one->number = n;
		long_one->data = xstrdup("mnist");
		long_one->kernels = xstrdup("");
		long_one->frozen = xstrdup("");
		long_one->split = first->split;
		long_one->config = first->config;
		long_one->epochs = long_one->nepoch = 100000;
		long_one->threads = 1;
		long_one->train = first->train;
		long_one->epoch = xcalloc(100000, sizeof *long_one->epoch);
		long_one->nbatch = n == 12 ? 1500000 : 50000;
		long_one->batch = xcalloc(long_one->nbatch, sizeof *long_one->batch);
		for (int i = 0; i < 100000; i++) /* a number that is short to find and long to write */
			long_one->epoch[i] = (struct epoch_record){1e15, 1e15, 1e15, 1e15, 1e15, i, 1e15};
		for (size_t i = 0; i < long_one->nbatch; i++)
			long_one->batch[i] = (struct batch_point){(float)(i / 15), 1e14f, i % 2 ? 1 : 0};
		C.s->runs.list[C.s->runs.n++] = long_one;
	}
	run_ok(&C, "save long.safetensors");
	ck_has(C.errors, "leaves out 3 of the oldest runs");
	run_ok(&C, "load long.safetensors");
	r = runs_last(&C.s->runs);
	ck_assert_int_eq(r->number, 12);
	ck_assert_int_eq(r->nepoch, 100000);
	ck_assert(r->epoch[99999].val_loss == 1e15 && r->epoch[99999].watch_loss == 99999);
	ck_assert_uint_le(r->nbatch, 1000000);
	ck_assert_uint_ge(r->nbatch, 100);
	ck_assert(r->batch[r->nbatch - 1].x == 1499999 / 15);
}
END_TEST

START_TEST(file__load__weights_alone)
{
	char saved[65], now[65];

	run_ok(&C, SMALL "train gte5 limit=200 epochs=1; save all.safetensors only=all; save head.safetensors "
	    "only=head");
	hash(C.s, saved);
	run_ok(&C, "reset seed=7; load all.safetensors");
	ck_assert_msg(runs_unkept(&C.s->runs), "the run is in no file");
	hash(C.s, now);
	ck_assert_str_eq(saved, now);
	run_ok(&C, "eval"); /* weights alone do not say which digits they were trained on */
	ck_has(C.text, "has not been trained in this session");
	run_ok(&C, "predict");
	ck_has(C.text, "nothing says which digits");
	run_ok(&C, "build filters=2; load all.safetensors only=features");
	run_refused(&C, "print val_accuracy", "not known yet");
	run_refused(&C, SMALL "load head.safetensors", "conv2d.kernel is not in the file");
	run_ok(&C, "reset seed=7; load head.safetensors only=dense_1");
	ck_has(C.text, "dense_1.kernel       8x5            loaded");
	hash(C.s, now);
	ck_assert_str_ne(saved, now);
	run_ok(&C, "build \"conv2d 2 5, relu, max_pooling2d 4, flatten | dense 9, relu, dense 5, softmax\"; load "
	    "all.safetensors only=all");
	ck_has(C.text, "conv2d.kernel        5x5x1x2        loaded");
	ck_has(C.text, "dense.kernel         72x9           left as it is: 72x8 in the file, 72x9 in the model");
	run_refused(&C, "load all.safetensors", "dense.kernel is 72x8 in the file, 72x9 in the model");
	run_refused(&C, "load all.safetensors only=dense", "nothing of it fits");
	run_refused(&C, "build \"flatten | dense 5, softmax\"; load head.safetensors", "dense.kernel");
	run_refused(&C, "load nowhere.safetensors", "nowhere.safetensors cannot be opened");
	run_refused(&C, "load x.hdf", ".safetensors");
	run_refused(&C, "save x.pth.tar", ".safetensors");
}
END_TEST

START_TEST(file__load__tensors_of_nobody)
{
	static const float v[5] = {0};
	struct tensor_source x[] = {{"dense.kernel", 2, {1, 5}, v}, {"dense.bias", 1, {5}, v},
	    {"dense_9.bias", 1, {5}, v}};
	FILE *f = fopen("more.safetensors", "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(tensors_write(f, NULL, x, 3), 0);
	fclose(f);
	run_ok(&C, "build \"max_pooling2d 28, flatten | dense 5, softmax\"");
	run_refused(&C, "load more.safetensors", "\"dense_9.bias\" belongs to no layer");
	run_ok(&C, "load more.safetensors only=all");
}
END_TEST

START_TEST(file__load__strange_tensors_of_nobody)
{
	static const struct {
		const char *dtype, *shape;
		int bytes;
	} strange[] = {{"C64", "[2]", 16}, {"F4", "[2,3]", 3}, {"F6_E3M2", "[4]", 3}, {"F8_E8M0", "[8]", 8},
	    {"F8_E4M3FNUZ", "[]", 1}, {"F32", "[1,1,1,1,1,1,1,1,2]", 8}, {"I64", "[1]", 8}, {"BOOL", "[0,7]", 0}};
	char head[1024], file[2048], note[64];

	run_ok(&C, "build \"max_pooling2d 28, flatten | dense 5, softmax\"");
	for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
		int n = snprintf(head, sizeof head, "{\"dense.kernel\":{\"dtype\":\"F32\",\"shape\":[1,5],\"data_offsets\":"
		    "[0,20]},\"dense.bias\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[20,40]},\"other\":{\"dtype\":"
		    "\"%s\",\"shape\":%s,\"data_offsets\":[40,%d]}}", strange[i].dtype, strange[i].shape,
		    40 + strange[i].bytes);

		memset(file, 0, sizeof file);
		file[0] = (char)n;
		file[1] = (char)(n >> 8);
		memcpy(file + 8, head, (size_t)n);
		scratch_write("strange.safetensors", file, 8 + (size_t)n + 40 + (size_t)strange[i].bytes);
		snprintf(note, sizeof note, "\"other\" of %s", strange[i].dtype);
		run_ok(&C, "load strange.safetensors only=all");
		ck_has(C.text, note);
		ck_has(C.text, "dense.bias           5              loaded");
		run_ok(&C, "load strange.safetensors");
		ck_has(C.text, note);
	}
	run_ok(&C, "build \"max_pooling2d 28, flatten | dense 5, softmax\"");
	memcpy(strstr(file + 8, "F32"), "U32", 3); /* dense.kernel, which is needed */
	scratch_write("strange.safetensors", file, 8 + strlen(head) + 40);
	run_refused(&C, "load strange.safetensors", "dense.kernel is U32 in the file, F32 here; write it as float32");
}
END_TEST

/* ---- history ---- */

START_TEST(export__csv__as_keras_writes_it)
{
	struct run *r = xcalloc(1, sizeof *r);
	uint8_t *p;
	size_t n;
	static const char expect[] = "epoch,accuracy,loss,val_accuracy,val_loss\r\n"
				     "0,0.5,1.2345678806304932,1.0,1e-07\r\n"
				     "1,0.1,inf,NA,NA\r\n"
				     "2,0.1,nan,0.2,nan\r\n";

	r->number = 3;
	r->data = xstrdup("mnist");
	r->kernels = xstrdup("");
	r->frozen = xstrdup("");
	r->nepoch = 3;
	r->epoch = xcalloc(3, sizeof *r->epoch);
	r->epoch[0] = (struct epoch_record){0.5, 1.2345678806304932, 1, 1e-7, NAN, NAN, 1};
	r->epoch[1] = (struct epoch_record){0.1, INFINITY, NAN, NAN, NAN, NAN, 1};
	r->epoch[2] = (struct epoch_record){0.1, -NAN, 0.2, -NAN, NAN, NAN, 1};
	C.s->runs.list = xrealloc(C.s->runs.list, 1, sizeof *C.s->runs.list);
	C.s->runs.list[C.s->runs.n++] = r;
	run_ok(&C, "export csv; export csv r3 named.csv");
	p = scratch_read("thaw-r3.csv", &n);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(n, sizeof expect - 1);
	ck_assert_mem_eq(p, expect, n);
	free(p);
	free(scratch_read("named.csv", &n));
	ck_assert_uint_eq(n, sizeof expect - 1);
	run_refused(&C, "export csv r4", "no run r4");
	run_refused(&C, "export csv a.csv b.csv", "a second file");
	run_refused(&C, "export csv plot", "csv has no plot");
	run_refused(&C, "export png nonsense", "unknown word \"nonsense\"");
	ck_assert_int_eq(scratch_files(), 2);
}
END_TEST

int
main(void)
{
	const char *sanitized = getenv("sanitized");
	Suite *s = suite_create("file");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, file__load__brings_everything_back);
	tcase_add_test(t, file__load__resumes_to_the_same_bits);
	tcase_add_test(t, file__load__a_flipped_bit_changes_nothing_or_is_sound);
	tcase_add_test(t, file__load__metadata_that_lie);
	tcase_add_test(t, file__save__the_latest_of_very_many_runs);
	tcase_add_test(t, file__save__some_points_of_a_long_curve);
	if (sanitized == NULL || strcmp(sanitized, "no") == 0) { /* there a hundred megabytes of history take minutes */
		tcase_add_test(t, file__save__no_more_values_than_load_takes);
		if (getenv("FAULTS") != NULL)
			tcase_add_test(t, file__save__keeps_within_what_load_takes);
	}
	tcase_add_test(t, file__load__weights_alone);
	tcase_add_test(t, file__load__tensors_of_nobody);
	tcase_add_test(t, file__load__strange_tensors_of_nobody);
	tcase_add_test(t, export__csv__as_keras_writes_it);
	tcase_add_test(t, file__load__the_data_it_was_saved_with);
	tcase_add_test(t, file__save__what_now_has_changed);
	tcase_add_test(t, file__save__weights_that_are_none);
	suite_add_tcase(s, t);
	t = tcase_create("asked");
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, file__load__resumes_what_train_was_asked);
	suite_add_tcase(s, t);
	return run_suite(s);
}
