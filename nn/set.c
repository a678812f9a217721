/* set.c: whether a set of pictures belongs to a net. */
#include "nn_int.h"

#include <string.h>

int
nn_set_check(const struct nn_net *net, const struct nn_set *set, bool targets, struct nn_err *err)
{
	const struct nn_images *im = set->images;
	int classes = nn_net_classes(net);

	if (set->count == 0)
		return nn_fail(err, "no images; choose a split that has some");
	if (set->count > UINT32_MAX)
		return nn_fail(err, "%zu images are too many; choose fewer", set->count);
	if (im->shape.rank != net->in.rank ||
	    memcmp(im->shape.dim, net->in.dim, sizeof(int) * (size_t)net->in.rank) != 0)
		return nn_fail(err,
		    "the images are %dx%dx%d but the model takes %dx%dx%d; build a model for these images",
		    im->shape.dim[0],
		    im->shape.dim[1], im->shape.dim[2], net->in.dim[0], net->in.dim[1], net->in.dim[2]);
	for (size_t i = 0; i < set->count; i++)
		if (set->index[i] >= im->count)
			return nn_fail(err, "image %u does not exist; there are %zu", set->index[i], im->count);
	if (targets && set->unit == NULL)
		return nn_fail(err, "the images have no labels; choose a data set that has them");
	for (size_t i = 0; targets && i < set->count; i++)
		if (set->unit[i] >= classes)
			return nn_fail(err,
			    "the targets need %d output units but the model has %d; build a model with as many",
			    set->unit[i] + 1,
			    classes);
	return 0;
}
