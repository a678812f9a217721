/* ipynb.c: the session as a notebook of Jupyter (nbformat 4.5): its remarks as Markdown, its commands as cells for
 * Python, which has a thaw of its own run them again, each with what it answered here.
 */
#include "config.h"

#include "export/pages.h"

#include "file/autosave.h"
#include "util/sha256.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

struct notebook_page {
	FILE *f;
	int cells, commands, left;
	char (*id)[17]; /* of the cells so far */
};

static const char intro[] =
    "# A session of thaw\n"
    "\n"
    "%s\n"
    "\n"
    "The answers are those of the session. Run all cells in their order to have it again: the first one starts "
    "`thaw`, which has to be installed, and each cell that begins with `%%%%thaw` is a command for it. What was typed "
    "as Python stands there as a comment, before the command that it means.";

/* Jupyter's own kernel has no thaw: one that runs beside it keeps the session from cell to cell. */
static const char start[] =
    "import subprocess\n"
    "from IPython.core.magic import register_cell_magic\n"
    "\n"
    "session = subprocess.Popen([\"thaw\", \"-c\", \"bail off\", \"-\"], text=True, bufsize=1, stdin=subprocess.PIPE,\n"
    "                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)\n"
    "\n"
    "\n"
    "@register_cell_magic\n"
    "def thaw(line, cell):\n"
    "    session.stdin.write(line + '\\n' + cell.rstrip() + '\\nprint \"-- end of cell\"\\n')\n"
    "    for answer in iter(session.stdout.readline, \"\"):\n"
    "        if \"-- end of cell\" in answer:\n"
    "            break\n"
    "        print(answer, end=\"\")";

static void
string_put(FILE *f, const char *text)
{
	json_t *s = out_string(text);
	char *quoted = out_json_text(s);

	fputs(quoted, f);
	free(quoted);
	json_decref(s);
}

/* A text as Jupyter has it: a list of its lines, each with its end. */
static void
lines_put(FILE *f, const char *text, const char *indent)
{
	const char *end;
	char *line;

	fputc('[', f);
	for (bool first = true; *text != '\0'; text = end, first = false) {
		end = strchr(text, '\n');
		end = end != NULL ? end + 1 : text + strlen(text);
		line = xstrndup(text, (size_t)(end - text));
		fprintf(f, "%s\n%s ", first ? "" : ",", indent);
		string_put(f, line);
		free(line);
	}
	fprintf(f, "\n%s]", indent);
}

/* From a hash of the cell, and of how many had it before. */
static void
id_make(struct notebook_page *p, const char *kind, const char *text)
{
	char sha[65], (*id)[17];

	p->id = xrealloc(p->id, (size_t)p->cells + 1, sizeof *p->id);
	id = &p->id[p->cells++];
	for (int again = 0;; again++) {
		char *whole = xasprintf("%s\n%d\n%s", kind, again, text);
		bool taken = false;

		sha256_hex(whole, strlen(whole), sha);
		free(whole);
		snprintf(*id, sizeof *id, "%.16s", sha);
		for (int i = 0; i < p->cells - 1 && !taken; i++)
			taken = strcmp(p->id[i], *id) == 0;
		if (!taken)
			return;
	}
}

static void
cell_begin(struct notebook_page *p, const char *kind, const char *text)
{
	id_make(p, kind, text);
	fprintf(p->f, "%s\n  {\n   \"cell_type\": \"%s\",\n   \"id\": \"%s\",\n   \"metadata\": {},\n   \"source\": ",
	    p->cells > 1 ? "," : "", kind, p->id[p->cells - 1]);
	lines_put(p->f, text, "   ");
}

static void
markdown(struct notebook_page *p, const char *text)
{
	cell_begin(p, "markdown", text);
	fputs("\n  }", p->f);
}

/* A code cell up to its outputs. */
static void
code_begin(struct notebook_page *p, const char *text)
{
	cell_begin(p, "code", text);
	fprintf(p->f, ",\n   \"execution_count\": %d,\n   \"outputs\": [", ++p->commands);
}

static void
code_end(struct notebook_page *p)
{
	fputs("\n   ]\n  }", p->f);
}

