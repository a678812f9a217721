/* slots.c: keeps the state of an optimizer that a file brought, and tells whether it is of use. */
#include "past/slots.h"

#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAVE_OUT "or leave slots=loaded out"

int
slots_new(struct slots *x, const struct nn_optimizer_info *of, const struct nn_net *net, struct err *e)
{
	*x = (struct slots){.of = of, .params = nn_net_params(net)};
	for (int k = 0; k < of->nslots; k++)
		if ((x->slot[k] = calloc(x->params, sizeof *x->slot[k])) == NULL) {
			slots_free(x);
			return fail_memory(e, "not enough memory for the optimizer's state");
		}
	return 0;
}

void
slots_free(struct slots *x)
{
	for (int k = 0; k < NN_SLOTS_MAX && !x->borrowed; k++)
		free(x->slot[k]);
	*x = (struct slots){0};
}

int
slots_sound(const struct slots *x, struct err *e)
{
	for (int k = 0; k < x->of->nslots; k++)
		for (size_t i = 0; i < x->params; i++) {
			if (!isfinite(x->slot[k][i]))
				return fail(e, "its %s has values that are NaN or infinite", x->of->slot[k]);
			if (x->of->squares[k] && x->slot[k][i] < 0)
				return fail(e, "its %s has a value below 0, where a mean of squares has none",
				    x->of->slot[k]);
		}
	return 0;
}

static void
hash_weights(struct nn_net *net, char out[65])
{
	sha256_hex(nn_net_weights(net), nn_net_params(net) * sizeof(float), out);
}

void
slots_belong(struct slots *x, struct nn_net *net)
{
	struct str b = {0};
	char hash[65];

	str_add(&b, "%s %" PRIu64, x->of->name, x->steps);
	for (int k = 0; k < x->of->nslots; k++) {
		sha256_hex(x->slot[k], x->params * sizeof *x->slot[k], hash);
		str_add(&b, " %s", hash);
	}
	sha256_hex(b.s, b.n, x->sha256);
	free(b.s);
	hash_weights(net, x->weights);
}

bool
slots_of_weights(const struct slots *x, struct nn_net *net)
{
	char hash[65];

	if (x->of == NULL || x->params != nn_net_params(net))
		return false;
	hash_weights(net, hash);
	return strcmp(hash, x->weights) == 0;
}

int
slots_fit(const struct slots *x, struct nn_net *net, const struct nn_optimizer_info *of, struct err *e)
{
	if (x->of == NULL)
		return fail(e, "no optimizer's state was loaded; `load FILE.keras` of a model that has trained brings "
		    "one, " LEAVE_OUT);
	if (!slots_of_weights(x, net))
		return fail(e, "the optimizer's state that was loaded belongs to other weights than there are now; "
		    "`load` its file again, `undo` what has changed them, " LEAVE_OUT);
	if (x->of != of)
		return fail(e, "the optimizer's state that was loaded is of %s, and this run has %s; `set optimizer "
		    "%s`, " LEAVE_OUT, x->of->name, of->name, x->of->name);
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->params > 0 && l->trainable != x->trainable[i])
			return fail(e, "%s has been %s since the optimizer's state was loaded; `%s %s`, " LEAVE_OUT,
			    l->name, l->trainable ? "unfrozen" : "frozen", l->trainable ? "freeze" : "unfreeze",
			    l->name);
	}
	return 0;
}

void
slots_say(const struct slots *x, struct out *out)
{
	char n[32];

	out_note(out, "the optimizer's state (%s, %s step%s) is kept: `train SPLIT slots=loaded` goes on with it, as "
	    "model.fit() behind load_model() does; without that, a run begins with its own", x->of->name,
	    text_count(n, x->steps), x->steps == 1 ? "" : "s");
}
