/* picture.h: the picture that an operand names: test:IDX, train:IDX, last, FILE.png. */
#ifndef PICTURE_H
#define PICTURE_H

#include "data/drawing.h"
#include "session/session.h"

/* The picture, the caller's to free; one from a file is brought to the form of the data, by the settings or by other
 * steps. Without a text: the last picture, else test:0. NULL with a sentence. */
struct image *picture_get(struct session *s, const char *text, struct err *e);
struct image *picture_get_by(struct session *s, const char *text, const struct drawing_steps *steps, struct err *e);

/* What is on the canvas of the workbench, as a picture ten times as large is brought to the form of the data: which is
 * what `export png draw` writes, so that the file is the drawing. NULL with a sentence. */
#define PICTURE_DRAWN 10
struct image *picture_drawn(struct session *s, const struct drawing_steps *steps, struct err *e);
/* Of that picture: the pixels, UI_SKETCH_SIDE times PICTURE_DRAWN squared, each in `channels`; the caller's. */
uint8_t *picture_enlarged(const uint8_t *ink, int channels);

struct drawing_steps picture_steps(const struct settings *set); /* as the settings have them */

#endif
