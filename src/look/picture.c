/* picture.c: the picture that an operand names, from the data set or from a file. */
#include "look/picture.h"

#include "data/ground.h"
#include "session/made.h"
#include "ui/figure.h"
#include "util/reach.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIDE_MAX 8192 /* pixels of a picture that is read from a file */

static struct image *
from_part(const struct part *p, const char *part, const char *digits, struct err *e)
{
	char *end, name[48];
	unsigned long long at;

	errno = 0;
	at = strtoull(digits, &end, 10);
	if (*digits < '0' || *digits > '9' || *end != '\0') {
		fail(e, "\"%s:%.40s\" is no image; write %s:0 to %s:%zu", part, digits, part, part,
		    p->images.count - 1);
		return NULL;
	}
	if (errno == ERANGE || at >= p->images.count) {
		fail(e, "there is no image %s:%.40s; they are %s:0 to %s:%zu", part, digits, part, part,
		    p->images.count - 1);
		return NULL;
	}
	snprintf(name, sizeof name, "%s:%llu", part, at);
	return image_new(name, p->images.shape, p->images.pixels + at * nn_shape_size(p->images.shape), p->label[at]);
}

/* A picture of a file: channels of colour, and behind them alpha while it is not laid over a ground. */
struct drawing {
	int height, width, channels;
	bool alpha;
	uint8_t *pixels;
};

static size_t
drawing_size(const struct drawing *d)
{
	return (size_t)d->height * (size_t)d->width;
}

static int
luma(const uint8_t *p, int channels)
{
	return channels == 1 ? p[0] : (p[0] * 299 + p[1] * 587 + p[2] * 114 + 500) / 1000;
}

/* A pixel as it is over a ground. */
static void
over(const struct drawing *d, size_t i, const uint8_t *ground, uint8_t out[3])
{
	const uint8_t *p = d->pixels + i * (size_t)(d->channels + d->alpha);
	int alpha = d->alpha ? p[d->channels] : 255;

	for (int k = 0; k < d->channels; k++)
		out[k] = (uint8_t)((p[k] * alpha + ground[k] * (255 - alpha) + 127) / 255);
}

static int
luma_over(const struct drawing *d, size_t i, const uint8_t *ground)
{
	uint8_t p[3];

	over(d, i, ground, p);
	return luma(p, d->channels);
}

/* Whether a picture is of dark ink on a light ground, in place of the data's light on dark: along its rim next to
 * nothing is like the ground of the data, and most of what differs from the ground that is there is darker. */
static bool
ink_is_dark(const struct drawing *d, const struct ground *g, const uint8_t *behind)
{
	size_t rim = ground_rim_count(d->height, d->width), count[256] = {0}, near = 0, below = 0;
	int paper = 0, ours = luma(g->rgb, d->channels);
	double darker = 0, lighter = 0;

	for (size_t i = 0; i < rim; i++) {
		int v = luma_over(d, ground_rim_at(d->height, d->width, i), behind);

		count[v]++;
		near += abs(v - ours) <= GROUND_NEAR;
	}
	while ((below += count[paper]) <= rim / 2)
		paper++;
	for (size_t i = 0; i < drawing_size(d); i++) {
		double v = luma_over(d, i, behind) - paper;

		*(v < 0 ? &darker : &lighter) += v * v;
	}
	return near * 10 < rim && darker > lighter;
}

/* Takes the alpha away, within the same memory. Ink that cannot be seen on the dark ground of the data is meant for a
 * light one. */
static void
flatten(struct drawing *d, const struct ground *g)
{
	static const uint8_t white[3] = {255, 255, 255};
	const uint8_t *behind = g->rgb;
	int lighter = 0, ours = luma(g->rgb, d->channels);
	bool clear = false;

	for (size_t i = 0; i < drawing_size(d); i++) {
		int v = luma_over(d, i, g->rgb) - ours;

		lighter = v > lighter ? v : lighter;
		clear |= d->pixels[(i + 1) * (size_t)(d->channels + 1) - 1] < 255;
	}
	if (lighter < 128 && clear && g->light_on_dark && ink_is_dark(d, g, white)) /* else there is no ink at all */
		behind = white;
	for (size_t i = 0; i < drawing_size(d); i++) {
		uint8_t p[3];

		over(d, i, behind, p);
		memcpy(d->pixels + i * (size_t)d->channels, p, (size_t)d->channels);
	}
	d->alpha = false;
}

