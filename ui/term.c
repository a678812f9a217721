/* term.c: the only curses file. Curses gets cells and finds what to send; it never reads a key. Modes that it does not
 * know (mouse, bracketed paste, the line discipline) are written and taken back here, on every way out.
 */
#include "terminal.h"
#include "look.h"
#include "mem.h"
#include "pictures.h"
#include "tty.h"

#define NCURSES_WIDECHAR 1
#define _XOPEN_SOURCE_EXTENDED 1
#include <curses.h>
#include <term.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

/* curses.h has short names of its own; ours keep their prefix. */
struct ui_term {
	SCREEN *screen; /* writes to standard output's descriptor itself, past stdio */
	struct termios before; /* as we found it */
	struct termios ours;
	bool have_termios, in, mouse, modes, gone;
	bool out; /* it has been told something: not before the first frame, so that there is nothing to restore */
	enum ui_colours colours, drawn_colours;
	uint32_t drawn_theme; /* as ui_look_seen has it */
	struct ui_canvas *drawn; /* what curses has been told */
	char restore[320]; /* "" while there is nothing to restore */
	char undo[320]; /* what there is then */
	struct ui_pictures pictures;
	char title[256]; /* of the window, as it was told; "": it is not ours yet */
	bool drawing; /* the canvas takes inlays */
};

static const char mouse_on[] = "\033[?1002h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1002l";
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";
static const char title_keep[] = "\033[22;2t", title_back[] = "\033[23;2t";
/* A terminal that has synchronised output shows a frame whole; others take no notice. */
static const char sync_on[] = "\033[?2026h", sync_off[] = "\033[?2026l";

static void
term_write(struct ui_term *t, const char *s)
{
	t->gone = t->gone || !ui_tty_write(s);
}

/* Curses sends what has changed, and the pictures follow. */
static int
term_update(struct ui_term *t, const char *pictures)
{
	term_write(t, t->modes ? sync_on : "");
	doupdate();
	term_write(t, pictures);
	term_write(t, t->modes ? sync_off : "");
	return t->gone ? -1 : 0;
}

void
ui_term_title(struct ui_term *t, const char *text)
{
	char s[256];

	if (t->modes && t->out && ui_tty_title(text, s, sizeof s) && strcmp(s, t->title) != 0) {
		term_write(t, t->title[0] == '\0' ? title_keep : "");
		strcpy(t->title, s);
		term_write(t, s);
	}
}

/* The line discipline: bytes at once and without echo; the keys for interrupt, quit and suspend still send their
 * signals. These drop what has not been read, so a read never waits: what poll has promised may be gone, and whoever
 * waits for it sees no signal. */
static void
term_set_line(struct ui_term *t)
{
	if (!t->have_termios)
		return;
	t->ours = t->before;
	t->ours.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | IEXTEN);
	t->ours.c_lflag |= ISIG;
	t->ours.c_iflag &= ~(tcflag_t)(IXON | IXOFF | ICRNL | INLCR | IGNCR | ISTRIP);
	t->ours.c_cc[VMIN] = 0;
	t->ours.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &t->ours);
	def_prog_mode(); /* what curses goes back to */
}

static void
term_modes(struct ui_term *t, bool on)
{
	if (!t->modes)
		return;
	if (t->mouse)
		term_write(t, on ? mouse_on : mouse_off);
	term_write(t, on ? paste_on : paste_off);
}

/* 2^24 colours are told by the terminal description, or by a sister of it that says how to send them. */
static const char *
term_name(const char *name, char *buf, size_t size)
{
	const char *ct = getenv("COLORTERM");
	int err;

	if (ct == NULL || (strcmp(ct, "truecolor") != 0 && strcmp(ct, "24bit") != 0) ||
	    strstr(name, "-256color") == NULL)
		return name;
	snprintf(buf, size, "%.*s-direct", (int)(strstr(name, "-256color") - name), name);
	if (setupterm(buf, STDOUT_FILENO, &err) == OK) {
		del_curterm(cur_term);
		return buf;
	}
	return name;
}

/* Curses believes LINES and COLUMNS, which may lie; so they say the truth while it looks, and are as before
 * afterwards. */
