/* data.c: which data set, what is in it, and how its pictures look. */
#include "language/arg.h"
#include "session/made.h"
#include "train/task.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- data ---- */

static const char *const data_info_word[] = {"info", NULL};

static json_t *
data_event(const struct dataset *d, const struct split *split, const size_t count[2][DATASET_CLASSES_MAX], size_t train,
    size_t test)
{
	const int *dim = d->train.images.shape.dim;
	json_t *counts = json_object();
	char digit[16];

	for (int i = 0; i < DATASET_CLASSES_MAX; i++)
		if (split_unit(split, i) >= 0 && i < d->classes) {
			snprintf(digit, sizeof digit, "%d", i);
			json_object_set_new(counts, digit, json_pack("[I, I]", (json_int_t)count[0][i],
			    (json_int_t)count[1][i]));
		}
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:[i, i, i], s:o}", "event", "data", "name", d->name, "split",
	    split->name, "train", (json_int_t)train, "test", (json_int_t)test, "shape", dim[0], dim[1], dim[2],
	    "counts", counts);
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
	out_text(s->out, d->cifar ? "SHA-256 of the batches, one behind the other" :
	    "SHA-256 of the decompressed files");
	sha256 = json_object();
	for (int i = 0; i < 4; i += d->cifar ? 2 : 1) { /* a batch holds both */
		static const char *const idx[] = {"train-images", "train-labels", "t10k-images", "t10k-labels"};
		static const char *const cifar[] = {"data_batch", NULL, "test_batch"};
		const struct part *p = i < 2 ? &d->train : &d->test;
		const char *name = d->cifar ? cifar[i] : idx[i], *sum = i % 2 == 0 ? p->sha256_images :
		    p->sha256_labels;

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
	out_text(s->out, "data %s: %s training and %s test images of %dx%dx%d, %d classes", d->name,
	    text_count(a, d->train.images.count), text_count(b, d->test.images.count), dim[0], dim[1], dim[2],
	    d->classes);
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
	out_event(s->out, data_event(d, &all, (const size_t(*)[DATASET_CLASSES_MAX])count, d->train.images.count,
	    d->test.images.count));
	if (s->model.net == NULL)
		return;
	in = nn_net_input(s->model.net);
	if (memcmp(in.dim, dim, sizeof in.dim) != 0)
		out_note(s->out, "the model takes images of %dx%dx%d; `build` makes one for these", in.dim[0],
		    in.dim[1], in.dim[2]);
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
		dataset_hash(s->data.set);
	return 0;
}

static int
data_done(struct session *s, void *arg, int rc, struct err *e)
{
	struct data_job *x = arg;

	/* takes the place of the data set in use, which stays where the new one cannot be read */
	if (x->made != NULL) {
		compute_sets_drop(&s->compute);
		image_free(s->data.last);
		s->data.last = NULL;
		dataset_free(s->data.set);
		s->data.set = x->made;
		x->made = NULL;
		free(s->data.name);
		s->data.name = x->name;
		x->name = NULL;
	}
	if (x->info)
		data_info(s, s->data.set, &x->split);
	else
		data_say(s, s->data.set);
	return 0;
}

static int
data_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "NAME"), *split = args_pos(a, "SPLIT");
	struct data_job *x;
	int rc;

	if (name != NULL && (split != NULL || args_word(a, "info")))
		return fail_at(e, name, "`data info` is about the data set in use; `data %.60s` chooses another first",
		    name->text);
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
	if (s->worker.job == NULL && (x->name != NULL || x->info))
		return task_start(s, "data", &(struct task){data_work, data_done, data_release, x, 0}, e);
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
	.text = "NAME is mnist (bundled), fashion, or a folder with four IDX files, packed by gzip or not: "
	    "train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k; or a folder with the binary "
	    "version of CIFAR-10: data_batch_1.bin to data_batch_5.bin and test_batch.bin. Labels are 0 to 9. Pictures "
	    "of another shape need a `build`. Without NAME the one in use is named. `data info` counts the images of "
	    "each class and prints the SHA-256 of the decompressed files.",
	.keras = "(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()",
	.example = "data info lt5",
	.arg = {{.name = "info", .type = ARG_WORD, .choices = data_info_word,
	    .what = "counts per class, mean, SHA-256"},
		{.name = "SPLIT", .type = ARG_SPLIT, .what = "of these digits only"},
		{.name = "NAME", .type = ARG_FILE, .what = "mnist, fashion, or a folder of IDX files or CIFAR-10 "
		    "batches"}},
	.when = CMD_WAITS,
	.now = data_now,
	.exec = data_exec,
};
