/* main.c: options; workbench, line REPL or batch. The only file that sees everything. */
#include "config.h"
#include "commands/table.h"
#include "file/guard.h"
#include "file/record.h"
#include "host/host.h"
#include "host/workbench.h"
#include "options.h"
#include "ui/mem.h"
#include "ui/ui.h"
#include "util/os/os.h"
#include "util/place.h"
#include "util/signals.h"
#include "util/text.h"
#include "util/xmalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct options {
	struct host_source *source;
	int nsource;
	bool stay, no_tui, no_init, safe, require, check;
	enum options_what what; /* OPTIONS_RUN: the sources are scripts, else stores, scripts to plan, a plan */
	bool given[OPTIONS_MAX]; /* which of options_list */
	const char *data, *seed, *threads, *color, *project, *slice;
};

static void
options_add(struct options *o, enum host_source_kind kind, const char *text)
{
	int number = 1;

	for (int i = 0; i < o->nsource; i++)
		number += o->source[i].kind == kind;
	o->source = xrealloc(o->source, o->nsource + 1, sizeof *o->source);
	o->source[o->nsource++] = (struct host_source){kind, text, number};
}

static void
options_help(enum options_what what)
{
	static const enum options_what order[] = {OPTIONS_PLAN, OPTIONS_WORK, OPTIONS_MERGE};
	const struct options_command *c = &options_commands[what];
	char *site;

	if (what != OPTIONS_RUN) {
		printf("usage: thaw %s\n\nthaw %s %s.\n", c->usage, c->word, c->what);
		options_words(stdout, 0, c->text);
		fputs("\n", stdout);
		options_print(stdout, c->letter);
		return;
	}
	options_usage(stdout);
	fputs("\nthaw trains small networks on MNIST and shows what freezing layers does.\n\n", stdout);
	options_print(stdout, '\0');
	fputs("\n", stdout);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		c = &options_commands[order[i]];
		printf("thaw %s\n    %s\n", c->usage, c->what);
	}
	site = path_site();
	printf("\nWithout scripts and commands: on a terminal the workbench, else a batch on\n"
	    "standard input. `thaw -c help` lists the commands; a first script to run:\n"
	    "%s/lessons/transfer.thaw\n"
	    "Commands that each session at a terminal begins with (`thaw -c \"help init\"`),\n"
	    "the site's:\n%s\n"
	    "Exit status: 0 all succeeded, 1 a command failed, 2 usage or a script that\n"
	    "cannot be read, 3 only an assert failed, N after `quit N`, 128 + signal.\n", data_assets_dir(), site);
	free(site);
}

/* What was given has to be of some use for what is asked. The seed of a plan is compared when that is read. */
static int
options_fit(const struct options *o)
{
	const struct options_command *c = &options_commands[o->what];

	for (int i = 0; options_list[i].code != 0; i++) {
		const struct option_entry *e = &options_list[i];

		if (!o->given[i] || strchr(e->of, c->letter) != NULL ||
		    (e->code == OPTION_SEED && o->what == OPTIONS_WORK))
			continue;
		if (o->what == OPTIONS_RUN)
			fputs("thaw: error: --slice is a part of a plan; write `thaw work PLAN --slice I/N`\n", stderr);
		else if (e->name != NULL)
			fprintf(stderr, "thaw: error: %s takes no --%s; `thaw %s --help` lists what it takes\n",
			    c->word, e->name, c->word);
		else
			fprintf(stderr, "thaw: error: %s takes no -%c; `thaw %s --help` lists what it takes\n",
			    c->word, e->code, c->word);
		return 2;
	}
	return -1;
}

static void
options_given(struct options *o, int code)
{
	for (int i = 0; options_list[i].code != 0; i++)
		o->given[i] |= options_list[i].code == code;
}

