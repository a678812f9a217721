/* charts.c: numbers that look like runs, and some that no run has. */
#include "charts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed;

static double
noise(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) / 16777216.0 - 0.5;
}

/* One run of `epochs` epochs from x on: raw batch values, their smoothed curve, validation. */
static void
run(struct charts *c, double x, int epochs, int steps, double start)
{
	for (int k = 0; k < 2; k++) {
		struct ui_chart *chart = k ? &c->accuracy : &c->loss;
		double smooth = 0, weight = 0;

		for (int line = 0; line < 3; line++) {
			struct ui_series *s = ui_chart_add(chart, line == 0 ? NULL : line == 1 ? "train" : "validation",
			    line == 0 ? UI_LINE_FAINT : line == 1 ? UI_LINE_SOLID : UI_LINE_DASHED, line == 2);

			seed = 1;
			for (int i = 1; i <= (line == 2 ? epochs : epochs * steps); i++) {
				double t = line == 2 ? i : (double)i / steps, loss = start * exp(-14 * t) + 0.05 * exp(-0.5 * t) + 0.02;
				double v = line == 2 ? loss * 0.7 : loss * (1 + noise());

				if (k)
					v = fmax(0, 1 - 0.3 * v) * fmin(1, 0.3 + 7 * t);
				smooth = 0.9 * smooth + 0.1 * v;
				weight = 0.9 * weight + 0.1;
				ui_series_point(s, x + t, line == 1 ? smooth / weight : v);
			}
		}
	}
}

static void
rule(struct charts *c, double x, const char *label)
{
	ui_chart_rule(&c->loss, x, label);
	ui_chart_rule(&c->accuracy, x, label);
}

static void
curve(struct ui_chart *c, const char *name, enum ui_line line, int colour, int n, double (*value)(int))
{
	struct ui_series *s = ui_chart_add(c, name, line, colour);

	for (int i = 1; i <= n; i++)
		ui_series_point(s, i, value(i));
}

static double huge(int i) { return 1e300 * (i / 50.0); }
static double tiny(int i) { return 1e-300 * (1 + i % 7); }
static double flat(int i) { return 3; }
static double falling(int i) { return exp(-i * 0.4); }
static double wild(int i) { return i % 5 == 0 ? INFINITY : i % 7 == 0 ? -1e308 : i % 3 == 0 ? NAN : (i % 2 ? -1 : 1) * pow(10, i % 300); }

/* Three curves at 16, 64, 256 and 1,024, one a little aside of the next; the last point has no error. */
static void
errors(struct ui_chart *c, bool logy)
{
	c->logx = true;
	c->logy = logy;
	c->xtick = calloc(4, sizeof *c->xtick);
	for (c->nxtick = 0; c->nxtick < 4; c->nxtick++)
		c->xtick[c->nxtick] = 16 << 2 * c->nxtick;
	ui_string(&c->xlabel, "training images");
	for (int k = 0; k < 3; k++) {
		struct ui_series *s = ui_chart_add(c, (const char *const[]){"frozen", "tuned", "scratch"}[k],
		    (enum ui_line)k, k);

		s->mark = true;
		for (size_t i = 0; i < 4; i++)
			ui_series_estimate(s, c->xtick[i] * pow(1.05, k - 1), logy ? 0.2 / (double)(i + 1) + 0.01 * k :
			    0.01 * (k - 1) * (3 - (double)i), i == 3 ? NAN : i == 2 && k == 1 ? 0.09 : 0.02 / (double)(i + 1));
	}
}

