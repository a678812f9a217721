/* test_drawing.c: each step from a picture to an image like those of the data set, by its pixels. */
#include "data/drawing.h"
#include "data/ground.h"
#include "util/xmalloc.h"
#include "tests/src/capture.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct drawing_steps usual = {0}, none = {DRAWING_OFF, DRAWING_OFF, DRAWING_OFF, DRAWING_OFF};

/* The image that `steps` make of a grey picture, whose pixels are copied. */
static struct image *
made(const uint8_t *pixels, int h, int w, const struct drawing_steps *steps)
{
	struct drawing d = {h, w, 1, false, xmalloc((size_t)h * (size_t)w)};
	struct form form = form_of(NULL, 1);
	struct image *i;

	memcpy(d.pixels, pixels, (size_t)h * (size_t)w);
	i = drawing_image(&d, "x.png", (struct nn_shape){3, {28, 28, 1}}, &form, steps);
	free(d.pixels);
	return i;
}

/* The steps are those by which MNIST was made, so that its own images stay as they are; and a picture that shows one of
 * them larger becomes it. A few of the 10,000 have a box of 19 pixels. */
START_TEST(drawing__image__leaves_mnist_as_it_is)
{
	static const struct drawing_steps on = {DRAWING_OFF, DRAWING_OFF, DRAWING_ON, DRAWING_ON};
	static uint8_t large[84 * 84];
	const struct nn_images *x;
	struct capture c;
	int other = 0;

	capture_open(&c);
	capture_share(&c);
	x = &c.s->data.set->test.images;
	for (size_t n = 0; n < x->count; n++) {
		struct image *i = made(x->pixels + n * 784, 28, 28, &on);

		other += memcmp(i->pixels, x->pixels + n * 784, 784) != 0;
		image_free(i);
	}
	ck_assert_int_le(other, 3);
	for (size_t n = 0; n < 300; n++) {
		struct image *i;

		for (int p = 0; p < 84 * 84; p++)
			large[p] = x->pixels[n * 784 + (size_t)(p / 84 / 3 * 28 + p % 84 / 3)];
		i = made(large, 84, 84, &usual);
		ck_assert_msg(memcmp(i->pixels, x->pixels + n * 784, 784) == 0, "test:%zu three times as large", n);
		ck_assert_int_eq(i->made.fitted, 20);
		ck_assert(i->made.centred && !i->made.inverted && !i->made.levelled);
		image_free(i);
	}
	capture_close(&c);
}
END_TEST

static void
steps_are(const struct image *i, const char *want)
{
	char *text = image_steps(i);

	ck_assert_str_eq(text, want);
	free(text);
}

/* A bar of 10 x 40 pixels of dark ink on grey paper, in the upper left of 100 x 80. */
START_TEST(drawing__image__each_step_by_itself)
{
	static const struct drawing_steps no_fit = {.fit = DRAWING_OFF}, no_centre = {.centre = DRAWING_OFF}, no_level = {.level = DRAWING_OFF},
	    no_invert = {.invert = DRAWING_OFF};
	static uint8_t p[100 * 80];
	struct image *i;

	for (int k = 0; k < 100 * 80; k++)
		p[k] = k % 80 >= 8 && k % 80 < 18 && k / 80 >= 5 && k / 80 < 45 ? 40 : 200;
	i = made(p, 100, 80, &usual);
	steps_are(i, "inverted, levelled, fitted into 20x20, centred (moved 0,1)");
	for (int k = 0; k < 784; k++) {
		int y = k / 28, x = k % 28, in = y >= 4 && y < 24 && x >= 12 && x < 17;

		ck_assert_msg(i->pixels[k] == (in ? 255 : 0), "%d,%d is %d", y, x, i->pixels[k]);
	}
	ck_assert_int_eq(i->made.height, 20);
	ck_assert_int_eq(i->made.width, 5);
	ck_assert_ptr_nonnull(i->raw);
	ck_assert_int_eq(i->raw[27 * 28 + 14], 200);
	image_free(i);
	i = made(p, 100, 80, &none);
	steps_are(i, "");
	ck_assert_ptr_null(i->raw);
	ck_assert_int_eq(i->pixels[27 * 28 + 14], 200);
	image_free(i);
	i = made(p, 100, 80, &no_fit);
	steps_are(i, "inverted, levelled, centred (moved 7,8)");
	image_free(i);
	i = made(p, 100, 80, &no_centre);
	steps_are(i, "inverted, levelled, fitted into 20x20");
	image_free(i);
	i = made(p, 100, 80, &no_level);
	steps_are(i, "inverted, fitted into 20x20, centred (moved 1,1)"); /* all of the picture is ink then */
	ck_assert_int_eq(i->made.width, 16);
	image_free(i);
	i = made(p, 100, 80, &no_invert);
	ck_assert(!i->made.inverted);
	image_free(i);
}
END_TEST

