/* html.c: the session as one page that any browser shows: no script, nothing from a network, light or dark as the
 * reader has it. All text is escaped, and pictures stand in the page as data.
 */
#include "config.h"

#include "export/pages.h"

#include "session/config.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"generator\" content=\"thaw " PACKAGE_VERSION "\">\n"
    "<title>A session of thaw</title>\n"
    "<style>\n"
    ":root { --back: #fff; --text: #1b1f24; --dim: #59636e; --line: #d1d9e0; --box: #f6f8fa; --accent: #0b6e79;\n"
    "  --bad: #b42318; --warn: #8a5a00; --good: #1a7f37; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --back: #14171b; --text: #dde3ea; --dim: #97a1ad; --line: #363d46; --box: #1d2127; --accent: #59c2cd;\n"
    "    --bad: #ff8478; --warn: #e3b341; --good: #5fd068; }\n"
    "  .light { display: none; }\n"
    "}\n"
    "@media (prefers-color-scheme: light) { .dark { display: none; } }\n"
    "body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; background: var(--back); color: var(--text);\n"
    "  font: 1rem/1.5 system-ui, sans-serif; }\n"
    "h1 { margin: 0; font-size: 1.5rem; }\n"
    ".about, .gone, .more { color: var(--dim); overflow-wrap: anywhere; }\n"
    "pre { margin: 0; overflow-x: auto; font: .85rem/1.4 ui-monospace, \"DejaVu Sans Mono\", monospace; }\n"
    "section { margin: 1rem 0; border: 1px solid var(--line); border-radius: .4rem; overflow: hidden; }\n"
    ".in { padding: .5rem .75rem; background: var(--box); font-weight: 600; white-space: pre-wrap; "
    "overflow-wrap: anywhere; }\n"
    ".in::before { content: \"thaw> \"; color: var(--accent); }\n"
    ".out { padding: .5rem .75rem; border-top: 1px solid var(--line); }\n"
    ".remark { white-space: pre-line; }\n"
    ".dim { color: var(--dim); } .bad, .error { color: var(--bad); } .warn { color: var(--warn); }\n"
    ".dim, .bad, .error, .warn { white-space: pre-wrap; overflow-wrap: anywhere; }\n"
    ".good { color: var(--good); } .accent, .cold { color: var(--accent); } .bold { font-weight: 600; }\n"
    "figure { margin: 0; padding: .75rem; border-top: 1px solid var(--line); }\n"
    "figure img { max-width: 100%; height: auto; }\n"
    "figcaption { color: var(--dim); font-size: .85rem; overflow-wrap: anywhere; }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<h1>A session of thaw</h1>\n";

/* Text, or the value of an attribute. */
static void
text_put(FILE *f, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		case '\'':
			fputs("&#39;", f);
			break;
		default:
			fputc(*text, f);
		}
}

static void
element(FILE *f, const char *tag, const char *class, const char *text)
{
	fprintf(f, "<%s class=\"%s\">", tag, class);
	text_put(f, text);
	fprintf(f, "</%s>\n", tag);
}

static void
picture_put(FILE *f, const char *format, const char *class, const char *name, const void *bytes, size_t n)
{
	fprintf(f, "<img class=\"%s\" alt=\"", class);
	text_put(f, name);
	fprintf(f, "\" src=\"data:image/%s;base64,", strcmp(format, "svg") == 0 ? "svg+xml" : format);
	pages_base64(f, bytes, n);
	fputs("\">\n", f);
}

