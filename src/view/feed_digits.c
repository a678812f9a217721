/* feed_digits.c: the digits of the split in use, with what the network makes of them now. */
#include "util/xmalloc.h"
#include "view/feed.h"
#include "view/feed_int.h"
#include "view/tiles.h"

#include <stdlib.h>
#include <string.h>

static void
feed_take(struct feed *f, const struct sheet_request *r, size_t n)
{
	uint32_t index[FEED_DIGITS];

	f->split = r->split;
	f->wrong = r->wrong;
	f->of = f->s->data.set;
	f->predicted = false;
	free(f->title);
	f->title = tiles_title(f->s, r);
	free(f->note);
	f->note = NULL;
	f->besides = 0;
	f->sheet.n = n > FEED_DIGITS ? FEED_DIGITS : n;
	for (size_t i = 0; i < f->sheet.n; i++)
		index[i] = f->sheet.image[i].index;
	job_show(&f->s->worker, index, f->sheet.n);
	job_shown(&f->s->worker, &f->shown_version);
}

/* Takes the first test images of a split. */
static void
feed_pick(struct feed *f, const struct split *split)
{
	const struct part *test = &f->s->data.set->test;
	struct selection sel;
	struct err ignored = {0};
	size_t n = 0;

	sheet_free(&f->sheet);
	if (selection_make(&sel, test, split, 0, &ignored) < 0) {
		f->split = *split;
		f->of = f->s->data.set;
		return;
	}
	f->sheet.image = xcalloc(FEED_DIGITS, sizeof *f->sheet.image);
	for (; n < FEED_DIGITS && n < sel.set.count; n++)
		f->sheet.image[n] = (struct sheet_image){.index = sel.index[n], .label = test->label[sel.index[n]],
		    .predicted = -1};
	selection_free(&sel);
	feed_take(f, &(struct sheet_request){.split = *split, .digit = -1}, n);
}

void
feed_show(struct feed *f, const struct sheet_request *r, const struct sheet *sheet)
{
	size_t n = sheet->n > FEED_DIGITS ? FEED_DIGITS : sheet->n;

	sheet_free(&f->sheet);
	f->sheet.image = xcalloc(n + 1, sizeof *f->sheet.image);
	memcpy(f->sheet.image, sheet->image, n * sizeof *sheet->image);
	f->asked = true;
	feed_take(f, r, n);
	f->note = tiles_note(r, sheet, sheet_judges(f->s, r));
	f->besides = sheet->n - n;
	if (f->besides > 0)
		out_note(f->s->out, "the pane has the first %zu of these %zu; pictures have all (`help export`)", n,
		    sheet->n);
	f->predicted = true;
	f->touched = true;
}

void
feed_sample(struct feed *f)
{
	f->asked = false;
	f->of = NULL;
	f->touched = true;
}

static void
feed_predicted(struct feed *f, const struct split *names, const float *p)
{
	int classes = nn_net_classes(f->s->model.net);
	bool changed = false;

	for (size_t i = 0; i < f->sheet.n; i++) {
		int best = sheet_best(p + i * (size_t)classes, classes);

		changed = changed || split_digit(names, best) != f->sheet.image[i].predicted;
		f->sheet.image[i].predicted = split_digit(names, best);
		f->sheet.image[i].p = p[i * (size_t)classes + (size_t)best];
	}
	f->predicted = true;
	if (changed) {
		free(f->note);
		f->note = NULL;
	}
}

struct feed_look {
	struct feed *f;
	float *p;
};

static int
feed_look(struct session *s, void *arg, struct err *e)
{
	struct feed_look *l = arg;
	uint32_t index[FEED_DIGITS];
	struct nn_set set = {.images = &s->data.set->test.images, .index = index, .count = l->f->sheet.n};

	for (size_t i = 0; i < l->f->sheet.n; i++)
		index[i] = l->f->sheet.image[i].index;
	return sheet_eval(s, &set, l->p, e);
}

static void
feed_tiles(struct feed *f, struct ui_tiles *t)
{
	ui_tiles_clear(t);
	for (size_t i = 0; i < f->sheet.n; i++)
		tiles_add(t, f->s, &f->sheet.image[i], f->predicted, "");
	for (size_t i = 0; f->asked && i < t->n; i++) /* an answer calls them by their numbers */
		t->tile[i].numbered = true;
	ui_string(&t->title, f->title);
	ui_string(&t->note, f->note != NULL ? f->note :
	    f->predicted || f->s->worker.job != NULL ? NULL : "not trained yet");
	t->said = f->note != NULL;
	t->besides = t->said ? f->besides : 0;
}

void
feed_digits(struct feed *f, struct ui_model *m, const struct job_view *v)
{
	struct session *s = f->s;
	const struct split *want = v != NULL &&
	    v->run != NULL ? &v->run->split : split_holds(&s->runs.last_split, s->data.set) ? &s->runs.last_split :
	    NULL;
	struct split first;
	struct err ignored = {0};
	uint64_t version;
	const struct split *names;
	const float *p;

	if (s->data.set == NULL) {
		f->of = NULL; /* the next data set may have the same address */
		ui_tiles_clear(&m->digits);
		return;
	}
	if (want == NULL && split_usual(s->data.set, &first, &ignored) == 0)
		want = &first;
	if (want == NULL || model_takes(s->model.net, s->data.set->test.images.shape, "", &ignored) < 0) {
		ui_tiles_clear(&m->digits);
		return;
	}
	if (f->of != s->data.set || ((!f->asked || (v != NULL && v->run != NULL && f->job != s->worker.job)) &&
	    !split_alike(&f->split, want))) {
		f->asked = false;
		feed_pick(f, want);
	}
	if (f->sheet.n == 0) {
		ui_tiles_clear(&m->digits);
		return;
	}
	p = job_shown(&s->worker, &version);
	names = sheet_names(s) == NULL && f->asked && f->wrong ? &f->split : sheet_names(s);
	if (v != NULL && v->run != NULL) {
		if (p != NULL && version != f->shown_version) {
			feed_predicted(f, &v->run->split, p);
			f->shown_version = version;
		}
	} else if (v == NULL && names != NULL) {
		struct feed_look l = {f, xcalloc(f->sheet.n * (size_t)nn_net_classes(s->model.net), sizeof(float))};

		if (job_call(&s->worker, feed_look, s, &l, &ignored) == 0)
			feed_predicted(f, names, l.p);
		free(l.p);
		f->shown_version = version;
	} else if (v == NULL)
		f->predicted = false;
	feed_tiles(f, &m->digits);
}
