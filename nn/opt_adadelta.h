/* opt_adadelta.h: Adadelta (Zeiler 2012) as Keras has it: the rate stays outside of the second accumulator. */
static inline void
nn_update_adadelta(float *w, float g, float *s0, float *s1, const struct nn_coef *c)
{
	float eg = c->rho * *s0 + c->rho1 * g * g;
	float d = -sqrtf((*s1 + c->epsilon) / (eg + c->epsilon)) * g;

	*s0 = eg;
	*s1 = c->rho * *s1 + c->rho1 * d * d;
	*w += c->lr * d;
}