void
charts_fill(struct charts *c, enum charts_kind kind)
{
	char name[64];

	memset(c, 0, sizeof *c);
	c->both[0] = &c->loss;
	c->both[1] = &c->accuracy;
	ui_string(&c->loss.title, "loss");
	ui_string(&c->accuracy.title, "accuracy");
	ui_string(&c->loss.xlabel, "epoch");
	ui_string(&c->accuracy.xlabel, "epoch");
	ui_string(&c->loss.ylabel, "cross-entropy");
	ui_string(&c->accuracy.ylabel, "accuracy");
	ui_string(&c->loss.note, "r1 gte5: adadelta lr=1.0 rho=0.95 epsilon=1e-07 batch=128 seed=1337; r2 lt5: adadelta lr=1.0 rho=0.95 epsilon=1e-07 "
	    "batch=128 seed=1337, frozen: conv2d conv2d_1");
	c->loss.restart = c->accuracy.restart = true;
	c->accuracy.unit = true;
	switch (kind) {
	case CHARTS_POINT:
		rule(c, 0, "r1 gte5");
		ui_series_point(ui_chart_add(&c->loss, "train", UI_LINE_SOLID, 0), 1, 0.23);
		ui_series_point(ui_chart_add(&c->loss, "validation", UI_LINE_DASHED, 1), 1, 0.06);
		ui_series_point(ui_chart_add(&c->accuracy, "train", UI_LINE_SOLID, 0), 1, 0.93);
		ui_series_point(ui_chart_add(&c->accuracy, "validation", UI_LINE_DASHED, 1), 1, 0.98);
		break;
	case CHARTS_ONE:
		rule(c, 0, "r1 gte5");
		run(c, 0, 1, 230, 1.6);
		break;
	case CHARTS_TWO:
		rule(c, 0, "r1 gte5");
		rule(c, 5, "r2 lt5 features frozen");
		run(c, 0, 5, 230, 1.6);
		run(c, 5, 5, 240, 4);
		for (int k = 0; k < 2; k++) {
			struct ui_series *s = ui_chart_add(k ? &c->accuracy : &c->loss, "watch gte5", UI_LINE_DOTTED, 2);

			for (int i = 1; i <= 5; i++)
				ui_series_point(s, 5 + i, k ? 0.98 - 0.01 * i : 0.1 + 0.02 * i);
		}
		break;
	case CHARTS_GAPS:
		rule(c, 0, "r1 gte5");
		run(c, 0, 5, 100, 1.6);
		for (int i = 150; i < 250; i++)
			c->loss.series[1].p[i].y = c->accuracy.series[1].p[i].y = NAN;
		c->loss.series[1].p[200].y = 0.1;
		break;
	case CHARTS_FIFTY:
		for (int i = 0; i < 50; i++) {
			snprintf(name, sizeof name, "r%d %s", i + 1, i % 3 == 2 ? "lt5 features frozen" : "digits=3,5,8");
			rule(c, i * 3, name);
			run(c, i * 3, 3, 20, 1.2);
		}
		break;
	case CHARTS_LONG:
		rule(c, 0, "r1 all");
		run(c, 0, 100, 100, 2.3);
		break;
	case CHARTS_HUGE:
		curve(&c->loss, "train", UI_LINE_SOLID, 0, 50, huge);
		break;
	case CHARTS_TINY:
		curve(&c->loss, "train", UI_LINE_SOLID, 0, 50, tiny);
		break;
	case CHARTS_FLAT:
		curve(&c->loss, "train", UI_LINE_SOLID, 0, 5, flat);
		curve(&c->accuracy, "train", UI_LINE_SOLID, 0, 5, flat);
		break;
	case CHARTS_WILD:
		rule(c, 17, "r7");
		rule(c, -3, "r3");
		curve(&c->loss, "train", UI_LINE_DASHED, -3, 60, wild);
		curve(&c->accuracy, "a name that is far too long for any legend that a picture could hold beside its title", UI_LINE_DOTTED, 99, 60, wild);
		break;
	case CHARTS_MANY:
		for (int i = 0; i < 16; i++) {
			snprintf(name, sizeof name, "r%d %s", i / 2 + 1, i % 2 ? "validation" : "train");
			curve(&c->loss, name, i % 2 ? UI_LINE_DASHED : UI_LINE_SOLID, i / 2, 5 + i, falling);
		}
		break;
	case CHARTS_ERRORS:
		errors(&c->loss, true);
		c->accuracy.unit = false; /* a difference, which may lie below 0 */
		errors(&c->accuracy, false);
		break;
	default:
		break;
	}
}

