/* photos.c: folders of pictures. The files are listed, given to the parts by a hash of their names, and then read. */
#include "data/photos.h"

#include "data/class.h"
#include "data/drawing.h"
#include "data/ground.h"
#include "data/idx.h"
#include "data/photo.h"
#include "util/lack.h"
#include "util/reach.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 200000 };

struct photo {
	char *path;
	uint64_t hash; /* of class and name */
	int label;
	bool test;
};

struct photos {
	const struct dataset_how *how;
	struct nn_shape shape;
	struct photo *photo;
	size_t n, unread, other; /* that could not be read; files that are no PNG or JPEG by their names */
	char *first, *tell[DATASET_CLASSES_MAX]; /* why the first one of those could not, of all and of each class */
	bool parts; /* folders say which pictures are for testing */
	struct str empty; /* folders without a picture */
	struct str inner; /* the first folder in one of a class; it is left out as all such */
};

/* ---- listing ---- */

/* FNV-1a, and its bits mixed. */
static uint64_t
hash_of(const char *class, const char *name)
{
	uint64_t h = 14695981039346656037u;
	const char *part[] = {class, "/", name};

	for (int i = 0; i < 3; i++)
		for (const char *p = part[i]; *p != '\0'; p++)
			h = (h ^ (uint8_t)*p) * 1099511628211u;
	h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

/* The folder of a class; NULL: there is no such folder, or it is none of a class. */
static struct folder *
class_folder(const struct folder *f, size_t i)
{
	char *path = f->name[i][0] == '.' ? NULL : folder_folder(f, f->name[i]);
	struct folder *in = path != NULL ? folder_open_all(path, FILES_MAX) : NULL;

	free(path);
	return in;
}

static size_t
pictures_in(const struct folder *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->name[i][0] != '.' && photo_named(f->name[i]);
	return n;
}

static bool
classes_in(const struct folder *f)
{
	bool found = false;

	for (size_t i = 0; i < f->n && !found; i++) {
		struct folder *in = class_folder(f, i);

		found = in != NULL && (pictures_in(in) > 0 || in->error != 0);
		folder_free(in);
	}
	return found;
}

/* The folder of a part, of those that tell the parts apart themselves; NULL: there is none with classes in it. */
static struct folder *
part_folder(const struct folder *f, bool test)
{
	static const char *const names[2][4] = {{"train", "training"}, {"test", "val", "validation", "valid"}};
	struct folder *in = NULL;

	for (int i = 0; i < 4 && names[test][i] != NULL && in == NULL; i++) {
		char *path = folder_folder(f, names[test][i]);

		in = path != NULL ? folder_open_all(path, FILES_MAX) : NULL;
		free(path);
		if (in != NULL && !classes_in(in)) {
			folder_free(in);
			in = NULL;
		}
	}
	return in;
}

bool
photos_in(const struct folder *f)
{
	struct folder *train = part_folder(f, false), *test = part_folder(f, true);
	bool both = train != NULL && test != NULL;

	folder_free(train);
	folder_free(test);
	return both || classes_in(f);
}

bool
photos_loose(const struct folder *f)
{
	return pictures_in(f) > 0;
}

static int
by_hash(const void *a, const void *b)
{
	const struct photo *x = a, *y = b;

	return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1) : strcmp(x->path, y->path);
}

/* Chooses those for testing; each class has at least one of either kind. */
static void
hold_out(struct photo *p, size_t n, int one_in)
{
	size_t test = 0;

	for (size_t i = 0; i < n; i++)
		test += p[i].test = p[i].hash % (uint64_t)one_in == 0;
	if (test == 0)
		p[0].test = true;
	else if (test == n)
		p[0].test = false;
}

enum where { BY_HASH = -1, TRAIN, TEST };

static int
list_class(struct photos *x, const struct folder *in, const char *name, int label, enum where where, struct err *e)
{
	size_t pictures = pictures_in(in), first = x->n;

	if (pictures == 1 && where == BY_HASH)
		return fail(e, "%s holds a single picture; a class takes two or more, to learn from and to be tested "
		    "with", in->path);
	if (x->n + pictures > FILES_MAX)
		return fail(e, "%s and the folders before it hold more than %d pictures; take fewer", in->path,
		    FILES_MAX);
	x->photo = xrealloc(x->photo, x->n + pictures, sizeof *x->photo);
	for (size_t i = 0; i < in->n; i++) {
		if (in->name[i][0] == '.')
			continue;
		if (!photo_named(in->name[i])) {
			char *inner = folder_folder(in, in->name[i]);

			if (inner == NULL)
				x->other++;
			else if (x->inner.n == 0)
				str_add(&x->inner, "%.300s", inner);
			free(inner);
		} else
			x->photo[x->n++] = (struct photo){xasprintf("%s/%s", in->path, in->name[i]),
			    hash_of(name, in->name[i]), label, where == TEST};
	}
	if (where != BY_HASH)
		return 0;
	qsort(x->photo + first, x->n - first, sizeof *x->photo, by_hash);
	hold_out(x->photo + first, x->n - first, x->how->one_in > 0 ? x->how->one_in : PHOTOS_HOLDOUT);
	return 0;
}

