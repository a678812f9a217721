/* pages.c: what a session written down as a page has, in whatever form. */
#include "config.h"

#include "export/pages.h"

#include "language/find.h"
#include "session/made.h"
#include "train/report.h"
#include "ui/figure.h"
#include "util/xmalloc.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

extern const struct exporter export_png_plot;

const struct transcript_cell *
pages_end(const struct session *s)
{
	const struct transcript_cell *last = s->out->kept.last;

	return last != NULL && !last->remark && last->n == 0 && strncmp(last->text, "export", 6) == 0 ? last : NULL;
}

char *
pages_gone(const struct session *s)
{
	char n[32];

	if (s->out->kept.gone == 0)
		return NULL;
	return xasprintf("%s earlier commands are not on this page: a session keeps %zu MiB of them.", text_count(n,
	    s->out->kept.gone), TRANSCRIPT_MAX >> 20);
}

bool
pages_failed(const struct transcript_cell *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->line[i].error && c->line[i].style == OUT_BAD)
			return true;
	return false;
}

const char *
pages_loaded(const struct session *s)
{
	const struct transcript_cell *end = pages_end(s);

	for (const struct transcript_cell *c = s->out->kept.first; c != end; c = c->next)
		if (c->brought)
			return c->means != NULL ? c->means : c->text;
	return NULL;
}

const struct cmd *
pages_command(const struct session *s, const struct transcript_cell *c)
{
	const char *text = c->means != NULL ? c->means : c->text;
	char *word = xstrndup(text, strcspn(text, " \t\n"));
	struct err ignored = {0};
	const struct cmd *cmd = cmd_find(s->commands, word, true, &ignored);

	free(word);
	return cmd;
}

/* Its run was cut before the first batch. */
static bool
pages_begun_not(const struct transcript_cell *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->line[i].text, REPORT_UNBEGUN) == 0)
			return true;
	return false;
}

/* Why a command is a comment where the notebook runs again, since a run goes to its end then; NULL: it is none. */
static const char *
pages_no_more(const struct session *s, const struct transcript_cell *c)
{
	static const char *const steers[] = {"stop", "pause", "continue", "step"};
	const struct cmd *cmd = pages_command(s, c);

	if (pages_begun_not(c))
		return "it was interrupted before its first batch, and changed nothing";
	if (c->resumes && c->changed != NULL)
		return "it went on with the run above, which is whole here and trains as it began";
	if (c->resumes)
		return "it went on with the run above, which is whole here";
	if (cmd != NULL && strcmp(cmd->name, "continue") == 0 && !c->beside)
		return "it went on with a script, whose commands are cells";
	for (size_t i = 0; i < sizeof steers / sizeof *steers && c->beside && cmd != NULL; i++)
		if (strcmp(cmd->name, steers[i]) == 0)
			return "it steered the run that went on";
	return NULL;
}

/* It changed the run that went on from a batch on, which no command does that stands by itself. */
static bool
pages_steered(const struct session *s, const struct transcript_cell *c)
{
	const struct cmd *cmd = pages_command(s, c);
	const char *text = c->means != NULL ? c->means : c->text;

	return c->beside && !pages_failed(c) && cmd != NULL && (strcmp(cmd->name, "lr") == 0 || strcmp(cmd->name,
	    "now") == 0 || (strcmp(cmd->name, "set") == 0 && (strncmp(text, "set lr ", 7) == 0 || strstr(text,
	    ".rate ") != NULL)));
}

char *
pages_script(const struct session *s, const struct transcript_cell *c)
{
	const char *why = pages_no_more(s, c);
	struct str b = {0};
	size_t n;

	str_add(&b, "%%%%thaw");
	for (const char *line = c->text; c->python && line != NULL; line = line[n] == '\n' ? line + n + 1 : NULL) {
		n = strcspn(line, "\n");
		str_add(&b, "\n# %.*s", (int)n, line);
		str_add(&b, "%s", n > 0 && line[n - 1] == '\\' ? " " : ""); /* it goes on nowhere */
	}
	if (c->cut_at != NULL && c->changed != NULL)
		str_add(&b, "\n# The run was cut %s, and %s; this had changed when it went on: %s. Run again it goes "
		    "to its end without that, and ends with other weights.", c->cut_at, c->whole ? "went on below" :
		    "did not go on from there", c->changed);
	else if (c->cut_at != NULL && c->whole)
		str_add(&b, "\n# The run was cut %s, and went on below; run again it is in one piece, to the same "
		    "bits.", c->cut_at);
	else if (c->cut_at != NULL)
		str_add(&b, "\n# The run was cut %s, and did not go on from there. Run again it goes to its end.",
		    c->cut_at);
	if (why != NULL)
		str_add(&b, "\n# %s", why);
	else if (pages_steered(s, c))
		str_add(&b, "\n# It changed the run above while that went on; run again it comes behind it, which ends "
		    "with other weights.");
	if (!c->python || c->means != NULL)
		str_add(&b, "\n%s%s", why != NULL ? "# " : "", c->python ? c->means : c->text);
	return b.s;
}

void
pages_base64(FILE *f, const void *bytes, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) | (i + 2 < n ?
		    p[i + 2] : 0);

		for (int k = 0; k < 4; k++)
			fputc(i + (size_t)k < n + 1 ? letters[v >> (18 - 6 * k) & 63] : '=', f);
	}
}

char *
pages_about(const struct session *s)
{
	const struct nn_net *net = s->model.net;
	char n[32];

	if (net == NULL)
		return xasprintf("thaw %s, data %s", PACKAGE_VERSION, s->data.name);
	return xasprintf("thaw %s, data %s, seed %" PRIu64 ", model: %s (%s parameters)", PACKAGE_VERSION, s->data.name,
	    s->model.seed, s->model.build, text_count(n, nn_net_params(net)));
}

char *
pages_curves(struct session *s, const char *format, bool dark, size_t *n)
{
	struct cmd_args args = {0};
	struct export_request r = {.exporter = &export_png_plot, .picture = export_picture(format), .args = &args,
	    .unasked = true, .width = s->set.size_w, .height = s->set.size_h};
	struct err none = {0};
	char *bytes = NULL, why[400];
	FILE *f;

	if (dark) {
		args.nkey = 1;
		args.key[0] = (struct cmd_value){.arg = &export_theme, .text = "dark"};
	}
	if (s->runs.n == 0 || r.exporter->write(s, &r, NULL, &none) < 0 || (f = open_memstream(&bytes, n)) == NULL) {
		ui_figure_free(r.figure);
		return NULL;
	}
	if ((r.picture->write(r.figure, f, why, sizeof why) < 0) + (fclose(f) != 0) > 0) {
		free(bytes);
		bytes = NULL;
	}
	ui_figure_free(r.figure);
	return bytes;
}
