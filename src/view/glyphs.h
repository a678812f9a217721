/* glyphs.h: what answers in text are drawn with. */
#ifndef GLYPHS_H
#define GLYPHS_H

#include "session/session.h"
#include "ui/look.h"

/* As the setting says; where it leaves it open, the usual ones of who draws, as far as the output can show them. */
enum ui_glyphs view_glyphs(const struct session *s, enum ui_glyphs usual);

#endif
