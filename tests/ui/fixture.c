/* fixture.c: numbers that look like two runs of the activity. */
#include "fixture.h"
#include "ui/screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned seed;

static double
noise(void)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16 & 0x7fff) / 32768.0 - .5;
}

static void
layers(struct ui_model *m, bool frozen)
{
	static const char *const row[][3] = {
		{"conv2d", "26 26 32", "320"}, {"activation", "26 26 32", "0"}, {"conv2d_1", "24 24 32", "9,248"}, {"activation_1", "24 24 32", "0"},
		{"max_pooling2d", "12 12 32", "0"}, {"dropout 0.25", "12 12 32", "0"}, {"flatten", "4608", "0"}, {"dense", "128", "589,952"},
		{"activation_2", "128", "0"}, {"dropout_1 0.5", "128", "0"}, {"dense_1", "5", "645"}, {"activation_3", "5", "0"},
	};
	struct ui_table *t = &m->layers;

	t->ncols = 3;
	t->fold = strdup("layers without parameters");
	t->align[1] = t->align[2] = UI_RIGHT;
	for (int i = 0; i < 12; i++)
		ui_table_add(t, row[i], (row[i][2][0] == '0' ? UI_ROW_DIM : 0) | (frozen && (i == 0 || i == 2) ? UI_ROW_LOCKED : 0));
	ui_table_add(t, (const char *const[]){"total", "2.29 MB", "600,165"}, UI_ROW_TOTAL);
	ui_string(&ui_table_add(t, (const char *const[]){"trainable", frozen ? "2.25 MB" : "2.29 MB", frozen ? "590,597" : "600,165"}, UI_ROW_TOTAL)->brief, "train");
	ui_string(&ui_table_add(t, (const char *const[]){"non-trainable", frozen ? "37.38 KB" : "0 B", frozen ? "9,568" : "0"},
	    UI_ROW_TOTAL | (frozen ? UI_ROW_LOCKED : 0))->brief, "do not");
}

static void
curves(struct ui_model *m, double epochs)
{
	static const char *const names[] = {"train", "val"};

	for (int k = 0; k < 2; k++) {
		struct ui_chart *c = k ? &m->accuracy : &m->loss;

		c->title = strdup(k ? "accuracy" : "loss");
		c->unit = k == 1;
		c->restart = true;
		c->xend = epochs > 5 ? 10 : 5;
		if (epochs <= 0)
			continue;
		ui_chart_rule(c, 0, "r1 gte5");
		if (epochs > 5)
			ui_chart_rule(c, 5, "r2 lt5");
		for (int line = 0; line < 3; line++) {
			struct ui_series *s = ui_chart_add(c, line == 0 ? NULL : names[line - 1], line == 0 ? UI_LINE_FAINT : line == 1 ? UI_LINE_SOLID : UI_LINE_DASHED, line == 2);

			seed = 7;
			for (double x = line == 2 ? 1 : .02; x <= epochs + 1e-9; x += line == 2 ? 1 : .02) {
				double t = line == 2 ? x : x, since = t > 5 ? t - 5 : t, scale = t > 5 ? .35 : 1.5;
				double v = scale * exp(-3.2 * since) + .035 / (.4 + since) + (line == 0 ? .12 * noise() * exp(-.3 * since) : 0);

				if (line == 2)
					v = v * .6 + .01;
				if (x - .02 < 5 && x > 5 && line != 2)
					ui_series_point(s, 5, NAN);
				ui_series_point(s, x, k ? fmin(1, fmax(0, 1 - v / 2)) : fmax(v, .001));
			}
		}
	}
}

