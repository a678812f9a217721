/* targets.c: one function a reader: it is given bytes, and must come back without a crash, a leak or a wait. */
#include "tests/fuzz/targets.h"

#include "commands/table.h"
#include "data/cifar.h"
#include "data/idx.h"
#include "data/pickled.h"
#include "data/split.h"
#include "file/format.h"
#include "file/keras_config.h"
#include "file/pickle.h"
#include "file/tensors.h"
#include "language/complete.h"
#include "language/expr.h"
#include "language/parse.h"
#include "model/plan.h"
#include "script/exec.h"
#include "session/made.h"
#include "ui/figure.h"
#include "ui/keys.h"
#include "ui/kitty.h"
#include "ui/recall.h"
#include "util/npy.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* ---- what several need ---- */

/* A file that holds the bytes, by a name that can be opened; *fd is the caller's to close. */
static const char *
file_of(const uint8_t *bytes, size_t n, int *fd)
{
	static char path[64];

	*fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (*fd < 0 || write(*fd, bytes, n) != (ssize_t)n)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", *fd);
	return path;
}

static char *
text_of(const uint8_t *bytes, size_t n)
{
	return xstrndup((const char *)bytes, strnlen((const char *)bytes, n));
}

static void
silent(void *arg, bool error, enum out_style style, const char *text)
{
	(void)strlen(text);
}

#define SMALL "conv2d 1 5, relu, max_pooling2d 6, flatten | dense 2, relu, dropout .5, dense 2, softmax"

/* A session that prints into nothing, with a small model. It is built without an undo point, which would have the large
 * default model made for each input. */
static struct session *
session_of(struct out **out)
{
	struct session *s;
	struct cmd_parsed p;
	struct err e = {0};
	size_t at = 0;

	*out = out_new_stdio();
	(*out)->sink = (struct out_sink){silent, NULL, NULL};
	(*out)->utf8 = true;
	s = session_new(*out, &commands_all);
	s->user.safe = true;
	s->set.threads = 1;
	if (cmd_parse(s, "build \"" SMALL "\"", &at, &p, &e) <= 0 || p.args.cmd->exec(s, &p.args, &e) < 0)
		abort();
	cmd_parsed_free(&p);
	return s;
}

static void
session_over(struct session *s, struct out *out)
{
	session_free(s);
	out_free(out);
}

/* ---- session lines ---- */

/* Those that take long, leave files, end the session, or read files, which have targets of their own. */
static bool
cheap(const struct cmd *c)
{
	static const char *const not[] = {"train", "resume", "step", "eval", "show", "predict", "save", "load", "export", "log", "source",
	    "quit", "data", "cache", "build", "plot", NULL};

	for (int i = 0; not[i] != NULL; i++)
		if (strcmp(not[i], c->name) == 0)
			return false;
	return true;
}

static void
run_line(const uint8_t *bytes, size_t n)
{
	struct out *out;
	struct session *s = session_of(&out);
	char *line = text_of(bytes, n);
	size_t at = 0, was;
	int rc;

	s->user.interactive = n > 0 && bytes[0] % 2 == 1;
	do {
		struct cmd_parsed p;
		struct err e = {0};

		was = at;
		rc = cmd_parse(s, line, &at, &p, &e);
		if (rc > 0 && cheap(p.args.cmd))
			p.args.cmd->exec(s, &p.args, &e);
		cmd_parsed_free(&p);
	} while (rc != 0 && at > was);
	free(line);
	session_over(s, out);
}

static void
run_complete(const uint8_t *bytes, size_t n)
{
	struct out *out;
	struct session *s = session_of(&out);
	char *line = text_of(bytes, n), hint[128];
	struct ui_candidates c = {0};

	s->user.interactive = true;
	complete_line(s, line, n > 0 ? bytes[n - 1] % ((int)strlen(line) + 1) : 0, &c);
	complete_hint(s, line, hint, sizeof hint);
	ui_candidates_clear(&c);
	free(line);
	session_over(s, out);
}

