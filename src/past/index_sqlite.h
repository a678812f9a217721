/* index_sqlite.h: SQLite, as far as the index needs it: statements with values, errors as sentences. */
#ifndef INDEX_SQLITE_H
#define INDEX_SQLITE_H

#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql;
struct sql_query;

/* A file, or one in memory (path NULL). A damaged file is removed and made anew. NULL with a sentence. */
struct sql *sql_open(const char *path, struct err *e);
void sql_close(struct sql *q);
int sql_do(struct sql *q, const char *text, struct err *e);

#define SQL_TEXTS_MAX 4

/* A condition of so many texts that statements may call by its name. */
struct sql_test {
	const char *name;
	int texts;
	bool (*holds)(const char *const *text);
};
int sql_know(struct sql *q, const struct sql_test *t, struct err *e); /* the test lasts as long as q */

struct sql_query *sql_query(struct sql *q, const char *text, struct err *e);
void sql_text(struct sql_query *s, int at, const char *text); /* values from 1 on; NULL: null */
void sql_int(struct sql_query *s, int at, int64_t v);
void sql_real(struct sql_query *s, int at, double v); /* NAN: null */
int sql_next(struct sql_query *s, struct err *e); /* 1: a row; 0: the end, from which it can begin again; -1 */
const char *sql_column(struct sql_query *s, int at); /* from 0 on; borrowed until the next row; "" for null */
int64_t sql_column_int(struct sql_query *s, int at);
double sql_column_real(struct sql_query *s, int at); /* NAN for null */
void sql_done(struct sql_query *s); /* NULL is fine */

#endif