/* The label of a folder, which is a new one but in the folder for testing; -1 with a sentence. */
static int
label_of(struct dataset *d, const struct folder *f, const char *name, enum where where, struct err *e)
{
	for (int i = 0; where == TEST && i < d->names; i++)
		if (strcmp(d->class_name[i], name) == 0)
			return i;
	if (where == TEST)
		return fail(e, "%s/%.60s has no folder of that name to learn from; put its pictures there, or move it "
		    "away", f->path, name);
	if (d->names == DATASET_CLASSES_MAX)
		return fail(e, "%s holds more than %d folders of pictures; thaw learns up to %d classes: move the "
		    "others away", f->path, DATASET_CLASSES_MAX, DATASET_CLASSES_MAX);
	d->class_name = xrealloc(d->class_name, (size_t)d->names + 1, sizeof *d->class_name);
	d->class_name[d->names] = xstrdup(name);
	return d->names++;
}

static int
list_part(struct photos *x, const struct folder *f, struct dataset *d, enum where where, struct err *e)
{
	int rc = 0, label;

	for (size_t i = 0; i < f->n && rc == 0; i++) {
		struct folder *in = class_folder(f, i);

		if (in != NULL && in->error != 0)
			rc = fail(e, "the folder %s/%.60s cannot be read: %s; %s", f->path, f->name[i],
			    reach_why(in->error), reach_way(in->error, "make it readable, or move it away"));
		else if (in != NULL && pictures_in(in) == 0)
			str_add(&x->empty, "%s%.60s", x->empty.n > 0 ? ", " : "", f->name[i]);
		else if (in != NULL)
			rc = (label = label_of(d, f, f->name[i], where, e)) < 0 ? -1 :
			    list_class(x, in, f->name[i], label, where, e);
		folder_free(in);
	}
	return rc;
}

static int
list_all(struct photos *x, const struct folder *f, struct dataset *d, struct err *e)
{
	struct folder *train = part_folder(f, false), *test = part_folder(f, true);
	int rc;

	x->parts = train != NULL && test != NULL;
	if (x->parts && x->how->one_in > 0)
		rc = fail(e, "%s has a folder for testing, %s; leave out holdout=", f->path, test->path);
	else if (x->parts)
		rc = list_part(x, train, d, TRAIN, e) < 0 ? -1 : list_part(x, test, d, TEST, e);
	else
		rc = list_part(x, f, d, BY_HASH, e);
	folder_free(train);
	folder_free(test);
	class_settle(d);
	if (rc == 0 && d->names < 2)
		rc = fail(e, "%s holds pictures of one class only, %.60s%s%.200s%s; put those of each class into a "
		    "folder of their own", f->path, d->names > 0 ? d->class_name[0] : "", x->empty.n > 0 ?
		    " (no PNG or JPEG is in " : "", x->empty.n > 0 ? x->empty.s : "", x->empty.n > 0 ? ")" : "");
	if (rc == 0)
		qsort(x->photo, x->n, sizeof *x->photo, by_hash);
	return rc;
}

/* ---- reading ---- */

/* A picture in the set's shape; false: it cannot be read. */
static bool
read_one(struct photos *x, const struct photo *p, uint8_t *to, struct err *e)
{
	static const struct drawing_steps steps = {DRAWING_AUTO, DRAWING_ON, DRAWING_ON, DRAWING_ON};
	int c = x->shape.dim[2];
	struct drawing d = {.channels = c, .alpha = x->how->normalise};
	struct image *i;
	struct form form;

	if ((d.pixels = photo_read(p->path, c + d.alpha, &d.height, &d.width, e)) == NULL)
		return false;
	if (x->how->normalise) {
		form = form_of(NULL, c);
		i = drawing_image(&d, p->path, x->shape, &form, &steps);
		memcpy(to, i->pixels, nn_shape_size(x->shape));
		image_free(i);
	} else
		photo_scale(to, x->shape.dim[0], x->shape.dim[1], d.pixels, d.height, d.width, c);
	free(d.pixels);
	return true;
}

