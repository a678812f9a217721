/* figures.c: an array of numbers in a few figures, and its histogram. */
#include "look/figures.h"

#include <math.h>
#include <string.h>

/* The bin that a value belongs to by the edges, whatever the division says. */
static int
figures_bin(const struct figures *f, double x)
{
	double low = f->edge[0], width = f->edge[FIGURES_BINS] - low;
	int b = (int)((x - low) / width * FIGURES_BINS);

	b = b < 0 ? 0 : b < FIGURES_BINS ? b : FIGURES_BINS - 1;
	while (b > 0 && x < f->edge[b])
		b--;
	while (b < FIGURES_BINS - 1 && x >= f->edge[b + 1])
		b++;
	return b;
}

static void
figures_edges(struct figures *f)
{
	double half = f->min == f->max ? 0.5 : 0, low = f->min - half, high = f->max + half;

	for (int b = 0; b < FIGURES_BINS; b++)
		f->edge[b] = low + (high - low) / FIGURES_BINS * b;
	f->edge[FIGURES_BINS] = high;
}

void
figures_of(struct figures *f, const float *x, size_t n)
{
	double sum = 0, squares = 0, finite;

	memset(f, 0, sizeof *f);
	f->count = n;
	f->min = INFINITY;
	f->max = -INFINITY;
	for (size_t i = 0; i < n; i++) {
		if (!isfinite(x[i])) {
			f->nonfinite++;
			continue;
		}
		f->zeros += x[i] == 0;
		f->min = x[i] < f->min ? x[i] : f->min;
		f->max = x[i] > f->max ? x[i] : f->max;
		sum += x[i];
	}
	finite = (double)(n - f->nonfinite);
	if (finite == 0) {
		f->min = f->max = f->mean = f->std = NAN;
		return;
	}
	f->mean = sum / finite;
	figures_edges(f);
	for (size_t i = 0; i < n; i++)
		if (isfinite(x[i])) {
			squares += (x[i] - f->mean) * (x[i] - f->mean);
			f->bin[figures_bin(f, x[i])]++;
		}
	f->zero_bin = f->zeros > 0 ? figures_bin(f, 0) : 0;
	f->std = sqrt(squares / finite);
}