void
charts_clear(struct charts *c)
{
	ui_chart_clear(&c->loss);
	ui_chart_clear(&c->accuracy);
}

/* A ring, wider each time. */
static void
ring(uint8_t pixels[28 * 28], int i)
{
	for (int k = 0; k < 28 * 28; k++)
		pixels[k] = (uint8_t)(255 * fmax(0, 1 - fabs(hypot(k % 28 - 13.5, k / 28 - 13.5) - 3 - i % 9) / 2));
}

void
charts_tiles(struct ui_tiles *t, int n)
{
	uint8_t pixels[28 * 28];
	char label[8], caption[16];

	ui_string(&t->title, "lt5 test");
	ui_string(&t->note, "1 in 4 wrong");
	for (int i = 0; i < n; i++) {
		ring(pixels, i);
		snprintf(label, sizeof label, "%d", i % 10);
		snprintf(caption, sizeof caption, i % 4 == 3 ? "%d .51" : ".9%d", i % 10);
		ui_tiles_add(t, 28, 28, 1, pixels, label, caption, i % 4 == 3 ? -1 : 1);
	}
}

/* The largest losses: nearly all wrong, the last one right though its loss is large. */
void
charts_worst(struct ui_tiles *t)
{
	uint8_t pixels[28 * 28];
	char label[32], caption[48];

	ui_string(&t->title, "gte5 test: the largest losses");
	ui_string(&t->note, "loss: -log of the probability of its own class");
	for (int i = 0; i < 9; i++) {
		ring(pixels, 7 - i);
		snprintf(label, sizeof label, "#%d  loss %.2f", i == 0 ? 9729 : 7 + 1207 * i, 9.21 / (1 + i));
		if (i < 8)
			snprintf(caption, sizeof caption, "p(%d) %.3f  p(%d) %.3f", 5 + i % 5, exp(-9.21 / (1 + i)), 5 + (i + 1) % 5,
			    .999 - .04 * i);
		else
			snprintf(caption, sizeof caption, "p(%d) %.3f", 5 + i % 5, exp(-9.21 / (1 + i)));
		ui_tiles_add(t, 28, 28, 1, pixels, label, caption, i < 8 ? -1 : 1);
	}
}

/* What flipped: to right, to wrong, from wrong to wrong. */
void
charts_flips(struct ui_tiles *t)
{
	uint8_t pixels[28 * 28];
	char label[16], caption[32];

	ui_string(&t->title, "lt5 test: r1 to now");
	ui_string(&t->note, "the first of 34 flipped; 5,098 right before, 5,121 after");
	for (int i = 0; i < 12; i++) {
		int right = i % 5, mark = i % 3 == 2 ? 0 : i % 3 == 1 ? -1 : 1;

		ring(pixels, i);
		snprintf(label, sizeof label, "#%d", 18 + 397 * i);
		snprintf(caption, sizeof caption, "%d: %d → %d", right, mark < 0 ? right : (right + 1) % 5, mark > 0 ? right : (right + 2) % 5);
		ui_tiles_add(t, 28, 28, 1, pixels, label, caption, mark);
	}
}

