/* index.c: the index of a store: a table of facts, brought up to date by comparing names. */
#include "past/index_int.h"

#include "util/out.h"
#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 500 /* records in a transaction */

/* ---- the table ---- */

static char *
index_table(const char *name)
{
	struct str b = {0};

	str_add(&b, "CREATE TABLE IF NOT EXISTS %s (id TEXT PRIMARY KEY, about TEXT", name);
	for (const struct index_fact *f = index_facts; f->name != NULL; f++)
		str_add(&b, ", \"%s\" %s", f->name, f->kind == INDEX_TEXT ? "TEXT" : f->kind == INDEX_INT ?
		    "INTEGER" : "REAL");
	str_add(&b, ") WITHOUT ROWID; CREATE TABLE IF NOT EXISTS %s_head (id TEXT PRIMARY KEY, head TEXT)", name);
	if (strcmp(name, "run") == 0) /* what the folders were when they were last read */
		str_add(&b, "; CREATE TABLE IF NOT EXISTS run_stamp (stamp TEXT); "
		    "CREATE TABLE IF NOT EXISTS run_unread (id TEXT PRIMARY KEY, about INTEGER, why TEXT)");
	return b.s;
}

/* A number that another list of facts does not have; the first one tells what they mean. */
static int32_t
index_layout(const char *table)
{
	uint32_t sum = 0x811c9dc6u;

	for (; *table != '\0'; table++)
		sum = (sum ^ (unsigned char)*table) * 0x01000193u;
	return (int32_t)(sum & 0x7fffffff);
}

/* Makes the tables; those of another layout go. */
static int
index_begin(struct index *x, struct err *e)
{
	char *main = index_table("run"), *here = index_table("temp.here"), *text;
	int32_t layout = index_layout(main);
	struct sql_query *s = sql_query(x->q, "PRAGMA user_version", e);
	int rc = s != NULL && sql_next(s, e) > 0 ? 0 : -1;

	if (rc == 0 && sql_column_int(s, 0) != layout) {
		sql_done(s);
		s = NULL;
		text = xasprintf("BEGIN IMMEDIATE; DROP TABLE IF EXISTS run; DROP TABLE IF EXISTS run_head; "
		    "DROP TABLE IF EXISTS run_stamp; DROP TABLE IF EXISTS run_unread; %s; "
		    "PRAGMA user_version=%d; COMMIT", main, layout);
		rc = sql_do(x->q, text, e);
		free(text);
	}
	sql_done(s);
	if (rc == 0)
		rc = sql_do(x->q, here, e);
	free(main);
	free(here);
	return rc;
}

/* ---- bringing it up to date ---- */

static void
index_bind(struct sql_query *s, int at, const struct index_fact *f, const json_t *v)
{
	const char *text = json_string_value(v);

	if (f->kind == INDEX_TEXT)
		sql_text(s, at, text);
	else if (f->kind == INDEX_INT && (json_is_integer(v) || text != NULL)) /* beyond 2^53 it is text */
		sql_int(s, at, text != NULL ? strtoll(text, NULL, 10) : json_integer_value(v));
	else
		sql_real(s, at, json_is_number(v) ? json_number_value(v) : NAN);
}

/* " good final ", so that one of them is found. */
static char *
index_tags(const json_t *about)
{
	struct str b = {0};
	const json_t *tag;
	size_t i;

	str_add(&b, " ");
	json_array_foreach(json_object_get(about, "tags"), i, tag)
		if (json_is_string(tag))
			str_add(&b, "%s ", json_string_value(tag));
	return b.s;
}

