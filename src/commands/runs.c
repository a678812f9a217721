/* runs.c: the runs of the session and of its store: looking them up, marking and deleting them: runs. */
#include "commands/runs.h"
#include "file/record.h"
#include "language/cmd.h"
#include "language/words.h"
#include "session/made.h"
#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 50 /* runs, unless `n=` says how many */
#define TAG_MAX 40
#define NOTE_MAX 1000

/* ---- what is asked for ---- */

static const char *const runs_words[] = {"delete", "tag", "note", NULL};

static const struct arg runs_own[] = {
	{.name = "order", .type = ARG_WORD, .what = "by this key, the least first; with a - before it, the largest; "
	    "left out: by time"},
	{.name = "n", .type = ARG_INT, .min = 1, .max = 1e9, .what = "how many at most; left out: 50"},
};

static const struct arg *
runs_key(int i)
{
	static struct arg fact[64]; /* made once, by the session's thread */
	int own = (int)(sizeof runs_own / sizeof *runs_own), n = 0;

	if (i < own)
		return &runs_own[i];
	for (const struct index_fact *f = index_facts; f->name != NULL && fact[0].name == NULL; f++)
		n++;
	while (n-- > 0)
		fact[n] = (struct arg){.name = index_facts[n].name, .type = ARG_WORD, .what = index_facts[n].what};
	return fact[i - own].name != NULL ? &fact[i - own] : NULL;
}

struct runs_ask {
	struct index_query q;
	struct index_want want[2 * CMD_WORDS_MAX];
	char *id[CMD_WORDS_MAX], *key[CMD_WORDS_MAX]; /* key: the words of conditions, cut */
	int nkey;
	struct index *x;
	struct index_answer a;
};

static void
runs_ask_free(struct runs_ask *k)
{
	for (int i = 0; i < k->q.nid; i++)
		free(k->id[i]);
	for (int i = 0; i < k->nkey; i++)
		free(k->key[i]);
	index_answer_free(&k->a);
	index_close(k->x);
	free(k);
}

static int
runs_want(struct runs_ask *k, const struct cmd_value *v, const char *name, char op, const char *value, struct err *e)
{
	const struct index_fact *f = index_fact(name);
	const char *names[64], *hit;
	double x;
	int n = 0;

	for (const struct index_fact *p = index_facts; p->name != NULL && n < 64; p++)
		names[n++] = p->name;
	if (f == NULL && (hit = text_near(name, names, n)) != NULL)
		return fail_at(e, v, "unknown key \"%.40s\" - did you mean \"%s\"?", name, hit);
	if (f == NULL)
		return fail_at(e, v, "unknown key \"%.40s\"; `help runs` lists the keys", name);
	if (f->kind != INDEX_TEXT && num_read_real(value, &x) != NUM_OK)
		return fail_at(e, v, "%s is a number, not \"%.40s\"; write %s%c0.5, say", name, value, name, op);
	k->want[k->q.nwant++] = (struct index_want){f, op, value};
	return 0;
}

/* KEY>VALUE in one word. */
static int
runs_condition(struct runs_ask *k, const struct cmd_value *v, struct err *e)
{
	char *word = xstrdup(v->text), *at = strpbrk(word, "<>"), op = *at;

	k->key[k->nkey++] = word;
	*at = '\0';
	return runs_want(k, v, word, op, at + 1, e);
}

/* The run of an operand: by its record, or as the session calls it where it has none. */
static int
runs_id(struct session *s, struct runs_ask *k, const struct cmd_value *v, struct err *e)
{
	const struct run *r = record_find(s, v->text, e);

	if (r == NULL)
		return err_at(e, v);
	k->id[k->q.nid++] = r->record[0] != '\0' ? xstrdup(r->record) : xasprintf("r%d", r->number);
	return 0;
}

