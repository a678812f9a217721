/* atomic.c: files that are replaced whole or not at all. */
#include "util/atomic.h"

#include "util/os/os.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define ELSEWHERE "choose another file or folder"

struct atomic_file {
	char *path; /* as the user gave it, for sentences */
	char *target; /* what it leads to, symbolic links followed */
	char *temp; /* NULL: target is no regular file and is written straight */
	int fd;
	int error; /* errno of the first failed write, which stdio forgets by the time we ask */
	long long written;
	struct os_stream out;
};

/* The temporary files that are open, for a crash. */
static _Atomic(char *) pending[16];

static void
remember(char *temp)
{
	for (size_t i = 0; i < sizeof pending / sizeof *pending; i++) {
		char *none = NULL;

		if (atomic_compare_exchange_strong(&pending[i], &none, temp))
			return;
	}
}

static void
forget(char *temp)
{
	for (size_t i = 0; temp != NULL && i < sizeof pending / sizeof *pending; i++) {
		char *it = temp;

		atomic_compare_exchange_strong(&pending[i], &it, NULL);
	}
	free(temp);
}

void
atomic_crash(void)
{
	for (size_t i = 0; i < sizeof pending / sizeof *pending; i++) {
		const char *temp = pending[i];

		if (temp != NULL)
			unlink(temp);
	}
}

static const char *
way_out(int error)
{
	switch (error) {
	case ENOSPC: case EDQUOT: return "make room on the disk, or " ELSEWHERE;
	case EFBIG: return "raise the limit (ulimit -f), or " ELSEWHERE;
	case ENOENT: return "make the folder first, or " ELSEWHERE;
	case EACCES: case EPERM: case EROFS: return "change the permissions, or " ELSEWHERE;
	default: return ELSEWHERE;
	}
}

static int
cannot_write(struct err *e, const char *path, int error)
{
	return fail(e, "%s cannot be written: %s; %s", path, strerror(error), way_out(error));
}

/* The folder of a path, as the system sees it. NULL with errno set. */
static char *
real_folder(const char *path)
{
	char *copy = xstrdup(path), *real = realpath(dirname(copy), NULL);

	free(copy);
	return real;
}

