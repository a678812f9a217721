/* layout.c: which panes are in view and where. Every layout is a few columns of stacked panes; when a stack does not
 * fit, panes leave in a fixed order (digits, log, accuracy), and what is left over goes to the curves first.
 */
#include "layout.h"

#include <string.h>

#define UI_LAYOUT(name) #name,
const char *const ui_layout_names[] = {
#include "layouts.def"
	NULL,
};
const char *const ui_layout_words[] = {
#include "layouts.def"
	"default", NULL,
};
#undef UI_LAYOUT

#define UI_PANEL(name) #name,
const char *const ui_panel_names[] = {
#include "panels.def"
	NULL,
};
const char *const ui_focus_names[] = {
#include "panels.def"
	"prompt", NULL,
};
#undef UI_PANEL

struct slot {
	enum ui_pane pane;
	int least, weight, most; /* rows inside the frame */
};

/* Rows that a stack needs, borders shared. */
static int
stack_least(const struct slot *s, int n)
{
	int rows = n + 1;

	for (int i = 0; i < n; i++)
		rows += s[i].least;
	return rows;
}

/* Shares out the rows of r; the first slot takes what nobody else may have. */
static void
stack(struct ui_layout *out, struct ui_rect r, const struct slot *s, int n)
{
	int h[8], left = r.h - stack_least(s, n), y = r.y;

	for (int i = 0; i < n; i++)
		h[i] = s[i].least;
	while (left > 0) {
		int best = -1;

		/* The row goes to whoever is furthest behind its share. */
		for (int i = 0; i < n; i++)
			if (h[i] < s[i].most && s[i].weight > 0 &&
			    (best < 0 || (h[i] - s[i].least + 1) * s[best].weight < (h[best] - s[best].least +
			    1) * s[i].weight))
				best = i;
		h[best < 0 ? 0 : best]++;
		left--;
	}
	for (int i = 0; i < n; i++) {
		out->shown[s[i].pane] = true;
		out->pane[s[i].pane] = (struct ui_rect){r.x, y, r.w, h[i] + 2};
		y += h[i] + 1;
	}
}

