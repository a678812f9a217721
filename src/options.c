/* options.c: the list of options, as text and for getopt. */
#include "options.h"

#include <string.h>

#define WIDE 80 /* columns of --help, all of which many terminals have */
#define LEFT 21 /* of them those of an option */

const struct option_entry options_list[] = {
#define OPTION(code, name, arg, of, what) {code, name, arg, of, what},
#include "options.def"
#undef OPTION
	{0},
};

const struct options_command options_commands[] = {
	[OPTIONS_RUN] = {"", "", "", "", 'r'},
	[OPTIONS_PLAN] = {"plan", "plan SCRIPT... >PLAN", "lists the trials of sweeps and compare modes",
	    "The script runs, but lists its trials in place of doing them, each as a line of the plan.", 'p'},
	[OPTIONS_WORK] = {"work", "work PLAN [--slice I/N] [--project DIR]",
	    "does the trials of a slice of a plan, else all of them",
	    "Data, seed and kernels are those of the plan. Results go to a store of runs: the folder of --project, "
	    "else $XDG_STATE_HOME/thaw (~/.local/state/thaw). What is there already is not done again.", 'w'},
	[OPTIONS_MERGE] = {"merge", "merge DIR... --project DIR", "puts stores of runs together",
	    "All that the stores DIR... have is put into that of --project.", 'm'},
};

enum options_what
options_word(const char *word)
{
	for (enum options_what w = OPTIONS_MERGE; w <= OPTIONS_WORK; w++)
		if (strcmp(word, options_commands[w].word) == 0)
			return w;
	return OPTIONS_RUN;
}

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
		if (column + 1 + (int)strlen(word) > WIDE)
			column = fprintf(f, "\n           ") - 1;
		column += fprintf(f, " %s", word);
		if (o->code == 0)
			break;
	}
	fputs("\n", f);
}

void
options_words(FILE *f, int column, const char *text)
{
	int at = column;

	while (*text != '\0') {
		int n = (int)strcspn(text, " ");

		if (at > column && at + 1 + n > WIDE)
			at = fprintf(f, "\n%*s", column, "") - 1;
		at += fprintf(f, "%s%.*s", at > column ? " " : "", n, text);
		text += n + (text[n] == ' ');
	}
	fputs("\n", f);
}

void
options_print(FILE *f, char letter)
{
	for (const struct option_entry *o = options_list; o->code != 0; o++) {
		char left[64] = "";
		size_t at = 0;

		if (letter != '\0' && strchr(o->of, letter) == NULL)
			continue;
		if (o->code < 128)
			at += (size_t)snprintf(left, sizeof left, "-%c", o->code);
		if (o->name != NULL)
			at += (size_t)snprintf(left + at, sizeof left - at, "%s--%s", at > 0 ? ", " : "", o->name);
		if (o->arg != NULL)
			snprintf(left + at, sizeof left - at, "%s%s", o->arg[0] != '[' ? " " : "", o->arg);
		fprintf(f, "  %-*s ", LEFT - 3, left);
		options_words(f, LEFT, o->what);
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
