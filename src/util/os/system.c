/* system.c: calls that each system has in another form. */
#include "util/os/os.h"

#ifndef OS_PLAIN
#include "config.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined HAVE__NSGETEXECUTABLEPATH
#include <mach-o/dyld.h>
#endif
#if defined HAVE_ELF_AUX_INFO || defined HAVE_GETAUXVAL
#include <sys/auxv.h>
#endif
#if defined HAVE_MALLOC_H
#include <malloc.h>
#endif
#if defined HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif
#if defined HAVE_SYS_RANDOM_H
#include <sys/random.h>
#endif

/* ---- streams ---- */

#if defined HAVE_FOPENCOOKIE
static ssize_t
os_stream_take(void *cookie, const char *p, size_t n)
{
	struct os_stream *s = cookie;

	return s->take != NULL ? s->take(s->arg, p, n) : (ssize_t)n;
}
#elif defined HAVE_FUNOPEN
static int
os_stream_take(void *cookie, const char *p, int n)
{
	struct os_stream *s = cookie;
	ssize_t taken = s->take != NULL ? s->take(s->arg, p, (size_t)n) : n;

	return taken > 0 ? (int)taken : -1;
}
#endif

int
os_stream_open(struct os_stream *s, ssize_t (*take)(void *arg, const char *p, size_t n), void *arg)
{
	*s = (struct os_stream){.take = take, .arg = arg};
#if defined HAVE_FOPENCOOKIE
	s->f = fopencookie(s, "w", (cookie_io_functions_t){.write = os_stream_take});
#elif defined HAVE_FUNOPEN
	s->f = funopen(s, NULL, os_stream_take, NULL, NULL);
#else
	s->f = open_memstream(&s->kept, &s->nkept);
#endif
	return s->f != NULL ? 0 : -1;
}

int
os_stream_close(struct os_stream *s)
{
	bool bad = ferror(s->f) != 0;

	bad |= fclose(s->f) == EOF;
	if (s->kept != NULL && s->take != NULL && !bad)
		bad = s->nkept > 0 && s->take(s->arg, s->kept, s->nkept) <= 0;
	free(s->kept);
	s->f = NULL;
	return bad ? -1 : 0;
}

/* ---- calls ---- */

void
os_one_arena(void)
{
#if defined HAVE_MALLOC_H && defined M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1);
#endif
}

void
os_end_with(pid_t parent)
{
#if defined HAVE_PRCTL && defined HAVE_SYS_PRCTL_H
	prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
	if (getppid() != parent) /* it ended before that */
		raise(SIGTERM);
}

int
os_pipe(int fd[2])
{
#if defined HAVE_PIPE2
	return pipe2(fd, O_CLOEXEC | O_NONBLOCK);
#else
	if (pipe(fd) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		fcntl(fd[i], F_SETFD, FD_CLOEXEC);
		fcntl(fd[i], F_SETFL, O_NONBLOCK);
	}
	return 0;
#endif
}

int
os_random(void *p, size_t n)
{
#if defined HAVE_GETENTROPY
	return getentropy(p, n);
#else
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, p, n) : -1;

	if (fd >= 0)
		close(fd);
	if (got >= 0 && (size_t)got < n)
		errno = EIO;
	return got == (ssize_t)n ? 0 : -1;
#endif
}

/* Tells where the program was started from, when the system does not say where it is. */
static bool
os_started(char *path, size_t size)
{
#if defined HAVE_GETAUXVAL
	const char *name = (const char *)getauxval(AT_EXECFN);
	char *real = name != NULL ? realpath(name, NULL) : NULL;
	bool fits = real != NULL && strlen(real) < size;

	if (fits)
		strcpy(path, real);
	free(real);
	return fits;
#else
	(void)path;
	(void)size;
	return false;
#endif
}

bool
os_self(char *path, size_t size)
{
#if defined HAVE__NSGETEXECUTABLEPATH
	uint32_t n = (uint32_t)size;

	return _NSGetExecutablePath(path, &n) == 0;
#elif defined HAVE_ELF_AUX_INFO
	return elf_aux_info(AT_EXECPATH, path, (int)size) == 0;
#else
	ssize_t n = readlink("/proc/self/exe", path, size);

	if (n <= 0 || (size_t)n >= size)
		return os_started(path, size);
	path[n] = '\0';
	return true;
#endif
}
