/* data.c: which data set, what is in it, and how its pictures look. */
#include "file/sums.h"
#include "language/arg.h"
#include "session/made.h"
#include "train/task.h"
#include "util/place.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- data ---- */

#define DATA_UNITS 5 /* outputs of the model that there is when none was built */
#define DATA_NAME_COLS 24 /* of a class, in text */

static const char *const data_info_word[] = {"info", NULL};
static const char *const data_colour_word[] = {"grey", "rgb", NULL};
static const char *const data_labels_word[] = {"fine", "coarse", NULL};
static const char *const data_form_word[] = {"off", "mnist", NULL};

/* Images of a split, of each digit and in all; digit is the caller's. */
struct data_count {
	int64_t train, test, (*digit)[2];
};

static struct data_count
data_count(const struct dataset *d, const struct split *split)
{
	struct data_count c = {.digit = xcalloc((size_t)d->classes, sizeof *c.digit)};

	for (size_t i = 0; i < d->train.images.count; i++)
		c.digit[d->train.label[i]][0]++;
	for (size_t i = 0; i < d->test.images.count; i++)
		c.digit[d->test.label[i]][1]++;
	for (int i = 0; i < d->classes; i++)
		if (split_unit(split, i) >= 0) {
			c.train += c.digit[i][0];
			c.test += c.digit[i][1];
		}
	return c;
}

/* The names of the classes of a split; NULL: they have none. */
static json_t *
data_names(const struct dataset *d, const struct split *split)
{
	json_t *names = d->class_name != NULL ? json_array() : NULL;

	for (int i = 0; i < d->classes && names != NULL; i++)
		if (split_unit(split, i) >= 0)
			json_array_append_new(names, out_string(d->class_name[i]));
	return names;
}

