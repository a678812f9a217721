/* prompt.c: the only readline file: editing and completion are readline's, keys come whole from keys.c, and the lines typed before are
 * recall.c's. While the workbench is up readline prints nothing: what it would show is asked of it.
 *
 * Readline 8.2's own history shares lists of undo between lines and frees them while they are used, its searches read beyond lines
 * and jump into calls that have ended. So its list of history stays empty, and everything that walks it is replaced, under
 * readline's names.
 */
#include "prompt.h"
#include "keys.h"
#include "mem.h"
#include "recall.h"

#include <readline/readline.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPEAT_MOST 10000 /* of a numeric argument */

static struct {
	const struct ui_host *host;
	const struct ui_prompt_calls *calls;
	FILE *null;
	bool open, ready; /* ready: names and inputrc have been read, once a process */
	struct ui_keys *keys;
	unsigned char key[64]; /* for readline */
	size_t nkey, atkey;
	char *question;
	struct ui_candidates found; /* of the last completion */
	bool listed;
	bool panel;
	Keymap panel_map, line_map; /* line_map: to go back to from a panel */
	/* the lines typed before */
	struct ui_recall recall;
	char *recalled; /* from which file */
	Keymap search_map, searched_map; /* searched_map: to go back to from a search */
	bool search_vi; /* Enter ends it, no more */
	size_t next; /* the place to go to when the line has been entered, from 1; 0: the new line */
	int yanked_at, yanked; /* the word that the last yank inserted, bytes */
	size_t yanked_back; /* from how many lines before */
	char *text, *prompt; /* what is shown */
	char hint[256];
	/* line mode */
	bool reading, got, ended;
	char *line;
} P;

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

static void
prompt_list(char **matches, int n, int longest)
{
	P.listed = true;
}

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

FUNCTION(panel_ignore, (void)0)

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

/* A character that no panel knows belongs to the prompt. */
static int
panel_other(int count, int key)
{
	if (!P.open)
		return 0;
	P.calls->type(P.calls->arg);
	ui_prompt_panel(false);
	if (P.atkey > 0)
		P.atkey--; /* readline reads it once more, by the other keymap */
	return 0;
}

static int
prompt_abort(int count, int key)
{
	rl_replace_line("", 1);
	rl_point = rl_mark = 0;
	return 0;
}

/* ---- the lines typed before, by readline's names ---- */

static void
prompt_show(const char *text, size_t point)
{
	rl_replace_line(text, 1);
	rl_point = point < (size_t)rl_end ? (int)point : rl_end;
	rl_mark = 0;
	P.yanked = 0;
}

/* Walks and looks through them as the command says. */
static int
prompt_walk(enum ui_recall_walk walk, int count)
{
	size_t column = (size_t)rl_point;
	const char *text = ui_recall_walk(&P.recall, walk, count, rl_line_buffer, &column);

	if (text == NULL)
		return rl_ding();
	prompt_show(text, column);
	if (rl_get_keymap() == rl_get_keymap_by_name("vi-command") && column == strlen(text))
		rl_point = 0;
	return 0;
}

/* Readline's name, its function, what it is. */
#define WALKS(X) \
	X(previous, "previous-history", rl_get_previous_history, UI_RECALL_OLDER, count) \
	X(next_one, "next-history", rl_get_next_history, UI_RECALL_NEWER, count) \
	X(oldest, "beginning-of-history", rl_beginning_of_history, UI_RECALL_PLACE, 1) \
	X(newest, "end-of-history", rl_end_of_history, UI_RECALL_PLACE, INT_MAX) \
	X(fetch, "fetch-history", rl_fetch_history, UI_RECALL_PLACE, rl_explicit_arg ? count : 1) \
	X(vi_fetch, "vi-fetch-history", rl_vi_fetch_history, UI_RECALL_PLACE, rl_explicit_arg ? count : 1) \
	X(begins_older, "history-search-backward", rl_history_search_backward, UI_RECALL_BEGINS_OLDER, count) \
	X(begins_newer, "history-search-forward", rl_history_search_forward, UI_RECALL_BEGINS_NEWER, count) \
	X(has_older, "history-substring-search-backward", rl_history_substr_search_backward, UI_RECALL_HAS_OLDER, count) \
	X(has_newer, "history-substring-search-forward", rl_history_substr_search_forward, UI_RECALL_HAS_NEWER, count) \
	X(again_older, "non-incremental-reverse-search-history-again", rl_noninc_reverse_search_again, UI_RECALL_AGAIN_OLDER, count) \
	X(again_newer, "non-incremental-forward-search-history-again", rl_noninc_forward_search_again, UI_RECALL_AGAIN_NEWER, count) \
	X(vi_again, "vi-search-again", rl_vi_search_again, key == 'n' ? UI_RECALL_AGAIN : UI_RECALL_AGAIN_OTHER, count)

