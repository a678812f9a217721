/* store.c: the files of a store: written whole, read with suspicion. */
#include "past/store_int.h"

#include "util/atomic.h"
#include "util/reach.h"
#include "util/sha256.h"
#include "util/shared.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SETTLED 2 /* seconds without a change */
#define HEX "0123456789abcdef"

static const char *const folders[STORE_KINDS] = {"runs", "runs.about", "runs.trials"};

void
store_choose(struct store *st, const char *dir)
{
	char *copy = dir != NULL ? xstrdup(dir) : NULL;

	for (size_t n = copy != NULL ? strlen(copy) : 0; n > 1 && copy[n - 1] == '/'; n--)
		copy[n - 1] = '\0';
	free(st->dir);
	st->dir = copy;
}

void
store_free(struct store *st)
{
	free(st->dir);
	*st = (struct store){0};
}

char *
store_path(const struct store *st, const char *name)
{
	return xasprintf("%s/%s", st->dir, name);
}

char *
store_file(const struct store *st, enum store_kind kind, const char *name)
{
	return xasprintf("%s/%s/%s.json", st->dir, folders[kind], name);
}

/* ---- writing ---- */

/* Makes a folder and those above it. -1 with errno. */
static int
folder_make(const char *path)
{
	char *target = reach_follow(path, true), *above, *slash;
	int rc = target != NULL ? shared_folder(target) : -1;

	if (rc < 0 && target == NULL && (errno == ENOENT || errno == EXDEV)) {
		above = xstrdup(path);
		slash = strrchr(above, '/');
		if (slash != NULL && slash > above) {
			*slash = '\0';
			rc = folder_make(above);
		}
		free(above);
		if (rc == 0 && (target = reach_follow(path, true)) != NULL)
			rc = shared_folder(target);
	}
	if (rc < 0 && target != NULL && errno == EEXIST)
		rc = 0;
	free(target);
	return rc;
}

/* Makes a folder of the store. -1 with a sentence where it cannot be made, or written to. */
static int
store_folder(const struct store *st, enum store_kind kind, struct err *e)
{
	char *folder = store_path(st, folders[kind]), *way = NULL;
	bool made = folder_make(folder) == 0;
	int rc = made ? access(folder, W_OK | X_OK) : -1, error = errno;

	if (rc < 0 && error == EACCES && access(st->dir, F_OK) == 0)
		way = xasprintf(", or have the owner of this one open it to a group: `chmod -R g+rwX %s; find %s "
		    "-type d -exec chmod g+s {} +`", st->dir, st->dir);
	if (rc < 0)
		fail(e, "%s cannot be %s: %s; choose another folder by --project%s", folder, made ? "written to" :
		    "made", reach_why(error), way != NULL ? way : "");
	free(way);
	free(folder);
	return rc;
}

int
store_write(struct store *st, enum store_kind kind, const char *name, const char *text, struct err *e)
{
	char *path = store_file(st, kind, name);
	struct atomic_file *a = NULL;
	int rc = 0;

	if (kind == STORE_TRIALS || access(path, F_OK) != 0 || reach_confined()) { /* which may be damaged */
		if (store_folder(st, kind, e) < 0 || (a = atomic_open(path, e)) == NULL)
			rc = -1;
		else {
			atomic_for_group(a);
			fputs(text, atomic_stream(a));
			rc = atomic_commit(a, e) < 0 ? -1 : 0;
		}
	}
	free(path);
	return rc;
}

int
store_ready(struct store *st, struct err *e)
{
	int rc = 0;

	for (int k = 0; k < STORE_KINDS && rc == 0; k++)
		rc = store_folder(st, k, e);
	return rc;
}

int
store_put(struct store *st, const char *text, char hash[65], struct err *e)
{
	sha256_hex(text, strlen(text), hash);
	return store_write(st, STORE_RUNS, hash, text, e);
}

int
store_put_trial(struct store *st, const char *key, const char *text, struct err *e)
{
	char *have = store_get_trial(st, key);
	int rc = have != NULL && strcmp(have, text) == 0 ? 0 : store_write(st, STORE_TRIALS, key, text, e);

	free(have);
	return rc;
}

/* ---- reading ---- */

/* NULL with errno; EINVAL: it is nothing that was written here. */
static char *
file_text(const char *path)
{
	int fd = reach_open(path, O_RDONLY), error = EINVAL;
	char *text = NULL;
	struct stat s;
	size_t n = 0;
	ssize_t got = 1;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && (uintmax_t)s.st_size <= STORE_BYTES_MAX &&
	    (text = malloc((size_t)s.st_size + 1)) == NULL)
		error = ENOMEM;
	while (text != NULL && n < (size_t)s.st_size && (got = read(fd, text + n, (size_t)s.st_size - n)) > 0)
		n += (size_t)got;
	if (text != NULL && got < 0) {
		error = errno;
		free(text);
		text = NULL;
	}
	if (text != NULL)
		text[n] = '\0';
	close(fd);
	errno = error;
	return text;
}

char *
store_read(const struct store *st, enum store_kind kind, const char *name, struct err *e)
{
	char *path = store_file(st, kind, name), *text = file_text(path);

	if (text == NULL && errno == EINVAL)
		fail(e, "%s is no record of a run; remove it", path);
	else if (text == NULL && errno == ENOMEM)
		fail_memory(e, "not enough memory for %s", path);
	else if (text == NULL)
		fail(e, "%s cannot be read: %s; %s", path, reach_why(errno), reach_way(errno,
		    "`runs` lists what there is"));
	free(path);
	return text;
}