/* Returns -1 to go on, else the exit status. SCRIPTs and options may be mixed and keep their order. */
static int
options_read(struct options *o, int argc, char **argv)
{
	char shorts[2 * OPTIONS_MAX + 2];
	struct option longs[OPTIONS_MAX + 1];
	enum options_what first = OPTIONS_RUN;
	int c;

	options_getopt(shorts, longs);
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		options_given(o, c);
		switch (c) {
		case 1:
			if (o->what == OPTIONS_RUN && o->nsource == 0)
				o->what = first = options_word(optarg);
			if (first == OPTIONS_RUN)
				options_add(o, HOST_SCRIPT, optarg);
			first = OPTIONS_RUN;
			break;
		case 'f':
			options_add(o, HOST_SCRIPT, optarg);
			break;
		case 'c':
			options_add(o, HOST_COMMAND, optarg);
			break;
		case 'i':
			o->stay = true;
			break;
		case OPTION_DATA:
			o->data = optarg;
			break;
		case OPTION_SEED:
			o->seed = optarg;
			break;
		case OPTION_THREADS:
			o->threads = optarg;
			break;
		case OPTION_NO_TUI:
			o->no_tui = true;
			break;
		case OPTION_NO_INIT:
			o->no_init = true;
			break;
		case OPTION_SAFE:
			o->safe = true;
			o->require = optarg != NULL;
			if (optarg == NULL || strcmp(optarg, "require") == 0)
				break;
			fprintf(stderr, "thaw: error: --safe takes require or nothing, not \"%.40s\"; `thaw --help` "
			    "lists the options\n", optarg);
			return 2;
		case OPTION_CHECK:
			o->check = true;
			break;
		case OPTION_COLOR:
			o->color = optarg;
			break;
		case OPTION_PROJECT:
			o->project = optarg;
			if (*optarg != '\0')
				break;
			fputs("thaw: error: --project takes the folder of a store, not \"\"; `thaw --help` lists the "
			    "options\n", stderr);
			return 2;
		case OPTION_SLICE:
			o->slice = optarg;
			break;
		case OPTION_VERSION:
			printf("thaw %s (GPL-3.0-or-later)\n", PACKAGE_VERSION);
			return fflush(stdout) == EOF ? host_incomplete(errno) : 0;
		case 'h':
			options_help(o->what);
			return fflush(stdout) == EOF ? host_incomplete(errno) : 0;
		default: /* getopt has said what is wrong */
			fputs("thaw: `thaw --help` lists the options\n", stderr);
			return 2;
		}
	}
	for (; optind < argc; optind++) /* behind -- */
		options_add(o, HOST_SCRIPT, argv[optind]);
	return options_fit(o);
}

/* A locale that was asked for and is not installed (a name that ssh brought along) still tells whether it means
 * UTF-8. */
static void
main_locale(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *name = NULL;
	bool other;

	if (setlocale(LC_ALL, "") == NULL) {
		for (size_t i = 0; i < sizeof names / sizeof *names && (name == NULL || *name == '\0'); i++)
			name = getenv(names[i]);
		other = name != NULL && strcasecmp(name, "C.UTF-8") != 0 && strcasecmp(name, "C.utf8") != 0;
		if (name != NULL && (strcasestr(name, "UTF-8") != NULL || strcasestr(name, "utf8") != NULL) &&
		    setlocale(LC_CTYPE, "C.UTF-8") == NULL)
			fprintf(stderr, "thaw: warning: the locale %.40s cannot be loaded%s: tables are drawn in "
			    "ASCII; install it\n", name, other ? ", nor can C.UTF-8" : "");
	}
	setlocale(LC_NUMERIC, "C");
}

/* A closed standard stream would give its number to the next file that is opened, and text would end up there. */
static void
main_standard_streams(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd)
			_exit(2);
}

static int
main_setting(struct session *s, const char *key, const char *text)
{
	struct err e = {0};

	if (text == NULL)
		return 0;
	if (settings_assign(&s->set, settings_find(key, false, NULL), text, &e) == 0) {
		settings_give_option(&s->set, key);
		if (strcmp(key, "seed") == 0) /* the others change no weight */
			host_given(s, "set seed", text);
		return 0;
	}
	fprintf(stderr, "thaw: error: --%s; `thaw --help` lists the options\n", e.text);
	return -1;
}

/* What standard output can show. */
static void
main_output(struct session *s, bool terminal)
{
	const char *term = getenv("TERM"), *none = getenv("NO_COLOR");
	bool dumb = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;

	s->out->ascii = isatty(STDOUT_FILENO) && ui_ascii();
	s->out->auto_colour = terminal && !dumb && (none == NULL || none[0] == '\0');
	settings_show(&s->set, s->out);
}

static int
main_confine(struct session *s, const struct options *o)
{
	char *home = o->safe && o->project != NULL ? path_home(o->project) : NULL;
	struct err e = {0};
	bool refused;

	if (!o->safe)
		return 0;
	refused = host_confine(s, o->source, o->nsource, o->data, o->require) < 0;
	if (!refused && o->project != NULL && place_refused(home != NULL ? home : o->project, true, &e)) {
		fprintf(stderr, "thaw: error: --project: %s\n", e.text);
		refused = true;
	}
	free(home);
	return refused ? -1 : 0;
}

