/* cifar.h: CIFAR's binary versions, whose records are labels and three planes of 32x32 bytes, red, green, blue. Of
 * CIFAR-10 they have one label and lie in data_batch_1.bin to data_batch_5.bin and test_batch.bin; of CIFAR-100 two,
 * coarse and fine, and lie in train.bin and test.bin.
 */
#ifndef CIFAR_H
#define CIFAR_H

#include "data/dataset.h"
#include "data/folder.h"

enum { CIFAR_SIDE = 32, CIFAR_PIXELS = 3 * CIFAR_SIDE * CIFAR_SIDE };

/* Which one some files are there of: 10, 100; 0: none. */
int cifar_in(const struct folder *f);

/* Fills both parts, pixels with channels last, by the coarse labels of CIFAR-100 where those are asked for. -1 with a
 * sentence that names the file, what is wrong and the way out. The size of every file is checked before anything is
 * allocated for it. */
int cifar_load(const struct folder *f, bool coarse, struct part *train, struct part *test, struct err *e);
/* Three planes become pixels. */
void cifar_pixels(uint8_t *to, const uint8_t *planes);
/* Room for so many more pictures in a part. */
int cifar_room(struct part *p, size_t count, const char *path, struct err *e);
/* Names the classes from batches.meta.txt, of CIFAR-100 from fine_label_names.txt or the coarse ones, one a line;
 * where there is no such file, those of CIFAR-10 as they are known. -1 with a sentence about a file that has others. */
int cifar_names(const struct folder *f, bool coarse, struct dataset *d, struct err *e);

/* SHA-256 of the files of CIFAR-10's part one behind the other, into sha256_images; sha256_labels is the same. */
void cifar_hash(struct part *p);

#endif
