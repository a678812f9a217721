/* data.h: the session's data set: its name, the pictures once they are read, and the last one that was looked at. */
#ifndef DATA_H
#define DATA_H

#include "data/dataset.h"
#include "data/form.h"
#include "data/image.h"
#include "data/predictions.h"
#include "ui/sketch.h"

#define DATA_BUNDLED "mnist" /* the data set that comes with thaw, and is taken where none is named */

struct data {
	char *name; /* what `data` was given, else DATA_BUNDLED */
	bool option; /* an option of the command line names it: init files do not change it */
	struct dataset_how how; /* a folder of pictures is read */
	struct dataset *set; /* NULL until first needed: session_data() */
	struct form form; /* of the images of measured, in so many channels */
	const struct dataset *measured; /* NULL: not yet */
	int channels;
	struct ui_sketch *sketch; /* the canvas of the workbench; NULL: nothing has been drawn */
	int drawn; /* how many drawings were saved under names that were made up, the last of which is: */
	uint8_t saved[UI_SKETCH_SIDE * UI_SKETCH_SIDE];
	struct image *last; /* the last drawing or prediction; NULL: none */
	struct predictions *predictions; /* the last ones of all test images of a split; NULL: none */
	uint32_t shown; /* the first of the test images that were shown last; 0 as long as none were */
	uint64_t predicted; /* counts how often they were replaced */
};

void data_choose(struct data *d, const char *name); /* lets go of what is read; the last picture stays */
struct form data_form(struct data *d, int channels); /* form_of() the set, measured once */
void data_remember(struct data *d, const struct image *i); /* the picture becomes `last`; takes a copy */
void data_predict(struct data *d, struct predictions *p); /* takes p over in place of the last ones; NULL: none */
void data_draw(struct data *d, const struct ui_sketch *sketch); /* takes a copy */
void data_free(struct data *d);

#endif
