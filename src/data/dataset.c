/* dataset.c: a data set is four IDX files that fit together, the batches of CIFAR-10, or an archive of arrays. */
#include "data/cifar.h"
#include "data/cifar_python.h"
#include "data/class.h"
#include "data/found.h"
#include "data/idx.h"
#include "data/names.h"
#include "data/npz.h"
#include "data/photos.h"
#include "data/where.h"
#include "util/reach.h"
#include "util/sha256.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <unistd.h>

static int
check_part(const struct part *p, const struct idx *x, const struct idx *y, const char *images, const char *labels,
    struct err *e)
{
	int channels = x->rank == 4 ? (int)x->dim[3] : 1;

	if (x->dim[1] > DATASET_SIDE_MAX || x->dim[2] > DATASET_SIDE_MAX)
		return fail(e, "%s holds images of %ux%u; at most %dx%d fit: scale them down", images, x->dim[1],
		    x->dim[2], DATASET_SIDE_MAX, DATASET_SIDE_MAX);
	if (x->rank == 4 && channels != 1 && channels != 3)
		return fail(e, "%s holds images of %u channels; convert them to 1 (grey) or 3 (RGB)", images,
		    x->dim[3]);
	if (x->dim[0] != y->dim[0])
		return fail(e, "%s holds %u images, but %s holds %u labels; check that the files are not mixed up",
		    images, x->dim[0], labels, y->dim[0]);
	return 0;
}

static int
label_room(struct part *p, const char *path, size_t n, struct err *e)
{
	p->label = malloc(n * sizeof *p->label);
	return p->label != NULL ? 0 : fail_memory(e, "%s: not enough memory for %zu labels", path, n);
}

static int
load_part(struct part *p, const char *images, const char *labels, struct err *e)
{
	struct idx x = {0}, y = {0};
	int ret = -1;

	/* The small file first, so that a mixed-up folder is told at once. */
	if (idx_read(labels, 1, 1, &y, e) == 0 && idx_read(images, 3, 4, &x, e) == 0 &&
	    check_part(p, &x, &y, images, labels, e) == 0 && label_room(p, labels, y.size, e) == 0) {
		p->rank = x.rank;
		p->pixels = x.bytes;
		for (size_t i = 0; i < y.size; i++)
			p->label[i] = y.bytes[i];
		p->images = (struct nn_images){
		    .shape = {3, {(int)x.dim[1], (int)x.dim[2], x.rank == 4 ? (int)x.dim[3] : 1}}, .count = x.dim[0],
		    .pixels = x.bytes};
		x.bytes = NULL;
		ret = 0;
	}
	free(x.bytes);
	free(y.bytes);
	return ret;
}

/* Rows become columns, as in EMNIST's own programs; the files hold the pictures lying on their side. */
static int
turn_part(uint8_t *pixels, const struct nn_images *x)
{
	int side = x->shape.dim[0];

	if (side != x->shape.dim[1] || x->shape.dim[2] != 1)
		return -1;
	for (size_t i = 0; i < x->count; i++, pixels += side * side)
		for (int y = 0; y < side; y++)
			for (int k = 0; k < y; k++) {
				uint8_t t = pixels[y * side + k];

				pixels[y * side + k] = pixels[k * side + y];
				pixels[k * side + y] = t;
			}
	return 0;
}

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static int
load_idx(struct dataset *d, const struct folder *f, const char *prefix, struct err *e)
{
	struct found x;
	int ret;

	if (found_idx(f, prefix, &x, e) < 0)
		return -1;
	d->files = true;
	ret = load_part(&d->test, x.images[1], x.labels[1], e) < 0 ||
	    load_part(&d->train, x.images[0], x.labels[0], e) < 0 ? -1 : 0;
	if (ret == 0 && strncasecmp(x.prefix, "emnist", 6) == 0 &&
	    turn_part(d->test.pixels, &d->test.images) == 0 && turn_part(d->train.pixels, &d->train.images) == 0) {
		d->turned = true;
		d->note = xstrdup("the pictures lie transposed in the files of EMNIST; they are turned upright");
	}
	if ((d->class_name = names_known(x.prefix, &d->names)) == NULL)
		d->class_name = names_known(last_name(d->dir), &d->names);
	found_free(&x);
	return ret;
}

static bool
cifar_any(const struct folder *f)
{
	return cifar_in(f) != 0 || cifar_python_in(f) != 0;
}