static void
run_build(const uint8_t *bytes, size_t n)
{
	char *text = text_of(bytes, n), *again;
	struct plan p, q;
	struct err e = {0};

	if (plan_parse(text, &p, &e) == 0) { /* what was read is written and read again alike */
		again = plan_text(&p);
		if (plan_parse(again, &q, &e) < 0 || q.n != p.n || q.features != p.features)
			abort();
		free(again);
	}
	free(text);
}

static void
run_expression(const uint8_t *bytes, size_t n)
{
	struct out *out;
	struct session *s = session_of(&out);
	char *text = text_of(bytes, n);
	struct expr_value v;
	struct err e = {0};

	s->runs.results = (struct results){.epoch = true, .eval = true, .run = true, .loss = 0.5, .accuracy = 0.75, .epochs = 2};
	expr_eval(s, text, &v, &e);
	free(text);
	session_over(s, out);
}

/* ---- files ---- */

static void
run_idx(const uint8_t *bytes, size_t n)
{
	struct idx x;
	struct err e = {0};
	int fd;

	if (idx_read(file_of(bytes, n, &fd), 1, 4, &x, &e) == 0)
		free(x.bytes);
	close(fd);
}

/* Every member of an archive, as it is and as an array. */
static void
run_npy(const uint8_t *bytes, size_t n)
{
	struct err e = {0};
	struct zip z;
	struct npy a;
	int fd;

	if (zip_open(&z, file_of(bytes, n, &fd), &e) == 0) {
		for (size_t i = 0; i < z.n; i++) {
			free(zip_read(&z, &z.member[i], 1 << 20, &e));
			if (npy_read(&z, &z.member[i], 1 << 20, &a, &e) == 0)
				free(a.data);
		}
		zip_close(&z);
	}
	close(fd);
}

/* The bytes as a small part of one of CIFAR's batches, in a folder of such. */
static void
run_cifar(const uint8_t *bytes, size_t n)
{
	char dir[] = "/tmp/fuzz-cifar-XXXXXX", name[64];
	struct part train = {0}, test = {0};
	struct folder *f;
	struct err e = {0};
	int fd;

	if (mkdtemp(dir) == NULL)
		return;
	for (int i = 0; i < 6; i++) {
		snprintf(name, sizeof name, i < 5 ? "%s/data_batch_%d.bin" : "%s/test_batch.bin", dir, i + 1);
		fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, bytes, n) < 0)
			abort();
		close(fd);
	}
	f = folder_open(dir);
	if (cifar_in(f))
		cifar_load(f, false, &train, &test, &e);
	for (int i = 0; i < 2; i++) { /* what was read before an error is its caller's, too */
		free(i == 0 ? train.pixels : test.pixels);
		free(i == 0 ? train.label : test.label);
	}
	for (int i = 0; i < 6; i++) {
		snprintf(name, sizeof name, i < 5 ? "%s/data_batch_%d.bin" : "%s/test_batch.bin", dir, i + 1);
		unlink(name);
	}
	folder_free(f);
	rmdir(dir);
}

/* The bytes as a batch of CIFAR's Python version. */
static void
run_pickled(const uint8_t *bytes, size_t n)
{
	struct err e = {0};
	struct pickled *p;
	size_t rows, cols;
	int64_t v;
	int fd;

	if ((p = pickled_open(file_of(bytes, n, &fd), 1 << 24, &e)) != NULL) {
		const uint8_t *data = pickled_bytes(p, "data", &rows, &cols);

		if (data != NULL)
			free(xstrndup((const char *)data, rows * cols)); /* reads them all */
		for (size_t i = 0; pickled_number(p, "labels", i, &v); i++)
			;
		free(pickled_text(p, "label_names", 0));
	}
	pickled_free(p);
	close(fd);
}

static void
run_split(const uint8_t *bytes, size_t n)
{
	char *text = xstrndup((const char *)bytes, n);
	struct split s;

	if (split_read(text, &s) == 0)
		free(split_filed(&s));
	free(text);
}

