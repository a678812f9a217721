/* sweep_trial.c: a trial of a sweep, in a session of its own, which begins as the user's is. */
#include "commands/sweep.h"
#include "file/record.h"
#include "language/parse.h"
#include "language/words.h"
#include "model/plan.h"
#include "session/made.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include "config.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define LAYOUT "trial 1"
#define PATIENCE 50 /* milliseconds until a trial that trains is asked whether to go on */

struct trial_session {
	struct session *of; /* the user's */
	struct session *s; /* its own */
	struct out *out;
};

/* ---- combinations ---- */

const char *
sweep_value(const struct sweep *x, int row, int k)
{
	for (int i = x->nkey - 1; i > k; i--)
		row /= x->key[i].n;
	return x->key[k].value[row % x->key[k].n];
}

int
sweep_varied(const struct sweep *x)
{
	int k = 0;

	while (k < x->nkey - 1 && x->key[k].n < 2)
		k++;
	return k;
}

char *
sweep_shown(const char *value)
{
	return strpbrk(value, ",\"") != NULL ? word_quoted(value) : xstrdup(value);
}

char *
sweep_label(const struct sweep *x, int row)
{
	struct str b = {0};

	str_add(&b, "%s", "");
	for (int k = 0; k < x->nkey; k++) {
		char *shown = sweep_shown(sweep_value(x, row, k));

		str_add(&b, "%s%s=%s", k > 0 ? "," : "", x->key[k].name, shown);
		free(shown);
	}
	return b.s;
}

char *
sweep_commands(const struct sweep *x, int row, uint64_t seed, struct err *e)
{
	const char *p = x->commands, *open, *end;
	struct str b = {0};
	int k;

	str_add(&b, "%s", "");
	while ((open = strchr(p, '{')) != NULL && (end = strchr(open, '}')) != NULL) {
		size_t n = (size_t)(end - open - 1);

		str_addn(&b, p, (size_t)(open - p));
		for (k = 0; k < x->nkey; k++)
			if (strlen(x->key[k].name) == n && strncmp(x->key[k].name, open + 1, n) == 0)
				break;
		if (k < x->nkey)
			str_add(&b, "%s", sweep_value(x, row, k));
		else if (n == 4 && strncmp(open, "{seed}", 6) == 0)
			str_add(&b, "%llu", (unsigned long long)seed);
		else {
			fail(e, "{%.*s} is no key of this sweep; give it values before the --, as in %.*s=A,B",
			    n < 40 ? (int)n : 40, open + 1, n < 40 ? (int)n : 40, open + 1);
			free(b.s);
			return NULL;
		}
		p = end + 1;
	}
	str_add(&b, "%s", p);
	return b.s;
}

/* ---- what the store knows a trial by ---- */

int
sweep_asked_data(struct session *s, struct sweep *x, struct err *e)
{
	json_t *data;

	if (s->store.dir == NULL && s->share == NULL)
		return 0;
	if ((data = kept_data(s->data.set, e)) == NULL)
		return -1;
	json_object_set_new(x->asked, "data", data);
	return 0;
}

json_t *
sweep_asked(struct session *s)
{
	struct nn_net *net = s->model.net;
	struct nn_shape in = nn_net_input(net);
	json_t *trainable = json_array(), *o;
	char *model = plan_net_text(net, s->model.features), hash[65];

	for (int i = 0; i < nn_net_count(net); i++)
		json_array_append_new(trainable, json_boolean(nn_net_layer(net, i)->trainable));
	sha256_hex(nn_net_weights(net), nn_net_params(net) * sizeof(float), hash);
	o = out_pack("{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:I, s:I, s:I, s:s, s:o}", "thaw", LAYOUT, "version",
	    PACKAGE_VERSION, "model", model, "input", out_shape(in.rank, in.dim), "weights", hash, "rates",
	    kept_rates(&s->set.run, nn_net_count(net)), "trainable", trainable, "drawn", (json_int_t)s->model.seed,
	    "drawn_at", (json_int_t)s->model.asked, "begun", (json_int_t)s->runs.next_epoch, "split",
	    s->runs.last_split.kind != SPLIT_NONE ? s->runs.last_split.name : NULL, "settings",
	    kept_settings(&s->set));
	json_object_set_new(o, "kernels", out_string(nn_engine_kernels(s->compute.engine)));
	if (s->slots.of != NULL) /* which `train slots=loaded` begins with */
		json_object_set_new(o, "slots", out_string(s->slots.sha256));
	free(model);
	return o;
}

