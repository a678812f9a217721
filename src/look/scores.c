/* scores.c: precision, recall and F1 of each class. */
#include "look/scores.h"

#include "look/sheet.h"

static double
ratio(uint64_t a, uint64_t b)
{
	return b > 0 ? (double)a / (double)b : 0;
}

void
scores_of(const struct split *split, const struct selection *sel, const float *probs, int classes,
    struct class_score *score)
{
	uint64_t predicted[256] = {0}, hit[256] = {0}, actual[256] = {0};

	for (size_t i = 0; i < sel->set.count; i++) {
		const float *p = probs + i * (size_t)classes;
		int best = sheet_best(p, classes);

		if (best < 256) /* units beyond are no digit of any split */
			predicted[best]++;
		actual[sel->unit[i]]++;
		hit[sel->unit[i]] += best == sel->unit[i];
	}
	for (int i = 0; i < split_count(split); i++) {
		struct class_score *c = &score[i];
		int u = split_unit(split, split_nth(split, i));

		c->precision = ratio(hit[u], predicted[u]);
		c->recall = ratio(hit[u], actual[u]);
		c->f1 = c->precision + c->recall > 0 ? 2 * c->precision * c->recall / (c->precision + c->recall) : 0;
		c->support = actual[u];
	}
}
