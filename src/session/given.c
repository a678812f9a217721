/* given.c: which settings the user has given, and what replaces them. */
#include "session/settings.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

void
settings_give(struct settings *s, const char *key)
{
	const struct setting *k = settings_find(key, false, NULL);

	if (k != NULL)
		s->given |= UINT64_C(1) << (k - settings_list);
}

void
settings_give_option(struct settings *s, const char *key)
{
	settings_give(s, key);
	s->options |= UINT64_C(1) << (settings_find(key, false, NULL) - settings_list);
}

bool
settings_option(const struct settings *s, const struct setting *k)
{
	return (s->options & UINT64_C(1) << (k - settings_list)) != 0;
}

char *
settings_replaced(struct settings *s, const struct settings *before)
{
	struct str b = {0};

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		uint64_t bit = UINT64_C(1) << (k - settings_list);
		char *now, *was;

		if (!(before->given & bit))
			continue;
		now = settings_value(s, k);
		was = settings_value(before, k);
		if (strcmp(now, was) != 0) {
			str_add(&b, "%s%s %s replaces %s", b.n > 0 ? ", " : "", k->key, now, was);
			s->given &= ~bit;
		}
		free(now);
		free(was);
	}
	return b.s;
}
