/* picture.h: the picture that an operand names: test:IDX, train:IDX, last, FILE.png. */
#ifndef PICTURE_H
#define PICTURE_H

#include "data/image.h"
#include "session/session.h"

/* Scaled to the net's input where it is a file; NULL text: the last picture, else test:0. The caller's; NULL with a
 * sentence. */
struct image *picture_get(struct session *s, const char *text, struct err *e);

#endif
