/* kernels.c: what this machine can do, and what share of it the kernels reach. Compiled once for each instruction set, with
 * the flags of the kernels; prints a JSON object a line.
 *
 *     bench_kernels_v4 peak [THREADS]       GFLOP/s of chains of multiply-adds in registers
 *     bench_kernels_v4 memory [THREADS]     GB/s of reading, and of a[i] = b[i] + s c[i]
 *     bench_kernels_v4 kernels [SECONDS]    each kernel on the shapes of some models, in one thread
 *
 * A kernel takes turns with the peak loop, so that both see the same clock and the same neighbours; the best of many short tries
 * counts, so that a busy machine does little harm.
 */
#include "nn/vec.h"
#include "nn/wino.h"
#include "nn/dense.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the machine ---- */

#if VL == 4
#define CHAINS 12 /* as many as registers allow */
#else
#define CHAINS 14
#endif
#define ROUNDS 20000

/* Multiply-adds in registers; returns how many floating-point operations they were. */
static double
peak_loop(void)
{
	vf acc[CHAINS], a = vset(0.999f), b = vset(0.001f);

	for (int i = 0; i < CHAINS; i++)
		acc[i] = vset((float)i);
	for (int n = 0; n < ROUNDS; n++) {
UNROLL
		for (int i = 0; i < CHAINS; i++)
			acc[i] = vfma(acc[i], a, b);
		__asm__ volatile("" : "+x"(a), "+x"(b));
	}
	for (int i = 0; i < CHAINS; i++)
		__asm__ volatile("" : : "x"(acc[i]));
	return 2.0 * VL * CHAINS * ROUNDS;
}

#define BYTES ((size_t)64 << 20) /* of one thread's arrays: more than caches hold */
#define TRIES 100

struct thread {
	pthread_t id;
	pthread_barrier_t *start;
	bool memory;
	double rate[2][TRIES];
};

static double
read_loop(const float *x, size_t n)
{
	vf sum[8] = {{0}};

	for (size_t i = 0; i < n; i += 8 * VL)
UNROLL
		for (int j = 0; j < 8; j++)
			sum[j] += vload(x + i + (size_t)j * VL);
UNROLL
	for (int j = 0; j < 8; j++)
		__asm__ volatile("" : : "x"(sum[j]));
	return (double)n * sizeof *x;
}

static double
triad_loop(float *a, const float *b, const float *c, size_t n)
{
	vf s = vset(0.5f);

	for (size_t i = 0; i < n; i += VL)
		vstore(a + i, vfma(s, vload(c + i), vload(b + i)));
	return 3.0 * (double)n * sizeof *a;
}

/* All threads begin a try together, so that a sum over them is of what went on side by side. */
static void *
measure(void *arg)
{
	struct thread *t = arg;
	size_t n = BYTES / sizeof(float) / 3 / 128 * 128;
	float *x = t->memory ? aligned_alloc(128, 3 * n * sizeof *x) : NULL;

	if (t->memory && x == NULL)
		exit(1);
	for (size_t i = 0; t->memory && i < 3 * n; i++)
		x[i] = 1;
	for (int try = 0; try < TRIES; try++)
		for (int what = 0; what < (t->memory ? 2 : 1); what++) {
			double t0, work = 0;

			pthread_barrier_wait(t->start);
			t0 = now();
			if (!t->memory)
				for (int i = 0; i < 50; i++) /* some 2 ms */
					work += peak_loop();
			else
				work = what == 0 ? read_loop(x, 3 * n) : triad_loop(x, x + n, x + 2 * n, n);
			t->rate[what][try] = work / (now() - t0) * 1e-9;
		}
	free(x);
	return NULL;
}

