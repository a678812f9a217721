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
	for (size_t i = 0; i < f->n && !found; i++) /* more than that, since what has this very name is no set */
		found = strncasecmp(f->name[i], slash + 1, strlen(slash + 1)) == 0 &&
		    f->name[i][strlen(slash + 1)] != '\0';
	folder_free(f);
	if (found)
		*prefix = xstrdup(slash + 1);
	else
		free(*dir);
	return found;
}

/* path, error: where the assets would have it, and why that is not there. */
static int
find_nothing(const char *name, const char *path, int error, struct err *e)
{
	bool assets = strcmp(name, "mnist") == 0;

	if (errno == EXDEV)
		return fail(e, "%s cannot be opened: %s; choose a folder inside with `data DIR`", name,
		    reach_why(errno));
	if (errno != ENOENT && errno != ENOTDIR && !assets && strcmp(name, "fashion") != 0)
		return fail(e, "%s cannot be opened: %s; %s", name, reach_why(errno), reach_way(errno,
		    "choose another folder with `data DIR`"));
	if (strcmp(name, "fashion") == 0)
		return fail(e, "fashion is not bundled; install Debian's package dataset-fashion-mnist, or put the "
		    "four files of github.com/zalandoresearch/fashion-mnist into a folder, then `data DIR`");
	if (assets)
		return fail(e, "%s cannot be opened: %s; install the assets, or set THAW_ASSETS to their folder",
		    path, strerror(error));
	return fail(e, "no data set or folder \"%s\" (data sets: mnist, fashion; or a folder with four IDX files, or "
	    "with the files of CIFAR-10 or CIFAR-100, or with one folder of PNG or JPEG files a class; or an "
	    "archive as Keras' mnist.npz)", name);
}

char *
where_find(const char *name, char **prefix, struct err *e)
{
	bool known = strcmp(name, "mnist") == 0 || strcmp(name, "fashion") == 0;
	char *assets = xasprintf("%s/%s", data_assets_dir(), name), *dir = NULL;
	int error, missing = 0;

	if (known && access(assets, X_OK) == 0)
		return assets;
	missing = errno;
	if (where_folder(name)) {
		free(assets);
		return xstrdup(name);
	}
	error = errno;
	if (strcmp(name, "own-digits") == 0)
		return assets;
	if (strcmp(name, "fashion") == 0 && where_folder(dataset_fashion_dir))
		dir = xstrdup(dataset_fashion_dir);
	else if (known || (error != ENOENT && error != ENOTDIR) || !find_prefix(name, &dir, prefix)) {
		errno = error;
		find_nothing(name, assets, missing, e);
		dir = NULL;
	}
	free(assets);
	return dir;
}
