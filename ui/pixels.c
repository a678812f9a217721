/* pixels.c: pixels as a small PNG. Like colours become one, their mean; rows are not filtered, since flat areas and
 * repeated rows are what such pictures are made of.
 */
#include "pixels.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#define COLOURS 256
#define GREY 0 /* PNG's types */
#define INDEXED 3

/* ---- PNG ---- */

struct out {
	uint8_t *s;
	size_t n;
};

static void
put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* Room for it has been made. */
static void
chunk(struct out *o, const char *type, const uint8_t *s, size_t n)
{
	uint8_t *p = o->s + o->n;

	put32(p, (uint32_t)n);
	memcpy(p + 4, type, 4);
	if (n > 0)
		memmove(p + 8, s, n);
	put32(p + 8 + n, (uint32_t)crc32(0, p + 4, (uInt)(n + 4)));
	o->n += n + 12;
}

/* Each row behind the byte that says it is not filtered, deflated into room for `most` bytes; 0: no memory. */
static size_t
deflated(const uint8_t *rows, int w, int h, uint8_t *to, size_t most)
{
	z_stream z = {.next_out = to, .avail_out = (uInt)most};
	size_t n = 0;

	if (deflateInit2(&z, 6, Z_DEFLATED, 15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	for (int y = 0; y < h; y++) {
		z.next_in = (Bytef *)"";
		z.avail_in = 1;
		deflate(&z, Z_NO_FLUSH);
		z.next_in = (Bytef *)(rows + (size_t)y * w);
		z.avail_in = (uInt)w;
		deflate(&z, Z_NO_FLUSH);
	}
	if (deflate(&z, Z_FINISH) == Z_STREAM_END)
		n = z.total_out;
	deflateEnd(&z);
	return n;
}

/* plte: of an indexed picture, `colours` times RGB. clear: the first of them is transparent. */
static uint8_t *
png(const uint8_t *rows, int w, int h, int type, const uint8_t *plte, int colours, bool clear, size_t *n)
{
	size_t most = compressBound((uLong)(w + 1) * (uLong)h) + 64, z;
	struct out o = {malloc(most + 1024), 0};
	uint8_t head[13] = {0, 0, 0, 0, 0, 0, 0, 0, 8, (uint8_t)type, 0, 0, 0};

	if (o.s == NULL)
		return NULL;
	memcpy(o.s, "\211PNG\r\n\032\n", 8);
	o.n = 8;
	put32(head, (uint32_t)w);
	put32(head + 4, (uint32_t)h);
	chunk(&o, "IHDR", head, sizeof head);
	if (type == INDEXED)
		chunk(&o, "PLTE", plte, 3 * (size_t)colours);
	if (clear)
		chunk(&o, "tRNS", (const uint8_t *)"", 1);
	z = deflated(rows, w, h, o.s + o.n + 8, most);
	if (z == 0) {
		free(o.s);
		return NULL;
	}
	chunk(&o, "IDAT", o.s + o.n + 8, z);
	chunk(&o, "IEND", NULL, 0);
	*n = o.n;
	return o.s;
}

uint8_t *
ui_pixels_grey(const uint8_t *grey, int w, int h, size_t *n)
{
	return png(grey, w, h, GREY, NULL, 0, false, n);
}

/* ---- colours ---- */

struct bin { /* the pixels whose colours begin with the same bits */
	uint32_t n, sum[3];
	uint8_t index;
};

struct bins {
	int bits; /* of each part of a colour */
	struct bin *bin;
};

static size_t
bin_of(const uint8_t *p, int bits)
{
	int shift = 8 - bits;

	return (size_t)(p[0] >> shift) << 2 * bits | (size_t)(p[1] >> shift) << bits | (size_t)(p[2] >> shift);
}

static bool
is(const uint8_t *p, const struct ui_rgb *c)
{
	return c != NULL && p[0] == c->r && p[1] == c->g && p[2] == c->b;
}

/* Counts with that many bits; the number of bins that have pixels. */
static int
bins_fill(struct bins *b, int bits, const uint8_t *rgb, size_t pixels, const struct ui_rgb *clear)
{
	size_t n = (size_t)1 << 3 * bits;
	int used = 0;

	b->bits = bits;
	memset(b->bin, 0, n * sizeof *b->bin);
	for (size_t i = 0; i < pixels; i++, rgb += 3) {
		struct bin *bin;

		if (is(rgb, clear))
			continue;
		bin = &b->bin[bin_of(rgb, bits)];
		used += bin->n++ == 0;
		for (int k = 0; k < 3; k++)
			bin->sum[k] += rgb[k];
	}
	return used;
}

/* Numbers the bins that have pixels, from `first`; returns how many colours there are then. */
static int
bins_number(struct bins *b, int first, uint8_t *plte)
{
	size_t n = (size_t)1 << 3 * b->bits;

	for (size_t i = 0; i < n; i++) {
		struct bin *bin = &b->bin[i];

		if (bin->n == 0)
			continue;
		for (int k = 0; k < 3; k++)
			plte[3 * first + k] = (uint8_t)((bin->sum[k] + bin->n / 2) / bin->n);
		bin->index = (uint8_t)first++;
	}
	return first;
}

uint8_t *
ui_pixels_few(const uint8_t *rgb, int w, int h, const struct ui_rgb *clear, size_t *n)
{
	size_t pixels = (size_t)w * (size_t)h;
	struct bins b = {.bin = ui_alloc((size_t)1 << 12, sizeof *b.bin)};
	uint8_t plte[3 * COLOURS] = {0}, *index = malloc(pixels), *out = NULL;
	int bits = 4, first = clear != NULL, colours;

	while (index != NULL && bins_fill(&b, bits, rgb, pixels, clear) > COLOURS - first)
		bits--;
	if (index != NULL) {
		if (clear != NULL)
			memcpy(plte, &(uint8_t[3]){clear->r, clear->g, clear->b}, 3);
		colours = bins_number(&b, first, plte);
		for (size_t i = 0; i < pixels; i++)
			index[i] = is(rgb + 3 * i, clear) ? 0 : b.bin[bin_of(rgb + 3 * i, b.bits)].index;
		out = png(index, w, h, INDEXED, plte, colours, clear != NULL, n);
	}
	free(index);
	free(b.bin);
	return out;
}