char *
store_whole(const struct store *st, enum store_kind kind, const char *name, struct err *why)
{
	char *path = store_file(st, kind, name), *text = file_text(path), sum[65];

	if (text == NULL && errno != ENOENT)
		fail(why, "%s", errno == EINVAL ? "it is no file of a store" : reach_why(errno));
	else if (text != NULL) {
		sha256_hex(text, strlen(text), sum);
		if (strcmp(sum, name + strlen(name) - 64) != 0) {
			fail(why, "it is damaged, for its text has the SHA-256 %.12s", sum);
			free(text);
			text = NULL;
		}
	}
	free(path);
	return text;
}

char *
store_look(const struct store *st, const char *hash, struct err *why)
{
	return store_whole(st, STORE_RUNS, hash, why);
}

char *
store_get(const struct store *st, const char *hash, struct err *e)
{
	char *text = store_read(st, STORE_RUNS, hash, e), sum[65];

	if (text == NULL)
		return NULL;
	sha256_hex(text, strlen(text), sum);
	if (strcmp(sum, hash) == 0)
		return text;
	free(text);
	fail(e, "the record %.12s is damaged: its text has the SHA-256 %.12s; remove %s/runs/%s.json", hash, sum,
	    st->dir, hash);
	return NULL;
}

char *
store_get_trial(const struct store *st, const char *key)
{
	struct err ignored = {0};

	return st->dir != NULL ? store_read(st, STORE_TRIALS, key, &ignored) : NULL;
}

/* ---- names ---- */

static int
names_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* HASH.json, or HASH-HASH.json of what is said beside a record. */
static bool
name_is(enum store_kind kind, const char *name)
{
	size_t n = strspn(name, HEX);

	if (kind == STORE_ABOUT && n == 64 && name[64] == '-')
		n = strspn(name += 65, HEX);
	else if (kind == STORE_ABOUT)
		return false;
	return n == 64 && strcmp(name + 64, ".json") == 0;
}

/* Opens a folder of records to list it, which not everybody may who may open files there. NULL with errno. */
static DIR *
folder_list(const char *path)
{
	char *target = reach_follow(path, false);
	int folder = target != NULL ? reach_folder(target) : -1;
	int fd = folder >= 0 ? openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	int error = errno;

	if (dir == NULL && fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
	free(target);
	errno = error;
	return dir;
}

int
store_list(const struct store *st, enum store_kind kind, struct store_names *names, struct err *e)
{
	char *path = store_path(st, folders[kind]);
	DIR *dir = folder_list(path);
	struct dirent *d = NULL;
	int error = dir == NULL ? errno : 0;
	size_t cap = 0;

	*names = (struct store_names){0};
	while (dir != NULL && (errno = 0, d = readdir(dir)) != NULL) {
		if (!name_is(kind, d->d_name))
			continue;
		if (names->n == cap)
			names->name = xrealloc(names->name, cap = cap * 2 + 64, sizeof *names->name);
		names->name[names->n++] = xstrndup(d->d_name, strlen(d->d_name) - 5);
	}
	if (dir != NULL) {
		error = errno;
		closedir(dir);
	} else if (error == ENOENT || error == ENOTDIR)
		error = 0;
	if (error != 0) {
		store_names_free(names);
		fail(e, "%s cannot be read: %s; %s", path, reach_why(error), reach_way(error, error == EACCES ?
		    "change its permissions, or name another folder" : "name another folder"));
	}
	if (names->n > 1)
		qsort(names->name, names->n, sizeof *names->name, names_order);
	free(path);
	return error == 0 ? 0 : -1;
}

/* Two changes within a tick of a file system's clock leave the same time, which may be seconds on some. */
char *
store_stamp(const struct store *st)
{
	static const enum store_kind kinds[] = {STORE_RUNS, STORE_ABOUT};
	struct str b = {0};
	bool there = !reach_confined();

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && there; i++) {
		char *path = store_path(st, folders[kinds[i]]);
		struct stat s;

		there = stat(path, &s) == 0 && time(NULL) - s.st_mtime > SETTLED;
		if (there)
			str_add(&b, "%ju %ju %jd.%09ld ", (uintmax_t)s.st_dev, (uintmax_t)s.st_ino,
			    (intmax_t)s.st_mtime, (long)s.st_mtim.tv_nsec);
		free(path);
	}
	if (there)
		return b.s;
	free(b.s);
	return NULL;
}

size_t
store_first(const struct store_names *names, const char *beginning)
{
	size_t lo = 0, hi = names->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(names->name[mid], beginning) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
store_names_free(struct store_names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
	*names = (struct store_names){0};
}

bool
store_is_hash(const char *word)
{
	size_t n = strspn(word, HEX);

	return n >= 8 && n <= 64 && word[n] == '\0';
}

int
store_find(const struct store *st, const char *beginning, char hash[65], struct err *e)
{
	struct store_names names = {0};
	size_t n = strlen(beginning), at;
	int rc = 0;

	if (st->dir == NULL)
		return fail(e, "no run %.64s: this session keeps its runs in no store; --project DIR names one",
		    beginning);
	if (store_list(st, STORE_RUNS, &names, e) < 0)
		return -1;
	at = store_first(&names, beginning);
	if (at == names.n || strncmp(names.name[at], beginning, n) != 0)
		rc = fail(e, "no run %.64s in %s; `runs` lists them", beginning, st->dir);
	else if (at + 1 < names.n && strncmp(names.name[at + 1], beginning, n) == 0)
		rc = fail(e, "several runs begin with %.64s; type more of it", beginning);
	else
		memcpy(hash, names.name[at], 65);
	store_names_free(&names);
	return rc;
}
