/* tensors.c: see tensors.h. */
#include "tensors.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tensors {
	json_t *head;
	char *data; /* the whole file */
	size_t body; /* where the data begins */
};

static void
die(const char *what, const char *name)
{
	fprintf(stderr, "%s: %s\n", name, what);
	exit(99);
}

struct tensors *
tensors_open(const char *path)
{
	struct tensors *t = calloc(1, sizeof *t);
	FILE *f = fopen(path, "rb");
	long size = 0;
	uint64_t head;

	if (f == NULL || fseek(f, 0, SEEK_END) < 0 || (size = ftell(f)) < 8)
		die("cannot read", path);
	rewind(f);
	t->data = malloc((size_t)size);
	if (fread(t->data, 1, (size_t)size, f) != (size_t)size)
		die("cannot read", path);
	fclose(f);
	memcpy(&head, t->data, sizeof head);
	t->head = json_loadb(t->data + 8, head, 0, NULL);
	if (t->head == NULL)
		die("bad header", path);
	t->body = 8 + head;
	return t;
}

const float *
tensors_get(const struct tensors *t, const char *name, size_t *count)
{
	json_t *range = json_object_get(json_object_get(t->head, name), "data_offsets");
	size_t from, to;
	float *copy;

	if (range == NULL)
		die("no such tensor", name);
	from = (size_t)json_integer_value(json_array_get(range, 0));
	to = (size_t)json_integer_value(json_array_get(range, 1));
	*count = (to - from) / sizeof(float);
	copy = (float *)(void *)(t->data + t->body + from);
	if ((t->body + from) % sizeof(float) != 0)
		die("not aligned", name);
	return copy;
}

void
tensors_free(struct tensors *t)
{
	json_decref(t->head);
	free(t->data);
	free(t);
}
