/* test_nn_kernels.c: the products of convolutions and dense layers, of all sets of kernels, over a fixed sequence of shapes: held
 * to double precision, the same bits for v3 and v4, and for gradients of which few or many are zero.
 */
#include "kernels.h"
#include "../run.h"

#include <check.h>
#include <config.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef THAW_SANITIZED
#define SHAPES 40
#else
#define SHAPES 150
#endif

#define RELATIVE 2e-6 /* of a tensor, L2 */
#define IMAGES_MAX 19

static const char *const kernels[] = {"reference", "base", "v3", "v4"};
#define KERNELS (int)(sizeof kernels / sizeof *kernels)

static uint32_t
roll(uint32_t *dice, uint32_t sides)
{
	*dice = *dice * 1664525 + 1013904223;
	return (*dice >> 8) % sides;
}

/* What mmap gives n floats that end where a page does. */
static size_t
mapped(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (n * sizeof(float) + page - 1) / page * page;
}

/* n floats; to read or write past their end is a crash. Sanitizers do not see what a masked load of a vector reads. */
static float *
guarded(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = mapped(n);
	char *at = mmap(NULL, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert(at != MAP_FAILED && mprotect(at + bytes, page, PROT_NONE) == 0);
	return (float *)(void *)(at + bytes - n * sizeof(float));
}

static void
release(float *x, size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = mapped(n);

	munmap((char *)x + n * sizeof *x - bytes, bytes + page);
}

/* Before a kernel: what it reads on its stack without having written it is no number. */
static __attribute__((noinline)) void
dirty_stack(void)
{
	char junk[512 * 1024];

	memset(junk, 0xff, sizeof junk);
	__asm__ volatile("" : : "r"(junk) : "memory");
}

/* n floats from -0.5 to 0.5, of which so many in a hundred are not zero. */
static float *
floats(uint32_t *dice, size_t n, uint32_t percent)
{
	float *x = guarded(n);

	for (size_t i = 0; i < n; i++)
		x[i] = roll(dice, 100) < percent ? (float)(roll(dice, 1 << 20) + 1) / (1 << 20) - 0.5f : 0;
	return x;
}

static double *
zeros(size_t n)
{
	double *x = calloc(n, sizeof *x);

	ck_assert_ptr_nonnull(x);
	return x;
}

/* One result of all sets of kernels beside that in double precision. */
struct result {
	const char *name;
	size_t n;
	double *want;
	float *got[4]; /* NULL: this processor has not got these kernels */
};

static void
begin(struct result *r, const char *name, size_t n)
{
	*r = (struct result){.name = name, .n = n, .want = zeros(n)};
	for (int k = 0; k < KERNELS; k++) {
		if (nn_kernels_find(kernels[k], NULL) == NULL)
			continue;
		r->got[k] = guarded(n);
		memset(r->got[k], 0xff, n * sizeof **r->got); /* no number: all of it is to be written */
	}
}

static void
end(struct result *r, const char *shape)
{
	for (int k = 0; k < KERNELS; k++) {
		double error = 0, size = 0;

		if (r->got[k] == NULL)
			continue;
		for (size_t i = 0; i < r->n; i++) {
			error += ((double)r->got[k][i] - r->want[i]) * ((double)r->got[k][i] - r->want[i]);
			size += r->want[i] * r->want[i];
		}
		if (!(sqrt(error) <= RELATIVE * sqrt(size)))
			ck_abort_msg("%s: %s, %s: off by %g of %g", shape, r->name, kernels[k], sqrt(error), sqrt(size));
	}
	if (r->got[2] != NULL && r->got[3] != NULL && memcmp(r->got[2], r->got[3], r->n * sizeof **r->got) != 0)
		ck_abort_msg("%s: %s: v3 and v4 differ", shape, r->name);
	for (int k = 0; k < KERNELS; k++)
		if (r->got[k] != NULL)
			release(r->got[k], r->n);
	free(r->want);
}

/* ---- convolution ---- */

struct conv_case {
	struct nn_conv v;
	int n, oh, ow;
	size_t x, y, w; /* floats of an image in and out, and of the kernel */
	char text[100];
};

static struct conv_case
conv_case(uint32_t *dice, bool wide)
{
	struct conv_case c = {.n = 1 + (int)roll(dice, NN_CHUNK)};
	struct nn_conv *v = &c.v;

	v->k = 1 + (int)roll(dice, 7);
	v->h = v->k + (int)roll(dice, 16);
	v->w = v->k + (int)roll(dice, 30);
	v->c = wide ? 16 + (int)roll(dice, 60) : 1 + (int)roll(dice, roll(dice, 2) ? 5 : 40);
	v->f = 1 + (int)roll(dice, roll(dice, 2) ? 20 : 70);
	if (wide && roll(dice, 8) == 0) { /* more filters than conv_dx takes together */
		v->k = 2 + (int)roll(dice, 3);
		v->h = v->k + (int)roll(dice, 8);
		v->w = v->k + (int)roll(dice, 12);
		v->c = 16 + (int)roll(dice, 12);
		v->f = 257 + (int)roll(dice, 30);
	}
	c.oh = v->h - v->k + 1;
	c.ow = v->w - v->k + 1;
	c.x = (size_t)v->h * (size_t)v->w * (size_t)v->c;
	c.y = (size_t)c.oh * (size_t)c.ow * (size_t)v->f;
	c.w = (size_t)v->k * (size_t)v->k * (size_t)v->c * (size_t)v->f;
	snprintf(c.text, sizeof c.text, "%d of %dx%dx%d, %d of %dx%d", c.n, v->h, v->w, v->c, v->f, v->k, v->k);
	return c;
}

/* y, dx, dw and db in double precision. */
static void
conv_double(const struct conv_case *c, const float *x, const float *w, const float *b, const float *dy, double *y, double *dx, double *dw,
    double *db)
{
	const struct nn_conv *v = &c->v;
	size_t f = (size_t)v->f, run = (size_t)v->k * (size_t)v->c;

	for (size_t out = 0; out < (size_t)c->n * (size_t)c->oh * (size_t)c->ow; out++) {
		size_t image = out / (size_t)(c->oh * c->ow), row = out / (size_t)c->ow % (size_t)c->oh, col = out % (size_t)c->ow;
		size_t at = image * c->x + (row * (size_t)v->w + col) * (size_t)v->c;

		for (size_t o = 0; o < f; o++) {
			double sum = (double)b[o], g = (double)dy[out * f + o];

			db[o] += g;
			for (size_t r = 0; r < (size_t)v->k; r++)
				for (size_t j = 0; j < run; j++) {
					size_t in = at + r * (size_t)v->w * (size_t)v->c + j, weight = (r * run + j) * f + o;

					sum += (double)x[in] * (double)w[weight];
					dx[in] += g * (double)w[weight];
					dw[weight] += g * (double)x[in];
				}
			y[out * f + o] = sum;
		}
	}
}

START_TEST(conv__products__are_those_of_double_precision)
{
	uint32_t dice = 1 + (uint32_t)_i, percent = (const uint32_t[]){100, 40, 20, 8, 1}[_i % 5];
	struct conv_case c = conv_case(&dice, _i % 2 == 1);
	float *x = floats(&dice, (size_t)c.n * c.x, 100), *w = floats(&dice, c.w, 100), *b = floats(&dice, (size_t)c.v.f, 100);
	float *dy = floats(&dice, (size_t)c.n * c.y, percent);
	struct result y, dx, dw, db;

	begin(&y, "y", (size_t)c.n * c.y);
	begin(&dx, "dx", (size_t)c.n * c.x);
	begin(&dw, "dw", c.w);
	begin(&db, "db", (size_t)c.v.f);
	conv_double(&c, x, w, b, dy, y.want, dx.want, dw.want, db.want);
	for (int i = 0; i < KERNELS; i++) {
		const struct nn_kernels *k = nn_kernels_find(kernels[i], NULL);

		if (k == NULL)
			continue;
		memset(dw.got[i], 0, dw.n * sizeof(float)); /* these are added to */
		memset(db.got[i], 0, db.n * sizeof(float));
		dirty_stack();
		k->conv_forward(&c.v, c.n, x, w, b, y.got[i]);
		dirty_stack();
		k->conv_dx(&c.v, c.n, dy, w, dx.got[i]);
		dirty_stack();
		k->conv_dw(&c.v, c.n, x, dy, dw.got[i], db.got[i]);
	}
	end(&y, c.text);
	end(&dx, c.text);
	end(&dw, c.text);
	end(&db, c.text);
	release(x, (size_t)c.n * c.x);
	release(w, c.w);
	release(b, (size_t)c.v.f);
	release(dy, (size_t)c.n * c.y);
}
END_TEST

/* Where few gradients are live they are listed, else all are taken. Here the same few come twice: alone, and with so many others
 * that all are taken, which reach other rows of the input and other filters. */
START_TEST(conv__few_live_gradients__give_the_bits_of_all)
{
	uint32_t dice = 500 + (uint32_t)_i;
	struct conv_case c = conv_case(&dice, true);
	struct nn_conv *v = &c.v;
	int rows = c.oh / 2; /* those of the few; the others' patches begin below */
	size_t f = (size_t)v->f, row = (size_t)v->w * (size_t)v->c, y = (size_t)c.n * c.y, few_filters = (f + 3) / 4;
	float *x = floats(&dice, (size_t)c.n * c.x, 100), *w = floats(&dice, c.w, 100), *all = floats(&dice, y, 100);
	float *few = floats(&dice, y, 12), *above = malloc(y * sizeof *above), *left = malloc(y * sizeof *left);
	float *dx[2] = {malloc((size_t)c.n * c.x * sizeof *x), malloc((size_t)c.n * c.x * sizeof *x)};
	float *dw[2] = {malloc(c.w * sizeof *w), malloc(c.w * sizeof *w)}, *db = calloc(f, sizeof *db);

	ck_assert(above != NULL && left != NULL && dx[0] != NULL && dx[1] != NULL && dw[0] != NULL && dw[1] != NULL && db != NULL);
	for (size_t i = 0; i < y; i++) {
		size_t r = i % c.y / ((size_t)c.ow * f);

		if (r >= (size_t)rows)
			above[i] = all[i];
		else
			above[i] = few[i];
		left[i] = i % f < few_filters ? few[i] : all[i];
	}
	for (int i = 1; i < KERNELS; i++) {
		const struct nn_kernels *k = nn_kernels_find(kernels[i], NULL);

		if (k == NULL)
			continue;
		for (int many = 0; many < 2; many++) {
			float *dy = guarded(y);

			for (size_t j = 0; j < y; j++)
				dy[j] = many || j % c.y / ((size_t)c.ow * f) < (size_t)rows ? above[j] : 0;
			dirty_stack();
			k->conv_dx(v, c.n, dy, w, dx[many]);
			for (size_t j = 0; j < y; j++)
				dy[j] = many || j % f < few_filters ? left[j] : 0;
			memcpy(dw[many], w, c.w * sizeof *w); /* any numbers to add to */
			dirty_stack();
			k->conv_dw(v, c.n, x, dy, dw[many], db);
			release(dy, y);
		}
		for (int n = 0; n < c.n; n++)
			if (memcmp(dx[0] + (size_t)n * c.x, dx[1] + (size_t)n * c.x, (size_t)rows * row * sizeof *x) != 0)
				ck_abort_msg("%s: dx, %s", c.text, kernels[i]);
		for (size_t j = 0; j < c.w; j++)
			if (j % f < few_filters && memcmp(dw[0] + j, dw[1] + j, sizeof *w) != 0)
				ck_abort_msg("%s: dw, %s: %.9g alone, %.9g among all", c.text, kernels[i], (double)dw[0][j], (double)dw[1][j]);
	}
	release(x, (size_t)c.n * c.x);
	release(w, c.w);
	release(all, y);
	release(few, y);
	free(above);
	free(left);
	free(dx[0]);
	free(dx[1]);
	free(dw[0]);
	free(dw[1]);
	free(db);
}
END_TEST

/* ---- dense layers ---- */

START_TEST(dense__products__are_those_of_double_precision)
{
	uint32_t dice = 1000 + (uint32_t)_i;
	int in = 1 + (int)roll(&dice, _i % 3 == 0 ? 600 : 70), out = 1 + (int)roll(&dice, _i % 4 == 0 ? 1200 : 90);
	int n = 1 + (int)roll(&dice, IMAGES_MAX), r0 = (int)roll(&dice, (uint32_t)in), r1 = r0 + 1 + (int)roll(&dice, (uint32_t)(in - r0));
	size_t images = (size_t)n, ins = (size_t)in, outs = (size_t)out, rows = (size_t)(r1 - r0);
	float *x = floats(&dice, images * ins, 100), *w = floats(&dice, ins * outs, 100), *b = floats(&dice, outs, 100);
	float *dy = floats(&dice, images * outs, 100);
	struct result y, dx, dw, db;
	char text[100];

	snprintf(text, sizeof text, "%d of %d to %d, rows from %d to %d", n, in, out, r0, r1);
	begin(&y, "y", images * outs);
	begin(&dx, "dx", images * ins);
	begin(&dw, "dw", rows * outs);
	begin(&db, "db", outs);
	for (size_t m = 0; m < images; m++)
		for (size_t o = 0; o < outs; o++) {
			double g = (double)dy[m * outs + o], sum = (double)b[o];

			db.want[o] += g;
			for (size_t i = 0; i < ins; i++) {
				sum += (double)x[m * ins + i] * (double)w[i * outs + o];
				dx.want[m * ins + i] += g * (double)w[i * outs + o];
				if (i >= (size_t)r0 && i < (size_t)r1)
					dw.want[(i - (size_t)r0) * outs + o] += g * (double)x[m * ins + i];
			}
			y.want[m * outs + o] = sum;
		}
	for (int i = 0; i < KERNELS; i++) {
		const struct nn_kernels *k = nn_kernels_find(kernels[i], NULL);

		if (k == NULL)
			continue;
		dirty_stack();
		k->dense_forward(in, out, n, x, w, b, y.got[i]);
		dirty_stack();
		k->dense_dx(in, out, n, dy, w, dx.got[i]);
		dirty_stack();
		k->dense_rows(in, out, n, r0, r1, x, dy, dw.got[i], db.got[i]);
	}
	end(&y, text);
	end(&dx, text);
	end(&dw, text);
	end(&db, text);
	release(x, images * ins);
	release(w, ins * outs);
	release(b, outs);
	release(dy, images * outs);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("nn kernels");
	TCase *t = tcase_create("kernels");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, conv__products__are_those_of_double_precision, 0, SHAPES);
	tcase_add_loop_test(t, conv__few_live_gradients__give_the_bits_of_all, 0, SHAPES);
	tcase_add_loop_test(t, dense__products__are_those_of_double_precision, 0, SHAPES);
	suite_add_tcase(s, t);
	return run_suite(s);
}
