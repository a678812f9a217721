/* explain.c: the arithmetic of one unit for one picture: explain. */
#include "commands/explaining.h"
#include "export/pages.h"
#include "language/ask.h"
#include "look/picture.h"
#include "session/made.h"
#include "util/row.h"
#include "util/xmalloc.h"
#include "view/explain_view.h"

#include <stdlib.h>

/* ---- programs ---- */

static void
explain_csv(struct session *s, const struct explaining *g)
{
	const struct explain *x = &g->x;
	const struct {
		const char *part;
		double value;
		bool off;
	} last[] = {{"bias", x->bias, x->rule != EXPLAIN_SUM}, {"sum", x->sum, false},
		{"output", (double)x->output, false}};
	bool sum = x->rule == EXPLAIN_SUM;

	for (size_t i = 0; i < x->n + 3; i++) {
		const struct explain_term *t = i < x->n ? &x->term[i] : NULL;
		char *name = t != NULL ? explain_term_name(s, x, t) : NULL;
		double value = t != NULL ? t->product : last[i - x->n].value;

		if (t != NULL || !last[i - x->n].off)
			row_part(s->out, "explain", i == 0, (const struct row_cell[]){
				{"part", ROW_TEXT, .s = t != NULL ? "term" : last[i - x->n].part},
				{"from", ROW_TEXT, .s = name},
				{"input", ROW_FLOAT, .unknown = t == NULL, .x = t != NULL ? t->input : 0},
				{"weight", ROW_FLOAT, .unknown = t == NULL || !sum, .x = t != NULL ? t->weight : 0},
				{"value", ROW_REAL, .unknown = t != NULL && !sum, .x = value}, {0}});
		free(name);
	}
}

static json_t *
explain_terms(const struct explain *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->n; i++) {
		const struct explain_term *t = &x->term[i];
		json_t *term = json_object();

		json_object_set_new(term, "input", out_num_float((float)t->input));
		if (x->rule == EXPLAIN_SUM) {
			json_object_set_new(term, "weight", out_num_float((float)t->weight));
			json_object_set_new(term, "product", out_num(t->product));
		}
		if (x->rule == EXPLAIN_SHARE)
			json_object_set_new(term, "exp", out_num(t->product));
		if (t->y >= 0) {
			json_object_set_new(term, "y", json_integer(t->y));
			json_object_set_new(term, "x", json_integer(t->x));
		}
		json_object_set_new(term, "channel", json_integer(t->channel));
		json_array_append_new(list, term);
	}
	return list;
}

static void
explain_event(struct session *s, const struct explaining *g)
{
	static const char *const rules[] = {[EXPLAIN_SUM] = "sum", [EXPLAIN_RELU] = "relu", [EXPLAIN_MAX] = "max",
	    [EXPLAIN_SHARE] = "softmax", [EXPLAIN_SAME] = "same"};
	const struct explain *x = &g->x;
	char printed[32];

	explain_number(printed, x->sum, x->digits < 0 ? EXPLAIN_DIGITS : x->digits);
	out_event(s->out, row_json(s->out, "explain", (const struct row_cell[]){
		{"layer", ROW_TEXT, .s = nn_net_layer(s->model.net, x->at.layer)->name},
		{"channel", ROW_INT, .n = x->at.unit},
		{"y", ROW_INT, .unknown = x->at.y < 0, .n = x->at.y},
		{"x", ROW_INT, .unknown = x->at.x < 0, .n = x->at.x},
		{"image", ROW_TEXT, .s = g->im->name},
		{"label", ROW_INT, .unknown = g->im->label < 0, .n = g->im->label},
		{"rule", ROW_TEXT, .s = rules[x->rule]},
		{"terms", ROW_JSON, .json = explain_terms(x)},
		{"bias", ROW_FLOAT, .unknown = x->rule != EXPLAIN_SUM, .x = x->bias},
		{"sum", ROW_REAL, .x = x->sum},
		{"output", ROW_FLOAT, .x = (double)x->output},
		{"printed", ROW_TEXT, .s = x->digits >= 0 ? printed : NULL}, {0}}));
}

