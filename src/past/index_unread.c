/* index_unread.c: the files of a store that its index could not read, so that none is passed over in silence. */
#include "past/index_int.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>

int
index_unread_put(struct index *x, const char *hash, bool about, const char *why, struct err *e)
{
	struct sql_query *s = sql_query(x->q, "INSERT OR REPLACE INTO run_unread VALUES (?, ?, ?)", e);
	int rc;

	if (s == NULL)
		return -1;
	sql_text(s, 1, hash);
	sql_int(s, 2, about);
	sql_text(s, 3, why);
	rc = sql_next(s, e);
	sql_done(s);
	return rc;
}

int
index_unread(struct index *x, size_t *n, char **first, struct err *e)
{
	struct sql_query *s = sql_query(x->q, "SELECT id, about, why, (SELECT count(*) FROM main.run_unread) FROM "
	    "main.run_unread ORDER BY about, id LIMIT 1", e);
	int rc = s != NULL ? sql_next(s, e) : -1;

	*n = 0;
	*first = NULL;
	if (rc > 0) {
		*n = (size_t)sql_column_int(s, 3);
		*first = index_unread_name(sql_column(s, 0), sql_column_int(s, 1) != 0, sql_column(s, 2));
	}
	sql_done(s);
	return rc < 0 ? -1 : 0;
}

char *
index_unread_name(const char *hash, bool about, const char *why)
{
	return xasprintf("runs%s/%.12s*.json: %s", about ? ".about" : "", hash, why);
}
