/* test_nn_optimizers.c: each optimizer held to Keras' equations, in double precision, parameter by parameter: the update of
 * every set of kernels alone, and runs whose weights and slots lie packed in the stages, with rates of their own for layers.
 *
 * Each step starts from the state in single precision, so that a bound of some roundings holds at every one.
 */
#include "nn/kernels.h"
#include "mnist.h"
#include "../run.h"

#include <check.h>
#include <config.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 12
#define ROUNDING 6e-7 /* some units in the last place */

static const char *const kernels[] = {"reference", "base", "v3", "v4"};
static const struct {
	const char *optimizer;
	double lr, rho, epsilon, momentum, beta_1, beta_2;
} ways[] = {
	{"adadelta", 1.0, 0.95, 1e-7, 0, 0.9, 0.999},
	{"adadelta", 0.001, 0.8, 1e-4, 0.9, 0.9, 0.999},
	{"sgd", 0.01, 0.95, 1e-7, 0, 0.9, 0.999},
	{"sgd", 0.1, 0.95, 1e-7, 0.9, 0.9, 0.999},
	{"adam", 0.001, 0.95, 1e-7, 0, 0.9, 0.999},
	{"adam", 0.02, 0.95, 1e-3, 0.9, 0.7, 0.95},
};
#define NWAYS ((int)(sizeof ways / sizeof *ways))

static struct nn_run_config
config(int way)
{
	struct nn_run_config cfg = nn_run_config_default();

	cfg.optimizer = nn_optimizer_find(ways[way].optimizer);
	cfg.lr = ways[way].lr;
	cfg.rho = ways[way].rho;
	cfg.epsilon = ways[way].epsilon;
	cfg.momentum = ways[way].momentum;
	cfg.beta_1 = ways[way].beta_1;
	cfg.beta_2 = ways[way].beta_2;
	cfg.shuffle = false;
	return cfg;
}

struct parameter {
	double w, s0, s1;
};

/* Step t (from 1) of an optimizer as Keras 3 writes it. size: how large the terms are of which each result is made. */
static struct parameter
equation(int way, double lr, double t, struct parameter p, double g, struct parameter *size)
{
	double rho = ways[way].rho, eps = ways[way].epsilon, b1 = ways[way].beta_1, b2 = ways[way].beta_2, d;

	*size = (struct parameter){fabs(p.w), fabs(p.s0), fabs(p.s1)};
	if (strcmp(ways[way].optimizer, "adadelta") == 0) {
		p.s0 = rho * p.s0 + (1 - rho) * g * g;
		d = -sqrt(p.s1 + eps) / sqrt(p.s0 + eps) * g;
		p.s1 = rho * p.s1 + (1 - rho) * d * d;
		p.w += lr * d;
		size->w += fabs(lr * d);
	} else if (strcmp(ways[way].optimizer, "sgd") == 0) {
		p.s0 = ways[way].momentum * p.s0 - lr * g;
		p.w += p.s0;
		size->s0 += fabs(lr * g);
		size->w += size->s0;
	} else { /* Keras' betas are floats where it takes their powers */
		p.s0 += (g - p.s0) * (1 - b1);
		p.s1 += (g * g - p.s1) * (1 - b2);
		d = lr * sqrt(1 - pow((float)b2, t)) / (1 - pow((float)b1, t)) / (sqrt(p.s1) + eps);
		p.w -= p.s0 * d;
		size->s0 += fabs(g) * (1 - b1);
		size->w += size->s0 * d;
	}
	size->s0 += fabs(p.s0);
	size->s1 += fabs(p.s1);
	return p;
}

/* What became of a parameter, w, s0 and s1, is what the equation says, but for rounding. */
static void
check_step(int way, double lr, int t, const float before[3], const float after[3], float g, const char *where)
{
	struct parameter size, to = equation(way, lr, t, (struct parameter){before[0], before[1], before[2]}, (double)g, &size);
	const double want[] = {to.w, to.s0, to.s1}, terms[] = {size.w, size.s0, size.s1};

	for (int i = 0; i < 3; i++)
		if (!(fabs(after[i] - want[i]) <= ROUNDING * terms[i] + 1e-37))
			ck_abort_msg("%s: %s at %g, step %d: %s is %.9g, by the equation %.9g", where, ways[way].optimizer, lr, t,
			    i == 0 ? "the weight" : i == 1 ? "slot 0" : "slot 1", (double)after[i], want[i]);
}

