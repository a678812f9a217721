/* keras_file.c: opens what Keras writes, and finds the tensors of a net in it.
 *
 * Keras 3 puts the variables of a layer into layers/GROUP/vars/0, 1 ..., where GROUP is its class, counted. Keras 2 has
 * a list of layers as an attribute, of each of them a list of weights, and those lie by their own names.
 */
#include "file/keras_file.h"

#include "file/hdf5.h"
#include "util/out.h"
#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"
#include "util/zip.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANOTHER "get the file again, or load another"

enum { VALUES_MAX = 200000 }; /* of JSON */
enum { METADATA_MAX = 65536 }; /* bytes */

/* ---- opening ---- */

static json_t *
parse(const char *path, const char *what, const char *text, struct err *e)
{
	size_t n = strlen(text);
	json_error_t why;
	bool no_memory;
	json_t *o;

	if (n > KERAS_JSON_MAX || out_json_values(text, n) > VALUES_MAX) {
		fail(e, "%s: its %s is longer than that of any model; load another", path, what);
		return NULL;
	}
	if ((o = out_json_parse(text, n, &no_memory, &why)) != NULL)
		return o;
	if (no_memory)
		fail_memory(e, "%s: not enough memory for its %s", path, what);
	else
		fail(e, "%s: its %s is no JSON; " ANOTHER, path, what);
	return NULL;
}

/* What a file is by its first bytes. One that cannot be opened is left to its reader, which says why. */
enum kind { KIND_OTHER, KIND_ZIP, KIND_HDF5, KIND_NOWHERE };

static enum kind
kind_of(const char *path)
{
	char head[4] = "";
	int fd = reach_open(path, 0);

	if (fd < 0)
		return KIND_NOWHERE;
	if (pread(fd, head, sizeof head, 0) < 0)
		head[0] = '\0';
	close(fd);
	return memcmp(head, "PK", 2) == 0 ? KIND_ZIP : memcmp(head, "\x89HDF", 4) == 0 ? KIND_HDF5 : KIND_OTHER;
}

/* A member as text; the caller's. */
static char *
member_text(const struct zip *z, const char *name, struct err *e)
{
	const struct zip_member *m = zip_find(z, name);

	if (m != NULL)
		return (char *)zip_read(z, m, KERAS_JSON_MAX, e);
	fail(e, "%s is a ZIP archive, but none of Keras: it has no %s; load another", z->path, name);
	return NULL;
}

/* Where thaw has saved it, metadata.json says where the head begins; what cannot be is as if it were not there. */
static void
read_features(const struct zip *z, struct keras_model *m)
{
	const struct zip_member *member = zip_find(z, "metadata.json");
	struct err ignored = {0};
	char *text = member != NULL ? (char *)zip_read(z, member, METADATA_MAX, &ignored) : NULL;
	json_t *o = text != NULL ? parse(z->path, "metadata.json", text, &ignored) : NULL;
	const char *by = json_string_value(json_object_get(o, "written_by"));
	const json_t *features = json_object_get(o, "features");
	json_int_t n = json_is_integer(features) ? json_integer_value(features) : -1;

	if (by != NULL && strncmp(by, "thaw ", 5) == 0 && n >= 0 && n < m->plan.n)
		m->plan.features = (int)n;
	json_decref(o);
	free(text);
}

static int
open_archive(struct zip *z, bool weights_alone, struct keras_file *k, struct err *e)
{
	const struct zip_member *m = zip_find(z, "model.weights.h5");
	char *text = member_text(z, "config.json", e);
	json_t *o = text != NULL ? parse(z->path, "config.json", text, e) : NULL;
	uint8_t *weights = NULL;
	int rc = -1;

	free(text);
	k->described = o != NULL && keras_config_read(z->path, o, json_object_get(o, "compile_config"), &k->model,
	    e) == 0;
	if (k->described)
		read_features(z, &k->model);
	if (o == NULL || (!k->described && !weights_alone))
		;
	else if (m == NULL && zip_find(z, "model.weights.npz") != NULL)
		fail(e, "%s has its weights as pickles, which can run code; save it with h5py installed", z->path);
	else if (m == NULL)
		fail(e, "%s has no model.weights.h5; " ANOTHER, z->path);
	else if ((weights = zip_read(z, m, HDF5_FILE_MAX, e)) != NULL &&
	    (k->t = hdf5_open(z->path, weights, m->size, e)) != NULL)
		rc = 0;
	free(weights);
	json_decref(o);
	return rc;
}

