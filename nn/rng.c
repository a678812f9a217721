/* rng.c: counter-based random numbers. What a number is depends on where it is used, not on who drew it or when. */
#include "nn_int.h"

void
nn_philox(uint64_t seed, const uint32_t counter[4], uint32_t out[4])
{
	uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
	uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);

	for (int round = 0; round < 10; round++) {
		uint64_t p0 = (uint64_t)0xd2511f53 * c0, p1 = (uint64_t)0xcd9e8d57 * c2;

		c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
		c1 = (uint32_t)p1;
		c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
		c3 = (uint32_t)p0;
		k0 += 0x9e3779b9;
		k1 += 0xbb67ae85;
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

/* A block serves four steps of Fisher-Yates. The bias of the multiplication is below n / 2^32. */
void
nn_shuffle(uint64_t seed, uint32_t epoch, uint32_t *order, size_t n)
{
	uint32_t counter[4] = {0, 0, epoch, (uint32_t)NN_RNG_SHUFFLE << 28}, word[4];

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (size_t i = n, draw = 0; i > 1; i--, draw++) {
		size_t j;
		uint32_t t;

		if (draw % 4 == 0) {
			counter[0] = (uint32_t)(draw / 4);
			nn_philox(seed, counter, word);
		}
		j = (size_t)((uint64_t)word[draw % 4] * i >> 32);
		t = order[j];
		order[j] = order[i - 1];
		order[i - 1] = t;
	}
}
