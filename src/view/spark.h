/* spark.h: a histogram as a line of text. */
#ifndef SPARK_H
#define SPARK_H

#include "view/glyphs.h"

#include <stdint.h>

#define SPARK_MAX 64 /* counts */

/* The n counts in n / merge columns, each as high as its share of the highest. One that is not zero is seen. */
char *spark_text(char buf[3 * SPARK_MAX + 1], const uint64_t *count, int n, int merge, enum ui_glyphs glyphs);

#endif
