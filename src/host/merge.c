/* merge.c: `thaw merge DIR... --project DIR`: several stores in one. */
#include "host/host.h"

#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* "2 new runs, 1 there already" */
static void
merge_say(struct out *o, const char *dir, const struct store_merged *m)
{
	char new[32], there[32];
	size_t all = m->records + m->there;

	text_count(new, m->records);
	text_count(there, m->there);
	if (all == 0)
		out_text(o, "%s: no runs", dir);
	else if (m->records == 0)
		out_text(o, m->there == 1 ? "%s: %s run, there already" : "%s: %s runs, all there already", dir, there);
	else if (m->there == 0)
		out_text(o, "%s: %s new run%s", dir, new, m->records == 1 ? "" : "s");
	else
		out_text(o, "%s: %s new run%s, %s there already", dir, new, m->records == 1 ? "" : "s", there);
	if (m->notes > 0)
		out_note(o, "%s run%s of %s had %s; the latest is kept", text_count(new, m->notes),
		    m->notes == 1 ? "" : "s", dir, m->notes == 1 ? "another note" : "other notes");
}

int
host_merge(struct session *s, const struct host_source *source, int n)
{
	struct store_merged merged;
	int status = 0;

	if (s->store.dir == NULL || n == 0) {
		fputs("thaw: error: merge takes the folders that hold runs and the one that gets them: `thaw merge "
		    "DIR... --project DIR`\n", stderr);
		return 2;
	}
	for (int i = 0; i < n && signals_pending() == 0; i++) {
		char *runs = xasprintf("%s/runs", source[i].text);
		struct err e = {0};
		struct stat st;
		int rc;

		if ((rc = stat(runs, &st)) < 0 && errno != ENOENT && errno != ENOTDIR)
			fail(&e, "%s cannot be read: %s; change its permissions, or name another folder", runs,
			    strerror(errno));
		else if (rc < 0 || !S_ISDIR(st.st_mode))
			rc = fail(&e, "%s holds no runs; name a folder that was a --project, or %s of a person",
			    source[i].text, "~/.local/state/thaw");
		else if ((rc = store_merge(&s->store, source[i].text, &merged, &e)) == 0)
			merge_say(s->out, source[i].text, &merged);
		if (rc < 0) {
			out_error(s->out, "merge", e.text);
			status = 1;
		}
		free(runs);
	}
	return status;
}