static json_t *
trial_asked(const struct sweep *x, const char *label, const char *commands, uint64_t seed)
{
	json_t *o = json_copy(x->asked);

	json_object_set_new(o, "set", out_string(label));
	json_object_set_new(o, "seed", json_integer((json_int_t)seed));
	json_object_set_new(o, "commands", out_string(commands));
	return o;
}

int
sweep_trial_make(const struct sweep *x, const struct session *s, int number, struct sweep_trial *t, struct err *e)
{
	const struct compared *c = &x->result;

	*t = (struct sweep_trial){.row = number / c->seeds, .at = number % c->seeds};
	t->seed = c->seed + (uint64_t)t->at;
	if ((t->commands = sweep_commands(x, t->row, t->seed, e)) == NULL)
		return -1;
	t->asked = trial_asked(x, c->row[t->row].mode, t->commands, t->seed);
	if (s->store.dir != NULL || s->share != NULL)
		kept_key(t->asked, t->key);
	return 0;
}

void
sweep_trial_free(struct sweep_trial *t)
{
	json_decref(t->asked);
	free(t->commands);
	*t = (struct sweep_trial){0};
}

/* ---- a session of its own ---- */

static void
trial_nowhere(void *arg, bool error, enum out_style style, const char *text)
{
}

/* Asked by the engine: of a run, whose worker asks for itself, or of an eval. */
static bool
trial_stopped(void *arg)
{
	struct trial_session *t = arg;

	return t->s->worker.job != NULL ? job_safe_point(t->s->worker.job) : session_interrupted(t->of);
}

/* Asked by the engine within a step that takes long. */
static bool
trial_gives_up(void *arg)
{
	const struct trial_session *t = arg;

	return session_gives_up(t->s->worker.job != NULL ? t->s : t->of);
}

static void
trial_close(struct trial_session *t)
{
	t->s->data.set = NULL; /* the user's */
	session_free(t->s);
	out_free(t->out);
}

/* What a run is kept by that the sweep has not been ended in. */
static void
trial_ran(struct session *s, struct run *r)
{
	if (!r->interrupted)
		record_keep(s, r);
}

static int
trial_open(struct trial_session *t, struct session *of, const struct settings *set, int lanes, struct err *e)
{
	struct session *s;

	t->of = of;
	t->out = out_new_stdio();
	t->out->sink = (struct out_sink){.line = trial_nowhere};
	t->s = s = session_new(t->out, of->commands);
	data_choose(&s->data, of->data.name);
	s->data.how = of->data.how;
	s->data.set = of->data.set;
	s->set = *set;
	s->set.threads = set->threads > lanes ? set->threads / lanes : 1;
	s->set.cache_limit = settings_cache_limit(set, 0) / (size_t)lanes;
	s->user.safe = of->user.safe;
	if ((s->model.net = nn_net_clone(of->model.net)) == NULL)
		return fail_memory(e, "not enough memory for another model");
	s->model.features = of->model.features;
	s->model.build = of->model.build != NULL ? xstrdup(of->model.build) : NULL;
	s->model.seed = of->model.seed;
	s->model.asked = of->model.asked;
	s->model.trained = of->model.trained;
	s->slots = of->slots;
	s->slots.borrowed = true;
	s->runs.next_epoch = of->runs.next_epoch;
	s->runs.last_split = of->runs.last_split;
	if (of->store.dir != NULL)
		store_choose(&s->store, of->store.dir);
	s->ran = of->ran != NULL ? trial_ran : NULL;
	if (session_engine(s, e) == NULL)
		return -1;
	nn_engine_set_stop(s->compute.engine, trial_stopped, t);
	nn_engine_set_give_up(s->compute.engine, trial_gives_up, t);
	return 0;
}

