/* split.c: splits of the digits, and the images of a part that belong to one. */
#include "data/split.h"

#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 10

static int
split_error(struct err *e, const char *text)
{
	return fail(e, "no split \"%.40s\" (splits: all, ltN and gteN with N from 1 to 9, 5-9, digits=0-2,5,8 with "
	    "each digit once)", text);
}

/* "0-2,5,8" as a set of digits; 0 when it is not one, or names a digit twice. */
static uint32_t
digit_list(const char *p)
{
	uint32_t set = 0;

	for (;; p++) {
		int from = *p, to = from;

		if (from >= '0' && p[1] == '-') {
			p += 2;
			to = *p;
		}
		if (from < '0' || from > to || to > '9')
			return 0;
		for (int d = from - '0'; d <= to - '0'; d++) {
			if (set & 1u << d)
				return 0;
			set |= 1u << d;
		}
		if (*++p == '\0')
			return set;
		if (*p != ',')
			return 0;
	}
}

/* A choice that lt, gte or all also mean has that name. */
static const char *
digit_range(const char *text, char name[8])
{
	int from, to;

	if (text[0] < '0' || text[0] > '9' || text[1] != '-' || text[2] < text[0] || text[2] > '9' || text[3] != '\0')
		return text;
	from = text[0] - '0';
	to = text[2] - '0';
	if (from == 0 && to == 9)
		strcpy(name, "all");
	else if (from == 0)
		snprintf(name, 8, "lt%d", to + 1);
	else if (to == 9)
		snprintf(name, 8, "gte%d", from);
	else
		return text;
	return name;
}

int
split_parse(const char *text, struct split *out, struct err *e)
{
	const char *n = NULL;
	struct split s = {.kind = SPLIT_NONE};
	char *p, name[8];

	text = digit_range(text, name);
	if (strcmp(text, "all") == 0) {
		s.kind = SPLIT_ALL;
		s.digits = (1u << DIGITS) - 1;
	} else if (strncmp(text, "lt", 2) == 0) {
		s.kind = SPLIT_LT;
		n = text + 2;
	} else if (strncmp(text, "gte", 3) == 0) {
		s.kind = SPLIT_GTE;
		n = text + 3;
	} else if (strncmp(text, "digits=", 7) == 0 || (text[0] != '\0' && text[1] == '-')) {
		if ((s.digits = digit_list(text[1] == '-' ? text : text + 7)) == 0)
			return split_error(e, text);
		s.kind = SPLIT_DIGITS;
	} else
		return split_error(e, text);
	if (n != NULL) {
		if (n[0] < '1' || n[0] > '9' || n[1] != '\0')
			return split_error(e, text);
		s.digits = (1u << (n[0] - '0')) - 1;
		if (s.kind == SPLIT_GTE)
			s.digits ^= (1u << DIGITS) - 1;
	}
	if (s.kind == SPLIT_DIGITS) { /* sorted, so that one choice has one name */
		p = stpcpy(s.name, "digits=");
		for (int d = 0; d < DIGITS; d++)
			if (s.digits & 1u << d)
				p += sprintf(p, "%s%d", p[-1] == '=' ? "" : ",", d);
	} else
		snprintf(s.name, sizeof s.name, "%s", text);
	*out = s;
	return 0;
}

int
split_count(const struct split *s)
{
	return __builtin_popcount(s->digits);
}

int
split_units(const struct split *s)
{
	return s->by_digit ? split_nth(s, split_count(s) - 1) + 1 : split_count(s);
}

int
split_nth(const struct split *s, int i)
{
	if (i >= 0)
		for (int d = 0; d < DIGITS; d++)
			if (s->digits & 1u << d && i-- == 0)
				return d;
	return -1;
}

int
split_digit(const struct split *s, int unit)
{
	return !s->by_digit ? split_nth(s, unit) : unit < DIGITS ? unit : -1;
}

/* The place of a digit among those of the split, -1. */
static int
digit_place(const struct split *s, int digit)
{
	if (digit < 0 || digit >= DIGITS || !(s->digits & 1u << digit))
		return -1;
	return __builtin_popcount(s->digits & ((1u << digit) - 1));
}

int
split_place(const struct split *s, int unit)
{
	return digit_place(s, split_digit(s, unit));
}

int
split_unit(const struct split *s, int digit)
{
	int place = digit_place(s, digit);

	return place >= 0 && s->by_digit ? digit : place;
}

bool
split_same(const struct split *a, const struct split *b)
{
	return a->digits == b->digits && a->by_digit == b->by_digit;
}

bool
split_speaks(const struct split *a, const struct split *b)
{
	return a->by_digit == b->by_digit && (a->by_digit || a->digits == b->digits);
}

char *
split_mapping(const struct split *s)
{
	char digits[32] = "", *p = digits;
	int n = split_count(s), first = split_nth(s, 0);

	if (n == 0)
		return xstrdup("no digits");
	if (n == 1)
		return xasprintf("digit %d -> unit %d", first, split_unit(s, first));
	if (split_nth(s, n - 1) - first == n - 1)
		p += sprintf(p, "%d-%d", first, first + n - 1);
	else
		for (int i = 0; i < n; i++)
			p += sprintf(p, "%s%d", i > 0 ? "," : "", split_nth(s, i));
	return s->by_digit ? xasprintf("digits %s -> units %s", digits, digits) :
	    xasprintf("digits %s -> units 0-%d", digits, n - 1);
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
	int unit[256];

	memset(sel, 0, sizeof *sel);
	for (int d = 0; d < 256; d++)
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
	sel->unit = malloc(n);
	if (sel->index == NULL || sel->unit == NULL || (take.drawn && drawn == NULL)) {
		free(drawn);
		selection_free(sel);
		return fail(e, "not enough memory for a list of %zu images; close other programs", n);
	}
	for (size_t i = 0; k < n; i++)
		if (unit[part->label[i]] >= 0 && (drawn == NULL || drawn[at++])) {
			sel->index[k] = (uint32_t)i;
			sel->unit[k++] = (uint8_t)unit[part->label[i]];
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
