/* picture.h: the picture that an operand names: test:IDX, train:IDX, last, FILE.png. */
#ifndef PICTURE_H
#define PICTURE_H

#include "data/image.h"
#include "session/session.h"

/* The picture, the caller's to free; one from a file is scaled to the net's input. Without a text: the last picture,
 * else test:0. NULL with a sentence. */
struct image *picture_get(struct session *s, const char *text, struct err *e);

#endif
