/* opt_sgd.h: gradient descent with momentum as Keras has it: the rate is inside of the velocity. */
static inline void
nn_update_sgd(float *w, float g, float *s0, float *s1, const struct nn_coef *c)
{
	float v = c->momentum * *s0 - c->lr * g;

	*s0 = v;
	*w += v;
}
