/* jpeg.c: JPEG files as pixels; the only file that includes libjpeg, which is loaded when the first picture is read.
 *
 * libjpeg reports errors through a call that must not return. What its jump crosses lies in a struct outside the
 * function that calls setjmp, so nothing is lost and no local variable is read after it.
 */
#include "data/jpeg.h"

#include "util/reach.h"
#include "util/signals.h"

#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#define LIBRARY "libjpeg.so.62"
#define SCANS_MAX 500 /* of one picture: more are made to take time */

/* ---- the library ---- */

#define JPEG_CALLS(F) \
	F(CreateDecompress) F(destroy_decompress) F(finish_decompress) F(read_header) \
	F(read_scanlines) F(save_markers) F(start_decompress) F(std_error) F(stdio_src)

static struct {
#define MEMBER(name) __typeof__(jpeg_##name) *name;
	JPEG_CALLS(MEMBER)
	bool there;
	char why[256]; /* it is not */
} jpeg;
static pthread_once_t jpeg_once = PTHREAD_ONCE_INIT;

static void
jpeg_load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} call[] = {
#define CALL(name) {"jpeg_" #name, offsetof(__typeof__(jpeg), name)},
		JPEG_CALLS(CALL)
	};
	void *lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *p;

	for (size_t i = 0; lib != NULL && i < sizeof call / sizeof *call; i++) {
		if ((p = dlsym(lib, call[i].name)) == NULL)
			lib = NULL;
		else
			memcpy((char *)&jpeg + call[i].at, &p, sizeof p);
	}
	jpeg.there = lib != NULL;
	if (!jpeg.there) {
		const char *why = dlerror();

		snprintf(jpeg.why, sizeof jpeg.why, "there is no libjpeg to read it with (%.120s); %s", why,
		    reach_library(why, "install the package libjpeg62-turbo"));
	}
}

/* ---- reading ---- */

struct jpeg_work {
	struct jpeg_decompress_struct d;
	struct jpeg_error_mgr error;
	struct jpeg_progress_mgr progress;
	jmp_buf back;
	char why[JMSG_LENGTH_MAX];
	uint8_t *pixels;
	int how; /* the camera was held */
};

static void
jpeg_fails(j_common_ptr d)
{
	struct jpeg_work *w = d->client_data;

	d->err->format_message(d, w->why);
	longjmp(w->back, 1);
}

static void
jpeg_silent(j_common_ptr d)
{
}

static void
jpeg_watch(j_common_ptr d)
{
	struct jpeg_work *w = d->client_data;

	if (w->d.input_scan_number <= SCANS_MAX && !signals_ending())
		return;
	snprintf(w->why, sizeof w->why, "%s", signals_ending() ? "interrupted" : "more scans than any picture needs");
	longjmp(w->back, 1);
}

static unsigned
get(const JOCTET *p, int bytes, bool little)
{
	unsigned v = 0;

	for (int i = 0; i < bytes; i++)
		v |= (unsigned)p[i] << 8 * (little ? i : bytes - 1 - i);
	return v;
}

/* How the camera was held, 1 to 8, from the note that it left in the file; 1: upright, or nothing is known. */
static int
orientation(const struct jpeg_decompress_struct *d)
{
	for (const struct jpeg_marker_struct *m = d->marker_list; m != NULL; m = m->next) {
		const JOCTET *p = m->data + 6;
		unsigned n = m->data_length - 6, at, count;
		bool little;

		if (m->data_length < 20 || memcmp(m->data, "Exif\0", 6) != 0)
			continue;
		little = p[0] == 'I';
		at = get(p + 4, 4, little);
		count = at < n - 2 ? get(p + at, 2, little) : 0;
		for (at += 2; count-- > 0 && n - at >= 12; at += 12)
			if (get(p + at, 2, little) == 0x0112) {
				unsigned v = get(p + at + 8, 2, little);

				return v >= 1 && v <= 8 ? (int)v : 1;
			}
	}
	return 1;
}