static int
index_put(struct index *x, const char *table, const char *id, const char *about_id, const json_t *head,
    const json_t *about, struct err *e)
{
	struct str b = {0};
	struct sql_query *s;
	const json_t *facts = json_object_get(head, "facts"); /* where it has other words for the index */
	char *tags = index_tags(about), *text;
	int at = 3, rc = -1;

	str_add(&b, "INSERT OR REPLACE INTO %s VALUES (?, ?", table);
	for (const struct index_fact *f = index_facts; f->name != NULL; f++)
		str_add(&b, ", ?");
	str_add(&b, ")");
	if ((s = sql_query(x->q, b.s, e)) != NULL) {
		sql_text(s, 1, id);
		sql_text(s, 2, about_id);
		for (const struct index_fact *f = index_facts; f->name != NULL; f++, at++) {
			if (strcmp(f->name, "tags") == 0)
				sql_text(s, at, tags);
			else
				index_bind(s, at, f, json_object_get(json_object_get(about, f->name) != NULL ? about :
				    json_object_get(facts, f->name) != NULL ? facts : head, f->name));
		}
		rc = sql_next(s, e);
	}
	sql_done(s);
	free(b.s);
	free(tags);
	if (rc < 0)
		return -1;
	text = xasprintf("INSERT OR REPLACE INTO %s_head VALUES (?, ?)", table);
	s = sql_query(x->q, text, e);
	free(text);
	rc = -1;
	if (s != NULL) {
		char *line = out_json_text(head);

		sql_text(s, 1, id);
		sql_text(s, 2, line);
		rc = sql_next(s, e);
		sql_done(s);
		free(line);
	}
	return rc;
}

/* What of STORE_ABOUT belongs to a record, as a text that another file changes; *from: the first name that may. */
static char *
index_about(const struct store_names *about, const char *hash, size_t *from)
{
	struct str b = {0};
	size_t i = *from;

	str_addn(&b, "", 0);
	while (i < about->n && strncmp(about->name[i], hash, 64) < 0)
		i++;
	for (*from = i; i < about->n && strncmp(about->name[i], hash, 64) == 0; i++)
		str_addn(&b, about->name[i] + 65, 16);
	return b.s;
}

/* What cannot be read as a record is not there for whoever asks, and is noted. */
static int
index_take(struct index *x, const struct store_names *about, const char *hash, struct err *e)
{
	struct err why = {0}, beside = {0};
	size_t from = store_first(about, hash);
	char *text = store_look(x->st, hash, &why), *about_id = index_about(about, hash, &from);
	json_t *head = text != NULL ? x->head(text, &why) : NULL, *said = store_about(x->st, about, hash, &beside);
	int rc = head != NULL ? index_put(x, "run", hash, about_id, head, said, e) : 0;

	if (rc == 0 && (why.text[0] != '\0' || beside.text[0] != '\0'))
		rc = index_unread_put(x, hash, why.text[0] == '\0', why.text[0] != '\0' ? why.text : beside.text, e);
	json_decref(head);
	json_decref(said);
	free(text);
	free(about_id);
	return rc;
}

static int
index_drop(struct index *x, const char *hash, struct err *e)
{
	char *text = xasprintf("DELETE FROM run WHERE id='%s'; DELETE FROM run_head WHERE id='%s'", hash, hash);
	int rc = sql_do(x->q, text, e);

	free(text);
	return rc;
}

/* The names that are new or changed go to the front of `runs`, with their number in *changed; the hashes of those that
 * have gone into `gone`. */
static int
index_compare(struct index *x, struct store_names *runs, const struct store_names *about, struct str *gone,
    size_t *changed, struct err *e)
{
	struct sql_query *s = sql_query(x->q, "SELECT id, about FROM run ORDER BY id", e);
	size_t i = 0, from = 0;
	int rc = s != NULL ? 1 : -1;

	*changed = 0;
	while (rc > 0 && (rc = sql_next(s, e)) > 0) {
		const char *id = sql_column(s, 0);
		char *said, *t;
		int order = -1;

		while (i < runs->n && (order = strcmp(runs->name[i], id)) < 0) {
			t = runs->name[*changed];
			runs->name[(*changed)++] = runs->name[i];
			runs->name[i++] = t;
		}
		if (i == runs->n || order != 0) {
			str_add(gone, "%.64s", id);
			continue;
		}
		said = index_about(about, id, &from);
		if (strcmp(said, sql_column(s, 1)) != 0) {
			t = runs->name[*changed];
			runs->name[(*changed)++] = runs->name[i];
			runs->name[i] = t;
		}
		free(said);
		i++;
	}
	for (; rc == 0 && i < runs->n; i++) {
		char *t = runs->name[*changed];

		runs->name[(*changed)++] = runs->name[i];
		runs->name[i] = t;
	}
	sql_done(s);
	return rc;
}

