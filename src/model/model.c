/* model.c: replaces and frees the session's model. */
#include "model/model.h"

#include "model/plan.h"
#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
model_set(struct model *m, struct nn_net *net, int features, uint64_t seed, uint64_t asked)
{
	unsigned made = m->made + 1;

	model_free(m);
	*m = (struct model){.net = net, .made = made, .features = features, .build = plan_net_text(net, features),
	    .seed = seed, .asked = asked};
}

void
model_free(struct model *m)
{
	nn_net_free(m->net);
	free(m->build);
	free(m->loaded);
	*m = (struct model){0};
}

void
model_loaded(struct model *m, const char *path, int runs)
{
	free(m->loaded);
	m->loaded = path != NULL ? xstrdup(path) : NULL;
	m->loaded_at = runs;
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

int
model_takes(const struct nn_net *net, struct nn_shape have, const char *name, struct err *e)
{
	struct nn_shape in = nn_net_input(net);

	if (memcmp(in.dim, have.dim, sizeof in.dim) == 0)
		return 0;
	return fail(e, "the model takes %dx%dx%d pictures, %s has %dx%dx%d; `build` makes a model for it", in.dim[0],
	    in.dim[1], in.dim[2], name, have.dim[0], have.dim[1], have.dim[2]);
}

int
model_names(const struct nn_net *net, const struct split *split, struct err *e)
{
	int n = split_units(split), units = nn_net_classes(net);

	if (n <= units)
		return 0;
	if (split->by_digit)
		return fail(e, "by `set units digit` %s needs output units up to %d, but the model has %d; `build "
		    "classes=%d` makes one that fits every %s", split->name, n - 1, units, split->top,
		    split_word(split, 1));
	return fail(e, "%s has %d %s, but the model only %d output units; `build classes=%d` makes one that has "
	    "enough", split->name, n,
	    split_word(split, n), units, n);
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