void
fixture_rates(struct ui_chart *c)
{
	static const char *const names[] = {NULL, "smooth"};

	ui_chart_clear(c);
	c->title = strdup("loss by learning rate");
	c->xlabel = strdup("learning rate");
	c->ylabel = strdup("loss");
	c->logx = c->place = true;
	for (int line = 0; line < 2; line++) {
		struct ui_series *s = ui_chart_add(c, names[line], line == 0 ? UI_LINE_FAINT : UI_LINE_SOLID, 0);

		seed = 7;
		for (int i = 0; i < 100; i++) {
			double lr = 1e-4 * pow(1e5, i / 99.), v = .3 + 1.3 / (1 + lr / .05) + .02 * lr * lr * lr;

			ui_series_point(s, lr, v + (line == 0 ? .2 * noise() : 0));
		}
	}
	ui_chart_rule(c, .11, "lr=0.11 suggested");
	c->rule[0].value[UI_LINE_SOLID] = .706;
	c->rule[0].when[UI_LINE_SOLID] = strdup("lr=0.11");
}

/* Strokes of a digit as on a pocket calculator, a little slanted and soft. */
static void
digit(uint8_t *p, int d)
{
	static const uint8_t on[10] = {0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f};
	static const double seg[7][4] = {{9, 5, 18, 5}, {9, 5, 8, 14}, {18, 5, 17, 14}, {8, 14, 17, 14}, {8, 14, 7, 22}, {17, 14, 16, 22}, {7, 22, 16, 22}};

	for (int y = 0; y < 28; y++)
		for (int x = 0; x < 28; x++) {
			double best = 1e9;

			for (int s = 0; s < 7; s++) {
				double dx = seg[s][2] - seg[s][0], dy = seg[s][3] - seg[s][1], t, e;

				if (!(on[d] >> s & 1))
					continue;
				t = ((x - seg[s][0]) * dx + (y - seg[s][1]) * dy) / (dx * dx + dy * dy);
				t = t < 0 ? 0 : t > 1 ? 1 : t;
				e = hypot(x - seg[s][0] - t * dx, y - seg[s][1] - t * dy);
				best = e < best ? e : best;
			}
			p[y * 28 + x] = (uint8_t)(best < 1 ? 255 : best < 2.4 ? 255 * (2.4 - best) / 1.4 : 0);
		}
}

static void
tiles(struct ui_model *m, int n, int base, int wrong)
{
	uint8_t p[28 * 28];

	m->digits.title = strdup(base ? "gte5 test" : "lt5 test");
	for (int i = 0; i < n; i++) {
		int d = base + (i * 3) % 5;
		char label[8], caption[16];
		bool bad = i == 3 || (wrong > 1 && i == 7);

		digit(p, d);
		snprintf(label, sizeof label, "%d", d);
		snprintf(caption, sizeof caption, bad ? "%d .51" : ".9%d", bad ? (d + 1) % 10 : i % 10);
		ui_tiles_add(&m->digits, 28, 28, 1, p, label, caption, wrong < 0 ? 0 : bad ? -1 : 1)->id = i;
	}
	if (wrong >= 0) {
		char note[32];

		snprintf(note, sizeof note, "%d of %d wrong", wrong > 1 && n > 7 ? 2 : 1, n);
		m->digits.note = strdup(note);
	}
}

/* Filters as an answer: edges in all directions. */
static void
maps(struct ui_model *m, int n)
{
	m->maps.title = strdup("conv2d: 32 filters of 3x3");
	m->maps.note = strdup("after r2, mean over its input channels");
	m->maps.brief = strdup("after r2");
	m->maps.scale = (struct ui_scale){.map = UI_MAP_SIGNED, .low = -.3, .high = .3, .label = strdup("weight")};
	for (int i = 0; i < n; i++) {
		float v[9];
		char name[16];

		for (int k = 0; k < 9; k++)
			v[k] = (float)(.15 * ((k % 3 - 1) * cos(i * .7) + (k / 3 - 1) * sin(i * .7)) + .1 * (k == 4) - .05);
		v[5] = i == 3 ? NAN : v[5];
		snprintf(name, sizeof name, "#%d", i);
		ui_tiles_add_map(&m->maps, NULL, 3, 3, v, 1, name, NULL);
	}
}

