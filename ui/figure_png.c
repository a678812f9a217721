/* figure_png.c: figures written as PNG, and PNG files read; the only file that includes libpng.
 *
 * A picture is drawn and written in bands, so that the largest takes no more memory than a photograph.
 *
 * libpng reports errors with longjmp. What a jump may cross lies in a struct outside the function that calls setjmp, so
 * nothing is lost and no local variable is read after it.
 */
#include "canvas.h"
#include "figure_int.h"
#include "mem.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#define UI_PNG_BAND (1 << 22) /* pixels that are drawn at a time */

struct ui_png_work {
	png_structp png;
	png_infop info;
	jmp_buf back;
	FILE *file;
	char why[256];
	/* writing */
	char *why_not; /* the caller's, of whylen bytes: a whole sentence of who draws; "" while there is none */
	size_t whylen;
	char **latin; /* text converted for tEXt */
	int nlatin;
	png_textp text;
	/* reading */
	uint32_t left, most; /* bytes of the present chunk; of the longest one */
	uint8_t *rows; /* also of a band that is written */
	int width, height, channels;
	bool vast; /* why says what to do */
};

static void
ui_png_error(png_structp png, png_const_charp text)
{
	struct ui_png_work *w = png_get_error_ptr(png);

	if (w->why[0] == '\0')
		snprintf(w->why, sizeof w->why, "%s", text);
	longjmp(w->back, 1);
}

static void
ui_png_warning(png_structp png, png_const_charp text)
{
}

/* ---- writing ---- */

static void
ui_png_put(png_structp png, png_bytep data, size_t n)
{
	struct ui_png_work *w = png_get_io_ptr(png);

	if (fwrite(data, 1, n, w->file) != n) {
		snprintf(w->why, sizeof w->why, "%s", strerror(errno));
		png_error(png, w->why);
	}
}

static void
ui_png_flush(png_structp png)
{
}

/* UTF-8 as Latin-1, or NULL where that cannot hold it. */
static char *
ui_png_latin(const char *text)
{
	char *out = ui_alloc(strlen(text) + 1, 1);
	uint32_t code;

	for (size_t n = 0; *text != '\0'; n++) {
		text = ui_char_next(text, &code);
		if (code > 0xff || (code < 0x20 && code != '\n') || (code >= 0x7f && code < 0xa0)) {
			free(out);
			return NULL;
		}
		out[n] = (char)code;
	}
	return out;
}

/* Text chunks: never one with a time, so that the same figure gives the same bytes. */
static void
ui_png_texts(struct ui_png_work *w, const struct ui_figure *f)
{
	w->text = ui_alloc(f->nmeta, sizeof *w->text);
	w->latin = ui_alloc(f->nmeta, sizeof *w->latin);
	w->nlatin = f->nmeta;
	for (int i = 0; i < f->nmeta; i++) {
		w->latin[i] = ui_png_latin(f->meta[i].text);
		w->text[i].key = f->meta[i].key;
		w->text[i].compression = w->latin[i] != NULL ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
		w->text[i].text = w->latin[i] != NULL ? w->latin[i] : f->meta[i].text;
		if (w->latin[i] != NULL)
			w->text[i].text_length = strlen(w->latin[i]);
		else
			w->text[i].itxt_length = strlen(f->meta[i].text);
		w->text[i].lang = (char *)"";
		w->text[i].lang_key = (char *)"";
	}
}

static int
ui_png_write(struct ui_png_work *w, const struct ui_figure *f, int band)
{
	if (setjmp(w->back) != 0)
		return -1;
	png_set_write_fn(w->png, w, ui_png_put, ui_png_flush);
	png_set_IHDR(w->png, w->info, f->w, f->h, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_sRGB(w->png, w->info, PNG_sRGB_INTENT_RELATIVE);
	png_set_compression_level(w->png, 6);
	png_set_compression_strategy(w->png, 0);
	png_set_compression_mem_level(w->png, 9);
	/* flat areas and repeated rows: what a drawing is made of */
	png_set_filter(w->png, 0, PNG_FILTER_NONE | PNG_FILTER_UP);
	png_set_text(w->png, w->info, w->text, f->nmeta);
	png_write_info(w->png, w->info);
	for (int y = 0; y < f->h; y++) {
		if (y % band == 0 && ui_figure_rows(f, y, f->h - y < band ? f->h - y : band, w->rows, w->why_not,
		    w->whylen) < 0)
			png_error(w->png, "");
		png_write_row(w->png, w->rows + (size_t)(y % band) * f->w * 3);
	}
	png_write_end(w->png, NULL);
	return 0;
}

int
ui_figure_png(const struct ui_figure *f, FILE *out, char *why, size_t whylen)
{
	struct ui_png_work *w = ui_alloc(1, sizeof *w);
	int band = UI_PNG_BAND / f->w < f->h ? UI_PNG_BAND / f->w : f->h, status = -1;

	*w = (struct ui_png_work){.file = out, .why_not = why, .whylen = whylen};
	w->rows = malloc((size_t)band * f->w * 3);
	why[0] = '\0';
	if (w->rows == NULL) {
		snprintf(why, whylen, "no memory for a picture of %dx%d; choose a smaller size", f->w, f->h);
		free(w);
		return -1;
	}
	ui_png_texts(w, f);
	w->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, w, ui_png_error, ui_png_warning);
	w->info = w->png != NULL ? png_create_info_struct(w->png) : NULL;
	if (w->info != NULL)
		status = ui_png_write(w, f, band);
	if (status != 0 && why[0] == '\0')
		snprintf(why, whylen, "the picture cannot be written: %s",
		    w->why[0] != '\0' ? w->why : "libpng does not start");
	png_destroy_write_struct(&w->png, &w->info);
	for (int i = 0; i < w->nlatin; i++)
		free(w->latin[i]);
	free(w->latin);
	free(w->text);
	free(w->rows);
	free(w);
	return status;
}

