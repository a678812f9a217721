/* vec.h: vectors as wide as the target, for the kernel files that are compiled once for each instruction set.
 *
 * A kernel file includes this and nothing else of the instruction set. VL is the number of lanes: 16 (x86-64-v4), 8
 * (v3) or 4 (baseline and other processors). Rules that keep v3 and v4 to the same bits: no sum runs across lanes (but
 * dense_dx folds four, whatever VL); each output is one chain of vfma in an order that does not depend on VL; scalar
 * code uses sfma. Without FMA the product is rounded first, so baseline builds have bits of their own.
 */
#ifndef NN_VEC_H
#define NN_VEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define VL 16
#elif defined(__AVX2__) && defined(__FMA__)
#define VL 8
#else
#define VL 4
#endif

typedef float vf __attribute__((vector_size(VL * 4)));
typedef int32_t vi __attribute__((vector_size(VL * 4)));
typedef uint32_t vu __attribute__((vector_size(VL * 4)));
typedef float vf_any __attribute__((vector_size(VL * 4), aligned(4), may_alias));
typedef uint32_t vu_any __attribute__((vector_size(VL * 4), aligned(4), may_alias));

/* Before a loop with constant bounds over vectors in registers. */
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif

#ifdef COVERAGE_H /* the branches of a template count once, not for each size that it is made for */
#define VINLINE static __attribute__((noinline, unused))
#else
#define VINLINE static inline __attribute__((always_inline, unused))
#endif

VINLINE vf
vload(const float *p)
{
	return *(const vf_any *)p;
}

VINLINE void
vstore(float *p, vf v)
{
	*(vf_any *)p = v;
}

#if VL == 16
VINLINE vf vset(float x) { return (vf)_mm512_set1_ps(x); }
VINLINE vf vfma(vf a, vf b, vf c) { return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
VINLINE vf vmax(vf a, vf b) { return (vf)_mm512_max_ps((__m512)a, (__m512)b); }
VINLINE vf vsqrt(vf a) { return (vf)_mm512_sqrt_ps((__m512)a); }
VINLINE vf vload_n(const float *p, int n) { return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p); }
VINLINE void vstore_n(float *p, vf v, int n) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v); }
#elif VL == 8
VINLINE vi
vmask_n(int n)
{
	return (vi){0, 1, 2, 3, 4, 5, 6, 7} < (vi)_mm256_set1_epi32(n);
}
VINLINE vf vset(float x) { return (vf)_mm256_set1_ps(x); }
VINLINE vf vfma(vf a, vf b, vf c) { return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
VINLINE vf vmax(vf a, vf b) { return (vf)_mm256_max_ps((__m256)a, (__m256)b); }
VINLINE vf vsqrt(vf a) { return (vf)_mm256_sqrt_ps((__m256)a); }
VINLINE vf vload_n(const float *p, int n) { return (vf)_mm256_maskload_ps(p, (__m256i)vmask_n(n)); }
VINLINE void vstore_n(float *p, vf v, int n) { _mm256_maskstore_ps(p, (__m256i)vmask_n(n), (__m256)v); }
#else
VINLINE vf vset(float x) { return (vf){x, x, x, x}; }
VINLINE vf vfma(vf a, vf b, vf c) { return a * b + c; }
VINLINE vf
vload_n(const float *p, int n)
{
	float t[4] = {0};
	for (int i = 0; i < n; i++)
		t[i] = p[i];
	return (vf){t[0], t[1], t[2], t[3]};
}
VINLINE void
vstore_n(float *p, vf v, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = v[i];
}
#if defined(__SSE2__)
VINLINE vf vmax(vf a, vf b) { return (vf)_mm_max_ps((__m128)a, (__m128)b); }
VINLINE vf vsqrt(vf a) { return (vf)_mm_sqrt_ps((__m128)a); }
#else
VINLINE vf
vmax(vf a, vf b)
{
	vi m = a > b;
	return (vf)(((vi)a & m) | ((vi)b & ~m));
}
VINLINE vf
vsqrt(vf a)
{
	return (vf){__builtin_sqrtf(a[0]), __builtin_sqrtf(a[1]), __builtin_sqrtf(a[2]), __builtin_sqrtf(a[3])};
}
#endif
#endif

#if VL == 16
/* The lanes of a mask. gcc 12 may spill a mask to 16 bits of memory and count 32 there; what is moved by name it does
 * not. */
VINLINE int
vcount(__mmask16 m)
{
	return __builtin_popcount(_cvtmask16_u32(m));
}
#endif

/* Two neighbouring floats, each in all lanes. `paired`: by one load in place of two, and parted within the vector, for
 * kernels that would else need more loads than multiply-adds. Some of their inputs only: parting takes the
 * multiply-adds' own pipes on some processors. */
VINLINE void
vset2(const float *p, const bool paired, vf *a, vf *b)
{
#if VL == 16
	if (paired) {
		double two;

		memcpy(&two, p, sizeof two);
		__m512 t = (__m512)_mm512_set1_pd(two);
		*a = (vf)_mm512_moveldup_ps(t);
		*b = (vf)_mm512_movehdup_ps(t);
		return;
	}
#endif
	*a = vset(p[0]);
	*b = vset(p[1]);
}

/* m's lanes are all ones or all zeros. */
VINLINE vf
vselect(vi m, vf a, vf b)
{
	return (vf)(((vi)a & m) | ((vi)b & ~m));
}

/* Lanes as masks from the low bits of a word. */
VINLINE vi
vlanes(uint64_t bits)
{
#if VL == 16
	return (vi)_mm512_movm_epi32((__mmask16)bits);
#elif VL == 8
	return ((vi)_mm256_set1_epi32((int)bits) & (vi){1, 2, 4, 8, 16, 32, 64, 128}) != (vi){0};
#else
	return ((vi){(int)bits & 1, (int)bits & 2, (int)bits & 4, (int)bits & 8}) != (vi){0};
#endif
}

/* max(0, x) with a NaN going through. */
VINLINE vf
vrelu(vf x)
{
	return vmax((vf){0}, x);
}

VINLINE float
sfma(float a, float b, float c)
{
#if VL > 4
	return __builtin_fmaf(a, b, c);
#else
	return a * b + c;
#endif
}

VINLINE int
imin(int a, int b)
{
	return a < b ? a : b;
}

#endif