static void
picture_put(FILE *f, const char *format, const char *name, const void *bytes, size_t n)
{
	fprintf(f, "\n    {\n     \"output_type\": \"display_data\",\n     \"metadata\": {},\n     \"data\": {\n      "
	    "\"text/plain\": ");
	string_put(f, name);
	fprintf(f, ",\n      \"image/%s\": ", strcmp(format, "svg") == 0 ? "svg+xml" : format);
	if (strcmp(format, "svg") == 0) {
		char *text = xstrndup(bytes, n);

		string_put(f, text);
		free(text);
	} else {
		fputc('"', f);
		pages_base64(f, bytes, n);
		fputc('"', f);
	}
	fprintf(f, "\n     }\n    }");
}

static const char on_screen[] = "the curves are on the screen"; /* commands/plot.c says so where it draws none */

/* Lines of one stream that follow each other are one output. */
static void
outputs_put(FILE *f, const struct transcript_cell *c)
{
	bool any = false;

	for (size_t i = 0, k; i < c->n; i = k) {
		struct str text = {0};

		for (k = i; k < c->n && c->line[k].error == c->line[i].error; k++)
			if (c->picture == NULL || strncmp(c->line[k].text, on_screen, strlen(on_screen)) != 0)
				str_add(&text, "%s\n", c->line[k].text);
		if (text.n == 0)
			continue;
		if (k == c->n && c->cut > 0)
			str_add(&text, "... (%zu more lines)\n", c->cut);
		fprintf(f, "%s\n    {\n     \"output_type\": \"stream\",\n     \"name\": \"%s\",\n     \"text\": ",
		    any ? "," : "", c->line[i].error ? "stderr" : "stdout");
		lines_put(f, text.s, "     ");
		fputs("\n    }", f);
		free(text.s);
		any = true;
	}
	if (c->picture != NULL) {
		fputs(any ? "," : "", f);
		picture_put(f, c->format, c->path, c->picture, c->bytes);
	}
}

/* Markdown may be no HTML. */
static void
markdown_add(struct str *b, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] == '<' || text[i] == '&')
			str_add(b, text[i] == '<' ? "&lt;" : "&amp;");
		else
			str_addc(b, text[i]);
}

/* A comment of a script as Markdown: what stands behind its # signs. */
static char *
remark_text(const char *text)
{
	struct str b = {0};

	while (*text != '\0') {
		size_t n;

		text += strspn(text, "# \t");
		n = strcspn(text, "\n");
		str_add(&b, "%s", b.n > 0 ? "\n" : "");
		markdown_add(&b, text, n);
		text += n + (text[n] == '\n');
	}
	return b.s != NULL ? b.s : xstrdup("");
}

/* Whether it wrote the notebook, or the session as a page: run again it would write over what was handed in. */
static bool
cell_hands_in(const char *text)
{
	static const char *const ends[] = {"ipynb", "html"};

	for (const char *p = text; *p != '\0'; p += strcspn(p, " \t")) {
		size_t n;

		p += strspn(p, " \t");
		n = strcspn(p, " \t");
		for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
			size_t k = strlen(ends[i]);

			if (n >= k && memcmp(p + n - k, ends[i], k) == 0 && (n == k || p[n - k - 1] == '.'))
				return true;
		}
	}
	return false;
}

/* Whether a cell before it has a drawing. */
static bool
cell_drawn(const struct session *s, const struct transcript_cell *c)
{
	const struct transcript_cell *d = s->out->kept.first;

	while (d != c && d->ink == NULL && strstr(d->text, "draw ink=") == NULL)
		d = d->next;
	return d != c;
}

/* What is no part of the work: lines that failed (an assert that is false says something), help, the screen. */
static bool
cell_aside(const struct session *s, const struct transcript_cell *c)
{
	static const char *const aside[] = {"help", "focus", "layout", "tui", "quit"};
	const struct cmd *cmd = pages_command(s, c);

	if (c->remark)
		return false;
	if (c->python && c->means == NULL)
		return pages_failed(c);
	if (cmd == NULL || (pages_failed(c) && strcmp(cmd->name, "assert") != 0))
		return true;
	for (size_t i = 0; i < sizeof aside / sizeof *aside; i++)
		if (strcmp(cmd->name, aside[i]) == 0)
			return true;
	if (strcmp(cmd->name, "export") == 0 && cell_hands_in(c->means != NULL ? c->means : c->text))
		return true;
	if (strcmp(cmd->name, "export") == 0 && (text_ends(c->text, " draw") || strstr(c->text, " draw ") != NULL) &&
	    !cell_drawn(s, c))
		return true;
	if (strcmp(cmd->name, "draw") == 0 && strstr(c->text, "ink=") == NULL)
		return true; /* there is no canvas where the notebook runs again */
	return strcmp(cmd->name, "plot") == 0 && c->picture == NULL && c->n == 1 &&
	    strncmp(c->line[0].text, on_screen, strlen(on_screen)) == 0;
}

