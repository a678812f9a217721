/* data.c: which data set, what is in it, and how its pictures look. */
#include "canvas.h"
#include "job.h"
#include "recreate.h"
#include "session.h"
#include "sheet.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- data ---- */

static const char *const data_info_word[] = {"info", NULL};

static json_t *
data_event(const struct dataset *d, const struct split *split, const size_t count[2][DATASET_CLASSES_MAX], size_t train, size_t test)
{
	const int *dim = d->train.images.shape.dim;
	json_t *counts = json_object();
	char digit[16];

	for (int i = 0; i < DATASET_CLASSES_MAX; i++)
		if (split_unit(split, i) >= 0 && i < d->classes) {
			snprintf(digit, sizeof digit, "%d", i);
			json_object_set_new(counts, digit, json_pack("[I, I]", (json_int_t)count[0][i], (json_int_t)count[1][i]));
		}
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:[i, i, i], s:o}", "event", "data", "name", d->name, "split", split->name, "train",
	    (json_int_t)train, "test", (json_int_t)test, "shape", dim[0], dim[1], dim[2], "counts", counts);
}

/* Images of each class in train and test. */
static void
data_count(const struct dataset *d, size_t count[2][DATASET_CLASSES_MAX])
{
	const struct part *part[] = {&d->train, &d->test};

	memset(count, 0, 2 * sizeof *count);
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < part[k]->images.count; i++)
			count[k][part[k]->label[i]]++;
}

/* Mean of the pixels, as values from 0 to 1, of the training images of a split. */
static double
data_mean(const struct dataset *d, const struct split *split)
{
	size_t size = nn_shape_size(d->train.images.shape), n = 0;
	uint64_t sum = 0;

	for (size_t i = 0; i < d->train.images.count; i++) {
		const uint8_t *p = d->train.images.pixels + i * size;

		if (split_unit(split, d->train.label[i]) < 0)
			continue;
		for (size_t k = 0; k < size; k++)
			sum += p[k];
		n++;
	}
	return n > 0 ? (double)sum / 255 / (double)n / (double)size : 0;
}

static void
data_info(struct session *s, struct dataset *d, const struct split *split)
{
	size_t count[2][DATASET_CLASSES_MAX], train = 0, test = 0;
	const int *dim = d->train.images.shape.dim;
	char a[32], b[32], c[32], *mapping = split_mapping(split);
	double mean = data_mean(d, split);
	json_t *event, *sha256;

	data_count(d, count);
	for (int i = 0; i < DATASET_CLASSES_MAX; i++)
		if (split_unit(split, i) >= 0) {
			train += count[0][i];
			test += count[1][i];
		}
	out_text(s->out, "data %s  images of %dx%dx%d  %s  %s", d->name, dim[0], dim[1], dim[2], split->name, mapping);
	out_text(s->out, "%-8s %8s %8s", "digit", "train", "test");
	out_csv(s->out, (const char *[]){"digit", "train", "test"}, 3);
	for (int i = 0; i < d->classes; i++) {
		if (split_unit(split, i) < 0)
			continue;
		out_text(s->out, "%-8d %8s %8s", i, text_count(a, count[0][i]), text_count(b, count[1][i]));
		snprintf(a, sizeof a, "%zu", count[0][i]);
		snprintf(b, sizeof b, "%zu", count[1][i]);
		snprintf(c, sizeof c, "%d", i);
		out_csv(s->out, (const char *[]){c, a, b}, 3);
	}
	out_text(s->out, "%-8s %8s %8s", "total", text_count(a, train), text_count(b, test));
	out_text(s->out, "mean of the training pixels (0 to 1)  %.4f", mean);
	out_text(s->out, d->cifar ? "SHA-256 of the batches, one behind the other" : "SHA-256 of the decompressed files");
	sha256 = json_object();
	for (int i = 0; i < 4; i += d->cifar ? 2 : 1) { /* a batch holds both */
		static const char *const idx[] = {"train-images", "train-labels", "t10k-images", "t10k-labels"};
		static const char *const cifar[] = {"data_batch", NULL, "test_batch"};
		const struct part *p = i < 2 ? &d->train : &d->test;
		const char *name = d->cifar ? cifar[i] : idx[i], *sum = i % 2 == 0 ? p->sha256_images : p->sha256_labels;

		out_text(s->out, "%-13s %s", name, sum);
		json_object_set_new(sha256, name, json_string(sum));
	}
	event = data_event(d, split, (const size_t(*)[DATASET_CLASSES_MAX])count, train, test);
	json_object_set_new(event, "mean", out_num(mean));
	json_object_set_new(event, "sha256", sha256);
	out_event(s->out, event);
	free(mapping);
}

