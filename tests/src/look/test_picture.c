/* test_picture.c: a picture of a file is what the data set holds, whatever form the file has, and ink and ground are told
 * apart. What its steps make of one: tests/src/data/test_drawing.c. */
#include "data/drawing.h"
#include "look/picture.h"
#include "util/xmalloc.h"
#include "tests/src/captured.h"
#include "tests/run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { SIDE = 8, PIXELS = SIDE * SIDE, IMAGES = 10 };
enum { GREY = 0, RGB = 2, PALETTE = 3, GREY_ALPHA = 4, RGB_ALPHA = 6 }; /* as the header of a PNG says it */

/* ---- files ---- */

struct bytes {
	uint8_t p[4096];
	size_t n;
};

static void
put(struct bytes *b, uint32_t v, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		b->p[b->n++] = (uint8_t)(v >> (8 * i));
}

static void
put_chunk(struct bytes *b, const char *name, const void *p, size_t n)
{
	size_t at = b->n + 4;

	put(b, (uint32_t)n, 4);
	memcpy(b->p + at, name, 4);
	memcpy(b->p + at + 4, p, n);
	b->n += 4 + n;
	put(b, (uint32_t)crc32(0, b->p + at, (uInt)n + 4), 4);
}

struct png_form {
	int type, depth, interlace;
};

/* One pixel behind the bits that are there; a palette is one of 256 greys. */
static void
put_pixel(uint8_t *row, size_t *bit, struct png_form f, const uint8_t rgba[4])
{
	int n = f.type == GREY || f.type == PALETTE ? 1 : f.type == GREY_ALPHA ? 2 : f.type == RGB ? 3 : 4;
	const uint8_t pair[2] = {rgba[0], rgba[3]}, *p = f.type == GREY_ALPHA ? pair : rgba;

	for (int k = 0; k < n; k++)
		for (int i = f.depth - 1; i >= 0; i--, ++*bit) {
			int v = f.depth == 16 ? p[k] * 257 : p[k] >> (8 - f.depth);

			row[*bit / 8] |= (uint8_t)((v >> i & 1) << (7 - *bit % 8));
		}
}

/* A PNG of SIDE times SIDE pixels, red, green, blue and alpha in 8 bits each, in one of the forms of the format. */
static void
write_png(const char *name, struct png_form f, const uint8_t (*rgba)[4])
{
	static const int pass[8][4] = {{0, 0, 1, 1}, {0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4}, {2, 0, 4, 2},
	    {0, 1, 2, 2}, {1, 0, 2, 1}}; /* first row and column, and steps: all at once, or Adam7's */
	struct bytes raw = {{0}, 0}, head = {{0}, 0}, file = {{0}, 0};
	uint8_t packed[4096], palette[768];
	uLongf n = sizeof packed;

	for (int i = f.interlace; i < (f.interlace ? 8 : 1); i++)
		for (int y = pass[i][0]; y < SIDE; y += pass[i][2]) {
			size_t bit = 8; /* behind the filter, which is 0 */

			for (int x = pass[i][1]; x < SIDE; x += pass[i][3])
				put_pixel(raw.p + raw.n, &bit, f, rgba[y * SIDE + x]);
			raw.n += bit > 8 ? (bit + 7) / 8 : 0;
		}
	ck_assert_int_eq(compress(packed, &n, raw.p, raw.n), Z_OK);
	put(&head, SIDE, 4);
	put(&head, SIDE, 4);
	put(&head, (uint32_t)f.depth << 8 | (uint32_t)f.type, 2);
	put(&head, (uint32_t)f.interlace, 3);
	memcpy(file.p, "\x89PNG\r\n\x1a\n", file.n = 8);
	put_chunk(&file, "IHDR", head.p, head.n);
	for (int i = 0; i < 768; i++)
		palette[i] = (uint8_t)(i / 3);
	if (f.type == PALETTE)
		put_chunk(&file, "PLTE", palette, sizeof palette);
	put_chunk(&file, "IDAT", packed, n);
	put_chunk(&file, "IEND", "", 0);
	scratch_write(name, file.p, file.n);
}

