/* machine.h: what this process may use of the machine: affinity mask, cgroup (v1 and v2), memory. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>

int machine_processors(void); /* at least 1 */
size_t machine_memory(void); /* bytes available now: MemAvailable, or what the cgroup leaves, whichever is less */
/* The same, under another root than "/" (tests). mask: processors of the affinity mask. */
int machine_processors_at(const char *root, int mask);
size_t machine_memory_at(const char *root);

#endif
