/* autosave.c: the work of sessions that ended unsaved: where it is kept, and how it comes back. */
#include "file/autosave.h"

#include "file/format.h"
#include "job/job_int.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST 8 /* then the oldest makes room */
#define SHARE 20 /* between epochs, writing takes that part of the time at most */

/* The path of an autosave: mark is "" for the first, "-2" for the second. NULL: there is no place, as under --safe. */
static char *
autosave_path(const struct user *u, const char *mark, bool make)
{
	char *name, *path;

	if (u->safe)
		return NULL;
	name = xasprintf("autosave%s.safetensors", mark);
	path = u->interactive ? path_state(name, make) : xasprintf("./thaw-%s", name);
	free(name);
	return path;
}

static char *
autosave_at(const struct user *u, int i, bool make)
{
	char mark[16] = "";

	if (i > 0)
		snprintf(mark, sizeof mark, "-%d", i + 1);
	return autosave_path(u, mark, make);
}

/* Opens the file and locks it: LOCK_EX to hold it, LOCK_SH to look whether somebody does. -1: it is not there, or
 * another session holds it. */
static int
autosave_lock(const char *path, int how, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	struct stat now;

	if (fd >= 0 && (flock(fd, how | LOCK_NB) < 0 || fstat(fd, st) < 0 || !S_ISREG(st->st_mode) ||
	    stat(path, &now) < 0 || now.st_ino != st->st_ino)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Whether a is the time of b, or behind it. Sessions that are ended together differ by less than a second. */
static bool
autosave_since(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec >= b.tv_nsec);
}

/* The newest, or the oldest, that nobody holds. */
static char *
autosave_pick(const struct user *u, bool newest, int *count)
{
	char *best = NULL, *path;
	struct stat st;
	struct timespec of_best = {0};
	int fd;

	*count = 0;
	for (int i = 0; i < MOST; i++) {
		fd = (path = autosave_at(u, i, false)) != NULL ? autosave_lock(path, LOCK_SH, &st) : -1;
		if (fd >= 0) {
			close(fd);
			++*count;
			if (best == NULL || autosave_since(st.st_mtim, of_best) == newest) {
				free(best);
				best = path;
				of_best = st.st_mtim;
				continue;
			}
		}
		free(path);
	}
	return best;
}

char *
autosave_newest(const struct session *s, int *others)
{
	char *path = autosave_pick(&s->user, true, others);

	*others -= path != NULL;
	return path;
}

char *
autosave_elsewhere(const struct session *s)
{
	struct user other = {.interactive = !s->user.interactive, .safe = s->user.safe};
	int count;

	return autosave_pick(&other, true, &count);
}

char *
autosave_claim(const struct session *s, int *fd)
{
	char *path;
	struct stat st;
	int others;

	/* Another may claim it at the same time, or look: then the next is the newest, or this one again. */
	for (int i = 0; i < 100 && (path = autosave_newest(s, &others)) != NULL; i++) {
		if ((*fd = autosave_lock(path, LOCK_EX, &st)) >= 0)
			return path;
		free(path);
		poll(NULL, 0, 1);
	}
	return NULL;
}

/* A person is told once of what an earlier session left: `autosave.told` has the time of the newest that was told. */
char *
autosave_offer(const struct session *s, int *others)
{
	char *path = autosave_newest(s, others), *told = path != NULL ? path_state("autosave.told", true) : NULL;
	struct stat newest, last;
	bool known = told == NULL || stat(path, &newest) < 0 || (lstat(told, &last) == 0 &&
	    autosave_since(last.st_mtim, newest.st_mtim));
	int fd = known ? -1 : open(told, O_WRONLY | O_CREAT | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0) {
		futimens(fd, (struct timespec[]){newest.st_mtim, newest.st_mtim});
		close(fd);
	}
	free(told);
	if (!known)
		return path;
	free(path);
	return NULL;
}

/* Whether its name still means what is held, and no file that was saved there by name. */
static bool
autosave_there(const struct user *u)
{
	struct stat held, now;

	return u->autosave != NULL && fstat(u->autosave_fd, &held) == 0 && lstat(u->autosave, &now) == 0 &&
	    held.st_ino == now.st_ino && held.st_dev == now.st_dev;
}

/* Its own work goes with it, which is not what a session has left. */
static void
autosave_release(struct user *u)
{
	if (u->autosave_own && autosave_there(u))
		unlink(u->autosave);
	if (u->autosave != NULL)
		close(u->autosave_fd);
	free(u->autosave);
	u->autosave = NULL;
	u->autosave_own = u->autosave_left = false;
	u->autosave_of[0] = '\0';
}

/* It is not offered again, and lies beside the others until the next does. */
static void
autosave_aside(struct session *s)
{
	char *aside = autosave_there(&s->user) ? autosave_path(&s->user, "-loaded", false) : NULL;

	if (aside != NULL)
		rename(s->user.autosave, aside);
	free(aside);
	autosave_release(&s->user);
}

/* Its own work lies in path, which fd locks; takes both over. */
static void
autosave_lies(struct session *s, char *path, int fd)
{
	struct user *u = &s->user;

	u->autosave_own |= u->autosave == NULL;
	if (u->autosave != NULL)
		close(u->autosave_fd);
	free(u->autosave);
	u->autosave = path;
	u->autosave_fd = fd;
}

void
autosave_warn(struct session *s, const char *why)
{
	if (!s->user.guard.said)
		out_warn(s->out, s->worker.job != NULL ? "%s; training goes on, and a kill would lose it" :
		    "%s; a kill would lose the session", why);
	s->user.guard.said = true;
}

bool
autosave_await(struct session *s, int milliseconds)
{
	struct user_guard *g = &s->user.guard;
	char how[128];
	const char *died;

	if (g->process.pid == 0)
		return true;
	while (process_wait(&g->process, 1, milliseconds < 0 ? 1000 : milliseconds) < 0) {
		if (milliseconds >= 0)
			return false;
		kill(g->process.pid, SIGCONT); /* somebody may have stopped it */
	}
	died = process_died(&g->process, how, sizeof how);
	g->due = g->began + SHARE * (job_now() - g->began);
	if (died == NULL && g->process.answer.n == 0) {
		autosave_lies(s, g->path, g->fd);
		memcpy(s->user.autosave_of, g->of, sizeof g->of);
	} else {
		if (milliseconds < 0)
			; /* whoever waits for its end saves the session now, has saved it, or says why not */
		else if (died != NULL)
			autosave_warn(s, "the process that saves the session has died");
		else if (s->user.autosave != NULL || access(g->path, F_OK) < 0) /* else another took the name */
			autosave_warn(s, g->process.answer.s);
		free(g->path);
		close(g->fd);
	}
	free(g->process.answer.s);
	g->process.answer = (struct str){0};
	g->path = NULL;
	return true;
}

void
autosave_hold(struct session *s, const char *path, int fd)
{
	autosave_release(&s->user);
	s->user.autosave = xstrdup(path);
	s->user.autosave_fd = fd;
}

void
autosave_loaded(struct session *s, const char *path)
{
	struct stat st, own;
	bool found = false;

	s->user.autosave_left = true;
	for (int i = 0; i < MOST && !found && stat(path, &st) == 0; i++) {
		char *at = autosave_at(&s->user, i, false);

		found = at != NULL && stat(at, &own) == 0 && own.st_ino == st.st_ino && own.st_dev == st.st_dev;
		if (found && (s->user.autosave == NULL || strcmp(s->user.autosave, at) != 0)) {
			int fd = autosave_lock(at, LOCK_EX, &own);

			if (fd >= 0)
				autosave_hold(s, at, fd);
		} else if (found)
			s->user.autosave_left = false;
		free(at);
	}
}

/* Where the file cannot be written since there is no folder for it, that is said. */
void
autosave_why(const struct session *s, const char *path, struct err *e)
{
	char *folder = s->user.interactive ? path_lacks(path) : NULL;

	if (folder != NULL)
		fail(e, "the session is not saved: %s cannot be made: %s; name another folder by XDG_STATE_HOME",
		    folder, strerror(errno));
	free(folder);
}

char *
autosave_place(const struct session *s, bool *fresh, struct err *e)
{
	char *path;
	int count;

	*fresh = false;
	if (s->user.autosave != NULL)
		return xstrdup(s->user.autosave);
	for (int i = 0; i < MOST; i++) {
		if ((path = autosave_at(&s->user, i, i == 0)) == NULL) {
			if (!s->user.safe)
				fail(e, "the session is not saved: " PATH_NO_STATE "; set one of them");
			return NULL;
		}
		if (access(path, F_OK) < 0) {
			*fresh = true;
			return path;
		}
		free(path);
	}
	if ((path = autosave_pick(&s->user, false, &count)) == NULL)
		fail(e, "the session is not saved: other sessions have all %d places; end one of them", MOST);
	return path;
}

/* Whether its own work is kept already, as it was behind the last run. */
static bool
autosave_holds(const struct session *s)
{
	return s->runs.n > 0 && s->user.autosave_of[0] != '\0' &&
	    strcmp(s->user.autosave_of, runs_last(&s->runs)->sha256) == 0 && autosave_there(&s->user);
}

static char *
autosave_written(struct session *s, struct err *e)
{
	char *path = NULL, *oldest;
	int count;

	if (s->user.autosave != NULL)
		path = xstrdup(s->user.autosave);
	if (path != NULL && file_save(s, path, NULL, 0, e) >= 0)
		return path;
	/* A name that another session takes first is left to it. */
	for (int i = 0; i < MOST; i++) {
		free(path);
		if ((path = autosave_at(&s->user, i, i == 0)) == NULL) {
			if (!s->user.safe)
				fail(e, "the session is not saved: " PATH_NO_STATE "; set one of them");
			return NULL;
		}
		if (access(path, F_OK) == 0)
			continue;
		e->text[0] = '\0';
		if (file_save(s, path, NULL, FILE_KEEP, e) >= 0)
			return path;
		if (access(path, F_OK) < 0) {
			autosave_why(s, path, e);
			free(path);
			return NULL;
		}
	}
	if ((oldest = autosave_pick(&s->user, false, &count)) == NULL)
		fail(e, "the session is not saved: %s and all before it are taken; remove one of them", path);
	else if (file_save(s, oldest, NULL, 0, e) < 0) {
		free(oldest);
		oldest = NULL;
	} else
		e->text[0] = '\0';
	free(path);
	return oldest;
}

char *
autosave_write(struct session *s, struct err *e)
{
	char *path;

	autosave_await(s, -1);
	path = autosave_written(s, e);
	if (path == NULL && autosave_holds(s)) { /* there is no room for a second one, as on a full disk */
		path = xstrdup(s->user.autosave);
		runs_keep(&s->runs);
	}
	return path;
}

void
autosave_saved(struct session *s, bool whole)
{
	autosave_await(s, -1);
	if (s->user.autosave_own)
		autosave_release(&s->user);
	else if (whole && !s->user.autosave_left)
		autosave_aside(s);
}

void
autosave_done(struct session *s)
{
	autosave_saved(s, false);
	if (s->user.interactive)
		autosave_aside(s);
	else
		autosave_release(&s->user);
}
