/* keras_describe.c: the model as config.json of Keras 3: what each layer is made with under Keras' names, its flag, and
 * what the model is compiled with. What is not there is Keras' default, which is thaw's.
 */
#include "file/keras_save.h"

#include "job/job.h"
#include "model/attrs.h"
#include "session/made.h"
#include "util/out.h"
#include "util/text.h"

#include <math.h>
#include <string.h>

/* The last run, where the weights are those that it left. */
static const struct run *
run_left(struct session *s)
{
	const struct job_view *v = job_view(&s->worker);
	const struct run *r = runs_last(&s->runs);

	if (v != NULL && v->run != NULL) /* it goes on, and its state is the worker's */
		return NULL;
	if (r == NULL || r->weights == NULL || r->params != nn_net_params(s->model.net))
		return NULL;
	return weights_equal(r->weights, nn_net_weights(s->model.net)) ? r : NULL;
}

const struct run *
keras_open_run(struct session *s)
{
	const struct run *r = run_left(s);

	return r != NULL && r->interrupted && r->slot[0] != NULL ? r : NULL;
}

const struct slots *
keras_loaded_slots(struct session *s)
{
	struct err ignored = {0};
	double lr;

	if (s->worker.job != NULL || slots_fit(&s->slots, s->model.net, keras_run_config(s, &lr)->optimizer,
	    &ignored) < 0)
		return NULL;
	return &s->slots;
}

static bool
same_steps(const struct nn_run_config *a, const struct nn_run_config *b)
{
	bool same = a->optimizer == b->optimizer;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		const double *x = settings_real(a, k), *y = settings_real(b, k);

		same &= x == NULL || *x == *y || (isnan(*x) && isnan(*y));
	}
	return same;
}

/* Whose compile settings a file has; NULL: those that are set. */
static const struct run *
compiled_run(struct session *s)
{
	const struct job_view *v = job_view(&s->worker);
	const struct run *r = v != NULL && v->run != NULL ? v->run : keras_open_run(s);

	/* what is set behind a run that has ended is for the next one */
	if (r == NULL && same_steps(&s->runs.asked, &s->set.run))
		r = run_left(s);
	return r;
}

const struct nn_run_config *
keras_run_config(struct session *s, double *lr)
{
	const struct run *r = compiled_run(s);

	*lr = r != NULL ? turn_last(r).lr : settings_lr(&s->set);
	return r != NULL ? &r->config : &s->set.run;
}

char *
keras_dropped_schedule(struct session *s)
{
	const struct run *r = compiled_run(s);

	struct schedule x = r != NULL ? turn_last(r).schedule : s->set.schedule;

	return schedule_text(&x);
}

static json_t *
object_of(const char *module, const char *class, json_t *config)
{
	return out_pack("{s:s, s:s, s:o, s:n}", "module", module, "class_name", class, "config", config,
	    "registered_name");
}

/* [null, 28, 28, 1] */
static json_t *
batch_shape(struct nn_shape in)
{
	return out_pack("[n, i, i, i]", in.dim[0], in.dim[1], in.dim[2]);
}

static json_t *
square(int side)
{
	return out_pack("[i, i]", side, side);
}

static void
attr_config(json_t *o, const struct nn_layer *l, const struct nn_attr *a)
{
	double real = attrs_real(l, a->name, 0);
	int whole = attrs_int(l, a->name, 0);

	if (strcmp(a->name, "rate") == 0)
		json_object_set_new(o, a->name, out_num(l->rate));
	else if (strcmp(a->name, "l2") == 0)
		json_object_set_new(o, "kernel_regularizer", real > 0 ? object_of("keras.regularizers", "L2",
		    out_pack("{s:o}", "l2", out_num(real))) : json_null());
	else if (strcmp(a->name, "strides") == 0)
		json_object_set_new(o, a->name, square(whole > 0 ? whole : attrs_int(l, "pool_size", 1)));
	else if (text_ends(a->name, "_size"))
		json_object_set_new(o, a->name, square(whole));
	else if (a->type == NN_ATTR_WORD)
		json_object_set_new(o, a->name, out_string(attrs_word(l, a->name, isnan(a->value) ? NULL :
		    a->words[(int)a->value])));
	else
		json_object_set_new(o, a->name, a->type == NN_ATTR_INT ? json_integer(whole) : out_num(real));
}

static json_t *
layer_config(const struct nn_layer *l)
{
	const char *class = nn_layer_class(l);
	json_t *o = out_pack("{s:s, s:b, s:s}", "name", l->name, "trainable", (int)l->trainable, "dtype", "float32");
	int pad = attrs_int(l, "padding", 0);

	if (strcmp(class, "ZeroPadding2D") == 0)
		json_object_set_new(o, "padding", out_pack("[[i, i], [i, i]]", pad + attrs_int(l, "top", 0), pad +
		    attrs_int(l, "bottom", 0), pad + attrs_int(l, "left", 0), pad + attrs_int(l, "right", 0)));
	else
		for (const struct nn_attr *a = nn_layer_attrs(nn_layer_kind_name(l)); a->name != NULL; a++)
			attr_config(o, l, a);
	if (text_ends(class, "2D") || strcmp(class, "Flatten") == 0)
		json_object_set_new(o, "data_format", out_string("channels_last"));
	return object_of("keras.layers", class, o);
}

static json_t *
compile_config(struct session *s)
{
	double lr;
	const struct nn_run_config *c = keras_run_config(s, &lr);
	const struct nn_optimizer_info *i = c->optimizer;
	json_t *o = out_pack("{s:s, s:o}", "name", i->name, "learning_rate", out_num(lr));

	for (int k = 0; i->hyper[k] != NULL; k++)
		json_object_set_new(o, i->hyper[k], out_num(*settings_real(c, settings_find(i->hyper[k], false,
		    NULL))));
	return out_pack("{s:o, s:s, s:n, s:[s], s:n}", "optimizer", object_of("keras.optimizers", i->keras_class, o),
	    "loss", "categorical_crossentropy", "loss_weights", "metrics", "accuracy", "weighted_metrics");
}

json_t *
keras_describe(struct session *s)
{
	const struct nn_net *net = s->model.net;
	struct nn_shape in = nn_net_input(net);
	json_t *layers = json_array(), *o;

	json_array_append_new(layers, object_of("keras.layers", "InputLayer", out_pack("{s:o, s:s, s:b, s:s}",
	    "batch_shape", batch_shape(in), "dtype", "float32", "sparse", 0, "name", "input_layer")));
	for (int i = 0; i < nn_net_count(net); i++)
		json_array_append_new(layers, layer_config(nn_net_layer(net, i)));
	o = object_of("keras", "Sequential", out_pack("{s:s, s:b, s:s, s:o, s:o}", "name", "sequential", "trainable", 1,
	    "dtype", "float32", "layers", layers, "build_input_shape", batch_shape(in)));
	json_object_set_new(o, "build_config", out_pack("{s:o}", "input_shape", batch_shape(in)));
	json_object_set_new(o, "compile_config", compile_config(s));
	return o;
}
