/* wino.h: the stretch conv2d 3x3 of one channel, relu, conv2d 3x3, relu, max_pooling2d 2 as one piece of work, image by
 * image in cache. kernels_wino.c computes it forward, kernels_sparse.c backward over what kernels_lists.c finds live,
 * both with kernels_first.c for the first convolution; stage_conv.c makes a stage of it.
 *
 * Sizes: image h x w, first map h1 x w1 (two less), second map h2 x w2 (two less again, multiples of 4: the tiles of
 * Winograd's F(4x4,3x3)), pooled ph x pw. Both convolutions have c channels, a multiple of 16.
 */
#ifndef NN_WINO_H
#define NN_WINO_H

#include "kernels_fast.h"

#define WINO_SIDE 64 /* pixels a side at most: a row's flags fit a word */
#define WINO_CHANNELS 128 /* at most */
#define WINO_SLOTS 12 /* tiles multiplied together */
#define WINO_POINTS 36

struct wino {
	int h, w, h1, w1, h2, w2, ph, pw, c;
	const float *w1k, *b1, *w2k, *b2; /* canonical: [9][c], [c], [9][c][c], [c] */
	float *u; /* [36][in][out]: second kernel in Winograd's form */
	float *turned; /* [out][9][in]: second kernel, for the backward pass */
	float *tapsum; /* [out][in]: sum of it over the nine taps */
	float *norm; /* [out]: its Euclidean norm */
};

struct wino_live { /* a gradient of the second map that is not zero */
	uint32_t at; /* its patch of the first map begins here */
	float g;
};

struct wino_found { /* live gradients of a row of windows, in the order in which they were found */
	uint32_t *at, *channel;
	float *g;
};

/* One thread's memory. */
struct wino_scratch {
	float *x; /* [h * w] the picture */
	float *map; /* [h1][w1][c] first map; forward uses six rows of it as a ring */
	float *v, *m; /* [36][slots][c] tiles before and after the products, points padded by 16 floats */
	float *ring; /* [3][w1][c] gradient of the first map */
	/* [c] the first map behind its relu and the second before it, where the picture is blank ... */
	float *blank, *blank2;
	struct wino_live *list; /* [c][ph * pw] the live gradients of each channel */
	struct wino_found found; /* [pw * c + 16] */
	uint64_t *live; /* [h2][w2][c / 64 up]: channels with a gradient at this position */
	uint64_t drawn[WINO_SIDE]; /* of a row of map: bits of the columns that do not hold the background */
	int byte; /* background that blank and blank2 hold; -1: none yet */
	bool skips; /* the picture has blank patches */
	uint64_t flag3[WINO_SIDE], flag5[WINO_SIDE]; /* bit x of [y]: the 3x3 or 5x5 patch at x, y is not blank */
};

struct wino_grad { /* of one part of a batch; one block, in this order */
	float *w2; /* [out][9][in] */
	float *b2, *w1, *b1; /* [c], [9][c], [c] */
	float *fold; /* [c] gradients at blank patches; zero between two calls */
};

/* What forward keeps of a pooled position and 16 channels: bits of the winner's place in its window (y, x), and whether
 * the margin to the second, or to zero, is within Winograd's rounding. */
struct wino_code {
	uint16_t y, x, unsure;
};

static inline size_t
wino_pooled(const struct wino *m)
{
	return (size_t)m->ph * m->pw;
}

/* Pictures are drawn from all over memory: the next is asked for while this one is worked on. NULL: there is none. */
static inline void
wino_ahead(const struct wino *m, const uint8_t *pixels)
{
	for (int i = 0; pixels != NULL && i < m->h * m->w; i += 64)
		__builtin_prefetch(pixels + i);
}

/* Flags and the picture as floats. The background is what the picture's first byte is. */
void NN_ISA(nn_wino_look)(const struct wino *m, struct wino_scratch *s, const uint8_t *pixels);
/* Makes blank and blank2 for a background byte. */
void NN_ISA(nn_wino_blank)(const struct wino *m, struct wino_scratch *s, int byte);
/* Row y of the first map behind its relu into row `place` of s->map. Background that lies there already is left
 * alone. */
void NN_ISA(nn_wino_row)(const struct wino *m, struct wino_scratch *s, int y, int place);
/* The products inside forward: m = v u at each point, for the first n tiles. */
void NN_ISA(nn_wino_products)(const struct wino *m, const struct wino_scratch *s, int n);
/* act[n][ph][pw][c]; code[n][ph * pw][c / 16], or NULL when there is no backward pass. With one, an output that
 * rounding may have closed is not 0 but of no weight, so that the backward pass looks at it. */
void NN_ISA(nn_wino_forward)(const struct wino *m, struct wino_scratch *s, int n, const uint8_t *const *pixels,
    float *act, struct wino_code *code);
/* The live gradients of one image: fills s->list, s->live and count; adds to out's b2 and fold. */
void NN_ISA(nn_wino_lists)(const struct wino *m, const struct wino_scratch *s, const float *act, const float *grad,
    const struct wino_code *code, struct wino_grad *out, int *count);
/* Adds the gradients of n images to g (a chunk). */
void NN_ISA(nn_wino_backward)(const struct wino *m, struct wino_scratch *s, int n, const uint8_t *const *pixels,
    const float *act,
    const float *grad, const struct wino_code *code, struct wino_grad *g);
/* u, turned, tapsum and norm of filters f..f+15. */
void NN_ISA(nn_wino_derive)(struct wino *m, int f);

#endif