#define X(id, name, theirs, walk, n) \
	static int \
	walk_##id(int count, int key) \
	{ \
		return prompt_walk(walk, n); \
	}
WALKS(X)
#undef X

/* Enters the line and brings the one behind it. */
static int
prompt_operate(int count, int key)
{
	P.next = P.recall.at + 2; /* places are counted from 1 there */
	return rl_newline(1, key);
}

/* Asked by readline as each line begins. */
static int
prompt_begin(void)
{
	size_t next = P.next;

	P.next = 0;
	if (next > 0)
		prompt_walk(UI_RECALL_PLACE, (int)next);
	return 0;
}

/* ---- incremental search: a keymap of its own, all of whose keys lead to prompt_search_key ---- */

static int
prompt_search(bool forward, bool vi)
{
	if (P.recall.searching)
		return 0;
	ui_recall_search(&P.recall, forward, rl_line_buffer, (size_t)rl_point);
	P.search_vi = vi;
	P.searched_map = rl_get_keymap();
	rl_set_keymap(P.search_map);
	rl_message("%s", P.recall.message);
	return 0;
}

static void
prompt_search_end(bool back)
{
	if (!P.recall.searching)
		return;
	if (back)
		prompt_show(ui_recall_back(&P.recall), P.recall.column);
	else
		ui_recall_stay(&P.recall);
	if (rl_get_keymap() == P.search_map)
		rl_set_keymap(P.searched_map);
	else
		P.line_map = P.searched_map; /* a panel has the focus meanwhile */
	rl_clear_message();
}

static int
prompt_search_back(int count, int key)
{
	return prompt_search(false, false);
}

static int
prompt_search_on(int count, int key)
{
	return prompt_search(true, false);
}

static int
prompt_vi_search(int count, int key)
{
	return prompt_search(key == '?', true);
}

static int
prompt_search_key(int count, int key)
{
	unsigned char c = (unsigned char)key;
	rl_command_func_t *f = P.searched_map[c].type == ISFUNC ? P.searched_map[c].function : NULL;
	const char *text;

	if (c >= ' ' && c != 0x7f)
		text = ui_recall_type(&P.recall, key);
	else if (c == 0x7f || c == '\b')
		text = ui_recall_rub(&P.recall);
	else if (f == prompt_search_back || f == prompt_search_on)
		text = ui_recall_again(&P.recall, f == prompt_search_on);
	else {
		prompt_search_end(f == prompt_abort);
		if (f == prompt_abort || (P.search_vi && f == rl_newline))
			return 0;
		if (P.open)
			P.atkey -= P.atkey > 0; /* readline reads it once more, by the other keymap */
		else
			rl_execute_next(c);
		return 0;
	}
	prompt_show(text, P.recall.column);
	rl_message("%s", P.recall.message);
	return 0;
}

/* ---- words of the lines typed before ---- */

static int
prompt_yank_word(size_t back, int n)
{
	char *word = ui_recall_word(&P.recall, back, n);

	if (word == NULL)
		return rl_ding();
	P.yanked_at = rl_point;
	P.yanked_back = back;
	rl_insert_text(word);
	P.yanked = rl_point - P.yanked_at;
	free(word);
	return 0;
}

