/* colourmap.h: colours for amounts. */
#ifndef UI_COLOURMAP_H
#define UI_COLOURMAP_H

#include "figure.h"

/* An amount t in 0..1: white for none, then from yellow to a dark purple, darker all the way, so that it reads in grey
 * and for people who do not see all colours. */
struct ui_rgb ui_amount_colour(double t);
double ui_luminance(struct ui_rgb c); /* relative, 0..1, as WCAG 2 defines it */
struct ui_rgb ui_ink_on(struct ui_rgb ground); /* black or white, whichever reads better on it */

#endif