/* The inside of a network: filters, and strokes seen through them. */
static void
inside(struct ui_model *m, bool still)
{
	float v[24 * 24];

	for (int i = 0; i < 32; i++) {
		char name[8];

		snprintf(name, sizeof name, "%d", i);
		for (int k = 0; k < 9; k++)
			v[k] = (float)(.2 * ((k % 3 - 1) * sin(i * .7) + (k / 3 - 1) * cos(i * .7)));
		m->filters.scale = (struct ui_scale){.map = UI_MAP_SIGNED, .low = -.3, .high = .3, .label = m->filters.scale.label};
		ui_tiles_add_map(&m->filters, NULL, 3, 3, v, 1, name, NULL)->live = 1 + i;
		for (int k = 0; k < 24 * 24; k++) {
			double x = k % 24 - 12, y = k / 24 - 12, r = hypot(x, y * .8) - 6, along = x * sin(i * .7) + y * cos(i * .7);

			v[k] = (float)fmax(0, exp(-r * r / 3) * (.2 + along / 10));
		}
		m->activations.scale = (struct ui_scale){.map = UI_MAP_AMOUNT, .high = 1.5, .label = m->activations.scale.label};
		ui_tiles_add_map(&m->activations, NULL, 24, 24, v, 1, name, NULL)->live = 1000 + i;
	}
	m->filters.title = strdup("conv2d");
	m->filters.note = strdup(still ? "frozen, still in r2" : "moved 0.0312 in r1");
	m->filters.scale.label = strdup("weight");
	m->activations.title = strdup("activation_1");
	m->activations.note = strdup(still ? "7 of test:0, frozen" : "7 of test:0, r1 epoch 1 batch 101");
	m->activations.brief = strdup(still ? "frozen" : "batch 101");
	m->activations.scale.label = strdup("output");
	m->filters.still = m->activations.still = still;
	m->filters.whole = m->activations.whole = true;
}

/* Weights of four layers: about normal, one frozen, one with a gap, one that is not a number. */
static void
stats(struct ui_model *m, bool frozen)
{
	static const struct {
		const char *name, *of, *text[3];
		double high, width;
	} row[] = {{"conv2d", "kernel", {"mean 0.00213  std 0.112", "288 values"}, .314, 9}, {"conv2d", "bias", {"mean -0.0102  std 0.0311", "32 values"}, .09, 12},
	    {"conv2d_1", "kernel", {"mean -0.0019  std 0.0467", "9,216 values"}, .221, 6}, {"conv2d_1", "bias", {"mean 0.00731  std 0.0205", "32 values"}, .06, 14},
	    {"dense", "kernel", {"mean -0.00026  std 0.0227", "589,824 values"}, .188, 3}, {"dense", "bias", {"mean 0.0127  std 0.0253", "128 values"}, .11, 8},
	    {"dense_1", "kernel", {"mean 0.00118  std 0.148", "640 values"}, .493, 10}, {"dense_1", "bias", {"mean -0.00000012  std 0.0151", "5 values"}, .03, 1}};

	m->stats.title = strdup("weights");
	m->stats.note = strdup("8 tensors, 600,165 values");
	for (int i = 0; i < 8; i++) {
		uint64_t count[32];
		struct ui_histogram *h;

		seed = (unsigned)(i + 1);
		for (int k = 0; k < 32; k++)
			count[k] = (uint64_t)(fabs(1 + .15 * noise()) * 1000 * exp(-(k - 15.) * (k - 15.) / 2 / row[i].width / row[i].width) + .5);
		count[5] = i == 3 ? 0 : count[5];
		h = ui_histograms_add(&m->stats, row[i].name, row[i].of, frozen && i < 4, -row[i].high * .9, row[i].high, 32, count);
		for (int k = 0; k < 2; k++)
			h->text[k] = strdup(row[i].text[k]);
		h->warn = i == 5 ? strdup("1 is NaN or infinite") : NULL;
		h->live = 2000 + i;
	}
}