static SCREEN *
term_new(struct ui_term *t, const char *name)
{
	static const char *const names[] = {"COLUMNS", "LINES"};
	char *old[2], text[16];
	int size[2];
	SCREEN *s;

	ui_term_size(t, &size[0], &size[1]);
	for (int i = 0; i < 2; i++) {
		old[i] = ui_strdup(getenv(names[i]));
		snprintf(text, sizeof text, "%d", size[i]);
		setenv(names[i], text, 1);
	}
	s = newterm(name, stdout, stdin);
	for (int i = 0; i < 2; i++) {
		if (old[i])
			setenv(names[i], old[i], 1);
		else
			unsetenv(names[i]);
		free(old[i]);
	}
	return s;
}

struct ui_term *
ui_term_open(bool mouse, char *why, size_t size)
{
	const char *name = getenv("TERM"), *s;
	char buf[64];
	int cols, rows, err = 0;
	struct ui_term *t;

	if (name == NULL || name[0] == '\0' || strcmp(name, "dumb") == 0 || strlen(name) > 60) {
		snprintf(why, size, "TERM is %s: no screen on this terminal, going on with lines "
		    "(set TERM=xterm-256color if it is one)",
		    name == NULL || name[0] == '\0' ? "not set" : name[0] == 'd' ? "dumb" : "too long");
		return NULL;
	}
	free(ui_alloc((size_t)1 << 20, 1)); /* curses crashes where memory is missing, so it is asked for here */
	if (setupterm(name, STDOUT_FILENO, &err) != OK) {
		snprintf(why, size, "terminal \"%s\" is not known here: going on with lines "
		    "(try TERM=xterm-256color, or install ncurses-term)", name);
		return NULL;
	}
	s = tigetstr("cup");
	if (s == NULL || s == (char *)-1 || (s = tigetstr("clear")) == NULL || s == (char *)-1) {
		snprintf(why, size, "terminal \"%s\" cannot place its cursor: going on with lines", name);
		del_curterm(cur_term);
		return NULL;
	}
	del_curterm(cur_term);
	t = ui_alloc(1, sizeof *t);
	t->mouse = mouse;
	t->modes = ui_tty_modes(name);
	t->have_termios = tcgetattr(STDIN_FILENO, &t->before) == 0;
	t->screen = term_new(t, term_name(name, buf, sizeof buf));
	if (t->screen == NULL) {
		snprintf(why, size, "terminal \"%s\": the screen cannot be set up: going on with lines", name);
		free(t);
		return NULL;
	}
	if (has_colors() && start_color() == OK) {
		use_default_colors();
		t->colours = COLORS >= 0x1000000 ? UI_TRUE : COLORS >= 256 ? UI_256 : COLORS >= 8 ? UI_8 : UI_MONO;
	}
	s = tigetstr("rmcup");
	snprintf(t->undo, 128, "%s%s%s%s\033[0m%s%s", t->modes ? sync_off : "", t->modes ? title_back : "",
	    t->modes ? mouse_off : "", t->modes ? paste_off : "", s && s != (char *)-1 ? s : "",
	    strncmp(name, "vt", 2) == 0 ? "" : "\033[?25h");
	nonl();
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	t->in = true;
	ui_pictures_open(&t->pictures, 1 + (uint32_t)getpid() % 255);
	ui_term_size(t, &cols, &rows);
	ui_term_resize(t, cols, rows);
	term_set_line(t);
	return t;
}

/* A crash may come at any moment: its handler finds all of the text, or none. */
static void
term_restorable(struct ui_term *t, bool on)
{
	if (on)
		strcpy(t->restore + 1, t->undo + 1);
	atomic_signal_fence(memory_order_seq_cst);
	*(volatile char *)t->restore = on ? t->undo[0] : '\0';
}

void
ui_term_leave(struct ui_term *t)
{
	if (!t->in)
		return;
	t->in = false;
	if (t->out) {
		if (!t->gone)
			ui_pictures_drain(&t->pictures);
		if (t->drawing)
			term_write(t, ui_sent_delete(t->pictures.sent));
		term_modes(t, false);
		term_write(t, t->title[0] != '\0' ? title_back : "");
		t->title[0] = '\0';
		if (!t->gone)
			endwin();
		term_restorable(t, false);
		t->out = false;
	}
	if (t->have_termios)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &t->before);
}

void
ui_term_enter(struct ui_term *t)
{
	int cols, rows;

	if (t->in)
		return;
	t->in = true;
	term_set_line(t);
	ui_term_size(t, &cols, &rows);
	ui_term_resize(t, cols, rows);
	ui_term_redraw(t);
}

