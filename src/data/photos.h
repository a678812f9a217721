/* photos.h: a data set as a folder that has one folder of PNG or JPEG files a class, as Keras'
 * image_dataset_from_directory takes it. The classes are the folders' names in their order. Or it has two such folders,
 * train and test (or val), for pictures to learn from and to be tested with.
 *
 * A hash of class and file name decides which pictures are for testing, and in which order they come, so that both are
 * the same each time and everywhere, and the first N are of all classes.
 */
#ifndef PHOTOS_H
#define PHOTOS_H

#include "data/dataset.h"
#include "data/folder.h"

#define PHOTOS_HOLDOUT 6 /* one picture in so many is for testing, unless it is said */

bool photos_in(const struct folder *f); /* some folder in it holds such files */
bool photos_loose(const struct folder *f); /* it holds such files itself */

/* Fills the set's parts, class names and note. What cannot be read is left out, with a word in the note. -1 with a
 * sentence. Memory is bounded before it is taken. */
int photos_load(const struct folder *f, const struct dataset_how *how, struct dataset *d, struct err *e);

#endif
