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
	if (tcgetattr(STDIN_FILENO, &t) < 0)
		return;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &t);
}

/* What poll promised may be gone with a Ctrl-C. While a signal is to be served and nothing more comes it gives what does nothing, then an
 * end, so that readline comes back also out of half a paste, whose text the first ends. */
static int
prompt_line_getc(FILE *f)
{
	struct pollfd p[2] = {{STDIN_FILENO, POLLIN, 0}, {P.host != NULL ? P.host->signal_fd : -1, POLLIN, 0}};
	unsigned char c;
	ssize_t n;

	while ((n = read(STDIN_FILENO, &c, 1)) != 1) {
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return EOF;
		if (poll(p, 1, 100) == 0 && poll(p + 1, 1, 0) == 1)
			return P.nothing++ == 0 ? '\0' : EOF;
		if (n == 0 && (p[0].revents & (POLLHUP | POLLERR | POLLNVAL)))
			return EOF;
	}
	P.nothing = 0;
	return c;
}

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
		ui_prompt_restart();
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
	ui_prompt_recall(host->history);
	P.host = host;
	P.got = P.ended = *interrupted = false;
	P.line = NULL;
	rl_prep_term_function = prompt_line_prep;
	rl_getc_function = prompt_line_getc;
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
			prompt_line_prep(1);
			rl_forced_update_display();
		}
		if (sig & UI_SIG_END) {
			rl_callback_handler_remove();
			*interrupted = true;
			break;
		}
		if (sig & UI_SIG_INTERRUPT)
			prompt_interrupted(host, interrupted);
		else if (p[0].revents) {
			P.nothing = 0;
			rl_callback_read_char();
		}
	}
	ui_prompt_search_end(false);
	if (!P.got)
		rl_callback_handler_remove();
	if (P.line)
		ui_recall_add(&P.recall, host->history, P.line);
	P.host = NULL;
	return P.line;
}
