/* help.c: the help screen, the page of each command, and of topics. The table of commands says what there is. */
#include "language/arg.h"
#include "language/find.h"
#include "language/suggest.h"
#include "language/topics.h"
#include "util/num.h"
#include "util/row.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <stdlib.h>
#include <string.h>

/* Prints one line, broken at blanks to the width of the output, or behind bars in a word that is longer. The parts
 * after the first are indented; the line is not broken within the width of the indentation. */
static void
help_line(struct session *s, enum out_style style, const char *line, size_t n, size_t indent)
{
	size_t width = (size_t)s->out->width > indent + 20 ? (size_t)s->out->width : indent + 20, before = 0;

	while (before + n > width) {
		size_t cut = width - before, least = before > 0 ? 0 : indent;

		while (cut > least && line[cut] != ' ')
			cut--;
		if (cut <= least) /* a word that is longer than the line */
			for (cut = width - before; cut > least && line[cut - 1] != '|';)
				cut--;
		if (cut <= least)
			cut = width - before + strcspn(line + width - before, " \n");
		if (cut >= n)
			break;
		out_styled(s->out, style, "%*s%.*s", (int)before, "", (int)cut, line);
		cut += line[cut] == ' ';
		line += cut;
		n -= cut;
		before = indent;
	}
	out_styled(s->out, style, "%*s%.*s", (int)before, "", (int)n, line);
}

static void
help_text(struct session *s, enum out_style style, size_t indent, const char *text)
{
	for (size_t n;; text += n + 1) {
		n = strcspn(text, "\n");
		help_line(s, style, text, n, indent);
		if (text[n] == '\0')
			return;
	}
}

/* Prints a name in a column, and what it means beside it. */
static void
help_row(struct session *s, int column, const char *name, const char *what)
{
	char *line = xasprintf("%-*s %s", column, name, what);

	help_text(s, OUT_PLAIN, (size_t)column + 1, line);
	free(line);
}

#define ITEM_MAX 34 /* cells of what is typed, beside which its meaning stands */

/* The lines of a topic, its items in two columns. */
static void
help_topic_text(struct session *s, const char *text)
{
	char *copy = topics_here(text), *rest = copy, *line;
	int column = 0;

	for (const char *at = copy; at != NULL; at = (at = strchr(at, '\n')) != NULL ? at + 1 : NULL)
		if (topics_item(at) <= ITEM_MAX && topics_item(at) > column)
			column = topics_item(at);
	while ((line = strsep(&rest, "\n")) != NULL) {
		int n = topics_item(line);
		const char *what = line + n + strspn(line + n, " ");

		if (n == 0)
			help_text(s, OUT_PLAIN, 0, line);
		else {
			line[n] = '\0';
			if (n > column)
				out_text(s->out, "%s", line);
			help_row(s, column + 1, n > column ? "" : line, what);
		}
	}
	free(copy);
}

static void
help_topic_page(struct session *s, const struct topic *t)
{
	out_styled(s->out, OUT_BOLD, "%s: %s", t->name, t->what);
	if (t->text[0] != '\0') {
		help_topic_text(s, t->text);
		if (strcmp(t->name, "init") == 0) {
			char *site = path_site();

			out_text(s->out, "Here that of the site is %s", site);
			free(site);
		}
		return;
	}
	for (const struct cmd *const *c = s->commands->list; *c != NULL; c++)
		if ((*c)->keras != NULL)
			help_row(s, 12, (*c)->name, (*c)->keras);
	help_text(s, OUT_PLAIN, 0, "`fit`, `evaluate` and `summary` are taken for train, eval and model. At the "
	    "prompt a line of Python that means a command runs it: model.fit(x_train_lt5, y_train_lt5), for l in "
	    "feature_layers: l.trainable = False. Imports, defs and assignments are passed over, so that the cells of "
	    "a notebook can be pasted. A script is written in thaw's own words.");
}

static char *
help_names(const struct cmd *c)
{
	struct str b = {0};

	str_add(&b, "  %s", c->name);
	for (int i = 0; i < 3 && c->alias[i] != NULL; i++)
		str_add(&b, ", %s", c->alias[i]);
	return b.s;
}

static void
help_steps(struct session *s)
{
	static const char *const steps[][2] = {
		{"model", "look at the model: the summary, as Keras prints it"},
		{"train gte5", "learn the digits 5 to 9"},
		{"freeze features", "keep what the convolutional layers have learned"},
		{"train lt5", "learn the digits 0 to 4 with the other layers, on top of it"},
		{"eval lt5", "see how well that went"},
	};

	out_styled(s->out, OUT_BOLD, "transfer learning in five steps");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		char *name = xasprintf("  %s", steps[i][0]);

		help_row(s, 22, name, steps[i][1]);
		free(name);
	}
}

