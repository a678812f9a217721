/* panel.c: what several panels do alike */
#include "panel.h"

#include <stdio.h>

bool
ui_scroll_key(struct ui_pane_state *st, int key, int direction)
{
	static const struct {
		int key, by; /* 2: a page */
	} keys[] = {{UI_KEY_UP, -1}, {UI_KEY_DOWN, 1}, {UI_KEY_PGUP, -2}, {UI_KEY_PGDN, 2}};
	int page = st->page > 1 ? st->page : 1;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].key == key) {
			st->scroll += direction * (keys[i].by == 2 ? page : keys[i].by == -2 ? -page : keys[i].by);
			if (st->scroll < 0)
				st->scroll = 0;
			return true;
		}
	if (key == UI_KEY_HOME || key == UI_KEY_END || key == '0') {
		st->scroll = (key == UI_KEY_END) == (direction > 0) && key != '0' ? 1000000000 : 0;
		return true;
	}
	return false;
}

void
ui_note_right(struct ui_area frame, int from, int right, int style, const char *text)
{
	int n = ui_text_cells(text);

	if (text[0] == '\0' || right - n - 2 < from)
		return;
	ui_put(frame, right - n - 2, 0, style, " ");
	ui_put(frame, right - n - 1, 0, style, text);
	ui_put(frame, right - 1, 0, style, " ");
}

void
ui_note_part(const struct ui_panel_ctx *p, struct ui_area frame, int from, int right, const char *pane, long shown,
    long all, const char *note, const char *brief)
{
	const char *said[3] = {note, brief, NULL};
	int forms = shown < all ? 4 : 1;
	char how[64] = "", text[192];

	if (!p->focused) /* else the border names the keys */
		snprintf(how, sizeof how, "; focus %s", pane);
	for (int k = 0; k < 3; k++) {
		if (k < 2 && said[k] == NULL)
			continue;
		for (int form = 0; form < forms; form++) { /* each takes less room than the one before */
			if (shown < all)
				snprintf(text, sizeof text, "%s%s%ld of %ld%s%s", said[k] != NULL ? said[k] : "",
				    said[k] != NULL ? ", " : "", shown, all, form % 2 == 0 ? " shown" : "",
				    form < 2 ? how : "");
			else
				snprintf(text, sizeof text, "%s", said[k] != NULL ? said[k] : "");
			if (ui_text_cells(text) + 2 <= right - from) {
				ui_note_right(frame, from, right, UI_DIM, text);
				return;
			}
		}
	}
}