START_TEST(drawing__image__nothing_and_next_to_nothing)
{
	static uint8_t p[60 * 60];
	struct image *i;

	for (int v = 0; v <= 255; v += 85) {
		memset(p, v, sizeof p);
		i = made(p, 60, 60, &usual);
		ck_assert(i->made.blank);
		steps_are(i, "");
		image_free(i);
	}
	memset(p, 0, sizeof p);
	for (int at = 0; at < 3600; at += 3599) { /* a pixel in a corner fills the box, whose place is in the middle */
		p[at] = 255;
		i = made(p, 60, 60, &usual);
		p[at] = 0;
		steps_are(i, "fitted into 20x20, centred");
		for (int k = 0; k < 784; k++)
			ck_assert_int_eq(i->pixels[k], k / 28 >= 4 && k / 28 < 24 && k % 28 >= 4 && k % 28 < 24 ? 255 : 0);
		image_free(i);
	}
	p[0] = 255;
	i = made(p, 1, 1, &usual);
	ck_assert(i->made.blank);
	image_free(i);
	p[1] = 0;
	i = made(p, 1, 2, &usual);
	ck_assert(!i->made.blank);
	image_free(i);
}
END_TEST

/* The image of 28x28 that `steps` make of a picture in colour, whose pixels are taken over; alpha: they have it. */
static struct image *
coloured(uint8_t *pixels, int h, int w, bool alpha, const struct form *form, const struct drawing_steps *steps)
{
	struct drawing d = {h, w, 3, alpha, pixels};
	struct image *i = drawing_image(&d, "x.png", (struct nn_shape){3, {28, 28, 3}}, form, steps);

	free(d.pixels);
	return i;
}

/* A square of 16 pixels in the upper left of 56x56, in a colour on a ground; n: how many bytes a pixel has. */
static uint8_t *
square(int n, const uint8_t *ink, const uint8_t *ground)
{
	uint8_t *p = xmalloc(56 * 56 * (size_t)n);

	for (int k = 0; k < 56 * 56; k++)
		memcpy(p + k * n, k / 56 >= 8 && k / 56 < 24 && k % 56 >= 8 && k % 56 < 24 ? ink : ground, (size_t)n);
	return p;
}

static void
pixel_is(const struct image *i, int y, int x, int r, int g, int b)
{
	ck_assert_mem_eq(i->pixels + (y * 28 + x) * 3, ((uint8_t[]){(uint8_t)r, (uint8_t)g, (uint8_t)b}), 3);
}

START_TEST(drawing__image__in_colour)
{
	struct form form = form_of(NULL, 3);
	struct image *i = coloured(square(3, (uint8_t[]){30, 20, 10}, (uint8_t[]){240, 230, 220}), 56, 56, false, &form, &usual);

	/* turned around, the paper is 15, 25, 35, of a brightness of 23; 39 and below become the ground, 233 becomes 255 */
	steps_are(i, "inverted, levelled, fitted into 20x20, centred");
	pixel_is(i, 3, 14, 0, 0, 0);
	pixel_is(i, 4, 4, (225 - 39) * 255 / (233 - 39), 255, 255);
	pixel_is(i, 23, 23, (225 - 39) * 255 / (233 - 39), 255, 255);
	pixel_is(i, 24, 23, 0, 0, 0);
	image_free(i);
	/* a blue as dark as the ground: it is no ink that could be fitted, and is not lost */
	i = coloured(square(3, (uint8_t[]){0, 0, 120}, (uint8_t[]){0, 0, 0}), 56, 56, false, &form,
	    &(struct drawing_steps){.level = DRAWING_OFF});
	ck_assert(!i->made.blank && !i->made.centred && i->made.fitted == 0);
	pixel_is(i, 5, 5, 0, 0, 120);
	pixel_is(i, 20, 20, 0, 0, 0);
	image_free(i);
}
END_TEST

