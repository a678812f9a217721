/* kernels_fast.h: what the files compiled once for each instruction set share. NN_ISA(x) is x_v4, x_v3 or x_base. */
#ifndef NN_KERNELS_FAST_H
#define NN_KERNELS_FAST_H

#include "kernels.h"

/* What a kernel keeps on the stack: packed weights up to this size, and about as much beside them; nn_thread gives room
 * for both. What is decided by it must not depend on the lanes. */
#define STACK_BYTES (512 * 1024)
#define ON_STACK(type, n) ((type *)__builtin_alloca_with_align(sizeof(type) * (n), 512))

/* kernels_conv.c and kernels_gemm.c: entries of the kernel table. */
void NN_ISA(nn_conv_forward)(const struct nn_conv *c, int n, const float *x, const float *w, const float *b, float *y);
void NN_ISA(nn_conv_dx)(const struct nn_conv *c, int n, const float *dy, const float *w, float *dx);
void NN_ISA(nn_conv_dw)(const struct nn_conv *c, int n, const float *x, const float *dy, float *dw, float *db);
void NN_ISA(nn_dense_forward)(int in, int out, int n, const float *x, const float *w, const float *b, float *y);
void NN_ISA(nn_dense_dx)(int in, int out, int n, const float *dy, const float *w, float *dx);
void NN_ISA(nn_dense_rows)(int in, int out, int n, int r0, int r1, const float *x, const float *dy, float *dw,
    float *db);

/* kernels_live.c: conv_dx and conv_dw, but for db, where most of dy is zero: the same bits. False, and nothing done,
 * where it is not. */
bool NN_ISA(nn_live_dx)(const struct nn_conv *c, int n, const float *dy, const float *w, float *dx);
bool NN_ISA(nn_live_dw)(const struct nn_conv *c, int n, const float *x, const float *dy, float *dw);

/* kernels_drop.c: the mask of a dropout as bits, words w0..w1-1 of one image of the batch; and the kernel table's. */
void NN_ISA(nn_keep)(const struct nn_drop *d, int sample, int w0, int w1, uint64_t *keep);
void NN_ISA(nn_dropout)(const struct nn_drop *d, int first, int n, size_t size, const float *x, float *y);

/* kernels_curve.c: of the kernel table. */
void NN_ISA(nn_curve_forward)(enum nn_curve f, float slope, size_t count, const float *x, float *y);
void NN_ISA(nn_curve_backward)(enum nn_curve f, float slope, size_t count, const float *y, const float *dy,
    float *dx);

/* kernels_pack.c: of the kernel table. */
size_t NN_ISA(nn_pack)(size_t size, const float *x, uint64_t *mask, float *value);

/* The stages, in the order in which they are tried. */
extern const struct nn_stage_kind NN_ISA(nn_stage_conv), NN_ISA(nn_stage_dense);

#endif
