/* hdf5.c: HDF5 files by way of the helper program. Nothing that it gives is believed either: it may have been taken
 * over by the file that it read, so that its tensors are read as those of any file.
 */
#include "file/hdf5.h"

#include "util/child.h"
#include "util/lack.h"
#include "util/os/os.h"
#include "util/reach.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ANOTHER "get the file again, or load another"

enum {
	SECONDS = 90, SECOND_BYTES = 4 << 20, /* that the helper may take, and bytes for which it has one more */
	HEADER = 64 << 20, /* of what it gives, beside the values */
	PACK_MAX = 1032, /* as far as deflate packs */
};

char *
hdf5_helper(struct err *e)
{
	char self[PATH_MAX + 32], dir[PATH_MAX + 32] = "", moved[PATH_MAX + 32] = PKGLIBEXECDIR, *slash;

	if (os_self(self, PATH_MAX) && (slash = strrchr(self, '/')) != NULL) {
		*slash = '\0';
		snprintf(dir, sizeof dir, "%s", self);
		strcpy(slash, "/thaw-hdf5");
		if (access(self, X_OK) == 0)
			return xstrdup(self);
		*slash = '\0';
		if ((slash = strrchr(self, '/')) != NULL) { /* installed elsewhere than it was configured for */
			strcpy(slash, "/libexec/thaw/thaw-hdf5");
			if (access(self, X_OK) == 0)
				return xstrdup(self);
			snprintf(moved, sizeof moved, "%.*s", (int)(strrchr(self, '/') - self), self);
		}
	}
	if (access(PKGLIBEXECDIR "/thaw-hdf5", X_OK) == 0)
		return xstrdup(PKGLIBEXECDIR "/thaw-hdf5");
	fail(e, "files of Keras are HDF5, which thaw-hdf5 reads and writes, and that is neither in %.200s nor in "
	    "%.200s%s: where thaw was built without it, install libhdf5-dev, then run ./bootstrap with the arguments "
	    "that it had before, but --without-hdf5; .safetensors and .npz need nothing", dir[0] != '\0' ? dir :
	    "the folder of thaw", moved, strcmp(moved, PKGLIBEXECDIR) != 0 ? " nor in " PKGLIBEXECDIR : "");
	return NULL;
}

/* Gives bytes to the helper and takes what it makes of them, behind the byte that says whether it did. what: the file,
 * as the user gave it, for sentences. */
static int
run(const char *mode, const char *what, const void *in, size_t n, size_t most, uint8_t **out, size_t *nout,
    struct err *e)
{
	char *helper = hdf5_helper(e), *argv[] = {helper, (char *)(uintptr_t)mode, NULL};
	struct child c = {.argv = argv, .in = in, .n = n, .out_max = most,
	    .seconds = SECONDS + (double)(n / SECOND_BYTES)};
	struct err why = {0};
	bool reads = mode[0] == 'r';
	int rc = -1, ran;

	*out = NULL;
	if (helper == NULL)
		return -1;
	if ((ran = child_run(&c, out, nout, &why)) < 0 && signals_ending())
		fail(e, "%s: interrupted; nothing of it is used", what);
	else if (ran == CHILD_UNLINKED)
		fail(e, "%s: the program for HDF5, %s, %s; install libhdf5 (on Debian libhdf5-103-1; `ldd` with that "
		    "path names what is not found)%s", what, helper, why.text, reads ? "" :
		    ", or save it as .safetensors");
	else if (why.text[0] != '\0')
		fail(e, "%s: the program for HDF5, %s, %s; %s", what, helper, why.text, !reads ?
		    "save it as .safetensors" : ran == CHILD_UNSTARTED ? "then load it again" : ANOTHER);
	else if (*nout > 0 && (*out)[0] == '+')
		rc = 0;
	else if (*nout > 1 && (*out)[0] == '-')
		fail(e, "%s %.*s; %s%s", what, (int)(*nout < 400 ? *nout - 1 : 399), (const char *)*out + 1,
		    reads ? ANOTHER : lack_memory_way(), reads ? "" : ", or save it as .safetensors");
	else
		fail(e, "%s: the program for HDF5, %s, gives nothing that it should; install thaw again", what,
		    helper);
	free(helper);
	if (rc == 0)
		return 0;
	free(*out);
	*out = NULL;
	return -1;
}

/* ---- reading ---- */

static void
drop(struct tensors *t)
{
	free(t->own);
}

struct tensors *
hdf5_open(const char *path, const void *file, size_t n, struct err *e)
{
	struct tensors *t;
	uint8_t *out;
	size_t nout, most = n < SIZE_MAX / (PACK_MAX + 1) ? n * PACK_MAX + HEADER : SIZE_MAX;

	if (run("read", path, file, n, most, &out, &nout, e) < 0)
		return NULL;
	if ((t = tensors_of(path, out + 1, nout - 1, e)) == NULL) {
		free(out);
		return NULL;
	}
	t->own = out;
	t->drop = drop;
	return t;
}

/* The whole of a file; the caller's to free. */
static uint8_t *
read_file(const char *path, size_t *n, struct err *e)
{
	int fd = reach_open(path, 0);
	struct stat st;
	uint8_t *p = NULL;
	size_t got = 0;

	if (fd < 0)
		fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno,
		    "check the name"));
	else if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		fail(e, "%s is not a regular file; load another", path);
	else if ((uint64_t)st.st_size > HDF5_FILE_MAX)
		fail(e, "%s has %lld bytes, where at most %llu are read; load another", path, (long long)st.st_size,
		    (unsigned long long)HDF5_FILE_MAX);
	else if ((p = malloc((size_t)st.st_size + 1)) == NULL)
		fail_memory(e, "%s: not enough memory to read it", path);
	while (p != NULL && got < (size_t)st.st_size) {
		ssize_t k = read(fd, p + got, (size_t)st.st_size - got);

		if (k < 0 && errno == EINTR && !signals_ending())
			continue;
		if (k <= 0) {
			fail(e, k < 0 ? "%s cannot be read: %s; check the disk" : "%s is cut off (%s); " ANOTHER, path,
			    k < 0 ? strerror(errno) : "it became shorter");
			free(p);
			p = NULL;
		}
		got += k > 0 ? (size_t)k : 0;
	}
	if (fd >= 0)
		close(fd);
	*n = got;
	return p;
}

struct tensors *
hdf5_open_file(const char *path, struct err *e)
{
	size_t n;
	uint8_t *file = read_file(path, &n, e);
	struct tensors *t = file != NULL ? hdf5_open(path, file, n, e) : NULL;

	free(file);
	return t;
}

/* ---- writing ---- */

uint8_t *
hdf5_make(const char *path, json_t *metadata, const struct tensor_source *x, size_t count, size_t *n, struct err *e)
{
	char *stream = NULL;
	size_t length = 0;
	FILE *f = open_memstream(&stream, &length);
	bool made = f != NULL && tensors_write(f, metadata, x, count) == 0;
	uint8_t *out = NULL;

	if (f != NULL && (fclose(f) == EOF || !made))
		made = false;
	if (!made)
		fail_memory(e, "%s: not enough memory to make it", path);
	else if (run("write", path, stream, length, 2 * length + HEADER, &out, n, e) == 0)
		memmove(out, out + 1, --*n);
	free(stream);
	return out;
}
