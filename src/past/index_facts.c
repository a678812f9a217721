/* index_facts.c: what is known of each run in the index: the keys of `runs`. */
#include "past/index.h"

#include <string.h>

#define OF_EPOCH "of the epoch whose weights stay: the best one with stop=, else the last"

const struct index_fact index_facts[] = {
	{"split", INDEX_TEXT, "the digits that were learned"},
	{"watch", INDEX_TEXT, "those that were scored as well"},
	{"data", INDEX_TEXT, "the data set"},
	{"optimizer", INDEX_TEXT, "adadelta, sgd, adam"},
	{"lr", INDEX_REAL, "learning rate, at first"},
	{"schedule", INDEX_TEXT, "by which it changes, as step=2,0.5; ?* is any"},
	{"layer_lr", INDEX_TEXT, "rates of layers' own, as dense=0.1"},
	{"rho", INDEX_REAL, "of adadelta"},
	{"epsilon", INDEX_REAL, "of adadelta and adam"},
	{"momentum", INDEX_REAL, "of sgd"},
	{"beta_1", INDEX_REAL, "of adam"},
	{"beta_2", INDEX_REAL, "of adam"},
	{"epochs", INDEX_INT, "as asked for"},
	{"batch", INDEX_INT, "samples a step"},
	{"limit", INDEX_INT, "training images as asked for"},
	{"sample", INDEX_INT, "the seed that drew them"},
	{"seed", INDEX_INT, "of weights, order and dropout"},
	{"shuffle", INDEX_TEXT, "on, off"},
	{"stop", INDEX_TEXT, "by which it could end, as val_loss:patience=2; ?* is any"},
	{"validate", INDEX_TEXT, "epochs from one validation to the next, or end"},
	{"by", INDEX_TEXT, "epoch, batch: how often watch was scored"},
	{"checkpoint", INDEX_TEXT, "the file of its best weights"},
	{"slots", INDEX_TEXT, "zero, loaded: what the optimizer began with"},
	{"train", INDEX_INT, "training images"},
	{"test", INDEX_INT, "test images"},
	{"changes", INDEX_TEXT, "while it went on, as *lr*; ?* is any"},
	{"frozen", INDEX_TEXT, "layers, by any word for them: features, conv2d"},
	{"model", INDEX_TEXT, "the operand of `build`"},
	{"input", INDEX_TEXT, "the shape of its pictures, 28x28x1"},
	{"begun", INDEX_TEXT, "SHA-256 of the weights that it began with"},
	{"params", INDEX_INT, "weights"},
	{"trainable", INDEX_INT, "weights that trained"},
	{"kernels", INDEX_TEXT, "which computed"},
	{"version", INDEX_TEXT, "of thaw"},
	{"ended", INDEX_TEXT, "why: done, interrupted"},
	{"weights", INDEX_TEXT, "their SHA-256 after the run"},
	{"epochs_done", INDEX_INT, "epochs that have ended: fewer where it was interrupted, or by stop"},
	{"accuracy", INDEX_REAL, OF_EPOCH},
	{"loss", INDEX_REAL, OF_EPOCH},
	{"val_accuracy", INDEX_REAL, OF_EPOCH},
	{"val_loss", INDEX_REAL, OF_EPOCH},
	{"watch_accuracy", INDEX_REAL, OF_EPOCH},
	{"watch_loss", INDEX_REAL, OF_EPOCH},
	{"seconds", INDEX_REAL, "that it took"},
	{"when", INDEX_TEXT, "its end, as in 2026-01-31T12:00:00Z"},
	{"tags", INDEX_TEXT, "a tag"},
	{"note", INDEX_TEXT, "its note"},
	{0},
};

const struct index_fact *
index_fact(const char *name)
{
	for (const struct index_fact *f = index_facts; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}