/* Goes on into the folder that an archive of CIFAR makes, where a folder holds no more than that. */
static struct folder *
cifar_inside(struct dataset *d, struct folder *f)
{
	static const char *const names[] = {"cifar-10-batches-bin", "cifar-100-binary", "cifar-10-batches-py",
	    "cifar-100-python"};
	char *inside = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names && inside == NULL && !cifar_any(f); i++)
		inside = folder_folder(f, names[i]);
	if (inside == NULL)
		return f;
	folder_free(f);
	free(d->dir);
	d->dir = inside;
	return folder_open(inside);
}

/* Names that a file has are of all labels, and none of them is empty. */
static int
names_suffice(const struct dataset *d, const struct part *p, struct err *e)
{
	for (size_t i = 0; i < p->images.count && d->class_name != NULL; i++)
		if (p->label[i] >= d->names)
			return fail(e, "%s has names of %d classes, but a picture with the label %u; name each label, "
			    "from 0 on, or leave the names out", d->dir, d->names, p->label[i]);
		else if (d->class_name[p->label[i]][0] == '\0')
			return fail(e, "%s has an empty name for the label %u; name each label, or leave the names out",
			    d->dir, p->label[i]);
	return 0;
}

static int
load_cifar(struct dataset *d, const struct folder *f, const struct dataset_how *how, struct err *e)
{
	int set = cifar_in(f) != 0 ? cifar_in(f) : cifar_python_in(f);

	if (how->coarse && set != 100)
		return fail(e, "%s is CIFAR-10, which has no coarse labels; leave labels= out", d->dir);
	d->coarse = how->coarse;
	d->cifar = cifar_in(f) == 10;
	if ((cifar_in(f) == 0 ? cifar_python_load(f, how->coarse, d, e) : cifar_names(f, how->coarse, d, e) < 0 ? -1 :
	    cifar_load(f, how->coarse, &d->train, &d->test, e)) < 0)
		return -1;
	return names_suffice(d, &d->train, e) < 0 ? -1 : names_suffice(d, &d->test, e);
}

static int
load_folder(struct dataset *d, const struct dataset_how *how, const char *prefix, struct err *e)
{
	struct folder *f = cifar_inside(d, folder_open(d->dir));
	int ret;

	if (f->error != 0)
		ret = fail(e, "%s cannot be read: %s; %s", d->dir, reach_why(f->error), reach_way(f->error,
		    f->error == EACCES ? "make it readable, or choose another folder with `data DIR`" :
		    "choose another folder with `data DIR`"));
	else if (prefix == NULL && cifar_any(f))
		ret = load_cifar(d, f, how, e);
	else if (prefix == NULL && !found_any(f) && photos_in(f)) {
		d->pictures = true;
		ret = photos_load(f, how, d, e);
	} else
		ret = load_idx(d, f, prefix, e);
	folder_free(f);
	return ret;
}

static int
load(struct dataset *d, const struct dataset_how *how, struct err *e)
{
	char *prefix = NULL;
	int ret;

	if (text_ends(d->name, ".npz") && !where_folder(d->name)) {
		d->dir = xstrdup(d->name);
		d->class_name = names_known(last_name(d->name), &d->names);
		if (npz_load(d->dir, d, e) < 0)
			return -1;
		return d->named && (names_suffice(d, &d->train, e) < 0 || names_suffice(d, &d->test, e) < 0) ? -1 : 0;
	}
	if ((d->dir = where_find(d->name, &prefix, e)) == NULL)
		return -1;
	ret = load_folder(d, how, prefix, e);
	free(prefix);
	return ret;
}

static void
note_labels(struct dataset *d, const struct part *p)
{
	for (size_t i = 0; i < p->images.count; i++) {
		d->there[p->label[i]] = true;
		d->classes = p->label[i] < d->classes ? d->classes : p->label[i] + 1;
	}
}

bool
dataset_how_said(const struct dataset_how *how)
{
	return how->height > 0 || how->width > 0 || how->rgb || how->normalise || how->one_in > 0;
}

struct dataset *
dataset_load(const char *name, struct err *e)
{
	return dataset_load_as(name, &(struct dataset_how){0}, e);
}

