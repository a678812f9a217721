/* sweep_share.c: a sweep whose trials are listed in a plan, or done by several processes, each its share. */
#include "commands/sweep.h"

#include <string.h>

int
sweep_list(struct session *s, struct sweep *x, struct err *e)
{
	struct share *share = s->share;

	for (int i = 0; i < x->result.n * x->result.seeds; i++) {
		struct sweep_trial t;

		if (sweep_trial_make(x, s, i, &t, e) < 0)
			return -1;
		json_array_append_new(share->trials, out_pack("{s:I, s:s, s:I, s:s, s:s}", "trial",
		    (json_int_t)json_array_size(share->trials) + 1, "set", x->result.row[t.row].mode, "seed",
		    (json_int_t)t.seed, "commands", t.commands, "key", t.key));
		sweep_trial_free(&t);
	}
	return 0;
}

int
sweep_share_begin(struct session *s, struct sweep *x, struct err *e)
{
	struct share *share = s->share;
	size_t trials = (size_t)x->result.n * (size_t)x->result.seeds;

	if (share == NULL)
		return 0;
	x->first = share->next;
	share->next += trials;
	if (share->next <= json_array_size(share->trials))
		return 0;
	return fail(e, "the plan has fewer trials than its script makes here; plan again, by this thaw and with these "
	    "files");
}

bool
sweep_share_has(const struct session *s, const struct sweep *x, int number)
{
	const struct share *share = s->share;

	return share == NULL || (x->first + (size_t)number) % share->slices == share->slice - 1;
}

int
sweep_share_check(const struct session *s, const struct sweep *x, int number, const char *key, struct err *e)
{
	const json_t *t = s->share != NULL ? json_array_get(s->share->trials, x->first + (size_t)number) : NULL;
	const char *planned = json_string_value(json_object_get(t, "key"));

	if (s->share == NULL || (planned != NULL && strcmp(planned, key) == 0))
		return 0;
	return fail(e, "trial %zu is another one here than in the plan: its data, files or weights differ; plan again "
	    "where the data and files are these", x->first + (size_t)number + 1);
}

void
sweep_share_end(struct session *s, const struct sweep *x)
{
	if (s->share == NULL)
		return;
	s->share->mine += (size_t)(x->mine - x->nmissing);
	s->share->missing += (size_t)x->nmissing;
	s->share->found += (size_t)x->found;
}
