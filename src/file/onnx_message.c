/* onnx_message.c: a file of ONNX as nodes and constants, read with suspicion. What is nested is looked at to a fixed
 * depth (model, graph, node, attribute, tensor), and subgraphs are not entered, so that no file can be too deep.
 * Nothing is allocated on the word of the file but the list of nodes and that of constants, which have bounds.
 */
#include "file/onnx.h"
#include "file/onnx_read.h"
#include "util/reach.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NODES_MAX 10000 /* and as many constants */

/* ---- the graph ---- */

static int
too_many(const struct onnx_file *f, struct err *e)
{
	return fail(e, "%s has more than %d nodes or tensors, as no model here has; load another", f->path, NODES_MAX);
}

static struct onnx_constant *
constant_new(struct onnx_file *f)
{
	if ((f->nconstants & (f->nconstants - 1)) == 0)
		f->constant = xrealloc(f->constant, f->nconstants > 0 ? 2 * (size_t)f->nconstants : 1,
		    sizeof *f->constant);
	return &f->constant[f->nconstants++];
}

/* What is a constant by another name: Constant, and Identity of a constant. */
static int
constant_of_node(struct onnx_file *f, const struct onnx_node *n, struct err *e)
{
	const struct onnx_constant *same = pb_is(&n->op, "Identity") ? onnx_find(f, &n->input[0]) : NULL;
	struct onnx_constant c;
	struct pb value;

	if (f->nconstants == NODES_MAX)
		return too_many(f, e);
	if (same != NULL)
		c = *same;
	else if (!pb_is(&n->op, "Constant") || !onnx_value(n, &value))
		return 0;
	else if (onnx_tensor_read(f, value, &c, e) < 0)
		return -1;
	c.name = n->output;
	*constant_new(f) = c;
	return 1;
}

static int
node_add(struct onnx_file *f, struct pb message, struct err *e)
{
	struct onnx_node n = {.message = message};
	struct pb_field v;
	bool other = false;
	int rc;

	while (pb_next(&message, &v)) {
		if (v.number == NODE_INPUT && n.ninputs < ONNX_INPUTS_MAX)
			n.input[n.ninputs++] = v.in;
		else if (v.number == NODE_OUTPUT && pb_left(&v.in) > 0 && n.noutputs++ == 0)
			n.output = v.in;
		else if (v.number == NODE_NAME)
			n.name = v.in;
		else if (v.number == NODE_OP)
			n.op = v.in;
		else if (v.number == NODE_DOMAIN)
			other = pb_left(&v.in) > 0 && !pb_is(&v.in, "ai.onnx");
	}
	if (message.bad)
		return fail(e, "%s: its node %d is damaged; " ONNX_ANOTHER, f->path, f->nnodes + 1);
	if (other)
		return onnx_fail(f, &n, e, "it is of another set of operators than ONNX' own; write the model with "
		    "those");
	if ((rc = constant_of_node(f, &n, e)) != 0)
		return rc < 0 ? -1 : 0;
	if (f->nnodes == NODES_MAX)
		return too_many(f, e);
	if ((f->nnodes & (f->nnodes - 1)) == 0)
		f->node = xrealloc(f->node, f->nnodes > 0 ? 2 * (size_t)f->nnodes : 1, sizeof *f->node);
	f->node[f->nnodes++] = n;
	return 0;
}

/* A field within a message, and within that; false: there is none. */
static bool
inside(struct pb m, uint32_t number, struct pb *found)
{
	struct pb_field v;

	while (pb_next(&m, &v))
		if (v.number == number && v.wire == PB_BYTES) {
			*found = v.in;
			return true;
		}
	return false;
}

/* The type and shape of the input, as far as they are said. */
static void
shape_read(struct onnx_file *f, struct pb value)
{
	struct pb m;
	struct pb_field v, d;

	f->rank = 0;
	if (!inside(value, VALUE_TYPE, &m) || !inside(m, TYPE_TENSOR, &m))
		return;
	for (struct pb type = m; pb_next(&type, &v);)
		if (v.number == TYPE_ELEMENT)
			f->element = v.value;
	if (!inside(m, TYPE_SHAPE, &m))
		return;
	while (pb_next(&m, &v)) {
		uint64_t n = 0;

		if (v.number != SHAPE_DIM)
			continue;
		while (pb_next(&v.in, &d))
			if (d.number == DIM_VALUE)
				n = d.value;
		if (f->rank < ONNX_RANK_MAX)
			f->dim[f->rank++] = n;
	}
}

/* The fields of one number in their order: initializers come before the nodes that may rename them, wherever they
 * stand in the file. */