/* The picture turned upright; NULL without memory. p is taken over. */
static uint8_t *
upright(uint8_t *p, int how, int channels, int *height, int *width)
{
	int h = *height, w = *width, oh = how > 4 ? w : h, ow = how > 4 ? h : w;
	uint8_t *out = how > 1 ? malloc((size_t)h * (size_t)w * (size_t)channels) : p;

	if (how == 1)
		return p;
	for (int y = 0; y < oh && out != NULL; y++)
		for (int x = 0; x < ow; x++) {
			int sy = how > 4 ? x : y, sx = how > 4 ? y : x;

			if (how == 3 || how == 4 || how == 6 || how == 7)
				sy = h - 1 - sy;
			if (how == 2 || how == 3 || how == 7 || how == 8)
				sx = w - 1 - sx;
			memcpy(out + ((size_t)y * (size_t)ow + (size_t)x) * (size_t)channels,
			    p + ((size_t)sy * (size_t)w + (size_t)sx) * (size_t)channels, (size_t)channels);
		}
	free(p);
	*height = oh;
	*width = ow;
	return out;
}

/* Fills w->pixels, or jumps. */
static int
decompress(struct jpeg_work *w, FILE *in, int max, int channels, struct err *e)
{
	struct jpeg_decompress_struct *d = &w->d;

	jpeg.CreateDecompress(d, JPEG_LIB_VERSION, sizeof *d);
	d->progress = &w->progress;
	jpeg.stdio_src(d, in);
	jpeg.save_markers(d, JPEG_APP0 + 1, 0xffff);
	jpeg.read_header(d, TRUE);
	w->how = orientation(d);
	if (d->image_width > (unsigned)max || d->image_height > (unsigned)max)
		return fail(e, "it is a picture of %ux%u pixels; at most %dx%d fit: scale it down", d->image_height,
		    d->image_width, max, max);
	if (d->jpeg_color_space == JCS_CMYK || d->jpeg_color_space == JCS_YCCK)
		return fail(e, "its colours are those of a printer (CMYK); save it as RGB");
	d->out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
	d->dct_method = JDCT_ISLOW; /* the same on every machine */
	w->pixels = malloc((size_t)d->image_height * d->image_width * (size_t)channels);
	if (w->pixels == NULL)
		return fail_memory(e, "there is not enough memory for its pixels");
	jpeg.start_decompress(d);
	while (d->output_scanline < d->output_height) {
		JSAMPROW row = w->pixels + (size_t)d->output_scanline * d->output_width * (size_t)channels;

		jpeg.read_scanlines(d, &row, 1);
	}
	jpeg.finish_decompress(d);
	if (w->error.num_warnings > 0)
		return fail(e, "its data are cut off or damaged; get the file again");
	return 0;
}

static int
try_it(struct jpeg_work *w, FILE *in, int max, int channels, struct err *e)
{
	if (setjmp(w->back) != 0)
		return fail(e, "it is no whole JPEG (%.100s); get the file again", w->why);
	return decompress(w, in, max, channels, e);
}

uint8_t *
jpeg_pixels(FILE *in, int max, int channels, int *height, int *width, struct err *e)
{
	struct jpeg_work *w;
	uint8_t *pixels = NULL;

	pthread_once(&jpeg_once, jpeg_load);
	if (!jpeg.there) {
		fail(e, "%s", jpeg.why);
		return NULL;
	}
	if ((w = calloc(1, sizeof *w)) == NULL) {
		fail_memory(e, "there is not enough memory to read it");
		return NULL;
	}
	w->d.err = jpeg.std_error(&w->error);
	w->d.client_data = w;
	w->error.error_exit = jpeg_fails;
	w->error.output_message = jpeg_silent;
	w->progress.progress_monitor = jpeg_watch;
	if (try_it(w, in, max, channels, e) == 0) {
		*height = (int)w->d.output_height;
		*width = (int)w->d.output_width;
		if ((pixels = upright(w->pixels, w->how, channels, height, width)) == NULL)
			fail_memory(e, "there is not enough memory to turn it");
	} else
		free(w->pixels);
	jpeg.destroy_decompress(&w->d);
	free(w);
	return pixels;
}
