/* screen.c: header, frames, panels, prompt and candidates, put together. Neighbours share a border, so all frames are
 * drawn before any title, the focused one last.
 */
#include "screen.h"
#include "ui.h"

#include <stdio.h>
#include <string.h>

void
ui_view_init(struct ui_view *v)
{
	memset(v, 0, sizeof *v);
	v->focus = v->extra = v->former = v->zoomed = v->back = v->under = v->lit = UI_P_NONE;
	v->prompt.prompt = v->prompt.text = "";
}

void
ui_view_focus(struct ui_view *v, enum ui_pane pane)
{
	v->focus = pane;
	if (pane == UI_P_NONE)
		return;
	if (v->zoom)
		v->zoomed = pane;
	if (ui_layout_on_demand(pane) && !v->at.shown[pane])
		v->extra = pane;
	else if (pane == UI_P_digits) /* their place is taken back */
		v->extra = UI_P_NONE;
}

void
ui_view_next(struct ui_view *v)
{
	int p = v->focus == UI_P_NONE ? 0 : (int)v->focus + 1;

	while (p < UI_PANES && !v->at.shown[p])
		p++;
	ui_view_focus(v, p < UI_PANES ? (enum ui_pane)p : UI_P_NONE);
}

void
ui_view_place(const struct ui_view *v, int cols, int rows, struct ui_layout *at)
{
	ui_layout(cols, rows, v->layout, v->extra, v->zoom ? v->zoomed : UI_P_NONE, at);
}

/* ---- header ---- */

