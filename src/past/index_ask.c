/* index_ask.c: questions to the index of a store. */
#include "past/index_int.h"

#include "past/layered.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the texts model, input, frozen, and a word for layers: that of the model of each run. */
static bool
index_froze(const char *const *text)
{
	struct nn_shape in = {.rank = 3};

	sscanf(text[1], "%dx%dx%d", &in.dim[0], &in.dim[1], &in.dim[2]); /* as record.c has written it, or "" */
	return run_froze_by(text[0], in, text[2], text[3]);
}

int
index_ask_begin(struct index *x, struct err *e)
{
	static const struct sql_test froze = {"froze", 4, index_froze};

	return sql_know(x->q, &froze, e);
}

/* The parameters have numbers, since the text stands twice in a question. */
static char *
index_where(const struct index_query *q)
{
	struct str b = {0};

	str_add(&b, " WHERE 1");
	for (int i = 0; i < q->nwant; i++) {
		const struct index_want *w = &q->want[i];
		bool pattern = w->op == '=' && w->fact->kind == INDEX_TEXT && (strpbrk(w->value, "*?") != NULL ||
		    strcmp(w->fact->name, "tags") == 0);

		if (w->op == '=' && strcmp(w->fact->name, "frozen") == 0) {
			/* once for each model and what was frozen of it: the limit keeps SQLite from asking of each
			 * run */
			str_add(&b, " AND (model, input, frozen) IN (SELECT * FROM (SELECT model, input, frozen FROM "
			    "main.run UNION SELECT model, input, frozen FROM temp.here LIMIT -1) WHERE froze(model, "
			    "input, frozen, ?%d))", i + 1);
			continue;
		}
		str_add(&b, " AND \"%s\" %s ?%d", w->fact->name, pattern ? "GLOB" : w->op == '=' ? "=" : w->op == '<' ?
		    "<" : ">", i + 1);
	}
	for (int i = 0; i < q->nid; i++)
		str_add(&b, "%s?%d", i == 0 ? " AND id IN (" : ", ", q->nwant + i + 1);
	str_add(&b, "%s", q->nid > 0 ? ")" : "");
	return b.s;
}

static void
index_values(struct sql_query *s, const struct index_query *q)
{
	for (int i = 0; i < q->nwant; i++) {
		const struct index_want *w = &q->want[i];
		char *tag = xasprintf("* %s *", w->value);

		if (strcmp(w->fact->name, "tags") == 0)
			sql_text(s, i + 1, tag);
		else if (w->fact->kind == INDEX_TEXT)
			sql_text(s, i + 1, w->value);
		else
			sql_real(s, i + 1, strtod(w->value, NULL));
		free(tag);
	}
	for (int i = 0; i < q->nid; i++)
		sql_text(s, q->nwant + i + 1, q->id[i]);
}

static int
index_count(struct index *x, const struct index_query *q, const char *where, size_t *total, struct err *e)
{
	char *text = xasprintf("SELECT (SELECT count(*) FROM main.run%s) + (SELECT count(*) FROM temp.here%s)", where,
	    where);
	struct sql_query *s = sql_query(x->q, text, e);
	int rc = -1;

	free(text);
	if (s == NULL)
		return -1;
	index_values(s, q);
	if ((rc = sql_next(s, e)) > 0)
		*total = (size_t)sql_column_int(s, 0);
	sql_done(s);
	return rc < 0 ? -1 : 0;
}

/* The first of each table, and of both: with what is shown alone, so that the rest of a row is not moved about. */
static char *
index_question(const struct index_query *q, const char *where)
{
	const char *order = q->order != NULL ? q->order->name : "when";
	const char *way = q->order == NULL || q->down ? "DESC" : "ASC";
	char *first = xasprintf("ORDER BY key IS NULL, key %s, id %s LIMIT %zu", way, way, q->most);
	const char *columns = "id, \"when\", tags, note, seconds";
	char *text = xasprintf("SELECT %s, coalesce((SELECT head FROM main.run_head h WHERE h.id = a.id), (SELECT head "
	    "FROM temp.here_head h WHERE h.id = a.id)) FROM (SELECT * FROM (SELECT %s, \"%s\" key FROM main.run%s %s) "
	    "UNION ALL SELECT * FROM (SELECT %s, \"%s\" key FROM temp.here%s %s)) a %s", columns, columns, order, where,
	    first, columns, order, where, first, first);

	free(first);
	return text;
}

int
index_ask(struct index *x, const struct index_query *q, struct index_answer *a, struct err *e)
{
	char *where = index_where(q), *text = index_question(q, where);
	struct sql_query *s;
	int rc = 1;

	*a = (struct index_answer){0};
	s = sql_query(x->q, text, e);
	free(text);
	if (s == NULL) {
		free(where);
		return -1;
	}
	index_values(s, q);
	while ((rc = sql_next(s, e)) > 0) {
		a->row = xrealloc(a->row, a->n + 1, sizeof *a->row);
		a->row[a->n++] = (struct index_row){.id = xstrdup(sql_column(s, 0)), .when = xstrdup(sql_column(s, 1)),
		    .tags = xstrdup(sql_column(s, 2)), .note = xstrdup(sql_column(s, 3)),
		    .seconds = sql_column_real(s, 4), .head = xstrdup(sql_column(s, 5))};
	}
	sql_done(s);
	a->total = a->n;
	if (rc == 0 && a->n == q->most) /* there may be more */
		rc = index_count(x, q, where, &a->total, e);
	free(where);
	for (size_t i = 0; q->order == NULL && i < a->n / 2; i++) { /* by time the last come last */
		struct index_row t = a->row[i];

		a->row[i] = a->row[a->n - 1 - i];
		a->row[a->n - 1 - i] = t;
	}
	if (rc < 0)
		index_answer_free(a);
	return rc;
}

void
index_answer_free(struct index_answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		free(a->row[i].id);
		free(a->row[i].head);
		free(a->row[i].when);
		free(a->row[i].tags);
		free(a->row[i].note);
	}
	free(a->row);
	*a = (struct index_answer){0};
}
