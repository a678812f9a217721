/* sweep_lanes.c: the trials of a sweep, as many at once as there are threads, each in a process of its own.
 *
 * A trial that fails, or whose process dies, is missing, and no more. All else is as it is one after the other: the
 * same figures and sentences in the same order.
 */
#include "commands/sweep.h"
#include "job/job_int.h"
#include "session/made.h"
#include "util/process.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE 50 /* milliseconds until somebody is asked whether to go on */

struct lane {
	struct process process;
	struct sweep_trial trial;
	double began; /* as job_now has it */
};

struct lanes {
	struct sweep *x;
	struct session *s;
	int n;
	struct lane *lane;
	struct process *process; /* [n] of each of them */
	int trials, next, done;
	int did; /* of those that are done: how many this process did, */
	double spent; /* and the seconds of all of them */
	bool failed; /* no trial can be begun: err says why */
	int last; /* the number of the last one that has a result */
	bool stopped;
	struct err *err;
};

/* ---- a trial ---- */

/* How far it is. Trials take about as long as those before them, and as many go on at once as there are lanes. */
static void
lanes_say(struct lanes *l)
{
	struct worker *w = &l->s->worker;
	double left = l->did > 0 ? l->spent / l->did * (l->trials - l->done) / l->n : NAN;
	char phrase[96], text[128];

	if (w->job != NULL) {
		job_part(w->job, (double)l->done / l->trials);
		job_trials(w->job, l->done, l->trials, left);
	} else if (!l->s->user.async) {
		snprintf(text, sizeof text, "sweep: %s", progress_trials(phrase, l->done, l->trials,
		    l->s->out->timing ? left : NAN));
		out_progress(l->s->out, text);
	}
}

static void
trial_said(struct lanes *l)
{
	l->done++;
	l->x->mine++;
	lanes_say(l);
}

/* This process has done one, which took so many seconds. */
static void
trial_timed(struct lanes *l, double began)
{
	l->did++;
	l->spent += job_now() - began;
}

static void
trial_result(struct lanes *l, const struct sweep_trial *t, const struct kept_result *r)
{
	struct compared_row *to = &l->x->result.row[t->row];
	int number = t->row * l->x->result.seeds + t->at;

	to->accuracy[t->at] = r->accuracy;
	to->loss[t->at] = r->loss;
	if (number >= l->last) {
		l->last = number;
		l->x->result.eval = r->eval;
	}
	trial_said(l);
}

/* why: a line; it is taken over. */
static void
trial_missing(struct lanes *l, const struct sweep_trial *t, char *why)
{
	struct sweep *x = l->x;
	struct compared_row *to = &x->result.row[t->row];

	if (to->missing == NULL)
		to->missing = xcalloc((size_t)x->result.seeds, sizeof *to->missing);
	to->missing[t->at] = true;
	to->accuracy[t->at] = to->loss[t->at] = NAN;
	if (x->missing == NULL)
		x->missing = xcalloc((size_t)l->trials, sizeof *x->missing);
	x->missing[t->row * x->result.seeds + t->at] = why;
	x->nmissing++;
	trial_said(l);
}

static void
trial_died(struct lanes *l, const struct sweep_trial *t, const char *how)
{
	l->x->ndied++;
	trial_missing(l, t, xasprintf("%s, seed %llu: its process was %s, as where memory is short",
	    l->x->result.row[t->row].mode, (unsigned long long)t->seed, how));
}

/* ---- on this thread ---- */

static void
lanes_alone(struct lanes *l, struct sweep_trial *t)
{
	struct kept_result r;
	struct err e = {0};
	double began = job_now();
	int rc = sweep_trial_run(l->x, l->s, 1, t, &r, &e);

	trial_timed(l, began);
	if (rc < 0)
		trial_missing(l, t, xstrdup(e.text));
	else if (rc > 0)
		l->stopped = true;
	else {
		if (l->s->store.dir != NULL)
			kept_put(&l->s->store, t->key, t->asked, &r, &l->x->unkept);
		trial_result(l, t, &r);
	}
	sweep_trial_free(t);
}

/* ---- in processes ---- */

struct lane_work {
	struct lanes *all;
	struct sweep_trial *trial;
};

/* Runs in the copy. The worker of the session is not in it, and whoever holds its lock is not, either. */
static char *
lane_work(void *arg)
{
	struct lane_work *w = arg;
	struct kept_result r = {0};
	struct err e = {0};
	int rc;

	w->all->s->worker.job = NULL;
	rc = sweep_trial_run(w->all->x, w->all->s, w->all->n, w->trial, &r, &e);
	return xasprintf("%d %d %a %a %s", rc, r.eval, r.accuracy, r.loss, e.text);
}

/* -1 where there is no process to be had. */
static int
lane_start(struct lanes *l, int i, struct sweep_trial *t)
{
	if (process_start(&l->process[i], lane_work, &(struct lane_work){l, t}) < 0)
		return -1;
	l->lane[i].trial = *t;
	l->lane[i].began = job_now();
	*t = (struct sweep_trial){0};
	return 0;
}