static int
runs_order(struct runs_ask *k, const struct cmd_value *v, struct err *e)
{
	const char *name = v->text;

	if ((k->q.down = *name == '-'))
		name++;
	if ((k->q.order = index_fact(name)) == NULL)
		return fail_at(e, v, "no key \"%.40s\" to order by; `help runs` lists the keys", name);
	return 0;
}

static int
runs_read(struct session *s, const struct cmd_args *a, struct runs_ask *k, struct err *e)
{
	const struct cmd_value *order = args_key(a, "order"), *n = args_key(a, "n");
	int rc = order != NULL ? runs_order(k, order, e) : 0;

	k->q.want = k->want;
	k->q.id = k->id;
	k->q.most = n != NULL ? (size_t)n->integer : SHOWN;
	for (int i = 0; i < a->nkey && rc == 0; i++)
		if (&a->key[i] != order && &a->key[i] != n)
			rc = runs_want(k, &a->key[i], a->key[i].arg->name, '=', a->key[i].text, e);
	for (int i = 0; i < a->npos && rc == 0; i++) {
		if (a->pos[i].arg->type == ARG_CONDITION)
			rc = runs_condition(k, &a->pos[i], e);
		else if (a->pos[i].arg->type == ARG_RUN)
			rc = runs_id(s, k, &a->pos[i], e);
	}
	return rc;
}

/* Asks the index, of the store and of what this session has beside it. */
static int
runs_find_all(struct session *s, struct runs_ask *k, struct err *e)
{
	int rc = 0;

	if ((k->x = index_open(&s->store, record_head, e)) == NULL)
		return -1;
	if (s->store.dir != NULL)
		rc = record_meet(s, k->x, e);
	for (int i = 0; i < s->runs.n && rc >= 0; i++) {
		const struct run *r = s->runs.list[i];
		char name[16];
		json_t *head, *about;

		if (r->record[0] != '\0')
			continue;
		head = record_here(s, r);
		about = out_pack("{s:s}", "when", "9"); /* behind all that have a time */
		rc = index_add(k->x, run_name(r, name), head, about, e);
		json_decref(head);
		json_decref(about);
	}
	return rc < 0 ? -1 : index_ask(k->x, &k->q, &k->a, e);
}

/* Where no run is found: a split= that no record has, whatever the data, is why. */
static int
runs_none(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v[] = {args_key(a, "split"), args_key(a, "watch")};
	struct err why = {0};
	struct split split;

	for (int i = 0; i < 2; i++)
		if (v[i] != NULL && v[i]->text[0] != '\0' && strpbrk(v[i]->text, "*?") == NULL &&
		    !split_looks(v[i]->text) && split_parse_of(s->data.set, v[i]->text, &split, &why) < 0)
			return fail_at(e, v[i], "no run is like that: %s", why.text);
	return fail(e, "no run is like that; `runs` lists them");
}

/* ---- what is done with them ---- */

static size_t
runs_characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80; /* not within one, in UTF-8 */
	return n;
}

/* Said before anything else of the line: what it advises can be typed. */
static int
runs_tag_fits(const struct cmd_value *v, struct err *e)
{
	const char *word = v->text + (v->text[0] == '-');
	char *note = NULL;

	if (*word != '\0' && runs_characters(word) <= TAG_MAX && strpbrk(word, " *?\t") == NULL)
		return 0;
	note = word_quoted(*word != '\0' && runs_characters(word) <= TAG_MAX ? word : "a sentence");
	fail_at(e, v, "a tag is one word of at most %d characters without * and ?, as in `runs r1 tag good` (-good "
	    "takes it away); a note takes more: `runs r1 note %s`", TAG_MAX, note);
	free(note);
	return -1;
}

static void
runs_tag(json_t *about, const struct cmd_value *v)
{
	json_t *tags = json_object_get(about, "tags"), *tag;
	bool off = v->text[0] == '-', there = false;
	const char *word = v->text + off;
	size_t i;

	for (i = json_array_size(tags); i > 0; i--) {
		tag = json_array_get(tags, i - 1);
		if (strcmp(json_string_value(tag), word) != 0)
			continue;
		there = true;
		if (off)
			json_array_remove(tags, i - 1);
	}
	if (!there && !off)
		json_array_append_new(tags, out_string(word));
}

