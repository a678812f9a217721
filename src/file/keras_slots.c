/* keras_slots.c: reads the optimizer's state of a file of Keras.
 *
 * Its variables are optimizer/vars/0 (steps), 1 (the rate, but where that is a schedule, or of Keras 2), and behind
 * them for each variable that trains, in the order of the layers, one for each slot. An old .h5 lists them in the same
 * order by names of their own, of which the first ends with "iteration"; before Keras 2.11 that was "iter", and the
 * order was another one. A state is used whole or not at all.
 */
#include "file/keras_slots.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { VARS_MAX = 2 + NN_SLOTS_MAX * NN_LAYERS_MAX * NN_TENSORS_MAX };

/* The variables in their order. */
struct vars {
	int n;
	const struct tensor_entry *var[VARS_MAX];
};

/* ---- whether there is a state ---- */

static bool
has_values(const struct tensors *t, const struct tensor_entry *x)
{
	for (uint64_t i = x->begin; i < x->end; i++)
		if (t->image[t->data + i] != 0)
			return true;
	return false;
}

static const struct tensor_entry *
state_find(const struct keras_file *k, const char *name)
{
	for (size_t i = 0; i < k->nstate; i++)
		if (strcmp(k->state[i].name, name) == 0)
			return &k->state[i];
	return NULL;
}

/* Arrays of something else than zeros. An optimizer that has done nothing yet has none, and no steps. */
static size_t
state_arrays(const struct keras_file *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->nstate; i++)
		n += k->state[i].rank > 0 && has_values(k->t, &k->state[i]);
	return n;
}

static bool
state_there(const struct keras_file *k, size_t arrays)
{
	const struct tensor_entry *steps = state_find(k, "optimizer/vars/0");

	return arrays > 0 || (steps != NULL && has_values(k->t, steps));
}

/* ---- reading ---- */

/* Those that an old file lists. */
static void
list_vars(const struct keras_file *k, json_t *names, struct vars *v)
{
	for (size_t i = 0; i < json_array_size(names) && v->n < VARS_MAX; i++) {
		const char *name = json_string_value(json_array_get(names, i));
		char *path = xasprintf("optimizer_weights/%s", name != NULL ? name : "");
		const struct tensor_entry *x = state_find(k, path);
		bool begins = text_ends(path, "/iteration") || text_ends(path, "/iteration:0");

		free(path);
		if (x == NULL || begins != (i == 0))
			return;
		v->var[v->n++] = x;
	}
}

/* optimizer/vars/0, 1 ... */
static void
count_vars(const struct keras_file *k, struct vars *v)
{
	const struct tensor_entry *x;
	char name[40];

	while (v->n < VARS_MAX) {
		snprintf(name, sizeof name, "optimizer/vars/%d", v->n);
		if ((x = state_find(k, name)) == NULL)
			return;
		v->var[v->n++] = x;
	}
}

/* A whole number of steps, as far as a file that is saved can say them. */
static int
read_steps(const struct tensors *t, const struct tensor_entry *x, uint64_t *steps, struct err *e)
{
	const uint8_t *p = t->image + t->data + x->begin;
	uint64_t v = 0, n = x->end - x->begin;

	if (x->rank > 0 || (x->dtype[0] != 'I' && x->dtype[0] != 'U') || n > sizeof v)
		return fail(e, "its number of steps is no whole number");
	for (uint64_t i = 0; i < n; i++)
		v |= (uint64_t)p[i] << 8 * i;
	if (v > INT32_MAX)
		return fail(e, "its number of steps is not one of 0 to %d", INT32_MAX);
	*steps = v;
	return 0;
}

/* All that there are, in their order. */
static int
find_vars(const struct keras_file *k, struct vars *v, struct err *e)
{
	json_t *names = keras_list(k->t, "optimizer_weights", "weight_names");

	v->n = 0;
	if (names != NULL)
		list_vars(k, names, v);
	else
		count_vars(k, v);
	json_decref(names);
	if (v->n > 0 && (size_t)v->n == k->nstate)
		return 0;
	return fail(e, "its variables do not stand in an order that is known here");
}

/* Of a bias that is not in the file, the slots are zeros. */
static bool
learns(const struct keras_file *k, const struct nn_net *net, int i, const struct nn_tensor *w)
{
	const struct nn_layer *l = nn_net_layer(net, i);

	return l->trainable && w->offset - l->offset < l->learn &&
	    !(k->described && k->model.unbiased[i] && text_ends(w->name, ".bias"));
}

