/* diff.c: how far the weights of a layer have moved between two points. */
#include "look/diff.h"

#include "session/made.h"
#include "session/point.h"
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

int
diff_points(struct session *s, const char *a, const char *b, float *w[2], struct err *e)
{
	struct nn_net *net = session_net(s, e);
	const struct run *last = runs_last(&s->runs);

	if (net == NULL)
		return -1;
	if (a != NULL)
		w[0] = point_weights(s, a, e);
	else if (last == NULL)
		return fail(e, "nothing to compare with yet; `train gte5`, or `diff init` for the weights that the "
		    "seed gave");
	else if (last->before == NULL || last->params != nn_net_params(net))
		return fail(e, "the weights before r%d are not kept: the model has changed since, or was loaded; `diff "
		    "init` and `diff @NAME` compare with others", last->number);
	else
		w[0] = weights_block(last->before, e);
	if (w[0] != NULL)
		w[1] = point_weights(s, b, e);
	return w[0] != NULL && w[1] != NULL ? 0 : -1;
}
