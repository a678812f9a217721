/* shared.c: folders and files that several people share. Only what is new is changed: its name may lead elsewhere. */
#include "util/shared.h"

#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
shared_folder(const char *path)
{
	int rc = mkdir(path, 0777), error = errno;
	char *above = rc == 0 ? xasprintf("%s/..", path) : NULL;
	struct stat made, shared;

	if (rc == 0 && stat(path, &made) == 0 && stat(above, &shared) == 0 && (shared.st_mode & S_ISGID) != 0)
		(void)chmod(path, (made.st_mode | S_ISGID | (shared.st_mode & (S_IRWXG | S_ISVTX))) & 07777);
	free(above);
	errno = error;
	return rc;
}

void
shared_mode(int folder, int fd)
{
	struct stat made, shared;

	if (fstat(fd, &made) == 0 && fstat(folder, &shared) == 0 && (shared.st_mode & S_ISGID) != 0)
		(void)fchmod(fd, (made.st_mode | (shared.st_mode & (S_IRGRP | S_IWGRP))) & 07777);
}

void
shared_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *above = slash != NULL ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	int folder = open(above, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
	struct stat shared;

	if (folder >= 0 && fstat(folder, &shared) == 0 && (shared.st_mode & S_ISGID) != 0)
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd >= 0) {
		shared_mode(folder, fd);
		close(fd);
	}
	if (folder >= 0)
		close(folder);
	free(above);
}
