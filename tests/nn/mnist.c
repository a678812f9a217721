/* mnist.c: see mnist.h. */
#include "mnist.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "%s: %s\n", name, what);
	exit(99);
}

static const char *
top(void)
{
	const char *dir = getenv("top_srcdir");

	return dir != NULL ? dir : ".";
}

const char *
golden(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof path, "%s/tests/nn/parity/%s", top(), name);
	return path;
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The bytes of an IDX file of `rank` dimensions. */
static uint8_t *
idx(const char *name, int rank, size_t *count)
{
	char path[4096];
	uint8_t head[16], *data;
	size_t size = 1;
	gzFile f;

	snprintf(path, sizeof path, "%s/assets/mnist/%s", top(), name);
	f = gzopen(path, "rb");
	if (f == NULL || gzread(f, head, 4 + 4 * (unsigned)rank) != 4 + 4 * rank || head[3] != rank)
		die("cannot read", path);
	for (int i = 0; i < rank; i++)
		size *= be32(head + 4 + 4 * i);
	*count = be32(head + 4);
	data = malloc(size);
	if (data == NULL || gzread(f, data, (unsigned)size) != (int)size)
		die("too short", path);
	gzclose(f);
	return data;
}

void
mnist_load(struct mnist *m, const char *part)
{
	char name[64];
	size_t labels;

	memset(m, 0, sizeof *m);
	snprintf(name, sizeof name, "%s-images-idx3-ubyte.gz", part);
	m->pixels = idx(name, 3, &m->images.count);
	snprintf(name, sizeof name, "%s-labels-idx1-ubyte.gz", part);
	m->label = idx(name, 1, &labels);
	m->images.shape = (struct nn_shape){3, {28, 28, 1}};
	m->images.pixels = m->pixels;
}

void
mnist_free(struct mnist *m)
{
	free(m->pixels);
	free(m->label);
}

void
choice_make(struct choice *c, const struct mnist *m, int from, int to, size_t limit)
{
	size_t n = 0;

	c->index = malloc(sizeof *c->index * m->images.count);
	c->unit = malloc(m->images.count * sizeof *c->unit);
	for (size_t i = 0; i < m->images.count && (limit == 0 || n < limit); i++)
		if (m->label[i] >= from && m->label[i] <= to) {
			c->index[n] = (uint32_t)i;
			c->unit[n++] = (uint16_t)(m->label[i] - from);
		}
	c->set = (struct nn_set){&m->images, c->index, c->unit, n};
}

void
choice_free(struct choice *c)
{
	free(c->index);
	free(c->unit);
}

void
noise_make(struct mnist *m, struct choice *c, struct nn_shape shape, size_t count, int classes, uint64_t seed)
{
	size_t size = nn_shape_size(shape);
	uint32_t counter[4] = {0, 0, 0, (uint32_t)NN_RNG_USER << 28}, word[4];

	memset(m, 0, sizeof *m);
	m->pixels = calloc(count, size);
	m->label = calloc(count, 1);
	for (size_t i = 0; i < count * size; i++) {
		counter[0] = (uint32_t)i;
		nn_philox(seed, counter, word);
		/* a third is ink, and no row is alike */
		if (word[0] % 3 == 0)
			m->pixels[i] = (uint8_t)word[1];
		if (i % size == 0)
			m->label[i / size] = (uint8_t)(word[2] % (uint32_t)classes);
	}
	m->images = (struct nn_images){shape, count, m->pixels};
	choice_make(c, m, 0, classes - 1, 0);
}

struct nn_net *
activity_new(double drop1, double drop2)
{
	struct nn_layer_spec spec[] = {
		{.kind = "conv2d", .filters = 32, .kernel = 3}, {.kind = "activation", .activation = "relu"},
		{.kind = "conv2d", .filters = 32, .kernel = 3}, {.kind = "activation", .activation = "relu"},
		{.kind = "max_pooling2d", .pool = 2}, {.kind = "dropout", .rate = drop1}, {.kind = "flatten"},
		{.kind = "dense", .units = 128}, {.kind = "activation", .activation = "relu"}, {.kind = "dropout", .rate = drop2},
		{.kind = "dense", .units = 5}, {.kind = "activation", .activation = "softmax"},
	};
	struct nn_err err;
	struct nn_net *net = nn_net_new((struct nn_shape){3, {28, 28, 1}}, spec, 12, &err);

	if (net == NULL)
		die(err.text, "activity");
	return net;
}

