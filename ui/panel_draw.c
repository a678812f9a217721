/* panel_draw.c: a canvas to draw on with keys and the mouse; beside it the picture that the host makes of it, and bars.
 * The canvas lies in the model, and the pane's state points to it.
 */
#include "inlay.h"
#include "keys.h"
#include "panel.h"

#include <stdio.h>
#include <string.h>

enum { SIDE = UI_SKETCH_SIDE, BARS_LEAST = 12, GAP = 1 };

/* Where things are in the pane: pictures with a frame around each. */
struct place {
	struct ui_rect canvas, made; /* frame included; made.w 0: there is no room */
	struct ui_rect bars, said; /* w 0, h 0: the same */
};

/* Both pictures k times as large as a cell can show all of their pixels, side by side, and the bars. */
static bool
place_wide(struct place *p, struct ui_area a, int k)
{
	int w = SIDE * k + 2, h = SIDE / 2 * k + 2, left = a.r.w - 2 * (w + GAP);

	if (h > a.r.h || left < BARS_LEAST)
		return false;
	p->canvas = (struct ui_rect){0, 0, w, h};
	p->made = (struct ui_rect){w + GAP, 0, w, h};
	p->bars = (struct ui_rect){2 * (w + GAP), 0, left, h};
	return true;
}

/* The canvas as large as can be; the other picture small above the bars, where there is a column for them. */
static void
place_narrow(struct place *p, struct ui_area a)
{
	int h = a.r.h - 2 < SIDE / 2 ? a.r.h - 2 : SIDE / 2, w, left, small;

	while (h > 2 && 2 * h + 2 + GAP + BARS_LEAST > a.r.w)
		h--;
	w = 2 * h < SIDE ? 2 * h : SIDE;
	p->canvas = (struct ui_rect){0, 0, w + 2, h + 2};
	left = a.r.w - w - 2 - GAP;
	if (left < BARS_LEAST)
		return;
	small = (left - 2) / 2 < a.r.h - 2 - 6 ? (left - 2) / 2 : a.r.h - 2 - 6;
	small = small > SIDE / 2 ? SIDE / 2 : small;
	if (small >= 4)
		p->made = (struct ui_rect){w + 2 + GAP, 0, 2 * small + 2, small + 2};
	p->bars = (struct ui_rect){w + 2 + GAP, p->made.h, left, a.r.h - p->made.h};
}

static struct place
place_find(struct ui_area a)
{
	struct place p = {0};
	int k = a.r.h / (SIDE / 2);

	while (k > 0 && !place_wide(&p, a, k))
		k--;
	if (k == 0)
		place_narrow(&p, a);
	if (p.canvas.h < a.r.h)
		p.said = (struct ui_rect){1, p.canvas.h, (p.bars.y > 0 ? p.canvas.w : a.r.w) - 2, a.r.h - p.canvas.h};
	return p;
}

/* ---- drawing ---- */

static struct ui_area
sub(struct ui_area a, struct ui_rect r)
{
	return ui_area_sub(a, r.x, r.y, r.w, r.h);
}

static void
picture(struct ui_area a, const struct ui_tile *tile, int side, const uint8_t *ink, enum ui_colours colours)
{
	if (tile != NULL && ui_inlay_tile(a, 0, 0, a.r.w, a.r.h, tile, 0))
		return;
	if (tile != NULL)
		ui_picture(a, 0, 0, a.r.w, a.r.h, colours, 0, tile->height, tile->width, tile->channels, tile->pixels);
	else
		ui_picture(a, 0, 0, a.r.w, a.r.h, colours, 0, side, side, 1, ink);
}

/* The cursor: half a cell is its pixel where that is so, else a sign. */
static void
cursor(struct ui_area a, const struct ui_sketch *s, enum ui_colours colours)
{
	int y = SIDE / 2 + s->down, x = SIDE / 2 + s->right, cy = (2 * y + 1) * a.r.h / (2 * SIDE),
	    cx = (2 * x + 1) * a.r.w / (2 * SIDE);
	uint32_t own = s->erases ? UI_RGB(255, 95, 95) : s->pen ? UI_RGB(95, 215, 95) : UI_RGB(0, 175, 255);

	if (a.c->glyphs != UI_ASCII && colours >= UI_256 && a.r.w == SIDE && a.r.h == SIDE / 2) {
		uint8_t other = s->ink[(y ^ 1) * SIDE + x];

		ui_put_colour(a, cx, cy, "▀", y % 2 ? UI_GREY((uint32_t)other) : own,
		    y % 2 ? own : UI_GREY((uint32_t)other));
	} else
		ui_put(a, cx, cy, UI_S_SELECT, s->erases ? "x" : s->pen ? "o" : "+");
}

