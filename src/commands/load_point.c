/* load_point.c: brings back what a snapshot keeps of the model, or the weights after a run. */
#include "commands/load_point.h"

#include "file/format.h"
#include "language/arg.h"
#include "session/made.h"
#include "session/point.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

bool
load_point_meant(const struct session *s, const char *text)
{
	struct err ignored = {0};
	bool run = text[0] == 'r' && text[1] != '\0' && text[1 + strspn(text + 1, "0123456789")] == '\0';

	return run || (text[0] == '@' && (snapshots_find(&s->snapshots, text + 1, &ignored) != NULL ||
	    file_format_find(text, &ignored) == NULL));
}

/* What is brought back, and what came of it. */
struct load {
	const struct undo_point *was; /* the whole model, of a snapshot; NULL: weights alone */
	float *weights; /* nn_net_params of them; NULL where the model is another one */
	const struct split *trained; /* what a head of these weights stands for */
	struct str names; /* the layers that have changed */
	json_t *layers; /* the same */
};

/* The layers, of those that are picked, whose weights become others. */
static void
load_changes(struct session *s, struct load *x, const bool *pick)
{
	const float *now = nn_net_weights(s->model.net);

	for (int i = 0; i < nn_net_count(s->model.net); i++) {
		const struct nn_layer *l = nn_net_layer(s->model.net, i);

		if (l->params == 0 || (pick != NULL && !pick[i]) || (x->weights != NULL &&
		    memcmp(x->weights + l->offset, now + l->offset, l->params * sizeof *now) == 0))
			continue;
		str_add(&x->names, " %s", l->name);
		json_array_append_new(x->layers, out_string(l->name));
	}
}

/* The weights alone, of all layers or of those that are picked; a head that is all theirs stands for their digits. */
static void
load_weights(struct session *s, const struct load *x, const bool *pick)
{
	struct nn_net *net = s->model.net;
	bool head = true;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (l->params > 0 && (pick == NULL || pick[i]))
			memcpy(nn_net_weights_edit(net) + l->offset, x->weights + l->offset,
			    l->params * sizeof(float));
		head &= pick == NULL || pick[i] || l->params == 0 || model_is_feature(&s->model, i);
	}
	nn_net_changed(net);
	compute_cache_drop(&s->compute);
	if (head)
		s->model.trained = *x->trained;
}

static void
load_said(struct session *s, const char *point, struct load *x)
{
	size_t all = nn_net_params(s->model.net), trains = nn_net_trainable(s->model.net);
	char a[32], b[32];
	json_t *event;

	if (x->was != NULL && x->weights == NULL)
		out_text(s->out, "%s: the model is put back, with the weights of%s", point, x->names.s);
	else if (x->names.n > 0)
		out_text(s->out, "%s: weights put back:%s", point, x->names.s);
	else
		out_text(s->out, "%s: the weights are these already", point);
	out_text(s->out, "trainable %s   non-trainable %s", text_count(a, trains), text_count(b, all - trains));
	event = out_pack("{s:s, s:o, s:o, s:I, s:I}", "event", "load", point[0] == '@' ? "snapshot" : "run",
	    point[0] == '@' ? out_string(point + 1) : json_integer(atoi(point + 1)), "layers",
	    json_incref(x->layers), "trainable", (json_int_t)trains, "non_trainable", (json_int_t)(all - trains));
	out_event(s->out, event);
}

/* Finds what is meant. only: of layers, which only weights of this model have. */
static int
load_find(struct session *s, const char *point, bool only, struct load *x, struct err *e)
{
	const struct snapshot *p = NULL;
	const struct run *r = NULL;

	if (point[0] == '@' && (p = point_snapshot(s, point, e)) == NULL)
		return -1;
	if (p == NULL && (r = runs_find(&s->runs, point, e)) == NULL)
		return -1;
	x->was = p != NULL && !only ? p->was : NULL;
	x->trained = p != NULL ? &p->was->trained : &r->split;
	if (x->was != NULL && !undo_fits(s, x->was))
		return 0;
	return (x->weights = point_weights(s, point, e)) != NULL ? 0 : -1;
}

int
load_point(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *name = args_pos(a, "FILE"), *only = args_key(a, "only");
	struct load x = {.layers = json_array()};
	bool pick[NN_LAYERS_MAX] = {false};
	bool *which = only != NULL ? pick : NULL;
	int rc = session_net(s, e) != NULL ? 0 : -1;

	if (rc == 0 && load_find(s, name->text, only != NULL, &x, e) < 0)
		rc = err_at(e, name);
	if (rc == 0 && only != NULL)
		rc = arg_pick_layers(s, only, pick, e);
	if (rc == 0 && x.weights != NULL)
		load_changes(s, &x, which);
	if (rc == 0 && x.was != NULL)
		rc = undo_restore(s, x.was, e);
	else if (rc == 0)
		load_weights(s, &x, which);
	if (rc == 0 && x.weights == NULL)
		load_changes(s, &x, NULL);
	if (rc == 0)
		load_said(s, name->text, &x);
	json_decref(x.layers);
	free(x.names.s);
	free(x.weights);
	return rc < 0 ? -1 : 0;
}
