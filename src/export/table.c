/* table.c: the writers of `export`, from export.def. */
#include "export/export.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>

#define FORMAT(name)
#define FIGURE(name)
#define EXPORT(name) extern const struct exporter export_##name;
#include "export/export.def"
#undef EXPORT
#define EXPORT(name) &export_##name,
const struct exporter *const exporters[] = {
#include "export/export.def"
	NULL};

const struct exporter *
export_find(const char *format, const struct cmd_value *figure, struct err *e)
{
	struct str list = {0};

	for (int i = 0; exporters[i] != NULL; i++)
		if (strcmp(exporters[i]->format, format) == 0) {
			const char *own = exporters[i]->figure;

			if (own == NULL ? figure == NULL : strcmp(own, figure != NULL ? figure->text : "plot") == 0) {
				free(list.s);
				return exporters[i];
			}
			str_add(&list, " %s", own != NULL ? own : "the history alone");
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
		const char *gap = " (";

		str_add(&b, "%s`%s%s%s` writes %s", b.n > 0 ? "\n" : "", (*x)->format, (*x)->figure != NULL ? " " : "",
		    (*x)->figure != NULL ? (*x)->figure : "", (*x)->what);
		if ((*x)->operands[0] != '\0') {
			str_add(&b, "%s%s", gap, (*x)->operands);
			gap = " ";
		}
		for (const struct arg *const *k = (*x)->keys; *k != NULL; k++) {
			str_add(&b, "%s[%s=]", gap, (*k)->name);
			gap = " ";
		}
		str_add(&b, gap[1] == '\0' ? ")." : ".");
	}
	return b.s;
}

/* Whether an exporter before this one has the key too. */
static bool
export_listed(const struct exporter *const *end, const struct arg *key)
{
	for (const struct exporter *const *x = exporters; x < end; x++)
		for (const struct arg *const *k = (*x)->keys; *k != NULL; k++)
			if (*k == key)
				return true;
	return false;
}

const struct arg *
export_key(int i)
{
	for (const struct exporter *const *x = exporters; *x != NULL; x++)
		for (const struct arg *const *k = (*x)->keys; *k != NULL; k++)
			if (!export_listed(x, *k) && i-- == 0)
				return *k;
	return NULL;
}