/* Whether the folders are as they were when this index last read them. -1 with a sentence. */
static int
index_stands(struct index *x, const char *stamp, struct err *e)
{
	struct sql_query *s = stamp != NULL ? sql_query(x->q, "SELECT stamp FROM run_stamp", e) : NULL;
	int rc = s != NULL ? sql_next(s, e) : stamp != NULL ? -1 : 0;

	if (rc > 0)
		rc = strcmp(sql_column(s, 0), stamp) == 0;
	sql_done(s);
	return rc;
}

static int
index_stamp(struct index *x, const char *stamp, struct err *e)
{
	struct sql_query *s;
	int rc = sql_do(x->q, "DELETE FROM run_stamp", e);

	if (rc < 0 || stamp == NULL || (s = sql_query(x->q, "INSERT INTO run_stamp VALUES (?)", e)) == NULL)
		return rc;
	sql_text(s, 1, stamp);
	rc = sql_next(s, e);
	sql_done(s);
	return rc;
}

static int
index_read(struct index *x, const char *stamp, struct err *e)
{
	struct store_names runs = {0}, about = {0};
	struct str gone = {0};
	size_t changed = 0;
	int rc = store_list(x->st, STORE_RUNS, &runs, e);

	if (rc == 0)
		rc = store_list(x->st, STORE_ABOUT, &about, e);
	if (rc == 0) /* what could not be read is tried again */
		rc = sql_do(x->q, "UPDATE run SET about='' WHERE id IN (SELECT id FROM run_unread); "
		    "DELETE FROM run_unread", e);
	if (rc == 0)
		rc = index_compare(x, &runs, &about, &gone, &changed, e);
	for (size_t i = 0; rc == 0 && i < changed; i++) {
		if (i % AT_ONCE == 0)
			rc = sql_do(x->q, i == 0 ? "BEGIN IMMEDIATE" : "COMMIT; BEGIN IMMEDIATE", e);
		if (rc == 0)
			rc = index_take(x, &about, runs.name[i], e);
	}
	if (rc == 0 && changed > 0)
		rc = sql_do(x->q, "COMMIT", e);
	for (size_t i = 0; rc == 0 && i + 64 <= gone.n; i += 64) {
		char *hash = xstrndup(gone.s + i, 64);

		rc = index_drop(x, hash, e);
		free(hash);
	}
	free(gone.s);
	store_names_free(&runs);
	store_names_free(&about);
	return rc == 0 ? index_stamp(x, stamp, e) : rc;
}

static int
index_update(struct index *x, struct err *e)
{
	char *stamp = store_stamp(x->st); /* before the folders are read: what comes meanwhile changes it */
	int rc = index_stands(x, stamp, e);

	if (rc == 0)
		rc = index_read(x, stamp, e);
	free(stamp);
	return rc < 0 ? -1 : 0;
}

static struct index *
index_try(const struct store *st, const char *path, json_t *(*head)(const char *text, struct err *why), struct err *e)
{
	struct index *x = xcalloc(1, sizeof *x);

	x->st = st;
	x->head = head;
	if ((x->q = sql_open(path, e)) != NULL && index_ask_begin(x, e) == 0 && index_begin(x, e) == 0 &&
	    (st->dir == NULL || index_update(x, e) == 0))
		return x;
	index_close(x);
	return NULL;
}

struct index *
index_open(const struct store *st, json_t *(*head)(const char *text, struct err *why), struct err *e)
{
	char *path = st->dir != NULL && !reach_confined() ? store_path(st, "runs.db") : NULL;
	struct index *x = path != NULL ? index_try(st, path, head, e) : NULL;

	free(path);
	if (x == NULL) { /* the folder cannot be written, another process has it for long, or there is none */
		*e = (struct err){0};
		x = index_try(st, NULL, head, e);
	}
	return x;
}

void
index_close(struct index *x)
{
	if (x == NULL)
		return;
	sql_close(x->q);
	free(x);
}

int
index_add(struct index *x, const char *id, const json_t *head, const json_t *about, struct err *e)
{
	return index_put(x, "here", id, "", head, about, e);
}