/* A folder of IMAGES images that one function draws. */
static void
write_data(const char *dir, int channels, void (*draw)(int image, uint8_t rgb[PIXELS][3]))
{
	static const char *const part[] = {"train", "t10k"};
	uint8_t rgb[PIXELS][3];
	char name[64];

	ck_assert_int_eq(mkdir(dir, 0700), 0);
	for (int k = 0; k < 2; k++) {
		struct bytes images = {{0}, 0}, labels = {{0}, 0};

		put(&images, channels == 3 ? 0x804 : 0x803, 4);
		put(&images, IMAGES, 4);
		put(&images, SIDE, 4);
		put(&images, SIDE, 4);
		if (channels == 3)
			put(&images, 3, 4);
		put(&labels, 0x801, 4);
		put(&labels, IMAGES, 4);
		for (int i = 0; i < IMAGES; i++) {
			draw(i, rgb);
			for (int p = 0; p < PIXELS; p++)
				for (int c = 0; c < channels; c++)
					images.p[images.n++] = rgb[p][c];
			labels.p[labels.n++] = (uint8_t)(i % 5);
		}
		snprintf(name, sizeof name, "%s/%s-images-idx%d-ubyte", dir, part[k], channels == 3 ? 4 : 3);
		scratch_write(name, images.p, images.n);
		snprintf(name, sizeof name, "%s/%s-labels-idx1-ubyte", dir, part[k]);
		scratch_write(name, labels.p, labels.n);
	}
	snprintf(name, sizeof name, "data %s; build \"flatten | dense 5, softmax\"", dir);
	ck_assert_msg(capture_run(&C, name) == 0, "%s", C.errors);
}

/* A light stroke on black; in the last image it fills all but a corner. */
static void
draw_light(int image, uint8_t rgb[PIXELS][3])
{
	for (int p = 0; p < PIXELS; p++) {
		int y = p / SIDE, x = p % SIDE, v = x == 3 && y > 0 && y < 7 ? 255 : x == 4 && y > 1 && y < 6 ? 100 + image : 0;

		memset(rgb[p], image == IMAGES - 1 ? (x < 2 && y < 2 ? 0 : x == 4 ? 90 : 230) : v, 3);
	}
}

static void
draw_dark(int image, uint8_t rgb[PIXELS][3])
{
	draw_light(0, rgb);
	for (int p = 0; p < PIXELS; p++)
		memset(rgb[p], 250 - rgb[p][0] * 4 / 5 - image, 3);
}

/* Colours with a light rim, as in photographs. */
static void
draw_colour(int image, uint8_t rgb[PIXELS][3])
{
	uint32_t x = 1 + (uint32_t)image;

	for (int p = 0; p < PIXELS; p++)
		for (int c = 0; c < 3; c++) {
			x = x * 1664525 + 1013904223;
			rgb[p][c] = (uint8_t)(p / SIDE % 7 == 0 || p % SIDE % 7 == 0 ? 200 + (x >> 27) : x >> 24);
		}
}

/* ---- tests ---- */

static struct image *
get(const char *text)
{
	struct err e = {0};
	struct image *i = picture_get(C.s, text, &e);

	ck_assert_msg(i != NULL, "%s: %s", text, e.text);
	return i;
}

/* The picture of a file has these pixels; a last word on whether it was turned around. */
static void
holds(const char *file, const uint8_t *pixels, bool inverted)
{
	struct image *i = get(file);
	size_t n = nn_shape_size(i->shape);

	for (size_t k = 0; k < n; k++)
		ck_assert_msg(i->pixels[k] == pixels[k], "%s: pixel %zu is %d, not %d", file, k, i->pixels[k], pixels[k]);
	ck_assert_int_eq(i->made.inverted, inverted);
	ck_assert_int_eq(i->raw != NULL, inverted);
	image_free(i);
}

