/* temp.c: a file without a name, or with a passing one, that takes the place of another. */
#include "util/temp.h"

#include "util/os/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define MARK ".thaw-"
#define RANDOM 6

/* Those that have a name, for a crash. */
static _Atomic(struct temp *) pending[16];

static void
remember(struct temp *t, bool named)
{
	struct temp *from = named ? NULL : t, *to = named ? t : NULL;

	for (size_t i = 0; i < sizeof pending / sizeof *pending; i++) {
		struct temp *it = from;

		if (atomic_compare_exchange_strong(&pending[i], &it, to))
			return;
	}
}

void
temp_crash(void)
{
	for (size_t i = 0; i < sizeof pending / sizeof *pending; i++) {
		struct temp *t = pending[i];

		if (t != NULL)
			unlinkat(t->place.folder, t->name, 0);
	}
}

/* ---- names ---- */

static int
make_name(struct temp *t)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char r[RANDOM];
	size_t n;

	if (os_random(r, sizeof r) < 0)
		return -1;
	/* The name is cut, so that a long one leaves room for what makes it unique. */
	n = (size_t)snprintf(t->name, sizeof t->name, ".%.100s" MARK, t->place.name);
	for (int i = 0; i < RANDOM; i++)
		t->name[n++] = letters[r[i] % (sizeof letters - 1)];
	t->name[n] = '\0';
	return 0;
}

static bool
is_ours(const char *name)
{
	size_t n = strlen(name), tail = strlen(MARK) + RANDOM;

	return name[0] == '.' && n > tail && strncmp(name + n - tail, MARK, strlen(MARK)) == 0;
}

/* Removes the file of a writer that lives no more. */
static void
sweep_one(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(folder, name, 0);
	close(fd);
}

static void
sweep(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL)
		if (is_ours(entry->d_name))
			sweep_one(folder, entry->d_name);
	if (d != NULL)
		closedir(d);
	else if (fd >= 0)
		close(fd);
}

/* ---- its life ---- */

/* A file without a name, where the file system has such and /proc can give it one later. */
static bool
open_nameless(struct temp *t)
{
#if defined O_TMPFILE && !defined OS_PLAIN
	struct stat own, seen;
	char path[64];

	if ((t->fd = openat(t->place.folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600)) < 0)
		return false;
	snprintf(path, sizeof path, "/proc/self/fd/%d", t->fd);
	if (fstat(t->fd, &own) == 0 && stat(path, &seen) == 0 && own.st_ino == seen.st_ino && own.st_dev == seen.st_dev)
		return true;
	close(t->fd);
	t->fd = -1;
#endif
	return false;
}

static int
open_named(struct temp *t)
{
	struct stat st;

	for (int tries = 0; tries < 100; tries++) {
		if (make_name(t) < 0)
			break;
		t->fd = openat(t->place.folder, t->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (t->fd < 0 && errno == EEXIST)
			continue;
		if (t->fd < 0)
			break;
		remember(t, true);
		/* Another's sweep may have come before the lock. */
		if ((flock(t->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) && fstat(t->fd, &st) == 0 &&
		    st.st_nlink > 0)
			return 0;
		remember(t, false);
		close(t->fd);
		t->fd = -1;
	}
	t->name[0] = '\0';
	return -1;
}

int
temp_open(struct temp *t)
{
	sweep(t->place.folder);
	return open_nameless(t) ? 0 : open_named(t);
}

/* Gives a file without a name this one; fails with EEXIST. */
static int
give_name(const struct temp *t, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", t->fd);
	return linkat(AT_FDCWD, path, t->place.folder, name, AT_SYMLINK_FOLLOW);
}

static void
forget(struct temp *t)
{
	remember(t, false);
	t->name[0] = '\0';
}

int
temp_install(struct temp *t, bool keep)
{
	const struct place *p = &t->place;
	struct stat st;
	int error;

	if (t->name[0] == '\0') {
		if (give_name(t, p->name) == 0) {
			(void)fsync(p->folder);
			return 0;
		}
		if (errno != EEXIST || keep)
			return -1;
		flock(t->fd, LOCK_EX | LOCK_NB);
		do
			if (make_name(t) < 0)
				return -1;
		while ((error = give_name(t, t->name) < 0 ? errno : 0) == EEXIST);
		if (error != 0) {
			t->name[0] = '\0';
			errno = error;
			return -1;
		}
		remember(t, true);
	}
	if (keep && linkat(p->folder, t->name, p->folder, p->name, 0) == 0)
		unlinkat(p->folder, t->name, 0);
	else if (keep && (errno == EEXIST || place_stat(p, &st))) /* else a file system without hard links */
		return -1;
	else if (renameat(p->folder, t->name, p->folder, p->name) < 0)
		return -1;
	forget(t);
	(void)fsync(p->folder); /* makes the name last; a file system that cannot is no reason to fail */
	return 0;
}

void
temp_leave(struct temp *t)
{
	forget(t);
}

void
temp_drop(struct temp *t)
{
	if (t->name[0] != '\0') {
		unlinkat(t->place.folder, t->name, 0);
		forget(t);
	}
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	place_close(&t->place);
}
