/* shared.h: folders and files that several people share: in a folder with the setgid bit, its group may do with a new
 * one what it may do there, whatever the umask is; with the sticky bit, too, a new folder has that. */
#ifndef SHARED_H
#define SHARED_H

int shared_folder(const char *path); /* mkdir; -1 with errno */
void shared_file(const char *path); /* makes an empty file where none is, and the folder has that bit */
void shared_mode(int folder, int fd); /* of a file that this process has just made there */

#endif
