/* export.c: what of `export` does not depend on what is written: formats, keys, names of files. */
#include "export/export.h"

#include "language/arg.h"
#include "ui/figure.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OWN_NAMES 100 /* bytes of the runs in a file's name, from which on no more are named */

#define EXPORT(name)
#define FIGURE(name)
#define FORMAT(name, end) name,
const char *const export_formats[] = {
#include "export/export.def"
	NULL};
#undef FORMAT
#define FORMAT(name, end) end,
static const char *const endings[] = {
#include "export/export.def"
};
#undef FORMAT
#undef FIGURE
#define FORMAT(name, end)
#define FIGURE(name) name,
const char *const export_figures[] = {
#include "export/export.def"
	NULL};

const struct export_picture *
export_picture(const char *format)
{
	static const struct export_picture picture[] = {{"png", ui_figure_png}, {"svg", ui_figure_svg},
	    {"pdf", ui_figure_pdf}};

	for (size_t i = 0; i < sizeof picture / sizeof *picture; i++)
		if (strcmp(picture[i].name, format) == 0)
			return &picture[i];
	return NULL;
}

/* "png csv json"; the caller's to free. */
static char *
words(const char *const *list)
{
	struct str b = {0};

	str_add(&b, "%s", "");
	for (int i = 0; list[i] != NULL; i++)
		str_add(&b, "%s%s", i > 0 ? " " : "", list[i]);
	return b.s;
}

/* The format or figure that a word which is none of them was meant for, or NULL. */
static const char *
meant(const char *word)
{
	const char *name[sizeof export_formats / sizeof *export_formats +
	    sizeof export_figures / sizeof *export_figures];
	int n = 0;

	for (const char *const *p = export_formats; *p != NULL; p++)
		name[n++] = *p;
	for (const char *const *p = export_figures; *p != NULL; p++)
		name[n++] = *p;
	return text_near(word, name, n);
}

int
export_unknown(const struct export_request *r, const struct cmd_value *word, struct err *e)
{
	char *formats, *figures;
	const char *hit = meant(word->text);
	struct str keys = {0};

	for (const struct arg *const *k = r->exporter->keys; *k != NULL; k++) {
		for (int i = 0; (*k)->choices != NULL && (*k)->choices[i] != NULL; i++)
			if (strcmp((*k)->choices[i], word->text) == 0) {
				free(keys.s);
				return fail_at(e, word, "unknown word \"%.60s\" - did you mean \"%s=%s\"?",
				    word->text, (*k)->name, word->text);
			}
		str_add(&keys, "%s%s=", keys.n > 0 ? " " : "; keys: ", (*k)->name);
	}
	if (hit != NULL) {
		free(keys.s);
		return strcmp(hit, word->text) != 0 ? fail_at(e, word, "unknown word \"%.60s\" - did you mean \"%s\"?",
		    word->text, hit) : fail_at(e, word, "%.60s stands too late or is one too many; the order is "
		    "`export FORMAT FIGURE WORDS FILE`, each of which may be left out", word->text);
	}
	formats = words(export_formats);
	figures = words(export_figures);
	fail_at(e, word, "unknown word \"%.60s\" (%s%s%s takes: %s%s; formats: %s; figures: %s; a file's name has a . "
	    "or /)", word->text, r->exporter->format, r->exporter->figure != NULL ? " " : "",
	    r->exporter->figure != NULL ? r->exporter->figure : "", r->exporter->operands[0] != '\0' ?
	    r->exporter->operands : "no more", keys.s != NULL ? keys.s : "", formats, figures);
	free(keys.s);
	free(formats);
	free(figures);
	return -1;
}

/* Whether one of the words of "[SPLIT] [wrong] or IMAGE ..." stands for this operand. */
static bool
operand_fits(struct session *s, const char *operands, const char *text)
{
	static const struct { const char *word; enum arg_type type; } types[] = {{"rN", ARG_RUN}, {"SPLIT", ARG_SPLIT},
	    {"HASH", ARG_RUN},
	    {"IMAGE", ARG_IMAGE}, {"LAYER", ARG_LAYERS}, {"LAYERS", ARG_LAYERS}, {"CH", ARG_UNIT}, {"Y", ARG_PLACE},
	    {"A", ARG_POINT}, {"ACTUAL", ARG_CLASS}};
	struct err ignored = {0};
	struct cmd_value v;
	size_t n;

	for (const char *p = operands; *p != '\0'; p += n > 0 ? n : 1) {
		n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (n > 0 && strlen(text) == n && strncmp(p, text, n) == 0)
			return true;
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
			if (strlen(types[i].word) == n && strncmp(p, types[i].word, n) == 0 &&
			    (types[i].type != ARG_UNIT || strchr(text, '[') != NULL) &&
			    arg_fits(s, &(struct arg){.type = types[i].type}, text, &v, &ignored) > 0)
				return true;
	}
	return false;
}

int
export_operands(struct session *s, const struct export_request *r, struct err *e)
{
	for (int i = 0; i < r->n; i++)
		if (!operand_fits(s, r->exporter->operands, r->operand[i]->text))
			return export_unknown(r, r->operand[i], e);
	return 0;
}

