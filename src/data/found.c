/* found.c: the files of a data set in a folder, under the names that people give them, and what is there instead. */
#include "data/found.h"

#include "data/cifar.h"
#include "data/cifar_python.h"
#include "data/photos.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PREFIXES = 16, FOLDERS = 100 };

static const char *const parts[2][2] = {{"train", NULL}, {"t10k", "test"}};

static char *
find_idx(const struct folder *f, const char *prefix, int part, bool images)
{
	for (int p = 0; p < 2 && parts[part][p] != NULL; p++)
		for (int rank = images ? 3 : 1; rank <= (images ? 4 : 1); rank++)
			for (int k = 0; k < 4; k++) {
				char *name = xasprintf("%s%s-%s%cidx%d-ubyte%s", prefix, parts[part][p],
				    images ? "images" : "labels", k < 2 ? '-' : '.', rank, k % 2 == 0 ? "" : ".gz");
				char *path = folder_file(f, name);

				free(name);
				if (path != NULL)
					return path;
			}
	return NULL;
}

/* How much of a name stands before the usual one, with the dash that ends it; -1: it is no such name. */
static int
prefix_length(const char *name)
{
	static const char *const usual[] = {"train-images", "train-labels", "t10k-images", "t10k-labels", "test-images",
	    "test-labels"};

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		const char *at = strcasestr(name, usual[i]);
		size_t n = strlen(usual[i]);

		if (at != NULL && (at == name || strchr("-_.", at[-1]) != NULL) &&
		    (strncasecmp(at + n, "-idx", 4) == 0 || strncasecmp(at + n, ".idx", 4) == 0))
			return (int)(at - name);
	}
	return -1;
}

bool
found_any(const struct folder *f)
{
	bool any = false;

	for (size_t i = 0; i < f->n && !any; i++)
		any = prefix_length(f->name[i]) >= 0;
	return any;
}

static int
find_four(const struct folder *f, const char *prefix, struct found *out)
{
	int n = 0;

	*out = (struct found){.prefix = xstrdup(prefix)};
	for (int part = 0; part < 2; part++) {
		n += (out->images[part] = find_idx(f, prefix, part, true)) != NULL;
		n += (out->labels[part] = find_idx(f, prefix, part, false)) != NULL;
	}
	return n;
}

void
found_free(struct found *x)
{
	for (int part = 0; part < 2; part++) {
		free(x->images[part]);
		free(x->labels[part]);
	}
	free(x->prefix);
	*x = (struct found){0};
}

/* The prefixes of names in the folder, each once; those without one count as "". */
static int
prefixes(const struct folder *f, char *out[PREFIXES])
{
	int n = 0;

	for (size_t i = 0; i < f->n && n < PREFIXES; i++) {
		int length = prefix_length(f->name[i]), k = 0;

		if (length < 0)
			continue;
		while (k < n && (strncasecmp(out[k], f->name[i], (size_t)length) != 0 || out[k][length] != '\0'))
			k++;
		if (k == n)
			out[n++] = xstrndup(f->name[i], (size_t)length);
	}
	return n;
}

/* A folder inside, which has what this one has not; its name is the caller's. */
static char *
better_folder(const struct folder *f)
{
	char *prefix[PREFIXES], *found = NULL;

	for (size_t i = 0; i < f->n && i < FOLDERS && found == NULL; i++) {
		char *path = folder_folder(f, f->name[i]);
		struct folder *in;
		int n;

		if (path == NULL)
			continue;
		in = folder_open(path);
		n = prefixes(in, prefix);
		if (n > 0 || cifar_in(in) != 0 || cifar_python_in(in) != 0 || photos_in(in))
			found = xstrdup(path);
		for (int k = 0; k < n; k++)
			free(prefix[k]);
		folder_free(in);
		free(path);
	}
	return found;
}

/* Fills the sentence of a folder that has pictures beside each other, as those of one class do. */
static void
found_loose(const struct folder *f, struct err *e)
{
	char *path = xstrdup(f->path);
	const char *above = dirname(path);
	struct folder *classes = folder_open(above);

	if (photos_in(classes))
		fail(e, "%s holds pictures itself, as the folder of one class does; did you mean `data %s`?", f->path,
		    above);
	else
		fail(e, "%s holds pictures itself; put those of each class into a folder of its own in it", f->path);
	folder_free(classes);
	free(path);
}

