/* keras.h: what the tests of Keras' text share: reading a golden file. */
#ifndef TESTS_KERAS_H
#define TESTS_KERAS_H

#include <stdio.h>
#include <stdlib.h>

#include <check.h>

/* The whole file tests/golden/NAME, the caller's to free. */
static inline char *
golden_read(const char *name)
{
	const char *top = getenv("top_srcdir");
	char path[4096], *text = malloc(1 << 16);
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/tests/golden/%s", top != NULL ? top : ".", name);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "cannot read %s", path);
	n = fread(text, 1, (1 << 16) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

#endif
