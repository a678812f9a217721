/* safetensors.h: what the files of this format share. */
#ifndef SAFETENSORS_H
#define SAFETENSORS_H

#include "file/tensors.h"
#include "session/session.h"

/* The session becomes what the file says, and says so. On failure it is as before. */
int safetensors_load_session(struct session *s, struct tensors *t, struct err *e);

#endif