static void
run_tensors(const uint8_t *bytes, size_t n)
{
	struct err e = {0};
	struct tensors *t;
	float value[64];
	int fd;

	t = tensors_open(file_of(bytes, n, &fd), &e);
	for (size_t i = 0; t != NULL && i < t->n; i++) {
		free(tensors_shape(&t->entry[i]));
		if (t->entry[i].floats != FLOATS_NONE && t->entry[i].end - t->entry[i].begin <= 64 * floats_size(t->entry[i].floats))
			tensors_read(t, &t->entry[i], value, (t->entry[i].end - t->entry[i].begin) / floats_size(t->entry[i].floats), &e);
	}
	tensors_close(t);
	close(fd);
}

/* A session from a file; what it was before has to be there after an error. */
static void
load_as(const char *name, const uint8_t *bytes, size_t n)
{
	struct out *out;
	struct session *s = session_of(&out);
	struct err e = {0};
	char *before = xstrdup(s->model.build);
	int fd;
	const char *path = file_of(bytes, n, &fd);

	if (file_format_find(name, &e)->load(s, path, NULL, &e) < 0 && strcmp(before, s->model.build) != 0)
		abort();
	free(before);
	close(fd);
	session_over(s, out);
}

static void
run_state(const uint8_t *bytes, size_t n)
{
	load_as("x.safetensors", bytes, n);
}

static void
run_npz(const uint8_t *bytes, size_t n)
{
	load_as("x.npz", bytes, n);
}

static void
run_pt(const uint8_t *bytes, size_t n)
{
	load_as("x.pt", bytes, n);
}

static void
run_onnx(const uint8_t *bytes, size_t n)
{
	bool pick[NN_LAYERS_MAX] = {true};
	struct out *out;
	struct session *s = session_of(&out);
	struct err e = {0};
	int fd;
	const char *path = file_of(bytes, n, &fd);

	file_format_find("x.onnx", &e)->load(s, path, pick, &e);
	file_format_find("x.onnx", &e)->load(s, path, NULL, &e);
	close(fd);
	session_over(s, out);
}

static void
run_pickle(const uint8_t *bytes, size_t n)
{
	struct pickle k;
	struct err e = {0};

	for (int i = 0, dicts = 1; i < dicts; i++)
		if (pickle_read("x.pt", bytes, n, i, &k, &e) == 0) {
			dicts = k.ndict;
			pickle_free(&k);
		}
}

/* The description of a model by Keras; what comes of it is a text that makes the same model. */
static void
run_keras(const uint8_t *bytes, size_t n)
{
	struct keras_model m;
	struct err e = {0};
	struct plan again;
	char *text;
	json_t *o = json_loadb((const char *)bytes, n, 0, NULL);

	if (o != NULL && keras_config_read("x.keras", o, json_object_get(o, "compile_config"), &m, &e) == 0) {
		text = plan_text(&m.plan);
		if (plan_parse(text, &again, &e) < 0 || again.n != m.plan.n)
			abort();
		free(text);
		keras_model_free(&m);
	}
	json_decref(o);
}

static void
read_png(const uint8_t *bytes, size_t n)
{
	int height, width, has;
	char why[400];
	FILE *f = fmemopen((void *)(uintptr_t)bytes, n > 0 ? n : 1, "r");

	if (f == NULL)
		return;
	for (int channels = 1; channels <= 4; channels++) {
		free(ui_png_pixels(f, 256, channels, &has, &height, &width, why, sizeof why));
		rewind(f);
	}
	free(ui_png_text(f, "Comment"));
	fclose(f);
}

/* As it is, and with the sums of its chunks put right, behind which nothing changed at random would get. */
static void
run_png(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = xmalloc(n);
	size_t at = 8, size;

	read_png(bytes, n);
	memcpy(copy, bytes, n);
	for (; at + 12 <= n; at += 12 + size) {
		uint32_t sum;

		size = (size_t)copy[at] << 24 | (size_t)copy[at + 1] << 16 | (size_t)copy[at + 2] << 8 | copy[at + 3];
		if (size > n - at - 12)
			break;
		sum = (uint32_t)crc32(0, copy + at + 4, (uInt)size + 4);
		for (int k = 0; k < 4; k++)
			copy[at + 8 + size + (size_t)k] = (uint8_t)(sum >> (24 - 8 * k));
	}
	if (at > 8)
		read_png(copy, n);
	free(copy);
}

