/* kernels_curve.c: tanh, sigmoid, elu and leaky_relu with vectors: exponentials by a polynomial, to about two units of
 * the last place (the coefficients are those of Cephes). What is no number stays none. Compiled once for each
 * instruction set.
 */
#include "kernels_fast.h"
#include "vec.h"

VINLINE vf
choose(vi mask, vf a, vf b)
{
	return (vf)(((vi)a & mask) | ((vi)b & ~mask));
}

/* e^x for x <= 0; from -87 on the smallest normal number's neighbours, where it hardly matters */
VINLINE vf
exp_negative(vf x)
{
	const vf magic = vset(12582912.0f); /* 1.5 * 2^23: a sum with it is rounded to a whole number */
	vf n, r, p;

	x = vmax(x, vset(-87.0f));
	n = vfma(x, vset(1.44269504088896341f), magic) - magic;
	r = vfma(n, vset(-0.693359375f), x);
	r = vfma(n, vset(2.12194440e-4f), r);
	p = vfma(vset(1.9875691500e-4f), r, vset(1.3981999507e-3f));
	p = vfma(p, r, vset(8.3334519073e-3f));
	p = vfma(p, r, vset(4.1665795894e-2f));
	p = vfma(p, r, vset(1.6666665459e-1f));
	p = vfma(p, r, vset(5.0000001201e-1f));
	p = vfma(p, r * r, r + 1.0f);
	return p * (vf)((__builtin_convertvector(n, vi) + 127) << 23);
}

/* e^x - 1 for x <= 0 */
VINLINE vf
expm1_negative(vf x)
{
	vf p = vfma(vset(1.9875691500e-4f), x, vset(1.3981999507e-3f));

	p = vfma(p, x, vset(8.3334519073e-3f));
	p = vfma(p, x, vset(4.1665795894e-2f));
	p = vfma(p, x, vset(1.6666665459e-1f));
	p = vfma(p, x, vset(5.0000001201e-1f));
	return choose(x > -0.3f, vfma(p, x * x, x), exp_negative(x) - 1.0f);
}

VINLINE vf
minus_abs(vf x)
{
	return (vf)((vi)x | INT32_MIN);
}

VINLINE vf
curve(enum nn_curve f, float leak, vf x)
{
	vf e, z, p;
	vi sign = (vi)x & INT32_MIN;

	switch (f) {
	case NN_LEAKY_RELU:
		return choose(x > 0.0f, x, x * leak);
	case NN_ELU:
		return choose(x > 0.0f, x, expm1_negative(minus_abs(x)));
	case NN_TANH:
		e = exp_negative(2.0f * minus_abs(x));
		z = x * x;
		p = vfma(vset(-5.70498872745e-3f), z, vset(2.06390887954e-2f));
		p = vfma(p, z, vset(-5.37397155531e-2f));
		p = vfma(p, z, vset(1.33314422036e-1f));
		p = vfma(p, z, vset(-3.33332819422e-1f));
		return choose(z < 0.390625f, vfma(p * z, x, x), (vf)((vi)((1.0f - e) / (1.0f + e)) | sign));
	case NN_SIGMOID:
		e = exp_negative(minus_abs(x));
		return choose(x < 0.0f, e, (vf){0} + 1.0f) / (1.0f + e);
	}
	return x;
}

VINLINE vf
slope_of(enum nn_curve f, float leak, vf y)
{
	switch (f) {
	case NN_LEAKY_RELU:
		return choose(y > 0.0f, (vf){0} + 1.0f, vset(leak));
	case NN_ELU:
		return choose(y > 0.0f, (vf){0} + 1.0f, y + 1.0f);
	case NN_TANH:
		return 1.0f - y * y;
	case NN_SIGMOID:
		return y * (1.0f - y);
	}
	return y;
}

VINLINE void
all_forward(enum nn_curve f, float leak, size_t count, const float *x, float *y)
{
	for (size_t i = 0; i < count; i += VL) {
		int n = count - i < VL ? (int)(count - i) : VL;
		vf v = n == VL ? vload(x + i) : vload_n(x + i, n), r = choose(v == v, curve(f, leak, v), v);

		if (n == VL)
			vstore(y + i, r);
		else
			vstore_n(y + i, r, n);
	}
}

VINLINE void
all_backward(enum nn_curve f, float leak, size_t count, const float *y, const float *dy, float *dx)
{
	for (size_t i = 0; i < count; i += VL) {
		int n = count - i < VL ? (int)(count - i) : VL;

		if (n == VL)
			vstore(dx + i, vload(dy + i) * slope_of(f, leak, vload(y + i)));
		else
			vstore_n(dx + i, vload_n(dy + i, n) * slope_of(f, leak, vload_n(y + i, n)), n);
	}
}

#define CURVES(X) X(NN_LEAKY_RELU) X(NN_ELU) X(NN_TANH) X(NN_SIGMOID)

void
NN_ISA(nn_curve_forward)(enum nn_curve f, float slope, size_t count, const float *x, float *y)
{
	switch (f) {
#define FORWARD(c) \
	case c: \
		all_forward(c, slope, count, x, y); \
		break;
		CURVES(FORWARD)
	}
}

void
NN_ISA(nn_curve_backward)(enum nn_curve f, float slope, size_t count, const float *y, const float *dy,
    float *dx)
{
	switch (f) {
#define BACKWARD(c) \
	case c: \
		all_backward(c, slope, count, y, dy, dx); \
		break;
		CURVES(BACKWARD)
	}
}
