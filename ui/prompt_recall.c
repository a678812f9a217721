/* prompt_recall.c: readline's commands that walk, search and yank the lines typed before, by its names, over recall.c's
 * lines; and those that would read the terminal.
 */
#include "prompt_int.h"
#include "mem.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int
prompt_abort(int count, int key)
{
	rl_replace_line("", 1);
	rl_point = rl_mark = 0;
	return 0;
}

/* ---- walking ---- */

/* Walks and looks through them as the command says. */
static int
prompt_walk(enum ui_recall_walk walk, int count)
{
	size_t column = (size_t)rl_point;
	const char *text = ui_recall_walk(&P.recall, walk, count, rl_line_buffer, &column);

	if (text == NULL)
		return rl_ding();
	ui_prompt_show(text, column);
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
	X(has_older, "history-substring-search-backward", rl_history_substr_search_backward, \
	    UI_RECALL_HAS_OLDER, count) \
	X(has_newer, "history-substring-search-forward", rl_history_substr_search_forward, UI_RECALL_HAS_NEWER, count) \
	X(again_older, "non-incremental-reverse-search-history-again", rl_noninc_reverse_search_again, \
	    UI_RECALL_AGAIN_OLDER, count) \
	X(again_newer, "non-incremental-forward-search-history-again", rl_noninc_forward_search_again, \
	    UI_RECALL_AGAIN_NEWER, count) \
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

int
ui_prompt_begin(void)
{
	size_t next = P.next;

	P.next = 0;
	if (next > 0)
		prompt_walk(UI_RECALL_PLACE, (int)next);
	return 0;
}

/* ---- incremental search: a keymap of its own, all of whose keys lead to ui_prompt_search_key ---- */

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

void
ui_prompt_search_end(bool back)
{
	if (!P.recall.searching)
		return;
	if (back)
		ui_prompt_show(ui_recall_back(&P.recall), P.recall.column);
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

int
ui_prompt_search_key(int count, int key)
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
		ui_prompt_search_end(f == prompt_abort);
		if (f == prompt_abort || (P.search_vi && f == rl_newline))
			return 0;
		ui_prompt_again(c);
		return 0;
	}
	ui_prompt_show(text, P.recall.column);
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

/* ---- what would read the terminal, or undo what stands here ---- */

/* The next key is text, whatever it is; where a macro goes on, its next character. */
static int
prompt_quoted(int count, int key)
{
	if (RL_ISSTATE(RL_STATE_MACROINPUT))
		return rl_quoted_insert(count, key);
	P.quoted = true;
	return 0;
}

static int
prompt_reread(int count, int key)
{
	int r = rl_re_read_init_file(count, key);

	ui_prompt_replace_keys();
	return r;
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
	{"arrow-key-prefix", rl_arrow_keys, ui_prompt_ignore},
	{"bracketed-paste-begin", rl_bracketed_paste_begin, ui_prompt_ignore},
	{"forward-search-history", rl_forward_search_history, prompt_search_on},
	{"non-incremental-forward-search-history", rl_noninc_forward_search, prompt_search_on},
	{"non-incremental-reverse-search-history", rl_noninc_reverse_search, prompt_search_back},
	{"operate-and-get-next", rl_operate_and_get_next, prompt_operate},
	{"quoted-insert", rl_quoted_insert, prompt_quoted},
	{"re-read-init-file", rl_re_read_init_file, prompt_reread},
	{"reverse-search-history", rl_reverse_search_history, prompt_search_back},
	{"skip-csi-sequence", rl_skip_csi_sequence, ui_prompt_ignore},
	{"vi-search", rl_vi_search, prompt_vi_search},
	{"vi-yank-arg", rl_vi_yank_arg, prompt_vi_yank},
	{"yank-last-arg", rl_yank_last_arg, prompt_yank_last},
	{"yank-nth-arg", rl_yank_nth_arg, prompt_yank_nth},
};

/* In a keymap and those below it. Readline leaves by longjmp where nothing is bound to a key; from a call within a
 * call version 8.2 lands in the wrong one. So nothing is left unbound either. */
static void
prompt_replace(Keymap m, int depth)
{
	for (int k = 0; k < KEYMAP_SIZE; k++) {
		if (m[k].type == ISKMAP && depth < 8)
			prompt_replace((Keymap)m[k].function, depth + 1);
		if (m[k].type != ISFUNC)
			continue;
		if (m[k].function == NULL && k < ANYOTHERKEY)
			m[k].function = ui_prompt_ignore;
		for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
			if (m[k].function == replaced[i].theirs)
				m[k].function = replaced[i].ours;
	}
}

void
ui_prompt_replace_names(void)
{
	for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++) /* the first of a name is found */
		rl_add_defun(replaced[i].name, replaced[i].ours, -1);
}

void
ui_prompt_replace_keys(void)
{
	static const char *const maps[] = {"emacs-standard", "emacs-meta", "emacs-ctlx", "vi-insert", "vi-command"};

	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
		prompt_replace(rl_get_keymap_by_name(maps[i]), 0);
	/* A question, or a page, would wait for a key inside readline. */
	rl_variable_bind("completion-query-items", "-1");
	rl_variable_bind("page-completions", "off");
}

/* ---- what the prompt asks ---- */

void
ui_prompt_recall(const char *file)
{
	if (file == NULL || (P.recalled && strcmp(P.recalled, file) == 0))
		return;
	free(P.recalled);
	P.recalled = ui_strdup(file);
	ui_recall_read(&P.recall, file);
}

void
ui_prompt_restart(void)
{
	ui_prompt_search_end(false);
	rl_callback_sigcleanup();
	rl_clear_message();
	ui_recall_rest(&P.recall);
	ui_prompt_show("", 0);
	if (rl_editing_mode == 0) /* vi's: a line begins with insertion */
		rl_vi_insertion_mode(1, 'i');
}