static void
lines_put(FILE *f, const struct transcript_cell *c)
{
	static const char *const classes[] = {[OUT_PLAIN] = "", [OUT_DIM] = "dim", [OUT_BOLD] = "bold",
	    [OUT_GOOD] = "good", [OUT_BAD] = "bad", [OUT_WARN] = "warn", [OUT_ACCENT] = "accent", [OUT_COLD] = "cold"};

	if (c->n == 0)
		return;
	fputs("<pre class=\"out\">", f);
	for (size_t i = 0; i < c->n; i++) {
		const struct transcript_line *l = &c->line[i];
		const char *class = l->style != OUT_PLAIN ? classes[l->style] : l->error ? "error" : "";

		if (class[0] != '\0')
			fprintf(f, "<span class=\"%s\">", class);
		text_put(f, l->text);
		fputs(class[0] != '\0' ? "</span>\n" : "\n", f);
	}
	if (c->cut > 0)
		fprintf(f, "<span class=\"dim\">... (%zu more lines)</span>\n", c->cut);
	fputs("</pre>\n", f);
}

/* A comment of a script without its # signs; empty lines part paragraphs. */
static void
remark_put(FILE *f, const char *text)
{
	bool open = false;

	while (*text != '\0') {
		char *line;
		size_t n;

		text += strspn(text, "# \t");
		n = strcspn(text, "\n");
		line = xstrndup(text, n);
		if (n > 0) {
			fputs(open ? "\n" : "<p class=\"remark\">", f);
			text_put(f, line);
		} else if (open)
			fputs("</p>\n", f);
		open = n > 0;
		free(line);
		text += n + (text[n] == '\n');
	}
	fputs(open ? "</p>\n" : "", f);
}

static void
cell_put(FILE *f, const struct transcript_cell *c)
{
	unsigned char *png = NULL;
	size_t n;

	if (c->remark) {
		remark_put(f, c->text);
		return;
	}
	fputs("<section>\n", f);
	element(f, "pre", "in", c->text);
	lines_put(f, c);
	if (c->picture != NULL) {
		fputs("<figure>\n", f);
		picture_put(f, c->format, "made", c->path, c->picture, c->bytes);
		element(f, "figcaption", "name", c->path);
		fputs("</figure>\n", f);
	}
	if (c->ink != NULL && (png = png_draw_bytes(c->ink, &n)) != NULL)
		picture_put(f, "png", "made", "the drawing", png, n);
	free(png);
	fputs("</section>\n", f);
}

/* Both are in the page, so that it fits whoever reads it. */
static void
curves_put(FILE *f, struct session *s)
{
	static const char name[] = "Loss and accuracy of the runs";

	for (int dark = 0; dark < 2; dark++) {
		size_t n;
		char *svg = pages_curves(s, "svg", dark == 1, &n);

		if (svg == NULL)
			return;
		fputs(dark == 0 ? "<section>\n<figure>\n" : "", f);
		picture_put(f, "svg", dark == 1 ? "dark" : "light", name, svg, n);
		free(svg);
	}
	element(f, "figcaption", "name", name);
	fputs("</figure>\n</section>\n", f);
}

static int
html_write(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	char *about, *gone, *settings;
	int cells = 0;

	if (r->n > 0)
		return export_unknown(r, r->operand[0], e);
	about = pages_about(s);
	gone = pages_gone(s);
	fputs(head, f);
	element(f, "p", "about", about);
	if (gone != NULL)
		element(f, "p", "gone", gone);
	if (pages_loaded(s) != NULL)
		element(f, "p", "gone", "What was loaded was made by commands that are not on this page: a file "
		    "keeps weights, settings and runs, not what was typed.");
	for (const struct transcript_cell *c = s->out->kept.first, *end = pages_end(s); c != end; c = c->next) {
		cell_put(f, c);
		cells += !c->remark;
	}
	curves_put(f, s);
	if (s->model.net != NULL && (settings = session_config(s, e)) != NULL) {
		fputs("<details class=\"more\"><summary>Settings</summary>\n", f);
		element(f, "pre", "out", settings);
		fputs("</details>\n", f);
		free(settings);
	}
	fputs("</body>\n</html>\n", f);
	snprintf(r->said, sizeof r->said, "%d command%s", cells, cells == 1 ? "" : "s");
	free(about);
	free(gone);
	return 0;
}

const struct exporter export_html = {
	.format = "html",
	.operands = "",
	.what = "the session so far as one page for a browser, pictures included",
	.file = "thaw-session.html",
	.write = html_write,
};
