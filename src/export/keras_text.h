/* keras_text.h: the parts of a script for Keras that are the same in all of them, in their order. */
#ifndef KERAS_TEXT_H
#define KERAS_TEXT_H

#include "data/dataset.h"
#include "past/run.h"
#include "util/text.h"

/* A string of Python, whatever is in the text: the name of a folder, or of a class that is called after one. */
void keras_string(struct str *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* How weights that came from that file are loaded, as a comment; NULL: they came from none. */
void keras_loaded(struct str *b, const char *path);
/* That a run went on with the state of an optimizer that came with those, as a comment; nothing where it did not. */
void keras_slots(struct str *b, const struct run *r);

extern const char keras_text_head[]; /* what it is, imports */
extern const char keras_text_idx[]; /* reads IDX files; begins to read a data set */
extern const char keras_text_load[]; /* ends that, with `sets` */
extern const char keras_text_select[]; /* the pictures of a split */
extern const char keras_text_build[]; /* begins the list of layers */
extern const char keras_text_helpers[]; /* weights drawn anew, loss and accuracy */

/* In place of the first and of what reads IDX files, for a folder of pictures. -1 with a sentence. */
extern const char keras_photos_head[];
int keras_photos_code(struct str *b, struct dataset *d, const struct dataset_how *how, struct err *e);

/* Reads the data and builds the model; takes what --data may be, and the seed, as Keras has it: 32 bits. */
#define keras_text_main \
	"\n\n" \
	"parser = argparse.ArgumentParser(description=\"A session of thaw under Keras\")\n" \
	"parser.add_argument(\"--data\", help=\"%s\")\n" \
	"keras.utils.set_random_seed(%u)\n" \
	"train, test = load(parser.parse_args().data)\n" \
	"model = build()\n" \
	"model.summary()\n"

#endif
