/* prompt_input.c: what comes in, given to readline: whole keys that mean something, one at a time, and pastes as text.
 *
 * Readline never reads the terminal. What it is given here is all it can get, and a function of it that wants more gets
 * a key that ends it: nothing waits inside readline, so that signals are always heard.
 */
#include "prompt_int.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPEAT_MOST 10000 /* of a numeric argument */
#define NOTHING_MOST 64 /* how often it says abort to what wants more; then that there is no more */

static int
prompt_getc(FILE *f)
{
	if (P.atkey < P.nkey)
		return P.key[P.atkey++];
	return P.eof || P.nothing++ >= NOTHING_MOST ? EOF : 'G' & 0x1f;
}

static int
prompt_available(void)
{
	return P.atkey < P.nkey;
}

static void
prompt_read_char(void)
{
	P.nothing = 0;
	rl_callback_read_char();
	/* Readline's vi motions count on where nothing moves any more: digits by the dozen would keep them busy for
	 * minutes. */
	if (abs(rl_numeric_arg) > REPEAT_MOST)
		rl_numeric_arg = rl_numeric_arg < 0 ? -REPEAT_MOST : REPEAT_MOST;
}

/* A whole key into readline. */
static void
prompt_feed(const unsigned char *s, size_t n)
{
	size_t prefix = RL_ISSTATE(RL_STATE_MULTIKEY) ? P.nprefix : 0;

	if (n > sizeof P.key)
		n = sizeof P.key;
	memcpy(P.key, s, n);
	P.nkey = n;
	P.atkey = 0;
	if (!P.panel)
		P.listed = false;
	while (P.atkey < P.nkey && P.reading)
		prompt_read_char();
	P.nprefix = 0;
	if (P.reading && RL_ISSTATE(RL_STATE_MULTIKEY) && prefix + n <= sizeof P.prefix) {
		memcpy(P.prefix + prefix, s, n);
		P.nprefix = prefix + n;
	}
}

/* ---- keys that begin with ESC ---- */

static bool
prompt_does(KEYMAP_ENTRY e)
{
	return e.type == ISFUNC ? e.function != NULL && e.function != ui_prompt_ignore : e.type == ISMACR;
}

/* Where a key leads from a keymap; prompt_does says whether that is anywhere. */
static KEYMAP_ENTRY
prompt_binding(Keymap map, const unsigned char *s, size_t n)
{
	static const KEYMAP_ENTRY nowhere = {ISFUNC, NULL};

	for (size_t i = 0; i < n; i++) {
		KEYMAP_ENTRY e = map[s[i]];

		if (e.type == ISFUNC && e.function == rl_do_lowercase_version && s[i] >= 'A' && s[i] <= 'Z')
			e = map[s[i] + 'a' - 'A'];
		if (i + 1 == n)
			return e;
		if (e.type != ISKMAP)
			break;
		map = (Keymap)e.function;
	}
	return nowhere;
}

/* The same, behind the keys that readline has and waits to see more of. */
static KEYMAP_ENTRY
prompt_leads(const unsigned char *s, size_t n)
{
	Keymap map = P.recall.searching ? P.searched_map : rl_get_keymap();
	unsigned char all[sizeof P.prefix + sizeof P.key];
	size_t prefix = RL_ISSTATE(RL_STATE_MULTIKEY) ? P.nprefix : 0;

	if (n > sizeof P.key)
		n = sizeof P.key;
	memcpy(all, P.prefix, prefix);
	memcpy(all + prefix, s, n);
	return prompt_binding(map, all, prefix + n);
}

/* What a key does where others begin with it too: vi's ESC is one. */
static rl_command_func_t *
prompt_short(KEYMAP_ENTRY e)
{
	KEYMAP_ENTRY any;

	if (e.type != ISKMAP)
		return NULL;
	any = ((Keymap)e.function)[ANYOTHERKEY];
	return any.type == ISFUNC && prompt_does(any) && any.function != rl_do_lowercase_version ? any.function : NULL;
}

static bool
prompt_vi_command(void)
{
	return rl_get_keymap() == rl_get_keymap_by_name("vi-command");
}

static bool
prompt_alone(void *arg, const unsigned char *s, size_t n)
{
	KEYMAP_ENTRY e = prompt_leads(s, n);

	if (n == 1 && (P.question || P.panel || P.listed || P.quoted || P.recall.searching || prompt_vi_command()))
		return true;
	return prompt_does(e) || prompt_short(e) != NULL;
}

/* What waits for a character (a search for one in the line, vi's motions) is not meant by a key that has no
 * character. */
static void
prompt_leave_waiting(void)
{
	if (!RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_NUMERICARG))
		rl_callback_sigcleanup();
}

/* ESC and nothing behind it: what would be done if no key that begins with it existed, or nothing. Half of a sequence
 * of keys (C-x) and a number for the next one are given up. */
static void
prompt_escape(void)
{
	static const unsigned char esc = '\033';
	rl_command_func_t *f;

	P.listed = false;
	if (P.panel) {
		P.calls->key(P.calls->arg, UI_KEY_ESC);
		return;
	}
	if (P.recall.searching) {
		ui_prompt_search_end(false);
		return;
	}
	prompt_leave_waiting();
	if (RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_NUMERICARG)) {
		if (rl_editing_mode == 0)
			prompt_feed(&esc, 1);
		else {
			rl_callback_sigcleanup();
			rl_clear_message(); /* a number stood in place of the prompt */
		}
	} else if ((f = prompt_short(rl_get_keymap()[esc])) != NULL) {
		f(1, esc);
		rl_redisplay_function();
	}
}