static int
make_room(struct photos *x, struct part *p, bool test, struct err *e)
{
	size_t size = nn_shape_size(x->shape), n = 0;

	for (size_t i = 0; i < x->n; i++)
		n += x->photo[i].test == test;
	if (n * size > IDX_BYTES_MAX)
		return fail(e, "%zu pictures of %dx%dx%d are more than thaw holds; take a smaller size=HxW", n,
		    x->shape.dim[0], x->shape.dim[1], x->shape.dim[2]);
	p->pixels = malloc(n * size);
	p->label = malloc(n * sizeof *p->label);
	p->rank = x->shape.dim[2] == 1 ? 3 : 4;
	p->images = (struct nn_images){.shape = x->shape, .pixels = p->pixels};
	if (p->pixels == NULL || p->label == NULL)
		return fail(e, "not enough memory for %zu pictures; %s, or take a smaller size=HxW", n,
		    lack_memory_way());
	return 0;
}

static int
read_all(struct photos *x, struct dataset *d, struct err *e)
{
	size_t size = nn_shape_size(x->shape), count[DATASET_CLASSES_MAX][2] = {0};

	if (make_room(x, &d->train, false, e) < 0 || make_room(x, &d->test, true, e) < 0)
		return -1;
	for (size_t i = 0; i < x->n; i++) {
		const struct photo *p = &x->photo[i];
		struct part *part = p->test ? &d->test : &d->train;
		struct err why = {0};

		if (signals_ending())
			return fail(e, "reading %s was interrupted; nothing of it is used", d->dir);
		if (!read_one(x, p, part->pixels + part->images.count * size, &why)) {
			if (x->unread++ == 0)
				x->first = xstrdup(why.text);
			if (x->tell[p->label] == NULL)
				x->tell[p->label] = xstrdup(why.text);
			continue;
		}
		part->label[part->images.count++] = (uint16_t)p->label;
		count[p->label][p->test]++;
	}
	for (int i = 0; i < d->names; i++)
		for (int test = 0; test < 2; test++)
			if (count[i][test] == 0)
				return fail(e, "there is no picture of %.60s to %s that can be read%s%.300s%s; put "
				    "others there", d->class_name[i], test ? "test with" : "learn from",
				    x->tell[i] != NULL ? " (" : "", x->tell[i] != NULL ? x->tell[i] : "",
				    x->tell[i] != NULL ? ")" : "");
	return 0;
}

static void
say(const struct photos *x, struct dataset *d)
{
	const int *dim = x->shape.dim;
	struct str b = {0};

	str_add(&b, "%zu pictures %s %dx%d %s%s; ", x->n - x->unread, x->how->normalise ? "fitted into" : "scaled to",
	    dim[0], dim[1], dim[2] == 1 ? "grey" : "rgb", x->how->normalise ? " and centred as in MNIST" : "");
	if (x->parts)
		str_add(&b, "their folders say which are for testing");
	else
		str_add(&b, "1 in %d, by a hash of their names, is for testing", x->how->one_in > 0 ? x->how->one_in :
		    PHOTOS_HOLDOUT);
	if (x->unread > 0)
		str_add(&b, "; left out: %zu that cannot be read, the first since %.300s", x->unread, x->first);
	if (x->other > 0)
		str_add(&b, "; %zu file%s that %s no PNG or JPEG by name", x->other, x->other == 1 ? "" : "s",
		    x->other == 1 ? "is" : "are");
	if (x->empty.n > 0)
		str_add(&b, "; folders without pictures: %.300s", x->empty.s);
	if (dim[2] == 1 && !x->how->normalise && ground_of(d, 1).dark_on_light)
		str_add(&b, "; they are dark on a light ground, unlike MNIST's: `normalise=mnist` turns them around");
	if (x->inner.n > 0)
		str_add(&b, "; left out are folders in those of classes, as %s", x->inner.s);
	d->note = b.s;
}

int
photos_load(const struct folder *f, const struct dataset_how *how, struct dataset *d, struct err *e)
{
	struct photos x = {.how = how, .shape = {3, {how->height > 0 ? how->height : 28,
	    how->width > 0 ? how->width : 28, how->rgb ? 3 : 1}}};
	int rc = list_all(&x, f, d, e) < 0 || read_all(&x, d, e) < 0 ? -1 : 0;

	if (rc == 0)
		say(&x, d);
	for (size_t i = 0; i < x.n; i++)
		free(x.photo[i].path);
	free(x.photo);
	for (int i = 0; i < DATASET_CLASSES_MAX; i++)
		free(x.tell[i]);
	free(x.first);
	free(x.empty.s);
	free(x.inner.s);
	return rc;
}
