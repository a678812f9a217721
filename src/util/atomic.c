/* atomic.c: files that are replaced whole or not at all. */
#include "util/atomic.h"

#include "util/os/os.h"
#include "util/place.h"
#include "util/reach.h"
#include "util/shared.h"
#include "util/signals.h"
#include "util/temp.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct atomic_file {
	char *path; /* as the user gave it, for sentences */
	struct temp temp; /* its place has no folder: what stands there is no regular file and is written straight */
	int error; /* errno of the first failed write, which stdio forgets by the time we ask */
	bool keep;
	long long written;
	struct os_stream out;
};

/* The permissions that open() would give a new file. */
static mode_t
new_mode(void)
{
	mode_t mask = umask(022);

	umask(mask);
	return 0666 & ~mask;
}

static ssize_t
atomic_take(void *arg, const char *p, size_t n)
{
	struct atomic_file *a = arg;

	if (a->error == 0 && signals_write(a->temp.fd, p, n) < 0)
		a->error = errno;
	if (a->error != 0)
		return 0;
	a->written += (long long)n;
	return (ssize_t)n;
}

/* Opens the file to write to. -1 with a sentence. */
static int
atomic_begin(struct atomic_file *a, struct err *e)
{
	struct place *p = &a->temp.place;
	struct stat st;
	bool old;

	/* What is no file has no place among the folders: /dev/stdout may lead to a pipe. */
	if (!reach_confined() && place_special(a->path, &st)) {
		a->temp.fd = place_open_special(a->path, &st);
		return a->temp.fd >= 0 ? 0 : place_failed(e, a->path, errno);
	}
	if (place_open(p, a->path, e) < 0)
		return -1;
	old = place_stat(p, &st);
	if (old && !S_ISREG(st.st_mode))
		return place_failed(e, a->path, reach_confined() ? EXDEV : EISDIR);
	if (old && faccessat(p->folder, p->name, W_OK, 0) < 0) /* a rename would not ask */
		return place_failed(e, a->path, errno);
	if (temp_open(&a->temp) < 0)
		return place_failed(e, a->path, errno);
	/* The owner is kept where we may set it, the permissions always. */
	if (old && st.st_uid != geteuid() && fchown(a->temp.fd, st.st_uid, st.st_gid) < 0)
		errno = 0;
	(void)fchmod(a->temp.fd, old ? st.st_mode & 07777 : new_mode());
	return 0;
}

struct atomic_file *
atomic_open(const char *path, struct err *e)
{
	struct atomic_file *a = xcalloc(1, sizeof *a);

	a->path = xstrdup(path);
	a->temp.fd = a->temp.place.folder = -1;
	if (atomic_begin(a, e) == 0) {
		if (os_stream_open(&a->out, atomic_take, a) == 0)
			return a;
		place_failed(e, path, errno);
	}
	atomic_abort(a);
	return NULL;
}

FILE *
atomic_stream(struct atomic_file *a)
{
	return a->out.f;
}

void
atomic_keep(struct atomic_file *a)
{
	a->keep = true;
}

long long
atomic_commit(struct atomic_file *a, struct err *e)
{
	long long written;
	int error = 0;

	if (os_stream_close(&a->out) < 0)
		error = a->error != 0 ? a->error : EIO;
	else if (fsync(a->temp.fd) < 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
		error = errno;
	else if (a->temp.place.folder >= 0 && temp_install(&a->temp, a->keep) < 0)
		error = errno;
	if (close(a->temp.fd) < 0 && error == 0)
		error = errno;
	a->temp.fd = -1;
	written = error == 0 ? a->written : place_failed(e, a->path, error);
	atomic_abort(a);
	return written;
}

void
atomic_for_group(struct atomic_file *a)
{
	if (a->temp.place.folder >= 0)
		shared_mode(a->temp.place.folder, a->temp.fd);
}

int
atomic_share(struct atomic_file *a)
{
	int fd = fcntl(a->temp.fd, F_DUPFD_CLOEXEC, 3), error;

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

void
atomic_leave(struct atomic_file *a)
{
	temp_leave(&a->temp);
	atomic_abort(a);
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
	temp_drop(&a->temp);
	free(a->path);
	free(a);
}
