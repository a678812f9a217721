/* ansi.c: cells as a stream of text with colour escapes, for the scroll-back and for other programs. The SGR codes here
 * are those that every terminal with colours since the VT241 knows; without colours only bold, underline and reverse
 * are sent.
 */
#include "canvas.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
	char *s;
	size_t n, cap;
};

static void
put(struct bytes *b, const char *s)
{
	size_t len = strlen(s);

	while (b->n + len + 1 > b->cap) {
		b->cap = b->cap ? b->cap * 2 : 4096;
		b->s = ui_realloc(b->s, b->cap, 1);
	}
	memcpy(b->s + b->n, s, len + 1);
	b->n += len;
}

static void
put_colour(struct bytes *b, int base, int colour, enum ui_colours colours)
{
	char text[32];

	if (colour < 0)
		return;
	if (colours == UI_8)
		snprintf(text, sizeof text, ";%d", base + colour);
	else if (colours == UI_256)
		snprintf(text, sizeof text, ";%d;5;%d", base + 8, colour);
	else
		snprintf(text, sizeof text, ";%d;2;%d;%d;%d", base + 8, colour >> 16 & 255, colour >> 8 & 255,
		    colour & 255);
	put(b, text);
}

char *
ui_canvas_ansi(const struct ui_canvas *c, enum ui_colours colours)
{
	static const struct ui_look plain = {-1, -1, 0};
	struct bytes b = {0};

	put(&b, "");
	for (int y = 0; y < c->rows; y++) {
		struct ui_look last = plain;
		int end = c->cols;

		while (end > 0 && strcmp(ui_canvas_at(c, end - 1, y)->text, " ") == 0 &&
		    ui_cell_look(ui_canvas_at(c, end - 1, y), colours).bg < 0)
			end--;
		for (int x = 0; x < end; x++) {
			const struct ui_cell *cell = ui_canvas_at(c, x, y);
			struct ui_look look = ui_cell_look(cell, colours);

			if (look.fg != last.fg || look.bg != last.bg || look.attr != last.attr) {
				put(&b, "\033[0");
				if (look.attr & UI_A_BOLD)
					put(&b, ";1");
				if (look.attr & UI_A_DIM)
					put(&b, ";2");
				if (look.attr & UI_A_REVERSE)
					put(&b, ";7");
				put_colour(&b, 30, look.fg, colours);
				put_colour(&b, 40, look.bg, colours);
				put(&b, "m");
				last = look;
			}
			put(&b, cell->text);
		}
		if (last.fg != -1 || last.bg != -1 || last.attr != 0)
			put(&b, "\033[0m");
		put(&b, "\n");
	}
	return b.s;
}
