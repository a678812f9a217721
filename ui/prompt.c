/* prompt.c: the only readline file. Bytes from the terminal are sorted here: mouse reports and pastes are taken out, everything
 * else goes to readline in whole characters and escape sequences, so that it never waits in the middle of one. Readline prints
 * nothing while the workbench is up: what it would show is asked of it.
 */
#include "prompt.h"
#include "mem.h"

#include <readline/history.h>
#include <readline/readline.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <wchar.h>

#define REPEAT_MOST 10000 /* of a numeric argument */
#define PASTE_MOST (1u << 20)
#define HISTORY_MOST 5000

static struct {
	const struct ui_host *host;
	const struct ui_prompt_calls *calls;
	FILE *null;
	bool open, ready; /* ready: names and inputrc have been read, once a process */
	unsigned char in[65536]; /* not yet sorted */
	size_t nin;
	unsigned char key[64]; /* for readline */
	size_t nkey, atkey;
	bool pasting;
	char *paste;
	size_t npaste, cappaste;
	char *question;
	struct ui_candidates found; /* of the last completion */
	bool listed;
	bool panel;
	Keymap panel_map, line_map;
	char *text, *prompt; /* what is shown */
	char hint[256];
	/* line mode */
	bool reading, got, ended;
	char *line;
} P;

/* ---- history, shared by sessions: read at start, each line appended under a lock ---- */

static void
prompt_history_read(const char *file)
{
	static char *read_from;

	if (file == NULL || (read_from && strcmp(read_from, file) == 0))
		return;
	free(read_from);
	read_from = ui_strdup(file);
	using_history();
	stifle_history(HISTORY_MOST);
	read_history(file); /* no file yet: nothing */
}

static void
prompt_history_add(const char *file, const char *line)
{
	HIST_ENTRY *last;
	char *copy;
	size_t n;
	int fd;

	if (line[0] == '\0')
		return;
	last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
	if (last && strcmp(last->line, line) == 0)
		return;
	add_history(line);
	if (file == NULL || (fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0)
		return;
	n = strlen(line);
	copy = ui_alloc(n + 2, 1);
	memcpy(copy, line, n);
	for (size_t i = 0; i < n; i++)
		if (copy[i] == '\n')
			copy[i] = ';';
	copy[n] = '\n';
	flock(fd, LOCK_EX);
	if (write(fd, copy, n + 1) < 0) {
		/* A full disk costs the history, nothing else. */
	}
	close(fd);
	free(copy);
}

/* ---- completion ---- */

void
ui_candidates_add(struct ui_candidates *c, const char *text, const char *what)
{
	c->item = ui_grow(c->item, c->n, &c->cap, sizeof *c->item);
	c->item[c->n].text = ui_strdup(text);
	c->item[c->n++].what = ui_strdup(what);
}

void
ui_candidates_clear(struct ui_candidates *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->item[i].text);
		free(c->item[i].what);
	}
	free(c->item);
	memset(c, 0, sizeof *c);
}

