/* prompt.c: the prompt: editing and completion are readline's, keys come whole from keys.c, and the lines typed before
 * are recall.c's. While the workbench is up readline prints nothing: what it would show is asked of it.
 */
#include "prompt_int.h"
#include "mem.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what readline asks ---- */

static void
prompt_list(char **matches, int n, int longest)
{
	P.listed = true;
}

static void
prompt_redisplay(void)
{
}

static void
prompt_lines(const char *text, void (*each)(void *arg, const char *line, bool behind), void *arg)
{
	char *copy = ui_strdup(text), *save = NULL;
	bool behind = false;

	for (char *s = strtok_r(copy, "\n", &save); s; s = strtok_r(NULL, "\n", &save))
		if (strlen(s) == strlen(text) || s[strspn(s, " \t")] != '\0') { /* in a paste empty lines end nothing */
			each(arg, s, behind);
			behind = true;
		}
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
		P.calls->line(P.calls->arg, line, false);
	else
		prompt_lines(line, P.calls->line, P.calls->arg);
	free(line);
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
	P.covered = n == 1 && P.calls->covered(P.calls->arg);
	if (n > 0)
		ui_prompt_take(buf, (size_t)n);
	return 0;
}

bool
ui_prompt_clear(void)
{
	bool any = ui_prompt_drop() || P.question, panel = P.panel;

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
	ui_prompt_ready();
	ui_prompt_input();
	P.host = host;
	P.calls = calls;
	P.null = fopen("/dev/null", "we");
	P.listed = P.panel = false;
	rl_outstream = P.null ? P.null : stdout;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_redisplay_function = prompt_redisplay;
	rl_completion_display_matches_hook = prompt_list;
	ui_prompt_recall(host->history);
	P.open = P.reading = true;
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
	P.open = P.reading = false;
	ui_prompt_drop();
	rl_outstream = stdout;
	rl_deprep_term_function = rl_deprep_terminal;
	rl_redisplay_function = rl_redisplay;
	rl_completion_display_matches_hook = NULL;
	if (P.null)
		fclose(P.null);
	P.null = NULL;
	ui_candidates_clear(&P.found);
	free(P.question);
	free(P.hold);
	free(P.text);
	free(P.prompt);
	P.question = P.hold = P.text = P.prompt = NULL;
}

void
ui_prompt_ask(const char *question)
{
	free(P.question);
	P.question = ui_strdup(question);
}

bool
ui_prompt_ask_not(void)
{
	bool stood = P.question != NULL;

	free(P.question);
	P.question = NULL;
	return stood;
}

void
ui_prompt_set(const char *prompt)
{
	rl_set_prompt(prompt != NULL ? prompt : P.host->prompt);
}

void
ui_prompt_wait(const char *text)
{
	free(P.hold);
	P.hold = text != NULL ? ui_strdup(text) : NULL;
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
	v->question = P.question != NULL ? P.question : ui_prompt_held() ? P.hold : NULL;
	P.hint[0] = '\0';
	if (P.host->hint && rl_point == rl_end && !P.question && !P.recall.searching && rl_end < 400)
		P.host->hint(P.host->arg, rl_line_buffer, P.hint, sizeof P.hint);
	v->hint = P.hint;
}
