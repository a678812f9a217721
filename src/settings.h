/* settings.h: the settings of a session, from settings.def. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "nn.h"

struct settings {
	const struct nn_optimizer_info *optimizer;
	double lr; /* NAN until set: the optimizer's own */
	float layer_lr[NN_LAYERS_MAX]; /* NAN: lr */
	double rho, epsilon, momentum, beta_1, beta_2;
	int batch, epochs, threads;
	bool shuffle, cache, mouse, timing;
	uint64_t seed;
	size_t cache_limit; /* bytes; 0: half of the memory available */
	char kernels[16], glyphs[8], color[8], font[512];
	int width, verbose; /* width 0: terminal; verbose -1: auto */
	int size_w, size_h;
};

double settings_lr(const struct settings *s); /* what a run would use */

#endif