/* What is clear takes the ground of the data, or white where dark ink could not be seen on it. */
START_TEST(drawing__image__of_what_is_clear)
{
	static const struct {
		uint8_t ink[4], ground[4];
		bool dark_ground; /* as the data have it */
		int in[3], out[3]; /* inside the square and outside */
	} cases[] = {
		{{255, 255, 255, 255}, {9, 9, 9, 0}, true, {255, 255, 255}, {0, 0, 0}}, {{10, 10, 10, 255}, {0, 0, 0, 0}, true, {10, 10, 10}, {255, 255, 255}},
		{{10, 10, 10, 255}, {0, 0, 0, 255}, true, {10, 10, 10}, {0, 0, 0}} /* nothing is clear */,
		{{10, 10, 10, 255}, {7, 7, 7, 0}, false, {10, 10, 10}, {200, 100, 50}}, {{90, 0, 0, 0}, {0, 90, 0, 0}, true, {0, 0, 0}, {0, 0, 0}},
		{{250, 0, 0, 102}, {0, 0, 0, 255}, true, {100, 0, 0}, {0, 0, 0}} /* two parts in five */,
	};

	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct form form = form_of(NULL, 3);
		struct image *i;

		if (!cases[k].dark_ground)
			form.ground = (struct ground){{200, 100, 50}, false};
		i = coloured(square(4, cases[k].ink, cases[k].ground), 56, 56, true, &form, &none);
		pixel_is(i, 6, 6, cases[k].in[0], cases[k].in[1], cases[k].in[2]);
		pixel_is(i, 20, 20, cases[k].out[0], cases[k].out[1], cases[k].out[2]);
		image_free(i);
	}
}
END_TEST

/* Paper and ink become ground and 255 where they are far from it, however rough the paper is. */
START_TEST(drawing__image__levels)
{
	static const struct drawing_steps level = {DRAWING_OFF, DRAWING_ON, DRAWING_OFF, DRAWING_OFF};
	static uint8_t p[56 * 56];
	struct image *i;

	for (int k = 0; k < 56 * 56; k++)
		p[k] = k / 56 >= 8 && k / 56 < 24 && k % 56 >= 8 && k % 56 < 24 ? 100 : k % 56 > 40 ? 50 : 0;
	i = made(p, 56, 56, &level); /* faint ink on the ground that the data have */
	ck_assert(i->made.levelled && i->pixels[6 * 28 + 6] == 255 && i->pixels[6 * 28 + 24] == 50 * 255 / 100);
	image_free(i);
	for (int k = 0; k < 56 * 56; k++)
		p[k] = p[k] == 100 ? 130 : (uint8_t)(20 + (k % 56 + k / 56) % 90);
	i = made(p, 56, 56, &level); /* on paper nearly as light as the ink: half way between the median and it */
	ck_assert(i->made.levelled && i->pixels[6 * 28 + 6] == 255 && i->pixels[1] == 0);
	image_free(i);
	for (int k = 0; k < 56 * 56; k++)
		p[k] = k % 56 < 8 ? 250 : 0;
	i = made(p, 56, 56, &level); /* as it should be */
	ck_assert(!i->made.levelled && i->pixels[0] == 250);
	image_free(i);
}
END_TEST

/* The centre of mass goes to the middle, but nothing of what is drawn goes over an edge. */
START_TEST(drawing__image__centres)
{
	static const struct drawing_steps centre = {DRAWING_OFF, DRAWING_OFF, DRAWING_OFF, DRAWING_ON};
	static const struct {
		int y, x, faint_y, faint_x; /* a block of six pixels, and a pixel that is hardly there */
		int down, right;
	} cases[] = {{2, 2, 4, 4, 9, 9}, {20, 20, 22, 22, -9, -9}, {20, 2, 0, 27, 0, 0}, {2, 20, 27, 0, 0, 0}, {2, 2, 20, 20, 7, 7},
	    {20, 20, 3, 3, -3, -3}};
	static uint8_t p[28 * 28];

	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct image *i;

		memset(p, 0, sizeof p);
		p[cases[k].faint_y * 28 + cases[k].faint_x] = 20;
		for (int y = 0; y < 6; y++)
			memset(p + (cases[k].y + y) * 28 + cases[k].x, 255, 6);
		i = made(p, 28, 28, &centre);
		ck_assert(i->made.centred);
		ck_assert_msg(i->made.down == cases[k].down && i->made.right == cases[k].right, "%zu: %d, %d", k, i->made.down, i->made.right);
		ck_assert_int_eq(i->pixels[(cases[k].y + cases[k].down) * 28 + cases[k].x + cases[k].right], 255);
		image_free(i);
	}
}
END_TEST