/* What was drawn: as a command that takes it again, whose output is the picture. */
static void
drawing_put(struct notebook_page *p, const struct transcript_cell *c)
{
	char *code = NULL;
	unsigned char *png;
	size_t n = 0, length = 0;
	FILE *f;

	markdown(p, "*Here a picture was drawn by hand, which the next cell has. `last` names it.*");
	if ((f = open_memstream(&code, &length)) == NULL)
		return;
	fputs("%%thaw\ndraw ink=", f);
	pages_base64(f, c->ink, UI_SKETCH_SIDE * UI_SKETCH_SIDE);
	if (fclose(f) == 0) {
		code_begin(p, code);
		if ((png = png_draw_bytes(c->ink, &n)) != NULL)
			picture_put(p->f, "png", "the drawing", png, n);
		code_end(p);
		free(png);
	}
	free(code);
}

static void
cell_put(const struct session *s, struct notebook_page *p, const struct transcript_cell *c)
{
	char *text = c->remark ? remark_text(c->text) : pages_script(s, c);

	if (c->ink != NULL)
		drawing_put(p, c);
	else if (cell_aside(s, c))
		p->left++;
	else if (c->remark && text[0] != '\0')
		markdown(p, text);
	else if (!c->remark) {
		code_begin(p, text);
		outputs_put(p->f, c);
		code_end(p);
	}
	free(text);
}

static int
ipynb_write(struct session *s, struct export_request *r, FILE *f, struct err *e)
{
	struct notebook_page p = {.f = f};
	char *about = pages_about(s), *gone = pages_gone(s), *text, *curves;
	const char *loaded = pages_loaded(s);
	struct str escaped = {0};
	size_t n;

	markdown_add(&escaped, about, strlen(about));
	text = xasprintf(intro, escaped.s);
	free(escaped.s);
	free(about);
	if (r->n > 0 && export_unknown(r, r->operand[0], e) < 0) {
		free(text);
		free(gone);
		return -1;
	}
	fputs("{\n \"cells\": [", f);
	markdown(&p, text);
	if (gone != NULL)
		markdown(&p, gone);
	if (loaded != NULL) {
		free(text);
		text = xasprintf("What `%s` has brought was made by commands that are in no cell: a file keeps "
		    "weights, settings and runs, not what was typed.", loaded);
		markdown(&p, text);
	}
	if (loaded != NULL && text_ends(loaded, " " AUTOSAVE_WORD))
		out_note(s->out, "the notebook shows what was done, and does not run again: its cell `%s` would find "
		    "nothing, or other work; of an autosave that was copied (`cp`) before it is loaded, the cell "
		    "`load COPY` always finds the same", loaded);
	code_begin(&p, start);
	code_end(&p);
	for (const struct transcript_cell *c = s->out->kept.first, *end = pages_end(s); c != end; c = c->next)
		cell_put(s, &p, c);
	if ((curves = pages_curves(s, "png", false, &n)) != NULL) {
		code_begin(&p, "%%thaw\nplot");
		picture_put(f, "png", "the curves of the runs", curves, n);
		code_end(&p);
	}
	fprintf(f, "\n ],\n \"metadata\": {\n  \"kernelspec\": {\n   \"display_name\": \"Python 3\",\n   \"language\": "
	    "\"python\",\n   \"name\": \"python3\"\n  },\n  \"language_info\": {\n   \"name\": \"python\"\n  },\n  "
	    "\"thaw\": {\n   \"version\": \"%s\"\n  }\n },\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n",
	    PACKAGE_VERSION);
	snprintf(r->said, sizeof r->said, "%d cells%s", p.cells, loaded != NULL ?
	    "; none has the commands that made what was loaded" : "");
	free(curves);
	free(p.id);
	free(text);
	free(gone);
	return 0;
}

const struct exporter export_ipynb = {
	.format = "ipynb",
	.operands = "",
	.what = "the session so far as a notebook of Jupyter, which can run it again",
	.file = "thaw-session.ipynb",
	.write = ipynb_write,
};