/* One unit of the second convolution: its windows of four channels, and the sum line by line. */
static void
parts(struct ui_model *m, bool frozen)
{
	static const char *const name[] = {"input", "weight", "product"};
	struct ui_parts *x = &m->explain;
	struct ui_table *t = &x->terms;
	float v[3][9 * 4];
	double sum = -.0312;
	char cell[5][32] = {""};

	seed = 11;
	for (int k = 0; k < 36; k++) {
		v[0][k] = (float)fmax(0, .4 + noise());
		v[1][k] = (float)(.4 * noise());
		v[2][k] = v[0][k] * v[1][k];
		sum += (double)v[2][k];
	}
	x->maps.title = strdup("conv2d_1[3] 10,14 of test:0");
	x->maps.note = strdup("r2 epoch 3 batch 117");
	x->maps.brief = strdup("batch 117");
	for (int part = 0; part < 3; part++) {
		struct ui_strip *s = ui_strips_add(&x->maps, name[part], "3x3x4", part == 1 && frozen);

		ui_scale_fit(&s->tiles.scale, part == 0 ? UI_MAP_NONE : UI_MAP_SIGNED, v[part], 36, 1);
		for (int c = 0; c < 4; c++)
			ui_tiles_add_map(&s->tiles, NULL, 3, 3, v[part] + c, 4, NULL, NULL)->live = 3000 + part * 4 + c;
	}
	t->ncols = 5;
	t->fixed = true;
	t->keep = 1 << 0 | 1 << 3;
	for (int i = 1; i < 4; i++) {
		t->head[i] = strdup(name[i - 1]);
		t->align[i] = UI_RIGHT;
	}
	ui_table_add(t, (const char *const[]){"channel by channel", "", "", "sum", ""}, UI_ROW_HEAD)->brief = strdup("channels");
	for (int c = 0; c < 4; c++) {
		double of = 0;

		for (int k = c; k < 36; k += 4)
			of += (double)v[2][k];
		snprintf(cell[0], sizeof *cell, "activation[%d]", c);
		snprintf(cell[3], sizeof *cell, "%.6f", of);
		ui_table_add(t, (const char *const[]){cell[0], "", "", cell[3], ""}, 0);
	}
	ui_table_add(t, (const char *const[]){"", "", "", "", ""}, UI_ROW_HEAD);
	for (int k = 0; k < 36; k++) {
		snprintf(cell[0], sizeof *cell, "activation[%d] %d,%d", k % 4, 10 + k / 12, 14 + k / 4 % 3);
		for (int i = 0; i < 3; i++)
			snprintf(cell[1 + i], sizeof *cell, "%.6f", (double)v[i][k]);
		ui_table_add(t, (const char *const[]){cell[0], cell[1], cell[2], cell[3], ""}, 0)->brief = strdup(strchr(cell[0], '['));
	}
	ui_table_add(t, (const char *const[]){"bias", "", "", "-0.031200", ""}, UI_ROW_TOTAL);
	snprintf(cell[3], sizeof *cell, "%.6f", sum);
	ui_table_add(t, (const char *const[]){"sum", "", "", cell[3], ""}, UI_ROW_TOTAL);
	ui_table_add(t, (const char *const[]){"computed by the network", "", "", cell[3], ""}, UI_ROW_TOTAL)->brief = strdup("by the network");
}

