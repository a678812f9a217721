/* place.c: where a path leads: a folder that is held open, and a name in it. */
#include "util/place.h"

#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ELSEWHERE "choose another file or folder"
#define LINKS_MAX 40

/* ---- sentences ---- */

static const char *
way_out(int error)
{
	switch (error) {
	case ENOSPC: case EDQUOT: return "make room on the disk, or " ELSEWHERE;
	case EFBIG: return "raise the limit (ulimit -f), or " ELSEWHERE;
	case ENOENT: return "make the folder first, or " ELSEWHERE;
	case ENXIO: return "begin to read from it first, or " ELSEWHERE;
	case EACCES: case EPERM: case EROFS: return "change the permissions, or " ELSEWHERE;
	default: return ELSEWHERE;
	}
}

int
place_failed(struct err *e, const char *path, int error)
{
	char link[PATH_MAX];
	ssize_t n = error == ENOENT ? readlink(path, link, sizeof link - 1) : -1;

	if (n >= 0) {
		link[n] = '\0';
		return fail(e, "%s is a link to %s, where nothing can be written: %s; %s", path, link, strerror(error),
		    way_out(error));
	}
	return fail(e, "%s cannot be written: %s; %s", path,
	    error == ENXIO ? "nobody reads from this pipe" : strerror(error), way_out(error));
}

int
place_unsafe(struct err *e, const char *path)
{
	return fail(e, "%s is no file inside the working directory, and --safe lets nothing else be written; choose "
	    "one inside", path);
}

/* ---- finding it ---- */

/* The folder of a path, as the system sees it. NULL with errno set. */
static char *
real_folder(const char *path)
{
	char *copy = xstrdup(path), *real = realpath(dirname(copy), NULL);

	free(copy);
	return real;
}

static char *
joined(const char *folder, const char *name)
{
	return xasprintf("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
}

/* One step from a path that does not exist: what the link there says, or the path itself with its folder resolved,
 * *end. NULL with errno set. */
static char *
step(const char *path, bool *end)
{
	char *folder = real_folder(path), *copy, *out, link[PATH_MAX];
	ssize_t n;

	if (folder == NULL)
		return NULL;
	n = readlink(path, link, sizeof link - 1);
	*end = n < 0;
	if (*end) {
		copy = xstrdup(path);
		out = joined(folder, basename(copy));
		free(copy);
	} else {
		link[n] = '\0';
		out = link[0] == '/' ? xstrdup(link) : joined(folder, link);
	}
	free(folder);
	return out;
}

/* The path with its folder and last symbolic links resolved, whether the file exists or not. NULL with errno set. */
static char *
follow(const char *path)
{
	char *at = xstrdup(path), *next;
	bool end = false;

	for (int i = 0; i < LINKS_MAX && !end; i++) {
		next = realpath(at, NULL);
		end = next != NULL;
		if (!end && errno == ENOENT)
			next = step(at, &end);
		free(at);
		if ((at = next) == NULL)
			return NULL;
	}
	if (!end || at[strlen(at) - 1] == '/') {
		free(at);
		errno = end ? EISDIR : ELOOP;
		return NULL;
	}
	return at;
}

static int
open_folder(int at, const char *name, int flags)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);

#ifdef O_PATH
	if (fd < 0 && errno == EACCES) /* one that we may not list */
		fd = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);
#endif
	return fd;
}

/* The folder of a resolved path, which has to lie in the working directory, step by step and without links. -1 with
 * errno; 0 there: it lies elsewhere. */
static int
descend(char *folder)
{
	char *cwd = realpath(".", NULL), *rest, *name;
	size_t n = cwd != NULL ? strlen(cwd) : 0;
	int fd, next;

	if (n == 1)
		n = 0; /* "/" */
	if (cwd == NULL || strncmp(folder, cwd, n) != 0 || (folder[n] != '/' && folder[n] != '\0')) {
		free(cwd);
		errno = 0;
		return -1;
	}
	free(cwd);
	fd = open_folder(AT_FDCWD, ".", 0);
	for (rest = folder + n; fd >= 0 && (name = strsep(&rest, "/")) != NULL;) {
		if (*name == '\0')
			continue;
		next = open_folder(fd, name, O_NOFOLLOW);
		close(fd);
		fd = next;
	}
	return fd;
}

int
place_open(struct place *p, const char *path, bool safe, struct err *e)
{
	char *target, *slash;
	int error;

	*p = (struct place){.folder = -1};
	if (*path == '\0' || path[strlen(path) - 1] == '/')
		return fail(e, "\"%s\" is no file name; add one", path);
	if ((target = follow(path)) == NULL)
		return place_failed(e, path, errno);
	slash = strrchr(target, '/');
	p->name = xstrdup(slash + 1);
	*slash = '\0';
	p->folder = safe ? descend(target) : open_folder(AT_FDCWD, *target != '\0' ? target : "/", 0);
	error = errno;
	free(target);
	if (p->folder >= 0)
		return 0;
	place_close(p);
	/* A folder that was none a moment ago has become a link. */
	return safe && (error == 0 || error == ELOOP || error == ENOTDIR) ? place_unsafe(e, path) :
	    place_failed(e, path, error);
}

void
place_close(struct place *p)
{
	if (p->folder >= 0)
		close(p->folder);
	free(p->name);
	*p = (struct place){.folder = -1};
}

bool
place_stat(const struct place *p, struct stat *st)
{
	return fstatat(p->folder, p->name, st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* ---- what is written as it stands ---- */

bool
place_special(const char *path, struct stat *st)
{
	size_t n = strlen(path);

	return n > 0 && path[n - 1] != '/' && stat(path, st) == 0 && !S_ISREG(st->st_mode);
}

int
place_open_special(const char *path, const struct stat *st)
{
	if (!S_ISCHR(st->st_mode) && !S_ISFIFO(st->st_mode)) {
		errno = S_ISDIR(st->st_mode) ? EISDIR : ENOTSUP;
		return -1;
	}
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int
place_open_stream(const char *path, bool safe, struct err *e)
{
	struct place p;
	struct stat st;
	int fd;

	if (!safe && place_special(path, &st))
		return (fd = place_open_special(path, &st)) >= 0 ? fd : place_failed(e, path, errno);
	if (place_open(&p, path, safe, e) < 0)
		return -1;
	fd = openat(p.folder, p.name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
	if (fd < 0)
		fd = safe && (errno == ENXIO || errno == ELOOP) ? place_unsafe(e, path) : place_failed(e, path, errno);
	place_close(&p);
	if (fd < 0)
		return -1;
	/* Another name of the same file may lie anywhere. */
	if (safe && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)) {
		close(fd);
		return place_unsafe(e, path);
	}
	if (ftruncate(fd, 0) < 0 && errno != EINVAL) {
		place_failed(e, path, errno);
		close(fd);
		return -1;
	}
	return fd;
}