/* Repeated: that of the line before takes its place. */
static int
prompt_yank_last(int count, int key)
{
	size_t back = 1;

	if (rl_last_func == prompt_yank_last && P.yanked > 0 && P.yanked_at + P.yanked == rl_point) {
		back = P.yanked_back + 1;
		if (back > P.recall.n)
			return rl_ding();
		rl_delete_text(P.yanked_at, P.yanked_at + P.yanked);
		rl_point = P.yanked_at;
	}
	return prompt_yank_word(back, rl_explicit_arg ? count : -1);
}

static int
prompt_yank_nth(int count, int key)
{
	return prompt_yank_word(1, rl_explicit_arg ? count : 1);
}

static int
prompt_vi_yank(int count, int key)
{
	rl_vi_append_mode(1, key);
	rl_insert_text(" ");
	return prompt_yank_word(1, rl_explicit_arg ? count - 1 : -1);
}

/* Name by name what stands for readline's own. */
static const struct {
	const char *name;
	rl_command_func_t *theirs, *ours;
} replaced[] = {
#define X(id, name, theirs, walk, n) {name, theirs, walk_##id},
	WALKS(X)
#undef X
	{"abort", rl_abort, prompt_abort},
	{"arrow-key-prefix", rl_arrow_keys, panel_ignore},
	{"forward-search-history", rl_forward_search_history, prompt_search_on},
	{"non-incremental-forward-search-history", rl_noninc_forward_search, prompt_search_on},
	{"non-incremental-reverse-search-history", rl_noninc_reverse_search, prompt_search_back},
	{"operate-and-get-next", rl_operate_and_get_next, prompt_operate},
	{"reverse-search-history", rl_reverse_search_history, prompt_search_back},
	{"vi-search", rl_vi_search, prompt_vi_search},
	{"vi-yank-arg", rl_vi_yank_arg, prompt_vi_yank},
	{"yank-last-arg", rl_yank_last_arg, prompt_yank_last},
	{"yank-nth-arg", rl_yank_nth_arg, prompt_yank_nth},
};

/* In a keymap and those below it. Readline leaves by longjmp where nothing is bound to a key; from a call within a call version 8.2
 * lands in the wrong one. So nothing is left unbound either. */
static void
prompt_replace(Keymap m, int depth)
{
	for (int k = 0; k < KEYMAP_SIZE; k++) {
		if (m[k].type == ISKMAP && depth < 8)
			prompt_replace((Keymap)m[k].function, depth + 1);
		if (m[k].type != ISFUNC)
			continue;
		if (m[k].function == NULL && k < ANYOTHERKEY)
			m[k].function = panel_ignore;
		for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
			if (m[k].function == replaced[i].theirs)
				m[k].function = replaced[i].ours;
	}
}

/* Names first, so that an inputrc may use them; then our keys; then the inputrc, which has the last word. */
void
ui_prompt_ready(void)
{
	static const struct {
		const char *name;
		rl_command_func_t *f;
	} names[] = {
		{"thaw-next-pane", prompt_next}, {"thaw-log-up", prompt_up}, {"thaw-log-down", prompt_down}, {"thaw-redraw", prompt_redraw},
		{"thaw-ignore", panel_ignore}, {"thaw-type", panel_other},
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
	for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) /* before readline adds its own: the first of a name is found */
		rl_add_defun(replaced[i].name, replaced[i].ours, -1);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *dashes = ui_strdup(names[i].name); /* readline keeps it */

		for (char *s = dashes; *s; s++)
			if (*s == '_')
				*s = '-';
		rl_add_defun(dashes, names[i].f, -1);
	}
	P.panel_map = rl_make_bare_keymap(); /* set slot by slot: until the locale is known, readline takes bytes from 0x80 for Meta */
	for (int k = 0; k < 256; k++)
		if (k != '\033' && k != '\030')
			P.panel_map[k] = (KEYMAP_ENTRY){ISFUNC, k >= ' ' && k != 0x7f ? panel_other : panel_ignore};
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
		P.search_map[k] = (KEYMAP_ENTRY){ISFUNC, prompt_search_key};
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("completion-query-items", "-1");
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
	for (int i = 0; i < 5; i++) {
		static const char *const maps[] = {"emacs-standard", "emacs-meta", "emacs-ctlx", "vi-insert", "vi-command"};

		prompt_replace(rl_get_keymap_by_name(maps[i]), 0);
	}
	rl_startup_hook = prompt_begin;
	rl_attempted_completion_function = prompt_complete;
	rl_completer_word_break_characters = " \t\n;,";
	rl_completer_quote_characters = "";
}

