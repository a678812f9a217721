/* prompt_line.c: a line read without the workbench, with the same editing, completion and lines typed before */
#include "prompt_int.h"

#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

/* As readline does, but for reads that never wait: see term.c. */
static void
prompt_line_prep(int meta)
{
	struct termios t;

	rl_prep_terminal(meta);
	ui_prompt_replace_keys(); /* it binds the terminal's own keys */
	if (tcgetattr(STDIN_FILENO, &t) < 0)
		return;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &t);
}

/* Byte by byte, so that what is typed behind the line is there for whoever reads next. */
static void
prompt_line_take(void)
{
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};
	unsigned char c;
	ssize_t n = 0;

	while (!P.got && (n = read(STDIN_FILENO, &c, 1)) != 0) {
		if (n == 1)
			ui_prompt_take(&c, 1);
		else if (errno == EAGAIN)
			return;
		else if (errno != EINTR)
			break;
	}
	/* Nothing may be the end, or an interrupt has taken what poll promised. */
	if (!P.got && (n < 0 || poll(&p, 1, 0) < 0 || (p.revents & (POLLHUP | POLLERR | POLLNVAL))))
		ui_prompt_input_end();
}

static void
line_say(void *arg, const char *text)
{
	fprintf(rl_outstream, "\n%s\n", text);
	rl_on_new_line();
	rl_redisplay();
}

static void
prompt_line_got(char *line)
{
	P.got = true;
	P.reading = false;
	P.line = line;
	rl_callback_handler_remove();
}

static void
prompt_interrupted(const struct ui_host *host, bool *interrupted)
{
	if (ui_prompt_drop()) {
		fputs("^C\n", rl_outstream);
		ui_prompt_restart();
		rl_on_new_line();
		rl_redisplay();
		return;
	}
	fputs("\n", rl_outstream);
	*interrupted = P.got = true;
}

char *
ui_read_line(const struct ui_host *host, bool *interrupted)
{
	static const struct ui_prompt_calls calls = {.say = line_say};

	ui_prompt_ready();
	ui_prompt_input();
	ui_prompt_recall(host->history);
	P.host = host;
	P.calls = &calls;
	P.got = *interrupted = false;
	P.line = NULL;
	P.reading = true;
	rl_prep_term_function = prompt_line_prep;
	rl_callback_handler_install(host->prompt, prompt_line_got);
	while (!P.got) {
		struct pollfd p[2] = {{STDIN_FILENO, POLLIN, 0}, {host->signal_fd, POLLIN, 0}};
		unsigned sig;

		if (poll(p, 2, ui_prompt_timeout()) < 0 && errno != EINTR)
			break;
		sig = host->signals ? host->signals(host->arg) : 0;
		if (sig & UI_SIG_RESIZE)
			rl_resize_terminal();
		if (sig & UI_SIG_STOP) {
			rl_deprep_terminal();
			host->suspend(host->arg);
			prompt_line_prep(1);
			rl_forced_update_display();
		}
		if (sig & UI_SIG_END) {
			*interrupted = true;
			break;
		}
		if (sig & UI_SIG_INTERRUPT)
			prompt_interrupted(host, interrupted);
		else if (p[0].revents)
			prompt_line_take();
		else
			ui_prompt_expire();
	}
	ui_prompt_search_end(false);
	if (P.reading)
		rl_callback_handler_remove();
	P.reading = false;
	if (P.line)
		ui_recall_add(&P.recall, host->history, P.line);
	P.host = NULL;
	return P.line;
}

void
ui_line_read(const struct ui_host *host, const char *line)
{
	ui_prompt_recall(host->history);
	ui_recall_add(&P.recall, host->history, line);
}
