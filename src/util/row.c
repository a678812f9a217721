/* row.c: results, said once: a row of named values is a line of a table, a line of CSV or a JSON object. */
#include "util/row.h"

#include "ui/canvas.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
row_shows(const struct row_cell *c, enum row_in in)
{
	return !c->off && (c->in == ROW_IN_ALL ? in != ROW_IN_TEXT || c->width != 0 : (c->in & in) != 0) &&
	    (c->kind != ROW_JSON || in == ROW_IN_JSON);
}

static bool
row_unknown(const struct row_cell *c)
{
	return c->unknown || (c->kind == ROW_TEXT && c->s == NULL) || (c->kind == ROW_JSON && c->json == NULL) ||
	    (c->kind == ROW_SECONDS && isnan(c->x));
}

/* With the digits of its column or, where that is too narrow for the number, with an exponent. */
static const char *
row_fixed(const struct row_cell *c, char buf[64])
{
	int width = c->width < 0 ? -c->width : c->width;

	num_fixed(buf, c->x, c->digits);
	if (isfinite(c->x) && width > 0 && (int)strlen(buf) > width)
		snprintf(buf, 64, "%.*e", width > 8 ? width - 7 : 1, c->x);
	return buf;
}

/* A value as text and CSV have it. */
static const char *
row_value(const struct out *o, enum out_mode mode, const struct row_cell *c, char buf[64])
{
	bool text = mode == OUT_TABLE;

	if (c->kind == ROW_SECONDS && !o->timing)
		return "";
	if (row_unknown(c))
		return text ? "-" : "";
	switch (c->kind) {
	case ROW_TEXT:
		return c->s;
	case ROW_BOOL:
		return text ? c->n ? "Y" : "N" : c->n ? "true" : "false";
	case ROW_COUNT:
		if (text)
			return text_count(buf, (unsigned long long)c->n);
		/* fall through */
	case ROW_INT:
		snprintf(buf, 64, "%lld", (long long)c->n);
		return buf;
	default:
		return text && c->digits > 0 ? row_fixed(c, buf) : c->kind == ROW_FLOAT ?
		    num_text_float(buf, (float)c->x) : num_text(buf, c->x);
	}
}

static json_t *
row_value_json(const struct out *o, const struct row_cell *c)
{
	if (row_unknown(c))
		return json_null();
	switch (c->kind) {
	case ROW_TEXT:
		return out_string(c->s);
	case ROW_BOOL:
		return json_boolean(c->n != 0);
	case ROW_COUNT:
	case ROW_INT:
		return json_integer(c->n);
	case ROW_FLOAT:
		return out_num_float((float)c->x);
	case ROW_SECONDS:
		return out_seconds(o, c->x);
	case ROW_JSON:
		return json_incref(c->json);
	default:
		return out_num(c->x);
	}
}

/* Blanks that end a cell are written only before another: they do not end a line. */
static void
row_text(struct str *b, const struct row_cell *c, const char *value, int *blanks)
{
	int n = ui_text_cells(value), pad = abs(c->width) > n ? abs(c->width) - n : 0;

	*blanks += b->s == NULL ? 0 : c->gap > 0 ? c->gap : 1;
	if (n > 0 || c->width > 0) {
		str_add(b, "%*s%s", *blanks + (c->width > 0 ? pad : 0), "", value);
		*blanks = 0;
	} else
		str_addn(b, "", 0);
	*blanks += c->width < 0 ? pad : 0;
}

static void
row_csv(struct str *b, const char *value)
{
	str_add(b, "%s", b->s != NULL ? "," : "");
	if (strpbrk(value, ",\"\n\r") == NULL) {
		str_add(b, "%s", value);
		return;
	}
	str_add(b, "\"");
	for (; *value != '\0'; value++)
		str_add(b, *value == '"' ? "\"%c" : "%c", *value == '\n' || *value == '\r' ? ' ' : *value);
	str_add(b, "\"");
}

