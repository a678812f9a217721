/* table.c: the writers of `export`, from export.def. */
#include "export/export.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

#define FORMAT(name, end)
#define FIGURE(name)
#define EXPORT(name) extern const struct exporter export_##name;
#include "export/export.def"
#undef EXPORT
#define EXPORT(name) &export_##name,
const struct exporter *const exporters[] = {
#include "export/export.def"
	NULL};

/* Of a format as it is listed and a figure, or of the format alone. */
static const struct exporter *
find(const char *format, const char *figure)
{
	for (int i = 0; exporters[i] != NULL; i++)
		if (strcmp(exporters[i]->format, format) == 0 && (figure == NULL || exporters[i]->figure == NULL ?
		    figure == exporters[i]->figure : strcmp(exporters[i]->figure, figure) == 0))
			return exporters[i];
	return NULL;
}

bool
export_has(const char *format, const struct cmd_value *figure)
{
	const char *word = strcmp(figure->text, "sweep") == 0 ? "compare" : figure->text; /* it is drawn as one */

	return find(export_picture(format) != NULL ? "png" : format, word) != NULL;
}

bool
export_draws(const char *word)
{
	bool known = false;

	for (const char *const *p = export_figures; *p != NULL; p++)
		known |= strcmp(*p, word) == 0;
	return known;
}

/* Whether what the figure shows is what a command of the same name prints. */
static bool
prints_numbers(const char *figure)
{
	static const char *const shown[] = {"plot", "digits", "draw", "screen", NULL};
	bool prints = find("png", figure) != NULL;

	for (int i = 0; shown[i] != NULL; i++)
		prints &= strcmp(figure, shown[i]) != 0;
	return prints;
}

const struct exporter *
export_find(const char *format, const struct cmd_value *figure, struct err *e)
{
	const char *of = export_picture(format) != NULL ? "png" : format;
	const char *word = figure == NULL ? NULL : strcmp(figure->text, "sweep") == 0 ? "compare" : figure->text;
	const struct exporter *x = find(of, word), *alone = find(of, NULL);
	struct str list = {0};

	if (x == NULL && figure == NULL)
		x = find(of, "plot");
	if (x != NULL)
		return x;
	for (int i = 0; exporters[i] != NULL; i++)
		if (strcmp(exporters[i]->format, of) == 0 && exporters[i]->figure != NULL)
			str_add(&list, " %s", exporters[i]->figure);
	if (alone != NULL && list.n == 0)
		fail_at(e, figure, "%s has no %s: it writes %s; leave the word out", format, figure->text, alone->what);
	else if (alone != NULL && prints_numbers(word))
		fail_at(e, figure, "%s has no %s (it has:%s); `mode %s` in front of `%s` prints its numbers", format,
		    figure->text, list.s, format, word);
	else if (alone != NULL)
		fail_at(e, figure, "%s has no %s (it has:%s); without a word it writes %s", format, figure->text,
		    list.s, alone->what);
	else
		fail_at(e, figure, "%s has no %s (it has:%s)", format, figure->text, list.s);
	free(list.s);
	return NULL;
}

char *
export_text(void)
{
	struct str b = {0};

	for (const struct exporter *const *x = exporters; *x != NULL; x++) {
		struct str takes = {0};

		str_add(&takes, "%s", (*x)->operands);
		for (const struct arg *const *k = (*x)->keys; *k != NULL; k++)
			str_add(&takes, "%s[%s=]", takes.n > 0 ? " " : "", (*k)->name);
		str_add(&b, "%s`%s%s%s` writes %s%s%s%s.", b.n > 0 ? "\n" : "", (*x)->format,
		    (*x)->figure != NULL ? " " : "", (*x)->figure != NULL ? (*x)->figure : "", (*x)->what,
		    takes.n > 0 ? " (" : "", takes.s, takes.n > 0 ? ")" : "");
		free(takes.s);
	}
	return b.s;
}

const struct arg *
export_key(int i)
{
	static const struct arg *list[CMD_KEYS_MAX]; /* each once; made before any thread starts, as in arg_setting */
	static int count;

	for (const struct exporter *const *x = count == 0 ? exporters : NULL; x != NULL && *x != NULL; x++)
		for (const struct arg *const *k = (*x)->keys; *k != NULL; k++) {
			int n = 0;

			while (n < count && list[n] != *k)
				n++;
			if (n == count)
				list[count++] = *k;
		}
	return i < count ? list[i] : NULL;
}

const char *
export_called(const char *format, const struct cmd_value *file)
{
	const char *name = strrchr(file->text, '/') != NULL ? strrchr(file->text, '/') + 1 : file->text;
	size_t n = strcspn(name, ".");

	for (const char *const *f = export_figures; *f != NULL; f++)
		if (strlen(*f) == n && strncmp(*f, name, n) == 0 && strchr(name + n, '.') == strrchr(name, '.') &&
		    export_has(format, &(struct cmd_value){.text = *f}))
			return *f;
	return NULL;
}
