/* key.c: reads key=value: finds the key that is meant, and checks its value. */
#include "language/key.h"

#include "keras/names.h"
#include "language/arg.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_MAX (2 * CMD_KEYS_MAX + SETTINGS_MAX)

/* The command's own word that is used like a key, as in `model trainable=yes`. */
static const char *
key_word(const struct cmd *c, const char *name)
{
	for (int i = 0; c->arg[i].type != ARG_END; i++)
		for (const char *const *p = c->arg[i].choices; p != NULL && *p != NULL; p++)
			if (strcmp(*p, name) == 0)
				return *p;
	return NULL;
}

/* The key that has another name in Keras. */
static const char *
key_keras(const char *name, const char *const *names, int n)
{
	const char *ours = keras_key(name);

	for (int i = 0; i < n && ours != NULL; i++)
		if (strcmp(names[i], ours) == 0)
			return names[i];
	return NULL;
}

const struct arg *
key_at(const struct cmd *c, int i)
{
	const struct arg *a;
	int n = 0;

	while ((a = cmd_key(c, n)) != NULL && n < i)
		n++;
	return a != NULL ? a : c->settings ? arg_setting(i - n) : NULL;
}

static const struct arg *
key_find(struct session *s, const struct cmd *c, const char *name, struct cmd_value *v, struct err *e)
{
	const struct arg *found = NULL, *a;
	const char *names[KEYS_MAX], *hit;
	struct str list = {0};
	int n = 0, nfound = 0;
	size_t len = strlen(name);

	for (int i = 0; (a = key_at(c, i)) != NULL; i++) {
		if (strcmp(a->name, name) == 0) {
			free(list.s);
			return a;
		}
		names[n++] = a->name;
		if (strncmp(a->name, name, len) == 0) {
			found = a;
			str_add(&list, "%s%s", nfound++ > 0 ? " " : "", a->name);
		}
	}
	if (s->user.interactive && nfound == 1) {
		free(list.s);
		return found;
	}
	if (s->user.interactive && nfound > 1)
		fail_at(e, v, "key \"%.40s\" may be any of: %s; type more letters", name, list.s);
	else if (nfound > 1)
		fail_at(e, v, "unknown key \"%.40s\" - it may be the beginning of: %s; scripts need full names", name,
		    list.s);
	else if (nfound == 1)
		fail_at(e, v, "unknown key \"%.40s\" - did you mean \"%s\"? Scripts need full names", name, list.s);
	free(list.s);
	if (nfound > 0)
		return NULL;
	for (int i = 0; c->arg[i].type != ARG_END; i++) /* splits have a = as well */
		if (c->arg[i].type == ARG_SPLIT && (strncmp("digits", name, len) == 0 ||
		    strncmp("classes", name, len) == 0))
			return fail_at(e, v, "unknown key \"%.40s\" - did you mean \"%s\"?%s", name, name[0] == 'd' ?
			    "digits" : "classes", s->user.interactive ? "" : " Scripts need full names"), NULL;
	if ((hit = key_word(c, keras_key(name) != NULL ? keras_key(name) : name)) != NULL)
		fail_at(e, v, "%s takes no value; write `%s %s`", hit, c->name, hit);
	else if ((hit = key_keras(name, names, n)) != NULL || (hit = text_near(name, names, n)) != NULL)
		fail_at(e, v, "unknown key \"%.40s\" - did you mean \"%s\"?", name, hit);
	else if (c->settings && (hit = keras_left(name, len)) != NULL)
		fail_at(e, v, "there is no key \"%.40s\" as in Keras: %s", name, hit);
	else
		fail_at(e, v, "unknown key \"%.40s\"; `help %s` lists the keys", name, c->name);
	return NULL;
}

/* What a number for the size of a picture may have been meant for: the square of occlude, in `export`. */
static bool
key_squares(const struct cmd *c, const struct cmd_value *v)
{
	const struct arg *a;

	for (int i = 0; (a = cmd_key(c, i)) != NULL; i++)
		if (v->arg->type == ARG_SIZE && strcmp(a->name, "square") == 0)
			return v->text[0] != '\0' && v->text[strspn(v->text, "0123456789")] == '\0';
	return false;
}

int
key_take(struct session *s, struct cmd_args *a, const struct cmd_word *w, struct err *e)
{
	struct cmd_value *v = &a->key[a->nkey];
	char *name = xstrndup(w->text, w->eq), bounds[96];
	int fits, pair[2 * CMD_WORDS_MAX];

	*v = (struct cmd_value){.text = w->text + w->eq + 1, .col = w->col, .len = w->len};
	v->arg = key_find(s, a->cmd, name, v, e);
	free(name);
	if (v->arg == NULL)
		return -1;
	for (int i = 0; i < a->nkey; i++)
		if (a->key[i].arg == v->arg)
			return fail_at(e, v, "%s= is given twice; leave one out", v->arg->name);
	v->col += w->eq + 1; /* from here on, errors are of the value */
	v->len -= w->eq + 1;
	fits = arg_fits(s, v->arg, v->text, v, e);
	if (fits < 0)
		return -1;
	if (fits == 0 && v->arg->type == ARG_LAYERS && arg_layers(s, v->text, pair, CMD_WORDS_MAX, e) < 0)
		return err_at(e, v);
	if (fits == 0) {
		struct str list = {0};
		const char *const *c;

		for (c = v->arg->choices; c != NULL && *c != NULL; c++)
			str_add(&list, "%s%s", c == v->arg->choices ? "" : ", ", *c);
		if (key_squares(a->cmd, v))
			str_add(&list, "; square=%.20s is the side of the square of occlude", v->text);
		fail_at(e, v, "%s=%.60s: %s %s%s%s", v->arg->name, v->text, v->arg->choices != NULL ? "one of" : "not",
		    v->arg->choices != NULL ? list.s : arg_type_words(v->arg), arg_bounds(v->arg, bounds),
		    v->arg->choices == NULL && list.s != NULL ? list.s : "");
		free(list.s);
		return -1;
	}
	a->nkey++;
	return 0;
}

bool
key_is(const struct cmd *c, const struct cmd_word *w, const char *line)
{
	if (w->eq <= 0 || line[w->col] == '"')
		return false;
	if (key_at(c, 0) == NULL) /* in `set lr=0.1` it is an operand */
		return false;
	if (strncmp(w->text, "digits=", 7) != 0 && strncmp(w->text, "classes=", 8) != 0)
		return true;
	for (int i = 0; cmd_key(c, i) != NULL; i++)
		if (strlen(cmd_key(c, i)->name) == (size_t)w->eq &&
		    strncmp(w->text, cmd_key(c, i)->name, (size_t)w->eq) == 0)
			return true;
	for (int i = 0; c->arg[i].type != ARG_END; i++)
		if (c->arg[i].type == ARG_SPLIT || c->arg[i].type == ARG_WORD)
			return false;
	return true;
}