/* text: the words of the tags or of the note, n of them. */
static int
runs_change(struct session *s, const char *hash, const char *what, const struct cmd_value *text, int n,
    const struct store_names *names, struct err *e)
{
	struct str note = {0};
	json_t *about;

	if (strcmp(what, "delete") == 0)
		return store_delete(&s->store, hash, e);
	about = store_about(&s->store, names, hash, NULL);
	if (strcmp(what, "note") == 0) {
		for (int i = 0; i < n; i++)
			str_add(&note, "%s%s", i > 0 ? " " : "", text[i].text);
		json_object_set_new(about, "note", out_string(note.s));
		json_object_set_new(about, "noted", store_now());
		free(note.s);
	} else
		for (int i = 0; i < n; i++)
			runs_tag(about, &text[i]);
	return store_say(&s->store, hash, about, names, e);
}

/* No run is chosen. */
static int
runs_which(const struct cmd_value *what, const struct cmd_value *text, struct err *e)
{
	bool several = text != NULL && text->text[strcspn(text->text, " \t\"\\;#")] != '\0';
	char *said = text == NULL ? xstrdup("") : several || text->text[0] == '\0' ? word_quoted(text->text) :
	    xstrdup(text->text);
	const char *blank = text != NULL ? " " : "", *quote = strlen(said) > 60 ? "..." : said;

	fail_at(e, what, "say which runs, as in `runs r1 %s%s%s`, or `runs epochs>0 %s%s%s` for all", what->text,
	    blank, quote, what->text, blank, quote);
	free(said);
	return -1;
}

static int
runs_do(struct session *s, struct runs_ask *k, const struct cmd_value *what, const struct cmd_value *text, int words,
    struct err *e)
{
	struct store_names names = {0};
	size_t done = 0, length = 0;
	char n[32];
	int rc;

	for (int i = 0; i < words; i++) {
		if (strcmp(what->text, "tag") == 0 && runs_tag_fits(&text[i], e) < 0)
			return -1;
		length += strlen(text[i].text) + 1;
	}
	if (s->store.dir == NULL)
		return fail_at(e, what, "%s is of runs in a store, and this session has none; --project DIR names one",
		    what->text);
	if (k->q.nid == 0 && k->q.nwant == 0)
		return runs_which(what, text, e);
	if ((text == NULL) != (strcmp(what->text, "delete") == 0))
		return text != NULL ? fail_at(e, text, "the runs come first, as in `runs r1 delete`") :
		    fail_at(e, what, "%s takes a text, as in `runs r1 %s good`", what->text, what->text);
	if (length > NOTE_MAX + 1)
		return fail_at(e, text, "at most %d characters", NOTE_MAX);
	k->q.most = SIZE_MAX >> 1;
	if (runs_find_all(s, k, e) < 0)
		return -1;
	rc = store_list(&s->store, STORE_ABOUT, &names, e);
	for (size_t i = 0; i < k->a.n && rc == 0; i++) {
		if (!store_is_hash(k->a.row[i].id))
			continue; /* it goes on, or could not be kept */
		rc = runs_change(s, k->a.row[i].id, what->text, text, words, &names, e);
		done++;
		for (int j = 0; j < s->runs.n && rc == 0 && text == NULL; j++)
			if (strcmp(s->runs.list[j]->record, k->a.row[i].id) == 0)
				s->runs.list[j]->record[0] = '\0';
	}
	store_names_free(&names);
	if (rc == 0 && done == 0)
		return fail(e, k->a.n > 0 ? "none of these runs is in the store, as one that a file brought, "
		    "that goes on or that could not be kept" : "no run of the store is like that; `runs` lists them");
	if (rc < 0)
		return -1;
	out_text(s->out, "%s %s run%s", text == NULL ? "deleted" : "marked", text_count(n, done), done == 1 ? "" : "s");
	out_event(s->out, out_pack("{s:s, s:s, s:I}", "event", "runs", "did", what->text, "n", (json_int_t)done));
	return 0;
}

