/* data.c: the session's data set by name, read when first needed. */
#include "data/data.h"

#include "util/xmalloc.h"

#include <stdlib.h>

void
data_choose(struct data *d, const char *name)
{
	char *copy = xstrdup(name);

	data_predict(d, NULL);
	dataset_free(d->set);
	d->set = NULL;
	d->shown = 0;
	d->measured = NULL;
	d->how = (struct dataset_how){0};
	free(d->name);
	d->name = copy;
}

struct form
data_form(struct data *d, int channels)
{
	if (d->set == NULL)
		return form_of(NULL, channels);
	if (d->measured != d->set || d->channels != channels) {
		d->form = form_of(d->set, channels);
		d->measured = d->set;
		d->channels = channels;
	}
	return d->form;
}

void
data_remember(struct data *d, const struct image *i)
{
	struct image *copy = image_copy(i);

	image_free(d->last);
	d->last = copy;
}

void
data_predict(struct data *d, struct predictions *p)
{
	predictions_free(d->predictions);
	d->predictions = p;
	d->predicted++;
}

void
data_draw(struct data *d, const struct ui_sketch *sketch)
{
	if (d->sketch == NULL)
		d->sketch = xcalloc(1, sizeof *d->sketch);
	*d->sketch = *sketch;
}

void
data_free(struct data *d)
{
	predictions_free(d->predictions);
	free(d->sketch);
	image_free(d->last);
	dataset_free(d->set);
	free(d->name);
	*d = (struct data){0};
}