static void
gauge(struct ui_area a, int x, int cells, double part)
{
	static const char *const eighth[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	int full;

	part = part < 0 ? 0 : part > 1 ? 1 : part;
	full = (int)(part * cells * 8 + .5);
	if (a.c->glyphs == UI_ASCII) {
		ui_put(a, x, 0, UI_S_BAR, "[");
		for (int i = 0; i < cells; i++)
			ui_put(a, x + 1 + i, 0, UI_S_BAR_GAUGE, i < (full + 4) / 8 ? "#" : " ");
		ui_put(a, x + 1 + cells, 0, UI_S_BAR, "]");
		return;
	}
	ui_put(a, x, 0, UI_S_BAR, "▕");
	for (int i = 0; i < cells; i++)
		ui_put(a, x + 1 + i, 0, UI_S_BAR_GAUGE, eighth[full >= 8 ? 8 : full]), full = full > 8 ? full - 8 : 0;
	ui_put(a, x + 1 + cells, 0, UI_S_BAR, "▏");
}

/* Where all of it has no room the sign of what is frozen stays, and its name leaves. */
static int
headline(struct ui_area a, int x, int cells, const char *text)
{
	const char *lock = strstr(text, "  ❄ ");
	size_t n = lock != NULL ? (size_t)(lock - text) + strlen("  ❄") : 0;

	if (ui_text_cells(text) > cells && lock != NULL && ui_words_fit(text, cells) >= n)
		return ui_put_part(a, x, 0, UI_S_BAR_STRONG, text, 0, n);
	return ui_put_items(a, x, 0, cells, UI_S_BAR_STRONG, text);
}

/* From the right: time, gauge, activity; the gauge gives way first. Returns where they begin. */
static int
activity(struct ui_area a, int x, int right, const struct ui_model *m)
{
	int text = ui_text_cells(m->activity), head = m->headline ? ui_text_cells(m->headline) : 0, eta, cells;
	char left[96], *comma;

	snprintf(left, sizeof left, "%s", m->eta ? m->eta : "");
	eta = left[0] != '\0' ? ui_text_cells(left) + 1 : 0;
	if (right - x < text + eta + head + 2 && (comma = strstr(left, ", ")) != NULL) {
		*comma = '\0';
		eta = ui_text_cells(left) + 1;
	}
	cells = m->progress >= 0 ? right - x - text - eta - (head < 24 ? head : 24) - 6 : 0;
	cells = cells > 24 ? 24 : cells;
	if (right - x < text + eta + head + 2) /* what is trained says more than the time left */
		eta = 0;
	if (eta > 0)
		right = ui_put_right(a, right, 0, UI_S_BAR, left) - 1;
	if (cells >= 4) {
		right -= cells + 2;
		gauge(a, right, cells, m->progress);
		right -= 1;
	}
	return right - text > x ? ui_put_right(a, right, 0, UI_S_BAR_STRONG, m->activity) - 2 : right;
}

static void
header(struct ui_area a, const struct ui_model *m, const struct ui_view *v)
{
	const char *lock = ui_glyph(a.c->glyphs, UI_G_LOCK);
	int right = a.r.w - 1, x, n;

	ui_fill(a, 0, 0, a.r.w, 1, UI_S_BAR, " ");
	x = ui_put(a, 0, 0, UI_S_BADGE, " thaw ") + 1;
	if (m->activity)
		right = activity(a, x, right, m);
	if (m->headline && right > x) {
		int start = x;

		x = headline(a, x, right - x, m->headline);
		/* What is frozen is cold. */
		for (int i = start; i < x; i++)
			if (strcmp(ui_canvas_at(a.c, a.r.x + i, a.r.y)->text, lock) == 0 && a.c->glyphs != UI_ASCII) {
				ui_restyle(a, i, 0, x - i, UI_S_BAR_COLD);
				break;
			}
		x += 2;
	}
	n = m->waiting ? ui_text_cells(m->waiting) : 0;
	if (n > 0 && right - x >= 12) {
		x = ui_put_n(a, x, 0, right - x, UI_S_BAR_WARN, m->waiting) + 2;
	}
	if (m->status && right - x >= ui_text_cells(m->status))
		x = ui_put(a, x, 0, UI_S_BAR, m->status) + 2;
	if (m->activity == NULL && !v->at.bare) {
		const char *tip = v->focus == UI_P_NONE ? "Tab completes  C-x o panes  help" : v->back != UI_P_NONE ?
		    "? keys  Esc back" : v->zoom && !v->roomy ? "? keys  Esc unzooms" : "? keys  Esc prompt";

		while (ui_text_cells(tip) > right - x && strstr(tip, "  ") != NULL) /* the last says most */
			tip = strstr(tip, "  ") + 2;
		if (ui_text_cells(tip) <= right - x)
			ui_put_right(a, right, 0, UI_S_BAR, tip);
	}
}

/* ---- prompt ---- */

void
ui_screen_prompt(struct ui_canvas *c, struct ui_view *v)
{
	const struct ui_prompt_view *p = &v->prompt;
	struct ui_area a = ui_area_sub(ui_area_all(c), v->at.prompt.x, v->at.prompt.y, v->at.prompt.w, v->at.prompt.h);
	const char *s = p->text, *label = p->question ? p->question : p->prompt;
	char shown[4096];
	int x, cells = 0, point = 0, from = 0, room;
	size_t n = 0;

	v->cursor_x = v->cursor_y = 0;
	if (a.r.h < 1)
		return;
	ui_fill(a, 0, 0, a.r.w, 1, UI_PLAIN, " ");
	x = ui_put_n(a, 0, 0, a.r.w > 12 ? a.r.w - 10 : a.r.w, p->question ? UI_WARN : UI_S_PROMPT, label);
	room = a.r.w - x;
	if (room < 2)
		return;
	/* A long line is shown around the cursor: from a column that moves by half of the room. */
	for (const char *t = s; *t;) {
		uint32_t code;
		const char *next = ui_char_next(t, &code);
		int w = ui_char_cells(code);

		if (t - s < p->point)
			point += w < 0 ? 1 : w;
		t = next;
	}
	while (point - from >= room)
		from += room / 2;
	for (const char *t = s; *t && n + 8 < sizeof shown;) {
		uint32_t code;
		const char *next = ui_char_next(t, &code);
		int w = ui_char_cells(code);

		w = w < 0 ? 1 : w;
		if (cells >= from && (cells > from || w > 0 || from == 0)) {
			memcpy(shown + n, t, (size_t)(next - t));
			n += (size_t)(next - t);
		} else if (cells + w > from) /* half of a wide one */
			shown[n++] = ' ';
		cells += w;
		if (cells - from > room + 4)
			break;
		t = next;
	}
	shown[n] = '\0';
	cells = ui_put(a, x, 0, UI_PLAIN, shown);
	if (from > 0)
		ui_put(a, x, 0, UI_DIM, ui_glyph(c->glyphs, UI_G_MORE));
	if (p->hint && p->hint[0] && cells < a.r.w - 4)
		ui_put_n(a, cells, 0, a.r.w - cells, UI_S_HINT, p->hint);
	v->cursor_x = a.r.x + x + point - from;
	v->cursor_y = a.r.y;
	if (v->cursor_x >= a.r.x + a.r.w)
		v->cursor_x = a.r.x + a.r.w - 1;
}

/* ---- candidates ---- */

/* A box above the prompt: columns of names, or one a line with what they mean when there are few. */
static void
candidates(struct ui_canvas *c, const struct ui_view *v)
{
	const struct ui_candidates *k = v->candidates;
	int width = 0, what = 0, rows, cols, most = v->at.prompt.y - 3, inner = c->cols - 4, first = 0,
	    shown = 0;
	char note[48] = "";
	struct ui_area a;

	if (k == NULL || k->n == 0 || most < 1 || inner < 8)
		return;
	for (size_t i = 0; i < k->n; i++) {
		int n = ui_text_cells(k->item[i].text), m = k->item[i].what ? ui_text_cells(k->item[i].what) : 0;

		width = n > width ? n : width;
		what = m > what ? m : what;
	}
	width = width > inner ? inner : width;
	most = most > c->rows / 2 ? c->rows / 2 : most;
	cols = (int)k->n <= most && what > 0 ? 1 : (inner + 2) / (width + 2);
	cols = cols < 1 ? 1 : cols;
	rows = ((int)k->n + cols - 1) / cols;
	if (cols > 1 && rows == 1)
		cols = (int)k->n;
	if (rows > most) {
		int page = most;

		if (v->selected >= 0)
			first = (int)v->selected % rows / page * page;
		for (int i = 0; i < (int)k->n; i++)
			shown += i % rows >= first && i % rows < first + most;
		snprintf(note, sizeof note, "%d of %zu shown; type on", shown, k->n);
	}
	a = ui_area_sub(ui_area_all(c), 0, v->at.prompt.y - 2 - (rows > most ? most : rows), c->cols,
	    2 + (rows > most ? most : rows));
	ui_fill(a, 0, 0, a.r.w, a.r.h, UI_PLAIN, " ");
	a = ui_frame(a, UI_S_FOCUS, "candidates", note, NULL);
	for (size_t i = 0; i < k->n; i++) { /* down, then across */
		int row = (int)i % rows - first, col = (int)i / rows, style =
		    (long)i == v->selected ? UI_S_SELECT : UI_PLAIN;
		int x = 1 + col * (width + 2);

		if (row < 0 || row >= a.r.h)
			continue;
		ui_put_n(a, x, row, width, style, k->item[i].text);
		if (cols == 1 && k->item[i].what)
			ui_put_n(a, x + width + 2, row, a.r.w - x - width - 2, UI_DIM, k->item[i].what);
	}
}

/* ---- all ---- */

static void
pane_title(const struct ui_view *v, enum ui_pane p, const struct ui_panel_ctx *ctx, char *title, size_t size)
{
	struct ui_panel_ctx own = {ctx->m, ctx->colours, (struct ui_pane_state *)&v->pane[p],
	    .room = v->at.pane[p].w - 6};

	snprintf(title, size, "%s", ui_panel_names[p]);
	if (ui_panels[p]->title)
		ui_panels[p]->title(&own, title, size);
}

/* Cuts keys to whole ones that fit into so many columns; returns how many they take. */
static int
keys_fit(char *keys, int room)
{
	while (ui_text_cells(keys) > room) {
		char *cut = NULL;

		for (char *s = keys; (s = strstr(s, "  ")) != NULL; s += 2)
			cut = s;
		if (cut == NULL)
			return 0;
		*cut = '\0';
	}
	return ui_text_cells(keys);
}

/* Whether a pane below has its upper border, where its title stands, in the lower one of this. */
static bool
border_shared(const struct ui_view *v, struct ui_rect r)
{
	for (int p = 0; p < UI_PANES; p++) {
		const struct ui_rect below = v->at.pane[p];

		if (v->at.shown[p] && below.y == r.y + r.h - 1 && below.x < r.x + r.w && below.x + below.w > r.x)
			return true;
	}
	return false;
}

/* The first column behind `from` of a pane's upper border where the corner of a pane above stands, or right. */
static int
border_corner(const struct ui_view *v, struct ui_rect r, int from, int right)
{
	for (int p = 0; p < UI_PANES; p++) {
		const struct ui_rect above = v->at.pane[p];
		int edge[2] = {above.x - r.x, above.x + above.w - 1 - r.x};

		for (int k = 0; k < 2 && v->at.shown[p] && above.y + above.h - 1 == r.y; k++)
			if (edge[k] >= from && edge[k] < right)
				right = edge[k];
	}
	return right;
}

/* The longest stretch of a row of the area where nothing stands on the border, from *x on. */
static int
border_free(struct ui_area a, int y, int *x)
{
	int n = 0, best = 0;

	for (int i = 2; i < a.r.w - 1; i++) {
		const char *s = ui_canvas_at(a.c, a.r.x + i, a.r.y + y)->text;

		n = i < a.r.w - 2 && (strcmp(s, "─") == 0 || strcmp(s, "-") == 0) ? n + 1 : 0;
		if (n > best) {
			best = n;
			*x = i - n + 1;
		}
	}
	return best;
}

/* Keys at the right end of a stretch of border. */
static void
keys_put(struct ui_area frame, int right, int y, const char *keys)
{
	int x = right - ui_text_cells(keys) - 1;

	ui_put(frame, x - 1, y, UI_S_BORDER, " ");
	ui_put(frame, x, y, UI_DIM, keys);
	ui_put(frame, right - 1, y, UI_S_BORDER, " ");
}

/* The keys of the focused pane on its own border: the lower one or, where that is a neighbour's too, behind its title,
 * with room for the note if they need not take it. Returns the column behind them. */
static int
pane_keys(struct ui_area frame, const struct ui_view *v, enum ui_pane p, int from)
{
	const struct ui_rect r = v->at.pane[p];
	const char *all = ui_panels[p]->keys ? ui_panels[p]->keys : "";
	int right, n, x = 0;
	char keys[128];

	snprintf(keys, sizeof keys, "%s", all);
	if (!border_shared(v, r)) {
		if (keys_fit(keys, r.w - 6) > 0)
			keys_put(frame, r.w - 2, r.h - 1, keys);
		return from;
	}
	if (ui_panels[p]->keys_whole && (n = border_free(frame, r.h - 1, &x)) >= ui_text_cells(all) + 2) {
		keys_put(frame, x + n, r.h - 1, keys);
		return from;
	}
	/* a corner has a cell of border at each side */
	while ((n = border_corner(v, r, from - 2, from + 2)) < from + 2)
		from = n + 3;
	right = border_corner(v, r, from, r.w - 2);
	n = keys_fit(keys, right - from - (ui_panels[p]->note ? 32 : 2));
	for (int note = 12; n == 0 && note >= 2; note -= 10) {
		snprintf(keys, sizeof keys, "%s", all);
		n = keys_fit(keys, right - from - note);
	}
	if (n == 0)
		return from;
	ui_put(frame, from - 1, 0, UI_S_BORDER, " ");
	ui_put(frame, from, 0, UI_DIM, keys);
	ui_put(frame, from + n, 0, UI_S_BORDER, " ");
	return from + n + 2;
}

/* Shortens a title so that so many columns of all are left to the note: what stands behind a colon or two blanks goes
 * first, then the name of the pane. Returns those that are for the title. */
static int
title_fit(char *title, const char *name, int all, int note)
{
	static const char *const ends[] = {": ", "  "};
	int most = note > 0 && all > note + 2 ? all - note - 2 : all;
	size_t n = strlen(name);

	for (int i = 0; i < 2 && note > 0 && ui_text_cells(title) > most; i++)
		if (strstr(title, ends[i]) != NULL)
			*strstr(title, ends[i]) = '\0';
	if (note > 0 && ui_text_cells(title) > most && strncmp(title, name, n) == 0 && title[n] == ' ')
		memmove(title, title + n + 1, strlen(title + n));
	return ui_text_cells(title) < most ? ui_text_cells(title) : most;
}

static void
pane_titles(struct ui_canvas *c, struct ui_view *v, enum ui_pane p, const struct ui_panel_ctx *ctx)
{
	const struct ui_panel *panel = ui_panels[p];
	const struct ui_rect r = v->at.pane[p];
	struct ui_area frame = ui_area_sub(ui_area_all(c), r.x, r.y, r.w, r.h);
	bool focused = v->focus == p;
	char title[96];
	int n, from, corner;

	pane_title(v, p, ctx, title, sizeof title);
	n = title_fit(title, ui_panel_names[p], r.w - 6, panel->note_least ? panel->note_least(ctx) : 0);
	ui_put(frame, 2, 0, UI_S_BORDER, " ");
	from = ui_put_n(frame, 3, 0, n, focused ? UI_S_FOCUS : UI_S_TITLE, title) + 3;
	ui_put(frame, from - 3, 0, UI_S_BORDER, " ");
	if (focused)
		from = pane_keys(frame, v, p, from);
	while ((corner = border_corner(v, r, from, r.w - 2)) < r.w - 2)
		from = corner + 1;
	if (panel->note)
		panel->note(ctx, frame, from, r.w - 2);
}

void
ui_screen_draw(struct ui_canvas *c, enum ui_colours colours, const struct ui_model *m, struct ui_view *v)
{
	struct ui_area all = ui_area_all(c);
	struct ui_panel_ctx ctx = {m, colours, NULL};

	ui_canvas_clear(c);
	v->answer = false;
	ui_view_place(v, c->cols, c->rows, &v->at);
	if (v->at.small) {
		char text[96];

		snprintf(text, sizeof text, "too small: thaw needs %dx%d", UI_LEAST_COLS, UI_LEAST_ROWS);
		ui_put_n(all, 0, 0, c->cols, UI_WARN, text);
		ui_screen_prompt(c, v);
		return;
	}
	header(ui_area_sub(all, 0, 0, c->cols, 1), m, v);
	for (int pass = 0; pass < 2; pass++)
		for (int p = 0; p < UI_PANES; p++) {
			const struct ui_rect r = v->at.pane[p];

			if (v->at.bare && pass == 0)
				continue;
			if (v->at.shown[p] && (v->focus == (enum ui_pane)p || v->lit == (enum ui_pane)p) == (pass == 1))
				ui_frame(ui_area_sub(all, r.x, r.y, r.w, r.h), pass ? UI_S_FOCUS : UI_S_BORDER, NULL,
				    NULL, NULL);
		}
	for (int pass = 0; pass < 2; pass++)
		for (int p = 0; p < UI_PANES; p++) {
			const struct ui_rect r = v->at.pane[p];

			if (!v->at.shown[p] || (v->focus == (enum ui_pane)p) != (pass == 1))
				continue;
			ctx.st = &v->pane[p];
			ctx.st->large = v->at.bare;
			ctx.focused = v->focus == (enum ui_pane)p;
			ui_panels[p]->draw(&ctx, ui_area_sub(all, r.x + 1, r.y + 1, r.w - 2, r.h - 2));
			pane_titles(c, v, (enum ui_pane)p, &ctx);
		}
	v->answer = ui_answer_draw(c, &m->log, &v->pane[UI_P_log], v->told,
	    v->at.shown[UI_P_log] ? v->at.pane[UI_P_log] : (struct ui_rect){0}, v->at.prompt.y, v->waits);
	candidates(c, v);
	ui_screen_prompt(c, v);
}

void
ui_draw(struct ui_canvas *c, enum ui_colours colours, const struct ui_model *m, const char *layout, const char *panel,
    bool zoom)
{
	struct ui_view v;

	ui_view_init(&v);
	v.prompt.prompt = "thaw> ";
	v.told = m->log.total;
	for (int i = 0; layout && ui_layout_names[i]; i++)
		if (strcmp(layout, ui_layout_names[i]) == 0)
			v.layout = (enum ui_layout_name)i;
	for (int p = 0; panel && p < UI_PANES; p++)
		if (strcmp(panel, ui_panel_names[p]) == 0)
			ui_view_focus(&v, (enum ui_pane)p);
	if (zoom && v.focus != UI_P_NONE) {
		v.zoom = true;
		v.zoomed = v.focus;
	}
	ui_screen_draw(c, colours, m, &v);
}
