/* taken.c: weights that are taken from the tensors of a file into the net that is there, whatever the file's format. */
#include "file/taken.h"

#include "file/blocks.h"
#include "file/state.h"
#include "session/made.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* A line a tensor: what became of it. */
static void
say_tensors(struct session *s, const struct tensors *t, const bool *pick)
{
	bool head = true;
	int width = 20;

	for (int i = 0; i < nn_net_count(s->model.net); i++)
		for (int k = 0; k < nn_net_layer(s->model.net, i)->ntensors && pick[i]; k++) {
			int n = (int)strlen(nn_net_layer(s->model.net, i)->tensor[k].name);

			width = n > width ? n : width;
		}
	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		for (int k = 0; k < l->ntensors && pick[i]; k++) {
			const struct nn_tensor *w = &l->tensor[k];
			const struct tensor_entry *x = tensors_find(t, w->name);
			char *why = blocks_misfit(x, w), shape[48];
			const char *from = why == NULL && x->floats != FLOATS_32 ? floats_name(x->floats) : NULL;
			const struct row_cell row[] = {
				{"tensor", ROW_TEXT, .in = ROW_IN_CSV, .s = w->name},
				{"name", ROW_TEXT, .in = ROW_IN_JSON, .s = w->name},
				{"shape", ROW_TEXT, .in = ROW_IN_CSV, .s = model_shape_text(shape, w->rank, w->dim)},
				{"shape", ROW_JSON, .json = out_shape(w->rank, w->dim)},
				{"loaded", ROW_BOOL, .n = why == NULL},
				{"reason", ROW_TEXT, .s = why}, {"converted_from", ROW_TEXT, .s = from}, {0}};

			out_text(s->out, "%-*s %-14s %s%s", width, w->name, shape, why != NULL ? "left as it is: " :
			    from != NULL ? "loaded, converted from " : "loaded", why != NULL ? why :
			    from != NULL ? from : "");
			row_print(s->out, "tensor", head, row);
			head = false;
			free(why);
		}
	}
}

/* What fits of the picked layers into a copy of the weights. */
static int
read_picked(struct session *s, struct tensors *t, const bool *pick, float *block, struct err *e)
{
	char *first = NULL, *why;
	bool floats = true; /* the first that does not fit is of another type */
	size_t loaded = 0;

	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		for (int k = 0; k < l->ntensors && pick[i]; k++) {
			const struct tensor_entry *x = tensors_find(t, l->tensor[k].name);

			if ((why = blocks_misfit(x, &l->tensor[k])) == NULL) {
				if (tensors_read(t, x, block + l->tensor[k].offset, l->tensor[k].count, e) < 0) {
					free(first);
					return -1;
				}
				loaded++;
			} else if (first == NULL) {
				first = xasprintf("%s is %s", l->tensor[k].name, why);
				floats = !blocks_no_floats(x);
			}
			free(why);
		}
	}
	if (loaded == 0)
		fail(e, "%s: nothing of it fits these layers (%s); %s", t->path,
		    first != NULL ? first : "they have no weights", floats ? "choose other layers, or `build` the "
		    "model that the file is of" : BLOCKS_FLOATS);
	free(first);
	return loaded > 0 ? 0 : -1;
}

char *
taken_kinds(const struct tensors *t)
{
	char *from = tensors_converted(t);
	char *said = xasprintf("%s%s", from != NULL ? ", converted from " : "", from != NULL ? from : "");

	free(from);
	return said;
}

void
taken_say_strange(struct session *s, const struct tensors *t)
{
	const struct tensor_entry *first = NULL;
	size_t n = 0;
	char *shape, name[2 * TEXT_SHOWN];

	for (size_t i = 0; i < t->n; i++)
		if (blocks_strange(t, &t->entry[i]) && n++ == 0)
			first = &t->entry[i];
	if (first == NULL)
		return;
	shape = tensors_shape(first);
	text_show(name, sizeof name, first->name);
	out_note(s->out, n == 1 ? "%zu tensor of the file has a type or rank that no model has here, and is left out: "
	    "\"%.60s\" of %s, %s" : "%zu tensors of the file have a type or rank that no model has here, and are left "
	    "out: first \"%.60s\" of %s, %s", n, name, first->dtype, shape);
	free(shape);
}

void
taken_say_unbiased(struct session *s, const struct nn_net *net, const bool *layer)
{
	struct str names = {0};

	for (int i = 0; i < nn_net_count(net); i++)
		if (layer[i])
			str_add(&names, "%s%s", names.n > 0 ? ", " : "", nn_net_layer(net, i)->name);
	if (names.n > 0)
		out_note(s->out, "%s: no bias in the file; here it is 0, and trains with the layer", names.s);
	free(names.s);
}

/* Where the file has a layer but for its bias, as PyTorch has with bias=False, that is 0. */
static void
find_unbiased(struct tensors *t, const struct nn_net *net, bool *layer)
{
	for (int i = 0; i < nn_net_count(net); i++)
		layer[i] = blocks_zero_bias(t, net, i);
}

int
taken_load(struct session *s, struct tensors *t, const bool *pick, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	size_t n, used = 0;
	bool head = pick == NULL, unbiased[NN_LAYERS_MAX] = {false};
	float *block;
	char count[32], *kinds;
	int ret;

	if (net == NULL)
		return -1;
	n = nn_net_params(net);
	if ((block = malloc(n * sizeof *block)) == NULL)
		return fail_memory(e, "%s: not enough memory for %zu weights", t->path, n);
	memcpy(block, nn_net_weights(net), n * sizeof *block);
	if (pick == NULL)
		find_unbiased(t, net, unbiased);
	if (pick != NULL)
		ret = read_picked(s, t, pick, block, e);
	else if ((ret = blocks_read(t, net, "", block, &used, e)) == 0)
		ret = blocks_check_used(t, used, net, e);
	if (ret == 0) {
		memcpy(nn_net_weights_edit(net), block, n * sizeof *block);
		nn_net_changed(net);
		for (int i = s->model.features; i < nn_net_count(net) && pick != NULL; i++)
			head |= pick[i] && nn_net_layer(net, i)->params > 0;
		if (head)
			s->model.trained = state_trained(t->metadata, nn_net_classes(net));
		if (pick != NULL)
			say_tensors(s, t, pick);
		else {
			kinds = taken_kinds(t);
			out_text(s->out, "loaded %s: %s weights%s", t->path, text_count(count, n), kinds);
			free(kinds);
		}
		taken_say_unbiased(s, net, unbiased);
		taken_say_strange(s, t);
	}
	free(block);
	return ret;
}
