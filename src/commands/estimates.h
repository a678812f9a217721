/* estimates.h: means with their errors, as `compare` and `sweep` print them. */
#ifndef ESTIMATES_H
#define ESTIMATES_H

#include "past/compared.h"
#include "util/out.h"

#define ESTIMATE_TEXT 80

/* "0.9720 ± 0.0008"; sign: with a + where it is not below 0; "-" without a value, as in any row. */
char *estimate_text(char buf[ESTIMATE_TEXT], struct estimate x, bool sign, bool utf8);
/* {"mean": ..., "stderr": ..., "values": [...]}; without values where value is NULL. */
json_t *estimate_json(struct estimate x, const double *value, int n);
json_t *estimate_seeds(const struct compared *c); /* in the order of the lists of figures */

#endif
