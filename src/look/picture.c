/* picture.c: the picture that an operand names, from the data set or from a file. */
#include "look/picture.h"

#include "session/made.h"
#include "ui/figure.h"

#include <errno.h>
#include <fcntl.h>
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

/* Whether the rim of a grey picture is light, as with ink on paper; the data sets have light strokes on dark. */
static bool
light_rim(const uint8_t *grey, int height, int width)
{
	uint64_t sum = 0, n = 0;

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x += y == 0 || y == height - 1 || width == 1 ? 1 : width - 1) {
			sum += grey[(size_t)y * (size_t)width + (size_t)x];
			n++;
		}
	return sum > 127 * n;
}

/* Scales a grey picture into the middle of a black one and keeps its proportions. Each pixel is the mean of what it
 * covers. */
static void
scale_into(struct image *to, const uint8_t *grey, int height, int width)
{
	int h = to->shape.dim[0], w = to->shape.dim[1], c = to->shape.dim[2];
	double scale = fmax((double)height / h, (double)width / w); /* pixels of the file to one of ours */
	double top = (h * scale - height) / 2, left = (w * scale - width) / 2;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			double y0 = y * scale - top, y1 = y0 + scale, x0 = x * scale - left, x1 = x0 + scale, sum = 0;
			int value;

			for (int v = (int)fmax(floor(y0), 0); v < height && v < y1; v++)
				for (int u = (int)fmax(floor(x0), 0); u < width && u < x1; u++)
					sum += grey[(size_t)v * (size_t)width + (size_t)u] *
					    (fmin(v + 1, y1) - fmax(v, y0)) * (fmin(u + 1, x1) - fmax(u, x0));
			value = (int)lround(sum / (scale * scale));
			memset(to->pixels + ((size_t)y * (size_t)w + (size_t)x) * (size_t)c,
			    value < 0 ? 0 : value > 255 ? 255 : value, (size_t)c);
		}
}

static struct image *
from_file(const char *path, struct nn_shape shape, struct err *e)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), height, width;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	char why[400];
	uint8_t *grey;
	struct image *i;

	if (f == NULL) {
		fail(e, "%s cannot be opened: %s; check the name", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	grey = ui_png_read(f, FILE_SIDE_MAX, &height, &width, why, sizeof why);
	fclose(f);
	if (grey == NULL) {
		fail(e, "%s: %s", path, why);
		return NULL;
	}
	i = image_new(path, shape, NULL, -1);
	i->inverted = light_rim(grey, height, width);
	if (i->inverted)
		for (size_t k = 0; k < (size_t)height * (size_t)width; k++)
			grey[k] = 255 - grey[k];
	scale_into(i, grey, height, width);
	free(grey);
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
		i = from_file(text, nn_net_input(net), e);
	if (i != NULL && model_takes(net, i->shape, i->name, e) < 0) {
		image_free(i);
		return NULL;
	}
	return i;
}
