/* photo.c: picture files. */
#include "data/photo.h"

#include "data/jpeg.h"
#include "ui/figure.h"
#include "util/reach.h"
#include "util/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool
photo_named(const char *name)
{
	return text_ends(name, ".png") || text_ends(name, ".jpg") || text_ends(name, ".jpeg");
}

static FILE *
photo_open(const char *path, struct err *e)
{
	int fd = reach_open(path, 0);
	struct stat st;
	FILE *f = NULL;

	if (fd < 0)
		fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno,
		    "check the name"));
	else if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		fail(e, "%s is not a regular file; put the picture there", path);
	else if ((f = fdopen(fd, "r")) == NULL)
		fail_memory(e, "%s cannot be read: %s", path, strerror(errno));
	if (f == NULL && fd >= 0)
		close(fd);
	return f;
}

/* A JPEG has no alpha: it is all there. */
static uint8_t *
with_alpha(uint8_t *p, size_t n, int channels)
{
	uint8_t *out = malloc(n * (size_t)(channels + 1));

	for (size_t i = 0; i < n && out != NULL; i++) {
		memcpy(out + i * (size_t)(channels + 1), p + i * (size_t)channels, (size_t)channels);
		out[i * (size_t)(channels + 1) + (size_t)channels] = 255;
	}
	free(p);
	return out;
}

uint8_t *
photo_read(const char *path, int channels, int *height, int *width, struct err *e)
{
	FILE *f = photo_open(path, e);
	uint8_t head[2] = {0}, *p;
	struct err inner = {0};
	char why[400];

	if (f == NULL)
		return NULL;
	if (fread(head, 1, 2, f) == 2 && head[0] == 0xff && head[1] == 0xd8) {
		rewind(f);
		p = jpeg_pixels(f, PHOTO_SIDE_MAX, channels < 3 ? 1 : 3, height, width, &inner);
		if (p != NULL && channels % 2 == 0 &&
		    (p = with_alpha(p, (size_t)*height * (size_t)*width, channels - 1)) == NULL)
			fail_memory(&inner, "there is not enough memory for its pixels");
		snprintf(why, sizeof why, "%.399s", inner.text);
	} else {
		rewind(f);
		p = ui_png_pixels(f, PHOTO_SIDE_MAX, channels, NULL, height, width, why, sizeof why);
	}
	fclose(f);
	if (p == NULL)
		fail(e, "%s: %s", path, why);
	return p;
}

/* How much of [b, b + blen) lies in [a, a + alen). */
static int64_t
shared(int64_t a, int64_t alen, int64_t b, int64_t blen)
{
	int64_t from = a > b ? a : b, to = a + alen < b + blen ? a + alen : b + blen;

	return to > from ? to - from : 0;
}

void
photo_scale(uint8_t *to, int to_height, int to_width, const uint8_t *from, int height, int width, int channels)
{
	int64_t area = (int64_t)height * width; /* a pixel there has height * width parts, one of the file th * tw */

	for (int64_t y = 0; y < to_height; y++)
		for (int64_t x = 0; x < to_width; x++) {
			int64_t sum[3] = {0};

			for (int64_t i = y * height / to_height; i * to_height < (y + 1) * height; i++)
				for (int64_t k = x * width / to_width; k * to_width < (x + 1) * width; k++) {
					int64_t part = shared(y * height, height, i * to_height, to_height) *
					    shared(x * width, width, k * to_width, to_width);

					for (int c = 0; c < channels; c++)
						sum[c] += part * from[(i * width + k) * channels + c];
				}
			for (int c = 0; c < channels; c++)
				*to++ = (uint8_t)((sum[c] + area / 2) / area);
		}
}
