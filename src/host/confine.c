/* confine.c: what --safe leaves of the files of a system. */
#include "config.h"
#include "host/host.h"

#include "data/dataset.h"
#include "file/hdf5.h"
#include "ui/figure.h"
#include "util/os/os.h"
#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What libraries read, and what tells how much memory and how many processors there are; no command gets there. */
static const char *const system_files[] = {
	"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/locale",
	"/usr/share/terminfo", "/usr/local/share/terminfo", "/etc/terminfo", "~/.terminfo", "/etc/inputrc",
	"~/.inputrc", "/dev/urandom", "/proc/meminfo", "/proc/self/statm", "/proc/self/cgroup", "/sys/fs/cgroup",
	"/sys/devices/system/cpu",
#ifdef THAW_SANITIZED
	"/proc", "/etc", "/usr", /* what a report is made of */
#endif
	NULL,
};

static const char *const variables[] = {"TERMINFO", "TERMINFO_DIRS", "INPUTRC", NULL}; /* of libraries, too */

struct list {
	struct os_path *path;
	size_t n;
};

/* A leading ~ is the home folder. */
static void
list_add(struct list *l, const char *path, bool write)
{
	char *home = path_home(path);

	l->path = xrealloc(l->path, l->n + 1, sizeof *l->path);
	l->path[l->n++] = (struct os_path){.path = home != NULL ? home : xstrdup(path), .write = write};
}

/* The one program that may be started, which trusts no file either, and what loads it. */
static void
list_helper(struct list *l)
{
	char *helper = hdf5_helper(NULL);
	const char *loader = os_loader();

	if (helper != NULL && loader != NULL) {
		list_add(l, helper, false);
		l->path[l->n - 1].run = true;
		list_add(l, loader, false);
		l->path[l->n - 1].run = true;
	}
	free(helper);
}

/* To read, for commands too. */
static void
list_allow(struct list *l, const char *path)
{
	reach_allow(path);
	list_add(l, path, false);
}

/* What the command line names: the scripts of others may read it, but not change it. Whoever owns the folder can have
 * put a link in its place. */
static void
list_named(struct list *l, const struct session *s, const char *path)
{
	reach_allow_only(path);
	list_add(l, path, false);
	if (access(path, F_OK) == 0 && reach_leads_out(path))
		out_warn(s->out, "%s leads out of the working directory through a link; it is read, since the command "
		    "line names it", path);
}

/* The folders of a variable. */
static void
list_variable(struct list *l, const char *name)
{
	const char *value = getenv(name);
	char *copy = xstrdup(value != NULL ? value : ""), *rest = copy, *path;

	while ((path = strsep(&rest, ":")) != NULL)
		if (*path != '\0')
			list_add(l, path, false);
	free(copy);
}

static void
list_system(struct list *l)
{
	for (int i = 0; system_files[i] != NULL; i++)
		list_add(l, system_files[i], false);
	for (int i = 0; variables[i] != NULL; i++)
		list_variable(l, variables[i]);
	list_add(l, "/dev/null", true);
#ifdef THAW_COVERAGE /* its counts are written beside it */
	static char self[PATH_MAX];

	if (os_self(self, sizeof self) && strrchr(self, '/') != NULL) {
		*strrchr(self, '/') = '\0';
		list_add(l, self, true);
	}
#endif
}

static void
list_free(struct list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free((char *)l->path[i].path);
	free(l->path);
}

static int
open_font(const char *path)
{
	return reach_open(path, 0);
}

int
host_confine(struct session *s, const struct host_source *source, int n, const char *data, bool require)
{
	struct list l = {0};

	list_add(&l, ".", true);
	list_allow(&l, data_assets_dir());
	list_allow(&l, dataset_fashion_dir);
	for (int i = 0; ui_font_folders[i] != NULL; i++)
		list_allow(&l, ui_font_folders[i]);
	if (data != NULL)
		list_named(&l, s, data);
	for (int i = 0; i < n; i++)
		if (source[i].kind == HOST_SCRIPT && strcmp(source[i].text, "-") != 0)
			list_named(&l, s, source[i].text);
	list_system(&l);
	list_helper(&l);
	reach_confine(true);
	ui_font_opener(open_font);
	s->user.safe = true;
	s->user.landlock = os_confine(l.path, l.n);
	list_free(&l);
	if (!require || s->user.landlock > 0)
		return 0;
	fputs("thaw: error: --safe=require: this system has no Landlock, which lets the kernel see to it; use --safe "
	    "to go on with thaw's own checks\n", stderr);
	return -1;
}
