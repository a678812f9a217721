/* pages.h: what a session written down as a page has, in whatever form: its cells, pictures and the last curves. */
#ifndef PAGES_H
#define PAGES_H

#include "export/export.h"
#include "ui/model.h"
#include "util/text.h"

/* The cell behind the last that belongs on the page: the command that writes it does not. NULL: to the end. */
const struct transcript_cell *pages_end(const struct session *s);
/* What is said in place of the oldest commands where they went; the caller's. NULL: they are all there. */
char *pages_gone(const struct session *s);
void pages_base64(FILE *f, const void *bytes, size_t n);
/* "A session of thaw": the model, the data; the caller's */
char *pages_about(const struct session *s);
/* The command that brought a session in from a file, whose own commands are none of these; NULL: there was none. */
const char *pages_loaded(const struct session *s);
/* The command of a cell, of whichever of its names and beginnings; NULL: none. */
const struct cmd *pages_command(const struct session *s, const struct transcript_cell *c);
/* A cell as a notebook has it, which begins with %%thaw: its command, which is a comment where it makes no sense again;
 * the lines of Python that it was said in are comments before it. The caller's. */
char *pages_script(const struct session *s, const struct transcript_cell *c);
/* Whether the command of a cell failed. */
bool pages_failed(const struct transcript_cell *c);
/* Keeps, where the screen is the workbench, a picture of what it shows of the answer that is being given. */
void pages_shown_tiles(struct session *s, const struct ui_tiles *t);
void pages_shown_strips(struct session *s, const struct ui_strips *strips);
void pages_shown_histograms(struct session *s, const struct ui_histograms *t);
void pages_shown_estimates(struct session *s, const struct ui_estimates *t);
void pages_shown_charts(struct session *s, const struct ui_chart *const *chart, int n);
void pages_shown_image(struct session *s, const struct image *i);
/* The curves of the runs as "png" or "svg", from malloc; NULL: there are none. */
char *pages_curves(struct session *s, const char *format, bool dark, size_t *n);

#endif