/* The mean of a channel over a square, of which the ground fills what lies outside the picture. */
static uint8_t
mean_of(const struct drawing *d, int channel, double y0, double x0, double side, double ground)
{
	double y1 = y0 + side, x1 = x0 + side, sum = 0, covered = 0, value;
	const uint8_t *p = d->pixels + channel;

	for (int y = (int)fmax(floor(y0), 0); y < d->height && y < y1; y++)
		for (int x = (int)fmax(floor(x0), 0); x < d->width && x < x1; x++) {
			double part = (fmin(y + 1, y1) - fmax(y, y0)) * (fmin(x + 1, x1) - fmax(x, x0));

			covered += part;
			sum += part * p[((size_t)y * (size_t)d->width + (size_t)x) * (size_t)d->channels];
		}
	value = (sum + fmax(side * side - covered, 0) * ground) / (side * side);
	return (uint8_t)lround(fmin(fmax(value, 0), 255));
}

/* Scales a picture into the middle of one of the ground, its proportions kept. Each pixel is the mean of what it
 * covers. */
static void
scale_into(struct image *to, const struct drawing *d, const uint8_t *ground)
{
	int h = to->shape.dim[0], w = to->shape.dim[1], c = d->channels;
	double scale = fmax((double)d->height / h, (double)d->width / w); /* pixels of the file to one of ours */
	double top = (h * scale - d->height) / 2, left = (w * scale - d->width) / 2;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			for (int k = 0; k < c; k++)
				to->pixels[(y * w + x) * c + k] =
				    mean_of(d, k, y * scale - top, x * scale - left, scale, ground[k]);
}

static struct image *
from_file(const char *path, struct nn_shape shape, const struct dataset *data, struct err *e)
{
	int fd = reach_open(path, 0);
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	struct drawing d = {.channels = shape.dim[2], .alpha = true};
	struct ground g = ground_of(data, d.channels);
	char why[400];
	struct image *i;

	if (f == NULL) {
		fail(e, "%s cannot be opened: %s; check the name", path, reach_why(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	d.pixels = ui_png_pixels(f, FILE_SIDE_MAX, d.channels + 1, NULL, &d.height, &d.width, why, sizeof why);
	fclose(f);
	if (d.pixels == NULL) {
		fail(e, "%s: %s", path, why);
		return NULL;
	}
	flatten(&d, &g);
	i = image_new(path, shape, NULL, -1);
	i->inverted = g.light_on_dark && ink_is_dark(&d, &g, g.rgb);
	for (size_t k = 0; k < drawing_size(&d) * (size_t)d.channels && i->inverted; k++)
		d.pixels[k] = 255 - d.pixels[k];
	scale_into(i, &d, g.rgb);
	free(d.pixels);
	return i;
}

struct image *
picture_get(struct session *s, const char *text, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct dataset *d;
	struct image *i;

	if (net == NULL)
		return NULL;
	if (text == NULL)
		text = s->data.last != NULL ? "last" : "test:0";
	if (strcmp(text, "last") == 0) {
		if (s->data.last == NULL) {
			fail(e, "no drawing or prediction yet; `predict test:0` makes one");
			return NULL;
		}
		i = image_copy(s->data.last);
	} else if (strncmp(text, "test:", 5) == 0 || strncmp(text, "train:", 6) == 0) {
		if ((d = session_data(s, e)) == NULL)
			return NULL;
		i = text[1] == 'e' ? from_part(&d->test, "test", text + 5, e) : from_part(&d->train, "train", text + 6,
		    e);
	} else
		i = from_file(text, nn_net_input(net), s->data.set, e);
	if (i != NULL && model_takes(net, i->shape, i->name, e) < 0) {
		image_free(i);
		return NULL;
	}
	return i;
}
