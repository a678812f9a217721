/* targets.h: what is fuzzed: every reader of text or bytes that come from outside. */
#ifndef TARGETS_H
#define TARGETS_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_target {
	const char *name; /* also of its corpus, tests/fuzz/corpus/NAME */
	void (*run)(const uint8_t *bytes, size_t n); /* leaves nothing behind */
};

extern const struct fuzz_target fuzz_targets[]; /* ends with name NULL */
const struct fuzz_target *fuzz_target_find(const char *name); /* NULL: none */

#endif
