/* packed.h: a feature cache in memory, for cache.c, which fills it, and packed.c, which keeps it. */
#ifndef NN_PACKED_H
#define NN_PACKED_H

#include "kernels.h"

struct nn_slab {
	struct nn_slab *next;
	size_t used, size; /* in bytes, of data */
	_Alignas(NN_ALIGN) unsigned char data[];
};

struct nn_cache {
	int cut;
	size_t size; /* floats of a sample */
	size_t words; /* of its mask */
	const struct nn_kernels *kernels;
	/* what it was made from */
	struct nn_layer *layer; /* [cut + 1] */
	float *weights; /* [params] of the layers up to the cut */
	size_t params;
	struct nn_images images;
	uint32_t *index; /* [count] */
	size_t count;
	/* what it holds */
	const unsigned char **sample; /* [count] */
	struct nn_slab *slabs; /* all */
	_Atomic size_t bytes;
	size_t limit;
	_Atomic bool full, failed;
	/* while it is filled */
	int threads;
	struct nn_slab *open[NN_THREADS_MAX]; /* each thread's own */
};

/* Words of the mask of a sample. */
static inline size_t
nn_packed_words(size_t size)
{
	return (size + 63) / 64;
}

/* Room for a sample of at most `most` bytes in the thread's slab; NULL when the limit or memory is at its end. */
unsigned char *nn_packed_room(struct nn_cache *c, int thread, size_t most);

#endif
