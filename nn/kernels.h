/* kernels.h: the table of kernels.
 *
 * A kernel works on n images (at most a chunk, unless it says otherwise) in one thread. Arrays are channels last,
 * weights in Keras' layout, and never overlap unless a comment allows it. The table exists for float (reference, and
 * one for each instruction set) and for double (the gradient check). Every entry is set; a table for an instruction set
 * may borrow from another what it does not do better.
 */
#ifndef NN_KERNELS_H
#define NN_KERNELS_H

#include "nn_int.h"

struct nn_conv { /* valid */
	int h, w, c; /* input */
	int k; /* kernel height and width */
	int f; /* filters: the output is (h-k)/s+1, (w-k)/s+1, f */
	bool all; /* the plain conv_dx leaves no gradient out that is zero: nn_pass.careful */
	int stride; /* s of conv_forward, where more than 1; the gradients' is 1 */
};

struct nn_pool { /* windows k x k, a stride apart, the first one `top` above and `left` of the picture */
	int h, w, c, k;
	int stride, top, left, oh, ow; /* oh, ow: windows; each has a part in the picture */
};

struct nn_norm { /* c channels, side by side in rows that are `step` apart, each normalised by itself */
	int c;
	size_t step, rows;
};

struct nn_drop { /* what decides a mask */
	uint64_t seed;
	uint32_t epoch, step;
	int layer;
	double rate;
};

/* Activations whose slope follows from their value. */
enum nn_curve { NN_LEAKY_RELU, NN_ELU, NN_TANH, NN_SIGMOID };
#define NN_LEAKY_SLOPE 0.2f /* Keras' default for the function */

/* conv_dw, dense_dw: added to dw and db, images in order. dense_rows: rows r0..r1-1 of dw ([in][out]; dw points at row
 * r0), written; db too when not NULL; n may be a whole batch. relu_backward: dx = dy where y > 0; dx may be dy, also
 * of curve_backward. curve: slope is that of leaky_relu alone. pool:
 * which[] is the window's position (row-major, the first of equal values) of each output. pool_backward writes all of
 * dx. dropout: first is the image's number in the batch; forward and backward are the same map; y may be x. softmax: y
 * may be x. */
#define NN_KERNEL_TABLE(real) \
	void (*conv_forward)(const struct nn_conv *c, int n, const real *x, const real *w, const real *b, real *y); \
	void (*conv_dx)(const struct nn_conv *c, int n, const real *dy, const real *w, real *dx); \
	void (*conv_dw)(const struct nn_conv *c, int n, const real *x, const real *dy, real *dw, real *db); \
	void (*dense_forward)(int in, int out, int n, const real *x, const real *w, const real *b, real *y); \
	void (*dense_dx)(int in, int out, int n, const real *dy, const real *w, real *dx); \
	void (*dense_rows)(int in, int out, int n, int r0, int r1, const real *x, const real *dy, real *dw, real *db); \
	void (*relu_forward)(size_t count, const real *x, real *y); \
	void (*relu_backward)(size_t count, const real *y, const real *dy, real *dx); \
	void (*curve_forward)(enum nn_curve f, real slope, size_t count, const real *x, real *y); \
	void (*curve_backward)(enum nn_curve f, real slope, size_t count, const real *y, const real *dy, \
	    real *dx); \
	/* which may be NULL */ \
	void (*pool_forward)(const struct nn_pool *p, int n, const real *x, real *y, uint16_t *which); \
	void (*pool_backward)(const struct nn_pool *p, int n, const real *dy, const uint16_t *which, real *dx); \
	void (*average_forward)(const struct nn_pool *p, int n, const real *x, real *y); \
	void (*average_backward)(const struct nn_pool *p, int n, const real *dy, real *dx); \
	void (*mean_forward)(int rows, int c, int n, const real *x, real *y); \
	void (*mean_backward)(int rows, int c, int n, const real *dy, real *dx); \
	void (*affine)(size_t count, real scale, real offset, const real *x, real *y); \
	/* the sums are added to */ \
	void (*norm_sums)(const struct nn_norm *d, const real *x, double *sum, double *square); \
	void (*norm_forward)(const struct nn_norm *d, const real *x, const real *mean, const real *a, const real *b, \
	    real *y); \
	void (*norm_back_sums)(const struct nn_norm *d, const real *x, const real *dy, const real *mean, double *sum, \
	    double *product); \
	void (*norm_backward)(const struct nn_norm *d, const real *x, const real *dy, const real *mean, const real *a, \
	    const real *b, const real *e, real *dx); \
	void (*dropout)(const struct nn_drop *d, int first, int n, size_t size, const real *x, real *y); \
	void (*softmax)(int classes, int n, const real *x, real *y); \
	void (*softmax_backward)(int classes, int n, const real *y, const real *dy, real *dx)

struct nn_kernels {
	const char *name; /* "v4" */
	const struct nn_stage_kind *const *stages; /* NULL-terminated, best first; NULL: none but the plain one */
	NN_KERNEL_TABLE(float);
	nn_update_fn *update[NN_OPTIMIZERS];
	bool (*wild)(size_t count, const float *x); /* whether one of them is wild */
	void (*pixels)(size_t count, const uint8_t *byte, float *x); /* byte / 255 */
	/* The feature cache: size floats to mask and values (returns how many), and back. */
	size_t (*pack)(size_t size, const float *x, uint64_t *mask, float *value);
	void (*unpack)(size_t size, const uint64_t *mask, const float *value, float *x);
};

struct nn_kernels_double {
	NN_KERNEL_TABLE(double);
};

extern const struct nn_kernels nn_kernels_reference;
extern const struct nn_kernels_double nn_kernels_reference_double;

/* kernels_fast.c, stage_conv.c and stage_dense.c are compiled once for each instruction set, with NN_ISA_SUFFIX v4, v3
 * or base. NN_ISA(x) is x_v4 ...: every symbol with linkage that such a file defines needs it. */
#ifdef NN_ISA_SUFFIX
#define NN_ISA_PASTE2(x, s) x##_##s
#define NN_ISA_PASTE(x, s) NN_ISA_PASTE2(x, s)
#define NN_ISA(x) NN_ISA_PASTE(x, NN_ISA_SUFFIX)
#define NN_ISA_STRING2(s) #s
#define NN_ISA_STRING(s) NN_ISA_STRING2(s)
#define NN_ISA_NAME NN_ISA_STRING(NN_ISA_SUFFIX)
#endif

#ifdef __x86_64__
extern const struct nn_kernels nn_kernels_v4, nn_kernels_v3;
#endif
extern const struct nn_kernels nn_kernels_base;

/* The table of that name ("auto": the best that this processor runs), or NULL with a sentence. */
const struct nn_kernels *nn_kernels_find(const char *name, struct nn_err *err);

#endif
