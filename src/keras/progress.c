/* progress.c: Keras' progress lines from numbers.
 *
 * Keras 3:  117/230 ━━━━━━━━━━━━━━━━━━━━ 2s 21ms/step - accuracy: 0.8555 - loss: 0.4321
 * Keras 2:  117/230 [==============>...............] - ETA: 2s - loss: 0.4321 - accuracy: 0.8555
 * Given the same numbers and clock, the bytes are those of Keras' Progbar. Exception: without colour the part of Keras
 * 3's bar that is not done yet is spaces, since one glyph in one colour could not tell it from the other.
 */
#include "keras/progress.h"

#include "util/xmalloc.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define INTERVAL 0.05

#define CELLS_KERAS2 30

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
put_unit(FILE *f, double seconds, const char *unit)
{
	if (seconds >= 1 || seconds == 0)
		fprintf(f, " %.0fs/%s", seconds, unit);
	else if (seconds >= 1e-3)
		fprintf(f, " %.0fms/%s", seconds * 1e3, unit);
	else
		fprintf(f, " %.0fus/%s", seconds * 1e6, unit);
}

static void
put_eta(FILE *f, double seconds)
{
	long t = seconds > 0 ? (long)fmin(seconds, 1e9) : 0;

	if (seconds > 3600)
		fprintf(f, "%ld:%02ld:%02ld", t / 3600, t % 3600 / 60, t % 60);
	else if (seconds > 60)
		fprintf(f, "%ld:%02ld", t / 60, t % 60);
	else
		fprintf(f, "%lds", t);
}

static void
put_count(FILE *f, const struct progress *p)
{
	fprintf(f, "%*u/%u", snprintf(NULL, 0, "%u", p->steps), p->step, p->steps);
}

/* In Keras 3's alphabetical order, or as given. */
static void
put_metrics(FILE *f, const struct progress *p, bool sorted)
{
	int order[PROGRESS_METRICS_MAX], n = 0;
	char buf[32];

	for (int i = 0; i < p->n && i < PROGRESS_METRICS_MAX; i++) {
		int at = n++;

		while (sorted && at > 0 && strcmp(p->metric[order[at - 1]].name, p->metric[i].name) > 0) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
	for (int i = 0; i < n; i++)
		fprintf(f, " - %s: %s", p->metric[order[i]].name, progress_number(buf, p->metric[order[i]].value));
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
put_repeat(FILE *f, const char *s, int n)
{
	while (n-- > 0)
		fputs(s, f);
}

/* ---- Keras 3 ---- */

static void
bar_keras3(FILE *f, const struct progress *p, const struct progress_style *st)
{
	const char *bold = st->colour ? "\033[1m" : "", *green = st->colour ? "\033[32m" : "";
	const char *white = st->colour ? "\033[37m" : "", *off = st->colour ? "\033[0m" : "";
	const char *cell = st->utf8 ? "━" : "=";
	int done = cells_done(p, PROGRESS_CELLS);

	fputs(bold, f);
	put_count(f, p);
	fprintf(f, "%s ", off);
	if (done > 0) {
		fputs(green, f);
		put_repeat(f, cell, done);
		fputs(off, f);
	}
	fputs(white, f);
	put_repeat(f, st->colour ? cell : " ", PROGRESS_CELLS - done);
	fputs(off, f);
	if (st->timing) {
		double unit = progress_pace_unit(&p->pace, p->step);

		fprintf(f, " %s", bold);
		if (p->final)
			fprintf(f, "%.0fs", p->pace.now - p->pace.start);
		else
			put_eta(f, unit * (p->steps - p->step));
		fputs(off, f);
		put_unit(f, unit, "step");
	}
	put_metrics(f, p, true);
}

static void
line_keras3(FILE *f, const struct progress *p, const struct progress_style *st)
{
	put_count(f, p);
	if (st->timing) {
		fprintf(f, " - %.0fs -", p->pace.now - p->pace.start);
		put_unit(f, progress_pace_unit(&p->pace, p->step), "step");
	}
	put_metrics(f, p, true);
}

/* ---- Keras 2 ---- */

static void
bar_keras2(FILE *f, const struct progress *p, const struct progress_style *st)
{
	int done = cells_done(p, CELLS_KERAS2);

	put_count(f, p);
	fputs(" [", f);
	if (done > 0) {
		put_repeat(f, "=", done - 1);
		fputs(p->step < p->steps ? ">" : "=", f);
	}
	put_repeat(f, ".", CELLS_KERAS2 - done);
	fputs("]", f);
	if (st->timing) {
		double unit = progress_pace_unit(&p->pace, p->step);

		if (p->final) {
			fprintf(f, " - %.0fs", p->pace.now - p->pace.start);
			put_unit(f, unit, "step");
		} else {
			fputs(" - ETA: ", f);
			put_eta(f, unit * (p->steps - p->step));
		}
	}
	put_metrics(f, p, false);
}

static void
line_keras2(FILE *f, const struct progress *p, const struct progress_style *st)
{
	double spent = p->pace.now - p->pace.start;

	put_count(f, p);
	if (st->timing)
		fprintf(f, " - %.0fs", spent);
	put_metrics(f, p, false);
	if (st->timing) {
		fputs(" -", f);
		put_unit(f, spent, "epoch");
		fputs(" -", f);
		put_unit(f, p->steps ? spent / p->steps : 0, "step");
	}
}

/* ---- lines ---- */

char *
progress_line(const struct progress *p, const struct progress_style *st)
{
	char *text = NULL;
	size_t size;
	FILE *f;

	if (st->verbose == 0 || (st->verbose == 2 && !p->final))
		return NULL;
	if ((f = open_memstream(&text, &size)) == NULL)
		return xstrdup("");
	if (st->form == PROGRESS_KERAS2)
		(st->verbose == 2 ? line_keras2 : bar_keras2)(f, p, st);
	else
		(st->verbose == 2 ? line_keras3 : bar_keras3)(f, p, st);
	fclose(f);
	return text;
}

int
progress_width(const char *line)
{
	int width = 0;

	for (const char *s = line; *s; s++) {
		if (*s == '\033' && s[1] == '[') {
			for (s += 2; *s && (*s < '@' || *s > '~'); s++)
				;
			if (*s == '\0')
				break;
		} else if ((*s & 0xc0) != 0x80)
			width++;
	}
	return width;
}

char *
progress_frame(const char *line, int *width, bool final)
{
	int before = *width, now = progress_width(line), pad = before > now ? before - now : 0;
	size_t n = strlen(line);
	char *text = xmalloc((size_t)before + 1 + n + (size_t)pad + 2), *s = text;

	memset(s, '\b', (size_t)before);
	s += before;
	*s++ = '\r';
	memcpy(s, line, n);
	s += n;
	memset(s, ' ', (size_t)pad);
	s += pad;
	if (final)
		*s++ = '\n';
	*s = '\0';
	*width = final ? 0 : now;
	return text;
}