/* Of as many as there is room for, the highest, in their order. */
static bool
bar_shown(const struct ui_sketch *s, int i, int room)
{
	int higher = 0;

	for (int k = 0; k < s->nbars; k++)
		higher += s->bar[k].part > s->bar[i].part || (s->bar[k].part == s->bar[i].part && k < i);
	return higher < room;
}

static void
bars(struct ui_area a, const struct ui_sketch *s)
{
	static const char *const eighth[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	int name = 0, y = 0, width;

	if (s->nbars == 0) {
		static const char *const how[] = {"draw a digit:", "with the mouse,", "or arrows and", "Space"};

		for (int i = 0; i < 4 && ui_sketch_empty(s); i++)
			ui_put_n(a, 0, i + (a.r.h > 8), a.r.w, UI_DIM, how[i]);
		return;
	}
	if (a.r.h > s->nbars + 1) {
		ui_put_n(a, 0, 0, a.r.w, UI_S_TITLE, s->verdict);
		y = a.r.h > s->nbars + 2 ? 2 : 1;
	}
	for (int i = 0; i < s->nbars; i++)
		name = ui_text_cells(s->bar[i].name) > name ? ui_text_cells(s->bar[i].name) : name;
	width = a.r.w - name - 6;
	for (int i = 0; i < s->nbars && y < a.r.h; i++) {
		const struct ui_sketch_bar *b = &s->bar[i];
		int style = i == s->best ? UI_S_CURVE0 : UI_PLAIN, full = (int)(b->part * width * 8 + .5), x;
		char value[8] = "1.0";

		if (!bar_shown(s, i, a.r.h - (a.r.h > s->nbars + 1 ? 1 : 0)))
			continue;
		if (b->part <= .994999)
			snprintf(value, sizeof value, ".%02d", (int)(b->part * 100 + .5));
		ui_put_right(a, name, y, i == s->best ? UI_BOLD : UI_PLAIN, b->name);
		x = ui_put(a, name + 1, y, i == s->best ? UI_BOLD : UI_DIM, value) + 1;
		for (int k = 0; k < width && full > 0; k++, full -= 8)
			ui_put(a, x + k, y, style, a.c->glyphs == UI_ASCII ? full >= 4 ? "#" : "" :
			    full >= 8 ? "█" : eighth[full]);
		y++;
	}
}

static void
draw_draw(const struct ui_panel_ctx *p, struct ui_area a)
{
	const struct ui_sketch *s = &p->m->sketch;
	const struct ui_tiles *t = &p->m->canvas;
	struct place at = place_find(a);
	struct ui_area canvas = ui_frame(sub(a, at.canvas), p->focused ? UI_S_FOCUS : UI_S_BORDER, "drawn", NULL,
	    NULL), made;

	picture(canvas, t->n > 0 ? &t->tile[0] : NULL, SIDE, s->ink, p->colours);
	if (p->focused && !s->pointed)
		cursor(canvas, s, p->colours);
	if (at.made.w > 0) {
		made = ui_frame(sub(a, at.made), UI_S_BORDER, at.made.w < SIDE ? "model" : "as the model gets it", NULL,
		    NULL);
		if (t->n > 1)
			picture(made, &t->tile[1], 0, NULL, p->colours);
	}
	if (at.bars.w > 0)
		bars(sub(a, at.bars), s);
	if (at.said.h > 0)
		ui_put_n(sub(a, at.said), 0, 0, at.said.w, UI_DIM, s->said);
}

static void
draw_note(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right)
{
	const struct ui_sketch *s = &p->m->sketch;
	char text[64];

	snprintf(text, sizeof text, "%s %d%s", s->erases ? "eraser" : "brush", s->brush - UI_SKETCH_BRUSH_LEAST + 1,
	    s->pen ? ", down" : "");
	ui_note_right(frame, from, right, UI_DIM, text);
}

/* ---- keys ---- */

static int
clamp(int v, int lo, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static void
move(struct ui_sketch *s, int down, int right)
{
	int y = s->down, x = s->right;

	s->down = clamp(y + down, -SIDE / 2, SIDE / 2 - 1);
	s->right = clamp(x + right, -SIDE / 2, SIDE / 2 - 1);
	s->pointed = false;
	if (s->pen)
		ui_sketch_line(s, SIDE / 2 + y + .5, SIDE / 2 + x + .5, SIDE / 2 + s->down + .5,
		    SIDE / 2 + s->right + .5, s->erases);
}

/* The pen on the paper, where it leaves a dot, or off it. */
static void
pen(struct ui_sketch *s)
{
	s->pen = !s->pen;
	s->pointed = false;
	if (s->pen) {
		ui_sketch_begin(s);
		move(s, 0, 0);
	}
}

static bool
draw_key(const struct ui_panel_ctx *p, int key, struct ui_ask *ask)
{
	struct ui_sketch *s = p->st->sketch;

	if (s == NULL)
		return false;
	switch (key) {
	case UI_KEY_UP:
		move(s, -1, 0);
		return true;
	case UI_KEY_DOWN:
		move(s, 1, 0);
		return true;
	case UI_KEY_LEFT:
		move(s, 0, -1);
		return true;
	case UI_KEY_RIGHT:
		move(s, 0, 1);
		return true;
	case ' ':
	case 'b':
		if (key == 'b' && s->erases)
			s->erases = false;
		else
			pen(s);
		return true;
	case 'e':
		s->erases = !s->erases;
		s->pen = false;
		return true;
	case 'c':
		ui_sketch_clear(s);
		return true;
	case 'u':
		ui_sketch_undo(s);
		return true;
	case '+':
	case '-':
		s->brush = clamp(s->brush + (key == '+' ? 1 : -1), UI_SKETCH_BRUSH_LEAST, UI_SKETCH_BRUSH_MOST);
		return true;
	case 's':
		snprintf(ask->command, sizeof ask->command, "export png draw");
		return true;
	}
	return false;
}

/* ---- the mouse ---- */

static void
draw_hold(const struct ui_panel_ctx *p, struct ui_area inside, int x, int y, int button)
{
	struct ui_sketch *s = p->st->sketch;
	struct ui_rect r = place_find(inside).canvas;
	double px = (x - r.x - 1 + .5) * SIDE / (r.w - 2), py = (y - r.y - 1 + .5) * SIDE / (r.h - 2);
	bool erase, begins = (button & (UI_MOUSE_MOVES | UI_MOUSE_UP)) == 0;

	if (s == NULL || r.w < 3 || r.h < 3 || (button & UI_MOUSE_UP) != 0)
		return;
	if (begins && !(s->drawing = py >= 0 && py < SIDE && px >= 0 && px < SIDE))
		return;
	if (begins) {
		ui_sketch_begin(s);
		s->pen = false;
		s->pointed = true;
		s->y = py;
		s->x = px;
	}
	if (!s->drawing)
		return;
	erase = s->erases || (button & UI_MOUSE_BUTTON) == 2 || (button & UI_MOUSE_SHIFT) != 0;
	ui_sketch_line(s, s->y, s->x, py, px, erase);
	s->y = py;
	s->x = px;
}

static const char *const draw_help[][2] = {
	{"arrows", "move the cursor, and draw while the pen is down"},
	{"Space", "the pen down, or up again"},
	{"e  b", "eraser; back to the brush"},
	{"+  -", "a larger or smaller brush"},
	{"u  c", "take a stroke back; clear the canvas"},
	{"s", "save the picture as a file"},
	{"mouse", "left button draws, right one or Shift erases"},
	{NULL, NULL},
};

const struct ui_panel ui_panel_draw = {
	.keys = "arrows  Space pen  e eraser  c clear  u undo  + - brush  s save  Esc leave",
	.keys_whole = true,
	.help = draw_help,
	.cols = 2 * (SIDE + 2 + GAP) + BARS_LEAST,
	.rows = SIDE / 2 + 2,
	.note = draw_note,
	.draw = draw_draw,
	.key = draw_key,
	.hold = draw_hold,
};
