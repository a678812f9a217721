/* build.c: making a session's model. A model is a plan (layers in order, where the head begins), its text, and the net that
 * comes of it; the kinds of layers and their attributes are nn's, nothing here knows one of them by name but the activity's
 * own model.
 */
#include "build.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "point.h"
#include "util/text.h"
#include "util/xmalloc.h"

#define WORDS_MAX 8 /* of one layer */

const struct build_hyper build_hyper_default = {32, 3, 2, 128, 5, 0.25, 0.5};

/* ---- one layer as text ---- */

/* The kind that a word names: its own name, or, for a kind that begins with one word of a list, that word ("relu"). */
static const char *
kind_of(const char *word, bool *short_form)
{
	const char *const *kinds = nn_layer_kinds();

	*short_form = false;
	for (int i = 0; kinds[i] != NULL; i++)
		if (strcmp(kinds[i], word) == 0)
			return kinds[i];
	*short_form = true;
	for (int i = 0; kinds[i] != NULL; i++) {
		const struct nn_attr *a = nn_layer_attrs(kinds[i]);

		for (int k = 0; a[0].name != NULL && a[0].type == NN_ATTR_WORD && a[0].words[k] != NULL; k++)
			if (strcmp(a[0].words[k], word) == 0)
				return kinds[i];
	}
	return NULL;
}

/* How a kind is written: "conv2d filters kernel_size", "relu, softmax". */
static void
kind_usage(struct str *b, const char *kind)
{
	const struct nn_attr *a = nn_layer_attrs(kind);

	if (a[0].name != NULL && a[0].type == NN_ATTR_WORD) {
		for (int k = 0; a[0].words[k] != NULL; k++)
			str_add(b, "%s%s", k > 0 ? ", " : "", a[0].words[k]);
		return;
	}
	str_add(b, "%s", kind);
	for (; a->name != NULL; a++)
		str_add(b, isnan(a->value) ? " %s" : " [%s]", a->name);
}

static int
attr_missing(const char *kind, const struct nn_attr *a, struct err *e)
{
	struct str usage = {0};

	kind_usage(&usage, kind);
	fail(e, "%s: its %s is missing; write %s", kind, a->name, usage.s);
	free(usage.s);
	return -1;
}

static int
kind_unknown(const char *word, struct err *e)
{
	const char *names[64];
	const char *const *kinds = nn_layer_kinds();
	struct str list = {0};
	const char *near;
	int n = 0;

	for (int i = 0; kinds[i] != NULL; i++) {
		const struct nn_attr *a = nn_layer_attrs(kinds[i]);

		names[n++] = kinds[i];
		for (int k = 0; a[0].name != NULL && a[0].type == NN_ATTR_WORD && a[0].words[k] != NULL && n < 64; k++)
			names[n++] = a[0].words[k];
	}
	for (int i = 0; kinds[i] != NULL; i++) {
		str_add(&list, "%s", i > 0 ? ", " : "");
		kind_usage(&list, kinds[i]);
	}
	near = near_word(word, names, n);
	if (near != NULL)
		fail(e, "unknown layer \"%.40s\" - did you mean \"%s\"? (layers: %s)", word, near, list.s);
	else
		fail(e, "unknown layer \"%.40s\" (layers: %s)", word, list.s);
	free(list.s);
	return -1;
}

static int
attr_set(struct nn_layer_spec *spec, const struct nn_attr *a, const char *kind, const char *word, struct err *e)
{
	void *at = (char *)spec + a->offset;
	char *end = NULL;

	if (a->type == NN_ATTR_WORD) {
		for (int k = 0; a->words[k] != NULL; k++) {
			if (strcmp(a->words[k], word) == 0) {
				*(const char **)at = a->words[k];
				return 0;
			}
		}
		return fail(e, "%s: unknown %s \"%.40s\"; choose %s or %s", kind, a->name, word, a->words[0], a->words[1]);
	}
	if (a->type == NN_ATTR_INT) {
		long v = strtol(word, &end, 10);

		if (end == word || *end != '\0' || v < 1 || v > INT_MAX)
			return fail(e, "%s: %s is a whole number from 1 on, not \"%.40s\"", kind, a->name, word);
		*(int *)at = (int)v;
		return 0;
	}
	*(double *)at = strtod(word, &end);
	if (end == word || *end != '\0' || !isfinite(*(double *)at))
		return fail(e, "%s: %s is a number, not \"%.40s\"", kind, a->name, word);
	return 0;
}

