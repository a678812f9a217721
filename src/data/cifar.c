/* cifar.c: CIFAR's binary files. The planes of the files become pixels with channels last, as everything else has
 * them. */
#include "data/cifar.h"

#include "data/idx.h"
#include "data/names.h"
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

enum { PLANE = CIFAR_SIDE * CIFAR_SIDE, PIXELS = CIFAR_PIXELS, RECORD = 1 + PIXELS, BATCHES = 5 };

/* A version of the files: how many labels a record has, which of them is read, and how many classes there are. */
struct cifar {
	int set, labels, label, classes;
};

/* 1 to BATCHES; 0: of the test images. Where there is no such file, where it would be. */
static char *
batch_path(const struct folder *f, int set, int batch, bool *there)
{
	char *name = set == 100 ? xstrdup(batch == 0 ? "test.bin" : "train.bin") : batch == 0 ?
	    xstrdup("test_batch.bin") : xasprintf("data_batch_%d.bin", batch);
	char *path = folder_file(f, name);

	if (there != NULL)
		*there = path != NULL;
	if (path == NULL)
		path = xasprintf("%s/%s", f->path, name);
	free(name);
	return path;
}

int
cifar_in(const struct folder *f)
{
	bool found = false, both = false;

	for (int batch = 0; batch <= BATCHES && !found; batch++)
		free(batch_path(f, 10, batch, &found));
	if (found)
		return 10;
	free(batch_path(f, 100, 0, &both));
	free(batch_path(f, 100, 1, &found));
	return both && found ? 100 : 0;
}

/* Opens a batch and says how many records it has. */
static FILE *
batch_open(const char *path, const struct cifar *c, size_t *count, struct err *e)
{
	int record = c->labels + PIXELS;
	int fd = reach_open(path, 0);
	struct stat st;
	FILE *f = NULL;

	if (fd < 0)
		fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno, c->set == 10 ?
		    "put all six files of CIFAR-10's binary version there, or choose another folder with `data DIR`" :
		    "put both files of CIFAR-100's binary version there, or choose another folder with `data DIR`"));
	else if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		fail(e, "%s is not a regular file; put the batch there, or choose another folder with `data DIR`",
		    path);
	else if (st.st_size == 0 || st.st_size % record != 0)
		fail(e, "%s holds %lld bytes, which are no whole records of %d; get the file again", path,
		    (long long)st.st_size, record);
	else if ((uint64_t)st.st_size > IDX_BYTES_MAX / (c->set == 10 ? BATCHES : 1))
		fail(e, "%s holds %lld bytes, more than thaw reads; cut it into smaller data sets", path,
		    (long long)st.st_size);
	else if ((f = fdopen(fd, "r")) == NULL)
		fail_memory(e, "%s cannot be read: %s", path, strerror(errno));
	if (f == NULL) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	*count = (size_t)(st.st_size / record);
	return f;
}

static int
batch_read(FILE *f, const char *path, const struct cifar *c, size_t count, struct part *p, struct err *e)
{
	uint8_t record[RECORD + 1], *label = &record[c->label];

	for (size_t i = 0; i < count; i++) {
		if (signals_ending())
			return fail(e, "reading %s was interrupted; nothing of it is used", path);
		if (fread(record, (size_t)c->labels + PIXELS, 1, f) != 1)
			return fail(e, "%s ends in record %zu; get the file again", path, i);
		if (*label >= c->classes)
			return fail(e, "%s has the label %u in record %zu; labels are 0 to %d: get the file again",
			    path, *label, i, c->classes - 1);
		p->label[p->images.count + i] = *label;
		cifar_pixels(p->pixels + (p->images.count + i) * PIXELS, record + c->labels);
	}
	p->images.count += count;
	return 0;
}

void
cifar_pixels(uint8_t *to, const uint8_t *planes)
{
	for (int k = 0; k < PIXELS; k++)
		to[k] = planes[k % 3 * PLANE + k / 3];
}

