/* undo.c: undo and redo. */
#include "session/session.h"

#include "language/cmd.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

/* What has become of the model: the layers whose weights are others now, and the counts. */
static void
undo_report(struct session *s, const char *event, const char *word, const struct undo_point *p)
{
	struct nn_net *net = s->model.net;
	const float *now = nn_net_weights(net), *then;
	bool model = weights_params(p->weights) != nn_net_params(net);
	json_t *layers = json_array();
	struct str names = {0};
	char a[32], b[32];

	for (int i = 0; i < nn_net_count(net) && !model; i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		then = l->params > 0 ? weights_layer(p->weights, l->offset) : NULL;
		if (then == NULL || memcmp(then, now + l->offset, l->params * sizeof *now) == 0)
			continue;
		str_add(&names, " %s", l->name);
		json_array_append_new(layers, out_string(l->name));
	}
	out_text(s->out, "%s: %s", word, p->command);
	if (model)
		out_text(s->out, "the model is another one: %s", s->model.build);
	else if (names.n > 0)
		out_text(s->out, "weights put back:%s", names.s);
	out_text(s->out, "trainable %s   non-trainable %s", text_count(a, nn_net_trainable(net)),
	    text_count(b, nn_net_params(net) - nn_net_trainable(net)));
	out_event(s->out, out_pack("{s:s, s:s, s:o, s:I, s:I, s:i, s:i}", "event", event, "command", p->command,
	    "layers", layers, "trainable", (json_int_t)nn_net_trainable(net), "non_trainable",
	    (json_int_t)(nn_net_params(net) - nn_net_trainable(net)), "undo", s->undo.nundo, "redo", s->undo.nredo));
	free(names.s);
}

static int
undo_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct undo_point *p = undo_back(s, e);

	if (p == NULL)
		return -1;
	undo_report(s, "undo", "taken back", p);
	return 0;
}

static int
redo_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct undo_point *p = undo_again(s, e);

	if (p == NULL)
		return -1;
	undo_report(s, "redo", "done again", p);
	return 0;
}

const struct cmd cmd_undo = {
	.name = "undo",
	.group = "model",
	.what = "take back the last change of the model: weights, flags, rates of dropouts, the model itself",
	.text = "Up to eight changes can be taken back, one after the other: those of train, freeze, reset, build, "
	    "load and their like. A run that is taken back stays in `runs` with its curves; the next one goes on "
	    "counting epochs, so that two runs never see the images in the same order. Settings stay.",
	.keras = "model.set_weights(weights_before)",
	.example = "reset head seed=2; undo; redo",
	.when = CMD_WAITS,
	.exec = undo_exec,
};

const struct cmd cmd_redo = {
	.name = "redo",
	.group = "model",
	.what = "do the change again that `undo` has taken back",
	.text = "To the same bits: nothing is trained again. A new change forgets what could be done again.",
	.example = "freeze features; undo; redo",
	.when = CMD_WAITS,
	.exec = redo_exec,
};
