/* figure_svg.c: SVG as cairo writes it, made whole: a title and the figure's texts as its description, names that are
 * the same each time (cairo counts on from one picture to the next), pixels that stay squares when they are enlarged.
 */
#include "canvas.h"
#include "figure_int.h"
#include "mem.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
put_text(FILE *out, const char *text)
{
	char *clean = ui_text_clean(text);

	for (const char *p = clean; *p != '\0'; p++)
		switch (*p) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		default:
			putc(*p, out);
		}
	free(clean);
}

static void
put_texts(FILE *out, const struct ui_figure *f)
{
	int n = 0;

	for (int i = 0; i < f->nmeta; i++)
		if (strcmp(f->meta[i].key, "Title") == 0) {
			fputs("\n<title>", out);
			put_text(out, f->meta[i].text);
			fputs("</title>", out);
		}
	for (int i = 0; i < f->nmeta; i++)
		if (strcmp(f->meta[i].key, "Title") != 0) {
			fputs(n++ == 0 ? "\n<desc>" : "\n", out);
			put_text(out, f->meta[i].key);
			fputs(": ", out);
			put_text(out, f->meta[i].text);
		}
	if (n > 0)
		fputs("</desc>", out);
}

/* ---- names ---- */

struct names {
	size_t n, cap;
	unsigned long *number; /* those that cairo has given, in the order in which they appear */
};

/* How long the word is at which a name with a number begins that goes on from picture to picture; 0: none does. */
static size_t
counted(const char *p, const char *end)
{
	static const char *const word[] = {"image", "surface", "source"};

	for (size_t i = 0; i < sizeof word / sizeof *word; i++) {
		size_t n = strlen(word[i]);

		if ((size_t)(end - p) > n + 1 && memcmp(p, word[i], n) == 0)
			return isdigit((unsigned char)p[n]) ? n :
			    p[n] == '-' && isdigit((unsigned char)p[n + 1]) ? n + 1 : 0;
	}
	return 0;
}

static size_t
names_of(struct names *names, unsigned long number)
{
	size_t i = 0;

	while (i < names->n && names->number[i] != number)
		i++;
	if (i == names->n) {
		names->number = ui_grow(names->number, names->n, &names->cap, sizeof *names->number);
		names->number[names->n++] = number;
	}
	return i + 1;
}

/* Whether all pictures in it are enlarged: then none may be smoothed. */
static bool
squares(const struct ui_figure *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->shape[i].kind == UI_SHAPE_IMAGE &&
		    (f->shape[i].w < f->shape[i].iwidth || f->shape[i].h < f->shape[i].iheight))
			return false;
	return true;
}

static void
put_svg(FILE *out, const struct ui_figure *f, const char *svg, size_t n)
{
	const char *end = svg + n, *done = svg, *p = memmem(svg, n, "<svg", 4), *at;
	struct names names = {0};
	bool crisp = squares(f);
	size_t word;

	p = p != NULL ? memchr(p, '>', (size_t)(end - p)) : NULL;
	if (p != NULL) {
		fwrite(svg, 1, (size_t)(p + 1 - svg), out);
		put_texts(out, f);
		done = ++p;
	}
	for (; p != NULL && p < end; p++) {
		if (crisp && end - p > 7 && memcmp(p, "<image ", 7) == 0) {
			fwrite(done, 1, (size_t)(p + 7 - done), out);
			fputs("style=\"image-rendering:pixelated\" ", out);
			done = p += 7;
		}
		/* a name stands behind id=" or #; pixels in letters have neither of these signs */
		if ((*p != '"' && *p != '#') || (word = counted(p + 1, end)) == 0)
			continue;
		at = p + 1 + word;
		fwrite(done, 1, (size_t)(at - done), out);
		fprintf(out, "%zu", names_of(&names, strtoul(at, (char **)&at, 10)));
		done = at;
	}
	fwrite(done, 1, (size_t)(end - done), out);
	free(names.number);
}

/* Written to memory first, for it has to be there whole. */
int
ui_figure_svg(const struct ui_figure *f, FILE *out, char *why, size_t whylen)
{
	char *svg = NULL;
	size_t n = 0;
	FILE *memory = open_memstream(&svg, &n);
	int rc = memory != NULL ? ui_figure_raw_svg(f, memory, why, whylen) : -1;

	if (memory == NULL || (fclose(memory) != 0 && rc == 0)) {
		snprintf(why, whylen, "no memory for a picture of %dx%d; choose a smaller size", f->w, f->h);
		rc = -1;
	}
	if (rc == 0) {
		put_svg(out, f, svg, n);
		if (ferror(out)) {
			snprintf(why, whylen, "the picture cannot be written: %s", strerror(errno));
			rc = -1;
		}
	}
	free(svg);
	return rc;
}