static void
help_screen(struct session *s)
{
	char *names, *name;
	bool head;

	help_steps(s);
	for (const char *const *g = s->commands->groups; *g != NULL; g++) {
		head = false;
		for (const struct cmd *const *c = s->commands->list; *c != NULL; c++) {
			if (strcmp((*c)->group, *g) != 0)
				continue;
			if (!head)
				out_styled(s->out, OUT_BOLD, "%s", *g);
			head = true;
			names = help_names(*c);
			help_row(s, 22, names, (*c)->what);
			free(names);
		}
	}
	out_styled(s->out, OUT_BOLD, "topics");
	for (const struct topic *t = topics; t->name != NULL; t++) {
		name = xasprintf("  %s", t->name);
		help_row(s, 22, name, t->what);
		free(name);
	}
	out_text(s->out, "`help COMMAND` says more.");
}

static void
help_arg(struct session *s, const struct arg *a, bool key)
{
	struct str b = {0};
	char lo[32], hi[32], *line;
	bool numbers = (a->type == ARG_INT || a->type == ARG_NUM) && a->min < a->max;

	if (a->choices != NULL)
		for (const char *const *c = a->choices; *c != NULL; c++)
			str_add(&b, "%s%s", c == a->choices ? "" : "|", *c);
	else if (a->type == ARG_INT && numbers)
		str_add(&b, "%.0f to %.0f", a->min, a->max);
	else if (numbers)
		str_add(&b, "%s to %s", num_text(lo, a->min), num_text(hi, a->max));
	else if (a->type != ARG_RAW && a->type != ARG_COMMANDS && a->type != ARG_WORD)
		str_add(&b, "%s", arg_type_words(a));
	line = xasprintf("  %s%-*s %s%s%s%s", a->name, 12 - (int)strlen(a->name) < 1 ? 1 : 12 - (int)strlen(a->name),
	    key ? "=" : "", a->what != NULL ? a->what : "", b.n > 0 ? " (" : "", b.n > 0 ? b.s : "",
	    b.n > 0 ? ")" : "");
	help_text(s, OUT_PLAIN, 15, line);
	free(line);
	free(b.s);
}

