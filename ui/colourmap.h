/* colourmap.h: colours for amounts and for signed numbers. */
#ifndef UI_COLOURMAP_H
#define UI_COLOURMAP_H

#include "figure.h"

/* An amount t in 0..1: on light ground white for none, then from yellow to a dark purple, darker all the way, so that
 * it reads in grey and for people who do not see all colours. On dark ground the other way: a dark grey for none, and
 * the larger the brighter. */
struct ui_rgb ui_amount_colour(double t, bool light);
/* A signed number t in -1..1 on white ground: zero is white; blue below it, orange above, both darker all the way, as
 * everybody can tell them; the end of the blues is so much darker that it is told in grey, too. */
struct ui_rgb ui_signed_colour(double t);
/* The colour of a level of a map (model.h). On dark ground zero is a dark grey, and what is larger is brighter. What is
 * no number, level 0, is a grey in the middle, and whoever draws it puts a cross on it. */
struct ui_rgb ui_map_colour(enum ui_map map, int level, bool light);
double ui_map_part(enum ui_map map, double level); /* a level as t of the above; not of level 0 */

double ui_luminance(struct ui_rgb c); /* relative, 0..1, as WCAG 2 defines it */
struct ui_rgb ui_ink_on(struct ui_rgb ground); /* black or white, whichever reads better on it */

#endif
