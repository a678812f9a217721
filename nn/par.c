/* par.c: a small pool of threads that runs phases.
 *
 * A job is a list of phases; phases with `join` run side by side with the one before them, as one round. All threads go
 * through all rounds together, with a barrier before each and one behind the last. The last thread to reach a barrier
 * deals the items of the next round out and opens it. An item is claimed from the front of a thread's own range, or,
 * when that is empty, stolen from the back of another's: which thread runs an item is chance, what the item computes is
 * not.
 *
 * Who waits spins for a short while and then sleeps, since the processor may be wanted elsewhere.
 */
#include "config.h"
#include "nn_int.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define SPIN 4000 /* pauses, some 50 to 100 us */

struct worker {
	_Alignas(128) _Atomic uint64_t range; /* items left: low half the first, high half the end */
	struct nn_par *par;
	pthread_t thread;
	int number;
	uint64_t done; /* items that this thread has run; its own */
};

struct nn_par {
	int threads;
	int spin;
	/* The job, written by the caller before the barrier that starts it. */
	const struct nn_phase *phase;
	int nphases;
	const struct nn_step *step;
	int chunks;
	int safe; /* a step can be given up before this phase; 0: never */
	bool quit;
	/* The round: written by the last to arrive, before it opens the barrier. */
	int first, end; /* phases of this round */
	int idle; /* no more rounds */
	/* The barrier. */
	_Alignas(128) _Atomic int arrived;
	_Alignas(128) _Atomic uint32_t generation;
	_Atomic int sleepers;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct worker *worker;
};

static inline void
pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

static int
items(const struct nn_par *par, const struct nn_phase *p)
{
	return p->count < 0 ? -p->count * par->chunks : p->count;
}

/* The end of the round that begins with phase `first`. */
static int
round_end(const struct nn_phase *phase, int n, int first)
{
	int end = first + 1;

	while (end < n && phase[end].join)
		end++;
	return end;
}

/* Whether what is left of the phases is left out: of this one, or from this one on. */
static bool
given_up(const struct nn_par *par, bool begun)
{
	return par->safe > 0 && par->first < par->safe + !begun && nn_given_up(par->step);
}

/* Deals out the next round. */
static void
deal(struct nn_par *par)
{
	uint64_t total = 0;

	par->first = par->end;
	if (par->first >= par->nphases || given_up(par, false)) {
		par->idle = 1;
		return;
	}
	par->idle = 0;
	par->end = round_end(par->phase, par->nphases, par->first);
	for (int i = par->first; i < par->end; i++)
		total += (uint64_t)items(par, &par->phase[i]);
	for (int t = 0; t < par->threads; t++) {
		uint64_t lo = total * (uint64_t)t / (uint64_t)par->threads,
		    hi = total * (uint64_t)(t + 1) / (uint64_t)par->threads;

		atomic_store_explicit(&par->worker[t].range, lo | hi << 32, memory_order_relaxed);
	}
}

static void
barrier(struct nn_par *par)
{
	uint32_t gen = atomic_load_explicit(&par->generation, memory_order_relaxed);

	if (atomic_fetch_add_explicit(&par->arrived, 1, memory_order_acq_rel) == par->threads - 1) {
		atomic_store_explicit(&par->arrived, 0, memory_order_relaxed);
		deal(par);
		/* Sequentially consistent with the sleeper's two accesses, so that one of both sees the other. */
		atomic_store(&par->generation, gen + 1);
		if (atomic_load(&par->sleepers) > 0) {
			pthread_mutex_lock(&par->lock);
			pthread_cond_broadcast(&par->wake);
			pthread_mutex_unlock(&par->lock);
		}
		return;
	}
	for (int i = 0; i < par->spin; i++) {
		if (atomic_load_explicit(&par->generation, memory_order_acquire) != gen)
			return;
		pause_cpu();
	}
	pthread_mutex_lock(&par->lock);
	atomic_fetch_add(&par->sleepers, 1);
	while (atomic_load(&par->generation) == gen)
		pthread_cond_wait(&par->wake, &par->lock);
	atomic_fetch_sub(&par->sleepers, 1);
	pthread_mutex_unlock(&par->lock);
}

/* One item of w's range, or -1. */
static int64_t
claim(struct worker *w, bool own)
{
	uint64_t r = atomic_load_explicit(&w->range, memory_order_relaxed);

	for (;;) {
		uint32_t lo = (uint32_t)r, hi = (uint32_t)(r >> 32);
		uint64_t left;

		if (lo >= hi)
			return -1;
		left = own ? (uint64_t)(lo + 1) | (uint64_t)hi << 32 : (uint64_t)lo | (uint64_t)(hi - 1) << 32;
		if (atomic_compare_exchange_weak_explicit(&w->range, &r, left, memory_order_relaxed,
		    memory_order_relaxed))
			return own ? lo : hi - 1;
	}
}

