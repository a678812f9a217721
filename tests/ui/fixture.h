/* fixture.h: a made-up model with everything a screen can show; the same numbers each time, no training needed. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "ui/ui.h"

enum fixture_state {
	FIXTURE_EMPTY, /* nothing done yet */
	FIXTURE_FIRST, /* the first epoch of the first run */
	FIXTURE_SECOND, /* the second run, features frozen, commands waiting */
	FIXTURE_DONE,
};

void fixture_fill(struct ui_model *m, enum fixture_state state);
void fixture_rates(struct ui_chart *c); /* a loss against a learning rate, one of which is marked */

/* A confusion of n digits from `base`. */
void fixture_matrix(struct ui_matrix *m, int n, int base, int wrong);

struct ui_view;
/* A screen as text, without colours, good until the next one. */
const char *fixture_drawn(int cols, int rows, const struct ui_model *m, struct ui_view *v);

#endif
