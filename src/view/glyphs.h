/* glyphs.h: what answers in text are drawn with. */
#ifndef GLYPHS_H
#define GLYPHS_H

#include "session/session.h"
#include "ui/look.h"

/* The glyphs of the setting or, where it is auto, the usual ones; ASCII where the output shows no others. */
enum ui_glyphs view_glyphs(const struct session *s, enum ui_glyphs usual);

#endif
