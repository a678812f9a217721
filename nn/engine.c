/* engine.c: threads and kernels, chosen once. */
#include "kernels.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif
#include <stdlib.h>
#include <string.h>

#ifdef __x86_64__
/* What x86-64-v3 has beside AVX2; clang 14's __builtin_cpu_supports knows no names for these. */
static bool
runs_v3_rest(void)
{
	unsigned a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C) && (c & bit_MOVBE) &&
	    __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & bit_LZCNT);
}

static bool
runs_v3(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
	    __builtin_cpu_supports("bmi2") && runs_v3_rest();
}

static bool
runs_v4(void)
{
	return runs_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512cd") &&
	    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

static bool
runs_always(void)
{
	return true;
}

/* Best first. */
static const struct {
	const struct nn_kernels *kernels;
	bool (*runs)(void);
} tables[] = {
#ifdef __x86_64__
	{&nn_kernels_v4, runs_v4},
	{&nn_kernels_v3, runs_v3},
#endif
	{&nn_kernels_base, runs_always},
	{&nn_kernels_reference, runs_always},
};
#define NTABLES (sizeof tables / sizeof *tables)

const struct nn_kernels *
nn_kernels_find(const char *name, struct nn_err *err)
{
	bool any = strcmp(name, "auto") == 0;

	for (size_t i = 0; i < NTABLES; i++) {
		if (!any && strcmp(name, tables[i].kernels->name) != 0)
			continue;
		if (tables[i].runs())
			return tables[i].kernels;
		if (!any) {
			nn_fail(err, "kernels \"%s\" need a processor newer than this one; choose auto", name);
			return NULL;
		}
	}
	nn_fail(err, "unknown kernels \"%.40s\"; choose auto, v4, v3, base or reference", name);
	return NULL;
}

struct nn_engine *
nn_engine_new(int threads, const char *kernels, struct nn_err *err)
{
	static _Atomic uint64_t ids = 1;
	const struct nn_kernels *k = nn_kernels_find(kernels, err);
	struct nn_engine *eng;

	if (k == NULL)
		return NULL;
	if (threads < 1 || threads > NN_THREADS_MAX) {
		nn_fail(err, "%d threads; choose 1 to %d", threads, NN_THREADS_MAX);
		return NULL;
	}
	eng = calloc(1, sizeof *eng);
	if (eng == NULL || (eng->par = nn_par_new(threads)) == NULL) {
		nn_lacks(err, NN_LACK_THREADS, "cannot start %d thread%s%s", threads, threads > 1 ? "s" : "",
		    threads > 1 ? "; choose fewer" : "");
		free(eng);
		return NULL;
	}
	eng->threads = threads;
	eng->id = atomic_fetch_add(&ids, 1);
	eng->kernels = k;
	return eng;
}

void
nn_engine_free(struct nn_engine *eng)
{
	if (eng == NULL)
		return;
	nn_par_free(eng->par);
	free(eng);
}

int
nn_engine_threads(const struct nn_engine *eng)
{
	return eng->threads;
}

const char *
nn_engine_kernels(const struct nn_engine *eng)
{
	return eng->kernels->name;
}

void
nn_engine_set_stop(struct nn_engine *eng, bool (*stop)(void *arg), void *arg)
{
	eng->stop = stop;
	eng->stop_arg = arg;
}

void
nn_engine_set_give_up(struct nn_engine *eng, bool (*give_up)(void *arg), void *arg)
{
	eng->give_up = give_up;
	eng->give_up_arg = arg;
}

bool
nn_engine_stopped(const struct nn_engine *eng)
{
	return eng->stop != NULL && eng->stop(eng->stop_arg);
}