START_TEST(optimizers__update__is_the_equation)
{
	/* of the size that vectors and their remainders have; zeros, small and large ones between them */
	enum { N = 37 };
	static const float scale[] = {1, 0, 1e-9f, 1e3f, 1e-3f, 1e-25f};
	const struct nn_kernels *k = nn_kernels_find(kernels[_i % 4], NULL);
	int way = _i / 4;
	struct nn_run_config cfg = config(way);
	const struct nn_optimizer *opt = (const struct nn_optimizer *)cfg.optimizer;
	float w[N], g[N], s0[N] = {0}, s1[N] = {0};

	if (k == NULL)
		return;
	for (int i = 0; i < N; i++)
		w[i] = sinf((float)i);
	for (int t = 1; t <= STEPS; t++) {
		float lr = (float)cfg.lr * (t < 7 ? 1 : 0.25f), before[N][3];
		struct nn_coef c = {.lr = lr};

		for (int i = 0; i < N; i++) {
			g[i] = cosf((float)(7 * i + t)) * scale[(i + (i < 30 ? 0 : t)) % 6];
			memcpy(before[i], ((float[]){w[i], s0[i], s1[i]}), sizeof before[i]);
		}
		opt->prepare(&c, &cfg, (uint64_t)t);
		k->update[opt->id](w, g, s0, opt->info.nslots > 1 ? s1 : NULL, N, &c);
		for (int i = 0; i < N; i++)
			check_step(way, (double)lr, t, before[i], (float[]){w[i], s0[i], s1[i]}, g[i], kernels[_i % 4]);
	}
}
END_TEST

static const char *const nets[] = {
	"conv2d 16 3, relu, conv2d 16 3, relu, max_pooling2d 2, flatten, dense 20, relu, dense 4, softmax",
	"conv2d 5 2, relu, flatten, dense 130, relu, dense 4, softmax",
};

START_TEST(optimizers__run__is_the_equation_at_the_rate_of_each_layer)
{
	enum { BATCH = 16 };
	int way = _i / 4 % NWAYS;
	struct nn_engine *eng = engine(1, kernels[_i % 4]);
	struct nn_run_config cfg = config(way);
	struct nn_shape shape = {3, {8, 12, 1}};
	struct nn_metrics sum = {0};
	struct nn_net *net, *copy;
	struct nn_run *run;
	struct setup s;
	struct nn_err err;
	float *g;
	double loss;

	if (eng == NULL)
		return;
	setup_make(&s, shape, nets[_i / 4 / NWAYS], 2 * BATCH, 4);
	net = s.net;
	cfg.batch = BATCH;
	cfg.layer_lr[0] = (float)cfg.lr / 2;
	cfg.layer_lr[nn_net_count(net) - 2] = 0; /* stands still, but its slots do not */
	run = nn_run_new(net, eng, &cfg, &s.c.set, NULL, &err);
	ck_assert_msg(run != NULL, "%s", err.text);
	g = malloc(sizeof *g * nn_net_params(net));
	for (int t = 1; t <= 5; t++) {
		struct nn_set batch = s.c.set;
		const float *after[3];

		if (t == 4) { /* from the next batch on */
			cfg.lr *= 3;
			nn_run_set_lr(run, cfg.lr, cfg.layer_lr);
		}
		batch.count = BATCH;
		batch.index += t % 2 ? 0 : BATCH;
		batch.unit += t % 2 ? 0 : BATCH;
		copy = nn_net_clone(net);
		float *slot[2] = {NULL};
		for (int k = 0; k < 2; k++) {
			slot[k] = calloc(nn_net_params(net), sizeof *g);
			if (k < cfg.optimizer->nslots)
				memcpy(slot[k], nn_run_slot(run, k), sizeof *g * nn_net_params(net));
		}
		ck_assert_int_eq(nn_gradient(copy, eng, &batch, &loss, g, &err), 0);
		ck_assert_int_eq(nn_run_step(run, &sum, &err), 0);
		after[0] = nn_net_weights(net);
		after[1] = nn_run_slot(run, 0);
		after[2] = cfg.optimizer->nslots > 1 ? nn_run_slot(run, 1) : slot[1];
		for (int l = 0; l < nn_net_count(net); l++) {
			const struct nn_layer *layer = nn_net_layer(net, l);
			float lr = isnan(cfg.layer_lr[l]) ? (float)cfg.lr : cfg.layer_lr[l];

			for (size_t i = layer->offset; i < layer->offset + layer->params; i++)
				check_step(way, (double)lr, t, (float[]){nn_net_weights(copy)[i], slot[0][i], slot[1][i]},
				    (float[]){after[0][i], after[1][i], after[2][i]}, g[i], kernels[_i % 4]);
		}
		nn_net_free(copy);
		free(slot[0]);
		free(slot[1]);
	}
	free(g);
	nn_run_free(run);
	setup_free(&s);
	nn_engine_free(eng);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nn optimizers");
	TCase *t = tcase_create("optimizers");

	tcase_add_loop_test(t, optimizers__update__is_the_equation, 0, 4 * NWAYS);
	tcase_add_loop_test(t, optimizers__run__is_the_equation_at_the_rate_of_each_layer, 0, 2 * 4 * NWAYS);
	suite_add_tcase(s, t);
	return run_suite(s);
}