static void
machine(bool memory, int threads)
{
	struct thread t[NN_THREADS_MAX];
	pthread_barrier_t start;
	double best[2] = {0};

	if (threads < 1 || threads > NN_THREADS_MAX)
		threads = 1;
	pthread_barrier_init(&start, NULL, (unsigned)threads);
	for (int i = 0; i < threads; i++) {
		t[i] = (struct thread){.start = &start, .memory = memory};
		if (pthread_create(&t[i].id, NULL, measure, &t[i]) != 0)
			exit(1);
	}
	for (int i = 0; i < threads; i++)
		pthread_join(t[i].id, NULL);
	for (int what = 0; what < 2; what++)
		for (int try = 0; try < TRIES; try++) {
			double sum = 0;

			for (int i = 0; i < threads; i++)
				sum += t[i].rate[what][try];
			best[what] = sum > best[what] ? sum : best[what];
		}
	if (memory)
		printf("{\"threads\":%d,\"read_gb_s\":%.2f,\"triad_gb_s\":%.2f}\n", threads, best[0], best[1]);
	else
		printf("{\"threads\":%d,\"isa\":\"%s\",\"gflop_s\":%.2f}\n", threads, NN_ISA_NAME, best[0]);
}

/* ---- kernels ---- */

#define IMAGES NN_CHUNK

static double seconds = 0.1; /* a kernel */

struct job {
	const char *name, *shape;
	double flops; /* of a call, as the plain loop counts them */
	double images; /* of a call */
	bool thin; /* sums so short, or outputs so few, that the share of the peak says little */
	void (*call)(const struct job *j);
	struct nn_conv conv;
	int in, out;
	const struct wino *wino;
	struct wino_scratch *scratch;
};

static const struct nn_kernels *k;
static float *bx, *by, *bw, *bdw, *bb; /* large enough for all of them */

static void conv_forward(const struct job *j) { k->conv_forward(&j->conv, IMAGES, bx, bw, bb, by); }
static void conv_dx(const struct job *j) { k->conv_dx(&j->conv, IMAGES, by, bw, bdw); }
static void conv_dw(const struct job *j) { k->conv_dw(&j->conv, IMAGES, bx, by, bdw, bb); }
static void dense_forward(const struct job *j) { k->dense_forward(j->in, j->out, IMAGES, bx, bw, bb, by); }
static void dense_dx(const struct job *j) { k->dense_dx(j->in, j->out, IMAGES, by, bw, bdw); }
static void dense_rows(const struct job *j) { k->dense_rows(j->in, j->out, (int)j->images, 0, j->in, bx, by, bdw, bb); }
static void products(const struct job *j) { NN_ISA(nn_wino_products)(j->wino, j->scratch, WINO_SLOTS); }

static double
time_calls(const struct job *j, int calls)
{
	double t0 = now();

	for (int i = 0; i < calls; i++)
		j->call(j);
	return (now() - t0) / calls;
}

static void
time_job(const struct job *j)
{
	double best = 1e9, peak = 0, end = now() + seconds;
	int calls = 1;

	while (time_calls(j, calls) * calls < 3e-4)
		calls *= 2;
	for (int try = 0; try < 40 || now() < end; try++) {
		double t0 = now(), work = peak_loop(), rate = work / (now() - t0), t = time_calls(j, calls);

		peak = rate > peak ? rate : peak;
		best = t < best ? t : best;
	}
	printf("{\"kernel\":\"%s\",\"shape\":\"%s\",\"thin\":%s,\"gflop_s\":%.2f,\"peak\":%.2f,\"share\":%.4f,\"us_image\":%.3f}\n", j->name,
	    j->shape, j->thin ? "true" : "false", j->flops / best * 1e-9, peak * 1e-9, j->flops / best / peak, best / j->images * 1e6);
	fflush(stdout);
}

static double
conv_flops(const struct nn_conv *c)
{
	return 2.0 * IMAGES * (c->h - c->k + 1) * (c->w - c->k + 1) * c->f * c->k * c->k * c->c;
}

static void
conv(const char *shape, struct nn_conv c, bool dx)
{
	double flops = conv_flops(&c);
	bool thin = c.c < 8;

	time_job(&(struct job){"conv_forward", shape, flops, IMAGES, thin, conv_forward, .conv = c});
	if (dx)
		time_job(&(struct job){"conv_dx", shape, flops, IMAGES, thin, conv_dx, .conv = c});
	time_job(&(struct job){"conv_dw", shape, flops, IMAGES, thin, conv_dw, .conv = c});
}

static float *
floats(size_t n, bool noise)
{
	float *x = aligned_alloc(128, n * sizeof *x);
	uint32_t r = 1;

	if (x == NULL)
		exit(1);
	for (size_t i = 0; i < n; i++) {
		r = r * 1664525 + 1013904223;
		x[i] = noise ? (float)(r >> 8) / (1 << 24) - 0.5f : 0;
	}
	return x;
}

