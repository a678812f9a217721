/* manual.c: the man page, from man/thaw.1.in and the lists of commands and settings. Built with thaw, not installed:
 * `make man` writes man/thaw.1, `make check` says when it is stale.
 */
#include "cmd/cmd.h"
#include "cmd/help.h"
#include "settings.h"
#include "util/xmalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Text as roff: backslashes, hyphens that are typed, and lines that would be requests. */
static void
manual_text(const char *s)
{
	bool start = true;

	for (; *s != '\0'; s++) {
		if (start && (*s == '.' || *s == '\''))
			fputs("\\&", stdout);
		start = *s == '\n';
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '-')
			fputs("\\-", stdout);
		else if (*s == '"') /* a request would take it as a quote */
			fputs("\\(dq", stdout);
		else if (*s == '\n' && (s[1] == '\n' || s[1] == '\0'))
			continue; /* no blank lines */
		else
			putchar(*s);
	}
}

static void
manual_line(const char *macro, const char *s)
{
	printf("%s\n", macro);
	manual_text(s);
	putchar('\n');
}

static void
manual_command(const struct cmd *c)
{
	char *synopsis = cmd_synopsis(c);

	printf(".TP\n.B ");
	manual_text(synopsis);
	putchar('\n');
	free(synopsis);
	manual_text(c->what);
	printf(".\n");
	if (c->text != NULL && c->text[0] != '\0')
		manual_line(".br", c->text);
	for (int i = 0; i < 3 && c->alias[i] != NULL; i++) {
		printf(".br\nAlso:\n.BR ");
		manual_text(c->alias[i]);
		printf(" .\n");
	}
	printf(".br\nExample:\n.B ");
	manual_text(c->example);
	putchar('\n');
	if (c->keras != NULL) {
		printf(".br\nIn Keras:\n.I ");
		manual_text(c->keras);
		putchar('\n');
	}
}

static void
manual_commands(void)
{
	for (const char *const *g = cmd_groups; *g != NULL; g++) {
		printf(".SS ");
		manual_text(*g);
		putchar('\n');
		for (int i = 0; commands[i] != NULL; i++)
			if (strcmp(commands[i]->group, *g) == 0)
				manual_command(commands[i]);
	}
}

static void
manual_settings(void)
{
	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		char *range = settings_range(k);

		printf(".TP\n.B ");
		manual_text(k->key);
		printf("\n");
		manual_text(k->what);
		if (range[0] != '\0') {
			printf(" (");
			manual_text(range);
			printf(")");
		}
		printf(".\n");
		free(range);
	}
}

int
main(int argc, char **argv)
{
	char line[1024];
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;

	if (f == NULL) {
		fprintf(stderr, "usage: manual man/thaw.1.in >man/thaw.1\n");
		return 2;
	}
	while (fgets(line, sizeof line, f) != NULL)
		if (strcmp(line, "@COMMANDS@\n") == 0)
			manual_commands();
		else if (strcmp(line, "@SETTINGS@\n") == 0)
			manual_settings();
		else
			fputs(line, stdout);
	fclose(f);
	return fflush(stdout) == EOF;
}
