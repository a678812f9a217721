/* export.c: pictures, histories and transcripts that go to files. */
#include "export/export.h"

#include "commands/file.h"
#include "session/made.h"
#include "train/task.h"
#include "ui/figure.h"
#include "util/atomic.h"
#include "util/place.h"
#include "util/reach.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The file that is being written. */
struct export {
	struct export_request r; /* its operands are gone when exec has returned */
	struct atomic_file *out;
	char *path;
	long long bytes;
	char *made; /* the command, where nobody typed the name; or NULL */
	time_t stood; /* and when a file of it was written before this session; 0: there was none */
};

/* The time of a file that an earlier session has left under this name; 0: none. */
static time_t
export_stood(const struct session *s, const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_mtime < s->user.begun ? st.st_mtime : 0;
}

/* "export png saliency test:1", as it was typed. */
static char *
export_said(const struct cmd_args *a)
{
	struct str b = {0};

	str_add(&b, "%s", a->cmd->name);
	for (int i = 0; i < a->npos; i++)
		str_add(&b, " %s", a->pos[i].text);
	for (int i = 0; i < a->nkey; i++)
		str_add(&b, " %s=%s", a->key[i].arg->name, a->key[i].text);
	return b.s;
}

/* Whoever is there learns that a made-up name was that of an older file, or of what another command of this session
 * wrote; a script that runs again means it. */
static void
export_replaced(struct session *s, const struct export *x)
{
	const char *before;
	char when[40];
	struct tm tm;

	if (x->made == NULL || !s->user.interactive)
		return;
	if (s->user.made == NULL)
		s->user.made = json_object();
	before = json_string_value(json_object_get(s->user.made, x->path));
	if (before != NULL && strcmp(before, x->made) != 0)
		out_note(s->out, "it replaces what `%s` wrote; a name behind `export` keeps both", before);
	json_object_set_new(s->user.made, x->path, out_string(x->made));
	if (x->stood == 0 || localtime_r(&x->stood, &tm) == NULL)
		return;
	strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
	out_note(s->out, "it replaces %s of %s; a name behind `export` keeps both", x->path, when);
}

static void
export_release(void *arg)
{
	struct export *x = arg;

	if (x->out != NULL)
		atomic_abort(x->out);
	ui_figure_free(x->r.figure);
	free(x->path);
	free(x->made);
	free(x);
}

/* A stream that fails is a full disk more often than not: let the file say why. */
static int
export_failed(struct export *x, struct err *e)
{
	if (ferror(atomic_stream(x->out))) {
		atomic_commit(x->out, e);
		x->out = NULL;
	}
	return -1;
}

static int
export_work(struct session *s, void *arg, struct err *e)
{
	struct export *x = arg;
	char why[400];

	if (x->r.figure != NULL)
		ui_figure_stop(x->r.figure, session_interrupted, s);
	if (x->r.figure != NULL && x->r.picture->write(x->r.figure, atomic_stream(x->out), why,
	    sizeof why) < 0) {
		fail(e, "%s", why);
		return export_failed(x, e);
	}
	x->bytes = atomic_commit(x->out, e);
	x->out = NULL;
	return x->bytes < 0 ? -1 : 0;
}

/* The transcript keeps what a picture looked like when it was made. */
static void
export_keep(struct session *s, const struct export *x)
{
	static const char *const formats[] = {"png", "svg"};
	unsigned char *bytes;
	struct stat st;
	ssize_t n = 0;
	int fd;

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (x->r.picture == NULL || strcmp(x->r.picture->name, formats[i]) != 0 || x->bytes <= 0 ||
		    x->bytes > (long long)TRANSCRIPT_PICTURE_MAX || (fd = reach_open(x->path, 0)) < 0)
			continue;
		bytes = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? malloc((size_t)x->bytes) : NULL;
		for (ssize_t k = 1; bytes != NULL && k > 0 && n < x->bytes; n += k > 0 ? k : 0)
			k = read(fd, bytes + n, (size_t)(x->bytes - n));
		if (bytes != NULL && n == x->bytes)
			transcript_picture(&s->out->kept, formats[i], x->path, bytes, (size_t)n);
		else
			free(bytes);
		close(fd);
	}
}

static int
export_done(struct session *s, void *arg, int rc, struct err *e)
{
	const struct export *x = arg;

	out_text(s->out, x->r.said[0] != '\0' ? "wrote %s (%s%s%s)" : "wrote %s", x->path, x->r.untold ?
	    x->r.exporter->figure : "", x->r.untold ? ", " : "", x->r.said);
	file_event(s, "export", x->path, x->bytes);
	export_replaced(s, x);
	export_keep(s, x);
	return 0;
}

/* "compare" or "sweep" where the file is called so and the last comparison was that; NULL: it names no table. */
static const char *
export_named(const struct session *s, const char *file)
{
	const struct compared *c = &s->runs.compared;
	const char *name = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
	const char *word = c->asked != NULL ? "sweep" : "compare";
	size_t n = strlen(word);

	if (c->table == NULL)
		return NULL;
	if (strncmp(name, "thaw-", 5) == 0) /* as names are made here */
		name += 5;
	return strncmp(name, word, n) == 0 && (strcmp(name + n, ".csv") == 0 || strcmp(name + n, ".json") == 0) ? word :
	    NULL;
}

