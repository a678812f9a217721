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
