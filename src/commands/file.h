/* file.h: what commands say that read or write a file. */
#ifndef COMMANDS_FILE_H
#define COMMANDS_FILE_H

#include "session/session.h"

void file_event(struct session *s, const char *command, const char *file, long long bytes); /* of `mode json` and csv */

#endif
