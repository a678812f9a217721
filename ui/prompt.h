/* prompt.h: the prompt of the workbench: keys in, a line out. The only user of readline, whose state is global: one
 * prompt at a time.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "screen.h"
#include "ui.h"

/* What keys lead to. */
struct ui_prompt_calls {
	void *arg;
	/* one of the lines that were entered; behind: others of the same paste came before it */
	void (*line)(void *arg, const char *line, bool behind);
	void (*end)(void *arg); /* Ctrl-D on an empty line */
	void (*answer)(void *arg, bool yes); /* to ui_prompt_ask */
	void (*go_on)(void *arg); /* Space or Enter while ui_prompt_wait waits */
	bool (*key)(void *arg, int key); /* to a panel: enum ui_key or a character; false: nobody there knows it */
	void (*next)(void *arg); /* move the focus on */
	void (*scroll)(void *arg, int pages); /* of the log; 1 is up */
	void (*redraw)(void *arg);
	void (*type)(void *arg); /* something was typed that belongs to the prompt: it takes the focus */
	void (*mouse)(void *arg, int button, int x, int y); /* bits of UI_MOUSE_* (keys.h) */
	void (*told)(void *arg, const char *s, size_t n); /* a terminal's answer */
	bool (*covered)(void *arg); /* an answer lies over the panes, until the key that has just come */
	void (*say)(void *arg, const char *text); /* a sentence about what was not taken */
};

void ui_prompt_ready(void); /* names, inputrc, keys: once a process */
void ui_prompt_open(const struct ui_host *host, const struct ui_prompt_calls *calls);
void ui_prompt_close(void);

int ui_prompt_read(void); /* takes what can be read from standard input; -1 when it has ended */
int ui_prompt_timeout(void); /* milliseconds until ui_prompt_expire should be called; -1: never */
bool ui_prompt_expire(void); /* nothing has come for so long: half a key was all there is; false: it is too early */

void ui_prompt_panel(bool focused); /* keys go to the panel, by the keymap "thaw" */
bool ui_prompt_clear(void); /* drops line, search or question; false when there was nothing */
void ui_prompt_ask(const char *question); /* y or n */
bool ui_prompt_ask_not(void); /* takes the question back; false: none stood */
/* Shows the text in place of the empty prompt and waits for Space or Enter there, however often. NULL: no more. */
void ui_prompt_wait(const char *text);
void ui_prompt_set(const char *prompt); /* in place of the host's; NULL: that again */
void ui_prompt_look(struct ui_prompt_view *v); /* borrowed until the next call into here */
const struct ui_candidates *ui_prompt_candidates(void); /* NULL: none shown */

#endif
