/* activations.c: what each layer puts out for one picture. */
#include "look/activations.h"

#include "look/sheet.h"
#include "session/made.h"

#include <stdlib.h>
#include <string.h>

struct asking {
	const struct image *im;
	struct activations *a;
};

/* Where the net stands still. */
static int
activations_eval(struct session *s, void *arg, struct err *e)
{
	struct asking *x = arg;
	uint32_t index = 0;
	struct nn_images images = {.shape = x->im->shape, .count = 1, .pixels = x->im->pixels};
	struct nn_set set = {.images = &images, .index = &index, .count = 1};
	struct nn_err why;
	int rc = 0;

	for (int i = 0; i < x->a->n && rc == 0; i++)
		rc = nn_forward(s->model.net, s->compute.engine, &set, x->a->at[i].layer, x->a->at[i].value, &why);
	if (rc != 0)
		return rc == NN_STOPPED ? fail(e, "interrupted; run it again") : fail_nn(e, &why);
	return sheet_eval(s, &set, x->a->p, e);
}

int
activations_make(struct session *s, const struct image *im, const bool *pick, struct activations *a, struct err *e)
{
	struct nn_net *net = session_net(s, e);
	struct asking x = {im, a};
	bool room = true;

	memset(a, 0, sizeof *a);
	if (net == NULL || session_engine(s, e) == NULL)
		return -1;
	for (int i = 0; i < nn_net_count(net); i++) {
		struct activation *at = &a->at[a->n];

		if (pick != NULL && !pick[i])
			continue;
		at->layer = i;
		at->shape = nn_net_layer(net, i)->out;
		at->value = malloc(nn_shape_size(at->shape) * sizeof *at->value);
		room &= at->value != NULL;
		a->n++;
	}
	a->p = calloc((size_t)nn_net_classes(net), sizeof *a->p);
	if (!room || a->p == NULL) {
		activations_free(a);
		return fail_memory(e, "not enough memory for what the layers put out");
	}
	if (job_call(&s->worker, activations_eval, s, &x, e) < 0) {
		activations_free(a);
		return -1;
	}
	a->predicted = sheet_best(a->p, nn_net_classes(net));
	return 0;
}

void
activations_free(struct activations *a)
{
	for (int i = 0; i < a->n; i++)
		free(a->at[i].value);
	free(a->p);
	memset(a, 0, sizeof *a);
}
