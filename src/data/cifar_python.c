/* cifar_python.c: CIFAR's Python versions. */
#include "data/cifar_python.h"

#include "data/cifar.h"
#include "data/names.h"
#include "data/pickled.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)400 << 20)
#define NAMES_MAX ((size_t)1 << 20)

static bool
there(const struct folder *f, const char *name)
{
	char *path = folder_file(f, name);

	free(path);
	return path != NULL;
}

int
cifar_python_in(const struct folder *f)
{
	return there(f, "data_batch_1") || there(f, "test_batch") ? 10 : there(f, "train") && there(f, "test") &&
	    there(f, "meta") ? 100 : 0;
}

/* Adds the pictures of a file to a part. `labels`: the key of its labels, which are below `classes`. */
static int
take(const struct pickled *p, const char *path, const char *labels, int classes, struct part *to, struct err *e)
{
	size_t rows, cols, n;
	const uint8_t *planes = pickled_bytes(p, "data", &rows, &cols);
	int64_t v;

	if (planes == NULL || cols != CIFAR_PIXELS)
		return fail(e, "%s has no pictures of 3x%dx%d bytes under \"data\", rows of an array of uint8 in C's "
		    "order; get the file again", path, CIFAR_SIDE, CIFAR_SIDE);
	if (!pickled_count(p, labels, &n) || n != rows)
		return fail(e, "%s holds %zu pictures, but %zu labels under \"%s\"; get the file again", path, rows, n,
		    labels);
	if (cifar_room(to, n, path, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (signals_ending())
			return fail(e, "reading %s was interrupted; nothing of it is used", path);
		if (!pickled_number(p, labels, i, &v) || v < 0 || v >= classes)
			return fail(e, "%s has no label from 0 to %d for picture %zu; get the file again", path,
			    classes - 1, i);
		to->label[to->images.count] = (uint16_t)v;
		cifar_pixels(to->pixels + to->images.count++ * CIFAR_PIXELS, planes + i * CIFAR_PIXELS);
	}
	return 0;
}

static int
take_file(const struct folder *f, const char *name, const char *labels, int classes, struct part *to, struct err *e)
{
	char *path = xasprintf("%s/%s", f->path, name);
	struct pickled *p = pickled_open(path, FILE_MAX, e);
	int rc = p != NULL ? take(p, path, labels, classes, to, e) : -1;

	pickled_free(p);
	free(path);
	return rc;
}

/* The names that the file of them has, of at most so many classes. */
static int
names_in(const struct pickled *p, const char *path, const char *key, int most, struct dataset *d, struct err *e)
{
	size_t n;

	if (!pickled_count(p, key, &n))
		return pickled_has(p, key) ? fail(e, "%s has no list of texts under \"%s\"; write the names as one, or "
		    "remove the file", path, key) : 0;
	if (n == 0 || n > (size_t)most)
		return fail(e, "%s names %zu classes under \"%s\"; such data have 1 to %d: write a name for each", path,
		    n, key, most);
	d->class_name = xcalloc(n, sizeof *d->class_name);
	for (size_t i = 0; i < n; i++) {
		if ((d->class_name[i] = pickled_text(p, key, i)) == NULL)
			return fail(e, "%s has under \"%s\", at %zu, no text of less than 256 bytes; write a name for "
			    "each class", path, key, i);
		d->names++;
	}
	return 0;
}

/* Those that the file has; where there is none, or nothing by that key in it, those that are known of CIFAR-10. */
static int
take_names(const struct folder *f, const char *file, const char *key, int classes, struct dataset *d, struct err *e)
{
	char *path = xasprintf("%s/%s", f->path, file);
	bool has = there(f, file);
	struct pickled *p = has ? pickled_open(path, NAMES_MAX, e) : NULL;
	int rc = has && p == NULL ? -1 : 0;

	if (p != NULL)
		rc = names_in(p, path, key, classes, d, e);
	if (rc == 0 && d->class_name == NULL && classes == 10)
		d->class_name = names_known("cifar10", &d->names);
	pickled_free(p);
	free(path);
	return rc;
}

int
cifar_python_load(const struct folder *f, bool coarse, struct dataset *d, struct err *e)
{
	const char *labels = coarse ? "coarse_labels" : "fine_labels";
	int classes = coarse ? 20 : 100, rc;
	char batch[24];

	if (cifar_python_in(f) == 100) {
		if (take_names(f, "meta", coarse ? "coarse_label_names" : "fine_label_names", classes, d, e) < 0)
			return -1;
		return take_file(f, "test", labels, classes, &d->test, e) < 0 ? -1 :
		    take_file(f, "train", labels, classes, &d->train, e);
	}
	rc = take_names(f, "batches.meta", "label_names", 10, d, e);
	if (rc == 0)
		rc = take_file(f, "test_batch", "labels", 10, &d->test, e);
	for (int i = 1; i <= 5 && rc == 0; i++) {
		snprintf(batch, sizeof batch, "data_batch_%d", i);
		rc = take_file(f, batch, "labels", 10, &d->train, e);
	}
	return rc;
}
