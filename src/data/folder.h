/* folder.h: what a folder holds, for those who know a file under several names. */
#ifndef FOLDER_H
#define FOLDER_H

#include <stddef.h>

struct folder {
	char *path;
	int error; /* why it cannot be listed; 0: it could */
	size_t n;
	char **name; /* [n] in order */
};

/* One that cannot be read holds nothing. Of very many entries it holds the first FOLDER_MAX that the system names. */
struct folder *folder_open(const char *path);
void folder_free(struct folder *f);
#define FOLDER_MAX 20000
struct folder *folder_open_all(const char *path, size_t max); /* the same with another bound */

/* The path of a regular file of that name, in whatever case; links are followed. The caller's; NULL: there is none. */
char *folder_file(const struct folder *f, const char *name);
/* The same of a folder. */
char *folder_folder(const struct folder *f, const char *name);
/* What stands under a name and is neither: "a folder", "a link to nowhere"; NULL: nothing does. */
const char *folder_odd(const struct folder *f, const char *name);
/* The first names, for a sentence: "a.png, b.png and 7 more", or "nothing". The caller's. */
char *folder_listing(const struct folder *f);

#endif
