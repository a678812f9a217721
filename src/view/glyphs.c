/* glyphs.c: what answers in text are drawn with: braille, blocks or ASCII. */
#include "view/glyphs.h"

#include <string.h>

enum ui_glyphs
view_glyphs(const struct session *s, enum ui_glyphs usual)
{
	if (!settings_utf8(&s->set, s->out))
		return UI_ASCII;
	if (strcmp(s->set.glyphs, "braille") == 0)
		return UI_BRAILLE;
	return strcmp(s->set.glyphs, "block") == 0 ? UI_BLOCK : usual;
}
