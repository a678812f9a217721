/* reach.c: which files this process may open. */
#include "util/reach.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40

static struct {
	bool confined;
	struct {
		char *path, *target; /* as it was given, and as reach_follow has it; NULL: it leads nowhere */
		bool only; /* to read */
	} *allowed;
	int n;
} reach;

/* ---- following a path ---- */

struct walk {
	char *at; /* "" is the root; no link leads there, and it is a folder while something is left */
	char *left, *rest; /* what is left, and how far it is taken; rest NULL: nothing */
	int links;
};

/* What a link says comes before what is left. */
static bool
walk_link(struct walk *w, const char *link)
{
	char *left = xasprintf("%s%s%s", link, w->rest != NULL ? "/" : "", w->rest != NULL ? w->rest : "");

	free(w->left);
	w->left = w->rest = left;
	if (link[0] == '/')
		w->at[0] = '\0';
	errno = ELOOP;
	return ++w->links <= LINKS_MAX;
}

/* Whether a path that is no link may be gone on from: a folder where something is left, else even nothing. */
static bool
walk_on(const struct walk *w, const char *next, int error)
{
	struct stat st;

	if (w->rest == NULL)
		return error == EINVAL || error == ENOENT;
	if (error == EINVAL && lstat(next, &st) == 0) {
		errno = ENOTDIR;
		return S_ISDIR(st.st_mode);
	}
	return false;
}

/* Takes one name. False with errno. */
static bool
walk_step(struct walk *w)
{
	char *name = strsep(&w->rest, "/"), *next, *slash, link[PATH_MAX];
	ssize_t n;

	if (strcmp(name, "..") == 0 && (slash = strrchr(w->at, '/')) != NULL)
		*slash = '\0';
	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	next = xasprintf("%s/%s", w->at, name);
	n = readlink(next, link, sizeof link - 1);
	if (n < 0 && walk_on(w, next, errno)) {
		free(w->at);
		w->at = next;
		return true;
	}
	free(next);
	if (n < 0)
		return false;
	link[n] = '\0';
	return walk_link(w, link);
}

static bool
is_below(const char *path, const char *folder)
{
	size_t n = strlen(folder);

	return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static char *
working_directory(void)
{
	char *cwd = realpath(".", NULL);

	if (cwd != NULL && strcmp(cwd, "/") == 0)
		cwd[0] = '\0';
	return cwd;
}

/* Whether a path is to be read alone. The whole working directory never is. */
static bool
is_only_read(const char *path, const char *cwd)
{
	bool only = false;

	for (int i = 0; i < reach.n && !only && reach.confined; i++)
		only = reach.allowed[i].only && reach.allowed[i].target != NULL &&
		    !is_below(cwd, reach.allowed[i].target) && is_below(path, reach.allowed[i].target);
	return only;
}

/* To write to, the folder of the path has to lie there. */
static bool
is_within(const char *path, const char *cwd, bool write)
{
	bool within = !reach.confined || (is_below(path, cwd) && !(write && path[strlen(cwd)] == '\0'));

	for (int i = 0; i < reach.n && !within && !write; i++)
		within = reach.allowed[i].target != NULL && is_below(path, reach.allowed[i].target);
	return within;
}

char *
reach_follow(const char *path, bool write)
{
	char *cwd = working_directory();
	struct walk w = {.left = xstrdup(path)};
	bool whole = false;
	int error = ENOENT;

	if (cwd != NULL && *path != '\0') {
		w.at = xstrdup(path[0] == '/' ? "" : cwd);
		w.rest = w.left;
		while ((whole = walk_step(&w)) && w.rest != NULL)
			;
		error = errno;
		/* What stands elsewhere, or does not, is nobody's business; to write, the folder has to be there. */
		if (!is_within(w.at, cwd, write && whole)) {
			whole = false;
			error = EXDEV;
		} else if (write && whole && is_only_read(w.at, cwd)) {
			whole = false;
			error = ETXTBSY;
		}
	}
	free(cwd);
	free(w.left);
	if (!whole) {
		free(w.at);
		errno = error;
		return NULL;
	}
	return w.at;
}

bool
reach_inside(const char *path)
{
	char *target = reach_follow(path, false), *cwd = working_directory();
	bool inside = target != NULL && cwd != NULL && is_below(target, cwd);

	free(target);
	free(cwd);
	return inside;
}

bool
reach_leads_out(const char *path)
{
	char *cwd = working_directory();
	bool named = cwd != NULL && (path[0] != '/' || is_below(path, cwd));

	for (const char *at = path; named && (at = strstr(at, "..")) != NULL; at += 2) /* a name that says so itself */
		named = (at > path && at[-1] != '/') || (at[2] != '/' && at[2] != '\0');
	free(cwd);
	return named && !reach_inside(path);
}

/* ---- opening ---- */

static int
open_folder(int at, const char *name, int flags)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);

