/* complete.c: completion and hints, from the same structs as parsing. The words before the cursor are fitted to the arguments in
 * every way that works; what may come next in any of them is a candidate.
 */
#include "complete.h"
#include "expr.h"
#include "help.h"
#include "point.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct completion {
	struct session *s;
	struct ui_candidates *out;
	const struct cmd *cmd;
	const char *typed; /* the beginning that candidates must have */
	size_t ntyped;
	const char *before; /* the word before, for values of settings; NULL: none */
};

/* ---- where the cursor stands ---- */

struct place {
	struct cmd_word word[CMD_WORDS_MAX];
	char *text, *store; /* the line up to the cursor */
	int n; /* words of the command; the last is being typed unless fresh */
	bool fresh; /* behind a blank: a new word begins */
};

/* False when the cursor is in no place where a word could stand: behind a comment, in a command of too many words. */
static bool
place_find(const char *line, int point, struct place *p)
{
	size_t at = 0, len = strnlen(line, point > 0 ? (size_t)point : 0), end;

	memset(p, 0, sizeof *p);
	if (len > 65536)
		return false;
	p->text = xstrndup(line, len);
	do {
		free(p->store);
		p->store = NULL;
		p->n = cmd_words(p->text, &at, p->word, CMD_WORDS_MAX - 1, &p->store);
	} while (p->text[at] != '\0');
	if (p->n < 0)
		return false;
	end = p->n > 0 ? (size_t)(p->word[p->n - 1].col + p->word[p->n - 1].len) : 0;
	if (end == len && p->n > 0)
		return true;
	/* Behind the last word: blanks, a semicolon that begins a new command, or a comment. */
	p->fresh = true;
	if (strchr(p->text + end, '#') != NULL)
		return false;
	if (len > 0 && strchr(p->text + end, ';') != NULL)
		p->n = 0;
	return true;
}

static void
place_free(struct place *p)
{
	free(p->text);
	free(p->store);
}

/* ---- candidates ---- */

static void
offer(struct completion *c, const char *text, const char *what)
{
	if (strncmp(text, c->typed, c->ntyped) == 0)
		ui_candidates_add(c->out, text, what != NULL ? what : "");
}

static void
offer_commands(struct completion *c, bool topics)
{
	const struct cmd *const *p;
	int i;

	for (p = commands; *p != NULL; p++) {
		offer(c, (*p)->name, (*p)->what);
		for (i = 0; i < 3 && (*p)->alias[i] != NULL; i++)
			if (c->ntyped > 0)
				offer(c, (*p)->alias[i], (*p)->what);
	}
	for (i = 0; topics && help_topic(i) != NULL; i++)
		offer(c, help_topic(i), "a topic");
}

static void
offer_splits(struct completion *c)
{
	char text[16], what[64];
	int n;

	offer(c, "all", "every digit");
	for (n = 1; n < 10; n++) {
		snprintf(text, sizeof text, "lt%d", n);
		snprintf(what, sizeof what, n == 1 ? "digit 0" : "digits 0 to %d", n - 1);
		offer(c, text, what);
	}
	for (n = 1; n < 10; n++) {
		snprintf(text, sizeof text, "gte%d", n);
		snprintf(what, sizeof what, n == 9 ? "digit 9" : "digits %d to 9", n);
		offer(c, text, what);
	}
	offer(c, "digits=", "these digits: digits=3,5,8");
}

/* The last name of a list or a range is what is being typed. */
static void
offer_layers(struct completion *c)
{
	const struct nn_net *net = session_net(c->s, NULL);
	const char *last = c->typed, *p;
	struct completion inner = *c;
	char what[96], n[32];
	int i;

	if (net == NULL)
		return;
	for (p = c->typed; *p != '\0' && (size_t)(p - c->typed) < c->ntyped; p++)
		if (*p == ',' || (p > c->typed && p[0] == '.' && p[-1] == '.'))
			last = p + 1;
	inner.ntyped -= last - c->typed;
	inner.typed = last;
	c->out->start += (int)(last - c->typed);
	offer(&inner, "features", "the layers that see pictures");
	offer(&inner, "head", "the layers that decide");
	offer(&inner, "all", "every layer");
	for (i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		snprintf(what, sizeof what, "%s, %s parameters%s", nn_layer_class(l), text_count(n, l->params),
		    l->params > 0 && !l->trainable ? ", frozen" : "");
		offer(&inner, l->name, what);
	}
}

