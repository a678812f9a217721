/* screen.c: commands for the workbench: the screen on and off, which panes, where the focus is. */
#include "language/cmd.h"
#include "look/picture.h"
#include "session/session.h"
#include "ui/ui.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* The bytes of a text in base64, just n. False: it has others. */
static bool
draw_bytes(const char *text, uint8_t *to, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t bytes = 0, bits = 0;
	uint32_t held = 0;

	for (const char *at; *text != '\0' && *text != '='; text++) {
		if ((at = strchr(letters, *text)) == NULL)
			return false;
		held = held << 6 | (uint32_t)(at - letters);
		if ((bits += 6) < 8)
			continue;
		bits -= 8;
		if (bytes == n)
			return false;
		to[bytes++] = (uint8_t)(held >> bits);
	}
	return bytes == n;
}

/* A drawing that is there already, as a notebook has it. */
static int
draw_ink(struct session *s, const struct cmd_value *v, struct err *e)
{
	struct ui_sketch *k = xcalloc(1, sizeof *k);
	struct drawing_steps steps = picture_steps(&s->set);
	uint8_t ink[sizeof k->ink];
	struct image *i;

	if (s->data.sketch != NULL)
		*k = *s->data.sketch;
	if (!draw_bytes(v->text, ink, sizeof ink)) {
		free(k);
		return fail_at(e, v, "this is no drawing of %dx%d pixels, a byte each in base64; `export ipynb` writes "
		    "such, and `predict FILE.png` takes any picture", UI_SKETCH_SIDE, UI_SKETCH_SIDE);
	}
	ui_sketch_begin(k);
	memcpy(k->ink, ink, sizeof ink);
	k->version++;
	data_draw(&s->data, k);
	free(k);
	if ((i = picture_drawn(s, &steps, e)) == NULL)
		return -1;
	data_remember(&s->data, i);
	image_free(i);
	out_text(s->out, "a drawing of %dx%d pixels; `last` names it", UI_SKETCH_SIDE, UI_SKETCH_SIDE);
	return 0;
}

/* Who writes the session down has what is drawn in the cell of the command that opens the canvas. */
static int
screen_focus(struct session *s, const char *pane, struct err *e)
{
	const struct user_host *host = s->user.host;

	if (host->focus(s->user.host_arg, pane, e) < 0)
		return -1;
	if (strcmp(pane, "draw") == 0)
		transcript_canvas(&s->out->kept);
	return 0;
}

static int
draw_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct user_host *host = s->user.host;
	const struct cmd_value *ink = args_key(a, "ink");

	if (ink != NULL)
		return draw_ink(s, ink, e);
	if (host != NULL && host->focus != NULL)
		return screen_focus(s, "draw", e);
	if (host != NULL && host->swap != NULL)
		return fail(e, "a canvas needs the workbench; `tui on` opens it, then `draw`");
	return fail(e, "a canvas needs the workbench: start thaw on a terminal, without a script; `predict FILE.png` "
	    "takes a picture that was drawn elsewhere");
}

const struct cmd cmd_draw = {
	.name = "draw",
	.group = "look",
	.what = "draw a digit with keys or the mouse, predictions after every stroke",
	.text = "Opens a canvas of 28x28 pixels in the workbench. With the mouse: the left button draws, the right "
	    "one (or Shift) erases. With keys: arrows move, Space puts the pen down and lifts it, e is the eraser, c "
	    "clears, u takes a stroke back, + and - change the brush, s saves, Esc goes back to the prompt. Beside it "
	    "stands the drawing as the model gets it (`help predict` names the steps). `last` names it from the first "
	    "stroke on; `export png draw` saves it, so that the file is predicted as the drawing is. With `ink=` the "
	    "drawing is there already, and no workbench is needed: so a notebook has it.",
	.example = "draw",
	.key = {{.name = "ink", .type = ARG_WORD, .what = "28x28 bytes in base64, as `export ipynb` writes them"}},
	.when = CMD_ALWAYS,
	.exec = draw_exec,
};

