/* keras_save.c: a session's model as Keras 3 saves it: the same bytes each time, without a date.
 *
 * The variables of a layer are layers/NAME/vars/0, 1 ..., for thaw's names are the classes, counted, as Keras' groups
 * are. The optimizer has optimizer/vars/0 (steps), 1 (rate), and from 2 on its slots, for each variable that trains.
 */
#include "config.h"
#include "file/keras_save.h"

#include "file/hdf5.h"
#include "session/made.h"
#include "util/xmalloc.h"
#include "util/zip_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A file of weights while it is put together. */
struct keras_save {
	json_t *said; /* attributes and whole numbers */
	size_t n;
	struct tensor_source *x;
	float rate;
	uint64_t steps;
	const float *slot[NN_SLOTS_MAX];
	float *zeros; /* slots of a run that has not begun; NULL: there are others */
};

static void
add_text(struct keras_save *k, char *key, const char *text)
{
	json_object_set_new(k->said, key, out_string(text));
	free(key);
}

static void
add_tensor(struct keras_save *k, char *name, int rank, const int *dim, const float *data)
{
	struct tensor_source *x;

	k->x = xrealloc(k->x, k->n + 1, sizeof *k->x);
	x = &k->x[k->n++];
	*x = (struct tensor_source){.rank = rank, .data = data};
	snprintf(x->name, sizeof x->name, "%s", name);
	free(name);
	for (int i = 0; i < rank; i++)
		x->dim[i] = dim[i];
}

static void
add_layers(struct keras_save *k, struct nn_net *net, const bool *pick)
{
	const float *weights = nn_net_weights(net);

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		if (pick != NULL && !pick[i])
			continue;
		add_text(k, xasprintf("layers/%s/vars@name", l->name), l->name);
		for (int j = 0; j < l->ntensors; j++)
			add_tensor(k, xasprintf("layers/%s/vars/%d", l->name, j), l->tensor[j].rank, l->tensor[j].dim,
			    weights + l->tensor[j].offset);
	}
}

/* What Keras makes no variables for: SGD without a momentum. */
static int
slots_of(const struct nn_run_config *c)
{
	return strcmp(c->optimizer->name, "sgd") == 0 && c->momentum == 0 ? 0 : c->optimizer->nslots;
}

/* Of the run that was interrupted, as they came with the weights, or zeros. -1: no memory. */
static int
find_slots(struct keras_save *k, struct session *s)
{
	const struct run *r = keras_open_run(s);
	const struct slots *x = r == NULL ? keras_loaded_slots(s) : NULL;

	if (r == NULL && x == NULL && (k->zeros = calloc(nn_net_params(s->model.net), sizeof *k->zeros)) == NULL)
		return -1;
	k->steps = r != NULL ? r->state.iterations : x != NULL ? x->steps : 0;
	for (int o = 0; o < NN_SLOTS_MAX; o++)
		k->slot[o] = r != NULL ? r->slot[o] : x != NULL ? x->slot[o] : k->zeros;
	return 0;
}

/* -1: no memory. */
static int
add_optimizer(struct keras_save *k, struct session *s)
{
	double lr;
	const struct nn_run_config *c = keras_run_config(s, &lr);
	const struct nn_net *net = s->model.net;
	char steps[32];
	int n = 0;

	if (find_slots(k, s) < 0)
		return -1;
	k->rate = (float)lr;
	snprintf(steps, sizeof steps, "%d", k->steps <= INT32_MAX ? (int)k->steps : 0);
	add_text(k, xstrdup("optimizer/vars@name"), c->optimizer->name);
	add_text(k, xstrdup("optimizer/vars/0#"), steps);
	add_tensor(k, xstrdup("optimizer/vars/1"), 0, NULL, &k->rate);
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		for (int j = 0; j < l->ntensors && l->trainable; j++) {
			const struct nn_tensor *w = &l->tensor[j];

			for (int o = 0; o < slots_of(c) && w->offset - l->offset < l->learn; o++)
				add_tensor(k, xasprintf("optimizer/vars/%d", 2 + n++), w->rank, w->dim,
				    k->slot[o] + w->offset);
		}
	}
	return 0;
}

static void
warn_odd(struct session *s)
{
	const float *weights = nn_net_weights(s->model.net);
	size_t odd = 0;

	for (size_t i = 0; i < nn_net_params(s->model.net); i++)
		odd += !isfinite(weights[i]);
	if (odd > 0)
		out_warn(s->out, "%zu weights are NaN or infinite, so thaw will not load the file again; `reset` and "
		    "train with a lower lr", odd);
}

/* The bytes of the HDF5 file; the caller's to free. */
static uint8_t *
make_weights(struct session *s, const char *path, const bool *pick, bool optimizer, size_t *n, struct err *e)
{
	struct keras_save k = {.said = json_object()};
	uint8_t *p = NULL;

	add_layers(&k, s->model.net, pick);
	if (k.n == 0)
		fail(e, "there are no weights to save in these layers; name layers with parameters, as conv2d or "
		    "dense");
	else if (optimizer && pick == NULL && add_optimizer(&k, s) < 0)
		fail_memory(e, "not enough memory for the optimizer's state");
	else {
		add_text(&k, xstrdup("vars@name"), "sequential");
		p = hdf5_make(path, k.said, k.x, k.n, n, e);
	}
	if (p != NULL)
		warn_odd(s);
	json_decref(k.said);
	free(k.x);
	free(k.zeros);
	return p;
}

int
keras_save_weights(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e)
{
	size_t n;
	bool state = keras_open_run(s) != NULL || keras_loaded_slots(s) != NULL;
	uint8_t *p = make_weights(s, path, pick, state, &n, e);

	if (p == NULL)
		return -1;
	fwrite(p, 1, n, f);
	free(p);
	return 0;
}

/* Beside what Keras writes there, and does not read: who has written the file, and where its head begins. */
static char *
make_metadata(const struct session *s)
{
	json_t *o = out_pack("{s:s, s:s, s:s, s:i}", "keras_version", "3.0.0", "date_saved", "1980-01-01@00:00:00",
	    "written_by", "thaw " PACKAGE_VERSION, "features", s->model.features);
	char *text = out_json_text(o);

	json_decref(o);
	return text;
}

int
keras_save(struct session *s, const bool *pick, FILE *f, const char *path, struct err *e)
{
	struct zip_writer z = {.f = f};
	struct zip_part none = {"", 0};
	struct {
		const char *name;
		struct zip_part part;
	} member[] = {{"metadata.json", {NULL, 0}}, {"config.json", {NULL, 0}},
	    {"model.weights.h5", {NULL, 0}}};
	json_t *o;
	char *config, *metadata;
	uint8_t *weights;
	size_t n;
	int rc = -1;

	if (pick != NULL)
		return fail(e, "a .keras file has a whole model; end its name with .weights.h5 for the weights of some "
		    "layers");
	o = keras_describe(s);
	config = out_json_text(o);
	json_decref(o);
	metadata = make_metadata(s);
	if ((weights = make_weights(s, path, NULL, true, &n, e)) != NULL && config != NULL && metadata != NULL) {
		member[0].part = (struct zip_part){metadata, strlen(metadata)};
		member[1].part = (struct zip_part){config, strlen(config)};
		member[2].part = (struct zip_part){weights, n};
		rc = 0;
	}
	for (size_t i = 0; i < sizeof member / sizeof *member && rc == 0; i++)
		rc = zip_write(&z, member[i].name, member[i].part, none, e);
	if (zip_write_end(&z, rc == 0 ? e : NULL) < 0)
		rc = -1;
	free(metadata);
	free(config);
	free(weights);
	return rc;
}