static int
graph_read(struct onnx_file *f, const struct pb *graph, struct err *e)
{
	struct pb m = *graph, name;
	struct pb_field v;
	int inputs = 0, outputs = 0;

	while (pb_next(&m, &v))
		if (v.number == GRAPH_INITIALIZER) {
			if (f->nconstants == NODES_MAX)
				return too_many(f, e);
			if (onnx_tensor_read(f, v.in, constant_new(f), e) < 0)
				return -1;
		}
	if (m.bad)
		return fail(e, "%s: its graph is damaged; " ONNX_ANOTHER, f->path);
	for (m = *graph; pb_next(&m, &v);) {
		if (v.number == GRAPH_NODE && node_add(f, v.in, e) < 0)
			return -1;
		if (v.number == GRAPH_OUTPUT && inside(v.in, VALUE_NAME, &name) && outputs++ == 0)
			f->output = name;
		/* older files list the initializers as inputs, too */
		if (v.number == GRAPH_INPUT && inside(v.in, VALUE_NAME, &name) && onnx_find(f, &name) == NULL &&
		    inputs++ == 0) {
			f->input = name;
			shape_read(f, v.in);
		}
	}
	if (inputs != 1 || outputs != 1)
		return fail(e, "%s has %d inputs and %d outputs; a model here has one of each", f->path, inputs,
		    outputs);
	return 0;
}

/* Of ONNX' own operators. */
static void
opset_read(struct onnx_file *f, struct pb m)
{
	struct pb_field v;
	uint64_t version = 0;
	bool own = true;

	while (pb_next(&m, &v)) {
		if (v.number == OPSET_DOMAIN)
			own = pb_left(&v.in) == 0 || pb_is(&v.in, "ai.onnx");
		else if (v.number == OPSET_VERSION)
			version = v.value;
	}
	if (own)
		f->opset = version;
}

static int
model_read(struct onnx_file *f, struct err *e)
{
	struct pb m = {f->bytes, f->bytes + f->n, false}, graph = {0}, key, value;
	struct pb_field v;

	while (pb_next(&m, &v)) {
		if (v.number == MODEL_GRAPH && v.wire == PB_BYTES)
			graph = v.in;
		else if (v.number == MODEL_OPSET)
			opset_read(f, v.in);
		if (v.number != MODEL_METADATA || !inside(v.in, ENTRY_KEY, &key) || !inside(v.in, ENTRY_VALUE, &value))
			continue;
		if (pb_is(&key, "model"))
			f->model = value;
		else if (pb_is(&key, "split"))
			f->split = value;
		else if (pb_is(&key, "units"))
			f->units = value;
	}
	if (m.bad)
		return fail(e, "%s is no whole file of ONNX: it is cut off or damaged; " ONNX_ANOTHER, f->path);
	if (graph.p == NULL)
		return fail(e, "%s is no model of ONNX: it has no graph; load another", f->path);
	return graph_read(f, &graph, e);
}

static int
bytes_read(struct onnx_file *f, int fd, struct err *e)
{
	struct stat st;
	size_t at = 0;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return fail(e, "%s is not a regular file; load another", f->path);
	if (st.st_size > INT32_MAX)
		return fail(e, "%s has more than the 2 GiB that a file of ONNX may have; load another", f->path);
	f->n = (size_t)st.st_size;
	if ((f->bytes = malloc(f->n + 1)) == NULL)
		return fail_memory(e, "%s: not enough memory to read it", f->path);
	while (at < f->n) {
		if ((n = read(fd, f->bytes + at, f->n - at)) < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(e, "%s cannot be read: %s; check the disk", f->path, strerror(errno));
		if (n == 0)
			return fail(e, "%s is cut off; " ONNX_ANOTHER, f->path);
		at += (size_t)n;
	}
	return model_read(f, e);
}

int
onnx_file_open(struct onnx_file *f, const char *path, struct err *e)
{
	int fd = reach_open(path, 0), rc;

	*f = (struct onnx_file){.path = path};
	if (fd < 0)
		return fail(e, "%s cannot be opened: %s; %s", path, reach_why(errno), reach_way(errno,
		    "check the name"));
	rc = bytes_read(f, fd, e);
	close(fd);
	if (rc < 0)
		onnx_file_free(f);
	return rc;
}

void
onnx_file_free(struct onnx_file *f)
{
	for (size_t i = 0; i < f->nown; i++)
		free(f->own[i]);
	free(f->own);
	free(f->bytes);
	free(f->node);
	free(f->constant);
	*f = (struct onnx_file){0};
}
