/* sheets.c: sheets of images as tiles of text and as rows, and in the digits pane. */
#include "commands/sheets.h"

#include "export/pages.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "view/glyphs.h"
#include "view/tiles.h"

#include <stdlib.h>
#include <string.h>

void
sheets_canvas(struct session *s, const struct ui_canvas *c)
{
	char *text = ui_canvas_dump(c);

	out_text(s->out, "%s", text);
	free(text);
}

/* Tiles below and beside one another, as many in a row as the width holds. */
static void
sheets_tiles(struct session *s, const struct ui_tiles *t)
{
	enum ui_glyphs glyphs = view_glyphs(s, UI_BLOCK);
	int dim[] = {t->tile[0].height, t->tile[0].width};
	int w = dim[1] < 14 ? dim[1] < 4 ? 4 : dim[1] : 14, h = (w * dim[0] + dim[1]) / dim[1] / 2, step, cols;
	struct ui_canvas *c;
	char text[3 * CLASS_TEXT];
	int lines = 1;

	h = h < 1 ? 1 : h > 14 ? 14 : h;
	step = w + 2 < 16 ? 16 : w + 2;
	cols = (s->out->width + 2) / step;
	cols = cols < 1 ? 1 : cols;
	for (size_t i = 0; i < t->n; i++) /* where names are long, what is predicted has a line of its own */
		if (ui_text_cells(t->tile[i].label) + ui_text_cells(t->tile[i].caption) + 8 > step)
			lines = class_named(s->data.set) ? 2 : 1;
	for (size_t first = 0; first < t->n; first += (size_t)cols) {
		c = ui_canvas_new(cols * step, h + lines, glyphs);
		for (size_t i = first; i < t->n && i < first + (size_t)cols; i++) {
			const struct ui_tile *x = &t->tile[i];
			int left = (int)(i - first) * step;

			ui_picture(ui_area_all(c), left, 0, w, h, UI_MONO, 0, x->height, x->width, x->channels,
			    x->pixels);
			const char *mark = x->mark == 0 ? "" : ui_glyph(glyphs, x->mark > 0 ? UI_G_RIGHT : UI_G_WRONG);

			snprintf(text, sizeof text, "#%lld %s%s%s", (long long)x->id, x->label, lines > 1 ? "" : mark,
			    lines > 1 ? "" : x->caption);
			ui_put_n(ui_area_all(c), left, h, step - 1, UI_PLAIN, text);
			snprintf(text, sizeof text, "%s%s", mark, x->caption);
			if (lines > 1)
				ui_put_n(ui_area_all(c), left, h + 1, step - 1, UI_PLAIN, text);
		}
		sheets_canvas(s, c);
		ui_canvas_free(c);
	}
}

void
sheets_row(struct session *s, const char *name, int label, int predicted, double p)
{
	const struct row_cell row[] = {SHEETS_CELLS(name, label, predicted, p), {0}};

	if (name == NULL)
		row_head(s->out, "image", row);
	else
		row_print(s->out, "image", false, row);
}

char *
sheets_named(const struct session *s, const struct sheet *sheet, int cells)
{
	struct str b = {0};
	size_t n = 0;

	str_add(&b, "%s", "");
	if (s->user.host != NULL && s->user.host->shown != NULL)
		for (; n < sheet->n && n < 8 && (n < 2 || cells + (int)b.n + 16 < s->out->width); n++)
			str_add(&b, "%stest:%u", n == 0 ? ": " : " ", sheet->image[n].index);
	if (n > 0 && n < sheet->n)
		str_add(&b, "%s", " ...");
	return b.s;
}

bool
sheets_show(struct session *s, const struct sheet_request *r, const struct sheet *sheet)
{
	if (sheet->n > 0)
		s->data.shown = sheet->image[0].index;
	return s->user.host != NULL && s->user.host->shown != NULL && s->user.host->shown(s->user.host_arg, r, sheet);
}

void
sheets_print(struct session *s, const struct sheet_request *r, const struct sheet *sheet)
{
	struct ui_tiles tiles = {0};
	char name[32], *named;

	tiles_sheet(s, r, sheet, &tiles);
	named = sheets_named(s, sheet, ui_text_cells(tiles.title) + 2 + ui_text_cells(tiles.note));
	out_text(s->out, "%s  %s%s", tiles.title, tiles.note, named);
	free(named);
	pages_shown_tiles(s, &tiles);
	if (!sheets_show(s, r, sheet) && s->out->mode == OUT_TABLE && tiles.n > 0)
		sheets_tiles(s, &tiles);
	sheets_row(s, NULL, 0, 0, 0);
	for (size_t i = 0; i < sheet->n && s->out->mode != OUT_TABLE; i++) {
		snprintf(name, sizeof name, "test:%u", sheet->image[i].index);
		sheets_row(s, name, sheet->image[i].label, sheet->image[i].predicted, sheet->image[i].p);
	}
	ui_tiles_clear(&tiles);
}

/* ---- one picture ---- */

const char *const sheets_switch[] = {"auto", "on", "off", NULL};

struct image *
sheets_picture(struct session *s, const struct cmd_args *a, const struct cmd_value *v, struct err *e)
{
	static const char *const names[] = {"invert", "level", "fit", "centre"};
	struct drawing_steps steps = picture_steps(&s->set);
	enum drawing_switch *at[] = {&steps.invert, &steps.level, &steps.fit, &steps.centre};
	const char *text = v != NULL ? v->text : NULL;
	bool last = text == NULL || strcmp(text, "last") == 0;
	bool drawn = last && s->data.last != NULL && s->data.last->drawn;
	bool file = !last && strncmp(text, "test:", 5) != 0 && strncmp(text, "train:", 6) != 0;
	struct image *i;

	for (int k = 0; k < 4; k++) {
		const struct cmd_value *word = args_key(a, names[k]);

		if (word == NULL)
			continue;
		if (!file && !drawn) {
			fail_at(e, word, "%s= is a step for the picture of a file, which has to be named, or for a "
			    "drawing; %s is neither", names[k], text != NULL ? text : "the last picture");
			return NULL;
		}
		*at[k] = strcmp(word->text, "on") == 0 ? DRAWING_ON : strcmp(word->text, "off") == 0 ? DRAWING_OFF :
		    DRAWING_AUTO;
	}
	i = picture_get_by(s, text, &steps, e);
	if (i == NULL && v != NULL)
		err_at(e, v);
	return i;
}

void
sheets_made(struct session *s, const struct image *i)
{
	char *steps = image_steps(i);

	if (i->made.blank)
		out_note(s->out, "%s has no ink: all of it is one colour, and a network answers to that, too", i->name);
	else if (steps[0] != '\0')
		out_note(s->out, "%s was brought to the form of the data: %s", i->name, steps);
	free(steps);
}

json_t *
sheets_pair(bool known, int a, int b)
{
	json_t *pair;

	if (!known)
		return json_null();
	pair = json_array();
	json_array_append_new(pair, json_integer(a));
	json_array_append_new(pair, json_integer(b));
	return pair;
}
