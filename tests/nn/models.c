/* models.c: see models.h. */
#include "models.h"
#include "dice.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICK(d, ...) ((const int[]){__VA_ARGS__}[roll(d, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))])

static void __attribute__((format(printf, 2, 3)))
add(struct model *m, const char *fmt, ...)
{
	size_t at = strlen(m->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(m->text + at, sizeof m->text - at, fmt, ap);
	va_end(ap);
}

/* ---- nets ---- */

static void
maybe_dropout(struct model *m, struct dice *d, uint32_t oneof)
{
	if (roll(d, oneof) == 0)
		add(m, "dropout 0.%d, ", PICK(d, 0, 1, 25, 5, 9));
}

static void
tail(struct model *m, struct dice *d, int hidden)
{
	maybe_dropout(m, d, 3);
	add(m, "flatten, ");
	for (int i = 0; i < hidden; i++) {
		maybe_dropout(m, d, 3);
		add(m, "dense %d, ", roll(d, 3) == 0 ? PICK(d, 1, 16, 64, 127, 128, 129, 256, 257, 300) : 1 + (int)roll(d, 300));
		if (roll(d, 4) != 0)
			add(m, "relu, ");
		maybe_dropout(m, d, 3);
	}
	maybe_dropout(m, d, 4);
	m->classes = roll(d, 8) == 0 ? PICK(d, 1, 65, 200) : 2 + (int)roll(d, 9);
	add(m, "dense %d, softmax", m->classes);
}

static void
winograd(struct model *m, struct dice *d)
{
	int c = PICK(d, 16, 16, 32, 32, 32, 48, 64, 80, 112, 128);

	m->shape = (struct nn_shape){3, {PICK(d, 8, 12, 16, 20, 28), PICK(d, 8, 12, 16, 24, 28), 1}};
	if (c == 16 && roll(d, 4) == 0)
		m->shape.dim[roll(d, 2)] = 64;
	add(m, "conv2d %d 3, relu, conv2d %d 3, relu, max_pooling2d 2, ", c, c);
	tail(m, d, (int)roll(d, 3));
}

static void
nearly(struct model *m, struct dice *d)
{
	int c = 16, second = 16, k = 3, pool = 2, miss = (int)roll(d, 9);

	m->shape = (struct nn_shape){3, {16, 12, 1}};
	switch (miss) {
	case 0: c = second = PICK(d, 8, 20, 24, 3, 33, 1); break;
	case 1: second = 32; break;
	case 2: m->shape.dim[roll(d, 2)] = PICK(d, 9, 10, 11, 13, 14); break;
	case 3: m->shape.dim[2] = PICK(d, 2, 3); break;
	case 4: pool = 3; break;
	case 5: k = 5; break;
	case 6: m->shape.dim[roll(d, 2)] = 68; break;
	}
	add(m, "conv2d %d 3, ", c);
	if (miss != 7)
		add(m, "relu, ");
	add(m, "conv2d %d %d, ", second, k);
	if (miss != 8)
		add(m, "relu, ");
	add(m, "max_pooling2d %d, ", pool);
	tail(m, d, (int)roll(d, 2));
}

static void
convolutions(struct model *m, struct dice *d)
{
	int n = 1 + (int)roll(d, 3);

	if (roll(d, 4) == 0)
		m->shape = (struct nn_shape){3, {32, 32, 3}};
	else
		m->shape = (struct nn_shape){3, {5 + (int)roll(d, 60), 5 + (int)roll(d, 24), 1 + (int)roll(d, 3)}};
	maybe_dropout(m, d, 6);
	for (int i = 0; i < n; i++) {
		add(m, "conv2d %d %d, ", PICK(d, 1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 31, 32, 33, 48, 65, 128), 1 + (int)roll(d, 7));
		if (roll(d, 3) != 0)
			add(m, "relu, ");
		if (roll(d, 2) == 0)
			add(m, "max_pooling2d %d, ", 1 + (int)roll(d, 4));
		maybe_dropout(m, d, 4);
	}
	tail(m, d, (int)roll(d, 2));
}

/* ---- pictures ---- */

/* Some strokes with a grey edge on one ground. */
static void
strokes(uint8_t *p, const struct nn_shape *s, int ground, struct dice *d)
{
	int h = s->dim[0], w = s->dim[1], c = s->dim[2];

	memset(p, ground, nn_shape_size(*s));
	for (uint32_t n = 1 + roll(d, 3); n > 0; n--) {
		int y = (int)roll(d, (uint32_t)h), x = (int)roll(d, (uint32_t)w), dy = (int)roll(d, 3) - 1, dx = (int)roll(d, 3) - 1;

		for (int i = 0; i < (h + w) / 3; i++, y += dy, x += dx)
			for (int j = 0; j < 9 * c; j++) {
				int py = y + j / c / 3 - 1, px = x + j / c % 3 - 1;

				if (py >= 0 && py < h && px >= 0 && px < w)
					p[(py * w + px) * c + j % c] = (uint8_t)(j / c == 4 ? 255 - j % c : 60 + (int)roll(d, 190));
			}
	}
}

static void
picture(uint8_t *p, const struct nn_shape *s, struct dice *d)
{
	size_t size = nn_shape_size(*s);

	switch (roll(d, 8)) {
	case 0: memset(p, 255, size); break;
	case 1: memset(p, (int)roll(d, 256), size); break;
	case 2:
		for (size_t i = 0; i < size; i++)
			p[i] = (uint8_t)roll(d, 256);
		break;
	case 3: strokes(p, s, PICK(d, 1, 37, 255), d); break;
	case 4: /* one pixel in a corner, so that the ground is not the first byte */
		strokes(p, s, 0, d);
		p[0] = 200;
		break;
	default: strokes(p, s, 0, d);
	}
}

void
model_make(struct model *d, uint32_t number, uint64_t macs)
{
	struct dice dice = {{0, number, 0, (uint32_t)NN_RNG_USER << 28}};
	uint64_t each;
	struct nn_err err;

	do {
		memset(d, 0, sizeof *d);
		d->family = (enum model_family)(PICK(&dice, MODEL_WINOGRAD, MODEL_WINOGRAD, MODEL_WINOGRAD, MODEL_NEARLY, MODEL_NEARLY, MODEL_CONV,
		    MODEL_CONV, MODEL_CONV, MODEL_DENSE, MODEL_SMALLEST));
		d->shape = (struct nn_shape){3, {5 + (int)roll(&dice, 30), 5 + (int)roll(&dice, 30), 1 + (int)roll(&dice, 3)}};
		switch (d->family) {
		case MODEL_WINOGRAD: winograd(d, &dice); break;
		case MODEL_NEARLY: nearly(d, &dice); break;
		case MODEL_CONV: convolutions(d, &dice); break;
		case MODEL_DENSE: tail(d, &dice, 1 + (int)roll(&dice, 3)); break;
		default: tail(d, &dice, 0);
		}
		each = 0;
		d->net = net_parse(d->shape, d->text, &err);
		for (int i = 0; d->net != NULL && i < nn_net_count(d->net); i++)
			each += nn_net_layer(d->net, i)->macs;
		if (d->net != NULL && each > macs) {
			nn_net_free(d->net);
			d->net = NULL;
		}
	} while (d->net == NULL);
	d->batch = PICK(&dice, 1, 7, 8, 9, 24, 30, 128, 130);
	if (d->batch * each > macs)
		d->batch = (int)(macs / each);
	nn_net_init(d->net, 0, nn_net_count(d->net) - 1, number);
	for (int i = 0; number % 2 == 1 && i < nn_net_count(d->net); i++)
		if (nn_net_layer(d->net, i)->ntensors > 1) {
			const struct nn_tensor *b = &nn_net_layer(d->net, i)->tensor[1];

			for (size_t j = 0; j < b->count; j++)
				nn_net_weights_edit(d->net)[b->offset + j] = ((float)roll(&dice, 2001) - 1000) * 1e-4f;
		}
	nn_net_changed(d->net);
	noise_make(&d->m, &d->c, d->shape, (size_t)d->batch, d->classes, number);
	for (int i = 0; i < d->batch; i++)
		picture(d->m.pixels + (size_t)i * nn_shape_size(d->shape), &d->shape, &dice);
}

void
model_free(struct model *d)
{
	nn_net_free(d->net);
	choice_free(&d->c);
	mnist_free(&d->m);
}
