/* parity.c: the files of tests/nn/parity, for tests of sessions. */
#include "tests/src/parity.h"

#include "file/tensors.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
parity_path(const char *name)
{
	static char path[4096];
	const char *top = getenv("top_srcdir");

	snprintf(path, sizeof path, "%s/tests/nn/parity/%s", top != NULL ? top : ".", name);
	return path;
}

float *
parity_values(const char *file, const char *name, size_t count)
{
	struct err e;
	struct tensors *t = tensors_open(parity_path(file), &e);
	const struct tensor_entry *x;
	float *v = malloc(sizeof *v * count);

	ck_assert_msg(t != NULL, "%s", e.text);
	x = tensors_find(t, name);
	ck_assert_msg(x != NULL && x->end - x->begin == sizeof *v * count, "%s", name);
	ck_assert_msg(tensors_read(t, x, v, count, &e) == 0, "%s", e.text);
	tensors_close(t);
	return v;
}

void
parity_load(struct capture *c)
{
	struct nn_net *net;
	float *w;

	ck_assert_msg(capture_run(c, "timing off; model") == 0, "%s", c->errors);
	net = capture_net(c);
	w = nn_net_weights_edit(net);
	for (int l = 0; l < nn_net_count(net); l++)
		for (int k = 0; k < nn_net_layer(net, l)->ntensors; k++) {
			const struct nn_tensor *x = &nn_net_layer(net, l)->tensor[k];
			char name[128];
			float *v;

			snprintf(name, sizeof name, "after 10 steps/%s", x->name);
			v = parity_values("gte5-10.safetensors", name, x->count);
			memcpy(w + x->offset, v, sizeof *w * x->count);
			free(v);
		}
	nn_net_changed(net);
}