/* As the data are made, so is the picture. */
START_TEST(drawing__image__in_the_form_of_the_data)
{
	static uint8_t p[56 * 56];
	struct form form = form_of(NULL, 1);
	const struct {
		int box, of;
		bool centred;
		int fitted;
	} cases[] = {{20, 28, true, 20}, {8, 16, false, 14}, {0, 28, false, 0}, {1, 1024, true, 1}, {28, 28, true, 28}};

	for (int k = 0; k < 56 * 56; k++)
		p[k] = k / 56 < 16 && k % 56 >= 8 && k % 56 < 24 ? 255 : 0;
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct drawing d = {56, 56, 1, false, xmalloc(sizeof p)};
		struct image *i;

		memcpy(d.pixels, p, sizeof p);
		form.box = cases[k].box;
		form.of = cases[k].of;
		form.centred = cases[k].centred;
		i = drawing_image(&d, "x.png", (struct nn_shape){3, {28, 28, 1}}, &form, &usual);
		ck_assert_int_eq(i->made.fitted, cases[k].fitted);
		ck_assert(i->made.centred == cases[k].centred);
		image_free(i);
		free(d.pixels);
	}
}
END_TEST

/* ---- the ground ---- */

/* Of a data set of one picture of 4x4, whose rim and whose middle are these, in `channels` channels that are alike. */
static struct ground
ground(const uint8_t rim[12], uint8_t middle, int channels, int asked)
{
	uint8_t p[16 * 3];
	struct dataset d = {.train.images = {.shape = {3, {4, 4, channels}}, .count = 1, .pixels = p}};

	memset(p, middle, sizeof p);
	for (size_t i = 0; i < 12; i++)
		memset(p + ground_rim_at(4, 4, i) * (size_t)channels, rim[i], (size_t)channels);
	return ground_of(&d, asked);
}

START_TEST(ground__of__dark_and_light)
{
	static const struct {
		uint8_t rim[12], middle, median;
		bool light_on_dark, dark_on_light;
	} sets[] = {
		{{0}, 200, 0, true, false}, {{20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20}, 0, 20, false, false}, /* darker things on dark */
		{{250, 250, 250, 250, 250, 250, 250, 250, 250, 250, 250, 250}, 10, 250, false, true},
		{{200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200}, 255, 200, false, false}, /* lighter ones on light */
		{{100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100}, 0, 100, false, false},
		{{0, 0, 0, 20, 20, 20, 60, 100, 100, 100, 150, 150}, 255, 60, false, false}, /* nor where the ground is uneven */
		{{255, 255, 255, 230, 230, 230, 195, 100, 100, 100, 150, 195}, 0, 230, false, false},
	};

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		for (int channels = 1; channels <= 3; channels += 2)
			for (int asked = 1; asked <= 3; asked += 2) {
				struct ground g = ground(sets[i].rim, sets[i].middle, channels, asked);

				for (int k = 0; k < asked; k++)
					ck_assert_msg(g.rgb[k] == sets[i].median, "%zu: %d", i, g.rgb[k]);
				ck_assert_msg(g.light_on_dark == sets[i].light_on_dark, "%zu", i);
				ck_assert_msg(g.dark_on_light == sets[i].dark_on_light, "%zu", i);
			}
	ck_assert(ground_of(NULL, 1).light_on_dark);
	ck_assert_int_eq(ground_of(NULL, 3).rgb[2], 0);
}
END_TEST

/* In colour each channel has its own, and grey is what they weigh. */
START_TEST(ground__of__in_colour)
{
	static const uint8_t green[3 * 3] = {10, 200, 30, 10, 200, 30, 10, 200, 30};
	struct dataset d = {.train.images = {.shape = {3, {1, 3, 3}}, .count = 1, .pixels = green}};

	ck_assert_mem_eq(ground_of(&d, 3).rgb, ((uint8_t[]){10, 200, 30}), 3);
	ck_assert_int_eq(ground_of(&d, 1).rgb[0], (10 * 299 + 200 * 587 + 30 * 114 + 500) / 1000);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("drawing");
	TCase *t = tcase_create("all");

	tcase_add_test(t, drawing__image__leaves_mnist_as_it_is);
	tcase_add_test(t, drawing__image__each_step_by_itself);
	tcase_add_test(t, drawing__image__nothing_and_next_to_nothing);
	tcase_add_test(t, drawing__image__in_colour);
	tcase_add_test(t, drawing__image__of_what_is_clear);
	tcase_add_test(t, drawing__image__levels);
	tcase_add_test(t, drawing__image__centres);
	tcase_add_test(t, drawing__image__in_the_form_of_the_data);
	tcase_add_test(t, ground__of__dark_and_light);
	tcase_add_test(t, ground__of__in_colour);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