/* An image of the data as a file, in each form that can hold it, is the image. */
static void
same_as(int number, bool alpha_at_ground)
{
	static const struct png_form forms[] = {{GREY, 8, 0}, {GREY, 16, 0}, {GREY, 8, 1}, {GREY, 16, 1}, {PALETTE, 8, 0},
	    {PALETTE, 8, 1}, {GREY_ALPHA, 8, 0}, {GREY_ALPHA, 16, 1}, {RGB, 8, 0}, {RGB, 16, 0}, {RGB, 8, 1}, {RGB, 16, 1},
	    {RGB_ALPHA, 8, 0}, {RGB_ALPHA, 16, 0}, {RGB_ALPHA, 8, 1}};
	struct image *x;
	uint8_t rgba[PIXELS][4];
	char name[16];

	snprintf(name, sizeof name, "test:%d", number);
	x = get(name);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		int c = x->shape.dim[2];

		if (c == 3 && forms[i].type != RGB && forms[i].type != RGB_ALPHA)
			continue;
		for (int p = 0; p < PIXELS; p++) {
			for (int k = 0; k < 3; k++)
				rgba[p][k] = x->pixels[p * c + (c == 3 ? k : 0)];
			rgba[p][3] = alpha_at_ground && rgba[p][0] == 0 ? 0 : 255;
		}
		write_png("same.png", forms[i], rgba);
		holds("same.png", x->pixels, false);
	}
	image_free(x);
}

START_TEST(picture__file__is_the_image_of_light_on_dark)
{
	write_data("light", 1, draw_light);
	for (int i = 0; i < IMAGES; i++)
		same_as(i, i % 2 == 1);
}
END_TEST

START_TEST(picture__file__is_the_image_of_dark_on_light)
{
	write_data("dark", 1, draw_dark);
	for (int i = 0; i < IMAGES; i++)
		same_as(i, false);
}
END_TEST

START_TEST(picture__file__is_the_image_in_colour)
{
	write_data("colour", 3, draw_colour);
	for (int i = 0; i < IMAGES; i++)
		same_as(i, false);
}
END_TEST

/* A square of ink on a ground, with alpha; in a form. */
static void
square(struct png_form f, int ground, int ink, int alpha_of_ground)
{
	uint8_t rgba[PIXELS][4];

	for (int p = 0; p < PIXELS; p++) {
		bool in = p / SIDE > 2 && p / SIDE < 6 && p % SIDE > 2 && p % SIDE < 6;

		memset(rgba[p], in ? ink : ground, 3);
		rgba[p][3] = (uint8_t)(in ? 255 : alpha_of_ground);
	}
	write_png("square.png", f, rgba);
}

static void
square_is(int ground, int ink, bool inverted)
{
	uint8_t pixels[PIXELS];

	for (int p = 0; p < PIXELS; p++)
		pixels[p] = (uint8_t)(p / SIDE > 2 && p / SIDE < 6 && p % SIDE > 2 && p % SIDE < 6 ? ink : ground);
	holds("square.png", pixels, inverted);
}

START_TEST(picture__file__few_bits)
{
	write_data("light", 1, draw_light);
	for (int depth = 1; depth <= 4; depth *= 2) {
		square((struct png_form){GREY, depth, 0}, 0, 255, 255);
		square_is(0, 255, false);
		square((struct png_form){GREY, depth, 1}, 255, 0, 255);
		square_is(0, 255, true);
	}
}
END_TEST

START_TEST(picture__file__ink_against_ground)
{
	static const struct png_form form = {GREY_ALPHA, 8, 0};

	write_data("light", 1, draw_light);
	square(form, 200, 30, 255); /* ink on paper */
	square_is(55, 225, true);
	square(form, 110, 0, 255); /* on dark paper */
	square_is(145, 255, true);
	square(form, 150, 255, 255); /* chalk on a grey board */
	square_is(150, 255, false);
	square(form, 40, 255, 255);
	square_is(40, 255, false);
	square(form, 77, 0, 0); /* ink on nothing; what colour nothing has does not matter */
	square_is(0, 255, true);
	square(form, 255, 230, 0);
	square_is(0, 230, false);
	square((struct png_form){RGB_ALPHA, 16, 1}, 255, 255, 0);
	square_is(0, 255, false);
	ck_assert_int_eq(capture_run(&C, "build \"flatten | dense 5, softmax\"; predict square.png"), 0);
}
END_TEST

