/* keras_config.c: a model as Keras describes it in JSON. It is a list of layers, or a graph that is one, of which any
 * may be such a model again; what they hold in one another comes out as one list.
 */
#include "file/keras_config.h"

#include "model/spelled.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 8

struct config {
	const char *path; /* of the file */
	struct keras_model *m;
	bool flat; /* what comes out so far is no picture */
};

void
keras_model_free(struct keras_model *m)
{
	for (int i = 0; i < NN_LAYERS_MAX; i++) {
		free(m->name[i]);
		free(m->group[i]);
	}
	*m = (struct keras_model){0};
}

void
keras_snake(char *out, size_t size, const char *class)
{
	size_t n = 0;

	for (const char *c = class; *c != '\0' && n + 3 < size; c++) {
		if (!isalnum((unsigned char)*c) && *c != '_')
			continue;
		if (n > 0 && isupper((unsigned char)*c) && (islower((unsigned char)c[1]) ||
		    islower((unsigned char)c[-1])))
			out[n++] = '_';
		out[n++] = (char)tolower((unsigned char)*c);
	}
	out[n] = '\0';
}

/* ---- what goes in ---- */

/* [null, 28, 28, 1] */
static int
read_input(struct config *c, const json_t *shape, struct err *e)
{
	size_t rank = json_array_size(shape);
	int dim[3] = {1, 1, 1};

	if (!json_is_array(shape) || c->m->in.rank > 0 || c->m->units > 0 || c->m->plan.n > 0)
		return 0;
	for (size_t i = 1; i < rank && i <= 3; i++) {
		json_int_t d = json_integer_value(json_array_get(shape, i));

		if (d < 1 || d > 1 << 20)
			return fail(e, "%s takes pictures of no fixed size; thaw's models have one: give the Input a "
			    "shape, and save it again", c->path);
		dim[i - 1] = (int)d;
	}
	if (rank == 2) {
		c->m->units = dim[0];
		c->m->plan.spec[c->m->plan.n++] = (struct nn_layer_spec){.kind = "flatten"};
		c->flat = true;
	} else if (rank == 3 || rank == 4)
		c->m->in = (struct nn_shape){3, {dim[0], dim[1], dim[2]}};
	else
		return fail(e, "%s takes arrays of %zu dimensions, where thaw has pictures; load another", c->path,
		    rank > 0 ? rank - 1 : 0);
	return 0;
}

/* ---- layers ---- */

static bool
foreign(const json_t *layer)
{
	const char *module = json_string_value(json_object_get(layer, "module")), *registered = json_string_value(
	    json_object_get(layer, "registered_name"));

	return (module != NULL && strncmp(module, "keras", 5) != 0 && strncmp(module, "tf_keras", 8) != 0) ||
	    (registered != NULL && strchr(registered, '>') != NULL);
}