#ifdef O_PATH
	if (fd < 0 && errno == EACCES) /* one that we may not list */
		fd = openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);
#endif
	return fd;
}

/* What was no link a moment ago has become one. */
static int
swapped(int fd)
{
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		errno = EXDEV;
	return fd;
}

int
reach_folder(const char *target)
{
	char *cwd = reach.confined ? working_directory() : NULL, *copy, *rest, *name;
	int fd, next;

	if (cwd == NULL || !is_below(target, cwd)) {
		free(cwd);
		return open_folder(AT_FDCWD, *target != '\0' ? target : "/", 0);
	}
	copy = rest = xstrdup(target + strlen(cwd));
	free(cwd);
	fd = open_folder(AT_FDCWD, ".", 0);
	while (fd >= 0 && (name = strsep(&rest, "/")) != NULL) {
		if (*name == '\0')
			continue;
		next = swapped(open_folder(fd, name, O_NOFOLLOW));
		close(fd);
		fd = next;
	}
	free(copy);
	return fd;
}

/* What was allowed by this very name may be a pipe, to which no other leads. */
static bool
is_allowed(const char *path)
{
	bool allowed = false;

	for (int i = 0; i < reach.n && !allowed; i++)
		allowed = strcmp(path, reach.allowed[i].path) == 0;
	return allowed;
}

/* Cuts the target. */
static int
open_in_folder(char *target, int flags)
{
	char *name = strrchr(target, '/');
	struct stat st;
	int folder, fd, error;

	*name++ = '\0';
	if ((folder = reach_folder(target)) < 0)
		return -1;
	fd = openat(folder, name, flags | O_NOFOLLOW);
	error = errno;
	/* a file where a folder was asked for has not been swapped */
	if (fd < 0 && (error != ENOTDIR || fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    S_ISLNK(st.st_mode))) {
		errno = error;
		swapped(fd);
		error = errno;
	}
	close(folder);
	errno = error;
	return fd;
}

int
reach_open(const char *path, int flags)
{
	char *target, *cwd;
	int fd;

	flags |= O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	if (!reach.confined || is_allowed(path))
		return open(path, flags);
	if ((target = reach_follow(path, false)) == NULL)
		return -1;
	cwd = working_directory();
	if (cwd != NULL && strcmp(target, cwd) == 0)
		fd = open(".", flags);
	else
		fd = *target != '\0' ? open_in_folder(target, flags) : open("/", flags);
	free(cwd);
	free(target);
	return fd;
}

const char *
reach_why(int error)
{
	if (error == ENOMSG)
		return "it is a notebook of Jupyter, and no cell of it begins with %%thaw";
	return error == EXDEV ? "it lies outside the working directory, where --safe reads nothing" : strerror(error);
}

const char *
reach_way(int error, const char *way)
{
	return error == EMFILE ? "raise the limit of this process (ulimit -n)" : error == ENFILE ?
	    "close other programs" : way;
}

const char *
reach_library(const char *why, const char *way)
{
	return reach_way(strstr(why, strerror(EMFILE)) != NULL ? EMFILE : 0, way);
}

/* ---- what is allowed ---- */

void
reach_confine(bool on)
{
	reach.confined = on;
}

bool
reach_confined(void)
{
	return reach.confined;
}

static void
allow(const char *path, bool only)
{
	char *home = path_home(path), *given = home != NULL ? home : xstrdup(path);

	reach.allowed = xrealloc(reach.allowed, (size_t)reach.n + 1, sizeof *reach.allowed);
	reach.allowed[reach.n].path = given;
	reach.allowed[reach.n].only = only;
	reach.allowed[reach.n++].target = reach_follow(given, false);
}

void
reach_allow(const char *path)
{
	allow(path, false);
}

void
reach_allow_only(const char *path)
{
	allow(path, true);
}
