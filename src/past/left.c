/* left.c: what of the model an interrupted run stood with, and what has changed since. */
#include "past/left.h"

#include "util/num.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run_left *
run_left_new(const char *data)
{
	size_t n = strlen(data) + 1;
	struct run_left *left = xcalloc(1, sizeof *left + n);

	memcpy(left->data, data, n);
	return left;
}

void
run_leaves(struct run *r, const struct nn_net *net, const char *kernels, const char *data)
{
	free(r->left);
	r->left = run_left_new(data);
	for (int i = 0; i < nn_net_count(net); i++) {
		r->left->trainable[i] = nn_net_layer(net, i)->trainable;
		r->left->rate[i] = nn_net_layer(net, i)->rate;
	}
	snprintf(r->left->kernels, sizeof r->left->kernels, "%s", kernels);
}

/* Adds "freeze conv2d conv2d_1" where layers with weights are frozen, or train, that did not. */
static void
left_flags(struct str *b, const struct run *r, const struct nn_net *net, bool trainable)
{
	struct str names = {0};
	const char *said;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->params > 0 && l->trainable == trainable && r->left->trainable[i] != trainable)
			str_add(&names, "%s%s", names.n > 0 ? " " : "", l->name);
	}
	if (names.n == 0)
		return;
	said = r->features != NULL && strcmp(names.s, r->features) == 0 ? "features" :
	    r->head != NULL && strcmp(names.s, r->head) == 0 ? "head" : names.s;
	str_add(b, "%s%s %s", b->n > 0 ? ", " : "", trainable ? "unfreeze" : "freeze", said);
	free(names.s);
}

char *
run_left_changes(const struct run *r, const struct nn_net *net, const char *kernels)
{
	struct str b = {0};
	char number[32];

	if (r->left == NULL)
		return NULL;
	left_flags(&b, r, net, false);
	left_flags(&b, r, net, true);
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (nn_layer_has_rate(l) && l->rate != r->left->rate[i])
			str_add(&b, "%sset %s.rate %s", b.n > 0 ? ", " : "", l->name, num_text(number, l->rate));
	}
	if (strcmp(kernels, r->left->kernels) != 0)
		str_add(&b, "%sset kernels %s", b.n > 0 ? ", " : "", kernels);
	return b.s;
}

bool
run_left_at(const struct run *r, int *epoch, uint32_t *batch)
{
	bool scores = r->state.step == 0 && r->partial.count > 0; /* the validation is what was cut */

	*epoch = r->nepoch + 1 + scores;
	*batch = r->state.step + 1;
	return *epoch <= r->epochs;
}
