/* pictures.h: whether a terminal draws pictures: what it was asked, and what it has answered. Nothing waits for the
 * answers: until they have come there are cells. Pure: the time is told.
 */
#ifndef UI_PICTURES_H
#define UI_PICTURES_H

#include "kitty.h"
#include "sent.h"
#include "ui.h"

#define UI_PICTURES_WAIT 100 /* milliseconds that leaving waits for answers, which a shell would take for keys */
#define UI_PICTURES_LATE 1000 /* an answer after so many is none */

struct ui_pictures {
	bool tmux;
	bool asked;
	double when; /* it was asked */
	struct ui_kitty_answers told;
	struct ui_kitty question;
	struct ui_sent *sent;
};

void ui_pictures_open(struct ui_pictures *p, uint32_t group); /* looks at the environment; group as in sent.h */
void ui_pictures_close(struct ui_pictures *p);
const char *ui_pictures_ask(struct ui_pictures *p, double now);
bool ui_pictures_told(struct ui_pictures *p, const char *s, size_t n, double now); /* false: nothing has changed */
bool ui_pictures_drawn(const struct ui_pictures *p, enum ui_pictures_how how); /* whether pictures it is */
int ui_pictures_left(const struct ui_pictures *p, double now); /* milliseconds that leaving has to wait; 0: none */
/* waits so long for the answers, which a shell would take for typing */
void ui_pictures_drain(const struct ui_pictures *p);

#endif