/* One line: what is in use. */
static void
data_say(struct session *s, const struct dataset *d)
{
	size_t count[2][DATASET_CLASSES_MAX];
	const int *dim = d->train.images.shape.dim;
	struct nn_shape in;
	char a[32], b[32];
	struct split all;
	struct err ignored;

	data_count(d, count);
	split_parse("all", &all, &ignored);
	out_text(s->out, "data %s: %s training and %s test images of %dx%dx%d, %d classes", d->name, text_count(a, d->train.images.count),
	    text_count(b, d->test.images.count), dim[0], dim[1], dim[2], d->classes);
	out_csv(s->out, (const char *[]){"name", "train", "test", "height", "width", "channels", "classes"}, 7);
	if (s->out->mode == OUT_CSV) {
		char cell[6][32];

		snprintf(cell[0], 32, "%zu", d->train.images.count);
		snprintf(cell[1], 32, "%zu", d->test.images.count);
		for (int i = 0; i < 3; i++)
			snprintf(cell[2 + i], 32, "%d", dim[i]);
		snprintf(cell[5], 32, "%d", d->classes);
		out_csv(s->out, (const char *[]){d->name, cell[0], cell[1], cell[2], cell[3], cell[4], cell[5]}, 7);
	}
	out_event(s->out, data_event(d, &all, (const size_t(*)[DATASET_CLASSES_MAX])count, d->train.images.count, d->test.images.count));
	if (s->model.net == NULL)
		return;
	in = nn_net_input(s->model.net);
	if (memcmp(in.dim, dim, sizeof in.dim) != 0)
		out_note(s->out, "the model takes images of %dx%dx%d; `build` makes one for these", in.dim[0], in.dim[1], in.dim[2]);
}

/* What takes time of `data`: reading another set, and hashing. */
struct data_job {
	char *name; /* of another set, NULL: the one in use is taken */
	struct dataset *made;
	bool info;
	struct split split;
	int col, len; /* of the name, where an error is its */
};

static void
data_release(void *arg)
{
	struct data_job *x = arg;

	dataset_free(x->made);
	free(x->name);
	free(x);
}

static int
data_work(struct session *s, void *arg, struct err *e)
{
	struct data_job *x = arg;

	if (x->name != NULL && (x->made = dataset_load(x->name, e)) == NULL) {
		e->col = x->col;
		e->len = x->len;
		return -1;
	}
	if (x->info)
		dataset_hash(s->data);
	return 0;
}

static int
data_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct data_job *x = arg;

	if (x->made != NULL) { /* takes the place of the data set in use, which stays where the new one cannot be read */
		session_sets_drop(s);
		image_free(s->last_image);
		s->last_image = NULL;
		dataset_free(s->data);
		s->data = x->made;
		x->made = NULL;
		free(s->data_name);
		s->data_name = x->name;
		x->name = NULL;
	}
	if (x->info)
		data_info(s, s->data, &x->split);
	else
		data_say(s, s->data);
	return 0;
}

static int
data_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "NAME"), *split = args_pos(a, "SPLIT");
	struct data_job *x;
	int rc;

	if (name != NULL && (split != NULL || args_word(a, "info")))
		return fail_at(e, name, "`data info` is about the data set in use; `data %.60s` chooses another first", name->text);
	if (name == NULL && session_data(s, e) == NULL)
		return -1;
	x = xcalloc(1, sizeof *x);
	x->info = split != NULL || args_word(a, "info");
	if (name != NULL) {
		x->name = xstrdup(name->text);
		x->col = name->col;
		x->len = name->len;
	}
	if (split == NULL)
		split_parse("all", &x->split, e);
	else if (split_operand(s, split, &x->split, e) < 0) {
		data_release(x);
		return -1;
	}
	if (s->job == NULL && (x->name != NULL || x->info))
		return job_task(s, "data", &(struct job_task){data_work, data_done, data_release, x, 0}, e);
	/* A short answer, or a look while a run goes on. */
	if ((rc = data_work(s, x, e)) == 0)
		data_done(s, x, 0, e);
	data_release(x);
	return rc;
}

static bool
data_now(const struct session *s, const struct cmd_args *a)
{
	return args_pos(a, "NAME") == NULL;
}