/* How many variables train. */
static int
count_learning(const struct keras_file *k, const struct nn_net *net)
{
	int n = 0;

	for (int i = 0; i < nn_net_count(net); i++)
		for (int j = 0; j < nn_net_layer(net, i)->ntensors; j++)
			n += learns(k, net, i, &nn_net_layer(net, i)->tensor[j]);
	return n;
}

static int
read_var(const struct keras_file *k, const struct tensor_entry *from, const struct nn_tensor *w, const char *slot,
    float *to, struct err *e)
{
	char *have;
	struct err why = {0};

	if (!tensors_fits(from, w->rank, w->dim)) {
		have = tensors_shape(from);
		fail(e, "its %s of %s is %s of %s", slot, w->name, from->dtype, have);
		free(have);
		return -1;
	}
	if (tensors_read(k->t, from, to + w->offset, w->count, &why) < 0)
		return fail(e, "its %s of %s has values that are NaN or infinite", slot, w->name);
	return 0;
}

/* Reads the slots, which begin at var[at]. */
static int
read_slots(const struct keras_file *k, const struct vars *v, int at, const struct nn_net *net, struct slots *x,
    struct err *e)
{
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		for (int j = 0; j < l->ntensors; j++)
			for (int o = 0; o < x->of->nslots && learns(k, net, i, &l->tensor[j]); o++)
				if (read_var(k, v->var[at++], &l->tensor[j], x->of->slot[o], x->slot[o], e) < 0)
					return -1;
	}
	return slots_sound(x, e);
}

/* -1 with a phrase, and x is none. */
static int
read_state(const struct keras_file *k, const struct nn_net *net, const struct nn_optimizer_info *of, struct slots *x,
    struct err *e)
{
	struct vars v;
	int at, want;
	uint64_t steps = 0;

	if (of == NULL)
		return fail(e, "its optimizer is not to be had here");
	if (find_vars(k, &v, e) < 0 || read_steps(k->t, v.var[0], &steps, e) < 0)
		return -1;
	at = v.n > 1 && v.var[1]->rank == 0 ? 2 : 1;
	want = of->nslots * count_learning(k, net);
	if (v.n - at != want && !(v.n == at && strcmp(of->name, "sgd") == 0)) /* which has none without a momentum */
		return fail(e, "it has %d arrays, and %s has %d for what trains in the model", v.n - at, of->name,
		    want);
	if (slots_new(x, of, net, e) < 0)
		return -1;
	x->steps = steps;
	for (int i = 0; i < nn_net_count(net); i++)
		x->trainable[i] = nn_net_layer(net, i)->trainable;
	if (v.n == at || read_slots(k, &v, at, net, x, e) == 0)
		return 0;
	slots_free(x);
	return -1;
}

/* ---- what is said of it ---- */

void
keras_slots_leave(struct session *s, const struct keras_file *k, const char *why)
{
	size_t n = state_arrays(k);

	if (n > 0)
		out_note(s->out, "the optimizer's state in the file (%zu tensors) is left out: %s; a run begins with "
		    "its own", n, why);
	else if (state_there(k, n))
		out_note(s->out, "the optimizer's steps in the file are left out: %s", why);
}

const struct nn_optimizer_info *
keras_slots_named(const struct keras_file *k)
{
	const char *name = json_string_value(json_object_get(k->t->metadata, "optimizer/vars@name"));
	const struct nn_optimizer_info *of;
	size_t n;

	for (int i = 0; name != NULL && (of = nn_optimizer_at(i)) != NULL; i++) {
		n = strlen(of->name); /* Keras counts them: adam_1 */
		if (strncmp(name, of->name, n) == 0 && (name[n] == '\0' || (name[n] == '_' &&
		    name[n + 1 + strspn(name + n + 1, "0123456789")] == '\0')))
			return of;
	}
	return NULL;
}

void
keras_slots_take(struct session *s, struct keras_file *k, const struct nn_optimizer_info *of)
{
	struct slots x = {0};
	struct err why = {0};

	if (!state_there(k, state_arrays(k)))
		return;
	if (read_state(k, s->model.net, of, &x, &why) < 0) {
		keras_slots_leave(s, k, why.text);
		return;
	}
	slots_belong(&x, s->model.net);
	slots_free(&s->slots);
	s->slots = x;
	slots_say(&s->slots, s->out);
}
