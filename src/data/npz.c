/* npz.c: pictures and labels as arrays of NumPy. */
#include "data/npz.h"

#include "data/idx.h"
#include "data/names.h"
#include "util/npy.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* The names that Keras gives, and MedMNIST. */
static const char *const arrays[2][4] = {
	{"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"},
	{"train_images.npy", "train_labels.npy", "test_images.npy", "test_labels.npy"},
};

static const struct zip_member *
find_array(const struct zip *z, int which, struct err *e)
{
	const struct zip_member *m = NULL;

	for (int i = 0; i < 2 && m == NULL; i++)
		m = zip_find(z, arrays[i][which]);
	if (m == NULL)
		fail(e, "%s has no array %.*s, as Keras' mnist.npz has; write it with numpy.savez(FILE, x_train=, "
		    "y_train=, x_test=, y_test=)", z->path, (int)strlen(arrays[0][which]) - 4, arrays[0][which]);
	return m;
}

static int
load_pixels(const struct zip *z, int which, struct part *p, struct err *e)
{
	const struct zip_member *m = find_array(z, which, e);
	struct npy a;
	int rc = 0;

	if (m == NULL || npy_read(z, m, IDX_BYTES_MAX, &a, e) < 0)
		return -1;
	if (a.size != 1 || a.kind != 'u')
		rc = fail(e, "%s: %.80s holds values of %d bytes that are no uint8; write pixels as uint8, 0 to 255",
		    z->path, m->name, a.size);
	else if (a.count == 0 || (a.rank != 3 && (a.rank != 4 || (a.dim[3] != 1 && a.dim[3] != 3))))
		rc = fail(e, "%s: %.80s holds no pictures of one or three channels (images, height, width, channels); "
		    "reshape it", z->path, m->name);
	else if (a.dim[1] > DATASET_SIDE_MAX || a.dim[2] > DATASET_SIDE_MAX)
		rc = fail(e, "%s: %.80s holds images of %llux%llu; at most %dx%d fit: scale them down", z->path,
		    m->name, (unsigned long long)a.dim[1], (unsigned long long)a.dim[2], DATASET_SIDE_MAX,
		    DATASET_SIDE_MAX);
	if (rc < 0) {
		free(a.data);
		return -1;
	}
	p->rank = a.rank;
	p->pixels = a.data;
	p->images = (struct nn_images){.shape = {3, {(int)a.dim[1], (int)a.dim[2], a.rank == 4 ? (int)a.dim[3] : 1}},
	    .count = a.dim[0], .pixels = p->pixels};
	return 0;
}

static int
load_labels(const struct zip *z, int which, struct part *p, struct err *e)
{
	const struct zip_member *m = find_array(z, which, e);
	size_t n = p->images.count;
	struct npy a;
	int rc = 0;

	if (m == NULL || npy_read(z, m, IDX_BYTES_MAX, &a, e) < 0)
		return -1;
	if (a.kind == 'f' || a.rank < 1 || a.rank > 2 || (a.rank == 2 && a.dim[1] != 1))
		rc = fail(e, "%s: %.80s holds no labels, a whole number for each picture; write the number of its "
		    "class, as argmax gives it", z->path, m->name);
	else if (a.dim[0] != n)
		rc = fail(e, "%s: there are %zu images, but %llu labels in %.80s; check that they are not mixed up",
		    z->path, n, (unsigned long long)a.dim[0], m->name);
	else if ((p->label = malloc(n * sizeof *p->label)) == NULL)
		rc = fail_memory(e, "%s: not enough memory for %zu labels", z->path, n);
	for (size_t i = 0; i < n && rc == 0; i++) {
		int64_t v = npy_int(&a, i);

		if (v < 0 || v >= DATASET_CLASSES_MAX)
			rc = fail(e, "%s: %.80s has the label %lld at %zu; labels are 0 to %d: renumber the "
			    "classes, or take fewer", z->path, m->name, (long long)v, i, DATASET_CLASSES_MAX - 1);
		p->label[i] = (uint16_t)v;
	}
	free(a.data);
	return rc;
}

/* Names of the classes, of classes or class_names, where that is an array of texts; a note where it may have been meant
 * as one. */
static int
load_names(const struct zip *z, struct dataset *d, struct err *e)
{
	static const char *const name[] = {"class_names.npy", "classes.npy"};
	char **text = NULL;
	int n = 0;

	for (int i = 0; i < 2 && n == 0; i++) {
		const struct zip_member *m = zip_find(z, name[i]);
		int rc = m != NULL ? npy_texts(z, m, DATASET_CLASSES_MAX, &text, &n, e) : 0;

		if (rc < 0)
			return -1;
		if (rc > 0) {
			free(d->note);
			d->note = xasprintf("%s is no array of texts, so that the classes have no names; make it one "
			    "by numpy.array(NAMES, dtype=str)", name[i]);
		}
	}
	if (n > 0) {
		free(d->note);
		d->note = NULL;
		names_free(d->class_name, d->names);
		d->class_name = text;
		d->names = n;
		d->named = true;
	}
	return 0;
}

int
npz_load(const char *path, struct dataset *d, struct err *e)
{
	struct zip z;
	int rc;

	if (zip_open(&z, path, e) < 0)
		return -1;
	rc = load_names(&z, d, e) < 0 || load_pixels(&z, 2, &d->test, e) < 0 || load_labels(&z, 3, &d->test, e) < 0 ||
	    load_pixels(&z, 0, &d->train, e) < 0 || load_labels(&z, 1, &d->train, e) < 0 ? -1 : 0;
	zip_close(&z);
	return rc;
}