static void
offer_runs(struct completion *c)
{
	char text[32];
	int i;

	for (i = 0; i < c->s->nruns; i++) {
		snprintf(text, sizeof text, "r%d", c->s->runs[i]->number);
		offer(c, text, c->s->runs[i]->split.name);
	}
}

static void
offer_points(struct completion *c)
{
	char *text;
	int i;

	offer(c, "init", "the weights that the seed gives");
	offer_runs(c);
	for (i = 0; i < c->s->nsnapshots; i++) {
		text = xasprintf("@%s", c->s->snapshots[i]->name);
		offer(c, text, "a snapshot");
		free(text);
	}
}

/* Entries of the folder that is being typed; with a suffix, folders and files that end so. */
static void
offer_files(struct completion *c, const char *suffix)
{
	const char *slash = memrchr(c->typed, '/', c->ntyped);
	size_t ndir = slash != NULL ? (size_t)(slash - c->typed) + 1 : 0, n;
	char *dir = ndir > 0 ? xstrndup(c->typed, ndir) : xstrdup("."), *text, *path;
	DIR *d = opendir(dir);
	struct dirent *entry;
	struct stat st;
	bool folder;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.' && c->typed[ndir] != '.')
			continue;
		path = xasprintf("%s/%s", dir, entry->d_name);
		folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
		n = strlen(entry->d_name);
		if (folder || suffix == NULL || (n > strlen(suffix) && strcmp(entry->d_name + n - strlen(suffix), suffix) == 0)) {
			text = xasprintf("%.*s%s%s", (int)ndir, c->typed, entry->d_name, folder ? "/" : "");
			if (strpbrk(text, " \t;\"#") == NULL)
				offer(c, text, folder ? "a folder" : "a file");
			free(text);
		}
		free(path);
	}
	if (d != NULL)
		closedir(d);
	free(dir);
}

static void
offer_images(struct completion *c)
{
	offer(c, "test:", "a test image by its index");
	offer(c, "train:", "a training image by its index");
	offer(c, "last", "the last drawing or prediction");
	offer_files(c, ".png");
}

static void
offer_settings(struct completion *c)
{
	const struct nn_net *net = session_net(c->s, NULL);
	const struct setting *k;
	char *text;
	int i;

	for (k = settings_list; k->key != NULL; k++)
		offer(c, k->key, k->what);
	for (i = 0; net != NULL && i < nn_net_count(net); i++) {
		if (strcmp(nn_layer_kind_name(nn_net_layer(net, i)), "dropout") != 0)
			continue;
		text = xasprintf("%s.rate", nn_net_layer(net, i)->name);
		offer(c, text, "share of values that a dropout drops");
		free(text);
	}
}

/* What a setting can be: its choices, else the value it has. */
static void
offer_setting_values(struct completion *c, const char *key)
{
	const struct setting *k = settings_find(key, c->s->interactive, NULL);
	const char *p;
	char *value, word[64];
	size_t n;

	if (k == NULL)
		return;
	value = settings_value(&c->s->set, k);
	for (p = k->choices; *(p += strspn(p, " ")) != '\0'; p += n) {
		n = strcspn(p, " ");
		snprintf(word, sizeof word, "%.*s", (int)n, p);
		offer(c, word, strcmp(word, value) == 0 ? "as it is" : "");
	}
	if (k->choices[0] == '\0' && value[0] != '\0')
		offer(c, value, "as it is");
	free(value);
}

static void
offer_lessons(struct completion *c)
{
	char *path = xasprintf("%s/lessons", assets_dir()), name[256];
	DIR *d = opendir(path);
	struct dirent *entry;
	size_t n;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		n = strlen(entry->d_name);
		if (n <= 5 || strcmp(entry->d_name + n - 5, ".thaw") != 0)
			continue;
		snprintf(name, sizeof name, "%.*s", (int)(n - 5), entry->d_name);
		offer(c, name, "a lesson");
	}
	if (d != NULL)
		closedir(d);
	free(path);
}

