/* store_about.c: what lies beside the records of a store, deleting, and two stores in one. */
#include "past/store_int.h"

#include "util/out.h"
#include "util/reach.h"
#include "util/sha256.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- beside a record ---- */

json_t *
store_now(void)
{
	struct timespec now;
	struct tm tm;
	char text[32], when[64];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(when, sizeof when, "%s.%03ldZ", text, now.tv_nsec / 1000000);
	return out_string(when);
}

/* A time of what is said, "" where it has none: such texts are in order of time. */
static const char *
about_time(const json_t *of, const char *key)
{
	const json_t *when = json_object_get(of, key);

	return json_is_string(when) && json_string_length(when) < 32 ? json_string_value(when) : "";
}

static const char *
about_noted(const json_t *of)
{
	const char *noted = about_time(of, "noted");

	return noted[0] != '\0' ? noted : about_time(of, "when");
}

static void
about_tags(json_t *to, const json_t *from)
{
	const json_t *tag, *have;
	size_t i, k;

	json_array_foreach(from, i, tag) {
		bool there = !json_is_string(tag);

		json_array_foreach(to, k, have)
			there |= json_equal(have, tag);
		if (!there)
			json_array_append(to, (json_t *)tag);
	}
}

/* Adds what one file says. Of two ends and of two notes the later one holds, whichever file comes first. */
static void
about_add(json_t *all, const json_t *one)
{
	const char *note = json_string_value(json_object_get(one, "note"));
	const char *have = json_string_value(json_object_get(all, "note"));
	int later = note == NULL ? -1 : have == NULL ? 1 : strcmp(about_noted(one), about_noted(all));

	if (later == 0)
		later = strcmp(note, have);
	if (later > 0) {
		json_object_set(all, "note", json_object_get(one, "note"));
		json_object_set_new(all, "noted", out_string(about_noted(one)));
	}
	if (strcmp(about_time(one, "when"), about_time(all, "when")) >= 0) {
		if (about_time(one, "when")[0] != '\0')
			json_object_set(all, "when", json_object_get(one, "when"));
		if (json_is_number(json_object_get(one, "seconds")))
			json_object_set(all, "seconds", json_object_get(one, "seconds"));
	}
	about_tags(json_object_get(all, "tags"), json_object_get(one, "tags"));
}

json_t *
store_about(const struct store *st, const struct store_names *names, const char *hash, struct err *why)
{
	json_t *all = out_pack("{s:n, s:n, s:o, s:n}", "when", "seconds", "tags", json_array(), "note"), *one;

	for (size_t i = store_first(names, hash); i < names->n && strncmp(names->name[i], hash, 64) == 0; i++) {
		struct err bad = {0};
		char *text = store_whole(st, STORE_ABOUT, names->name[i], &bad);
		bool no_memory;
		json_error_t where;

		one = text != NULL ? out_json_parse(text, strlen(text), &no_memory, &where) : NULL;
		if (text != NULL && !json_is_object(one))
			fail(&bad, "it is no JSON of a run");
		if (bad.text[0] != '\0' && why != NULL && why->text[0] == '\0')
			*why = bad;
		about_add(all, one);
		json_decref(one);
		free(text);
	}
	return all;
}

/* Removes what these files say of a run, but for one. False: some are still there. */
static bool
about_remove(const struct store *st, const struct store_names *names, const char *hash, const char *but)
{
	char *path, *target;
	bool removed = true;

	for (size_t i = store_first(names, hash); i < names->n && strncmp(names->name[i], hash, 64) == 0; i++)
		if (but == NULL || strcmp(names->name[i], but) != 0) {
			path = store_file(st, STORE_ABOUT, names->name[i]);
			if ((target = reach_follow(path, true)) != NULL)
				removed &= unlink(target) == 0 || errno == ENOENT;
			free(target);
			free(path);
		}
	return removed;
}

/* Where others' files are still there, tags of theirs are, too. -1 with a sentence. */
static int
about_stays(const struct store *st, const char *hash, const json_t *about, struct err *e)
{
	struct store_names names = {0};
	json_t *all;
	int rc = 0;

	if (store_list(st, STORE_ABOUT, &names, e) < 0)
		return -1;
	all = store_about(st, &names, hash, NULL);
	if (json_array_size(json_object_get(all, "tags")) > json_array_size(json_object_get(about, "tags")))
		rc = fail(e, "a tag of %.8s stays, since a file of it in %s/runs.about cannot be removed; whoever set "
		    "it can take it away", hash, st->dir);
	json_decref(all);
	store_names_free(&names);
	return rc;
}