/* Readline cuts words its own way; the host says where its word begins. Candidates are made to fit readline's cut. */
static char **
prompt_complete(const char *text, int start, int end)
{
	struct ui_candidates *c = &P.found;
	size_t n = 0, common;
	char **out;

	rl_attempted_completion_over = 1;
	ui_candidates_clear(c);
	if (P.host == NULL || P.host->complete == NULL)
		return NULL;
	c->start = start;
	P.host->complete(P.host->arg, rl_line_buffer, end, c);
	if (c->n == 0)
		return NULL;
	out = ui_alloc(c->n + 2, sizeof *out);
	for (size_t i = 0; i < c->n; i++) {
		const char *s = c->item[i].text;
		size_t len = strlen(s);
		char *m;

		if (c->start < start) { /* the part before readline's cut is there already */
			size_t cut = (size_t)(start - c->start);

			if (len < cut || strncmp(s, rl_line_buffer + c->start, cut) != 0)
				continue;
			m = strdup(s + cut);
		} else {
			size_t lead = (size_t)(c->start - start);

			m = malloc(lead + len + 1);
			if (m) {
				memcpy(m, rl_line_buffer + start, lead);
				memcpy(m + lead, s, len + 1);
			}
		}
		if (m == NULL)
			abort();
		out[++n] = m;
	}
	if (n == 0) {
		free(out);
		return NULL;
	}
	common = strlen(out[1]);
	for (size_t i = 2; i <= n; i++) {
		size_t k = 0;

		while (k < common && out[i][k] == out[1][k])
			k++;
		common = k;
	}
	while (common > 0 && (out[1][common] & 0xc0) == 0x80) /* not within a character */
		common--;
	out[0] = strndup(out[1], common);
	if (n == 1) {
		size_t len = strlen(out[1]);

		free(out[1]);
		out[1] = NULL;
		rl_completion_suppress_append = len > 0 && strchr("=/,@", out[0][len - 1]) != NULL;
	}
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

/* Empties the line as an edit, which undo takes back. Readline 8.2 keeps pointers into the list of undo in the line that it saved while
 * the history is walked, and in the history itself: rl_replace_line("", 1) would free it under them. */
static void
prompt_empty(void)
{
	rl_begin_undo_group();
	rl_delete_text(0, rl_end);
	rl_end_undo_group();
	rl_point = rl_mark = 0;
}

/* Back from wherever the history was searched, each line with its own undo, then empty. */
static void
prompt_restart(void)
{
	rl_clear_message();
	rl_end_of_history(1, 0);
	prompt_empty();
}

/* vi's / and ? without rl_vi_search, which in readline 8.2 frees the saved line's undo list while the line may be using it. */
static int
prompt_vi_search(int count, int key)
{
	return key == '?' ? rl_noninc_forward_search(count, key) : rl_noninc_reverse_search(count, key);
}

static int
prompt_abort(int count, int key)
{
	prompt_empty();
	return 0;
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
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *dashes = ui_strdup(names[i].name); /* readline keeps it */

		for (char *s = dashes; *s; s++)
			if (*s == '_')
				*s = '-';
		rl_add_defun(dashes, names[i].f, -1);
	}
	P.panel_map = rl_make_bare_keymap();
	for (int k = 0; k < 256; k++)
		if (k != '\033' && k != '\030')
			rl_bind_key_in_map(k, k >= ' ' && k != 0x7f ? panel_other : panel_ignore, P.panel_map);
	for (size_t i = 0; i < sizeof panel / sizeof *panel; i++)
		for (int k = 0; k < 3; k++)
			if (panel[i].seq[k])
				rl_bind_keyseq_in_map(panel[i].seq[k], panel[i].f, P.panel_map);
	rl_bind_keyseq_in_map("\\C-xo", prompt_next, P.panel_map);
	rl_bind_keyseq_in_map("\\C-i", prompt_next, P.panel_map);
	rl_bind_keyseq_in_map("\\C-l", prompt_redraw, P.panel_map);
	rl_set_keymap_name("thaw", P.panel_map);
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
	rl_bind_key_in_map('/', prompt_vi_search, rl_get_keymap_by_name("vi-command"));
	rl_bind_key_in_map('?', prompt_vi_search, rl_get_keymap_by_name("vi-command"));
	rl_initialize();
	/* Readline leaves by longjmp where nothing is bound to a key, and at rl_abort; from a call within a call (a search or a numeric
	 * argument that ends) version 8.2 lands in the wrong one. So nothing is left unbound, and aborting is ours. */
	for (int i = 0; i < 5; i++) {
		static const char *const maps[] = {"emacs-standard", "emacs-meta", "emacs-ctlx", "vi-insert", "vi-command"};
		Keymap m = rl_get_keymap_by_name(maps[i]);

		for (int k = 0; m && k < 256; k++)
			if (m[k].type == ISFUNC && (m[k].function == NULL || m[k].function == rl_abort))
				m[k].function = m[k].function ? prompt_abort : panel_ignore;
	}
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
	prompt_history_add(P.host->history, line);
	rl_replace_line("", 0); /* a screen that is drawn now shows an empty prompt */
	rl_point = rl_mark = 0;
	if (line[0] == '\0')
		P.calls->line(P.calls->arg, line);
	else
		prompt_lines(line, P.calls->line, P.calls->arg);
	free(line);
}

