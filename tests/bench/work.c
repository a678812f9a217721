/* work.c: how the work of a net is shared out, from inside nn. Prints a JSON object a line.
 *
 *     bench_work threads N ...      items of work that each of N threads did in an epoch of the activity
 *     bench_work rounds             where an epoch's processor time goes in one thread: all trainable, then frozen and cached
 *     bench_work stages HxWxC TEXT  the stages that training takes for a net
 */
#include "nn/nn_int.h"
#include "../nn/mnist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 128
#define LIMIT ((size_t)4 << 30) /* of a cache */

static double
clock_of(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double
now(void)
{
	return clock_of(CLOCK_MONOTONIC);
}

/* By this thread: a busy machine does little harm. */
static double
spent(void)
{
	return clock_of(CLOCK_THREAD_CPUTIME_ID);
}

static void
need(const void *p, const char *what)
{
	if (p != NULL)
		return;
	fprintf(stderr, "bench_work: %s\n", what);
	exit(1);
}

static struct nn_net *
activity(void)
{
	struct nn_net *net = activity_new(.25, .5);

	nn_net_init(net, 0, nn_net_count(net) - 1, 1337);
	return net;
}

static void
train(struct nn_run *run)
{
	struct nn_metrics sum = {0};
	struct nn_err err;

	for (uint32_t s = 0; s < nn_run_steps(run); s++)
		if (nn_run_step(run, &sum, &err) < 0)
			need(NULL, err.text);
}

/* ---- threads ---- */

static void
threads(struct nn_set *set, int n)
{
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_engine *eng = engine(n, "auto");
	struct nn_net *net = activity();
	struct nn_run *run;
	uint64_t before[NN_THREADS_MAX];
	double t0;

	need(eng, "no such number of threads");
	run = nn_run_new(net, eng, &cfg, set, NULL, NULL);
	need(run, "no run");
	for (int t = 0; t < n; t++)
		before[t] = nn_par_done(eng->par, t);
	t0 = now();
	train(run);
	printf("{\"threads\":%d,\"seconds\":%.3f,\"items\":[", n, now() - t0);
	for (int t = 0; t < n; t++)
		printf("%s%llu", t > 0 ? "," : "", (unsigned long long)(nn_par_done(eng->par, t) - before[t]));
	printf("]}\n");
	fflush(stdout);
	nn_run_free(run);
	nn_net_free(net);
	nn_engine_free(eng);
}

/* ---- rounds ---- */

struct round {
	int first, end; /* phases */
	double seconds;
};

static int
items(const struct nn_phase *p)
{
	return p->count < 0 ? -p->count * (BATCH / NN_CHUNK) : p->count;
}

/* Of which pass a phase is. */
static const char *
pass_of(const struct nn_plan *plan, int i)
{
	struct nn_phase own[NN_PHASES_MAX] = {0};
	struct nn_stage *st = plan->phase[i].stage;
	int n = i >= plan->nforward ? st->kind->phases(st, NN_STEP, own) : 0;

	for (int k = 0; k < n; k++)
		if (own[k].work == plan->phase[i].work)
			return "step";
	return i < plan->nforward ? "forward" : "backward";
}

/* Trains `epochs` epochs as nn_run_step does, but round by round; the last one counts. */
static void
rounds(const char *what, struct nn_net *net, struct nn_engine *eng, const struct nn_set *set, const struct nn_cache *cache, int epochs)
{
	struct nn_plan_spec spec = {.batch = BATCH, .begin = cache != NULL ? nn_cache_layer(cache) + 1 : 0, .end = net->n, .train = true};
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_step step = {.set = set, .cache = cache, .seed = cfg.seed, .opt = &nn_optimizer_adadelta};
	struct nn_metrics sum = {0};
	struct nn_plan *plan;
	struct nn_phase *phase;
	struct round round[NN_LAYERS_MAX * 3];
	uint32_t *order = nn_alloc(sizeof *order * set->count);
	double t0 = 0, inside = 0, whole;
	int n = 0, phases;

	for (int k = 0; k < nn_optimizer_adadelta.info.nslots; k++)
		need(spec.slot[k] = nn_zalloc(sizeof(float) * net->params), "out of memory");
	plan = nn_plan_new(net, eng, &spec, NULL);
	need(plan, "no plan");
	phase = plan->phase;
	phases = plan->nphases;
	for (int i = 0; i < phases; i++)
		if (phase[i].join)
			round[n - 1].end = i + 1;
		else
			round[n++] = (struct round){i, i + 1, 0};
	for (int i = 0; i < net->n; i++)
		if (plan->trainable[i]) {
			step.coef[i].lr = (float)cfg.lr;
			nn_optimizer_adadelta.prepare(&step.coef[i], &cfg, 1);
		}
	for (; step.epoch < (uint32_t)epochs; step.epoch++) {
		t0 = spent();
		for (int r = 0; r < n; r++)
			round[r].seconds = 0;
		nn_shuffle(cfg.seed, step.epoch, order, set->count);
		step.step = 0;
		for (size_t at = 0; at < set->count; at += BATCH, step.step++) {
			step.pick = order + at;
			step.count = set->count - at < BATCH ? (int)(set->count - at) : BATCH;
			for (int r = 0; r < n; r++) {
				double began = spent();

				plan->phase = phase + round[r].first;
				plan->nphases = round[r].end - round[r].first;
				nn_plan_run(plan, eng, &step);
				round[r].seconds += spent() - began;
			}
			for (int i = 0; i < step.count; i++) {
				sum.loss += step.loss[i];
				sum.correct += step.hit[i];
			}
		}
	}
	whole = spent() - t0;
	plan->phase = phase;
	plan->nphases = phases;
	for (int r = 0; r < n; r++) {
		int count = 0;

		printf("{\"of\":\"%s\",\"round\":\"", what);
		for (int i = round[r].first; i < round[r].end; i++) {
			printf("%s%s %s", i > round[r].first ? " + " : "", phase[i].stage->kind->name, pass_of(plan, i));
			count += items(&phase[i]);
		}
		printf("\",\"items\":%d,\"seconds\":%.4f}\n", count, round[r].seconds);
		inside += round[r].seconds;
	}
	printf("{\"of\":\"%s\",\"round\":\"between the rounds\",\"items\":1,\"seconds\":%.4f}\n", what, whole - inside);
	nn_plan_free(plan);
	for (int k = 0; k < NN_SLOTS_MAX; k++)
		free(spec.slot[k]);
	free(order);
}

static void
freeze(struct nn_net *net)
{
	nn_net_set_trainable(net, 0, 6, false); /* to flatten */
}

static void
stages(const char *shape, const char *text)
{
	struct nn_run_config cfg = nn_run_config_default();
	struct nn_shape in = {3, {0}};
	struct nn_engine *eng = engine(1, "auto");
	struct nn_err err = {""};
	struct nn_net *net;
	struct nn_run *run;
	struct mnist m;
	struct choice c;

	sscanf(shape, "%dx%dx%d", &in.dim[0], &in.dim[1], &in.dim[2]);
	net = net_parse(in, text, &err);
	need(net, err.text);
	noise_make(&m, &c, in, 8, nn_net_classes(net), 1);
	run = nn_run_new(net, eng, &cfg, &c.set, NULL, &err);
	need(run, err.text);
	printf("{\"stages\":\"%s\"}\n", nn_run_note(run));
	nn_run_free(run);
	nn_net_free(net);
	nn_engine_free(eng);
	choice_free(&c);
	mnist_free(&m);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct mnist m;
	struct choice upper, lower;

	if (strcmp(what, "stages") == 0 && argc == 4) {
		stages(argv[2], argv[3]);
		return 0;
	}
	mnist_load(&m, "train");
	choice_make(&upper, &m, 5, 9, 0);
	choice_make(&lower, &m, 0, 4, 0);
	if (strcmp(what, "threads") == 0) {
		for (int i = 2; i < argc; i++)
			threads(&upper.set, atoi(argv[i]));
	} else if (strcmp(what, "rounds") == 0) {
		struct nn_engine *eng = engine(1, "auto");
		struct nn_net *net = activity();
		struct nn_cache *cache;
		struct nn_err err;

		rounds("full", net, eng, &upper.set, NULL, 3);
		freeze(net);
		nn_cache_new(&cache, net, eng, &lower.set, LIMIT, &err);
		need(cache, err.text);
		rounds("frozen", net, eng, &lower.set, cache, 3);
		nn_cache_free(cache);
		nn_net_free(net);
		nn_engine_free(eng);
	} else {
		fprintf(stderr, "usage: %s threads N ..., rounds, or stages HxWxC TEXT\n", argv[0]);
		return 2;
	}
	choice_free(&upper);
	choice_free(&lower);
	mnist_free(&m);
	return 0;
}
