/* summary.h: the table that Keras prints for a model, as each of its generations prints it. Pure functions from a plain
 * struct to text: nothing here knows a net, a terminal or a session.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct summary_layer {
	const char *name, *class; /* "conv2d", "Conv2D" */
	int rank, dim[3]; /* output shape without the batch */
	uint64_t params;
	bool trainable; /* the layer's flag; Keras 3 shows "-" where there are no parameters */
};

struct summary {
	const char *name; /* "sequential" */
	int n;
	const struct summary_layer *layer;
	int first, last; /* the rows shown, inclusive; the totals stay those of the whole model */
	uint64_t trainable, non_trainable; /* parameters */
	bool words; /* not as Keras has it: no word of Keras 3's table is cut as long as all of them have room */
};

enum summary_format {
	SUMMARY_KERAS3,
	SUMMARY_KERAS2, /* 2.15 */
	SUMMARY_KERAS2_10,
	SUMMARY_KERAS2_6,
};

/* What `format=` takes, in the order of the enum, NULL-terminated: keras3 keras2 keras2.10 keras2.6. */
extern const char *const summary_formats[];
int summary_format_find(const char *name); /* -1 when unknown */

/* The whole text, each line ended by '\n'; the caller's to free. trainable: with the column Trainable. utf8 and width
 * (of the terminal, in cells) count for Keras 3 alone; the other formats are 65 wide, 76 with the column. */
char *summary_text(const struct summary *m, enum summary_format format, bool trainable, bool utf8, int width);

/* Bytes as Keras 3 writes them: "2.29 MB". */
char *summary_bytes(char buf[32], uint64_t bytes);

#endif
