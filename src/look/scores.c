/* scores.c: precision, recall and F1 of each class. */
#include "look/scores.h"

#include "look/sheet.h"
#include "util/xmalloc.h"

#include <stdlib.h>

static double
ratio(uint64_t a, uint64_t b)
{
	return b > 0 ? (double)a / (double)b : 0;
}

void
scores_of(const struct split *split, const struct selection *sel, const float *probs, int classes,
    struct class_score *score)
{
	int units = split_units(split) > classes ? split_units(split) : classes;
	struct { uint64_t predicted, hit, actual; } *of = xcalloc((size_t)units, sizeof *of), *u;

	for (size_t i = 0; i < sel->set.count; i++) {
		const float *p = probs + i * (size_t)classes;
		int best = sheet_best(p, classes);

		of[best].predicted++;
		of[sel->unit[i]].actual++;
		of[best].hit += best == sel->unit[i];
	}
	for (int i = 0; i < split_count(split); i++) {
		struct class_score *c = &score[i];

		u = &of[split_unit(split, split_nth(split, i))];
		c->precision = ratio(u->hit, u->predicted);
		c->recall = ratio(u->hit, u->actual);
		c->f1 = c->precision + c->recall > 0 ? 2 * c->precision * c->recall / (c->precision + c->recall) : 0;
		c->support = u->actual;
	}
	free(of);
}