void
activity_formula(struct nn_net *net, uint64_t seed)
{
	float *w = nn_net_weights_edit(net);
	uint64_t t = 0;

	for (int l = 0; l < nn_net_count(net); l++) {
		const struct nn_layer *layer = nn_net_layer(net, l);

		for (int k = 0; k < layer->ntensors; k++, t++) {
			const struct nn_tensor *x = &layer->tensor[k];
			double in = 1, out, a = 0.05;

			if (k == 0) {
				for (int d = 0; d + 1 < x->rank; d++)
					in *= x->dim[d];
				out = in / x->dim[x->rank - 2] * x->dim[x->rank - 1];
				a = sqrt(6 / (in + out));
			}
			for (size_t i = 0; i < x->count; i++) {
				uint64_t z = seed + (t << 32) + i + 0x9e3779b97f4a7c15u;

				z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
				z = (z ^ z >> 27) * 0x94d049bb133111ebu;
				z ^= z >> 31;
				w[x->offset + i] = (float)((2 * ((double)(z >> 40) / 16777216) - 1) * a);
			}
		}
	}
	nn_net_changed(net);
}

/* One word of a layer: KEY=NUMBER, a word of one of its attributes, or the number that comes next. */
static void
word_parse(struct nn_layer_spec *spec, const char *word, int *place)
{
	const char *value = strchr(word, '=') != NULL ? strchr(word, '=') + 1 : word;
	int at = 0;

	for (const struct nn_attr *a = nn_layer_attrs(spec->kind); a != NULL && a->name != NULL; a++) {
		void *to = (char *)spec + a->offset;

		for (int k = 0; a->type == NN_ATTR_WORD && a->words[k] != NULL; k++)
			if (strcmp(a->words[k], word) == 0)
				*(const char **)to = a->words[k];
		if (a->type == NN_ATTR_WORD || (a->key != NULL && (value == word || strncmp(a->key, word, (size_t)(value - word - 1)) != 0)) ||
		    (a->key == NULL && (value != word || at++ != *place)))
			continue;
		if (a->type == NN_ATTR_INT)
			*(int *)to = atoi(value);
		else
			*(double *)to = atof(value);
	}
	*place += value == word && (word[0] == '.' || (word[0] >= '0' && word[0] <= '9') || word[0] == '-');
}

struct nn_net *
net_parse(struct nn_shape in, const char *text, struct nn_err *err)
{
	struct nn_layer_spec spec[NN_LAYERS_MAX] = {0};
	char *copy = strdup(text), *rest = NULL, *last = NULL;
	struct nn_net *net;
	int n = 0;

	for (char *item = strtok_r(copy, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest), n++) {
		char *kind = strtok_r(item, " ", &last);
		const struct nn_attr *a = nn_layer_attrs(kind);
		int place = 0;

		spec[n].kind = kind;
		if (a == NULL && strstr(" relu leaky_relu elu tanh sigmoid softmax ", kind) != NULL) {
			spec[n].activation = kind;
			spec[n].kind = "activation";
		}
		for (; a != NULL && a->name != NULL; a++) /* what is left out */
			if (a->type == NN_ATTR_INT && !isnan(a->value))
				*(int *)((char *)&spec[n] + a->offset) = (int)a->value;
			else if (a->type == NN_ATTR_REAL && !isnan(a->value))
				*(double *)((char *)&spec[n] + a->offset) = a->value;
		for (char *w = strtok_r(NULL, " ", &last); w != NULL; w = strtok_r(NULL, " ", &last))
			word_parse(&spec[n], w, &place);
	}
	net = nn_net_new(in, spec, n, err);
	free(copy);
	return net;
}

void
setup_make(struct setup *s, struct nn_shape shape, const char *text, size_t count, int classes)
{
	struct nn_err err;

	noise_make(&s->m, &s->c, shape, count, classes, 9);
	s->net = net_parse(shape, text, &err);
	if (s->net == NULL)
		die(err.text, text);
	nn_net_init(s->net, 0, nn_net_count(s->net) - 1, 5);
}

void
setup_free(struct setup *s)
{
	nn_net_free(s->net);
	choice_free(&s->c);
	mnist_free(&s->m);
}

struct nn_engine *
engine(int threads, const char *kernels)
{
	struct nn_err err;

	return nn_engine_new(threads, kernels, &err);
}

double
norm_difference(const float *a, const float *b, size_t n)
{
	double d = 0, s = 0;

	for (size_t i = 0; i < n; i++) {
		d += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
		s += (double)b[i] * b[i];
	}
	return sqrt(d) / sqrt(s);
}
