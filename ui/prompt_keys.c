/* prompt_keys.c: readline made ready: the prompt's own named functions, the keymap of the panels, completion,
 * inputrc */
#include "prompt_int.h"
#include "mem.h"

#include <stdlib.h>

/* ---- named functions, bound in inputrc's way ---- */

#define FUNCTION(name, call) \
	static int \
	name(int count, int key) \
	{ \
		if (P.open) \
			call; \
		return 0; \
	}

FUNCTION(prompt_next, P.calls->next(P.calls->arg))
FUNCTION(prompt_up, P.calls->scroll(P.calls->arg, count))
FUNCTION(prompt_down, P.calls->scroll(P.calls->arg, -count))

static int
prompt_redraw(int count, int key)
{
	if (!P.open)
		return rl_clear_screen(count, key);
	P.calls->redraw(P.calls->arg);
	return 0;
}

#define PANEL_KEYS(X) \
	X(up, UI_KEY_UP, "\\e[A", "\\eOA", "k") \
	X(down, UI_KEY_DOWN, "\\e[B", "\\eOB", "j") \
	X(right, UI_KEY_RIGHT, "\\e[C", "\\eOC", NULL) \
	X(left, UI_KEY_LEFT, "\\e[D", "\\eOD", NULL) \
	X(page_up, UI_KEY_PGUP, "\\e[5~", "\\ev", NULL) \
	X(page_down, UI_KEY_PGDN, "\\e[6~", "\\C-v", NULL) \
	X(home, UI_KEY_HOME, "\\e[H", "\\e[1~", "\\eOH") \
	X(end, UI_KEY_END, "\\e[F", "\\e[4~", "\\eOF") \
	X(zoom, UI_KEY_ENTER, "\\C-m", "\\C-j", NULL) \
	X(escape, UI_KEY_ESC, "\\C-g", NULL, NULL) \
	X(pause, ' ', " ", NULL, NULL) \
	X(batch, 'n', "n", NULL, NULL) \
	X(log_scale, 'y', "y", NULL, NULL) \
	X(smooth, 's', "s", NULL, NULL) \
	X(older, '[', "[", NULL, NULL) \
	X(newer, ']', "]", NULL, NULL) \
	X(reset, '0', "0", NULL, NULL) \
	X(help, '?', "?", NULL, NULL)

#define X(name, key_, a, b, c) FUNCTION(panel_##name, P.calls->key(P.calls->arg, key_))
PANEL_KEYS(X)
#undef X

/* A character that neither the panel nor the host knows belongs to the prompt. */
static int
panel_other(int count, int key)
{
	if (!P.open || P.calls->key(P.calls->arg, (unsigned char)key))
		return 0;
	P.calls->type(P.calls->arg);
	ui_prompt_panel(false);
	ui_prompt_again(key);
	return 0;
}

/* ---- completion ---- */

static char **
prompt_complete(const char *text, int start, int end)
{
	struct ui_candidates *c = &P.found;
	char **out;
	bool more;

	rl_attempted_completion_over = 1;
	ui_candidates_clear(c);
	if (P.host == NULL || P.host->complete == NULL)
		return NULL;
	c->start = start;
	P.host->complete(P.host->arg, rl_line_buffer, end, c);
	if ((out = ui_candidates_fit(c, rl_line_buffer, start, &more)) == NULL)
		return NULL;
	rl_completion_suppress_append = more;
	rl_completion_append_character = ' ';
	rl_filename_completion_desired = 0;
	return out;
}

/* ---- readline made ready ---- */

/* Names first, so that an inputrc may use them; then our keys; then the inputrc, which has the last word. */
void
ui_prompt_ready(void)
{
	static const struct {
		const char *name;
		rl_command_func_t *f;
	} names[] = {
		{"thaw-next-pane", prompt_next}, {"thaw-log-up", prompt_up}, {"thaw-log-down", prompt_down},
		    {"thaw-redraw", prompt_redraw},
		{"thaw-ignore", ui_prompt_ignore}, {"thaw-type", panel_other},
#define X(name, key, a, b, c) {"thaw-pane-" #name, panel_##name},
		PANEL_KEYS(X)
#undef X
	};
	static const struct {
		rl_command_func_t *f;
		const char *seq[3];
	} panel[] = {
#define X(name, key, a, b, c) {panel_##name, {a, b, c}},
		PANEL_KEYS(X)
#undef X
	};

	if (P.ready)
		return;
	P.ready = true;
	rl_readline_name = "thaw";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	ui_prompt_replace_names();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *dashes = ui_strdup(names[i].name); /* readline keeps it */

		for (char *s = dashes; *s; s++)
			if (*s == '_')
				*s = '-';
		rl_add_defun(dashes, names[i].f, -1);
	}
	/* set slot by slot: until the locale is known, readline takes bytes from 0x80 for Meta */
	P.panel_map = rl_make_bare_keymap();
	for (int k = 0; k < 256; k++)
		if (k != '\033' && k != '\030')
			P.panel_map[k] = (KEYMAP_ENTRY){ISFUNC, k >= ' ' && k != 0x7f ? panel_other : ui_prompt_ignore};
	for (size_t i = 0; i < sizeof panel / sizeof *panel; i++)
		for (int k = 0; k < 3; k++)
			if (panel[i].seq[k])
				rl_bind_keyseq_in_map(panel[i].seq[k], panel[i].f, P.panel_map);
	rl_bind_keyseq_in_map("\\C-xo", prompt_next, P.panel_map);
	rl_bind_keyseq_in_map("\\C-i", prompt_next, P.panel_map);
	rl_bind_keyseq_in_map("\\C-l", prompt_redraw, P.panel_map);
	rl_set_keymap_name("thaw", P.panel_map);
	P.search_map = rl_make_bare_keymap();
	for (int k = 0; k < 256; k++)
		P.search_map[k] = (KEYMAP_ENTRY){ISFUNC, ui_prompt_search_key};
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("bell-style", "none");
	rl_instream = stdin;
	/* Readline would bind PgUp itself where nothing is bound yet. */
	for (int i = 0; i < 3; i++) {
		static const char *const maps[] = {"emacs", "vi-insert", "vi-command"};
		Keymap m = rl_get_keymap_by_name(maps[i]);

		rl_bind_keyseq_in_map("\\e[5~", prompt_up, m);
		rl_bind_keyseq_in_map("\\e[6~", prompt_down, m);
		rl_bind_keyseq_in_map("\\C-xo", prompt_next, m);
		rl_bind_keyseq_in_map("\\C-l", prompt_redraw, m);
	}
	rl_initialize();
	ui_prompt_replace_keys();
	rl_startup_hook = ui_prompt_begin;
	rl_attempted_completion_function = prompt_complete;
	rl_completer_word_break_characters = " \t\n;,";
	rl_completer_quote_characters = "";
}
