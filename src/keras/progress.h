/* progress.h: the lines that Keras prints while it trains, made of a snapshot of numbers. The caller reads the clock:
 *
 *     progress_pace_begin(&p.pace, now());
 *     and after each step:
 *     if (progress_pace_step(&p.pace, now(), p.step, p.step == p.steps))
 *         show(progress_line(&p, &style));
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_METRICS_MAX 8

/* When things happened, in seconds of any clock that does not run backwards. */
struct progress_pace {
	double start; /* of the epoch */
	double after_first; /* when its first step was done; NAN before */
	double last; /* of the last line shown; -INFINITY before */
	double now;
	uint32_t from; /* steps that were done before it began: of an epoch that is gone on with */
};

void progress_pace_begin(struct progress_pace *p, double now);
void progress_pace_halt(struct progress_pace *p, double seconds); /* so long nothing was done: it does not count */
/* To be called after each step (1..). True when a line is due: at most one each 0.05 s, the final one always. */
bool progress_pace_step(struct progress_pace *p, double now, uint32_t step, bool final);
/* Seconds a step; the first one is left out of the average as soon as there is a second. */
double progress_pace_unit(const struct progress_pace *p, uint32_t step);

/* How far many trials are: "7 of 18 trials, 1m left"; left: seconds, NAN where they are not known. */
char *progress_trials(char buf[96], int done, int trials, double left);
char *progress_left(char buf[32], double seconds); /* the time that is left, as a line has it: 41s, 2:05, 1:00:00 */

struct progress_metric {
	const char *name; /* "loss", "val_accuracy" */
	double value;
};

struct progress {
	uint32_t step, steps; /* done, of an epoch */
	bool final; /* the epoch's last line: time spent in place of time left */
	struct progress_pace pace;
	int n;
	struct progress_metric metric[PROGRESS_METRICS_MAX]; /* in any order; they are shown in alphabetical order */
};

struct progress_style {
	int verbose; /* 0: no text; 1: a bar; 2: a line when final */
	bool utf8; /* false: '=' for the bar's cells */
	bool colour; /* with Keras' escapes; without, the undone part of the bar is spaces */
	bool timing; /* false: without the figures that depend on the clock */
	int width; /* columns at most: the bar is shortened, then the line cut; 0: as Keras prints it */
};

/* One line without '\n', the caller's to free; NULL where this style shows nothing (verbose 0; verbose 2 before the
 * end). */
char *progress_line(const struct progress *p, const struct progress_style *st);

char *progress_number(char buf[32], double v); /* "%.4f", or "%.4e" at or below 1e-3 */
char *progress_epoch(char buf[48], int epoch, int epochs); /* "Epoch 1/5" */

#endif