/* Keras 2 puts the model beside the weights, as attributes of the root. */
static int
open_described(struct keras_file *k, const char *config, bool weights_alone, struct err *e)
{
	const char *said = json_string_value(json_object_get(k->t->metadata, "@training_config"));
	json_t *o = parse(k->t->path, "model_config", config, e), *compiled = NULL;
	int rc = o != NULL ? 0 : -1;

	if (rc == 0 && said != NULL && (compiled = parse(k->t->path, "training_config", said, e)) == NULL)
		rc = -1;
	k->described = rc == 0 && keras_config_read(k->t->path, o, compiled, &k->model, e) == 0;
	if (!k->described && !weights_alone)
		rc = -1;
	json_decref(compiled);
	json_decref(o);
	return rc;
}

static bool
has_suffix_part(const char *name, const char *part)
{
	const char *at = strstr(name, part);

	return at != NULL && (at == name || at[-1] == '/');
}

/* Takes out what no layer has as weights, and puts aside what is the optimizer's. */
static void
drop_others(struct keras_file *k)
{
	static const char *const others[] = {"optimizer/", "optimizer_weights/", "metrics/", "compile_metrics/",
	    "seed_generator/", "_metrics/"};
	size_t n = 0;

	k->state = xcalloc(k->t->n, sizeof *k->state);
	for (size_t i = 0; i < k->t->n; i++) {
		bool other = false;

		for (size_t j = 0; j < sizeof others / sizeof *others; j++)
			other |= has_suffix_part(k->t->entry[i].name, others[j]);
		if (strncmp(k->t->entry[i].name, "optimizer/", 10) == 0 ||
		    strncmp(k->t->entry[i].name, "optimizer_weights/", 18) == 0)
			k->state[k->nstate++] = k->t->entry[i];
		if (!other)
			k->t->entry[n++] = k->t->entry[i];
	}
	k->t->n = n;
}

int
keras_open(const char *path, bool weights, struct keras_file *k, struct err *e)
{
	const char *config;
	enum kind kind = kind_of(path);
	struct zip z;
	int rc = -1;

	*k = (struct keras_file){0};
	if (kind == KIND_ZIP) {
		if (zip_open(&z, path, e) == 0) {
			rc = open_archive(&z, weights, k, e);
			zip_close(&z);
		}
	} else if (kind == KIND_OTHER && text_ends(path, ".keras"))
		fail(e, "%s is no file of Keras: it is neither a ZIP archive nor HDF5; load another", path);
	else if ((k->t = hdf5_open_file(path, e)) != NULL) {
		config = json_string_value(json_object_get(k->t->metadata, "@model_config"));
		rc = config != NULL ? open_described(k, config, weights, e) : 0;
	}
	if (rc == 0) {
		drop_others(k);
		return 0;
	}
	keras_close(k);
	return -1;
}

void
keras_close(struct keras_file *k)
{
	tensors_close(k->t);
	keras_model_free(&k->model);
	for (size_t i = 0; i < k->nown; i++)
		free(k->own[i]);
	free(k->own);
	free(k->state);
	*k = (struct keras_file){0};
}

/* ---- names ---- */

static void
rename_entry(struct keras_file *k, const char *path, const char *name)
{
	for (size_t i = 0; i < k->t->n; i++)
		if (strcmp(k->t->entry[i].name, path) == 0) {
			k->own = xrealloc(k->own, k->nown + 1, sizeof *k->own);
			k->own[k->nown++] = xstrdup(name);
			k->t->entry[i].name = k->own[k->nown - 1];
			return;
		}
}

/* By the groups of Keras 3. */
static void
name_groups(struct keras_file *k, const struct nn_net *net)
{
	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);

		for (int j = 0; j < l->ntensors; j++) {
			char *path = k->described ? xasprintf("%s/vars/%d", k->model.group[i], j) :
			    xasprintf("layers/%s/vars/%d", l->name, j);

			rename_entry(k, path, l->tensor[j].name);
			free(path);
		}
	}
}

json_t *
keras_list(const struct tensors *t, const char *object, const char *name)
{
	json_t *all = NULL;

	for (int i = -1; i < 1000; i++) {
		char *key = i < 0 ? xasprintf("%s@%s", object, name) : xasprintf("%s@%s%d", object, name, i);
		const char *text = json_string_value(json_object_get(t->metadata, key));
		json_error_t why;
		bool no_memory;
		json_t *part = text != NULL && text[0] == '[' ? out_json_parse(text, strlen(text), &no_memory, &why) :
		    NULL;

		free(key);
		if (part != NULL) { /* of text that begins so, it is a list */
			all = all != NULL ? all : json_array();
			json_array_extend(all, part);
		}
		json_decref(part);
		if (i < 0 ? all != NULL : part == NULL)
			break;
	}
	return all;
}

