/* transcript.c: what was asked in a session and what was answered, within a bound. */
#include "util/transcript.h"

#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

#define CELL_MAX (TRANSCRIPT_MAX / 4) /* of one answer, so that the others are not lost for it */

static void
cell_free(struct transcript_cell *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->line[i].text);
	free(c->line);
	free(c->text);
	free(c->means);
	free(c->cut_at);
	free(c->changed);
	free(c->path);
	free(c->picture);
	free(c->ink);
	free(c);
}

/* A cell is larger by so much; the oldest go where that is too much, it may be among them. */
static void
grow(struct transcript *t, struct transcript_cell *larger, size_t n)
{
	larger->size += n;
	t->size += n;
	while (t->size > TRANSCRIPT_MAX && t->first != t->last) {
		struct transcript_cell *c = t->first;

		t->first = c->next;
		t->size -= c->size;
		t->gone += !c->remark;
		t->at = t->at == c ? NULL : t->at;
		cell_free(c);
	}
}

static void
cell_add(struct transcript *t, const char *text, bool remark)
{
	struct transcript_cell *c = xcalloc(1, sizeof *c);

	c->text = xstrdup(text);
	c->remark = remark;
	if (t->last != NULL)
		t->last->next = c;
	else
		t->first = c;
	t->last = t->at = c;
	c->id = ++t->ids;
	grow(t, c, sizeof *c + strlen(text));
}

unsigned long
transcript_command(struct transcript *t, const char *text)
{
	cell_add(t, text, false);
	return t->ids;
}

static struct transcript_cell *
cell_of(const struct transcript *t, unsigned long id)
{
	struct transcript_cell *c = t->first;

	while (c != NULL && (id == 0 || c->id != id))
		c = c->next;
	return c;
}

unsigned long
transcript_python(struct transcript *t, unsigned long id, const char *line)
{
	struct transcript_cell *c = cell_of(t, id);
	char *both;

	if (c == NULL || !c->python || c->size > CELL_MAX) {
		cell_add(t, line, false);
		t->last->python = true;
		return t->ids;
	}
	both = xasprintf("%s\n%s", c->text, line);
	free(c->text);
	c->text = both;
	t->at = c;
	grow(t, c, strlen(line) + 1);
	return id;
}

/* Takes a cell out of the list. */
static void
cell_unlink(struct transcript *t, struct transcript_cell *c)
{
	struct transcript_cell *before = NULL, **at = &t->first;

	for (; *at != c; at = &(*at)->next)
		before = *at;
	*at = c->next;
	if (t->last == c)
		t->last = before;
	c->next = NULL;
}

unsigned long
transcript_means(struct transcript *t, unsigned long id, const char *text)
{
	struct transcript_cell *c = cell_of(t, id);

	if (c == NULL || c->means != NULL)
		return transcript_command(t, text);
	c->means = xstrdup(text);
	if (c != t->last) {
		cell_unlink(t, c);
		if (t->last != NULL)
			t->last->next = c;
		else
			t->first = c;
		t->last = c;
	}
	t->at = c;
	grow(t, c, strlen(text));
	return id;
}

void
transcript_drop(struct transcript *t, unsigned long id)
{
	struct transcript_cell *c = cell_of(t, id);

	if (c == NULL)
		return;
	cell_unlink(t, c);
	t->size -= c->size;
	t->at = t->at == c ? NULL : t->at;
	cell_free(c);
}

unsigned long
transcript_to(struct transcript *t, unsigned long id)
{
	unsigned long before = t->at != NULL ? t->at->id : 0;

	if (before == id)
		return before;
	for (t->at = t->first; t->at != NULL && t->at->id != id;)
		t->at = t->at->next;
	return before;
}

void
transcript_remark(struct transcript *t, const char *text)
{
	struct transcript_cell *c = t->last;
	char *both;

	if (c == NULL || !c->remark || c->size > CELL_MAX) {
		cell_add(t, text, true);
		return;
	}
	both = xasprintf("%s\n%s", c->text, text);
	free(c->text);
	c->text = both;
	t->at = c;
	grow(t, c, strlen(text) + 1);
}

/* Without what colours a terminal, ESC [ ... a letter, and what else is no text. */
static char *
plain(const char *text)
{
	struct str b = {0};

	for (; *text != '\0'; text++) {
		if (text[0] == '\033' && text[1] == '[') {
			text += 2;
			while (*text != '\0' && (*text < '@' || *text > '~'))
				text++;
			if (*text == '\0')
				break;
		} else
			str_addc(&b, *text);
	}
	if (b.s == NULL)
		return xstrdup("");
	text_clean(b.s);
	return b.s;
}

void
transcript_line(struct transcript *t, bool error, int style, const char *text)
{
	struct transcript_cell *c = t->at;

	if (c == NULL || c->remark)
		return;
	if (c->size > CELL_MAX) {
		c->cut++;
		return;
	}
	if ((c->n & (c->n - 1)) == 0)
		c->line = xrealloc(c->line, c->n > 0 ? 2 * c->n : 1, sizeof *c->line);
	c->line[c->n++] = (struct transcript_line){plain(text), style, error};
	grow(t, c, sizeof *c->line + strlen(text) + 1);
}

void
transcript_picture(struct transcript *t, const char *format, const char *path, unsigned char *picture, size_t bytes)
{
	struct transcript_cell *c = t->at;

	if (c == NULL || c->remark || c->picture != NULL || bytes > TRANSCRIPT_PICTURE_MAX) {
		free(picture);
		return;
	}
	c->format = format;
	c->path = xstrdup(path);
	c->picture = picture;
	c->bytes = bytes;
	grow(t, c, bytes);
}

static void
cell_changed(struct transcript_cell *c, const char *changed)
{
	char *before = c->changed;

	if (changed == NULL)
		return;
	c->changed = before != NULL ? xasprintf("%s; %s", before, changed) : xstrdup(changed);
	free(before);
}

void
transcript_ran(struct transcript *t, int run, const char *cut, const char *changed)
{
	struct transcript_cell *first = NULL, *at = t->at;

	if (at == NULL)
		return;
	for (struct transcript_cell *c = t->first; c != at && c != NULL; c = c->next)
		if (c->brought)
			first = NULL; /* the runs of a file have numbers of their own */
		else if (c->run == run)
			first = c;
	at->resumes |= first != NULL;
	if (first == NULL)
		at->run = run;
	else {
		cell_changed(at, changed);
		cell_changed(first, changed);
		first->whole = cut == NULL;
		at = first;
	}
	if (cut != NULL) {
		free(at->cut_at);
		at->cut_at = xstrdup(cut);
	}
}

void
transcript_canvas(struct transcript *t)
{
	if (t->at != NULL)
		t->at->canvas = true;
}

void
transcript_drawn(struct transcript *t, const unsigned char *ink, size_t n)
{
	struct transcript_cell *c = t->last;
	unsigned long at;

	if (c == NULL || !c->canvas) {
		at = transcript_to(t, 0);
		transcript_command(t, "draw");
		transcript_canvas(t);
		c = t->last;
		transcript_to(t, at);
	}
	if (c->ink == NULL) {
		c->ink = xmalloc(n);
		grow(t, c, n);
	}
	memcpy(c->ink, ink, n);
}

void
transcript_brought(struct transcript *t)
{
	if (t->at != NULL)
		t->at->brought = true;
}

void
transcript_clear(struct transcript *t)
{
	for (struct transcript_cell *c = t->first, *next; c != NULL; c = next) {
		next = c->next;
		cell_free(c);
	}
	*t = (struct transcript){0};
}