static int
layer_parse(char *item, struct nn_layer_spec *spec, struct err *e)
{
	char *word[WORDS_MAX], *save = NULL;
	const struct nn_attr *a;
	const char *kind;
	bool short_form;
	int n = 0, at;

	for (char *w = strtok_r(item, " \t\r\n", &save); w != NULL; w = strtok_r(NULL, " \t\r\n", &save)) {
		if (n == WORDS_MAX)
			return fail(e, "%.40s: too many words; layers are separated by commas", word[0]);
		word[n++] = w;
	}
	if (n == 0)
		return fail(e, "a layer is missing beside a comma or the bar; write conv2d 32 3, relu, ... | ..., softmax");
	if ((kind = kind_of(word[0], &short_form)) == NULL)
		return kind_unknown(word[0], e);
	memset(spec, 0, sizeof *spec);
	spec->kind = kind;
	at = short_form ? 0 : 1;
	for (a = nn_layer_attrs(kind); a->name != NULL; a++) {
		if (at < n) {
			if (attr_set(spec, a, kind, word[at++], e) < 0)
				return -1;
		} else if (a->type == NN_ATTR_WORD || isnan(a->value))
			return attr_missing(kind, a, e);
		else if (a->type == NN_ATTR_INT)
			*(int *)((char *)spec + a->offset) = (int)a->value;
		else
			*(double *)((char *)spec + a->offset) = a->value;
	}
	if (at < n)
		return fail(e, "%s: \"%.40s\" is one word too many; layers are separated by commas", kind, word[at]);
	return 0;
}

static void
layer_text(struct str *b, const struct nn_layer_spec *spec)
{
	const struct nn_attr *a = nn_layer_attrs(spec->kind);
	char number[32];

	if (a[0].name != NULL && a[0].type == NN_ATTR_WORD)
		str_add(b, "%s", *(const char *const *)((const char *)spec + a[0].offset));
	else
		str_add(b, "%s", spec->kind);
	for (; a->name != NULL; a++) {
		const void *at = (const char *)spec + a->offset;

		if (a->type == NN_ATTR_INT)
			str_add(b, " %d", *(const int *)at);
		else if (a->type == NN_ATTR_REAL)
			str_add(b, " %s", num_text(number, *(const double *)at));
	}
}

/* ---- plans ---- */

int
build_parse(const char *text, struct build_plan *p, struct err *e)
{
	char *copy = xstrdup(text), *item = copy;
	int bar = -1, rc = 0;

	p->n = 0;
	for (;;) {
		size_t len = strcspn(item, ",|");
		char end = item[len];

		item[len] = '\0';
		if (p->n == NN_LAYERS_MAX) {
			rc = fail(e, "more than %d layers; build a smaller model", NN_LAYERS_MAX);
			break;
		}
		if (bar == p->n && item[strspn(item, " \t\r\n")] == '\0' && end == '\0') { /* nothing behind the bar: no head */
			rc = fail(e, "no layer behind the bar; the head ends with dense N, softmax");
			break;
		}
		if ((rc = layer_parse(item, &p->spec[p->n], e)) < 0)
			break;
		p->n++;
		if (end == '\0')
			break;
		if (end == '|' && bar >= 0) {
			rc = fail(e, "more than one bar; a single | divides the features from the head");
			break;
		}
		if (end == '|')
			bar = p->n;
		item += len + 1;
	}
	free(copy);
	p->features = bar;
	return rc;
}

