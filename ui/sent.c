/* sent.c: which pictures a terminal holds. A tile is found again by what it looks like, wherever it moves; a chart, a
 * matrix or estimates by being that one, so that its cells stay as they are while it changes, and so a tile or a
 * histogram that has a number. Those change together, as they are of one moment. The picture that was not shown for
 * longest gives its place to a new one.
 */
#include "sent.h"
#include "inlay.h"
#include "kitty.h"
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST 16 /* of the numbers in a group: below are the colours that a terminal has of its own */
#define LEAST 300 /* milliseconds between two pictures of a chart */
#define SHARE 150 /* a chart, or all numbered tiles, are not drawn again for so many times what drawing them takes */
#define RATE 20 /* bytes a millisecond, on the average */

struct held {
	const void *figure; /* a chart, a matrix, estimates; NULL: a tile, or nothing */
	int live; /* the number of a tile that changes where it is; 0: none */
	uint64_t hash; /* what it was drawn from */
	uint64_t bytes; /* what was sent */
	int cols, rows;
	bool sent;
	uint64_t shown; /* in which frame it was last in view */
	double drawn, next; /* when it was last drawn, and the earliest time for a chart to be drawn again */
};

struct ui_sent {
	struct ui_kitty out;
	uint32_t group;
	uint64_t frame;
	double clear; /* when what has been sent is paid for */
	double due; /* when there is more to send; negative: there is not */
	bool paid; /* all that was sent before this frame */
	double live_took, live_next; /* numbered tiles: what drawing them took in this frame, when they may change */
	double (*clock)(void); /* milliseconds of the processor's time */
	struct held held[UI_INLAYS];
	bool there[UI_INLAYS]; /* the terminal may hold one of that id, be it of another content */
	struct held *of[UI_INLAYS]; /* by inlay of the canvas */
};

static double
sent_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

struct ui_sent *
ui_sent_new(bool tmux, uint32_t group)
{
	struct ui_sent *s = ui_alloc(1, sizeof *s);

	s->out.tmux = tmux;
	s->group = group;
	s->due = -1;
	s->clock = sent_clock;
	return s;
}

void
ui_sent_clock(struct ui_sent *s, double (*clock)(void))
{
	s->clock = clock;
}

void
ui_sent_free(struct ui_sent *s)
{
	if (s == NULL)
		return;
	free(s->out.text);
	free(s);
}

static uint32_t
id_of(const struct ui_sent *s, const struct held *h)
{
	return s->group << 24 | (uint32_t)(FIRST + (h - s->held));
}

/* ---- names ---- */

static const void *
figure_of(const struct ui_inlay *i)
{
	return i->chart != NULL ? (const void *)i->chart : i->matrix != NULL ? (const void *)i->matrix : i->estimates;
}

static int
live_of(const struct ui_inlay *i)
{
	return i->tile != NULL ? i->tile->live : i->bars != NULL ? i->bars->live : 0;
}

/* Its picture may become another one where it is. */
static bool
changes(const struct ui_inlay *i)
{
	return figure_of(i) != NULL || live_of(i) != 0;
}

static bool
is_of(const struct held *h, const struct ui_inlay *i, uint64_t hash)
{
	if (changes(i))
		return figure_of(i) != NULL ? h->figure == figure_of(i) : h->live == live_of(i);
	return h->sent && h->figure == NULL && h->live == 0 && h->hash == hash;
}

/* Its place, or the place of the one that was not shown for longest. */
static struct held *
place(struct ui_sent *s, const struct ui_inlay *i, uint64_t hash)
{
	struct held *oldest = NULL;

	for (struct held *h = s->held; h < s->held + UI_INLAYS; h++) {
		if (is_of(h, i, hash))
			return h;
		if (h->shown != s->frame && (oldest == NULL || h->shown < oldest->shown))
			oldest = h;
	}
	/* there is one: a canvas has no more inlays than there are places */
	*oldest = (struct held){.figure = figure_of(i), .live = live_of(i)};
	return oldest;
}

void
ui_sent_name(struct ui_sent *s, struct ui_canvas *c)
{
	s->frame++;
	for (int k = 0; k < c->ninlays; k++) {
		const struct ui_inlay *i = &c->inlay[k];
		uint64_t hash = changes(i) ? 0 : ui_inlay_hash(i, c);
		struct held *h = place(s, i, hash);

		h->shown = s->frame;
		if (h->cols != i->r.w || h->rows != i->r.h)
			h->sent = false;
		if (!changes(i) && !h->sent)
			h->hash = hash;
		h->cols = i->r.w;
		h->rows = i->r.h;
		s->of[k] = h;
	}
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols; x++) {
			struct ui_cell *cell = &c->cell[(size_t)y * (size_t)c->cols + (size_t)x];
			const struct ui_rect *r;

			if (cell->inlay == 0)
				continue;
			r = &c->inlay[cell->inlay - 1].r;
			ui_kitty_cell(cell->text, y - r->y, x - r->x, id_of(s, s->of[cell->inlay - 1]));
			cell->fg = UI_RGB(0, 0, id_of(s, s->of[cell->inlay - 1]) & 255);
		}
}

