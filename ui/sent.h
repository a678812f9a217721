/* sent.h: which pictures a terminal holds, so that one is sent again only when it has changed. Pure: the time is told,
 * and what has to be sent is text for whoever writes to the terminal.
 */
#ifndef UI_SENT_H
#define UI_SENT_H

#include "canvas.h"

struct ui_sent;

struct ui_sent *ui_sent_new(bool tmux, uint32_t group); /* group, 1 to 255: no other program's here */
void ui_sent_free(struct ui_sent *s);
/* Measures by this, in milliseconds, in place of the processor's time what drawing takes. */
void ui_sent_clock(struct ui_sent *s, double (*clock)(void));

/* Gives the cells of the inlays their text and their colour, which is UI_RGB(0, 0, n): n is also the one of 256. */
void ui_sent_name(struct ui_sent *s, struct ui_canvas *c);
/* What has to be sent for the inlays that were named last: "" when nothing is. A chart that changes all the time is
 * sent as often as bytes and processors allow. Good until the next call. */
const char *ui_sent_take(struct ui_sent *s, const struct ui_canvas *c, double now, size_t *n);
/* milliseconds until there is more to send; negative: there is not */
double ui_sent_due(const struct ui_sent *s, double now);
const char *ui_sent_delete(struct ui_sent *s); /* takes all of them back */
const char *ui_sent_mend(struct ui_sent *s); /* ends what was begun and cut off */
void ui_sent_forget(struct ui_sent *s); /* the terminal has lost them */
/* takes back what there may ever be, in few bytes */
void ui_sent_range(const struct ui_sent *s, char *out, size_t size);

#endif