/* Fills the sentence of a folder of folders that hold no picture of a kind that is read; false: it is none. */
static bool
found_bare(const struct folder *f, struct err *e)
{
	struct str names = {0};
	char *file = NULL;
	int n = 0;

	for (size_t i = 0; i < f->n && i < FOLDERS; i++) {
		char *path = f->name[i][0] != '.' ? folder_folder(f, f->name[i]) : NULL;
		struct folder *in;

		if (path == NULL)
			continue;
		in = folder_open(path);
		if (++n <= 5)
			str_add(&names, "%s%.60s", n > 1 ? ", " : "", f->name[i]);
		for (size_t k = 0; k < in->n && file == NULL; k++)
			if (in->name[k][0] != '.')
				file = xasprintf("%.60s/%.60s", f->name[i], in->name[k]);
		folder_free(in);
		free(path);
	}
	if (n > 1)
		fail(e, "%s has folders and no PNG or JPEG in any of them (%s%s%s%s); put the pictures of each class "
		    "into one as PNG or JPEG, or choose another folder with `data DIR`", f->path, names.s, n > 5 ?
		    " ..." : "", file != NULL ? ": first " : "", file != NULL ? file : "");
	free(names.s);
	free(file);
	return n > 1;
}

/* Fills the sentence where the folder holds something that is known and not read. */
static bool
found_other(const struct folder *f, struct err *e)
{
	char *better = better_folder(f);
	bool said = true;

	if (better != NULL)
		fail(e, "%s holds no data set itself, but its folder does: `data %s`", f->path, better);
	else if (photos_loose(f))
		found_loose(f, e);
	else
		said = false;
	for (size_t i = 0; i < f->n && !said; i++)
		if ((said = text_ends(f->name[i], ".npz")))
			fail(e, "%s holds no data set that is unpacked, but %.80s; name the archive itself: `data "
			    "%s/%.80s`", f->path, f->name[i], f->path, f->name[i]);
	for (size_t i = 0; i < f->n && !said; i++) {
		static const char *const packed[] = {".tar.gz", ".tgz", ".tar", ".zip", ".7z", ".tar.xz",
		    ".bz2"};

		for (size_t k = 0; k < sizeof packed / sizeof *packed && !said; k++)
			if ((said = text_ends(f->name[i], packed[k])))
				fail(e, "%s holds no data set that is unpacked, but %.80s; unpack it, and take the "
				    "folder that it makes", f->path, f->name[i]);
	}
	free(better);
	return said || found_bare(f, e);
}

/* Says which of the four is not there, and what is. */
static int
found_missing(const struct folder *f, const struct found *x, struct err *e)
{
	int part = x->images[1] == NULL || x->labels[1] == NULL;
	bool images = x->images[part] == NULL;
	char *name = xasprintf("%s%s-%s-idx%d-ubyte", x->prefix, parts[part][0], images ? "images" : "labels",
	    images ? 3 : 1), *packed = xasprintf("%s.gz", name), *listing = folder_listing(f);
	const char *odd = folder_odd(f, name), *odd_packed = folder_odd(f, packed);

	if (odd != NULL || odd_packed != NULL)
		fail(e, "%s/%s is %s; put the file there, or choose another folder with `data DIR`", f->path,
		    odd != NULL ? name : packed, odd != NULL ? odd : odd_packed);
	else
		fail(e, "%s has no %s (or .gz), but %s; put the four IDX files there, or choose another folder with "
		    "`data DIR`", f->path, name, listing);
	free(name);
	free(packed);
	free(listing);
	return -1;
}

/* "emnist-digits-" is meant by "emnist-digits". */
static bool
same_prefix(const char *prefix, const char *chosen)
{
	size_t n = strlen(chosen);

	return strncasecmp(prefix, chosen, n) == 0 && (prefix[n] == '\0' ||
	    (strchr("-_.", prefix[n]) != NULL && prefix[n + 1] == '\0'));
}

int
found_idx(const struct folder *f, const char *chosen, struct found *out, struct err *e)
{
	char *prefix[PREFIXES];
	int n = prefixes(f, prefix), whole = 0, best = 0, most = 0, ret = 0;
	struct str list = {0}, all = {0};

	for (int i = 0; i < n; i++) {
		int have = find_four(f, prefix[i], out);

		found_free(out);
		str_add(&all, "%s%s", i > 0 ? ", " : "", prefix[i]);
		if (chosen != NULL && !same_prefix(prefix[i], chosen))
			continue;
		if (have == 4)
			str_add(&list, "%s%s", whole++ > 0 ? ", " : "", prefix[i]);
		if (have > most || (have == most && prefix[i][0] == '\0')) { /* none wins a tie */
			most = have;
			best = i;
		}
	}
	if (chosen != NULL && most == 0)
		ret = fail(e, "%s has no four IDX files whose names begin with %s, but %s; take one of these", f->path,
		    chosen, n > 0 ? all.s : "none at all");
	else if (whole > 1 && prefix[best][0] != '\0')
		ret = fail(e, "%s holds more than one data set (their names begin with %s); name one behind the "
		    "folder: `data %s/%.*s`", f->path, list.s, f->path, (int)strlen(prefix[best]) - 1, prefix[best]);
	else if (find_four(f, n > 0 ? prefix[best] : "", out) < 4) {
		ret = n == 0 && found_other(f, e) ? -1 : found_missing(f, out, e);
		found_free(out);
	}
	for (int i = 0; i < n; i++)
		free(prefix[i]);
	free(list.s);
	free(all.s);
	return ret;
}
