/* tty.c: what the terminal is like, as the system, the environment and its own answers tell. No curses here. */
#include "tty.h"
#include "terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Terminals that are known to take private modes silently; an old one might print them. */
bool
ui_tty_modes(const char *name)
{
	static const char *const known[] = {"xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "konsole",
	    "gnome", "vte", "st-", "iterm",
		"putty", "wezterm", "contour", "mlterm", "ghostty", "Eterm"};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strncmp(name, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

bool
ui_tty_write(const char *s)
{
	size_t n = strlen(s);

	while (n > 0) {
		ssize_t k = write(STDOUT_FILENO, s, n);

		if (k < 0 && errno != EINTR)
			return false;
		if (k > 0) {
			s += k;
			n -= (size_t)k;
		}
	}
	return true;
}

bool
ui_tty_title(const char *text, char *out, size_t size)
{
	static const char begin[] = "\033]2;", end[] = "\a";
	char *at = stpcpy(out, begin);
	const char *next;

	for (; *text != '\0'; text = next) {
		uint32_t code;

		next = ui_char_next(text, &code);
		if (at + (next - text) + sizeof end > out + size)
			break;
		if (code >= 0x20 && (code < 0x7f || code > 0x9f))
			at = mempcpy(at, text, (size_t)(next - text));
	}
	strcpy(at, end);
	return at > out + strlen(begin);
}

/* What knows nothing of such questions prints them; screen is not asked, tmux passes them on. */
bool
ui_tty_asks(bool tmux)
{
	const char *name = getenv("TERM");

	return tmux || (name != NULL && strncmp(name, "screen", 6) != 0);
}

/* The font of a console has a few signs beyond ASCII; vt100 and its like have none, and vte is not one of them. */
bool
ui_ascii(void)
{
	const char *name = getenv("TERM");

	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || (name != NULL && (strncmp(name, "linux", 5) == 0 ||
	    (strncmp(name, "vt", 2) == 0 && name[2] >= '0' && name[2] <= '9')));
}

void
ui_term_size(const struct ui_term *t, int *cols, int *rows)
{
	struct winsize ws;
	const char *s;

	*cols = *rows = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 || ioctl(STDIN_FILENO, TIOCGWINSZ, &ws) == 0) {
		*cols = ws.ws_col;
		*rows = ws.ws_row;
	}
	/* A line without a size (a serial console): the environment, then what the terminal once was. */
	if (*cols <= 0 && (s = getenv("COLUMNS")) != NULL)
		*cols = atoi(s);
	if (*rows <= 0 && (s = getenv("LINES")) != NULL)
		*rows = atoi(s);
	*cols = *cols <= 0 ? 80 : *cols > 500 ? 500 : *cols;
	*rows = *rows <= 0 ? 24 : *rows > 300 ? 300 : *rows;
}

/* The pixels of a cell; a usual size where nobody tells them. */
void
ui_tty_cell(const struct ui_kitty_answers *told, int *w, int *h)
{
	struct winsize ws = {0};

	*w = told->cell_w > 0 ? told->cell_w : 8;
	*h = told->cell_h > 0 ? told->cell_h : 16;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 && ws.ws_row > 0 && ws.ws_xpixel >= ws.ws_col &&
	    ws.ws_ypixel >= ws.ws_row) {
		*w = ws.ws_xpixel / ws.ws_col;
		*h = ws.ws_ypixel / ws.ws_row;
	}
}

double
ui_tty_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}
