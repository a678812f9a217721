/* hdf5_main.c: thaw-hdf5 read or write: takes all of its standard input, gives the result to standard output.
 *
 * The first byte of the output says what follows: + the result, - a phrase that says what is wrong. libhdf5 was not
 * made for files that lie, so this is a program by itself, which gives up what it does not need before it looks at
 * the first byte: it opens no file and starts no program, and has little more memory than its input asks for.
 */
#include "config.h"
#include "libexec/convert.h"
#include "util/os/os.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MEMORY ((rlim_t)512 << 20) /* of libraries, and what a small file takes */
#define SECONDS 60
#define SECOND_BYTES (8 << 20) /* for which there is a second more */

static void
limit(int what, rlim_t most)
{
	struct rlimit r;

	if (getrlimit(what, &r) < 0)
		return;
	r.rlim_cur = r.rlim_max == RLIM_INFINITY || r.rlim_max > most ? most : r.rlim_max;
	r.rlim_max = r.rlim_cur;
	setrlimit(what, &r);
}

/* What has to be loaded is loaded. */
static void
give_up(void)
{
	static const char *const variables[] = {"HDF5_PLUGIN_PATH", "HDF5_PLUGIN_PRELOAD", "HDF5_DRIVER", "HDF5_DEBUG",
	    "HDF5_USE_FILE_LOCKING", "HDF5_DISABLE_VERSION_CHECK", "HDF5_PREFER_PARALLEL_IO"};

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		unsetenv(variables[i]);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, SECONDS);
#if !defined THAW_SANITIZED && !defined THAW_COVERAGE /* which take terabytes of addresses, read and write files */
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NPROC, 0);
	os_confine(NULL, 0);
#endif
}

static int
take_all(struct hdf5_bytes *b, char why[HDF5_WHY])
{
	uint8_t part[65536];
	ssize_t n;

	while ((n = read(STDIN_FILENO, part, sizeof part)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return hdf5_fail(why, "does not come: %s", strerror(errno));
		if (hdf5_add(b, part, (size_t)n, why) < 0)
			return -1;
	}
	return 0;
}

static int
give(const void *p, size_t n)
{
	const uint8_t *at = p;

	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, at, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		at += k;
		n -= (size_t)k;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct hdf5_bytes in = {0}, out = {0};
	char why[HDF5_WHY] = "";
	int rc;

	if (argc != 2 || (strcmp(argv[1], "read") != 0 && strcmp(argv[1], "write") != 0)) {
		fputs("usage: thaw-hdf5 read|write\n"
		    "thaw starts it for files of Keras, with pipes; it is of no use by itself\n", stderr);
		return 2;
	}
	give_up();
	if ((rc = take_all(&in, why)) == 0) {
		limit(RLIMIT_CPU, SECONDS + in.n / SECOND_BYTES);
#ifndef THAW_SANITIZED
		limit(RLIMIT_AS, MEMORY + 6 * (rlim_t)in.n);
#endif
		rc = (argv[1][0] == 'r' ? hdf5_read : hdf5_write)(in.p, in.n, &out, why);
	}
	if (rc < 0)
		rc = give("-", 1) < 0 || give(why, strlen(why)) < 0;
	else
		rc = give("+", 1) < 0 || give(out.p, out.n) < 0;
	_exit(rc); /* nothing is left to do, and nothing of the library's to trust */
}
