/* prompt_int.h: what the files of the prompt share, and the only file that includes readline, whose state is global as
 * theirs is.
 *
 * Readline 8.2's own history shares lists of undo between lines and frees them while they are used, its searches read
 * beyond lines and jump into calls that have ended. So its list of history stays empty, and everything that walks it is
 * replaced, under readline's names (prompt_recall.c), and so is what would read the terminal: its reader of pastes
 * never comes back when the end of one is lost.
 */
#ifndef UI_PROMPT_INT_H
#define UI_PROMPT_INT_H

#include "keys.h"
#include "prompt.h"
#include "recall.h"

#include <stdio.h>

#include <readline/readline.h>

struct prompt {
	const struct ui_host *host;
	const struct ui_prompt_calls *calls;
	FILE *null;
	bool open, ready; /* ready: names and inputrc have been read, once a process */
	struct ui_keys *keys;
	int64_t taken; /* when they were last given something, ms */
	bool reading; /* readline has been asked for a line */
	unsigned char key[64]; /* for readline */
	size_t nkey, atkey;
	unsigned char prefix[64]; /* the keys that it has and waits to see more of */
	size_t nprefix;
	bool quoted; /* the next key is text */
	bool covered; /* it has come alone, and closes an answer that lay over the panes */
	char closed; /* the key that has just closed one, or 0 */
	bool eof; /* there will be no more keys */
	int nothing; /* how often readline wanted more than the key it was given */
	char *question;
	char *hold; /* stands in place of the empty prompt, where Space or Enter goes on; or NULL */
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
	bool got;
	char *line;
};
extern struct prompt ui_prompt;
#define P ui_prompt

/* prompt_state.c */
int ui_prompt_ignore(int count, int key);
void ui_prompt_show(const char *text, size_t point); /* as the line, with the cursor there */
bool ui_prompt_blank(void); /* there is nothing on the line but blanks */
bool ui_prompt_held(void); /* it waits by ui_prompt_wait, and is empty but for blanks */
void ui_prompt_again(int key); /* readline reads it once more, by another keymap */

/* prompt_input.c */
void ui_prompt_input(void); /* before readline is asked for a line */
void ui_prompt_take(const void *bytes, size_t n); /* what was read */
void ui_prompt_input_end(void); /* there will be no more */
bool ui_prompt_drop(void); /* half a key, half a paste; false: there was nothing, and no line begun */

/* prompt_recall.c */
void ui_prompt_recall(const char *file); /* reads the lines typed before, once; NULL: none */
int ui_prompt_begin(void); /* asked by readline as each line begins */
int ui_prompt_search_key(int count, int key); /* what each key of search_map leads to */
void ui_prompt_search_end(bool back); /* back: to where it began */
void ui_prompt_restart(void); /* out of whatever was begun, to an empty line */
void ui_prompt_replace_names(void); /* before readline adds its own */
void ui_prompt_replace_keys(void); /* behind the inputrc */

#endif
