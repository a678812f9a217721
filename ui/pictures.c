/* pictures.c: whether a terminal draws pictures. Once something else has answered, or too long nothing has, it does
 * not; nor does one that can, but is not known to show them in cells.
 */
#include "pictures.h"
#include "tty.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
ui_pictures_open(struct ui_pictures *p, uint32_t group)
{
	const char *tmux = getenv("TMUX");

	*p = (struct ui_pictures){.tmux = tmux != NULL && *tmux != '\0'};
	p->question.tmux = p->tmux;
	p->sent = ui_sent_new(p->tmux, group);
}

void
ui_pictures_close(struct ui_pictures *p)
{
	free(p->question.text);
	ui_sent_free(p->sent);
}

const char *
ui_pictures_ask(struct ui_pictures *p, double now)
{
	p->question.n = 0;
	ui_kitty_ask(&p->question);
	p->asked = true;
	p->when = now;
	return p->question.text;
}

bool
ui_pictures_told(struct ui_pictures *p, const char *s, size_t n, double now)
{
	return p->asked && !p->told.done && now - p->when <= UI_PICTURES_LATE && ui_kitty_answer(&p->told, s, n);
}

bool
ui_pictures_drawn(const struct ui_pictures *p, enum ui_pictures_how how)
{
	return how == UI_PICTURES_KITTY || (how == UI_PICTURES_AUTO && p->told.yes && p->told.knows);
}

int
ui_pictures_left(const struct ui_pictures *p, double now)
{
	double left = p->when + UI_PICTURES_WAIT - now;

	return p->asked && !p->told.done && left > 0 ? (int)left + 1 : 0;
}

void
ui_pictures_drain(const struct ui_pictures *p)
{
	struct pollfd in = {STDIN_FILENO, POLLIN, 0};
	char buf[512];
	int left;
	ssize_t n;

	while ((left = ui_pictures_left(p, ui_tty_now())) > 0)
		if (poll(&in, 1, left) < 1 || (n = read(STDIN_FILENO, buf, sizeof buf)) < 1 ||
		    memchr(buf, 'c', (size_t)n) != NULL)
			return;
}
