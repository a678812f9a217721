/* opt_adam.h: Adam (Kingma and Ba 2014) as Keras has it: the bias correction is in the rate, epsilon outside of the
 * root. */
static inline void
nn_update_adam(float *w, float g, float *s0, float *s1, const struct nn_coef *c)
{
	float m = *s0 + c->beta_11 * (g - *s0);
	float v = *s1 + c->beta_21 * (g * g - *s1);

	*s0 = m;
	*s1 = v;
	*w -= c->lr * m / (sqrtf(v) + c->epsilon);
}