void
charts_table(struct ui_table *t)
{
	static const char *const row[][3] = {
		{"conv2d", "26 26 32", "320"}, {"activation", "26 26 32", "0"}, {"conv2d_1", "24 24 32", "9,248"}, {"activation_1", "24 24 32", "0"},
		{"max_pooling2d", "12 12 32", "0"}, {"dropout 0.25", "12 12 32", "0"}, {"flatten", "4608", "0"}, {"dense", "128", "589,952"},
		{"activation_2", "128", "0"}, {"dropout_1 0.5", "128", "0"}, {"dense_1", "5", "645"}, {"activation_3", "5", "0"},
	};

	ui_string(&t->title, "sequential");
	t->ncols = 3;
	t->align[1] = t->align[2] = UI_RIGHT;
	ui_string(&t->head[0], "layer");
	ui_string(&t->head[1], "output shape");
	ui_string(&t->head[2], "parameters");
	for (int i = 0; i < 12; i++)
		ui_table_add(t, row[i], (row[i][2][0] == '0' ? UI_ROW_DIM : 0) | (i == 0 || i == 2 ? UI_ROW_LOCKED : 0));
	ui_table_add(t, (const char *const[]){"total", "2.29 MB", "600,165"}, UI_ROW_TOTAL);
	ui_table_add(t, (const char *const[]){"trainable", "2.25 MB", "590,597"}, UI_ROW_TOTAL);
	ui_table_add(t, (const char *const[]){"non-trainable", "37.38 KB", "9,568"}, UI_ROW_TOTAL | UI_ROW_LOCKED);
}

/* n digits, with some of each share; an odd n has a column more than rows. */
void
charts_matrix(struct ui_matrix *m, int n)
{
	char name[16];

	ui_matrix_size(m, n, n + n % 2);
	for (int i = 0; i < m->ncols; i++) {
		snprintf(name, sizeof name, i < n ? "%d" : "other", i);
		ui_string(&m->col[i], name);
		if (i < n)
			ui_string(&m->row[i], name);
	}
	for (int i = 0; i < m->nrows * m->ncols; i++)
		m->count[i] = i / m->ncols == i % m->ncols ? 900 : (uint64_t)(i * i * 7 % 41 / 10 * (i % 13));
	ui_string(&m->title, "gte5 test");
	ui_string(&m->note, "386 of 4,861 wrong");
	ui_string(&m->rows, "actual");
	ui_string(&m->cols, "predicted");
	ui_string(&m->share, "recall");
}

/* What moved (signed maps), what did not, a row of units, and bars. */
void
charts_strips(struct ui_strips *s)
{
	struct ui_strip *strip;
	float v[9];
	char label[8], value[8];

	ui_string(&s->title, "what moved: r1 to r2");
	ui_string(&s->note, "test:18");
	strip = ui_strips_add(s, "conv2d", "3 3 1 32", true);
	ui_string(&strip->say, "bit-identical");
	strip = ui_strips_add(s, "conv2d_1", "3 3 32 32", false);
	strip->tiles.scale = (struct ui_scale){.map = UI_MAP_SIGNED, .low = -1, .high = 1};
	for (int i = 0; i < 12; i++) {
		for (int k = 0; k < 9; k++)
			v[k] = (float)sin(i * 9 + k);
		ui_tiles_add_map(&strip->tiles, NULL, 3, 3, v, 1, NULL, NULL);
	}
	strip = ui_strips_add(s, "dense", "9", false);
	strip->tiles.scale = (struct ui_scale){.map = UI_MAP_AMOUNT, .low = 0, .high = 1};
	for (int k = 0; k < 9; k++)
		v[k] = (float)k / 8;
	ui_tiles_add_map(&strip->tiles, NULL, 1, 9, v, 1, NULL, NULL);
	strip = ui_strips_add(s, "activation_3", "5", false);
	for (int i = 0; i < 5; i++) {
		snprintf(label, sizeof label, "%d", i + 5);
		snprintf(value, sizeof value, ".%02d", i == 3 ? 92 : 2);
		ui_strip_bar(strip, label, value, i == 3 ? .92 : .02, i == 3);
	}
}