/* ---- reading ---- */

#define UI_PNG_CHUNK (1u << 24) /* bytes of the longest chunk but those of pixels */
#define UI_PNG_TEXT (1u << 20) /* the same where chunks are read for their text */

/* Libpng asks for what begins a chunk in one piece. What declares more than a picture needs is refused before
 * anything is done for it. */
static void
ui_png_get(png_structp png, png_bytep data, size_t n)
{
	struct ui_png_work *w = png_get_io_ptr(png);
	uint32_t size;

	errno = 0;
	if (fread(data, 1, n, w->file) != n)
		png_error(png, ferror(w->file) ? "reading fails" : "it ends too early");
	if (w->left > 0) {
		w->left -= n < w->left ? (uint32_t)n : w->left;
		return;
	}
	if (n != 8)
		return;
	size = png_get_uint_32(data);
	if (size > w->most && memcmp(data + 4, "IDAT", 4) != 0) {
		snprintf(w->why, sizeof w->why, "one of its parts says that it has %u bytes", size);
		png_error(png, w->why);
	}
	w->left = size > UINT32_MAX - 4 ? UINT32_MAX : size + 4; /* with its checksum */
}

/* Makes libpng's structs, with limits on what a file can make it allocate. */
static int
ui_png_open(struct ui_png_work *w, FILE *in)
{
	uint8_t head[8];

	w->file = in;
	if (fread(head, 1, 8, in) != 8 || png_sig_cmp(head, 0, 8) != 0) {
		snprintf(w->why, sizeof w->why, "%s", ferror(in) ? strerror(errno) : "it is not a PNG file");
		return -1;
	}
	w->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, w, ui_png_error, ui_png_warning);
	w->info = w->png != NULL ? png_create_info_struct(w->png) : NULL;
	if (w->info == NULL) {
		snprintf(w->why, sizeof w->why, "libpng does not start");
		return -1;
	}
	return 0;
}

static void
ui_png_close(struct ui_png_work *w)
{
	png_destroy_read_struct(&w->png, &w->info, NULL);
	free(w->rows);
	free(w);
}

