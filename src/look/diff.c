/* diff.c: how far the weights of a layer have moved between two points. */
#include "look/diff.h"

#include "util/sha256.h"

#include <math.h>
#include <string.h>

void
diff_layer(const struct nn_layer *l, const float *a, const float *b, struct layer_diff *d)
{
	*d = (struct layer_diff){0};
	for (size_t i = l->offset; i < l->offset + l->params; i++) {
		double change = fabs((double)b[i] - (double)a[i]);

		if (memcmp(&a[i], &b[i], sizeof *a) == 0) {
			d->still += i < l->tensor[0].offset + l->tensor[0].count;
			continue;
		}
		d->changed++;
		if (!(change <= d->max)) /* true for NaN too, which then stays */
			d->max = isnan(d->max) ? d->max : change;
	}
	sha256_hex(a + l->offset, l->params * sizeof *a, d->sha[0]);
	sha256_hex(b + l->offset, l->params * sizeof *b, d->sha[1]);
}
