/* fuzz.c: libFuzzer's entry. FUZZ=NAME chooses the target; tests/fuzz/run.sh calls it. */
#include "tests/fuzz/targets.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct fuzz_target *target;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ");

	if (name == NULL || (target = fuzz_target_find(name)) == NULL) {
		fputs("fuzz: FUZZ=NAME chooses one of:", stderr);
		for (const struct fuzz_target *t = fuzz_targets; t->name != NULL; t++)
			fprintf(stderr, " %s", t->name);
		fputs("\n", stderr);
		exit(2);
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	target->run(bytes, n);
	return 0;
}
