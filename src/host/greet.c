/* greet.c: what an interactive host does first: the commands of the site and of the user, and a word about work that an
 * earlier session left.
 */
#include "host/host.h"

#include "file/autosave.h"
#include "language/source.h"
#include "script/exec.h"
#include "script/say.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs the commands of a file, if it is there. An error in it ends neither the session nor what comes behind it, in the
 * file itself neither, unless that says `bail on`. */
static void
greet_source(struct session *s, const char *path)
{
	struct err e = {0};
	struct source *from;
	struct stat st;

	/* a pipe would hold up the start */
	if (s->queue.quit || path == NULL || stat(path, &st) < 0 || S_ISFIFO(st.st_mode))
		return;
	from = source_within(s, path);
	from->init = true;
	if (!S_ISREG(st.st_mode))
		say_error(s, 1, NULL, 0, "%s is no file of commands; move it away, or start by `thaw --no-init`", path);
	else if (access(path, R_OK) < 0)
		say_error(s, 1, NULL, 0, "%s: %s; make it readable for all who run thaw, or start by `thaw --no-init`",
		    path, strerror(errno));
	else if (queue_append(&s->queue, from, &e) < 0) /* behind what waits of the one before for a run */
		say_error(s, 1, NULL, 0, "%s", e.text);
	else
		session_exec(s, "");
	source_free(from);
	s->queue.status = 0; /* the person's own commands decide about it */
	s->queue.stopped = false;
}

/* Says that nothing can be kept in the person's folder, before there is anything to lose. */
static void
greet_folder(struct session *s, const char *state)
{
	char *lacks = path_lacks(state);
	bool made = lacks == NULL;
	bool own = s->store.dir != NULL && strncmp(state, s->store.dir, strlen(s->store.dir)) == 0 &&
	    strchr("/", state[strlen(s->store.dir)]) != NULL; /* it, or below it */

	if (!made || access(state, W_OK | X_OK) < 0) {
		out_warn(s->out, "%s cannot be %s: %s: the lines typed are not kept%s, and a session that ends unsaved "
		    "is lost; name another folder by XDG_STATE_HOME", made ? state : lacks, made ? "written to" :
		    "made", strerror(errno), own ? ", no run is" : "");
		s->store.told |= own;
	}
	free(lacks);
}

void
host_greet(struct session *s)
{
	int others;
	bool interactive = s->user.interactive, init = s->user.greet && s->user.init && !s->user.safe;
	char *site = init ? path_site() : NULL, *own = init ? path_config("init") : NULL, *saved,
	    *state = path_state("", false);

	s->user.interactive |= s->user.greet; /* also before what the command line names, which is a batch */
	saved = s->user.greet ? autosave_offer(s, &others) : NULL;

	if (s->user.greet && !s->user.safe && state == NULL)
		out_warn(s->out, PATH_NO_STATE ": %sa session that ends unsaved is lost; set one of them%s",
		    s->store.dir == NULL ? "no run is kept, and " : "", s->store.dir == NULL ? ", or name a store by "
		    "--project DIR" : "");
	else if (s->user.greet && !s->user.safe)
		greet_folder(s, state);
	free(state);
	s->user.greet = false;
	greet_source(s, site);
	greet_source(s, own);
	free(site);
	free(own);
	if (saved != NULL)
		out_note(s->out, "an earlier session ended unsaved and kept its work: `load autosave` brings it back");
	if (saved != NULL && others > 0)
		out_note(s->out, "it is %s; %d more %s beside it", saved, others, others == 1 ? "lies" : "lie");
	free(saved);
	s->user.interactive = interactive;
}
