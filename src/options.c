/* options.c: the list of options, as text and for getopt. */
#include "options.h"

#include <string.h>

const struct option_entry options_list[] = {
#define OPTION(code, name, arg, what) {code, name, arg, what},
#include "options.def"
#undef OPTION
	{0},
};

void
options_usage(FILE *f)
{
	int column = fprintf(f, "usage: thaw");

	for (const struct option_entry *o = options_list; ; o++) {
		char word[64];

		if (o->code == 0)
			snprintf(word, sizeof word, "[SCRIPT...]");
		else if (o->name != NULL)
			snprintf(word, sizeof word, "[--%s%s%s]", o->name,
			    o->arg != NULL && o->arg[0] != '[' ? " " : "", o->arg != NULL ? o->arg : "");
		else
			snprintf(word, sizeof word, "[-%c%s%s]%s", o->code, o->arg != NULL ? " " : "",
			    o->arg != NULL ? o->arg : "", o->arg != NULL ? "..." : "");
		if (column + 1 + (int)strlen(word) > 96)
			column = fprintf(f, "\n           ") - 1;
		column += fprintf(f, " %s", word);
		if (o->code == 0)
			break;
	}
	fputs("\n", f);
}

void
options_print(FILE *f)
{
	for (const struct option_entry *o = options_list; o->code != 0; o++) {
		char left[64] = "";
		size_t at = 0;

		if (o->code < 128)
			at += (size_t)snprintf(left, sizeof left, "-%c", o->code);
		if (o->name != NULL)
			at += (size_t)snprintf(left + at, sizeof left - at, "%s--%s", at > 0 ? ", " : "", o->name);
		if (o->arg != NULL)
			snprintf(left + at, sizeof left - at, "%s%s", o->arg[0] != '[' ? " " : "", o->arg);
		fprintf(f, "  %-18s %s\n", left, o->what);
	}
}

void
options_getopt(char shorts[2 * OPTIONS_MAX + 2], struct option longs[OPTIONS_MAX + 1])
{
	int n = 0;

	*shorts++ = '-';
	for (const struct option_entry *o = options_list; o->code != 0; o++) {
		if (o->code < 128) {
			*shorts++ = (char)o->code;
			if (o->arg != NULL)
				*shorts++ = ':';
		}
		if (o->name != NULL)
			longs[n++] = (struct option){o->name, o->arg == NULL ? no_argument : o->arg[0] == '[' ?
			    optional_argument : required_argument, NULL, o->code};
	}
	*shorts = '\0';
	longs[n] = (struct option){0};
}
