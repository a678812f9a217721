/* dataset.h: pictures with labels, as the files hold them. */
#ifndef DATASET_H
#define DATASET_H

#include "util/err.h"
#include "nn/nn.h"

#define DATASET_CLASSES_MAX NN_CLASSES_MAX
#define DATASET_DIGITS 10 /* labels without names are digits: these have words, whether a picture shows them or not */
#define DATASET_SIDE_MAX 1024 /* height and width of a picture */

struct part { /* train or test */
	struct nn_images images;
	int rank; /* of the images' file: 3, or 4 with channels */
	uint8_t *pixels; /* images.pixels, owned */
	uint16_t *label; /* [count] 0..classes-1 */
	char sha256_images[65], sha256_labels[65]; /* of the decompressed bytes; "" until dataset_hash() */
};

/* How the pictures of a folder are read. Zeros: the usual. */
struct dataset_how {
	int height, width; /* 28x28 */
	bool rgb; /* grey */
	bool normalise; /* brought to the form of MNIST's digits */
	int one_in; /* so many pictures is one for testing; 6 */
	bool coarse; /* the coarse labels of CIFAR-100; fine */
};

struct dataset {
	uint64_t serial; /* from 1: which of all that were read */
	char *name; /* "mnist", or the folder */
	char *dir;
	char *note; /* what is worth knowing of how its files hold the pictures; NULL: nothing */
	bool cifar; /* binary batches of CIFAR-10, whose sums are known to others */
	bool coarse; /* the coarse labels of CIFAR-100 */
	bool pictures; /* a folder of pictures for each class */
	bool files; /* four IDX files, whose sums are known to others; else sums are as over such files */
	bool turned; /* the pictures lie transposed in the files, as EMNIST's do, and were turned */
	int classes; /* largest label + 1 */
	char **class_name; /* [names], in the order of the labels; NULL: they are digits, or numbers */
	int names; /* at least as many as classes */
	bool named; /* by an array of its archive */
	bool there[DATASET_CLASSES_MAX]; /* labels that some picture has */
	struct part train, test;
};

/* Loads "mnist", "fashion" (from the assets, or where Debian has it), a folder of IDX or IDX.gz files (found.h has
 * their names; DIR/PREFIX is one set of several), one of CIFAR-10's or CIFAR-100's files, binary or
 * pickled, or the folder around it, an archive
 * of NumPy's arrays (npz.h), a folder with one of pictures for each class (photos.h). NULL with a sentence that names
 * the file, what is wrong with it and the way out. Sizes are checked against the file before anything is allocated. */
struct dataset *dataset_load(const char *name, struct err *e);
/* The same with a folder of pictures (photos.h) as it is said; an error where it is said and the set is none. */
struct dataset *dataset_load_as(const char *name, const struct dataset_how *how, struct err *e);
bool dataset_how_said(const struct dataset_how *how);
void dataset_free(struct dataset *d);
/* Fills the sha256 fields, which takes a moment. -1 with a sentence: the program is told to end, or memory is short. */
int dataset_hash(struct dataset *d, struct err *e);

extern const char dataset_fashion_dir[]; /* where Debian's dataset-fashion-mnist lies */

/* The folder of the assets: $THAW_ASSETS, beside the executable, else $(pkgdatadir). Borrowed. */
const char *data_assets_dir(void);

#endif
