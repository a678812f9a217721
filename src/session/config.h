/* config.h: the session as one line of commands that makes it again: its data, model, settings and frozen layers. */
#ifndef CONFIG_H
#define CONFIG_H

#include "session/session.h"

/* "data mnist; set seed 1337; build ...; freeze conv2d,conv2d_1", the caller's to free. NULL with a sentence. */
char *session_config(struct session *s, struct err *e);

#endif