/* Takes what the process of a lane has left. */
static void
lane_over(struct lanes *l, int i)
{
	struct process *p = &l->process[i];
	struct lane *lane = &l->lane[i];
	struct kept_result r = {0};
	char how[128];
	const char *died = process_died(p, how, sizeof how);
	int rc = 0, eval = 0, at = 0;

	if (died == NULL && (p->answer.s == NULL || sscanf(p->answer.s, "%d %d %la %la %n", &rc, &eval, &r.accuracy,
	    &r.loss, &at) < 4))
		died = "ended without an answer";
	r.eval = eval != 0;
	if (died == NULL && rc > 0)
		died = "told to end";
	l->stopped |= session_interrupted(l->s);
	trial_timed(l, lane->began);
	if (died != NULL && !l->stopped)
		trial_died(l, &lane->trial, died);
	else if (died == NULL && rc < 0)
		trial_missing(l, &lane->trial, xstrdup(p->answer.s + at));
	else if (died == NULL && rc == 0) {
		if (l->s->store.dir != NULL)
			kept_put(&l->s->store, lane->trial.key, lane->trial.asked, &r, &l->x->unkept);
		trial_result(l, &lane->trial, &r);
	}
	free(p->answer.s);
	p->answer = (struct str){0};
	sweep_trial_free(&lane->trial);
}

static int
lanes_running(const struct lanes *l, int *none)
{
	int running = 0;

	for (int i = l->n - 1; i >= 0; i--) {
		running += l->process[i].pid > 0;
		if (l->process[i].pid == 0)
			*none = i;
	}
	return running;
}

/* Waits for one to end, or a little; sees to it that those end which nobody waits for. */
static void
lanes_wait(struct lanes *l)
{
	int ended = process_wait(l->process, l->n, PATIENCE);

	if (ended >= 0)
		lane_over(l, ended);
	l->stopped |= session_interrupted(l->s);
	for (int i = 0; i < l->n; i++)
		if (l->stopped || l->failed)
			process_halt(&l->process[i]);
}

/* ---- all of them ---- */

/* Begins the next one that the store does not have, in a lane that is free. */
static void
lanes_next(struct lanes *l, int lane, bool alone)
{
	int number = l->next++;
	struct sweep_trial t;
	struct kept_result r;

	if (!share_has(l->s->share, l->x->first + (size_t)number)) {
		l->done++;
		return;
	}
	if (sweep_trial_make(l->x, l->s, number, &t, l->err) < 0 ||
	    share_check(l->s->share, l->x->first + (size_t)number, t.key, l->err) < 0)
		l->failed = true;
	else if (l->s->store.dir != NULL && kept_find(&l->s->store, t.key, t.asked, &r, &l->x->damaged)) {
		l->x->found++;
		trial_result(l, &t, &r);
	} else if (l->n == 1)
		lanes_alone(l, &t);
	else if (lane_start(l, lane, &t) < 0) {
		if (alone)
			lanes_alone(l, &t);
		else {
			l->next--; /* when one has ended */
			lanes_wait(l);
		}
	}
	sweep_trial_free(&t);
}

static void
lanes_run(struct lanes *l)
{
	for (;;) {
		int lane = 0, running = lanes_running(l, &lane);

		l->stopped |= session_interrupted(l->s);
		if (!l->stopped && !l->failed && l->next < l->trials && running < l->n)
			lanes_next(l, lane, running == 0);
		else if (running > 0)
			lanes_wait(l);
		else
			break;
	}
}

/* How many trials the store has: whether such a file is whole is seen when it is the trial's turn. */
static int
lanes_kept(const struct lanes *l)
{
	struct store_names names = {0};
	struct err ignored = {0};
	struct sweep_trial t;
	int kept = 0;

	if (l->s->store.dir == NULL || store_list(&l->s->store, STORE_TRIALS, &names, &ignored) < 0)
		return 0;
	for (int i = 0; i < l->trials && names.n > 0 && !session_interrupted(l->s); i++)
		if (sweep_trial_make(l->x, l->s, i, &t, &ignored) == 0) {
			size_t at = store_first(&names, t.key);

			kept += at < names.n && strcmp(names.name[at], t.key) == 0;
			sweep_trial_free(&t);
		}
	store_names_free(&names);
	return kept;
}

int
sweep_work(struct session *s, void *sweep, struct err *e)
{
	struct sweep *x = sweep;
	int trials = x->result.n * x->result.seeds;
	struct lanes l = {.x = x, .s = s, .trials = trials, .err = e,
	    .n = s->set.threads < trials ? s->set.threads : trials};

	x->trials = trials;
	if (share_begin(s->share, (size_t)trials, &x->first, e) < 0 || sweep_asked_data(s, x, e) < 0)
		return -1;
	l.lane = xcalloc((size_t)l.n, sizeof *l.lane);
	l.process = xcalloc((size_t)l.n, sizeof *l.process);
	if (s->share == NULL)
		kept_begins(s, lanes_kept(&l), trials);
	lanes_say(&l);
	lanes_run(&l);
	free(l.lane);
	free(l.process);
	share_end(s->share, x->mine - x->nmissing, x->nmissing, x->found);
	if (s->worker.job == NULL)
		out_progress(s->out, NULL);
	if (l.failed)
		return -1;
	if (l.stopped)
		return NN_STOPPED;
	compared_estimate(&x->result, NULL);
	return 0;
}
