/* test_nn_kernels.c: the products of convolutions and dense layers, of all sets of kernels, over a fixed sequence of shapes: held
 * to the plain loops in double precision, the same bits for v3 and v4, and for gradients of which few or many are zero.
 */
#include "nn/kernels.h"
#include "dice.h"
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
floats(struct dice *dice, size_t n, uint32_t percent)
{
	float *x = guarded(n);
	uint32_t word[4];

	for (size_t i = 0; i < n; i++) {
		if (i % 4 == 0) {
			dice->counter[0]++;
			nn_philox(77, dice->counter, word);
		}
		x[i] = word[i % 4] % 100 < percent ? (float)((word[i % 4] >> 8) + 1) / (1 << 24) - 0.5f : 0;
	}
	return x;
}

/* The same numbers in double precision; x NULL: zeros. */
static double *
doubles(const float *x, size_t n)
{
	double *d = calloc(n, sizeof *d);

	ck_assert_ptr_nonnull(d);
	for (size_t i = 0; x != NULL && i < n; i++)
		d[i] = (double)x[i];
	return d;
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
	*r = (struct result){.name = name, .n = n, .want = doubles(NULL, n)};
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
conv_case(struct dice *dice, bool wide)
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

START_TEST(conv__products__are_those_of_double_precision)
{
	struct dice dice = {{0, (uint32_t)_i, 1}};
	uint32_t percent = (const uint32_t[]){100, 40, 20, 8, 1}[_i % 5];
	struct conv_case c = conv_case(&dice, _i % 2 == 1);
	float *x = floats(&dice, (size_t)c.n * c.x, 100), *w = floats(&dice, c.w, 100), *b = floats(&dice, (size_t)c.v.f, 100);
	float *dy = floats(&dice, (size_t)c.n * c.y, percent);
	double *x2 = doubles(x, (size_t)c.n * c.x), *w2 = doubles(w, c.w), *b2 = doubles(b, (size_t)c.v.f), *dy2 = doubles(dy, (size_t)c.n * c.y);
	struct result y, dx, dw, db;

	begin(&y, "y", (size_t)c.n * c.y);
	begin(&dx, "dx", (size_t)c.n * c.x);
	begin(&dw, "dw", c.w);
	begin(&db, "db", (size_t)c.v.f);
	nn_kernels_reference_double.conv_forward(&c.v, c.n, x2, w2, b2, y.want);
	nn_kernels_reference_double.conv_dx(&c.v, c.n, dy2, w2, dx.want);
	nn_kernels_reference_double.conv_dw(&c.v, c.n, x2, dy2, dw.want, db.want);
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
	free(x2);
	free(w2);
	free(b2);
	free(dy2);
}
END_TEST

/* Where few gradients are live they are listed, else all are taken. Here the same few come twice: alone, and with so many others
 * that all are taken, which reach other rows of the input and other filters. */
START_TEST(conv__few_live_gradients__give_the_bits_of_all)
{
	struct dice dice = {{0, (uint32_t)_i, 2}};
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
		above[i] = i % c.y / ((size_t)c.ow * f) < (size_t)rows ? few[i] : all[i];
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
	struct dice dice = {{0, (uint32_t)_i, 3}};
	int in = 1 + (int)roll(&dice, _i % 3 == 0 ? 600 : 70), out = 1 + (int)roll(&dice, _i % 4 == 0 ? 1200 : 90);
	int n = 1 + (int)roll(&dice, IMAGES_MAX), r0 = (int)roll(&dice, (uint32_t)in), r1 = r0 + 1 + (int)roll(&dice, (uint32_t)(in - r0));
	size_t images = (size_t)n, ins = (size_t)in, outs = (size_t)out, rows = (size_t)(r1 - r0);
	float *x = floats(&dice, images * ins, 100), *w = floats(&dice, ins * outs, 100), *b = floats(&dice, outs, 100);
	float *dy = floats(&dice, images * outs, 100);
	double *x2 = doubles(x, images * ins), *w2 = doubles(w, ins * outs), *b2 = doubles(b, outs), *dy2 = doubles(dy, images * outs);
	struct result y, dx, dw, db;
	char text[100];

	snprintf(text, sizeof text, "%d of %d to %d, rows from %d to %d", n, in, out, r0, r1);
	begin(&y, "y", images * outs);
	begin(&dx, "dx", images * ins);
	begin(&dw, "dw", rows * outs);
	begin(&db, "db", outs);
	nn_kernels_reference_double.dense_forward(in, out, n, x2, w2, b2, y.want);
	nn_kernels_reference_double.dense_dx(in, out, n, dy2, w2, dx.want);
	nn_kernels_reference_double.dense_rows(in, out, n, r0, r1, x2, dy2, dw.want, db.want);
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
	free(x2);
	free(w2);
	free(b2);
	free(dy2);
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