/* ---- the workbench's prompt ---- */

static int
prompt_getc(FILE *f)
{
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};
	unsigned char c;

	if (P.atkey < P.nkey)
		return P.key[P.atkey++];
	/* Readline wants more than a whole key: rare, and never for long. */
	if (poll(&p, 1, 50) == 1 && read(STDIN_FILENO, &c, 1) == 1)
		return c;
	return 'G' & 0x1f;
}

static int
prompt_available(void)
{
	return P.atkey < P.nkey;
}

static void
prompt_redisplay(void)
{
}

static void
prompt_lines(const char *text, void (*each)(void *arg, const char *line), void *arg)
{
	char *copy = ui_strdup(text), *save = NULL;

	for (char *s = strtok_r(copy, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		each(arg, s);
	free(copy);
}

static void
prompt_line(char *line)
{
	P.listed = false;
	if (line == NULL) {
		P.calls->end(P.calls->arg);
		return;
	}
	ui_recall_add(&P.recall, P.host->history, line);
	prompt_show("", 0); /* a screen that is drawn now shows an empty prompt */
	if (line[0] == '\0')
		P.calls->line(P.calls->arg, line);
	else
		prompt_lines(line, P.calls->line, P.calls->arg);
	free(line);
}

void
ui_prompt_panel(bool focused)
{
	if (focused == P.panel)
		return;
	P.panel = focused;
	if (focused) {
		P.line_map = rl_get_keymap();
		P.listed = false;
	}
	rl_set_keymap(focused ? P.panel_map : P.line_map);
}

/* ---- what comes in ---- */

/* A whole key into readline. */
static void
prompt_feed(const unsigned char *s, size_t n)
{
	if (n > sizeof P.key)
		n = sizeof P.key;
	memcpy(P.key, s, n);
	P.nkey = n;
	P.atkey = 0;
	if (!P.panel)
		P.listed = false;
	while (P.atkey < P.nkey && P.open) {
		rl_callback_read_char();
		/* Readline's vi motions count on where nothing moves any more: digits by the dozen would keep them busy for minutes. */
		if (abs(rl_numeric_arg) > REPEAT_MOST)
			rl_numeric_arg = rl_numeric_arg < 0 ? -REPEAT_MOST : REPEAT_MOST;
	}
}

/* Out of whatever was begun, to an empty line. */
static void
prompt_restart(void)
{
	prompt_search_end(false);
	rl_callback_sigcleanup();
	rl_clear_message();
	ui_recall_rest(&P.recall);
	prompt_show("", 0);
}

/* ESC and nothing behind it: what would be done if no key that begins with it existed. */
static void
prompt_escape(void)
{
	Keymap map = rl_get_keymap();
	static const unsigned char esc = '\033';

	P.listed = false;
	if (P.panel) {
		P.calls->key(P.calls->arg, UI_KEY_ESC);
		return;
	}
	if (P.recall.searching) {
		prompt_search_end(false);
		return;
	}
	if (!RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_NUMERICARG) && map[esc].type == ISKMAP) {
		Keymap sub = (Keymap)map[esc].function;

		if (sub[ANYOTHERKEY].type == ISFUNC && sub[ANYOTHERKEY].function && sub[ANYOTHERKEY].function != rl_do_lowercase_version) {
			sub[ANYOTHERKEY].function(1, esc);
			return;
		}
		if (map == rl_get_keymap_by_name("vi-command"))
			return;
	}
	prompt_feed(&esc, 1);
}

static void
prompt_key(void *arg, const unsigned char *s, size_t n)
{
	if (P.question) {
		bool yes = s[0] == 'y' || s[0] == 'Y';

		free(P.question);
		P.question = NULL;
		P.calls->answer(P.calls->arg, yes);
	} else if (n == 1 && s[0] == '\033')
		prompt_escape();
	else
		prompt_feed(s, n);
}

static void
prompt_paste(void *arg, const char *text)
{
	if (P.question)
		return;
	if (P.panel) {
		P.calls->type(P.calls->arg);
		ui_prompt_panel(false);
	}
	prompt_search_end(false);
	rl_begin_undo_group();
	rl_insert_text(text);
	rl_end_undo_group();
}

static void
prompt_mouse(void *arg, int button, int x, int y)
{
	P.calls->mouse(P.calls->arg, button, x, y);
}

int
ui_prompt_read(void)
{
	unsigned char buf[65536];
	ssize_t n = read(STDIN_FILENO, buf, sizeof buf);
	struct pollfd end = {STDIN_FILENO, POLLIN, 0};

	if (n < 0 && errno != EINTR && errno != EAGAIN)
		return -1;
	/* Nothing may be the end, or an interrupt has taken what there was (term.c). */
	if (n == 0 && (poll(&end, 1, 0) < 0 || (end.revents & (POLLHUP | POLLERR | POLLNVAL))))
		return -1;
	if (n > 0)
		ui_keys_put(P.keys, buf, (size_t)n);
	return 0;
}

int
ui_prompt_timeout(void)
{
	return ui_keys_wait(P.keys) ? 40 : -1;
}

void
ui_prompt_expire(void)
{
	ui_keys_expire(P.keys);
}

bool
ui_prompt_clear(void)
{
	bool any = rl_end > 0 || P.question || P.recall.searching || RL_ISSTATE(RL_STATE_NUMERICARG | RL_STATE_MULTIKEY) || ui_keys_pasting(P.keys);
	bool panel = P.panel;

	ui_keys_drop(P.keys);
	P.listed = false;
	if (P.question) {
		free(P.question);
		P.question = NULL;
		P.calls->answer(P.calls->arg, false);
	}
	ui_prompt_panel(false);
	prompt_restart();
	ui_prompt_panel(panel);
	return any;
}

/* ---- open and close ---- */

static void
prompt_recall(const char *file)
{
	if (file == NULL || (P.recalled && strcmp(P.recalled, file) == 0))
		return;
	free(P.recalled);
	P.recalled = ui_strdup(file);
	ui_recall_read(&P.recall, file);
}

void
ui_prompt_open(const struct ui_host *host, const struct ui_prompt_calls *calls)
{
	const struct ui_keys_calls sorted = {NULL, prompt_key, prompt_paste, prompt_mouse};

	ui_prompt_ready();
	P.host = host;
	P.calls = calls;
	P.null = fopen("/dev/null", "we");
	P.keys = ui_keys_new(&sorted);
	P.nkey = P.atkey = 0;
	P.listed = P.panel = false;
	rl_outstream = P.null ? P.null : stdout;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_redisplay_function = prompt_redisplay;
	rl_getc_function = prompt_getc;
	rl_input_available_hook = prompt_available;
	rl_completion_display_matches_hook = prompt_list;
	prompt_recall(host->history);
	P.open = true;
	rl_callback_handler_install(host->prompt, prompt_line);
	P.line_map = rl_get_keymap();
}

void
ui_prompt_close(void)
{
	if (!P.open)
		return;
	ui_prompt_panel(false);
	prompt_search_end(false);
	rl_callback_handler_remove();
	P.open = false;
	ui_keys_free(P.keys);
	P.keys = NULL;
	rl_outstream = stdout;
	rl_prep_term_function = rl_prep_terminal;
	rl_deprep_term_function = rl_deprep_terminal;
	rl_redisplay_function = rl_redisplay;
	rl_getc_function = rl_getc;
	rl_input_available_hook = NULL;
	rl_completion_display_matches_hook = NULL;
	if (P.null)
		fclose(P.null);
	P.null = NULL;
	ui_candidates_clear(&P.found);
	free(P.question);
	free(P.text);
	free(P.prompt);
	P.question = P.text = P.prompt = NULL;
}

void
ui_prompt_ask(const char *question)
{
	free(P.question);
	P.question = ui_strdup(question);
}

const struct ui_candidates *
ui_prompt_candidates(void)
{
	return P.listed && P.found.n > 0 ? &P.found : NULL;
}

void
ui_prompt_look(struct ui_prompt_view *v)
{
	const char *shown = rl_display_prompt ? rl_display_prompt : P.host->prompt, *sign = "↵";
	size_t n = 0, extra = 0, k = 0;

	memset(v, 0, sizeof *v);
	for (int i = 0; i < rl_end; i++)
		extra += rl_line_buffer[i] == '\n';
	free(P.text);
	P.text = ui_alloc((size_t)rl_end + extra * strlen(sign) + 1, 1);
	for (int i = 0; i <= rl_end; i++) {
		if (i == rl_point)
			v->point = (int)n;
		if (i == rl_end)
			break;
		if (rl_line_buffer[i] == '\n') {
			memcpy(P.text + n, sign, strlen(sign));
			n += strlen(sign);
		} else
			P.text[n++] = rl_line_buffer[i];
	}
	P.text[n] = '\0';
	free(P.prompt);
	P.prompt = ui_alloc(strlen(shown) + 1, 1);
	for (; *shown; shown++)
		if (*shown != '\001' && *shown != '\002')
			P.prompt[k++] = *shown;
	P.prompt[k] = '\0';
	v->text = P.text;
	v->prompt = P.prompt;
	v->question = P.question;
	P.hint[0] = '\0';
	if (P.host->hint && rl_point == rl_end && !P.question && !P.recall.searching && rl_end < 400)
		P.host->hint(P.host->arg, rl_line_buffer, P.hint, sizeof P.hint);
	v->hint = P.hint;
}

/* ---- line mode ---- */

static void
prompt_line_got(char *line)
{
	P.got = true;
	P.line = line;
	P.ended = line == NULL;
	rl_callback_handler_remove();
}

static void
prompt_interrupted(const struct ui_host *host, bool *interrupted)
{
	bool empty = rl_end == 0;

	rl_callback_sigcleanup();
	if (!empty) {
		fputs("^C\n", rl_outstream);
		prompt_restart();
		rl_on_new_line();
		rl_redisplay();
		return;
	}
	fputs("\n", rl_outstream);
	rl_callback_handler_remove();
	*interrupted = P.got = true;
}

char *
ui_read_line(const struct ui_host *host, bool *interrupted)
{
	ui_prompt_ready();
	prompt_recall(host->history);
	P.host = host;
	P.got = P.ended = *interrupted = false;
	P.line = NULL;
	rl_callback_handler_install(host->prompt, prompt_line_got);
	while (!P.got) {
		struct pollfd p[2] = {{STDIN_FILENO, POLLIN, 0}, {host->signal_fd, POLLIN, 0}};
		unsigned sig;

		if (poll(p, 2, -1) < 0 && errno != EINTR)
			break;
		sig = host->signals ? host->signals(host->arg) : 0;
		if (sig & UI_SIG_RESIZE)
			rl_resize_terminal();
		if (sig & UI_SIG_STOP) {
			rl_deprep_terminal();
			host->suspend(host->arg);
			rl_prep_terminal(1);
			rl_forced_update_display();
		}
		if (sig & UI_SIG_END) {
			rl_callback_handler_remove();
			*interrupted = true;
			break;
		}
		if (sig & UI_SIG_INTERRUPT)
			prompt_interrupted(host, interrupted);
		else if (p[0].revents)
			rl_callback_read_char();
	}
	prompt_search_end(false);
	if (!P.got)
		rl_callback_handler_remove();
	if (P.line)
		ui_recall_add(&P.recall, host->history, P.line);
	P.host = NULL;
	return P.line;
}
