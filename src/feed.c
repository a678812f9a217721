/* feed.c: session and job -> plain data to draw. What it makes again and again is bounded: the last few runs, twenty digits, at
 * most twenty times a second while a job goes on.
 */
#include "feed.h"
#include "build.h"
#include "curves.h"
#include "job.h"
#include "layers.h"
#include "summary.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FEED_EVERY 50 /* milliseconds between two updates */
#define FEED_FLASH 1500 /* that a row stays lit */
#define FEED_RUNS 4 /* whose curves are shown */
#define FEED_DIGITS 20

struct feed {
	struct session *s;
	bool touched, filled;
	uint64_t job_version;
	const struct job *job; /* the one last seen */
	double next; /* when the next update may be made */
	/* locks as last shown, and until when a change stays lit */
	int nlayers;
	bool lock[NN_LAYERS_MAX];
	double lit[NN_LAYERS_MAX];
	/* digits */
	bool asked; /* by `show` */
	struct split split;
	bool wrong;
	const struct dataset *of;
	struct sheet sheet;
	bool predicted;
	uint64_t shown_version;
	/* reading the data ahead */
	pthread_t thread;
	bool reading;
	char *reading_name; /* of the set that is being read, or that could not be */
	_Atomic bool read;
	struct dataset *data;
};

static double
feed_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

struct feed *
feed_new(struct session *s)
{
	struct feed *f = xcalloc(1, sizeof *f);

	f->s = s;
	f->touched = true;
	f->nlayers = -1;
	return f;
}

void
feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	if (f->reading)
		pthread_join(f->thread, NULL);
	dataset_free(f->data);
	free(f->reading_name);
	sheet_free(&f->sheet);
	job_show(f->s, NULL, 0);
	free(f);
}

void
feed_touch(struct feed *f)
{
	f->touched = true;
}

/* ---- data, read ahead ---- */

static void *
feed_read(void *arg)
{
	struct feed *f = arg;
	struct err ignored; /* whoever needs the data will say it again */

	f->data = dataset_load(f->reading_name, &ignored);
	atomic_store(&f->read, true);
	return NULL;
}

struct dataset *
feed_data(struct feed *f)
{
	struct dataset *d;

	if (!f->reading)
		return NULL;
	pthread_join(f->thread, NULL);
	f->reading = false;
	d = f->data;
	f->data = NULL;
	f->touched = true;
	if (d != NULL && strcmp(f->s->data_name, f->reading_name) != 0) {
		dataset_free(d);
		d = NULL;
	}
	return d;
}

static void
feed_read_ahead(struct feed *f)
{
	struct session *s = f->s;

	if (f->reading && atomic_load(&f->read)) {
		struct dataset *d = feed_data(f);

		if (s->data == NULL && s->job == NULL)
			s->data = d;
		else
			dataset_free(d);
	}
	if (s->data != NULL && !f->reading) { /* a file that is loaded may choose another, even this one again */
		free(f->reading_name);
		f->reading_name = NULL;
	}
	if (!f->filled || f->reading || s->data != NULL || s->job != NULL || (f->reading_name != NULL && strcmp(f->reading_name, s->data_name) == 0))
		return;
	free(f->reading_name);
	f->reading_name = xstrdup(s->data_name);
	f->reading = pthread_create(&f->thread, NULL, feed_read, f) == 0;
}

/* ---- model ---- */

/* Returns when the last lit row goes out, 0: none is lit. */
static double
feed_layers(struct feed *f, struct ui_model *m, double now)
{
	struct nn_net *net = f->s->model.net;
	struct ui_table *t = &m->layers;
	int n = nn_net_count(net);
	double until = 0;

	layers_table(net, t);
	for (int i = 0; i < n; i++) {
		bool lock = t->row[i].flags & UI_ROW_LOCKED;

		if (f->nlayers == n && lock != f->lock[i])
			f->lit[i] = now + FEED_FLASH;
		else if (f->nlayers != n)
			f->lit[i] = 0;
		f->lock[i] = lock;
		until = fmax(until, f->lit[i] > now ? f->lit[i] : 0);
		if (f->lit[i] > now)
			t->row[i].flags |= UI_ROW_FLASH;
	}
	f->nlayers = n;
	return until;
}

