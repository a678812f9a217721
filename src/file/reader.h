/* reader.h: JSON read with suspicion. Each function returns the value of a key, or something harmless where it is
 * missing, of another type or out of range; the first of those is remembered.
 */
#ifndef READER_H
#define READER_H

#include "data/split.h"

#include <jansson.h>

struct reader {
	const char *part; /* "session" */
	char bad[96]; /* "session: seed"; "" as long as all is well */
	bool no_memory; /* not the text's fault */
};

void reader_bad(struct reader *r, const char *key);
int64_t reader_int(struct reader *r, const json_t *o, const char *key, int64_t min, int64_t max);
bool reader_bool(struct reader *r, const json_t *o, const char *key);
/* of v itself; NAN for null */
double reader_number(struct reader *r, const json_t *v, const char *key, double min, double max);
double reader_real(struct reader *r, const json_t *o, const char *key, double min, double max);
/* written as text, since JSON's numbers end at 2^53 */
uint64_t reader_big(struct reader *r, const json_t *o, const char *key);
/* the caller's; cleaned for a terminal */
char *reader_text(struct reader *r, const json_t *o, const char *key, size_t max);
struct split reader_split(struct reader *r, const json_t *o, const char *key);
void reader_rates(struct reader *r, const json_t *o, int n, float out[NN_LAYERS_MAX]); /* of n layers */
void *reader_array(struct reader *r, size_t n, size_t size); /* zeroed, the caller's; NULL: no memory */
/* the JSON text under a key, parsed, if it has at most so many values; NULL: it is bad */
json_t *reader_part(struct reader *r, const json_t *metadata, const char *key, size_t max);

#endif
