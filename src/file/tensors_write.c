/* tensors_write.c: writes the safetensors container. */
#include "file/tensors.h"

#include "util/out.h"

#include <stdlib.h>
#include <string.h>

int
tensors_write(FILE *f, json_t *metadata, const struct tensor_source *x, size_t n)
{
	json_t *header = json_object(), *shape;
	uint64_t at = 0, length, size;
	uint8_t head[8];
	char *text;

	if (metadata != NULL)
		json_object_set(header, "__metadata__", metadata);
	for (size_t i = 0; i < n; i++) {
		shape = json_array();
		size = 4;
		for (int d = 0; d < x[i].rank; d++) {
			json_array_append_new(shape, json_integer(x[i].dim[d]));
			size *= (uint64_t)x[i].dim[d];
		}
		json_object_set_new(header, x[i].name, out_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape,
		    "data_offsets", (json_int_t)at, (json_int_t)(at + size)));
		at += size;
	}
	text = json_object_size(header) == n + (metadata != NULL) ? json_dumps(header, JSON_COMPACT) : NULL;
	json_decref(header);
	if (text == NULL)
		return -1;
	/* Spaces behind the header put the data on a multiple of 8, as the format's own writer does. */
	size = strlen(text);
	length = (size + 7) / 8 * 8;
	if (length > TENSORS_HEADER_MAX) {
		free(text);
		return -1;
	}
	for (int i = 0; i < 8; i++)
		head[i] = (uint8_t)(length >> (8 * i));
	fwrite(head, 1, 8, f);
	fwrite(text, 1, size, f);
	fwrite("       ", 1, length - size, f);
	free(text);
	for (size_t i = 0; i < n; i++) {
		size = 1;
		for (int d = 0; d < x[i].rank; d++)
			size *= (uint64_t)x[i].dim[d];
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		for (uint64_t k = 0; k < size; k++) {
			float v = x[i].data[k];

			tensors_host(&v, 1, sizeof v);
			fwrite(&v, 4, 1, f);
		}
#else
		fwrite(x[i].data, 4, size, f);
#endif
	}
	return 0;
}
