/* driver.c: the workbench's screen with a made-up model behind it, for tests that look at it through a terminal. A line
 * that is entered is an order: state N, log TEXT, layout NAME, focus PANE, glyphs NAME, colours N, ask, dump FILE (the
 * cells as text, a form feed, the number of colours, and a line a row of looks: "cells,ink,ground,attributes ...";
 * whole or not at all), echo FILE (the same at once, the order itself in the log), crash, quit. Whatever else is
 * entered is echoed into the log as "got TEXT".
 */
#include "../ui/fixture.h"
#include "ui/ui.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct ui *ui;
static struct ui_options options = {.glyphs_auto = true, .colours_auto = true, .mouse = true};
static int signal_pipe[2];
static volatile sig_atomic_t resized, interrupted, stopped, ended;
static bool leaving, asking;
static char dump[256];

static void write_dump(void);

static void
handler(int sig)
{
	int saved = errno;

	*(sig == SIGWINCH ? &resized : sig == SIGINT ? &interrupted : sig == SIGTSTP ? &stopped : &ended) = 1;
	if (write(signal_pipe[1], "x", 1) < 0) {
		/* full: it will be looked at */
	}
	errno = saved;
}

static unsigned
take(volatile sig_atomic_t *flag, unsigned bit)
{
	unsigned r = *flag ? bit : 0;

	*flag = 0;
	return r;
}

static unsigned
signals(void *arg)
{
	char buf[64];

	while (read(signal_pipe[0], buf, sizeof buf) > 0)
		;
	return take(&resized, UI_SIG_RESIZE) | take(&interrupted, UI_SIG_INTERRUPT) | take(&stopped, UI_SIG_STOP);
}

static void
suspend(void *arg)
{
	raise(SIGSTOP);
}

static void
exec(void *arg, const char *line, bool behind)
{
	struct ui_model *m = ui_model_of(ui);
	char text[512];

	m->version++;
	if (strncmp(line, "state ", 6) == 0) {
		ui_model_clear(m);
		fixture_fill(m, (enum fixture_state)atoi(line + 6));
	} else if (strncmp(line, "log ", 4) == 0)
		ui_log_add(&m->log, UI_PLAIN, line + 4);
	else if (strncmp(line, "layout ", 7) == 0)
		ui_set_layout(ui, line + 7);
	else if (strncmp(line, "focus ", 6) == 0)
		ui_set_focus(ui, line + 6);
	else if (strncmp(line, "glyphs ", 7) == 0) {
		options.glyphs_auto = false;
		options.glyphs = line[7] == 'a' ? UI_ASCII : line[8] == 'l' ? UI_BLOCK : UI_BRAILLE;
		ui_set_options(ui, &options);
	} else if (strncmp(line, "colours ", 8) == 0) {
		options.colours_auto = false;
		options.colours = (enum ui_colours)atoi(line + 8);
		ui_set_options(ui, &options);
	} else if (strcmp(line, "ask") == 0)
		asking = true;
	else if (strncmp(line, "dump ", 5) == 0)
		snprintf(dump, sizeof dump, "%s", line + 5);
	else if (strncmp(line, "echo ", 5) == 0) {
		ui_log_add(&m->log, UI_ACCENT, line);
		snprintf(dump, sizeof dump, "%s", line + 5);
		write_dump();
	} else if (strcmp(line, "crash") == 0)
		raise(SIGSEGV);
	else if (strcmp(line, "quit") == 0)
		leaving = true;
	else {
		if (strcmp(line, "pause") == 0 || strcmp(line, "continue") == 0)
			m->paused = line[0] == 'p';
		snprintf(text, sizeof text, "got %.400s", line);
		ui_log_add(&m->log, UI_PLAIN, text);
	}
}