/* What each layer tells, by two readers; one of them fails at the last layer. */
static void
probe(struct ui_model *m, bool frozen)
{
	static const double share[][2] = {{.9312, .9403}, {.9641, .9512}, {.9671, .9497}, {.9788, .9701}, {.9795, .9744}, {.9812, .9781}, {.9812, .9781},
	    {.9812, .9781}, {.9893, .9893}, {.9907, .9899}, {.9907, .9899}, {.9921, .9904}, {.9925, NAN}};
	struct ui_estimates *t = &m->probe;

	t->brief = strdup("lt5");
	t->when = strdup("after r1");
	t->title = strdup("what each layer's output tells of lt5");
	t->note = strdup("linear: ridge regression, knn: the 15 nearest, of 1,000 training images; 5,139 test images");
	t->axis = strdup("share of the test images told right");
	t->kind[0] = strdup("linear");
	t->kind[1] = strdup("knn");
	t->row = calloc(26, sizeof *t->row);
	for (int i = 0; i < 26; i++) {
		struct ui_estimate *e = &t->row[t->n++];
		const char *name = i < 2 ? "input" : m->layers.row[i / 2 - 1].cell[0];
		char text[16];

		*e = (struct ui_estimate){.mean = share[i / 2][i % 2], .error = NAN, .colour = i % 2, .beside = i % 2};
		e->locked = frozen && (i == 2 || i == 6);
		e->name = i % 2 ? NULL : strndup(name, strcspn(name, " "));
		snprintf(text, sizeof text, "%.4f", e->mean);
		e->text = strdup(isnan(e->mean) ? "no number" : text);
	}
}

/* A seven on the canvas, beside it a calculator's, and bars. */
static void
sketch(struct ui_model *m)
{
	static const double part[] = {.0012, .0004, .9871, .0001, .0112};
	struct ui_sketch *s = &m->sketch;
	uint8_t p[28 * 28];

	ui_sketch_begin(s);
	ui_sketch_line(s, 6, 4, 6, 16, false);
	ui_sketch_line(s, 6, 16, 21, 9, false);
	s->down = 7;
	s->right = -5;
	s->nbars = 5;
	s->best = 2;
	for (int i = 0; i < 5; i++) {
		snprintf(s->bar[i].name, sizeof s->bar[i].name, "%d", 5 + i);
		s->bar[i].part = part[i];
	}
	snprintf(s->verdict, sizeof s->verdict, "7  .99");
	snprintf(s->said, sizeof s->said, "fitted into 20x20, centred (moved 2,1)");
	digit(p, 7);
	ui_tiles_add(&m->canvas, 28, 28, 1, s->ink, NULL, NULL, 0);
	ui_tiles_add(&m->canvas, 28, 28, 1, p, NULL, NULL, 0);
}

static void
text(struct ui_model *m, int lines)
{
	static const struct {
		enum ui_style style;
		const char *text;
	} log[] = {
		{UI_ACCENT, "thaw> train gte5"},
		{UI_PLAIN, "29404 train samples"},
		{UI_PLAIN, "4861 test samples"},
		{UI_BOLD, "run r1: gte5 (digits 5-9 -> units 0-4)  230 steps/epoch  adadelta lr=1.0  batch=128  seed=1337"},
		{UI_PLAIN, "Epoch 1/5"},
		{UI_PLAIN, "230/230 ━━━━━━━━━━━━━━━━━━━━ 1s 4ms/step - accuracy: 0.9215 - loss: 0.2449 - val_accuracy: 0.9823 - val_loss: 0.0603"},
		{UI_GOOD, "Test accuracy: 0.9872"},
		{UI_ACCENT, "thaw> freeze features"},
		{UI_COLD, "frozen: conv2d conv2d_1 (7 feature layers), from the next batch on"},
		{UI_WARN, "note: the head was trained on gte5; going on from its weights, as the example does"},
		{UI_BAD, "thaw: error: unknown command \"expotr\" - did you mean \"export\"?"},
		{UI_PLAIN, "Epoch 2/5"},
		{UI_PLAIN, "117/240 ━━━━━━━━━╺━━━━━━━━━━ 1s 1ms/step - accuracy: 0.9843 - loss: 0.0522"},
	};

	for (int i = 0; i < lines && i < (int)(sizeof log / sizeof *log); i++)
		ui_log_add(&m->log, log[i].style, log[i].text);
}

