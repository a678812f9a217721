/* test_file.c: what files bring back: strictly, and to the same bits; and files that lie. */
#include "file/tensors.h"
#include "script/exec.h"
#include "util/sha256.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- sessions ---- */

#define SMALL "timing off; build \"conv2d 2 5, relu, max_pooling2d 4, dropout .25, flatten | dense 8, relu, dropout .5, dense 5, softmax\"; "

static void
hash(struct session *s, char out[65])
{
	sha256_hex(nn_net_weights(s->model.net), nn_net_params(s->model.net) * sizeof(float), out);
}

START_TEST(file__load__brings_everything_back)
{
	uint8_t *a, *b;
	size_t n, m;

	captured_ok(SMALL "train gte5 limit=200 epochs=2; freeze features; set dropout.rate 0.3; set batch 64; lr head "
	    "0.25; save a.safetensors");
	capture_close(&C);
	capture_open(&C);
	captured_ok("timing off; load a.safetensors");
	ck_assert_int_eq(capture_nruns(&C), 1);
	ck_assert_int_eq(C.s->set.run.batch, 64);
	ck_assert_int_eq(C.s->model.features, 5);
	ck_assert_uint_eq(C.s->runs.next_epoch, 2);
	ck_assert_str_eq(C.s->model.trained.name, "gte5");
	ck_assert(!nn_net_layer(capture_net(&C), 0)->trainable && nn_net_layer(capture_net(&C), 5)->trainable);
	ck_assert(nn_net_layer(capture_net(&C), 3)->rate == 0.3);
	ck_assert(isnan(C.s->set.run.layer_lr[0]) && C.s->set.run.layer_lr[8] == 0.25f);
	captured_ok("diff r1");
	ck_has(C.text, "bit-identical");
	captured_ok("save b.safetensors");
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
		captured_ok(SMALL "freeze conv2d");
		captured_ok(line);
		strcpy(whole, runs_last(&C.s->runs)->sha256);
		/* on a busy machine the run may be over before this thread sees epoch 3, or before it is heard */
		for (int tries = 0; tries == 0 || (tries < 50 && !runs_last(&C.s->runs)->interrupted); tries++) {
			again();
			captured_ok(SMALL "freeze conv2d");
			capture_async(&C);
			captured_ok(line);
			wait_for(C.s, 3);
			job_stop(&C.s->worker, &C.s->runs, &e);
			wait_for(C.s, 0);
			C.s->user.async = false;
		}
		ck_assert(runs_last(&C.s->runs)->interrupted);
		captured_ok("save cut.safetensors");
		again();
		captured_ok("load cut.safetensors; resume");
		ck_assert_str_eq(runs_last(&C.s->runs)->sha256, whole);
		ck_assert_int_eq(runs_last(&C.s->runs)->nepoch, 6);
		captured_ok("assert frozen_delta == 0; diff");
		ck_has(C.text, "bit-identical");
	}
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

/* A change before the file is written, and one behind it. */
START_TEST(file__load__tells_what_has_changed_since_an_interrupt)
{
	again();
	captured_ok(SMALL);
	C.s->worker.steps = 3;
	captured_ok("train gte5 limit=200 epochs=2 batch=8 verbose=0");
	ck_assert(runs_last(&C.s->runs)->interrupted);
	captured_ok("freeze features; save cut.safetensors");
	again();
	captured_ok("load cut.safetensors; set dropout.rate 0.5; resume");
	ck_assert_str_eq(runs_last(&C.s->runs)->changes, "epoch 1, batch 4: freeze features, set dropout.rate 0.5");
	ck_assert_str_eq(runs_last(&C.s->runs)->frozen, "");
	again();
	captured_ok(SMALL "freeze conv2d");
	C.s->worker.steps = 26; /* behind the first epoch, which is the last one that another file asks for */
	captured_ok("train gte5 limit=200 epochs=2 batch=8 verbose=0; save cut.safetensors");
	ck_assert_int_eq(runs_last(&C.s->runs)->nepoch, 1);
	doctor("cut.safetensors", "all.safetensors", "\\\"epochs\\\":2", "\\\"epochs\\\":1");
	captured_refused("load all.safetensors", "damaged (runs: batches)");
	doctor("all.safetensors", "all.safetensors", "\\\"batches\\\":", "\\\"before\\\":");
	captured_ok("load cut.safetensors");
	ck_has(C.text, "r1 was interrupted in epoch 2 of 2; `resume` goes on with it");
	captured_ok("load all.safetensors");
	ck_has(C.text, "r1 was interrupted in epoch 1 of 1; `resume` goes on with it");
}
END_TEST

