/* share.c: trials that are listed in a plan, or done by several processes, each its share. */
#include "session/share.h"

#include "util/out.h"

#include <string.h>

void
share_list(struct share *s, const char *set, uint64_t seed, const char *commands, const char *key)
{
	json_array_append_new(s->trials, out_pack("{s:I, s:s, s:I, s:s, s:s}", "trial",
	    (json_int_t)json_array_size(s->trials) + 1, "set", set, "seed", (json_int_t)seed, "commands", commands,
	    "key", key));
}

int
share_begin(struct share *s, size_t trials, size_t *first, struct err *e)
{
	*first = 0;
	if (s == NULL)
		return 0;
	*first = s->next;
	s->next += trials;
	if (s->next <= json_array_size(s->trials))
		return 0;
	return fail(e, "the plan has fewer trials than its script makes here; plan again, by this thaw and with these "
	    "files");
}

bool
share_has(const struct share *s, size_t trial)
{
	return s == NULL || trial % s->slices == s->slice - 1;
}

int
share_check(const struct share *s, size_t trial, const char *key, struct err *e)
{
	const json_t *t = s != NULL ? json_array_get(s->trials, trial) : NULL;
	const char *planned = json_string_value(json_object_get(t, "key"));

	if (s == NULL || (planned != NULL && strcmp(planned, key) == 0))
		return 0;
	return fail(e, "trial %zu is another one here than in the plan: its data, files or weights differ; plan again "
	    "where the data and files are these", trial + 1);
}

void
share_end(struct share *s, int done, int missing, int found)
{
	if (s == NULL)
		return;
	s->mine += (size_t)done;
	s->missing += (size_t)missing;
	s->found += (size_t)found;
}
