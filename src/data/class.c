/* class.c: what classes are called. */
#include "data/class.h"

#include "ui/canvas.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

bool
class_named(const struct dataset *d)
{
	return d != NULL && d->class_name != NULL;
}

uint32_t
class_names(const struct dataset *d)
{
	uint32_t h = 2166136261u;

	for (int i = 0; class_named(d) && i < d->names; i++)
		for (const char *p = d->class_name[i]; ; p++) { /* the NUL as well */
			h = (h ^ (uint8_t)*p) * 16777619u;
			if (*p == '\0')
				break;
		}
	return !class_named(d) ? 0 : h > 0 ? h : 1;
}

/* Copies what fits into the columns and the buffer; whether that was all. */
static bool
class_cut(const char *name, int cols, char buf[CLASS_TEXT])
{
	size_t n = 0;
	uint32_t code;

	while (*name != '\0') {
		const char *next = ui_char_next(name, &code);
		int cells = ui_char_cells(code);
		size_t bytes = (size_t)(next - name);

		if ((cols -= cells > 0 ? cells : 0) < 0 || n + bytes + 16 > CLASS_TEXT)
			break;
		memcpy(buf + n, name, bytes);
		n += bytes;
		name = next;
	}
	buf[n] = '\0';
	return *name == '\0';
}

const char *
class_text(const struct dataset *d, int label, int cols, char buf[CLASS_TEXT])
{
	if (label < 0)
		snprintf(buf, CLASS_TEXT, "other");
	else if (!class_named(d) || label >= d->names)
		snprintf(buf, CLASS_TEXT, "%d", label);
	else if (!class_cut(d->class_name[label], cols, buf)) {
		class_cut(d->class_name[label], cols - 1, buf);
		strcat(buf, "~");
	}
	return buf;
}

void
class_texts(const struct dataset *d, const int *label, int n, int cols, char (*out)[CLASS_TEXT])
{
	bool *alike = xcalloc((size_t)n + 1, sizeof *alike);
	char number[16];

	for (int i = 0; i < n; i++) {
		if (label[i] < 0 || !class_named(d) || label[i] >= d->names)
			class_text(d, label[i], cols, out[i]);
		else
			class_cut(d->class_name[label[i]], cols, out[i]);
	}
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			if (strcmp(out[i], out[k]) == 0)
				alike[i] = alike[k] = true;
	for (int i = 0; i < n; i++)
		if (alike[i]) {
			int digits = snprintf(number, sizeof number, "~%d", label[i]);

			class_cut(d->class_name[label[i]], cols - digits, out[i]);
			strcat(out[i], number);
		}
	free(alike);
}

int
class_of(const struct dataset *d, const char *name, size_t length)
{
	for (int i = 0; class_named(d) && i < d->names; i++)
		if (strlen(d->class_name[i]) == length && strncmp(d->class_name[i], name, length) == 0)
			return i;
	return -1;
}

int
class_find(const struct dataset *d, const char *name, struct err *e)
{
	int label = class_of(d, name, strlen(name)), shown = 0;
	const char *near;
	struct str list = {0};
	char buf[CLASS_TEXT];

	if (label >= 0)
		return label;
	if (!class_named(d))
		return fail(e, "the classes of %.60s have no names; take digits, as in digits=0-2,5", d->name);
	if ((near = text_near(name, (const char *const *)d->class_name, d->names)) != NULL)
		return fail(e, "no class \"%.40s\" - did you mean \"%s\"?", name, near);
	for (; shown < d->names && shown < 12; shown++)
		str_add(&list, "%s%s", shown > 0 ? ", " : "", class_text(d, shown, CLASS_COLS, buf));
	if (shown < d->names)
		str_add(&list, " and %d more, which `data info` lists", d->names - shown);
	fail(e, "no class \"%.40s\" (classes: %s)", name, list.s);
	free(list.s);
	return -1;
}

char *
class_typed(const char *name)
{
	struct str b = {0};

	if (*name != '\0' && strpbrk(name, " \t;#\"\\") == NULL)
		return xstrdup(name);
	str_add(&b, "\"");
	for (; *name != '\0'; name++)
		str_add(&b, "%s%c", *name == '"' || *name == '\\' ? "\\" : "", *name);
	str_add(&b, "\"");
	return b.s;
}

void
class_clean(char *name)
{
	char *to = name;
	uint32_t code;

	text_clean(name);
	while (*name != '\0') {
		const char *next = ui_char_next(name, &code);
		size_t n = (size_t)(next - name);

		if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
		    (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == 0x61c)
			*to++ = '?';
		else {
			memmove(to, name, n);
			to += n;
		}
		name += n;
	}
	*to = '\0';
}

void
class_settle(struct dataset *d)
{
	for (int i = 0; i < d->names; i++) {
		class_clean(d->class_name[i]);
		for (int k = 0; k < i; k++)
			if (strcmp(d->class_name[k], d->class_name[i]) == 0) {
				char *other = xasprintf("%s~%d", d->class_name[i], i);

				free(d->class_name[i]);
				d->class_name[i] = other;
				break;
			}
	}
}