/* ---- the command ---- */

static int
runs_of_session(struct session *s, struct err *e)
{
	struct runs_look look = {.split = 5, .head = true};

	if (s->runs.n == 0)
		return session_no_run(s, e);
	for (int i = 0; i < s->runs.n; i++)
		runs_widths(s, &look, s->runs.list[i], NULL);
	runs_fit(&look, s->runs.list, s->runs.n, s->out->width);
	for (int i = 0; i < s->runs.n; i++)
		runs_row(s, s->runs.list[i], NULL, &look);
	runs_differ(s, &look);
	return 0;
}

static int
runs_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *what = args_pos(a, "WHAT"), *text = args_pos(a, "TEXT");
	struct runs_ask *k;
	int rc, words = text != NULL ? a->npos - (int)(text - a->pos) : 0; /* which stand last */

	if (a->npos == 0 && a->nkey == 0 && s->store.dir == NULL)
		return runs_of_session(s, e);
	k = xcalloc(1, sizeof *k);
	rc = runs_read(s, a, k, e);
	if (rc == 0 && what != NULL)
		rc = runs_do(s, k, what, text, words, e);
	else if (rc == 0 && (rc = runs_find_all(s, k, e)) == 0) {
		size_t shown = runs_found(s, k->x, &k->a);

		if (shown == 0 && a->npos + a->nkey == 0)
			rc = fail(e, s->store.unread > 0 ? "no run that can be read; `train gte5` makes r1" :
			    "no run yet; `train gte5` makes r1");
		else if (shown == 0)
			rc = runs_none(s, a, e);
	}
	runs_ask_free(k);
	return rc;
}

const struct cmd cmd_runs = {
	.name = "runs",
	.group = "look",
	.what = "the runs of this session and of its store, a line each",
	.text = "Sessions at a terminal keep each run in $XDG_STATE_HOME/thaw (~/.local/state/thaw), a batch where "
	    "--project DIR says so: a run is a file that never changes, named by the SHA-256 of its text, so that "
	    "`thaw merge` or a copy puts two stores together. A run of another session is named by the first 8 digits "
	    "of that hash, here as in `history`, `compare` and `plot`.\n"
	    "What was frozen is called features or head where it was that group of the run's own model, else by the "
	    "names of the layers; csv and json have the names. It stands as it was when the run began, as the rate "
	    "does; a * tells that the run was changed while it went on (`runs changes=?*` finds such). A setting in "
	    "which the runs that are listed differ has a column (batch, seed), as far as there is room. `frozen=` "
	    "takes any word for layers of each run's model.\n"
	    "KEY=VALUE (text may have * and ?), KEY>VALUE and KEY<VALUE choose some. `delete` removes those that "
	    "are chosen from the store, `tag WORD` (or several words, a tag each) and `note TEXT` mark "
	    "them; `tag -WORD` takes a tag away.\n"
	    "Files of the store that cannot be read, since they are damaged or of a newer thaw, are counted once and "
	    "stay as they are.",
	.example = "build \"flatten | dense 5, softmax\"; train gte5 limit=256 epochs=1; runs val_accuracy>0.1 "
	    "order=-val_accuracy",
	.arg = {{.name = "RUN", .type = ARG_RUN, .many = true, .what = "only these"},
		{.name = "CONDITION", .type = ARG_CONDITION, .many = true, .what = "a key above or below a value, as "
		    "in val_accuracy>0.9"},
		{.name = "WHAT", .type = ARG_WORD, .choices = runs_words, .what = "remove them from the store, or mark "
		    "them"},
		{.name = "TEXT", .type = ARG_WORD, .many = true, .behind = true,
		    .what = "tags, a word each, or the words of the note"}},
	.list_key = runs_key,
	.when = CMD_NOW,
	.again = true,
	.exec = runs_exec,
};
