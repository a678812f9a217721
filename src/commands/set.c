/* set.c: looking at settings and changing them. */
#include "file/guard.h"
#include "language/arg.h"
#include "session/made.h"
#include "train/start.h"
#include "util/num.h"
#include "util/reach.h"
#include "util/row.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the rate of a dropout: LAYER.rate ---- */

/* The layer that KEY names, -1 when it is no such key, -2 with a sentence when it is meant but wrong. */
static int
set_rate_layer(struct session *s, const char *key, struct err *e)
{
	size_t n = strlen(key);
	struct nn_net *net;
	char *name;
	int i, pair[2 * NN_LAYERS_MAX];

	if (n < 6 || strcmp(key + n - 5, ".rate") != 0)
		return -1;
	if ((net = session_net(s, e)) == NULL)
		return -2;
	name = xstrndup(key, n - 5);
	i = arg_layers(s, name, pair, NN_LAYERS_MAX, e);
	if (i >= 0 && (i != 1 || pair[0] != pair[1]))
		i = fail(e, "%s names several layers; .rate is of one dropout", name);
	else if (i >= 0 && !nn_layer_has_rate(nn_net_layer(net, pair[0])))
		i = fail(e, "%s is no dropout and has no rate; `layers` lists them", name);
	free(name);
	return i < 0 ? -2 : pair[0];
}

struct set_rate {
	int layer;
	double rate;
	bool in_run; /* from this batch on, if a run goes on */
	int epoch;
	uint32_t batch;
};

static int
set_rate_apply(struct session *s, void *arg, struct err *e)
{
	struct set_rate *r = arg;
	struct nn_err why;

	r->in_run = job_next_batch(&s->worker, &r->epoch, &r->batch);
	return nn_net_set_rate(s->model.net, r->layer, r->rate, &why) < 0 ? fail_nn(e, &why) : 0;
}

static void
set_rate_record(struct session *s, const struct set_rate *r, const char *key)
{
	char number[32], *change;

	if (!r->in_run)
		return;
	change = xasprintf("epoch %d, batch %u: set %s %s", r->epoch, r->batch, key, num_text(number, r->rate));
	run_change(runs_last(&s->runs), change);
	free(change);
}

/* ---- showing ---- */

static json_t *
set_json(const struct setting *k, const char *value)
{
	if (strcmp(value, "auto") == 0 || k == NULL)
		return out_string(value);
	switch (k->type) {
	case SETTING_LR:
		if (strchr(value, ':') != NULL)
			return out_string(value);
		/* fallthrough */
	case SETTING_NUM:
		return json_real(strtod(value, NULL));
	case SETTING_INT:
	case SETTING_SEED:
		return json_integer(strtoll(value, NULL, 10));
	case SETTING_BOOL:
		return json_boolean(strcmp(value, "on") == 0);
	default:
		return out_string(value);
	}
}

/* Whether a setting is one that was found, as many threads as there may be. */
static bool
set_found(const struct session *s, const char *key)
{
	return strcmp(key, "threads") == 0 && s->set.threads_auto;
}

/* As it is shown. The caller's. */
static char *
set_shown(const struct session *s, const char *key, const char *value)
{
	return set_found(s, key) ? xasprintf("auto (%d)", s->set.threads) : xstrdup(value[0] != '\0' ? value : "-");
}

static void
set_show(struct session *s, const char *key, const char *value, const char *range, const char *what, json_t *json,
    bool head)
{
	bool found = set_found(s, key);
	const struct row_cell row[] = {
		{"key", ROW_TEXT, .s = key},
		{"value", ROW_TEXT, .in = ROW_IN_CSV, .s = value},
		{"value", ROW_JSON, .json = json},
		{"range", ROW_TEXT, .s = range},
		{"what", ROW_TEXT, .s = what},
		{"auto", ROW_BOOL, .in = ROW_IN_JSON, .off = !found, .n = found}, {0}};
	char *shown = set_shown(s, key, value);

	out_text(s->out, "%-14s %-9s %s  (%s)", key, shown, what, range);
	free(shown);
	row_print(s->out, "setting", head, row);
}

static void
set_show_one(struct session *s, const struct setting *k, bool head)
{
	/* programs are told how many they are */
	char *value = set_found(s, k->key) ? xasprintf("%d", s->set.threads) : settings_value(&s->set, k);
	char *range = settings_range(k);

	set_show(s, k->key, value, range, k->what, set_json(k, value), head);
	free(value);
	free(range);
}

