/* compared.c: means, standard errors and paired differences of a comparison. */
#include "past/compared.h"

#include "util/num.h"
#include "util/xmalloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct estimate
estimate_difference(const double *value, const double *from, int n)
{
	double sum = 0, squares = 0;

	for (int i = 0; i < n; i++)
		sum += value[i] - (from != NULL ? from[i] : 0);
	for (int i = 0; i < n; i++) {
		double d = value[i] - (from != NULL ? from[i] : 0) - sum / n;

		squares += d * d;
	}
	return (struct estimate){n, n > 0 ? sum / n : NAN, n > 1 ? sqrt(squares / (n - 1) / n) : NAN};
}

struct estimate
estimate_of(const double *value, int n)
{
	return estimate_difference(value, NULL, n);
}

static int
compared_partner(const struct compared *c, int of, const char *mode)
{
	int first = of;

	for (int i = c->n - 1; i >= 0; i--) {
		if (c->row[i].limit != c->row[of].limit)
			continue;
		if (strcmp(c->row[i].mode, mode) == 0)
			return i;
		first = i;
	}
	return first;
}

/* Moves the values to the front that are there, of both rows where there is another; their number. */
static int
compared_values(const struct compared *c, const struct compared_row *r, const struct compared_row *other,
    const double *from, double *to)
{
	int n = 0;

	for (int i = 0; i < c->seeds; i++)
		if ((r->missing == NULL || !r->missing[i]) && (other == NULL || other->missing == NULL ||
		    !other->missing[i]))
			to[n++] = from[i];
	return n;
}

void
compared_estimate(struct compared *c, const char *against)
{
	double *value = xcalloc((size_t)c->seeds, sizeof *value), *from = xcalloc((size_t)c->seeds, sizeof *from);
	int n;

	for (int i = 0; i < c->n; i++) {
		struct compared_row *r = &c->row[i], *other;

		r->values = compared_values(c, r, NULL, r->accuracy, value);
		r->of_accuracy = estimate_of(value, r->values);
		compared_values(c, r, NULL, r->loss, value);
		r->of_loss = estimate_of(value, r->values);
		if (against != NULL)
			r->against = compared_partner(c, i, against);
		other = &c->row[r->against];
		n = compared_values(c, r, other, r->accuracy, value);
		compared_values(c, r, other, other->accuracy, from);
		r->gain = estimate_difference(value, from, n);
	}
	free(value);
	free(from);
}

/* Parts a row's name at the next comma that stands outside quotes: what is in front of it, without the blanks around
 * it, of the length *n. Returns what is behind it; NULL: nothing. */
static const char *
name_part(const char **at, size_t *n)
{
	const char *end = *at;

	for (bool quoted = false; *end != '\0' && (*end != ',' || quoted); end++) {
		if (*end == '\\' && quoted && end[1] != '\0')
			end++;
		else if (*end == '"')
			quoted = !quoted;
	}
	*at += strspn(*at, " ");
	*n = *at < end ? (size_t)(end - *at) : 0;
	while (*n > 0 && (*at)[*n - 1] == ' ')
		--*n;
	return *end == ',' ? end + 1 : NULL;
}

/* "lr=1" and "lr = 1.0" */
static bool
name_part_alike(const char *a, size_t na, const char *b, size_t nb)
{
	char *one = xstrndup(a, na), *other = xstrndup(b, nb), *value[2] = {strchr(one, '='), strchr(other, '=')};
	bool alike = strcmp(one, other) == 0;
	double x, y;

	if (!alike && value[0] != NULL && value[1] != NULL) {
		size_t key[2] = {(size_t)(value[0] - one), (size_t)(value[1] - other)};

		for (int i = 0; i < 2; i++) {
			for (value[i]++; *value[i] == ' ';)
				value[i]++;
			while (key[i] > 0 && (i == 0 ? one : other)[key[i] - 1] == ' ')
				key[i]--;
		}
		alike = key[0] == key[1] && memcmp(one, other, key[0]) == 0 && (strcmp(value[0], value[1]) == 0 ||
		    (num_read_real(value[0], &x) == NUM_OK && num_read_real(value[1], &y) == NUM_OK && x == y));
	}
	free(one);
	free(other);
	return alike;
}

static bool
name_alike(const char *a, const char *b)
{
	bool alike = true;

	while (alike && a != NULL && b != NULL) {
		const char *one = a, *other = b;
		size_t n, m;

		a = name_part(&one, &n);
		b = name_part(&other, &m);
		alike = name_part_alike(one, n, other, m);
	}
	return alike && a == b; /* both are NULL: at their ends */
}

const struct compared_row *
compared_find(const struct compared *c, const char *mode, size_t limit)
{
	for (int i = c->n - 1; i >= 0; i--)
		if (strcmp(c->row[i].mode, mode) == 0 && (limit == 0 || c->row[i].limit == limit))
			return &c->row[i];
	for (int i = c->n - 1; i >= 0; i--)
		if (name_alike(c->row[i].mode, mode) && (limit == 0 || c->row[i].limit == limit))
			return &c->row[i];
	return NULL;
}

/* Whether a row's name has each part of the other one. */
static bool
name_has(const char *name, const char *parts)
{
	bool has = true;

	while (has && parts != NULL) {
		const char *part = parts, *rest = name;
		size_t n, m;

		parts = name_part(&part, &n);
		for (has = false; !has && rest != NULL;) {
			const char *one = rest;

			rest = name_part(&one, &m);
			has = name_part_alike(one, m, part, n);
		}
	}
	return has;
}

const struct compared_row *
compared_having(const struct compared *c, const char *settings, int *n)
{
	const struct compared_row *found = NULL;

	*n = 0;
	for (int i = 0; i < c->n; i++)
		if (name_has(c->row[i].mode, settings)) {
			found = &c->row[i];
			++*n;
		}
	return found;
}

void
compared_free(struct compared *c)
{
	for (int i = 0; i < c->n; i++) {
		free(c->row[i].accuracy);
		free(c->row[i].loss);
		free(c->row[i].missing);
	}
	free(c->row);
	free(c->asked);
	free(c->table);
	free(c->json);
	*c = (struct compared){0};
}
