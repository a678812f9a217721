/* feed.c: brings the model that is drawn up to date. Its work is bounded: the last few runs, twenty digits, at most
 * twenty times a second.
 */
#include "view/feed.h"

#include "session/made.h"
#include "util/signals.h"
#include "util/xmalloc.h"
#include "view/feed_int.h"

#include <stdlib.h>
#include <string.h>

#define FEED_EVERY 0.05 /* seconds between two updates */
#define READING_EVERY 20 /* milliseconds until it looks again whether the data has been read */

struct feed *
feed_new(struct session *s, double (*clock)(void))
{
	struct feed *f = xcalloc(1, sizeof *f);

	f->s = s;
	f->clock = clock;
	f->touched = true;
	f->nlayers = -1;
	return f;
}

void
feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	atomic_store(&f->unwanted, true);
	if (f->reading)
		pthread_join(f->thread, NULL);
	dataset_free(f->data);
	free(f->reading_name);
	free(f->title);
	free(f->note);
	free(f->ask_filters);
	free(f->ask_output);
	free(f->inside_picture);
	free(f->stats_layers);
	free(f->explain_layer);
	image_free(f->explain_image);
	image_free(f->ask_picture);
	sheet_free(&f->sheet);
	job_show(&f->s->worker, NULL, 0);
	job_watch(&f->s->worker, NULL);
	free(f);
}

void
feed_touch(struct feed *f)
{
	f->touched = true;
}

/* ---- data, read ahead ---- */

static void
feed_read_ends(void *arg)
{
	struct feed *f = arg;

	longjmp(f->no_memory, 1);
}

/* Nobody needs it any more, or who waits for it has been told to end. */
static bool
feed_unwanted(const void *arg)
{
	const struct feed *f = arg;

	return atomic_load(&f->unwanted) || (atomic_load(&f->awaited) && signals_pending() != 0);
}

static void *
feed_read(void *arg)
{
	struct feed *f = arg;
	struct err ignored = {0}; /* whoever needs the data will say it again */

	memory_thread(feed_read_ends, f);
	signals_cut((struct signals_cut){feed_unwanted, f});
	if (setjmp(f->no_memory) == 0)
		f->data = dataset_load_as(f->reading_name, &f->reading_how, &ignored);
	atomic_store(&f->read, true);
	return NULL;
}

struct dataset *
feed_data(struct feed *f)
{
	struct dataset *d;

	if (!f->reading)
		return NULL;
	atomic_store(&f->awaited, true);
	pthread_join(f->thread, NULL);
	atomic_store(&f->awaited, false);
	f->reading = false;
	d = f->data;
	f->data = NULL;
	f->touched = true;
	if (d != NULL && (strcmp(f->s->data.name, f->reading_name) != 0 ||
	    memcmp(&f->s->data.how, &f->reading_how, sizeof f->reading_how) != 0)) {
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

		if (s->data.set == NULL && s->worker.job == NULL)
			s->data.set = d;
		else
			dataset_free(d);
	}
	if (s->data.set != NULL && !f->reading) { /* a file that is loaded may choose another, even this one again */
		free(f->reading_name);
		f->reading_name = NULL;
	}
	if ((!f->filled && session_input_known(s)) || f->reading || s->data.set != NULL || s->worker.job != NULL ||
	    (f->reading_name != NULL && strcmp(f->reading_name, s->data.name) == 0))
		return;
	free(f->reading_name);
	f->reading_name = xstrdup(s->data.name);
	f->reading_how = s->data.how;
	atomic_store(&f->read, false);
	f->reading = pthread_create(&f->thread, NULL, feed_read, f) == 0;
}

/* The net is made for pictures whose shape is not known before all are read: being read, or in vain. */
static bool
feed_lacks_input(const struct feed *f)
{
	return f->s->model.net == NULL && !session_input_known(f->s) && (f->reading || f->reading_name != NULL);
}

/* ---- all ---- */

static int
feed_milliseconds(double seconds)
{
	return (int)(seconds * 1e3) + 1;
}

/* Milliseconds until a lit row goes out or the data may have been read; -1 when neither is expected. */
static int
feed_wait(const struct feed *f, double now)
{
	int lit = f->until > 0 ? feed_milliseconds(f->until - now) : -1;

	return f->reading && (lit < 0 || lit > READING_EVERY) ? READING_EVERY : lit;
}

bool
feed_current(const struct feed *f)
{
	const struct job_view *v = job_view(&f->s->worker);

	return !f->touched && f->job == f->s->worker.job && (v == NULL || v->version == f->job_version);
}

int
feed_update(struct feed *f, struct ui_model *m)
{
	const struct job_view *v = job_view(&f->s->worker);
	double now = f->clock();
	struct err ignored = {0};

	feed_read_ahead(f);
	if (feed_sketch(f, m, v, now))
		m->version++;
	if (feed_current(f) && !(f->until > 0 && now >= f->until))
		return feed_wait(f, now);
	if (now < f->next)
		return feed_milliseconds(f->next - now);
	if (feed_lacks_input(f))
		return feed_wait(f, now);
	if (session_net(f->s, &ignored) == NULL)
		return -1;
	f->stats_stale |= f->touched;
	f->explain_stale |= f->touched;
	f->touched = false;
	f->job_version = v != NULL ? v->version : 0;
	f->until = feed_layers(f, m, now);
	feed_header(f, m, v);
	feed_activity(m, v);
	feed_runs(f, m, v);
	feed_digits(f, m, v);
	feed_confusion(f, m);
	feed_inside(f, m, v);
	feed_stats(f, m, v, now);
	feed_explain(f, m, v, now);
	f->job = f->s->worker.job;
	m->version++;
	f->next = now + FEED_EVERY;
	if (!f->filled) {
		f->filled = true;
		return 0;
	}
	return feed_wait(f, now);
}

void
feed_at_once(struct feed *f, struct ui_model *m)
{
	f->touched = true;
	f->next = 0;
	feed_update(f, m);
}