struct dataset *
dataset_load_as(const char *name, const struct dataset_how *how, struct err *e)
{
	static atomic_uint_least64_t serial; /* a reader counts, too */
	struct dataset *d = xcalloc(1, sizeof *d);
	const struct nn_shape *a, *b;

	d->serial = atomic_fetch_add(&serial, 1) + 1;
	d->name = xstrdup(name);
	if (load(d, how, e) < 0) {
		dataset_free(d);
		return NULL;
	}
	if (how->coarse && !d->coarse) {
		fail(e, "%.200s has no coarse labels, which are of CIFAR-100; leave labels= out", name);
		dataset_free(d);
		return NULL;
	}
	if (!d->pictures && dataset_how_said(how)) {
		fail(e, "%.200s is no folder of pictures, which alone are scaled, coloured or normalised; leave that "
		    "out", name);
		dataset_free(d);
		return NULL;
	}
	a = &d->train.images.shape;
	b = &d->test.images.shape;
	if (memcmp(a->dim, b->dim, sizeof a->dim) != 0) {
		fail(e, "%s holds training images of %dx%dx%d, but test images of %dx%dx%d; check that the files are "
		    "not mixed up", d->dir, a->dim[0], a->dim[1], a->dim[2], b->dim[0], b->dim[1], b->dim[2]);
		dataset_free(d);
		return NULL;
	}
	class_settle(d);
	note_labels(d, &d->train);
	note_labels(d, &d->test);
	if (d->names < d->classes) { /* they are of another set than the name of its folder says */
		names_free(d->class_name, d->names);
		d->class_name = NULL;
		d->names = 0;
	}
	return d;
}

static void
free_part(struct part *p)
{
	free(p->pixels);
	free(p->label);
}

void
dataset_free(struct dataset *d)
{
	if (d == NULL)
		return;
	free_part(&d->train);
	free_part(&d->test);
	names_free(d->class_name, d->names);
	free(d->name);
	free(d->dir);
	free(d->note);
	free(d);
}

/* The pictures as they lie in a file. */
static void
hash_images(struct part *p, const uint8_t *head, size_t n, bool turned)
{
	size_t size = p->images.count * nn_shape_size(p->images.shape);
	uint8_t *as_filed = turned ? malloc(size) : p->pixels;

	if (as_filed == NULL)
		return;
	if (turned) {
		memcpy(as_filed, p->pixels, size);
		turn_part(as_filed, &p->images);
	}
	sha256_hex2(head, n, as_filed, size, p->sha256_images, signals_ending);
	if (turned)
		free(as_filed);
}

/* The labels as they lie in a file: bytes, or words of two bytes where one is above 255. */
static void
hash_labels(struct part *p)
{
	size_t n = p->images.count, size = 1, head;
	struct idx y = {.rank = 1, .dim = {(uint32_t)n}};
	uint8_t *as_filed = malloc(2 * n), from[4 + 4 * IDX_RANK_MAX];

	if (as_filed == NULL)
		return;
	for (size_t i = 0; i < n && size == 1; i++)
		size = p->label[i] > UINT8_MAX ? 2 : 1;
	for (size_t i = 0; i < n; i++) {
		as_filed[i * size] = (uint8_t)(p->label[i] >> 8);
		as_filed[i * size + size - 1] = (uint8_t)p->label[i];
	}
	head = idx_header(&y, from);
	if (size == 2)
		from[2] = IDX_WORDS;
	sha256_hex2(from, head, as_filed, n * size, p->sha256_labels, signals_ending);
	free(as_filed);
}

static void
hash_part(struct part *p, bool turned)
{
	const int *dim = p->images.shape.dim;
	struct idx x = {.rank = p->rank, .dim = {(uint32_t)p->images.count, (uint32_t)dim[0], (uint32_t)dim[1],
	    (uint32_t)dim[2]}};
	uint8_t head[4 + 4 * IDX_RANK_MAX];

	/* each may have been cut short before */
	if (p->sha256_images[0] == '\0')
		hash_images(p, head, idx_header(&x, head), turned);
	if (p->sha256_labels[0] == '\0')
		hash_labels(p);
}

int
dataset_hash(struct dataset *d, struct err *e)
{
	static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER; /* a run's worker may ask, and a person meanwhile */
	bool all = true;

	pthread_mutex_lock(&one);
	for (int i = 0; i < 2; i++) {
		struct part *p = i == 0 ? &d->train : &d->test;

		if (d->cifar)
			cifar_hash(p);
		else
			hash_part(p, d->turned);
		all &= p->sha256_images[0] != '\0' && p->sha256_labels[0] != '\0';
	}
	pthread_mutex_unlock(&one);
	if (all)
		return 0;
	return signals_ending() ? fail(e, "interrupted before all of %s was hashed; run it again", d->name) :
	    fail_memory(e, "not enough memory to hash %s", d->name);
}