/* Weights: wide and narrow ones, a frozen one, one of the same numbers, one with some that are none, one of none but those. */
void
charts_histograms(struct ui_histograms *t)
{
	static const char *const name[] = {"conv2d", "conv2d", "conv2d_1", "conv2d_1", "dense", "dense", "dense_1", "dense_1"};

	ui_string(&t->title, "gradients");
	ui_string(&t->note, "loss 0.0413; of the last batch of r2");
	for (int i = 0; i < 8; i++) {
		struct ui_histogram *h;
		uint64_t count[32] = {0};

		for (int k = 0; k < 32 && i != 5; k++)
			count[k] = (uint64_t)(1000 * exp(-(k - 12 - i) * (k - 12 - i) / (8. + i * i * 4)) * (1 + .2 * sin(k * 5)));
		count[16] = i == 5 ? 1 : count[16];
		h = ui_histograms_add(t, name[i], i % 2 ? "bias" : "kernel", i < 2, i == 5 ? -.5 : i == 6 ? .001 : -.1 * (i + 1), .15 * (i + 1), i == 7 ? 0 : 32, count);
		ui_string(&h->text[0], i == 7 ? NULL : "mean 0.00213  std 0.112");
		ui_string(&h->text[1], i % 2 ? "32 numbers" : "589,824 numbers");
		ui_string(&h->warn, i == 4 ? "3 NaN or infinite" : i == 7 ? "32 NaN or infinite" : NULL);
	}
}

void
charts_estimates(struct ui_estimates *t)
{
	static const char *const name[] = {"frozen", "tuned", "scratch", "random"};

	ui_string(&t->title, "lt5: accuracy over 4 seeds");
	ui_string(&t->note, "whiskers: standard error");
	ui_string(&t->axis, "accuracy");
	t->n = 8;
	t->row = calloc(8, sizeof *t->row);
	for (int i = 0; i < 8; i++) {
		t->row[i] = (struct ui_estimate){.mean = .97 - .02 * (i % 4) - .03 * (i < 4), .error = .003 * (1 + i % 4),
		    .colour = i % 4};
		ui_string(&t->row[i].group, i < 4 ? "limit=64" : "limit=256");
		ui_string(&t->row[i].name, name[i % 4]);
		ui_string(&t->row[i].text, i % 2 ? "95.1 ± 0.6 %" : "97.2 ± 0.3 %");
	}
}

/* One unit: windows of five channels, of which the weights are frozen, and what they come to. */
void
charts_explain(struct ui_strips *s)
{
	static const char *const name[] = {"input", "weight", "product"};
	float v[3][9 * 5];

	ui_string(&s->title, "conv2d_1[3] 10,14 of test:0");
	ui_string(&s->note, "each row on its own scale; a map for each channel");
	for (int k = 0; k < 45; k++) {
		v[0][k] = (float)fmax(0, sin(k * 1.3));
		v[1][k] = (float)(.3 * cos(k * 2.1));
		v[2][k] = v[0][k] * v[1][k];
	}
	for (int part = 0; part < 3; part++) {
		struct ui_strip *strip = ui_strips_add(s, name[part], "3x3x5", part == 1);

		ui_scale_fit(&strip->tiles.scale, part == 0 ? UI_MAP_NONE : UI_MAP_SIGNED, v[part], 45, 1);
		for (int c = 0; c < 5; c++)
			ui_tiles_add_map(&strip->tiles, NULL, 3, 3, v[part] + c, 5, NULL, NULL);
	}
	ui_string(&ui_strips_add(s, "output", NULL, false)->say,
	    "products 0.431297 + bias -0.012345 = 0.418952; the network computed 0.418952");
}

