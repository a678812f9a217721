/* loss.c: softmax and categorical cross-entropy as one. With p = softmax(logits), the loss of an image is -log
 * p[target] and the gradient of the mean loss by the logits is (p - [target]) / count. Exponentials and sums are in
 * double, in order.
 */
#include "nn_int.h"

#include <math.h>

static int
target(const struct nn_step *s, int image)
{
	return s->set->unit[s->pick[image]];
}

void
nn_head_forward(const struct nn_step *s, int classes, int first, int n, const float *logits, float *probs)
{
	for (int i = 0; i < n; i++, logits += classes, probs += classes) {
		float top = logits[0];
		double sum = 0;
		int best = 0;

		for (int c = 1; c < classes; c++)
			top = logits[c] > top ? logits[c] : top;
		for (int c = 0; c < classes; c++) {
			double e = exp((double)logits[c] - (double)top);

			sum += e;
			probs[c] = (float)e;
		}
		for (int c = 0; c < classes; c++) {
			probs[c] = (float)((double)probs[c] / sum);
			if (s->probs != NULL)
				s->probs[(size_t)(first + i) * classes + c] = probs[c];
			if (probs[c] > probs[best])
				best = c;
		}
		if (s->set->unit != NULL) {
			int t = target(s, first + i);

			s->loss[first + i] = log(sum) - ((double)logits[t] - (double)top);
			s->hit[first + i] = best == t;
		}
	}
}

void
nn_head_backward(const struct nn_step *s, int classes, int first, int n, const float *probs, float *dlogits)
{
	for (int i = 0; i < n; i++, probs += classes, dlogits += classes) {
		int t = target(s, first + i);

		for (int c = 0; c < classes; c++)
			dlogits[c] = (probs[c] - (c == t ? 1 : 0)) * s->scale;
	}
}

/* Kernels of layers with an l2 are in the canonical block as they are: the plain stage computes them. */
double
nn_penalty(const struct nn_net *net)
{
	double all = 0;

	for (int i = 0; i < net->n; i++) {
		const struct nn_layer *l = &net->layer[i];
		double sum[8] = {0}, total = 0;
		const float *w;

		if (!(l->spec.l2 > 0) || !l->trainable)
			continue;
		w = net->weights + l->tensor[0].offset;
		for (size_t k = 0; k < l->tensor[0].count; k++)
			sum[k % 8] += (double)w[k] * (double)w[k];
		for (int k = 0; k < 8; k++)
			total += sum[k];
		all += l->spec.l2 * total;
	}
	return all;
}