/* What of the model is frozen, in the user's words. */
static void
feed_frozen(const struct session *s, struct str *b)
{
	int n = nn_net_count(s->model.net), frozen[2] = {0}, all[2] = {0}, named = 0;

	for (int i = 0; i < n; i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		if (l->params > 0) {
			all[i >= s->model.features]++;
			frozen[i >= s->model.features] += !l->trainable;
		}
	}
	if (frozen[0] + frozen[1] == 0)
		return;
	str_add(b, "  ❄");
	if (frozen[0] + frozen[1] == all[0] + all[1])
		str_add(b, " all");
	else if (frozen[0] == all[0] && all[0] > 0 && frozen[1] == 0)
		str_add(b, " features");
	else if (frozen[1] == all[1] && all[1] > 0 && frozen[0] == 0)
		str_add(b, " head");
	else
		for (int i = 0; i < n; i++) {
			const struct nn_layer *l = nn_net_layer(s->model.net, i);

			if (l->params > 0 && !l->trainable && named++ < 3)
				str_add(b, " %s", l->name);
		}
	if (named > 3)
		str_add(b, " ...");
}

/* ---- header ---- */

static void
feed_header(struct feed *f, struct ui_model *m, const struct job_view *v)
{
	const struct session *s = f->s;
	struct run *run[FEED_RUNS], *last = v != NULL && v->run != NULL ? v->run : session_run_last((struct session *)s);
	struct str b = {0};
	char a[32], c[32], *waiting = session_waiting(s);
	int n = curves_recent(s, run, FEED_RUNS);
	const struct run *before = n > 0 && run[n - 1] != last ? run[n - 1] : n > 1 ? run[n - 2] : NULL;

	if (last == NULL)
		str_add(&b, "%s", s->data_name);
	else if (before != NULL && before != last && before->split.digits != last->split.digits)
		str_add(&b, "%s → %s", before->split.name, last->split.name);
	else
		str_add(&b, "%s", last->split.name);
	feed_frozen(s, &b);
	ui_string(&m->headline, b.s);
	b.n = 0;
	str_add(&b, "trainable %s of %s", summary_thousands(a, nn_net_trainable(s->model.net)), summary_thousands(c, nn_net_params(s->model.net)));
	if (v != NULL && v->run != NULL && v->run->cached)
		str_add(&b, "  features cached (%s)", text_bytes(a, v->run->cache_bytes));
	ui_string(&m->status, b.s);
	free(b.s);
	if (waiting[0] != '\0') {
		char *text = xasprintf("then: %s", waiting);

		text_clean(text);
		ui_string(&m->waiting, text);
		free(text);
	} else
		ui_string(&m->waiting, NULL);
	free(waiting);
}

static void
feed_activity(struct ui_model *m, const struct job_view *v)
{
	char text[96] = "", eta[64] = "";

	m->progress = -1;
	m->paused = v != NULL && v->paused;
	if (v == NULL) {
		ui_string(&m->activity, NULL);
		ui_string(&m->eta, NULL);
		return;
	}
	if (v->stopping)
		snprintf(text, sizeof text, "stopping");
	else if (v->phase == JOB_TASK)
		snprintf(text, sizeof text, "%.32s", v->command);
	else if (v->phase == JOB_CACHE)
		snprintf(text, sizeof text, "filling the cache");
	else
		snprintf(text, sizeof text, "%sr%d epoch %d/%d", v->paused ? "paused " : "", v->run->number, v->epoch, v->epochs);
	if (v->phase != JOB_TRAIN)
		m->progress = isfinite(v->part) ? v->part : -1;
	if (v->phase == JOB_VALIDATE) {
		m->progress = fmax(m->progress, 0);
		snprintf(eta, sizeof eta, "validating");
	} else if (v->phase == JOB_TRAIN && v->steps > 0) {
		m->progress = (double)v->step / v->steps;
		if (isfinite(v->eta))
			snprintf(eta, sizeof eta, "%*u/%u %2.0fs", (int)snprintf(NULL, 0, "%u", v->steps), v->step, v->steps, ceil(v->eta));
		else
			snprintf(eta, sizeof eta, "%*u/%u", (int)snprintf(NULL, 0, "%u", v->steps), v->step, v->steps);
	}
	ui_string(&m->activity, text);
	ui_string(&m->eta, eta[0] != '\0' ? eta : NULL);
}

/* ---- curves and runs ---- */

