/* snapshot.c: keeps a model as it is under a name. */
#include "past/snapshot.h"

#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

static void
snapshot_free(struct snapshot *p)
{
	free(p->name);
	undo_point_free(p->was);
	free(p);
}

static struct snapshot *
snapshot_named(const struct snapshots *p, const char *name)
{
	for (int i = 0; i < p->n; i++)
		if (strcmp(p->list[i]->name, name) == 0)
			return p->list[i];
	return NULL;
}

int
snapshots_keep(struct snapshots *p, const char *name, struct undo_point *was, struct err *e)
{
	struct snapshot *x;

	if (*name == '\0' || strlen(name) > 40 || strspn(name, NAME_CHARACTERS) != strlen(name))
		return fail(e, "\"%.40s\" is no name for a snapshot; take letters, digits, - and _", name);
	if ((x = snapshot_named(p, name)) == NULL) {
		x = xcalloc(1, sizeof *x);
		x->name = xstrdup(name);
		p->list = xrealloc(p->list, (size_t)p->n + 1, sizeof *p->list);
		p->list[p->n++] = x;
	}
	undo_point_free(x->was);
	x->was = was;
	return 0;
}

const struct snapshot *
snapshots_find(const struct snapshots *p, const char *name, struct err *e)
{
	const struct snapshot *found = snapshot_named(p, name);
	char list[256] = "";
	size_t n = 0;

	if (found != NULL)
		return found;
	for (int i = 0; i < p->n && n < sizeof list; i++)
		n += (size_t)snprintf(list + n, sizeof list - n, " @%s", p->list[i]->name);
	if (p->n == 0)
		fail(e, "no snapshot @%.40s; `snapshot %.40s` keeps the weights as they are now", name,
		    *name != '\0' ? name : "NAME");
	else
		fail(e, "no snapshot @%.40s; there are%s", name, list);
	return NULL;
}

void
snapshots_free(struct snapshots *p)
{
	for (int i = 0; i < p->n; i++)
		snapshot_free(p->list[i]);
	free(p->list);
	*p = (struct snapshots){0};
}
