/* onnx.h: the model as a graph of ONNX: what it writes, and the numbers of the format's fields that it reads and
 * writes.
 *
 * Pictures come in as Keras has them, [batch, height, width, channels]. The first layer that wants channels first is
 * preceded by one Transpose, and a Flatten by one back, so that the kernel behind it is that of Keras: as tf2onnx and
 * Keras' own export have it.
 */
#ifndef ONNX_H
#define ONNX_H

#include "file/tensors.h"
#include "session/session.h"

#include <stdio.h>

#define ONNX_OPSET 13 /* of 2020: onnxruntime 1.6, TensorRT 8, OpenVINO 2021 and what is newer read it */
#define ONNX_IR 7 /* the layout of that time */

/* Numbers of fields, as onnx.proto has them. */
enum {
	MODEL_IR = 1, MODEL_PRODUCER = 2, MODEL_PRODUCER_VERSION = 3, MODEL_GRAPH = 7, MODEL_OPSET = 8,
	MODEL_METADATA = 14,
	OPSET_DOMAIN = 1, OPSET_VERSION = 2,
	ENTRY_KEY = 1, ENTRY_VALUE = 2,
	GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_INITIALIZER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12, GRAPH_VALUE = 13,
	NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_OP = 4, NODE_ATTRIBUTE = 5, NODE_DOMAIN = 7,
	ATTRIBUTE_NAME = 1, ATTRIBUTE_FLOAT = 2, ATTRIBUTE_INT = 3, ATTRIBUTE_TEXT = 4, ATTRIBUTE_TENSOR = 5,
	ATTRIBUTE_INTS = 8, ATTRIBUTE_TYPE = 20,
	TENSOR_DIMS = 1, TENSOR_TYPE = 2, TENSOR_SEGMENT = 3, TENSOR_FLOATS = 4, TENSOR_INT32S = 5, TENSOR_INT64S = 7,
	TENSOR_NAME = 8, TENSOR_RAW = 9, TENSOR_DOUBLES = 10, TENSOR_EXTERNAL = 13, TENSOR_LOCATION = 14,
	VALUE_NAME = 1, VALUE_TYPE = 2, VALUE_DOC = 3,
	TYPE_TENSOR = 1, TYPE_ELEMENT = 1, TYPE_SHAPE = 2, SHAPE_DIM = 1, DIM_VALUE = 1, DIM_NAME = 2
};
enum { ONNX_FLOAT = 1, ONNX_INT32 = 6, ONNX_INT64 = 7 }; /* types of elements */
enum { TYPE_IS_FLOAT = 1, TYPE_IS_INT = 2, TYPE_IS_INTS = 7 }; /* of attributes */

/* Writes the session's model, which is there. A failed write shows in f; -1 with a sentence. */
int onnx_write(struct session *s, FILE *f, struct err *e);

#endif
