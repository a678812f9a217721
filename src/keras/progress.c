/* progress.c: Keras' progress lines from numbers.
 *
 *     117/230 ━━━━━━━━━━━━━━━━━━━━ 2s 21ms/step - accuracy: 0.8555 - loss: 0.4321
 * Given the same numbers and clock, the bytes are those of Progbar in Keras 3. Exception: without colour the part of
 * the bar that is not done yet is spaces, since one glyph in one colour could not tell it from the other.
 */
#include "keras/progress.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTERVAL 0.05 /* seconds between two lines */
#define CELLS 20 /* of the bar */

void
progress_pace_begin(struct progress_pace *p, double now)
{
	p->start = now;
	p->after_first = NAN;
	p->last = -INFINITY;
	p->now = now;
	p->from = 0;
}

void
progress_pace_halt(struct progress_pace *p, double seconds)
{
	p->start += seconds;
	p->after_first += seconds;
	p->last += seconds;
}

bool
progress_pace_step(struct progress_pace *p, double now, uint32_t step, bool final)
{
	p->now = now;
	if (step == p->from + 1 && isnan(p->after_first))
		p->after_first = now;
	if (now - p->last < INTERVAL && !final)
		return false;
	p->last = now;
	return true;
}

double
progress_pace_unit(const struct progress_pace *p, uint32_t step)
{
	if (step <= p->from)
		return 0;
	step -= p->from;
	if (step > 1 && !isnan(p->after_first))
		return (p->now - p->after_first) / (step - 1);
	return (p->now - p->start) / step;
}

/* ---- pieces ---- */

char *
progress_number(char buf[32], double v)
{
	if (isnan(v))
		return strcpy(buf, "nan");
	if (isinf(v))
		return strcpy(buf, v < 0 ? "-inf" : "inf");
	if (fabs(v) > 1e-3 && fabs(v) < 1e25)
		snprintf(buf, 32, "%.4f", v);
	else
		snprintf(buf, 32, "%.4e", v);
	return buf;
}

char *
progress_epoch(char buf[48], int epoch, int epochs)
{
	snprintf(buf, 48, "Epoch %d/%d", epoch, epochs);
	return buf;
}

static void
put_unit(struct str *b, double seconds, const char *unit)
{
	if (seconds >= 1 || seconds == 0)
		str_add(b, " %.0fs/%s", seconds, unit);
	else if (seconds >= 1e-3)
		str_add(b, " %.0fms/%s", seconds * 1e3, unit);
	else
		str_add(b, " %.0fus/%s", seconds * 1e6, unit);
}

char *
progress_left(char buf[32], double seconds)
{
	long t = seconds > 0 ? (long)fmin(seconds, 1e9) : 0;

	if (seconds > 3600)
		snprintf(buf, 32, "%ld:%02ld:%02ld", t / 3600, t % 3600 / 60, t % 60);
	else if (seconds > 60)
		snprintf(buf, 32, "%ld:%02ld", t / 60, t % 60);
	else
		snprintf(buf, 32, "%lds", t);
	return buf;
}

char *
progress_trials(char buf[96], int done, int trials, double left)
{
	char time[48] = "";
	long t = isfinite(left) && done < trials ? (long)fmin(fmax(ceil(left), 1), 1e9) : 0, minutes = (t + 30) / 60;

	if (t > 0 && t < 60)
		snprintf(time, sizeof time, ", %lds left", t);
	else if (t > 0 && minutes < 60)
		snprintf(time, sizeof time, ", %ldm left", minutes);
	else if (t > 0)
		snprintf(time, sizeof time, ", %ldh %02ldm left", minutes / 60, minutes % 60);
	snprintf(buf, 96, "%d of %d trial%s%s", done, trials, trials == 1 ? "" : "s", time);
	return buf;
}

static void
put_count(struct str *b, const struct progress *p)
{
	str_add(b, "%*u/%u", snprintf(NULL, 0, "%u", p->steps), p->step, p->steps);
}