/* A reshape of pictures that says their one channel is left to the input. */
static bool
is_idle(const struct config *c, const char *class, const json_t *config)
{
	const json_t *target = json_object_get(config, "target_shape");
	const char *function = json_string_value(json_object_get(config, "activation"));

	if (strcmp(class, "Activation") == 0)
		return function != NULL && strcmp(function, "linear") == 0;
	if (strcmp(class, "Reshape") != 0 || c->m->plan.n > 0 || json_array_size(target) != 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		if (json_integer_value(json_array_get(target, i)) != c->m->in.dim[i])
			return false;
	return true;
}

/* why: as the reader of a typed layer says it. In a model that has trained there is nothing to leave out. */
static int
refuse_layer(const struct config *c, const char *name, const struct err *why, struct err *e)
{
	const char *typed = "; leave it out";
	const char *way = text_ends(why->text, typed) ? "; take a model without it" : "";
	size_t n = strlen(why->text) - (*way != '\0' ? strlen(typed) : 0);

	return fail(e, "%s: its layer \"%.60s\" cannot be had here: %.*s%s", c->path, name, (int)(n < 600 ? n : 600),
	    why->text, way);
}

static int
add_layer(struct config *c, const json_t *layer, const char *class, const char *group, bool trainable, struct err *e)
{
	const json_t *config = json_object_get(layer, "config");
	const char *name = json_string_value(json_object_get(config, "name"));
	struct keras_model *m = c->m;
	struct err why = {0};
	char *text;
	int n = -1, i = m->plan.n;

	if (is_idle(c, class, config))
		return 0;
	if (foreign(layer) || strcmp(class, "Lambda") == 0)
		return fail(e, "%s: its layer \"%.60s\" is code (%.40s), which is never run; build the model without "
		    "it", c->path, name != NULL ? name : "", class);
	if (i >= NN_LAYERS_MAX - 1)
		return fail(e, "%s has more than %d layers; load a smaller model", c->path, NN_LAYERS_MAX);
	if ((text = keras_layer_text(class, config, c->flat, &why)) != NULL)
		n = layer_spelled_parse(text, &m->plan.spec[i], &why);
	free(text);
	if (n < 0)
		return refuse_layer(c, name != NULL ? name : "", &why, e);
	if (n == 0)
		return 0;
	m->trainable[i] = trainable && !json_is_false(json_object_get(config, "trainable"));
	m->unbiased[i] = json_is_false(json_object_get(config, "use_bias"));
	m->name[i] = xstrdup(name != NULL ? name : "");
	m->group[i] = xstrdup(group);
	m->plan.n++;
	c->flat |= strcmp(m->plan.spec[i].kind, "flatten") == 0 || strncmp(m->plan.spec[i].kind, "global", 6) == 0;
	return 0;
}

/* The layers that a call of a layer takes its input from, which stand as [NAME, 0, 0] somewhere in there. */
static void
find_inbound(const json_t *v, const char **name, int *n, int depth)
{
	json_t *x;
	const char *key;
	size_t i;

	if (json_is_array(v) && json_is_string(json_array_get(v, 0)) && json_is_integer(json_array_get(v, 1))) {
		*name = json_string_value(json_array_get(v, 0));
		++*n;
		return;
	}
	if (depth == 2 * DEPTH_MAX)
		return;
	json_array_foreach((json_t *)(uintptr_t)v, i, x)
		find_inbound(x, name, n, depth + 1);
	json_object_foreach((json_t *)(uintptr_t)v, key, x)
		find_inbound(x, name, n, depth + 1);
}

/* In a graph each layer has to get what the one before it gives, and nothing else. before: "" of the first. */
static int
check_line(const struct config *c, const json_t *layer, const char *before, struct err *e)
{
	const json_t *inbound = json_object_get(layer, "inbound_nodes");
	const char *from = "";
	int n = 0;

	if (inbound == NULL)
		return 0;
	find_inbound(inbound, &from, &n, 0);
	if (n == (*before != '\0') && strcmp(from, before) == 0)
		return 0;
	return fail(e, "%s: its layers do not follow one another in a line (\"%.60s\" takes the output of %d); thaw's "
	    "models do, so load another", c->path, json_string_value(json_object_get(layer, "name")), n);
}

static const char *
class_of(const json_t *layer)
{
	const char *class = json_string_value(json_object_get(layer, "class_name"));

	return class != NULL && strlen(class) < 40 && strpbrk(class, "(),='\" ") == NULL ? class : NULL;
}

static bool
is_model(const char *class)
{
	return strcmp(class, "Sequential") == 0 || strcmp(class, "Functional") == 0 || strcmp(class, "Model") == 0;
}

/* The name of a group: the class, counted among those of the same one within this model. */
static char *
group_of(const json_t *layers, size_t at, const char *prefix)
{
	char class[48], other[48];
	int n = 0;

	keras_snake(class, sizeof class, class_of(json_array_get(layers, at)));
	for (size_t i = 0; i < at; i++) {
		const char *name = class_of(json_array_get(layers, i));

		keras_snake(other, sizeof other, name != NULL ? name : "");
		n += strcmp(class, other) == 0;
	}
	return n > 0 ? xasprintf("%slayers/%s_%d", prefix, class, n) : xasprintf("%slayers/%s", prefix, class);
}

static int add_layers(struct config *c, const json_t *model, const char *prefix, bool trainable, int depth,
    struct err *e);

static int
add_one(struct config *c, const json_t *layers, size_t at, const char *prefix, bool trainable, int depth,
    struct err *e)
{
	const json_t *layer = json_array_get(layers, at), *config = json_object_get(layer, "config");
	const char *class = class_of(layer);
	char *group, *inner;
	int rc;

	if (class == NULL || !json_is_object(config))
		return fail(e, "%s: what it says of its layers is damaged; get the file again", c->path);
	if (read_input(c, json_object_get(config, "batch_shape"), e) < 0 ||
	    read_input(c, json_object_get(config, "batch_input_shape"), e) < 0)
		return -1;
	if (strcmp(class, "InputLayer") == 0)
		return 0;
	group = group_of(layers, at, prefix);
	inner = xasprintf("%s/", group);
	rc = is_model(class) ? add_layers(c, config, inner, trainable, depth + 1, e) :
	    add_layer(c, layer, class, group, trainable, e);
	free(inner);
	free(group);
	return rc;
}

static int
add_layers(struct config *c, const json_t *model, const char *prefix, bool trainable, int depth, struct err *e)
{
	const json_t *layers = json_object_get(model, "layers");
	const char *before = "", *name;
	size_t n = json_array_size(layers);

	trainable = trainable && !json_is_false(json_object_get(model, "trainable"));
	if (!json_is_array(layers) || n > 10 * NN_LAYERS_MAX || depth > DEPTH_MAX)
		return fail(e, "%s: its model has no list of layers, or too many of them; load another", c->path);
	if (read_input(c, json_object_get(model, "build_input_shape"), e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const json_t *layer = json_array_get(layers, i);

		if (check_line(c, layer, before, e) < 0 || add_one(c, layers, i, prefix, trainable, depth, e) < 0)
			return -1;
		name = json_string_value(json_object_get(json_object_get(layer, "config"), "name"));
		before = name != NULL ? name : "";
	}
	return 0;
}

/* ---- what it was compiled with ---- */

static const struct nn_optimizer_info *
optimizer_of(const char *class)
{
	const struct nn_optimizer_info *o;

	for (int i = 0; (o = nn_optimizer_at(i)) != NULL; i++)
		if (strcasecmp(o->keras_class, class) == 0)
			return o;
	return NULL;
}

/* The rate is a number, or a schedule with the one that it begins with. */
static void
read_rate(struct keras_compiled *c, const json_t *lr)
{
	const json_t *config = json_object_get(lr, "config"), *from = json_object_get(config, "initial_learning_rate");
	const char *class = json_string_value(json_object_get(lr, "class_name"));
	char buf[32];

	c->lr = json_is_number(lr) && json_number_value(lr) >= 0 ? json_number_value(lr) : NAN;
	if (class == NULL)
		return;
	class = strchr(class, '>') != NULL ? strchr(class, '>') + 1 : class;
	if (from == NULL) /* PiecewiseConstantDecay */
		from = json_array_get(json_object_get(config, "values"), 0);
	if (json_is_number(from))
		snprintf(c->schedule, sizeof c->schedule, "%.31s from %s", class,
		    keras_number(buf, json_number_value(from)));
	else
		snprintf(c->schedule, sizeof c->schedule, "%.31s", class);
	text_clean(c->schedule);
}

static void
odd_add(struct keras_compiled *c, const char *option)
{
	size_t n = strlen(c->odd);

	snprintf(c->odd + n, sizeof c->odd - n, "%s%s", n > 0 ? ", " : "", option);
}

static void
read_options(struct keras_compiled *c, const json_t *config)
{
	static const char *const odd[] = {"weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "nesterov",
	    "amsgrad", "use_ema", "gradient_accumulation_steps", NULL};
	const json_t *lr = json_object_get(config, "learning_rate");

	if (lr != NULL)
		read_rate(c, lr);
	for (int i = 0; c->optimizer->hyper[i] != NULL; i++) {
		const json_t *v = json_object_get(config, c->optimizer->hyper[i]);

		if (json_is_number(v))
			c->hyper[i] = json_number_value(v);
	}
	for (int i = 0; odd[i] != NULL; i++) {
		const json_t *v = json_object_get(config, odd[i]);

		if (json_is_true(v) || (json_is_number(v) && json_number_value(v) != 0))
			odd_add(c, odd[i]);
	}
}

static void
read_compiled(struct keras_compiled *c, const json_t *o)
{
	const json_t *optimizer = json_object_get(o, "optimizer"), *loss = json_object_get(o, "loss");
	const char *class = json_string_value(optimizer);

	*c = (struct keras_compiled){.hyper = {NAN, NAN, NAN, NAN}};
	if (optimizer == NULL)
		optimizer = json_object_get(o, "optimizer_config"); /* Keras 2 */
	if (json_is_object(optimizer))
		class = json_string_value(json_object_get(optimizer, "class_name"));
	if (class == NULL)
		return;
	class = strchr(class, '>') != NULL ? strchr(class, '>') + 1 : class;
	snprintf(c->class, sizeof c->class, "%s", class);
	text_clean(c->class);
	c->smoothing = json_number_value(json_object_get(json_object_get(loss, "config"), "label_smoothing"));
	if (json_is_object(loss)) /* a function is of the class "function", and its name the config */
		loss = json_is_string(json_object_get(loss, "config")) ? json_object_get(loss, "config") :
		    json_object_get(loss, "class_name");
	snprintf(c->loss, sizeof c->loss, "%s", json_is_string(loss) ? json_string_value(loss) : "");
	text_clean(c->loss);
	if ((c->optimizer = optimizer_of(class)) == NULL)
		return;
	c->lr = strcasecmp(class, "SGD") == 0 ? 0.01 : 0.001; /* Keras' own, of one that is named and no more */
	read_options(c, json_object_get(optimizer, "config"));
}

int
keras_config_read(const char *path, const json_t *config, const json_t *compiled, struct keras_model *m, struct err *e)
{
	struct config c = {.path = path, .m = m};
	const char *class = class_of(config);
	const struct nn_layer_spec *last;

	*m = (struct keras_model){.plan.features = -1};
	if (class == NULL || !is_model(class)) {
		fail(e, "%s is a model of its own class (%.40s), which is code; thaw reads Sequential and what is like "
		    "it", path, class != NULL ? class : "unknown");
		return -1;
	}
	if (add_layers(&c, json_object_get(config, "config"), "", true, 0, e) < 0) {
		keras_model_free(m);
		return -1;
	}
	if (m->plan.n == 0) {
		keras_model_free(m);
		return fail(e, "%s: its model has no layers; load another", path);
	}
	last = &m->plan.spec[m->plan.n - 1];
	if (strcmp(last->kind, "dense") == 0 && (last->activation == NULL || strcmp(last->activation, "linear") == 0)) {
		m->plan.spec[m->plan.n] = (struct nn_layer_spec){.kind = "activation", .activation = "softmax"};
		m->trainable[m->plan.n++] = true;
		m->logits = true;
	}
	read_compiled(&m->compiled, compiled);
	return 0;
}