/* Where runs are kept: as named, else in a person's own folder. */
static void
main_store(struct session *s, const struct options *o, bool interactive)
{
	bool own = (interactive || o->what == OPTIONS_WORK) && !o->safe;
	char *dir = o->project != NULL ? path_home(o->project) : own ? path_state("", false) : NULL;

	store_choose(&s->store, dir != NULL ? dir : o->project);
	s->store.asked = o->project != NULL && !interactive;
	s->store.own = interactive && own && o->project == NULL;
	s->ran = s->store.dir != NULL ? record_keep : NULL;
	s->guard = interactive && !o->safe ? guard_keep : NULL;
	free(dir);
}

static bool
main_goes_on(const struct session *s)
{
	return !s->queue.stopped && !s->queue.quit && signals_pending() == 0;
}

/* The user's turn: the workbench, which plays the sources, or lines where it is not wanted or cannot be. */
static void
main_stay(struct session *s, const struct options *o, bool terminal)
{
	static const struct host_source input = {HOST_SCRIPT, "-", 1};
	enum workbench_end end = WORKBENCH_NONE;
	bool screen = terminal && !o->no_tui;
	int status = 0;

	s->user.greet = terminal;
	s->user.init = !o->no_init;
	for (int i = 0; i < o->nsource; i++) /* standard input has an end, and then there would be no keys */
		screen &= strcmp(o->source[i].text, "-") != 0 || o->source[i].kind != HOST_SCRIPT;
	if (screen)
		end = workbench(s, o->source, o->nsource);
	if (end == WORKBENCH_NONE) {
		host_greet(s); /* first, as in the workbench */
		host_batch(s, o->source, o->nsource);
		status = s->queue.status;
	}
	if (!terminal && main_goes_on(s))
		host_batch(s, &input, 1);
	for (bool stayed = false; ; stayed = true, end = WORKBENCH_NONE) {
		while (terminal && end != WORKBENCH_QUIT && main_goes_on(s) && host_line(s) == HOST_SCREEN)
			end = workbench(s, NULL, 0);
		if (!terminal || stayed || !host_stays(s)) /* once: whoever leaves again has been told */
			break;
	}
	if (terminal && !s->queue.stopped) /* whoever leaves by `quit` has seen what went wrong */
		s->queue.status = status;
}

/* What is made of many runs, on one machine or several. */
static int
main_many(struct session *s, const struct options *o)
{
	if (o->what == OPTIONS_MERGE)
		return host_merge(s, o->source, o->nsource);
	if (o->what == OPTIONS_WORK)
		return host_work(s, o->source, o->nsource, &(struct host_share){o->slice, o->seed, o->threads != NULL,
		    o->data != NULL});
	store_choose(&s->store, NULL);
	s->ran = NULL;
	return host_plan(s, o->source, o->nsource);
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct session *s;
	struct out *out;
	bool terminal, interactive;
	int status, sig = 0;

	main_standard_streams();
	os_one_arena();
	argv[0] = (char *)"thaw"; /* as errors name it */
	main_locale();
	if ((status = options_read(&o, argc, argv)) >= 0) {
		free(o.source);
		return status;
	}
	terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	interactive = !o.check && o.what == OPTIONS_RUN && (o.stay || (o.nsource == 0 && terminal));
	signals_install(interactive && terminal);
	ui_memory_out(memory_out);
	out = out_new_stdio();
	out->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	s = session_new(out, &commands_all);
	host_guard(s);
	if (o.data != NULL) {
		char *home = path_home(o.data);

		data_choose(&s->data, home != NULL ? home : o.data);
		s->data.option = true;
		host_given(s, "data", s->data.name);
		free(home);
	}
	if (main_confine(s, &o) < 0 || main_setting(s, "seed", o.seed) < 0 ||
	    main_setting(s, "threads", o.threads) < 0 || main_setting(s, "color", o.color) < 0)
		status = 2;
	else {
		main_output(s, terminal && interactive);
		main_store(s, &o, interactive);
		if (o.nsource == 0 && !interactive && o.what == OPTIONS_RUN)
			options_add(&o, HOST_SCRIPT, "-");
		if (o.check)
			status = host_check(s, o.source, o.nsource);
		else if (o.what != OPTIONS_RUN) {
			status = main_many(s, &o);
			out_flush(s->out);
		} else if (interactive)
			main_stay(s, &o, terminal);
		else
			host_batch(s, o.source, o.nsource);
		if ((!o.check && o.what == OPTIONS_RUN) || signals_pending() != 0 || s->out->failed)
			status = host_finish(s, &sig);
	}
	host_guard(NULL);
	session_free(s);
	out_free(out);
	free(o.source);
	if (sig != 0)
		signals_raise(sig);
	return status;
}
