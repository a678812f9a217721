/* npz.h: a data set in one archive of NumPy's arrays, as Keras' mnist.npz: x_train, y_train, x_test and y_test. */
#ifndef NPZ_H
#define NPZ_H

#include "data/dataset.h"

/* Fills both parts, and the names of the classes where there is an array `classes` or `class_names` of texts; names as
 * train_images are known, too. -1 with a sentence that names the file, what is wrong and the
 * way out. */
int npz_load(const char *path, struct dataset *d, struct err *e);

#endif
