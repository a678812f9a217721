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

static const struct exporter *
alone(const struct exporter *x, const struct cmd_value *figure, struct err *e)
{
	fail_at(e, figure, "%s has no %s: it writes %s; leave the word out", x->format, figure->text, x->what);
	return NULL;
}

const struct exporter *
export_find(const char *format, const struct cmd_value *figure, struct err *e)
{
	struct str list = {0};
	const char *of = export_picture(format) != NULL ? "png" : format;

	for (int i = 0; exporters[i] != NULL; i++)
		if (strcmp(exporters[i]->format, of) == 0) {
			const char *own = exporters[i]->figure;

			if (own == NULL ? figure == NULL : strcmp(own, figure != NULL ? figure->text : "plot") == 0) {
				free(list.s);
				return exporters[i];
			}
			if (own == NULL)
				return alone(exporters[i], figure, e);
			str_add(&list, " %s", own);
		}
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
