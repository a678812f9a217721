/* generate.c: the generated parts of the manual. Copies a manual from standard input to standard output and writes anew
 * what stands between
 *     .\" begin NAME
 *     .\" end
 * where NAME is options, commands, settings, formats or topics. All of it comes from the structs that the program itself
 * uses.
 */
#include "commands/table.h"
#include "export/export.h"
#include "file/format.h"
#include "language/arg.h"
#include "language/topics.h"
#include "options.h"
#include "util/num.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- text as mdoc takes it ---- */

/* A word that no macro is called by, and that begins no request. */
static void
put_word(const char *s, size_t n)
{
	fputs("\\&", stdout);
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\\')
			fputs("\\e", stdout);
		else if (s[i] == '-')
			fputs("\\-", stdout);
		else if (s[i] == '"')
			fputs("\\(dq", stdout);
		else if (s[i] == '\'')
			fputs("\\(aq", stdout);
		else if (s[i] == '`')
			fputs("\\(ga", stdout);
		else
			putchar(s[i]);
		if (s[i] == '|') /* a list of words may break here */
			fputs("\\:", stdout);
	}
}

/* Arguments of a macro. */
static void
put_words(const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, " ");

		if (n > 0) {
			putchar(' ');
			put_word(s, n);
		}
		s += n + (s[n] == ' ');
	}
}

#define COLUMNS 76

/* The cells of the word at s. */
static int
word_cells(const char *s)
{
	return (int)strcspn(s, " \n");
}

/* Running text, wrapped, a sentence a line; `words` in back quotes stand as they are typed. `first`: what stands before
 * it already. */
static void
put_text_after(const char *s, int first)
{
	bool code = false, start = first == 0;
	int column = first;

	for (; *s != '\0'; s++) {
		if (*s == '\n' || (*s == ' ' && ((!code && s[-1] == '.') ||
		    column + 1 + word_cells(s + 1) > COLUMNS))) {
			putchar('\n');
			start = true;
			column = 0;
			while (s[1] == ' ')
				s++;
			continue;
		}
		if (start && (*s == '.' || *s == '\''))
			column += fputs("\\&", stdout) >= 0 ? 2 : 0;
		if (*s == '`') {
			fputs(code ? "\\fP" : "\\fB", stdout);
			column += 2;
			code = !code;
		} else if (*s == '-' && code)
			fputs("\\-", stdout);
		else if (*s == '\\')
			fputs("\\e", stdout);
		else
			putchar(*s);
		start = false;
		column++;
	}
	if (column > 0)
		putchar('\n');
}

static void
put_text(const char *s)
{
	put_text_after(s, 0);
}

/* Paragraphs, one a line. Lines of which each begins alike are a list: of files (.npz   WHAT), of words (`WORD` does). */
static void
put_paragraphs(const char *s)
{
	enum { PLAIN, FILES, WORDS } kind, in = PLAIN;

	for (bool first = true; *s != '\0'; first = false) {
		size_t n = strcspn(s, "\n"), name = strcspn(s, " ");
		char *line = xstrndup(s, n);

		kind = line[0] == '.' && name + 3 <= n && strncmp(line + name, "  ", 2) == 0 ? FILES :
		    line[0] == '`' && (in == WORDS || strncmp(s + n, "\n`", 2) == 0) ? WORDS : PLAIN;
		if (kind != in && in != PLAIN)
			puts(".El");
		if (kind != in && kind != PLAIN)
			puts(kind == FILES ? ".Bl -tag -width \".weights.h5\" -compact" : ".Bl -item -compact");
		else if (kind == PLAIN && !first)
			puts(".Pp");
		if (kind == FILES) {
			line[name] = '\0';
			fputs(".It Pa", stdout);
			put_words(line);
			putchar('\n');
			put_text(line + name + 1 + strspn(line + name + 1, " "));
		} else {
			if (kind == WORDS)
				puts(".It");
			put_text(line);
		}
		in = kind;
		free(line);
		s += n + (s[n] == '\n');
	}
	if (in != PLAIN)
		puts(".El");
}

/* The same as a sentence's beginning: with a capital. */
static void
put_sentence(const char *s)
{
	putchar(s[0] >= 'a' && s[0] <= 'z' ? s[0] - 32 : s[0]);
	put_text_after(s + 1, 1);
}

/* ---- parts ---- */

static void
part_options(void)
{
	puts(".Bl -tag -width Ds");
	for (const struct option_entry *o = options_list; o->code != 0; o++) {
		fputs(".It", stdout);
		if (o->code < 128)
			printf(" Fl %c", o->code);
		if (o->code < 128 && o->name != NULL)
			fputs(" ,", stdout);
		if (o->name != NULL) {
			fputs(" Fl", stdout);
			putchar(' ');
			fputs("\\-", stdout);
			put_word(o->name, strlen(o->name));
		}
		if (o->arg != NULL)
			printf(o->arg[0] == '[' ? " Ns %s" : " Ar %s", o->arg);
		putchar('\n');
		put_sentence(o->what);
	}
	puts(".El");
}

static char *
arg_range(const struct arg *a)
{
	char lo[32], hi[32];

	if (a->choices != NULL) {
		char *text = xstrdup("");

		for (int i = 0; a->choices[i] != NULL; i++) {
			char *more = xasprintf("%s%s%s", text, i > 0 ? ", " : "", a->choices[i]);

			free(text);
			text = more;
		}
		return text;
	}
	if ((a->type == ARG_INT || a->type == ARG_NUM) && a->min < a->max) {
		if (a->type == ARG_INT)
			return xasprintf("%.0f to %.0f", a->min, a->max);
		return xasprintf("%s to %s", num_text(lo, a->min), num_text(hi, a->max));
	}
	/* splits, layers and so on have sections of their own */
	return xstrdup(a->type == ARG_SIZE ? arg_type_words(a) : "");
}

