/* help.h: what completion asks of the help. */
#ifndef HELP_H
#define HELP_H

const char *help_topic(int i); /* the i-th topic's name, NULL behind the last */

#endif