/* A line of a table. In CSV its first cell names the table; in the headings that is as JSON has it. */
static char *
row_make(const struct out *o, enum out_mode mode, const char *table, const struct row_cell *row, bool head)
{
	struct str b = {0};
	bool cells = false;
	int blanks = 0;

	if (mode == OUT_CSV)
		row_csv(&b, head ? "event" : table);
	for (const struct row_cell *c = row; c->kind != ROW_END; c++) {
		char buf[64];
		const char *value = !head ? row_value(o, mode, c, buf) :
		    mode == OUT_TABLE && c->kind == ROW_SECONDS && !o->timing ? "" : c->name;

		if (!row_shows(c, mode == OUT_TABLE ? ROW_IN_TEXT : ROW_IN_CSV))
			continue;
		cells = true;
		if (mode == OUT_TABLE)
			row_text(&b, c, value, &blanks);
		else
			row_csv(&b, value);
	}
	if (cells)
		return b.s;
	free(b.s);
	return NULL;
}

static void
row_line(struct out *o, char *line)
{
	if (line != NULL)
		out_line(o, line);
	free(line);
}

/* In CSV the headings stand where a table begins, not again for rows of the same columns. */
void
row_head(struct out *o, const char *table, const struct row_cell *row)
{
	char *line = o->mode == OUT_JSON ? NULL : row_make(o, o->mode, table, row, true);

	if (o->mode == OUT_CSV && line != NULL) {
		char *begun = xasprintf("%s: %s", table, line);

		if (o->table != NULL && strcmp(o->table, begun) == 0) {
			free(line);
			line = NULL;
		}
		free(o->table);
		o->table = begun;
	}
	row_line(o, line);
}

void
row_fit(const struct out *o, const struct row_cell *row, int *width)
{
	for (const struct row_cell *c = row; c->kind != ROW_END; c++) {
		char buf[64];
		int name = ui_text_cells(c->name), value = ui_text_cells(row_value(o, o->mode, c, buf));

		if (!row_shows(c, ROW_IN_TEXT))
			continue;
		*width = *width > name ? *width : name;
		*width = *width > value ? *width : value;
		width++;
	}
}

json_t *
row_json(const struct out *o, const char *event, const struct row_cell *row)
{
	json_t *object = json_object();

	if (event != NULL)
		json_object_set_new(object, "event", out_string(event));
	for (const struct row_cell *c = row; c->kind != ROW_END; c++) {
		if (row_shows(c, ROW_IN_JSON))
			json_object_set_new(object, c->name, row_value_json(o, c));
		json_decref(c->json);
	}
	return object;
}

void
row_part(struct out *o, const char *table, bool head, const struct row_cell *row)
{
	if (head || o->mode == OUT_CSV)
		row_head(o, table, row);
	if (o->mode != OUT_JSON)
		row_line(o, row_make(o, o->mode, table, row, false));
}

void
row_file(struct str *b, const struct out *o, const char *table, const struct row_cell *row)
{
	for (int head = b->n == 0; head >= 0; head--) {
		char *line = row_make(o, OUT_CSV, table, row, head);

		if (line != NULL)
			str_add(b, "%s\n", line);
		free(line);
	}
}

void
row_print(struct out *o, const char *event, bool head, const struct row_cell *row)
{
	row_part(o, event, head, row);
	out_event(o, row_json(o, event, row));
}

static void
row_file_object(struct str *b, const json_t *object)
{
	char *text = object != NULL ? out_json_text(object) : NULL;

	if (text != NULL)
		str_add(b, "%s\n", text);
	free(text);
}

void
row_file_json(struct str *b, const struct out *o, const char *event, const struct row_cell *row)
{
	json_t *object = row_json(o, event, row);

	row_file_object(b, object);
	json_decref(object);
}

void
row_print_filed(struct out *o, const char *event, bool head, const struct row_cell *row, struct str *csv,
    struct str *json)
{
	json_t *object = row_json(o, event, row);

	row_file(csv, o, event, row);
	row_file_object(json, object);
	row_part(o, event, head, row);
	out_event(o, object);
}