void
ui_term_close(struct ui_term *t)
{
	if (t == NULL)
		return;
	ui_term_leave(t);
	ui_pictures_close(&t->pictures);
	delscreen(t->screen);
	ui_canvas_free(t->drawn);
	free(t);
}

enum ui_colours
ui_term_colours(const struct ui_term *t)
{
	return t->colours;
}

void
ui_term_mouse(struct ui_term *t, bool on)
{
	if (on == t->mouse)
		return;
	if (t->modes && t->out)
		term_write(t, on ? mouse_on : mouse_off);
	t->mouse = on;
}

void
ui_term_resize(struct ui_term *t, int cols, int rows)
{
	if (rows != LINES || cols != COLS)
		resizeterm(rows, cols);
	if (t->drawn == NULL)
		t->drawn = ui_canvas_new(cols, rows, UI_ASCII);
	ui_canvas_resize(t->drawn, cols, rows);
	werase(stdscr);
	ui_term_redraw(t);
}

void
ui_term_redraw(struct ui_term *t)
{
	clearok(curscr, TRUE);
	ui_sent_forget(t->pictures.sent);
}

static int
term_put(int c)
{
	return write(STDOUT_FILENO, &(char){(char)c}, 1) == 1 ? c : EOF;
}

/* CAN ends an escape sequence of which the rest is lost; what curses believes of attributes may be wrong as well. */
void
ui_term_interrupted(struct ui_term *t)
{
	if (!t->out || t->gone)
		return;
	term_write(t, "\030");
	if (t->drawing)
		term_write(t, ui_sent_mend(t->pictures.sent));
	vid_puts(A_NORMAL, 0, NULL, term_put);
	if (exit_attribute_mode != NULL)
		tputs(exit_attribute_mode, 1, term_put);
	ui_term_redraw(t);
}

/* ---- pictures ---- */

bool
ui_term_told(struct ui_term *t, const char *s, size_t n)
{
	return ui_pictures_told(&t->pictures, s, n, ui_tty_now());
}

/* Pictures begin or end. A crash takes back whatever was sent as well. */
static void
term_drawing(struct ui_term *t, bool on)
{
	char undo[sizeof t->undo];
	size_t n;

	if (!on && t->out)
		term_write(t, ui_sent_delete(t->pictures.sent));
	t->drawing = on;
	if (!on || strstr(t->undo, "a=d") != NULL)
		return;
	memcpy(undo, t->undo, sizeof undo);
	ui_sent_range(t->pictures.sent, t->undo, sizeof t->undo);
	n = strlen(t->undo);
	snprintf(t->undo + n, sizeof t->undo - n, "%s", undo);
	if (t->out) {
		term_restorable(t, false);
		term_restorable(t, true);
	}
}

void
ui_term_prepare(struct ui_term *t, struct ui_canvas *c, enum ui_pictures_how how, enum ui_colours colours)
{
	bool on = ui_pictures_drawn(&t->pictures, how) && colours >= UI_256 && t->colours >= UI_256 &&
	    ui_kitty_measured();

	if (on != t->drawing)
		term_drawing(t, on);
	c->cell_w = c->cell_h = 0;
	ui_look_told(c->ground = t->pictures.told.ground);
	c->ground = ui_look_ground_own() ? ui_look_ground_own() : c->ground;
	if (on)
		ui_tty_cell(&t->pictures.told, &c->cell_w, &c->cell_h);
}

/* ---- cells ---- */

/* The number that curses takes for a colour of a look. A terminal of 2^24 colours takes numbers below 8 for its own
 * eight, all others for RGB. */
static int
term_colour(const struct ui_term *t, int colour, enum ui_colours colours)
{
	if (t->colours != UI_TRUE || colours == UI_8 || colour < 0)
		return colour;
	if (colours == UI_256)
		colour = (int)ui_colour_rgb(colour);
	return colour > 0 && colour < 8 ? 8 : colour;
}

