/* store_int.h: what the files of a store share. */
#ifndef STORE_INT_H
#define STORE_INT_H

#include "past/store.h"

char *store_file(const struct store *st, enum store_kind kind, const char *name); /* its path */
/* Writes it whole, unless it is there. -1 with a sentence. */
int store_write(struct store *st, enum store_kind kind, const char *name, const char *text, struct err *e);
char *store_read(const struct store *st, enum store_kind kind, const char *name, struct err *e);
/* The text of a file whose hash its name ends with, with a few words on why not; none where there is no file. */
char *store_whole(const struct store *st, enum store_kind kind, const char *name, struct err *why);

#endif
