/* test_png.c: reading PNG files: each form of pixels, and whatever a hostile file may hold. */
#include "ui/figure.h"
#include "../run.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const uint8_t dark_on_nothing[] = { /* 79 bytes */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x03,
	0x00, 0x00, 0x00, 0x02, 0x08, 0x04, 0x00, 0x00, 0x00, 0x37, 0x7d, 0xae, 0x91, 0x00, 0x00, 0x00, 0x16, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9c, 0x63, 0x60, 0x60, 0x60, 0x60, 0x90, 0x6b, 0x60, 0x60, 0x60, 0x90, 0xfb, 0xcf, 0xc0, 0x00, 0x00, 0x08,
	0x91, 0x01, 0xbc, 0x87, 0xb7, 0x98, 0x9e, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static const uint8_t light_on_nothing[] = { /* 74 bytes */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02,
	0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0xf4, 0x22, 0x7f, 0x8a, 0x00, 0x00, 0x00, 0x11, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9c, 0x63, 0x60, 0x60, 0x60, 0x60, 0xf8, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x09, 0xff, 0x03, 0xfd, 0x68, 0x6f,
	0x4a, 0xa0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static const uint8_t palette[] = { /* 93 bytes */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x04,
	0x00, 0x00, 0x00, 0x04, 0x02, 0x03, 0x00, 0x00, 0x00, 0xd4, 0x9f, 0x76, 0xed, 0x00, 0x00, 0x00, 0x0c, 0x50, 0x4c, 0x54,
	0x45, 0x00, 0x00, 0x00, 0xff, 0x00, 0x00, 0x00, 0xff, 0x00, 0x00, 0x00, 0xff, 0x9b, 0xc0, 0x13, 0xdc, 0x00, 0x00, 0x00,
	0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x90, 0x66, 0x00, 0x43, 0x00, 0x01, 0xb8, 0x00, 0x6d, 0x94, 0x08, 0x8b,
	0x0d, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static const uint8_t deep[] = { /* 70 bytes */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02,
	0x00, 0x00, 0x00, 0x01, 0x10, 0x00, 0x00, 0x00, 0x00, 0x81, 0xd9, 0xfc, 0x15, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9c, 0x63, 0x10, 0x32, 0xf9, 0xcf, 0x00, 0x00, 0x02, 0xe7, 0x01, 0x46, 0x7f, 0xfb, 0x8c, 0x42, 0x00, 0x00,
	0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static const uint8_t one_bit[] = { /* 68 bytes */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x09,
	0x00, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x24, 0xb9, 0xb9, 0xd0, 0x00, 0x00, 0x00, 0x0b, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9c, 0x63, 0x60, 0x68, 0x00, 0x00, 0x00, 0x83, 0x00, 0x81, 0x87, 0xcf, 0xec, 0xa4, 0x00, 0x00, 0x00, 0x00,
	0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static const uint8_t interlaced[] = { /* 102 bytes */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x05,
	0x00, 0x00, 0x00, 0x05, 0x08, 0x00, 0x00, 0x00, 0x01, 0xdf, 0x03, 0x49, 0xaf, 0x00, 0x00, 0x00, 0x2d, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9c, 0x63, 0x60, 0x60, 0xd0, 0x60, 0x38, 0xf1, 0x81, 0x41, 0x84, 0xe1, 0x0e, 0x43, 0x4a, 0x45, 0x0f, 0x03,
	0x97, 0x1c, 0x43, 0x5e, 0x13, 0xc3, 0xa5, 0x67, 0x0c, 0x46, 0x36, 0x6e, 0x01, 0x51, 0x0c, 0xd3, 0x16, 0xac, 0xda, 0xb2,
	0x0f, 0x00, 0xb1, 0x72, 0x0b, 0xb9, 0x2c, 0x93, 0xa3, 0x34, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42,
	0x60, 0x82,
};

static const uint8_t huge[] = { /* 69 bytes */
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x77, 0x35, 0x94, 0x00,
	0x77, 0x35, 0x94, 0x00, 0x08, 0x02, 0x00, 0x00, 0x00, 0xd4, 0x42, 0xf3, 0x71, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41,
	0x54, 0x78, 0x9c, 0x63, 0x60, 0xa0, 0x3d, 0x00, 0x00, 0x00, 0x64, 0x00, 0x01, 0x86, 0x64, 0x3c, 0x35, 0x00, 0x00, 0x00,
	0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static uint8_t *
read_grey(const uint8_t *bytes, size_t n, int max, int *h, int *w, char *why, size_t whylen)
{
	FILE *in = fmemopen((void *)bytes, n, "rb");
	uint8_t *pixels = ui_png_read(in, max, h, w, why, whylen);

	fclose(in);
	return pixels;
}

static void
expect_grey(const uint8_t *bytes, size_t n, int height, int width, const uint8_t *want)
{
	char why[256] = "";
	int h, w;
	uint8_t *pixels = read_grey(bytes, n, 64, &h, &w, why, sizeof why);

	ck_assert_msg(pixels != NULL, "%s", why);
	ck_assert_int_eq(h, height);
	ck_assert_int_eq(w, width);
	for (int i = 0; i < h * w; i++)
		ck_assert_msg(pixels[i] == want[i], "pixel %d is %d, not %d", i, pixels[i], want[i]);
	free(pixels);
}

START_TEST(png__reads__each_form_of_pixels)
{
	static const uint8_t bits_want[9] = {[8] = 255}, palette_want[16] = {0, 76, 150, 29, 0, 76, 150, 29, 0, 76, 150, 29, 0, 76, 150, 29};
	uint8_t interlaced_want[25];

	for (int i = 0; i < 25; i++)
		interlaced_want[i] = (uint8_t)(i * 10);
	expect_grey(one_bit, sizeof one_bit, 1, 9, bits_want);
	expect_grey(palette, sizeof palette, 4, 4, palette_want);
	expect_grey(deep, sizeof deep, 1, 2, (const uint8_t[]){0x12, 0xfe});
	expect_grey(interlaced, sizeof interlaced, 5, 5, interlaced_want);
}
END_TEST

/* ---- files made here ---- */

static uint8_t made[6 << 20];
static size_t nmade;

static void
put(const void *bytes, size_t n)
{
	ck_assert_uint_le(nmade + n, sizeof made);
	memcpy(made + nmade, bytes, n);
	nmade += n;
}

static void
put32(uint32_t v)
{
	put((const uint8_t[]){(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v}, 4);
}

static void
chunk(const char *type, const void *bytes, size_t n)
{
	uint32_t crc = 0xffffffff;
	size_t at;

	put32((uint32_t)n);
	at = nmade;
	put(type, 4);
	put(bytes, n);
	for (; at < nmade; at++) {
		crc ^= made[at];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	put32(~crc);
}

enum { GREY = 0, RGB = 2, PALETTE = 3, GREY_ALPHA = 4, RGB_ALPHA = 6 }; /* as files number them */
enum { W = 9, H = 3 };

static void
begin_png(int type, int bits)
{
	nmade = 0;
	put("\x89PNG\r\n\x1a\n", 8);
	chunk("IHDR", (const uint8_t[]){0, 0, 0, W, 0, 0, 0, H, (uint8_t)bits, (uint8_t)type, 0, 0, 0}, 13);
}

/* Rows of `each` bytes, stored without compression. */
static void
end_png(const uint8_t *rows, size_t each)
{
	uint8_t data[4096] = {0x78, 1, 1};
	size_t n = 7, size = H * (each + 1);
	uint32_t a = 1, b = 0;

	for (int k = 0; k < 4; k++)
		data[3 + k] = (uint8_t)((k < 2 ? size : ~size) >> 8 * (k % 2));
	for (int y = 0; y < H; y++) {
		data[n++] = 0;
		memcpy(data + n, rows + (size_t)y * each, each);
		n += each;
	}
	for (size_t i = 7; i < n; i++) {
		a = (a + data[i]) % 65521;
		b = (b + a) % 65521;
	}
	for (int k = 3; k >= 0; k--)
		data[n++] = (uint8_t)((k < 2 ? a : b) >> 8 * (k % 2));
	chunk("IDAT", data, n);
	chunk("IEND", "", 0);
}

/* The colours of a picture, which its pixels take in turn: each can be said in so few bits. */
static const uint8_t colours[16][4] = {{255, 0, 0, 255}, {0, 255, 255, 255}, {85, 170, 0, 0}, {255, 255, 255, 85}, {17, 34, 51, 255}, {0, 0, 0, 170},
	{68, 255, 136, 17}, {255, 0, 204, 255}};
static const uint8_t greys[16][4] = {{0, 0, 0, 255}, {255, 255, 255, 255}, {85, 85, 85, 0}, {170, 170, 170, 85}, {17, 17, 17, 255}, {34, 34, 34, 170},
	{136, 136, 136, 17}, {204, 204, 204, 255}};

/* One value of a pixel, packed into rows. */
static void
put_sample(uint8_t *row, size_t *at, int bits, unsigned v)
{
	for (int k = bits - 1; k >= 0; k--, ++*at)
		row[*at / 8] |= (uint8_t)((v >> k & 1) << (7 - *at % 8));
}

static unsigned
sample(uint8_t v, int bits)
{
	return bits == 16 ? v * 257u : (unsigned)v >> (8 - bits);
}

/* The picture in that form; clear: its first colour is transparent, where the form has no alpha of its own. Tells
 * what its pixels are. */
static void
make(int type, int bits, bool clear, uint8_t (*want)[4], int *has)
{
	bool grey = type == GREY || type == GREY_ALPHA, own = type == GREY_ALPHA || type == RGB_ALPHA;
	const uint8_t (*from)[4] = grey ? greys : colours;
	int n = bits == 1 ? 2 : bits == 2 ? 4 : 8;
	uint8_t rows[H * W * 8] = {0}, table[3 * 8], alpha[6 * 8];
	size_t each = ((size_t)W * (type == PALETTE ? 1 : grey ? 1 + own : 3 + own) * bits + 7) / 8;

	begin_png(type, bits);
	for (int i = 0; i < n; i++) {
		memcpy(table + 3 * i, from[i], 3);
		alpha[i] = from[i][3];
	}
	if (type == PALETTE)
		chunk("PLTE", table, 3 * (size_t)n);
	if (clear && type == PALETTE)
		chunk("tRNS", alpha, (size_t)n);
	else if (clear) {
		for (int k = 0; k < 3; k++) {
			alpha[2 * k] = (uint8_t)(sample(from[0][k], bits) >> 8);
			alpha[2 * k + 1] = (uint8_t)sample(from[0][k], bits);
		}
		chunk("tRNS", alpha, grey ? 2 : 6);
	}
	for (int y = 0; y < H; y++) {
		size_t at = 0;

		for (int x = 0; x < W; x++) {
			int i = (y * W + x) % n;
			const uint8_t *c = from[i];

			memcpy(want[y * W + x], c, 4);
			if (!own && !(clear && type == PALETTE))
				want[y * W + x][3] = clear && i == 0 ? 0 : 255;
			if (type == PALETTE)
				put_sample(rows + (size_t)y * each, &at, bits, (unsigned)i);
			for (int k = 0; type != PALETTE && k < (grey ? 1 : 3); k++)
				put_sample(rows + (size_t)y * each, &at, bits, sample(c[k], bits));
			if (own)
				put_sample(rows + (size_t)y * each, &at, bits, sample(c[3], bits));
		}
	}
	end_png(rows, each);
	*has = (grey ? 1 : 3) + (own || clear);
}

static uint8_t *
read_made(int channels, int *has, char *why, size_t whylen)
{
	FILE *in = fmemopen(made, nmade, "rb");
	int h, w;
	uint8_t *pixels = ui_png_pixels(in, 64, channels, has, &h, &w, why, whylen);

	fclose(in);
	ck_assert(pixels == NULL || (h == H && w == W));
	return pixels;
}

START_TEST(png__gives__the_channels_asked_for)
{
	static const struct {
		int type, bits[6];
	} forms[] = {{GREY, {1, 2, 4, 8, 16}}, {RGB, {8, 16}}, {PALETTE, {1, 2, 4, 8}}, {GREY_ALPHA, {8, 16}}, {RGB_ALPHA, {8, 16}}};

	for (size_t i = 0; i < 2 * sizeof forms / sizeof *forms; i++)
		for (const int *bits = forms[i / 2].bits; *bits; bits++) {
			int type = forms[i / 2].type, has, real;
			uint8_t want[H * W][4], *p;
			char why[256] = "";

			if (i % 2 == 1 && (type == GREY_ALPHA || type == RGB_ALPHA))
				continue;
			make(type, *bits, i % 2 == 1, want, &real);
			p = read_made(4, &has, why, sizeof why);
			ck_assert_msg(p != NULL, "type %d, %d bits: %s", type, *bits, why);
			ck_assert_int_eq(has, real);
			for (int k = 0; k < H * W; k++)
				ck_assert_msg(memcmp(p + 4 * k, want[k], 4) == 0, "type %d, %d bits: pixel %d", type, *bits, k);
			free(p);
			p = read_made(2, NULL, why, sizeof why);
			for (int k = 0; k < H * W; k++) {
				int luma = (want[k][0] * 299 + want[k][1] * 587 + want[k][2] * 114 + 500) / 1000;

				ck_assert_msg(p[2 * k] == luma && p[2 * k + 1] == want[k][3], "type %d, %d bits: grey %d", type, *bits, k);
			}
			free(p);
			if (has % 2 == 1) { /* nothing to lay over anything */
				p = read_made(3, NULL, why, sizeof why);
				for (int k = 0; k < H * W; k++)
					ck_assert(memcmp(p + 3 * k, want[k], 3) == 0);
				free(p);
			}
		}
}
END_TEST

START_TEST(png__gives__grey_for_colours_that_are)
{
	uint8_t rows[H * W * 3], *p;
	char why[256];
	int has;

	for (size_t i = 0; i < sizeof rows; i++)
		rows[i] = (uint8_t)(i / 3 * 9);
	begin_png(RGB, 8);
	end_png(rows, W * 3);
	p = read_made(1, &has, why, sizeof why);
	ck_assert_int_eq(has, 1);
	for (int i = 0; i < H * W; i++)
		ck_assert_int_eq(p[i], i * 9);
	free(p);
}
END_TEST

/* ---- what a file may declare ---- */

/* Each kind of chunk says that it is as long as can be, and the file ends there. */
START_TEST(png__bounds__what_chunks_declare)
{
	static const char *const kinds[] = {"tEXt", "zTXt", "iTXt", "iCCP", "eXIf", "sPLT", "hIST", "tIME", "gAMA", "cHRM", "sBIT", "bKGD", "pCAL", "sCAL",
		"PLTE", "tRNS", "IHDR", "IEND", "abCd", "ABCD", "fdAT"};
	static const uint32_t sizes[] = {1u << 23, 1u << 24, (1u << 24) + 1, 0x7ffffffe, 0x7fffffff, 0x80000000, 0xffffffff};
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
			char why[256] = "", *text;
			FILE *in;

			begin_png(GREY, 8);
			put32(sizes[k]);
			put(kinds[i], 4);
			ck_assert_msg(read_made(1, NULL, why, sizeof why) == NULL && why[0] != '\0', "%s of %u bytes", kinds[i], sizes[k]);
			in = fmemopen(made, nmade, "rb");
			text = ui_png_text(in, "Comment");
			ck_assert_ptr_null(text);
			fclose(in);
		}
	getrusage(RUSAGE_SELF, &after);
	ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 8 << 10); /* KB */
}
END_TEST

START_TEST(png__passes__over_what_it_does_not_need)
{
	static uint8_t long_text[5 << 20] = "Comment";
	uint8_t rows[H * W] = {1, 2, 3}, *p;
	char why[256] = "";

	begin_png(GREY, 8);
	chunk("tEXt", long_text, sizeof long_text);
	chunk("iCCP", "name\0\0no profile at all", 23);
	chunk("gAMA", "", 0);
	end_png(rows, W);
	p = read_made(1, NULL, why, sizeof why);
	ck_assert_msg(p != NULL && memcmp(p, rows, sizeof rows) == 0, "%s", why);
	free(p);
}
END_TEST

START_TEST(png__lays__transparency_behind_what_is_drawn)
{
	expect_grey(dark_on_nothing, sizeof dark_on_nothing, 2, 3, (const uint8_t[]){255, 255, 142, 255, 30, 255});
	expect_grey(light_on_nothing, sizeof light_on_nothing, 1, 2, (const uint8_t[]){0, 255});
}
END_TEST

START_TEST(png__refuses__what_is_too_large_or_no_picture)
{
	char why[256] = "";
	int h, w;

	ck_assert_ptr_null(read_grey(palette, sizeof palette, 3, &h, &w, why, sizeof why));
	ck_assert_ptr_nonnull(strstr(why, "3x3"));
	ck_assert_ptr_null(read_grey(huge, sizeof huge, 4096, &h, &w, why, sizeof why));
	ck_assert_ptr_null(read_grey((const uint8_t *)"GIF89a is another format", 24, 64, &h, &w, why, sizeof why));
	ck_assert_ptr_nonnull(strstr(why, "not a PNG"));
	ck_assert_ptr_null(read_grey((const uint8_t *)"\x89PNG", 4, 64, &h, &w, why, sizeof why));
}
END_TEST

/* Two sides that are allowed may make an area that is not: a small file may hold it. */
START_TEST(png__refuses__more_pixels_than_a_photograph_has)
{
	static const uint8_t sides[][2] = {{0x20, 0x20}, {0x10, 0x11}, {0x20, 0x08}, {0x10, 0x10}}; /* of each 256 pixels */
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
		bool fits = sides[i][0] * sides[i][1] <= UI_PNG_AREA / 65536;
		char why[256] = "";
		int h, w;
		FILE *in;

		nmade = 0;
		put("\x89PNG\r\n\x1a\n", 8);
		chunk("IHDR", (const uint8_t[]){0, 0, sides[i][0], 0, 0, 0, sides[i][1], 0, 1, GREY, 0, 0, 0}, 13);
		chunk("IDAT", "", 0);
		in = fmemopen(made, nmade, "rb");
		ck_assert_ptr_null(ui_png_pixels(in, 8192, 1, NULL, &h, &w, why, sizeof why));
		fclose(in);
		ck_assert_msg((strstr(why, "scale it down") == NULL) == fits, "%d: %s", (int)i, why);
	}
	getrusage(RUSAGE_SELF, &after);
	ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 24 << 10); /* KB; 16 MB for the picture that is cut off */
}
END_TEST

/* A picture of ours, with curves, text and chunks: every cut of its beginning, and cuts all along. */
static uint8_t *
picture(size_t *n)
{
	struct ui_figure *f = ui_figure_new(64, 48);
	char *bytes = NULL, why[256];
	FILE *out = open_memstream(&bytes, n);

	ui_figure_text(f, 4, 30, 20, UI_START, true, 0, (struct ui_rgb){0, 0, 0}, "thaw");
	ui_figure_meta(f, "Comment", "seed=1337");
	ck_assert_int_eq(ui_figure_png(f, out, why, sizeof why), 0);
	fclose(out);
	ui_figure_free(f);
	return (uint8_t *)bytes;
}

START_TEST(png__refuses__truncated_files)
{
	size_t n;
	uint8_t *bytes = picture(&n);
	char why[256];
	int h, w;

	for (size_t cut = 1; cut < n; cut += cut < 200 ? 1 : 7) {
		uint8_t *pixels = read_grey(bytes, cut, 64, &h, &w, why, sizeof why);

		ck_assert_msg(pixels == NULL, "%zu of %zu bytes were enough", cut, n);
		ck_assert_ptr_nonnull(strstr(why, "give a whole PNG picture"));
	}
	free(bytes);
}
END_TEST

START_TEST(png__survives__flipped_bits)
{
	size_t n, refused = 0, flips = 0;
	uint8_t *bytes = picture(&n);
	char why[256], *text;
	int h, w;

	for (size_t at = 0; at < n; at += at < 120 ? 1 : 5) {
		uint8_t *pixels;
		FILE *in;

		for (int bit = 0; bit < 8; bit += 3) {
			bytes[at] ^= (uint8_t)(1 << bit);
			pixels = read_grey(bytes, n, 64, &h, &w, why, sizeof why);
			ck_assert(pixels == NULL || (h <= 64 && w <= 64));
			refused += pixels == NULL;
			flips++;
			free(pixels);
			in = fmemopen(bytes, n, "rb");
			text = ui_png_text(in, "Comment");
			free(text);
			fclose(in);
			bytes[at] ^= (uint8_t)(1 << bit);
		}
	}
	ck_assert_uint_gt(refused * 10, flips * 6); /* checksums find what is not in a comment */
	free(bytes);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("png");
	TCase *t = tcase_create("png");
	int failed;

	suite_add_tcase(s, t);
	tcase_add_test(t, png__reads__each_form_of_pixels);
	tcase_add_test(t, png__gives__the_channels_asked_for);
	tcase_add_test(t, png__gives__grey_for_colours_that_are);
	tcase_add_test(t, png__bounds__what_chunks_declare);
	tcase_add_test(t, png__passes__over_what_it_does_not_need);
	tcase_add_test(t, png__lays__transparency_behind_what_is_drawn);
	tcase_add_test(t, png__refuses__what_is_too_large_or_no_picture);
	tcase_add_test(t, png__refuses__more_pixels_than_a_photograph_has);
	tcase_add_test(t, png__refuses__truncated_files);
	tcase_add_test(t, png__survives__flipped_bits);
	failed = run_suite(s);
	ui_font_free();
	return failed;
}
