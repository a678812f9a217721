/* split.c: splits of the classes, and the images of a part that belong to one. */
#include "data/split.h"

#include <stdlib.h>
#include <string.h>

bool
split_has(const struct split *s, int label)
{
	return label >= 0 && label < DATASET_CLASSES_MAX && (s->set[label / 64] >> label % 64 & 1) != 0;
}

/* Labels of the split below this one. */
static int
count_below(const struct split *s, int label)
{
	int n = 0;

	for (int i = 0; i < label / 64; i++)
		n += __builtin_popcountll(s->set[i]);
	return label % 64 == 0 ? n : n + __builtin_popcountll(s->set[label / 64] & ((1ull << label % 64) - 1));
}

int
split_count(const struct split *s)
{
	return count_below(s, DATASET_CLASSES_MAX);
}

int
split_units(const struct split *s)
{
	return s->by_digit ? split_nth(s, split_count(s) - 1) + 1 : split_count(s);
}

int
split_nth(const struct split *s, int i)
{
	int word = 0, words = (int)(sizeof s->set / sizeof *s->set), n;

	for (; i >= 0 && word < words && i >= (n = __builtin_popcountll(s->set[word])); word++)
		i -= n;
	if (i < 0 || word == words)
		return -1;
	for (int d = word * 64; ; d++)
		if (split_has(s, d) && i-- == 0)
			return d;
}

int
split_digit(const struct split *s, int unit)
{
	return !s->by_digit ? split_nth(s, unit) : unit < s->top ? unit : -1;
}

int
split_rank(const struct split *s, int label)
{
	return split_has(s, label) ? count_below(s, label) : -1;
}

int
split_place(const struct split *s, int unit)
{
	return split_rank(s, split_digit(s, unit));
}

int
split_unit(const struct split *s, int digit)
{
	int place = split_rank(s, digit);

	return place >= 0 && s->by_digit ? digit : place;
}

bool
split_alike(const struct split *a, const struct split *b)
{
	return memcmp(a->set, b->set, sizeof a->set) == 0;
}

bool
split_same(const struct split *a, const struct split *b)
{
	return split_alike(a, b) && a->by_digit == b->by_digit;
}

bool
split_speaks(const struct split *a, const struct split *b)
{
	for (int label = 0; label < b->top; label++)
		if (split_has(b, label) && split_digit(a, split_unit(b, label)) != label)
			return false;
	return true;
}

const char *
split_word(const struct split *s, int n)
{
	return s->named ? n == 1 ? "class" : "classes" : n == 1 ? "digit" : "digits";
}

/* Marks `limit` of n by a permutation that the seed gives. */
static uint8_t *
selection_drawn(size_t n, struct selection_take take)
{
	uint32_t *order = malloc(n * sizeof *order);
	uint8_t *drawn = calloc(n, 1);

	if (order != NULL && drawn != NULL) {
		nn_shuffle(take.seed, UINT32_MAX, order, n); /* an epoch that no run has */
		for (size_t i = 0; i < take.limit; i++)
			drawn[order[i]] = 1;
	} else {
		free(drawn);
		drawn = NULL;
	}
	free(order);
	return drawn;
}

int
selection_make(struct selection *sel, const struct part *part, const struct split *s, size_t limit, struct err *e)
{
	return selection_taken(sel, part, s, (struct selection_take){.limit = limit}, e);
}

int
selection_taken(struct selection *sel, const struct part *part, const struct split *s, struct selection_take take,
    struct err *e)
{
	uint8_t *drawn = NULL;
	size_t n = 0, count = part->images.count, k = 0, at = 0;
	int unit[DATASET_CLASSES_MAX];

	memset(sel, 0, sizeof *sel);
	for (int d = 0; d < DATASET_CLASSES_MAX; d++)
		unit[d] = split_unit(s, d);
	for (size_t i = 0; i < count; i++)
		n += unit[part->label[i]] >= 0;
	if (n == 0)
		return fail(e, "none of the %zu images belongs to %s; `data info` shows which labels there are", count,
		    s->name);
	take.drawn = take.drawn && take.limit > 0 && take.limit < n;
	if (take.drawn)
		drawn = selection_drawn(n, take);
	if (take.limit > 0 && n > take.limit)
		n = take.limit;
	sel->index = malloc(n * sizeof *sel->index);
	sel->unit = malloc(n * sizeof *sel->unit);
	if (sel->index == NULL || sel->unit == NULL || (take.drawn && drawn == NULL)) {
		free(drawn);
		selection_free(sel);
		return fail_memory(e, "not enough memory for a list of %zu images", n);
	}
	for (size_t i = 0; k < n; i++)
		if (unit[part->label[i]] >= 0 && (drawn == NULL || drawn[at++])) {
			sel->index[k] = (uint32_t)i;
			sel->unit[k++] = (uint16_t)unit[part->label[i]];
		}
	free(drawn);
	sel->set = (struct nn_set){.images = &part->images, .index = sel->index, .unit = sel->unit, .count = n};
	return 0;
}

void
selection_free(struct selection *sel)
{
	free(sel->index);
	free(sel->unit);
	memset(sel, 0, sizeof *sel);
}
