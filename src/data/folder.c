/* folder.c: what a folder holds, for those who know a file under several names. */
#include "data/folder.h"

#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct folder *
folder_open(const char *path)
{
	return folder_open_all(path, FOLDER_MAX);
}

struct folder *
folder_open_all(const char *path, size_t max)
{
	struct folder *f = xcalloc(1, sizeof *f);
	int fd = reach_open(path, O_DIRECTORY);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	f->path = xstrdup(path);
	if (d == NULL) {
		f->error = errno;
		if (fd >= 0)
			close(fd);
	}
	while (d != NULL && f->n < max && (entry = readdir(d)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if ((f->n & (f->n - 1)) == 0) /* room for twice as many */
			f->name = xrealloc(f->name, f->n > 0 ? 2 * f->n : 1, sizeof *f->name);
		f->name[f->n++] = xstrdup(entry->d_name);
	}
	if (d != NULL)
		closedir(d);
	if (f->n > 0)
		qsort(f->name, f->n, sizeof *f->name, by_name);
	return f;
}

void
folder_free(struct folder *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		free(f->name[i]);
	free(f->name);
	free(f->path);
	free(f);
}

/* The path of an entry of that name and kind. An exact name comes before one in another case. */
static char *
folder_find(const struct folder *f, const char *name, mode_t kind)
{
	for (int exact = 1; exact >= 0; exact--)
		for (size_t i = 0; i < f->n; i++) {
			struct stat st;
			char *path;

			if ((exact ? strcmp : strcasecmp)(f->name[i], name) != 0)
				continue;
			path = xasprintf("%s/%s", f->path, f->name[i]);
			if (stat(path, &st) == 0 && (st.st_mode & S_IFMT) == kind)
				return path;
			free(path);
		}
	return NULL;
}

char *
folder_file(const struct folder *f, const char *name)
{
	return folder_find(f, name, S_IFREG);
}

char *
folder_folder(const struct folder *f, const char *name)
{
	return folder_find(f, name, S_IFDIR);
}

const char *
folder_odd(const struct folder *f, const char *name)
{
	char *path = xasprintf("%s/%s", f->path, name);
	const char *odd = NULL;
	struct stat st;

	if (stat(path, &st) == 0)
		odd = S_ISDIR(st.st_mode) ? "a folder" : S_ISREG(st.st_mode) ? NULL : "no regular file";
	else if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		odd = "a link to nowhere";
	free(path);
	return odd;
}

char *
folder_listing(const struct folder *f)
{
	struct str b = {0};
	size_t shown = f->n > 6 ? 5 : f->n;

	str_add(&b, "%s", f->n == 0 ? "nothing" : "");
	for (size_t i = 0; i < shown; i++)
		str_add(&b, "%s%.60s", i == 0 ? "" : i + 1 == f->n ? " and " : ", ", f->name[i]);
	if (shown < f->n)
		str_add(&b, " and %zu more", f->n - shown);
	return b.s;
}
