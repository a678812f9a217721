/* where.c: the folder in which a data set lies, by the name that is given. */
#include "data/where.h"

#include "data/folder.h"
#include "util/os/os.h"
#include "util/reach.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

const char dataset_fashion_dir[] = "/usr/share/datasets/fashion-mnist";

const char *
data_assets_dir(void)
{
	static _Thread_local char dir[PATH_MAX + 32]; /* the workbench reads a data set ahead on a thread of its own */
	const char *env = getenv("THAW_ASSETS");
	char *slash;

	if (env != NULL && *env != '\0')
		return env;
	if (os_self(dir, PATH_MAX) && (slash = strrchr(dir, '/')) != NULL) {
		strcpy(slash, "/assets");
		if (access(dir, X_OK) == 0)
			return dir;
		*slash = '\0';
		if ((slash = strrchr(dir, '/')) != NULL) { /* installed elsewhere than it was configured for */
			strcpy(slash, "/share/thaw");
			if (access(dir, X_OK) == 0)
				return dir;
		}
	}
	return PKGDATADIR;
}

bool
where_folder(const char *path)
{
	int fd = reach_open(path, O_DIRECTORY);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EACCES;
}

/* Whether DIR/PREFIX names one of several sets in a folder; then *dir and *prefix are the caller's. */
static bool
find_prefix(const char *name, char **dir, char **prefix)
{
	const char *slash = strrchr(name, '/');
	struct folder *f;
	bool found = false;

	if (slash == NULL || slash[1] == '\0')
		return false;
	*dir = xstrndup(name, (size_t)(slash - name) + (slash == name));
	f = folder_open(*dir);
	for (size_t i = 0; i < f->n && !found; i++)
		found = strncasecmp(f->name[i], slash + 1, strlen(slash + 1)) == 0;
	folder_free(f);
	if (found)
		*prefix = xstrdup(slash + 1);
	else
		free(*dir);
	return found;
}

static int
find_nothing(const char *name, struct err *e)
{
	bool assets = strcmp(name, "mnist") == 0;

	if (errno == EXDEV)
		return fail(e, "%s cannot be opened: %s; choose a folder inside with `data DIR`", name,
		    reach_why(errno));
	if (strcmp(name, "fashion") == 0)
		return fail(e, "fashion is not bundled; install Debian's package dataset-fashion-mnist, or put the "
		    "four files of github.com/zalandoresearch/fashion-mnist into a folder, then `data DIR`");
	if (assets)
		return fail(e, "%s/%s cannot be opened; install the assets, or set THAW_ASSETS to their folder",
		    data_assets_dir(), name);
	return fail(e, "no data set or folder \"%s\" (data sets: mnist, fashion; or a folder with four IDX files, or "
	    "with the files of CIFAR-10 or CIFAR-100, or with one folder of PNG or JPEG files a class; or an "
	    "archive as Keras' mnist.npz)", name);
}

char *
where_find(const char *name, char **prefix, struct err *e)
{
	bool known = strcmp(name, "mnist") == 0 || strcmp(name, "fashion") == 0;
	char *dir;
	int error;

	if (known) {
		dir = xasprintf("%s/%s", data_assets_dir(), name);
		if (access(dir, X_OK) == 0)
			return dir;
		free(dir);
	}
	if (where_folder(name))
		return xstrdup(name);
	error = errno;
	if (strcmp(name, "own-digits") == 0)
		return xasprintf("%s/%s", data_assets_dir(), name);
	if (strcmp(name, "fashion") == 0 && where_folder(dataset_fashion_dir))
		return xstrdup(dataset_fashion_dir);
	if (!known && find_prefix(name, &dir, prefix))
		return dir;
	errno = error;
	find_nothing(name, e);
	return NULL;
}