/* In alphabetical order, as Keras has them. */
static void
put_metrics(struct str *b, const struct progress *p)
{
	int order[PROGRESS_METRICS_MAX], n = 0;
	char buf[32];

	for (int i = 0; i < p->n && i < PROGRESS_METRICS_MAX; i++) {
		int at = n++;

		while (at > 0 && strcmp(p->metric[order[at - 1]].name, p->metric[i].name) > 0) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
	for (int i = 0; i < n; i++)
		str_add(b, " - %s: %s", p->metric[order[i]].name, progress_number(buf, p->metric[order[i]].value));
}

/* The product is taken in this order, in floating point, since that decides which cell a step falls in. */
static int
cells_done(const struct progress *p, int cells)
{
	double part = p->steps ? (double)p->step / p->steps : 1;
	int done = (int)(cells * part);

	return done < 0 ? 0 : done > cells ? cells : done;
}

static void
put_repeat(struct str *b, const char *s, int n)
{
	while (n-- > 0)
		str_add(b, "%s", s);
}

/* ---- lines ---- */

static void
put_bar(struct str *b, const struct progress *p, const struct progress_style *st, int cells)
{
	const char *bold = st->colour ? "\033[1m" : "", *green = st->colour ? "\033[32m" : "";
	const char *white = st->colour ? "\033[37m" : "", *off = st->colour ? "\033[0m" : "";
	const char *cell = st->utf8 ? "━" : "=";
	int done = cells_done(p, cells);

	str_add(b, "%s", bold);
	put_count(b, p);
	str_add(b, "%s ", off);
	if (done > 0) {
		str_add(b, "%s", green);
		put_repeat(b, cell, done);
		str_add(b, "%s", off);
	}
	str_add(b, "%s", white);
	put_repeat(b, st->colour ? cell : " ", cells - done);
	str_add(b, "%s", off);
	if (st->timing) {
		double unit = progress_pace_unit(&p->pace, p->step);
		char left[32];

		str_add(b, " %s", bold);
		if (p->final)
			str_add(b, "%.0fs", p->pace.now - p->pace.start);
		else
			str_add(b, "%s", progress_left(left, unit * (p->steps - p->step)));
		str_add(b, "%s", off);
		put_unit(b, unit, "step");
	}
	put_metrics(b, p);
}

static void
put_line(struct str *b, const struct progress *p, const struct progress_style *st)
{
	put_count(b, p);
	if (st->timing) {
		str_add(b, " - %.0fs -", p->pace.now - p->pace.start);
		put_unit(b, progress_pace_unit(&p->pace, p->step), "step");
	}
	put_metrics(b, p);
}

static char *
line_text(const struct progress *p, const struct progress_style *st, int cells)
{
	struct str b = {0};

	if (st->verbose == 2)
		put_line(&b, p, st);
	else
		put_bar(&b, p, st, cells);
	return b.s;
}

/* How many columns a line takes, escapes apart. *cut: where the column `width` begins; NULL: there is none. */
static int
line_columns(char *s, int width, char **cut)
{
	int n = 0;

	*cut = NULL;
	for (bool escape = false; *s != '\0'; s++) {
		if (escape || *s == '\033')
			escape = *s != 'm';
		else if ((*s & 0xc0) != 0x80 && n++ == width)
			*cut = s;
	}
	return n;
}

char *
progress_line(const struct progress *p, const struct progress_style *st)
{
	char *line, *cut;
	int over;

	if (st->verbose == 0 || (st->verbose == 2 && !p->final))
		return NULL;
	line = line_text(p, st, CELLS);
	if (st->width <= 0 || (over = line_columns(line, st->width, &cut) - st->width) <= 0)
		return line;
	if (p->final && over >= CELLS) /* the figures of an epoch are not cut */
		return line;
	free(line);
	line = line_text(p, st, over < CELLS ? CELLS - over : 0);
	line_columns(line, st->width, &cut);
	if (cut == NULL)
		return line;
	*cut = '\0';
	cut = xasprintf("%s%s", line, st->colour ? "\033[0m" : "");
	free(line);
	return cut;
}