static void
offer_argument(struct completion *c, const struct arg *a)
{
	const char *const *p;
	char text[32];

	if (a->choices != NULL) {
		for (p = a->choices; *p != NULL; p++)
			offer(c, *p, a->what);
		return;
	}
	switch (a->type) {
	case ARG_SPLIT:
		offer_splits(c);
		break;
	case ARG_LAYERS:
		offer_layers(c);
		break;
	case ARG_POINT:
		offer_points(c);
		break;
	case ARG_RUN:
		offer_runs(c);
		break;
	case ARG_IMAGE:
		offer_images(c);
		break;
	case ARG_FILE:
		offer_files(c, NULL);
		break;
	case ARG_SIZE:
		snprintf(text, sizeof text, "%dx%d", c->s->set.size_w, c->s->set.size_h);
		offer(c, text, "the setting");
		break;
	case ARG_SETTING:
		offer_settings(c);
		break;
	case ARG_COMMAND:
		offer_commands(c, true);
		break;
	case ARG_LESSON:
		offer_lessons(c);
		break;
	case ARG_WORD:
		if (c->cmd != NULL && a > c->cmd->arg && a < c->cmd->arg + CMD_ARGS_MAX && a[-1].type == ARG_SETTING && c->before != NULL)
			offer_setting_values(c, c->before);
		else if (settings_find(a->name, false, NULL) != NULL)
			offer_setting_values(c, a->name);
		break;
	default:
		break;
	}
}

/* ---- which arguments may come next ---- */

static int
args_count(const struct cmd *c)
{
	int n = 0;

	while (n < CMD_ARGS_MAX && c->arg[n].type != ARG_END)
		n++;
	return n;
}

static const struct arg *
key_named(const struct cmd *c, const char *name, size_t len)
{
	const struct arg *a;
	int i;

	for (i = 0; i < CMD_KEYS_MAX && c->key[i].type != ARG_END; i++)
		if (strlen(c->key[i].name) == len && strncmp(c->key[i].name, name, len) == 0)
			return &c->key[i];
	for (i = 0; c->settings && (a = settings_key(i)) != NULL; i++)
		if (strlen(a->name) == len && strncmp(a->name, name, len) == 0)
			return a;
	return NULL;
}

/* Fits the n words behind the command, and marks the arguments that may come next. Keys are passed over. */
static void
args_next(struct session *s, const struct cmd *c, const struct cmd_word *word, int n, bool next[CMD_ARGS_MAX])
{
	int nargs = args_count(c), w, k, j;
	bool state[CMD_ARGS_MAX + 1] = {true}, after[CMD_ARGS_MAX + 1];
	struct cmd_value v;
	struct err ignored = {0};

	for (w = 0; w < n; w++) {
		if (word[w].eq > 0 && key_named(c, word[w].text, word[w].eq) != NULL)
			continue;
		memset(after, 0, sizeof after);
		for (k = 0; k <= nargs; k++) {
			for (j = k; state[k] && j < nargs; j++) {
				v = (struct cmd_value){.arg = &c->arg[j], .text = word[w].text};
				if (arg_fits(s, &c->arg[j], word[w].text, &v, &ignored) > 0) {
					after[j + 1] = true;
					after[j] |= c->arg[j].many;
				}
				if (c->arg[j].required)
					break;
			}
		}
		memcpy(state, after, sizeof state);
	}
	for (k = 0; k <= nargs; k++)
		for (j = k; state[k] && j < nargs; j++) {
			next[j] = true;
			if (c->arg[j].required)
				break;
		}
}

static bool
key_used(const struct place *p, int n, const char *name)
{
	int i;

	for (i = 1; i < n; i++)
		if (p->word[i].eq == (int)strlen(name) && strncmp(p->word[i].text, name, p->word[i].eq) == 0)
			return true;
	return false;
}