const struct cmd cmd_data = {
	.name = "data",
	.group = "data",
	.what = "choose a data set, or show what is in it",
	.text = "NAME is mnist (bundled), fashion, or a folder with four IDX files, packed by gzip or not: train-images-idx3-ubyte, "
		"train-labels-idx1-ubyte and the same with t10k; or a folder with the binary version of CIFAR-10: data_batch_1.bin to "
		"data_batch_5.bin and test_batch.bin. Labels are 0 to 9. Pictures of another shape need a `build`. Without NAME the one in use is named. `data info` counts the images of "
		"each class and prints the SHA-256 of the decompressed files.",
	.keras = "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()",
	.example = "data info lt5",
	.arg = {{.name = "info", .type = ARG_WORD, .choices = data_info_word, .what = "counts per class, mean, SHA-256"},
		{.name = "SPLIT", .type = ARG_SPLIT, .what = "of these digits only"},
		{.name = "NAME", .type = ARG_FILE, .what = "mnist, fashion, or a folder of IDX files or CIFAR-10 batches"}},
	.when = CMD_WAITS,
	.now = data_now,
	.exec = data_exec,
};

/* ---- show ---- */

static enum ui_glyphs
show_glyphs(const struct session *s)
{
	if (!s->out->utf8 || strcmp(s->set.glyphs, "ascii") == 0)
		return UI_ASCII;
	return strcmp(s->set.glyphs, "braille") == 0 ? UI_BRAILLE : UI_BLOCK;
}

/* Prints a canvas, line by line. */
static void
show_canvas(struct session *s, const struct ui_canvas *c)
{
	char *text = ui_canvas_dump(c);

	out_text(s->out, "%s", text);
	free(text);
}

/* Tiles below and beside one another, as many in a row as the width holds. */
static void
show_tiles(struct session *s, const struct ui_tiles *t)
{
	enum ui_glyphs glyphs = show_glyphs(s);
	int dim[] = {t->tile[0].height, t->tile[0].width};
	int w = dim[1] < 14 ? dim[1] < 4 ? 4 : dim[1] : 14, h = (w * dim[0] + dim[1]) / dim[1] / 2, step, cols;
	struct ui_canvas *c;
	char text[160];

	h = h < 1 ? 1 : h > 14 ? 14 : h;
	step = w + 2 < 16 ? 16 : w + 2;
	cols = (s->out->width + 2) / step;
	cols = cols < 1 ? 1 : cols;
	for (size_t first = 0; first < t->n; first += (size_t)cols) {
		c = ui_canvas_new(cols * step, h + 1, glyphs);
		for (size_t i = first; i < t->n && i < first + (size_t)cols; i++) {
			const struct ui_tile *x = &t->tile[i];
			int left = (int)(i - first) * step;

			ui_picture(ui_area_all(c), left, 0, w, h, UI_MONO, x->height, x->width, x->channels, x->pixels);
			snprintf(text, sizeof text, "#%lld %s%s%s", (long long)x->id, x->label,
			    x->mark == 0 ? "" : ui_glyph(glyphs, x->mark > 0 ? UI_G_RIGHT : UI_G_WRONG), x->caption);
			ui_put_n(ui_area_all(c), left, h, step - 1, UI_PLAIN, text);
		}
		show_canvas(s, c);
		ui_canvas_free(c);
	}
}

static void
show_event(struct session *s, const char *name, int label, int predicted, double p)
{
	char a[16] = "", b[16] = "", c[32] = "";

	if (label >= 0)
		snprintf(a, sizeof a, "%d", label);
	if (predicted >= 0) {
		snprintf(b, sizeof b, "%d", predicted);
		num_text(c, p);
	}
	out_csv(s->out, (const char *[]){name, a, b, c}, 4);
	out_event(s->out, json_pack("{s:s, s:s, s:o, s:o, s:o}", "event", "image", "image", name, "label", label >= 0 ? json_integer(label) : json_null(),
	    "predicted", predicted >= 0 ? json_integer(predicted) : json_null(), "probability", predicted >= 0 ? out_num(p) : json_null()));
}

/* One picture, as large as the width allows. */
static int
show_image(struct session *s, const char *operand, struct err *e)
{
	struct image *i = image_get(s, operand, e);
	int best, w, h;
	char label[32] = "", predicted[64] = "";
	struct ui_canvas *c;
	float *p;

	if (i == NULL)
		return -1;
	p = xcalloc((size_t)nn_net_classes(s->model.net), sizeof *p);
	if (sheet_predict(s, i, p, e) < 0) {
		free(p);
		image_free(i);
		return -1;
	}
	best = sheet_best(p, nn_net_classes(s->model.net));
	w = (show_glyphs(s) == UI_ASCII ? 2 : 1) * i->shape.dim[1]; /* blocks show four pixels a cell */
	w = w > s->out->width ? s->out->width : w < 4 ? 4 : w;
	h = (w * i->shape.dim[0] + i->shape.dim[1]) / i->shape.dim[1] / 2;
	h = h < 1 ? 1 : h > 200 ? 200 : h;
	c = ui_canvas_new(w, h, show_glyphs(s));
	ui_picture(ui_area_all(c), 0, 0, w, h, UI_MONO, i->shape.dim[0], i->shape.dim[1], i->shape.dim[2], i->pixels);
	if (s->out->mode == OUT_TABLE)
		show_canvas(s, c);
	ui_canvas_free(c);
	if (i->label >= 0)
		snprintf(label, sizeof label, "  label %d", i->label);
	if (sheet_digit(s, best) >= 0)
		snprintf(predicted, sizeof predicted, "  predicted %d (%.4f)", sheet_digit(s, best), p[best]);
	out_text(s->out, "%s%s%s", i->name, label, predicted);
	out_csv(s->out, (const char *[]){"image", "label", "predicted", "probability"}, 4);
	show_event(s, i->name, i->label, sheet_digit(s, best), p[best]);
	free(p);
	image_free(i);
	return 0;
}