/* ---- people ---- */

/* The workbench has a pane for it, which follows a run; the transcript has it as text, and what it comes to stands in
 * the log, too. */
static void
explain_pane(struct session *s, const struct explaining *g)
{
	struct out_sink sink = out_hush(s->out);
	struct ui_strips strips = {0};
	char *says = explain_says(&g->x);

	explaining_text(s, g);
	s->out->sink = sink;
	out_aside(s->out, false, OUT_PLAIN, says);
	explain_view(s, g->im, &g->x, &strips);
	pages_shown_strips(s, &strips);
	s->user.host->explained(s->user.host_arg, &g->x.at, g->im);
	ui_strips_clear(&strips);
	free(says);
}

static void
explain_print(struct session *s, const struct explaining *g)
{
	explaining_head(s, g);
	if (s->user.host != NULL && s->user.host->explained != NULL)
		explain_pane(s, g);
	else
		explaining_text(s, g);
}

/* ---- the command ---- */

static int
explain_call(struct session *s, void *arg, struct err *e)
{
	struct explaining *g = arg;

	return explain_make(s, g->im, &g->x, e);
}

static int
explain_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "IMAGE"), *n = args_key(a, "n");
	struct explaining g = {.rows = n != NULL ? (int)n->integer : 10};
	struct explain_unit at;
	int rc;

	if (ask_explain(s, args_pos(a, "LAYER[CH]"), args_pos(a, "Y,X"), &at, e) < 0 || session_engine(s, e) == NULL)
		return -1;
	if ((g.im = picture_get(s, v != NULL ? v->text : NULL, e)) == NULL)
		return v != NULL ? err_at(e, v) : -1;
	g.x.at = at;
	if ((rc = job_call(&s->worker, explain_call, s, &g, e)) == 0) {
		if (s->out->mode == OUT_TABLE)
			explain_print(s, &g);
		else if (s->out->mode == OUT_CSV)
			explain_csv(s, &g);
		else
			explain_event(s, &g);
		data_remember(&s->data, g.im);
		s->runs.results.looked.explained = true;
		s->runs.results.looked.sum = g.x.sum;
		s->runs.results.looked.output = (double)g.x.output;
	}
	explain_free(&g.x);
	image_free(g.im);
	return rc;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.group = "look",
	.what = "the arithmetic of one unit for one picture: each input, weight and product",
	.text = "The brackets are typed: conv2d[7] is channel 7 of a layer, dense[5] unit 5, which has no Y,X. Of a "
	    "convolution and a dense layer: every input times its weight, the bias, the sum, and what the network "
	    "computed. The sum is made in double precision, in the order of the equation; the network adds in single "
	    "precision, in an order that is fast, so both are printed to the digits that they share. Products are "
	    "rounded one by one. Where a sum is long, the channels and products that bring most come first, and the "
	    "others are summed in one line; in CSV and JSON all of them are there, exactly. Of the other layers: which "
	    "input won, what relu and softmax make of theirs. Each name in the list can be explained in turn. In the "
	    "workbench all this is a pane, which follows a run.",
	.keras = "keras.Model(model.input, model.get_layer(\"conv2d\").output)(x)[0, 12, 12, 7]",
	.example = "explain conv2d[7] 7,9 test:0; explain conv2d_1[3] 10,14; explain dense[5]; explain activation_3[2]",
	.arg = {{.name = "LAYER[CH]", .type = ARG_UNIT, .required = true,
		.what = "a layer, and in brackets which channel or unit, from 0"},
		{.name = "Y,X", .type = ARG_PLACE, .what = "the place in the layer's output, row and column from 0"},
		{.name = "IMAGE", .type = ARG_IMAGE, .what = "test:IDX, train:IDX, last or FILE.png; left "
		    "out: the last, else test:0"}},
	.key = {{.name = "n", .type = ARG_INT, .min = 1, .max = 1000, .what = "lines of a long list (10)"}},
	.when = CMD_NOW,
	.exec = explain_exec,
};