static int
between(int lo, int v, int hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

/* ---- the layouts ---- */

#define MOST 1000

/* The log below everything; returns what is left. */
static struct ui_rect
log_below(struct ui_layout *out, struct ui_rect r, int rows)
{
	out->shown[UI_P_log] = true;
	out->pane[UI_P_log] = (struct ui_rect){r.x, r.y + r.h - rows - 2, r.w, rows + 2};
	r.h -= rows + 1;
	return r;
}

/* Model at the left; curves and digits at the right; the log below both. Fits everywhere. */
static bool
layout_train(struct ui_layout *out, struct ui_rect r, enum ui_pane extra)
{
	bool log = true, accuracy = true, digits = r.w >= 64, narrow = r.w < 60 && r.h >= 22;
	enum ui_pane third = extra != UI_P_NONE ? extra : UI_P_digits;
	int logrows = r.h < (extra != UI_P_NONE ? 24 : 22) ? 2 : between(3, r.h / 7, 10); /* ten classes need the row */
	int left = r.w < 80 ? between(19, r.w * 37 / 80, 37) : between(37, r.w / 3, 42);
	struct slot s[4], m[2] = {{UI_P_model, 17, 0, 17}, {UI_P_runs, 4, 1, MOST}};
	struct ui_rect right;
	int n, n_left;

	if (narrow) { /* a column */
		struct slot c[5] = {{UI_P_model, r.h < 34 ? 4 : 8, 2, r.h < 46 ? 8 : 16}, {UI_P_loss, 4, 3, MOST},
		    {UI_P_accuracy, 3, 2, MOST}};

		n = 3;
		if (extra != UI_P_NONE || r.h >= 28)
			c[n++] = (struct slot){third, extra != UI_P_NONE ? 7 : 4, 2, extra != UI_P_NONE ? MOST : 9};
		c[n++] = (struct slot){UI_P_log, 2, 1, 8};
		if (stack_least(c, n) > r.h) /* room for the pane on demand: the accuracy leaves */
			c[2] = c[3], c[3] = c[4], n--;
		stack(out, r, c, n);
		return true;
	}
	for (;;) {
		n = 0;
		s[n++] = (struct slot){UI_P_loss, 3, 4, MOST};
		if (accuracy)
			s[n++] = (struct slot){UI_P_accuracy, 3, 3, MOST};
		if (digits || extra != UI_P_NONE)
			s[n++] = (struct slot){third, extra != UI_P_NONE ? between(4, r.h / 2, 24) : 4, 3,
			    extra != UI_P_NONE ? MOST : between(6, r.h / 4 + 1, 15)};
		if (stack_least(s, n) + (log ? 1 + logrows : 0) <= r.h)
			break;
		if (extra != UI_P_NONE && accuracy)
			accuracy = false;
		else if (digits && extra == UI_P_NONE)
			digits = false;
		else if (logrows > 2)
			logrows = 2;
		else if (log)
			log = false;
		else if (accuracy)
			accuracy = false;
		else if (extra != UI_P_NONE) {
			s[0] = (struct slot){extra, 1, 1, MOST};
			n = 1;
			break;
		} else
			break;
	}
	if (log)
		r = log_below(out, r, logrows);
	/* A high column has room for the runs below the model. */
	n_left = extra == UI_P_runs || stack_least(m, 2) > r.h ? 1 : 2;
	if (n_left == 1)
		m[0] = (struct slot){UI_P_model, 1, 1, MOST};
	stack(out, (struct ui_rect){r.x, r.y, left, r.h}, m, n_left);
	right = (struct ui_rect){r.x + left - 1, r.y, r.w - left + 1, r.h};
	stack(out, right, s, n);
	return true;
}

/* For the last row of a class: curves at the left, digits at the right, nothing else and no frames. */
static bool
layout_beamer(struct ui_layout *out, struct ui_rect r, enum ui_pane extra)
{
	struct slot l[2] = {{UI_P_loss, 4, 1, MOST}, {UI_P_accuracy, 4, 1, MOST}};
	struct slot d[1] = {{extra != UI_P_NONE ? extra : UI_P_digits, 6, 1, MOST}};
	int left = r.w * 11 / 20;

	if (r.w < 64 || stack_least(l, 2) > r.h)
		return false;
	out->bare = true;
	stack(out, (struct ui_rect){r.x, r.y, left, r.h}, l, 2);
	stack(out, (struct ui_rect){r.x + left - 1, r.y, r.w - left + 1, r.h}, d, 1);
	return true;
}

/* What has been learnt: model and runs, digits large, what is taken for what where there is room, curves small. */
static bool
layout_inspect(struct ui_layout *out, struct ui_rect r, enum ui_pane extra)
{
	struct slot l[2] = {{UI_P_model, 8, 2, 17}, {UI_P_runs, 3, 1, MOST}};
	struct slot d[3] = {{UI_P_digits, 6, 3, MOST}, {UI_P_loss, 3, 1, 12}};
	int logrows = r.h < 24 ? 2 : between(3, r.h / 5, 12), left = between(37, r.w * 2 / 5, 60);
	bool room = r.w >= 104 && r.h - logrows >= 28;

	if (r.w < 76 || stack_least(l, 2) + logrows + 1 > r.h)
		return false;
	if (room)
		d[2] = d[1], d[1] = (struct slot){UI_P_confusion, 12, 2, 22};
	if (extra != UI_P_NONE && extra != UI_P_runs && !(room && extra == UI_P_confusion))
		d[0].pane = extra;
	r = log_below(out, r, logrows);
	stack(out, (struct ui_rect){r.x, r.y, left, r.h}, l, 2);
	stack(out, (struct ui_rect){r.x + left - 1, r.y, r.w - left + 1, r.h}, d, 2 + room);
	return true;
}

/* To watch a network learn: its filters, and what it makes of a picture. */
static bool
layout_features(struct ui_layout *out, struct ui_rect r, enum ui_pane extra)
{
	enum ui_pane third = extra != UI_P_NONE && extra != UI_P_filters && extra != UI_P_activations ? extra :
	    UI_P_digits;
	bool tall = r.h >= 32;
	int logrows = r.h < 24 ? 2 : between(3, r.h / 8, 6), left = between(30, r.w * 3 / 8, 64);
	bool both = r.h - logrows >= 24; /* room for more than a row of cells for each filter and each map */
	struct slot f[2] = {{UI_P_filters, tall ? 10 : 4, tall || both, 13}, {UI_P_activations, 6, tall ? 5 : 1, MOST}};
	int least = third == UI_P_digits ? 4 : between(4, r.h - logrows - (tall ? 17 : 8), 13);
	struct slot l[3] = {{UI_P_loss, 4, 2, 14}, {third, least, 2, MOST}};

	if (r.w < 70 || stack_least(f, 2) + logrows + 1 > r.h)
		return false;
	if (tall) {
		l[2] = l[1];
		l[1] = l[0];
		l[0] = (struct slot){UI_P_model, 8, 2, 17};
	}
	r = log_below(out, r, logrows);
	stack(out, (struct ui_rect){r.x, r.y, left, r.h}, l, 2 + tall);
	stack(out, (struct ui_rect){r.x + left - 1, r.y, r.w - left + 1, r.h}, f, 2);
	return true;
}

/* Mostly text. */
static bool
layout_log(struct ui_layout *out, struct ui_rect r, enum ui_pane extra)
{
	struct slot l[1] = {{UI_P_log, 3, 1, MOST}};
	struct slot d[3] = {{UI_P_loss, 4, 1, MOST}, {UI_P_accuracy, 4, 1, MOST}, {extra, 4, 2, MOST}};
	int right = between(30, r.w / 3, 60);

	if (r.w < 110 || stack_least(d, extra != UI_P_NONE ? 3 : 2) > r.h) {
		struct slot c[2] = {{extra != UI_P_NONE ? extra : UI_P_loss, 4, 1, MOST}, {UI_P_log, 3, 3, MOST}};

		if (stack_least(c, 2) <= r.h)
			stack(out, r, c, 2);
		else if (extra == UI_P_NONE) /* the text alone has room everywhere */
			stack(out, r, l, 1);
		else
			return false;
		return true;
	}
	stack(out, (struct ui_rect){r.x, r.y, r.w - right + 1, r.h}, l, 1);
	stack(out, (struct ui_rect){r.x + r.w - right, r.y, right, r.h}, d, extra != UI_P_NONE ? 3 : 2);
	return true;
}

/* False: the layout does not fit. */
static bool (*const layouts[UI_LAYOUTS])(struct ui_layout *out, struct ui_rect r, enum ui_pane extra) = {
#define UI_LAYOUT(name) [UI_L_##name] = layout_##name,
#include "layouts.def"
#undef UI_LAYOUT
};

bool
ui_layout_on_demand(enum ui_pane p)
{
	return p != UI_P_NONE && p != UI_P_model && p != UI_P_loss && p != UI_P_accuracy && p != UI_P_digits &&
	    p != UI_P_log;
}

void
ui_layout(int cols, int rows, enum ui_layout_name name, enum ui_pane extra, enum ui_pane zoom, struct ui_layout *out)
{
	struct ui_rect body = {0, 1, cols, rows - 2};

	memset(out, 0, sizeof *out);
	if (cols < UI_LEAST_COLS || rows < UI_LEAST_ROWS) {
		out->small = true;
		out->header = (struct ui_rect){0, 0, cols, 1};
		out->prompt = rows > 1 ? (struct ui_rect){0, rows - 1, cols, 1} : (struct ui_rect){0, 0, 0, 0};
		return;
	}
	out->header = (struct ui_rect){0, 0, cols, 1};
	out->prompt = (struct ui_rect){0, rows - 1, cols, 1};
	if (!ui_layout_on_demand(extra))
		extra = UI_P_NONE;
	if (zoom != UI_P_NONE) {
		out->shown[zoom] = true;
		out->pane[zoom] = body;
		return;
	}
	if (!layouts[name](out, body, extra))
		layout_train(out, body, extra);
}

enum ui_pane
ui_layout_at(const struct ui_layout *l, int *x, int *y)
{
	for (int p = 0; p < UI_PANES; p++) {
		const struct ui_rect *r = &l->pane[p];

		if (l->shown[p] && *x > r->x && *x < r->x + r->w - 1 && *y > r->y && *y < r->y + r->h - 1) {
			*x -= r->x + 1;
			*y -= r->y + 1;
			return (enum ui_pane)p;
		}
	}
	return UI_P_NONE;
}
