/* index_sqlite.c: the calls of SQLite; the only file that includes it.
 *
 * It is loaded when runs are looked up first: most sessions never do, and it would make each start longer.
 */
#include "past/index_sqlite.h"

#include "util/reach.h"
#include "util/shared.h"
#include "util/xmalloc.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
#define LIBRARY "libsqlite3.dylib"
#else
#define LIBRARY "libsqlite3.so.0"
#endif

#define PATIENCE 3000 /* milliseconds that another process may write */

/* What is called of it, without "sqlite3_" before the names. */
#define SQL_CALLS(F) \
	F(bind_double) F(bind_int64) F(bind_null) F(bind_text) F(busy_timeout) F(close) F(column_double) \
	F(column_int64) F(column_text) F(column_type) F(create_function) \
	F(errmsg) F(exec) F(extended_errcode) F(finalize) F(open_v2) \
	F(prepare_v2) F(reset) F(result_int) F(step) F(user_data) F(value_text)

static struct {
#define MEMBER(name) __typeof__(sqlite3_##name) *name;
	SQL_CALLS(MEMBER)
	bool there;
	char why[256]; /* it is not */
} lite;
static pthread_once_t lite_once = PTHREAD_ONCE_INIT;

struct sql {
	sqlite3 *db;
};

struct sql_query {
	struct sql *of;
	sqlite3_stmt *st;
};

static void
lite_load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} call[] = {
#define CALL(name) {"sqlite3_" #name, offsetof(__typeof__(lite), name)},
		SQL_CALLS(CALL)
	};
	void *lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *p;

	for (size_t i = 0; lib != NULL && i < sizeof call / sizeof *call; i++) {
		if ((p = dlsym(lib, call[i].name)) == NULL)
			lib = NULL;
		else
			memcpy((char *)&lite + call[i].at, &p, sizeof p);
	}
	lite.there = lib != NULL;
	if (!lite.there) {
		const char *why = dlerror();

		snprintf(lite.why, sizeof lite.why, "there is no SQLite to look up runs with (%.120s); %s", why,
		    reach_library(why, "install the package libsqlite3-0"));
	}
}

static int
sql_failed(struct sql *q, struct err *e)
{
	return fail(e, "the index of the runs: %s; remove it, and it is made again", lite.errmsg(q->db));
}

/* Opens it and looks into it: a file that is none is only noticed then. The result code. */
static int
sql_try(struct sql *q, const char *path)
{
	int rc;

	if (path != NULL) /* SQLite goes by the umask, and gives its journal the permissions of the file */
		shared_file(path);
	rc = lite.open_v2(path != NULL ? path : ":memory:", &q->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return rc;
	lite.busy_timeout(q->db, PATIENCE);
	/* what a cut of the power leaves is noticed, and made again */
	rc = lite.exec(q->db, "PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA user_version; "
	    "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
	return rc;
}

struct sql *
sql_open(const char *path, struct err *e)
{
	struct sql *q;
	int rc = SQLITE_NOTADB;

	pthread_once(&lite_once, lite_load);
	if (!lite.there) {
		fail(e, "%s", lite.why);
		return NULL;
	}
	q = xcalloc(1, sizeof *q);
	for (int i = 0; i < 2 && (rc == SQLITE_NOTADB || rc == SQLITE_CORRUPT); i++) {
		if (q->db != NULL)
			lite.close(q->db);
		q->db = NULL;
		if (i > 0 && path != NULL)
			unlink(path);
		rc = sql_try(q, path) & 0xff;
	}
	if (rc == SQLITE_OK)
		return q;
	sql_failed(q, e);
	sql_close(q);
	return NULL;
}

void
sql_close(struct sql *q)
{
	if (q == NULL)
		return;
	lite.close(q->db);
	free(q);
}

int
sql_do(struct sql *q, const char *text, struct err *e)
{
	return lite.exec(q->db, text, NULL, NULL, NULL) == SQLITE_OK ? 0 : sql_failed(q, e);
}

/* Texts that are null are "". */
static void
sql_called(sqlite3_context *c, int n, sqlite3_value **value)
{
	const struct sql_test *t = lite.user_data(c);
	const char *text[SQL_TEXTS_MAX];

	for (int i = 0; i < n && i < SQL_TEXTS_MAX; i++)
		if ((text[i] = (const char *)lite.value_text(value[i])) == NULL)
			text[i] = "";
	lite.result_int(c, t->holds(text));
}

int
sql_know(struct sql *q, const struct sql_test *t, struct err *e)
{
	return lite.create_function(q->db, t->name, t->texts, SQLITE_UTF8, (void *)(uintptr_t)t, sql_called, NULL,
	    NULL) == SQLITE_OK ? 0 : sql_failed(q, e);
}

struct sql_query *
sql_query(struct sql *q, const char *text, struct err *e)
{
	struct sql_query *s = xcalloc(1, sizeof *s);

	s->of = q;
	if (lite.prepare_v2(q->db, text, -1, &s->st, NULL) == SQLITE_OK)
		return s;
	sql_failed(q, e);
	free(s);
	return NULL;
}

void
sql_text(struct sql_query *s, int at, const char *text)
{
	if (text != NULL)
		lite.bind_text(s->st, at, text, -1, SQLITE_TRANSIENT);
	else
		lite.bind_null(s->st, at);
}

void
sql_int(struct sql_query *s, int at, int64_t v)
{
	lite.bind_int64(s->st, at, v);
}

void
sql_real(struct sql_query *s, int at, double v)
{
	if (isnan(v))
		lite.bind_null(s->st, at);
	else
		lite.bind_double(s->st, at, v);
}

int
sql_next(struct sql_query *s, struct err *e)
{
	int rc = lite.step(s->st);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		sql_failed(s->of, e);
	lite.reset(s->st);
	return rc == SQLITE_DONE ? 0 : -1;
}

const char *
sql_column(struct sql_query *s, int at)
{
	const char *text = (const char *)lite.column_text(s->st, at);

	return text != NULL ? text : "";
}

int64_t
sql_column_int(struct sql_query *s, int at)
{
	return lite.column_int64(s->st, at);
}

double
sql_column_real(struct sql_query *s, int at)
{
	return lite.column_type(s->st, at) == SQLITE_NULL ? NAN : lite.column_double(s->st, at);
}

void
sql_done(struct sql_query *s)
{
	if (s == NULL)
		return;
	lite.finalize(s->st);
	free(s);
}