/* Right halves of wide characters have no look of their own. */
static void
write_looks(FILE *f, const struct ui_canvas *c, enum ui_colours colours)
{
	fprintf(f, "%d\n", (int)colours);
	for (int y = 0; y < c->rows; y++) {
		struct ui_look run = {0};
		int n = 0;

		for (int x = 0; x < c->cols; x++) {
			struct ui_look l = ui_cell_look(ui_canvas_at(c, x, y), colours);

			if (ui_canvas_at(c, x, y)->width == 0)
				continue;
			if (n > 0 && (l.fg != run.fg || l.bg != run.bg || l.attr != run.attr)) {
				fprintf(f, "%d,%d,%d,%u ", n, run.fg, run.bg, run.attr);
				n = 0;
			}
			run = l;
			n++;
		}
		fprintf(f, "%d,%d,%d,%u\n", n, run.fg, run.bg, run.attr);
	}
}

static void
write_dump(void)
{
	const struct ui_canvas *c = ui_screen(ui, NULL);
	char part[300], *text = ui_canvas_dump(c);
	FILE *f;

	snprintf(part, sizeof part, "%s.part", dump);
	f = fopen(part, "w");
	if (f) {
		fprintf(f, "%s\f", text);
		write_looks(f, c, ui_screen_colours(ui));
		fclose(f);
		rename(part, dump);
	}
	free(text);
	dump[0] = '\0';
}

static int
tick(void *arg, struct ui_model *m)
{
	if (dump[0])
		write_dump();
	return leaving || ended ? UI_LEAVE : -1;
}

static void
interrupt(void *arg)
{
	exec(arg, "interrupt", false);
}

static const char *
ask(void *arg)
{
	return asking ? "quit all the same? (y/n) " : NULL;
}

static void
leave(void *arg)
{
	leaving = true;
}

static void
click(void *arg, const char *panel, int64_t id, int row, int col)
{
	char line[64];

	snprintf(line, sizeof line, "click %s %d", panel, (int)id);
	exec(arg, line, false);
}

static void
complete(void *arg, const char *line, int point, struct ui_candidates *out)
{
	static const char *const words[] = {"train", "trainable", "freeze", "features", "état", "été"};
	int start = point;

	while (start > 0 && line[start - 1] != ' ' && line[start - 1] != '=')
		start--;
	out->start = start;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncmp(words[i], line + start, (size_t)(point - start)) == 0)
			ui_candidates_add(out, words[i], "a word");
}

static void
hint(void *arg, const char *line, char *out, size_t size)
{
	snprintf(out, size, "%s", strcmp(line, "train ") == 0 ? "SPLIT" : "");
}

int
main(int argc, char **argv)
{
	static const struct ui_host_key keys[] = {{' ', "pause", "continue"}, {'n', "step", NULL}, {'+', "more", NULL}, {0}};
	struct ui_host host = {.keys = keys, .exec = exec, .complete = complete, .hint = hint, .tick = tick, .interrupt = interrupt, .leaving = ask, .leave = leave,
	    .click = click, .signals = signals, .suspend = suspend, .wake_fd = -1, .prompt = "thaw> ", .history = argc > 1 ? argv[1] : NULL};
	struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_RESTART};
	static const int caught[] = {SIGWINCH, SIGINT, SIGTSTP, SIGTERM, SIGHUP};
	char why[256];

	setlocale(LC_ALL, "");
	if (pipe(signal_pipe) < 0)
		return 1;
	host.signal_fd = signal_pipe[0];
	for (int i = 0; i < 2; i++)
		if (fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK) < 0)
			return 1;
	for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
		sigaction(caught[i], &sa, NULL);
	ui = ui_open(&host, &options, why, sizeof why);
	if (ui == NULL) {
		printf("no screen: %s\n", why);
		return 3;
	}
	fixture_fill(ui_model_of(ui), FIXTURE_SECOND);
	ui_run(ui);
	ui_close(ui);
	close(signal_pipe[0]);
	close(signal_pipe[1]);
	printf("left\n");
	return 0;
}
