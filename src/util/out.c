/* out.c: lines to the sink that is in use and to the transcript. The standard sink writes to standard output and error,
 * and remembers when that fails, so that a full disk or a closed pipe ends in the right exit status.
 */
#include "util/out.h"

#include "ui/canvas.h"
#include "util/lack.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const out_sgr[] = {
	[OUT_PLAIN] = "", [OUT_DIM] = "\033[2m", [OUT_BOLD] = "\033[1m", [OUT_GOOD] = "\033[32m",
	[OUT_BAD] = "\033[31m", [OUT_WARN] = "\033[33m", [OUT_ACCENT] = "\033[36m", [OUT_COLD] = "\033[34m",
};

static void
out_stdio_failed(struct out *o)
{
	if (!o->failed) {
		o->failed = true;
		o->failed_errno = errno;
	}
}

/* How many bytes of a line go before the blank at which it is broken; 0: all, or there is no such blank. */
static size_t
out_stdio_cut(const char *text, int width)
{
	size_t cut = 0;

	for (size_t i = 1; text[i] != '\0'; i++) {
		char *part;
		bool fits;

		if (text[i] != ' ')
			continue;
		part = xstrndup(text, i);
		fits = ui_text_cells(part) <= width;
		free(part);
		if (!fits)
			break;
		cut = text[strspn(text, " ")] != '\0' && i > strspn(text, " ") ? i : cut;
	}
	return cut;
}

/* On a terminal a line ends at a word; what is for programs, or has been laid out with colours, is left as it is. */
static void
out_stdio_words(const struct out *o, FILE *f, const char *text)
{
	bool terminal = f == stdout || isatty(STDERR_FILENO); /* columns are those of standard output */
	int width = terminal && o->mode == OUT_TABLE && strchr(text, '\033') == NULL ? o->columns : 0;
	size_t n;

	while (width > 20 && ui_text_cells(text) > width && (n = out_stdio_cut(text, width)) > 0) {
		fprintf(f, "%.*s\n", (int)n, text);
		text += n + strspn(text + n, " ");
	}
	fputs(text, f);
}

static void
out_stdio_line(void *arg, bool error, enum out_style style, const char *text)
{
	struct out *o = arg;
	FILE *f = error ? stderr : stdout;
	bool paint = o->colour && style != OUT_PLAIN;

	/* Both streams may be the same terminal or file: keep the order in which things were said. */
	if (error && fflush(stdout) == EOF)
		out_stdio_failed(o);
	if (o->bar)
		fputs("\r\033[K", stdout);
	o->bar = false;
	if (paint)
		fputs(out_sgr[style], f);
	out_stdio_words(o, f, text);
	if (paint)
		fputs("\033[0m", f);
	if (fputc('\n', f) == EOF && !error)
		out_stdio_failed(o);
	if (o->moving && fflush(stdout) == EOF)
		out_stdio_failed(o);
}

static void
out_stdio_progress(void *arg, const char *text)
{
	struct out *o = arg;

	if (text == NULL) {
		if (o->bar)
			fputs("\r\033[K", stdout);
		o->bar = false;
	} else {
		fprintf(stdout, "\r%s\033[K", text);
		o->bar = true;
	}
	if (fflush(stdout) == EOF)
		out_stdio_failed(o);
}

struct out *
out_new_stdio(void)
{
	struct out *o = xcalloc(1, sizeof *o);

	json_set_alloc_funcs(memory_json, free); /* events are small, and nobody looks whether they were made */
	o->sink = (struct out_sink){out_stdio_line, out_stdio_progress, o};
	o->timing = true;
	o->width = 80;
	return o;
}

void
out_free(struct out *o)
{
	if (o == NULL)
		return;
	out_log_end(o);
	transcript_clear(&o->kept);
	free(o->table);
	free(o->lead);
	free(o);
}

void
out_begin(struct out *o, enum out_mode mode)
{
	o->mode = mode;
	free(o->table);
	o->table = NULL;
}

static ssize_t
out_log_take(void *arg, const char *p, size_t n)
{
	struct out *o = arg;

	return signals_write(o->log_fd, p, n) < 0 ? 0 : (ssize_t)n;
}

int
out_log_begin(struct out *o, int fd, const char *path)
{
	out_log_end(o);
	if (os_stream_open(&o->log_stream, out_log_take, o) < 0)
		return -1;
	o->log = o->log_stream.f;
	o->log_fd = fd;
	o->log_path = xstrdup(path);
	return 0;
}

int
out_log_end(struct out *o)
{
	int rc;

	if (o->log == NULL)
		return 0;
	rc = os_stream_close(&o->log_stream);
	if (close(o->log_fd) < 0)
		rc = -1;
	free(o->log_path);
	o->log = NULL;
	o->log_path = NULL;
	return rc;
}

void
out_flush(struct out *o)
{
	if (fflush(stdout) == EOF || ferror(stdout))
		out_stdio_failed(o);
	if (o->log != NULL && fflush(o->log) == EOF) {
		char *path = xstrdup(o->log_path);
		int error = errno;

		out_log_end(o); /* before the warning, which would go there too */
		out_warn(o, "the transcript %s is incomplete and ends here: %s; make room, or choose another place "
		    "with `log FILE`", path, strerror(error));
		free(path);
	}
}