/* Of what is not pixels only text is of use, where it is asked for; the rest is passed over unread. */
static void
ui_png_begin(struct ui_png_work *w, int max, bool text)
{
	static const png_byte texts[] = "tEXt\0iTXt";

	w->most = text ? UI_PNG_TEXT : UI_PNG_CHUNK;
	png_set_read_fn(w->png, w, ui_png_get);
	png_set_sig_bytes(w->png, 8);
	png_set_user_limits(w->png, max, max);
	png_set_chunk_cache_max(w->png, 64);
	png_set_chunk_malloc_max(w->png, 1 << 20);
	png_set_keep_unknown_chunks(w->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	if (text)
		png_set_keep_unknown_chunks(w->png, PNG_HANDLE_CHUNK_AS_DEFAULT, texts, 2);
	png_set_crc_action(w->png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
	png_read_info(w->png, w->info);
}

/* Everything becomes 8 bits of grey or RGB, with alpha where the file has it. There is room for so many channels. */
static int
ui_png_rows(struct ui_png_work *w, int max, int channels)
{
	int passes;

	if (setjmp(w->back) != 0)
		return -1;
	ui_png_begin(w, max, false);
	png_set_scale_16(w->png);
	png_set_packing(w->png);
	png_set_expand(w->png);
	passes = png_set_interlace_handling(w->png);
	png_read_update_info(w->png, w->info);
	w->width = (int)png_get_image_width(w->png, w->info);
	w->height = (int)png_get_image_height(w->png, w->info);
	w->channels = png_get_channels(w->png, w->info);
	if (png_get_rowbytes(w->png, w->info) != (size_t)w->width * w->channels) /* of at least one of each */
		png_error(w->png, "its pixels have an unknown form");
	if ((size_t)w->height * w->width > UI_PNG_AREA) {
		w->vast = true;
		snprintf(w->why, sizeof w->why, "its %dx%d pixels are more than a photograph has, and than are read; "
		    "scale it down to 1000x1000, say",
		    w->width, w->height);
		png_error(w->png, w->why);
	}
	w->rows = calloc((size_t)w->height * w->width, w->channels > channels ? w->channels : channels);
	if (w->rows == NULL)
		png_error(w->png, "there is no memory for its pixels");
	for (int pass = 0; pass < passes; pass++)
		for (int y = 0; y < w->height; y++)
			png_read_row(w->png, w->rows + (size_t)y * w->width * w->channels, NULL);
	png_read_end(w->png, NULL);
	return 0;
}

static int
ui_png_luma(const uint8_t *p, int colours)
{
	return colours == 1 ? p[0] : (p[0] * 299 + p[1] * 587 + p[2] * 114 + 500) / 1000;
}

/* What lies behind transparent pixels: white under dark ink, else black. */
static int
ui_png_behind(const struct ui_png_work *w, int colours)
{
	double sum = 0, weight = 0;

	for (size_t i = 0; i < (size_t)w->width * w->height && w->channels != colours; i++) {
		const uint8_t *p = w->rows + i * w->channels;

		sum += (double)ui_png_luma(p, colours) * p[colours];
		weight += p[colours];
	}
	return weight > 0 && sum / weight < 128 ? 255 : 0;
}

/* Whether the colours of some pixel differ. */
static bool
ui_png_colourful(const struct ui_png_work *w)
{
	for (size_t i = 0; i < (size_t)w->width * w->height && w->channels > 2; i++) {
		const uint8_t *p = w->rows + i * w->channels;

		if (p[0] != p[1] || p[1] != p[2])
			return true;
	}
	return false;
}

/* One pixel, from the file's channels to those asked for, which may lie in the same place. */
static void
ui_png_pixel(const struct ui_png_work *w, const uint8_t *p, int behind, int channels, uint8_t *out)
{
	int from = w->channels <= 2 ? 1 : 3, to = channels <= 2 ? 1 : 3, alpha = w->channels == from ? 255 : p[from];
	uint8_t rgb[3];

	for (int k = 0; k < 3; k++) {
		int v = p[from == 1 ? 0 : k];

		rgb[k] = (uint8_t)(channels == to ? (v * alpha + behind * (255 - alpha) + 127) / 255 : v);
	}
	if (to == 1)
		out[0] = (uint8_t)ui_png_luma(rgb, 3);
	else
		memcpy(out, rgb, 3);
	if (channels != to)
		out[to] = (uint8_t)alpha;
}

/* All pixels, in the place where they are: from the end on where they grow. */
static void
ui_png_convert(struct ui_png_work *w, int channels)
{
	size_t n = (size_t)w->width * w->height;
	int behind = ui_png_behind(w, w->channels <= 2 ? 1 : 3);

	for (size_t i = 0; i < n; i++) {
		size_t at = channels > w->channels ? n - 1 - i : i;

		ui_png_pixel(w, w->rows + at * w->channels, behind, channels, w->rows + at * channels);
	}
}

uint8_t *
ui_png_pixels(FILE *in, int max, int channels, int *has, int *height, int *width, char *why, size_t whylen)
{
	struct ui_png_work *w = ui_alloc(1, sizeof *w);
	uint8_t *pixels;

	if (ui_png_open(w, in) != 0 || ui_png_rows(w, max, channels) != 0) {
		if (w->vast)
			snprintf(why, whylen, "%s", w->why);
		else
			snprintf(why, whylen, "%s; give a whole PNG picture of at most %dx%d pixels", w->why, max, max);
		ui_png_close(w);
		return NULL;
	}
	if (has != NULL)
		*has = (ui_png_colourful(w) ? 3 : 1) + (w->channels % 2 == 0);
	ui_png_convert(w, channels);
	*height = w->height;
	*width = w->width;
	pixels = w->rows;
	w->rows = NULL;
	ui_png_close(w);
	return pixels;
}

uint8_t *
ui_png_read(FILE *in, int max, int *height, int *width, char *why, size_t whylen)
{
	return ui_png_pixels(in, max, 1, NULL, height, width, why, whylen);
}

static int
ui_png_head(struct ui_png_work *w)
{
	if (setjmp(w->back) != 0)
		return -1;
	ui_png_begin(w, UI_FIGURE_MAX, true);
	return 0;
}

char *
ui_png_text(FILE *in, const char *key)
{
	struct ui_png_work *w = ui_alloc(1, sizeof *w);
	png_textp text = NULL;
	char *found = NULL;
	int n = 0;

	if (ui_png_open(w, in) == 0 && ui_png_head(w) == 0)
		png_get_text(w->png, w->info, &text, &n);
	for (int i = 0; i < n && found == NULL; i++)
		if (strcmp(text[i].key, key) == 0)
			found = ui_strdup(text[i].text);
	ui_png_close(w);
	return found;
}
