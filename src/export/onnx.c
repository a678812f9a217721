/* onnx.c: the model as a graph of ONNX. */
#include "file/onnx.h"

#include "export/export.h"
#include "model/model.h"
#include "session/made.h"

static int
onnx_export(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct nn_shape in;

	if (net == NULL || (r->n > 0 && export_unknown(r, r->operand[0], e) < 0) || onnx_write(s, f, e) < 0)
		return -1;
	in = nn_net_input(net);
	snprintf(r->said, sizeof r->said, "opset %d; takes [batch, %d, %d, %d], pixels from 0 to 1", ONNX_OPSET,
	    in.dim[0], in.dim[1], in.dim[2]);
	return 0;
}

const struct exporter export_onnx = {
	.format = "onnx",
	.operands = "",
	.what = "the model and its weights as a graph that onnxruntime and others run",
	.file = "thaw-model.onnx",
	.write = onnx_export,
};