/* Readings of twelve layers and the pixels; those of one layer fall together, one has none. */
void
charts_probe(struct ui_estimates *t)
{
	static const char *const name[] = {"input", "conv2d", "activation", "conv2d_1", "activation_1", "max_pooling2d", "dropout",
	    "flatten", "dense", "activation_2", "dropout_1", "dense_1", "activation_3"};

	ui_string(&t->title, "what each layer's output tells of lt5");
	ui_string(&t->note, "linear: ridge regression, knn: the 15 nearest, of 1,000 training images; 5,139 test images");
	ui_string(&t->axis, "share of the test images told right");
	ui_string(&t->kind[0], "linear");
	ui_string(&t->kind[1], "knn");
	t->n = 26;
	t->row = calloc(26, sizeof *t->row);
	for (int i = 0; i < 26; i++) {
		struct ui_estimate *e = &t->row[i];
		char text[16];

		*e = (struct ui_estimate){.mean = 1 - .07 * exp(-i / 2 * .3) - .012 * (i % 2) * (i / 2 != 8), .error = NAN, .colour = i % 2,
		    .beside = i % 2, .locked = i == 2 || i == 6};
		e->mean = i == 25 ? NAN : e->mean;
		snprintf(text, sizeof text, "%.4f", e->mean);
		ui_string(&e->name, i % 2 ? NULL : name[i / 2]);
		ui_string(&e->text, i == 25 ? "no number" : text);
	}
}

/* 32 of 3x3, as edges in all directions. */
void
charts_filters(struct ui_tiles *t)
{
	float v[32][9];
	char label[8];

	for (int i = 0; i < 32 * 9; i++)
		v[i / 9][i % 9] = (float)(.2 * sin(i / 9 * .7 + i % 3 * cos(i / 9) + i % 9 / 3 * sin(i / 9)));
	v[11][4] = 0; /* white on either ground */
	ui_string(&t->title, "conv2d: 32 filters of 3x3");
	ui_string(&t->scale.label, "weight");
	ui_scale_fit(&t->scale, UI_MAP_SIGNED, v[0], 32 * 9, 1);
	for (int i = 0; i < 32; i++) {
		snprintf(label, sizeof label, "%d", i);
		ui_tiles_add_map(t, NULL, 3, 3, v[i], 1, label, NULL);
	}
}

/* A bow, seen by twelve channels; the last one is dark. */
void
charts_layer(struct ui_tiles *t)
{
	float v[12][24 * 24];
	char label[8], top[16];

	for (int i = 0; i < 12 * 24 * 24; i++) {
		int k = i / 576, y = i % 576 / 24, x = i % 24;

		v[k][i % 576] = k == 11 ? 0 : (float)fmax(0, (k + 1) * .2 * exp(-pow(hypot(y - 12, x - 12) - 7, 2) / 4) * cos(atan2(y - 12, x - 12) - k));
	}
	ui_string(&t->title, "activation_1 of test:0");
	ui_string(&t->note, "24x24x12; below each its channel and largest value");
	ui_string(&t->scale.label, "output");
	ui_scale_fit(&t->scale, UI_MAP_AMOUNT, v[0], 12 * 576, 1);
	for (int k = 0; k < 12; k++) {
		snprintf(label, sizeof label, "%d", k);
		snprintf(top, sizeof top, "%.2g", k == 11 ? 0 : (k + 1) * .2);
		ui_tiles_add_map(t, NULL, 24, 24, v[k], 1, label, top);
	}
}

void
charts_saliency(struct ui_tiles *t)
{
	uint8_t pixels[28 * 28], over[28 * 28 * 3];
	float v[28 * 28];

	ring(pixels, 4);
	for (int i = 0; i < 28 * 28; i++) {
		v[i] = (float)(.45 * pixels[i] / 255. * sin(i % 28 * .4));
		for (int k = 0; k < 3; k++)
			over[3 * i + k] = (uint8_t)(pixels[i] * (k == (v[i] > 0 ? 0 : 2) ? 1 : .5));
	}
	ui_string(&t->title, "saliency of test:0 for 7");
	ui_string(&t->note, "p 0.9987, predicted");
	ui_string(&t->scale.label, "logit by pixel: + for 7, - against");
	ui_scale_fit(&t->scale, UI_MAP_SIGNED, v, 28 * 28, 1);
	ui_tiles_add(t, 28, 28, 1, pixels, "test:0", "label 7", 0);
	ui_tiles_add_map(t, NULL, 28, 28, v, 1, "gradient", "");
	ui_tiles_add(t, 28, 28, 3, over, "overlay", "", 0);
}