static void
help_command(struct session *s, const struct cmd *c)
{
	char *synopsis = cmd_synopsis(c), *text = cmd_text(c), *line;
	struct str keys = {0};

	help_text(s, OUT_BOLD, 4, synopsis);
	help_row(s, 1, "", c->what);
	if (text[0] != '\0') {
		out_text(s->out, "\n");
		help_text(s, OUT_PLAIN, 0, text);
	}
	if (c->arg[0].type != ARG_END || cmd_key(c, 0) != NULL)
		out_text(s->out, "\n");
	for (int i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
		help_arg(s, &c->arg[i], false);
	for (int i = 0; cmd_key(c, i) != NULL; i++)
		help_arg(s, cmd_key(c, i), true);
	if (c->settings) {
		for (int i = 0; arg_setting(i) != NULL; i++)
			str_add(&keys, "%s%s", i > 0 ? " " : "", arg_setting(i)->name);
		line = xasprintf("  settings, %s: %s", c->settings_stay ? "which stay so" : "for this command alone",
		    keys.s);
		help_text(s, OUT_PLAIN, 4, line);
		free(line);
		free(keys.s);
	}
	for (int i = 0; i < 3 && c->alias[i] != NULL; i++)
		out_text(s->out, "also: %s", c->alias[i]);
	out_text(s->out, "example: %s", c->example); /* in one line, since people copy it */
	if (c->keras != NULL)
		help_row(s, 6, "Keras:", c->keras);
	free(text);
	free(synopsis);
}

/* Says the same to programs: an event or a row for each command. */
static void
help_record(struct session *s, const struct cmd *c, bool head)
{
	char *synopsis = cmd_synopsis(c);
	json_t *aliases = json_array();
	const struct row_cell row[] = {
		{"command", ROW_TEXT, .s = c->name},
		{"aliases", ROW_JSON, .json = aliases},
		{"group", ROW_TEXT, .s = c->group},
		{"synopsis", ROW_TEXT, .s = synopsis},
		{"what", ROW_TEXT, .s = c->what},
		{"keras", ROW_TEXT, .in = ROW_IN_JSON, .s = c->keras},
		{"example", ROW_TEXT, .s = c->example}, {0}};

	for (int i = 0; i < 3 && c->alias[i] != NULL; i++)
		json_array_append_new(aliases, out_string(c->alias[i]));
	row_print(s->out, "help", head, row);
	free(synopsis);
}

static void
help_setting(struct session *s, const struct setting *k)
{
	char *range = settings_range(k);

	out_styled(s->out, OUT_BOLD, "set %s VALUE", k->key);
	out_text(s->out, "  %s (%s)", k->what, range);
	free(range);
}

/* Whether a command has an operand with this word, or this key. */
static bool
help_has(const struct cmd *c, const char *word)
{
	for (int i = 0; i < CMD_ARGS_MAX && c->arg[i].type != ARG_END; i++)
		for (const char *const *w = c->arg[i].choices; w != NULL && *w != NULL; w++)
			if (strcmp(*w, word) == 0)
				return true;
	for (int i = 0; cmd_key(c, i) != NULL; i++)
		if (strcmp(cmd_key(c, i)->name, word) == 0)
			return true;
	return false;
}

/* The page of `build` for a layer that it knows. False: it is none. */
static bool
help_layer(struct session *s, const char *word)
{
	const struct cmd *build = cmd_find(s->commands, "build", false, NULL);

	for (const char *const *k = nn_layer_kinds(); *k != NULL; k++)
		if (strcmp(*k, word) == 0) {
			out_text(s->out, "`%s` is a layer of `build`:\n", word);
			help_record(s, build, true);
			help_command(s, build);
			return true;
		}
	return false;
}

/* The setting that has such a word as a value. False: none has. */
static bool
help_value(struct session *s, const char *word)
{
	char value[128], *all, *v;

	for (const struct setting *k = settings_list; k->key != NULL; k++) {
		snprintf(value, sizeof value, "%s", k->choices);
		for (all = value; (v = strsep(&all, " ")) != NULL;)
			if (v[0] != '\0' && strcmp(v, word) == 0) {
				out_text(s->out, "`%s` is a value of the setting `%s`:\n", word, k->key);
				help_setting(s, k);
				return true;
			}
	}
	return false;
}

/* The page of the first command that has such a word, and which others have. False: none has. */
static bool
help_word(struct session *s, const char *word)
{
	const struct cmd *first = NULL;
	struct str others = {0};

	for (const struct cmd *const *c = s->commands->list; *c != NULL; c++) {
		if (!help_has(*c, word))
			continue;
		if (first != NULL)
			str_add(&others, " %s", (*c)->name);
		else
			first = *c;
	}
	if (first != NULL) {
		out_text(s->out, "`%s` is a word of `%s`%s%s:\n", word, first->name, others.n > 0 ? ", and of" : "",
		    others.n > 0 ? others.s : "");
		help_record(s, first, true);
		help_command(s, first);
	}
	free(others.s);
	return first != NULL;
}

static int
help_exec(struct session *s, const struct cmd_args *a, struct err *e)
{
	const struct cmd_value *v = args_pos(a, "NAME");
	const struct cmd *c;
	const struct setting *k;
	const struct topic *t;

	if (v == NULL) {
		for (int i = 0; s->commands->list[i] != NULL; i++)
			help_record(s, s->commands->list[i], i == 0);
		if (s->out->mode == OUT_TABLE)
			help_screen(s);
		return 0;
	}
	if (a->npos > 1) { /* `help set theme`, `help layout beamer` */
		c = cmd_find(s->commands, v->text, s->user.interactive, NULL);
		if (c != NULL && strcmp(c->name, "set") == 0 && settings_find(a->pos[1].text, false, NULL) != NULL)
			v = &a->pos[1];
	}
	if ((t = topics_find(v->text, false)) != NULL) {
		help_topic_page(s, t);
		if ((c = cmd_find(s->commands, v->text, false, NULL)) != NULL) {
			out_text(s->out, "\n");
			help_command(s, c);
		}
		return 0;
	}
	if ((k = settings_find(v->text, false, NULL)) != NULL && cmd_find(s->commands, v->text, false, NULL) == NULL) {
		help_setting(s, k);
		return 0;
	}
	if ((c = cmd_find(s->commands, v->text, s->user.interactive, e)) == NULL) {
		if ((t = topics_find(v->text, true)) != NULL) { /* `help split` */
			help_topic_page(s, t);
			*e = (struct err){0};
			return 0;
		}
		if (help_layer(s, v->text) || help_word(s, v->text) || help_value(s, v->text)) {
			*e = (struct err){0};
			return 0;
		}
		if (e->text[0] == '\0' && cmd_suggest_whole(s->commands, v->text, e) == 0)
			cmd_suggest(s->commands, v->text, e);
		return err_at(e, v);
	}
	help_record(s, c, true);
	help_command(s, c);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.group = "session",
	.what = "commands by group, or what one of them does",
	.text = "",
	.example = "help train",
	.arg = {{.name = "NAME", .type = ARG_COMMAND, .many = true,
	    .what = "a command, a topic, a setting, or a word of a command"}},
	.when = CMD_ALWAYS,
	.again = true,
	.exec = help_exec,
};
