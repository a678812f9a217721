/* made.c: the parts of a session that are loaded or made when first needed: data, net, engine, sets. */
#include "session/made.h"

#include "model/plan.h"
#include "util/signals.h"
#include "util/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* That of bundled data, so that there is a model at once. */
bool
session_input_known(const struct session *s)
{
	return s->data.set != NULL || strcmp(s->data.name, "mnist") == 0 || strcmp(s->data.name, "fashion") == 0;
}

int
session_input(struct session *s, struct nn_shape *in, struct err *e)
{
	struct dataset *d = s->data.set;

	if (d == NULL && session_input_known(s)) {
		*in = (struct nn_shape){3, {28, 28, 1}};
		return 0;
	}
	if (d == NULL && (d = session_data(s, e)) == NULL)
		return -1;
	*in = d->train.images.shape;
	return 0;
}

int
session_store(struct session *s, bool trains, struct err *e)
{
	struct store *st = &s->store;
	struct store_names names = {0};
	struct err ignored = {0};
	bool read;

	if (st->dir == NULL || !st->asked || (st->shut && !trains) || store_ready(st, e) == 0)
		return 0;
	if (trains)
		return -1;
	read = store_list(st, STORE_RUNS, &names, &ignored) == 0 && names.n > 0;
	store_names_free(&names);
	if (!read)
		return -1;
	out_warn(s->out, "%s", e->text);
	e->text[0] = '\0';
	st->shut = true;
	return 0;
}

void
session_unkept(struct session *s)
{
	if (s->store.asked && (s->queue.status == 0 || s->queue.status == 3))
		s->queue.status = 1;
}

int
session_no_run(const struct session *s, struct err *e)
{
	char *dir = s->store.dir == NULL && !s->user.safe ? path_state("", false) : NULL;
	struct store own = {0};
	struct store_names names = {0};
	struct err ignored = {0};

	store_choose(&own, dir);
	fail(e, "no run yet; `train gte5` makes r1");
	if (dir != NULL && store_list(&own, STORE_RUNS, &names, &ignored) == 0 && names.n > 0)
		out_note(s->out, "runs of sessions at a terminal are listed by `thaw --project %s -c runs`", own.dir);
	store_names_free(&names);
	store_free(&own);
	free(dir);
	return -1;
}

void
session_install(struct session *s, struct nn_net *net, int features, uint64_t seed)
{
	compute_cache_drop(&s->compute);
	runs_forget_model(&s->runs);
	data_predict(&s->data, NULL);
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		s->set.run.layer_lr[i] = NAN;
	model_set(&s->model, net, features, seed, s->set.run.seed);
	runs_recall_model(&s->runs, s->model.build, nn_net_input(net));
}

struct nn_net *
session_net(struct session *s, struct err *e)
{
	struct plan p;
	struct nn_shape in;
	struct nn_net *net;

	if (s->model.net != NULL)
		return s->model.net;
	plan_of_hyper(&plan_hyper_default, &p);
	if (session_input(s, &in, e) < 0 || (net = plan_net(&p, in, e)) == NULL)
		return NULL;
	nn_net_init(net, 0, p.n - 1, s->set.run.seed);
	session_install(s, net, plan_features(&p, net), s->set.run.seed);
	return net;
}

struct dataset *
session_data(struct session *s, struct err *e)
{
	struct signals_cut before;

	if (s->data.set == NULL && s->user.host != NULL && s->user.host->data != NULL)
		s->data.set = s->user.host->data(s->user.host_arg);
	if (s->data.set != NULL)
		return s->data.set;
	before = signals_cut((struct signals_cut){session_gives_up, s});
	s->data.set = dataset_load_as(s->data.name, &s->data.how, e);
	signals_cut(before);
	return s->data.set;
}

bool
session_interrupted(void *session)
{
	struct session *s = session;

	if (s->worker.job != NULL)
		return job_safe_point(s->worker.job);
	return signals_pending() != 0;
}

bool
session_gives_up(const void *session)
{
	const struct session *s = session;

	return s->worker.job != NULL ? job_stopping(s->worker.job) : signals_pending() != 0;
}

/* As nn has it. */
static bool
made_gives_up(void *session)
{
	return session_gives_up(session);
}

struct nn_engine *
session_engine(struct session *s, struct err *e)
{
	struct nn_err why;

	if (s->compute.engine != NULL && (nn_engine_threads(s->compute.engine) != s->set.threads ||
	    strcmp(s->compute.kernels, s->set.kernels) != 0)) {
		if (s->worker.job != NULL) /* the worker is using the old one */
			return s->compute.engine;
		nn_engine_free(s->compute.engine);
		s->compute.engine = NULL;
	}
	if (s->compute.engine == NULL) {
		if ((s->compute.engine = nn_engine_new(s->set.threads, s->set.kernels, &why)) == NULL) {
			fail_nn(e, &why);
			return NULL;
		}
		snprintf(s->compute.kernels, sizeof s->compute.kernels, "%s", s->set.kernels);
		nn_engine_set_stop(s->compute.engine, session_interrupted, s);
		nn_engine_set_give_up(s->compute.engine, made_gives_up, s);
	}
	return s->compute.engine;
}

int
session_sets_make(struct session *s, const struct split *sp, struct selection_take take, struct err *e)
{
	struct compute_sets made = {.split = *sp, .take = take};
	const struct selection_take *have = &s->compute.sets.take;
	struct dataset *d = session_data(s, e);

	if (d == NULL)
		return -1;
	if (s->compute.sets.split.kind != SPLIT_NONE && split_same(&s->compute.sets.split, sp) &&
	    have->limit == take.limit && have->drawn == take.drawn && have->seed == take.seed)
		return 0;
	if (selection_taken(&made.train, &d->train, sp, take, e) < 0)
		return -1;
	if (selection_make(&made.test, &d->test, sp, 0, e) < 0) {
		selection_free(&made.train);
		return -1;
	}
	compute_sets_drop(&s->compute);
	s->compute.sets = made;
	return 0;
}
