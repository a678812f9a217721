/* look.h: inside ui: likes and colours that canvas.h has no need to name. */
#ifndef UI_LOOK_H
#define UI_LOOK_H

#include "canvas.h"

char ui_ascii_like(uint32_t code);
uint32_t ui_colour_rgb(int index); /* 0xRRGGBB of one of the 256 */
int ui_colour_nearest(uint32_t rgb, enum ui_colours colours); /* UI_8, UI_256 or UI_TRUE */

bool ui_ground_light(uint32_t rgb); /* dark ink is read better on it */
void ui_look_told(uint32_t rgb); /* ui_look_ground by the ground's colour; 0: not known */
uint32_t ui_look_seen(void); /* another number where all colours are others */
/* Blocks by bits: 1 upper left, 2 upper right, 4 lower left, 8 lower right. */
extern const char *const ui_quadrant[16];

#endif