static void
run_item(struct nn_par *par, int64_t item, int thread)
{
	for (int i = par->first; i < par->end; i++) {
		const struct nn_phase *p = &par->phase[i];
		int n = items(par, p);

		if (item < n) {
			p->work(p->stage, par->step, (int)item, thread);
			return;
		}
		item -= n;
	}
}

static void
run_round(struct nn_par *par, int me)
{
	int64_t item;

	for (int i = 0; i < par->threads; i++) {
		struct worker *w = &par->worker[(me + i) % par->threads];

		while (!given_up(par, true) && (item = claim(w, i == 0)) >= 0) {
			run_item(par, item, me);
			par->worker[me].done++;
		}
	}
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct nn_par *par = w->par;

	for (;;) {
		barrier(par);
		if (par->quit)
			return NULL;
		while (!par->idle) {
			run_round(par, w->number);
			barrier(par);
		}
	}
}

void
nn_par_run(struct nn_par *par, const struct nn_phase *phase, int n, const struct nn_step *step, int chunks)
{
	nn_par_try(par, phase, n, 0, step, chunks);
}

void
nn_par_try(struct nn_par *par, const struct nn_phase *phase, int n, int safe, const struct nn_step *step, int chunks)
{
	par->phase = phase;
	par->nphases = n;
	par->step = step;
	par->chunks = chunks;
	par->safe = safe;
	if (par->threads == 1) {
		for (par->first = 0; par->first < n && !given_up(par, false); par->first++)
			for (int i = 0, count = items(par, &phase[par->first]); i < count && !given_up(par, true);
			    i++, par->worker[0].done++)
				phase[par->first].work(phase[par->first].stage, step, i, 0);
		return;
	}
	par->end = 0;
	barrier(par);
	while (!par->idle) {
		run_round(par, 0);
		barrier(par);
	}
}

uint64_t
nn_par_done(const struct nn_par *par, int thread)
{
	return par->worker[thread].done;
}

static int
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef HAVE_SCHED_GETAFFINITY
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		n = CPU_COUNT(&set);
#endif
	return n > 0 ? (int)n : 1;
}

#define STACK ((size_t)4 << 20)

int
nn_thread(pthread_t *thread, void *(*start)(void *), void *arg)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	rc = pthread_create(thread, &attr, start, arg);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

struct nn_par *
nn_par_new(int threads)
{
	struct nn_par *par = nn_zalloc(sizeof *par);
	int started = 1;

	if (par == NULL)
		return NULL;
	par->threads = threads;
	par->spin = threads <= processors() ? SPIN : SPIN / 100;
	pthread_mutex_init(&par->lock, NULL);
	pthread_cond_init(&par->wake, NULL);
	par->worker = nn_zalloc(sizeof *par->worker * (size_t)threads);
	if (par->worker == NULL) {
		par->threads = 1;
		nn_par_free(par);
		return NULL;
	}
	for (int t = 0; t < threads; t++) {
		par->worker[t].par = par;
		par->worker[t].number = t;
	}
	while (started < threads && nn_thread(&par->worker[started].thread, work, &par->worker[started]) == 0)
		started++;
	if (started < threads) {
		/* The started ones wait at a barrier for as many as there should have been: let them pass. */
		par->quit = true;
		for (int t = started; t < threads; t++)
			atomic_fetch_add(&par->arrived, 1);
		par->nphases = 0;
		barrier(par);
		for (int t = 1; t < started; t++)
			pthread_join(par->worker[t].thread, NULL);
		par->threads = 1;
		nn_par_free(par);
		return NULL;
	}
	/* A copy of the process that is made later has no thread that is halfway into its start and holds a lock there:
	 * AddressSanitizer's allocator, unlike the C library's, does not mind a fork. */
	while (atomic_load(&par->arrived) < threads - 1)
		sched_yield();
	return par;
}

void
nn_par_free(struct nn_par *par)
{
	if (par == NULL)
		return;
	if (par->threads > 1) {
		par->quit = true;
		par->nphases = par->end = 0;
		barrier(par);
		for (int t = 1; t < par->threads; t++)
			pthread_join(par->worker[t].thread, NULL);
	}
	pthread_cond_destroy(&par->wake);
	pthread_mutex_destroy(&par->lock);
	free(par->worker);
	free(par);
}
