/* cifar.h: CIFAR-10's binary version: data_batch_1.bin to data_batch_5.bin and test_batch.bin, records of a label and
 * three planes of 32x32 bytes, red, green, blue.
 */
#ifndef CIFAR_H
#define CIFAR_H

#include "data/dataset.h"
#include "data/folder.h"

bool cifar_in(const struct folder *f); /* some of these files are there */

/* Fills both parts, pixels with channels last. -1 with a sentence that names the file, what is wrong and the way out.
 * The size of every file is checked before anything is allocated for it. */
int cifar_load(const struct folder *f, struct part *train, struct part *test, struct err *e);

/* SHA-256 of the part's files one behind the other, into sha256_images; sha256_labels is the same. */
void cifar_hash(struct part *p);

#endif
