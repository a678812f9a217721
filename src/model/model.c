/* model.c: the session's model, replaced and let go of. */
#include "model/model.h"

#include "model/plan.h"

#include <stdio.h>
#include <stdlib.h>

void
model_set(struct model *m, struct nn_net *net, int features, uint64_t seed, uint64_t asked)
{
	model_free(m);
	*m = (struct model){.net = net, .features = features, .build = plan_net_text(net, features), .seed = seed,
	    .asked = asked};
}

void
model_free(struct model *m)
{
	nn_net_free(m->net);
	free(m->build);
	*m = (struct model){0};
}

bool
model_is_feature(const struct model *m, int layer)
{
	return layer < m->features;
}

const char *
model_group(const struct model *m, int layer)
{
	return model_is_feature(m, layer) ? "features" : "head";
}

char *
model_shape_text(char buf[48], int rank, const int *dim)
{
	int at = 0;

	buf[0] = '\0';
	for (int i = 0; i < rank; i++)
		at += snprintf(buf + at, 48 - (size_t)at, "%s%d", i > 0 ? "x" : "", dim[i]);
	return buf;
}
