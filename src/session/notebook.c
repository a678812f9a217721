/* notebook.c: keeps what lines of Python have said. */
#include "session/notebook.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

struct notebook_name *
notebook_find(struct notebook *b, const char *name, size_t n)
{
	for (int i = 0; i < b->n; i++)
		if (strlen(b->name[i].name) == n && strncmp(b->name[i].name, name, n) == 0)
			return &b->name[i];
	return NULL;
}

static void
name_free(struct notebook_name *k)
{
	free(k->name);
	free(k->value);
	free(k->layers);
}

struct notebook_name *
notebook_keep(struct notebook *b, const char *name, const char *value)
{
	struct notebook_name *k = notebook_find(b, name, strlen(name));

	if (k == NULL && b->n == NOTEBOOK_NAMES) {
		name_free(&b->name[0]);
		memmove(b->name, b->name + 1, --b->n * sizeof *b->name);
	}
	if (k == NULL) {
		k = &b->name[b->n++];
		*k = (struct notebook_name){.name = xstrdup(name)};
	}
	free(k->value);
	free(k->layers);
	k->layers = NULL;
	k->value = xstrdup(value);
	k->fresh = true;
	return k;
}

void
notebook_block_end(struct notebook *b)
{
	free(b->variable);
	free(b->layers);
	free(b->index);
	b->variable = b->layers = b->index = NULL;
	b->counts = 0;
	b->block = NOTEBOOK_NONE;
	b->paused = b->loop = b->left = b->read = false;
}

void
notebook_free(struct notebook *b)
{
	notebook_block_end(b);
	free(b->open);
	free(b->meant);
	for (int i = 0; i < b->n; i++)
		name_free(&b->name[i]);
	*b = (struct notebook){0};
}