/* The weights of one layer of an old file: those of a list that have one path before their last name. */
struct old_layer {
	char *path; /* model_weights/conv2d/conv2d */
	const char *name; /* conv2d, at its end */
	bool taken; /* by a layer of the net */
	int n;
	char *weight[NN_TENSORS_MAX]; /* their whole paths */
};

struct old_layers {
	size_t n;
	struct old_layer *list;
};

static void
old_add(struct old_layers *o, const char *object, const char *weight)
{
	char *whole = xasprintf("%s/%s", object, weight), *path = xstrdup(whole);
	struct old_layer *l = NULL;

	*strrchr(path, '/') = '\0';
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->list[i].path, path) == 0)
			l = &o->list[i];
	if (l == NULL) {
		o->list = xrealloc(o->list, o->n + 1, sizeof *o->list);
		l = &o->list[o->n++];
		*l = (struct old_layer){.path = xstrdup(path)};
		l->name = strrchr(l->path, '/') != NULL ? strrchr(l->path, '/') + 1 : l->path;
	}
	if (l->n < NN_TENSORS_MAX)
		l->weight[l->n++] = whole;
	else
		free(whole);
	free(path);
}

static void
old_read(struct old_layers *o, const struct tensors *t, const char *root, const json_t *layers)
{
	json_t *name, *weight, *weights;
	size_t i, j;

	json_array_foreach((json_t *)(uintptr_t)layers, i, name) {
		char *object = xasprintf("%s%s%s", root, *root != '\0' ? "/" : "", json_string_value(name) != NULL ?
		    json_string_value(name) : "");

		weights = keras_list(t, object, "weight_names");
		json_array_foreach(weights, j, weight)
			if (json_is_string(weight))
				old_add(o, object, json_string_value(weight));
		json_decref(weights);
		free(object);
	}
}

/* The tensor that a weight's own name means, kernel:0; else the next one. */
static const char *
tensor_of(const struct nn_layer *l, const char *weight, int next)
{
	const char *name = strrchr(weight, '/') + 1;
	size_t n = strcspn(name, ":");

	for (int j = 0; j < l->ntensors; j++) {
		const char *own = strchr(l->tensor[j].name, '.') + 1;

		if (strlen(own) == n && strncmp(own, name, n) == 0)
			return l->tensor[j].name;
	}
	return next < l->ntensors ? l->tensor[next].name : NULL;
}

/* The layers of an old file by their names where the model is known, else in their order. Models in one another may
 * have layers of one name, which stand in the order of the net.
 */
static void
name_old(struct keras_file *k, const struct nn_net *net, struct old_layers *o)
{
	size_t next = 0;

	for (int i = 0; i < nn_net_count(net); i++) {
		const struct nn_layer *l = nn_net_layer(net, i);
		struct old_layer *from = NULL;

		if (l->ntensors == 0)
			continue;
		for (size_t j = 0; j < o->n && from == NULL && k->described; j++)
			if (!o->list[j].taken && strcmp(o->list[j].name, k->model.name[i]) == 0)
				from = &o->list[j];
		if (from == NULL && next < o->n)
			from = &o->list[next];
		next++;
		if (from != NULL)
			from->taken = true;
		for (int j = 0; from != NULL && j < from->n; j++) {
			const char *name = tensor_of(l, from->weight[j], j);

			if (name != NULL)
				rename_entry(k, from->weight[j], name);
		}
	}
}

void
keras_names(struct keras_file *k, const struct nn_net *net)
{
	json_t *layers = keras_list(k->t, "model_weights", "layer_names");
	const char *root = layers != NULL ? "model_weights" : "";
	struct old_layers o = {0};

	if (layers == NULL)
		layers = keras_list(k->t, "", "layer_names");
	if (layers == NULL) {
		name_groups(k, net);
		return;
	}
	old_read(&o, k->t, root, layers);
	name_old(k, net, &o);
	for (size_t i = 0; i < o.n; i++) {
		for (int j = 0; j < o.list[i].n; j++)
			free(o.list[i].weight[j]);
		free(o.list[i].path);
	}
	free(o.list);
	json_decref(layers);
}
