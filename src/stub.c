/* stub.c: stands in, weakly, for what other files of the tree are about to bring. Linked last. */
#include "data/image.h"
#include <stdio.h>
#define WEAK __attribute__((weak))
uint8_t *ui_png_read(FILE *in, int max, int *height, int *width, char *why, size_t whylen);
WEAK uint8_t *ui_png_read(FILE *in, int max, int *height, int *width, char *why, size_t whylen) { snprintf(why, whylen, "no pictures yet; take test:0"); return NULL; }
#include "file/format.h"
WEAK long long file_save(struct session *s, const char *path, const bool *pick, struct err *e) { return fail(e, "%s: saving is not built in", path); }
