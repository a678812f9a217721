/* kernels_fast.c: kernels with vectors as wide as the target, compiled once for each instruction set. */
#include "kernels_fast.h"
#include "optimizers.h"

#include <math.h>
#include <string.h>

/* Of the plain loops, those that a compiler makes fast enough are used as they are. */
#define REAL float
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include "kernels_plain.h"
#pragma GCC diagnostic pop
#include "kernels_common.h"

static const struct nn_stage_kind *const stages[] = {
	&NN_ISA(nn_stage_conv),
	&NN_ISA(nn_stage_dense),
	NULL,
};

const struct nn_kernels NN_ISA(nn_kernels) = {
	.name = NN_ISA_NAME,
	.stages = stages,
	.conv_forward = NN_ISA(nn_conv_forward),
	.conv_dx = NN_ISA(nn_conv_dx),
	.conv_dw = NN_ISA(nn_conv_dw),
	.dense_forward = NN_ISA(nn_dense_forward),
	.dense_dx = NN_ISA(nn_dense_dx),
	.dense_rows = NN_ISA(nn_dense_rows),
	.relu_forward = PLAIN(relu_forward),
	.relu_backward = PLAIN(relu_backward),
	.curve_forward = NN_ISA(nn_curve_forward),
	.curve_backward = NN_ISA(nn_curve_backward),
	.pool_forward = PLAIN(pool_forward),
	.pool_backward = PLAIN(pool_backward),
	.average_forward = PLAIN(average_forward),
	.average_backward = PLAIN(average_backward),
	.mean_forward = PLAIN(mean_forward),
	.mean_backward = PLAIN(mean_backward),
	.affine = PLAIN(affine),
	.norm_sums = PLAIN(norm_sums),
	.norm_forward = PLAIN(norm_forward),
	.norm_back_sums = PLAIN(norm_back_sums),
	.norm_backward = PLAIN(norm_backward),
	.dropout = NN_ISA(nn_dropout),
	.softmax = PLAIN(softmax),
	.softmax_backward = PLAIN(softmax_backward),
	COMMON_TABLE,
	.pack = NN_ISA(nn_pack),
	.update = {
#define NN_OPTIMIZER(x) [NN_OPT_##x] = common_update_##x,
#include "optimizers.def"
		NN_OPTIMIZER(record)
#undef NN_OPTIMIZER
	},
};
