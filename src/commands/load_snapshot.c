/* load_snapshot.c: brings back what a snapshot keeps of the model. */
#include "commands/load_snapshot.h"

#include "file/format.h"
#include "language/arg.h"
#include "session/made.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

bool
load_snapshot_meant(const struct session *s, const char *text)
{
	struct err ignored = {0};

	return text[0] == '@' && (snapshots_find(&s->snapshots, text + 1, &ignored) != NULL ||
	    file_format_find(text, &ignored) == NULL);
}

/* The layers, of those that are picked, whose weights are others than in the snapshot. */
static void
load_changes(struct nn_net *net, const struct undo_point *was, const bool *pick, struct str *names, json_t *layers)
{
	const float *now = nn_net_weights(net);

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->params == 0 || (pick != NULL && !pick[i]) ||
		    memcmp(weights_layer(was->weights, l->offset), now + l->offset, l->params * sizeof *now) == 0)
			continue;
		str_add(names, " %s", l->name);
		json_array_append_new(layers, out_string(l->name));
	}
}

/* The weights alone; a head that is all of the snapshot's stands for its digits. */
static void
load_layers(struct session *s, const struct undo_point *was, const bool *pick)
{
	struct nn_net *net = s->model.net;
	bool head = true;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->params > 0 && pick[i])
			memcpy(nn_net_weights_edit(net) + l->offset, weights_layer(was->weights, l->offset),
			    l->params * sizeof(float));
		head &= pick[i] || l->params == 0 || model_is_feature(&s->model, i);
	}
	nn_net_changed(net);
	compute_cache_drop(&s->compute);
	if (head)
		s->model.trained = was->trained;
}

/* Takes the list of layers over. */
static void
load_said(struct session *s, const char *snapshot, const struct str *names, json_t *layers)
{
	size_t all = nn_net_params(s->model.net), trains = nn_net_trainable(s->model.net);
	char a[32], b[32];

	if (names->n > 0)
		out_text(s->out, "@%s: weights put back:%s", snapshot, names->s);
	else
		out_text(s->out, "@%s: the weights are these already", snapshot);
	out_text(s->out, "trainable %s   non-trainable %s", text_count(a, trains), text_count(b, all - trains));
	out_event(s->out, out_pack("{s:s, s:s, s:o, s:I, s:I}", "event", "load", "snapshot", snapshot, "layers", layers,
	    "trainable", (json_int_t)trains, "non_trainable", (json_int_t)(all - trains)));
}

int
load_snapshot(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "FILE"), *only = args_key(a, "only");
	struct nn_net *net = session_net(s, e);
	const struct snapshot *p = net != NULL ? snapshots_find(&s->snapshots, name->text + 1, e) : NULL;
	bool pick[NN_LAYERS_MAX] = {false};
	struct str names = {0};
	json_t *layers;

	if (p == NULL)
		return net != NULL ? err_at(e, name) : -1;
	if (only != NULL && arg_pick_layers(s, only, pick, e) < 0)
		return -1;
	layers = json_array();
	load_changes(net, p->was, only != NULL ? pick : NULL, &names, layers);
	if (only != NULL)
		load_layers(s, p->was, pick);
	else if (undo_restore(s, p->was, e) < 0) {
		json_decref(layers);
		free(names.s);
		return -1;
	}
	load_said(s, p->name, &names, layers);
	free(names.s);
	s->runs.loaded++;
	return 0;
}