/* The data set as a row; of `data info` it is only for JSON, with the mean and the checksums. */
static void
data_row(struct session *s, const struct dataset *d, const struct split *split, const struct data_count *c, double mean,
    json_t *sha256)
{
	const struct nn_shape *shape = &d->train.images.shape;
	bool info = sha256 != NULL;
	unsigned in = info ? ROW_IN_JSON : ROW_IN_ALL;
	json_t *counts = json_object();
	char digit[16];

	for (int i = 0; i < d->classes; i++)
		if (split_unit(split, i) >= 0) {
			snprintf(digit, sizeof digit, "%d", i);
			json_object_set_new(counts, digit, out_pack("[I, I]", (json_int_t)c->digit[i][0],
			    (json_int_t)c->digit[i][1]));
		}
	row_print(s->out, "data", true, (const struct row_cell[]){
		{"name", ROW_TEXT, .in = in, .s = d->name},
		{"split", ROW_TEXT, .in = ROW_IN_JSON, .s = split->name},
		{"train", ROW_INT, .in = in, .n = c->train},
		{"test", ROW_INT, .in = in, .n = c->test},
		{"shape", ROW_JSON, .json = out_shape(shape->rank, shape->dim)},
		{"height", ROW_INT, .in = ROW_IN_CSV, .off = info, .n = shape->dim[0]},
		{"width", ROW_INT, .in = ROW_IN_CSV, .off = info, .n = shape->dim[1]},
		{"channels", ROW_INT, .in = ROW_IN_CSV, .off = info, .n = shape->dim[2]},
		{"classes", ROW_INT, .in = ROW_IN_CSV, .off = info, .n = d->classes},
		{"counts", ROW_JSON, .json = counts},
		{"class_names", ROW_JSON, .off = d->class_name == NULL, .json = data_names(d, split)},
		{"mean", ROW_REAL, .in = in, .off = !info, .x = mean},
		{"sha256", ROW_JSON, .off = !info, .json = sha256}, {0}});
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
data_digit(struct session *s, const char *digit, const char *class, int64_t train, int64_t test, bool head)
{
	const struct row_cell row[] = {
		{"digit", ROW_TEXT, -8, .s = digit},
		{"train", ROW_COUNT, 8, .n = train},
		{"test", ROW_COUNT, 8, .n = test},
		{"class", ROW_TEXT, -DATA_NAME_COLS, .gap = 2, .off = class == NULL, .s = class}, {0}};

	if (head)
		row_head(s->out, "data", row);
	else
		row_part(s->out, "data", false, row);
}

static void
data_info(struct session *s, struct dataset *d, const struct split *split)
{
	struct data_count c = data_count(d, split);
	const int *dim = d->train.images.shape.dim;
	char digit[16], *mapping = split_mapping(split, d);
	double mean = data_mean(d, split);
	json_t *sha256 = json_object();

	out_text(s->out, "data %s  images of %dx%dx%d  %s  %s", d->name, dim[0], dim[1], dim[2], split->name, mapping);
	data_digit(s, NULL, d->class_name != NULL ? "" : NULL, 0, 0, true);
	for (int i = 0; i < d->classes; i++)
		if (split_unit(split, i) >= 0) {
			snprintf(digit, sizeof digit, "%d", i);
			data_digit(s, digit, d->class_name != NULL ? d->class_name[i] : NULL, c.digit[i][0],
			    c.digit[i][1], false);
		}
	if (s->out->mode == OUT_TABLE)
		data_digit(s, "total", NULL, c.train, c.test, false);
	out_text(s->out, "mean of the training pixels (0 to 1)  %.4f", mean);
	out_text(s->out, d->cifar ? "SHA-256 of the batches, one behind the other" : d->files ?
	    "SHA-256 of the decompressed files" : "SHA-256 of pictures and labels, as IDX files hold them");
	for (int i = 0; i < 4; i += d->cifar ? 2 : 1) { /* a batch holds both */
		static const char *const idx[] = {"train-images", "train-labels", "t10k-images", "t10k-labels"};
		static const char *const cifar[] = {"data_batch", NULL, "test_batch"};
		const struct part *p = i < 2 ? &d->train : &d->test;
		const char *name = d->cifar ? cifar[i] : idx[i], *sum = i % 2 == 0 ? p->sha256_images :
		    p->sha256_labels;

		out_text(s->out, "%-13s %s", name, sum);
		json_object_set_new(sha256, name, out_string(sum));
	}
	data_row(s, d, split, &c, mean, sha256);
	free(mapping);
	free(c.digit);
}

/* One line: what is in use. */
static void
data_say(struct session *s, const struct dataset *d)
{
	const int *dim = d->train.images.shape.dim;
	struct data_count c;
	char a[32], b[32];
	struct split all;
	struct err e = {0};

	split_parse_of(d, "all", &all, &e);
	c = data_count(d, &all);
	out_text(s->out, "data %s: %s training and %s test images of %dx%dx%d, %d classes", d->name,
	    text_count(a, (unsigned long long)c.train), text_count(b, (unsigned long long)c.test), dim[0], dim[1],
	    dim[2], split_count(&all));
	data_row(s, d, &all, &c, 0, NULL);
	free(c.digit);
	if (d->note != NULL)
		out_note(s->out, "%s", d->note);
	if (s->model.net != NULL && model_takes(s->model.net, d->train.images.shape, d->name, &e) < 0)
		out_note(s->out, "%s", e.text);
}

/* How a first run begins with a set whose splits are no digits, for all that is known of the model. */
static void
data_begin(struct session *s, const struct dataset *d)
{
	struct split all;
	struct err ignored = {0};
	int units = s->model.net != NULL ? nn_net_classes(s->model.net) : DATA_UNITS, n;

	if (s->runs.n > 0 || strcmp(d->name, DATA_BUNDLED) == 0 || split_parse_of(d, "all", &all, &ignored) < 0)
		return;
	n = split_count(&all);
	if (n > units)
		out_note(s->out, "`build classes=%d` makes a model of its %d classes, then `train all` begins", n, n);
	else
		out_note(s->out, "`train all` begins");
}

/* What takes time of `data`: reading another set, and hashing. */
struct data_job {
	char *name; /* of another set, NULL: the one in use is taken */
	struct dataset_how how;
	struct dataset *made;
	bool info;
	bool runs; /* those of the one in use keep its sums */
	struct split split;
	bool all; /* in place of a split */
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

	if (x->name != NULL && (x->made = dataset_load_as(x->name, &x->how, e)) == NULL) {
		e->col = x->col;
		e->len = x->len;
		return -1;
	}
	if (x->runs)
		dataset_hash(s->data.set, &(struct err){0});
	return x->info ? dataset_hash(s->data.set, e) : 0;
}

static int
data_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct data_job *x = arg;
	bool made = x->made != NULL;

	/* takes the place of the data set in use, which stays where the new one cannot be read */
	if (x->made != NULL) {
		sums_keep(s);
		compute_sets_drop(&s->compute);
		image_free(s->data.last);
		s->data.last = NULL;
		data_predict(&s->data, NULL);
		dataset_free(s->data.set);
		s->data.set = x->made;
		x->made = NULL;
		free(s->data.name);
		s->data.name = x->name;
		s->data.how = x->how;
		x->name = NULL;
	}
	if (x->all)
		split_parse_of(s->data.set, "all", &x->split, e);
	if (x->info)
		data_info(s, s->data.set, &x->split);
	else
		data_say(s, s->data.set);
	if (made)
		data_begin(s, s->data.set);
	return 0;
}

/* How a folder of pictures is to be read. */
static int
data_how(const struct cmd_args *a, struct dataset_how *how, struct err *e)
{
	const struct cmd_value *size = args_key(a, "size"), *form = args_key(a, "normalise"),
	    *holdout = args_key(a, "holdout"), *labels = args_key(a, "labels");

	if (size != NULL) {
		long height = strtol(size->text, NULL, 10), width = strtol(strchr(size->text, 'x') + 1, NULL, 10);

		if (height < 1 || width < 1 || height > DATASET_SIDE_MAX || width > DATASET_SIDE_MAX)
			return fail_at(e, size, "size is height and width of the pictures, 1 to %d each, as in "
			    "size=28x28",
			    DATASET_SIDE_MAX);
		how->height = (int)height;
		how->width = (int)width;
	}
	how->coarse = labels != NULL && strcmp(labels->text, "coarse") == 0;
	how->rgb = args_word(a, "rgb");
	how->normalise = form != NULL && strcmp(form->text, "mnist") == 0;
	how->one_in = holdout != NULL ? (int)holdout->integer : 0;
	return 0;
}

