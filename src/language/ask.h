/* ask.h: what the operands of stats and explain and the keys of saliency, gradcam and occlude ask for, in the
 * commands and in `export`. */
#ifndef ASK_H
#define ASK_H

#include "language/cmd.h"
#include "look/explain.h"
#include "look/saliency.h"
#include "look/stats.h"

/* As members of struct cmd and, by their address, of struct exporter. */
#define ASK_CLASS {.name = "class", .type = ARG_CLASS, .max = NN_CLASSES_MAX - 1, \
    .what = "the class that is asked about; left out: the one that is predicted"}
#define ASK_UNIT {.name = "unit", .type = ARG_INT, .min = 0, .max = NN_CLASSES_MAX - 1, \
    .what = "an output unit instead, for those that stand for no digit"}
#define ASK_LAYER {.name = "layer", .type = ARG_LAYERS, \
    .what = "gradcam: the layer whose maps are weighted; left out: the last convolution's activation"}
#define ASK_STRIDE {.name = "stride", .type = ARG_INT, .min = 1, .max = 8192, \
    .what = "occlude: pixels from one place of the square to the next; left out: 1, or more of a large picture"}
/* It has two names, of which one is left in `export`, where size= is that of a picture. */
#define ASK_SQUARE(key) {.name = key, .type = ARG_INT, .min = 1, .max = 8192, \
    .what = "occlude: pixels of a side of the square; left out: a fifth of the picture's"}

/* Fills the request; -1 with a sentence that points at the word. The net is there. */
int ask_saliency(struct session *s, const struct cmd_args *a, enum saliency_kind kind, struct saliency_request *r,
    struct err *e);

extern const char *const ask_stats_words[]; /* for enum stats_of, NULL-terminated */
/* Fills what is asked for, of which x->of is given; each word may be NULL. -1 with a sentence that points at the word.
 * What measuring needs is there then. */
int ask_stats(struct session *s, const struct cmd_value *layers, const struct cmd_value *split, struct stats *x,
    struct err *e);

/* Which unit is meant, and where; place NULL: none was said. -1 with a sentence. */
int ask_explain(struct session *s, const struct cmd_value *unit, const struct cmd_value *place, struct explain_unit *at,
    struct err *e);

#endif
