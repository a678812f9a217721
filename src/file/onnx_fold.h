/* onnx_fold.h: whole numbers that nodes of a graph of ONNX work out. */
#ifndef ONNX_FOLD_H
#define ONNX_FOLD_H

#include "file/onnx_walk.h"

#define ONNX_INTS_MAX 64 /* numbers that one node gives */
#define ONNX_BATCH INT64_MIN /* the number of pictures in a batch, which the graph does not say */

/* What a node gives: numbers of up to two dimensions, [dim[0]][dim[1]]; of none it is one. */
struct onnx_ints {
	struct pb name;
	const struct onnx_constant *from; /* else: these weights, turned around; NULL: numbers */
	int rank, dim[2], n;
	int64_t v[ONNX_INTS_MAX];
};

/* Whether a node gives such numbers, which are kept under the name of its output then. */
bool onnx_fold(struct onnx_walker *w, const struct onnx_node *n);
bool onnx_ints_size(struct onnx_ints *x); /* sets n by its dims; false: that is more than there may be */
const struct onnx_ints *onnx_folded(const struct onnx_walker *w, const struct pb *name); /* NULL: no node gave it */
/* The numbers of this name, of a constant or a node; false: they are none, or too many. */
bool onnx_ints_find(const struct onnx_walker *w, const struct pb *name, struct onnx_ints *to);
/* The same in one row; how many, or -1 where they are none or more than max. */
int onnx_known(const struct onnx_walker *w, const struct pb *name, int64_t *to, int max);
/* The weights of two dimensions that a node turns around to give what has this name; NULL: none. */
const struct onnx_constant *onnx_turned(const struct onnx_walker *w, const struct pb *name);

#endif
