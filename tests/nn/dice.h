/* dice.h: what tests draw at random: the same each time. */
#ifndef TEST_DICE_H
#define TEST_DICE_H

#include "nn/nn_int.h"

struct dice {
	uint32_t counter[4];
};

static inline uint32_t
roll(struct dice *d, uint32_t sides)
{
	uint32_t word[4];

	d->counter[0]++;
	nn_philox(77, d->counter, word);
	return word[0] % sides;
}

#endif