void
build_hyper_plan(const struct build_hyper *h, struct build_plan *p)
{
	*p = (struct build_plan){
		.n = 12,
		.features = 7,
		.spec = {
			{.kind = "conv2d", .filters = h->filters, .kernel = h->kernel},
			{.kind = "activation", .activation = "relu"},
			{.kind = "conv2d", .filters = h->filters, .kernel = h->kernel},
			{.kind = "activation", .activation = "relu"},
			{.kind = "max_pooling2d", .pool = h->pool},
			{.kind = "dropout", .rate = h->dropout1},
			{.kind = "flatten"},
			{.kind = "dense", .units = h->dense},
			{.kind = "activation", .activation = "relu"},
			{.kind = "dropout", .rate = h->dropout2},
			{.kind = "dense", .units = h->classes},
			{.kind = "activation", .activation = "softmax"},
		},
	};
}

char *
build_text(const struct build_plan *p)
{
	struct str b = {0};

	for (int i = 0; i < p->n; i++) {
		str_add(&b, "%s", i == 0 ? "" : i == p->features ? " | " : ", ");
		layer_text(&b, &p->spec[i]);
	}
	return b.s;
}

char *
build_net_text(const struct nn_net *net, int features)
{
	struct build_plan p = {.n = nn_net_count(net), .features = features};

	for (int i = 0; i < p.n; i++) {
		p.spec[i] = nn_net_layer(net, i)->spec;
		p.spec[i].rate = nn_net_layer(net, i)->rate;
	}
	return build_text(&p);
}

struct nn_net *
build_net(const struct build_plan *p, struct nn_shape in, struct err *e)
{
	struct nn_err why = {""};
	struct nn_net *net = nn_net_new(in, p->spec, p->n, &why);

	if (net == NULL)
		fail(e, "%s", why.text);
	return net;
}

int
build_features(const struct build_plan *p, const struct nn_net *net)
{
	int n = nn_net_count(net);

	if (p->features >= 0)
		return p->features;
	for (int i = n - 1; i >= 0; i--)
		if (nn_net_layer(net, i)->in.rank == 3 && nn_net_layer(net, i)->out.rank == 1)
			return i + 1;
	for (int i = n - 1; i >= 0; i--)
		if (nn_net_layer(net, i)->params > 0)
			return i;
	return 0;
}

/* ---- the session's model ---- */

int
build_input(struct session *s, struct nn_shape *in, struct err *e)
{
	struct dataset *d = s->data;

	/* What is bundled is known without reading it, so that a model is there at once. */
	if (d == NULL && (strcmp(s->data_name, "mnist") == 0 || strcmp(s->data_name, "fashion") == 0)) {
		*in = (struct nn_shape){3, {28, 28, 1}};
		return 0;
	}
	if (d == NULL && (d = session_data(s, e)) == NULL)
		return -1;
	*in = d->train.images.shape;
	return 0;
}

void
build_install(struct session *s, struct nn_net *net, int features, uint64_t seed)
{
	session_cache_drop(s);
	snapshot_clear(s);
	for (int i = 0; i < s->nruns; i++) {
		struct run *r = s->runs[i];

		free(r->weights);
		free(r->before);
		r->weights = r->before = NULL;
		for (int k = 0; k < NN_SLOTS_MAX; k++) {
			free(r->slot[k]);
			r->slot[k] = NULL;
		}
	}
	for (int i = 0; i < NN_LAYERS_MAX; i++)
		s->set.layer_lr[i] = NAN;
	nn_net_free(s->model.net);
	free(s->model.build);
	s->model = (struct model){.net = net, .features = features, .build = build_net_text(net, features), .seed = seed, .asked = s->set.seed};
	s->next_epoch = 0;
	s->last_split = (struct split){0};
	s->results = (struct results){0};
}

struct nn_net *
session_net(struct session *s, struct err *e)
{
	struct build_plan p;
	struct nn_shape in;
	struct nn_net *net;

	if (s->model.net != NULL)
		return s->model.net;
	build_hyper_plan(&build_hyper_default, &p);
	if (build_input(s, &in, e) < 0 || (net = build_net(&p, in, e)) == NULL)
		return NULL;
	nn_net_init(net, 0, p.n - 1, s->set.seed);
	build_install(s, net, build_features(&p, net), s->set.seed);
	return net;
}

bool
build_is_feature(const struct session *s, int layer)
{
	return layer < s->model.features;
}

const char *
build_group(const struct session *s, int layer)
{
	return build_is_feature(s, layer) ? "features" : "head";
}