/* The path with its folder and last symbolic links resolved, whether the file exists or not. NULL with errno set. */
static char *
resolve(const char *path)
{
	char *real = realpath(path, NULL), *folder, *copy, *out, link[PATH_MAX];
	ssize_t n;

	if (real != NULL || errno != ENOENT)
		return real;
	if ((folder = real_folder(path)) == NULL)
		return NULL;
	/* A link to nowhere would be replaced by the rename; refuse to guess. */
	if ((n = readlink(path, link, sizeof link)) >= 0) {
		free(folder);
		errno = ENOENT;
		return NULL;
	}
	copy = xstrdup(path);
	out = xasprintf("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, basename(copy));
	free(copy);
	free(folder);
	return out;
}

static bool
inside_working_directory(const char *target)
{
	char *cwd = realpath(".", NULL);
	size_t n;
	bool in;

	if (cwd == NULL)
		return false;
	n = strlen(cwd);
	in = strcmp(cwd, "/") == 0 || (strncmp(target, cwd, n) == 0 && target[n] == '/');
	free(cwd);
	return in;
}

bool
atomic_inside(const char *path)
{
	char *target = resolve(path);
	bool in = target != NULL && inside_working_directory(target);

	free(target);
	return in;
}

/* Opens what stands there already and is no regular file. */
static int
open_special(const char *target, mode_t mode)
{
	int fd;

	if (S_ISDIR(mode)) {
		errno = EISDIR;
		return -1;
	}
	if (!S_ISCHR(mode) && !S_ISFIFO(mode)) {
		errno = ENOTSUP;
		return -1;
	}
	if ((fd = open(target, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

/* The permissions that open() would give a new file. */
static mode_t
new_mode(void)
{
	mode_t mask = umask(022);

	umask(mask);
	return 0666 & ~mask;
}

static ssize_t
write_all(void *arg, const char *buf, size_t n)
{
	struct atomic_file *a = arg;
	size_t done = 0;

	while (done < n && a->error == 0) {
		ssize_t r = write(a->fd, buf + done, n - done);

		if (r > 0)
			done += (size_t)r;
		else if (r < 0 && errno != EINTR)
			a->error = errno;
	}
	a->written += (long long)done;
	return done < n ? 0 : (ssize_t)n; /* 0: an error */
}

/* A new file beside the target; its name in a->temp. -1 with errno set. */
static int
open_temp(struct atomic_file *a, const struct stat *old)
{
	char *copy = xstrdup(a->target), *folder = real_folder(a->target);
	int fd, error;

	/* The name is cut, so that a long one leaves room for what makes it unique. */
	a->temp = xasprintf("%s/.%.100s.XXXXXX", folder != NULL ? folder : ".", basename(copy));
	free(copy);
	free(folder);
	if ((fd = mkostemp(a->temp, O_CLOEXEC)) < 0) {
		error = errno;
		free(a->temp);
		a->temp = NULL;
		errno = error;
		return -1;
	}
	remember(a->temp);
	/* The owner is kept where we may set it, the permissions always. */
	if (old != NULL && old->st_uid != geteuid() && fchown(fd, old->st_uid, old->st_gid) < 0)
		errno = 0;
	(void)fchmod(fd, old != NULL ? old->st_mode & 07777 : new_mode());
	return fd;
}

struct atomic_file *
atomic_open(const char *path, bool safe, struct err *e)
{
	struct atomic_file *a;
	struct stat st;
	bool old;

	if (*path == '\0' || path[strlen(path) - 1] == '/') {
		fail(e, "\"%s\" is no file name; add one", path);
		return NULL;
	}
	a = xcalloc(1, sizeof *a);
	a->path = xstrdup(path);
	a->fd = -1;
	old = stat(path, &st) == 0;
	/* What is no file has no place among the folders: /dev/stdout may lead to a pipe. */
	a->target = old && !S_ISREG(st.st_mode) ? xstrdup(path) : resolve(path);
	if (a->target == NULL)
		goto failed;
	if (safe && ((old && !S_ISREG(st.st_mode)) || !inside_working_directory(a->target))) {
		fail(e, "%s is no file inside the working directory, and --safe lets nothing else be written; choose "
		    "one inside", path);
		atomic_abort(a);
		return NULL;
	}
	if (old && !S_ISREG(st.st_mode))
		a->fd = open_special(a->target, st.st_mode);
	else if (old && access(a->target, W_OK) < 0) /* a rename would not ask */
		goto failed;
	else
		a->fd = open_temp(a, old ? &st : NULL);
	if (a->fd < 0)
		goto failed;
	if (os_stream_open(&a->out, write_all, a) < 0)
		goto failed;
	return a;
failed:
	cannot_write(e, path, errno);
	atomic_abort(a);
	return NULL;
}

FILE *
atomic_stream(struct atomic_file *a)
{
	return a->out.f;
}

/* Makes the rename itself last; a file system that cannot sync folders is no reason to fail. */
static void
sync_folder(const char *target)
{
	char *folder = real_folder(target);
	int fd = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	free(folder);
}

long long
atomic_commit(struct atomic_file *a, struct err *e)
{
	long long written;
	int error = 0;

	if (os_stream_close(&a->out) < 0)
		error = a->error != 0 ? a->error : EIO;
	else if (fsync(a->fd) < 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
		error = errno;
	if (close(a->fd) < 0 && error == 0)
		error = errno;
	a->fd = -1;
	if (error == 0 && a->temp != NULL && rename(a->temp, a->target) < 0)
		error = errno;
	if (error != 0) {
		cannot_write(e, a->path, error);
		atomic_abort(a);
		return -1;
	}
	if (a->temp != NULL) {
		forget(a->temp);
		a->temp = NULL;
		sync_folder(a->target);
	}
	written = a->written;
	atomic_abort(a);
	return written;
}

void
atomic_abort(struct atomic_file *a)
{
	if (a == NULL)
		return;
	if (a->out.f != NULL) {
		a->out.take = NULL;
		os_stream_close(&a->out);
	}
	if (a->fd >= 0)
		close(a->fd);
	if (a->temp != NULL)
		unlink(a->temp);
	forget(a->temp);
	free(a->target);
	free(a->path);
	free(a);
}
