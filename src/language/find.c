/* find.c: finds a command by its name, an alias, or a beginning that only one has. */
#include "language/find.h"

#include "util/text.h"

#include <stdlib.h>
#include <string.h>

/* Its name that begins so; NULL: none does. */
static const char *
cmd_called(const struct cmd *c, const char *name, size_t n)
{
	if (strncmp(c->name, name, n) == 0)
		return c->name;
	for (int i = 0; i < 3 && c->alias[i] != NULL; i++)
		if (strncmp(c->alias[i], name, n) == 0)
			return c->alias[i];
	return NULL;
}

/* fr, fre, free of freeze, which freeze_to begins with, too. */
static bool
cmd_brief(const struct cmd *c, const char *name, size_t n)
{
	return c->brief != NULL && strncmp(c->brief, name, strlen(c->brief)) == 0 && strncmp(c->name, name, n) == 0;
}

const struct cmd *
cmd_find(const struct cmd_table *table, const char *name, bool prefix, struct err *e)
{
	const struct cmd *found = NULL;
	struct str list = {0};
	int nfound = 0;
	size_t len = strlen(name);

	for (const struct cmd *const *c = table->list; *c != NULL; c++)
		if (cmd_called(*c, name, len + 1) != NULL || (prefix && cmd_brief(*c, name, len)))
			return *c;
	for (const struct cmd *const *c = table->list; prefix && len > 0 && *c != NULL; c++) {
		const char *called = cmd_called(*c, name, len);

		if (called == NULL)
			continue;
		found = *c;
		str_add(&list, "%s%s", nfound++ > 0 ? " " : "", called);
	}
	if (nfound > 1)
		fail(e, "\"%.40s\" may be any of: %s; type more letters", name, list.s);
	free(list.s);
	return nfound == 1 ? found : NULL;
}
