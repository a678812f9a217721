/* picture.c: the picture that an operand names, from the data set or from a file. */
#include "look/picture.h"

#include "data/drawing.h"
#include "data/photo.h"
#include "session/made.h"
#include "ui/figure.h"
#include "util/reach.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* ---- files ---- */

/* How the data set's images are made. The bundled one is known; any other has to be looked at, if it can be read. */
static struct form
form_here(struct session *s, int channels)
{
	struct err ignored = {0};

	if (s->data.set == NULL && strcmp(s->data.name, DATA_BUNDLED) != 0)
		session_data(s, &ignored);
	return data_form(&s->data, channels);
}

static struct image *
from_file(struct session *s, const char *path, const struct drawing_steps *steps, struct err *e)
{
	struct nn_shape shape = nn_net_input(s->model.net);
	struct drawing d = {.channels = shape.dim[2], .alpha = true};
	struct form form;
	struct image *i;

	if ((d.pixels = photo_read(path, d.channels + 1, &d.height, &d.width, e)) == NULL)
		return NULL;
	form = form_here(s, d.channels);
	i = drawing_image(&d, path, shape, &form, steps);
	free(d.pixels);
	return i;
}

/* ---- the canvas ---- */

uint8_t *
picture_enlarged(const uint8_t *ink, int channels)
{
	enum { SIDE = UI_SKETCH_SIDE * PICTURE_DRAWN };
	uint8_t *p = xmalloc((size_t)SIDE * SIDE * (size_t)channels);

	for (int i = 0; i < SIDE * SIDE; i++)
		memset(p + i * channels, ink[i / SIDE / PICTURE_DRAWN * UI_SKETCH_SIDE + i % SIDE /
		    PICTURE_DRAWN], (size_t)channels);
	return p;
}

struct image *
picture_drawn(struct session *s, const struct drawing_steps *steps, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct drawing d = {.height = UI_SKETCH_SIDE * PICTURE_DRAWN, .width = UI_SKETCH_SIDE * PICTURE_DRAWN};
	struct image *i;
	struct form form;

	if (net == NULL)
		return NULL;
	if (s->data.sketch == NULL) {
		fail(e, "nothing has been drawn yet; `draw` in the workbench opens a canvas");
		return NULL;
	}
	d.channels = nn_net_input(net).dim[2];
	d.pixels = picture_enlarged(s->data.sketch->ink, d.channels);
	form = form_here(s, d.channels);
	i = drawing_image(&d, "drawing", nn_net_input(net), &form, steps);
	i->drawn = true;
	free(d.pixels);
	return i;
}

/* ---- all ---- */

static enum drawing_switch
step_switch(const char *word)
{
	return strcmp(word, "on") == 0 ? DRAWING_ON : strcmp(word, "off") == 0 ? DRAWING_OFF : DRAWING_AUTO;
}

struct drawing_steps
picture_steps(const struct settings *set)
{
	return (struct drawing_steps){step_switch(set->picture_invert), step_switch(set->picture_level),
	    step_switch(set->picture_fit), step_switch(set->picture_centre)};
}

struct image *
picture_get_by(struct session *s, const char *text, const struct drawing_steps *steps, struct err *e)
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
			fail(e, "no drawing or prediction yet; `predict test:%u` makes one, and test:%u is a picture, "
			    "too", s->data.shown, s->data.shown);
			return NULL;
		}
		i = s->data.last->drawn ? picture_drawn(s, steps, e) : image_copy(s->data.last);
	} else if (strncmp(text, "test:", 5) == 0 || strncmp(text, "train:", 6) == 0) {
		if ((d = session_data(s, e)) == NULL)
			return NULL;
		i = text[1] == 'e' ? from_part(&d->test, "test", text + 5, e) : from_part(&d->train, "train", text + 6,
		    e);
	} else
		i = from_file(s, text, steps, e);
	if (i != NULL && model_takes(net, i->shape, i->name, e) < 0) {
		image_free(i);
		return NULL;
	}
	return i;
}

struct image *
picture_get(struct session *s, const char *text, struct err *e)
{
	struct drawing_steps steps = picture_steps(&s->set);

	return picture_get_by(s, text, &steps, e);
}