int
cifar_room(struct part *p, size_t count, const char *path, struct err *e)
{
	void *pixels = realloc(p->pixels, (p->images.count + count) * PIXELS);
	void *label = realloc(p->label, (p->images.count + count) * sizeof *p->label);

	if (pixels != NULL)
		p->pixels = pixels;
	if (label != NULL)
		p->label = label;
	p->images.shape = (struct nn_shape){3, {CIFAR_SIDE, CIFAR_SIDE, 3}};
	p->images.pixels = p->pixels;
	p->rank = 4;
	return pixels != NULL && label != NULL ? 0 : fail_memory(e, "%s: not enough memory for its %zu images", path,
	    count);
}

static int
batch_load(const struct folder *folder, const struct cifar *c, int batch, struct part *p, struct err *e)
{
	char *path = batch_path(folder, c->set, batch, NULL);
	size_t count;
	FILE *f = batch_open(path, c, &count, e);
	int ret = -1;

	if (f != NULL) {
		if (cifar_room(p, count, path, e) == 0)
			ret = batch_read(f, path, c, count, p, e);
		fclose(f);
	}
	free(path);
	return ret;
}

int
cifar_load(const struct folder *f, bool coarse, struct part *train, struct part *test, struct err *e)
{
	static const struct cifar ten = {10, 1, 0, 10}, fine = {100, 2, 1, 100}, broad = {100, 2, 0, 20};
	const struct cifar *c = cifar_in(f) == 100 ? coarse ? &broad : &fine : &ten;
	int ret = batch_load(f, c, 0, test, e);

	for (int batch = 1; batch <= (c->set == 10 ? BATCHES : 1) && ret == 0; batch++)
		ret = batch_load(f, c, batch, train, e);
	return ret;
}

/* Names of at most so many classes, one a line, of which the last may be empty. */
static int
names_read(FILE *in, const char *path, int most, struct dataset *d, struct err *e)
{
	bool ended = false;
	char line[256];

	while (fgets(line, sizeof line, in) != NULL) {
		size_t n = strlen(line);

		if (n == 0 || (line[n - 1] != '\n' && !feof(in)))
			return fail(e, "%s has a line that is no name of less than %zu bytes; write one name a line",
			    path, sizeof line - 1);
		while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL)
			line[--n] = '\0';
		if (n > 0 && (ended || d->names == most))
			return fail(e, ended ? "%s has an empty line, behind which names follow; write a name for each "
			    "of the classes, at most %d" : "%s names more than the %d classes that such data have; "
			    "write one name a line", path, most);
		ended |= n == 0;
		if (n == 0)
			continue;
		d->class_name = xrealloc(d->class_name, (size_t)d->names + 1, sizeof *d->class_name);
		d->class_name[d->names++] = xstrdup(line);
	}
	if (ferror(in))
		return fail(e, "%s cannot be read: %s; check the disk", path, strerror(errno));
	return d->names > 0 ? 0 : fail(e, "%s names no class; write one name a line, or remove it", path);
}

int
cifar_names(const struct folder *f, bool coarse, struct dataset *d, struct err *e)
{
	bool ten = cifar_in(f) == 10;
	char *path = folder_file(f, ten ? "batches.meta.txt" : coarse ? "coarse_label_names.txt" :
	    "fine_label_names.txt");
	int fd = path != NULL ? reach_open(path, 0) : -1, rc = 0;
	FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;

	if (path == NULL && ten)
		d->class_name = names_known("cifar10", &d->names);
	else if (path != NULL && in == NULL)
		rc = fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno, "remove it, or "
		    "choose another folder with `data DIR`"));
	else if (in != NULL)
		rc = names_read(in, path, ten ? 10 : coarse ? 20 : 100, d, e);
	if (in != NULL)
		fclose(in);
	else if (fd >= 0)
		close(fd);
	free(path);
	return rc;
}

void
cifar_hash(struct part *p)
{
	uint8_t *files, *record;

	if (p->sha256_images[0] != '\0' || (files = malloc(p->images.count * RECORD)) == NULL)
		return;
	for (size_t i = 0; i < p->images.count; i++) {
		record = files + i * RECORD;
		record[0] = (uint8_t)p->label[i];
		for (int k = 0; k < PIXELS; k++)
			record[1 + k % 3 * PLANE + k / 3] = p->pixels[i * PIXELS + k];
	}
	sha256_hex2(NULL, 0, files, p->images.count * RECORD, p->sha256_images, signals_ending);
	memcpy(p->sha256_labels, p->sha256_images, sizeof p->sha256_labels);
	free(files);
}