START_TEST(picture__file__turned_around_for_light_on_dark_alone)
{
	static const struct png_form form = {RGB_ALPHA, 8, 0};

	write_data("dark", 1, draw_dark);
	square(form, 0, 255, 255);
	square_is(0, 255, false);
	square(form, 255, 0, 255);
	square_is(255, 0, false);
	square(form, 9, 20, 0); /* nothing takes the ground of the data */
	square_is(ground_of(C.s->data.set, 1).rgb[0], 20, false);
	ck_assert_uint_gt(ground_of(C.s->data.set, 1).rgb[0], 230);
}
END_TEST

START_TEST(ground__of__data_sets)
{
	struct ground g = ground_of(NULL, 1);

	ck_assert(g.light_on_dark && g.rgb[0] == 0);
	write_data("light", 1, draw_light);
	g = ground_of(C.s->data.set, 3);
	ck_assert(g.light_on_dark && g.rgb[0] == 0 && g.rgb[2] == 0);
	write_data("colour", 3, draw_colour);
	ck_assert(!ground_of(C.s->data.set, 3).light_on_dark);
	ck_assert_int_eq(capture_run(&C, "data mnist; data info"), 0);
	g = ground_of(C.s->data.set, 1);
	ck_assert(g.light_on_dark && g.rgb[0] == 0);
}
END_TEST

/* ---- the form of the data ---- */

/* Measured once for a set, and anew for another or in other channels. */
START_TEST(form__of__data_sets)
{
	struct form f = form_of(NULL, 1);

	ck_assert_int_eq(f.box, 20);
	ck_assert_int_eq(f.of, 28);
	ck_assert(f.centred);
	ck_assert_int_eq(capture_run(&C, "data mnist; data info"), 0);
	for (int channels = 1; channels <= 3; channels += 2) {
		f = data_form(&C.s->data, channels);
		ck_assert_int_eq(f.box, 20);
		ck_assert_int_eq(f.of, 28);
		ck_assert(f.centred && f.ground.light_on_dark);
	}
	write_data("light", 1, draw_light);
	f = data_form(&C.s->data, 1);
	ck_assert_int_eq(f.box, 6);
	ck_assert_int_eq(f.of, SIDE);
	write_data("colour", 3, draw_colour);
	ck_assert_int_eq(data_form(&C.s->data, 3).box, 0);
	write_data("dark", 1, draw_dark);
	ck_assert_int_eq(data_form(&C.s->data, 1).box, 0);
}
END_TEST

START_TEST(ground__rim__each_pixel_once)
{
	for (int h = 1; h <= 4; h++)
		for (int w = 1; w <= 4; w++) {
			int seen[16] = {0};

			for (size_t i = 0; i < ground_rim_count(h, w); i++)
				seen[ground_rim_at(h, w, i)]++;
			for (int p = 0; p < h * w; p++) {
				int y = p / w, x = p % w;

				ck_assert_int_eq(seen[p], y == 0 || x == 0 || y == h - 1 || x == w - 1);
			}
		}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("picture");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, captured_setup, captured_teardown);
	tcase_add_test(t, picture__file__is_the_image_of_light_on_dark);
	tcase_add_test(t, picture__file__is_the_image_of_dark_on_light);
	tcase_add_test(t, picture__file__is_the_image_in_colour);
	tcase_add_test(t, picture__file__few_bits);
	tcase_add_test(t, picture__file__ink_against_ground);
	tcase_add_test(t, picture__file__turned_around_for_light_on_dark_alone);
	tcase_add_test(t, ground__of__data_sets);
	tcase_add_test(t, ground__rim__each_pixel_once);
	tcase_add_test(t, form__of__data_sets);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
