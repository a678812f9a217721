/* offer.c: what may stand at a place of a line, one type of argument after the other. */
#include "language/offer.h"

#include "data/class.h"
#include "language/topics.h"
#include "session/made.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* A name of a command. Keras' words, and others that mean the same, come behind thaw's own. */
struct offer_name {
	const char *name, *of; /* of: the command that it is another name of; NULL: it is thaw's own */
	const char *what;
	bool keras;
};

#define NAMES_MAX 256

static int
offer_order(const void *a, const void *b)
{
	const struct offer_name *x = a, *y = b;
	bool later = x->of != NULL || x->keras, other = y->of != NULL || y->keras;

	return later != other ? (int)later - (int)other : strcmp(x->name, y->name);
}

/* Whether a name is Keras': its line calls it. */
static bool
offer_is_keras(const struct cmd *c, const char *name)
{
	char call[40];

	snprintf(call, sizeof call, ".%s(", name);
	return c->keras != NULL && strstr(c->keras, call) != NULL;
}

static int
offer_names(const struct cmd *c, struct offer_name *name, int n, bool others)
{
	name[n++] = (struct offer_name){c->name, NULL, c->what, strncmp(c->what, "Keras", 5) == 0};
	for (int i = 0; others && i < 3 && c->alias[i] != NULL; i++)
		name[n++] = (struct offer_name){c->alias[i], c->name, c->what, offer_is_keras(c, c->alias[i])};
	return n;
}

void
offer_commands(struct completion *c, bool with_topics)
{
	struct offer_name name[NAMES_MAX];
	char *what;
	int n = 0;

	for (const struct cmd *const *p = c->s->commands->list; *p != NULL && n + 4 < NAMES_MAX; p++)
		n = offer_names(*p, name, n, c->ntyped > 0);
	qsort(name, (size_t)n, sizeof *name, offer_order);
	for (int i = 0; i < n; i++) {
		what = name[i].of == NULL ? xstrdup(name[i].what) : xasprintf("%s %s: %s", name[i].keras ?
		    "Keras' word for" : "the same as", name[i].of, name[i].what);
		offer_word(c, name[i].name, what);
		free(what);
	}
	for (const struct topic *t = topics; with_topics && t->name != NULL; t++)
		offer_word(c, t->name, "a topic");
}

/* A name in quotes, for a list of which some need them. */
static char *
offer_quoted(const char *name)
{
	char *typed = class_typed(name), *quoted = typed[0] == '"' ? xstrdup(typed) : xasprintf("\"%s\"", typed);

	free(typed);
	return quoted;
}

/* Names of classes in place of what is typed of one, which are the last n bytes of the word. */
static void
offer_classes(struct completion *c, const char *piece, size_t n)
{
	const struct dataset *d = c->s->data.set;
	int start = c->end - (int)n - c->open;
	bool quotes = c->open;

	if (!class_named(d) || start < 0 || (c->open && c->line[start] != '"') ||
	    strncmp(c->line + start + c->open, piece, n) != 0)
		return;
	c->out->start = start;
	for (int i = 0; i < d->names; i++)
		if (d->there[i] && strncmp(d->class_name[i], piece, n) == 0) {
			char *typed = class_typed(d->class_name[i]);

			quotes |= typed[0] == '"';
			free(typed);
		}
	for (int i = 0; i < d->names; i++)
		if (d->there[i] && strncmp(d->class_name[i], piece, n) == 0) {
			char *text = quotes ? offer_quoted(d->class_name[i]) : xstrdup(d->class_name[i]), what[32];

			snprintf(what, sizeof what, "class %d", i);
			ui_candidates_add(c->out, text, what);
			free(text);
		}
}

static void
offer_splits(struct completion *c)
{
	const struct dataset *d = c->s->data.set;
	char text[16], what[64];

	if (class_named(d) && strncmp(c->typed, "classes=", 8) == 0 && c->ntyped >= 8) {
		const char *comma = strrchr(c->typed, ',');
		const char *piece = comma != NULL ? comma + 1 : c->typed + 8 + (c->typed[8] == '!');

		offer_classes(c, piece, strlen(piece));
		return;
	}
	if (class_named(d)) {
		offer_word(c, "all", "every class");
		offer_word(c, "classes=", "these classes: classes=NAME,NAME; !NAME: all others");
		offer_word(c, "digits=", "classes by their labels: digits=0-2,5,8");
		return;
	}
	offer_word(c, "all", "every digit");
	for (int n = 1; n < 10; n++) {
		snprintf(text, sizeof text, "lt%d", n);
		snprintf(what, sizeof what, n == 1 ? "digit 0" : "digits 0 to %d", n - 1);
		offer_word(c, text, what);
	}
	for (int n = 1; n < 10; n++) {
		snprintf(text, sizeof text, "gte%d", n);
		snprintf(what, sizeof what, n == 9 ? "digit 9" : "digits %d to 9", n);
		offer_word(c, text, what);
	}
	offer_word(c, "digits=", "these digits: digits=0-2,5,8");
}

/* Where data that tell its shape are being read ahead, nobody who types waits for them: it is NULL. */
static const struct nn_net *
offer_net(const struct completion *c)
{
	const struct user *u = &c->s->user;
	bool later = c->s->model.net == NULL && u->host != NULL && u->host->is_screen && !session_input_known(c->s);

	return later ? NULL : session_net(c->s, NULL);
}

