/* onnx.c: the model as a graph of ONNX, which others run. */
#include "file/onnx.h"

#include "file/format.h"

static int
save(struct session *s, const bool *pick, FILE *f, struct err *e)
{
	if (pick != NULL)
		return fail(e, "ONNX has a whole model, not the weights of some layers; leave out only=, or `save` "
		    "them as .safetensors or .npz");
	return onnx_write(s, f, e);
}

const struct file_format file_format_onnx = {
	.suffix = ".onnx",
	.what = "the model and its weights as a graph that other programs run, onnxruntime for one",
	.save = save,
};
