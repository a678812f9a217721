/* sums.c: the SHA-256 of the data that a run was trained on, as long as no record of it has them. */
#include "file/sums.h"

#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

json_t *
sums_of(const struct dataset *d)
{
	const char *hash[] = {d->train.sha256_images, d->train.sha256_labels, d->test.sha256_images,
	    d->test.sha256_labels};

	for (int i = 0; i < 4; i += d->cifar ? 2 : 1)
		if (hash[i][0] == '\0')
			return NULL;
	return d->cifar ? out_pack("{s:s, s:s}", "data_batch", hash[0], "test_batch", hash[2]) :
	    out_pack("{s:s, s:s, s:s, s:s}", "train-images", hash[0], "train-labels", hash[1], "t10k-images", hash[2],
	    "t10k-labels", hash[3]);
}

static bool
sums_missing(const struct session *s, const struct run *r)
{
	return s->data.set != NULL && r->set == s->data.set->serial && r->sums == NULL;
}

bool
sums_wanted(const struct session *s)
{
	bool wanted = false;

	for (int i = 0; i < s->runs.n; i++)
		wanted |= sums_missing(s, s->runs.list[i]);
	return wanted;
}

void
sums_keep(struct session *s)
{
	json_t *sums = s->data.set != NULL ? sums_of(s->data.set) : NULL;
	char *text = sums != NULL ? out_json_text(sums) : NULL;

	for (int i = 0; i < s->runs.n && text != NULL; i++)
		if (sums_missing(s, s->runs.list[i]))
			s->runs.list[i]->sums = xstrdup(text);
	free(text);
	json_decref(sums);
}

json_t *
sums_run(const struct session *s, const struct run *r, struct err *why)
{
	json_error_t where;
	bool no_memory;
	char name[16];

	if (r->sums != NULL)
		return out_json_parse(r->sums, strlen(r->sums), &no_memory, &where);
	if (sums_missing(s, r))
		return dataset_hash(s->data.set, why) == 0 ? sums_of(s->data.set) : NULL;
	fail(why, r->set == 0 ? "which data %s was trained on is not known here, since a file brought it or it went on "
	    "with data that were read again; the session that trains tells it, and a store (--project DIR) keeps it" :
	    "the data that %s was trained on were not hashed before others took their place; train again, in a session "
	    "with a store (--project DIR)", run_name(r, name));
	return NULL;
}