static void
set_show_rate(struct session *s, int layer, bool head)
{
	const struct nn_layer *l = nn_net_layer(s->model.net, layer);
	char key[64], value[32];

	snprintf(key, sizeof key, "%s.rate", l->name);
	set_show(s, key, num_text(value, l->rate), "0 to below 1", "share of values that a dropout drops",
	    json_real(l->rate), head);
}

static int
set_show_all(struct session *s, struct err *e)
{
	struct nn_net *net = session_net(s, e);

	if (net == NULL)
		return -1;
	for (const struct setting *k = settings_list; k->key != NULL; k++)
		set_show_one(s, k, k == settings_list);
	for (int i = 0; i < nn_net_count(net); i++)
		if (nn_layer_has_rate(nn_net_layer(net, i)))
			set_show_rate(s, i, false);
	return 0;
}

/* ---- changing ---- */

/* Whether a font lies where this process may read. */
static int
set_font_near(const char *path, struct err *e)
{
	int fd = reach_open(path, 0);

	if (fd >= 0)
		close(fd);
	else if (errno == EXDEV)
		return fail(e, "%s cannot be opened: %s; choose a font inside", path, reach_why(errno));
	return 0;
}

static int
set_changed(struct session *s, const struct setting *k, const struct settings *before, struct err *e)
{
	char *value, *said;

	settings_show(&s->set, s->out);
	if (strcmp(k->key, "lr") == 0) {
		for (int i = 0; i < NN_LAYERS_MAX; i++)
			s->set.run.layer_lr[i] = NAN;
		value = settings_value(&s->set, k);
		said = xasprintf("lr %s", value);
		trainer_set_lr(s, NULL, said);
		free(said);
		free(value);
	}
	if (strcmp(k->key, "kernels") == 0 && session_engine(s, e) == NULL) { /* this processor may not run them */
		s->set = *before;
		return -1;
	}
	if (strcmp(k->key, "font") == 0 && set_font_near(s->set.font, e) < 0) {
		s->set = *before;
		return -1;
	}
	if (strcmp(k->key, "keep") == 0)
		guard_set(s);
	if (strcmp(k->key, "cache") == 0 && !s->set.cache)
		compute_cache_drop(&s->compute);
	return 0;
}

/* The words KEY VALUE; or KEY=VALUE as one. */
struct set_words {
	char key[64];
	const char *value; /* NULL: show */
};

static void
set_words(const struct cmd_args *a, struct set_words *w)
{
	const char *eq = strchr(a->pos[0].text, '=');

	w->value = a->npos > 1 ? a->pos[1].text : NULL;
	if (eq != NULL && a->npos == 1) {
		snprintf(w->key, sizeof w->key, "%.*s", (int)(eq - a->pos[0].text), a->pos[0].text);
		w->value = eq + 1;
	} else
		snprintf(w->key, sizeof w->key, "%s", a->pos[0].text);
}

/* What a setting is now, for whoever has typed it; value is taken over. */
static void
set_answer(struct session *s, const char *key, char *value)
{
	char *shown = set_shown(s, key, value);

	if (s->user.interactive && !s->queue.init)
		out_text(s->out, "%s %s", key, shown);
	free(shown);
	free(value);
}

static int
set_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct setting *k;
	struct settings before = s->set;
	struct set_words w;
	struct set_rate rate;
	struct arg number = {.name = "rate", .type = ARG_NUM, .min = 0, .max = 1};
	struct cmd_value v = {0};
	struct err ignored = {0};
	const struct cmd_value *at;

	if (a->npos == 0)
		return set_show_all(s, e);
	set_words(a, &w);
	at = &a->pos[a->npos - 1];
	if ((rate.layer = set_rate_layer(s, w.key, e)) == -2)
		return err_at(e, &a->pos[0]);
	if (rate.layer >= 0) {
		if (w.value == NULL) {
			set_show_rate(s, rate.layer, true);
			return 0;
		}
		if (arg_fits(s, &number, w.value, &v, &ignored) != 1 || v.num >= 1)
			return fail_at(e, at, "%s is a number from 0 to below 1, not \"%.40s\"", w.key, w.value);
		rate.rate = v.num;
		if (job_call(&s->worker, set_rate_apply, s, &rate, e) < 0)
			return -1;
		set_rate_record(s, &rate, w.key);
		set_answer(s, w.key, xasprintf("%.12g", v.num));
		return 0;
	}
	if ((k = settings_find(w.key, s->user.interactive, e)) == NULL)
		return err_at(e, &a->pos[0]);
	if (w.value == NULL) {
		set_show_one(s, k, true);
		return 0;
	}
	if (settings_assign(&s->set, k, w.value, e) < 0)
		return err_at(e, at);
	if (s->queue.init && settings_option(&before, k)) { /* what the value is has been looked at all the same */
		s->set = before;
		return 0;
	}
	if (set_changed(s, k, &before, e) < 0)
		return -1;
	settings_give(&s->set, k->key);
	set_answer(s, k->key, settings_value(&s->set, k));
	return 0;
}