static void
feed_runs(struct feed *f, struct ui_model *m, const struct job_view *v)
{
	static const char *const head[] = {"run", "split", "ep", "val acc", "val loss", "frozen", "lr", "batch"};
	const struct session *s = f->s;
	struct run *run[FEED_RUNS];
	struct ui_table *t = &m->runs;
	bool going = v != NULL && v->run != NULL;
	int n = curves_recent(s, run, FEED_RUNS);

	for (int k = 0; k < CURVES_KINDS; k++) {
		struct ui_chart *c = k == CURVES_LOSS ? &m->loss : &m->accuracy;

		curves_chart(c, (enum curves_kind)k, run, n, CURVES_SMOOTH, going && n > 0 && run[n - 1] == v->run);
		if (n == 0 && going) /* the axis of the run that is about to begin */
			c->xend = v->epochs;
	}
	ui_table_clear(t);
	t->ncols = 8;
	for (int i = 0; i < 8; i++) {
		t->head[i] = xstrdup(head[i]);
		t->align[i] = i >= 2 && i != 5 ? UI_RIGHT : UI_LEFT;
	}
	for (int i = s->nruns - 1; i >= 0 && i >= s->nruns - 100; i--) { /* the newest on top */
		const struct run *r = s->runs[i];
		const struct epoch_record *e = r->nepoch > 0 ? &r->epoch[r->nepoch - 1] : NULL;
		char name[16], epochs[32], acc[32] = "", loss[32] = "", lr[32], batch[16];

		snprintf(name, sizeof name, "r%d", r->number);
		snprintf(epochs, sizeof epochs, r->nepoch < r->epochs ? "%d/%d" : "%d", r->nepoch, r->epochs);
		if (e != NULL && isfinite(e->val_accuracy)) {
			snprintf(acc, sizeof acc, "%.4f", e->val_accuracy);
			snprintf(loss, sizeof loss, "%.4f", e->val_loss);
		}
		snprintf(batch, sizeof batch, "%d", r->config.batch);
		ui_table_add(t, (const char *const[]){name, r->split.name, epochs, acc, loss, r->frozen != NULL && r->frozen[0] ? r->frozen : "-",
		    num_text(lr, r->config.lr), batch}, going && r == v->run ? UI_ROW_MARK : 0);
	}
}

/* ---- digits ---- */

static void
feed_take(struct feed *f, const struct split *split, bool wrong, size_t n)
{
	uint32_t index[FEED_DIGITS];

	f->split = *split;
	f->wrong = wrong;
	f->of = f->s->data;
	f->predicted = false;
	f->sheet.n = n > FEED_DIGITS ? FEED_DIGITS : n;
	for (size_t i = 0; i < f->sheet.n; i++)
		index[i] = f->sheet.image[i].index;
	job_show(f->s, index, f->sheet.n);
	job_shown(f->s, &f->shown_version);
}

/* The first test images of a split. */
static void
feed_pick(struct feed *f, const struct split *split)
{
	const struct part *test = &f->s->data->test;
	struct selection sel;
	struct err ignored;
	size_t n = 0;

	sheet_free(&f->sheet);
	if (selection_make(&sel, test, split, 0, &ignored) < 0) {
		f->split = *split;
		f->of = f->s->data;
		return;
	}
	f->sheet.image = xcalloc(FEED_DIGITS, sizeof *f->sheet.image);
	for (; n < FEED_DIGITS && n < sel.set.count; n++)
		f->sheet.image[n] = (struct sheet_image){.index = sel.index[n], .label = test->label[sel.index[n]], .predicted = -1};
	selection_free(&sel);
	feed_take(f, split, false, n);
}

void
feed_show(struct feed *f, const struct sheet_request *r, const struct sheet *sheet)
{
	size_t n = sheet->n > FEED_DIGITS ? FEED_DIGITS : sheet->n;

	sheet_free(&f->sheet);
	f->sheet.image = xcalloc(n + 1, sizeof *f->sheet.image);
	memcpy(f->sheet.image, sheet->image, n * sizeof *sheet->image);
	f->asked = true;
	feed_take(f, &r->split, r->wrong, n);
	f->predicted = true;
	f->touched = true;
}

static void
feed_predicted(struct feed *f, const struct split *names, const float *p)
{
	int classes = nn_net_classes(f->s->model.net);

	for (size_t i = 0; i < f->sheet.n; i++) {
		int best = sheet_best(p + i * (size_t)classes, classes);

		f->sheet.image[i].predicted = split_digit(names, best);
		f->sheet.image[i].p = p[i * (size_t)classes + (size_t)best];
	}
	f->predicted = true;
}

struct look {
	struct feed *f;
	float *p;
};

static int
feed_look(struct session *s, void *arg, struct err *e)
{
	struct look *l = arg;
	uint32_t index[FEED_DIGITS];
	struct nn_set set = {.images = &s->data->test.images, .index = index, .count = l->f->sheet.n};
	struct nn_engine *eng = session_engine(s, e);
	struct nn_metrics m;
	struct nn_err ignored;

	for (size_t i = 0; i < l->f->sheet.n; i++)
		index[i] = l->f->sheet.image[i].index;
	return eng != NULL && nn_eval(s->model.net, eng, &set, NULL, &m, l->p, &ignored) == 0 ? 0 : -1;
}