static int
screen_none(const struct session *s, struct err *e)
{
	if (s->user.host == NULL || s->user.host->swap == NULL)
		return fail(e, "there is no screen here; start thaw on a terminal, without a script or with -i");
	return fail(e, "there is no screen here; `tui on` opens it");
}

static int
tui_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct user_host *host = s->user.host;
	const struct cmd_value *v = args_pos(a, "on|off");

	if (host == NULL || host->swap == NULL)
		return screen_none(s, e);
	if (v == NULL || (strcmp(v->text, "on") == 0) != host->is_screen)
		host->swap(s->user.host_arg);
	return 0;
}

static const char *const tui_words[] = {"on", "off", NULL};

const struct cmd cmd_tui = {
	.name = "tui",
	.group = "session",
	.what = "the screen, or lines: the same session either way",
	.text = "Without an operand: the other one of the two.",
	.example = "tui off",
	.arg = {{.name = "on|off", .type = ARG_WORD, .choices = tui_words, .what = "the workbench, or lines"}},
	.when = CMD_ALWAYS,
	.exec = tui_exec,
};

/* A script that is played on the screen may arrange it; a batch, which has none, takes no notice, as of `pause`. */
static int
screen_missing(const struct session *s, struct err *e)
{
	return s->user.host == NULL && s->out->script != NULL ? 0 : screen_none(s, e);
}

static int
layout_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct user_host *host = s->user.host;
	const struct cmd_value *name = args_pos(a, "NAME");

	if (host == NULL && name == NULL) {
		out_text(s->out, "layout %s", s->user.layout != NULL ? s->user.layout : ui_layout_names[0]);
		return 0;
	}
	if (host == NULL && name != NULL) { /* of a screen that is exported */
		s->user.layout = NULL;
		for (int i = 0; ui_layout_names[i] != NULL; i++)
			if (strcmp(ui_layout_names[i], name->text) == 0)
				s->user.layout = ui_layout_names[i];
		return 0;
	}
	if (host == NULL || host->layout == NULL)
		return screen_missing(s, e);
	return host->layout(s->user.host_arg, name != NULL ? name->text : NULL, e);
}

const struct cmd cmd_layout = {
	.name = "layout",
	.group = "session",
	.what = "which panes the workbench shows",
	.text = "train: model, curves, digits, log. inspect: model and runs, digits large, what is taken for what. "
	    "features: filters and activations, while they learn. beamer: curves and digits, large. log: mostly text. "
	    "Where `filters`, `diff`, `stats` or `focus` has put another pane in the place of the digits, a layout "
	    "brings its own panes back, and so does `focus digits`; the digits that `show` or `predict` has put there "
	    "stay until the key 0 of that pane. A script may have it, to be played with "
	    "`thaw -i`; in a batch it is the layout of `export png screen`.",
	.example = "layout beamer",
	.arg = {{.name = "NAME", .type = ARG_WORD, .choices = ui_layout_words,
	    .what = "a set of panes; default: train; left out: says which there are"}},
	.when = CMD_ALWAYS,
	.exec = layout_exec,
};

static int
focus_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct user_host *host = s->user.host;

	return host != NULL && host->focus != NULL ? screen_focus(s, args_pos(a, "PANE")->text, e) :
	    screen_missing(s, e);
}

const struct cmd cmd_focus = {
	.name = "focus",
	.group = "session",
	.what = "move to a pane of the workbench; its border then names its keys",
	.text = "Enter zooms it, Esc comes back to the prompt. `C-x o` and a click do the same. A pane that no place "
	    "of the layout is for takes that of the digits, as maps do behind `filters` or `diff`; `focus digits` "
	    "brings them back, and `layout train` all panes of that layout. A batch takes no notice of it.",
	.example = "focus loss",
	.arg = {{.name = "PANE", .type = ARG_WORD, .required = true, .choices = ui_focus_names,
	    .what = "a pane, or prompt"}},
	.when = CMD_ALWAYS,
	.exec = focus_exec,
};