/* What is not bound would leave its last bytes on the line: it goes no further. vi has no Alt: there ESC and a
 * character are two keys, however fast one comes behind the other. */
static void
prompt_sequence(const unsigned char *s, size_t n)
{
	KEYMAP_ENTRY e = prompt_leads(s, n);

	if (n == 2 && rl_editing_mode == 0 && s[1] > ' ' && s[1] < 0x7f && !prompt_does(e)) {
		prompt_escape();
		prompt_feed(s + 1, 1);
		return;
	}
	if (e.type != ISKMAP && !prompt_does(e))
		return;
	prompt_leave_waiting();
	prompt_feed(s, n);
}

/* ---- what keys.c gives ---- */

/* As in less: what closes a text is no more than that, where no line has been begun. */
static bool
prompt_closes(const unsigned char *s, size_t n)
{
	return P.covered && n == 1 && strchr("q \033", s[0]) != NULL && !P.panel && !P.quoted && !P.recall.searching &&
	    rl_end == 0;
}

/* A q that closed an answer was the first letter of quit where `uit` is the whole line: no command is called so. */
static void
prompt_resumes(const unsigned char *s, size_t n)
{
	if (P.closed == 'q' && n == 1 && strchr("\r\n", s[0]) != NULL && strcmp(rl_line_buffer, "uit") == 0) {
		rl_replace_line("quit", 1);
		rl_point = rl_end;
	}
	if (n == 1 && strchr("\r\n", s[0]) != NULL)
		P.closed = '\0';
}

static void
prompt_key(void *arg, const unsigned char *s, size_t n)
{
	prompt_resumes(s, n);
	if (P.question) {
		bool yes = s[0] == 'y' || s[0] == 'Y';

		if (n > 1 && s[0] == '\033') /* no answer */
			return;
		free(P.question);
		P.question = NULL;
		P.calls->answer(P.calls->arg, yes);
	} else if (ui_prompt_held() && !P.panel && n == 1 && strchr(" \r\n", s[0]) != NULL) {
		rl_replace_line("", 1); /* a Space too many, from before */
		rl_point = 0;
		P.calls->go_on(P.calls->arg);
	} else if (prompt_closes(s, n)) {
		P.covered = false;
		P.closed = (char)s[0];
	} else if (P.quoted) {
		char text[sizeof P.key + 1];

		P.quoted = false;
		memcpy(text, s, n < sizeof P.key ? n : sizeof P.key);
		text[n < sizeof P.key ? n : sizeof P.key] = '\0';
		rl_insert_text(text);
		rl_redisplay_function();
	} else if (s[0] != '\033')
		prompt_feed(s, n);
	else if (n == 1)
		prompt_escape();
	else
		prompt_sequence(s, n);
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
	rl_callback_sigcleanup();
	P.quoted = false;
	rl_mark = rl_point;
	rl_begin_undo_group();
	rl_insert_text(text);
	rl_end_undo_group();
#if RL_READLINE_VERSION >= 0x0801
	rl_activate_mark(); /* shown until something else is done */
#endif
	rl_redisplay_function();
}

/* Half of a script would be worse than none. */
static void
prompt_refused(void *arg, size_t bytes)
{
	char text[160];

	snprintf(text, sizeof text, "a paste of %zu bytes is too long for the prompt, which takes %zu: "
	    "nothing of it was taken; put it into a file and run that", bytes, UI_KEYS_PASTE);
	P.calls->say(P.calls->arg, text);
}

static void
prompt_mouse(void *arg, int button, int x, int y)
{
	if (P.open)
		P.calls->mouse(P.calls->arg, button, x, y);
}

static void
prompt_answer(void *arg, const char *s, size_t n)
{
	if (P.open)
		P.calls->told(P.calls->arg, s, n);
}

/* ---- what the prompt asks ---- */

void
ui_prompt_input(void)
{
	static const struct ui_keys_calls sorted = {NULL, prompt_key, prompt_paste, prompt_refused, prompt_mouse,
		prompt_answer, prompt_alone};

	if (P.keys == NULL)
		P.keys = ui_keys_new(&sorted);
	P.nkey = P.atkey = P.nprefix = 0;
	P.quoted = P.eof = false;
	rl_getc_function = prompt_getc;
	rl_input_available_hook = prompt_available;
}

void
ui_prompt_input_end(void)
{
	P.eof = true;
	prompt_read_char();
}

static int64_t
prompt_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
ui_prompt_take(const void *bytes, size_t n)
{
	ui_keys_put(P.keys, bytes, n);
	P.taken = prompt_now();
}

int
ui_prompt_timeout(void)
{
	int pause = ui_keys_pause(P.keys);
	int64_t left = pause < 0 ? -1 : P.taken + pause - prompt_now();

	return pause < 0 ? -1 : left > 0 ? (int)left : 0;
}

bool
ui_prompt_expire(void)
{
	if (ui_prompt_timeout() != 0)
		return false;
	ui_keys_paused(P.keys);
	P.taken = prompt_now();
	return true;
}

bool
ui_prompt_drop(void)
{
	bool any = !ui_prompt_blank() || P.quoted || P.recall.searching || ui_keys_begun(P.keys) ||
	    RL_ISSTATE(RL_STATE_NUMERICARG | RL_STATE_MULTIKEY);

	ui_keys_drop(P.keys);
	rl_callback_sigcleanup();
	P.quoted = false;
	return any;
}
