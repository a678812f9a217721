/* source.c: reads scripts for `source`, and tells them from other files: some line begins with a command. */
#include "language/source.h"

#include "language/find.h"
#include "language/words.h"
#include "session/lines.h"
#include "util/reach.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LINES_LOOKED_AT 1000

/* Whether a line's first word is the name of a command. */
static bool
line_has_command(const struct session *s, const char *line)
{
	char name[32];
	size_t n = 0;

	while (word_blank(*line))
		line++;
	while (n + 1 < sizeof name && line[n] != '\0' && line[n] != ';' && !word_blank(line[n])) {
		name[n] = line[n];
		n++;
	}
	name[n] = '\0';
	return n > 0 && cmd_find(s->commands, name, false, NULL) != NULL;
}

/* Whether its name says that a file is a script. */
static bool
path_is_script(const char *path)
{
	static const char end[] = ".thaw";
	size_t n = strlen(path);

	return n >= sizeof end && strcmp(path + n + 1 - sizeof end, end) == 0;
}

/* Whether a path is a file by itself. Whoever may write where a link lies can have put another file in its place. */
static bool
path_is_plain(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1;
}

static bool
path_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

enum source_shown
source_may_show(const struct session *s, const char *path)
{
	return path_is_file(path) && (!s->user.safe || path_is_plain(path)) ? SOURCE_SHOWN : SOURCE_COMMANDS;
}

/* Of one that a script or a person names: it may be any file. Under --safe only what lies in the working directory. */
static enum source_shown
source_within_shown(const struct session *s, const char *path)
{
	enum source_shown shown = SOURCE_COMMANDS;
	struct line_reader r;

	if (s->user.safe && !(path_is_plain(path) && reach_inside(path)))
		return SOURCE_HIDDEN;
	if (!path_is_file(path)) /* a pipe gives its lines but once */
		return shown;
	if (path_is_script(path))
		return SOURCE_SHOWN;
	if (line_open(&r, path) < 0)
		return shown;
	while (shown != SOURCE_SHOWN && r.next < LINES_LOOKED_AT && line_read(&r) >= 0)
		if (line_has_command(s, r.text))
			shown = SOURCE_SHOWN;
	line_close(&r);
	return shown;
}

struct source *
source_within(const struct session *s, const char *path)
{
	struct source *from = source_new(path, source_within_shown(s, path));

	from->init = s->queue.init; /* what an init file sources is a part of it */
	if (s->out->script != NULL) {
		char *place = out_place(s->out);

		free(from->name);
		from->name = xasprintf("%s > %s", place, path);
		free(place);
	}
	return from;
}

int
source_read(struct session *s, const char *path, struct err *e)
{
	struct source *from = source_within(s, path);
	int rc;

	rc = queue_source(&s->queue, from, e);
	for (const struct pending *p = s->queue.first; rc == 0 && from->shown == SOURCE_COMMANDS && p != NULL &&
	    p->source == from; p = p->next)
		if (line_has_command(s, p->line))
			from->shown = SOURCE_SHOWN;
	source_free(from);
	return rc;
}