/* Waits for the run, and ends it where the user says so. */
static int
trial_wait(struct trial_session *t, struct err *e)
{
	struct pollfd p = {job_wake_fd(&t->s->worker), POLLIN, 0};
	const char *command;

	while (t->s->worker.job != NULL) {
		if (poll(&p, 1, PATIENCE) < 0 && errno != EINTR)
			return fail(e, "the run cannot be waited for: %s; try again", strerror(errno));
		if (session_interrupted(t->of))
			job_halt(&t->s->worker);
		job_pump(&t->s->worker, &command, e);
	}
	return e->text[0] != '\0' ? -1 : 0;
}

/* 0, NN_STOPPED, or -1 with a sentence. */
static int
trial_line(struct trial_session *t, const char *line, struct err *e)
{
	struct cmd_parsed p;
	struct err why = {0};
	const char *name;
	size_t at = 0;
	int rc;

	do {
		why = (struct err){0};
		rc = cmd_parse(t->s, line, &at, &p, &why);
		name = p.args.cmd != NULL ? p.args.cmd->name : NULL;
		if (rc > 0 && (rc = p.args.cmd->exec(t->s, &p.args, &why)) == 0)
			rc = trial_wait(t, &why) < 0 ? -1 : 1;
		cmd_parsed_free(&p);
		if (session_interrupted(t->of))
			return NN_STOPPED;
	} while (rc > 0);
	return rc < 0 ? fail(e, "%s%s%s", name != NULL ? name : "", name != NULL ? ": " : "", why.text) : 0;
}

static int
trial_commands(struct trial_session *t, const struct sweep *x, int row, uint64_t seed, const char *commands,
    struct err *e)
{
	char *line = xasprintf("set seed %llu", (unsigned long long)seed);
	int rc = trial_line(t, line, e);

	free(line);
	for (int k = 0; k < x->nkey && rc == 0; k++)
		if (x->key[k].setting) {
			char *value = word_quoted(sweep_value(x, row, k));

			line = xasprintf("set %s %s", x->key[k].name, value);
			rc = trial_line(t, line, e);
			free(line);
			free(value);
		}
	return rc == 0 ? trial_line(t, commands, e) : rc;
}

static int
trial_take(const struct trial_session *t, struct kept_result *r, struct err *e)
{
	const struct results *of = &t->s->runs.results;

	if (!of->eval && !of->epoch)
		return fail(e, "no figure is left by these commands; let the last of them train, or `eval lt5`");
	r->eval = of->eval;
	r->accuracy = of->eval ? of->accuracy : of->val_accuracy;
	r->loss = of->eval ? of->loss : of->val_loss;
	if (!isfinite(r->loss)) /* as the store has it */
		r->loss = NAN;
	return 0;
}

int
sweep_trial_run(struct sweep *x, struct session *s, int lanes, const struct sweep_trial *trial, struct kept_result *r,
    struct err *e)
{
	struct trial_session t;
	struct err why = {0};
	int rc = trial_open(&t, s, &x->set, lanes, &why);

	if (rc == 0)
		rc = trial_commands(&t, x, trial->row, trial->seed, trial->commands, &why);
	if (rc == 0)
		rc = trial_take(&t, r, &why);
	trial_close(&t);
	if (rc < 0)
		fail(e, "%s, seed %llu: %s", x->result.row[trial->row].mode, (unsigned long long)trial->seed, why.text);
	return rc;
}
