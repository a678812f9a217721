/* feed_sketch.c: what is drawn on the canvas, as the model gets it, and what it makes of that. */
#include "look/picture.h"
#include "session/made.h"
#include "util/xmalloc.h"
#include "view/feed_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FEED_DRAWN 0.2 /* seconds between two looks at the same drawing while a run goes on */

/* All units in their order, or as many of the highest. */
static void
sketch_bars(const struct session *s, struct ui_sketch *k, const float *p, int classes)
{
	int best = sheet_best(p, classes);
	char number[16] = "1.0";

	k->nbars = 0;
	k->best = -1;
	for (int u = 0; u < classes && k->nbars < UI_SKETCH_BARS; u++) {
		struct ui_sketch_bar *b = &k->bar[k->nbars];
		int digit = sheet_digit(s, u), higher = 0;

		for (int i = 0; i < classes; i++)
			higher += p[i] > p[u] || (p[i] == p[u] && i < u);
		if (higher >= UI_SKETCH_BARS)
			continue;
		if (digit >= 0 || sheet_names(s) == NULL)
			snprintf(b->name, sizeof b->name, "%d", digit >= 0 ? digit : u);
		else
			snprintf(b->name, sizeof b->name, "u%d", u);
		b->part = isfinite(p[u]) ? p[u] : 0;
		if (u == best)
			k->best = k->nbars;
		k->nbars++;
	}
	if (p[best] <= .994999f)
		snprintf(number, sizeof number, ".%02d", (int)(p[best] * 100 + .5));
	if (sheet_names(s) == NULL)
		snprintf(k->verdict, sizeof k->verdict, "not trained yet");
	else if (k->best >= 0)
		snprintf(k->verdict, sizeof k->verdict, "%s  %s", k->bar[k->best].name, number);
}

static void
sketch_none(struct ui_sketch *k, const char *why)
{
	k->nbars = 0;
	k->best = -1;
	k->verdict[0] = '\0';
	snprintf(k->said, sizeof k->said, "%.150s", why);
}

/* The drawing as an image of the model, and its bars; `last` names it from the first stroke on. */
static void
sketch_predict(struct feed *f, struct ui_model *m, bool stroke)
{
	struct session *s = f->s;
	struct ui_sketch *k = &m->sketch;
	struct drawing_steps steps = picture_steps(&s->set);
	struct err e = {0};
	struct image *i = picture_drawn(s, &steps, &e);
	float *p = NULL;
	char *said;

	ui_tiles_clear(&m->canvas);
	ui_tiles_add(&m->canvas, UI_SKETCH_SIDE, UI_SKETCH_SIDE, 1, k->ink, NULL, NULL, 0);
	if (i == NULL || ui_sketch_empty(k)) {
		sketch_none(k, i == NULL ? e.text : "");
		image_free(i);
		return;
	}
	p = xcalloc((size_t)nn_net_classes(s->model.net), sizeof *p);
	if (sheet_predict(s, i, p, &e) < 0)
		sketch_none(k, e.text);
	else {
		sketch_bars(s, k, p, nn_net_classes(s->model.net));
		said = image_steps(i);
		snprintf(k->said, sizeof k->said, "%s", said);
		free(said);
		ui_tiles_add(&m->canvas, i->shape.dim[0], i->shape.dim[1], i->shape.dim[2], i->pixels, NULL, NULL, 0);
	}
	if (stroke || (s->data.last != NULL && s->data.last->drawn))
		data_remember(&s->data, i);
	free(p);
	image_free(i);
}

bool
feed_sketch(struct feed *f, struct ui_model *m, const struct job_view *v, double now)
{
	struct ui_sketch *k = &m->sketch;
	bool stroke, run = v != NULL && v->run != NULL;

	f->sketch_stale |= f->touched || f->sketch_job != f->s->worker.job;
	if (!f->sketched) {
		f->sketched = true;
		if (f->s->data.sketch != NULL)
			*k = *f->s->data.sketch;
		f->sketch_version = k->version;
	} else if (f->s->data.sketch != NULL && f->s->data.sketch->version > k->version) { /* of a command */
		ui_sketch_begin(k);
		memcpy(k->ink, f->s->data.sketch->ink, sizeof k->ink);
		k->version = f->sketch_version = f->s->data.sketch->version;
		f->sketch_stale = true;
	}
	stroke = k->version != f->sketch_version;
	if (stroke) {
		data_draw(&f->s->data, k);
		transcript_drawn(&f->s->out->kept, k->ink, sizeof k->ink);
	}
	if (!stroke && (f->s->data.sketch == NULL || !(run ? k->shown && now >= f->sketch_next : f->sketch_stale)))
		return false;
	f->sketch_stale = false;
	f->sketch_version = k->version;
	f->sketch_job = f->s->worker.job;
	f->sketch_next = now + FEED_DRAWN;
	sketch_predict(f, m, stroke);
	return true;
}