int
store_say(struct store *st, const char *hash, json_t *about, const struct store_names *before, struct err *e)
{
	char *line = out_json_text(about), *text = xasprintf("%s\n", line), sum[65], *name;
	int rc;

	sha256_hex(text, strlen(text), sum);
	name = xasprintf("%s-%s", hash, sum);
	if ((rc = store_write(st, STORE_ABOUT, name, text, e)) == 0 && before != NULL &&
	    !about_remove(st, before, hash, name))
		rc = about_stays(st, hash, about, e);
	free(name);
	free(text);
	free(line);
	json_decref(about);
	return rc;
}

int
store_delete(struct store *st, const char *hash, struct err *e)
{
	char *path = store_file(st, STORE_RUNS, hash), *target = reach_follow(path, true);
	struct store_names names;
	struct err ignored = {0};
	int rc = 0;

	if (target == NULL || (unlink(target) < 0 && errno != ENOENT))
		rc = fail(e, "%s cannot be removed: %s; %s", path, reach_why(errno), errno == EPERM ?
		    "in a folder with the sticky bit its owner alone may" : "change the permissions of its folder");
	else if (store_list(st, STORE_ABOUT, &names, &ignored) == 0) {
		about_remove(st, &names, hash, NULL);
		store_names_free(&names);
	}
	free(target);
	free(path);
	return rc;
}

/* ---- two stores in one ---- */

/* Takes one file over, if it is not there; 1 where it was not. */
static int
merge_file(struct store *st, const struct store *from, enum store_kind kind, const char *name, struct err *e)
{
	char *path = store_file(st, kind, name), *text = NULL;
	int rc = 0;

	if (access(path, F_OK) != 0) {
		text = kind == STORE_RUNS ? store_get(from, name, e) : store_read(from, kind, name, e);
		rc = text != NULL && store_write(st, kind, name, text, e) == 0 ? 1 : -1;
	}
	free(text);
	free(path);
	return rc;
}

/* What is noted of a run; NULL: nothing. The caller's. */
static char *
merge_note(const struct store *st, const struct store_names *names, const char *hash)
{
	json_t *about = store_about(st, names, hash, NULL);
	const char *note = json_string_value(json_object_get(about, "note"));
	char *copy = note != NULL ? xstrdup(note) : NULL;

	json_decref(about);
	return copy;
}

/* Of how many runs both stores have notes, which differ. */
static size_t
merge_notes(const struct store *st, const struct store *from, const struct store_names *theirs)
{
	struct store_names ours;
	struct err ignored = {0};
	size_t n = 0;

	if (store_list(st, STORE_ABOUT, &ours, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < theirs->n; i++) {
		char hash[65] = "", *a, *b;
		size_t at;

		memcpy(hash, theirs->name[i], 64);
		at = store_first(&ours, hash);
		if ((i > 0 && strncmp(theirs->name[i - 1], hash, 64) == 0) || at == ours.n ||
		    strncmp(ours.name[at], hash, 64) != 0)
			continue;
		a = merge_note(st, &ours, hash);
		b = merge_note(from, theirs, hash);
		n += a != NULL && b != NULL && strcmp(a, b) != 0;
		free(a);
		free(b);
	}
	store_names_free(&ours);
	return n;
}

int
store_merge(struct store *st, const char *dir, struct store_merged *m, struct err *e)
{
	/* what is said of a run comes before it and what is made of it behind it: a kill leaves nothing half known */
	static const enum store_kind order[] = {STORE_ABOUT, STORE_RUNS, STORE_TRIALS};
	struct store from = {0};
	struct store_names names = {0};
	struct err one = {0};
	bool bad = false;

	*m = (struct store_merged){0};
	store_choose(&from, dir);
	for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
		if (store_list(&from, order[k], &names, &one) < 0) {
			*e = bad ? *e : one;
			bad = true;
		}
		if (order[k] == STORE_ABOUT)
			m->notes = merge_notes(st, &from, &names);
		for (size_t i = 0; i < names.n; i++) {
			int rc = merge_file(st, &from, order[k], names.name[i], &one);

			m->records += rc > 0 && order[k] == STORE_RUNS;
			m->there += rc == 0 && order[k] == STORE_RUNS;
			if (rc < 0 && !bad)
				*e = one;
			bad |= rc < 0;
		}
		store_names_free(&names);
	}
	store_free(&from);
	return bad ? -1 : 0;
}
