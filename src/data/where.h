/* where.h: the folder in which a data set lies. */
#ifndef WHERE_H
#define WHERE_H

#include "data/dataset.h"

bool where_folder(const char *path); /* there is one, be it one that may not be listed */
/* The folder that a name stands for, a bundled one before others; the caller's. NULL with a sentence. Of DIR/PREFIX,
 * which names one of several sets in a folder, *prefix is set as well. */
char *where_find(const char *name, char **prefix, struct err *e);

#endif