/* The last name of a list or a range is what is being typed. */
static void
offer_layers(struct completion *c)
{
	const struct nn_net *net = offer_net(c);
	const char *last = c->typed;
	struct completion inner = *c;
	char what[96], n[32];

	if (net == NULL)
		return;
	for (const char *p = c->typed; *p != '\0' && (size_t)(p - c->typed) < c->ntyped; p++)
		if (*p == ',' || (p > c->typed && p[0] == '.' && p[-1] == '.'))
			last = p + 1;
	inner.ntyped -= last - c->typed;
	inner.typed = last;
	c->out->start += (int)(last - c->typed);
	offer_word(&inner, "features", "the layers that see pictures");
	offer_word(&inner, "head", "the layers that decide");
	offer_word(&inner, "all", "every layer");
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		snprintf(what, sizeof what, "%s, %s parameters%s", nn_layer_class(l), text_count(n, l->params),
		    l->params > 0 && !l->trainable ? ", frozen" : "");
		offer_word(&inner, l->name, what);
	}
}

static void
offer_units(struct completion *c)
{
	const struct nn_net *net = offer_net(c);
	char text[48], what[64];

	for (int i = 0; net != NULL && i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		snprintf(text, sizeof text, "%s[", l->name);
		snprintf(what, sizeof what, "%s 0 to %d", l->out.rank == 3 ? "channels" : "units",
		    l->out.dim[l->out.rank - 1] - 1);
		offer_word(c, text, what);
	}
}

static void
offer_runs(struct completion *c)
{
	char text[32];

	for (int i = 0; i < c->s->runs.n; i++) {
		snprintf(text, sizeof text, "r%d", c->s->runs.list[i]->number);
		offer_word(c, text, c->s->runs.list[i]->split.name);
	}
}

static void
offer_snapshots(struct completion *c)
{
	for (int i = 0; i < c->s->snapshots.n; i++) {
		char *text = xasprintf("@%s", c->s->snapshots.list[i]->name);

		offer_word(c, text, "a snapshot");
		free(text);
	}
}

static void
offer_points(struct completion *c)
{
	offer_word(c, "init", "the weights that the seed gives");
	offer_word(c, "now", "the weights as they are");
	offer_runs(c);
	offer_snapshots(c);
}

static const char *
image_ending(int i)
{
	return i == 0 ? ".png" : NULL;
}

static void
offer_images(struct completion *c)
{
	offer_word(c, "test:", "a test image by its index");
	offer_word(c, "train:", "a training image by its index");
	offer_word(c, "last", "the last drawing or prediction");
	offer_files(c, image_ending, false);
}

static void
offer_settings(struct completion *c)
{
	const struct nn_net *net = offer_net(c);
	char *text;

	for (const struct setting *k = settings_list; k->key != NULL; k++)
		offer_word(c, k->key, k->what);
	for (int i = 0; net != NULL && i < nn_net_count(net); i++) {
		if (!nn_layer_has_rate(nn_net_layer(net, i)))
			continue;
		text = xasprintf("%s.rate", nn_net_layer(net, i)->name);
		offer_word(c, text, "share of values that a dropout drops");
		free(text);
	}
}

/* What a setting can be: its choices, else the value it has. */
static void
offer_setting_values(struct completion *c, const char *key)
{
	const struct setting *k = settings_find(key, c->s->user.interactive, NULL);
	char *value, word[64];
	size_t n;

	if (k == NULL)
		return;
	value = settings_value(&c->s->set, k);
	for (const char *p = k->choices; *(p += strspn(p, " ")) != '\0'; p += n) {
		n = strcspn(p, " ");
		snprintf(word, sizeof word, "%.*s", (int)n, p);
		offer_word(c, word, strcmp(word, value) == 0 ? "as it is" : "");
	}
	if (k->choices[0] == '\0' && value[0] != '\0')
		offer_word(c, value, "as it is");
	free(value);
}

void
offer_argument(struct completion *c, const struct arg *a)
{
	char text[32];

	if (a->choices != NULL) {
		for (const char *const *p = a->choices; *p != NULL; p++)
			offer_word(c, *p, a->what);
		return;
	}
	switch (a->type) {
	case ARG_SPLIT:
		offer_splits(c);
		break;
	case ARG_CLASS:
		offer_classes(c, c->typed, c->ntyped);
		break;
	case ARG_LAYERS:
		offer_layers(c);
		break;
	case ARG_UNIT:
		offer_units(c);
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
		offer_files(c, a->ending, a->made);
		if (c->cmd != NULL && strcmp(c->cmd->name, "load") == 0) {
			offer_runs(c);
			offer_snapshots(c);
		}
		break;
	case ARG_SIZE:
		snprintf(text, sizeof text, "%dx%d", c->s->set.size_w, c->s->set.size_h);
		offer_word(c, text, "the setting");
		break;
	case ARG_SETTING:
		offer_settings(c);
		break;
	case ARG_COMMAND:
		offer_commands(c, true);
		break;
	case ARG_WORD:
		if (c->cmd != NULL && a > c->cmd->arg && a < c->cmd->arg + CMD_ARGS_MAX && a[-1].type == ARG_SETTING &&
		    c->before != NULL)
			offer_setting_values(c, c->before);
		else if (settings_find(a->name, false, NULL) != NULL)
			offer_setting_values(c, a->name);
		else if (a->ending != NULL)
			offer_files(c, a->ending, false);
		break;
	default:
		break;
	}
}
