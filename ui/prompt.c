/* prompt.c: the prompt: editing and completion are readline's, keys come whole from keys.c, and the lines typed before are recall.c's.
 * While the workbench is up readline prints nothing: what it would show is asked of it.
 */
#include "prompt_int.h"
#include "mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPEAT_MOST 10000 /* of a numeric argument */

/* ---- what readline asks ---- */

static void
prompt_list(char **matches, int n, int longest)
{
	P.listed = true;
}

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
	ui_prompt_show("", 0); /* a screen that is drawn now shows an empty prompt */
	if (line[0] == '\0')
		P.calls->line(P.calls->arg, line);
	else
		prompt_lines(line, P.calls->line, P.calls->arg);
	free(line);
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
		ui_prompt_search_end(false);
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
	ui_prompt_search_end(false);
	rl_begin_undo_group();
	rl_insert_text(text);
	rl_end_undo_group();
}

/* Half of a script would be worse than none. */
static void
prompt_refused(void *arg, size_t bytes)
{
	char text[160];

	snprintf(text, sizeof text, "a paste of %zu bytes is too long for the prompt, which takes %zu: nothing of it was taken; put it into a file and run that", bytes,
	    UI_KEYS_PASTE);
	P.calls->say(P.calls->arg, text);
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
	ui_prompt_restart();
	ui_prompt_panel(panel);
	return any;
}

/* ---- open and close ---- */

void
ui_prompt_open(const struct ui_host *host, const struct ui_prompt_calls *calls)
{
	const struct ui_keys_calls sorted = {NULL, prompt_key, prompt_paste, prompt_refused, prompt_mouse};

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
	ui_prompt_recall(host->history);
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
	ui_prompt_search_end(false);
	rl_callback_handler_remove();
	P.open = false;
	ui_keys_free(P.keys);
	P.keys = NULL;
	rl_outstream = stdout;
	rl_deprep_term_function = rl_deprep_terminal;
	rl_redisplay_function = rl_redisplay;
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