/* What the name of a file says of what is in it, or NULL: "csv" of "h.csv". */
static const char *
export_suffix(const char *file)
{
	static const char *const others[] = {"jpg", "jpeg", "gif", "webp", "eps", "safetensors", "thaw", NULL};
	const char *const *lists[] = {export_formats, others};
	const char *dot = strrchr(file, '.');

	for (int k = 0; k < 2 && dot != NULL; k++)
		for (int i = 0; lists[k][i] != NULL; i++)
			if (strcasecmp(dot + 1, lists[k][i]) == 0)
				return lists[k][i];
	return NULL;
}

/* How the files of a format, one of the list, end: "csv", of pytorch "py". */
static const char *
ending(const char *format)
{
	int i = 0;

	while (strcmp(export_formats[i], format) != 0)
		i++;
	return endings[i];
}

const char *
export_format(const struct cmd_value *format, const struct cmd_value *figure, const struct cmd_value *file,
    bool (*has)(const char *format, const struct cmd_value *figure), struct err *e)
{
	const char *chosen = format != NULL ? format->text : "png", *suffix = file != NULL ? export_suffix(file->text) :
	    NULL;
	char *formats;

	for (int i = 0; suffix != NULL && format == NULL && export_formats[i] != NULL; i++)
		if (strcmp(export_formats[i], suffix) == 0 && strcmp(ending(suffix), suffix) == 0 &&
		    (figure == NULL || has(suffix, figure)))
			return suffix;
	if (suffix == NULL || strcmp(suffix, ending(chosen)) == 0)
		return chosen;
	formats = words(export_formats);
	fail_at(e, file, "%.60s would hold %s; end its name with .%s (formats: %s)", file->text, chosen,
	    ending(chosen), formats);
	free(formats);
	return NULL;
}

int
export_keys(const struct export_request *r, struct err *e)
{
	const struct exporter *x = r->exporter;

	for (int i = 0; i < r->args->nkey; i++) {
		const struct cmd_value *v = &r->args->key[i];
		struct str keys = {0};
		bool takes = false;

		for (const struct arg *const *k = x->keys; *k != NULL; k++) {
			takes |= *k == v->arg;
			str_add(&keys, "%s%s", keys.n > 0 ? " " : "; its keys are: ", (*k)->name);
		}
		if (!takes)
			fail_at(e, v, "%s%s%s has no use for %s=%s", x->format, x->figure != NULL ? " " : "",
			    x->figure != NULL ? x->figure : "", v->arg->name,
			    keys.s != NULL ? keys.s : "; leave it out");
		free(keys.s);
		if (!takes)
			return -1;
	}
	return 0;
}

bool
export_is_run(const char *word)
{
	return store_is_hash(word) || (word[0] == 'r' && word[1] >= '0' && word[1] <= '9');
}

/* A drawing is not made again: another one has a name of its own, as thaw-draw-2.png. */
static char *
own_drawing(struct data *d, const char *file)
{
	const char *dot = strrchr(file, '.');

	if (d->sketch != NULL && (d->drawn == 0 || memcmp(d->saved, d->sketch->ink, sizeof d->saved) != 0)) {
		memcpy(d->saved, d->sketch->ink, sizeof d->saved);
		d->drawn++;
	}
	return d->drawn < 2 ? xstrdup(file) : xasprintf("%.*s-%d%s", (int)(dot - file), file, d->drawn, dot);
}

/* The exporter's own name, of the last run or of those that are named, "r2-r4": a hash stands in the place of r2. */
static char *
own_file(struct session *s, const struct export_request *r)
{
	const char *file = r->exporter->file, *number = strstr(file, "r%d"), *figure = r->exporter->figure;
	const struct run *last = runs_last(&s->runs);
	struct str names = {0};
	char *name;

	/* rows of a sweep stand beside those of `compare modes`, also of one session */
	if (number == NULL && figure != NULL && strcmp(figure, "compare") == 0 && r->n == 0 &&
	    s->runs.compared.asked != NULL)
		return xasprintf("thaw-sweep%s", strrchr(file, '.'));
	if (number == NULL && figure != NULL && strcmp(figure, "draw") == 0)
		return own_drawing(&s->data, file);
	if (number == NULL)
		return xstrdup(file);
	for (int i = 0; i < r->n && names.n < OWN_NAMES; i++)
		if (export_is_run(r->operand[i]->text))
			str_add(&names, "%s%.8s", names.n > 0 ? "-" : "", r->operand[i]->text);
	if (names.n == 0)
		str_add(&names, "r%d", last != NULL ? last->number : 0);
	name = xasprintf("%.*s%s%s", (int)(number - file), file, names.s, number + 3);
	free(names.s);
	return name;
}

char *
export_file(struct session *s, const struct export_request *r, const struct cmd_value *file)
{
	char *name = file != NULL ? xstrdup(file->text) : own_file(s, r), *other;

	if (file != NULL || r->picture == NULL)
		return name;
	other = xasprintf("%.*s.%s", (int)(strrchr(name, '.') - name), name, r->picture->name);
	free(name);
	return other;
}
