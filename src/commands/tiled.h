/* tiled.h: tiles that answer a command, as text or in a pane: for commands whose answer is maps. */
#ifndef TILED_H
#define TILED_H

#include "session/session.h"
#include "ui/model.h"

/* Shows tiles where there is a screen, in its pane `maps`, else prints them, as many beside one another as the width
 * holds, with their scale. Title and note are printed in either case. Clears them. */
void tiled_show(struct session *s, struct ui_tiles *t);
void tiled_strips(struct session *s, struct ui_strips *strips); /* the same of strips */

#endif