static int
set_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct settings set = s->set;
	const struct setting *k;
	struct set_words w;

	if (a->npos == 0)
		return 0;
	set_words(a, &w);
	if (strstr(w.key, ".rate") != NULL)
		return 0;
	if ((k = settings_find(w.key, false, e)) == NULL)
		return err_at(e, &a->pos[0]);
	return w.value != NULL && settings_assign(&set, k, w.value, e) < 0 ? err_at(e, &a->pos[a->npos - 1]) : 0;
}

/* Looking, and changing what may change while a run goes on; the rate of a dropout is one of the model. */
static enum cmd_when
set_when(const struct session *s, const struct cmd_args *a)
{
	const struct setting *k;
	struct set_words w;

	if (a->npos == 0)
		return CMD_NOW;
	set_words(a, &w);
	if (strstr(w.key, ".rate") != NULL)
		return w.value == NULL ? CMD_NOW : CMD_WAITS;
	k = settings_find(w.key, s->user.interactive, NULL);
	if (k == NULL || w.value == NULL || (k->flags & SETTING_SCREEN) != 0)
		return CMD_ALWAYS;
	return (k->flags & SETTING_LIVE) != 0 ? CMD_NOW : CMD_WAITS;
}

const struct cmd cmd_set = {
	.name = "set",
	.group = "session",
	.what = "settings: list them, show one, change one",
	.text = "`set LAYER.rate VALUE` changes the rate of a dropout. Settings that a run goes by change for the next "
	    "run; lr, verbose, timing and those of the screen act at once, and the latter (glyphs, pictures, color, "
	    "theme, mouse, width) beside a probe or a sweep, too. Pictures in the terminal need kitty (0.28 or later) "
	    "or Ghostty, which are asked as the workbench opens, in tmux its allow-passthrough, and for curves the "
	    "font DejaVu Sans.\n"
	    "Bits follow from the kernels, which differ with the processor: `set kernels base` is the same everywhere "
	    "(one machine's `auto` may not run on another).",
	.keras = "keras.utils.set_random_seed(1337)",
	.example = "set batch 64; set batch; set dropout.rate 0.3; set seed 7",
	.arg = {
		{.name = "KEY", .type = ARG_SETTING, .what = "which setting"},
		{.name = "VALUE", .type = ARG_WORD, .what = "its new value"},
	},
	.when = CMD_WAITS,
	.when_of = set_when,
	.changes = CMD_MAY_CHANGE, /* the rate of a dropout is one of the model */
	.exec = set_exec,
	.check = set_check,
};

/* ---- compile ---- */

static int
compile_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	struct settings set = s->set, before = s->set;
	const struct setting *k;

	for (int i = 0; i < a->nkey; i++) {
		if ((k = settings_find(a->key[i].arg->name, false, NULL)) == NULL)
			continue; /* loss= and metrics= are what they always are */
		if (settings_assign(&set, k, a->key[i].text, e) < 0)
			return err_at(e, &a->key[i]);
		settings_give(&set, k->key);
	}
	s->set = set;
	for (int i = 0; i < a->nkey; i++)
		if ((k = settings_find(a->key[i].arg->name, false, NULL)) != NULL && set_changed(s, k, &before, e) < 0)
			return -1;
	out_note(s->out, "%snothing needs compiling: what is frozen and what it is trained with holds from the next "
	    "batch on", a->nkey > 0 ? "set; " : "");
	return 0;
}

static const char *const compile_losses[] = {"categorical_crossentropy", "sparse_categorical_crossentropy", NULL};

static const char *const compile_metrics[] = {"accuracy", NULL};

const struct cmd cmd_compile = {
	.name = "compile",
	.group = "train",
	.what = "Keras' word: sets optimizer and rate; nothing needs compiling",
	.text = "",
	.keras = "model.compile(optimizer='adadelta', loss='categorical_crossentropy', metrics=['accuracy'])",
	.example = "compile optimizer=sgd lr=0.1",
	.key = {
		{.name = "loss", .type = ARG_WORD, .choices = compile_losses, .what = "the one there is"},
		{.name = "metrics", .type = ARG_WORD, .choices = compile_metrics, .what = "the one there is"},
	},
	.settings = true,
	.settings_stay = true,
	.when = CMD_WAITS,
	.exec = compile_exec,
};