void
out_aside(struct out *o, bool error, enum out_style style, const char *line)
{
	if (o->lead != NULL) {
		o->sink.line(o->sink.arg, false, OUT_ACCENT, o->lead);
		out_lead(o, NULL);
	}
	o->sink.line(o->sink.arg, error, style, line);
	o->lines++;
}

void
out_lead(struct out *o, const char *line)
{
	free(o->lead);
	if ((o->lead = line != NULL ? xstrdup(line) : NULL) != NULL)
		text_calm(o->lead, o->colour);
}

static void
out_hushed_line(void *arg, bool error, enum out_style style, const char *text)
{
}

static void
out_hushed_progress(void *arg, const char *text)
{
}

struct out_sink
out_hush(struct out *o)
{
	struct out_sink sink = o->sink;

	if (o->lead != NULL)
		sink.line(sink.arg, false, OUT_ACCENT, o->lead);
	out_lead(o, NULL);
	o->sink = (struct out_sink){out_hushed_line, out_hushed_progress, NULL};
	return sink;
}

/* One call a line; text is cut at its newlines, the last one may be missing. */
static void
out_lines(struct out *o, bool error, enum out_style style, char *text)
{
	char *end;

	text_calm(text, o->colour);
	for (char *line = text; line != NULL; line = end != NULL && end[1] != '\0' ? end + 1 : NULL) {
		end = strchr(line, '\n');
		if (end != NULL)
			*end = '\0';
		out_aside(o, error, style, line);
		transcript_line(&o->kept, error, (int)style, line);
		if (o->log != NULL)
			fprintf(o->log, "%s\n", line);
	}
}

void
out_line(struct out *o, char *text)
{
	out_lines(o, false, OUT_PLAIN, text);
}

static void __attribute__((format(printf, 4, 0)))
out_vprint(struct out *o, bool error, enum out_style style, const char *fmt, va_list ap)
{
	char *text = xvasprintf(fmt, ap);

	out_lines(o, error, style, text);
	free(text);
}

void
out_text(struct out *o, const char *fmt, ...)
{
	va_list ap;

	if (o->mode != OUT_TABLE)
		return;
	va_start(ap, fmt);
	out_vprint(o, false, OUT_PLAIN, fmt, ap);
	va_end(ap);
}

void
out_styled(struct out *o, enum out_style style, const char *fmt, ...)
{
	va_list ap;

	if (o->mode != OUT_TABLE)
		return;
	va_start(ap, fmt);
	out_vprint(o, false, style, fmt, ap);
	va_end(ap);
}

void
out_note(struct out *o, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (o->mode != OUT_TABLE)
		return;
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	out_styled(o, OUT_DIM, "note: %s", text);
	free(text);
}

char *
out_place(const struct out *o)
{
	return o->cell > 0 ? xasprintf("%s: cell %d, line %d", o->script, o->cell, o->line) :
	    xasprintf("%s:%d", o->script, o->line);
}

static char *
out_where(const struct out *o, const char *kind, const char *text)
{
	char *place, *line;

	if (o->script == NULL)
		return xasprintf("thaw: %s: %s", kind, text);
	place = out_place(o);
	line = xasprintf("thaw: %s: %s: %s", place, kind, text);
	free(place);
	return line;
}

void
out_warn(struct out *o, const char *fmt, ...)
{
	va_list ap;
	char *text, shown[2048], *line;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	text_show(shown, sizeof shown, text);
	line = out_where(o, "warning", shown);
	out_lines(o, true, OUT_WARN, line);
	free(line);
	free(text);
}

void
out_error(struct out *o, const char *command, const char *text)
{
	char *whole = command != NULL ? xasprintf("%s: %s", command, text) : xstrdup(text);
	char *line = out_where(o, "error", whole);
	json_t *event;

	out_lines(o, true, OUT_BAD, line);
	event = out_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "event", "error", "command", command, "message",
	    text, "script", o->path, "line", o->path != NULL ? json_integer(o->line) : json_null(), "column",
	    o->length > 0 ? json_integer(o->column) : json_null(), "length", o->length > 0 ? json_integer(o->length) :
	    json_null());
	if (o->path != NULL && o->cell > 0)
		json_object_set_new(event, "cell", json_integer(o->cell));
	out_event(o, event);
	free(line);
	free(whole);
}

void
out_progress(struct out *o, const char *text)
{
	if (o->moving && o->mode == OUT_TABLE && o->sink.progress != NULL)
		o->sink.progress(o->sink.arg, text);
}

void
out_event(struct out *o, json_t *event)
{
	char *text;

	if (event == NULL) {
		o->lost = true;
		out_warn(o, "there is no memory for an event, which is missing here; %s", lack_memory_way());
	}
	if (o->mode == OUT_JSON && event != NULL) {
		text = out_json_text(event);
		out_line(o, text);
		free(text);
	}
	json_decref(event);
}