static void
offer_keys(struct completion *c, const struct cmd *cmd, const struct place *p, int n)
{
	const struct arg *a;
	char key[80];
	int i;

	for (i = 0; i < CMD_KEYS_MAX + SETTINGS_MAX; i++) {
		if (i < CMD_KEYS_MAX)
			a = cmd->key[i].type != ARG_END ? &cmd->key[i] : NULL;
		else
			a = cmd->settings ? settings_key(i - CMD_KEYS_MAX) : NULL;
		if (a == NULL) {
			if (i >= CMD_KEYS_MAX)
				break;
			i = CMD_KEYS_MAX - 1;
			continue;
		}
		if (key_used(p, n, a->name))
			continue;
		snprintf(key, sizeof key, "%s=", a->name);
		offer(c, key, a->what);
	}
}

static void
complete_operand(struct completion *c, const struct cmd *cmd, const struct place *p)
{
	int typed = p->fresh ? -1 : p->n - 1, n = p->fresh ? p->n : p->n - 1, j;
	const struct cmd_word *w = typed > 0 ? &p->word[typed] : NULL;
	const struct arg *key;
	bool next[CMD_ARGS_MAX] = {false};

	c->before = n > 1 ? p->word[n - 1].text : NULL;
	if (w != NULL && w->eq > 0 && (key = key_named(cmd, w->text, w->eq)) != NULL) {
		c->typed = w->text + w->eq + 1;
		c->ntyped = strlen(c->typed);
		c->out->start = w->col + w->eq + 1;
		offer_argument(c, key);
		return;
	}
	args_next(c->s, cmd, p->word + 1, n - 1, next);
	for (j = 0; j < CMD_ARGS_MAX; j++) {
		int start = c->out->start;
		size_t had = c->out->n;

		if (!next[j])
			continue;
		offer_argument(c, &cmd->arg[j]);
		if (c->out->n > had && c->out->start != start) /* within a list of layers: nothing else fits there */
			return;
		c->out->start = start;
	}
	offer_keys(c, cmd, p, n);
}

void
complete(struct session *s, const char *line, int point, struct ui_candidates *out)
{
	struct completion c = {.s = s, .out = out, .typed = ""};
	struct place p;
	const struct cmd *cmd;
	const char *name;
	int i;

	out->start = point;
	if (!place_find(line, point, &p)) {
		place_free(&p);
		return;
	}
	if (!p.fresh) {
		c.typed = p.word[p.n - 1].text;
		c.ntyped = strlen(c.typed);
		out->start = p.word[p.n - 1].col + (line[p.word[p.n - 1].col] == '"');
	}
	if (p.n == 0 || (p.n == 1 && !p.fresh))
		offer_commands(&c, false);
	else if ((cmd = cmd_find(p.word[0].text, true, NULL)) != NULL) {
		c.cmd = cmd;
		if (cmd->arg[0].type == ARG_RAW) {
			name = line + point;
			while (name > line && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
				name--;
			c.typed = name;
			c.ntyped = (size_t)(line + point - name);
			out->start = (int)(name - line);
			for (i = 0; expr_names[i] != NULL; i++)
				offer(&c, expr_names[i], "");
		} else
			complete_operand(&c, cmd, &p);
	}
	place_free(&p);
}

void
complete_hint(struct session *s, const char *line, char *out, size_t size)
{
	struct place p;
	const struct cmd *cmd;
	bool next[CMD_ARGS_MAX] = {false};
	struct str b = {0};
	int j, nargs, last;

	out[0] = '\0';
	if (!place_find(line, (int)strlen(line), &p) || p.n == 0 || (cmd = cmd_find(p.word[0].text, true, NULL)) == NULL ||
	    (!p.fresh && p.n > 1)) {
		place_free(&p);
		return;
	}
	str_add(&b, "%s", "");
	nargs = args_count(cmd);
	args_next(s, cmd, p.word + 1, p.n - 1, next);
	for (j = 0, last = -1; j < nargs; j++) {
		if (!next[j] && last < 0)
			continue;
		last = j;
		str_add(&b, cmd->arg[j].required ? " %s" : " [%s]", cmd->arg[j].name);
	}
	if (cmd->key[0].type != ARG_END || cmd->settings)
		str_add(&b, " [key=value]");
	snprintf(out, size, "%s", b.s + (p.fresh && b.n > 0));
	free(b.s);
	place_free(&p);
}
