/* prompt_state.c: the one state of the prompt's files, and the small steps that several of them take */
#include "prompt_int.h"

#include <string.h>

struct prompt ui_prompt;

int
ui_prompt_ignore(int count, int key)
{
	return 0;
}

void
ui_prompt_show(const char *text, size_t point)
{
	rl_replace_line(text, 1);
	rl_point = point < (size_t)rl_end ? (int)point : rl_end;
	rl_mark = 0;
	P.yanked = 0;
}

void
ui_prompt_panel(bool focused)
{
	if (focused == P.panel)
		return;
	P.panel = focused;
	P.quoted = false;
	if (focused) {
		P.line_map = rl_get_keymap();
		P.listed = false;
	}
	rl_set_keymap(focused ? P.panel_map : P.line_map);
}

/* One of a macro has not come from the terminal; readline has left the macro before the last of it. */
void
ui_prompt_again(int key)
{
	if (!RL_ISSTATE(RL_STATE_MACROINPUT) && P.atkey > 0 && P.key[P.atkey - 1] == (unsigned char)key)
		P.atkey--;
	else
		rl_execute_next(key);
}

bool
ui_prompt_blank(void)
{
	return rl_line_buffer == NULL || strspn(rl_line_buffer, " ") == (size_t)rl_end;
}

bool
ui_prompt_held(void)
{
	return P.hold != NULL && P.question == NULL && ui_prompt_blank() && !P.quoted && !P.recall.searching &&
	    !RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_NUMERICARG);
}