static int
data_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "NAME"), *split = args_pos(a, "SPLIT");
	struct dataset_how how = {0};
	struct data_job *x;
	int rc;

	if (name != NULL && (split != NULL || args_word(a, "info")))
		return fail_at(e, name, "`data info` is about the data set in use; `data %.60s` chooses another first",
		    name->text);
	if (data_how(a, &how, e) < 0)
		return -1;
	if (name != NULL && s->queue.init && s->data.option)
		return 0;
	if (name == NULL && (dataset_how_said(&how) || how.coarse || args_word(a, "grey")))
		return fail(e, "how pictures are read is said when their folder is chosen, as in `data DIR size=28x28 "
		    "grey`");
	if (name == NULL && session_data(s, e) == NULL)
		return -1;
	x = xcalloc(1, sizeof *x);
	x->info = split != NULL || args_word(a, "info");
	if (name != NULL) {
		x->name = xstrdup(name->text);
		x->runs = sums_wanted(s);
		x->how = how;
		x->col = name->col;
		x->len = name->len;
	}
	if (split == NULL)
		x->all = true;
	else if (arg_split(s, split, &x->split, e) < 0) {
		data_release(x);
		return -1;
	}
	if (s->worker.job == NULL && (x->name != NULL || x->info))
		return task_start(s, "data", &(struct task){data_work, data_done, data_release, x, 0}, e);
	/* A short answer, or a look while a run goes on. */
	if ((rc = data_work(s, x, e)) == 0)
		data_done(s, x, 0, e);
	data_release(x);
	return rc;
}

static int
data_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "NAME");

	s->user.any_class |= name != NULL && strcmp(name->text, DATA_BUNDLED) != 0;
	return name != NULL && place_refused(name->text, false, e) ? err_at(e, name) : 0;
}

static enum cmd_when
data_when(const struct session *s, const struct cmd_args *a)
{
	return args_pos(a, "NAME") == NULL ? CMD_NOW : CMD_WAITS;
}

const struct cmd cmd_data = {
	.name = "data",
	.group = "data",
	.what = "choose a data set, or show what is in it",
	.text = "NAME is mnist or own-digits (bundled, the latter pictures in folders); fashion (from Debian's "
	    "dataset-fashion-mnist, where that is installed); a folder with four IDX files, packed by gzip or not: "
	    "train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k or test, perhaps behind a prefix "
	    "as emnist-digits-, which also tells one set of several: DIR/emnist-digits; a folder with "
	    "CIFAR-10 or CIFAR-100, in the binary version (data_batch_1.bin and its like; train.bin, test.bin) or in "
	    "that for Python, whose pickles are read without running any of them, with the names of its file "
	    "(batches.meta.txt, batches.meta and their like); an archive of NumPy's "
	    "arrays as Keras' mnist.npz: x_train, y_train, x_test, y_test (and classes, their names); or a folder "
	    "with one folder of PNG or JPEG files a class, whose names are the classes, or with two of those, "
	    "train and test. Such pictures are scaled to 28x28 grey, and a hash of their "
	    "names says which are for testing and in which order they come. Where a data set names its classes, "
	    "they are said and typed by name: `confusion all cat dog`, classes=cat,dog as a split. Pictures of another "
	    "shape need a `build`. Without NAME the one in use is named. `data info` counts the images of each class "
	    "and prints the SHA-256 of what the files hold.",
	.keras = "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()",
	.example = "data info lt5",
	.arg = {{.name = "info", .type = ARG_WORD, .choices = data_info_word,
	    .what = "counts per class, mean, SHA-256"},
		{.name = "SPLIT", .type = ARG_SPLIT, .what = "of these digits only"},
		{.name = "NAME", .type = ARG_FILE, .what = "mnist, fashion, a folder of IDX files or of "
		    "CIFAR, of folders of pictures, or FILE.npz"},
		{.name = "COLOUR", .type = ARG_WORD, .choices = data_colour_word,
		    .what = "of a folder of pictures (grey)"}},
	.key = {{.name = "size", .type = ARG_SIZE, .max = DATASET_SIDE_MAX,
		    .what = "height and width that pictures are scaled to (28x28)"},
		{.name = "normalise", .type = ARG_WORD, .choices = data_form_word,
		    .what = "mnist: pictures become light ink on dark, fitted into 20 of 28 pixels and "
		    "centred by mass (off)"},
		{.name = "labels", .type = ARG_WORD, .choices = data_labels_word,
		    .what = "of CIFAR-100: its 100 classes, or the 20 that they belong to (fine)"},
		{.name = "holdout", .type = ARG_INT, .min = 2, .max = 100,
		    .what = "1 picture in so many is for testing (6)"}},
	.when = CMD_WAITS,
	.when_of = data_when,
	.exec = data_exec,
	.check = data_check,
};