static void
feed_tiles(struct feed *f, struct ui_tiles *t)
{
	const struct part *test = &f->s->data->test;
	const int *dim = test->images.shape.dim;
	char *text;

	ui_tiles_clear(t);
	for (size_t i = 0; i < f->sheet.n; i++) {
		const struct sheet_image *x = &f->sheet.image[i];
		bool right = x->predicted == x->label;
		char label[8], caption[32] = "", p[16];

		snprintf(label, sizeof label, "%d", x->label);
		if (x->p > 0.994999)
			snprintf(p, sizeof p, "1.0");
		else
			snprintf(p, sizeof p, ".%02d", (int)(x->p * 100 + .5));
		if (f->predicted && right)
			snprintf(caption, sizeof caption, "%s", p);
		else if (f->predicted && x->predicted >= 0)
			snprintf(caption, sizeof caption, "%d %s", x->predicted, p);
		else if (f->predicted)
			snprintf(caption, sizeof caption, "? %s", p);
		ui_tiles_add(t, dim[0], dim[1], dim[2], test->images.pixels + x->index * nn_shape_size(test->images.shape), label, caption,
		    !f->predicted ? 0 : right ? 1 : -1)->id = x->index;
	}
	text = xasprintf("%s test%s", f->split.name, f->wrong ? ", wrong ones" : "");
	ui_string(&t->title, text);
	free(text);
	ui_string(&t->note, f->predicted || f->s->job != NULL ? NULL : "not trained yet");
}

static void
feed_digits(struct feed *f, struct ui_model *m, const struct job_view *v)
{
	struct session *s = f->s;
	const struct split *want = v != NULL && v->run != NULL ? &v->run->split : s->last_split.kind != SPLIT_NONE ? &s->last_split : NULL;
	struct split first;
	struct nn_shape in;
	struct err ignored;
	uint64_t version;
	const float *p;

	if (s->data == NULL) {
		f->of = NULL; /* the next one may lie where this one was */
		ui_tiles_clear(&m->digits);
		return;
	}
	if (want == NULL && split_parse("gte5", &first, &ignored) == 0)
		want = &first;
	in = nn_net_input(s->model.net);
	if (want == NULL || memcmp(in.dim, s->data->test.images.shape.dim, sizeof in.dim) != 0) {
		ui_tiles_clear(&m->digits);
		return;
	}
	if (f->of != s->data || ((!f->asked || (v != NULL && v->run != NULL && f->job != s->job)) && f->split.digits != want->digits)) {
		f->asked = false;
		feed_pick(f, want);
	}
	if (f->sheet.n == 0) {
		ui_tiles_clear(&m->digits);
		return;
	}
	p = job_shown(s, &version);
	if (v != NULL && v->run != NULL) {
		if (p != NULL && version != f->shown_version) {
			feed_predicted(f, &v->run->split, p);
			f->shown_version = version;
		}
	} else if (v == NULL && sheet_names(s) != NULL) {
		struct look l = {f, xcalloc(f->sheet.n * (size_t)nn_net_classes(s->model.net), sizeof(float))};

		if (job_call(s, feed_look, &l, &ignored) == 0)
			feed_predicted(f, sheet_names(s), l.p);
		free(l.p);
		f->shown_version = version;
	} else if (v == NULL)
		f->predicted = false;
	feed_tiles(f, &m->digits);
}

/* ---- all ---- */

int
feed_update(struct feed *f, struct ui_model *m)
{
	const struct job_view *v = job_view(f->s);
	struct err ignored;
	double now, until;

	feed_read_ahead(f);
	if (!f->touched && f->job == f->s->job && (v == NULL || v->version == f->job_version))
		return f->reading ? 20 : -1;
	now = feed_now();
	if (now < f->next)
		return (int)(f->next - now) + 1;
	if (session_net(f->s, &ignored) == NULL)
		return -1;
	f->touched = false;
	f->job_version = v != NULL ? v->version : 0;
	until = feed_layers(f, m, now);
	feed_header(f, m, v);
	feed_activity(m, v);
	feed_runs(f, m, v);
	feed_digits(f, m, v);
	f->job = f->s->job;
	m->version++;
	f->next = now + FEED_EVERY;
	if (!f->filled) {
		f->filled = true;
		return 0;
	}
	if (until > 0) { /* a lit row has to go out */
		f->touched = true;
		f->next = fmin(f->next, until);
		return until - now > FEED_EVERY && v == NULL ? (f->next = until, (int)(until - now) + 1) : FEED_EVERY;
	}
	return f->reading ? 20 : -1;
}

void
feed_at_once(struct feed *f, struct ui_model *m)
{
	f->touched = true;
	f->next = 0;
	feed_update(f, m);
}
