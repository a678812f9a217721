/* planned.h: a plan as text: the trials of the sweeps of a script, a line of JSON each, which any process can do.
 *
 * The first line says what they are made by (script, data, seed, program, kernels), the last one how many there are,
 * with the SHA-256 of all lines before it. Nothing in it depends on a clock or on the machine, its kernels apart.
 */
#ifndef PLANNED_H
#define PLANNED_H

#include "util/err.h"

#include <jansson.h>
#include <stddef.h>

#define PLANNED_BYTES_MAX ((size_t)256 << 20)

/* script: [[file, number, line], ...]; trials as in struct share. The caller's. */
char *planned_write(const char *data, const char *seed, const char *kernels, json_t *script, const json_t *trials);

struct planned {
	json_t *head; /* {"version", "kernels", "data", "seed": texts, "script"}, all of which are there */
	json_t *trials;
};

/* -1 with a sentence. A truncated or changed text is none. */
int planned_read(struct planned *p, const char *text, size_t n, struct err *e);
/* The same of a file, "-": standard input. */
int planned_load(struct planned *p, const char *path, struct err *e);
void planned_free(struct planned *p);

#endif