/* ---- pictures ---- */

static uint64_t
sum(const uint8_t *p, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 0x100000001b3;
	return h;
}

/* How long what took so long to draw is not drawn again. */
static double
rest(double took)
{
	return took * SHARE > LEAST ? took * SHARE : LEAST;
}

static void
send(struct ui_sent *s, struct held *h, const struct ui_inlay *i, const struct ui_canvas *c, double now)
{
	size_t n, before = s->out.n;
	double start = s->clock(), took;
	uint8_t *png = ui_inlay_png(i, c, &n);
	uint64_t bytes = png != NULL ? sum(png, n) : 0;

	if (png != NULL && (!h->sent || bytes != h->bytes)) {
		ui_kitty_send(&s->out, id_of(s, h), h->cols, h->rows, png, n);
		h->sent = s->there[h - s->held] = true;
		h->bytes = bytes;
	}
	free(png);
	took = s->clock() - start;
	h->drawn = now;
	if (h->live != 0)
		s->live_took += took;
	else
		h->next = now + rest(took);
	s->clear = (s->clear > now ? s->clear : now) + (double)(s->out.n - before) / RATE;
}

/* What has changed and waits for longest, of what may be drawn now; NULL: there is none. Notes when the others may be.
 */
static struct held *
next_changed(struct ui_sent *s, const struct ui_canvas *c, double now, int *at)
{
	struct held *best = NULL;

	for (int k = 0; k < c->ninlays; k++) {
		struct held *h = s->of[k];
		double next = h->live != 0 ? s->live_next : h->next;
		double when = s->clear > next && (h->live == 0 || !s->paid) ? s->clear : next;
		uint64_t hash;

		if (!changes(&c->inlay[k]) || !h->sent || (s->due >= 0 && when > now && s->due <= when))
			continue;
		hash = ui_inlay_hash(&c->inlay[k], c);
		if (hash == h->hash)
			continue;
		if (when > now)
			s->due = s->due < 0 || when < s->due ? when : s->due;
		else if (best == NULL || h->drawn < best->drawn) {
			best = h;
			*at = k;
		}
	}
	if (best != NULL)
		best->hash = ui_inlay_hash(&c->inlay[*at], c);
	return best;
}

const char *
ui_sent_take(struct ui_sent *s, const struct ui_canvas *c, double now, size_t *n)
{
	struct held *h;
	int k;

	s->out.n = 0;
	s->live_took = 0;
	s->paid = s->clear <= now;
	for (k = 0; k < c->ninlays; k++) /* what is not there at all does not wait */
		if (!s->of[k]->sent) {
			if (changes(&c->inlay[k]))
				s->of[k]->hash = ui_inlay_hash(&c->inlay[k], c);
			send(s, s->of[k], &c->inlay[k], c, now);
		}
	do {
		s->due = -1;
		h = next_changed(s, c, now, &k);
		if (h != NULL)
			send(s, h, &c->inlay[k], c, now);
	} while (h != NULL);
	if (s->live_took > 0)
		s->live_next = now + rest(s->live_took);
	*n = s->out.n;
	return s->out.n > 0 ? s->out.text : "";
}

double
ui_sent_due(const struct ui_sent *s, double now)
{
	return s->due < 0 ? -1 : s->due > now ? s->due - now : 0;
}

/* ---- leaving ---- */

void
ui_sent_forget(struct ui_sent *s)
{
	for (struct held *h = s->held; h < s->held + UI_INLAYS; h++)
		h->sent = false;
}

const char *
ui_sent_mend(struct ui_sent *s)
{
	s->out.n = 0;
	ui_kitty_mend(&s->out);
	return s->out.text;
}

const char *
ui_sent_delete(struct ui_sent *s)
{
	s->out.n = 0;
	ui_kitty_mend(&s->out);
	for (int k = 0; k < UI_INLAYS; k++)
		if (s->there[k])
			ui_kitty_delete(&s->out, id_of(s, &s->held[k]));
	memset(s->there, 0, sizeof s->there);
	ui_sent_forget(s);
	return s->out.text;
}

void
ui_sent_range(const struct ui_sent *s, char *out, size_t size)
{
	struct ui_kitty k = {.tmux = s->out.tmux};

	ui_kitty_mend(&k);
	ui_kitty_delete_range(&k, s->group << 24 | FIRST, s->group << 24 | (FIRST + UI_INLAYS - 1));
	snprintf(out, size, "%s", k.text);
	free(k.text);
}
