/* help.h: the help screen, a command's page, topics. */
#ifndef HELP_H
#define HELP_H

const char *help_topic(int i); /* the i-th topic's name, NULL behind the last */

#endif