/* Each place that the data moved to is said once. */
START_TEST(file__load__tells_once_where_the_data_went)
{
	char *was = C.s->data.name, moved[] = "moved/mnist";

	captured_ok(SMALL);
	C.s->worker.steps = 3;
	captured_ok("train gte5 limit=200 epochs=2 batch=8 verbose=0");
	C.s->data.name = moved;
	captured_ok("step; save cut.safetensors; load cut.safetensors; step; resume");
	C.s->data.name = was;
	ck_assert_str_eq(runs_last(&C.s->runs)->data, "mnist");
	ck_assert_str_eq(runs_last(&C.s->runs)->changes, "epoch 1, batch 4: data moved/mnist");
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
	captured_ok(small);
	captured_ok(line);
	strcpy(whole, runs_last(&C.s->runs)->sha256);
	ck_assert_int_lt(run_stands(runs_last(&C.s->runs)), runs_last(&C.s->runs)->nepoch);
	batches = (uint32_t)runs_last(&C.s->runs)->nbatch;
	captured_ok("mode json; history; mode table");
	history = strdup(C.text);
	for (uint32_t cut = 1; cut < batches; cut += cut < 4 ? 3 : 12) {
		again();
		captured_ok(small);
		C.s->worker.steps = cut;
		capture_run(&C, line);
		ck_assert(runs_last(&C.s->runs)->interrupted);
		captured_ok("save cut.safetensors");
		remove("best.safetensors");
		again();
		captured_ok("timing off; load cut.safetensors; resume");
		ck_has(C.text, "`resume checkpoint=best:best.safetensors`");
		ck_assert_int_ne(access("best.safetensors", F_OK), 0);
		ck_assert_str_eq(runs_last(&C.s->runs)->sha256, whole);
		ck_assert_int_eq(runs_last(&C.s->runs)->nwatched, 5);
		captured_ok("mode json; history; mode table");
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
	captured_ok("timing off; build \"max_pooling2d 14, flatten | dense 5, softmax\"; train gte5 limit=64 epochs=1 "
	    "batch=32; save a.safetensors");
	captured_ok("build \"max_pooling2d 14, flatten | dense 4, relu, dense 5, softmax\"; train lt5 limit=64 "
	    "epochs=1; freeze head");
	p = scratch_read("a.safetensors", &n);
	hash(C.s, before);
	for (size_t i = 0; i < n; i += each) {
		p[i] ^= (uint8_t)(1 << i * 5 % 8);
		scratch_write("flip.safetensors", p, n);
		p[i] ^= (uint8_t)(1 << i * 5 % 8);
		if (capture_run(&C, "load flip.safetensors") == 0) {
			/* Sound: it can be used. Then back to where we were. */
			captured_ok("eval lt5; runs");
			captured_ok("build \"max_pooling2d 14, flatten | dense 4, relu, dense 5, softmax\"; train lt5 "
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
	char before[65], after[65], *many, *old, *new;
	size_t n;

	strcpy(brackets, "\"settings\":\"{");
	for (size_t i = strlen(brackets); i + 4 < sizeof brackets; i += 3)
		strcpy(brackets + i, "[],");
	captured_ok(SMALL "train gte5 limit=200 epochs=2; save a.safetensors; reset seed=5");
	hash(C.s, before);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		doctor("a.safetensors", "lie.safetensors", lies[i].old, lies[i].new);
		captured_refused("load lie.safetensors", lies[i].says);
		ck_has(C.errors, "lie.safetensors");
		hash(C.s, after);
		ck_assert_str_eq(before, after);
		ck_assert_int_eq(capture_nruns(&C), 1);
	}
	many = xmalloc(30000); /* a model, and then runs, longer than any */
	memset(many, ' ', 20000);
	strcpy(many + 20000, "dense 8");
	doctor("a.safetensors", "lie.safetensors", "dense 8", many);
	captured_refused("load lie.safetensors", "damaged (model: missing)");
	strcpy(many, "\"runs\":\"[");
	for (int i = 0; i < 10000; i++)
		strcat(many + (i > 0 ? 9 + 2 * (i - 1) : 0), "0,");
	doctor("a.safetensors", "lie.safetensors", "\"runs\":\"[", many);
	captured_refused("load lie.safetensors", "damaged (runs");
	free(many);
	/* Weights are those of a run that says so only where it is of as many. */
	captured_ok("load a.safetensors");
	ck_assert_ptr_nonnull(capture_run_at(&C, 0)->weights);
	n = capture_run_at(&C, 0)->params;
	old = xasprintf("\\\"params\\\":%zu", n);
	new = xasprintf("\\\"params\\\":%zu", n + 1);
	doctor("a.safetensors", "lie.safetensors", old, new);
	captured_ok("load lie.safetensors");
	ck_assert_ptr_null(capture_run_at(&C, 0)->weights);
	free(old);
	free(new);
	/* A split of more units than the model has outputs is not what it was trained on. */
	doctor("a.safetensors", "lie.safetensors", "\\\"trained\\\":\\\"gte5\\\"", "\\\"trained\\\":\\\"all\\\"");
	captured_ok("load lie.safetensors only=all");
	ck_assert_int_eq(C.s->model.trained.kind, SPLIT_NONE);
	captured_ok("load a.safetensors only=all");
	ck_assert_str_eq(C.s->model.trained.name, "gte5");
	captured_ok("reset seed=5");
	hash(C.s, before);
	/* The weights are as good as before, so they can be had. */
	doctor("a.safetensors", "lie.safetensors", "\"thaw\":\"1\"", "\"thaw\":\"2\"");
	captured_ok("load lie.safetensors only=all");
	hash(C.s, after);
	ck_assert_str_ne(before, after);
}
END_TEST

/* What the file says of its data is a choice among ours, and no folder is opened on its word. */
START_TEST(file__load__the_data_it_was_saved_with)
{
	captured_ok(SMALL "save a.safetensors");
	doctor("a.safetensors", "b.safetensors", "\\\"data\\\":\\\"mnist\\\"", "\\\"data\\\":\\\"fashion\\\"");
	captured_ok("load b.safetensors");
	ck_has(C.text, "the data is fashion now, as when the file was saved");
	ck_assert_str_eq(C.s->data.name, "fashion");
	captured_ok("load a.safetensors");
	ck_has(C.text, "the data is mnist now");
	doctor("a.safetensors", "b.safetensors", "\\\"data\\\":\\\"mnist\\\"", "\\\"data\\\":\\\"/else/where\\\"");
	captured_ok("load b.safetensors");
	ck_has(C.text, "`data /else/where` chooses it");
	ck_assert_str_eq(C.s->data.name, "mnist");
}
END_TEST

START_TEST(file__load__weights_alone)
{
	char saved[65], now[65];

	captured_ok(SMALL "train gte5 limit=200 epochs=1; save all.safetensors only=all; save head.safetensors "
	    "only=head");
	hash(C.s, saved);
	captured_ok("reset seed=7; load all.safetensors");
	ck_assert_msg(runs_unkept(&C.s->runs), "the run is in no file");
	hash(C.s, now);
	ck_assert_str_eq(saved, now);
	captured_ok("eval"); /* weights alone do not say which digits they were trained on */
	ck_has(C.text, "has not been trained in this session");
	captured_ok("predict");
	ck_has(C.text, "nothing says which digits");
	captured_ok("build filters=2; load all.safetensors only=features");
	captured_refused("print val_accuracy", "not known yet");
	captured_refused(SMALL "load head.safetensors", "conv2d.kernel is not in the file");
	captured_ok("reset seed=7; load head.safetensors only=dense_1");
	ck_has(C.text, "dense_1.kernel       8x5            loaded");
	hash(C.s, now);
	ck_assert_str_ne(saved, now);
	captured_ok("build \"conv2d 2 5, relu, max_pooling2d 4, flatten | dense 9, relu, dense 5, softmax\"; load "
	    "all.safetensors only=all");
	ck_has(C.text, "conv2d.kernel        5x5x1x2        loaded");
	ck_has(C.text, "dense.kernel         72x9           left as it is: 72x8 in the file, 72x9 in the model");
	captured_refused("load all.safetensors", "dense.kernel is 72x8 in the file, 72x9 in the model");
	captured_refused("load all.safetensors only=dense", "nothing of it fits");
	captured_refused("build \"flatten | dense 5, softmax\"; load head.safetensors", "dense.kernel");
	captured_refused("load nowhere.safetensors", "nowhere.safetensors cannot be opened");
	captured_refused("load x.hdf", ".safetensors");
	captured_refused("save x.pth.tar", ".safetensors");
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
	captured_ok("build \"max_pooling2d 28, flatten | dense 5, softmax\"");
	captured_refused("load more.safetensors", "\"dense_9.bias\" belongs to no layer");
	captured_ok("load more.safetensors only=all");
}
END_TEST

/* Weights alone are for the model that is here, which is made for the data. */
START_TEST(file__load__weights_without_data)
{
	static const char *const files[] = {"w.safetensors", "w.npz", "w.onnx"};

	captured_ok("build \"flatten | dense 5, softmax\"; save w.safetensors only=all; save w.npz; save w.onnx; save t.safetensors layout=torch");
	capture_close(&C);
	capture_open(&C);
	free(C.s->data.name);
	C.s->data.name = xstrdup("nowhere");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *line = xasprintf("load %s only=all", files[i]);

		captured_refused(line, "nowhere");
		free(line);
	}
	captured_refused("load w.safetensors", "nowhere");
	captured_refused("load t.safetensors", "nowhere");
	captured_refused("load w.npz", "nowhere");
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

	captured_ok("build \"max_pooling2d 28, flatten | dense 5, softmax\"");
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
		captured_ok("load strange.safetensors only=all");
		ck_has(C.text, note);
		ck_has(C.text, "dense.bias           5              loaded");
		captured_ok("load strange.safetensors");
		ck_has(C.text, note);
	}
	strcpy(head, "{\"dense.kernel\":{\"dtype\":\"F32\",\"shape\":[1,5],\"data_offsets\":[0,20]},\"dense.bias\":{\"dtype\":\"F32\",\"shape\":[5],"
	    "\"data_offsets\":[20,40]},\"one\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[40,48]},\"two\":{\"dtype\":\"I64\",\"shape\":[1],"
	    "\"data_offsets\":[48,56]}}");
	memset(file, 0, sizeof file);
	file[0] = (char)strlen(head);
	file[1] = (char)(strlen(head) >> 8);
	memcpy(file + 8, head, strlen(head));
	scratch_write("strange.safetensors", file, 8 + strlen(head) + 56);
	captured_ok("load strange.safetensors");
	ck_has(C.text, "2 tensors of the file have a type or rank that no model has here, and are left out: first \"one\" of C64, 1");
	captured_ok("build \"max_pooling2d 28, flatten | dense 5, softmax\"");
	memcpy(strstr(file + 8, "F32"), "U32", 3); /* dense.kernel, which is needed */
	scratch_write("strange.safetensors", file, 8 + strlen(head) + 56);
	captured_refused("load strange.safetensors", "dense.kernel is U32 in the file, F32 here; write it as float32");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("file");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, file__load__brings_everything_back);
	tcase_add_test(t, file__load__resumes_to_the_same_bits);
	tcase_add_test(t, file__load__a_flipped_bit_changes_nothing_or_is_sound);
	tcase_add_test(t, file__load__metadata_that_lie);
	tcase_add_test(t, file__load__weights_alone);
	tcase_add_test(t, file__load__weights_without_data);
	tcase_add_test(t, file__load__tensors_of_nobody);
	tcase_add_test(t, file__load__strange_tensors_of_nobody);
	tcase_add_test(t, file__load__the_data_it_was_saved_with);
	suite_add_tcase(s, t);
	t = tcase_create("asked");
	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, file__load__tells_what_has_changed_since_an_interrupt);
	tcase_add_test(t, file__load__tells_once_where_the_data_went);
	tcase_add_test(t, file__load__resumes_what_train_was_asked);
	suite_add_tcase(s, t);
	return run_suite(s);
}