static int
show_config(struct session *s, struct err *e)
{
	char *line = session_config(s, e);

	if (line == NULL)
		return -1;
	out_text(s->out, "%s", line);
	out_csv(s->out, (const char *[]){line}, 1);
	out_event(s->out, json_pack("{s:s, s:s}", "event", "config", "line", line));
	free(line);
	return 0;
}

struct show {
	struct sheet_request r;
	struct sheet sheet;
};

static void
show_release(void *arg)
{
	struct show *x = arg;

	sheet_free(&x->sheet);
	free(x);
}

static int
show_work(struct session *s, void *arg, struct err *e)
{
	struct show *x = arg;

	return sheet_make(s, &x->r, &x->sheet, e);
}

static int
show_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct show *x = arg;
	struct ui_tiles tiles = {0};
	char name[32];

	sheet_tiles(s, &x->r, &x->sheet, &tiles);
	out_text(s->out, "%s  %s", tiles.title, tiles.note);
	if (s->host != NULL && s->host->shown != NULL && s->host->shown(s->host_arg, &x->r, &x->sheet)) {
		/* In the workbench the digits are on the screen already. */
	} else if (s->out->mode == OUT_TABLE && tiles.n > 0)
		show_tiles(s, &tiles);
	out_csv(s->out, (const char *[]){"image", "label", "predicted", "probability"}, 4);
	for (size_t i = 0; i < x->sheet.n && s->out->mode != OUT_TABLE; i++) {
		snprintf(name, sizeof name, "test:%u", x->sheet.image[i].index);
		show_event(s, name, x->sheet.image[i].label, x->sheet.image[i].predicted, x->sheet.image[i].p);
	}
	ui_tiles_clear(&tiles);
	return 0;
}

static int
show_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *image = args_pos(a, "IMAGE"), *n = args_key(a, "n"), *digit = args_key(a, "digit");
	struct show *x;
	int rc;

	if (args_word(a, "config"))
		return show_config(s, e);
	if (image != NULL)
		return show_image(s, image->text, e);
	if (session_data(s, e) == NULL || session_net(s, e) == NULL || session_engine(s, e) == NULL)
		return -1;
	x = xcalloc(1, sizeof *x);
	x->r = (struct sheet_request){.n = n != NULL ? (int)n->integer : 10, .digit = digit != NULL ? (int)digit->integer : -1, .wrong = args_word(a, "wrong")};
	if (split_operand(s, args_pos(a, "SPLIT"), &x->r.split, e) < 0) {
		show_release(x);
		return -1;
	}
	if (s->job == NULL && (x->r.wrong || x->r.n > 64)) /* many may have to be looked at */
		return job_task(s, "show", &(struct job_task){show_work, show_done, show_release, x, 0}, e);
	if ((rc = show_work(s, x, e)) == 0)
		show_done(s, x, 0, e);
	show_release(x);
	return rc;
}

static const char *const show_wrong[] = {"wrong", "config", NULL};

const struct cmd cmd_show = {
	.name = "show",
	.group = "data",
	.what = "a sample sheet of test images with their predictions",
	.text = "Each picture has its number, its label, and what the model predicts now with its probability. `wrong` keeps those that are "
		"predicted wrong. With an image: that one, large.",
	.keras = "plt.imshow(x_test[0])",
	.example = "show lt5 n=4; show test:7",
	.arg = {{.name = "SPLIT", .type = ARG_SPLIT, .what = "which digits; left out: the split last trained"},
		{.name = "IMAGE", .type = ARG_IMAGE, .what = "one picture instead"},
		{.name = "wrong", .type = ARG_WORD, .choices = show_wrong, .what = "only wrong predictions; config: the session as one line of commands"}},
	.key = {{.name = "n", .type = ARG_INT, .min = 1, .max = 1000, .what = "pictures at most (10)"},
		{.name = "digit", .type = ARG_INT, .min = 0, .max = 9, .what = "of this digit only"}},
	.when = CMD_NOW,
	.exec = show_exec,
};
