/* model.c: commands that show a model, build another one, and give it new weights. */
#include "keras/summary.h"
#include "language/arg.h"
#include "session/made.h"
#include "util/row.h"

#include <stdlib.h>
#include <string.h>

/* ---- model ---- */

/* For programs: a row of CSV a layer, one object for all. */
static void
model_rows(struct session *s, struct nn_net *net, int first, int last)
{
	json_t *layers = json_array();
	size_t total = nn_net_params(net), trainable = nn_net_trainable(net);

	for (int i = first; i <= last; i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		json_t *shape = out_shape(l->out.rank, l->out.dim);
		char text[48];
		const struct row_cell row[] = {
			{"index", ROW_INT, .n = i},
			{"name", ROW_TEXT, .s = l->name},
			{"class", ROW_TEXT, .s = nn_layer_class(l)},
			{"group", ROW_TEXT, .s = model_group(&s->model, i)},
			{"output_shape", ROW_TEXT, .in = ROW_IN_CSV,
			    .s = model_shape_text(text, l->out.rank, l->out.dim)},
			{"output_shape", ROW_JSON, .json = shape},
			{"params", ROW_INT, .n = (int64_t)l->params},
			{"trainable", ROW_TEXT, .in = ROW_IN_CSV, .s = l->trainable ? "Y" : "N"},
			{"trainable", ROW_BOOL, .in = ROW_IN_JSON, .n = l->trainable}, {0}};

		json_array_insert_new(shape, 0, json_null()); /* images of a batch, as Keras has it */
		row_part(s->out, "model", i == first, row);
		json_array_append_new(layers, row_json(s->out, NULL, row));
	}
	out_event(s->out, out_pack("{s:s,s:s,s:o,s:I,s:I,s:I}", "event", "model", "name", "sequential", "layers",
	    layers, "total", (json_int_t)total, "trainable", (json_int_t)trainable, "non_trainable",
	    (json_int_t)(total - trainable)));
}

static void
model_summary(struct session *s, struct nn_net *net, enum summary_format format, bool trainable, int first, int last)
{
	struct summary_layer layer[NN_LAYERS_MAX];
	struct summary m = {.name = "sequential", .n = nn_net_count(net), .layer = layer, .first = first, .last = last};
	char *text;

	for (int i = 0; i < m.n; i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		layer[i] = (struct summary_layer){l->name, nn_layer_class(l), l->out.rank, {0}, l->params,
		    l->trainable};
		memcpy(layer[i].dim, l->out.dim, sizeof layer[i].dim);
	}
	m.words = s->user.host != NULL && s->user.host->is_screen;
	m.trainable = nn_net_trainable(net);
	m.non_trainable = nn_net_params(net) - m.trainable;
	text = summary_text(&m, format, trainable, settings_utf8(&s->set, s->out), s->out->width);
	text[strlen(text) - 1] = '\0';
	out_text(s->out, "%s", text);
	free(text);
}

static int
model_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *format = args_key(a, "format"), *layers = args_key(a, "layers");
	struct nn_net *net = session_net(s, e);
	enum summary_format f = format != NULL ? (enum summary_format)summary_format_find(format->text) :
	    SUMMARY_KERAS3;
	bool trainable = args_word(a, "trainable"), pick[NN_LAYERS_MAX] = {false};
	int first = 0, last;

	if (net == NULL)
		return -1;
	last = nn_net_count(net) - 1;
	if (trainable && f == SUMMARY_KERAS2_6)
		return fail_at(e, format, "Keras 2.6 has no column Trainable; choose keras2.10, keras2 or keras3");
	if (layers != NULL) {
		if (arg_pick_layers(s, layers, pick, e) < 0)
			return -1;
		while (!pick[first])
			first++;
		while (!pick[last])
			last--;
		for (int i = first; i <= last; i++)
			if (!pick[i])
				return fail_at(e, layers, "the layers shown follow one another; give a range such as "
				    "conv2d..flatten");
	}
	model_rows(s, net, first, last);
	model_summary(s, net, f, trainable, first, last);
	return 0;
}

const struct cmd cmd_model = {
	.name = "model",
	.alias = {"summary"},
	.group = "model",
	.what = "the summary of the model, as Keras prints it",
	.text = "With `trainable`, a column says which layers train (Y), are frozen (N) or have no parameters (-). The "
	    "width follows the terminal; 80 in a script. Where columns are narrow Keras cuts words, and so does this "
	    "table, except in the workbench. `format` prints what older releases print; keras2 is 2.15. "
	    "Optimizer variables are never counted.",
	.keras = "model.summary(show_trainable=True)",
	.example = "model trainable layers=conv2d..flatten",
	.arg = {{.name = "trainable", .type = ARG_WORD, .choices = (const char *const[]){"trainable", NULL},
	    .what = "show the column Trainable"}},
	.key = {
		{.name = "format", .type = ARG_WORD, .choices = summary_formats,
		    .what = "the release of Keras whose table it is"},
		{.name = "layers", .type = ARG_LAYERS, .what = "rows A..B only; the totals stay those of the model"},
	},
	.when = CMD_NOW,
	.again = true,
	.exec = model_exec,
};