/* Of one output in eight. The share is of what the plain loop counts, and may be more than 1. */
static void
live(const char *shape, struct nn_conv c)
{
	float *all = by;

	by = floats((size_t)1 << 20, true);
	for (size_t i = 0; i < (size_t)1 << 20; i++)
		by[i] = i * 2654435761u >> 29 & 7 ? 0 : by[i];
	time_job(&(struct job){"live_dx", shape, conv_flops(&c), IMAGES, true, conv_dx, .conv = c});
	time_job(&(struct job){"live_dw", shape, conv_flops(&c), IMAGES, true, conv_dw, .conv = c});
	free(by);
	by = all;
}

static void
dense(const char *shape, int in, int out)
{
	double flops = 2.0 * in * out;
	bool thin = out < 16;

	time_job(&(struct job){"dense_forward", shape, flops * IMAGES, IMAGES, thin, dense_forward, .in = in, .out = out});
	time_job(&(struct job){"dense_dx", shape, flops * IMAGES, IMAGES, thin, dense_dx, .in = in, .out = out});
	time_job(&(struct job){"dense_rows", shape, flops * 128, 128, thin, dense_rows, .in = in, .out = out});
}

/* The products of twelve tiles; an image of 28x28 has 36. */
static void
winograd(const char *shape, int c)
{
	size_t points = WINO_POINTS * ((size_t)WINO_SLOTS * (size_t)c + 16);
	struct wino_scratch s = {.v = floats(points, true), .m = floats(points, false)};
	struct wino m = {.c = c, .u = floats((size_t)WINO_POINTS * (size_t)c * (size_t)c, true)};
	struct job j = {"wino_products", shape, 2.0 * WINO_POINTS * WINO_SLOTS * c * c, WINO_SLOTS / 36.0, false, products, .wino = &m, .scratch = &s};

	time_job(&j);
	free(s.v);
	free(s.m);
	free(m.u);
}

static void
kernels(void)
{
	k = nn_kernels_find(NN_ISA_NAME, NULL);
	if (k == NULL)
		exit(1);
	bx = floats((size_t)1 << 20, true);
	by = floats((size_t)1 << 20, true);
	bw = floats((size_t)1 << 20, true);
	bdw = floats((size_t)1 << 20, false);
	bb = floats(4096, false);
	winograd("12 tiles, 32 channels", 32);
	winograd("12 tiles, 16 channels", 16);
	winograd("12 tiles, 64 channels", 64);
	conv("28x28x1, 32 of 3x3", (struct nn_conv){28, 28, 1, 3, 32}, false);
	conv("26x26x32, 32 of 3x3", (struct nn_conv){26, 26, 32, 3, 32}, true);
	conv("26x26x16, 16 of 3x3", (struct nn_conv){26, 26, 16, 3, 16}, true);
	conv("28x28x1, 64 of 5x5", (struct nn_conv){28, 28, 1, 5, 64}, false);
	conv("24x24x64, 64 of 5x5", (struct nn_conv){24, 24, 64, 5, 64}, true);
	conv("32x32x3, 32 of 3x3", (struct nn_conv){32, 32, 3, 3, 32}, false);
	conv("15x15x32, 64 of 3x3", (struct nn_conv){15, 15, 32, 3, 64}, true);
	live("26x26x16, 16 of 3x3", (struct nn_conv){26, 26, 16, 3, 16});
	live("26x26x32, 32 of 3x3", (struct nn_conv){26, 26, 32, 3, 32});
	live("24x24x64, 64 of 5x5", (struct nn_conv){24, 24, 64, 5, 64});
	dense("4608 to 128", 4608, 128);
	dense("784 to 512", 784, 512);
	dense("512 to 512", 512, 512);
	dense("128 to 5", 128, 5);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "peak") == 0 || strcmp(what, "memory") == 0)
		machine(what[0] == 'm', argc > 2 ? atoi(argv[2]) : 1);
	else if (strcmp(what, "kernels") == 0) {
		if (argc > 2)
			seconds = atof(argv[2]);
		kernels();
	} else {
		fprintf(stderr, "usage: %s peak|memory [THREADS] or kernels [SECONDS]\n", argv[0]);
		return 2;
	}
	return 0;
}
