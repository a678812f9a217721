/* pages.h: what a session written down as a page has, in whatever form: its cells, pictures and the last curves. */
#ifndef PAGES_H
#define PAGES_H

#include "export/export.h"
#include "util/text.h"

/* The cell behind the last that belongs on the page: the command that writes it does not. NULL: to the end. */
const struct transcript_cell *pages_end(const struct session *s);
/* What is said in place of the oldest commands where they went; the caller's. NULL: they are all there. */
char *pages_gone(const struct session *s);
void pages_base64(FILE *f, const void *bytes, size_t n);
/* "A session of thaw": the model, the data; the caller's */
char *pages_about(const struct session *s);
/* The curves of the runs as "png" or "svg", from malloc; NULL: there are none. */
char *pages_curves(struct session *s, const char *format, bool dark, size_t *n);

#endif