static void
runs(struct ui_model *m)
{
	static const char *const head[] = {"run", "split", "epochs", "frozen", "loss", "acc", "val_loss", "val_acc"};
	static const char *const row[][8] = {
		{"r1", "gte5", "5", "", "0.0413", "0.9874", "0.0412", "0.9872"},
		{"r2", "lt5", "5", "features", "0.0131", "0.9958", "0.0142", "0.9953"},
	};
	struct ui_table *t = &m->runs;

	t->ncols = 8;
	t->keep = 1 << 0 | 1 << 1 | 1 << 3;
	t->tail = true;
	for (int i = 0; i < 8; i++) {
		t->head[i] = strdup(head[i]);
		t->align[i] = i == 2 || i > 3 ? UI_RIGHT : UI_LEFT;
	}
	ui_table_add(t, row[0], 0);
	ui_table_add(t, row[1], UI_ROW_MARK);
}

/* A confusion of n digits from `base`, with a few more wrong the earlier it is. */
void
fixture_matrix(struct ui_matrix *m, int n, int base, int wrong)
{
	char name[8];

	ui_matrix_clear(m);
	ui_matrix_size(m, n, n);
	seed = 3;
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "%d", base + i);
		m->row[i] = strdup(name);
		m->col[i] = strdup(name);
		for (int k = 0; k < n; k++)
			m->count[i * n + k] = i == k ? (uint64_t)(1000 + 140 * noise()) : (uint64_t)(fmax(0, noise()) * (i + k == 2 * n - 3 ? 4 : 1) * wrong);
	}
	m->title = strdup(base ? "gte5 r1 epoch 1" : "lt5 r2 epoch 2");
	m->note = strdup("47 of 5,139 wrong");
	m->brief = strdup("47 wrong");
	m->rows = strdup("actual");
	m->cols = strdup("predicted");
	m->share = strdup("recall");
}

void
fixture_fill(struct ui_model *m, enum fixture_state state)
{
	bool frozen = state >= FIXTURE_SECOND;

	m->progress = -1;
	m->version++;
	layers(m, frozen);
	curves(m, state == FIXTURE_EMPTY ? 0 : state == FIXTURE_FIRST ? .44 : state == FIXTURE_SECOND ? 7.5 : 10);
	tiles(m, state == FIXTURE_EMPTY ? 10 : 12, frozen ? 0 : 5, state == FIXTURE_EMPTY ? -1 : state == FIXTURE_FIRST ? 2 : 1);
	if (state != FIXTURE_EMPTY)
		inside(m, frozen), stats(m, frozen), parts(m, frozen), probe(m, frozen);
	maps(m, state == FIXTURE_EMPTY ? 0 : 32);
	text(m, state == FIXTURE_EMPTY ? 0 : state == FIXTURE_FIRST ? 5 : 13);
	m->headline = strdup(state == FIXTURE_EMPTY ? "mnist  no run yet" : frozen ? "gte5 → lt5  ❄ features" : "gte5");
	m->status = strdup(frozen ? "trainable 590,597 of 600,165" : "trainable 600,165");
	if (state == FIXTURE_FIRST || state == FIXTURE_SECOND) {
		m->activity = strdup(frozen ? "epoch 3/5" : "epoch 1/5");
		m->progress = frozen ? .49 : .44;
		m->eta = strdup(frozen ? "117/240  1s" : "101/230  3s");
	}
	if (state == FIXTURE_SECOND)
		m->waiting = strdup("2 wait: eval lt5; export png");
	if (state == FIXTURE_SECOND)
		fixture_matrix(&m->confusion, 5, 0, 12);
	else if (state == FIXTURE_DONE)
		fixture_matrix(&m->confusion, 10, 0, 30);
	if (frozen)
		runs(m);
	if (state != FIXTURE_EMPTY)
		sketch(m);
}

const char *
fixture_drawn(int cols, int rows, const struct ui_model *m, struct ui_view *v)
{
	static char *text;
	struct ui_canvas *c = ui_canvas_new(cols, rows, UI_BRAILLE);

	ui_screen_draw(c, UI_MONO, m, v);
	free(text);
	text = ui_canvas_dump(c);
	ui_canvas_free(c);
	return text;
}