void
ui_prompt_open(const struct ui_host *host, const struct ui_prompt_calls *calls)
{
	ui_prompt_ready();
	P.host = host;
	P.calls = calls;
	P.null = fopen("/dev/null", "we");
	P.nin = P.nkey = P.atkey = 0;
	P.pasting = P.listed = P.panel = false;
	rl_outstream = P.null ? P.null : stdout;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_redisplay_function = prompt_redisplay;
	rl_getc_function = prompt_getc;
	rl_input_available_hook = prompt_available;
	rl_completion_display_matches_hook = prompt_list;
	prompt_history_read(host->history);
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
	rl_callback_handler_remove();
	P.open = false;
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
	free(P.paste);
	free(P.question);
	free(P.text);
	free(P.prompt);
	P.paste = P.question = P.text = P.prompt = NULL;
	P.npaste = P.cappaste = 0;
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

/* ---- sorting what comes in ---- */

/* What a key does within an incremental search; every other one ends the search first. */
static bool
prompt_searches(unsigned char c)
{
	static rl_command_func_t *const own[] = {rl_insert, rl_rubout, rl_reverse_search_history, rl_forward_search_history, rl_abort,
		rl_unix_word_rubout, rl_yank, rl_quoted_insert};
	const KEYMAP_ENTRY *e = &rl_get_keymap()[c];

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (e->type == ISFUNC && e->function == own[i])
			return true;
	return false;
}

/* A whole key into readline. In a search, readline 8.2 calls itself for a key that ends it, and where that key aborts (nothing is bound
 * to it) it jumps back into the wrong call; so the search is ended by a key of its own. */
static void
prompt_feed(const unsigned char *s, size_t n)
{
	static const unsigned char esc = '\033'; /* ends a search and does nothing else */

	if (!(n == 1 && s[0] == esc) && !prompt_searches(s[0]))
		for (int i = 0; i < 2 && RL_ISSTATE(RL_STATE_ISEARCH); i++) /* the first may have been quoted */
			prompt_feed(&esc, 1);
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
	if (!RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG) && map[esc].type == ISKMAP) {
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
prompt_paste_end(void)
{
	size_t n = 0;

	P.pasting = false;
	/* Carriage returns become newlines, tabs blanks; other controls go, and newlines at the end: Enter is the user's. */
	for (size_t i = 0; i < P.npaste; i++) {
		unsigned char c = (unsigned char)P.paste[i];

		if (c == '\r' && i + 1 < P.npaste && P.paste[i + 1] == '\n')
			continue;
		if (c == '\r')
			c = '\n';
		if (c == '\t')
			c = ' ';
		if ((c >= ' ' && c != 0x7f) || c == '\n')
			P.paste[n++] = (char)c;
	}
	while (n > 0 && P.paste[n - 1] == '\n')
		n--;
	if (n > 0) {
		P.paste[n] = '\0';
		if (P.panel) {
			P.calls->type(P.calls->arg);
			ui_prompt_panel(false);
		}
		rl_begin_undo_group();
		rl_insert_text(P.paste);
		rl_end_undo_group();
	}
	free(P.paste);
	P.paste = NULL;
	P.npaste = P.cappaste = 0;
}

static void
prompt_paste_add(const unsigned char *s, size_t n)
{
	if (P.npaste + n > PASTE_MOST)
		n = PASTE_MOST - P.npaste; /* the rest of a paste that big is dropped */
	if (P.npaste + n + 1 > P.cappaste) {
		P.cappaste = (P.npaste + n + 1) * 2;
		P.paste = ui_realloc(P.paste, P.cappaste, 1);
	}
	memcpy(P.paste + P.npaste, s, n);
	P.npaste += n;
}

/* Length of the whole key at s, 0 while it is not whole. */
static size_t
prompt_key_length(const unsigned char *s, size_t n)
{
	size_t i = 1;

	if (s[0] != '\033') {
		size_t len = s[0] < 0xc2 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 1;

		for (; i < len && i < n; i++)
			if ((s[i] & 0xc0) != 0x80)
				return i;
		return i < len ? 0 : len;
	}
	if (n < 2)
		return 0;
	if (s[1] == '[') { /* CSI: parameters, then a final byte */
		for (i = 2; i < n && i < 48; i++)
			if (s[i] >= 0x40 && s[i] <= 0x7e)
				return i + 1;
			else if (s[i] < 0x20 || s[i] > 0x7e)
				return i;
		return i == 48 ? i : 0;
	}
	if (s[1] == 'O')
		return n < 3 ? 0 : 3;
	if (s[1] == '\033')
		return 1;
	return 1 + (prompt_key_length(s + 1, n - 1));
}

/* Whether the key holds a byte that is no text in the locale: half a character would stay in the line, where readline 8.2's motions
 * of words may walk on the spot for ever. */
static bool
prompt_broken(const unsigned char *s, size_t n)
{
	mbstate_t state = {0};

	while (n > 0 && s[0] < 0x80)
		s++, n--;
	return n > 0 && mbrtowc(NULL, (const char *)s, n, &state) != n;
}

/* ESC [ < button ; x ; y M (press) or m (release). */
static void
prompt_mouse(const unsigned char *s, size_t n)
{
	char text[48];
	int button, x, y;

	if (n >= sizeof text || s[n - 1] != 'M')
		return;
	memcpy(text, s, n);
	text[n] = '\0';
	if (sscanf(text + 3, "%d;%d;%d", &button, &x, &y) != 3 || (button & 32))
		return;
	P.calls->mouse(P.calls->arg, button & 67, x - 1, y - 1);
}

static void
prompt_sort(bool expired)
{
	static const unsigned char end[] = "\033[201~";
	size_t at = 0;

	while (at < P.nin && P.open) {
		const unsigned char *s = P.in + at;
		size_t left = P.nin - at, n;

		if (P.pasting) {
			const unsigned char *e = memmem(s, left, end, sizeof end - 1);

			if (e) {
				prompt_paste_add(s, (size_t)(e - s));
				at += (size_t)(e - s) + sizeof end - 1;
				prompt_paste_end();
				continue;
			}
			n = left;
			for (size_t k = 1; k < sizeof end - 1 && k <= left; k++) /* a beginning of the end waits */
				if (memcmp(s + left - k, end, k) == 0)
					n = left - k;
			prompt_paste_add(s, n);
			at += n;
			break;
		}
		n = prompt_key_length(s, left);
		if (n == 0 && !expired)
			break;
		if (n == 0 && s[0] == '\033' && left == 1) {
			at++;
			prompt_escape();
			continue;
		}
		if (n == 0)
			n = left > 1 && s[0] == '\033' ? 2 : 1; /* half of something: as single keys */
		at += n;
		if (n == 6 && memcmp(s, "\033[200~", 6) == 0) {
			P.pasting = true;
			continue;
		}
		if (n > 3 && s[0] == '\033' && s[1] == '[' && s[2] == '<') {
			prompt_mouse(s, n);
			continue;
		}
		if (P.question) {
			bool yes = s[0] == 'y' || s[0] == 'Y';

			free(P.question);
			P.question = NULL;
			P.calls->answer(P.calls->arg, yes);
			continue;
		}
		if (n == 1 && s[0] == '\033') {
			prompt_escape();
			continue;
		}
		if (!prompt_broken(s, n))
			prompt_feed(s, n);
	}
	if (at > P.nin)
		at = P.nin;
	memmove(P.in, P.in + at, P.nin - at);
	P.nin -= at;
}

int
ui_prompt_read(void)
{
	ssize_t n = read(STDIN_FILENO, P.in + P.nin, sizeof P.in - P.nin);

	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		return -1;
	if (n > 0)
		P.nin += (size_t)n;
	prompt_sort(P.nin == sizeof P.in);
	return 0;
}

int
ui_prompt_timeout(void)
{
	return P.nin > 0 && !P.pasting ? 40 : -1;
}

void
ui_prompt_expire(void)
{
	prompt_sort(true);
}

bool
ui_prompt_clear(void)
{
	bool any = rl_end > 0 || P.question || RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG | RL_STATE_MULTIKEY) || P.pasting;
	bool panel = P.panel;

	P.nin = 0;
	P.pasting = P.listed = false;
	P.npaste = 0;
	if (P.question) {
		free(P.question);
		P.question = NULL;
		P.calls->answer(P.calls->arg, false);
	}
	ui_prompt_panel(false);
	rl_callback_sigcleanup();
	prompt_restart();
	ui_prompt_panel(panel);
	return any;
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
	if (P.host->hint && rl_point == rl_end && !P.question && !RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH) && rl_end < 400)
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
	prompt_history_read(host->history);
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
	if (!P.got)
		rl_callback_handler_remove();
	if (P.line)
		prompt_history_add(host->history, P.line);
	P.host = NULL;
	return P.line;
}
