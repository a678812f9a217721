/* cifar.c: CIFAR-10's binary batches. The planes of the files become pixels with channels last, as everything else has
 * them. */
#include "data/cifar.h"

#include "data/idx.h"
#include "util/reach.h"
#include "util/sha256.h"
#include "util/signals.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIDE = 32, PLANE = SIDE * SIDE, PIXELS = 3 * PLANE, RECORD = 1 + PIXELS, BATCHES = 5, CLASSES = 10 };

/* 1 to BATCHES; 0: of the test images. Where there is no such file, where it would be. */
static char *
batch_path(const struct folder *f, int batch, bool *there)
{
	char *name = batch == 0 ? xstrdup("test_batch.bin") : xasprintf("data_batch_%d.bin", batch);
	char *path = folder_file(f, name);

	if (there != NULL)
		*there = path != NULL;
	if (path == NULL)
		path = xasprintf("%s/%s", f->path, name);
	free(name);
	return path;
}

bool
cifar_in(const struct folder *f)
{
	bool found = false;

	for (int batch = 0; batch <= BATCHES && !found; batch++) {
		free(batch_path(f, batch, &found));
	}
	return found;
}

/* Opens a batch and says how many records it has. */
static FILE *
batch_open(const char *path, size_t *count, struct err *e)
{
	int fd = reach_open(path, 0);
	struct stat st;
	FILE *f = NULL;

	if (fd < 0)
		fail(e, "%s cannot be opened: %s; put all six files of CIFAR-10's binary version there, or choose "
		    "another folder with `data DIR`", path, reach_why(errno));
	else if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		fail(e, "%s is not a regular file; put the batch there, or choose another folder with `data DIR`",
		    path);
	else if (st.st_size == 0 || st.st_size % RECORD != 0)
		fail(e, "%s holds %lld bytes, which are no whole records of %d; get the file again", path,
		    (long long)st.st_size, RECORD);
	else if ((uint64_t)st.st_size > IDX_BYTES_MAX / BATCHES)
		fail(e, "%s holds %lld bytes, more than thaw reads; cut it into smaller data sets", path,
		    (long long)st.st_size);
	else if ((f = fdopen(fd, "r")) == NULL)
		fail(e, "%s cannot be read: %s; close other programs", path, strerror(errno));
	if (f == NULL) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	*count = (size_t)st.st_size / RECORD;
	return f;
}

static int
batch_read(FILE *f, const char *path, size_t count, struct part *p, struct err *e)
{
	uint8_t record[RECORD];

	for (size_t i = 0; i < count; i++) {
		uint8_t *pixel = p->pixels + (p->images.count + i) * PIXELS;

		if (signals_ending())
			return fail(e, "%s: interrupted before its end; nothing of it is used", path);
		if (fread(record, RECORD, 1, f) != 1)
			return fail(e, "%s ends in record %zu; get the file again", path, i);
		if (record[0] >= CLASSES)
			return fail(e, "%s has the label %u in record %zu; labels are 0 to %d: get the file again",
			    path, record[0], i, CLASSES - 1);
		p->label[p->images.count + i] = record[0];
		for (int k = 0; k < PIXELS; k++)
			pixel[k] = record[1 + k % 3 * PLANE + k / 3];
	}
	p->images.count += count;
	return 0;
}

static int
batch_load(const struct folder *folder, int batch, struct part *p, struct err *e)
{
	char *path = batch_path(folder, batch, NULL);
	size_t count;
	FILE *f = batch_open(path, &count, e);
	void *pixels, *label;
	int ret = -1;

	if (f != NULL) {
		if ((pixels = realloc(p->pixels, (p->images.count + count) * PIXELS)) != NULL)
			p->pixels = pixels;
		if ((label = realloc(p->label, p->images.count + count)) != NULL)
			p->label = label;
		if (pixels == NULL || label == NULL)
			fail(e, "%s: not enough memory for its %zu images; close other programs", path, count);
		else
			ret = batch_read(f, path, count, p, e);
		fclose(f);
	}
	free(path);
	return ret;
}

int
cifar_load(const struct folder *f, struct part *train, struct part *test, struct err *e)
{
	int ret = batch_load(f, 0, test, e);

	for (int batch = 1; batch <= BATCHES && ret == 0; batch++)
		ret = batch_load(f, batch, train, e);
	train->images.shape = test->images.shape = (struct nn_shape){3, {SIDE, SIDE, 3}};
	train->images.pixels = train->pixels;
	test->images.pixels = test->pixels;
	return ret;
}

void
cifar_hash(struct part *p)
{
	uint8_t *files, *record;

	if (p->sha256_images[0] != '\0' || (files = malloc(p->images.count * RECORD)) == NULL)
		return;
	for (size_t i = 0; i < p->images.count; i++) {
		record = files + i * RECORD;
		record[0] = p->label[i];
		for (int k = 0; k < PIXELS; k++)
			record[1 + k % 3 * PLANE + k / 3] = p->pixels[i * PIXELS + k];
	}
	sha256_hex2(NULL, 0, files, p->images.count * RECORD, p->sha256_images, signals_ending);
	memcpy(p->sha256_labels, p->sha256_images, sizeof p->sha256_labels);
	free(files);
}