/* ---- the terminal ---- */

static void
keys_key(void *arg, const unsigned char *s, size_t n)
{
	if (n == 0)
		abort();
}

static void
keys_paste(void *arg, const char *text)
{
	if (text[0] == '\0')
		abort();
}

static void
keys_refused(void *arg, size_t bytes)
{
}

static void
keys_mouse(void *arg, int button, int x, int y)
{
	if (x < 0 || y < 0)
		abort();
}

static void
keys_answer(void *arg, const char *s, size_t n)
{
	struct ui_kitty_answers a = {0};

	ui_kitty_answer(&a, s, n);
	if (a.cell_w < 0 || a.cell_h < 0 || (a.ground != 0 && a.ground >> 24 != 1))
		abort();
}

static bool
keys_alone(void *arg, const unsigned char *s, size_t n)
{
	return n == 1 || s[1] % 2 == 0;
}

/* The first byte says in which pieces the others come. */
static void
run_keys(const uint8_t *bytes, size_t n)
{
	struct ui_keys_calls calls = {NULL, keys_key, keys_paste, keys_refused, keys_mouse, keys_answer, keys_alone};
	struct ui_keys *k = ui_keys_new(&calls);
	size_t piece = n > 0 ? 1 + bytes[0] % 16u : 1;

	for (size_t at = 1; at < n; at += piece) {
		ui_keys_put(k, bytes + at, n - at < piece ? n - at : piece);
		if (ui_keys_pause(k) >= 0 && bytes[at] % 3 == 0)
			ui_keys_paused(k);
		if (bytes[at] == 3)
			ui_keys_drop(k);
	}
	ui_keys_paused(k);
	ui_keys_free(k);
}

/* A history file, and a walk through it that the same bytes choose. */
static void
run_history(const uint8_t *bytes, size_t n)
{
	struct ui_recall r = {0};
	size_t column = 0;
	int fd;

	ui_recall_read(&r, file_of(bytes, n, &fd));
	for (size_t i = 0; i < n && i < 200; i++) {
		char *word = NULL;

		switch (bytes[i] % 8) {
		case 0:
			ui_recall_walk(&r, (enum ui_recall_walk)(bytes[i] / 8 % 11), 1, "a b", &column);
			break;
		case 1:
			ui_recall_search(&r, bytes[i] % 3 == 0, "a", 0);
			break;
		case 2:
			ui_recall_type(&r, (char)bytes[i]);
			break;
		case 3:
			ui_recall_rub(&r);
			break;
		case 4:
			ui_recall_again(&r, bytes[i] % 3 == 0);
			break;
		case 5:
			ui_recall_back(&r);
			break;
		case 6:
			word = ui_recall_word(&r, bytes[i] % 5u, bytes[i] % 7 - 2);
			break;
		default:
			ui_recall_add(&r, NULL, "line");
		}
		free(word);
	}
	ui_recall_clear(&r);
	close(fd);
}

static void
run_utf8(const uint8_t *bytes, size_t n)
{
	char *text = text_of(bytes, n), *again;

	(void)ui_text_cells(text);
	text_clean(text);
	again = xstrdup(text);
	text_clean(again); /* what is clean stays */
	if (strcmp(text, again) != 0)
		abort();
	free(again);
	free(text);
}

const struct fuzz_target fuzz_targets[] = {
	{"line", run_line},
	{"complete", run_complete},
	{"build", run_build},
	{"expression", run_expression},
	{"idx", run_idx},
	{"cifar", run_cifar},
	{"npy", run_npy},
	{"tensors", run_tensors},
	{"state", run_state},
	{"npz", run_npz},
	{"pt", run_pt},
	{"onnx", run_onnx},
	{"pickle", run_pickle},
	{"keras", run_keras},
	{"pickled", run_pickled},
	{"split", run_split},
	{"png", run_png},
	{"keys", run_keys},
	{"history", run_history},
	{"utf8", run_utf8},
	{NULL},
};

const struct fuzz_target *
fuzz_target_find(const char *name)
{
	for (const struct fuzz_target *t = fuzz_targets; t->name != NULL; t++)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}