static bool
export_is_format(const char *word)
{
	for (int i = 0; export_formats[i] != NULL; i++)
		if (strcmp(export_formats[i], word) == 0)
			return true;
	return false;
}

/* What is to be written, and the word that names its file, or NULL. */
static int
export_read(struct session *s, const struct cmd_args *a, struct export_request *r, const struct cmd_value **file,
    struct err *e)
{
	const struct cmd_value *format = args_pos(a, "FORMAT"), *figure = args_pos(a, "FIGURE"),
	    *size = args_key(a, "size");
	struct cmd_value called = {0};
	const char *chosen;
	bool named;

	*file = NULL;
	*r = (struct export_request){.args = a, .width = s->set.size_w, .height = s->set.size_h};
	if (size != NULL) {
		r->width = atoi(size->text);
		r->height = atoi(strchr(size->text, 'x') + 1);
	}
	for (int i = 0; i < a->npos; i++) {
		const struct cmd_value *v = &a->pos[i];

		if (strcmp(v->arg->name, "OPERAND") != 0)
			continue;
		if (figure == NULL && *file != NULL && r->n == 0 && export_draws(v->text))
			figure = v; /* `export conf.pdf confusion` */
		else if (format == NULL && export_is_format(v->text))
			format = v; /* `export model.py keras`, `export plot svg` */
		else if (strpbrk(v->text, "./") == NULL || strncmp(v->text, "classes=", 8) == 0) /* names have them */
			r->operand[r->n++] = v;
		else if (*file != NULL)
			return fail_at(e, v, "%.60s would be a second file; name one", v->text);
		else
			*file = v;
	}
	named = figure != NULL;
	if (!named && *file != NULL && r->n == 0 && (called.text = export_named(s, (*file)->text)) != NULL)
		figure = &called;
	if ((chosen = export_format(format, figure, *file, export_has, e)) == NULL)
		return -1;
	r->picture = export_picture(chosen);
	r->untold = r->picture != NULL && !named && *file != NULL;
	if (r->untold && (called.text = export_called(chosen, *file)) != NULL)
		figure = &called;
	if ((r->exporter = export_find(chosen, figure, e)) == NULL || export_keys(r, e) < 0)
		return -1;
	return 0;
}

static int
export_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *file;
	struct export_request r;
	struct export *x;

	if (export_read(s, a, &r, &file, e) < 0)
		return -1;
	x = xcalloc(1, sizeof *x);
	x->path = export_file(s, &r, file);
	x->made = file == NULL ? export_said(a) : NULL;
	x->stood = file == NULL ? export_stood(s, x->path) : 0;
	if ((x->out = atomic_open(x->path, e)) == NULL || (r.exporter->write(s, &r, atomic_stream(x->out),
	    e) < 0 && export_failed(x, e) < 0)) {
		x->r.figure = r.figure;
		export_release(x);
		return -1;
	}
	x->r = r;
	return task_start(s, "export", &(struct task){export_work, export_done, export_release, x, 0}, e);
}

static int
export_check(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *file;
	struct export_request r;

	if (export_read(s, a, &r, &file, e) < 0 || export_operands(s, &r, e) < 0)
		return -1;
	return file != NULL && place_refused(file->text, true, e) ? err_at(e, file) : 0;
}

const struct cmd cmd_export = {
	.name = "export",
	.group = "files",
	.what = "write a picture or the history of a run into a file",
	.text = "svg and pdf have every figure that png has, drawn alike: of SVG the text is outlines, of PDF it can "
	    "be searched. A word with a . or / is the file, else a name is made: thaw-r2-plot.png, "
	    "or thaw-r2-r4-plot.png where runs are named; each drawing has one of its own. `export run.csv` "
	    "goes by the end of the name, and `export confusion.pdf` by its beginning, too: that is a figure. Behind a "
	    "sweep `sweep.csv` has its table, and `compare.csv` that of `compare modes`. "
	    "ipynb and html have the session so far, from a script or typed: its "
	    "comments, commands and answers, the pictures that it exported, and the curves of its runs; beyond 8 MiB "
	    "the oldest go. "
	    "Files are replaced whole or not at all; at a terminal a note tells when a name that was made up was that "
	    "of a file of an earlier session, or of what another `export` of this one wrote.",
	.list_text = export_text,
	.list_key = export_key,
	.keras = "keras.callbacks.CSVLogger(\"log.csv\"); plt.savefig(\"plot.png\")",
	.example = "export png digits",
	.arg = {{.name = "FORMAT", .type = ARG_WORD, .choices = export_formats,
	    .what = "of the file; left out: as its name ends, else png"},
		{.name = "FIGURE", .type = ARG_WORD, .choices = export_figures,
		    .what = "what a picture shows; left out: the figure that the "
		    "file is called by, else plot"},
		{.name = "OPERAND", .type = ARG_FILE, .many = true, .what = "words of the figure, and the file"}},
	.when = CMD_WAITS,
	.exec = export_exec,
	.check = export_check,
};
