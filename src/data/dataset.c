/* dataset.c: a data set is four IDX files that fit together, or the batches of CIFAR-10. */
#include "data/cifar.h"
#include "data/found.h"
#include "data/idx.h"
#include "util/os/os.h"
#include "util/reach.h"
#include "util/sha256.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <unistd.h>

const char *
data_assets_dir(void)
{
	static _Thread_local char dir[PATH_MAX + 16]; /* the workbench reads a data set ahead on a thread of its own */
	const char *env = getenv("THAW_ASSETS");
	char *slash;

	if (env != NULL && *env != '\0')
		return env;
	if (os_self(dir, PATH_MAX) && (slash = strrchr(dir, '/')) != NULL) {
		strcpy(slash, "/assets");
		if (access(dir, X_OK) == 0)
			return dir;
	}
	return PKGDATADIR;
}

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
	for (size_t i = 0; i < y->size; i++)
		if (y->bytes[i] >= DATASET_CLASSES_MAX)
			return fail(e, "%s has the label %u at %zu; labels are 0 to %d: get the file again, or "
			    "renumber the classes", labels, y->bytes[i], i, DATASET_CLASSES_MAX - 1);
	return 0;
}

static int
load_part(struct part *p, const char *images, const char *labels, struct err *e)
{
	struct idx x = {0}, y = {0};
	int ret = -1;

	/* The small file first, so that a mixed-up folder is told at once. */
	if (idx_read(labels, 1, 1, &y, e) == 0 && idx_read(images, 3, 4, &x, e) == 0 &&
	    check_part(p, &x, &y, images, labels, e) == 0) {
		p->rank = x.rank;
		p->pixels = x.bytes;
		p->label = y.bytes;
		p->images = (struct nn_images){
		    .shape = {3, {(int)x.dim[1], (int)x.dim[2], x.rank == 4 ? (int)x.dim[3] : 1}}, .count = x.dim[0],
		    .pixels = x.bytes};
		x.bytes = y.bytes = NULL;
		ret = 0;
	}
	free(x.bytes);
	free(y.bytes);
	return ret;
}

static int
load_idx(struct dataset *d, const struct folder *f, struct err *e)
{
	struct found x;
	int ret;

	if (found_idx(f, &x, e) < 0)
		return -1;
	ret = load_part(&d->test, x.images[1], x.labels[1], e) < 0 ||
	    load_part(&d->train, x.images[0], x.labels[0], e) < 0 ? -1 : 0;
	if (strncasecmp(x.prefix, "emnist", 6) == 0)
		d->note = xstrdup("the files of EMNIST hold their pictures transposed, lying on their side; a picture "
		    "of your own has to lie so, too");
	found_free(&x);
	return ret;
}

static int
load_folder(struct dataset *d, struct err *e)
{
	struct folder *f = folder_open(d->dir);
	char *inside = folder_folder(f, "cifar-10-batches-bin");
	int ret;

	if (!cifar_in(f) && inside != NULL) { /* the folder that CIFAR-10's archive makes */
		folder_free(f);
		f = folder_open(inside);
		free(d->dir);
		d->dir = inside;
		inside = NULL;
	}
	d->cifar = cifar_in(f);
	ret = d->cifar ? cifar_load(f, &d->train, &d->test, e) : load_idx(d, f, e);
	folder_free(f);
	free(inside);
	return ret;
}

/* The folder that a name stands for; NULL with a sentence. */
static char *
find_dir(const char *name, struct err *e)
{
	bool known = strcmp(name, "mnist") == 0 || strcmp(name, "fashion") == 0;
	char *dir;
	int fd;

	if (known) {
		dir = xasprintf("%s/%s", data_assets_dir(), name);
		if (access(dir, X_OK) == 0)
			return dir;
		free(dir);
	}
	if ((fd = reach_open(name, O_DIRECTORY)) >= 0)
		close(fd);
	if (fd >= 0 || errno == EACCES)
		return xstrdup(name);
	if (errno == EXDEV)
		fail(e, "%s cannot be opened: %s; choose a folder inside with `data DIR`", name, reach_why(errno));
	else if (strcmp(name, "fashion") == 0)
		fail(e, "fashion is not bundled; put the four files of github.com/zalandoresearch/fashion-mnist into a "
		    "folder, then `data DIR`");
	else if (known)
		fail(e, "%s/%s cannot be opened; install the assets, or set THAW_ASSETS to their folder",
		    data_assets_dir(), name);
	else
		fail(e, "no data set or folder \"%s\" (data sets: mnist, fashion; or a folder with four IDX files, or "
		    "with the six .bin files of CIFAR-10)", name);
	return NULL;
}

static int
label_max(const struct part *p)
{
	int max = 0;

	for (size_t i = 0; i < p->images.count; i++)
		max = p->label[i] > max ? p->label[i] : max;
	return max;
}

struct dataset *
dataset_load(const char *name, struct err *e)
{
	struct dataset *d;
	char *dir = find_dir(name, e);
	const struct nn_shape *a, *b;

	if (dir == NULL)
		return NULL;
	d = xcalloc(1, sizeof *d);
	d->name = xstrdup(name);
	d->dir = dir;
	if (load_folder(d, e) < 0) {
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
	d->classes = 1 + (label_max(&d->train) > label_max(&d->test) ? label_max(&d->train) : label_max(&d->test));
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
	free(d->name);
	free(d->dir);
	free(d->note);
	free(d);
}

static void
hash_part(struct part *p)
{
	const int *dim = p->images.shape.dim;
	struct idx x = {.rank = p->rank, .dim = {(uint32_t)p->images.count, (uint32_t)dim[0], (uint32_t)dim[1],
	    (uint32_t)dim[2]}};
	struct idx y = {.rank = 1, .dim = {(uint32_t)p->images.count}};
	uint8_t head[4 + 4 * IDX_RANK_MAX];
	size_t n;

	if (p->sha256_images[0] != '\0')
		return;
	n = idx_header(&x, head);
	sha256_hex2(head, n, p->pixels, p->images.count * nn_shape_size(p->images.shape), p->sha256_images,
	    signals_ending);
	n = idx_header(&y, head);
	sha256_hex2(head, n, p->label, p->images.count, p->sha256_labels, signals_ending);
}

void
dataset_hash(struct dataset *d)
{
	void (*hash)(struct part *) = d->cifar ? cifar_hash : hash_part;

	hash(&d->train);
	hash(&d->test);
}