static void
put_arg(const struct arg *a, bool key)
{
	char *range = arg_range(a);

	fputs(".It Ar", stdout);
	put_words(a->name);
	fputs(key ? "=\n" : "\n", stdout);
	if (a->what != NULL)
		put_text(a->what);
	if (range[0] != '\0' && strcmp(range, a->name) != 0) { /* a single choice names itself */
		char *text = xasprintf("(%s)", range);

		put_text(text);
		free(text);
	}
	free(range);
}

static void
put_command(const struct cmd *c)
{
	char *synopsis = cmd_synopsis(c), *text = cmd_text(c);
	bool args = c->arg[0].type != ARG_END || cmd_key(c, 0) != NULL;

	fputs(".It Ic", stdout);
	put_words(synopsis);
	putchar('\n');
	put_sentence(c->what);
	if (text[0] != '\0') {
		puts(".Pp");
		put_paragraphs(text);
	}
	if (args) {
		puts(".Pp\n.Bl -tag -width Ds -compact");
		for (int i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
			put_arg(&c->arg[i], false);
		for (int i = 0; cmd_key(c, i) != NULL; i++)
			put_arg(cmd_key(c, i), true);
		puts(".El");
	}
	if (c->alias[0] != NULL) {
		puts(".Pp");
		fputs("Also", stdout);
		for (int i = 0; i < 3 && c->alias[i] != NULL; i++) {
			fputs(i == 0 ? "\n.Ic" : " ,", stdout);
			put_words(c->alias[i]);
		}
		puts(" .");
	}
	puts(".Pp");
	fputs("Example:\n.Dl", stdout);
	put_words(c->example);
	putchar('\n');
	if (c->keras != NULL) {
		fputs("In Keras:\n.Dl", stdout);
		put_words(c->keras);
		putchar('\n');
	}
	free(synopsis);
	free(text);
}

static void
part_commands(void)
{
	for (const char *const *g = commands_all.groups; *g != NULL; g++) {
		bool any = false;

		for (const struct cmd *const *c = commands_all.list; *c != NULL; c++) {
			if (strcmp((*c)->group, *g) != 0)
				continue;
			if (!any)
				printf(".Ss %c%s\n.Bl -tag -width Ds\n", (*g)[0] - 32, *g + 1);
			any = true;
			put_command(*c);
		}
		if (any)
			puts(".El");
	}
}

/* What a setting is at the start; what depends on the machine says so. */
static char *
setting_default(const struct settings *s, const struct setting *k)
{
	if (strstr(k->choices, "auto") != NULL)
		return xstrdup("auto");
	return settings_value(s, k);
}

static void
part_settings(void)
{
	struct settings s;

	settings_default(&s);
	puts(".Bl -tag -width Ds");
	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		char *range = settings_range(k), *value = setting_default(&s, k);

		fputs(".It Cm", stdout);
		put_words(k->key);
		putchar('\n');
		put_sentence(k->what);
		printf("(%s%s", range, value[0] != '\0' ? "; at the start " : "");
		put_word(value, strlen(value));
		puts(")");
		free(range);
		free(value);
	}
	puts(".El");
}

static void
part_formats(void)
{
	puts(".Bl -tag -width Ds");
	for (int i = 0; file_format_at(i) != NULL; i++) {
		fputs(".It Pa", stdout);
		put_words(file_format_at(i)->suffix);
		putchar('\n');
		put_text(file_format_at(i)->what);
	}
	puts(".El");
}

/* Paragraphs, and items in lists. */
static void
put_topic(const struct topic *t)
{
	bool list = false;

	printf(".Ss %c%s\n", t->name[0] - 32, t->name + 1);
	put_sentence(t->what);
	puts(".Pp");
	for (const char *s = t->text, *end; *s != '\0'; s = end + (*end == '\n')) {
		int n = topics_item(s);
		char *line, *what;

		end = s + strcspn(s, "\n");
		line = xstrndup(s, (size_t)(end - s));
		what = line + n + strspn(line + n, " ");
		if ((n > 0) != list)
			puts(n > 0 ? ".Bl -tag -width Ds -compact" : ".El\n.Pp");
		list = n > 0;
		if (n > 0) {
			line[n] = '\0';
			fputs(".It Ic", stdout);
			put_words(line);
			putchar('\n');
		}
		put_text(what);
		free(line);
	}
	if (list)
		puts(".El");
}

static void
part_topics(void)
{
	for (const struct topic *t = topics; t->name != NULL; t++)
		if (!t->apart)
			put_topic(t);
}

static const struct {
	const char *name;
	void (*write)(void);
} parts[] = {
	{"options", part_options},
	{"commands", part_commands},
	{"settings", part_settings},
	{"formats", part_formats},
	{"topics", part_topics},
};

int
main(void)
{
	static const char begin[] = ".\\\" begin ", end[] = ".\\\" end\n";
	char *line = NULL;
	size_t cap = 0;
	bool skip = false;

	while (getline(&line, &cap, stdin) > 0) {
		if (strcmp(line, end) == 0)
			skip = false;
		if (skip)
			continue;
		fputs(line, stdout);
		if (strncmp(line, begin, strlen(begin)) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		skip = true;
		for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
			if (strcmp(line + strlen(begin), parts[i].name) == 0) {
				parts[i].write();
				break;
			}
			if (i + 1 == sizeof parts / sizeof parts[0]) {
				fprintf(stderr, "generate: no part \"%s\" (options commands settings "
				    "formats topics)\n", line + strlen(begin));
				return 1;
			}
		}
	}
	free(line);
	return fflush(stdout) == EOF || skip;
}
