/* reach.h: which files this process may open: all, or under --safe those of its working directory, and to read what
 * else was allowed.
 *
 * A path is followed link by link to where it ends. What lies in the working directory is then opened from there on
 * down, folder by folder and through no link, so that nobody can put one in the way.
 */
#ifndef REACH_H
#define REACH_H

#include <stdbool.h>

void reach_confine(bool on);
bool reach_confined(void);
void reach_allow(const char *path); /* to read all the same: a file, or a folder and all below; ~ is the home folder */
void reach_allow_only(const char *path); /* the same; and nothing is written there, also within the working directory */

/* Where a path ends, all links followed, also where nothing stands under its last name; "" is the root. The caller's.
 * NULL with errno: EXDEV where this process may not go, ETXTBSY where it may only read. */
char *reach_follow(const char *path, bool write);
bool reach_inside(const char *path); /* it ends in the working directory, or below */
bool reach_leads_out(const char *path); /* its name lies there, and a link on its way leads elsewhere */
/* Opens a folder that reach_follow has come to, or that such a path stands in. -1 with errno. */
int reach_folder(const char *target);
/* open() to read; it waits for nobody. -1 with errno. */
int reach_open(const char *path, int flags);
const char *reach_why(int error); /* strerror, which has no words for EXDEV, nor for ENOMSG of session/lines.h */
/* The way out of an error in opening: this one, but for too many open files, of which no name is to blame. */
const char *reach_way(int error, const char *way);
const char *reach_library(const char *why, const char *way); /* the same of what dlerror says */

#endif