static void
term_cell(const struct ui_term *t, const struct ui_cell *cell, enum ui_colours colours, int x, int y)
{
	struct ui_look look = ui_cell_look(cell, colours);
	const char *s = cell->text;
	wchar_t w[CCHARW_MAX + 1];
	attr_t attr = 0;
	cchar_t cc;
	int n = 0, pair = 0;

	while (*s && n < CCHARW_MAX) {
		uint32_t code;

		s = ui_char_next(s, &code);
		w[n++] = (wchar_t)code;
	}
	/* What the C library measures otherwise would shift the rest of the row. */
	if (w[0] >= 0x80 && wcwidth(w[0]) != cell->width)
		w[0] = L'?', n = 1;
	for (int i = 1; i < n; i++)
		if (wcwidth(w[i]) != 0)
			n = i;
	w[n] = L'\0';
	if (look.attr & UI_A_BOLD)
		attr |= A_BOLD;
	if (look.attr & UI_A_DIM)
		attr |= A_DIM;
	if (look.attr & UI_A_REVERSE)
		attr |= A_REVERSE;
	if (cell->inlay != 0)
		pair = alloc_pair((int)(cell->fg & 255), ui_look_ground_own() ? term_colour(t, look.bg, colours) : -1);
	else if (colours != UI_MONO && (look.fg >= 0 || look.bg >= 0))
		pair = alloc_pair(term_colour(t, look.fg, colours), term_colour(t, look.bg, colours));
	if (pair < 0)
		pair = 0;
	setcchar(&cc, w, attr, 0, &pair);
	mvadd_wch(y, x, &cc);
}

/* pictures: what the terminal does not have of them. They come behind the cells, which may bring another screen. */
static int
term_frame(struct ui_term *t, const struct ui_canvas *c, enum ui_colours colours, int cursor_x, int cursor_y,
    const char *pictures)
{
	if (t->gone || !t->in)
		return t->gone ? -1 : 0;
	if (t->drawn->cols != c->cols || t->drawn->rows != c->rows)
		return 0; /* a resize is under way */
	if (colours > t->colours)
		colours = t->colours;
	for (int y = 0; y < c->rows; y++) {
		struct ui_cell *old = &t->drawn->cell[(size_t)y * (size_t)c->cols];
		const struct ui_cell *now = &c->cell[(size_t)y * (size_t)c->cols];
		bool changed = colours != t->drawn_colours || ui_look_seen() != t->drawn_theme;

		for (int x = 0; x < c->cols && !changed; x++)
			changed = !ui_cell_same(&old[x], &now[x]);
		if (!changed)
			continue;
		/* The whole row: curses then never sees half of a wide character. */
		for (int x = 0; x < c->cols; x++)
			if (now[x].width > 0)
				term_cell(t, &now[x], colours, x, y);
		memcpy(old, now, sizeof *now * (size_t)c->cols);
	}
	t->drawn_colours = colours;
	t->drawn_theme = ui_look_seen();
	move(cursor_y < LINES ? cursor_y : LINES - 1, cursor_x < COLS ? cursor_x : COLS - 1);
	wnoutrefresh(stdscr);
	if (t->out)
		return term_update(t, pictures);
	/* Before the frame, which wipes away what a terminal prints of a question that it does not understand. */
	if (!t->pictures.asked && t->modes && ui_tty_asks(t->pictures.tmux))
		term_write(t, ui_pictures_ask(&t->pictures, ui_tty_now()));
	t->out = true;
	term_restorable(t, true);
	doupdate(); /* the alternate screen and the frame in one piece */
	term_modes(t, true);
	term_write(t, pictures);
	return t->gone ? -1 : 0;
}

int
ui_term_echo(struct ui_term *t, const struct ui_canvas *c, enum ui_colours colours, int cursor_x, int cursor_y)
{
	return term_frame(t, c, colours, cursor_x, cursor_y, "");
}

int
ui_term_show(struct ui_term *t, struct ui_canvas *c, enum ui_colours colours, int cursor_x, int cursor_y)
{
	const char *pictures = "";
	size_t n;

	if (t->drawing && t->in && !t->gone) {
		ui_sent_name(t->pictures.sent, c);
		pictures = ui_sent_take(t->pictures.sent, c, ui_tty_now(), &n);
	}
	return term_frame(t, c, colours, cursor_x, cursor_y, pictures);
}

int
ui_term_due(const struct ui_term *t)
{
	double due = t->drawing && t->in ? ui_sent_due(t->pictures.sent, ui_tty_now()) : -1;

	return due < 0 ? -1 : (int)due + 1;
}

void
ui_term_bell(struct ui_term *t)
{
	if (t->in)
		beep();
}

const char *
ui_term_restore_text(const struct ui_term *t)
{
	return t->restore;
}
