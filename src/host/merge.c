/* merge.c: `thaw merge DIR... --project DIR`: several stores in one. */
#include "host/host.h"

#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <sys/stat.h>

int
host_merge(struct session *s, const struct host_source *source, int n)
{
	char count[32];
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
		long records;

		if (stat(runs, &st) < 0 || !S_ISDIR(st.st_mode)) {
			fail(&e, "%s holds no runs; name a folder that was a --project, or %s of a person",
			    source[i].text, "~/.local/state/thaw");
			records = -1;
		} else if ((records = store_merge(&s->store, source[i].text, &e)) >= 0)
			out_text(s->out, "%s: %s new run%s", source[i].text, text_count(count,
			    (unsigned long long)records), records == 1 ? "" : "s");
		if (records < 0) {
			out_error(s->out, "merge", e.text);
			status = 1;
		}
		free(runs);
	}
	return status;
}
