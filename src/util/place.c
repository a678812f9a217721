/* place.c: where a path leads: a folder that is held open, and a name in it. */
#include "util/place.h"

#include "util/reach.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ELSEWHERE "choose another file or folder"

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
	default: return reach_way(error, ELSEWHERE);
	}
}

static int
place_unsafe(struct err *e, const char *path)
{
	return fail(e, "%s is no file inside the working directory, and --safe lets nothing else be written; choose "
	    "one inside", path);
}

int
place_failed(struct err *e, const char *path, int error)
{
	char link[PATH_MAX];
	ssize_t n = error == ENOENT ? readlink(path, link, sizeof link - 1) : -1;

	if (error == EXDEV && reach_confined())
		return place_unsafe(e, path);
	if (error == ETXTBSY && reach_confined())
		return fail(e, "%s is named on the command line, and --safe lets nothing be written there; " ELSEWHERE,
		    path);
	if (n >= 0) {
		link[n] = '\0';
		return fail(e, "%s is a link to %s, where nothing can be written: %s; %s", path, link, strerror(error),
		    way_out(error));
	}
	return fail(e, "%s cannot be written: %s; %s", path,
	    error == ENXIO ? "nobody reads from this pipe" : strerror(error), way_out(error));
}

bool
place_refused(const char *path, bool write, struct err *e)
{
	char *target = reach_confined() ? reach_follow(path, write) : NULL;
	int error = reach_confined() && target == NULL ? errno : 0;

	free(target);
	if (error != EXDEV && error != ETXTBSY)
		return false;
	if (write)
		place_failed(e, path, error);
	else
		fail(e, "%s cannot be read: %s; choose one inside", path, reach_why(error));
	return true;
}

/* ---- finding it ---- */

int
place_open(struct place *p, const char *path, struct err *e)
{
	char *target, *slash;
	int error;

	*p = (struct place){.folder = -1};
	if (*path == '\0' || path[strlen(path) - 1] == '/')
		return fail(e, "\"%s\" is no file name; add one", path);
	if ((target = reach_follow(path, true)) == NULL)
		return place_failed(e, path, errno);
	if ((slash = strrchr(target, '/')) == NULL) {
		free(target);
		return place_failed(e, path, EISDIR);
	}
	p->name = xstrdup(slash + 1);
	*slash = '\0';
	p->folder = reach_folder(target);
	error = errno;
	free(target);
	if (p->folder >= 0)
		return 0;
	place_close(p);
	return place_failed(e, path, error);
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
place_open_stream(const char *path, struct err *e)
{
	struct place p;
	struct stat st;
	bool confined = reach_confined();
	int fd;

	if (!confined && place_special(path, &st))
		return (fd = place_open_special(path, &st)) >= 0 ? fd : place_failed(e, path, errno);
	if (place_open(&p, path, e) < 0)
		return -1;
	fd = openat(p.folder, p.name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
	if (fd < 0)
		place_failed(e, path, confined && (errno == ENXIO || errno == ELOOP) ? EXDEV : errno);
	place_close(&p);
	if (fd < 0)
		return -1;
	/* Another name of the same file may lie anywhere. */
	if (confined && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)) {
		close(fd);
		return place_failed(e, path, EXDEV);
	}
	if (ftruncate(fd, 0) < 0 && errno != EINVAL) {
		place_failed(e, path, errno);
		close(fd);
		return -1;
	}
	return fd;
}
