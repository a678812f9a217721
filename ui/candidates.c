/* candidates.c: what may stand for a word, and how it is made to fit a line. */
#include "mem.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

void
ui_candidates_add(struct ui_candidates *c, const char *text, const char *what)
{
	c->item = ui_grow(c->item, c->n, &c->cap, sizeof *c->item);
	c->item[c->n].text = ui_strdup(text);
	c->item[c->n++].what = ui_strdup(what);
}

void
ui_candidates_clear(struct ui_candidates *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->item[i].text);
		free(c->item[i].what);
	}
	free(c->item);
	memset(c, 0, sizeof *c);
}

/* What a candidate puts behind `start` of the line; NULL: it does not fit what stands there. */
static char *
fit(const struct ui_candidates *c, const char *text, const char *line, int start)
{
	size_t lead, n = strlen(text);
	char *out;

	if (c->start < start) { /* its part before that is there already */
		size_t cut = (size_t)(start - c->start);

		return n < cut || strncmp(text, line + c->start, cut) != 0 ? NULL : ui_strdup(text + cut);
	}
	lead = (size_t)(c->start - start);
	out = ui_alloc(lead + n + 1, 1);
	memcpy(out, line + start, lead);
	memcpy(out + lead, text, n);
	return out;
}

char **
ui_candidates_fit(const struct ui_candidates *c, const char *line, int start, bool *more)
{
	char **out = ui_alloc(c->n + 2, sizeof *out);
	size_t n = 0, common;

	for (size_t i = 0; i < c->n; i++)
		if ((out[n + 1] = fit(c, c->item[i].text, line, start)) != NULL)
			n++;
	if (n == 0) {
		free(out);
		return NULL;
	}
	common = strlen(out[1]);
	for (size_t i = 2; i <= n; i++) {
		size_t k = 0;

		while (k < common && out[i][k] == out[1][k])
			k++;
		common = k;
	}
	while (common > 0 && (out[1][common] & 0xc0) == 0x80) /* not within a character */
		common--;
	out[0] = ui_strndup(out[1], common);
	if (n == 1) {
		free(out[1]);
		out[1] = NULL;
	}
	*more = n == 1 && common > 0 && strchr("=/,@", out[0][common - 1]) != NULL;
	return out;
}
